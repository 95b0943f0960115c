"""Erasing what names a person once the time to keep it is over: asked for by one officer, decided by another.

What stays is what figures need: sex, year of birth, village, dates of death and moves, the place in a household. Two
things stay because emptying them would break the proof of all that came after. Bodies of audit records hold the name,
sex, date of birth and village as they were registered or changed, never a whole number; only who may read the audit
sees them. Rows of what an import changed about a person stand sealed in the registry's blocks; no page opens them
(changes of a household name people by id alone). Backups made before hold the data until they are gone.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select, update
from sqlmodel import col

from core.errors import refuse
from core.identity.announcing import columns_of
from core.identity.events import ERASED, keep_event
from core.identity.indexing import follow, in_index
from core.identity.models.attachments import Attachment
from core.identity.models.bank_accounts import BankAccount
from core.identity.models.history import FormerName, LifeEvent, Proposal
from core.identity.models.persons import Document, Person
from core.identity.queries import id_of, subject_of, visible
from core.identity.rules import living_record
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork

ERASED_NAME = "已清除"
"""What stands in the place of the name; the same for everybody."""

RIGHT = "person.erase"


def erasable_people(work: "UnitOfWork", limit: int = 200) -> dict[str, Any]:
    """People whose time is over, in the actor's areas: ``{"people": […], "more": bool}``.

    Each is ``{"id", "name", "area", "why", "since", "due", "waiting"}``: "death" or "left", the day of it, the day the
    time was over, and whether a proposal waits for the second person.
    """
    work.require(RIGHT)
    dead, left = (_months_before(work.today, _months(work, why)) for why in ("death", "left"))
    asked = (
        select(Person)
        .where(
            or_(col(Person.died_on) <= dead, col(Person.left_county_on) <= left),
            col(Person.merged_into).is_(None),
            col(Person.erased_on).is_(None),
            visible(work, RIGHT),
        )
        .order_by(col(Person.id))
        .limit(limit + 1)
    )
    found = work.session.scalars(asked).all()
    waiting = _waiting(work, [id_of(person) for person in found])
    return {"people": [_line(work, person, waiting) for person in found[:limit]], "more": len(found) > limit}


def erasable_person(work: "UnitOfWork", person_id: int) -> Person:
    """A person who may be asked to be erased: within the area, and the time is over, and no plugin objects."""
    work.require(RIGHT)
    person = living_record(work, person_id, RIGHT)
    _refuse_early(work, person)
    if _waiting(work, [person_id]):
        raise refuse(_("这个人的清除已经提出，等第二人确认"), code="E_SAME")
    _ask_plugins(work, [person, *_absorbed(work, person)])
    return person


def erase(work: "UnitOfWork", person: Person, proposal: Proposal) -> LifeEvent:
    """Erase a person and the records that went into theirs; the actor is the second person. It cannot be undone."""
    _refuse_early(work, person)
    records = [person, *_absorbed(work, person)]
    _ask_plugins(work, records)
    ids = [id_of(one) for one in records]
    indexed = in_index(person)
    files = _destroy_attachments(work, ids)
    destroyed: dict[str, Any] = {
        name: work.session.connection().execute(delete(model).where(col(model.person_id).in_(ids))).rowcount
        for name, model in (("papers", Document), ("accounts", BankAccount), ("former_names", FormerName))
    }
    _empty_history(work, ids, id_of(proposal))
    for one in records:
        _forget(work, one)
    follow(work, indexed, person)
    event = keep_event(
        work,
        person,
        ERASED,
        work.today,
        before={},
        after={},
        reason=proposal.reason,
        recorded_by=proposal.proposed_by,
        confirmed_by=work.actor.account_id,
    )
    work.record(
        "person.erased",
        subject_of(person),
        area=person.hukou_area,
        reason=proposal.reason,
        event=event.id,
        first=proposal.proposed_by,
        records=ids,
        files=files,
        **destroyed,
    )
    return event


def _line(work: "UnitOfWork", person: Person, waiting: set[int]) -> dict[str, Any]:
    why, since, due = _due(work, person)[0]
    return {
        "id": person.id,
        "name": person.name,
        "area": person.hukou_area,
        "why": why,
        "since": since,
        "due": due,
        "waiting": person.id in waiting,
    }


def _due(work: "UnitOfWork", person: Person) -> list[tuple[str, date, date]]:
    """(why, since, due) of each reason for the time to end, the earliest first."""
    days = (("death", person.died_on), ("left", person.left_county_on))
    found = [(why, day, _months_after(day, _months(work, why))) for why, day in days if day is not None]
    return sorted(found, key=lambda one: one[2])


def _refuse_early(work: "UnitOfWork", person: Person) -> None:
    due = _due(work, person)
    if not due:
        raise refuse(_("这个人没有死亡或迁出登记，档案还要保存"), code="E_RETENTION")
    if due[0][2] > work.today:
        raise refuse(_("保存期到 {day} 才满，还不能清除", day=due[0][2]), code="E_RETENTION")


def _months(work: "UnitOfWork", why: str) -> int:
    return work.policy(f"identity.erasure_{why}_months")


def _ask_plugins(work: "UnitOfWork", records: Sequence[Person]) -> None:
    days = [one.died_on or one.left_county_on or work.today for one in records]
    work.hooks.check("check_person_erasure", work=work, people=columns_of(work, records, days))


def _absorbed(work: "UnitOfWork", person: Person) -> Sequence[Person]:
    return work.session.scalars(select(Person).where(col(Person.merged_into) == person.id)).all()


def _waiting(work: "UnitOfWork", ids: Sequence[int]) -> set[int]:
    asked = select(col(Proposal.person_id)).where(
        col(Proposal.person_id).in_(ids), col(Proposal.kind) == ERASED, col(Proposal.decided_by).is_(None)
    )
    return set(work.session.scalars(asked))


def _destroy_attachments(work: "UnitOfWork", ids: Sequence[int]) -> int:
    owners = [f"person:{one}" for one in ids]
    gone = work.session.connection().execute(delete(Attachment).where(col(Attachment.owner).in_(owners))).rowcount
    if gone:
        work.enqueue("identity.sweep_files")  # the bytes go after the commit
    return gone


def _empty_history(work: "UnitOfWork", ids: Sequence[int], proposal_id: int) -> None:
    """Events keep their kind and day; other proposals about the person go."""
    connection = work.session.connection()
    emptied = {"before_sealed": None, "after_sealed": None, "source": "", "reason": ""}
    connection.execute(update(LifeEvent).where(col(LifeEvent.person_id).in_(ids)).values(**emptied))
    others = delete(Proposal).where(col(Proposal.person_id).in_(ids), col(Proposal.id) != proposal_id)
    connection.execute(others)


def _forget(work: "UnitOfWork", person: Person) -> None:
    person.name, person.initials, person.ethnicity, person.address = ERASED_NAME, "", "", ""
    person.phone_tail, person.phone_sealed, person.phone_index = "", None, None
    if person.birth_date is not None:
        person.birth_date = person.birth_date.replace(month=1, day=1)
    person.hukou_since = person.residence_since = None
    person.erased_on = work.today
    work.session.add(person)


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _months_before(day: date, months: int) -> date:
    return _months_after(day, -months)
