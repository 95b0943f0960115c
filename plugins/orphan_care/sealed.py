"""What is kept sealed: illness, abuse, findings, how to reach a sponsor. Bound to the row it belongs to."""

import json
from typing import TYPE_CHECKING, Any

from plugins.orphan_care.words import HIV

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.orphan_care.models import Case

CONFIDED = "orphan_care_case.confided"
ILLNESS = "orphan_care_basis.detail"
FINDINGS = "orphan_care_visit.findings"
NOTE = "orphan_care_review.note"
CONTACT = "orphan_care_sponsor.contact"
HAPPENED = "orphan_care_contact.note"
CONFIDE = "orphan_care.confide"


def seal(work: "UnitOfWork", column: str, row_id: int | None, text: str) -> bytes | None:
    """The sealed text of a row; None for no text."""
    return work.keys.seal(column, row_id or 0, text) if text else None


def unseal(work: "UnitOfWork", column: str, row_id: int | None, sealed: bytes | None) -> str:
    """The text of a row; "" for none."""
    return work.keys.unseal(column, row_id or 0, sealed) if sealed else ""


def confided(work: "UnitOfWork", case: "Case") -> dict[str, Any]:
    """What only the county officer may know of a child; {} for everybody else."""
    if case.confided is None or not work.may(CONFIDE, case.area):
        return {}
    found: dict[str, Any] = json.loads(unseal(work, CONFIDED, case.id, case.confided))
    return found


def category_for(work: "UnitOfWork", case: "Case") -> str:
    """The category a reader is told: the one the child is paid by, unless the reader is the county officer."""
    return HIV if confided(work, case).get("hiv") else case.category
