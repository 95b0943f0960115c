"""What waits on the desk: decisions of a second person, and birth certificates whose time is over."""

from typing import TYPE_CHECKING

from core.extension import Task
from core.identity.queries import birth_certificates_due, open_proposals
from core.identity.second_person import TITLES
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork


def proposals_to_decide(work: "UnitOfWork") -> list[Task]:
    """What others have asked for and this reader may decide."""
    if not work.may("person.confirm"):
        return []
    return [
        Task(
            title=_("确认{what}", what=_(TITLES[proposal.kind])),
            subject=person.name,
            path=f"/people/proposals/{proposal.id}",
            step=_("第二人确认"),
            area=person.hukou_area,
        )
        for proposal, person in open_proposals(work)
        if proposal.proposed_by != work.actor.account_id
    ]


def certificates_to_replace(work: "UnitOfWork") -> list[Task]:
    """Children who should have a hukou number by now."""
    if not work.may("person.change"):
        return []
    return [
        Task(
            title=_("出生医学证明到期，请换成户口簿"),
            subject=person.name,
            path=f"/people/{person.id}",
            area=person.hukou_area,
            state="warn",
        )
        for person in birth_certificates_due(work)
    ]
