"""Pages of ballots: what waits, the count (also on a village cadre's phone), a meeting with its proofs and papers."""

from dataclasses import replace as changed
from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template

from core.api import Objection, Refused, UnitOfWork, _, area_names, checked, entries_of
from core.web import (
    FormData,
    FormOf,
    Posted,
    begin,
    guarded,
    limited,
    look,
    page,
    paper,
    paper_pdf,
    read_form,
    see_other,
    wish_page,
)
from plugins.democratic_review import acts, queries
from plugins.democratic_review.papers import KINDS, ballot_paper
from plugins.democratic_review.services.proving import keep_evidence, post_result
from plugins.democratic_review.services.recording import RECORD
from plugins.democratic_review.showing import card_of, subject_of
from plugins.democratic_review.wishes import KeepEvidence, NewItem, PostResult, RecordBallots, ReplaceBallot
from plugins.democratic_review.words import EVIDENCE, GROUNDS, RELATIONS, SUBJECTS

SHOW = [guarded("democratic_review.show")]
WRITE = [guarded("democratic_review.record")]
UPLOAD_MEGABYTES = 30
BASE = "/democratic-review"
_COUNTS = ("issued", "returned", "valid", "invalid", "agree", "disagree", "abstain")
_FRAME = ("village", "on", "place", "observer", "scrutineer")
_OF_LIST = ("title", "scheme", "reference", "ground", "reason")


@get("/", sync_to_thread=True, guards=SHOW)
def show_front(request: Request, area: FromQuery[str] = "", before: FromQuery[int] = 0) -> Template:
    """Cases that wait for their panel, and the votes that were held."""
    with begin(request) as work:
        waiting = queries.waiting_entries(work, queries.SHOW)
        wish = queries.BallotFilter(area=area, before=before)
        found = queries.list_ballots(work, wish)
        places = area_names(work, [one.area for one in waiting])
        may = {name: work.may(f"democratic_review.{name}") for name in ("record", "panel", "assess")}
    rows = [{**one, "subject_title": subject_of(one)} for one in found[: wish.limit]]
    more = f"{BASE}?area={area}&before={rows[-1]['id']}" if len(found) > len(rows) else ""
    lines = [
        {"number": one.number, "area": one.area, "place": places.get(one.area, one.area), "since": one.since}
        for one in waiting
    ]
    return page("democratic_review/front.html", waiting=lines, rows=rows, area=area, more=more, may=may)


@get("/record", sync_to_thread=True, guards=WRITE)
def ask_count(request: Request, village: FromQuery[str] = "", case: FromQuery[str] = "") -> Template:
    """Ask in which village, or for the count of one vote."""
    with begin(request) as work:
        if not village:
            panels = queries.list_panels(work, limit=_MANY)
            if len(panels) != 1:
                return page("democratic_review/villages.html", panels=panels)
            village = str(panels[0]["village"])
        today = work.today.isoformat()
        return _count_form(work, village, {"on": today, "subject": f"case:{case}" if case else "", "announced": "true"})


_MANY = 400


@post("/record", sync_to_thread=True, guards=WRITE)
def record(request: Request, data: FormData) -> Template | Redirect:
    """Record the count, or say everything that does not hold and keep what was typed."""
    try:
        with begin(request) as work:
            done, _warnings = acts.record(work, checked(RecordBallots, **_typed(data)))
    except Refused as refusal:
        with look() as work:
            return _count_form(work, data.text("village"), data, [_plain(one) for one in refusal.objections])
    said = _("票决已登记：通过") if done["passed"] else _("票决已登记：未通过")
    return see_other(f"{BASE}/ballots/{done['ballot']}", said)


def _typed(data: Posted) -> dict[str, Any]:
    """The form as the wish of a meeting with one vote."""
    item: dict[str, Any] = {name: data.text(name) for name in (*_COUNTS, *_OF_LIST) if data.text(name)}
    subject = data.text("subject")
    if subject.startswith("case:"):
        item["case"] = subject.removeprefix("case:")
    else:
        item["kind"] = subject
    item["recused"] = [
        {"member": name.removeprefix("recused_"), "relation": relation}
        for name, relation in data.items()
        if name.startswith("recused_") and relation
    ]
    frame = {name: data.text(name) for name in _FRAME if data.text(name)}
    return {**frame, "present": data.all("present"), "announced": data.text("announced") != "", "items": [item]}


def _plain(one: Objection) -> Objection:
    """An objection at the field of the form with its one vote."""
    field = (one.field or "").removeprefix("items.0.")
    return changed(one, field={"case": "subject", "kind": "subject"}.get(field.split(".")[0], field.split(".")[0]))


def _count_form(work: UnitOfWork, village: str, values: Any, wrong: Any = ()) -> Template:
    work.require(RECORD, village)
    panel = queries.standing_panel(work, village)
    members = queries.members_on(work, panel.id or 0, max(work.today, panel.term_from)) if panel else []
    waiting = queries.waiting_entries(work, RECORD, village)
    entries = {one.name: one for one in entries_of(NewItem, (GROUNDS,))}
    subjects = [(f"case:{one.number}", one.number) for one in waiting]
    asked = values.text("subject") if isinstance(values, Posted) else values.get("subject", "")
    if asked.startswith("case:") and asked not in dict(subjects):
        subjects.insert(0, (asked, asked.removeprefix("case:")))
    subjects += [(code, _(title)) for code, title in SUBJECTS.items() if code != "case"]
    return page(
        "democratic_review/record.html",
        status=422 if wrong else 200,
        village=village,
        place=area_names(work, [village]).get(village, village),
        panel=panel,
        members=[(str(one.id), one.name) for one in members],
        subjects=subjects,
        relations=[(code, _(title)) for code, title in RELATIONS.items()],
        grounds=[("", "--"), *((code, _(title)) for code, title in GROUNDS.items())],
        counts=[entries[name] for name in _COUNTS],
        values=values,
        objections=wrong,
    )


@get("/ballots/{ballot:int}", sync_to_thread=True, guards=SHOW)
def show_ballot(request: Request, ballot: FromPath[int]) -> Template:
    """One meeting: its votes as cards, who was present, proofs, papers."""
    with begin(request) as work:
        found = queries.show_ballot(work, ballot)
        may = work.may(RECORD, found["village"])
        files = work.may("attachment.show", found["village"])
    cards = [
        {"title": subject_of(one), "card": card_of(one, found, one["recusals"], named=True), "item": one}
        for one in found["items"]
    ]
    titles = {"record": _("票决记录"), "count": _("计票单"), "result": _("结果公布单")}
    evidence = [{**one, "title": _(EVIDENCE[one["kind"]])} for one in found["evidence"]]
    return page(
        "democratic_review/show.html",
        ballot=found,
        cards=cards,
        may=may,
        files=files,
        evidence=evidence,
        papers=[(kind, titles[kind]) for kind in KINDS],
    )


@get("/ballots/{ballot:int}/papers/{kind:str}", sync_to_thread=True, guards=SHOW)
def show_paper(request: Request, ballot: FromPath[int], kind: FromPath[str]) -> Template:
    """A paper on the screen."""
    with begin(request) as work:
        sheet = ballot_paper(work, ballot, kind)
    base = f"{BASE}/ballots/{ballot}"
    return paper(sheet, back=base, pdf_path=f"{base}/papers/{kind}/pdf")


@get("/ballots/{ballot:int}/papers/{kind:str}/pdf", sync_to_thread=True, guards=SHOW)
def paper_as_pdf(request: Request, ballot: FromPath[int], kind: FromPath[str]) -> Response[bytes]:
    """A paper as PDF."""
    with begin(request) as work:
        return paper_pdf(ballot_paper(work, ballot, kind))


@get("/ballots/{ballot:int}/evidence", sync_to_thread=True, guards=WRITE)
def ask_evidence(request: Request, ballot: FromPath[int]) -> Template:
    """Ask for a photo or the signed record."""
    with begin(request) as work:
        return _evidence_form(work, ballot, {"kind": "photo"})


@post("/ballots/{ballot:int}/evidence", sync_to_thread=True, guards=WRITE, opt=limited(UPLOAD_MEGABYTES))
def add_evidence(request: Request, ballot: FromPath[int], data: FormData) -> Template | Redirect:
    """Keep it."""
    try:
        with begin(request) as work:
            file = data.files.get("file")
            if file is None or not file.content:
                raise Refused([Objection(field="file", reason=_("请选一张照片或一份扫描件"), code="E_FILE")])
            wish = read_form(KeepEvidence, data, file_name=file.name, content=file.content)
            keep_evidence(work, ballot, wish)
    except Refused as refusal:
        with look() as work:
            return _evidence_form(work, ballot, data, refusal.objections)
    return see_other(f"{BASE}/ballots/{ballot}", _("已保存"))


def _evidence_form(work: UnitOfWork, ballot: int, values: Any, wrong: Any = ()) -> Template:
    session = queries.own_session(work, ballot, RECORD)
    form = FormOf(
        title=_("上传照片或签字的记录"),
        sub=queries.session_number(session),
        trail=_trail(session, _("上传照片或签字的记录")),
        action=f"{BASE}/ballots/{ballot}/evidence",
        back=f"{BASE}/ballots/{ballot}",
        entries=entries_of(KeepEvidence, (EVIDENCE,), skip=("file_name", "content")),
        files=[("file", _("文件"), "image/*,application/pdf")],
        verb=_("保存"),
    )
    return wish_page(form, values, wrong)


@get("/ballots/{ballot:int}/post", sync_to_thread=True, guards=WRITE)
def ask_posting(request: Request, ballot: FromPath[int]) -> Template:
    """Ask when the result was posted."""
    with begin(request) as work:
        return _posting_form(work, ballot, {"posted_on": work.today.isoformat()})


@post("/ballots/{ballot:int}/post", sync_to_thread=True, guards=WRITE)
def add_posting(request: Request, ballot: FromPath[int], data: FormData) -> Template | Redirect:
    """Keep it."""
    try:
        with begin(request) as work:
            post_result(work, ballot, read_form(PostResult, data))
    except Refused as refusal:
        with look() as work:
            return _posting_form(work, ballot, data, refusal.objections)
    return see_other(f"{BASE}/ballots/{ballot}", _("张贴已登记"))


def _posting_form(work: UnitOfWork, ballot: int, values: Any, wrong: Any = ()) -> Template:
    session = queries.own_session(work, ballot, RECORD)
    form = FormOf(
        title=_("登记结果张贴"),
        sub=queries.session_number(session),
        trail=_trail(session, _("登记结果张贴")),
        action=f"{BASE}/ballots/{ballot}/post",
        back=f"{BASE}/ballots/{ballot}",
        entries=entries_of(PostResult),
    )
    return wish_page(form, values, wrong)


@get("/items/{item:int}/replace", sync_to_thread=True, guards=WRITE)
def ask_replacement(request: Request, item: FromPath[int]) -> Template:
    """Ask for the right counts of a vote."""
    with begin(request) as work:
        old = queries.own_item(work, item, RECORD)
        return _replacement_form(work, item, {name: getattr(old, name) for name in _COUNTS})


@post("/items/{item:int}/replace", sync_to_thread=True, guards=WRITE)
def replace(request: Request, item: FromPath[int], data: FormData) -> Template | Redirect:
    """Record the vote anew; the old record stays."""
    try:
        with begin(request) as work:
            kept = {name: text for name, text in data.items() if text and name in ReplaceBallot.model_fields}
            done, _warnings = acts.replace(work, item, checked(ReplaceBallot, **kept))
    except Refused as refusal:
        with look() as work:
            return _replacement_form(work, item, data, refusal.objections)
    return see_other(f"{BASE}/ballots/{done['ballot']}", _("已更正，原记录保留"))


def _replacement_form(work: UnitOfWork, item: int, values: Any, wrong: Any = ()) -> Template:
    old = queries.own_item(work, item, RECORD)
    session = queries.own_session(work, old.session_id, RECORD)
    form = FormOf(
        title=_("更正票决记录"),
        sub=subject_of(queries.item_line(old)),
        trail=_trail(session, _("更正票决记录")),
        action=f"{BASE}/items/{item}/replace",
        back=f"{BASE}/ballots/{old.session_id}",
        entries=entries_of(ReplaceBallot, long=("why",)),
        danger=True,
    )
    return wish_page(form, values, wrong)


def _trail(session: queries.Session, title: str) -> list[tuple[str, str]]:
    number = queries.session_number(session)
    return [(_("评审团票决"), BASE), (number, f"{BASE}/ballots/{session.id}"), (title, "")]


router = Router(
    BASE,
    route_handlers=[
        show_front, ask_count, record, show_ballot, show_paper, paper_as_pdf, ask_evidence, add_evidence, ask_posting,
        add_posting, ask_replacement, replace,
    ],
)  # fmt: skip
