"""Many meals are written at once: in columns, with the seal that vouches for them; plugins hear of those that stand."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from core.api import RowLayout, UnitOfWork, insert_columns, seal, table_of
from plugins.canteen.counter.judging import Asked, Judged, meals_of
from plugins.canteen.counter.models import Swipe

SWIPES = RowLayout(
    "canteen_swipe",
    (
        ("id", "integer"),
        ("site_id", "integer"),
        ("person_id", "integer"),
        ("day", "date"),
        ("meal", "text"),
        ("set_code", "text"),
        ("kind", "text"),
        ("subsidy_fen", "integer"),
        ("charged_fen", "integer"),
        ("at", "time"),
        ("mac", "text"),
        ("state", "text"),
        ("code", "text"),
    ),
    total="subsidy_fen",
)


SEALED = tuple(name for name, _kind in SWIPES.columns)


def write_meals(
    work: UnitOfWork, asked: Asked, judged: Judged, more: Mapping[str, Sequence[Any]], upload_id: int
) -> Any:
    """Write judged meals, refused ones too; ``more`` are the columns the rules do not know.

    Those are ``kind``, ``charged_fen``, ``channel``, ``at`` and the four of a terminal. Answers the seal, to be handed
    to ``work.record``. Who has the subsidy is worked out by ``award_upload`` after it.
    """
    limit = work.today - timedelta(days=work.policy("canteen.backdating_days"))
    rows: dict[str, Sequence[Any]] = {
        "id": list(work.next_ids("canteen_swipe", len(asked.days))),
        "site_id": [place.id for place in asked.places],
        "diner_id": [guest and guest.diner_id for guest in asked.guests],
        "person_id": [guest and guest.person_id for guest in asked.guests],
        "area": [place.area for place in asked.places],
        "day": asked.days,
        "meal": judged.meals,
        "set_code": asked.set_codes,
        "list_price_fen": judged.list_prices,
        "tier": judged.tiers,
        "subsidy_fen": judged.subsidies,
        "self_pay_fen": judged.self_pays,
        "delivery_fee_fen": judged.fees,
        "state": ["refused" if code else "standing" for code in judged.codes],
        "code": judged.codes,
        "late": [day < limit for day in asked.days],
        **more,
    }
    constants = {"recorded_at": work.now, "recorder": work.actor.account_id, "upload_id": upload_id}
    insert_columns(work.session.connection(), table_of(Swipe), rows, constants)
    served = [row for row, code in enumerate(judged.codes) if not code]
    if served and work.hooks.implementers("canteen_meals_served"):
        work.hooks.announce("canteen_meals_served", work=work, meals=meals_of(asked, judged, served))
    return sealed(work, zip(*(rows[name] for name in SEALED), strict=True))


def sealed(work: UnitOfWork, rows: Iterable[Sequence[Any]]) -> Any:
    """The seal of meals just written, with the columns of ``SEALED``, sorted by id; to be handed to ``work.record``."""
    return seal(SWIPES, rows, work.settings.security.digest)
