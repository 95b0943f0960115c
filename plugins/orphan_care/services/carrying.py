"""Children who were in payment before: a file for each, active, marked as taken over, to be completed."""

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.api import Period, UnitOfWork, _, columns, facts_of, in_parts, insert_columns, refuse, table_of
from plugins.benefits.api import Enrolments, enrolments_of
from plugins.orphan_care.models import Case, Guardian
from plugins.orphan_care.months import birthday
from plugins.orphan_care.services.opening import next_numbers
from plugins.orphan_care.words import SCHEME

if TYPE_CHECKING:
    from collections.abc import Sequence

_CASE = columns(Case)


def take_over(work: UnitOfWork, enrolments: Enrolments) -> None:
    """Open a file for each child of this scheme who was enrolled in payment; what lacks stands on the desk."""
    rows = [row for row, name in enumerate(enrolments.schemes.tolist()) if name == SCHEME]
    if not rows:
        return
    people = [int(enrolments.person_ids[row]) for row in rows]
    facts, running = facts_of(work, people), _open_files(work, people)
    _refuse_second(running)
    grown = work.policy("orphan_care.adult_age")
    months = [str(enrolments.from_months[row]) for row in rows]
    births = [facts[person].birth_date if person in facts else None for person in people]
    adults = [birthday(work, born, grown) if born else None for born in births]
    categories = [str(enrolments.categories[row]) for row in rows]
    homes = _institutions(work, people, [int(enrolments.ids[row]) for row in rows])
    ids = work.next_ids("orphan_care_case", len(rows))
    insert_columns(
        work.session.connection(),
        table_of(Case),
        {
            "id": ids,
            "number": next_numbers(work, len(rows)),
            "person_id": people,
            "first_person_id": people,
            "area": [str(enrolments.areas[row]) for row in rows],
            "category": categories,
            "applied_on": [Period(month).first_day for month in months],
            "from_month": months,
            "adult_on": adults,
            "pays_until": [_pays_until(*one) for one in zip(adults, months, categories, strict=True)],
            "institution_id": homes,
            "enrolment_id": [int(enrolments.ids[row]) for row in rows],
        },
        {
            "state": "active", "carried_over": True, "check_note": "", "document": "", "last_month": "", "cause": "",
            "school": "", "schooling": "", "school_document": "", "disability_grade": 0, "needs": "",
            "opened_at": work.now, "opened_by": work.actor.account_id, "version": 1,
        },
    )  # fmt: skip
    _keep_homes(work, list(zip(ids, homes, months, strict=True)))
    work.record("orphan_care.taken_over", f"{SCHEME}:{ids[0]}", count=len(rows), first=ids[0], last=ids[-1])


def _pays_until(adult_on: date | None, from_month: str, category: str) -> str:
    """The last month of the age, for who came of age while in payment; others were taken over as they were paid."""
    if adult_on is None or category == "CONT_EDU":
        return ""
    month = str(Period.of(adult_on))
    return month if month >= from_month else ""


def _open_files(work: UnitOfWork, people: "Sequence[int]") -> list[Any]:
    found: list[Any] = []
    for part in in_parts(people):
        asked = select(_CASE.person_id, _CASE.number).where(_CASE.person_id.in_(part), _CASE.state != "closed")
        found.extend(work.session.connection().execute(asked))
    return found


def _refuse_second(running: list[Any]) -> None:
    if running:
        words = _("这个儿童已有在办档案 {number}", number=running[0].number)
        raise refuse(words, field="citizen_id", code="E_CASE_OPEN")


def _institutions(work: UnitOfWork, people: "Sequence[int]", ids: "Sequence[int]") -> list[int | None]:
    homes: dict[int, int | None] = {}
    for part in in_parts(people):
        for one in enrolments_of(work, part, SCHEME):
            homes[one["id"]] = one["institution_id"]
    return [homes.get(number) for number in ids]


def _keep_homes(work: UnitOfWork, rows: list[tuple[int, int | None, str]]) -> None:
    """Who lives in an institution is kept by it."""
    kept = [(case, home, Period(month).first_day) for case, home, month in rows if home is not None]
    if not kept:
        return
    cases, homes, days = zip(*kept, strict=True)
    insert_columns(
        work.session.connection(),
        table_of(Guardian),
        {"case_id": cases, "institution_id": homes, "since": days},
        {"person_id": None, "relation": "", "paper": "", "recorded_by": work.actor.account_id},
    )
