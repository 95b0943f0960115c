"""Commands of dibao: what families declare, what it comes to, price months, lists, figures."""

from pathlib import Path
from typing import Any

import click

from core.api import _, checked, format_money
from core.cli import Group, begin, command_options, emit, given, look, read_object, say, table
from plugins.dibao import wishes
from plugins.dibao.county_cli import COMMANDS
from plugins.dibao.words import AREA_KINDS

_FILE = click.Path(path_type=Path, dir_okay=False)
_JSON = click.argument("file", metavar="FILE.json", type=click.Path(path_type=Path, exists=True, dir_okay=False))
_NUMBER = click.argument("number", metavar="NO")


@click.group("dibao", cls=Group, help=_("低保：收入和财产、测算、价格补贴、边缘家庭、统计"))
def group() -> None:
    """Dibao."""


@group.group("income", cls=Group, help=_("家庭收入和成员情况"))
def income() -> None:
    """Income."""


@group.group("property", cls=Group, help=_("家庭财产"))
def property_() -> None:
    """Property."""


@group.group("expenditure", cls=Group, help=_("刚性支出"))
def expenditure() -> None:
    """Rigid costs."""


@group.group("obligor", cls=Group, help=_("赡养抚养扶养义务人"))
def obligor() -> None:
    """Obligors."""


@group.group("price", cls=Group, help=_("价格补贴月份"))
def price() -> None:
    """Price months."""


@group.group("margin", cls=Group, help=_("低保边缘家庭"))
def margin() -> None:
    """Margin families."""


def _declare(context: click.Context, number: str, file: Path, what: tuple[str, type[Any]]) -> None:
    from plugins.dibao.services import declaring

    service, wish = what
    data = read_object(file)
    with begin(context) as work:
        found = getattr(declaring, service)(work, number, checked(wish, **data))
    _say(context, found, _("已登记"))


@income.command("set", help=_("登记申请 NO 的家庭收入和成员情况（JSON 文件，整体替换）"))
@_NUMBER
@_JSON
@click.pass_context
def set_income(context: click.Context, number: str, file: Path) -> None:
    """Set the income of a family."""
    _declare(context, number, file, ("set_income", wishes.SetIncome))


@property_.command("set", help=_("登记申请 NO 的家庭财产（JSON 文件，整体替换）"))
@_NUMBER
@_JSON
@click.pass_context
def set_property(context: click.Context, number: str, file: Path) -> None:
    """Set the property of a family."""
    _declare(context, number, file, ("set_property", wishes.SetProperty))


@expenditure.command("set", help=_("登记申请 NO 的刚性支出（JSON 文件，整体替换）"))
@_NUMBER
@_JSON
@click.pass_context
def set_expenditure(context: click.Context, number: str, file: Path) -> None:
    """Set the rigid costs of a family."""
    _declare(context, number, file, ("set_expenditure", wishes.SetExpenditure))


@obligor.command("set", help=_("登记申请 NO 的赡养抚养扶养义务人（JSON 文件，整体替换）"))
@_NUMBER
@_JSON
@click.pass_context
def set_obligors(context: click.Context, number: str, file: Path) -> None:
    """Set the obligors of a family."""
    _declare(context, number, file, ("set_obligors", wishes.SetObligors))


@group.command("compute", help=_("测算申请 NO：人均收入、差额补助、分类施保、合计；不符合时说明原因"))
@_NUMBER
@click.pass_context
def compute(context: click.Context, number: str) -> None:
    """Compute a case as of today."""
    from plugins.dibao.queries import computed

    with look(context) as work:
        found = computed(work, number)
    _say(context, found, "")


@group.command("show", help=_("看一户的收入、财产、成员情况和历次核定，记入审计"))
@_NUMBER
@click.pass_context
def show(context: click.Context, number: str) -> None:
    """One family in full."""
    from plugins.dibao.queries import show_family

    with look(context) as work:
        found = show_family(work, number)
    _say(context, found, "")


@group.command("list", help=_("列出辖区内在保家庭"))
@click.option("--category", type=click.Choice(list(AREA_KINDS)), default=None, help=_("城市或农村"))
@click.option("--area", default="", help=_("只看这个区划及以下"))
@click.option("--class", "review_class", type=click.Choice(["A", "B", "C"]), default=None, help=_("类别"))
@click.option("--limit", default=50, type=click.IntRange(1, 5000), help=_("最多多少条"))
@click.pass_context
def list_(context: click.Context, category: str | None, area: str, review_class: str | None, limit: int) -> None:
    """Families in payment."""
    from plugins.dibao.queries import AwardFilter, families

    wish = AwardFilter(category=category or "", area=area, review_class=review_class or "", limit=limit)
    with look(context) as work:
        found = families(work, wish)[:limit]
    rows = [
        (
            one["case"],
            one["applicant"],
            one["category_title"],
            one["members"],
            format_money(one["total_fen"]),
            one["place"],
        )
        for one in found
    ]
    headers = [_("申请编号"), _("申请人"), _("类别"), _("保障人数"), _("月补助"), _("区划")]
    emit(context, found, table(headers, rows) if rows else _("没有在保家庭"))


@group.command("recompute", help=_("在保家庭有出生、刑满释放等变化，从某月起重新测算"))
@_NUMBER
@command_options(wishes.Recompute)
@click.pass_context
def recompute(context: click.Context, number: str, **values: Any) -> None:
    """Compute a family in payment anew."""
    from plugins.dibao.services.life_events import recompute as act

    with begin(context) as work:
        found = act(work, number, checked(wishes.Recompute, **given(values)))
    emit(context, found, _("已重新测算"))


@group.command("job-refusal", help=_("登记介绍工作和拒绝情况"))
@_NUMBER
@command_options(wishes.RefuseJob)
@click.pass_context
def job_refusal(context: click.Context, number: str, **values: Any) -> None:
    """Record a job that was offered."""
    from plugins.dibao.services.jobs import record_offer

    with begin(context) as work:
        found = record_offer(work, number, checked(wishes.RefuseJob, **given(values)))
    emit(context, found, _("已登记，连续拒绝 {count} 次", count=found["refusals"]))


@price.command("set", help=_("设定 MONTH 月每人 YUAN 元的价格补贴，0 为撤销"))
@click.argument("month")
@click.argument("amount", metavar="YUAN")
@command_options(wishes.SetPrice, skip=("month", "amount"))
@click.pass_context
def set_price(context: click.Context, month: str, amount: str, **values: Any) -> None:
    """Set a price month."""
    from plugins.dibao.services.prices import set_price as act

    with begin(context) as work:
        row = act(work, checked(wishes.SetPrice, month=month, amount=amount, **given(values)))
        data = {"month": row.month, "amount_fen": row.amount_fen, "document": row.document}
    emit(context, data, _("已设定：{month} 每人 {amount} 元", month=month, amount=format_money(data["amount_fen"])))


@price.command("list", help=_("列出价格补贴月份"))
@click.pass_context
def list_prices(context: click.Context) -> None:
    """Price months."""
    from plugins.dibao.queries import price_months

    with look(context) as work:
        found = price_months(work)
    rows = [(one["month"], format_money(one["amount_fen"]), one["document"]) for one in found]
    emit(context, found, table([_("月份"), _("每人金额"), _("文号")], rows) if rows else _("还没有启动过价格补贴"))


@margin.command("register", help=_("把申请 NO 的家庭登记为低保边缘（或刚性支出困难）家庭"))
@_NUMBER
@command_options(wishes.Register)
@click.pass_context
def register(context: click.Context, number: str, **values: Any) -> None:
    """Put a family on the margin list."""
    from plugins.dibao.services.margins import register as act

    with begin(context) as work:
        row = act(work, number, checked(wishes.Register, **given(values)))
        data = {"id": row.id, "kind": row.kind, "members": row.members, "since": row.since}
    emit(context, data, _("已登记"))


@margin.command("leave", help=_("把家庭从低保边缘家庭名单移出"))
@_NUMBER
@command_options(wishes.Leave)
@click.pass_context
def leave(context: click.Context, number: str, **values: Any) -> None:
    """Take a family off the margin list."""
    from plugins.dibao.services.margins import leave as act

    with begin(context) as work:
        row = act(work, number, checked(wishes.Leave, **given(values)))
        data = {"id": row.id, "until": row.until}
    emit(context, data, _("已移出"))


@margin.command("list", help=_("列出低保边缘家庭"))
@click.option("--area", default="", help=_("只看这个区划及以下"))
@click.pass_context
def list_margins(context: click.Context, area: str) -> None:
    """Margin families."""
    from plugins.dibao.queries import margin_families

    with look(context) as work:
        found = margin_families(work, area)
    rows = [(one["case"], one["applicant"], one["members"], one["per_capita"], one["since"]) for one in found]
    headers = [_("申请编号"), _("申请人"), _("人数"), _("月人均收入"), _("起始日")]
    emit(context, found, table(headers, rows) if rows else _("没有低保边缘家庭"))


def _say(context: click.Context, found: dict[str, Any], text: str) -> None:
    """A calculation: its lines as a table, and what is to be looked at."""
    for one in (*found.get("objections", ()), *found.get("warnings", ())):
        say(f"{one['code']} {one['reason']}")
    rows = [(one["label"], one["figure"], one["note"]) for one in found.get("lines", ())]
    shown = table([_("项目"), _("金额"), _("说明")], rows)
    emit(context, found, f"{text}\n{shown}" if text else shown)


for _command in COMMANDS:
    group.add_command(_command)
