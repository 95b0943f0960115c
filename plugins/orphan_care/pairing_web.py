"""Pages of pairing: sponsors with their checks, a pairing with its contacts, what a sponsor may be told."""

from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response, Template

from core.api import NotFound, Refused, _, format_money
from core.web import FormData, FormOf, begin, guarded, page, paper, paper_pdf, read_form, see_other, wish_page
from plugins.orphan_care import sponsors
from plugins.orphan_care.acts import PAIRING_ACTS, SPONSOR_ACTS, Act, entries
from plugins.orphan_care.papers import pairing_agreement
from plugins.orphan_care.services.pairing import add_sponsor
from plugins.orphan_care.wishes import AddSponsor
from plugins.orphan_care.words import PAIRINGS, SPONSORS, WAYS

PAIR = [guarded("orphan_care.pair")]
BASE = "/orphan-care/pairing"


@get("/", sync_to_thread=True, guards=PAIR)
def show_all(request: Request) -> Template:
    """Sponsors and pairings."""
    with begin(request) as work:
        people, pairs = sponsors.list_sponsors(work), sponsors.list_pairings(work)
    return page("orphan_care/sponsors.html", sponsors=people, pairings=pairs, kinds=_kinds())


@get("/sponsors/new", sync_to_thread=True, guards=PAIR)
def ask_sponsor(request: Request) -> Template:
    """The form of a new sponsor."""
    return _form((_("登记爱心人士"), "", f"{BASE}/sponsors/new", BASE), AddSponsor, {})


@post("/sponsors/new", sync_to_thread=True, guards=PAIR)
def new_sponsor(request: Request, data: FormData) -> Template | Redirect:
    """Register a sponsor."""
    try:
        with begin(request) as work:
            made = add_sponsor(work, read_form(AddSponsor, data))
            number = made.id
    except Refused as refusal:
        place = (_("登记爱心人士"), "", f"{BASE}/sponsors/new", BASE)
        return _form(place, AddSponsor, data, refusal.objections)
    return see_other(f"{BASE}/sponsors/{number}", _("已登记"))


@get("/sponsors/{sponsor:int}", sync_to_thread=True, guards=PAIR)
def show_sponsor(request: Request, sponsor: FromPath[int]) -> Template:
    """One sponsor; reading how to reach them is recorded."""
    with begin(request) as work:
        found = sponsors.show_sponsor(work, sponsor)
    return page("orphan_care/sponsor.html", one=found, kinds=_kinds(), sponsor_kind=_(SPONSORS[found["kind"]]))


@get("/sponsors/{sponsor:int}/{act:str}", sync_to_thread=True, guards=PAIR)
def ask_sponsor_act(request: Request, sponsor: FromPath[int], act: FromPath[str]) -> Template:
    """The form of an act on a sponsor."""
    known = _act(SPONSOR_ACTS, act)
    return _form(_place(known, f"{BASE}/sponsors/{sponsor}"), known.wish, {}, danger=known.danger)


@post("/sponsors/{sponsor:int}/{act:str}", sync_to_thread=True, guards=PAIR)
def do_sponsor_act(request: Request, sponsor: FromPath[int], act: FromPath[str], data: FormData) -> Template | Redirect:
    """Do it, or show the form again."""
    return _do(request, _act(SPONSOR_ACTS, act), f"{BASE}/sponsors/{sponsor}", str(sponsor), data)


@get("/{pairing:int}", sync_to_thread=True, guards=PAIR)
def show_pairing(request: Request, pairing: FromPath[int]) -> Template:
    """One pairing: promised, given, contacts."""
    with begin(request) as work:
        found = sponsors.show_pairing(work, pairing)
    rows = [
        (_("儿童档案"), found["case_number"]),
        (_("爱心人士"), found["sponsor_name"]),
        (_("结对方式"), _(PAIRINGS[found["kind"]])),
        (_("结对日期"), found["since"].isoformat()),
        (_("承诺金额"), _("{amount} 元", amount=format_money(found["promised_fen"]))),
        (_("到位金额"), _("{amount} 元", amount=format_money(found["given_fen"]))),
        (_("监护人同意"), found["guardian_agreed_on"].isoformat() if found["guardian_agreed_on"] else "--"),
        (_("儿童同意"), found["child_agreed_on"].isoformat() if found["child_agreed_on"] else "--"),
    ]
    ways = {name: _(title) for name, title in WAYS.items()}
    return page("orphan_care/pairing.html", one=found, rows=rows, ways=ways, acts=list(PAIRING_ACTS.values()))


@get("/{pairing:int}/introduction", sync_to_thread=True, guards=PAIR)
def show_introduction(request: Request, pairing: FromPath[int]) -> Template:
    """What the sponsor may be told, once everybody agreed."""
    try:
        with begin(request) as work:
            found = sponsors.introduction(work, pairing)
    except Refused as refusal:
        return page(
            "orphan_care/introduction.html", status=422, rows=[], pairing=pairing, objections=refusal.objections
        )
    rows = [(_("名字"), found["first_name"]), (_("年龄段"), found["age_band"]), (_("需求"), found["needs"])]
    return page("orphan_care/introduction.html", rows=rows, pairing=pairing)


@get("/{pairing:int}/agreement", sync_to_thread=True, guards=PAIR)
def show_agreement(request: Request, pairing: FromPath[int]) -> Template:
    """The agreement on the screen."""
    with begin(request) as work:
        sheet = pairing_agreement(work, pairing)
    return paper(sheet, back=f"{BASE}/{pairing}", pdf_path=f"{BASE}/{pairing}/agreement/pdf")


@get("/{pairing:int}/agreement/pdf", sync_to_thread=True, guards=PAIR)
def agreement_pdf(request: Request, pairing: FromPath[int]) -> Response[bytes]:
    """The agreement as PDF."""
    with begin(request) as work:
        return paper_pdf(pairing_agreement(work, pairing))


@get("/{pairing:int}/{act:str}", sync_to_thread=True, guards=PAIR)
def ask_act(request: Request, pairing: FromPath[int], act: FromPath[str]) -> Template:
    """The form of an act on a pairing."""
    known = _act(PAIRING_ACTS, act)
    return _form(_place(known, f"{BASE}/{pairing}"), known.wish, {}, danger=known.danger)


@post("/{pairing:int}/{act:str}", sync_to_thread=True, guards=PAIR)
def do_act(request: Request, pairing: FromPath[int], act: FromPath[str], data: FormData) -> Template | Redirect:
    """Do it, or show the form again."""
    return _do(request, _act(PAIRING_ACTS, act), f"{BASE}/{pairing}", str(pairing), data)


def _do(request: Request, known: Act, back: str, number: str, data: Any) -> Template | Redirect:
    try:
        with begin(request) as work:
            known.do(work, number, read_form(known.wish, data))
    except Refused as refusal:
        return _form(_place(known, back), known.wish, data, refusal.objections, danger=known.danger)
    return see_other(back, _(known.done))


def _act(acts: Any, name: str) -> Act:
    if name not in acts:
        raise NotFound(_("没有这个页面"))
    found: Act = acts[name]
    return found


def _place(known: Act, back: str) -> tuple[str, str, str, str]:
    return _(known.title), "", f"{back}/{known.name}", back


def _form(
    place: tuple[str, str, str, str], wish: Any, values: Any, wrong: Any = (), *, danger: bool = False
) -> Template:
    title, sub, action, back = place
    form = FormOf(
        title=title,
        sub=sub,
        trail=[(_("孤儿保障"), "/orphan-care"), (_("结对关爱"), BASE), (title, "")],
        action=action,
        back=back,
        danger=danger,
        entries=entries(wish),
    )
    return wish_page(form, values, wrong)


def _kinds() -> dict[str, str]:
    return {name: _(title) for name, title in PAIRINGS.items()}


router = Router(
    BASE,
    route_handlers=[
        show_all, ask_sponsor, new_sponsor, show_sponsor, ask_sponsor_act, do_sponsor_act, show_pairing,
        show_introduction, show_agreement, agreement_pdf, ask_act, do_act,
    ],
)  # fmt: skip
