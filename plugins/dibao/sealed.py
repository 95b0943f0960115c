"""What is kept sealed: the health of a member, bound to its row."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.api import UnitOfWork

HEALTH = "dibao_assessment.health"


def seal(work: "UnitOfWork", row_id: int, text: str) -> bytes | None:
    """The sealed text of a row; None for no text."""
    return work.keys.seal(HEALTH, row_id, text.strip()) if text.strip() else None


def unseal(work: "UnitOfWork", row_id: int, sealed: bytes | None) -> str:
    """The text of a row; "" for none."""
    return work.keys.unseal(HEALTH, row_id, sealed) if sealed else ""
