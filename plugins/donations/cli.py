"""Commands of donations: drive, gift, goods, donor, pledge, project, pair; the acts are those of the pages."""

from pathlib import Path
from typing import Any

import click

from core.api import _, checked, format_money
from core.cli import (
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
from plugins.donations import acts, wishes, words
from plugins.donations.rooms import ACTING, ROOMS

_FILE = click.Path(path_type=Path, dir_okay=False)
_LIMIT = click.option("--limit", default=50, type=click.IntRange(1, 5000), help=_("最多多少条"))


@click.group("donations", cls=Group, help=_("慈善募捐：募捐、捐赠、票据、救助项目、物资、结对、公开"))
def group() -> None:
    """Donations."""


def _group(name: str, text: str) -> Any:
    made = Group(name, help=text)
    group.add_command(made)
    return made


charity = _group("charity", _("慈善组织的资料"))
drive = _group("drive", _("募捐：备案、公开、结算"))
gift = _group("gift", _("捐赠：登记、开票、退还"))
goods = _group("goods", _("捐赠物资：入库、发放、盘点"))
donor = _group("donor", _("捐赠人和公开方式"))
pledge = _group("pledge", _("认捐，与到账分开"))
project = _group("project", _("救助项目"))
pair = _group("pair", _("结对帮扶"))
box = _group("box", _("募捐箱和捐赠点"))
mechanism = _group("mechanism", _("四项常态化工作机制"))


@drive.command("file", help=_("建立并备案一次募捐；已有草稿的，登记备案"))
@click.argument("number", metavar="CODE")
@click.option("--name", default=None, help=_("募捐名称"))
@click.option("--start", default=None, help=_("开始日期"))
@wish_options(ACTING, wishes.NewFiledDrive, "number", "name", "start")
@click.pass_context
def file_drive(context: click.Context, number: str, **values: Any) -> None:
    """File a drive."""
    from plugins.donations.listing import has_drive

    typed = given(values)
    with begin(context) as work:
        if has_drive(work, number):
            filing = {name: typed[name] for name in wishes.FileDrive.model_fields if name in typed}
            plan = {name: typed[name] for name in wishes.Plan.model_fields if name in typed}
            if plan:
                act = acts.DRIVE_ACTS["plan"]
                act.do(work, number, checked(act.wish, **ROOMS["drives"].completed(work, act, number, plan)))
            done = acts.file_known(work, number, checked(wishes.FileDrive, **filing))
        else:
            done = acts.file_new(work, checked(wishes.NewFiledDrive, number=number, **typed))
    say_done(context, done, _("募捐 {number} 已备案", number=number))


@group.command("spend", help=_("用捐款支出：救助、管理费用、募捐费用"))
@wish_options(ACTING, wishes.Spend)
@click.pass_context
def spend(context: click.Context, **values: Any) -> None:
    """Spend money."""
    known = acts.NEW["spending"]
    with begin(context) as work:
        done = known.make(work, checked(known.wish, **given(values)))
    say_done(context, done, _(known.done))


@group.command("reverse", help=_("冲销一笔支出"))
@click.argument("number", metavar="SPENDING")
@wish_options(ACTING, wishes.Reason)
@click.pass_context
def reverse(context: click.Context, number: str, **values: Any) -> None:
    """Reverse a spending."""
    act = acts.SPENDING_ACTS["reverse"]
    with begin(context) as work:
        done = act.do(work, number, checked(act.wish, **given(values)))
    say_done(context, done, _(act.done))


@group.command("disclose", help=_("公开一次募捐：阶段公开，或结束后的全面公开"))
@click.argument("number", metavar="DRIVE")
@wish_options(ACTING, wishes.Disclose)
@click.pass_context
def disclose(context: click.Context, number: str, **values: Any) -> None:
    """Publish a drive."""
    act = acts.DRIVE_ACTS["disclose"]
    with begin(context) as work:
        done = act.do(work, number, checked(act.wish, **given(values)))
    say_done(context, done, _(act.done))


@group.command("balance", help=_("慈善会的结余：非限定和每个限定用途分开"))
@click.pass_context
def balance(context: click.Context) -> None:
    """Balances by purpose."""
    from plugins.donations.figures import balance as balances

    with look(context) as work:
        found = balances(work)
    rows = [[_("非限定"), format_money(found["unrestricted_fen"])]]
    rows += [[one["purpose"], format_money(one["balance_fen"])] for one in found["restricted"]]
    emit(context, found, table([_("用途"), _("结余（元）")], rows))


@group.command("trace", help=_("按票据号查这笔捐赠用到了哪里"))
@click.argument("number", metavar="RECEIPT")
@click.pass_context
def trace(context: click.Context, number: str) -> None:
    """What a gift was used for."""
    from plugins.donations.single import trace_of

    with look(context) as work:
        found = trace_of(work, number)
    rows = [
        [one["on"], one["project"] or _(words.USES[one["use"]]), format_money(one["amount_fen"])]
        for one in found["uses"]
    ]
    emit(context, found, table([_("日期"), _("用途"), _("金额（元）")], rows) if rows else _("还没有使用"))


@group.command("check", help=_("每日核对：票据连号、现金存入、清单差额"))
@click.option("--on", "day", default=None, help=_("日期"))
@click.pass_context
def check(context: click.Context, day: str | None) -> None:
    """The checks of a day."""
    from datetime import date

    from plugins.donations.checks import daily

    with look(context) as work:
        found = daily(work, date.fromisoformat(day) if day else work.today)
    rows = [[one["title"], _("相符") if one["ok"] else one["note"]] for one in found["checks"]]
    emit(context, found, table([_("核对"), _("结果")], rows))


@group.command("closing", help=_("月末核对：每个用途期初加收入减支出等于结余"))
@click.argument("month", metavar="YYYY-MM")
@click.pass_context
def closing(context: click.Context, month: str) -> None:
    """The closing of a month."""
    from core.api import Period
    from plugins.donations.checks import goods_by_item
    from plugins.donations.figures import closing as closed

    with look(context) as work:
        found = {"purposes": closed(work, str(Period(month))), "goods": goods_by_item(work)}
    rows = [
        [one["purpose"], *(format_money(one[name]) for name in ("opening_fen", "received_fen", "used_fen", "cost_fen",
                                                                  "balance_fen"))]
        for one in found["purposes"]
    ]  # fmt: skip
    emit(context, found, table([_("用途"), _("期初"), _("收入"), _("支出"), _("费用"), _("结余")], rows))


@group.command("figures", help=_("一年的指标：三个一、管理费用比例、支出比例、工作机制"))
@click.option("--year", type=int, default=None, help=_("年度"))
@click.pass_context
def figures(context: click.Context, year: int | None) -> None:
    """The figures of a year."""
    from plugins.donations.statistics import figure_lines, figures_of

    with look(context) as work:
        found = figures_of(work, year or work.today.year)
        rows = [list(line) for line in figure_lines(work, year or work.today.year)]
    emit(context, found, table([_("指标"), _("数值"), _("单位")], rows))


@group.command("print", help=_("打印文书（PDF）：receipt、thanks、honour、daily、report、filing、agreement、project"))
@click.argument("kind")
@click.argument("number", default="")
@click.option("-o", "--output", "file", type=_FILE, required=True, help=_("写到这个文件"))
@click.pass_context
def print_(context: click.Context, kind: str, number: str, file: Path) -> None:
    """Write a paper as PDF."""
    from core.api import pdf
    from plugins.donations.papers import paper_of

    with look(context) as work:
        sheet = paper_of(work, kind, number)
    file.write_bytes(pdf(sheet).content)
    emit(context, {"file": str(file)}, _("已写入 {file}", file=file))


@group.command("export", help=_("导出捐赠名单（CSV），记入审计"))
@click.option("-o", "--output", "file", type=_FILE, required=True, help=_("写到这个文件"))
@click.option("--drive", default="", help=_("募捐编号"))
@click.option("--reason", required=True, help=_("事由，记入审计"))
@click.pass_context
def export(context: click.Context, file: Path, drive: str, reason: str) -> None:
    """Write the list of gifts."""
    from plugins.donations.exporting import export_csv

    with begin(context) as work:
        content, count = export_csv(work, drive, reason)
    file.write_bytes(content)
    emit(context, {"file": str(file), "rows": count}, _("已导出 {count} 条", count=count))


def _shown(parent: Any, room: str, argument: str) -> None:
    """The list and the page of a room as commands."""

    @parent.command("list", help=_("列出"))
    @click.option("--state", default="", help=_("状态"))
    @_LIMIT
    @click.pass_context
    def list_(context: click.Context, state: str, limit: int) -> None:
        from plugins.donations.listing import ROOM_LINES
        from plugins.donations.queries import Filter

        with look(context) as work:
            found = ROOM_LINES[room](work, Filter(state=state, limit=limit))[:limit]
        rows = [[one["head"], *(value for _name, value in one["cells"])] for one in found]
        headers = [_("编号"), *(name for name, _value in found[0]["cells"])] if found else []
        emit(context, [one["data"] for one in found], table(headers, rows) if rows else _("没有符合条件的"))

    @parent.command("show", help=_("看一项"))
    @click.argument("number", metavar=argument)
    @click.pass_context
    def show(context: click.Context, number: str) -> None:
        from plugins.donations.single import ROOM_SHOWN

        with look(context) as work:
            found = ROOM_SHOWN[room](work, number)
        rows = [[name, value] for _title, lines in found["cards"] for name, value in lines]
        emit(context, found["data"], table([_("项目"), _("情况")], rows))


for _parent, _room, _argument in (
    (drive, "drives", "DRIVE"), (gift, "gifts", "GIFT"), (goods, "goods", "LOT"), (donor, "donors", "DONOR"),
    (pledge, "pledges", "PLEDGE"), (project, "projects", "PROJECT"), (pair, "pairs", "PAIR"),
):  # fmt: skip
    _shown(_parent, _room, _argument)
    add_acts(_parent, ACTING, _room, _argument, *(["file"] if _room == "drives" else []))


@charity.command("edit", help=_("登记慈善组织资料：证书、有效期、类型"))
@wish_options(ACTING, wishes.EditCharity)
@click.pass_context
def edit_charity(context: click.Context, **values: Any) -> None:
    """Write down the charity's papers."""
    act = acts.CHARITY_ACTS["edit"]
    with begin(context) as work:
        wish = checked(act.wish, **ROOMS["charity"].completed(work, act, "1", given(values)))
        done = act.do(work, "1", wish)
    say_done(context, done, _(act.done))


@charity.command("show", help=_("看慈善组织的资料"))
@click.pass_context
def show_charity(context: click.Context) -> None:
    """The charity's papers."""
    from plugins.donations.single import show_charity as shown

    with look(context) as work:
        found = shown(work, "")
    rows = [[name, value] for _title, lines in found["cards"] for name, value in lines]
    emit(context, found["data"], table([_("项目"), _("情况")], rows))


add_start(drive, ACTING, "drives", "draft", argument="CODE", field="number")
add_start(gift, ACTING, "gifts", argument="DRIVE", field="drive")
add_start(goods, ACTING, "goods", argument="DRIVE", field="drive")
add_start(goods, ACTING, "issues", "issue", argument="LOT", field="lot")
add_start(donor, ACTING, "donors", argument="NAME", field="name")
add_start(donor, ACTING, "ties", "manager-tie")
add_start(pledge, ACTING, "pledges", argument="DRIVE", field="drive")
add_start(project, ACTING, "projects")
add_start(pair, ACTING, "pairs", argument="HOUSEHOLD", field="household")
add_start(box, ACTING, "boxes", "open", argument="DRIVE", field="drive")
add_start(mechanism, ACTING, "activities")
