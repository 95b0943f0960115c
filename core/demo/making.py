"""Make the demo county: real areas, invented people, nine members of staff, a few turns of life."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core import loading
from core.calendar import Calendar
from core.demo import money
from core.demo.cast import TOWN, Cast
from core.demo.people import invent, write_roster
from core.errors import Fault, Refused
from core.founding import Founding, found
from core.host import Clock, Host
from core.households.duplicates import find_candidates
from core.identity.accounts import NewAccount, actor_named, add_account, shell_actor
from core.identity.corrections import Correction
from core.identity.events import Death, Move, record_death, record_move
from core.identity.models import Person
from core.identity.persons import NewPerson, register_person
from core.identity.second_person import propose_correction
from core.policy import SetPolicy, set_policy
from core.settings import load
from core.showing import COUNTY_TIME

if TYPE_CHECKING:
    from core.work import UnitOfWork

CODE, NAME = "430223", "攸县"
AREAS = Path(__file__).with_name("areas-430223.csv")
HOUSEHOLDS, SEED = 3000, 430223
LEAST = 60
"""Households a county needs before the plugins tell stories in it: there must be people enough."""
OPENED = datetime(2026, 10, 22, 1, 0, tzinfo=UTC)
"""The youngest of the invented people was born the day before."""

STAFF = (
    NewAccount(name="liwenhua", title="李文华", roles=["approver"], office="社会救助股"),
    NewAccount(name="zhoumin", title="周敏", roles=["clerk"], office="社会救助股"),
    NewAccount(name="zhaoli", title="赵丽", roles=["township_officer"], office="桃水镇民政办", area=TOWN),
    NewAccount(name="tangqiu", title="唐秋", roles=["proposer"], office="社会救助股"),
    NewAccount(name="pengjun", title="彭军", roles=["reviewer"], office="社会救助股"),
    NewAccount(name="xiaoyan", title="肖燕", roles=["disburser"], office="财务股"),
    NewAccount(name="chenguang", title="陈光", roles=["accountant"], office="财务股"),
    NewAccount(name="wujing", title="吴静", roles=["auditor"], office="审计室"),
    NewAccount(name="hetao", title="何涛", roles=["system_admin"], office="信息中心"),
)
"""Nine invented members of staff, one for each role of a payment.

Their one-time codes are thrown away, the demo page signs them in.
"""

CLERK = "zhoumin"
_BY_ROLE = {role: one.name for one in STAFF for role in one.roles}


@dataclass(frozen=True)
class Turn:
    """What happens on a day before the county is handed over: by whom, "" for the command line."""

    days_ago: int
    do: "Callable[[UnitOfWork], None]"
    by: str = ""


def is_made(home: Path) -> bool:
    """Whether a whole demo county is in this folder."""
    return (home / "config" / "counties" / f"{CODE}.toml").is_file()


def make_demo(
    home: Path, *, households: int = HOUSEHOLDS, seed: int = SEED, now: datetime | None = None
) -> dict[str, Any]:
    """Make the county beside ``home`` and put it there when it is whole; answers name and counts.

    The register is as old as ``OPENED``; what happens in it afterwards lies in the last weeks before ``now`` (aware).
    """
    home = home.resolve()
    home.parent.mkdir(parents=True, exist_ok=True)
    now, clock = now or datetime.now(UTC), Clock(OPENED)
    with tempfile.TemporaryDirectory(prefix=".demo-", dir=home.parent) as scratch:
        draft = Path(scratch) / "county"
        plugins = sorted(loading.bundled())
        found(Founding(home=draft, code=CODE, name=NAME, areas=AREAS, plugins=plugins, mark="demo"), clock)
        _invent_calendars(draft, now.year)
        host = Host(load(draft, CODE), clock=clock)
        try:
            people = _people(host, Path(scratch) / "roster.xlsx", households, seed)
            _staff(host)
            _standards(host)
            told = [*_steps_of_plugins(host, seed)] if households >= LEAST else []
            _take_turns(host, now, [*_life(host), *told, *(_money() if told else ()), *_doubts()])
        finally:
            host.close()
        shutil.rmtree(home, ignore_errors=True)
        draft.rename(home)
    return {"name": NAME, "households": households, "people": people}


def _invent_calendars(home: Path, year: int) -> None:
    """Years whose working days nobody published yet have plain weekends in the demo: it should run in any year."""
    folder = home / "config" / "calendar"
    folder.mkdir(parents=True, exist_ok=True)
    for one in range(year - 1, year + 2):
        try:
            Calendar({}).works(date(one, 1, 1))
        except Refused:
            words = 'document = "示例：没有公布放假安排，只按周末休息"\nrest = []\nwork = []\n'
            (folder / f"{one}.toml").write_text(words, encoding="utf-8")


def _people(host: Host, file: Path, households: int, seed: int) -> int:
    from core.households.importing.run import import_file

    with host.look(shell_actor(host, "demo"), edge="command") as work:
        villages = _villages(work)
    count = write_roster(file, invent(households, villages, seed))
    with host.begin(shell_actor(host, "demo"), edge="command") as work:
        if import_file(work, file.read_bytes(), file.name).refused:
            raise Fault("the invented roster did not pass its own check")
    return count


def _villages(work: "UnitOfWork") -> Sequence[str]:
    from core.households.areas import list_areas

    return [area["code"] for area in list_areas(work) if area["level"] == "village"]


def _staff(host: Host) -> None:
    with host.begin(shell_actor(host, "demo"), edge="command") as work:
        for wish in STAFF:
            add_account(work, wish)


def _standards(host: Host) -> None:
    """A policy value that a document changed: the county pays on the 25th from the next year on."""
    with host.begin(shell_actor(host, "demo"), edge="command") as work:
        wish = SetPolicy(key="pay.day", value=25, valid_from=date(OPENED.year + 1, 1, 1), document="攸民发〔2026〕3号")
        set_policy(work, wish)


def _take_turns(host: Host, now: datetime, turns: Sequence[Turn]) -> None:
    """Let everything happen in the order of its days, from nine in the morning on, so that the chain runs forward."""
    morning = datetime.combine(now.astimezone(COUNTY_TIME).date(), time(9), COUNTY_TIME)
    for minutes, turn in enumerate(sorted(turns, key=lambda one: -one.days_ago)):
        at = morning - timedelta(days=max(turn.days_ago, 1)) + timedelta(minutes=minutes)
        host.clock.set(max(at, OPENED + timedelta(minutes=minutes)))
        who = actor_named(host, turn.by) if turn.by else shell_actor(host, "demo")
        with host.begin(who, edge="page" if turn.by else "command") as work:
            turn.do(work)


def _steps_of_plugins(host: Host, seed: int) -> Iterator[Turn]:
    """What the plugins tell of the last weeks, each with its own dice."""
    casts: dict[str, Cast] = {}
    for plugin, step in host.hooks.collect("register_demo_steps", _unfit):
        cast = casts.setdefault(plugin, Cast(f"{seed} {plugin}"))
        yield Turn(step.days_ago, partial(_step, step.run, cast), _BY_ROLE[step.by] if step.by else "")


def _step(run: str, cast: Cast, work: "UnitOfWork") -> None:
    module, _colon, function = run.partition(":")
    try:
        getattr(import_module(module), function)(work, cast)
    except Refused as refusal:
        raise Fault(f"{run}: {refusal}") from refusal


def _unfit(plugin: str, reason: str) -> None:
    raise Fault(f"{plugin}: {reason}")


def _life(host: Host) -> Iterator[Turn]:
    """A few deaths and moves of the last weeks, one a day, so that pages have something to tell."""
    with host.look(shell_actor(host, "demo"), edge="command") as work:
        living = select(col(Person.id)).where(col(Person.died_on).is_(None)).order_by(col(Person.id)).limit(5)
        elders = work.session.scalars(living.where(col(Person.birth_date) < date(1945, 1, 1))).all()
        elsewhere = work.session.scalars(living.where(col(Person.residence_area).not_like(f"{TOWN}%")).offset(40)).all()
        villages = [code for code in _villages(work) if code.startswith(TOWN)]
    for days, person_id in zip(range(21, 6, -3), elders, strict=False):
        yield Turn(days, partial(_die, person_id))
    for days, village, person_id in zip(range(8, 3, -1), villages, elsewhere, strict=False):
        yield Turn(days, partial(_move, person_id, village))


def _die(person_id: int, work: "UnitOfWork") -> None:
    record_death(work, person_id, Death(on=work.today - timedelta(days=2), source="死亡医学证明"))


def _move(person_id: int, village: str, work: "UnitOfWork") -> None:
    record_move(work, person_id, Move(on=work.today - timedelta(days=1), residence_area=village))


def _money() -> Sequence[Turn]:
    """Money comes in and is given out; the children's roll is handed in and waits for its review."""
    by = _BY_ROLE
    return [
        Turn(28, money.receive, by["accountant"]),
        Turn(28, money.give_out, by["proposer"]),
        Turn(1, money.submit, by["proposer"]),
    ]


def _doubts() -> Sequence[Turn]:
    """What waits for a second person: a correction, and two records that may be one."""
    return [Turn(1, _doubt, CLERK), Turn(1, _look_for_doubles)]


def _doubt(work: "UnitOfWork") -> None:
    living = select(Person).where(col(Person.died_on).is_(None)).order_by(col(Person.id).desc()).limit(2)
    first, second = (person.id or 0 for person in work.session.scalars(living))
    propose_correction(work, first, Correction(name="陈小满", source="户口簿"), "姓名与户口簿不一致")
    _write_twice(work, second)


def _look_for_doubles(work: "UnitOfWork") -> None:
    find_candidates(work)


def _write_twice(work: "UnitOfWork", person_id: int) -> None:
    """The same person once more, without a number: what a clerk in a hurry leaves behind."""
    person = work.session.get_one(Person, person_id)
    wish = NewPerson(name=person.name, sex=str(person.sex), birth_date=person.birth_date, hukou_area=person.hukou_area)
    register_person(work, wish)
