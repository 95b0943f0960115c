"""Whether a child may be enrolled: only with a file that was confirmed, in the category of the file."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.api import RowObjection, UnitOfWork, _, columns
from plugins.orphan_care.models import Case
from plugins.orphan_care.words import SCHEME

if TYPE_CHECKING:
    from plugins.benefits.api import Enrolments

_CASE = columns(Case)
_CONFIRMED = ("approved", "active")


def without_file(work: UnitOfWork, enrolments: "Enrolments") -> Iterator[RowObjection]:
    """Object to children without a confirmed file (``E_BASIS_MISSING``), or with another category in it."""
    rows = [row for row, name in enumerate(enrolments.schemes.tolist()) if name == SCHEME]
    people = {int(enrolments.person_ids[row]) for row in rows}
    asked = select(_CASE.person_id, _CASE.category).where(
        _CASE.person_id.in_(sorted(people)), _CASE.state.in_(_CONFIRMED)
    )
    found = work.session.connection().execute(asked).all() if rows else []
    known = {row.person_id: row.category for row in found}
    for row in rows:
        person, category = int(enrolments.person_ids[row]), str(enrolments.categories[row])
        if person not in known:
            words = _("没有确认过的儿童档案，先在孤儿保障里申请、核查、确认")
            yield RowObjection(row=row, reason=words, column="citizen_id", code="E_BASIS_MISSING")
        elif known[person] != category:
            words = _("与儿童档案的类别不一致，先在孤儿保障里变更类别")
            yield RowObjection(row=row, reason=words, column="category", code="E_BASIS_CATEGORY")
