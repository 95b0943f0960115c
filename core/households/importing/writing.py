"""Write the good households of a checked roster: new ones in bulk, changed ones with before and after."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import bindparam, update
from sqlmodel import col

from core.audit.blocks import Sealed
from core.bulk import insert_columns
from core.hookspecs import HouseholdChanges, Moves
from core.households.changes import Changed, write_changes
from core.households.importing.checking import HEAD, Checked
from core.households.importing.registered import phone_indexes
from core.households.models.households import Household, Membership
from core.households.search import Indexed, index_people, reindex_people
from core.identity.bulk import NewPeople, change_people, insert_people
from core.identity.codes import RELATION
from core.identity.names import initials_of
from core.identity.sealed import ACCOUNT
from core.tables import table_of

if TYPE_CHECKING:
    from core.work import UnitOfWork

_PERSON_FIELDS = ("name", "sex", "ethnicity", "hukou_area", "residence_area", "address", "phone", "bank_account")


@dataclass
class Written:
    """What an import did, in people; ``digest`` is over the ids of everybody it touched."""

    imported: int = 0
    updated: int = 0
    skipped: int = 0
    households: int = 0
    digest: str = ""
    sealed: Sealed | None = None


@dataclass
class _Plan:
    """What will be written: new people by row, new households, changed people and households."""

    new_rows: list[int] = field(default_factory=list)
    new_households: dict[str, list[int]] = field(default_factory=dict)
    person_changes: dict[int, dict[str, Any]] = field(default_factory=dict)
    relation_changes: list[tuple[int, int, str, str]] = field(default_factory=list)
    joins: list[tuple[int, int]] = field(default_factory=list)
    household_changes: dict[int, dict[str, Any]] = field(default_factory=dict)
    touched_rows: set[int] = field(default_factory=set)


def write_households(work: "UnitOfWork", checked: Checked, households: Mapping[str, Sequence[int]]) -> Written:
    """Write these households; plugins are asked before and told after. The caller records the act."""
    plan = _planned(work, checked, households)
    changes = _announced(work, checked, plan)
    if changes is not None:
        work.hooks.check("check_household_change", work=work, changes=changes)
    ids = _insert_people(work, checked, plan.new_rows)
    person_of = {**dict(zip(plan.new_rows, ids, strict=True))}
    opened = _insert_households(work, checked, plan, person_of)
    _insert_joins(work, checked, plan, person_of)
    sealed = _write_changes(work, checked, plan)
    if changes is not None:
        filled = _with_new_ids(changes, opened)
        work.hooks.announce("household_changed", work=work, changes=filled)
    _announce_moves(work, checked, plan)
    rows = sum(len(part) for part in households.values())
    updated = len(plan.touched_rows)
    touched = sorted([*ids, *plan.person_changes, *(one[1] for one in plan.relation_changes)])
    digest = hashlib.sha256(",".join(map(str, touched)).encode()).hexdigest()
    imported = len(plan.new_rows)
    return Written(imported, updated, rows - imported - updated, len(opened), digest, sealed)


def _planned(work: "UnitOfWork", checked: Checked, households: Mapping[str, Sequence[int]]) -> _Plan:
    plan, known, numbers = _Plan(), checked.known, checked.columns["citizen_id"]
    phones = _phones_of_known(work, checked)
    for number, rows in households.items():
        household = known.households.get(number)
        if household is None:
            plan.new_households[number] = list(rows)
        for at in rows:
            person = known.people.get(numbers[at])
            if person is None:
                plan.new_rows.append(at)
                if household is not None:
                    plan.joins.append((at, household.id))
                continue
            _compare_person(work, checked, plan, at, known.persons[person], phones)
            if household is None:
                plan.touched_rows.add(at)
                continue
            relation = known.members[household.id].get(person)
            if relation is None:
                plan.joins.append((at, household.id))
                plan.touched_rows.add(at)
            elif relation != checked.columns["relation"][at]:
                plan.relation_changes.append((household.id, person, relation, checked.columns["relation"][at]))
                plan.touched_rows.add(at)
        if household is not None:
            _compare_household(checked, plan, rows, household)
    return plan


def _phones_of_known(work: "UnitOfWork", checked: Checked) -> dict[str, bytes | None]:
    if not checked.known.persons:
        return {}
    phones = sorted(set(checked.columns["phone"]) - {""})
    return dict(zip(phones, phone_indexes(work, phones), strict=True))


def _compare_person(
    work: "UnitOfWork", checked: Checked, plan: _Plan, at: int, person: Any, phones: Mapping[str, bytes | None]
) -> None:
    """Note what the file says differently of a registered person; an empty cell says nothing."""
    columns, roster = checked.columns, checked.roster
    new: dict[str, Any] = {}
    if columns["name"][at] != person.name:
        new["name"] = columns["name"][at]
    if roster.columns["sex"][at] and checked.sex[at] != person.sex:
        new["sex"] = checked.sex[at]
    for name in ("ethnicity", "address"):
        if columns[name][at] and columns[name][at] != getattr(person, name):
            new[name] = columns[name][at]
    if columns["hukou_area"][at] != person.hukou_area:
        new["hukou_area"] = columns["hukou_area"][at]
    if roster.columns["residence_area"][at] and columns["residence_area"][at] != person.residence_area:
        new["residence_area"] = columns["residence_area"][at]
    phone, account = columns["phone"][at], columns["bank_account"][at]
    if phone and phones[phone] != person.phone_index:
        new["phone"] = phone
    if account and work.keys.blind(ACCOUNT, account) != person.account_index:
        new["bank_account"] = account
    if new:
        plan.person_changes[person.id] = new
        plan.touched_rows.add(at)


def _compare_household(checked: Checked, plan: _Plan, rows: Sequence[int], household: Any) -> None:
    columns = checked.columns
    head = next((at for at in rows if columns["relation"][at] == HEAD), None)
    if head is None:
        return
    new = {}
    person = checked.known.people.get(columns["citizen_id"][head])
    if person is None or person != household.head_id:
        new["head_row"] = head
    if columns["hukou_area"][head] != household.area:
        new["area"] = columns["hukou_area"][head]
    if columns["address"][head] and columns["address"][head] != household.address:
        new["address"] = columns["address"][head]
    if new:
        plan.household_changes[household.id] = new


def _announced(work: "UnitOfWork", checked: Checked, plan: _Plan) -> HouseholdChanges | None:
    areas, known = checked.columns["hukou_area"], checked.known
    by_id = {row.id: row for row in known.households.values()}
    changed = sorted(
        {*plan.household_changes, *(one for _at, one in plan.joins), *(one[0] for one in plan.relation_changes)}
    )
    if not plan.new_households and not changed:
        return None
    opened = [areas[rows[0]] for rows in plan.new_households.values()]
    kinds = [_kind(plan.household_changes.get(one, {})) for one in changed]
    return HouseholdChanges(
        ids=np.array([-1] * len(opened) + changed, np.int64),
        areas=np.array([*opened, *(by_id[one].area for one in changed)]),
        kinds=np.array(["opened"] * len(opened) + kinds),
        on=work.today,
    )


def _kind(change: Mapping[str, Any]) -> str:
    if "area" in change:
        return "moved"
    return "head" if "head_row" in change else "members"


def _announce_moves(work: "UnitOfWork", checked: Checked, plan: _Plan) -> None:
    moved = [(one, new["hukou_area"]) for one, new in plan.person_changes.items() if "hukou_area" in new]
    if moved:
        moves = Moves(
            ids=np.array([one for one, _area in moved], np.int64),
            from_areas=np.array([checked.known.persons[one].hukou_area for one, _area in moved]),
            to_areas=np.array([area for _one, area in moved]),
            on=np.array([work.today.isoformat()] * len(moved)),
        )
        work.hooks.announce("person_moved", work=work, moves=moves)


def _with_new_ids(changes: HouseholdChanges, opened: Sequence[int]) -> HouseholdChanges:
    ids = changes.ids.copy()
    ids[: len(opened)] = opened
    return HouseholdChanges(ids=ids, areas=changes.areas, kinds=changes.kinds, on=changes.on)


def _insert_people(work: "UnitOfWork", checked: Checked, rows: Sequence[int]) -> Sequence[int]:
    if not rows:
        return []
    everyone = len(rows) == len(checked.roster)

    def chosen(column: Sequence[Any]) -> Sequence[Any]:
        return column if everyone and rows[0] == 0 and rows[-1] == len(rows) - 1 else [column[at] for at in rows]

    rows_in_order = sorted(rows)
    if list(rows) != rows_in_order:
        everyone = False
    columns = {name: chosen(checked.columns[name]) for name in _PERSON_FIELDS if name != "sex"}
    initials = initials_of(columns["name"])
    people = NewPeople(
        **columns,
        sex=chosen(checked.sex),
        birth_date=chosen(checked.birth_date),
        citizen_id=chosen(checked.columns["citizen_id"]),
        initials=initials,
        legacy={place: checked.legacy[at] for place, at in enumerate(rows) if at in checked.legacy},
    )
    ids = insert_people(work, people)
    pairs = zip(ids, columns["name"], initials, columns["hukou_area"], columns["residence_area"], strict=True)
    index_people(work.session.connection(), map(Indexed._make, pairs))
    return ids


def _insert_households(
    work: "UnitOfWork", checked: Checked, plan: _Plan, person_of: Mapping[int, int]
) -> Sequence[int]:
    if not plan.new_households:
        return []
    columns, people = checked.columns, checked.known.people
    connection = work.session.connection()
    ids = work.next_ids("household_household", len(plan.new_households))
    heads = [next(at for at in rows if columns["relation"][at] == HEAD) for rows in plan.new_households.values()]
    insert_columns(
        connection,
        table_of(Household),
        {
            "id": ids,
            "number": list(plan.new_households),
            "area": [columns["hukou_area"][at] for at in heads],
            "address": [columns["address"][at] for at in heads],
            "head_id": [person_of.get(at) or people[columns["citizen_id"][at]] for at in heads],
        },
        {"village_group": "", "opened_on": work.today, "created_at": work.now, "version": 1},
    )
    members = [(one, at) for one, rows in zip(ids, plan.new_households.values(), strict=True) for at in rows]
    _insert_members(work, checked, members, person_of)
    return ids


def _insert_members(
    work: "UnitOfWork", checked: Checked, members: Sequence[tuple[int, int]], person_of: Mapping[int, int]
) -> None:
    columns, people = checked.columns, checked.known.people
    insert_columns(
        work.session.connection(),
        table_of(Membership),
        {
            "id": work.next_ids("household_membership", len(members)),
            "household_id": [household for household, _at in members],
            "person_id": [person_of.get(at) or people[columns["citizen_id"][at]] for _household, at in members],
            "relation": [columns["relation"][at] for _household, at in members],
        },
        {"valid_from": work.today},
    )


def _insert_joins(work: "UnitOfWork", checked: Checked, plan: _Plan, person_of: Mapping[int, int]) -> None:
    """People who come into a registered household; after the relations that give way to them."""
    _change_relations(work, plan)
    if plan.joins:
        _insert_members(work, checked, [(household, at) for at, household in plan.joins], person_of)
    for household, change in plan.household_changes.items():
        if "head_row" in change:
            at = change.pop("head_row")
            change["head_id"] = person_of.get(at) or checked.known.people[checked.columns["citizen_id"][at]]
        work.session.connection().execute(
            update(Household).where(col(Household.id) == household).values(**change, version=col(Household.version) + 1)
        )


def _change_relations(work: "UnitOfWork", plan: _Plan) -> None:
    if not plan.relation_changes:
        return
    connection = work.session.connection()
    ended = (
        update(Membership)
        .where(col(Membership.person_id) == bindparam("person"), col(Membership.valid_to).is_(None))
        .values(valid_to=work.today)
    )
    connection.execute(ended, [{"person": person} for _household, person, _old, _new in plan.relation_changes])
    insert_columns(
        connection,
        table_of(Membership),
        {
            "id": work.next_ids("household_membership", len(plan.relation_changes)),
            "household_id": [one[0] for one in plan.relation_changes],
            "person_id": [one[1] for one in plan.relation_changes],
            "relation": [one[3] for one in plan.relation_changes],
        },
        {"valid_from": work.today},
    )


def _write_changes(work: "UnitOfWork", checked: Checked, plan: _Plan) -> Sealed | None:
    known = checked.known
    changes = [_person_change(work, known.persons[one], new) for one, new in sorted(plan.person_changes.items())]
    for household, person, old, new in plan.relation_changes:
        before, after = ({"person": person, "relation": RELATION.names[code]} for code in (old, new))
        changes.append(
            Changed(subject=f"household:{household}", kind="members", on=work.today, before=before, after=after)
        )
    by_id = {row.id: row for row in known.households.values()}
    for household, new_values in sorted(plan.household_changes.items()):
        before = {name: getattr(by_id[household], name) for name in new_values}
        kind = _kind(new_values)
        changes.append(
            Changed(subject=f"household:{household}", kind=kind, on=work.today, before=before, after=new_values)
        )
    _change_people(work, checked, plan)
    return write_changes(work, changes) if changes else None


def _person_change(work: "UnitOfWork", person: Any, new: Mapping[str, Any]) -> Changed:
    """Before and after; of phone and account only that they changed, the numbers are sealed in their own tables."""
    plain = {name: value for name, value in new.items() if name not in ("phone", "bank_account")}
    before = {name: getattr(person, name) for name in plain}
    tails = {name: f"****{new[name][-4:]}" for name in ("phone", "bank_account") if name in new}
    return Changed(subject=f"person:{person.id}", kind="import", on=work.today, before=before, after={**plain, **tails})


def _change_people(work: "UnitOfWork", checked: Checked, plan: _Plan) -> None:
    known = checked.known.persons
    for name in _PERSON_FIELDS:
        chosen = [(person, new[name]) for person, new in plan.person_changes.items() if name in new]
        if chosen:
            change_people(work, [one for one, _value in chosen], {name: [value for _one, value in chosen]})
    moved = [
        (known[one], new)
        for one, new in plan.person_changes.items()
        if {"name", "hukou_area", "residence_area"} & set(new)
    ]
    if not moved:
        return
    names = [new.get("name", person.name) for person, new in moved]
    letters = [
        own if name != person.name else person.initials
        for (person, _new), name, own in zip(moved, names, initials_of(names), strict=True)
    ]
    before = [Indexed(p.id, p.name, p.initials, p.hukou_area, p.residence_area) for p, _new in moved]
    after = [
        Indexed(
            person.id, name, initials, new.get("hukou_area", person.hukou_area),
            new.get("residence_area", person.residence_area),
        )
        for (person, new), name, initials in zip(moved, names, letters, strict=True)
    ]  # fmt: skip
    reindex_people(work.session.connection(), before, after)
