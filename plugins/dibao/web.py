"""Pages of dibao: families in payment, one family with its acts and papers, margin families, prices, campaigns."""

from typing import Annotated, Any, TypeAlias

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.response import Redirect, Response, Template

from core.api import NotFound, Refused, UnitOfWork, _, format_money
from core.web import (
    PAGE,
    FormData,
    FormOf,
    after_id,
    begin,
    download,
    guarded,
    look,
    more_path,
    page,
    paper,
    paper_pdf,
    read_form,
    see_other,
    wish_page,
)
from plugins.dibao import queries, words
from plugins.dibao.accountability import ACCOUNT, as_data, wrong_approvals
from plugins.dibao.acts import ACTS, Act, entries
from plugins.dibao.campaigns import list_campaigns, list_linked
from plugins.dibao.exporting import export_csv
from plugins.dibao.papers import case_paper, change_table
from plugins.dibao.queries import AwardFilter
from plugins.dibao.services.campaigns import give_list, start
from plugins.dibao.services.prices import set_price
from plugins.dibao.showing import family_cards, papers_of
from plugins.dibao.wishes import GiveList, SetPrice, StartCampaign

SHOW = [guarded("dibao.show")]
Class: TypeAlias = Annotated[str, QueryParameter(name="class", max_length=1)]


@get("/", sync_to_thread=True, guards=SHOW)
def show_list(
    request: Request,
    category: FromQuery[str] = "",
    area: FromQuery[str] = "",
    in_class: Class = "",
    after: FromQuery[str] = "",
) -> Template:
    """Families in payment of one's areas."""
    given = {"category": category, "area": area, "class": in_class}
    with begin(request) as work:
        wish = AwardFilter(category=category, area=area, review_class=in_class, after=after_id(after))
        found = queries.families(work, wish)
        may = {
            name: work.may(f"dibao.{name}") for name in ("set_price", "campaign", "export", "link", "hold_to_account")
        }
        month = work.today.isoformat()[:7]
    return page(
        "dibao/list.html",
        block="list",
        rows=found[: wish.limit],
        given=given,
        narrowed=any(given.values()),
        categories=[(code, _(title)) for code, title in words.AREA_KINDS.items()],
        classes=[(code, _(title)) for code, title in words.CLASSES.items()],
        more=more_path("/dibao", found, wish.limit, **given),
        may=may,
        month=month,
    )


@get("/margins", sync_to_thread=True, guards=SHOW)
def show_margins(request: Request, after: FromQuery[str] = "") -> Template:
    """Margin families."""
    with begin(request) as work:
        found = queries.margin_families(work, after=after_id(after), limit=PAGE + 1)
    return page("dibao/margins.html", rows=found[:PAGE], more=more_path("/dibao/margins", found, PAGE))


@get("/prices", sync_to_thread=True, guards=SHOW)
def show_prices(request: Request) -> Template:
    """Price months."""
    with begin(request) as work:
        rows = queries.price_months(work)
        may = work.may("dibao.set_price")
    return page("dibao/prices.html", rows=rows, may=may)


@get("/prices/new", sync_to_thread=True, guards=[guarded("dibao.set_price")])
def ask_price(request: Request) -> Template:
    """The form of a price month."""
    return _price_form({})


@post("/prices/new", sync_to_thread=True, guards=[guarded("dibao.set_price")])
def do_price(request: Request, data: FormData) -> Template | Redirect:
    """Set a price month, or show every objection."""
    try:
        with begin(request) as work:
            row = set_price(work, read_form(SetPrice, data))
            said = _("已设定：{month} 每人 {amount} 元", month=row.month, amount=format_money(row.amount_fen))
    except Refused as refusal:
        return _price_form(data, refusal.objections)
    return see_other("/dibao/prices", said)


@get("/accountability", sync_to_thread=True, guards=[guarded(ACCOUNT)])
def show_accountability(request: Request, month: FromQuery[str] = "") -> Template:
    """Wrong approvals with the officers of every step."""
    with begin(request) as work:
        rows = [as_data(one) for one in wrong_approvals(work, month)]
    return page("dibao/accountability.html", block="list", rows=rows, month=month)


@get("/campaigns", sync_to_thread=True, guards=SHOW)
def show_campaigns(request: Request) -> Template:
    """Campaigns, and lists for other departments."""
    with begin(request) as work:
        rows = list_campaigns(work)
        lists = list_linked(work) if work.may("dibao.show", work.settings.county.code) else []
        may = {"campaign": work.may("dibao.campaign"), "link": work.may("dibao.link")}
    return page("dibao/campaigns.html", rows=rows, lists=lists, may=may)


@get("/campaigns/new", sync_to_thread=True, guards=[guarded("dibao.campaign")])
def ask_campaign(request: Request) -> Template:
    """The form of a campaign."""
    return _campaign_form({})


@post("/campaigns/new", sync_to_thread=True, guards=[guarded("dibao.campaign")])
def do_campaign(request: Request, data: FormData) -> Template | Redirect:
    """Freeze the list of a campaign."""
    try:
        with begin(request) as work:
            row = start(work, read_form(StartCampaign, data))
            said = _("名单已冻结：{count} 户", count=row.frozen)
    except Refused as refusal:
        return _campaign_form(data, refusal.objections)
    return see_other("/dibao/campaigns", said)


@get("/linked/new", sync_to_thread=True, guards=[guarded("dibao.link")])
def ask_list(request: Request) -> Template:
    """The form of a list for another department."""
    return _list_form({})


@post("/linked/new", sync_to_thread=True, guards=[guarded("dibao.link")])
def do_list(request: Request, data: FormData) -> Template | Redirect:
    """Freeze a list for another department."""
    try:
        with begin(request) as work:
            row = give_list(work, read_form(GiveList, data))
            said = _("名单已提供：{count} 人", count=row.persons)
    except Refused as refusal:
        return _list_form(data, refusal.objections)
    return see_other("/dibao/campaigns", said)


@post("/export", sync_to_thread=True, guards=[guarded("dibao.export")])
def export(request: Request, data: FormData) -> Response[bytes]:
    """The CSV for the national platform; that it was made is recorded."""
    with begin(request) as work:
        content, _count = export_csv(work)
        name = f"dibao-{work.today.isoformat()}.csv"
    return download(content, name, "text/csv; charset=utf-8")


@get("/changes/{month:str}", sync_to_thread=True, guards=SHOW)
def show_changes(request: Request, month: FromPath[str]) -> Template:
    """The change table of a month."""
    with begin(request) as work:
        sheet = change_table(work, month)
    return paper(sheet, back="/dibao", pdf_path=f"/dibao/changes/{month}/pdf")


@get("/changes/{month:str}/pdf", sync_to_thread=True, guards=SHOW)
def changes_pdf(request: Request, month: FromPath[str]) -> Response[bytes]:
    """The change table as PDF."""
    with begin(request) as work:
        return paper_pdf(change_table(work, month))


@get("/cases/{number:str}", sync_to_thread=True, guards=SHOW)
def show_case(request: Request, number: FromPath[str]) -> Template:
    """One family: what was declared, what it comes to, awards, acts, papers. It is recorded."""
    with begin(request) as work:
        found = queries.show_family(work, number)
        acts = [one for one in ACTS.values() if one.form and work.may(one.right, found["area"])]
    return page(
        "dibao/case.html",
        case=found,
        cards=family_cards(found),
        acts=acts,
        papers=papers_of(found),
        lines=found["lines"],
    )


@get("/cases/{number:str}/papers/{kind:str}", sync_to_thread=True, guards=SHOW)
def show_paper(request: Request, number: FromPath[str], kind: FromPath[str]) -> Template:
    """A paper on the screen."""
    with begin(request) as work:
        sheet = case_paper(work, number, kind)
    base = f"/dibao/cases/{number}"
    return paper(sheet, back=base, pdf_path=f"{base}/papers/{kind}/pdf")


@get("/cases/{number:str}/papers/{kind:str}/pdf", sync_to_thread=True, guards=SHOW)
def paper_as_pdf(request: Request, number: FromPath[str], kind: FromPath[str]) -> Response[bytes]:
    """A paper as PDF."""
    with begin(request) as work:
        return paper_pdf(case_paper(work, number, kind))


@get("/cases/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW)
def ask_act(request: Request, number: FromPath[str], act: FromPath[str]) -> Template:
    """The form of one act."""
    with begin(request) as work:
        return _act_form(work, number, act, {})


@post("/cases/{number:str}/{act:str}", sync_to_thread=True, guards=SHOW)
def do_act(request: Request, number: FromPath[str], act: FromPath[str], data: FormData) -> Template | Redirect:
    """Do it, or show the form again with every objection."""
    known = _act(act)
    try:
        with begin(request) as work:
            found = known.do(work, number, read_form(known.wish, data))
    except Refused as refusal:
        with look() as work:
            return _act_form(work, number, act, data, refusal.objections)
    warnings = [one["reason"] for one in found.get("warnings", ())]
    return see_other(f"/dibao/cases/{number}", " ".join([_(known.done), *warnings]))


def _act(name: str) -> Act:
    if name not in ACTS or not ACTS[name].form:
        raise NotFound(_("没有这个页面"))
    return ACTS[name]


def _act_form(work: UnitOfWork, number: str, name: str, values: Any, wrong: Any = ()) -> Template:
    known = _act(name)
    work.require(known.right)
    case = queries.dibao_case(work, number, known.right)
    back = f"/dibao/cases/{case.number}"
    form = FormOf(
        title=_(known.title),
        sub=case.number,
        trail=[(_("最低生活保障"), "/dibao"), (case.number, back), (_(known.title), "")],
        action=f"{back}/{name}",
        back=back,
        danger=known.danger,
        entries=_with_members(work, case, entries(known.wish)),
    )
    return wish_page(form, values, wrong)


def _with_members(work: UnitOfWork, case: Any, fields: list[Any]) -> list[Any]:
    """A member is chosen by name, never typed as a number."""
    from dataclasses import replace

    from core.api import facts_of

    names = facts_of(work, case.member_ids)
    choices = tuple((str(one), names[one].name) for one in case.member_ids if one in names)
    return [
        replace(one, kind="select", choices=choices, label=_("成员")) if one.name == "person_id" else one
        for one in fields
    ]


def _form(title: str, path: str, back: str, wish: Any) -> FormOf:
    return FormOf(
        title=title,
        trail=[(_("最低生活保障"), "/dibao"), (title, "")],
        action=path,
        back=back,
        entries=entries(wish),
    )


def _price_form(values: Any, wrong: Any = ()) -> Template:
    return wish_page(_form(_("设定价格补贴"), "/dibao/prices/new", "/dibao/prices", SetPrice), values, wrong)


def _campaign_form(values: Any, wrong: Any = ()) -> Template:
    return wish_page(_form(_("开始专项复核"), "/dibao/campaigns/new", "/dibao/campaigns", StartCampaign), values, wrong)


def _list_form(values: Any, wrong: Any = ()) -> Template:
    return wish_page(_form(_("提供联动帮扶名单"), "/dibao/linked/new", "/dibao/campaigns", GiveList), values, wrong)


router = Router(
    "/dibao",
    route_handlers=[
        show_list, show_margins, show_accountability, show_prices, ask_price, do_price, show_campaigns,
        ask_campaign, do_campaign, ask_list, do_list, export, show_changes, changes_pdf, show_case, show_paper,
        paper_as_pdf, ask_act, do_act,
    ],
)  # fmt: skip
