"""What the internal audit asks of orphan care: who is in payment past the age, by the birthday known today."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlmodel import col

from core.api import Period, Suspicion, _, age_on, facts_of
from plugins.orphan_care.models import Case
from plugins.orphan_care.months import state_column

if TYPE_CHECKING:
    from core.api import UnitOfWork

IN_PAYMENT = ("active", "ending")


def over_age(work: "UnitOfWork", month: str) -> Iterator[Suspicion]:
    """Children who were of full age before a month began and are paid for it without a proof of school.

    A birthday that was mended after the file was opened does not move the last month of the file: this sees it.
    [国办发〔2010〕54号, policy ``orphan_care.adult_age``]
    """
    first = Period(month).first_day
    limit, leap = work.policy("orphan_care.adult_age", on=first), work.policy("identity.leap_birthday")
    paid = select(Case).where(
        state_column(month).in_(IN_PAYMENT),
        or_(col(Case.pays_until) == "", col(Case.pays_until) >= month),
    )
    cases = list(work.session.scalars(paid.order_by(col(Case.id))))
    people = facts_of(work, [one.person_id for one in cases])
    for one in cases:
        person = people.get(one.person_id)
        if person is None or person.birth_date is None or age_on(person.birth_date, first, leap) < limit:
            continue
        if one.category == "CONT_EDU" and one.school_until is not None and one.school_until >= first:
            continue
        reason = _("{month} 之前已满 {age} 周岁，没有有效的在校证明，仍在发放", month=month, age=limit)
        yield Suspicion(subject=f"orphan_care:{one.number}", area=one.area, reason=reason)
