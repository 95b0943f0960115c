"""Sites as rules and counters ask for them: facts, prices of a day, states between days. Only reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, or_, select

from core.api import NotFound, _, columns, in_parts, row_id, scoped
from plugins.canteen.models import Set, Site, SiteState

if TYPE_CHECKING:
    from core.api import UnitOfWork

_SITE, _SET, _STATE = columns(Site), columns(Set), columns(SiteState)
SERVING = ("trial", "open")
"""States in which a site serves subsidised meals."""


@dataclass(frozen=True)
class SiteFacts:
    """A site as rules ask for it."""

    id: int
    number: str
    name: str
    kind: str
    area: str
    state: str
    licence_number: str
    licence_to: date | None
    operator_id: int | None
    capacity_per_meal: int
    turns: int
    meals: Sequence[str]
    opened_on: date | None

    @property
    def most_per_meal(self) -> int:
        """How many may eat in one meal: capacity × turns; 0 for a site that has not said."""
        return self.capacity_per_meal * self.turns

    def licence_runs(self, day: date) -> bool:
        """Whether the food licence covers a day."""
        return self.licence_to is not None and day <= self.licence_to


class Price(NamedTuple):
    """A set meal on a day."""

    name: str
    meal: str
    price_fen: int


def nowhere() -> NotFound:
    """What is said of a site that is not there, or not in one's area."""
    return NotFound(_("没有找到这个助餐站点，或不在你的辖区"))


def site_of(work: "UnitOfWork", number: str, permission: str = "canteen.show") -> SiteFacts:
    """A site by number or id within the areas of a right; raises ``NotFound``."""
    work.require(permission)
    wanted = str(number).strip().upper()
    same = _SITE.id == at if (at := row_id(wanted)) else _SITE.number == wanted
    row = work.session.connection().execute(scoped(work, _facts().where(same), _SITE.area, permission)).first()
    if row is None:
        raise nowhere()
    return _read(row)


def sites_by_id(work: "UnitOfWork", ids: Sequence[int]) -> dict[int, SiteFacts]:
    """Sites by id, in the whole county; right and area are the caller's."""
    wanted, found = sorted(set(ids)), {}
    for part in in_parts(wanted):
        asked = _facts().where(_SITE.id.in_(part))
        found.update({row.id: _read(row) for row in work.session.connection().execute(asked)})
    return found


def _facts() -> Any:
    return select(
        _SITE.id, _SITE.number, _SITE.name, _SITE.kind, _SITE.area, _SITE.state, _SITE.licence_number,
        _SITE.licence_to, _SITE.operator_id, _SITE.capacity_per_meal, _SITE.turns, _SITE.meals, _SITE.opened_on,
    )  # fmt: skip


def _read(row: Any) -> SiteFacts:
    given: dict[str, Any] = {**row._mapping, "meals": tuple(row.meals.split(","))}
    return SiteFacts(**given)


def prices_on(work: "UnitOfWork", site_id: int, day: date) -> dict[str, Price]:
    """The sets of a site on a day by code."""
    asked = select(_SET.code, _SET.name, _SET.meal, _SET.price_fen).where(
        _SET.site_id == site_id, _SET.from_on <= day, or_(_SET.to_on.is_(None), _SET.to_on >= day)
    )
    rows = work.session.connection().execute(asked.order_by(_SET.code))
    return {row.code: Price(row.name, row.meal, row.price_fen) for row in rows}


def states_on(work: "UnitOfWork", site_id: int, days: Sequence[date]) -> list[str]:
    """The state of a site on each day; "" before its first."""
    asked = select(_STATE.state, _STATE.from_on).where(_STATE.site_id == site_id)
    rows = list(work.session.connection().execute(asked.order_by(_STATE.from_on, _STATE.id)))
    return [next((row.state for row in reversed(rows) if row.from_on <= day), "") for day in days]


def suspended_days(work: "UnitOfWork", site_ids: Sequence[int], first: date, last: date) -> dict[int, set[date]]:
    """The days of a span on which sites were suspended, in one question; sites without any are left out."""
    rows: dict[int, list[tuple[date, str]]] = {}
    wanted = sorted(set(site_ids))
    for part in in_parts(wanted):
        asked = select(_STATE.site_id, _STATE.from_on, _STATE.state).where(
            and_(_STATE.site_id.in_(part), _STATE.from_on <= last)
        )
        for row in work.session.connection().execute(asked.order_by(_STATE.from_on, _STATE.id)):
            rows.setdefault(row.site_id, []).append((row.from_on, row.state))
    found: dict[int, set[date]] = {}
    for site, states in rows.items():
        for (since, state), following in zip(states, [*states[1:], (last + timedelta(days=1), "")], strict=True):
            if state == "suspended":
                start, end = max(since, first), min(following[0] - timedelta(days=1), last)
                found.setdefault(site, set()).update(
                    start + timedelta(days=step) for step in range((end - start).days + 1)
                )
    return {site: days for site, days in found.items() if days}
