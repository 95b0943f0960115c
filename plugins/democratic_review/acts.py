"""What recording and replacing a vote answer everywhere: page, command and API say the same."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from plugins.democratic_review.queries import item_line, session_number
from plugins.democratic_review.services.recording import Recorded, record_ballots
from plugins.democratic_review.services.replacing import replace_ballot
from plugins.democratic_review.showing import result_of

if TYPE_CHECKING:
    from core.api import Objection, UnitOfWork
    from plugins.democratic_review.wishes import RecordBallots, ReplaceBallot

_TOP = ("valid", "quorum", "agree", "disagree", "abstain", "passed", "voters", "base")


def record(work: "UnitOfWork", wish: "RecordBallots") -> "tuple[dict[str, Any], Sequence[Objection]]":
    """Record a meeting; answers its number and the result of every vote, the first one at the top."""
    done = record_ballots(work, wish)
    return answer_of(done), done.warnings


def replace(work: "UnitOfWork", item_id: int, wish: "ReplaceBallot") -> "tuple[dict[str, Any], Sequence[Objection]]":
    """Record a vote anew; answers as recording does."""
    done = replace_ballot(work, item_id, wish)
    return answer_of(done), done.warnings


def answer_of(done: Recorded) -> dict[str, Any]:
    """A recorded meeting as scripts read it."""
    items = [result_of(item_line(one)) for one in done.items]
    return {
        **{name: items[0][name] for name in _TOP},
        "ballot": done.session.id,
        "number": session_number(done.session),
        "village": done.session.area,
        "on": done.session.held_on,
        "items": items,
    }
