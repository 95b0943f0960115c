"""Commands of orphan care: case, visit, review, sponsor, pairing, notice; the acts are those of the pages."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from core.api import _, checked, find_person, row_id
from core.cli import Group, begin, command_options, emit, given, look, say, table
from plugins.orphan_care.acts import CASE_ACTS, LONG, PAIRING_ACTS, SPONSOR_ACTS, VOCABULARIES, Act, Done
from plugins.orphan_care.wishes import ApplyCase
from plugins.orphan_care.words import STATES

_FILE = click.Path(path_type=Path, dir_okay=False)
_LIMIT = click.option("--limit", default=50, type=click.IntRange(1, 5000), help=_("最多多少条"))


@click.group("orphan-care", cls=Group, help=_("孤儿保障：儿童档案、走访、复核、结对"))
def group() -> None:
    """Orphan care."""


@group.group("case", cls=Group, help=_("儿童档案"))
def case() -> None:
    """Files of children."""


@group.group("visit", cls=Group, help=_("走访"))
def visit() -> None:
    """Visits."""


@group.group("review", cls=Group, help=_("复核和到期"))
def review() -> None:
    """Reviews."""


@group.group("sponsor", cls=Group, help=_("爱心人士"))
def sponsor() -> None:
    """Sponsors."""


@group.group("pairing", cls=Group, help=_("结对关爱"))
def pairing() -> None:
    """Pairings."""


@group.group("notice", cls=Group, help=_("按编号公示"))
def notice() -> None:
    """Notices."""


def _options(wish: Any) -> Callable[[Any], Any]:
    """The options of a wish, in its order."""
    return command_options(wish, vocabularies=VOCABULARIES, skip=("person_id",), long=LONG)


def _say(context: click.Context, done: Done, text: str) -> None:
    warnings = [{"code": one.code, "reason": one.reason} for one in done.warnings]
    for one in done.warnings:
        say(f"{one.code} {one.reason}")
    emit(context, {**done.data, "warnings": warnings}, text)


def _command(parent: Any, act: Act, argument: str) -> None:
    """One act as a command."""

    @parent.command(act.name, help=_(act.title))
    @click.argument("number", metavar=argument)
    @_options(act.wish)
    @click.pass_context
    def run(context: click.Context, number: str, **values: Any) -> None:
        with begin(context) as work:
            done = act.do(work, number, checked(act.wish, **given(values)))
        _say(context, done, _(act.done))


@case.command("apply", help=_("登记儿童申请：PERSON 是人员编号或身份证号"))
@click.argument("person")
@_options(ApplyCase)
@click.pass_context
def apply(context: click.Context, person: str, **values: Any) -> None:
    """Open the file of a child."""
    from plugins.orphan_care.acts import apply as act

    values.pop("person_id", None)
    with begin(context) as work:
        number = row_id(person) or find_person(work, person).id
        done = act(work, checked(ApplyCase, person_id=number, **given(values)))
    _say(context, done, _("已登记申请 {number}", number=done.data["number"]))


@case.command("list", help=_("列出辖区内的儿童档案"))
@click.option("--state", type=click.Choice(list(STATES)), default=None, help=_("状态"))
@click.option("--category", default="", help=_("类别代码"))
@click.option("--area", default="", help=_("只看这个区划及以下"))
@click.option("--missing", is_flag=True, help=_("只看接收后不完整的"))
@_LIMIT
@click.pass_context
def list_(context: click.Context, state: str | None, category: str, area: str, missing: bool, limit: int) -> None:
    """Files in one's areas."""
    from plugins.orphan_care.queries import CaseFilter, list_cases

    wish = CaseFilter(state=state or "", category=category, area=area, missing=missing, limit=limit)
    with look(context) as work:
        found = list_cases(work, wish)[:limit]
    rows = [
        [
            one["number"],
            one["name"],
            one["category_title"],
            _(STATES[one["state"]]),
            one["place"],
            one["from_month"] or "--",
        ]
        for one in found
    ]
    headers = [_("档案编号"), _("姓名"), _("类别"), _("状态"), _("区划"), _("起始月")]
    emit(context, found, table(headers, rows) if rows else _("没有符合条件的儿童档案"))


@case.command("show", help=_("看一份儿童档案，记入审计"))
@click.argument("number")
@click.pass_context
def show(context: click.Context, number: str) -> None:
    """One file in full."""
    from plugins.orphan_care.queries import show_case

    with look(context) as work:
        found = show_case(work, number)
    rows = [
        [_("档案编号"), found["number"]],
        [_("姓名"), found["name"]],
        [_("类别"), found["category_title"]],
        [_("状态"), _(STATES[found["state"]])],
        [_("起始月"), found["from_month"] or "--"],
    ]
    emit(context, found, table([_("项目"), _("情况")], rows))


@case.command("print", help=_("打印文书到 FILE（PDF）：application、agreement、authorisation、approval、stop、review"))
@click.argument("number")
@click.argument("kind")
@click.option("-o", "--output", "file", type=_FILE, required=True, help=_("写到这个文件"))
@click.pass_context
def print_(context: click.Context, number: str, kind: str, file: Path) -> None:
    """Write a paper as PDF."""
    from core.api import pdf
    from plugins.orphan_care.papers import case_paper

    with look(context) as work:
        sheet = case_paper(work, number, kind)
    file.write_bytes(pdf(sheet).content)
    emit(context, {"file": str(file)}, _("已写入 {file}", file=file))


@group.command("export", help=_("导出报送全国儿童福利信息系统的 CSV，记入审计"))
@click.option("-o", "--output", "file", type=_FILE, required=True, help=_("写到这个文件"))
@click.pass_context
def export(context: click.Context, file: Path) -> None:
    """Write the CSV for the national system."""
    from plugins.orphan_care.exporting import export_csv

    with begin(context) as work:
        content, count = export_csv(work)
    file.write_bytes(content)
    emit(context, {"file": str(file), "rows": count}, _("已导出 {count} 人", count=count))


@visit.command("due", help=_("列出应走访未走访的儿童"))
@click.option("--level", type=click.Choice(["village", "township"]), default="village", help=_("走访人"))
@_LIMIT
@click.pass_context
def due_visits(context: click.Context, level: str, limit: int) -> None:
    """Visits due."""
    from plugins.orphan_care.due_lists import visits_due

    with look(context) as work:
        found = visits_due(work, level)[:limit]
    _due(context, found)


@review.command("due", help=_("列出要办的复核、到期的情形、将满 18 周岁的儿童"))
@click.option(
    "--list", "name", type=click.Choice(["reviews", "bases", "ages"]), default="reviews", help=_("哪一张清单")
)
@click.pass_context
def due_reviews(context: click.Context, name: str) -> None:
    """Reviews due."""
    from plugins.orphan_care.due_lists import all_due

    with look(context) as work:
        found = all_due(work)[name]
    _due(context, found)


def _due(context: click.Context, found: Sequence[dict[str, Any]]) -> None:
    rows = [[one["number"], one["category_title"], one["place"], one["due_on"] or "--"] for one in found]
    headers = [_("档案编号"), _("类别"), _("区划"), _("期限")]
    emit(context, found, table(headers, rows) if rows else _("没有要办的"))


@sponsor.command("add", help=_("登记爱心人士或单位"))
@click.argument("name")
@click.option("--kind", type=click.Choice(["person", "organisation"]), default="person", help=_("个人或单位"))
@click.option("--contact", default="", help=_("联系方式，加密保存"))
@click.pass_context
def add_sponsor(context: click.Context, **values: Any) -> None:
    """Register a sponsor."""
    from plugins.orphan_care.services.pairing import add_sponsor as act
    from plugins.orphan_care.wishes import AddSponsor

    with begin(context) as work:
        made = act(work, checked(AddSponsor, **values))
        data = {"id": made.id}
    emit(context, data, _("已登记，编号 {id}", id=data["id"]))


@sponsor.command("list", help=_("列出爱心人士和背景查询"))
@click.pass_context
def list_sponsors(context: click.Context) -> None:
    """Sponsors."""
    from plugins.orphan_care.sponsors import list_sponsors as listed

    with look(context) as work:
        found = listed(work)
    rows = [[one["id"], one["name"], one["check_title"], one["checked_on"] or "--"] for one in found]
    headers = [_("编号"), _("姓名或单位"), _("背景查询"), _("查询日期")]
    emit(context, found, table(headers, rows) if rows else _("还没有登记爱心人士"))


@pairing.command("list", help=_("列出结对和兑现情况"))
@click.pass_context
def list_pairings(context: click.Context) -> None:
    """Pairings."""
    from plugins.orphan_care.sponsors import list_pairings as listed

    with look(context) as work:
        found = listed(work)
    rows = [[one["id"], one["case_number"], one["sponsor_name"], _share(one)] for one in found]
    headers = [_("编号"), _("档案编号"), _("爱心人士"), _("兑现率")]
    emit(context, found, table(headers, rows) if rows else _("还没有结对"))


@pairing.command("show", help=_("看一次结对：承诺、到位、联系"))
@click.argument("number", type=int)
@click.pass_context
def show_pairing(context: click.Context, number: int) -> None:
    """One pairing."""
    from plugins.orphan_care.sponsors import show_pairing as shown

    with look(context) as work:
        found = shown(work, number)
    rows = [[_("档案编号"), found["case_number"]], [_("爱心人士"), found["sponsor_name"]], [_("兑现率"), _share(found)]]
    emit(context, found, table([_("项目"), _("情况")], rows))


def _share(one: dict[str, Any]) -> str:
    return "--" if one["fulfilled"] is None else f"{one['fulfilled']}%"


@pairing.command("introduce", help=_("给爱心人士看的儿童情况：征得同意后只有名字、年龄段和需求"))
@click.argument("number", type=int)
@click.pass_context
def introduce(context: click.Context, number: int) -> None:
    """What a sponsor may see."""
    from plugins.orphan_care.sponsors import introduction

    with look(context) as work:
        found = introduction(work, number)
    rows = [[_("名字"), found["first_name"]], [_("年龄段"), found["age_band"]], [_("需求"), found["needs"]]]
    emit(context, found, table([_("项目"), _("情况")], rows))


@notice.command("open", help=_("开具只有编号和金额的公示"))
@click.argument("cases", nargs=-1, required=True, metavar="NUMBER...")
@click.option("--area", required=True, help=_("在哪个区划公示"))
@click.option("--column", "columns", multiple=True, default=("case", "amount"), help=_("栏目：case、amount"))
@click.option("--period", default="", help=_("所属月份，例如 2026-03"))
@click.pass_context
def open_notice(
    context: click.Context, cases: tuple[str, ...], area: str, columns: tuple[str, ...], period: str
) -> None:
    """Open a notice by number."""
    from plugins.orphan_care.publishing import request_notice
    from plugins.orphan_care.wishes import RequestNotice

    with begin(context) as work:
        wish = checked(RequestNotice, cases=list(cases), area=area, columns=list(columns), period=period)
        made = request_notice(work, wish)
    emit(context, {"id": made}, _("已开具公示 {id}", id=made))


for _act in CASE_ACTS.values():
    _command(case, _act, "NUMBER")
for _act in PAIRING_ACTS.values():
    _command(pairing, _act, "ID")
for _act in SPONSOR_ACTS.values():
    _command(sponsor, _act, "ID")
