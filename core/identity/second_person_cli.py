"""Commands for what needs two people: corrections, merges, taking back; and what all commands of persons share."""

from datetime import date
from typing import Any

import click

from core.cli import DATE, begin, emit, look, table
from core.texts import _


@click.command("correct", help=_("申请更正身份信息，由第二人确认后生效"))
@click.argument("person_id", metavar="ID")
@click.option("--citizen-id", default="", help=_("正确的公民身份号码"))
@click.option("--name", default="", help=_("正确的姓名"))
@click.option("--sex", default="", help=_("正确的性别"))
@click.option("--born", "birth_date", type=DATE, default=None, help=_("正确的出生日期"))
@click.option("--sex-note", default="", help=_("性别与号码不一致时的说明"))
@click.option("--source", default="", help=_("依据"))
@click.option("--reason", required=True, help=_("事由"))
@click.pass_context
def correct(context: click.Context, person_id: str, reason: str, **given: Any) -> None:
    """Ask for a correction of identity."""
    from core.identity.corrections import Correction
    from core.identity.second_person import propose_correction
    from core.wishes import checked

    with begin(context) as work:
        proposal = propose_correction(work, person_of(work, person_id), checked(Correction, **given), reason)
    tell_proposal(context, proposal)


@click.command("merge", help=_("申请把 ID 的档案并入 KEPT，由第二人确认后生效"))
@click.argument("person_id", metavar="ID")
@click.argument("kept_id", metavar="KEPT")
@click.option("--reason", required=True, help=_("事由"))
@click.pass_context
def merge(context: click.Context, person_id: str, kept_id: str, reason: str) -> None:
    """Ask for one record to go into another."""
    from core.identity.second_person import propose_merge

    with begin(context) as work:
        proposal = propose_merge(work, person_of(work, person_id), person_of(work, kept_id), reason)
    tell_proposal(context, proposal)


@click.command("revoke", help=_("撤销一条生命事件（编号见 person show）；由登记人以外的人办理，否则转第二人确认"))
@click.argument("event_id", metavar="EVENT", type=int)
@click.option("--reason", required=True, help=_("事由"))
@click.pass_context
def revoke_(context: click.Context, event_id: int, reason: str) -> None:
    """Take an event back."""
    from core.identity.second_person import take_back

    with begin(context) as work:
        outcome = take_back(work, event_id, reason)
    tell_taken_back(context, outcome)


@click.command("proposals", help=_("列出等第二人确认的事项"))
@click.pass_context
def proposals(context: click.Context) -> None:
    """What waits for a second person."""
    from core.identity.queries import open_proposals
    from core.identity.second_person import TITLES

    with look(context) as work:
        rows = [
            {
                "id": one.id,
                "kind": one.kind,
                "person": one.person_id,
                "name": person.name,
                "reason": one.reason,
                "proposed_at": one.proposed_at,
            }
            for one, person in open_proposals(work)
        ]
    lines = [[row["id"], _(TITLES[str(row["kind"])]), row["name"], row["reason"]] for row in rows]
    text = table([_("编号"), _("事项"), _("姓名"), _("事由")], lines) if rows else _("没有等待确认的事项")
    emit(context, rows, text)


@click.command("confirm", help=_("以第二人身份确认一个事项；要用 --as 和本人的令牌"))
@click.argument("proposal_id", metavar="PROPOSAL", type=int)
@click.pass_context
def confirm(context: click.Context, proposal_id: int) -> None:
    """Carry out what somebody else asked for."""
    from core.identity.second_person import confirm as confirm_proposal

    with begin(context) as work:
        data = event_data(confirm_proposal(work, proposal_id))
    emit(context, data, _("已确认并生效"))


@click.command("refuse", help=_("不同意一个事项"))
@click.argument("proposal_id", metavar="PROPOSAL", type=int)
@click.option("--reason", required=True, help=_("事由"))
@click.pass_context
def refuse_(context: click.Context, proposal_id: int, reason: str) -> None:
    """Say no to what somebody else asked for."""
    from core.identity.second_person import turn_down

    with begin(context) as work:
        proposal = turn_down(work, proposal_id, reason)
        data = {"proposal": proposal.id, "decision": proposal.decision}
    emit(context, data, _("已退回"))


COMMANDS = (correct, merge, revoke_, proposals, confirm, refuse_)


def person_of(work: Any, text: str, permission: str = "person.show") -> int:
    """The id meant by ID; raises ``NotFound`` outside the area."""
    from core.identity.queries import find_person, id_of

    return id_of(find_person(work, text, permission))


def take_back_on(context: click.Context, person_id: str, kind: str, wish: tuple[date, str]) -> None:
    """Take back the event of a kind and day; ``wish`` is the day and the reason."""
    from core.identity.events import find_event
    from core.identity.queries import id_of
    from core.identity.second_person import take_back

    on, reason = wish
    with begin(context) as work:
        event = find_event(work, person_of(work, person_id), kind, on)
        outcome = take_back(work, id_of(event), reason)
    tell_taken_back(context, outcome)


def tell_taken_back(context: click.Context, outcome: Any) -> None:
    """Say that it was taken back, or that it waits."""
    from core.identity.models.history import Proposal

    if isinstance(outcome, Proposal):
        tell_proposal(context, outcome)
        return
    emit(context, {**event_data(outcome), "state": "done"}, _("已撤销"))


def tell_proposal(context: click.Context, proposal: Any) -> None:
    """Say what waits for a second person."""
    data = {"proposal": proposal.id, "kind": proposal.kind, "person": proposal.person_id, "state": "waiting"}
    emit(context, data, _("已提交，等第二人确认：huimin person confirm {id}", id=proposal.id))


def event_data(event: Any) -> dict[str, Any]:
    """An event as machines read it."""
    return {"event": event.id, "person": event.person_id, "kind": event.kind, "on": event.happened_on}
