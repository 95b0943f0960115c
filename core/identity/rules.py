"""Checks that several services about persons share; each answers with objections and writes nothing."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from core.errors import Clash, Objection, Refused, refuse
from core.households.areas import current_village
from core.households.models.households import Membership
from core.identity.models.bank_accounts import BankAccount
from core.identity.models.persons import Person
from core.identity.queries import get_person, holder_of, visible
from core.identity.sealed import ACCOUNT
from core.models.state import State
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork


def refuse_all(objections: Iterable[Objection | None]) -> None:
    """Raise ``Refused`` with every objection there is; go on when there is none."""
    found = [objection for objection in objections if objection is not None]
    if found:
        raise Refused(found)


def living_record(work: "UnitOfWork", person_id: int, permission: str = "person.change") -> Person:
    """A person whose record may be changed: within the area, not merged into another, not erased."""
    person = get_person(work, person_id, permission)
    if person.erased_on is not None:
        raise refuse(_("这份档案保存期满，已于 {day} 清除", day=person.erased_on), code="E_ERASED")
    if person.merged_into is not None:
        raise refuse(_("这份档案已并入 {kept} 号档案，请在那里办理", kept=person.merged_into), code="E_MERGED")
    return person


def refuse_stale(person: Person, version: int | None) -> None:
    """Raise ``Clash`` when somebody else changed the record since it was shown; None does not ask."""
    if version is not None and version != person.version:
        raise Clash(_("这份档案刚被别人改过，请刷新后再办"))


def allows_test_area(work: "UnitOfWork") -> bool:
    """Whether numbers of area 999 count: only in a database that carries the mark of the demo or of tests."""
    return (
        work.session.scalar(select(col(State.value)).where(col(State.name).in_(("demo", "tests"))).limit(1)) is not None
    )


def area_objection(work: "UnitOfWork", code: str, field: str) -> Objection | None:
    """``E_DIV_CODE`` unless the code is a village that is in force today; names the successor of an ended one."""
    try:
        current_village(work, code, work.today, field)
    except Refused as refusal:
        return refusal.objections[0]
    return None


def duplicate_objection(work: "UnitOfWork", index: bytes, field: str, of: int | None = None) -> Objection | None:
    """``E_ID_DUP`` when somebody else holds the number; ``hint`` is that record's id if the actor may open it."""
    holder = holder_of(work, index)
    if holder is None or holder == of:
        return None
    known = work.session.scalar(select(col(Person.id)).where(col(Person.id) == holder, visible(work)))
    return Objection(
        reason=_("该身份证号码已登记，请打开原档案"),
        field=field,
        code="E_ID_DUP",
        hint=None if known is None else f"person:{known}",
    )


def shared_objection(work: "UnitOfWork", number: str, person_id: int | None, reason: str) -> Objection | None:
    """``W_ACCT_SHARED`` when another family uses the account and no reason is recorded."""
    if reason.strip() or not other_families(work, number, person_id):
        return None
    return Objection(
        reason=_("同一银行账户被不同家庭使用，请核实"),
        field="shared_reason",
        code="W_ACCT_SHARED",
        hint=_("确属监护人或代领人的账户，请写明理由"),
    )


def other_families(work: "UnitOfWork", number: str, person_id: int | None) -> int:
    """How many persons outside the person's household use a bank account now."""
    index = work.keys.blind(ACCOUNT, number)
    household = select(col(Membership.household_id)).where(
        col(Membership.person_id) == person_id, col(Membership.valid_to).is_(None)
    )
    kin = select(col(Membership.person_id)).where(
        col(Membership.household_id).in_(household), col(Membership.valid_to).is_(None)
    )
    asked = select(func.count()).where(
        col(BankAccount.number_index) == index,
        col(BankAccount.valid_to).is_(None),
        col(BankAccount.person_id).not_in(kin),
        col(BankAccount.person_id) != (person_id or 0),
    )
    return work.session.scalar(asked) or 0


def day_objection(work: "UnitOfWork", day: date, person: Person, field: str = "on") -> Objection | None:
    """A day in the future, or before the person was born."""
    if day > work.today:
        return Objection(reason=_("日期不能晚于今天"), field=field, code="E_DATE")
    if person.birth_date is not None and day < person.birth_date:
        return Objection(reason=_("日期不能早于出生日期 {born}", born=person.birth_date), field=field, code="E_DATE")
    return None
