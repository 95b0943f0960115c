"""Commands of canteens: sites, menus, policies, diners, quotes, settlements; the acts are those of the pages."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from core.api import _, checked, find_person, format_money
from core.cli import (
    DATE,
    Group,
    add_act,
    add_acts,
    add_start,
    begin,
    emit,
    given,
    look,
    say_done,
    table,
    wish_given,
    wish_options,
)
from plugins.canteen import wishes, words
from plugins.canteen.acts import ACTING, DINER_ACTS, SITE_ACTS, STARTS
from plugins.canteen.counter.cli import add_to

_FILE = click.Path(path_type=Path, dir_okay=False)
_IN = click.Path(path_type=Path, dir_okay=False, exists=True)
_LIMIT = click.option("--limit", default=50, type=click.IntRange(1, 5000), help=_("最多多少条"))
_AREA = click.option("--area", default="", help=_("只看这个区划及以下"))


@click.group("canteen", cls=Group, help=_("长者食堂：站点、菜单、就餐老人、补贴政策、用餐、结算"))
def group() -> None:
    """Canteens."""


@group.group("site", cls=Group, help=_("站点：登记、建设、验收、运营、停业、关闭"))
def site() -> None:
    """Sites."""


@group.group("menu", cls=Group, help=_("套餐价格和每周菜单"))
def menu() -> None:
    """Menus."""


@group.group("policy", cls=Group, help=_("补贴政策文件"))
def policy() -> None:
    """Policies."""


@group.group("diner", cls=Group, help=_("就餐老人：登记、变更、发卡"))
def diner() -> None:
    """Diners."""


@group.group("operator", cls=Group, help=_("经营者、账号、合同"))
def operator() -> None:
    """Operators."""


@group.group("inspection", cls=Group, help=_("检查和整改"))
def inspection() -> None:
    """Inspections."""


@group.group("settlement", cls=Group, help=_("结算：列出、审核、批准、退回、支付"))
def settlement() -> None:
    """Settlements."""


@site.command("add", help=_("登记站点：NUMBER 是站点编号，例如 CT-430223103-001；--state planned 是计划建设"))
@click.argument("number")
@wish_options(ACTING, wishes.AddSite, "number")
@click.pass_context
def add_site(context: click.Context, number: str, **values: Any) -> None:
    """Register a site."""
    with begin(context) as work:
        done = STARTS["sites"].make(work, checked(wishes.AddSite, number=number, **wish_given(wishes.AddSite, values)))
    say_done(context, done, _("已登记站点 {number}", number=done.data["number"]))


@site.command("list", help=_("列出站点"))
@click.option("--state", type=click.Choice(list(words.STATES)), default=None, help=_("状态"))
@_AREA
@_LIMIT
@click.pass_context
def list_sites(context: click.Context, state: str | None, area: str, limit: int) -> None:
    """Sites in one's areas."""
    from plugins.canteen.queries import Filter
    from plugins.canteen.queries import list_sites as listed

    with look(context) as work:
        found = listed(work, Filter(state=state or "", area=area, limit=limit))[:limit]
    rows = [[one["number"], one["name"], _(words.KINDS[one["kind"]]), _(words.STATES[one["state"]])] for one in found]
    headers = [_("编号"), _("名称"), _("类型"), _("状态")]
    emit(context, found, table(headers, rows) if rows else _("还没有登记站点"))


@site.command("show", help=_("看一个站点：许可、经营者、套餐、检查、考核、结算、补助"))
@click.argument("number", metavar="SITE")
@click.pass_context
def show_site(context: click.Context, number: str) -> None:
    """One site."""
    from plugins.canteen.queries import show_site as shown

    with look(context) as work:
        found = shown(work, number)
    rows = [
        [_("编号"), found["number"]],
        [_("名称"), found["name"]],
        [_("状态"), _(words.STATES[found["state"]])],
        [_("食品经营许可有效至"), found["licence_to"] or "--"],
    ]
    emit(context, found, table([_("项目"), _("情况")], rows))


@menu.command(
    "set", help=_("登记套餐价格：SITE 站点，SET 套餐编号，PRICE 元"), context_settings={"ignore_unknown_options": True}
)
@click.argument("number", metavar="SITE")
@click.argument("set_code", metavar="SET")
@click.argument("price", metavar="PRICE")
@click.option("--from", "from_on", type=DATE, default=None, help=_("起始日期（不填即今天）"))
@wish_options(ACTING, wishes.SetPrice, "set_code", "price", "from_on")
@click.pass_context
def set_price(context: click.Context, number: str, set_code: str, price: str, **values: Any) -> None:
    """Fix a price."""
    act = SITE_ACTS["price"]
    with begin(context) as work:
        wish = checked(wishes.SetPrice, set_code=set_code, price=price, **given(values))
        done = act.do(work, number, wish)
    say_done(context, done, _(act.done))


@policy.command("import", help=_("导入补贴政策文件（TOML）；没有导入时按手册的档次"))
@click.argument("file", type=_IN)
@click.pass_context
def import_policy(context: click.Context, file: Path) -> None:
    """Take a document in."""
    from plugins.canteen.acts import data_of
    from plugins.canteen.services.policing import import_policy as take_in
    from plugins.canteen.services.policing import read_policy

    with begin(context) as work:
        done = data_of(take_in(work, read_policy(file.read_bytes())))
    emit(context, done, _("已导入 {document}，从 {day} 起执行", document=done["document"], day=done["valid_from"]))


@policy.command("show", help=_("看某一天执行的补贴标准"))
@click.option("--on", "day", type=DATE, default=None, help=_("哪一天（不填即今天）"))
@click.pass_context
def show_policy(context: click.Context, day: date | None) -> None:
    """The rates of a day."""
    from plugins.canteen.queries import show_rates

    with look(context) as work:
        found = show_rates(work, day or work.today)
    rows = [[one["code"], one["who"], format_money(one["rate_fen"])] for one in found["tiers"]]
    emit(context, found, table([_("档次"), _("对象"), _("每餐补贴（元）")], rows))


@diner.command("enrol", help=_("办理就餐登记：ID 是身份证号或人员编号"))
@click.argument("person", metavar="ID")
@click.option("--from", "from_on", type=DATE, default=None, help=_("起始日期（不填即今天）"))
@wish_options(ACTING, wishes.Enrol, "person_id", "from_on")
@click.pass_context
def enrol(context: click.Context, person: str, **values: Any) -> None:
    """Enrol a diner."""
    with begin(context) as work:
        number = find_person(work, person, "canteen.maintain").id
        wish = checked(wishes.Enrol, person_id=number, **wish_given(wishes.Enrol, values))
        done = STARTS["diners"].make(work, wish)
    say_done(context, done, _("已登记，就餐人编号 {id}", id=done.data["id"]))


@diner.command("list", help=_("列出就餐老人"))
@click.option("--state", type=click.Choice(list(words.DINER_STATES)), default=None, help=_("状态"))
@_AREA
@_LIMIT
@click.pass_context
def list_diners(context: click.Context, state: str | None, area: str, limit: int) -> None:
    """Diners in one's areas."""
    from plugins.canteen.queries import Filter
    from plugins.canteen.queries import list_diners as listed

    with look(context) as work:
        found = listed(work, Filter(state=state or "", area=area, limit=limit))[:limit]
    rows = [[one["id"], one["name"], one["tier"] or "--", _(words.DINER_STATES[one["state"]])] for one in found]
    headers = [_("编号"), _("姓名"), _("档次"), _("状态")]
    emit(context, found, table(headers, rows) if rows else _("还没有登记就餐老人"))


@diner.command("show", help=_("看一名就餐老人；ID 是就餐人编号或身份证号"))
@click.argument("number", metavar="ID")
@click.pass_context
def show_diner(context: click.Context, number: str) -> None:
    """One diner."""
    from plugins.canteen.queries import show_diner as shown

    with look(context) as work:
        found = shown(work, number)
    rows = [[_("姓名"), found["name"]], [_("档次"), found["tier"] or "--"], [_("起始日期"), found["from_on"]]]
    emit(context, found, table([_("项目"), _("情况")], rows))


@diner.command("card", help=_("发就餐卡；卡上的码只在发卡时打印一次，用 -o 写成 PDF"))
@click.argument("number", metavar="ID")
@click.option("-o", "--output", "file", type=_FILE, default=None, help=_("写到这个文件"))
@wish_options(ACTING, wishes.IssueCard)
@click.pass_context
def issue_card(context: click.Context, number: str, file: Path | None, **values: Any) -> None:
    """Issue a card and print it."""
    act, paper = DINER_ACTS["card"], b""
    with begin(context) as work:
        done = act.do(work, number, checked(act.wish, **given(values)))
        if file is not None:
            from core.api import pdf
            from plugins.canteen.papers import card_sheet

            paper = pdf(card_sheet(work, number, done.data["token"])).content
    if file is not None and not context.obj.dry_run:
        file.write_bytes(paper)
    emit(context, {**done.data, **({"file": str(file)} if file else {})}, _(act.done))


@group.command("quote", help=_("算一餐的价格：ID 是身份证号或人员编号"))
@click.argument("person", metavar="ID")
@click.option("--site", "site_number", required=True, help=_("站点"))
@click.option("--set", "set_code", required=True, help=_("套餐"))
@click.option("--on", "day", type=DATE, default=None, help=_("日期（不填即今天）"))
@click.option("--delivery", is_flag=True, help=_("送餐"))
@click.pass_context
def quote(
    context: click.Context, person: str, site_number: str, set_code: str, day: date | None, delivery: bool
) -> None:
    """What a meal would cost."""
    from plugins.canteen.quoting import AskQuote
    from plugins.canteen.quoting import quote as quoted

    with look(context) as work:
        wish = checked(
            AskQuote, person=person, site=site_number, set_code=set_code, on=day or work.today, delivery=delivery
        )
        found = quoted(work, wish)
    data = {
        "tier": found.tier, "list_price_fen": found.list_price_fen, "subsidy_fen": found.subsidy_fen,
        "self_pay_fen": found.self_pay_fen, "delivery_fee_fen": found.delivery_fee_fen, "parts": found.parts,
    }  # fmt: skip
    text = _(
        "原价 {price} 元，补贴 {subsidy} 元，自付 {own} 元", price=format_money(found.list_price_fen),
        subsidy=format_money(found.subsidy_fen), own=format_money(found.self_pay_fen),
    )  # fmt: skip
    emit(context, data, text)


@group.command("settle", help=_("生成站点一个月的结算；不写 --site 即辖区内全部站点"))
@click.option("--site", "site_number", default="", help=_("站点"))
@click.option("--month", required=True, help=_("月份，例如 2026-03"))
@click.pass_context
def settle(context: click.Context, site_number: str, month: str) -> None:
    """Draw up settlements."""
    from plugins.canteen.acts import settled
    from plugins.canteen.services.settling import settle as one_site
    from plugins.canteen.services.settling import settle_month

    with begin(context) as work:
        wish = checked(wishes.SettleMonth, site=site_number or "-", month=month)
        found = [one_site(work, wish)] if site_number else settle_month(work, wish.month)
        rows = [settled(one) for one in found]
    total = _total(rows)
    text = _(
        "{meals} 餐，就餐补贴 {diner} 元，运营补贴 {operating} 元，合计申报 {claim} 元", meals=total["meals"],
        diner=format_money(total["diner_subsidy_fen"]), operating=format_money(total["operating_subsidy_fen"]),
        claim=format_money(total["claim_fen"]),
    )  # fmt: skip
    emit(context, rows[0] if site_number else {**total, "month": month, "sites": len(rows)}, text)


def _total(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    names = ("meals", "diner_subsidy_fen", "operating_subsidy_fen", "claim_fen")
    return {name: sum(row[name] for row in rows) for name in names}


@settlement.command("list", help=_("列出结算"))
@click.option("--state", type=click.Choice(list(words.SETTLEMENT_STATES)), default=None, help=_("状态"))
@click.option("--month", default="", help=_("月份，例如 2026-03"))
@_AREA
@_LIMIT
@click.pass_context
def list_settlements(context: click.Context, state: str | None, month: str, area: str, limit: int) -> None:
    """Settlements in one's areas."""
    from plugins.canteen.queries import Filter
    from plugins.canteen.queries import list_settlements as listed

    with look(context) as work:
        found = listed(work, Filter(state=state or "", text=month, area=area, limit=limit))[:limit]
    rows = [
        [one["id"], one["site"], one["month"], format_money(one["claim_fen"]),
         _(words.SETTLEMENT_STATES[one["state"]])] for one in found
    ]  # fmt: skip
    headers = [_("编号"), _("站点"), _("月份"), _("申报金额（元）"), _("状态")]
    emit(context, found, table(headers, rows) if rows else _("还没有结算"))


@group.command("print", help=_("打印文书（PDF）：enrolment、settlement、notice、acceptance、board、posting、menu"))
@click.argument("kind")
@click.argument("number", default="")
@click.option("-o", "--output", "file", type=_FILE, required=True, help=_("写到这个文件"))
@click.pass_context
def print_(context: click.Context, kind: str, number: str, file: Path) -> None:
    """Write a paper as PDF."""
    from core.api import pdf
    from plugins.canteen.papers import paper_of

    with look(context) as work:
        sheet = paper_of(work, kind, number)
    file.write_bytes(pdf(sheet).content)
    emit(context, {"file": str(file)}, _("已写入 {file}", file=file))


@group.command("export", help=_("导出用餐记录 CSV，供审计；记入审计"))
@click.option("-o", "--output", "file", type=_FILE, required=True, help=_("写到这个文件"))
@wish_options(ACTING, wishes.ExportMeals)
@click.pass_context
def export(context: click.Context, file: Path, **values: Any) -> None:
    """Write the meals of a period as CSV."""
    from plugins.canteen.exporting import export_meals

    with begin(context) as work:
        content, count = export_meals(work, checked(wishes.ExportMeals, **given(values)))
    file.write_bytes(content)
    emit(context, {"file": str(file), "rows": count}, _("已导出 {count} 条", count=count))


add_acts(site, ACTING, "sites", "SITE", "price", "menu")
add_act(menu, ACTING, ACTING.rooms["sites"], replace(SITE_ACTS["menu"], name="publish"), "SITE")
add_acts(operator, ACTING, "operators", "OPERATOR")
add_acts(diner, ACTING, "diners", "ID", "card")
add_acts(inspection, ACTING, "inspections", "INSPECTION")
add_acts(settlement, ACTING, "settlements", "SETTLEMENT")
add_start(operator, ACTING, "operators")
add_start(settlement, ACTING, "payments", "pay")
add_start(settlement, ACTING, "grant-payments", "pay-grants")
add_start(group, ACTING, "targets", "target")
add_to(group)
