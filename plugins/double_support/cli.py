"""Commands of double support; the acts are those of the pages."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from core.api import NotFound, _, checked, find_person
from core.cli import Group, begin, command_options, emit, given, look, say, table
from plugins.double_support import wishes
from plugins.double_support.acts import LONG, PAYMENTS, ROOMS, VOCABULARIES, Act, Done, New, Room
from plugins.double_support.words import LEVELS

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("double-support", cls=Group, help=_("双拥工作：走访慰问、互办实事、模范创建、随军家属、国防教育"))
def group() -> None:
    """Double support."""


def _options(wish: Any, *skip: str) -> Callable[[Any], Any]:
    return command_options(wish, vocabularies=VOCABULARIES, skip=skip, long=LONG)


def _say(context: click.Context, done: Done, text: str) -> None:
    warnings = [{"code": one.code, "reason": one.reason} for one in done.warnings]
    for one in done.warnings:
        say(f"{one.code} {one.reason}")
    emit(context, {**done.data, "warnings": warnings}, text)


def _numbered(work: Any, right: str, values: dict[str, Any]) -> dict[str, Any]:
    """Options with a person typed by citizen number turned into an id."""
    if isinstance(values.get("person_id"), str):
        return values | {"person_id": find_person(work, values["person_id"], right).id}
    return values


def _people(command: Any, wish: Any) -> Any:
    """The option for the person of a wish: an id or a citizen number."""
    if "person_id" in wish.model_fields:
        return click.option("--person", "person_id", required=True, help=_("人员编号或身份证号"))(command)
    return command


def _adding(parent: Any, new: New) -> None:
    @click.pass_context
    def add(context: click.Context, **values: Any) -> None:
        with begin(context) as work:
            done = new.make(work, checked(new.wish, **_numbered(work, new.right, given(values))))
        _say(context, done, f"{_(new.done)} {done.data.get('number') or done.data.get('id')}")

    parent.command("add", help=_(new.title))(_people(_options(new.wish, "person_id")(add), new.wish))


def _acting(parent: Any, act: Act) -> None:
    @click.argument("thing", metavar="ID")
    @click.pass_context
    def run(context: click.Context, thing: str, **values: Any) -> None:
        with begin(context) as work:
            done = act.do(work, thing, checked(act.wish, **_numbered(work, act.right, given(values))))
        _say(context, done, _(act.done))

    parent.command(act.name, help=_(act.title))(_people(_options(act.wish, "person_id")(run), act.wish))


def _reading(parent: Any, room: Room) -> None:
    from plugins.double_support.queries import Filter
    from plugins.double_support.shapes import cards_of, cells_of, head_of
    from plugins.double_support.statistics import projects_facts, projects_in_words

    def state_of(one: Any) -> str:
        return _(room.states[one["state"]])

    @parent.command("list", help=_("列出：{title}", title=_(room.title)))
    @click.option("--state", type=click.Choice(list(room.states)), default=None, help=_("状态"))
    @click.option("--year", type=int, default=0, help=_("年度"))
    @click.option("--area", default="", help=_("只看这个区划及以下"))
    @click.option("--limit", default=50, type=click.IntRange(1, 5000), help=_("最多多少条"))
    @click.pass_context
    def list_(context: click.Context, state: str | None, year: int, area: str, limit: int) -> None:
        wish = Filter(state=state or "", area=area, year=year, limit=limit)
        with look(context) as work:
            if room.name == "projects":
                wish = replace(wish, year=year or work.today.year)
                facts = projects_facts(work, wish.year)
            else:
                facts = {}
            found = room.listed(work, wish)[:limit]
        if room.name == "projects":
            found.sort(key=lambda one: (one["no"], one["id"]))
        rows = [
            [
                head_of(room.name, one),
                *(text for _title, text in cells_of(room.name, one)),
                _(room.states[one["state"]]),
            ]
            for one in found
        ]
        headers = [_("编号"), *(title for title, _text in cells_of(room.name, found[0])), _("状态")] if found else []
        text = table(headers, rows) if rows else _("还没有登记")
        if not facts:
            emit(context, found, text)
            return
        shares = {name: None if facts[name] is None else float(facts[name]) for name in ("progress", "on_schedule")}
        emit(context, {**facts, **shares, "projects": found}, "\n".join([text, projects_in_words(facts)]))

    @parent.command("show", help=_("查看：{title}", title=_(room.title)))
    @click.argument("number", metavar="ID")
    @click.pass_context
    def show(context: click.Context, number: str) -> None:
        with look(context) as work:
            found = room.shown(work, number)
        rows = [list(row) for _title, lines in cards_of(room.name, found) for row in lines]
        emit(context, found, table([_("项目"), _("情况")], rows))


def _room(room: Room) -> None:
    @group.group(room.word, cls=Group, help=_(room.title))
    def inside() -> None:
        """One kind of thing."""

    if room.new is not None:
        _adding(inside, room.new)
    _reading(inside, room)
    for act in room.acts.values():
        _acting(inside, act)


for _one in ROOMS.values():
    _room(_one)


@group.command("self-assess", help=_("双拥自评：导入评分表（xlsx、csv 或 JSON），算出得分、否决和缺佐证的项目"))
@click.argument("file", type=_FILE)
@click.option("--level", type=click.Choice(list(LEVELS)), default=None, help=_("级别"))
@click.option("--year", type=int, default=None, help=_("年度，不填即今年"))
@click.pass_context
def self_assess(context: click.Context, file: Path, level: str | None, year: int | None) -> None:
    """Take a score sheet in as a new version and say what it comes to."""
    from plugins.double_support.score_files import read_score_sheet
    from plugins.double_support.services.assessing import sheet_facts, take_sheet

    if not file.is_file():
        raise NotFound(_("找不到文件 {file}", file=file))
    sheet = read_score_sheet(file.read_bytes(), file.name)
    sheet = replace(sheet, level=level or sheet.level, year=year or sheet.year)
    with begin(context) as work:
        made, warnings = take_sheet(work, sheet)
        facts = sheet_facts(work, made)
    _say(context, Done(facts, tuple(warnings)), facts["result"])


@group.command("streak", help=_("连续命名次数：待公布的另外显示"))
@click.option("--level", type=click.Choice(list(LEVELS)), default="province", help=_("级别"))
@click.pass_context
def streak(context: click.Context, level: str) -> None:
    """Titles won in a row."""
    from plugins.double_support.queries import SHOW
    from plugins.double_support.statistics import titles_facts

    with look(context) as work:
        work.require(SHOW)
        found = titles_facts(work, level)
    words = _("连续命名 {streak} 次，待公布的算上 {more} 次", streak=found["streak"], more=found["streak_if_confirmed"])
    emit(context, found, words)


@group.command("coverage", help=_("服务点覆盖率：有服务点的村（社区）占全部的比例"))
@click.pass_context
def coverage(context: click.Context) -> None:
    """Coverage of service points."""
    from plugins.double_support.queries import SHOW
    from plugins.double_support.statistics import coverage_facts

    with look(context) as work:
        work.require(SHOW)
        found = coverage_facts(work)
    plain = found | {"coverage": None if found["coverage"] is None else float(found["coverage"])}
    emit(context, plain, f"{found['points']} / {found['villages']} · {found['coverage']}%")


@group.command("schools", help=_("学校国防教育课时：每学年每所学校是否达标"))
@click.option("--school-year", default="", help=_("学年，例如 2025-2026"))
@click.pass_context
def schools(context: click.Context, school_year: str) -> None:
    """Schools against the hours asked for."""
    from plugins.double_support.queries import SHOW
    from plugins.double_support.statistics import school_year_on, schools_facts

    with look(context) as work:
        work.require(SHOW)
        found = schools_facts(work, school_year or school_year_on(work.today))
    rows = [[row["school"], f"{row['hours']:g}", _("达标") if row["met"] else _("不足")] for row in found["rows"]]
    plain = found | {"rate": None if found["rate"] is None else float(found["rate"])}
    emit(context, plain, table([_("学校"), _("课时"), _("是否达标")], rows))


@group.command("pay", help=_("把等待付款的生成资金批次：KIND 是 visits、spouses 或 units"))
@click.argument("kind", type=click.Choice(list(PAYMENTS)))
@_options(wishes.Pay)
@click.pass_context
def pay(context: click.Context, kind: str, **values: Any) -> None:
    """Put what waits into a month's batch."""
    from plugins.double_support.acts import pay as act

    with begin(context) as work:
        done = act(work, kind, checked(wishes.Pay, **given(values)))
    _say(context, done, _("批次已生成，请到资金提交"))


@group.command("print", help=_("打印文书（PDF）：KIND 是文书种类，ID 是编号或年度"))
@click.argument("kind")
@click.argument("number", default="")
@click.option("-o", "--output", "file", type=_FILE, required=True, help=_("写到这个文件"))
@click.pass_context
def print_(context: click.Context, kind: str, number: str, file: Path) -> None:
    """Write a paper as PDF."""
    from core.api import pdf
    from plugins.double_support.papers import paper_of

    with look(context) as work:
        sheet = paper_of(work, kind, number)
    file.write_bytes(pdf(sheet).content)
    emit(context, {"file": str(file)}, _("已写入 {file}", file=file))


@group.command("attach", help=_("上传材料：ROOM 是 projects、visits、plaques、items、agreements、events"))
@click.argument("room", type=click.Choice(["projects", "visits", "plaques", "items", "agreements", "events"]))
@click.argument("number", metavar="ID")
@click.argument("file", type=_FILE)
@click.option("--title", default="", help=_("材料名称"))
@click.pass_context
def attach(context: click.Context, room: str, number: str, file: Path, title: str) -> None:
    """Keep a proof with a thing."""
    from plugins.double_support.services.proving import keep_file

    if not file.is_file():
        raise NotFound(_("找不到文件 {file}", file=file))
    wish = checked(wishes.KeepFile, title=title, file_name=file.name, content=file.read_bytes())
    with begin(context) as work:
        done = keep_file(work, room, number, wish)
    emit(context, done, _("材料已上传"))
