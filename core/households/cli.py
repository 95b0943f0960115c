"""Commands of households: import, export, list, show, and what happens to a household."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.cli import DATE, Group, begin, emit, look, say, table
from core.cli.files import read_given, write_marked, write_new, write_within
from core.households.duplicate_cli import group as duplicates
from core.households.group_cli import group as groups
from core.texts import _
from core.values import row_id

if TYPE_CHECKING:
    from core.households.importing.run import Outcome
    from core.wishes import Wish

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("household", cls=Group, help=_("家庭：导入、导出、查看、分户、并户、迁移"))
def group() -> None:
    """Households."""


group.add_command(groups)
group.add_command(duplicates)


@group.command(
    "import", help=_("导入名册（xlsx、xls、ods、csv）。有一处错误就全部不写入；加 --only-valid 只导入没有错误的户")
)
@click.argument("file", type=_FILE, required=False)
@click.option("--only-valid", is_flag=True, help=_("有错误的户整户留下，其余导入"))
@click.option("--archive", is_flag=True, help=_("旧档案：接受 15 位身份证号码，换算成 18 位，原号码一并保存"))
@click.option("--template", type=_FILE, default=None, help=_("写一份空白模板到这个文件"))
@click.pass_context
def import_roster(
    context: click.Context, file: Path | None, only_valid: bool, archive: bool, template: Path | None
) -> None:
    """Import a roster, or write the template."""
    if template is not None:
        _write_template(context, template)
        return
    if file is None:
        raise click.UsageError(_("请指明要导入的文件"), context)
    from core.households.importing.run import import_file

    data = read_given(file)
    with begin(context) as work:
        outcome = import_file(work, data, file.name, only_valid, archive=archive)
        rows_max = work.policy("households.marked_rows_max")
    _tell(context, outcome, _marked_file(context, outcome, (file, data, rows_max)))
    if outcome.refused:
        raise SystemExit(3)
    if outcome.left_out:
        raise SystemExit(7)


def _write_template(context: click.Context, file: Path) -> None:
    from core.households.importing.template import template

    if not context.obj.dry_run:
        write_new(file, template())
    emit(context, {"file": str(file)}, _("模板已写入 {file}", file=file))


def _marked_file(context: click.Context, outcome: "Outcome", source: tuple[Path, bytes, int]) -> str | None:
    """Write the marked workbook beside the clerk's own; its path, or None when there is nothing to mark."""
    file, data, rows_max = source
    if not outcome.checked.findings.errors or context.obj.dry_run:
        return None
    from core.households.importing.marking import marked_workbook

    return write_marked(file, marked_workbook(data, outcome.checked, rows_max))


def _tell(context: click.Context, outcome: "Outcome", error_file: str | None) -> None:
    result = outcome.as_json(error_file)
    for one in result["errors"][:50] if not context.obj.json else []:
        place = f"{one['sheet']} {one['column']}{one['row']}"
        say(f"{place}  {one['code']}  {one['message']}  {one['value']}")
    text = _(
        "共 {rows} 行：新增 {imported}，更新 {updated}，未变 {skipped}，错误 {errors} 处，提示 {warnings} 处",
        **{name: len(value) if isinstance(value, list) else value for name, value in result.items()},
    )
    if outcome.refused:
        text += "\n" + _("有错误，全部没有写入。改好后再导入，或加 --only-valid 只导入没有错误的户")
    if error_file:
        text += "\n" + _("标注了错误的表：{file}", file=error_file)
    emit(context, result, text)


@group.command("list", help=_("列出户，按户号"))
@click.option("--area", default="", help=_("只看这个区划及以下"))
@click.option("--number", default="", help=_("户号的开头"))
@click.option("--after", default="", help=_("从这个户号之后接着列"))
@click.option("--limit", default=50, type=click.IntRange(1, 1000), help=_("最多多少户"))
@click.option("--closed", is_flag=True, help=_("也列出已注销的户"))
@click.pass_context
def list_households(context: click.Context, **given: Any) -> None:
    """List households."""
    from core.households import queries

    with look(context) as work:
        found = queries.list_households(work, queries.HouseholdFilter(**given))
    rows = [(one["number"], one["head"], one["members"], one["area"], one["address"]) for one in found["households"]]
    text = table([_("户号"), _("户主"), _("人数"), _("区划"), _("地址")], rows) if rows else _("没有符合条件的户")
    emit(context, found, text)


@group.command("show", help=_("看一户：户号或编号"))
@click.argument("household")
@click.option("--on", type=DATE, default=None, help=_("看这一天的成员"))
@click.option("--history", is_flag=True, help=_("连同变更记录"))
@click.pass_context
def show(context: click.Context, household: str, on: date | None, history: bool) -> None:
    """Show a household with its members."""
    from core.households import queries

    with look(context) as work:
        found = queries.find_household(work, household)
        shown = queries.show_household(work, found.id or 0, on)
        if history:
            shown["history"] = queries.household_history(work, found.id or 0)
    places = " ".join(area["name"] for area in shown["areas"])
    members = [(one["id"], one["name"], one["relation_name"], one["sex"], one["age"] or "") for one in shown["members"]]
    text = f"{shown['number']}  {places}  {shown['address']}\n" + table(
        [_("编号"), _("姓名"), _("与户主关系"), _("性别"), _("年龄")], members
    )
    emit(context, shown, text)


@group.command("export", help=_("把辖区内的户导出为 Excel，号码脱敏，留审计记录"))
@click.argument("file", type=_FILE)
@click.option("--area", default="", help=_("只导出这个区划及以下"))
@click.pass_context
def export(context: click.Context, file: Path, area: str) -> None:
    """Export households to a new workbook."""
    from core.households.exporting import export_households

    with begin(context) as work:
        data, count = export_households(work, area)
        write_within(work, file, data)
    emit(context, {"file": str(file), "rows": count}, _("已写入 {file}，共 {rows} 行", file=file, rows=count))


_MEMBER = click.option("--member", "members", multiple=True, help=_("成员=关系，例如 --member 7=户主 --member 8=妻"))
_ON = click.option("--on", "on", type=DATE, required=True, help=_("从哪一天起"))
_REASON = click.option("--reason", default="", help=_("事由"))


def _wish(model: "type[Wish]", **given: Any) -> "Wish":
    """The wish of a command, or every objection to it at its option."""
    from core.wishes import checked

    return checked(model, **given)


def _members(texts: tuple[str, ...]) -> list[dict[str, Any]]:
    found = []
    for text in texts:
        person, _sign, relation = text.partition("=")
        if not row_id(person) or not relation.strip():
            raise click.UsageError(_("“{text}”应写成 编号=关系，例如 7=户主", text=text))
        found.append({"person_id": row_id(person), "relation": relation.strip()})
    return found


def _done(context: click.Context, household: Any, text: str) -> None:
    emit(context, {"id": household.id, "number": household.number, "area": household.area}, text)


@group.command("add", help=_("登记新户，写明全部成员和关系"))
@click.argument("number")
@click.option("--area", required=True, help=_("12 位村（社区）代码"))
@click.option("--address", default="", help=_("详细地址"))
@_MEMBER
@_ON
@click.pass_context
def add(context: click.Context, members: tuple[str, ...], **given: Any) -> None:
    """Open a household."""
    from core.households.services import open_household
    from core.households.wishes import OpenHousehold

    with begin(context) as work:
        made = open_household(work, _wish(OpenHousehold, **given, members=_members(members)))
    _done(context, made, _("已登记 {number}", number=made.number))


@group.command("members", help=_("重新写明一户的全部成员和关系；没写到的人即迁出"))
@click.argument("household")
@_MEMBER
@_ON
@_REASON
@click.pass_context
def members(context: click.Context, household: str, members: tuple[str, ...], **given: Any) -> None:
    """Say anew who belongs to a household."""
    from core.households.queries import find_household
    from core.households.services import change_members
    from core.households.wishes import ChangeMembers

    with begin(context) as work:
        found = find_household(work, household, "household.change")
        change_members(work, found.id or 0, _wish(ChangeMembers, members=_members(members), **given))
    _done(context, found, _("已变更 {number} 的成员", number=found.number))


@group.command("head", help=_("换户主：写明全部成员与新户主的关系"))
@click.argument("household")
@_MEMBER
@_ON
@_REASON
@click.pass_context
def head(context: click.Context, household: str, members: tuple[str, ...], **given: Any) -> None:
    """Make another member the head."""
    from core.households.queries import find_household
    from core.households.services import change_head
    from core.households.wishes import ChangeMembers

    with begin(context) as work:
        found = find_household(work, household, "household.change")
        change_head(work, found.id or 0, _wish(ChangeMembers, members=_members(members), **given))
    _done(context, found, _("已变更 {number} 的户主", number=found.number))


@group.command("split", help=_("分户：写明谁去新户（--leaving）、谁留下（--staying）"))
@click.argument("household")
@click.argument("number")
@click.option("--leaving", multiple=True, help=_("去新户的成员=与新户主的关系"))
@click.option("--staying", multiple=True, help=_("留下的成员=与户主的关系"))
@click.option("--area", default="", help=_("新户的村（社区）代码，不写即原址"))
@click.option("--address", default=None, help=_("新户的地址"))
@_ON
@_REASON
@click.pass_context
def split(
    context: click.Context, household: str, leaving: tuple[str, ...], staying: tuple[str, ...], **given: Any
) -> None:
    """Make part of a household one of its own."""
    from core.households.queries import find_household
    from core.households.services import split_household
    from core.households.wishes import SplitHousehold

    with begin(context) as work:
        found = find_household(work, household, "household.change")
        wish = _wish(SplitHousehold, leaving=_members(leaving), staying=_members(staying), **given)
        made = split_household(work, found.id or 0, wish)
    _done(context, made, _("已分户，新户 {number}", number=made.number))


@group.command("merge", help=_("并户：把 GONE 并入 HOUSEHOLD，写明全部成员和关系"))
@click.argument("household")
@click.argument("gone")
@_MEMBER
@_ON
@_REASON
@click.pass_context
def merge(context: click.Context, household: str, gone: str, members: tuple[str, ...], **given: Any) -> None:
    """Take another household in."""
    from core.households.queries import find_household
    from core.households.services import merge_households
    from core.households.wishes import MergeHouseholds

    with begin(context) as work:
        found = find_household(work, household, "household.change")
        other = find_household(work, gone, "household.change")
        merge_households(
            work, found.id or 0, MergeHouseholds(gone_id=other.id or 0, members=_members(members), **given)
        )
    _done(context, found, _("已并入 {number}", number=found.number))


@group.command("move", help=_("整户迁移到县内另一个村（社区）或地址"))
@click.argument("household")
@click.option("--area", required=True, help=_("12 位村（社区）代码"))
@click.option("--address", default="", help=_("详细地址"))
@_ON
@_REASON
@click.pass_context
def move(context: click.Context, household: str, **given: Any) -> None:
    """Move a household within the county."""
    from core.households.queries import find_household
    from core.households.services import move_household
    from core.households.wishes import MoveHousehold

    with begin(context) as work:
        found = find_household(work, household, "household.change")
        move_household(work, found.id or 0, _wish(MoveHousehold, **given))
    _done(context, found, _("{number} 已迁到 {area}", number=found.number, area=found.area))


@group.command("close", help=_("注销没有在册成员的户"))
@click.argument("household")
@_ON
@click.option("--reason", required=True, help=_("事由"))
@click.pass_context
def close(context: click.Context, household: str, **given: Any) -> None:
    """Close a household."""
    from core.households.queries import find_household
    from core.households.services import close_household
    from core.households.wishes import CloseHousehold

    with begin(context) as work:
        found = find_household(work, household, "household.change")
        close_household(work, found.id or 0, _wish(CloseHousehold, **given))
    _done(context, found, _("{number} 已注销", number=found.number))


@group.command("reindex", help=_("重建查找索引"))
@click.pass_context
def reindex(context: click.Context) -> None:
    """Make the search index anew."""
    from core.households.search import rebuild_index

    with begin(context) as work:
        count = rebuild_index(work)
    emit(context, {"people": count}, _("已重建，共 {people} 人", people=count))
