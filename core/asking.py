"""Questions of nearly every page and rows of nearly every write: written once for each database, then to its driver.

What a statement costs besides the database (looking up its text, its types and its result) is more than the answer
itself when a page asks twenty of them; a ``Question`` or an ``Order`` works that out at its first use.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection
from sqlalchemy.sql import Select

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

Processor = Callable[[Any], Any]


class Question:
    """A select with named binds: ``Question(select(…).where(… == bindparam("household")))``; lists do not bind."""

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement
        self._written: dict[str, _Written] = {}

    def rows(self, connection: Connection, given: Mapping[str, Any]) -> list[Any]:
        """All rows, with the names of the columns; ``given`` are the values of the binds."""
        dialect = connection.dialect
        written = self._written.get(dialect.name)
        if written is None:
            written = self._written[dialect.name] = _Written(self.statement, dialect)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(written.text, written.bound(given))
            return [written.row(found) for found in cursor.fetchall()]
        finally:
            cursor.close()


class Order:
    """An insert or update of some columns of one row: ``Order(update(table).where(…), "seq", "hash")``.

    The unit of work is told that something was written, as it is of every other statement.
    """

    def __init__(self, statement: Any, *names: str) -> None:
        self.statement = statement
        self.names = names
        self._written: dict[str, _Written] = {}

    def run(self, connection: Connection, given: Mapping[str, Any]) -> Any:
        """Do it; answers the row it returns, None when the statement returns nothing."""
        dialect = connection.dialect
        written = self._written.get(dialect.name)
        if written is None:
            written = self._written[dialect.name] = _Written(self.statement, dialect, self.names)
        watch = connection.get_execution_options().get("huimin_watch")
        if watch is not None:
            watch.wrote = True
        cursor = connection.connection.cursor()
        try:
            cursor.execute(written.text, written.bound(given))
            return written.row(cursor.fetchone()) if written.answers else None
        finally:
            cursor.close()


class _Written:
    """A question or an order in the language of one database."""

    def __init__(self, statement: Any, dialect: "Dialect", names: Sequence[str] = ()) -> None:
        compiled: Any = statement.compile(dialect=dialect, **({"column_keys": list(names)} if names else {}))
        self.text = str(compiled)
        self._in_order = compiled.positiontup is not None
        self._names: list[str] = compiled.positiontup or list(compiled.binds)
        self._fixed = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        kinds = {name: _processor(bind.type, dialect, "bind_processor") for name, bind in compiled.binds.items()}
        self._senders = {name: send for name, send in kinds.items() if send}
        selected = statement.exported_columns if statement.is_dml else statement.selected_columns
        self.answers = len(selected) > 0
        readers = [_processor(column.type, dialect, "result_processor", None) for column in selected]
        self._readers = [(place, read) for place, read in enumerate(readers) if read]
        self._row: Any = namedtuple("Row", selected.keys())._make  # noqa: PYI024 - its names are those of the select

    def bound(self, given: Mapping[str, Any]) -> Any:
        """The values as the driver takes them, in order or by name."""
        values = {**self._fixed, **given}
        for name, send in self._senders.items():
            values[name] = send(values[name])
        return [values[name] for name in self._names] if self._in_order else {n: values[n] for n in self._names}

    def row(self, found: Any) -> Any:
        """One row as the rest of the code works with it."""
        if self._readers:
            found = list(found)
            for place, read in self._readers:
                found[place] = read(found[place])
        return self._row(found)


def _processor(kind: "TypeEngine[Any]", dialect: "Dialect", which: str, *more: Any) -> Processor | None:
    return getattr(kind.dialect_impl(dialect), which)(dialect, *more)
