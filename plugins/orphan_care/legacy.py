"""The older practice of the county, kept as a dated choice: rural orphans on tekun, urban ones on dibao in full."""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from core.api import _, refuse

if TYPE_CHECKING:
    from core.api import UnitOfWork

LEGACY = "orphan.legacy_route"


@dataclass(frozen=True)
class Route:
    """By which scheme a child is paid; "" is this plugin's own. ``terms`` fix the amount in fen."""

    scheme: str = ""
    terms: dict[str, Any] = field(default_factory=dict)


def route_of(work: "UnitOfWork", hukou: str | None, on: date) -> Route:
    """The way of a child by its hukou (urban, rural) on a day; income counts as nothing, so dibao is paid in full."""
    if not work.policy(LEGACY, on=on):
        return Route()
    if hukou == "rural":
        return Route("tekun")
    if hukou == "urban":
        return Route("dibao", {"amount_fen": work.policy("dibao.standard_urban", on=on)})
    raise refuse(_("按旧办法办理的，请写明城镇还是农村户口"), field="hukou", code="E_LEGACY_ROUTE")
