"""What is kept sealed: goals of a case, the text of its forms, the next step of a session."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.api import UnitOfWork

GOAL = "social_workers_case.goal"
CONTENT = "social_workers_case_form.content"
NEXT = "social_workers_case_form.next_step"
PURPOSE = "social_workers.goal"


def seal(work: "UnitOfWork", column: str, row_id: int | None, text: str) -> bytes | None:
    """The sealed text of a row; None for no text."""
    return work.keys.seal(column, row_id or 0, text) if text else None


def unseal(work: "UnitOfWork", column: str, row_id: int | None, sealed: bytes | None) -> str:
    """The text of a row; "" for none."""
    return work.keys.unseal(column, row_id or 0, sealed) if sealed else ""


def index_of(work: "UnitOfWork", goal: str) -> bytes:
    """What stands for a goal where two are compared, without its text."""
    return work.keys.blind(PURPOSE, "".join(goal.split()))
