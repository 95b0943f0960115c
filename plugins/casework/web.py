"""Pages of cases: the list, one case with its decision box, the forms of its steps and acts, its papers."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeAlias
from urllib.parse import urlencode

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Response, Template

from core.api import NotFound, Objection, Refused, UnitOfWork, _
from core.web import FormData, begin, gather, guarded, limited, look, page, paper, paper_pdf, read_form, see_other
from plugins.casework import choosing, showing, words
from plugins.casework.acts import ACTS, entries
from plugins.casework.choosing import box_of, grown_ones, title_of_event
from plugins.casework.intake_web import router as intake
from plugins.casework.lists_web import router as lists
from plugins.casework.moves import HANDLE
from plugins.casework.papers import case_paper
from plugins.casework.queries import CaseFilter, list_cases
from plugins.casework.reading import CaseFile, case_file
from plugins.casework.services import advancing, handling, remedies
from plugins.casework.types import all_types, title_of
from plugins.casework.wishes import DecideAppeal

SHOW = [guarded("casework.show")]
UPLOAD_MEGABYTES = 60
PHOTOS = 4
"""How many photos a form takes at once; more come with another post."""
State: TypeAlias = Annotated[str, QueryParameter(name="state", max_length=20)]


@get("/", sync_to_thread=True, guards=SHOW)
def show_list(
    request: Request,
    state_is: State = "",
    type: FromQuery[str] = "",
    area: FromQuery[str] = "",
    number: FromQuery[str] = "",
    overdue: FromQuery[str] = "",
    before: FromQuery[int] = 0,
) -> Template:
    """Cases of one's areas, newest first."""
    state = state_is if state_is in words.STATES else ""
    given = {"state": state, "type": type, "area": area, "number": number, "overdue": overdue}
    wish = CaseFilter(state=state, type=type, area=area, number=number, overdue=bool(overdue), before=before)
    with begin(request) as work:
        found = list_cases(work, wish)
        types = {one.name: _(one.title) for one in all_types(work).values()}
        may = {"apply": work.may("casework.apply")}
    rows = [{**one, **_look_of(one, types)} for one in found[: wish.limit]]
    narrowed = {name: text for name, text in given.items() if text}
    more = f"/casework?{urlencode({**narrowed, 'before': rows[-1]['id']})}" if len(found) > len(rows) else ""
    return page(
        "casework/list.html",
        block="list",
        rows=rows,
        given=given,
        narrowed=bool(narrowed),
        states=showing.titles(words.STATES),
        types=list(types.items()),
        more=more,
        may=may,
    )


def _look_of(one: Mapping[str, Any], types: Mapping[str, str]) -> dict[str, str]:
    light = one["light"] if one["deadline"] or one["light"] == "red" else ""
    if one["review_light"] != "green":
        light = one["review_light"]
    return {
        "type_title": types.get(one["type"], one["type"]),
        "state_tag": words.TAGS.get(one["state"], "note"),
        "light_title": _(words.LIGHTS[light]) if light else "",
        "light_tag": words.LIGHT_TAGS.get(light, ""),
    }


@get("/cases/{number:str}", sync_to_thread=True, guards=SHOW)
def show_case(request: Request, number: FromPath[str]) -> Template:
    """One case: steps, checks, visits, notices, members, papers, who did what, and what to do now."""
    with begin(request) as work:
        return _case(work, number)


@post("/cases/{number:str}/decide", sync_to_thread=True, guards=SHOW, opt=limited(UPLOAD_MEGABYTES))
def decide(request: Request, number: FromPath[str], data: FormData) -> Template | Redirect:
    """Take the step of the box, or show the form of another choice with what was typed so far."""
    event = data.text("event")
    choosing.require_known(event)
    with look() as work:
        file = case_file(work, number)
        first = box_of(work, file).primary
        if first is None or first.event != event:
            return _step_form(work, file, event, choosing.carried_along(data))
    try:
        return _take(request, number, event, data)
    except Refused as refusal:
        with look() as work:
            return _case(work, number, data, refusal.objections)


@get("/cases/{number:str}/steps/{event:str}", sync_to_thread=True, guards=SHOW)
def ask_step(request: Request, number: FromPath[str], event: FromPath[str]) -> Template:
    """The form of one step."""
    choosing.require_known(event)
    with begin(request) as work:
        file = case_file(work, number)
        choosing.require_right(work, file.case, event)
        return _step_form(work, file, event, {})


@post("/cases/{number:str}/steps/{event:str}", sync_to_thread=True, guards=SHOW, opt=limited(UPLOAD_MEGABYTES))
def do_step(request: Request, number: FromPath[str], event: FromPath[str], data: FormData) -> Template | Redirect:
    """Take it, or show the form again with every objection."""
    choosing.require_known(event)
    try:
        return _take(request, number, event, data)
    except Refused as refusal:
        with look() as work:
            return _step_form(work, case_file(work, number), event, data, refusal.objections)


@get("/cases/{number:str}/acts/{act:str}", sync_to_thread=True, guards=SHOW)
def ask_act(request: Request, number: FromPath[str], act: FromPath[str]) -> Template:
    """The form of one act beside the steps."""
    with begin(request) as work:
        return _act_form(work, number, act, {})


@post("/cases/{number:str}/acts/{act:str}", sync_to_thread=True, guards=SHOW, opt=limited(UPLOAD_MEGABYTES))
def do_act(request: Request, number: FromPath[str], act: FromPath[str], data: FormData) -> Template | Redirect:
    """Do it, or show the form again with every objection."""
    known = _act(act)
    try:
        with begin(request) as work:
            known.do(work, number, read_form(known.wish, data))
            _keep_photos(work, number, data)
    except Refused as refusal:
        with look() as work:
            return _act_form(work, number, act, data, refusal.objections)
    return see_other(f"/casework/cases/{number}", _(known.done))


@get("/cases/{number:str}/appeals/{kind:str}", sync_to_thread=True, guards=[guarded(HANDLE)])
def ask_appeal(request: Request, number: FromPath[str], kind: FromPath[str]) -> Template:
    """The form for the end of an appeal."""
    with begin(request) as work:
        return _appeal_form(work, number, kind, {})


@post("/cases/{number:str}/appeals/{kind:str}", sync_to_thread=True, guards=[guarded(HANDLE)])
def decide_appeal(request: Request, number: FromPath[str], kind: FromPath[str], data: FormData) -> Template | Redirect:
    """Write down how an appeal ended."""
    try:
        with begin(request) as work:
            remedies.decide_appeal(work, number, kind, read_form(DecideAppeal, data))
    except Refused as refusal:
        with look() as work:
            return _appeal_form(work, number, kind, data, refusal.objections)
    return see_other(f"/casework/cases/{number}", _("申诉结果已登记"))


@get("/cases/{number:str}/papers/{kind:str}", sync_to_thread=True, guards=SHOW)
def show_paper(request: Request, number: FromPath[str], kind: FromPath[str]) -> Template | Redirect:
    """A paper on the screen; the sheets of notices are theirs."""
    with begin(request) as work:
        notice = _notice_sheet(work, number, kind)
        sheet = None if notice else case_paper(work, number, kind)
    if sheet is None:
        return see_other(f"/notices/{notice}/sheet")
    base = f"/casework/cases/{number}"
    return paper(sheet, back=base, pdf_path=f"{base}/papers/{kind}/pdf")


@get("/cases/{number:str}/papers/{kind:str}/pdf", sync_to_thread=True, guards=SHOW)
def paper_as_pdf(request: Request, number: FromPath[str], kind: FromPath[str]) -> Response[bytes]:
    """A paper as PDF."""
    with begin(request) as work:
        return paper_pdf(case_paper(work, number, kind))


def _notice_sheet(work: UnitOfWork, number: str, kind: str) -> int:
    """The notice whose own sheet a paper is; 0 for every other paper."""
    wanted = {"D09": 1, "D13": 2}.get(kind.upper())
    if wanted is None:
        return 0
    held = [one.id for one in case_file(work, number, pictures=False).notices if one.round == wanted]
    if not held:
        raise NotFound(_("还没有公示"))
    return held[-1]


def _take(request: Request[Any, Any, Any], number: str, event: str, data: Any) -> Redirect:
    filled = choosing.filled(event, data)
    with begin(request) as work:
        advancing.advance(work, number, event, filled)
        _keep_photos(work, number, data)
    return see_other(f"/casework/cases/{number}", _("已办理：{event}", event=title_of_event(event)))


def _keep_photos(work: UnitOfWork, number: str, data: Any) -> None:
    """The photos that came with a form, kept with the visit; a wrong one refuses the whole, at its field."""
    for field, file in data.files.items():
        if not field.startswith("photo") or not file.content:
            continue
        try:
            handling.add_photo(work, number, file.name, file.content)
        except Refused as refusal:
            raise Refused(
                Objection(reason=one.reason, field=field, code=one.code) for one in refusal.objections
            ) from None


def _photos(wanted: bool) -> Sequence[tuple[str, str]]:
    return [(f"photo_{n}", _("照片 {n}", n=n)) for n in range(1, PHOTOS + 1)] if wanted else ()


def _case(work: UnitOfWork, number: str, values: Any = None, wrong: Sequence[Objection] = ()) -> Template:
    file = case_file(work, number)
    box = box_of(work, file)
    brought = gather(work, work.hooks.show("show_casework_sections", work=work, case=file.facts))
    signers = [one.id for one in grown_ones(work, file.members)] if file.case.state == "draft" else ()
    way = showing.steps_shown(file)
    title = title_of(work, file.case.type)
    return page(
        "casework/case.html",
        status=422 if wrong else 200,
        number=file.number,
        type=file.case.type,
        type_title=title,
        path=file.path,
        head=showing.head_of(file, title),
        way=way,
        at=showing.place_of(way),
        warnings=showing.warnings_of(file),
        brought=brought,
        checks=showing.checks_of(file),
        visits=showing.visits_of(work, file),
        notices=showing.notices_of(file),
        members=showing.members_of(file, signers),
        papers=showing.papers_of(file),
        small=showing.small_cards(file),
        appeals=showing.appeals_of(file),
        history=showing.log_of(file),
        calculation=showing.calculation_of(file),
        archive=showing.archive_card(file),
        box=box,
        chosen=box.primary.event if box.primary else "",
        photos=_photos(box.photos),
        acts=choosing.acts_here(work, file),
        may_print=True,
        may_decide_appeal=work.may(HANDLE, file.case.area),
        values=values,
        objections=wrong,
    )


def _step_form(work: UnitOfWork, file: CaseFile, event: str, values: Any, wrong: Sequence[Objection] = ()) -> Template:
    title = title_of_event(event)
    return _form(
        file,
        title,
        f"{file.path}/steps/{event}",
        choosing.step_entries(work, file, event),
        values,
        wrong,
        note=choosing.note_of(event),
        danger=event in choosing.GRAVE,
        photos=_photos(event in choosing.WITH_PHOTOS),
    )


def _act(name: str) -> Any:
    if name not in ACTS:
        raise NotFound(_("没有这个页面"))
    return ACTS[name]


def _act_form(work: UnitOfWork, number: str, name: str, values: Any, wrong: Sequence[Objection] = ()) -> Template:
    known = _act(name)
    work.require(known.right)
    file = case_file(work, number)
    return _form(
        file,
        _(known.title),
        f"{file.path}/acts/{name}",
        choosing.act_entries(file, known),
        values,
        wrong,
        photos=_photos(name in choosing.WITH_PHOTOS),
    )


def _appeal_form(work: UnitOfWork, number: str, kind: str, values: Any, wrong: Sequence[Objection] = ()) -> Template:
    if kind not in words.APPEALS:
        raise NotFound(_("没有这个页面"))
    file = case_file(work, number)
    title = _("登记{kind}的结果", kind=_(words.APPEALS[kind]))
    return _form(file, title, f"{file.path}/appeals/{kind}", entries(DecideAppeal), values, wrong)


def _form(
    file: CaseFile, title: str, action: str, fields: Any, values: Any, wrong: Sequence[Objection], **more: Any
) -> Template:
    return page(
        "casework/form.html",
        status=422 if wrong else 200,
        title=title,
        sub=f"{file.number} · {file.case.applicant}",
        trail=[(_("申请办理"), "/casework"), (file.number, file.path), (title, "")],
        action=action,
        back=file.path,
        entries=fields,
        values=values,
        objections=wrong,
        note=more.get("note", ""),
        danger=more.get("danger", False),
        photos=more.get("photos", ()),
    )


router = Router(
    "/casework",
    route_handlers=[
        show_list, show_case, decide, ask_step, do_step, ask_act, do_act, ask_appeal, decide_appeal, show_paper,
        paper_as_pdf, intake, lists,
    ],
)  # fmt: skip
