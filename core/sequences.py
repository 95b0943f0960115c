"""Ids taken before their rows are written, because a sealed value is bound to the id of its row; numbers of papers."""

from collections import abc
from typing import Any

from sqlalchemy import Connection, case, column, func, select, table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from core.database import hold
from core.errors import Fault
from core.models.sequences import Sequence

_INSERT = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def take_ids(connection: Connection, name: str, count: int) -> abc.Sequence[int]:
    """The next ``count`` ids of a table, rising, not always without gaps.

    On PostgreSQL they come from the table's own sequence, so that parallel writers do not wait for each other.
    """
    if connection.dialect.name == "postgresql":
        found = connection.execute(
            text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)"),
            {"name": name, "count": count},
        )
        return [row[0] for row in found]
    return take_ids_in_order(connection, name, count)


def take_ids_in_order(connection: Connection, name: str, count: int) -> abc.Sequence[int]:
    """The next ``count`` ids of a table whose highest id says what is known: who sees it sees all below it as well.

    So whoever takes some waits until the transaction that took the ones before has ended. A table takes its ids one
    way or the other, never both.
    """
    first = (connection.scalar(select(func.max(column("id"))).select_from(table(name))) or 0) + 1
    # Ids that were taken and not written yet must not be taken again.
    promised = case((col(Sequence.next_id) > first, col(Sequence.next_id)), else_=first)
    wish = _INSERT[connection.dialect.name](Sequence).values(name=name, next_id=first + count)
    end = connection.scalar(
        wish.on_conflict_do_update(index_elements=["name"], set_={"next_id": promised + count}).returning(
            col(Sequence.next_id)
        )
    )
    if end is None:
        raise Fault(f"no ids of {name} were given")
    return range(end - count, end)


def numbers_behind(connection: Connection, of: Any, prefix: str, count: int, digits: int) -> abc.Sequence[str]:
    """The next ``count`` numbers behind a prefix in a column of text, without gaps ("ZC-2026-000007")."""
    hold(connection, f"{of} {prefix}", shared=False)
    highest = connection.scalar(select(func.max(of)).where(of.startswith(prefix)))
    first = int(highest.removeprefix(prefix)) + 1 if highest else 1
    return [f"{prefix}{serial:0{digits}d}" for serial in range(first, first + count)]
