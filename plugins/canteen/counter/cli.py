"""Commands of the counter: check-in, upload, taking a meal back, open questions, terminals, the end of a day."""

from datetime import date
from typing import Any

import click

from core.api import _, format_money
from core.cli import DATE, Group, begin, emit, look, say, table
from plugins.canteen.counter import words

_LIMIT = click.option("--limit", default=200, type=click.IntRange(1, 5000), help=_("最多多少条"))
_MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%z"])


def add_to(group: click.Group) -> None:
    """Hang the commands of the counter under ``canteen``."""
    for command in (check_in, upload_file, void, conflict, terminal, day):
        group.add_command(command)


@click.command("check-in", help=_("登记一餐：DINER 是就餐卡、就餐人编码或身份证号"))
@click.argument("diner")
@click.option("--site", required=True, help=_("站点编号"))
@click.option("--set", "set_code", required=True, help=_("套餐"))
@click.option("--at", type=_MOMENT, default=None, help=_("用餐时间，例如 2026-03-02T11:30；不写就是现在"))
@click.option("--delivery", is_flag=True, help=_("送餐"))
@click.option("--full-price", is_flag=True, help=_("全价出售，不用补贴"))
@click.pass_context
def check_in(context: click.Context, **values: Any) -> None:
    """Serve one meal; a refused swipe is kept before the refusal is said."""
    from core.api import checked
    from plugins.canteen.counter.serving import CheckIn
    from plugins.canteen.counter.serving import check_in as serve

    with begin(context) as work:
        served = serve(work, checked(CheckIn, **values))
    served.stands()
    if served.late:
        say(_("补录超过期限，已标记为逾期录入，乡镇会看到"))
    data = {
        "id": served.swipe_id,
        "tier": served.tier,
        "list_price_fen": served.list_price_fen,
        "subsidy_fen": served.subsidy_fen,
        "self_pay_fen": served.self_pay_fen,
        "delivery_fee_fen": served.delivery_fee_fen,
        "late": served.late,
    }
    text = _("{name}：补贴 {subsidy} 元，本人付 {own} 元", name=served.name, subsidy=format_money(served.subsidy_fen),
             own=format_money(served.self_pay_fen))  # fmt: skip
    emit(context, data, text)


@click.command("upload", help=_("上传终端的签到记录：FILE 是 JSONL 文件，- 从标准输入读"))
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.pass_context
def upload_file(context: click.Context, file: Any) -> None:
    """Take in the entries of terminals; twice or in any order makes no difference."""
    from plugins.canteen.counter.uploading import upload

    with begin(context) as work:
        done = upload(work, file)
    for line in done.lines:
        if line["outcome"] in ("conflict", "refused"):
            say(f"{line['terminal']} {line['counter']} {line['code']} {_(words.CODES.get(line['code'], ''))}")
    data = {"accepted": done.accepted, "duplicate": done.duplicate, "conflict": done.conflict, "refused": done.refused}
    text = _("收下 {accepted} 笔，重复 {duplicate} 笔，冲突 {conflict} 笔，拒绝 {refused} 笔", **data)
    emit(context, data, text)


@click.command("void", help=_("撤销一笔用餐：NUMBER 是用餐记录的编号"))
@click.argument("number", type=int)
@click.option("--reason", required=True, help=_("理由"))
@click.pass_context
def void(context: click.Context, number: int, reason: str) -> None:
    """Take a meal back."""
    from plugins.canteen.counter.conflicts import void_meal

    with begin(context) as work:
        void_meal(work, number, reason)
    emit(context, {"id": number, "void": True}, _("已撤销"))


@click.group("conflict", cls=Group, help=_("等待处理的用餐记录：重复刷卡、被拒的离线记录"))
def conflict() -> None:
    """Swipes that wait for a person."""


@conflict.command("list", help=_("列出等待处理的用餐记录"))
@click.option("--site", default="", help=_("站点编号"))
@_LIMIT
@click.pass_context
def list_conflicts(context: click.Context, site: str, limit: int) -> None:
    """Open questions, oldest first."""
    from plugins.canteen.counter.conflicts import list_questions

    with look(context) as work:
        found = list_questions(work, site, limit=limit)
    rows = [[one["id"], one["day"], one["site"], one["name"], one["set"], one["reason"]] for one in found]
    headers = [_("编号"), _("日期"), _("站点"), _("姓名"), _("套餐"), _("原因")]
    emit(context, found, table(headers, rows) if rows else _("没有等待处理的记录"))


@conflict.command("decide", help=_("处理一笔：不补贴，或不算一餐"))
@click.argument("number", type=int)
@click.argument("outcome", type=click.Choice(list(words.OUTCOMES)))
@click.option("--reason", required=True, help=_("理由"))
@click.pass_context
def decide_conflict(context: click.Context, number: int, outcome: str, reason: str) -> None:
    """Decide about one swipe."""
    from plugins.canteen.counter.conflicts import decide

    with begin(context) as work:
        decide(work, number, outcome, reason)
    emit(context, {"id": number, "outcome": outcome}, _("已处理"))


@click.group("terminal", cls=Group, help=_("柜台终端：登记、确认、领密钥、停用"))
def terminal() -> None:
    """Devices at the counter."""


@terminal.command("register", help=_("登记一台终端，等另一个人确认"))
@click.option("--site", required=True, help=_("站点编号"))
@click.option("--name", "title", default="", help=_("叫什么，例如一号窗口"))
@click.pass_context
def register(context: click.Context, site: str, title: str) -> None:
    """Register a device; the claim is shown once."""
    from plugins.canteen.counter.terminals import register_terminal

    with begin(context) as work:
        made = register_terminal(work, site, title)
    text = _("终端 {serial} 等待确认；领密钥用的口令 {claim} 只显示这一次", serial=made.serial, claim=made.claim)
    emit(context, {"serial": made.serial, "claim": made.claim}, text)


@terminal.command("confirm", help=_("确认一台终端（不能是登记的人）"))
@click.argument("serial")
@click.pass_context
def confirm(context: click.Context, serial: str) -> None:
    """Let a device serve."""
    from plugins.canteen.counter.terminals import confirm_terminal

    with begin(context) as work:
        confirm_terminal(work, serial)
    emit(context, {"serial": serial, "state": "active"}, _("已确认"))


@terminal.command("key", help=_("领终端的密钥，只能领一次"))
@click.argument("serial")
@click.argument("claim")
@click.pass_context
def key(context: click.Context, serial: str, claim: str) -> None:
    """The key of a confirmed device, once."""
    from plugins.canteen.counter.terminals import hand_key

    with begin(context) as work:
        found = hand_key(work, serial, claim)
    emit(context, {"serial": serial, "key": found}, found)


@terminal.command("revoke", help=_("停用一台终端"))
@click.argument("serial")
@click.option("--reason", required=True, help=_("停用原因"))
@click.pass_context
def revoke(context: click.Context, serial: str, reason: str) -> None:
    """Take a device out of service."""
    from plugins.canteen.counter.terminals import revoke_terminal

    with begin(context) as work:
        revoke_terminal(work, serial, reason)
    emit(context, {"serial": serial, "state": "revoked"}, _("已停用"))


@terminal.command("list", help=_("列出终端"))
@click.option("--state", type=click.Choice(list(words.TERMINAL_STATES)), default=None, help=_("状态"))
@click.pass_context
def list_devices(context: click.Context, state: str | None) -> None:
    """Devices, newest first."""
    from plugins.canteen.counter.terminals import list_terminals

    with look(context) as work:
        found = list_terminals(work, state or "")
    rows = [[one["serial"], one["site"], one["title"], _(words.TERMINAL_STATES[one["state"]])] for one in found]
    emit(context, found, table([_("序列号"), _("站点"), _("名称"), _("状态")], rows) if rows else _("没有终端"))


@click.group("day", cls=Group, help=_("一天的用餐：日结"))
def day() -> None:
    """Days of a site."""


@day.command("close", help=_("日结：终端的记录都上传以后，这一天结账"))
@click.option("--site", required=True, help=_("站点编号"))
@click.option("--on", type=DATE, default=None, help=_("日期，不写就是今天"))
@click.pass_context
def close(context: click.Context, site: str, on: date | None) -> None:
    """Close a day."""
    from plugins.canteen.counter.conflicts import close_day

    with begin(context) as work:
        closed = close_day(work, site, on or work.today)
        data = {
            "day": closed.day.isoformat(),
            "meals": closed.meals,
            "subsidised": closed.subsidised,
            "charged_fen": closed.charged_fen,
            "subsidy_fen": closed.subsidy_fen,
        }
    text = _("{meals} 餐，其中补贴 {subsidised} 餐；收款 {charged} 元，补贴 {subsidy} 元", meals=data["meals"],
             subsidised=data["subsidised"], charged=format_money(closed.charged_fen),
             subsidy=format_money(closed.subsidy_fen))  # fmt: skip
    emit(context, data, text)
