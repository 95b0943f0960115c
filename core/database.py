"""One county's database: SQLite by default, PostgreSQL for many processes; the same promises on both.

On SQLite writers take turns in the order they came: a queue of the process stands before BEGIN IMMEDIATE, because
the busy handler alone starves some writers for seconds. Every table is STRICT there, whatever model it comes from.
"""

import hashlib
import os
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.dialects.sqlite.base import SQLiteDDLCompiler, SQLiteTypeCompiler
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError

from core.disk import full
from core.errors import Fault, TryAgain, Unconfirmed
from core.texts import _

if TYPE_CHECKING:
    from pathlib import Path

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
}
BUSY_MILLISECONDS = 10_000


class Watch:
    """Remembers whether a transaction changed rows, whoever sent the statement."""

    def __init__(self) -> None:
        self.wrote = False


class Turns:
    """A first-come queue for the writers of one file."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: deque[Event] = deque()
        self._taken = False

    @contextmanager
    def turn(self, seconds: float = 30.0) -> Iterator[None]:
        """Wait for the turn, hold it, hand it to the next; raises ``TryAgain`` when it does not come in time."""
        self._take(seconds)
        try:
            yield
        finally:
            self._pass_on()

    def _take(self, seconds: float) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            mine = Event()
            self._waiting.append(mine)
        if mine.wait(seconds):
            return
        with self._lock:
            if mine in self._waiting:
                self._waiting.remove(mine)
                raise TryAgain(_("数据库正忙，请稍后再试"))
        # The turn came between the time-out and the lock: it is ours.

    def _pass_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


class _StrictTypes(SQLiteTypeCompiler):
    """The five types a STRICT table knows."""

    def visit_VARCHAR(self, type_: Any, **kw: Any) -> str:  # noqa: N802
        return "TEXT"

    visit_CHAR = visit_NVARCHAR = visit_CLOB = visit_VARCHAR  # noqa: N815
    visit_DATE = visit_DATETIME = visit_TIMESTAMP = visit_TIME = visit_VARCHAR  # noqa: N815
    visit_JSON = visit_UUID = visit_NUMERIC = visit_DECIMAL = visit_VARCHAR  # noqa: N815

    def visit_BIGINT(self, type_: Any, **kw: Any) -> str:  # noqa: N802
        return "INTEGER"

    visit_SMALLINT = visit_BOOLEAN = visit_BIGINT  # noqa: N815


class _StrictTables(SQLiteDDLCompiler):
    """Every table of ours is STRICT; a plugin cannot forget it."""

    def post_create_table(self, table: Any) -> str:
        return "\n STRICT"


class Database:
    """Connections, transactions and the writers' queue of one county.

    ``url`` is ``sqlite:///…`` or ``postgresql://…``. ``transaction`` is the only way in.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.dialect = make_url(url).get_backend_name()
        self._turns = Turns()
        self.engine = self._sqlite_engine() if self.dialect == "sqlite" else self._postgresql_engine()

    def _sqlite_engine(self) -> Engine:
        engine = create_engine(self.url, connect_args={"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False})
        engine.dialect.type_compiler_instance = _StrictTypes(engine.dialect)
        engine.dialect.ddl_compiler = _StrictTables
        event.listen(engine, "connect", _prepare_sqlite)
        if engine.url.database:
            event.listen(engine, "do_connect", _refuse_to_make)
            event.listen(engine, "checkout", _refuse_another_file)
        return engine

    def _postgresql_engine(self) -> Engine:
        return create_engine(self.url, pool_pre_ping=True, connect_args={"options": "-c timezone=UTC"})

    @contextmanager
    def transaction(self, *, write: bool, watch: Watch | None = None) -> Iterator[Connection]:
        """One transaction: committed at the end of the block, rolled back when it raises.

        One that only reads sees one moment, and the database itself refuses a change in it. ``watch`` is told when a
        statement changes rows. Raises ``TryAgain`` when the database is locked, full or away, ``Unconfirmed`` when it
        went in the commit.
        """
        if write and self.dialect == "sqlite":
            with self._turns.turn():
                yield from self._transact(write, watch)
        else:
            yield from self._transact(write, watch)

    def _transact(self, write: bool, watch: Watch | None) -> Iterator[Connection]:
        done = False
        try:
            with self.engine.connect() as plain:
                connection = plain.execution_options(huimin_watch=watch)
                if watch is not None and write:
                    # Not on the engine: there it would cost every statement of every read.
                    event.listen(connection, "before_cursor_execute", _notice_writes)
                with connection.begin(), _held_open(connection):
                    self._say_begin(connection, write)
                    yield connection
                    done = True
        except OperationalError as error:
            if write and done and error.connection_invalidated:
                raise Unconfirmed(_("保存时和数据库断开了：请先查看是否已经保存，没有再做一次")) from error
            raise as_try_again(error, error.orig) from error
        except self.engine.dialect.loaded_dbapi.OperationalError as error:  # what was said to the driver itself
            raise as_try_again(error, error) from error

    def _say_begin(self, connection: Connection, write: bool) -> None:
        if self.dialect == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.execute(f"PRAGMA query_only = {int(not write)}")
            driver.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        elif not write:  # of one moment, as on SQLite: sums that are asked one after the other fit each other
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

    @property
    def troubles(self) -> tuple[type[Exception], ...]:
        """What is raised when the database is not what we made: by SQLAlchemy, by its driver, or as TryAgain."""
        return DBAPIError, self.engine.dialect.loaded_dbapi.Error, TryAgain

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    @property
    def file(self) -> "Path | None":
        """The file of a SQLite database; None for PostgreSQL."""
        from pathlib import Path

        name = make_url(self.url).database
        return Path(name) if self.dialect == "sqlite" and name else None


def hold(connection: Connection, what: str, *, shared: bool) -> None:
    """Keep others from holding ``what`` until the transaction ends; who shares it keeps out those who do not.

    On SQLite writers take turns anyway.
    """
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], "big", signed=True)
        kind = "_shared" if shared else ""
        connection.execute(text(f"SELECT pg_advisory_xact_lock{kind}(:number)"), {"number": number})


class NotYours(Exception):
    """Somebody inside a transaction tried to end it; only who opened it does."""


@contextmanager
def _held_open(connection: Connection) -> Iterator[None]:
    """Let nobody end the transaction, or the connection, from inside the block."""

    def invalidate(error: BaseException | None = None) -> None:
        if error is None:
            _refuse_end()
        Connection.invalidate(connection, error)  # the server is gone, and SQLAlchemy says so

    ends = dict.fromkeys(("commit", "rollback", "close", "detach"), _refuse_end) | {"invalidate": invalidate}
    for end, instead in ends.items():
        setattr(connection, end, instead)
    try:
        yield
    finally:
        for end in ends:
            delattr(connection, end)


@contextmanager
def held_in_words(connection: Connection) -> Iterator[None]:
    """Let nobody say COMMIT or ROLLBACK in the block, in a transaction that only reads too."""
    event.listen(connection, "before_cursor_execute", _refuse_said_end)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", _refuse_said_end)


def _refuse_said_end(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
    if statement[:8].upper().startswith(_ENDS) and " TO " not in statement.upper():
        raise NotYours("only the edge ends a transaction")


def _refuse_end(*_given: object) -> None:
    raise NotYours("only the edge ends a transaction")


def _refuse_to_make(dialect: Any, _record: object, arguments: Sequence[Any], _named: object) -> None:
    """Make no empty database where a county's was."""
    if not os.path.isfile(arguments[0]):  # noqa: PTH113 - at every connection
        raise dialect.loaded_dbapi.OperationalError("unable to open database file")


def _refuse_another_file(_connection: object, record: Any, _taken: object) -> None:
    """Take a connection out of use whose file was removed or replaced: what it writes would be lost with the file."""
    if _file_at(record.info["path"]) != record.info["file"]:
        raise DisconnectionError


def _file_at(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - at every transaction
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _prepare_sqlite(connection: Any, record: Any) -> None:
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    record.info.update(path=path, file=_file_at(path))
    connection.isolation_level = None  # BEGIN is said by us, so that DDL rolls back and savepoints work
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}")
        found = connection.execute(f"PRAGMA {name}").fetchone()
        if found is None or found[0] != value:
            raise Fault(f"SQLite did not take PRAGMA {name} = {value}: {found}")


_ENDS = ("COMMIT", "ROLLBACK", "END", "ABORT", "BEGIN")
_CHANGES = ("INSERT", "UPDATE", "DELETE", "REPLAC", "MERGE ", "COPY ")


def _notice_writes(
    connection: Connection, _cursor: object, statement: str, _parameters: object, context: Any, _many: bool
) -> None:
    _refuse_said_end(connection, _cursor, statement)
    watch = connection.get_execution_options().get("huimin_watch")
    if watch is not None and not watch.wrote and _changes_rows(statement, context):
        watch.wrote = True


def _changes_rows(statement: str, context: Any) -> bool:
    if context is not None and (context.isinsert or context.isupdate or context.isdelete):
        return True
    head = statement.lstrip()[:6].upper()
    return head.startswith(_CHANGES) or (
        head.startswith("WITH") and any(word in statement.upper() for word in _CHANGES)
    )


def as_try_again(error: Exception, said: object) -> Exception:
    """``TryAgain`` in words when the database was busy, full or away; any other error as it is."""
    words = str(said).lower()
    if "locked" in words or "busy" in words:
        return TryAgain(_("数据库正忙，请稍后再试"))
    if "full" in words or "no space" in words:
        return full()
    if "connect" in words or "terminat" in words or "unable to open" in words:
        return TryAgain(_("连不上数据库，请稍后再试"))
    return error
