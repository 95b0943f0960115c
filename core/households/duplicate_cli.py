"""Commands for records that may be one person: find, propose, decide as the second person, undo."""

from typing import Any

import click

from core.cli import Group, begin, emit, look, table
from core.texts import _, mark

_STATES = {
    "open": mark("待核对"),
    "proposed": mark("待第二人确认"),
    "merged": mark("已合并"),
    "different": mark("不是同一人"),
}
_REASON = click.option("--reason", required=True, help=_("依据"))


@click.group(
    "duplicates", cls=Group, invoke_without_command=True, help=_("疑似重复：不写子命令就是列出；两人决定，可以撤销")
)
@click.option("--state", type=click.Choice(list(_STATES)), default="open", help=_("只列这个状态的"))
@click.option("--limit", default=50, type=click.IntRange(1, 1000), help=_("最多多少对"))
@click.pass_context
def group(context: click.Context, state: str, limit: int) -> None:
    """Suspected duplicates; lists them unless a subcommand is given."""
    if context.invoked_subcommand is None:
        _list(context, state, limit)


def _list(context: click.Context, state: str, limit: int) -> None:
    from core.households.duplicates import list_candidates

    with look(context) as work:
        found = list_candidates(work, state, limit=limit)
    rows = [
        (
            one["id"],
            f"{one['first']['name']} {one['first']['id']}",
            f"{one['second']['name']} {one['second']['id']}",
            one["birth_date"] or "--",
            one["reason_name"],
        )
        for one in found
    ]
    headers = [_("编号"), _("档案一"), _("档案二"), _("出生日期"), _("依据")]
    emit(context, found, table(headers, rows) if rows else _("没有这样的疑似重复"))


@group.command("find", help=_("按规则查找新的疑似重复，列入待核对"))
@click.pass_context
def find(context: click.Context) -> None:
    """Queue every new suspected pair."""
    from core.households.duplicates import find_candidates

    with begin(context) as work:
        found = find_candidates(work)
    emit(context, {"found": found}, _("新找到 {found} 对", found=found))


@group.command("propose", help=_("提出一对是同一人，等第二人决定"))
@click.argument("pair", type=int)
@_REASON
@click.pass_context
def propose(context: click.Context, pair: int, reason: str) -> None:
    """Say that the two of PAIR are one person."""
    from core.households.duplicates import propose_same

    with begin(context) as work:
        data = _pair(propose_same(work, pair, reason))
    emit(context, data, _("已提交，等第二人决定：huimin household duplicates decide {id}", id=pair))


@group.command("decide", help=_("以第二人身份决定一对；要用 --as 和本人的令牌"))
@click.argument("pair", type=int)
@click.option("--same/--different", "same", default=None, required=True, help=_("是同一人，合并；或不是同一人"))
@_REASON
@click.pass_context
def decide(context: click.Context, pair: int, same: bool, reason: str) -> None:
    """Decide PAIR as the second person."""
    from core.households.duplicates import decide_different, decide_same

    with begin(context) as work:
        if same:
            event = decide_same(work, pair, reason)
            data = {"id": pair, "state": "merged", "event": event.id}
        else:
            data = _pair(decide_different(work, pair, reason))
    emit(context, data, _("已合并") if same else _("已确认不是同一人"))


@group.command("undo", help=_("撤销对一对的决定；合并的撤销由另一人办理，否则转第二人确认"))
@click.argument("pair", type=int)
@_REASON
@click.pass_context
def undo(context: click.Context, pair: int, reason: str) -> None:
    """Take the decision on PAIR back."""
    from core.households.duplicates import undo_decision
    from core.identity.models.history import Proposal

    with begin(context) as work:
        outcome = undo_decision(work, pair, reason)
        waits = outcome.id if isinstance(outcome, Proposal) else None
    data = {"id": pair, "state": "waiting" if waits else "open", "proposal": waits}
    emit(context, data, _("已提交，等第二人确认：huimin person confirm {id}", id=waits) if waits else _("已撤销"))


def _pair(candidate: Any) -> dict[str, Any]:
    return {"id": candidate.id, "state": candidate.state}
