"""Commands for the county's work with dibao: campaigns, checks of standards, coverage, changes, figures, lists."""

from pathlib import Path
from typing import Any

import click

from core.api import _, checked, format_money
from core.cli import Group, begin, command_options, emit, given, look, table
from plugins.dibao import wishes
from plugins.dibao.words import AREA_KINDS, CAMPAIGNS, LINKED, RESULTS

_FILE = click.Path(path_type=Path, dir_okay=False)
_MONTH = click.option("--month", default="", help=_("月份，不写即本月"))
_VOCABULARIES = (CAMPAIGNS, RESULTS, LINKED)


@click.group("campaign", cls=Group, help=_("专项复核：冻结名单、登记结果"))
def campaign() -> None:
    """Campaigns."""


@click.group("linked", cls=Group, help=_("提供给其他部门的联动帮扶名单"))
def linked() -> None:
    """Linked benefits."""


@click.group("standard", cls=Group, help=_("低保标准核对"))
def standard() -> None:
    """Standards."""


@click.group("raise", cls=Group, help=_("提标测算"))
def raising() -> None:
    """Raises."""


@campaign.command("start", help=_("冻结在保家庭名单，开始专项复核"))
@command_options(wishes.StartCampaign, vocabularies=_VOCABULARIES)
@click.pass_context
def start(context: click.Context, **values: Any) -> None:
    """Start a campaign."""
    from plugins.dibao.services.campaigns import progress
    from plugins.dibao.services.campaigns import start as act

    with begin(context) as work:
        data = progress(work, act(work, checked(wishes.StartCampaign, **given(values))))
    emit(context, data, _("名单已冻结：{count} 户", count=data["frozen"]))


@campaign.command("result", help=_("登记一户的专项复核结果"))
@click.argument("number", type=int, metavar="ID")
@command_options(wishes.CampaignResult, vocabularies=_VOCABULARIES)
@click.pass_context
def result(context: click.Context, number: int, **values: Any) -> None:
    """Record what became of a family."""
    from plugins.dibao.services.campaigns import record_result

    with begin(context) as work:
        row = record_result(work, number, checked(wishes.CampaignResult, **given(values)))
        data = {"result": row.result, "before_fen": row.before_fen, "after_fen": row.after_fen}
    emit(context, data, _("已登记"))


@campaign.command("end", help=_("结束专项复核"))
@click.argument("number", type=int, metavar="ID")
@click.pass_context
def end(context: click.Context, number: int) -> None:
    """End a campaign."""
    from plugins.dibao.services.campaigns import end as act
    from plugins.dibao.services.campaigns import progress

    with begin(context) as work:
        data = progress(work, act(work, number))
    emit(context, data, _("专项复核已结束"))


@campaign.command("list", help=_("列出专项复核和进度"))
@click.pass_context
def list_campaigns(context: click.Context) -> None:
    """Campaigns with their progress."""
    from plugins.dibao.campaigns import list_campaigns as listed

    with look(context) as work:
        found = listed(work)
    rows = [(one["id"], one["title"], one["frozen"], one["done"], one["stopped"], one["added"]) for one in found]
    headers = [_("编号"), _("名称"), _("冻结户数"), _("已核"), _("停发"), _("新增")]
    emit(context, found, table(headers, rows) if rows else _("还没有专项复核"))


@linked.command("give", help=_("冻结在保人员名单，提供给主管部门"))
@command_options(wishes.GiveList, vocabularies=_VOCABULARIES)
@click.pass_context
def give(context: click.Context, **values: Any) -> None:
    """Give a list."""
    from plugins.dibao.services.campaigns import give_list

    with begin(context) as work:
        row = give_list(work, checked(wishes.GiveList, **given(values)))
        data = {"id": row.id, "persons": row.persons}
    emit(context, data, _("名单已提供：{count} 人", count=data["persons"]))


@linked.command("answer", help=_("登记主管部门对一个人的反馈"))
@click.argument("number", type=int, metavar="ID")
@command_options(wishes.AnswerList)
@click.pass_context
def answer(context: click.Context, number: int, **values: Any) -> None:
    """Record an answer."""
    from plugins.dibao.services.campaigns import answer_list

    with begin(context) as work:
        row = answer_list(work, number, checked(wishes.AnswerList, **given(values)))
        data = {"person_id": row.person_id, "granted": row.granted}
    emit(context, data, _("已登记"))


@linked.command("list", help=_("列出联动帮扶名单"))
@click.pass_context
def list_linked(context: click.Context) -> None:
    """Lists."""
    from plugins.dibao.campaigns import list_linked as listed

    with look(context) as work:
        found = listed(work)
    rows = [(one["id"], one["kind_title"], one["department"], one["persons"], one["answered"]) for one in found]
    headers = [_("编号"), _("项目"), _("主管部门"), _("人数"), _("已反馈")]
    emit(context, found, table(headers, rows) if rows else _("还没有提供过名单"))


@standard.command("check", help=_("核对标准：省定最低、提标幅度、占收入比例、人均补差"))
@_MONTH
@click.pass_context
def check(context: click.Context, month: str) -> None:
    """Check the standards."""
    from plugins.dibao.standard_checks import standard_checks

    with look(context) as work:
        found = standard_checks(work, month)
    _checks(context, found)


@click.command("coverage", help=_("低保覆盖率"))
@_MONTH
@click.pass_context
def coverage(context: click.Context, month: str) -> None:
    """Coverage."""
    from plugins.dibao.standard_checks import coverage as asked

    with look(context) as work:
        found = asked(work, month)
    _checks(context, found)


@click.command("change-table", help=_("某月变动表：新增、调高、调低、停发、补发"))
@click.argument("month")
@click.option("-o", "--output", "file", type=_FILE, default=None, help=_("打印成 PDF 写到这个文件"))
@click.pass_context
def change_table(context: click.Context, month: str, file: Path | None) -> None:
    """The changes of a month."""
    from plugins.dibao.papers import change_table as drawn

    with look(context) as work:
        sheet = drawn(work, month)
    if file is not None:
        from core.api import pdf

        file.write_bytes(pdf(sheet).content)
    names = [one.name for one in sheet.columns]
    data = [dict(zip(names, row, strict=True)) for row in sheet.rows]
    rows = [(*row[:5], _fen(row[5]), _fen(row[6]), _fen(row[7])) for row in sheet.rows]
    headers = [_("申请编号"), _("申请人"), _("区划"), _("人数"), _("变动"), _("原月补助"), _("现月补助"), _("增减")]
    emit(context, data, table(headers, rows) if rows else _("{month} 没有变动", month=month))


@click.command("statistics", help=_("报送上级的月度指标"))
@_MONTH
@click.pass_context
def statistics(context: click.Context, month: str) -> None:
    """The monthly figures."""
    from plugins.dibao.statistics import indicators

    with look(context) as work:
        work.require("dibao.show")
        rows = list(indicators(work, month or None))
    data = [{"name": name, "figure": figure, "note": note} for name, figure, note in rows]
    emit(context, data, table([_("指标"), _("数值"), _("说明")], rows))


@click.command("accountability", help=_("责任追究：审批有误的家庭、每一环节的经办人、差错种类和金额"))
@click.option("--month", default="", help=_("只看这个月发现的"))
@click.pass_context
def accountability(context: click.Context, month: str) -> None:
    """Wrong approvals with their officers."""
    from plugins.dibao.accountability import as_data, wrong_approvals

    with look(context) as work:
        data = [as_data(one) for one in wrong_approvals(work, month)]
    rows = [
        (one["case"], one["kind_title"], one["found_on"], format_money(one["amount_fen"]), one["officers_said"])
        for one in data
    ]
    headers = [_("申请编号"), _("差错种类"), _("发现日期"), _("涉及金额"), _("各环节经办人")]
    emit(context, data, table(headers, rows) if rows else _("没有发现审批有误的家庭"))


@click.command("two-lines", help=_("两线合一比对：只在农村低保、只在防返贫监测名单的人"))
@click.pass_context
def two_lines(context: click.Context) -> None:
    """Who stands on one list only."""
    from plugins.dibao.two_lines import one_line_only

    with look(context) as work:
        data = one_line_only(work)
    rows = [(one["list_title"], one["name"], one["place"], one["case"]) for one in data]
    headers = [_("名单"), _("姓名"), _("区划"), _("申请编号")]
    emit(context, data, table(headers, rows) if rows else _("两个名单一致，或还没有导入防返贫监测名单"))


@click.command("export", help=_("导出报送全国低收入人口平台的 CSV（按人），记入审计"))
@click.option("-o", "--output", "file", type=_FILE, required=True, help=_("写到这个文件"))
@_MONTH
@click.pass_context
def export(context: click.Context, file: Path, month: str) -> None:
    """Write the CSV for the national platform."""
    from plugins.dibao.exporting import export_csv

    with begin(context) as work:
        content, count = export_csv(work, month)
    file.write_bytes(content)
    emit(context, {"file": str(file), "rows": count}, _("已导出 {count} 人", count=count))


@click.command("post", help=_("开具 AREA 村的在保家庭长期公示：申请人、人数、金额"))
@click.argument("area")
@click.pass_context
def post(context: click.Context, area: str) -> None:
    """Open the long-term list of a village."""
    from plugins.dibao.publishing import post_recipients

    with begin(context) as work:
        made = post_recipients(work, area)
    emit(context, {"id": made}, _("已开具公示 {id}", id=made))


@click.command("print", help=_("打印文书到 FILE（PDF）：certificate、explanation、archive"))
@click.argument("number", metavar="NO")
@click.argument("kind")
@click.option("-o", "--output", "file", type=_FILE, required=True, help=_("写到这个文件"))
@click.pass_context
def print_(context: click.Context, number: str, kind: str, file: Path) -> None:
    """Write a paper as PDF."""
    from core.api import pdf
    from plugins.dibao.papers import case_paper

    with look(context) as work:
        sheet = case_paper(work, number, kind)
    file.write_bytes(pdf(sheet).content)
    emit(context, {"file": str(file)}, _("已写入 {file}", file=file))


@raising.command("preview", help=_("CATEGORY 标准提到 YUAN 元时：谁增谁减、每月每年多少钱、幅度是否达标"))
@click.argument("category", type=click.Choice(list(AREA_KINDS)))
@click.argument("amount", metavar="YUAN")
@click.option("--from", "month", required=True, help=_("从哪个月起，例如 2026-01"))
@click.pass_context
def preview(context: click.Context, category: str, amount: str, month: str) -> None:
    """What another standard would change."""
    from plugins.dibao.raising import preview as asked

    with look(context) as work:
        found = asked(work, category, amount, month)
    rows = [
        [_("增加"), _("{count} 户", count=found["winners"])],
        [_("减少"), _("{count} 户", count=found["losers"])],
        [_("每月多发"), format_money(found["cost_fen"])],
        [_("提标幅度"), "--" if found["rise_percent"] is None else f"{found['rise_percent']}%"],
    ]
    emit(context, found, table([_("项目"), _("数值")], rows))


@raising.command("apply", help=_("CATEGORY 新标准设定后，按它更新在保家庭的核定（一次算完，渐退户不变）"))
@click.argument("category", type=click.Choice(list(AREA_KINDS)))
@click.option("--from", "month", required=True, help=_("从哪个月起，例如 2026-01"))
@click.pass_context
def apply(context: click.Context, category: str, month: str) -> None:
    """Renew the awards by a standard that was set."""
    from plugins.dibao.services.raising import raise_awards

    with begin(context) as work:
        found = raise_awards(work, category, month)
    emit(context, found, _("已更新 {count} 户的核定", count=found["changed"]))


def _checks(context: click.Context, found: Any) -> None:
    from plugins.dibao.standard_checks import as_data

    data = [as_data(one) for one in found]
    met = {None: _("未知"), True: _("达到"), False: _("未达到")}
    rows = [
        (one["area"], one["category_title"], one["name"], one["found"], one["wanted"], met[one["met"]], one["note"])
        for one in data
    ]
    headers = [_("区划"), _("类别"), _("核对项目"), _("实际"), _("要求"), _("结果"), _("说明")]
    emit(context, data, table(headers, rows))


def _fen(amount: int | None) -> str:
    return "--" if amount is None else format_money(amount)


COMMANDS = (
    campaign,
    linked,
    standard,
    raising,
    coverage,
    change_table,
    statistics,
    accountability,
    two_lines,
    export,
    post,
    print_,
)
"""What belongs to the group ``dibao``."""
