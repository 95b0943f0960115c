"""Ids taken before their rows are written, because a sealed value is bound to the id of its row."""

from collections import abc

from sqlalchemy import Connection, column, func, select, table, text
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col

from core.models import Sequence


def take_ids(connection: Connection, name: str, count: int) -> abc.Sequence[int]:
    """The next ``count`` ids of a table, rising, not always without gaps.

    On PostgreSQL they come from the table's own sequence, so that parallel writers do not wait for each other; on
    SQLite the writer is alone, and ids taken twice before a row is written must still differ.
    """
    if connection.dialect.name == "postgresql":
        found = connection.execute(
            text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)"),
            {"name": name, "count": count},
        )
        return [row[0] for row in found]
    highest = connection.scalar(select(func.max(column("id"))).select_from(table(name))) or 0
    promised = connection.scalar(select(col(Sequence.next_id)).where(col(Sequence.name) == name)) or 1
    first = max(highest + 1, promised)
    wish = insert(Sequence).values(name=name, next_id=first + count)
    connection.execute(wish.on_conflict_do_update(index_elements=["name"], set_={"next_id": first + count}))
    return range(first, first + count)
