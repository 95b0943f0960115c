"""Bring a county's database up to the installed version, and back again: plan it, back up, migrate, roll back.

What an upgrade began from stands in a small file beside the data until the next one: the backup, the revisions, and
whether it came to its end. One that was cut goes on from there and keeps its backup.
"""

import json
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from core import migrating
from core.audit.models import Record
from core.backups import Store, check, make, refuse_unsound
from core.database import Database
from core.disk import sync, write_private
from core.errors import NotFound, refuse
from core.founding import admit_bundled, plugin_lines
from core.restoring import restore, restored_as
from core.settings_writer import raise_generation
from core.texts import _, listed

if TYPE_CHECKING:
    from core.host import Host
    from core.settings import Settings
    from core.work import Actor

OWN = ("backup.made", "county.upgraded")
"""Records that an upgrade itself leaves."""


@dataclass(frozen=True, kw_only=True)
class Begun:
    """What an upgrade began from. ``restoring`` is the number of a rollback that has begun."""

    backup: str
    made_at: str
    last_record: int
    before: dict[str, str]
    revisions: dict[str, list[str]]
    finished: bool = False
    restoring: str = ""


@dataclass(frozen=True)
class WayBack:
    """What a rollback would do: the backup, when it was made, and how many acts since then would be lost.

    ``lost`` is None when the present database cannot be read.
    """

    file: Path
    made_at: datetime
    lost: int | None
    revisions: dict[str, list[str]]


def plan(host: "Host") -> dict[str, list[str]]:
    """Revisions that would run, by line: the core's first, then the enabled plugins' in order; {} when up to date."""
    return migrating.pending(host.database, _lines(host))


def newer(host: "Host") -> dict[str, str]:
    """Versions in the database that the installed programs do not know, by line."""
    return migrating.ahead(host.database, _lines(host))


def refuse_newer(host: "Host") -> None:
    """Raises ``Refused`` when the data are newer than what is installed: older code must not write them."""
    found = newer(host)
    if found:
        raise refuse(newer_words(found), code="E_SCHEMA_NEWER")


def refuse_other_core(host: "Host") -> None:
    """Raises ``Refused`` when the core's own tables are older or newer than what is installed."""
    ahead, waiting = newer(host), plan(host)
    if migrating.CORE.name in ahead:
        raise refuse(newer_words({migrating.CORE.name: ahead[migrating.CORE.name]}), code="E_SCHEMA_NEWER")
    if migrating.CORE.name in waiting:
        raise refuse(older_words([migrating.CORE.name]), code="E_SCHEMA_OLDER")


def older_words(lines: Iterable[str]) -> str:
    """Which lines of the database wait for an upgrade, and what to do."""
    return _("数据库还没有升级（{lines}）：请运行 huimin upgrade run", lines=listed(lines))


def newer_words(found: dict[str, str]) -> str:
    """Which lines of the database are newer than what is installed, and what to do."""
    return _(
        "数据库比安装的程序新（{lines}）：请装上新版本，或运行 huimin upgrade rollback", lines=listed(found.values())
    )


def run(host: "Host", actor: "Actor") -> dict[str, list[str]]:
    """Migrate every line, admit the bundled plugins at their present version, write missing policy defaults.

    A backup is made first; a run that was cut goes on with the one it made. Answers the revisions that ran. Running it
    again changes nothing but the record.
    """
    with host.begin(actor, write=False, edge="command") as work:
        work.require("plugin.switch")
    refuse_newer(host)
    waiting = plan(host)
    begun = _begin(host, actor, waiting)
    migrating.upgrade(host.database, _lines(host))
    with host.begin(actor, edge="command") as work:
        connection = work.session.connection()
        admit_bundled(connection, work.now)
        host.policies.plant(connection, work.now)
        raise_generation(work)
        revisions = begun.revisions if begun else waiting
        work.record("county.upgraded", f"county:{host.settings.county.code}", revisions=revisions)
    if begun:
        _write(host.settings, replace(begun, finished=True))
    return waiting


def _begin(host: "Host", actor: "Actor", waiting: dict[str, list[str]]) -> Begun | None:
    """Back up and say so beside the data; what was cut goes on as it began. None when no revision waits."""
    here, cut = migrating.versions(host.database, _lines(host)), begun(host.settings)
    if cut and not cut.finished and Path(cut.backup).is_file() and _differs(cut.before, here):
        return cut
    with host.database.transaction(write=False) as connection:
        last = connection.scalar(select(func.max(col(Record.seq)))) or 0
    made = make(host, actor)
    if not waiting:
        return None
    now = Begun(
        backup=str(made.file), made_at=made.made_at.isoformat(), last_record=last, before=here, revisions=waiting
    )
    _write(host.settings, now)
    return now


def _differs(before: dict[str, str], here: dict[str, str]) -> bool:
    return any(here.get(line, revision) != revision for line, revision in before.items())


def begun(settings: "Settings") -> Begun | None:
    """What the last upgrade began from, None when there was none."""
    try:
        return Begun(**json.loads(_file(settings).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def way_back(store: Store) -> WayBack:
    """What a rollback would do; raises ``NotFound`` when there is nothing to roll back, ``Refused`` when it cannot."""
    last = begun(store.settings)
    if last is None:
        raise NotFound(_("没有可以撤回的升级"))
    file = Path(last.backup)
    if not file.is_file():
        raise NotFound(_("升级前的备份 {file} 不在了，不能撤回", file=file))
    refuse_unsound(check(store, file))
    return WayBack(file, datetime.fromisoformat(last.made_at), _acts_since(store.database, last), last.revisions)


def roll_back(store: Store) -> WayBack:
    """Put the state before the last upgrade back. Cut anywhere it may be run again; raises as ``way_back`` does."""
    way, last = way_back(store), begun(store.settings)
    if last and not last.restoring:
        last = replace(last, restoring=secrets.token_hex(8))
        _write(store.settings, last)
    if last and restored_as(store.database) != last.restoring:
        restore(store, way.file, last.restoring)
    _file(store.settings).unlink()
    sync(store.settings.data)
    return way


def _acts_since(database: Database, last: Begun) -> int | None:
    if database.file and not database.file.is_file():
        return None
    asked = select(func.count()).where(col(Record.seq) > last.last_record, col(Record.action).not_in(OWN))
    try:
        with database.transaction(write=False) as connection:
            return connection.scalar(asked)
    except database.troubles:
        return None


def _file(settings: "Settings") -> Path:
    return settings.data / f"{settings.county.code}.upgrade.json"


def _write(settings: "Settings", now: Begun) -> None:
    write_private(_file(settings), json.dumps(asdict(now), ensure_ascii=False))


def _lines(host: "Host") -> list[migrating.Line]:
    migrating.import_models(migrating.core_models())
    return [migrating.CORE, *plugin_lines(host.settings.county.plugins)]
