"""Who gets which tier on which day: computed in columns from age and status, never typed; the highest tier only."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.api import Question, columns, facts_of, in_parts
from plugins.canteen.models import Diner, SubsidyPolicy
from plugins.canteen.rules import PAYERS, Rates, rates_of

if TYPE_CHECKING:
    import numpy

    from core.api import UnitOfWork

_POLICY, _DINER = columns(SubsidyPolicy), columns(Diner)
_VERSIONS = Question(
    select(_POLICY.id, _POLICY.document, _POLICY.valid_from, _POLICY.valid_to, _POLICY.content).order_by(
        _POLICY.valid_from, _POLICY.id
    )
)


@dataclass(frozen=True)
class Entitled:
    """Tiers ("" = none) and fen for one meal in columns of one length; ``county``, ``town`` and ``operator`` add up
    to ``rates``.
    """

    tiers: "numpy.ndarray"
    rates: "numpy.ndarray"
    county: "numpy.ndarray"
    town: "numpy.ndarray"
    operator: "numpy.ndarray"


@dataclass(frozen=True)
class Version:
    """A policy in force between two days (both in; None = open)."""

    valid_from: date
    valid_to: date | None
    rates: Rates


def entitled(
    work: "UnitOfWork",
    person_ids: "Sequence[int] | numpy.ndarray",
    days: "date | Sequence[date] | numpy.ndarray",
    typed: Sequence[str],
) -> Entitled:
    """The tier of each person on a day: by age on that day, by typed statuses ("dibao,tekun") and by those that other
    plugins hold; whoever died before the day has none. The right is the caller's to ask.
    """
    import numpy

    people = numpy.asarray(person_ids, dtype="int64")
    on = numpy.broadcast_to(numpy.asarray(days, dtype="datetime64[D]"), people.shape)
    born, alive = _lives(work, people, on)
    ages = _ages(born, on, work.policy("identity.leap_birthday"))
    alive &= _resident(work, people)
    tiers = numpy.full(people.shape, "", dtype=object)
    found = {name: numpy.zeros(people.shape, dtype="int64") for name in ("rates", *PAYERS)}
    for rates, mask in _by_policy(work, on):
        held = {word: _holds(work, word, people, on, typed, mask) for word in rates.statuses}
        for tier in rates.tiers:
            fits = numpy.zeros(people.shape, dtype=bool)
            if tier.age_from is not None or tier.age_to is not None:
                fits = (ages >= (tier.age_from or 0)) & (ages <= (10**4 if tier.age_to is None else tier.age_to))
            for word in tier.statuses:
                fits |= held[word] & (ages >= tier.status_age)
            better = mask & alive & fits & (tier.rate_fen > found["rates"])
            tiers[better], found["rates"][better] = tier.code, tier.rate_fen
            for payer in PAYERS:
                found[payer][better] = tier.parts.get(payer, 0)
    return Entitled(tiers, **found)


def versions(work: "UnitOfWork") -> list[Version]:
    """The documents that were taken in, in the order in which a later one takes the place of an earlier."""
    rows = work.ask(_VERSIONS)
    return [
        Version(row.valid_from, row.valid_to, rates_of(json.loads(row.content), row.document, row.id)) for row in rows
    ]


def rates_on(work: "UnitOfWork", day: date) -> Rates:
    """The rates in force on a day: of the latest document that covers it, else the handbook's."""
    return chosen(work, versions(work), day)


def chosen(work: "UnitOfWork", known: Sequence[Version], day: date) -> Rates:
    """The rates of a day among documents in their order, else the handbook's."""
    for one in reversed(known):
        if one.valid_from <= day and (one.valid_to is None or one.valid_to >= day):
            return one.rates
    return rates_of(work.policy("canteen.subsidies", on=day), "handbook")


def _by_policy(work: "UnitOfWork", on: "numpy.ndarray") -> "list[tuple[Rates, numpy.ndarray]]":
    """Each set of rates with the rows whose day it covers."""
    import numpy

    known, parts = versions(work), dict[str, tuple[Rates, Any]]()
    for day in numpy.unique(on):
        rates = chosen(work, known, day.astype(date))
        key = f"{rates.policy_id}" if rates.policy_id else f"default {rates.tiers}"
        mask = on == day
        parts[key] = (rates, parts[key][1] | mask if key in parts else mask)
    return list(parts.values())


def _lives(work: "UnitOfWork", people: "numpy.ndarray", on: "numpy.ndarray") -> "tuple[numpy.ndarray, numpy.ndarray]":
    """Days of birth (NaT = unknown) and who is alive on the day."""
    import numpy

    known, back = numpy.unique(people, return_inverse=True)
    facts = facts_of(work, known.tolist())
    lives = [facts.get(person) for person in known.tolist()]
    born = numpy.asarray([one.birth_date if one else None for one in lives], dtype="datetime64[D]")
    died = numpy.asarray([one.died_on if one else None for one in lives], dtype="datetime64[D]")
    gone = died[back]
    return born[back], numpy.isnat(gone) | (gone >= on)


def _ages(born: "numpy.ndarray", on: "numpy.ndarray", leap: str) -> "numpy.ndarray":
    """Completed years on a day, -1 where the day of birth is unknown. [core.values.age_on, in columns]"""
    import numpy

    known = numpy.where(numpy.isnat(born), on, born)
    years = on.astype("datetime64[Y]").astype(int) - known.astype("datetime64[Y]").astype(int)
    due, now = _month_and_day(known), _month_and_day(on)
    if leap == "february_28":
        year = on.astype("datetime64[Y]").astype(int) + 1970
        common = (year % 4 != 0) | ((year % 100 == 0) & (year % 400 != 0))
        due = numpy.where((due == 229) & common, 228, due)
    ages = numpy.maximum(years - (now < due), 0)
    return numpy.where(numpy.isnat(born), -1, ages)


def _month_and_day(days: "numpy.ndarray") -> "numpy.ndarray":
    months = days.astype("datetime64[M]")
    return (months.astype(int) % 12 + 1) * 100 + (days - months).astype(int) + 1


def _resident(work: "UnitOfWork", people: "numpy.ndarray") -> "numpy.ndarray":
    """Who may be subsidised by where they live: everybody, or people of the county by hukou or residence."""
    import numpy

    if work.policy("canteen.residence") == "any":
        return numpy.ones(people.shape, dtype=bool)
    county, known = work.settings.county.code, sorted(set(people.tolist()))
    local = {number for number, one in facts_of(work, known).items() if one.hukou_area.startswith(county)}
    for part in in_parts(known):
        asked = select(_DINER.person_id).where(_DINER.person_id.in_(part), _DINER.area.startswith(county))
        local.update(work.session.connection().scalars(asked))
    return numpy.isin(people, numpy.asarray(sorted(local), dtype="int64"))


def _holds(
    work: "UnitOfWork", word: str, people: "numpy.ndarray", on: "numpy.ndarray", typed: Sequence[str],
    mask: "numpy.ndarray",
) -> "numpy.ndarray":  # fmt: skip
    """Who holds a status: as it was typed at enrolment, or as the plugin says that keeps it."""
    import numpy

    held = numpy.asarray([word in words.split(",") for words in typed], dtype=bool)
    if work.hooks.implementers("resolve_canteen_statuses"):
        days = on[mask].astype("U10")
        answer = work.hooks.resolve(
            "resolve_canteen_statuses", work=work, status=word, person_ids=people[mask], days=days
        )
        if answer is not None:
            held[mask] |= numpy.asarray(answer, dtype=bool)
    return held
