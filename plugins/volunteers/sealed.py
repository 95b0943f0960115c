"""What is kept sealed: telephone, emergency contact, health statement, the matter of a complaint, a check code."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.api import UnitOfWork

PHONE = "volunteers_volunteer.phone"
CONTACT = "volunteers_volunteer.contact"
HEALTH = "volunteers_volunteer.health"
MATTER = "volunteers_complaint.matter"
CODE = "volunteers_certificate.code"


def seal(work: "UnitOfWork", column: str, row_id: int | None, text: str) -> bytes | None:
    """The sealed text of a row; None for no text."""
    return work.keys.seal(column, row_id or 0, text) if text else None


def unseal(work: "UnitOfWork", column: str, row_id: int | None, sealed: bytes | None) -> str:
    """The text of a row; "" for none."""
    return work.keys.unseal(column, row_id or 0, sealed) if sealed else ""
