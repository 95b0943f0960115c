"""The audit page: who did and who read what, whether the chain holds, and an anchor for paper."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from sqlalchemy import select
from sqlmodel import col

from core import documents
from core.audit import queries, services
from core.audit.queries import Filter
from core.errors import Objection, Refused
from core.extension import Sheet
from core.identity.models.accounts import Account
from core.showing import moment_exactly
from core.texts import _
from core.values import row_id
from core.web import FormData, begin, guarded, page
from core.web.access import holds
from core.web.answers import require_session
from core.web.current import current
from core.work import UnitOfWork

SAMPLED, SAMPLED_MAX, SEED_MAX = 60, 500, 10**12
"""How many records a sample has when nobody says so and at the most, and the largest seed."""


@get("/", sync_to_thread=True, guards=[guarded("audit.show")])
def show(
    request: Request,
    actor: FromQuery[str] = "",
    action: FromQuery[str] = "",
    subject: FromQuery[str] = "",
    since: FromQuery[str] = "",
    until: FromQuery[str] = "",
    before: FromQuery[int | None] = None,
) -> Template:
    """The newest records first, fifty a page."""
    wish = Filter(
        actor=actor.strip(),
        action=action.strip(),
        subject=subject.strip(),
        since=_day(since),
        until=_day(until),
        before=before,
    )
    with begin(request) as work:
        lines = _lines(work, queries.list_records(work, wish))
        may = {name: work.may(f"audit.{name}") for name in ("verify", "anchor", "sample")}
    given = {"actor": actor, "action": action, "subject": subject, "since": since, "until": until}
    return page("audit.html", block="list", lines=lines, given=given, more=_next(lines, given), may=may)


@get("/sample", sync_to_thread=True, guards=[guarded("audit.sample")])
def sample(request: Request, size: FromQuery[str] = "", seed: FromQuery[str] = "") -> Template:
    """Records drawn at random: the same seed draws the same ones again as long as none was added."""
    objections: tuple[Objection, ...] = ()
    lines: list[dict[str, Any]] = []
    with begin(request) as work:
        given = {"size": size.strip() or str(SAMPLED), "seed": seed.strip() or f"{work.today:%Y%m%d}"}
        objections = tuple(
            Objection(field=name, reason=_("请填 1 到 {most} 的整数", most=f"{most:,}"))
            for name, most in (("size", SAMPLED_MAX), ("seed", SEED_MAX))
            if not 1 <= row_id(given[name]) <= most
        )
        if size and not objections:
            lines = _lines(work, queries.sample(work, row_id(given["size"]), row_id(given["seed"]), Filter()))
    return page(
        "audit_sample.html", status=422 if objections else 200, values=given, lines=lines, objections=objections
    )


@get("/{seq:int}", sync_to_thread=True, guards=[guarded("audit.show")])
def record(request: Request, seq: FromPath[int]) -> Template:
    """One record with everything in it."""
    with begin(request) as work:
        found = queries.show_record(work, seq)
        (line,) = _lines(work, [found])
    body = found["body"]
    before, after = body.get("before") or {}, body.get("after") or {}
    return page(
        "audit_record.html",
        line=line,
        record=found,
        changes=[(name, before.get(name), after.get(name)) for name in sorted({*before, *after})],
        details=sorted((body.get("details") or {}).items()),
    )


@get("/verify", sync_to_thread=True, guards=[guarded("audit.verify")])
def ask_verify() -> Template:
    """Explain what verifying does, and offer to compare a printed anchor."""
    return page("audit_verify.html", verdict=None, back=_list())


@post("/verify", sync_to_thread=True, guards=[guarded("audit.verify")])
def verify(request: Request, data: FormData) -> Template:
    """Recompute the whole chain."""
    now = current()
    try:
        with now.site.host.begin(now.who(), write=False) as work:
            verdict = queries.verify(work, data.text("anchor"))
    except Refused as refusal:
        return page(
            "audit_verify.html", status=422, verdict=None, back=_list(), values=data, objections=refusal.objections
        )
    return page("audit_verify.html", verdict=verdict, back=_list(), values=data)


@post("/anchor", sync_to_thread=True, guards=[guarded("audit.anchor")])
def anchor(request: Request, data: FormData) -> Template:
    """Take an anchor and show it as a sheet to print."""
    require_session()
    with begin(request) as work:
        taken = services.take_anchor(work)
        settings, today = work.settings, work.today
    services.keep_outside(settings, taken)
    sheet = Sheet(
        layout="letter",
        title=_("审计锚点"),
        number=f"{taken.county}-{taken.number}",
        office=settings.county.office,
        dated=today,
        fields=((_("记录序号"), str(taken.seq)), (_("时间"), taken.at), (_("封存块"), str(taken.blocks))),
        paragraphs=(
            _("到这一刻为止的审计记录可以用下面的编码核对。请把本页存到拿不到数据库的人那里。"),
            taken.code,
        ),
    )
    drawn = documents.draw(sheet)
    return page("sheet.html", sheet=sheet, drawn=drawn, pages=documents.pages(drawn), back="/audit", pdf_path="")


def _list() -> str:
    """The list of records, for who may read it: an administrator verifies without reading."""
    now = current()
    return "/audit" if holds(now.site.host, now.who(), "audit.show") else ""


def _lines(work: UnitOfWork, found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records for the page: the moment, the edge and the name of who acted, in words."""
    edges = {"page": _("网页"), "command": _("命令行"), "api": _("接口"), "job": _("后台")}
    asked = select(col(Account.name), col(Account.title)).where(col(Account.name).in_({one["actor"] for one in found}))
    titles = dict(work.session.execute(asked).all())
    return [
        {
            **one,
            "who": _(titles.get(one["actor"]) or one["actor"]),  # built-in accounts are called in the reader's language
            "at_text": moment_exactly(datetime.fromisoformat(one["at"])),
            "edge_text": edges.get(one["edge"], one["edge"]),
        }
        for one in found
    ]


def _next(lines: list[dict[str, Any]], given: dict[str, str]) -> str:
    if len(lines) < queries.PAGE:
        return ""
    return "/audit?" + urlencode(
        {**{name: value for name, value in given.items() if value}, "before": lines[-1]["seq"]}
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


router = Router("/audit", route_handlers=[show, sample, ask_verify, verify, anchor, record])
