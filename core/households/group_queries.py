"""Questions about families counted for a benefit and care units: lists, and the words for who is what in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlmodel import col

from core.households.groups import CARE, FAMILY
from core.households.models.groups import Group, GroupMember
from core.identity.models.persons import Person
from core.scope import scoped, within
from core.texts import _, mark

if TYPE_CHECKING:
    from core.work import UnitOfWork

KINDS = {FAMILY: mark("共同生活成员"), CARE: mark("供养关系")}
PARTS = {
    "member": mark("成员"),
    "obligor": mark("赡养义务人"),
    "recipient": mark("受供养人"),
    "carer": mark("照料人"),
    "guardian": mark("监护人"),
}


@dataclass(frozen=True)
class GroupFilter:
    """Which groups to list: of a kind, with a person in them now or before, in an area; ``ended`` takes those too."""

    kind: str | None = None
    person_id: int | None = None
    area: str = ""
    ended: bool = False
    limit: int = 50


def part_in_words(part: str) -> str:
    """What a person is in a group, in the reader's words."""
    return _(PARTS[part]) if part in PARTS else part


def part_of_words(words: str) -> str:
    """The part that is meant by its word or its name; a word nobody knows is left for the check."""
    return next((part for part, name in PARTS.items() if words in (name, _(name))), words)


def list_groups(work: "UnitOfWork", wish: GroupFilter) -> list[dict[str, Any]]:
    """Groups within the actor's areas with who is in them (or was at the end), newest first."""
    work.require("household.show")
    statement = scoped(work, select(Group), Group.area, "household.show")
    if wish.kind:
        statement = statement.where(col(Group.kind) == wish.kind)
    if wish.area:
        statement = statement.where(within(Group.area, (wish.area,)))
    if wish.person_id is not None:
        of_person = select(col(GroupMember.group_id)).where(col(GroupMember.person_id) == wish.person_id)
        statement = statement.where(col(Group.id).in_(of_person))
    if not wish.ended:
        statement = statement.where(col(Group.valid_to).is_(None))
    groups = work.session.scalars(statement.order_by(col(Group.id).desc()).limit(wish.limit)).all()
    members = _members_of(work, groups)
    return [
        {
            "id": group.id,
            "kind": group.kind,
            "kind_name": _(KINDS[group.kind]),
            "area": group.area,
            "scheme": group.scheme,
            "case_number": group.case_number,
            "valid_from": group.valid_from,
            "valid_to": group.valid_to,
            "members": members.get(group.id or 0, []),
        }
        for group in groups
    ]


def _members_of(work: "UnitOfWork", groups: Sequence[Group]) -> dict[int, list[dict[str, Any]]]:
    rows = work.session.execute(
        select(GroupMember, col(Person.name))
        .join(Person, col(Person.id) == GroupMember.person_id)
        .join(Group, col(Group.id) == GroupMember.group_id)
        .where(
            col(GroupMember.group_id).in_([group.id for group in groups]),
            or_(col(GroupMember.valid_to).is_(None), col(GroupMember.valid_to) == col(Group.valid_to)),
        )
        .order_by(col(GroupMember.id))
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for member, name in rows:
        line = {"person": member.person_id, "name": name, "part": member.part, "relation": member.relation}
        found.setdefault(member.group_id, []).append(line)
    return found
