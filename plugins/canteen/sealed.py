"""What is kept sealed: diet notes, the guardian's telephone, the matter of a complaint."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.api import UnitOfWork

DIET = "canteen_diner.diet"
PHONE = "canteen_diner.phone"
MATTER = "canteen_feedback.matter"


def seal(work: "UnitOfWork", column: str, row_id: int | None, text: str) -> bytes | None:
    """The sealed text of a row; None for no text."""
    return work.keys.seal(column, row_id or 0, text.strip()) if text.strip() else None


def unseal(work: "UnitOfWork", column: str, row_id: int | None, sealed: bytes | None) -> str:
    """The text of a row; "" for none."""
    return work.keys.unseal(column, row_id or 0, sealed) if sealed else ""
