"""The cards, tags and lanes that plugins bring to a page: drawn in one frame each, a broken one alone."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from core.calling import Shown, incident
from core.extension import Lane, Panel
from core.texts import _
from core.web.current import current
from core.web.lanes import Picture, draw_lanes

if TYPE_CHECKING:
    from core.work import UnitOfWork

log = logging.getLogger("huimin.plugins")
TAGS_MAX = 3


@dataclass(frozen=True)
class Card:
    """One panel as drawn. ``failure`` is the number under which its fault stands in the log."""

    title: str
    origin: str
    hue: int
    rows: Sequence[tuple[str, str]] = ()
    html: Markup = Markup()
    path: str = ""
    failure: str = ""


@dataclass(frozen=True)
class Brought:
    """What all plugins together bring to a page; ``more_tags`` is how many tags did not fit."""

    cards: Sequence[Card]
    tags: Sequence[tuple[str, str]]
    more_tags: int
    lanes: Picture | None
    lane_count: int


def gather(work: "UnitOfWork", shown: Sequence[Shown]) -> Brought:
    """Order and draw what ``show_…_panels`` brought."""
    cards: list[Card] = []
    tags: list[tuple[str, str]] = []
    lanes: list[tuple[int, Lane]] = []
    for one in shown:
        manifest = work.host.plugin(one.plugin).manifest
        title = _(manifest.title)
        if one.failure:
            cards.append(Card(title, title, manifest.hue, failure=one.failure))
            continue
        for panel in sorted(one.entries, key=lambda entry: entry.order):
            card = _card(panel, title, manifest.hue)
            if card is not None:
                cards.append(card)
            tags += panel.tags
            lanes += [(manifest.hue, lane) for lane in panel.lanes]
    return Brought(cards, tags[:TAGS_MAX], max(len(tags) - TAGS_MAX, 0), draw_lanes(lanes, work.today), len(lanes))


def _card(panel: Panel, origin: str, hue: int) -> Card | None:
    if panel.template is None:
        rows = tuple(panel.rows)
        return Card(panel.title, origin, hue, rows, path=panel.path) if rows or panel.path else None
    try:
        template = current().site.environment.get_template(panel.template)
        return Card(panel.title, origin, hue, panel.rows, Markup(template.render(panel.data)), panel.path)  # noqa: S704
    except Exception as error:  # noqa: BLE001 - a plugin's template may fail in any way; its card alone is lost
        number = incident()
        log.error("%s %s: %s", number, panel.template, error, exc_info=error)
        return Card(panel.title, origin, hue, failure=number)
