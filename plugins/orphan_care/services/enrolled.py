"""Whether a child may be enrolled: only with a file that was confirmed, in the category of the file."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.api import RowObjection, UnitOfWork, _, columns
from plugins.orphan_care.models import Case
from plugins.orphan_care.services.opening import SCHEME

if TYPE_CHECKING:
    from plugins.benefits.api import Enrolments

_CASE = columns(Case)
_CONFIRMED = ("approved", "active")


def without_file(work: UnitOfWork, enrolments: "Enrolments") -> Iterator[RowObjection]:
    """Object to children of this scheme without a confirmed file in that category (``E_BASIS_MISSING``)."""
    rows = [row for row, name in enumerate(enrolments.schemes.tolist()) if name == SCHEME]
    people = {int(enrolments.person_ids[row]) for row in rows}
    asked = select(_CASE.person_id, _CASE.category).where(
        _CASE.person_id.in_(sorted(people)), _CASE.state.in_(_CONFIRMED)
    )
    known = {(row.person_id, row.category) for row in work.session.connection().execute(asked)} if rows else set()
    for row in rows:
        if (int(enrolments.person_ids[row]), str(enrolments.categories[row])) not in known:
            words = _("没有确认过的儿童档案，先在孤儿保障里申请、核查、确认")
            yield RowObjection(row=row, reason=words, column="citizen_id", code="E_BASIS_MISSING")
