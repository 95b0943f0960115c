"""What dependents may import: the types of cases, the facts of one, and the acts another plugin may take on it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from core.api import UnitOfWork

Outcome = Literal["granted", "refused", "changed", "suspended", "resumed", "phasing_out", "stopped", "reinstated"]


@dataclass(frozen=True, kw_only=True)
class CaseType:
    """A kind of case a plugin brings, named as the plugin or beginning with its name.

    ``prefix`` begins its numbers (``DB-430223-2026-000001``). ``flow_key`` names the policy with its steps, papers and
    days (``plugins.casework.flow``). ``compute`` names ``module:function``, called as ``function(work, case, on)``; it
    answers a ``Computation`` and writes nothing. ``fits`` names ``module:function``, called as ``function(work,
    people)`` with ``PersonFacts``; it answers the sentence that speaks for this scheme at the counter, or "".
    ``legal_basis`` is quoted in the letters. ``sensitive`` keeps names off everything public. ``phase_out_key`` names
    the policy with the months a family is paid on unchanged when work lifts it above the line; "" for no phase-out.
    """

    name: str
    title: str
    prefix: str
    flow_key: str
    compute: str
    legal_basis: str
    fits: str = ""
    sensitive: bool = False
    phase_out_key: str = ""


@dataclass(frozen=True, kw_only=True)
class ComputedLine:
    """One line of an explanation: what it is, the figure as it is printed, and the rule behind it."""

    label: str
    figure: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Computation:
    """What the rules of a scheme say of a case on a day. Not eligible is an answer: ``code`` and ``reason`` say why.

    ``monthly_fen`` is what would be paid each month; ``words`` the closed columns of a notice (``class``: "A").
    ``digest`` is the hash over all that went in (hex): the same facts and policies give the same digest.
    ``objections`` (code, sentence) keep a grant from being proposed though the family is eligible.
    """

    eligible: bool
    monthly_fen: int
    lines: Sequence[ComputedLine]
    digest: str
    code: str = ""
    reason: str = ""
    review_class: Literal["", "A", "B", "C"] = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    objections: Sequence[tuple[str, str]] = ()
    warnings: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class CaseFacts:
    """What rules of plugins ask of a case. ``member_ids`` are who is counted now; ``area_kind`` is urban or rural.

    ``monthly_fen`` is the amount that was proposed or decided, None before. ``counted_on`` is the day whose family and
    facts count (of application, later of review); ``review_due_on`` when a family in payment is to be reviewed next.
    """

    id: int
    number: str
    type: str
    state: str
    area: str
    area_kind: str
    household_id: int
    applicant_id: int
    member_ids: Sequence[int]
    group_id: int
    applied_on: date
    accepted_on: date | None
    counted_on: date
    urgent: bool
    ballot_negative: bool
    relative_registered: bool
    monthly_fen: int | None
    review_class: str
    effective_month: str
    decided_on: date | None
    review_due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class CaseStep:
    """A step about to be taken: ``event`` of the state table, the state it leads to, its day, and what was typed."""

    case: CaseFacts
    event: str
    to_state: str
    on: date
    data: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class CaseAdvanced:
    """A step that was taken."""

    case: CaseFacts
    event: str
    from_state: str
    to_state: str
    on: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class CaseDecided:
    """A decision on a case. ``effective_month`` is the first month in which it counts.

    granted: paid from that month · changed: the new amount from that month · suspended, stopped: not paid from that
    month on · resumed, reinstated: paid again from that month · phasing_out: paid unchanged until ``until_month``.
    """

    case: CaseFacts
    outcome: Outcome
    on: date
    effective_month: str
    monthly_fen: int
    reason: str
    document: str = ""
    until_month: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseRelative:
    """Somebody on the staff or the village committee who was registered as a near relative of a family."""

    staff_name: str
    account_id: int | None
    relation: str
    person_id: int


@dataclass(frozen=True, kw_only=True)
class CaseOfficer:
    """Who took a step of a case on which day; ``name`` as it is shown, ``office`` village, township or county.

    ``event`` is the one of the state table, ``title`` its words.
    """

    event: str
    title: str
    on: date
    account_id: int
    name: str
    office: str


@dataclass(frozen=True, kw_only=True)
class WrongInspection:
    """An inspection that found the approval of a case wrong; ``wrong_fen`` is the money it found, 0 when it told none.

    ``why`` is drawn, relative or complaint.
    """

    case_id: int
    on: date
    why: str
    note: str
    wrong_fen: int


@dataclass(frozen=True, kw_only=True)
class CaseFigures:
    """A month of one kind of case: grants, and those the village panel voted on; inspections; reviews.

    ``days_to_decide`` is the mean in working days, None when nothing was decided. ``reviews_waiting`` are due by the
    end of the month and not done.
    """

    granted: int
    voted: int
    days_to_decide: Decimal | None
    drawn: int
    inspected: int
    wrong: int
    wrong_fen: int
    reviewed: int
    reviews_waiting: int


@dataclass(frozen=True, kw_only=True)
class TownFigures:
    """Cases of a town in some days, in figures that may be added up; ``days`` are working days of all decisions.

    ``in_time`` are decisions within the working days of the policy; the rest is that of ``CaseFigures``.
    """

    granted: int = 0
    voted: int = 0
    decided: int = 0
    days: int = 0
    in_time: int = 0
    drawn: int = 0
    inspected: int = 0
    wrong: int = 0
    wrong_fen: int = 0
    reviewed: int = 0
    reviews_waiting: int = 0


def figures_by_town(
    work: "UnitOfWork", type_name: str, span: "tuple[date, date]", right: str
) -> "dict[str, TownFigures]":
    """What became of the cases of a type ("" for all) in some days, by town, in the areas of a right."""
    from plugins.casework.figures import figures_by_town as asked

    return asked(work, type_name, span, right)


def figures_of_type(work: "UnitOfWork", type_name: str, month: str, right: str) -> CaseFigures:
    """What became of the cases of a type in a month, in the areas of a right."""
    from plugins.casework.figures import figures_of_type as asked

    return asked(work, type_name, month, right)


def relatives_of(work: "UnitOfWork", case_id: int) -> Sequence[CaseRelative]:
    """The near relatives that were registered for a case (近亲属备案); right and area are the caller's."""
    from plugins.casework.facts import relatives_of as asked

    return asked(work, case_id)


def case_facts(work: "UnitOfWork", case_id: int) -> CaseFacts:
    """The facts of a case by its id, wherever it lies; right and area are the caller's. Raises ``NotFound``."""
    from plugins.casework.facts import facts_by_id

    return facts_by_id(work, case_id)


def facts_of_cases(work: "UnitOfWork", case_ids: Iterable[int]) -> dict[int, CaseFacts]:
    """The facts of many cases by id: two questions for each nine hundred. Right and area are the caller's."""
    from plugins.casework.facts import facts_of_cases as asked

    return asked(work, case_ids)


def officers_of(work: "UnitOfWork", case_ids: Iterable[int]) -> Mapping[int, Sequence[CaseOfficer]]:
    """Who took each step of some cases, in order (the responsibility chain). Right and area are the caller's."""
    from plugins.casework.facts import officers_of as asked

    return asked(work, case_ids)


def wrong_inspections(
    work: "UnitOfWork", type_name: str, since: date | None = None, until: date | None = None
) -> Sequence[WrongInspection]:
    """The inspections of a type that found a wrong approval between two days, oldest first; right is the caller's."""
    from plugins.casework.facts import wrong_inspections as asked

    return asked(work, type_name, since, until)


def find_case(work: "UnitOfWork", text: str, permission: str = "casework.show") -> CaseFacts:
    """The case meant by a number or an id, in the areas of a right; raises ``NotFound`` elsewhere."""
    from plugins.casework.facts import facts_of
    from plugins.casework.queries import own_case

    return facts_of(work, own_case(work, text, permission))


def cases_in(work: "UnitOfWork", type_name: str, *states: str) -> list[CaseFacts]:
    """The cases of a type in some states that the actor may see, oldest first."""
    from plugins.casework.facts import facts_of_cases as asked
    from plugins.casework.queries import case_ids

    return sorted(asked(work, case_ids(work, type_name, states)).values(), key=lambda one: one.id)


def new_case(work: "UnitOfWork", type_name: str, household: str, members: Sequence[str]) -> CaseFacts:
    """Open a case for a household today, as a clerk does: its number, and its members by name or number."""
    from plugins.casework.facts import facts_of
    from plugins.casework.services.intake import new_case as act
    from plugins.casework.wishes import NewCase

    return facts_of(work, act(work, NewCase(type=type_name, household=household, members=list(members))))


def open_case_of(work: "UnitOfWork", person_id: int, type_name: str) -> CaseFacts | None:
    """The case of a type in which a person is counted now, whether applied for or in payment; None for none."""
    from plugins.casework.facts import open_case_of as asked

    return asked(work, person_id, type_name)


def advance(work: "UnitOfWork", number: str, event: str, data: Mapping[str, Any] | None = None) -> CaseFacts:
    """Take a step of the state table on a case, with everything a clerk's step is held to."""
    from plugins.casework.services.advancing import advance as act

    return act(work, number, event, data or {})


def amend(work: "UnitOfWork", case_id: int, effective_month: str, reason: str, event: str = "recompute") -> CaseFacts:
    """Compute a case in payment anew after a life event, and decide what it says from a month on; no right is asked.

    The event stands in the case's log; ``casework_decided`` tells "changed", or "stopped" when nobody is left. A family
    that is no longer eligible is due for review at once: a person decides, not the system.
    """
    from plugins.casework.services.reviewing import amend as act

    return act(work, case_id, effective_month, reason, event)


def note_amounts(work: "UnitOfWork", amounts: Mapping[int, int]) -> int:
    """Keep what families in payment get now (case id: fen a month) after a rule changed it for many; no right is asked.

    One pass for all of them, recorded once with their count and a digest over ids and amounts; answers the count.
    """
    from plugins.casework.services.amounts import note_amounts as act

    return act(work, amounts)


Compute = Callable[["UnitOfWork", CaseFacts, date], Computation]
