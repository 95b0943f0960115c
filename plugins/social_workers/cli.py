"""Commands of social work; the acts are those of the pages."""

from pathlib import Path
from typing import Any

import click

from core.api import NotFound, _, checked
from core.cli import (
    DATE,
    Group,
    add_acts,
    add_start,
    begin,
    emit,
    given,
    look,
    say_done,
    table,
    wish_options,
)
from plugins.social_workers import project_wishes, wishes
from plugins.social_workers.acts import ACTING, ROOMS, Room

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("social-workers", cls=Group, help=_("社会工作：社工、机构、项目、个案、小组、活动"))
def group() -> None:
    """Social work."""


def _reading(parent: Any, room: Room) -> None:
    from plugins.social_workers.cards import cards_of
    from plugins.social_workers.queries import Filter
    from plugins.social_workers.showing import cells_of, head_of, state_of

    @parent.command("list", help=_("列出：{title}", title=_(room.title)))
    @click.option("--state", type=click.Choice(list(room.states)), default=None, help=_("状态"))
    @click.option("--area", default="", help=_("只看这个区划及以下"))
    @click.option("--limit", default=50, type=click.IntRange(1, 5000), help=_("最多多少条"))
    @click.pass_context
    def list_(context: click.Context, state: str | None, area: str, limit: int) -> None:
        with look(context) as work:
            found = room.listed(work, Filter(state=state or "", area=area, limit=limit))[:limit]
        cells = [[head_of(room.name, one), *(value for _name, value in cells_of(room.name, one))] for one in found]
        rows = [[*row, state_of(room.name, one)[0]] for row, one in zip(cells, found, strict=True)]
        headers = [_("编号"), *(name for name, _value in cells_of(room.name, found[0])), _("状态")] if found else []
        emit(context, found, table(headers, rows) if rows else _("还没有登记"))

    @parent.command("show", help=_("查看：{title}", title=_(room.title)))
    @click.argument("number", metavar="ID")
    @click.pass_context
    def show(context: click.Context, number: str) -> None:
        with look(context) as work:
            found = room.shown(work, number)
        rows = [list(row) for _title, lines in cards_of(room.name, found) for row in lines]
        emit(context, found, table([_("项目"), _("情况")], rows))


def _room(room: Room) -> Any:
    @group.group(room.word, cls=Group, help=_(room.title))
    def inside() -> None:
        """One kind of thing."""

    add_start(inside, ACTING, room.name)
    _reading(inside, room)
    add_acts(inside, ACTING, room.name)
    return inside


_GROUPS = {room.name: _room(room) for room in ROOMS.values()}


@group.group("registration", cls=Group, help=_("职业水平证书登记"))
def registration() -> None:
    """Registrations of certificates."""


@registration.command("show", help=_("看一名社工的登记：有效期、再登记时间、继续教育学时；ID 是社工编号或身份证号"))
@click.argument("number", metavar="ID")
@click.pass_context
def show_registration(context: click.Context, number: str) -> None:
    """Where a registration stands."""
    from plugins.social_workers.services.workers import registration_facts
    from plugins.social_workers.showing import registration_rows

    with look(context) as work:
        found = registration_facts(work, number)
    emit(context, found, table([_("项目"), _("情况")], [list(row) for row in registration_rows(found)]))


@_GROUPS["projects"].command("score", help=_("项目得分：各指标完成情况和加权得分"))
@click.argument("number", metavar="ID")
@click.option("--on", "day", type=DATE, default=None, help=_("评分日期，不填即今天"))
@click.pass_context
def score(context: click.Context, number: str, day: Any) -> None:
    """The weighted score of a project."""
    from plugins.social_workers.measuring import score_facts
    from plugins.social_workers.queries import own_project
    from plugins.social_workers.showing import score_rows

    with look(context) as work:
        found = score_facts(work, own_project(work, number), day or work.today)
    emit(context, found, table([_("服务指标"), _("情况")], [list(row) for row in score_rows(found)]))


@_GROUPS["exams"].command("figure", help=_("登记以前年度的考试数据"))
@wish_options(ACTING, wishes.ExamYear)
@click.pass_context
def exam_figure(context: click.Context, **values: Any) -> None:
    """The exam of a year before there were sign-ups."""
    from plugins.social_workers.acts import add_exam_figure

    with begin(context) as work:
        done = add_exam_figure(work, checked(wishes.ExamYear, **given(values)))
    say_done(context, done, _("考试数据已登记"))


@_GROUPS["exams"].command("rate", help=_("一个年度的报考、参考、通过和通过率"))
@click.option("--year", type=int, required=True, help=_("年度"))
@click.pass_context
def exam_rate(context: click.Context, year: int) -> None:
    """The exam of a year."""
    from plugins.social_workers.showing import exam_rows
    from plugins.social_workers.statistics import exam_facts

    with look(context) as work:
        found = exam_facts(work, year)
    plain = {name: float(value) if name.startswith(("rate", "growth", "signed_times")) and value is not None else value
             for name, value in found.items()}  # fmt: skip
    emit(context, plain, table([_("项目"), _("情况")], [list(row) for row in exam_rows(found)]))


@group.command("density", help=_("每万人持证社工数和离目标的差距"))
@click.option("--year", type=int, default=None, help=_("年度，不填即今年"))
@click.pass_context
def density(context: click.Context, year: int | None) -> None:
    """Certified workers per 10,000."""
    from plugins.social_workers.showing import density_rows
    from plugins.social_workers.statistics import density_facts

    with look(context) as work:
        work.require("social_workers.show")
        found = density_facts(work, year or work.today.year)
    emit(context, found, table([_("项目"), _("情况")], [list(row) for row in density_rows(found)]))


@group.command("pay", help=_("把登记的分期付款生成资金批次"))
@wish_options(ACTING, project_wishes.Pay)
@click.pass_context
def pay(context: click.Context, **values: Any) -> None:
    """Put instalments into a month's batches."""
    from plugins.social_workers.acts import pay as act

    with begin(context) as work:
        done = act(work, checked(project_wishes.Pay, **given(values)))
    say_done(context, done, _("批次已生成，请到资金提交"))


@group.command("print", help=_("打印文书（PDF）：KIND 是文书种类，ID 是编号"))
@click.argument("kind")
@click.argument("number", default="")
@click.option("-o", "--output", "file", type=_FILE, required=True, help=_("写到这个文件"))
@click.pass_context
def print_(context: click.Context, kind: str, number: str, file: Path) -> None:
    """Write a paper as PDF."""
    from core.api import pdf
    from plugins.social_workers.papers import paper_of

    with look(context) as work:
        sheet = paper_of(work, kind, number)
    file.write_bytes(pdf(sheet).content)
    emit(context, {"file": str(file)}, _("已写入 {file}", file=file))


@group.command("attach", help=_("上传材料：ROOM 是 workers、agencies、projects、groups、events"))
@click.argument("room", type=click.Choice(["workers", "agencies", "projects", "groups", "events"]))
@click.argument("number", metavar="ID")
@click.argument("file", type=_FILE)
@click.option("--title", default="", help=_("材料名称"))
@click.pass_context
def attach(context: click.Context, room: str, number: str, file: Path, title: str) -> None:
    """Keep a proof with a thing."""
    from plugins.social_workers.services.proving import keep_file

    if not file.is_file():
        raise NotFound(_("找不到文件 {file}", file=file))
    wish = checked(wishes.KeepFile, title=title, file_name=file.name, content=file.read_bytes())
    with begin(context) as work:
        done = keep_file(work, room, number, wish)
    emit(context, done, _("材料已上传"))
