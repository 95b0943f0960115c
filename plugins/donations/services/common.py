"""What the services share: rights, numbers in a row, amounts as typed, purposes with their fund, no quotas."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from core.api import (
    NewCharityFund,
    Objection,
    Refused,
    UnitOfWork,
    _,
    find_person,
    keep_charity_fund,
    parse_money,
    refuse,
)
from plugins.donations.models import Charity, Purpose
from plugins.donations.rules import apportions

SHOW, KEEP, RECEIVE, RECEIPT, SPEND, DECIDE, DISCLOSE, PAIR, EXPORT = (
    "donations.show", "donations.keep", "donations.receive", "donations.receipt", "donations.spend",
    "donations.decide", "donations.disclose", "donations.pair", "donations.export",
)  # fmt: skip


def require(work: UnitOfWork, right: str) -> None:
    """Ask for a right in the whole county: the charity's books are one."""
    work.require(right, area=work.settings.county.code)


def keep(work: UnitOfWork, rows: Iterable[Any]) -> None:
    """Save rows and take their ids."""
    work.session.add_all(list(rows))
    work.session.flush()


def moved(work: UnitOfWork, one: Any) -> None:
    """Save a changed row under its next version."""
    one.version += 1
    keep(work, [one])


def yuan(text: str, field: str, *, empty: int | None = None) -> int:
    """An amount as typed, in fen; refused at its field. ``empty`` is what nothing typed means."""
    if not text.strip() and empty is not None:
        return empty
    try:
        return parse_money(text)
    except Refused as refusal:
        raise Refused(
            [Objection(reason=one.reason, field=field, code=one.code) for one in refusal.objections]
        ) from None


def positive(text: str, field: str = "amount") -> int:
    """An amount above zero, in fen; refused with E_GIFT_NEG."""
    fen = yuan(text, field)
    if fen <= 0:
        raise refuse(_("金额要大于 0"), field=field, code="E_GIFT_NEG")
    return fen


def not_later(work: UnitOfWork, day: date, field: str) -> None:
    """Refuse a day after today."""
    if day > work.today:
        raise refuse(_("日期不能晚于今天"), field=field, code="E_DAY")


def refuse_quota(work: UnitOfWork, **texts: str) -> None:
    """Refuse a text that sets somebody's quota (E_QUOTA): giving is voluntary. [慈善法 art. 32]"""
    words = work.policy("donations.quota_words")
    wrong = [name for name, text in texts.items() if text and apportions(text, words)]
    if wrong:
        reason = _("不得摊派或变相摊派：不能规定每人捐多少，也不能从工资里扣")
        raise Refused([Objection(reason=reason, field=name, code="E_QUOTA") for name in wrong])


def charity_of(work: UnitOfWork) -> Charity:
    """The county's charity."""
    return work.session.scalars(select(Charity).order_by(col(Charity.id)).limit(1)).one()


def charity_name(work: UnitOfWork, one: Charity) -> str:
    """What the charity is called; without a name it is the county's charity federation."""
    return one.name or f"{work.settings.county.name}慈善会"


def person_id_of(work: UnitOfWork, text: str, right: str) -> int | None:
    """The person that an id or number means; None for nothing typed."""
    if not text.strip():
        return None
    return find_person(work, text.strip(), right).id


def known_purpose(work: UnitOfWork, charity: Charity, name: str) -> Purpose | None:
    """A purpose by its name, the unrestricted one for ""; None when nothing was given to it yet."""
    same = col(Purpose.name) == name.strip() if name.strip() else col(Purpose.restricted).is_(False)
    return work.session.scalars(select(Purpose).where(col(Purpose.charity_id) == charity.id, same)).one_or_none()


def purpose_of(work: UnitOfWork, charity: Charity, name: str) -> Purpose:
    """A purpose by its name, made when it is named for the first time."""
    found = known_purpose(work, charity, name)
    if found is None:
        found = Purpose(charity_id=charity.id or 0, name=name.strip(), restricted=bool(name.strip()))
        keep(work, [found])
        work.record("donations.purpose_added", f"donations_purpose:{found.id}", after={"name": found.name})
    return found


def fund_of(work: UnitOfWork, charity: Charity, purpose: Purpose, first_fen: int) -> int:
    """The fund of a purpose in the charity's books, made with its first money."""
    if purpose.fund_id is None:
        name = charity_name(work, charity)
        wish = NewCharityFund(
            code=f"CS-{charity.id}-{purpose.id}",
            name=f"{name}·{purpose.name}" if purpose.restricted else name,
            source="DON_R" if purpose.restricted else "DON_U",
            first_fen=first_fen,
            account=charity.account,
            purpose=purpose.name,
        )
        purpose.fund_id = keep_charity_fund(work, wish)
        keep(work, [purpose])
    return purpose.fund_id


def purpose_title(purpose: Purpose) -> str:
    """A purpose in words."""
    return purpose.name if purpose.restricted else _("非限定")
