"""What is due to whom in which month, in columns; the same for a roll, a check of it and a what-if run."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy
from sqlalchemy import Select, or_, select

from core.api import Extra, Scheme, UnitOfWork, columns
from plugins.benefits.known import Known, holds
from plugins.benefits.models import EnrolmentVersion
from plugins.benefits.months import OPEN_END, month_of, number_of
from plugins.benefits.standards import NONE, Standards

if TYPE_CHECKING:
    from numpy import ndarray

_VERSION = columns(EnrolmentVersion)
_COLUMNS = (
    _VERSION.id, _VERSION.enrolment_id, _VERSION.beneficiary_id, _VERSION.person_id, _VERSION.from_month,
    _VERSION.to_month, _VERSION.category, _VERSION.area, _VERSION.payee_id, _VERSION.fixed_fen, _VERSION.terms,
)  # fmt: skip


@dataclass(frozen=True)
class Versions:
    """Versions in which somebody is paid, in columns, by beneficiary; ``fixed`` and ``payee_ids`` are -1 for none."""

    ids: "ndarray"
    enrolment_ids: "ndarray"
    beneficiary_ids: "ndarray"
    person_ids: "ndarray"
    since: "ndarray"
    until: "ndarray"
    categories: "ndarray"
    areas: "ndarray"
    payee_ids: "ndarray"
    fixed: "ndarray"
    terms: Sequence[str]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def agreed(self) -> Sequence[Mapping[str, Any]]:
        """The terms read, once for all months: as one text, which takes a fifth of reading each by itself."""
        found: list[Mapping[str, Any]] = json.loads(f"[{','.join(text or '{}' for text in self.terms)}]")
        return found

    def only(self, rows: "ndarray") -> "Versions":
        """Some of the rows, in their order."""
        parts = (getattr(self, name)[rows] for name in tuple(Versions.__dataclass_fields__)[:-1])
        return Versions(*parts, terms=[self.terms[row] for row in rows.tolist()])


@dataclass(frozen=True, kw_only=True)
class Due:
    """Who is on a scheme in a month, in columns, as ``Scheme.amounts`` gets it: ``work, due`` in, whole fen out.

    ``standards`` is fen by the standard of category and area, -1 where there is none; ``terms`` what was agreed at
    enrolment. ``known`` goes on to ``amounts_in_month``, so that a roll can be explained years later.
    """

    scheme: str
    month: str
    enrolment_ids: "ndarray"
    beneficiary_ids: "ndarray"
    person_ids: "ndarray"
    areas: "ndarray"
    categories: "ndarray"
    standards: "ndarray"
    terms: Sequence[Mapping[str, Any]]
    known: Known


@dataclass(frozen=True)
class DueMonths:
    """What is due: ``rows`` points into the versions, ``months`` are numbers, ``fen`` -1 where it cannot be said."""

    rows: "ndarray"
    months: "ndarray"
    fen: "ndarray"


def load_versions(work: UnitOfWork, scheme: str, known: Known, span: tuple[int, int], more: Any = None) -> Versions:
    """The versions of a scheme in which somebody is paid in some of the months of ``span`` (numbers, both included).

    ``more`` narrows the select: a range of beneficiaries, or some enrolments.
    """
    since, until = span
    statement: Select[Any] = select(*_COLUMNS).where(
        _VERSION.scheme == scheme,
        _VERSION.state == "active",
        holds(known),
        _VERSION.from_month <= month_of(until),
        or_(_VERSION.to_month.is_(None), _VERSION.to_month >= month_of(since)),
    )
    if more is not None:
        statement = statement.where(more)
    rows = work.session.connection().execute(statement.order_by(_VERSION.beneficiary_id, _VERSION.from_month)).all()
    parts: Sequence[Any] = list(zip(*rows, strict=True)) or [()] * len(_COLUMNS)
    months = {text: number_of(text) for text in {*parts[4], *parts[5]} if text}
    return Versions(
        ids=numpy.array(parts[0], "int64"),
        enrolment_ids=numpy.array(parts[1], "int64"),
        beneficiary_ids=numpy.array(parts[2], "int64"),
        person_ids=numpy.array(parts[3], "int64"),
        since=numpy.array([months[text] for text in parts[4]], "int64"),
        until=numpy.array([months[text] if text else OPEN_END for text in parts[5]], "int64"),
        categories=numpy.array(parts[6], "U20"),
        areas=numpy.array(parts[7], "U12"),
        payee_ids=numpy.array([NONE if one is None else one for one in parts[8]], "int64"),
        fixed=numpy.array([NONE if one is None else one for one in parts[9]], "int64"),
        terms=parts[10],
    )


def versions_between(first: int, last: int) -> Any:
    """Versions of beneficiaries ``first`` to ``last``, to narrow ``load_versions``."""
    return _VERSION.beneficiary_id.between(first, last)


def versions_of(enrolment_ids: Sequence[int]) -> Any:
    """Versions of some enrolments, to narrow ``load_versions``."""
    return _VERSION.enrolment_id.in_(enrolment_ids)


def due_in(
    work: UnitOfWork, scheme: Scheme, versions: Versions, month: int, standards: Standards, known: Known
) -> tuple["ndarray", "ndarray"]:
    """Who of some versions is paid in a month (places), and how much (fen, -1 where there is no standard)."""
    rows = numpy.flatnonzero((versions.since <= month) & (versions.until >= month))
    if not len(rows):
        return rows, numpy.zeros(0, "int64")
    by_standard = standards.column(versions.categories[rows], versions.areas[rows], month)
    if scheme.amounts is None:
        fixed = versions.fixed[rows]
        return rows, numpy.where(fixed == NONE, by_standard, fixed)
    return rows, _amounts(work, scheme, _due(scheme, versions, (month, rows, by_standard), known))


def extra_in(
    work: UnitOfWork, place: tuple[Scheme, Extra], versions: Versions, month: int, standards: Standards, known: Known
) -> tuple["ndarray", "ndarray"]:
    """Who of some versions gets something of an extra in a month (places), and how much (fen)."""
    scheme, extra = place
    rows = numpy.flatnonzero((versions.since <= month) & (versions.until >= month))
    if not len(rows):
        return rows, numpy.zeros(0, "int64")
    by_standard = standards.column(versions.categories[rows], versions.areas[rows], month)
    fen = _asked(work, scheme, extra.amounts, _due(scheme, versions, (month, rows, by_standard), known))
    return rows[fen > 0], fen[fen > 0]


def _due(scheme: Scheme, versions: Versions, place: tuple[int, "ndarray", "ndarray"], known: Known) -> Due:
    month, rows, by_standard = place
    agreed = versions.agreed
    return Due(
        scheme=scheme.name,
        month=month_of(month),
        enrolment_ids=versions.enrolment_ids[rows],
        beneficiary_ids=versions.beneficiary_ids[rows],
        person_ids=versions.person_ids[rows],
        areas=versions.areas[rows],
        categories=versions.categories[rows],
        standards=by_standard,
        terms=[agreed[row] for row in rows.tolist()],
        known=known.also_asking(scheme.name),
    )


def due_months(
    work: UnitOfWork,
    scheme: Scheme,
    versions: Versions,
    span: tuple[int, int],
    standards: Standards,
    known: Known,
    extra: Extra | None = None,
) -> DueMonths:
    """What is due in every month of a span: of the scheme itself, or of one of its extras."""
    rows, months, fen = [], [], []
    for month in range(span[0], span[1] + 1):
        if extra is None:
            here, amounts = due_in(work, scheme, versions, month, standards, known)
        else:
            here, amounts = extra_in(work, (scheme, extra), versions, month, standards, known)
        rows.append(here)
        months.append(numpy.full(len(here), month, "int64"))
        fen.append(amounts)
    if not rows:
        nothing = numpy.zeros(0, "int64")
        return DueMonths(nothing, nothing, nothing)
    return DueMonths(numpy.concatenate(rows), numpy.concatenate(months), numpy.concatenate(fen))


def rules_of(work: UnitOfWork, scheme: Scheme) -> str:
    """What amounts of a scheme rest on beside enrolments and standards, as JSON: equal texts, equal amounts."""
    found: dict[str, Any] = {"benefits.rounding": work.policy_version("benefits.rounding").id}
    if scheme.rests_on:
        module, _colon, name = scheme.rests_on.partition(":")

        def ask() -> str:
            return str(getattr(import_module(module), name)(work))

        found[scheme.name] = work.hooks.run(f"scheme {scheme.name}: {name}", plugin_behind(work, scheme.name), ask)
    return json.dumps(found)


def looks_at_all(scheme: Scheme) -> bool:
    """Whether nobody can say what a scheme's amounts rest on, so that everything is computed each time."""
    return scheme.amounts is not None and not scheme.rests_on


def plugin_behind(work: UnitOfWork, scheme: str) -> str:
    """The plugin that brought a scheme."""
    return work.host.plugin_behind(scheme)


def _amounts(work: UnitOfWork, scheme: Scheme, due: Due) -> "ndarray":
    amounts = _asked(work, scheme, scheme.amounts or "", due)
    return numpy.where(due.standards == NONE, numpy.where(amounts > 0, amounts, NONE), numpy.maximum(amounts, 0))


def _asked(work: UnitOfWork, scheme: Scheme, target: str, due: Due) -> "ndarray":
    module, _colon, name = target.partition(":")

    def ask() -> "ndarray":
        answer = numpy.asarray(getattr(import_module(module), name)(work, due))
        if answer.shape != due.standards.shape or answer.dtype.kind not in "iu":
            raise TypeError(f"{target}: {len(due.standards)} whole numbers are wanted, one for each row")
        return answer.astype("int64")

    found: ndarray = work.hooks.run(f"scheme {scheme.name}: {name}", plugin_behind(work, scheme.name), ask)
    return found
