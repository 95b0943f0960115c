"""What happens to households: opened, changed, split, merged, moved, closed. Nothing is overwritten without a trace."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core.errors import refuse
from core.households.areas import current_village
from core.households.changes import Changed, write_changes
from core.households.memberships import (
    columns_of,
    end_members,
    head_of,
    read_relations,
    refuse_closed,
    refuse_day,
    refuse_stale,
    refuse_strangers,
    snapshot,
    write_members,
)
from core.households.models.households import Household
from core.households.queries import current_members, get_household
from core.households.wishes import (
    ChangeMembers,
    CloseHousehold,
    MergeHouseholds,
    MoveHousehold,
    OpenHousehold,
    SplitHousehold,
)
from core.identity.events import Move, record_move
from core.identity.models.persons import Person
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork

RIGHT = "household.change"


def open_household(work: "UnitOfWork", wish: OpenHousehold) -> Household:
    """Open a household with all its members, one of them the head."""
    work.require(RIGHT, area=wish.area)
    refuse_day(work, wish.on)
    area = current_village(work, wish.area, wish.on)
    relations = read_relations(wish.members)
    _refuse_number(work, wish.number)
    refuse_strangers(work, relations)
    work.hooks.check("check_household_change", work=work, changes=columns_of([(-1, area, "opened")], wish.on))
    household = _insert(work, wish, area, head_of(relations))
    write_members(work, _id(household), relations, wish.on)
    changes = columns_of([(_id(household), area, "opened")], wish.on)
    work.hooks.announce("household_changed", work=work, changes=changes)
    work.record("household.opened", _subject(household), area=area, number=household.number, members=len(relations))
    return household


def change_members(work: "UnitOfWork", household_id: int, wish: ChangeMembers) -> Household:
    """Say anew who belongs to a household and how; with another head every relation is entered again."""
    household = _changeable(work, household_id, wish.on, wish.version)
    relations = read_relations(wish.members)
    refuse_strangers(work, relations, [household_id])
    kind = "head" if head_of(relations) != household.head_id else "members"

    def write() -> None:
        household.head_id = head_of(relations)
        work.session.add(household)
        write_members(work, household_id, relations, wish.on)

    action = "household.head_changed" if kind == "head" else "household.members_changed"
    _change(work, [(household, kind)], write, _Act(action, wish.on, wish.reason))
    return household


def change_head(work: "UnitOfWork", household_id: int, wish: ChangeMembers) -> Household:
    """Make another member the head; the list must name every member with the relation to the new head."""
    household = get_household(work, household_id, RIGHT)
    named = {member.person_id for member in wish.members}
    standing = {row.person_id for row in current_members(work, household_id)}
    if named != standing:
        raise refuse(
            _("换户主要重新填写全部 {count} 名成员与新户主的关系", count=len(standing)),
            field="members",
            code="E_HH_HEAD",
        )
    if head_of(read_relations(wish.members)) == household.head_id:
        raise refuse(_("户主没有变化"), field="members", code="E_SAME")
    return change_members(work, household_id, wish)


def split_household(work: "UnitOfWork", household_id: int, wish: SplitHousehold) -> Household:
    """Make part of a household one of its own; assistance families are not touched, plugins hear of it."""
    household = _changeable(work, household_id, wish.on, wish.version)
    area = current_village(work, wish.area or household.area, wish.on)
    work.require(RIGHT, area=area)
    leaving, staying = read_relations(wish.leaving), read_relations(wish.staying)
    standing = {row.person_id for row in current_members(work, household_id)}
    if set(leaving) | set(staying) != standing or set(leaving) & set(staying):
        raise refuse(_("分户要写明原户每一名成员去哪一户"), field="members", code="E_HH_MEMBER")
    _refuse_number(work, wish.number)
    made: list[Household] = []

    def write() -> None:
        end_members(work, [row for row in current_members(work, household_id) if row.person_id in leaving], wish.on)
        address = household.address if wish.address is None else wish.address
        new = OpenHousehold(number=wish.number, area=area, address=address, members=wish.leaving, on=wish.on)
        made.append(_insert(work, new, area, head_of(leaving)))
        write_members(work, _id(made[0]), leaving, wish.on)
        household.head_id = head_of(staying)
        work.session.add(household)
        write_members(work, household_id, staying, wish.on)

    _change(work, [(household, "split")], write, _Act("household.split", wish.on, wish.reason), made)
    return made[0]


def merge_households(work: "UnitOfWork", kept_id: int, wish: MergeHouseholds) -> Household:
    """Take all members of another household in and close that one; it keeps its number and its history."""
    kept, gone = _changeable(work, kept_id, wish.on, wish.version), _changeable(work, wish.gone_id, wish.on)
    if kept_id == wish.gone_id:
        raise refuse(_("不能与自己并户"), field="gone_id", code="E_SAME")
    relations = read_relations(wish.members)
    standing = {row.person_id for one in (kept_id, wish.gone_id) for row in current_members(work, one)}
    if set(relations) != standing:
        raise refuse(
            _("并户要写明两户全部 {count} 名成员与户主的关系", count=len(standing)), field="members", code="E_HH_MEMBER"
        )

    def write() -> None:
        end_members(work, current_members(work, wish.gone_id), wish.on)
        gone.closed_on, gone.merged_into = wish.on, kept_id
        kept.head_id = head_of(relations)
        work.session.add(gone)
        work.session.add(kept)
        write_members(work, kept_id, relations, wish.on)

    _change(work, [(kept, "merged"), (gone, "closed")], write, _Act("household.merged", wish.on, wish.reason))
    return kept


def move_household(work: "UnitOfWork", household_id: int, wish: MoveHousehold) -> Household:
    """Move a household within the county; each member registered with it moves too, and the plugins hear of it."""
    household = _changeable(work, household_id, wish.on, wish.version)
    area = current_village(work, wish.area, wish.on)
    work.require(RIGHT, area=area)
    if (area, wish.address) == (household.area, household.address):
        raise refuse(_("户籍地和地址都没有变化"), field="area", code="E_SAME")
    before_area = household.area

    def write() -> None:
        household.area, household.address, household.village_group = area, wish.address, wish.village_group
        work.session.add(household)
        for person in _registered_here(work, household_id, before_area) if area != before_area else ():
            lives_here = person.residence_area == before_area
            move = Move(on=wish.on, hukou_area=area, residence_area=area if lives_here else None, address=wish.address)
            record_move(work, person.id or 0, move)

    _change(work, [(household, "moved")], write, _Act("household.moved", wish.on, wish.reason))
    return household


def close_household(work: "UnitOfWork", household_id: int, wish: CloseHousehold) -> Household:
    """Close a household in which nobody living is left."""
    household = _changeable(work, household_id, wish.on, wish.version)
    members = current_members(work, household_id)
    people = work.session.scalars(select(Person).where(col(Person.id).in_([row.person_id for row in members])))
    living = [person for person in people if person.died_on is None and person.left_county_on is None]
    if living:
        raise refuse(_("户内还有 {count} 名在册成员，不能注销", count=len(living)), field="members", code="E_HH_MEMBER")

    def write() -> None:
        end_members(work, members, wish.on)
        household.closed_on = wish.on
        work.session.add(household)

    _change(work, [(household, "closed")], write, _Act("household.closed", wish.on, wish.reason))
    return household


class _Act:
    """The name, day and reason of one act."""

    def __init__(self, action: str, on: date, reason: str) -> None:
        self.action, self.on, self.reason = action, on, reason


def _change(
    work: "UnitOfWork",
    households: Sequence[tuple[Household, str]],
    write: Callable[[], None],
    act: _Act,
    made: Sequence[Household] = (),
) -> None:
    """Ask the plugins, write, keep before and after, tell the plugins, record: the same for every act."""
    asked = [(_id(one), one.area, kind) for one, kind in households]
    work.hooks.check("check_household_change", work=work, changes=columns_of(asked, act.on))
    before = [snapshot(work, one) for one, _kind in households]
    area = households[0][0].area
    write()
    for one, _kind in households:
        one.version += 1
    work.session.flush()
    kept = [
        Changed(subject=_subject(one), kind=kind, on=act.on, before=old, after=snapshot(work, one))
        for (one, kind), old in zip(households, before, strict=True)
    ]
    kept += [
        Changed(subject=_subject(one), kind="opened", on=act.on, before={}, after=snapshot(work, one)) for one in made
    ]
    sealed = write_changes(work, kept)
    told = [(_id(one), one.area, kind) for one, kind in households] + [(_id(one), one.area, "opened") for one in made]
    work.hooks.announce("household_changed", work=work, changes=columns_of(told, act.on))
    details: dict[str, Any] = {"on": act.on, "households": [one[0] for one in told]}
    work.record(act.action, _subject(households[0][0]), area=area, reason=act.reason, sealed=sealed, **details)


def _changeable(work: "UnitOfWork", household_id: int, on: date, version: int | None = None) -> Household:
    household = get_household(work, household_id, RIGHT)
    refuse_stale(household, version)
    refuse_closed(household)
    refuse_day(work, on, household)
    return household


def _refuse_number(work: "UnitOfWork", number: str) -> None:
    taken = select(col(Household.id)).where(col(Household.number) == number.strip())
    if work.session.scalar(taken) is not None:
        raise refuse(_("户号 {number} 已被使用", number=number), field="number", code="E_HH_NUMBER")


def _insert(work: "UnitOfWork", wish: OpenHousehold, area: str, head_id: int) -> Household:
    household = Household(
        number=wish.number.strip(),
        area=area,
        address=wish.address,
        village_group=wish.village_group,
        head_id=head_id,
        opened_on=wish.on,
        created_at=work.now,
    )
    work.session.add(household)
    work.session.flush()
    return household


def _registered_here(work: "UnitOfWork", household_id: int, area: str) -> Sequence[Person]:
    ids = [row.person_id for row in current_members(work, household_id)]
    rows = select(Person).where(col(Person.id).in_(ids), col(Person.hukou_area) == area, col(Person.died_on).is_(None))
    return work.session.scalars(rows.order_by(col(Person.id))).all()


def _id(household: Household) -> int:
    return household.id or 0


def _subject(household: Household) -> str:
    return f"household:{household.id}"
