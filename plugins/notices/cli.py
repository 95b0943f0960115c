"""Commands of notices: list, show, open, publish, prove, remove, object, decide, take-down, withdraw, print, check."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from core.api import _, checked
from core.cli import DATE, Group, begin, emit, look, table

_NOTICE = click.argument("notice", metavar="NOTICE")
_LEVEL = click.argument("level", type=click.Choice(["village", "township", "county"]))


@click.group("notices", cls=Group, help=_("公示：开具、张贴、异议、核验"))
def group() -> None:
    """Public notices."""


@group.command("types", help=_("列出公示种类和各自的表头"))
@click.pass_context
def types(context: click.Context) -> None:
    """Kinds of notice there are."""
    from plugins.notices.reading import headers_of
    from plugins.notices.types import all_types

    with look(context) as work:
        work.require("notices.show")
        found = [{"name": one.name, "title": one.title, "headers": headers_of(one)} for one in all_types(work).values()]
    lines = [[one["name"], one["title"], " ".join(one["headers"])] for one in found]
    emit(context, found, table([_("种类"), _("名称"), _("表头")], lines))


@group.command("list", help=_("列出辖区内的公示，新的在前"))
@click.option("--state", type=click.Choice(["opened", "posted", "finished", "withdrawn"]), default=None, help=_("状态"))
@click.option("--type", "type_", default="", help=_("公示种类"))
@click.option("--area", default="", help=_("只看这个区划及以下"))
@click.option("--subject", default="", help=_("为哪件事开具的，例如 case:7"))
@click.option("--limit", default=50, type=click.IntRange(1, 1000), help=_("最多多少份"))
@click.pass_context
def list_(context: click.Context, state: str | None, type_: str, area: str, subject: str, limit: int) -> None:
    """Notices in one's areas."""
    from plugins.notices.queries import NoticeFilter, list_notices
    from plugins.notices.states import STATES

    def state_of(one: dict[str, Any]) -> str:
        return _(STATES[one["state"]])

    wish = NoticeFilter(state=state or "", type=type_, area=area, subject=subject, limit=limit)
    with look(context) as work:
        found = list_notices(work, wish)[:limit]
    lines = [
        [
            one["id"],
            one["number"],
            one["title"],
            one["area"],
            one["opened_on"],
            one["ends_on"] or "--",
            _(STATES[one["state"]]),
        ]
        for one in found
    ]
    headers = [_("编号"), _("公示编号"), _("公示名称"), _("区划"), _("开具日期"), _("期满日"), _("状态")]
    emit(context, found, table(headers, lines) if lines else _("没有符合条件的公示"))


@group.command("show", help=_("看一份公示：各级张贴、期限、异议；--public 只看公众看到的"))
@_NOTICE
@click.option("--public", is_flag=True, help=_("只看公众看到的内容"))
@click.pass_context
def show(context: click.Context, notice: str, public: bool) -> None:
    """One notice in full, or as the public reads it."""
    from plugins.notices.queries import find_notice, show_notice
    from plugins.notices.sheets import public_content
    from plugins.notices.states import LEVELS, STATES

    with look(context) as work:
        if public:
            seen = public_content(work, find_notice(work, notice))
            emit(context, seen, table(seen["headers"], [[*row] for row in seen["rows"]]))
            return
        found = show_notice(work, find_notice(work, notice))
    lines = [[_("公示编号"), found["number"]], [_("公示名称"), found["title"]], [_("状态"), _(STATES[found["state"]])]]
    lines += [[_(LEVELS[one["level"]]), _why(one)] for one in found["levels"]]
    lines += [[_("异议"), str(len(found["objections"]))]]
    emit(context, found, table([_("项目"), _("情况")], lines))


@group.command(
    "open", help=_("按名单文件开具一份公示\n\n例：huimin notices open notices.proposed 名单.csv --area 430223103201")
)
@click.argument("type_", metavar="TYPE")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--area", required=True, help=_("在哪个区划公示"))
@click.option("--scheme", default="", help=_("业务名称，印在公示单上"))
@click.option("--period", default="", help=_("所属月份，例如 2026-03"))
@click.option("--round", "round_", default=1, type=int, help=_("第几次公示"))
@click.option("--subject", default="", help=_("为哪件事开具，不印出来"))
@click.pass_context
def open_(context: click.Context, type_: str, file: Path, round_: int, **given: Any) -> None:
    """Open a notice of TYPE from the list in FILE."""
    from plugins.notices.api import NewNotice
    from plugins.notices.reading import read_rows
    from plugins.notices.services import open_notice
    from plugins.notices.types import type_named

    with begin(context) as work:
        work.require("notices.open")
        rows = read_rows(work, type_named(work, type_), file.read_bytes())
        made = open_notice(work, checked(NewNotice, type=type_, rows=rows, round=round_, **given))
        data = {"id": made.id, "number": made.number, "state": made.state, "rows": len(rows)}
    emit(context, data, _("已开具 {number}，名单 {rows} 行", number=data["number"], rows=data["rows"]))


@group.command("publish", help=_("登记一级的张贴；NOTICE 是编号、公示编号或申请编号"))
@_NOTICE
@click.option("--level", type=click.Choice(["village", "township", "county"]), required=True, help=_("层级"))
@click.option("--on", "on", type=DATE, required=True, help=_("张贴日期"))
@click.option("--place", default="", help=_("张贴地点，不写就是这一级的公示栏"))
@click.option("--photo", type=click.Path(path_type=Path, exists=True, dir_okay=False), default=None, help=_("张贴照片"))
@click.pass_context
def publish(context: click.Context, notice: str, level: str, place: str, on: date, photo: Path | None) -> None:
    """Say that NOTICE hangs at a level."""
    from plugins.notices.services import Photo, PostNotice, post_notice, prove_posting
    from plugins.notices.states import LEVELS

    board = place or _("{level}公示栏", level=_(LEVELS[level]))
    wish = checked(PostNotice, level=level, place=board, posted_on=on)
    with begin(context) as work:
        number = _find(work, notice, "notices.post")
        posting = post_notice(work, number, wish)
        if photo is not None:
            prove_posting(work, number, checked(Photo, level=level, file_name=photo.name, content=photo.read_bytes()))
        data = {"id": number, "level": level, "posted_on": on, "ends_on": posting.ends_on, "proven": photo is not None}
    emit(context, data, _("已登记张贴，{day} 期满", day=data["ends_on"] or "--"))


@group.command("prove", help=_("补传一级的张贴照片"))
@_NOTICE
@_LEVEL
@click.argument("photo", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def prove(context: click.Context, notice: str, level: str, photo: Path) -> None:
    """Keep PHOTO of NOTICE at LEVEL."""
    from plugins.notices.services import Photo, prove_posting

    wish = checked(Photo, level=level, file_name=photo.name, content=photo.read_bytes())
    with begin(context) as work:
        number = _find(work, notice, "notices.post")
        posting = prove_posting(work, number, wish)
        data = {"id": number, "level": level, "photo": posting.photo_id}
    emit(context, data, _("照片已保存"))


@group.command("remove", help=_("登记一级的公示单揭下；未到期揭下的，公示期不算"))
@_NOTICE
@_LEVEL
@click.option("--on", "on", type=DATE, required=True, help=_("揭下日期"))
@click.option("--reason", required=True, help=_("原因"))
@click.pass_context
def remove(context: click.Context, notice: str, level: str, on: date, reason: str) -> None:
    """Say that NOTICE came down at LEVEL."""
    from plugins.notices.services import RemovePosting, remove_posting

    wish = checked(RemovePosting, level=level, removed_on=on, reason=reason)
    with begin(context) as work:
        number = _find(work, notice, "notices.post")
        posting = remove_posting(work, number, wish)
        data = {"id": number, "level": level, "early": posting.early}
    emit(context, data, _("已登记提前揭下，公示期不算") if data["early"] else _("已登记揭下"))


@group.command("take-down", help=_("公示期满，结束公示"))
@_NOTICE
@click.option("--on", "on", type=DATE, required=True, help=_("揭下日期"))
@click.pass_context
def take_down(context: click.Context, notice: str, on: date) -> None:
    """End NOTICE after its time."""
    from plugins.notices import services

    with begin(context) as work:
        done = services.take_down(work, _find(work, notice, "notices.post"), on)
        data = {"id": done.id, "number": done.number, "state": done.state}
    emit(context, data, _("公示 {number} 已结束", number=data["number"]))


@group.command("withdraw", help=_("撤回一份公示，写明原因"))
@_NOTICE
@click.option("--reason", required=True, help=_("原因"))
@click.pass_context
def withdraw(context: click.Context, notice: str, reason: str) -> None:
    """Take NOTICE back."""
    from plugins.notices.services import withdraw_notice

    with begin(context) as work:
        done = withdraw_notice(work, _find(work, notice, "notices.withdraw"), reason)
        data = {"id": done.id, "number": done.number, "state": done.state}
    emit(context, data, _("公示 {number} 已撤回", number=data["number"]))


@group.command("object", help=_("登记一条异议；反映人和内容加密保存"))
@_NOTICE
@click.option("--way", type=click.Choice(["written", "oral"]), default="oral", help=_("书面或口头"))
@click.option("--text", required=True, help=_("异议内容"))
@click.option("--on", "received_on", type=DATE, default=None, help=_("收到日期，不写就是今天"))
@click.option("--who", default="", help=_("反映人，可以不写"))
@click.option("--line", "position", type=int, default=None, help=_("针对第几行，不写就是整份公示"))
@click.pass_context
def object_(context: click.Context, notice: str, **given: Any) -> None:
    """Take an objection to NOTICE down."""
    from plugins.notices.objections import NewObjection, take_objection

    with begin(context) as work:
        given["received_on"] = given["received_on"] or work.today
        wish = checked(NewObjection, **given)
        taken = take_objection(work, _find(work, notice, "notices.object"), wish)
        data = {"id": taken.id, "due_on": taken.due_on}
    emit(context, data, _("已登记，请在 {day} 前核实", day=data["due_on"]))


@group.command("decide", help=_("写明一条异议的核实结果"))
@click.argument("objection", type=int)
@click.argument("outcome", type=click.Choice(["upheld", "rejected"]))
@click.option("--reason", required=True, help=_("理由"))
@click.option("--on", "decided_on", type=DATE, required=True, help=_("核实日期"))
@click.pass_context
def decide(context: click.Context, objection: int, **given: Any) -> None:
    """Say what came of OBJECTION."""
    from plugins.notices.objections import Decision, decide_objection

    wish = checked(Decision, **given)
    with begin(context) as work:
        done = decide_objection(work, objection, wish)
        data = {"id": done.id, "notice": done.notice_id, "outcome": done.outcome}
    emit(context, data, _("核实结果已登记"))


@group.command("print", help=_("把公示单存成 PDF"))
@_NOTICE
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), help=_("文件"))
@click.pass_context
def print_(context: click.Context, notice: str, output: Path) -> None:
    """Print NOTICE into a file."""
    from core.api import pdf
    from plugins.notices.queries import find_notice, own_notice
    from plugins.notices.sheets import sheet_of

    with look(context) as work:
        found = own_notice(work, find_notice(work, notice))
        work.record_read("notices.printed", f"notice:{found.id}", area=found.area)
        printed = pdf(sheet_of(work, found))
        number = found.number
    output.write_bytes(printed.content)
    emit(context, {"number": number, "file": str(output)}, _("已存到 {file}", file=output))


@group.command("check", help=_("核验一份公示单：编号和核验码"))
@click.argument("number")
@click.argument("code")
@click.pass_context
def check(context: click.Context, number: str, code: str) -> None:
    """Say whether a sheet is genuine; exit code 1 when it is not, or was withdrawn."""
    from plugins.notices.queries import check_sheet
    from plugins.notices.states import ANSWERS

    with look(context) as work:
        work.require("notices.show")
        found = check_sheet(work, number, code)
    data = {"answer": found.answer, "number": found.number, "title": found.title, "office": found.office}
    emit(context, data, _(ANSWERS[found.answer]))
    if found.answer != "genuine":
        raise SystemExit(1)


def _find(work: Any, text: str, permission: str) -> int:
    from plugins.notices.queries import find_notice

    return find_notice(work, text, permission)


def _why(one: dict[str, Any]) -> str:
    words = {
        "": _("已期满"),
        "not_posted": _("未张贴"),
        "no_photo": _("缺照片"),
        "running": _("{day} 期满", day=one["ends_on"] or "--"),
    }
    return words[one["why"]]
