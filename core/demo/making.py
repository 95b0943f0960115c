"""Make the demo county: real areas, invented people, their staff, and a year of life in it."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import partial
from importlib import import_module
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import loading
from core.calendar import Calendar
from core.demo import life, money, money_stories
from core.demo.cast import Cast
from core.demo.people import InventedPerson, invent, write_roster
from core.demo.staff import hire
from core.demo.turns import OPENS, Turn, take_turns
from core.demo.year import Year
from core.errors import Fault, Refused
from core.extension import DemoStep
from core.founding import Founding, found
from core.host import Clock, Host
from core.identity.actors import shell_actor
from core.policy import SetPolicy, set_policy
from core.roles import SYSTEM
from core.settings import load
from core.showing import COUNTY_TIME
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork

CODE, NAME = "430223", "攸县"
AREAS = Path(__file__).with_name("areas-430223.csv")
HOUSEHOLDS, SMALL, SEED = 3000, 150, 430223
PEOPLE_PER_HUNDRED = 294
"""How many people live in a hundred invented households."""
LEAST = 120
"""Households a county needs before the plugins tell stories in it: there must be people enough."""
ROSTER = 10_000
"""Households of one roster: a large county is taken in by several, so that memory does not grow with it."""


def is_made(home: Path) -> bool:
    """Whether a whole demo county is in this folder."""
    return (home / "config" / "counties" / f"{CODE}.toml").is_file()


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Which county: how large, from which dice, seen from which instant (aware; now), and who is told of progress."""

    households: int = HOUSEHOLDS
    seed: int = SEED
    now: datetime | None = None
    say: Callable[[str], object] = lambda _line: None

    @property
    def year(self) -> Year:
        """The year the county tells of."""
        return Year((self.now or datetime.now(UTC)).astimezone(COUNTY_TIME).date())


def make_demo(home: Path, wish: Wish) -> dict[str, Any]:
    """Make the county beside ``home`` and put it there when it is whole; answers name and counts.

    It was opened a good year before ``now``; the day of ``now`` itself is left to whoever looks at it.
    """
    home = home.resolve()
    home.parent.mkdir(parents=True, exist_ok=True)
    year = wish.year
    clock = Clock(datetime.combine(year.opened, time(8), COUNTY_TIME))
    with tempfile.TemporaryDirectory(prefix=".demo-", dir=home.parent) as scratch:
        draft = Path(scratch) / "county"
        plugins = sorted(loading.bundled())
        found(Founding(home=draft, code=CODE, name=NAME, areas=AREAS, plugins=plugins, mark="demo"), clock)
        _invent_calendars(draft, year)
        host = Host(load(draft, CODE), clock=clock)
        try:
            people = _people(host, Path(scratch) / "roster.xlsx", wish)
            clock.set(datetime.combine(year.opened, OPENS, COUNTY_TIME))
            staff = hire(host)
            _standards(host)
            told = [*_steps_of_plugins(host, wish)] if wish.households >= LEAST else []
            more = [*money.turns(year), *money_stories.turns(year)] if told else []
            turns = [*_night_work(host, year), *life.turns(host, year), *told, *more, *life.doubts(year)]
            take_turns(host, staff, turns, year.today)
        finally:
            host.close()
        shutil.rmtree(home, ignore_errors=True)
        draft.rename(home)
    return {"name": NAME, "households": wish.households, "people": people, "plugins": len(plugins)}


def _invent_calendars(home: Path, year: Year) -> None:
    """Years whose working days nobody published yet have plain weekends in the demo: it should run in any year."""
    folder = home / "config" / "calendar"
    folder.mkdir(parents=True, exist_ok=True)
    for one in range(year.opened.year, year.today.year + 2):
        try:
            Calendar({}).works(date(one, 1, 1))
        except Refused:
            words = 'document = "示例：没有公布放假安排，只按周末休息"\nrest = []\nwork = []\n'
            (folder / f"{one}.toml").write_text(words, encoding="utf-8")


def _people(host: Host, file: Path, wish: Wish) -> int:
    """Invent the people and take them in as a county would: by rosters, each in a unit of work of its own."""
    from core.households.importing.run import import_file

    with host.look(shell_actor(host, "demo"), edge="command") as work:
        villages = _villages(work)
    homes, count = groupby(_invented(wish, villages), attrgetter("number")), 0
    for _roster in range(0, wish.households, ROSTER):
        count += write_roster(file, (person for _number, home in islice(homes, ROSTER) for person in home))
        with host.begin(shell_actor(host, "demo"), edge="command") as work:
            if import_file(work, file.read_bytes(), file.name).refused:
                raise Fault("the invented roster did not pass its own check")
        if wish.households > ROSTER:
            wish.say(_("  已登记 {count} 人", count=f"{count:,}"))
    return count


def _invented(wish: Wish, villages: Sequence[str]) -> Iterator[InventedPerson]:
    return invent(wish.households, villages, wish.seed, on=wish.year.opened)


def _villages(work: "UnitOfWork") -> Sequence[str]:
    from core.households.areas import list_areas

    return [area["code"] for area in list_areas(work) if area["level"] == "village"]


def _standards(host: Host) -> None:
    """A policy value that a document changed: the county pays on the 25th from the next year on."""
    with host.begin(shell_actor(host, "demo"), edge="command") as work:
        day = date(work.today.year + 1, 1, 1)
        set_policy(work, SetPolicy(key="pay.day", value=25, valid_from=day, document=f"攸民发〔{work.today.year}〕3号"))


def _steps_of_plugins(host: Host, wish: Wish) -> Iterator[Turn]:
    """What the plugins tell of the year, each with its own dice."""
    casts, spoken_for = dict[str, Cast](), dict[str, set[int]]()
    for plugin, step in host.hooks.collect("register_demo_steps", _unfit):
        cast = casts.setdefault(plugin, Cast(f"{wish.seed} {plugin}", spoken_for))
        for day in _days(step, wish.year):
            yield Turn(day, partial(_step, step.run, cast), step.by)


def _night_work(host: Host, year: Year) -> Iterator[Turn]:
    """What the county does by itself every day, on the first of each month: months begin, anchors are set."""
    for month in (*year.months, year.current):
        for job in host.jobs.values():
            if job.every == "daily":
                yield Turn(month.first_day, partial(_run, job.run), SYSTEM)


def _run(function: str, work: "UnitOfWork") -> None:
    module, _colon, name = function.partition(":")
    getattr(import_module(module), name)(work)


def _days(step: DemoStep, year: Year) -> Iterator[date]:
    """The days of the year on which a step is taken."""
    if step.days_ago:
        yield date.fromordinal(year.today.toordinal() - step.days_ago)
    if step.after_opening:
        yield date.fromordinal(year.opened.toordinal() + step.after_opening)
    for ago in step.months_ago:
        yield year.on(len(year.months) - ago, step.day)


def _step(run: str, cast: Cast, work: "UnitOfWork") -> None:
    module, _colon, function = run.partition(":")
    try:
        getattr(import_module(module), function)(work, cast)
    except Refused as refusal:
        raise Fault(f"{run} on {work.today}: {refusal}") from refusal


def _unfit(plugin: str, reason: str) -> None:
    raise Fault(f"{plugin}: {reason}")
