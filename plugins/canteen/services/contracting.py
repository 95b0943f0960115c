"""Operators, their accounts and contracts. A settlement is not paid without them."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlmodel import col

from core.api import NewPayee, Objection, Refused, UnitOfWork, _, keep_payee, parse_money, read_credit_code, refuse
from plugins.canteen.models import Contract, Operator, Site
from plugins.canteen.rules import month_days
from plugins.canteen.services.common import DECIDE, day_of, keep, moved, own_operator, own_site
from plugins.canteen.wishes import AddContract, AddOperator, ChangeAccount, EndContract


def add_operator(work: UnitOfWork, wish: AddOperator) -> Operator:
    """Register who may run sites; the credit code is checked (E_USCC)."""
    work.require(DECIDE, work.settings.county.code)
    code = read_credit_code(wish.code)
    if work.session.scalars(select(col(Operator.id)).where(col(Operator.code) == code)).first():
        raise refuse(_("这个统一社会信用代码已经登记"), field="code", code="E_OPERATOR_TWICE")
    made = Operator(
        name=wish.name.strip(), code=code, kind=wish.kind, contact=wish.contact.strip(), phone=wish.phone.strip(),
        payee_id=_payee(work, wish.name, wish.account), added_on=work.today, added_by=work.actor.account_id,
    )  # fmt: skip
    keep(work, made)
    work.record("canteen.operator_added", f"canteen_operator:{made.id}", after={"name": made.name, "code": code})
    return made


def change_account(work: UnitOfWork, text: str, wish: ChangeAccount) -> Operator:
    """Pay an operator to another account from now on."""
    one = own_operator(work, text, DECIDE)
    work.require(DECIDE, work.settings.county.code)
    one.payee_id = _payee(work, one.name, wish.account)
    moved(work, one)
    work.record("canteen.account_changed", f"canteen_operator:{one.id}", after={"payee": one.payee_id})
    return one


def _payee(work: UnitOfWork, name: str, account: str) -> int | None:
    if not account.strip():
        return None
    return keep_payee(work, NewPayee(kind="provider", name=name.strip(), number=account))


def add_contract(work: UnitOfWork, text: str, wish: AddContract) -> Contract:
    """Note a contract of an operator, for one site or all of them."""
    one = own_operator(work, text, DECIDE)
    site = own_site(work, wish.site, DECIDE) if wish.site else None
    if site is None:
        work.require(DECIDE, work.settings.county.code)
    found = []
    if wish.to_on < wish.from_on:
        found.append(Objection(reason=_("结束日期不能早于起始日期"), field="to_on", code="E_DAY"))
    if work.session.scalars(select(col(Contract.id)).where(col(Contract.number) == wish.number.strip())).first():
        found.append(Objection(reason=_("合同编号已经登记"), field="number", code="E_CONTRACT_TWICE"))
    bond = parse_money(wish.bond) if wish.bond else 0
    if bond < 0:
        found.append(Objection(reason=_("金额不能小于 0"), field="bond", code="E_AMOUNT"))
    if found:
        raise Refused(found)
    made = Contract(
        operator_id=one.id or 0, site_id=site.id if site else None, number=wish.number.strip(),
        procurement=wish.procurement, from_on=wish.from_on, to_on=wish.to_on, bond_fen=bond,
        recorded_by=work.actor.account_id,
    )  # fmt: skip
    keep(work, made)
    what = {"number": made.number, "site": made.site_id, "from_on": wish.from_on, "to_on": wish.to_on}
    work.record("canteen.contract_added", f"canteen_operator:{one.id}", after=what)
    return made


def end_contract(work: UnitOfWork, text: str, wish: EndContract) -> Contract:
    """End a contract before its day."""
    one = own_operator(work, text, DECIDE)
    work.require(DECIDE, work.settings.county.code)
    asked = select(Contract).where(col(Contract.operator_id) == one.id, col(Contract.number) == wish.number.strip())
    found = work.session.scalars(asked).first()
    if found is None or found.ended_on:
        raise refuse(_("这个经营者没有这份执行中的合同"), field="number", code="E_CONTRACT")
    found.ended_on = day_of(work, wish.on, "on")
    keep(work, found)
    what = {"number": found.number, "on": found.ended_on}
    work.record("canteen.contract_ended", f"canteen_operator:{one.id}", after=what)
    return found


def payable_sites(work: UnitOfWork, sites: Sequence[Site], month: str) -> dict[int, tuple[int, int]]:
    """Operator and payee of each site whose operator has an account and a contract in a month; others are left out."""
    first, last = month_days(month)
    operators = {
        one.id: one
        for one in work.session.scalars(
            select(Operator).where(col(Operator.id).in_({site.operator_id for site in sites if site.operator_id}))
        )
    }
    held = select(Contract).where(
        col(Contract.operator_id).in_(list(operators)),
        col(Contract.from_on) <= last,
        col(Contract.to_on) >= first,
        or_(col(Contract.ended_on).is_(None), col(Contract.ended_on) >= first),
    )
    covered = {(one.operator_id, one.site_id) for one in work.session.scalars(held)}
    found = {}
    for site in sites:
        one = operators.get(site.operator_id) if site.operator_id else None
        if one and one.payee_id and {(one.id, site.id), (one.id, None)} & covered:
            found[site.id or 0] = (one.id or 0, one.payee_id)
    return found
