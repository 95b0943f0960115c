"""Pages of the end of a month: the five checks, bank statements, what is still open, the two who close the books."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Router, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Response, Template

from core.errors import Clash, NotFound, Objection, Refused
from core.funds import closing, page_words, printing, reading
from core.funds.typed import Statement, objections_of, read_wish
from core.showing import month_in_words
from core.texts import _, mark
from core.values import Period
from core.web import FormData, begin, guarded, look, page, paper, paper_pdf, see_other
from core.work import UnitOfWork

SHOW, RECONCILE = [guarded("funds.show")], [guarded("funds.reconcile")]
ENTITIES = {"fiscal": mark("财政账"), "charity": mark("慈善账")}
STATES = {
    "open": (mark("未结账"), ""),
    "prepared": (mark("会计已办，等审计"), "note"),
    "closed": (mark("已结账"), "ok"),
}


@get("/reconcile", sync_to_thread=True, guards=SHOW)
def show(request: Request, period: FromQuery[str] = "", entity: FromQuery[str] = "fiscal") -> Template:
    """One month of one entity's books."""
    with begin(request) as work:
        month, wrong = _month(work, period)
        return _books(work, (month, entity), {"on": work.today.isoformat()}, wrong, 422 if wrong else 200)


@post("/reconcile/statement", sync_to_thread=True, guards=[guarded("funds.enter_statement")])
def enter_statement(request: Request, data: FormData) -> Template | Redirect:
    """Enter what the bank says an account held."""

    def run(work: UnitOfWork) -> str:
        wish = read_wish(Statement, data)
        closing.enter_statement(work, wish.account, wish.on, wish.balance_fen)
        return _("已登记对账单")

    return _carried_out(request, data, run)


@post("/reconcile/close", sync_to_thread=True, guards=RECONCILE)
def close(request: Request, data: FormData) -> Template | Redirect:
    """Prepare the close (accountant) or close (auditor)."""

    def run(work: UnitOfWork) -> str:
        state = closing.close_month(work, data.text("period"), _entity(data.text("entity")))
        return _("已结账") if state == "closed" else _("会计已办理月结，等待审计")

    return _carried_out(request, data, run)


@post("/reconcile/reopen", sync_to_thread=True, guards=SHOW)
def reopen(request: Request, data: FormData) -> Template | Redirect:
    """Open a closed month again: the head asks, the auditor agrees."""

    def run(work: UnitOfWork) -> str:
        state = closing.reopen_month(work, data.text("period"), data.text("reason"), _entity(data.text("entity")))
        return _("已重开") if state == "open" else _("已提出重开，等待审计")

    return _carried_out(request, data, run)


@get("/reconcile/sheet", sync_to_thread=True, guards=RECONCILE)
def as_sheet(request: Request, period: FromQuery[str] = "") -> Template:
    """The five checks as a sheet of paper on the screen."""
    with begin(request) as work:
        month, _wrong = _month(work, period)
        sheet = printing.reconciliation_sheet(work, month)
    return paper(sheet, back=f"/funds/reconcile?period={month}", pdf_path=f"/funds/reconcile/pdf?period={month}")


@get("/reconcile/pdf", sync_to_thread=True, guards=RECONCILE)
def as_pdf(request: Request, period: FromQuery[str] = "") -> Response[bytes]:
    """The five checks as PDF."""
    with begin(request) as work:
        month, _wrong = _month(work, period)
        sheet = printing.reconciliation_sheet(work, month)
    return paper_pdf(sheet)


def _carried_out(request: Request[Any, Any, Any], data: Any, run: Callable[[UnitOfWork], str]) -> Template | Redirect:
    try:
        with begin(request) as work:
            said = run(work)
    except (Refused, Clash, NotFound) as refusal:
        with look() as work:
            month, wrong = _month(work, data.text("period"))
            found = [*wrong, *objections_of(refusal, "account" if isinstance(refusal, NotFound) else None)]
            return _books(work, (month, data.text("entity")), data, found, refusal.status)
    place = {"period": data.text("period"), "entity": _entity(data.text("entity"))}
    return see_other(f"/funds/reconcile?{urlencode(place)}", said)


def _month(work: UnitOfWork, typed: str) -> tuple[str, list[Objection]]:
    """The month that was typed, last month when none or nonsense was, and what is wrong with it."""
    before = str(Period.of(work.today).previous())
    if not typed:
        return before, []
    try:
        return str(Period(typed)), []
    except Refused as refusal:
        return before, [Objection(reason=refusal.message, field="period", code=refusal.code)]


def _entity(typed: str) -> str:
    return typed if typed in ENTITIES else "fiscal"


def _books(
    work: UnitOfWork,
    place: tuple[str, str],
    values: Mapping[str, Any],
    objections: Sequence[Objection] = (),
    status: int = 200,
) -> Template:
    month, entity = place[0], _entity(place[1])
    months = closing.list_periods(work)
    accounts = [one for one in reading.list_accounts(work) if one["entity"] == entity]
    row = next((one for one in months if (one["period"], one["entity"]) == (month, entity)), None)
    sees = work.may("funds.reconcile")
    state = row["state"] if row else "open"
    states = page_words.in_words(STATES)
    return page(
        "funds/reconcile.html",
        month=month,
        title=month_in_words(month),
        entity=entity,
        entities=_tabs(work, month, entity),
        checks=_checks(work, month) if sees else [],
        open_points=closing.open_points(work, month, entity) if sees and state != "closed" else [],
        sees=sees,
        state=state,
        state_tag=states[state],
        reopening=bool(row and row["reopening"]),
        row=row,
        months=[one for one in months if one["entity"] == entity][:24],
        states=states,
        accounts=[(one["code"], one["title"]) for one in accounts],
        may=_may(work, state, row),
        values=values,
        objections=objections,
        status=status,
    )


def _checks(work: UnitOfWork, month: str) -> list[dict[str, Any]]:
    return [
        {
            "title": closing.check_title(one.name),
            "tag": (_("等待"), "warn") if one.waiting else (_("相符"), "ok") if one.ok else (_("不符"), "bad"),
            "difference_fen": one.difference_fen,
            "note": one.note,
        }
        for one in closing.reconcile(work, month)
    ]


def _tabs(work: UnitOfWork, month: str, entity: str) -> list[dict[str, Any]]:
    """One tab for each set of books; the charity's only where it has an account."""
    known = {one["entity"] for one in reading.list_accounts(work)} | {"fiscal"}
    return [
        {"title": _(title), "path": f"/funds/reconcile?period={month}&entity={name}", "current": name == entity}
        for name, title in ENTITIES.items()
        if name in known
    ]


def _may(work: UnitOfWork, state: str, row: Mapping[str, Any] | None) -> dict[str, bool]:
    asked = bool(row and row["reopening"])
    return {
        "statement": work.may("funds.enter_statement"),
        "prepare": state == "open" and work.may("funds.prepare_close"),
        "close": state == "prepared" and work.may("funds.close"),
        "reopen": state == "closed" and work.may("funds.close" if asked else "funds.reopen"),
    }


router = Router("/", route_handlers=[show, enter_statement, close, reopen, as_sheet, as_pdf])
