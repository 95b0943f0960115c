"""Diners as rules and counters ask for them: by card, by opaque code, by number of the person. Only reads."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from core.api import NotFound, Question, _, columns, facts_of, find_person, in_parts, refuse
from plugins.canteen.models import Card, Diner

if TYPE_CHECKING:
    import numpy

    from core.api import UnitOfWork

_DINER, _CARD = columns(Diner), columns(Card)
_FACTS: Any = select(
    _DINER.id, _DINER.person_id, _DINER.code, _DINER.site_id, _DINER.area, _DINER.statuses, _DINER.from_on,
    _DINER.to_on, _DINER.delivery_needed,
)  # fmt: skip
_BY_CODE = Question(_FACTS.where(_DINER.code == bindparam("code")))
_BY_PERSON = Question(_FACTS.where(_DINER.person_id == bindparam("person_id")))
_BY_CARD = Question(
    _FACTS.join(_CARD.id.table, _CARD.diner_id == _DINER.id).where(
        _CARD.digest == bindparam("digest"), _CARD.ended_on.is_(None)
    )
)
_TOKEN = 32
"""Letters of a card's token and of a diner's code."""


@dataclass(frozen=True)
class DinerFacts:
    """A diner as rules ask for them; ``statuses`` are the typed ones, with commas."""

    id: int
    person_id: int
    name: str
    code: str
    site_id: int | None
    area: str
    statuses: str
    from_on: date
    to_on: date | None
    birth_date: date | None
    died_on: date | None
    delivery_needed: bool

    def enrolled(self, day: date) -> bool:
        """Whether the enrolment covers a day."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True)
class DinerColumns:
    """Diners in columns as long as what was asked; ``ids`` and ``person_ids`` are -1 where nobody is meant.

    ``to_on`` is NaT for an open enrolment.
    """

    ids: "numpy.ndarray"
    person_ids: "numpy.ndarray"
    areas: "numpy.ndarray"
    statuses: "numpy.ndarray"
    from_on: "numpy.ndarray"
    to_on: "numpy.ndarray"


def digest_of(token: str) -> str:
    """What is kept of a card's token."""
    return hashlib.sha256(token.strip().lower().encode()).hexdigest()


def not_enrolled() -> Exception:
    """The refusal of somebody who is registered in the county and not enrolled."""
    return refuse(_("这个人还没有登记为就餐老人"), field="diner", code="E_NOT_ENROLLED", hint=_("先办理就餐登记"))


def find_diner(work: "UnitOfWork", wish: str, permission: str = "canteen.serve") -> DinerFacts:
    """The diner meant by a card's token, a diner's code, an ID number or a person's number.

    Whoever shows a card may eat anywhere; a number is looked up within the areas of the right. Raises ``NotFound``,
    or ``Refused`` (E_NOT_ENROLLED) for somebody who is not enrolled.
    """
    work.require(permission)
    typed = str(wish).strip()
    if len(typed) == _TOKEN and not typed.isdecimal():
        found = _by_token(work, typed)
        if found is None:
            raise NotFound(_("没有找到这张就餐卡，或已经停用"))
        return found
    person = find_person(work, typed, permission).id or 0
    found = diner_of_person(work, person)
    if found is None:
        raise not_enrolled()
    return found


def _by_token(work: "UnitOfWork", typed: str) -> DinerFacts | None:
    return _one(work, work.ask(_BY_CARD, digest=digest_of(typed)) or work.ask(_BY_CODE, code=typed.lower()))


def diner_of_person(work: "UnitOfWork", person_id: int) -> DinerFacts | None:
    """The enrolment of a person; None for none. The right is the caller's."""
    return _one(work, work.ask(_BY_PERSON, person_id=person_id))


def _one(work: "UnitOfWork", rows: Sequence[Any]) -> DinerFacts | None:
    if not rows:
        return None
    row = rows[0]
    person = facts_of(work, [row.person_id]).get(row.person_id)
    return DinerFacts(
        row.id, row.person_id, person.name if person else "", row.code, row.site_id, row.area, row.statuses,
        row.from_on, row.to_on, person.birth_date if person else None, person.died_on if person else None,
        bool(row.delivery_needed),
    )  # fmt: skip


def diners_of_codes(work: "UnitOfWork", codes: Sequence[str]) -> DinerColumns:
    """Diners by their opaque codes, in columns as long as ``codes``. The right is the caller's."""
    return _columns(work, [str(code).strip().lower() for code in codes], _DINER.code)


def diners_of_people(work: "UnitOfWork", person_ids: Sequence[int]) -> DinerColumns:
    """Diners by their persons, in columns as long as ``person_ids``. The right is the caller's."""
    return _columns(work, [int(person) for person in person_ids], _DINER.person_id)


def _columns(work: "UnitOfWork", keys: Sequence[Any], column: Any) -> DinerColumns:
    import numpy

    wanted, known = sorted(set(keys)), {}
    asked = select(column, _DINER.id, _DINER.person_id, _DINER.area, _DINER.statuses, _DINER.from_on, _DINER.to_on)
    for part in in_parts(wanted):
        for row in work.session.connection().execute(asked.where(column.in_(part))):
            known[row[0]] = tuple(row[1:])
    nobody = (-1, -1, "", "", None, None)
    rows = list(zip(*[known.get(key, nobody) for key in keys], strict=True)) or [()] * 6
    kinds = ("int64", "int64", "U12", object, "datetime64[D]", "datetime64[D]")
    return DinerColumns(*(numpy.asarray(part, dtype=kind) for part, kind in zip(rows, kinds, strict=True)))
