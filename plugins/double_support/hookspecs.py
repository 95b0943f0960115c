"""Hooks that double support offers to other plugins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.api import UnitOfWork, hookspec


@dataclass(frozen=True, kw_only=True)
class Entitled:
    """Entitled persons in columns of one length: ids, the word of their group, whether they are key persons."""

    person_ids: Sequence[int]
    groups: Sequence[str]
    key_persons: Sequence[bool]


@dataclass(frozen=True, kw_only=True)
class Visited:
    """Visits that took place, in columns of one length: persons, ISO days, fen."""

    person_ids: Sequence[int]
    days: Sequence[str]
    amounts: Sequence[int]


@dataclass(frozen=True, kw_only=True)
class Volunteering:
    """Voluntary service for soldiers' families in a period: teams, person-times, minutes."""

    teams: int
    times: int
    minutes: int


@hookspec
def resolve_double_support_entitled(work: UnitOfWork, area: str, groups: tuple[str, ...]) -> Entitled | None:
    """Say who is entitled in an area and below, for the list of a visit plan.

    Called once when a list is drawn; without groups everybody is meant. Return columns, or None when you keep none. No
    cause of disability and no post belongs into them. Do not write.

    Example: veterans answers bereaved families and disabled veterans with the word of their group. Since api 1.0.
    """


@hookspec
def resolve_double_support_honoured(work: UnitOfWork) -> Sequence[int] | None:
    """Say which households are to have an honour plaque, by their ids.

    Called for the coverage of plaques. Return a column of ids, or None when you do not know. Do not write.

    Example: veterans answers the households of soldiers, veterans and martyrs. Since api 1.0.
    """


@hookspec
def resolve_double_support_ballot(work: UnitOfWork, reference: str, area: str) -> bool | None:
    """Say whether a reference names a ballot in which a village's panel of that area passed a list.

    Called when the list of hard-up households is closed, before it is paid and when its batch is submitted. Return True
    or False, or None when the reference is none of yours. Do not write.

    Example: democratic_review answers True for a vote that passed. Since api 1.0.
    """


@hookspec
def resolve_double_support_volunteers(work: UnitOfWork, since: date, until: date) -> Volunteering | None:
    """Count the voluntary service for soldiers' families in a period, for the report.

    Called when the report is drawn. Return the counts, or None. Do not write.

    Example: volunteers counts confirmed service under its field of double support. Since api 1.0.
    """


@hookspec
def double_support_visited(work: UnitOfWork, visits: Visited) -> None:
    """Hear that households were visited.

    Called inside the transaction, after the write. Write only your own tables; raise to roll back.

    Example: veterans notes the visit in the file of an entitled person. Since api 1.0.
    """
