"""What is kept sealed: how to reach a donor, and the number on a receipt for tax."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.api import UnitOfWork

CONTACT = "donations_donor.contact"
IDENTITY = "donations_donor.identity"


def seal(work: "UnitOfWork", column: str, row_id: int, text: str) -> bytes | None:
    """The sealed text of a row; None for no text."""
    return work.keys.seal(column, row_id, text) if text else None


def unseal(work: "UnitOfWork", column: str, row_id: int | None, sealed: bytes | None) -> str:
    """The text of a row; "" for none."""
    return work.keys.unseal(column, row_id or 0, sealed) if sealed else ""
