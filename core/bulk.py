"""Rows by the thousand: columns go into a table at the speed of the driver, past the ORM.

The values are those of the model (dates, times, bytes); what a type of SQLAlchemy would do to each is done once for
each distinct value. Used by the registry's and the funds' bulk doors only; single records go through the session.
"""

from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table

from core.errors import Fault


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
    given = dict(columns)
    for name, value in (constants or {}).items():
        given[name] = [value]
    stored = [_stored(connection, table, name, values) for name, values in given.items()]
    rows = zip(*(repeat(values[0], count) if name in (constants or {}) else values
                 for name, values in zip(given, stored, strict=True)), strict=False)  # fmt: skip
    _insert(connection, table.name, list(given), rows)
    return count


def _stored(connection: Connection, table: Table, name: str, values: Sequence[Any]) -> Sequence[Any]:
    kind = table.c[name].type.dialect_impl(connection.dialect)
    process = kind.bind_processor(connection.dialect)
    if process is None or isinstance(kind, LargeBinary):  # drivers take bytes as they are
        return values
    known = {value: process(value) for value in set(values)}
    return [known[value] for value in values]


def _insert(connection: Connection, table: str, names: list[str], rows: Any) -> None:
    listed = ", ".join(names)
    driver = bulk_driver(connection)
    if connection.dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(names))
    driver.executemany(f"INSERT INTO {table} ({listed}) VALUES ({marks})", rows)  # noqa: S608 - own names


def bulk_driver(connection: Connection) -> Any:
    """The driver's own connection inside the running transaction, for rows that are made while they are sent."""
    watch = connection.get_execution_options().get("huimin_watch")
    if watch is not None:
        watch.wrote = True  # what goes past the engine's events must be noticed here
    return connection.connection.driver_connection
