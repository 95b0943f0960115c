"""Make the demo county: real areas, invented people, six members of staff, a few turns of life."""

import shutil
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core.demo.people import invent, write_roster
from core.founding import Founding, found
from core.host import Host
from core.identity.accounts import NewAccount, add_account, shell_actor
from core.identity.events import Death, Move, record_death, record_move
from core.identity.models import Person
from core.settings import load

if TYPE_CHECKING:
    from core.work import UnitOfWork

CODE, NAME = "430223", "攸县"
AREAS = Path(__file__).with_name("areas-430223.csv")
HOUSEHOLDS, SEED = 3000, 430223
TOWN = "430223103"

STAFF = (
    NewAccount(name="liwenhua", title="李文华", roles=["approver"], office="社会救助股"),
    NewAccount(name="zhoumin", title="周敏", roles=["clerk"], office="社会救助股"),
    NewAccount(name="zhaoli", title="赵丽", roles=["township_officer"], office="桃水镇民政办", area=TOWN),
    NewAccount(name="chenguang", title="陈光", roles=["accountant"], office="财务股"),
    NewAccount(name="wujing", title="吴静", roles=["auditor"], office="审计室"),
    NewAccount(name="hetao", title="何涛", roles=["system_admin"], office="信息中心"),
)
"""Six invented members of staff; their one-time codes are thrown away, the demo page signs them in."""


def is_made(home: Path) -> bool:
    """Whether a whole demo county is in this folder."""
    return (home / "config" / "counties" / f"{CODE}.toml").is_file()


def make_demo(home: Path, *, households: int = HOUSEHOLDS, seed: int = SEED) -> dict[str, Any]:
    """Make the county beside ``home`` and put it there when it is whole; answers name and counts."""
    home = home.resolve()
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".demo-", dir=home.parent) as scratch:
        draft = Path(scratch) / "county"
        found(Founding(home=draft, code=CODE, name=NAME, areas=AREAS, mark="demo"))
        host = Host(load(draft, CODE))
        try:
            people = _people(host, Path(scratch) / "roster.xlsx", households, seed)
            _staff(host)
            _life(host)
        finally:
            host.close()
        shutil.rmtree(home, ignore_errors=True)
        draft.rename(home)
    return {"name": NAME, "households": households, "people": people}


def _people(host: Host, file: Path, households: int, seed: int) -> int:
    from core.households.importing.run import import_file

    with host.look(shell_actor(host, "demo"), edge="command") as work:
        villages = _villages(work)
    count = write_roster(file, invent(households, villages, seed))
    with host.begin(shell_actor(host, "demo"), edge="command") as work:
        import_file(work, file.read_bytes(), file.name)
    return count


def _villages(work: "UnitOfWork") -> Sequence[str]:
    from core.households.areas import list_areas

    return [area["code"] for area in list_areas(work) if area["level"] == "village"]


def _staff(host: Host) -> None:
    with host.begin(shell_actor(host, "demo"), edge="command") as work:
        for wish in STAFF:
            add_account(work, wish)


def _life(host: Host) -> None:
    """A few deaths and moves, so that pages have something to tell."""
    with host.begin(shell_actor(host, "demo"), edge="command") as work:
        elders = work.session.scalars(
            select(col(Person.id)).where(col(Person.birth_date) < date(1945, 1, 1)).order_by(col(Person.id)).limit(5)
        ).all()
        for offset, person_id in enumerate(elders):
            record_death(
                work, person_id or 0, Death(on=work.today - timedelta(days=20 + 9 * offset), source="死亡医学证明")
            )
    with host.begin(shell_actor(host, "demo"), edge="command") as work:
        villages = [code for code in _villages(work) if code.startswith(TOWN)]
        grown = work.session.scalars(
            select(col(Person.id))
            .where(col(Person.residence_area).not_like(f"{TOWN}%"), col(Person.died_on).is_(None))
            .order_by(col(Person.id))
            .limit(5)
        ).all()
        for village, person_id in zip(villages, grown, strict=False):
            record_move(work, person_id or 0, Move(on=work.today - timedelta(days=7), residence_area=village))
