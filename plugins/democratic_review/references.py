"""A ballot as other plugins cite it: by the number of the meeting, or by the reference of the list it voted on."""

import re
from typing import TYPE_CHECKING

from sqlmodel import col

from plugins.democratic_review.models import Item
from plugins.democratic_review.queries import standing_votes

if TYPE_CHECKING:
    from core.api import UnitOfWork

_MEETING = re.compile(r"PJ-(\d{4})-(\d{6,})", re.IGNORECASE)


def passed_by(work: "UnitOfWork", reference: str, area: str = "") -> bool:
    """Whether a panel of an area (and below) passed a list in the vote that is cited; cases are no lists.

    ``reference`` is a meeting's number (PJ-2026-000012) or what the list was called when it was voted on. What no
    panel voted on was not passed. Right and area of who asks are the caller's.
    """
    typed = reference.strip()
    meeting = _MEETING.fullmatch(typed)
    cited = col(Item.session_id) == int(meeting[2]) if meeting else col(Item.reference) == typed
    votes = standing_votes(work, cited, col(Item.kind) != "case", col(Item.area).startswith(area))
    if meeting:
        return any(vote.passed and str(vote.held_on.year) == meeting[1] for vote in votes)
    return bool(votes) and votes[-1].passed
