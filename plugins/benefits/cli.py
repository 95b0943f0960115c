"""Commands of benefits: standards, institutions, enrolments, rolls, explanations, what-if runs."""

from pathlib import Path
from typing import Any

import click

from core.api import _, checked, find_person, format_money
from core.cli import Group, begin, emit, look, say, table
from plugins.benefits.enrol_cli import group as enrolments
from plugins.benefits.schemes import schemes_of

_FILE = click.Path(path_type=Path, dir_okay=False)
_REASON = click.option("--reason", default="", help=_("事由"))
_FROM = click.option("--from", "from_month", required=True, help=_("从哪个月起，例如 2026-01"))


@click.group("benefits", cls=Group, help=_("待遇：标准、享受登记、发放名册"))
def group() -> None:
    """Benefits."""


group.add_command(enrolments)


@group.group("standard", cls=Group, help=_("待遇标准"))
def standard() -> None:
    """Standards."""


@standard.command("set", help=_("设定 SCHEME 业务 CATEGORY 类别的标准（元），从某月起"))
@click.argument("scheme")
@click.argument("category")
@click.argument("amount", metavar="YUAN")
@click.option("--from", "valid_from", required=True, help=_("从哪个月起，例如 2026-01"))
@click.option("--document", required=True, help=_("文号"))
@click.option("--area", default="", help=_("只用于这个区划，不写即全县"))
@click.option("--unit", default="month", help=_("单位：month 月，quarter 季，year 年"))
@click.pass_context
def set_standard(context: click.Context, **given: Any) -> None:
    """Set a standard."""
    from plugins.benefits.services.standards import SetStandard
    from plugins.benefits.services.standards import set_standard as set_it

    with begin(context) as work:
        row = set_it(work, checked(SetStandard, **given))
        data = {
            "id": row.id,
            "scheme": row.scheme,
            "category": row.category,
            "amount_fen": row.amount_fen,
            "unit": row.unit,
            "area": row.area,
            "valid_from": row.valid_from,
            "document": row.document,
        }
    text = _(
        "已设定：{category} {amount} 元，{since} 起",
        category=data["category"],
        amount=format_money(data["amount_fen"]),
        since=data["valid_from"],
    )
    emit(context, data, text)


@standard.command("list", help=_("列出标准和历史"))
@click.option("--scheme", default="", help=_("只看这个业务"))
@click.pass_context
def list_standards(context: click.Context, scheme: str) -> None:
    """List standards."""
    from plugins.benefits.standards_now import list_standards as listed

    with look(context) as work:
        found = listed(work, scheme)
    rows = [
        (
            one["scheme"],
            one["category"],
            one["place"] or _("全县"),
            format_money(one["amount_fen"]),
            one["unit"],
            one["valid_from"],
            one["document"],
            _("执行中") if one["in_force"] else "",
        )
        for one in found
    ]
    headers = [_("业务"), _("类别"), _("区划"), _("标准"), _("单位"), _("起始月"), _("文号"), _("状态")]
    emit(context, found, table(headers, rows) if rows else _("还没有设定标准"))


@group.group("institution", cls=Group, help=_("机构和收款账户"))
def institution() -> None:
    """Institutions."""


@institution.command("set", help=_("登记或变更机构 CODE"))
@click.argument("code")
@click.option("--name", required=True, help=_("机构名称"))
@click.option("--area", default="", help=_("所在区划"))
@click.option("--account-name", default="", help=_("收款户名，不写即机构名称"))
@click.option("--account-number", default="", help=_("收款账号"))
@click.pass_context
def set_institution(context: click.Context, **given: Any) -> None:
    """Register an institution."""
    from plugins.benefits.services.institutions import SetInstitution
    from plugins.benefits.services.institutions import set_institution as set_it

    with begin(context) as work:
        row = set_it(work, checked(SetInstitution, **given))
        data = {"id": row.id, "code": row.code, "name": row.name}
    emit(context, data, _("已登记 {name}", name=data["name"]))


@institution.command("list", help=_("列出机构"))
@click.pass_context
def list_institutions(context: click.Context) -> None:
    """List institutions."""
    from plugins.benefits.queries import institutions

    with look(context) as work:
        found = institutions(work)
    rows = [(one["code"], one["name"], one["account_name"], one["account_tail"]) for one in found]
    headers = [_("机构代码"), _("机构名称"), _("收款户名"), _("账号尾号")]
    emit(context, found, table(headers, rows) if rows else _("还没有登记机构"))


@group.group("scheme", cls=Group, help=_("业务和起始月"))
def scheme() -> None:
    """Schemes."""


@scheme.command("list", help=_("列出业务和类别"))
@click.pass_context
def list_schemes(context: click.Context) -> None:
    """List schemes with their categories."""
    with look(context) as work:
        found: list[dict[str, Any]] = [
            {
                "scheme": one.name,
                "title": _(one.title),
                "categories": [{"code": part.code, "title": _(part.title)} for part in one.categories],
            }
            for one in sorted(schemes_of(work).values(), key=lambda one: one.name)
        ]
    rows = [(one["scheme"], one["title"], " ".join(part["code"] for part in one["categories"])) for one in found]
    emit(context, found, table([_("业务"), _("名称"), _("类别")], rows) if rows else _("还没有业务，先启用业务插件"))


@scheme.command("start", help=_("SCHEME 业务从 PERIOD 起由本系统负责，之前的月份不回头补"))
@click.argument("scheme")
@click.argument("month", metavar="PERIOD")
@_REASON
@click.pass_context
def start_scheme(context: click.Context, **given: Any) -> None:
    """Say from which month on rolls look back."""
    from plugins.benefits.services.rolls import StartScheme
    from plugins.benefits.services.rolls import start_scheme as start

    with begin(context) as work:
        row = start(work, checked(StartScheme, **given))
        data = {"scheme": row.scheme, "start": row.month}
    emit(context, data, _("{scheme} 从 {start} 起", **data))


@group.group("roll", cls=Group, help=_("发放名册：生成、查看"))
def roll() -> None:
    """Rolls."""


@roll.command("build", help=_("生成 SCHEME 业务一个月的名册；没有提交的重新生成，提交过的补差"))
@click.argument("scheme")
@click.option("--period", required=True, help=_("月份，例如 2026-03"))
@click.pass_context
def build(context: click.Context, scheme: str, period: str) -> None:
    """Build a roll: each chunk in a transaction of its own, so that a counter need not wait for all of it."""
    from plugins.benefits.services import rolls

    wish = checked(rolls.BuildRoll, scheme=scheme, period=period)
    if context.obj.dry_run:
        with begin(context) as work:
            result = rolls.build_roll(work, wish)
    else:
        with begin(context) as work:
            batch = rolls.begin_roll(work, wish).batch_id
        done = False
        while not done:
            with begin(context) as work:
                done = rolls.build_chunk(work, batch)
        with begin(context) as work:
            result = rolls.finish_roll(work, batch)
    for one in result["excluded"][:50] if not context.obj.json else []:
        say(_("{name} 没有列入：{reason}", name=one["name"], reason=one["reason"]))
    text = _(
        "批次 {batch}：{lines} 笔，合计 {total} 元，其中补发 {backpay} 元；没有列入 {excluded} 人",
        batch=result["batch"],
        lines=result["lines"],
        total=format_money(result["total_fen"]),
        backpay=format_money(result["backpay_fen"]),
        excluded=len(result["excluded"]),
    )
    emit(context, result, text)


@roll.command("show", help=_("看一个批次的名册"))
@click.argument("batch", type=int)
@click.option("--after", default=0, help=_("从这一行之后接着列"))
@click.option("--limit", default=50, type=click.IntRange(1, 1000), help=_("最多多少行"))
@click.pass_context
def show_roll(context: click.Context, batch: int, after: int, limit: int) -> None:
    """Show a roll."""
    from plugins.benefits.queries import log_read
    from plugins.benefits.rolls import show_roll as shown

    with look(context) as work:
        found = shown(work, batch, after, limit)
        log_read(work, found["scheme"], f"batch:{batch}", count=len(found["items"]))
    rows = [
        (
            one["id"],
            one["name"],
            one["for_month"],
            one["component"],
            one["category_title"],
            format_money(one["amount_fen"]),
        )
        for one in found["items"]
    ]
    text = _(
        "{scheme} {period}：{lines} 笔，{total} 元",
        scheme=found["scheme_title"],
        period=found["period"],
        lines=found["lines"],
        total=format_money(found["total_fen"]),
    )
    emit(
        context, found, text + "\n" + table([_("行"), _("姓名"), _("所属月份"), _("项目"), _("类别"), _("金额")], rows)
    )


@roll.command("list", help=_("列出名册"))
@click.option("--scheme", default="", help=_("业务"))
@click.pass_context
def list_rolls(context: click.Context, scheme: str) -> None:
    """List rolls."""
    from plugins.benefits.rolls import list_rolls as listed

    with look(context) as work:
        found = listed(work, scheme)
    rows = [
        (one["batch"], one["scheme_title"], one["period"], one["state"], one["lines"], format_money(one["total_fen"]))
        for one in found
    ]
    headers = [_("批次"), _("业务"), _("月份"), _("状态"), _("笔数"), _("金额")]
    emit(context, found, table(headers, rows) if rows else _("还没有名册"))


@group.command("explain", help=_("说明 ID（编号或身份证号码）在一个月的名册里为什么是这个金额"))
@click.argument("scheme")
@click.argument("person", metavar="ID")
@click.option("--period", required=True, help=_("月份，例如 2026-03"))
@click.pass_context
def explain(context: click.Context, scheme: str, person: str, period: str) -> None:
    """Explain an amount."""
    from plugins.benefits.explaining import explain as explained
    from plugins.benefits.queries import log_read

    with look(context) as work:
        found = explained(work, scheme, find_person(work, person).id or 0, period)
        log_read(work, scheme, f"person:{found['person_id']}")
    lines = [
        _(
            "{name} {scheme} {period}：{total} 元",
            name=found["name"],
            scheme=found["scheme_title"],
            period=period,
            total=format_money(found["total_fen"]),
        )
    ]
    for line in found["lines"]:
        amount = format_money(line["amount_fen"])
        lines.append(
            _("{month} {component}：{amount} 元", month=line["for_month"], component=line["component"], amount=amount)
        )
        lines.extend(f"  {sentence}" for sentence in line["sentences"])
    emit(context, found, "\n".join(lines))


@group.command("what-if", help=_("试算：CATEGORY 的标准改为 YUAN 元，谁增谁减、要多少钱；不写入"))
@click.argument("scheme")
@click.argument("category")
@click.argument("amount", metavar="YUAN")
@click.option("--period", required=True, help=_("月份，例如 2026-03"))
@click.pass_context
def what_if(context: click.Context, scheme: str, category: str, amount: str, period: str) -> None:
    """Try another standard."""
    from plugins.benefits.what_if import what_if as tried

    with look(context) as work:
        found = tried(work, scheme, category, amount, period)
    words = (
        _("增加 {winners} 户，减少 {losers} 户，不变 {unchanged} 户；每月多支出 {cost} 元")
        if found["beneficiary"] == "family"
        else _("增加 {winners} 人，减少 {losers} 人，不变 {unchanged} 人；每月多支出 {cost} 元")
    )
    text = words.format(
        winners=found["winners"],
        losers=found["losers"],
        unchanged=found["unchanged"],
        cost=format_money(found["cost_fen"]),
    )
    emit(context, found, text)
