"""What dependents may import: whether a list was passed, what refuses one that was not, and the order of villages."""

from typing import TYPE_CHECKING

from sqlmodel import col

from core.api import Refused
from plugins.democratic_review.gate import no_ballot
from plugins.democratic_review.models import Item
from plugins.democratic_review.queries import standing_votes
from plugins.democratic_review.ranking import Ranked, rank, violators

if TYPE_CHECKING:
    from core.api import UnitOfWork

__all__ = ["Ranked", "passed_list", "rank", "require_list", "violators"]


def passed_list(work: "UnitOfWork", scheme: str, reference: str, area: str) -> bool:
    """Whether the panel of a village passed a list in its last vote on it; right and area are the caller's."""
    votes = standing_votes(
        work,
        col(Item.area) == area,
        col(Item.scheme) == scheme,
        col(Item.reference) == reference,
        col(Item.kind) != "case",
    )
    return bool(votes) and votes[-1].passed


def require_list(work: "UnitOfWork", scheme: str, reference: str, area: str) -> None:
    """Go on only with a list the panel of the village passed (``E_NO_BALLOT``)."""
    if not passed_list(work, scheme, reference, area):
        raise Refused([no_ballot("reference")])
