"""Honour plaques of households and news of merits that are brought to families."""

from sqlalchemy import select
from sqlmodel import col

from core.api import UnitOfWork, _, household_of, refuse
from plugins.double_support.models import MeritNews, Plaque
from plugins.double_support.queries import own
from plugins.double_support.services.common import (
    VISIT,
    county,
    keep,
    living,
    moved,
    not_before,
    note,
    past,
    require_public,
    require_state,
    two_visitors,
)
from plugins.double_support.wishes import AddNews, AddPlaque, DeliverNews, OnDay, Why

HANGING = ("issued", "hung", "damaged")


def add_plaque(work: UnitOfWork, wish: AddPlaque) -> Plaque:
    """Issue a plaque for a household; one at a time."""
    require_public(work, wish)
    person = living(work, wish.person_id, VISIT)
    household = household_of(work, person.id)
    if household is None:
        raise refuse(_("这个人还不在任何一户里"), field="person_id", code="E_DBL_HOUSEHOLD")
    asked = select(col(Plaque.id)).where(col(Plaque.household_id) == household[0], col(Plaque.state).in_(HANGING))
    if work.session.scalars(asked).first() is not None:
        raise refuse(_("这一户已经有光荣牌"), field="person_id", code="E_DBL_KNOWN")
    return _issue(work, AddPlaque(person_id=person.id, kind=wish.kind, on=wish.on), household[0], person.hukou_area)


def _issue(work: UnitOfWork, wish: AddPlaque, household_id: int, area: str) -> Plaque:
    made = Plaque(
        household_id=household_id,
        person_id=wish.person_id,
        first_person_id=wish.person_id,
        area=area or county(work),
        kind=wish.kind,
        issued_on=past(work, wish.on),
        state_on=work.today,
        added_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "plaque_issued", "plaque", made, kind=made.kind)
    return made


def _stepped(work: UnitOfWork, one: Plaque, state: str, reason: str = "") -> Plaque:
    one.state, one.state_on, one.reason = state, work.today, reason
    moved(work, one)
    note(work, "plaque_stepped", "plaque", one, reason=reason, state=state)
    return one


def hang(work: UnitOfWork, text: str, wish: OnDay) -> Plaque:
    """The plaque hangs."""
    one = own(work, Plaque, text, VISIT)
    require_state(one, "issued")
    one.hung_on = not_before(past(work, wish.on), one.issued_on)
    return _stepped(work, one, "hung")


def damage(work: UnitOfWork, text: str, wish: Why) -> Plaque:
    """The plaque is damaged or lost."""
    require_public(work, wish)
    one = own(work, Plaque, text, VISIT)
    require_state(one, "hung")
    return _stepped(work, one, "damaged", wish.reason.strip())


def replace(work: UnitOfWork, text: str, wish: OnDay) -> Plaque:
    """A new plaque takes the place of the damaged one; answers the new one."""
    one = own(work, Plaque, text, VISIT)
    require_state(one, "damaged")
    _stepped(work, one, "replaced", one.reason)
    again = AddPlaque.model_construct(person_id=one.person_id, kind=one.kind, on=wish.on)
    return _issue(work, again, one.household_id, one.area)


def remove(work: UnitOfWork, text: str, wish: Why) -> Plaque:
    """The plaque is taken back, such as when the member was punished."""
    require_public(work, wish)
    one = own(work, Plaque, text, VISIT)
    require_state(one, *HANGING)
    return _stepped(work, one, "removed", wish.reason.strip())


def add_news(work: UnitOfWork, wish: AddNews) -> MeritNews:
    """Note news of a merit that came for a family."""
    require_public(work, wish)
    person = living(work, wish.person_id, VISIT)
    made = MeritNews(
        person_id=person.id,
        first_person_id=person.id,
        area=person.hukou_area or county(work),
        honour=wish.honour.strip(),
        received_on=past(work, wish.on),
        added_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "news_received", "news", made)
    return made


def deliver(work: UnitOfWork, text: str, wish: DeliverNews) -> MeritNews:
    """Two people brought it."""
    require_public(work, wish)
    one = own(work, MeritNews, text, VISIT)
    require_state(one, "received")
    one.leader, one.companion = two_visitors(wish.leader, wish.companion)
    one.delivered_on = not_before(past(work, wish.on), one.received_on)
    one.state = "delivered"
    moved(work, one)
    note(work, "news_delivered", "news", one)
    return one
