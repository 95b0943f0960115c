"""Turns: who does what on which day of the demo's year; the clock and the audit chain run forward through them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from core.demo.staff import Staff
from core.roles import SYSTEM
from core.showing import COUNTY_TIME

if TYPE_CHECKING:
    from core.host import Host
    from core.work import UnitOfWork

EDGES = {"": "command", SYSTEM: "job"}
OPENS, APART = time(9), timedelta(minutes=4)
"""When the day's first act is done, and how long after each other the next ones."""


@dataclass(frozen=True)
class Turn:
    """What happens on a day before the county is handed over: by whom, "" for the command line."""

    day: date
    do: "Callable[[UnitOfWork], object]"
    by: str = ""


def take_turns(host: "Host", staff: Staff, turns: Sequence[Turn], before: date) -> None:
    """Let everything happen in the order of its days, each in a unit of work of its own; nothing on ``before``."""
    wanted = sorted((turn for turn in turns if turn.day < before), key=attrgetter("day"))
    for day, group in groupby(wanted, key=attrgetter("day")):
        at = datetime.combine(day, OPENS, COUNTY_TIME)
        for turn in group:
            host.clock.set(at)
            with host.begin(staff.actor(host, turn.by), edge=EDGES.get(turn.by, "page")) as work:
                turn.do(work)
            at += APART
