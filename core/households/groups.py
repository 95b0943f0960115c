"""Families counted for a benefit, and care units: groupings of their own, dated, that never follow the household."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core.errors import NotFound, Objection, Refused, refuse
from core.households.areas import current_village
from core.households.changes import Changed, write_changes
from core.households.memberships import refuse_day
from core.households.models.groups import Group, GroupMember
from core.households.wishes import ChangeGroup, GroupPart, OpenGroup
from core.identity.codes import RELATION
from core.identity.models.persons import Person
from core.identity.queries import visible
from core.scope import scoped
from core.texts import _, listed

if TYPE_CHECKING:
    from core.work import UnitOfWork

FAMILY, CARE = "assistance_family", "care_unit"
PARTS = {FAMILY: ("member", "obligor"), CARE: ("recipient", "carer", "guardian")}
RIGHT = "household.group"


def open_group(work: "UnitOfWork", wish: OpenGroup) -> Group:
    """Fix who is counted together for one application, or who cares for whom, from a day on."""
    work.require(RIGHT, area=wish.area)
    area = current_village(work, wish.area, wish.on)
    refuse_day(work, wish.on)
    parts = _read_parts(work, wish.kind, wish.members)
    _refuse_overlap(work, wish.kind, wish.scheme, parts)
    group = Group(kind=wish.kind, area=area, scheme=wish.scheme, case_number=wish.case_number, valid_from=wish.on)
    work.session.add(group)
    work.session.flush()
    _add(work, group, parts, wish.on)
    work.record("household.group_opened", f"group:{group.id}", area=area, kind=wish.kind, members=len(parts))
    return group


def change_group(work: "UnitOfWork", group_id: int, wish: ChangeGroup) -> Group:
    """Say anew who belongs to a group from a day on; the version before stays readable by its dates."""
    group = get_group(work, group_id, RIGHT)
    if group.valid_to is not None:
        raise refuse(_("这个登记已于 {on} 结束", on=group.valid_to), code="E_GROUP_CLOSED")
    refuse_day(work, wish.on)
    parts = _read_parts(work, group.kind, wish.members)
    _refuse_overlap(work, group.kind, group.scheme, parts, group_id)
    before = snapshot(work, group)
    _end(work, _current(work, group_id), wish.on)
    _add(work, group, parts, wish.on)
    _keep(work, group, "household.group_changed", wish, before)
    return group


def close_group(work: "UnitOfWork", group_id: int, on: date, reason: str = "") -> Group:
    """End a group; its last day is ``on``."""
    get_group(work, group_id, RIGHT)
    return release_group(work, group_id, on, reason)


def release_group(work: "UnitOfWork", group_id: int, on: date, reason: str = "") -> Group:
    """End the group of a case that ended; the right was asked for the case. One that ended stays as it is."""
    group = work.session.get_one(Group, group_id)
    refuse_day(work, on)
    if group.valid_to is not None:
        return group
    before = snapshot(work, group)
    _end(work, _current(work, group_id), on + timedelta(days=1))
    group.valid_to = max(on, group.valid_from)
    work.session.add(group)
    _keep(work, group, "household.group_closed", ChangeGroup.model_construct(members=[], on=on, reason=reason), before)
    return group


def regroup(work: "UnitOfWork", group_id: int, members: Sequence[tuple[int, str]], on: date) -> Group:
    """Say anew who is counted in the family of a case (person, relation); the right was asked for the case."""
    group = work.session.get_one(Group, group_id)
    before = snapshot(work, group)
    parts = [GroupPart(person_id=person, relation=relation) for person, relation in members]
    _refuse_overlap(work, group.kind, group.scheme, parts, group_id)
    _end(work, _current(work, group_id), on)
    _add(work, group, parts, on)
    wish = ChangeGroup.model_construct(members=parts, on=on, reason="")
    _keep(work, group, "household.group_changed", wish, before)
    return group


def get_group(work: "UnitOfWork", group_id: int, permission: str = "household.show") -> Group:
    """A group within the actor's areas; raises ``NotFound``."""
    work.require(permission)
    statement = scoped(work, select(Group), col(Group.area), permission).where(col(Group.id) == group_id)
    group = work.session.scalars(statement).one_or_none()
    if group is None:
        raise NotFound(_("没有找到这个登记，或不在你的辖区"))
    return group


def show_group(work: "UnitOfWork", group_id: int) -> dict[str, Any]:
    """A group with who is in it now."""
    group = get_group(work, group_id)
    return {"id": group.id, **snapshot(work, group)}


def snapshot(work: "UnitOfWork", group: Group) -> dict[str, Any]:
    """A group as a change keeps it."""
    return {
        "kind": group.kind,
        "area": group.area,
        "scheme": group.scheme,
        "case_number": group.case_number,
        "valid_from": group.valid_from,
        "valid_to": group.valid_to,
        "members": [
            {"person": row.person_id, "part": row.part, "relation": row.relation}
            for row in _current(work, group.id or 0)
        ],
    }


def _current(work: "UnitOfWork", group_id: int) -> Sequence[GroupMember]:
    rows = select(GroupMember).where(col(GroupMember.group_id) == group_id, col(GroupMember.valid_to).is_(None))
    return work.session.scalars(rows.order_by(col(GroupMember.id))).all()


def _read_parts(work: "UnitOfWork", kind: str, members: Sequence[GroupPart]) -> list[GroupPart]:
    if kind not in PARTS:
        raise refuse(_("种类填 assistance_family 或 care_unit"), field="kind", hint="assistance_family, care_unit")
    objections, parts = [], []
    ids = [member.person_id for member in members]
    known = set(work.session.scalars(select(col(Person.id)).where(col(Person.id).in_(ids), visible(work))))
    for member in members:
        code = RELATION.find(member.relation) if member.relation else ""
        if code is None:
            objections.append(RELATION.objection_to(member.relation))
        if member.part not in PARTS[kind]:
            words = _("“{part}”不适用，可填 {parts}", part=member.part, parts=listed(PARTS[kind]))
            objections.append(Objection(reason=words, field="part", code="E_WORD"))
        if member.person_id not in known:
            words = _("没有找到 {person} 号人员，或不在你的辖区", person=member.person_id)
            objections.append(Objection(reason=words, field="members", code="E_HH_MEMBER"))
        parts.append(member.model_copy(update={"relation": code or ""}))
    if len(set(ids)) != len(ids):
        objections.append(Objection(reason=_("同一人在名单中出现两次"), field="members", code="E_HH_TWICE"))
    recipients = sum(part.part == "recipient" for part in parts)
    if kind == CARE and recipients != 1:
        objections.append(
            Objection(reason=_("供养关系必须且只能有一名受供养人"), field="members", code="E_CARE_RECIPIENT")
        )
    if objections:
        raise Refused(objections)
    return parts


def _refuse_overlap(
    work: "UnitOfWork", kind: str, scheme: str, parts: Sequence[GroupPart], group_id: int | None = None
) -> None:
    """One person, one active family of a scheme (``E_FAM_OVERLAP``); the other case is named, its amounts are not."""
    ids = [part.person_id for part in parts if part.part == "member"]
    if kind != FAMILY or not ids:
        return
    found = work.session.execute(
        select(col(GroupMember.person_id), col(Group.case_number))
        .join(Group, col(Group.id) == col(GroupMember.group_id))
        .where(
            col(GroupMember.person_id).in_(ids),
            col(GroupMember.part) == "member",
            col(GroupMember.valid_to).is_(None),
            col(Group.valid_to).is_(None),
            col(Group.kind) == FAMILY,
            col(Group.scheme) == scheme,
            col(Group.id) != (group_id or 0),
        )
    ).all()
    if found:
        raise Refused(
            Objection(
                reason=_("该成员已在另一在保家庭中：{case}", case=row.case_number),
                field="members",
                code="E_FAM_OVERLAP",
            )
            for row in found
        )


def _add(work: "UnitOfWork", group: Group, parts: Sequence[GroupPart], on: date) -> None:
    for part in parts:
        work.session.add(GroupMember(group_id=group.id or 0, valid_from=on, **part.model_dump()))
    work.session.flush()


def _end(work: "UnitOfWork", rows: Sequence[GroupMember], on: date) -> None:
    for row in rows:
        row.valid_to = max(row.valid_from, on - timedelta(days=1))
        work.session.add(row)
    work.session.flush()


def _keep(work: "UnitOfWork", group: Group, action: str, wish: ChangeGroup, before: dict[str, Any]) -> None:
    group.version += 1
    work.session.flush()
    subject = f"group:{group.id}"
    changed = Changed(subject=subject, kind="group", on=wish.on, before=before, after=snapshot(work, group))
    sealed = write_changes(work, [changed])
    work.record(action, subject, area=group.area, reason=wish.reason, on=wish.on, sealed=sealed)
