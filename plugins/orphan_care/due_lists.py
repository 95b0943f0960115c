"""What is due: visits, yearly reviews, bases that run out, children who come of age, files to complete."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlmodel import col

from core.api import Period, UnitOfWork, _, area_names, scoped
from plugins.benefits.api import standard_in_month
from plugins.orphan_care.models import Basis, Case, Guardian, Pairing, Review, Sponsor, Visit
from plugins.orphan_care.months import months_after, state_column, this_month
from plugins.orphan_care.queries import SHOW, case_line, incomplete
from plugins.orphan_care.services.keeping import review_deadline
from plugins.orphan_care.words import BASES, LEVELS, PARENTS

_IN_PAYMENT = ("active", "ending")


def _active(work: UnitOfWork) -> Any:
    return state_column(this_month(work)).in_(_IN_PAYMENT)


def visits_due(work: UnitOfWork, level: str) -> list[dict[str, Any]]:
    """Children in payment without a visit of a level in the last months, those longest without first."""
    work.require(SHOW)
    months = work.policy(f"orphan_care.visit_months_{level}")
    since = months_after(work.today, -months)
    last = (
        select(col(Visit.case_id), func.max(col(Visit.visited_on)).label("last"))
        .where(col(Visit.level) == level)
        .group_by(col(Visit.case_id))
        .subquery()
    )
    asked = (
        select(Case, last.c.last)
        .outerjoin(last, last.c.case_id == col(Case.id))
        .where(_active(work), or_(last.c.last.is_(None), last.c.last <= since))
        .order_by(last.c.last.is_not(None), last.c.last, col(Case.id))
    )
    rows = work.session.execute(scoped(work, asked, Case.area, SHOW)).all()
    names = area_names(work, {case.area for case, _last in rows})
    return [
        {**_line(work, case, names), "level": level, "last": seen,
         "due_on": months_after(seen, months) if seen else None}
        for case, seen in rows
    ]  # fmt: skip


def visit_counts(work: UnitOfWork, level: str) -> tuple[int, int]:
    """How many children in payment a level must visit, and how many it did in its time."""
    towns = visit_counts_by_town(work, level, work.today).values()
    return sum(due for due, _done in towns), sum(done for _due, done in towns)


def visit_counts_by_town(work: UnitOfWork, level: str, on: date) -> dict[str, tuple[int, int]]:
    """The same by town, on a day: one question."""
    work.require(SHOW)
    months = work.policy(f"orphan_care.visit_months_{level}")
    town = func.substr(col(Case.area), 1, 9)
    seen = exists().where(
        col(Visit.case_id) == col(Case.id),
        col(Visit.level) == level,
        col(Visit.visited_on) > months_after(on, -months),
        col(Visit.visited_on) <= on,
    )
    paid = state_column(str(Period.of(on))).in_(_IN_PAYMENT)
    asked = select(town, func.count(), func.count().filter(seen)).where(paid).group_by(town).order_by(town)
    rows = work.session.execute(scoped(work, asked, Case.area, SHOW))
    return {code: (due, done) for code, due, done in rows}


def reviews_due(work: UnitOfWork) -> list[dict[str, Any]]:
    """Yearly reviews of this year that lack, and reviews that an event asked for, with their deadlines."""
    work.require(SHOW)
    asked = select(Case).where(*_unreviewed(work)).order_by(col(Case.id))
    rows = list(work.session.scalars(scoped(work, asked, Case.area, SHOW)))
    waiting = (
        select(Review, Case)
        .join(Case, col(Case.id) == col(Review.case_id))
        .where(col(Review.done_on).is_(None), col(Case.state) != "closed")
        .order_by(col(Review.due_on))
    )
    others = work.session.execute(scoped(work, waiting, Case.area, SHOW)).all()
    names = area_names(work, {case.area for case in rows} | {case.area for _one, case in others})
    due = review_deadline(work, work.today.year)
    return [
        *({**_line(work, case, names), "kind": one.kind, "due_on": one.due_on} for one, case in others),
        *({**_line(work, case, names), "kind": "yearly", "due_on": due} for case in rows),
    ]


def reviews_waiting(work: UnitOfWork) -> int:
    """How many yearly reviews of this year lack."""
    return _count(work, select(func.count()).select_from(Case).where(*_unreviewed(work)))


def _unreviewed(work: UnitOfWork) -> Sequence[Any]:
    """In payment since before the deadline, and not reviewed this year."""
    year = work.today.year
    done = exists().where(
        col(Review.case_id) == col(Case.id),
        col(Review.kind) == "yearly",
        col(Review.year) == year,
        col(Review.done_on).is_not(None),
    )
    return _active(work), col(Case.from_month) < f"{year}-01", ~done


def expiring_bases(work: UnitOfWork) -> list[dict[str, Any]]:
    """Bases that do not hold any more, or soon: the search for a parent after a year, custody after its grace."""
    work.require(SHOW)
    until = work.today + timedelta(days=work.policy("orphan_care.expiry_notice_days"))
    asked = (
        select(Basis, Case)
        .join(Case, col(Case.id) == col(Basis.case_id))
        .where(
            col(Basis.replaced_by).is_(None),
            col(Basis.review_on) <= until,
            state_column(this_month(work)).in_(("approved", *_IN_PAYMENT)),
            col(Case.cause) == "",
        )
        .order_by(col(Basis.review_on), col(Basis.id))
    )
    rows = work.session.execute(scoped(work, asked, Case.area, SHOW)).all()
    names = area_names(work, {case.area for _one, case in rows})
    return [
        {**_line(work, case, names), "parent": one.parent, "parent_title": _(PARENTS[one.parent]),
         "kind": one.kind, "kind_title": _(BASES[one.kind]), "due_on": one.review_on}
        for one, case in rows
    ]  # fmt: skip


def coming_of_age(work: UnitOfWork) -> list[dict[str, Any]]:
    """Children who come of age soon, or did, without a proof of school; and continued education that runs out."""
    work.require(SHOW)
    until = work.today + timedelta(days=work.policy("orphan_care.adult_notice_days"))
    grown = and_(col(Case.category) != "CONT_EDU", col(Case.adult_on) <= until)
    proof = and_(col(Case.category) == "CONT_EDU", col(Case.school_until) <= until)
    asked = (
        select(Case)
        .where(_active(work), col(Case.cause) == "", or_(grown, proof))
        .order_by(col(Case.adult_on), col(Case.id))
    )
    rows = list(work.session.scalars(scoped(work, asked, Case.area, SHOW)))
    names = area_names(work, {case.area for case in rows})
    return [
        {**_line(work, case, names), "due_on": case.school_until if case.category == "CONT_EDU" else case.adult_on,
         "last_month": case.pays_until}
        for case in rows
    ]  # fmt: skip


def steps_due(work: UnitOfWork, permission: str, state: str) -> list[dict[str, Any]]:
    """Files that wait for a step, by deadline."""
    asked = select(Case).where(col(Case.state) == state).order_by(col(Case.due_on), col(Case.id))
    rows = list(work.session.scalars(scoped(work, asked, Case.area, permission)))
    names = area_names(work, {case.area for case in rows})
    return [_line(work, case, names) for case in rows]


def incomplete_count(work: UnitOfWork) -> int:
    """How many files taken over are to be completed (W_FILE_INCOMPLETE)."""
    return _count(work, select(func.count()).select_from(Case).where(incomplete()))


def many_children(work: UnitOfWork) -> list[dict[str, Any]]:
    """Persons who keep more children than the county finds usual (W_GUARDIAN_MULTI)."""
    most = work.policy("orphan_care.guardian_cases_max")
    asked = (
        select(col(Guardian.person_id), func.count().label("children"))
        .join(Case, col(Case.id) == col(Guardian.case_id))
        .where(col(Guardian.until).is_(None), col(Guardian.person_id).is_not(None), col(Case.state) != "closed")
        .group_by(col(Guardian.person_id))
        .having(func.count() > most)
        .order_by(func.count().desc())
    )
    rows = work.session.execute(scoped(work, asked, Case.area, SHOW)).all()
    return [{"person_id": row[0], "children": row[1], "code": "W_GUARDIAN_MULTI"} for row in rows]


def checks_due(work: UnitOfWork) -> list[dict[str, Any]]:
    """Sponsors of running pairings whose check is out of date."""
    since = months_after(work.today, -work.policy("orphan_care.sponsor_check_months"))
    asked = (
        select(col(Sponsor.id), col(Sponsor.checked_on))
        .join(Pairing, col(Pairing.sponsor_id) == col(Sponsor.id))
        .where(col(Pairing.until).is_(None), col(Sponsor.checked_on) < since)
        .distinct()
    )
    return [{"id": row[0], "checked_on": row[1]} for row in work.session.execute(asked)]


def standards_below_floor(work: UnitOfWork, month: str = "") -> list[dict[str, Any]]:
    """Standards that are below the floor of their form of care, each with the floor, in fen."""
    at, found = month or this_month(work), []
    on = Period(at).first_day
    for category, key in (("ORPHAN_INST", "institutional"), ("ORPHAN_DISP", "dispersed")):
        fen = standard_in_month(work, "orphan_care", category, work.settings.county.code, at)
        floor = work.policy(f"orphan_care.floor_{key}", on=on)
        if fen is not None:
            found.append({"category": category, "standard_fen": fen, "floor_fen": floor, "met": fen >= floor})
    return [one for one in found if not one["met"]]


def all_due(work: UnitOfWork) -> dict[str, list[dict[str, Any]]]:
    """Every list of what is due, by name."""
    return {
        "reviews": reviews_due(work),
        "bases": expiring_bases(work),
        "ages": coming_of_age(work),
    }


def level_title(level: str) -> str:
    """A level of visitors in words."""
    return _(LEVELS[level])


def _line(work: UnitOfWork, case: Case, names: Any) -> dict[str, Any]:
    return {**case_line(work, case, this_month(work)), "place": names.get(case.area, case.area)}


def _count(work: UnitOfWork, asked: Any) -> int:
    return work.session.scalar(scoped(work, asked, Case.area, SHOW)) or 0


def is_late(day: date | None, today: date) -> bool:
    """Whether a deadline has passed."""
    return day is not None and day < today
