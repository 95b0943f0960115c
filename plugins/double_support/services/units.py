"""Partner units by code name, and what is given to them: only to the account the agreement names."""

from sqlalchemy import select
from sqlmodel import col

from core.api import NewPayee, UnitOfWork, _, batch_facts, keep_payee, refuse
from plugins.double_support.models import SupportMoney, Unit
from plugins.double_support.queries import own, unit_of
from plugins.double_support.services.common import (
    KEEP,
    amount,
    close,
    county,
    keep,
    moved,
    note,
    require_public,
    require_state,
)
from plugins.double_support.wishes import AddUnit, CloseOn, UnitAccount, Why
from plugins.double_support.work_wishes import AddSupport

NOT_SENT = ("building", "draft", "cancelled")
"""States of a batch in which its lines may still be taken back."""


def add_unit(work: UnitOfWork, wish: AddUnit) -> Unit:
    """Register a partner unit by its agreed code name."""
    work.require(KEEP, county(work))
    require_public(work, wish)
    code = wish.code.strip()
    if sum(letter.isdecimal() for letter in code) > 3:
        words = _("代号里的数字不能超过三位，请用双方商定的代号")
        raise refuse(words, field="code", code="E_UNIT_SECRET")
    if work.session.scalars(select(col(Unit.id)).where(col(Unit.code) == code)).first() is not None:
        raise refuse(_("这个代号已经登记"), field="code", code="E_DBL_KNOWN")
    made = Unit(code=code, area=county(work), agreement=wish.agreement.strip(), added_by=work.actor.account_id)
    keep(work, made)
    note(work, "unit_added", "unit", made)
    return made


def set_account(work: UnitOfWork, text: str, wish: UnitAccount) -> Unit:
    """Note the settlement account the agreement names."""
    require_public(work, wish)
    one = own(work, Unit, text, KEEP)
    require_state(one, "open")
    one.agreement = wish.agreement.strip()
    payee = NewPayee(kind="provider", name=wish.account_name.strip(), number=wish.account_number.strip())
    one.payee_id = keep_payee(work, payee)
    moved(work, one)
    note(work, "unit_account_set", "unit", one)
    return one


def close_unit(work: UnitOfWork, text: str, wish: CloseOn) -> Unit:
    """Take a partner unit off the register."""
    require_public(work, wish)
    return close(work, own(work, Unit, text, KEEP), "unit", wish.on, wish.reason.strip())


def add_support(work: UnitOfWork, wish: AddSupport) -> SupportMoney:
    """Note money for a unit, decided by minutes; what others pay counts in the totals only."""
    work.require(KEEP, county(work))
    require_public(work, wish)
    unit = unit_of(work, wish.unit)
    if not wish.minutes.strip():
        raise refuse(_("缺少会议记录：每笔付款都要引用会议记录"), field="minutes", code="E_NO_MINUTES")
    if not wish.elsewhere and not unit.payee_id:
        words = _("协作单位 {code} 没有登记协议账户", code=unit.code)
        raise refuse(words, field="unit", code="E_DBL_PAYEE", hint=_("先登记协议里写明的结算账户"))
    made = SupportMoney(
        year=wish.year or work.today.year,
        purpose=wish.purpose,
        amount_fen=amount(wish.amount, "amount", 1),
        unit_id=unit.id or 0,
        minutes=wish.minutes.strip(),
        paid_here=not wish.elsewhere,
        area=county(work),
        entered_on=work.today,
        added_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "support_added", "support", made, amount_fen=made.amount_fen, purpose=made.purpose)
    return made


def withdraw_support(work: UnitOfWork, text: str, wish: Why) -> SupportMoney:
    """Take back an entry until its batch is submitted."""
    require_public(work, wish)
    one = own(work, SupportMoney, text, KEEP)
    require_state(one, "entered")
    if one.batch_id and batch_facts(work, one.batch_id).state not in NOT_SENT:
        raise refuse(_("已经提交付款，不能撤回"), code="E_DBL_STATE")
    one.state, one.reason = "withdrawn", wish.reason.strip()
    moved(work, one)
    note(work, "support_withdrawn", "support", one, reason=one.reason)
    return one
