"""Rows by the thousand: columns go into a table at the speed of the driver, past the ORM.

The values are those of the model (dates, times, bytes); what a type of SQLAlchemy would do to each is done once for
each distinct value. Used by the registry's and the funds' bulk doors only; single records go through the session.
"""

import gc
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import repeat
from typing import Any, TypeVar

from sqlalchemy import Connection, LargeBinary, Select, Table

from core.errors import Fault

Value = TypeVar("Value")
ASKED_AT_ONCE = 900
"""So many values one question names at most: old builds of SQLite take 999 parameters."""
_CACHE_KIBIBYTES = 65_536


def in_parts(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """The values in lists that are short enough for one ``IN (…)``."""
    return (values[at : at + ASKED_AT_ONCE] for at in range(0, len(values), ASKED_AT_ONCE))


def one_more(limit: int | None) -> int | None:
    """One row more than a page holds, which tells that another page follows; None, all rows, stays None."""
    return limit if limit is None else limit + 1


def insert_columns(
    connection: Connection,
    table: Table,
    columns: Mapping[str, Sequence[Any]],
    constants: Mapping[str, Any] | None = None,
) -> int:
    """Insert parallel columns, with ``constants`` the same in every row; answers the number of rows.

    Every column without a database default must be named; a fault when the columns are not of one length.
    """
    counts = {len(values) for values in columns.values()}
    if len(counts) != 1:
        raise Fault(f"{table.name}: columns of different lengths {sorted(counts)}")
    count = counts.pop()
    if not count:
        return 0
    fixed = {name: _stored(connection, table, name, [value])[0] for name, value in (constants or {}).items()}
    stored = [_stored(connection, table, name, values) for name, values in columns.items()]
    if connection.dialect.name == "postgresql":
        _copy(
            connection,
            table.name,
            [*columns, *fixed],
            zip(*stored, *(repeat(value, count) for value in fixed.values()), strict=False),
        )
    else:
        _execute_many(connection, table.name, list(columns), fixed, zip(*stored, strict=True))
    return count


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for reference cycles: among millions of cells, which have none, it costs a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def roomy(connection: Connection) -> Iterator[None]:
    """Write many rows at once: a larger page cache (SQLite), and no search for reference cycles meanwhile."""
    driver: Any = connection.connection.driver_connection if connection.dialect.name == "sqlite" else None
    pages = driver.execute("PRAGMA cache_size").fetchone()[0] if driver else 0
    with uncollected():
        try:
            if driver:
                driver.execute(f"PRAGMA cache_size = -{_CACHE_KIBIBYTES}")
            yield
        finally:
            if driver:
                driver.execute(f"PRAGMA cache_size = {pages}")


def _stored(connection: Connection, table: Table, name: str, values: Sequence[Any]) -> Sequence[Any]:
    kind = table.c[name].type.dialect_impl(connection.dialect)
    process = kind.bind_processor(connection.dialect)
    if process is None or isinstance(kind, LargeBinary):  # drivers take bytes as they are
        return values
    known = {value: process(value) for value in set(values)}
    return [known[value] for value in values]


def _copy(connection: Connection, table: str, names: list[str], rows: Iterable[Sequence[Any]]) -> None:
    with (
        bulk_driver(connection).cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _execute_many(
    connection: Connection, table: str, names: list[str], fixed: Mapping[str, Any], rows: Iterable[Sequence[Any]]
) -> None:
    """What is the same in every row stands in the statement and is not handed over again and again."""
    listed = ", ".join([*names, *fixed])
    values = ", ".join(["?"] * len(names) + [_literal(value) for value in fixed.values()])
    bulk_driver(connection).executemany(f"INSERT INTO {table} ({listed}) VALUES ({values})", rows)  # noqa: S608


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(int(value))
    return "'" + str(value).replace("'", "''") + "'"


def stream(connection: Connection, statement: Select[Any], size: int) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of a select in parts, as the driver reads them: for numbers, texts and bytes only, never all at once."""
    text = str(statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
    driver: Any = connection.connection.driver_connection
    named = {"name": f"huimin_{secrets.token_hex(4)}"} if connection.dialect.name == "postgresql" else {}
    with closing(driver.cursor(**named)) as cursor:
        cursor.execute(text)
        while part := cursor.fetchmany(size):
            yield part


def bulk_driver(connection: Connection) -> Any:
    """The driver's own connection inside the running transaction, for rows that are made while they are sent."""
    watch = connection.get_execution_options().get("huimin_watch")
    if watch is not None:
        watch.wrote = True  # what goes past the engine's events must be noticed here
    return connection.connection.driver_connection
