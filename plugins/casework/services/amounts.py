"""Amounts that changed for many families at once by a rule, not by a decision on each: a new standard."""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, update

from core.api import columns
from plugins.casework.models import Case

if TYPE_CHECKING:
    from core.api import UnitOfWork

_CASE = columns(Case)
_NOTED = (
    update(_CASE.id.table)
    .where(_CASE.id == bindparam("case"))
    .values(monthly_fen=bindparam("fen"), version=_CASE.version + 1)
)


def note_amounts(work: "UnitOfWork", amounts: Mapping[int, int]) -> int:
    """Write the monthly amounts (fen) of cases by their ids in one pass, recorded once; the right is the caller's."""
    if not amounts:
        return 0
    rows = [{"case": case, "fen": fen} for case, fen in sorted(amounts.items())]
    work.session.flush()
    work.session.connection().execute(_NOTED, rows)
    for one in list(work.session.identity_map.values()):
        if isinstance(one, Case) and one.id in amounts:
            work.session.expire(one)
    text = ";".join(f"{row['case']}={row['fen']}" for row in rows)
    digest = hashlib.sha256(text.encode()).hexdigest()
    work.record("casework.amounts_noted", "casework:amounts", count=len(rows), digest=digest)
    return len(rows)
