"""Counts of enrolments: for the reconciliation of a month, reports, the desk, and lists of what needs doing."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_, func, or_, select

from core.api import (
    Headcount,
    NotFound,
    Period,
    UnitOfWork,
    _,
    area_names,
    batches_of,
    columns,
    lines_of_batch,
    scoped,
    tallies_of,
)
from plugins.benefits.known import Known, holds, known_at
from plugins.benefits.models import Enrolment, EnrolmentVersion, LeftOut, Run
from plugins.benefits.months import month_of, number_of
from plugins.benefits.queries import SHOW, category_title, in_words, scheme_title
from plugins.benefits.schemes import schemes_of
from plugins.benefits.services.standards import floor_of, month_now
from plugins.benefits.standards import StandardRow, Standards, all_standards

_ENROLMENT, _VERSION, _LEFT = columns(Enrolment), columns(EnrolmentVersion), columns(LeftOut)
_HANDED_OUT = ("released", "sent", "settled")


def headcount(work: UnitOfWork, scheme: str, period: str) -> Headcount | None:
    """Persons of a scheme in a month as its rolls knew them; who was left out of them for a reason does not count."""
    if scheme not in schemes_of(work):
        return None
    batches = [one for one in batches_of(work, scheme, period) if one.kind != "reissue"]
    runs = [run for one in batches if (run := work.session.get(Run, one.id)) is not None]
    if not runs:
        return None
    known = known_at(max(runs, key=lambda run: run.known_version))
    left = select(func.count(_LEFT.enrolment_id.distinct())).where(_LEFT.batch_id == min(run.batch_id for run in runs))
    left_out = work.session.connection().scalar(left) or 0
    active, suspended = (
        _in_month(work, scheme, period, known, "active"),
        _in_month(work, scheme, period, known, "suspended"),
    )
    months: dict[int, set[str]] = {}
    for batch in batches:
        if batch.state in _HANDED_OUT:
            for line in lines_of_batch(work, batch.id):
                months.setdefault(line.person_id or 0, set()).add(line.for_month)
    others = sum(period not in found for found in months.values())
    return Headcount(active=active + suspended - left_out, suspended=suspended, back_pay_only=others)


def _in_month(work: UnitOfWork, scheme: str, period: str, known: Known, state: str) -> int:
    asked = select(func.count(_VERSION.enrolment_id.distinct())).where(
        _VERSION.scheme == scheme,
        _VERSION.state == state,
        holds(known),
        _VERSION.from_month <= period,
        or_(_VERSION.to_month.is_(None), _VERSION.to_month >= period),
    )
    return work.session.connection().scalar(asked) or 0


def enrolled_now(work: UnitOfWork, scheme: str = "") -> list[tuple[str, str, str, int]]:
    """How many are on each scheme, category and state this month, within the reader's areas."""
    statement = (
        select(_ENROLMENT.scheme, _ENROLMENT.category, _ENROLMENT.state, func.count())
        .where(or_(_ENROLMENT.state == "ended", _living(month_now(work))))
        .group_by(_ENROLMENT.scheme, _ENROLMENT.category, _ENROLMENT.state)
    )
    if scheme:
        statement = statement.where(_ENROLMENT.scheme == scheme)
    rows = work.session.connection().execute(
        scoped(work, statement, _ENROLMENT.area, SHOW).order_by(
            _ENROLMENT.scheme, _ENROLMENT.category, _ENROLMENT.state
        )
    )
    return [(row[0], row[1], row[2], int(row[3])) for row in rows]


def by_town(work: UnitOfWork, scheme: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Who is on which scheme by town and category: active, suspended."""
    town = func.substr(_ENROLMENT.area, 1, 9)
    statement = (
        select(_ENROLMENT.scheme, _ENROLMENT.category, town.label("town"), _ENROLMENT.state, func.count().label("many"))
        .where(_living(month_now(work)))
        .group_by(_ENROLMENT.scheme, _ENROLMENT.category, town, _ENROLMENT.state)
        .order_by(_ENROLMENT.scheme, _ENROLMENT.category, town)
    )
    if scheme:
        statement = statement.where(_ENROLMENT.scheme == scheme)
    found: dict[tuple[str, str, str], dict[str, int]] = {}
    for row in work.session.connection().execute(scoped(work, statement, _ENROLMENT.area, SHOW)):
        found.setdefault((row.scheme, row.category, row.town), {})[row.state] = int(row.many)
    names = area_names(work, {town for _scheme, _category, town in found})
    for (name, category, code), states in found.items():
        paid = states.get("active", 0) + states.get("ended", 0)
        title = category_title(work, name, category)
        yield scheme_title(work, name), title, names.get(code, code), paid, states.get("suspended", 0)


def paid_by_town(work: UnitOfWork, month: str | None = None, scheme: str | None = None) -> Iterator[tuple[Any, ...]]:
    """What was handed out in a month by scheme, town and category: from the sums written with the rolls, no lines."""
    period = month or month_now(work)
    for name in [scheme] if scheme else sorted(schemes_of(work)):
        rows = [row for row in tallies_of(work, name, period) if work.may(SHOW, row[0])]
        names = area_names(work, {row[0] for row in rows})
        for town, category, for_month, component, count, fen in rows:
            title = category_title(work, name, category)
            yield scheme_title(work, name), names.get(town, town), title, for_month, component, count, fen


def conditions(work: UnitOfWork) -> dict[str, Any]:
    """What puts an enrolment on a list: suspended for too long, its time running out, nobody there to pay to."""
    month = month_now(work)
    first = month_of(number_of(month) - work.policy("benefits.suspend_months_max"))
    last = month_of(number_of(month) + work.policy("benefits.expiry_notice_months"))
    return {
        "suspended": and_(_ENROLMENT.state == "suspended", _ENROLMENT.suspended_from <= first),
        "expiring": and_(
            _ENROLMENT.state != "ended", _ENROLMENT.planned_to.is_not(None), _ENROLMENT.planned_to <= last,
            _ENROLMENT.planned_to >= month,
        ),
        "payees": and_(_ENROLMENT.state != "ended", _ENROLMENT.payee_id.is_(None)),
    }  # fmt: skip


def waiting(work: UnitOfWork) -> dict[str, tuple[int, str]]:
    """How many stand on each list, and the first last month among them ("" for none), by one question."""
    found = conditions(work)
    statement = select(
        *(func.count().filter(one).label(name) for name, one in found.items()),
        func.min(_ENROLMENT.to_month).filter(found["expiring"]).label("ends"),
    ).where(or_(*found.values()))
    row = work.session.connection().execute(scoped(work, statement, _ENROLMENT.area, SHOW)).one()
    return {name: (getattr(row, name), (row.ends or "") if name == "expiring" else "") for name in found}


def weak_standards(work: UnitOfWork) -> list[dict[str, Any]]:
    """Standards in force below their floor, or not raised for longer than the policy allows."""
    month, found = number_of(month_now(work)), []
    most, known = work.policy("benefits.standard_months_max"), all_standards(work)
    for scheme in sorted(schemes_of(work).values(), key=lambda one: one.name):
        standards = known.get(scheme.name, Standards([]))
        for category in scheme.categories:
            for area in sorted({row.area for row in standards.rows if row.category == category.code}):
                row = standards.row(category.code, area, month)
                if row is None or row.area != area:
                    continue
                since, floor = _raised(standards.rows, row), floor_of(work, scheme.name, category.code)
                below = floor is not None and row.in_month(month) < floor
                if below or month - since >= most:
                    found.append(_weak(work, scheme.name, row, (floor if below else None, month - since)))
    return found


def work_list(work: UnitOfWork, name: str, *, after: int, limit: int) -> list[dict[str, Any]]:
    """Enrolments of one of the lists behind a number; raises ``NotFound`` for another name."""
    work.require(SHOW)
    listed = conditions(work)
    if name not in listed:
        raise NotFound(_("没有清单 {name}", name=name), hint=", ".join(listed))
    statement = select(_ENROLMENT.id.table).where(listed[name], _ENROLMENT.id > after)
    asked = scoped(work, statement, _ENROLMENT.area, SHOW).order_by(_ENROLMENT.id).limit(limit)
    return in_words(work, work.session.connection().execute(asked).all())


def _raised(rows: list[StandardRow], row: StandardRow) -> int:
    """The month since which a standard has not been raised."""
    same = sorted((one.since, one.id) for one in rows if (one.category, one.area) == (row.category, row.area))
    by_place = {(one.since, one.id): one for one in rows}
    since, before = row.since, None
    for place in same:
        one = by_place[place]
        if one.since <= row.since and (before is None or one.in_month(one.since) > before):
            since = one.since
        before = one.in_month(one.since)
    return since


def _weak(work: UnitOfWork, scheme: str, row: StandardRow, why: tuple[int | None, int]) -> dict[str, Any]:
    floor, months = why
    return {
        "scheme": scheme,
        "scheme_title": scheme_title(work, scheme),
        "category": row.category,
        "category_title": category_title(work, scheme, row.category),
        "area": row.area,
        "amount_fen": row.amount_fen,
        "unit": row.unit,
        "floor_fen": floor,
        "months": months,
    }


def _living(month: str) -> Any:
    return or_(_ENROLMENT.to_month.is_(None), _ENROLMENT.to_month >= month)


def period_of(work: UnitOfWork, text: str) -> str:
    """A month as typed, this month when nothing was."""
    return str(Period(text)) if text else month_now(work)
