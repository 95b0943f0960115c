"""Put a backup in the place of what is there. A process that is killed on the way loses nothing of either.

On SQLite one rename is the whole change. On PostgreSQL the present schema steps aside, the dump comes in as one
transaction, and the mark of the restore is its last word.
"""

import os
import secrets
import shutil
import sqlite3
import tarfile
from functools import cached_property
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import col

from core.backups import (
    ANCHORS,
    BEFORE,
    DATABASE,
    FOLDERS,
    SETTINGS,
    Checked,
    Store,
    check,
    refuse_unsound,
    run_postgresql,
    unpack,
)
from core.database import Database
from core.disk import scratch, sync, write_private
from core.errors import NotFound, TryAgain, refuse
from core.keys import Vault
from core.models.state import State
from core.settings import Settings, counties_folder
from core.texts import _

KEPT = ".before-restore"
"""What the database that was there is called after a restore, on SQLite."""

_NO_RIGHT = "42501"
"""PostgreSQL's name for a privilege that is lacking."""

_PATIENCE = 10_000
"""Milliseconds in which another connection has to end."""


class Bare:
    """Settings, keys and database of a county that no Host can be put together from."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)

    @cached_property
    def keys(self) -> Vault:
        """The county's keys."""
        return Vault.open(self.settings.key_file)

    def close(self) -> None:
        """Give back every connection."""
        self.database.close()


def restore(store: Store, file: Path, number: str = "") -> Checked:
    """Put a backup in the place of the present data; the present database is kept beside it.

    The restored county carries ``number`` as a new mark: what must not happen twice (bank files) asks first. Under the
    same number it may be run again after it was cut.
    """
    found = check(store, file)
    refuse_unsound(found)
    number = number or secrets.token_hex(8)
    with scratch(store.settings.data) as room:
        manifest = unpack(store.keys, file, room)
        if manifest["dialect"] != store.database.dialect:
            words = {"made": manifest["dialect"], "here": store.database.dialect}
            raise refuse(_("这份备份出自 {made}，现在的数据库是 {here}，不能直接恢复", **words), code="E_BACKUP")
        _put_files(store.settings, room)
        store.close()
        if store.database.file:
            copy = Database(f"sqlite:///{room / DATABASE}")
            _mark(copy, number)
            copy.close()
            _mark_beside(store.settings, number)
            _replace_file(store.database.file, room / DATABASE)
        else:
            if _make_room(store.database, number):
                run_postgresql(
                    "pg_restore", store.database.url, "--no-owner", "--single-transaction", str(room / DATABASE)
                )
            mark_restored(store, number)
    return found


def restored_as(database: Database) -> str:
    """The mark of the last restore; "" where there was none, or where nothing can be read."""
    if database.file and not database.file.is_file():
        return ""
    try:
        with database.transaction(write=False) as connection:
            return connection.scalar(select(col(State.value)).where(col(State.name) == "restored")) or ""
    except database.troubles:
        return ""


def mark_restored(store: Store, number: str = "") -> None:
    """Change the mark in the database and the number beside it, so that a restore is seen by whoever asks."""
    number = number or secrets.token_hex(8)
    _mark_beside(store.settings, number)
    _mark(store.database, number)


def _mark(database: Database, number: str) -> None:
    with database.transaction(write=True) as connection:
        connection.execute(delete(State).where(col(State.name) == "restored"))
        connection.execute(insert(State).values(name="restored", value=number))


def _mark_beside(settings: Settings, number: str) -> None:
    write_private(settings.data / f"{settings.county.code}.generation", number)


def _put_files(settings: Settings, room: Path) -> None:
    """What lies beside the database. Nothing is taken away, and anchors that are there are the later ones."""
    code = settings.county.code
    for folder in FOLDERS:
        if (room / folder).is_dir():
            shutil.copytree(room / folder, settings.data / folder / code, dirs_exist_ok=True)
    anchors = settings.data / "anchors" / f"{code}.jsonl"
    if (room / ANCHORS).is_file() and not anchors.exists():
        anchors.parent.mkdir(mode=0o700, exist_ok=True)
        shutil.copy(room / ANCHORS, anchors)


def _replace_file(file: Path, copy: Path) -> None:
    """The copy takes the name of the present file in one step; the present one has a second name by then."""
    kept = file.with_name(file.name + KEPT)
    if file.exists():
        _settle(file, kept)
        second = kept.with_name(kept.name + ".part")
        second.unlink(missing_ok=True)
        try:
            second.hardlink_to(file)
        except OSError:  # a disk that knows no second names
            shutil.copy2(file, second)
            sync(second)
        second.replace(kept)
    _move_logs(file, kept)
    copy.chmod(0o600)
    sync(copy)
    copy.replace(file)
    sync(file.parent)


def _settle(file: Path, kept: Path) -> None:
    """Bring what is still in the log into the file; refused while another process works on it."""
    kept.with_name(kept.name + "-wal").unlink(missing_ok=True)
    connection = sqlite3.connect(file, timeout=_PATIENCE / 1000)
    try:
        connection.execute("PRAGMA journal_mode = delete")
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise TryAgain(_("数据库正在使用：请先停下 huimin serve 和其他命令，再恢复")) from error
    except sqlite3.DatabaseError:
        return  # damaged: it is kept as it is, with its log
    finally:
        connection.close()


def _move_logs(file: Path, kept: Path) -> None:
    for suffix in ("-wal", "-shm"):
        log = file.with_name(file.name + suffix)
        if log.exists():
            log.replace(kept.with_name(kept.name + suffix))


def _make_room(database: Database, number: str) -> bool:
    """Let the present schema step aside; answers whether the dump still has to come in.

    The schema that stepped aside bears the number of the restore, so that a second try does not put what the first
    one brought in its place. One that stepped aside for a restore that never came in stays.
    """
    try:
        with database.transaction(write=True) as connection:
            _send_away(connection)
            empty, aside = _is_empty(connection), _number_aside(connection)
            if aside == number and not empty:
                return False
            if not empty:
                connection.execute(text(f"DROP SCHEMA IF EXISTS {BEFORE} CASCADE"))
                connection.execute(text(f"ALTER SCHEMA public RENAME TO {BEFORE}"))
            if not empty or aside is not None:
                connection.execute(text(f"COMMENT ON SCHEMA {BEFORE} IS '{number}'"))
            connection.execute(text("CREATE SCHEMA IF NOT EXISTS public"))
            return True
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") != _NO_RIGHT:
            raise
        raise refuse(_("数据库账号不能更换 public：请用数据库的所有者来恢复"), code="E_BACKUP") from error


def _send_away(connection: Connection) -> None:
    """End what else works on the database: also the tool that a killed restore left behind."""
    others = (
        "SELECT pg_terminate_backend(pid, :patience) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
    )
    connection.execute(text(others), {"patience": _PATIENCE})


def _is_empty(connection: Connection) -> bool:
    """Whether nothing is in the schema: no table, no function."""
    there = (
        "SELECT EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = n.oid)"
        " OR EXISTS (SELECT 1 FROM pg_proc WHERE pronamespace = n.oid) FROM pg_namespace n WHERE nspname = 'public'"
    )
    return not connection.scalar(text(there))


def _number_aside(connection: Connection) -> str | None:
    """The number of the restore for which a schema stepped aside; None where there is none."""
    said = "SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace WHERE nspname = :name"
    return connection.scalar(text(said), {"name": BEFORE})


def bring_settings(home: Path, code: str, file: Path) -> Path:
    """Take the county file out of a backup into a home that has none: all a new machine needs is the key."""
    target = counties_folder(home) / f"{code}.toml"
    keys = Path(os.environ.get("HUIMIN_KEYS") or home / "keys") / f"{code}.key"
    if not keys.is_file():
        raise NotFound(_("没有找到密钥 {file}：请先把备用的密钥放到这里", file=keys))
    for folder in (home, home / "data", home / "config", target.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.chmod(0o700)
    with scratch(home / "data") as room:
        try:
            unpack(Vault.open(keys), file, room)
            found = (room / SETTINGS).read_text(encoding="utf-8")
        except (OSError, EOFError, tarfile.TarError, ValueError) as error:
            raise refuse(_("备份打不开：{reason}", reason=error), code="E_BACKUP") from error
    write_private(target, found)
    return target
