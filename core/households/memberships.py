"""Who belongs to a household from when to when: the rule of the one head, and the dated writing of a new list."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import select
from sqlmodel import col

from core.errors import Clash, Objection, Refused, refuse
from core.hookspecs import HouseholdChanges
from core.households.models.households import Household, Membership
from core.households.queries import current_members
from core.households.wishes import Member
from core.identity.codes import HEAD, RELATION
from core.identity.models.persons import Person
from core.identity.queries import visible
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork


def read_relations(members: Sequence[Member]) -> dict[int, str]:
    """Relation codes by person; refused when a word is unknown, a person stands twice, or there is not one head."""
    objections: list[Objection] = []
    relations: dict[int, str] = {}
    for place, member in enumerate(members):
        code = RELATION.find(member.relation)
        if code is None:
            objections.append(RELATION.objection_to(member.relation))
        if member.person_id in relations:
            objections.append(
                Objection(reason=_("同一人在名单中出现两次"), field=f"members.{place}.person_id", code="E_HH_TWICE")
            )
        relations[member.person_id] = code or ""
    heads = sum(code == HEAD for code in relations.values())
    if heads != 1 and not objections:
        objections.append(Objection(reason=_("一户必须且只能有一名户主"), field="members", code="E_HH_HEAD"))
    if objections:
        raise Refused(objections)
    return relations


def head_of(relations: Mapping[int, str]) -> int:
    """The person with code 02."""
    return next(person for person, code in relations.items() if code == HEAD)


def refuse_strangers(work: "UnitOfWork", person_ids: Iterable[int], household_ids: Iterable[int] = ()) -> None:
    """Refuse persons who are unknown, out of the area, dead, merged, or at home in another household."""
    ids, own = list(person_ids), set(household_ids)
    known = {
        row.id: row
        for row in work.session.execute(
            select(
                col(Person.id),
                col(Person.died_on),
                col(Person.merged_into),
                col(Person.left_county_on),
                col(Membership.household_id),
            )
            .outerjoin(Membership, (col(Membership.person_id) == col(Person.id)) & col(Membership.valid_to).is_(None))
            .where(col(Person.id).in_(ids))
        )
    }
    in_sight = set(work.session.scalars(select(col(Person.id)).where(col(Person.id).in_(ids), visible(work))))
    objections = []
    for one in ids:
        row = known.get(one)
        reason = None
        if row is None or (one not in in_sight and row.household_id not in own):
            reason = _("没有找到 {person} 号人员，或不在你的辖区", person=one)
        elif row.merged_into is not None:
            reason = _("{person} 号档案已并入 {kept} 号", person=one, kept=row.merged_into)
        elif row.household_id is not None and row.household_id not in own:
            reason = _("{person} 号人员已在另一户，请先从那一户迁出", person=one)
        elif row.household_id is None and row.died_on is not None:
            reason = _("{person} 号人员已登记死亡", person=one)
        if reason:
            objections.append(Objection(reason=reason, field="members", code="E_HH_MEMBER"))
    if objections:
        raise Refused(objections)


def refuse_stale(household: Household, version: int | None) -> None:
    """Raise ``Clash`` when somebody else changed the household since it was shown."""
    if version is not None and version != household.version:
        raise Clash(_("这一户刚被别人改过，请刷新后再办"))


def refuse_closed(household: Household) -> None:
    """Refuse a household that ended."""
    if household.closed_on is not None:
        raise refuse(_("该户已于 {on} 注销", on=household.closed_on), code="E_HH_CLOSED")


def refuse_day(work: "UnitOfWork", on: date, household: Household | None = None) -> None:
    """Refuse a day in the future, or before the household was opened."""
    if on > work.today:
        raise refuse(_("日期不能晚于今天"), field="on", code="E_DATE")
    if household is not None and on < household.opened_on:
        raise refuse(_("日期不能早于立户日期 {day}", day=household.opened_on), field="on", code="E_DATE")


def write_members(work: "UnitOfWork", household_id: int, relations: Mapping[int, str], on: date) -> None:
    """Make the list of members what ``relations`` says, from a day on; who is not in it leaves the day before."""
    kept: set[int] = set()
    leaving = []
    for row in current_members(work, household_id):
        if relations.get(row.person_id) == row.relation:
            kept.add(row.person_id)
        else:
            leaving.append(row)
    end_members(work, leaving, on)
    for person, relation in relations.items():
        if person not in kept:
            work.session.add(Membership(household_id=household_id, person_id=person, relation=relation, valid_from=on))
    work.session.flush()


def end_members(work: "UnitOfWork", rows: Iterable[Membership], on: date) -> None:
    """End memberships the day before ``on``; one that began that day ends the same day."""
    for row in rows:
        row.valid_to = max(row.valid_from, on - timedelta(days=1))
        work.session.add(row)
    work.session.flush()  # the place must be free before somebody else takes it


def snapshot(work: "UnitOfWork", household: Household) -> dict[str, Any]:
    """A household as a change keeps it: by ids and codes, no names."""
    return {
        "number": household.number,
        "area": household.area,
        "address": household.address,
        "village_group": household.village_group,
        "head": household.head_id,
        "closed_on": household.closed_on,
        "members": {str(row.person_id): row.relation for row in current_members(work, household.id or 0)},
    }


def columns_of(households: Sequence[tuple[int, str, str]], on: date) -> HouseholdChanges:
    """What plugins are asked and told: (id or -1, area, kind) of each household."""
    return HouseholdChanges(
        ids=np.array([one[0] for one in households], np.int64),
        areas=np.array([one[1] for one in households]),
        kinds=np.array([one[2] for one in households]),
        on=on,
    )
