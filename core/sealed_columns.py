"""Which columns hold sealed texts, of the core and of plugins, and under which key each value stands.

The models say it: a column of the type ``Ciphertext`` is sealed. A table that no model of this machine describes,
because its plugin is gone, is named and left alone.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, LargeBinary, Select, func, inspect, select
from sqlalchemy import Table as SqlTable
from sqlmodel import col

from core import guards, loading
from core.keys import AES_256_GCM, head_of
from core.models.plugins import AdmittedPlugin
from core.tables import Ciphertext, Table

if TYPE_CHECKING:
    from pathlib import Path

    from core.host import Host


@dataclass(frozen=True)
class SealedColumn:
    """A column of sealed texts: ``place`` is the name they are sealed under; ``fixed`` that its rows never change."""

    table: SqlTable
    name: str
    place: str
    fixed: bool

    @property
    def cells(self) -> Any:
        """The column in a statement."""
        return self.table.c[self.name]

    @property
    def head(self) -> Any:
        """Algorithm and key number of a value, in a statement."""
        return func.substr(self.cells, 1, 2, type_=LargeBinary)

    def under_other_than(self, number: int) -> Select[Any]:
        """Ids and values that stand under another key than this one, in the order of their ids."""
        row = self.table.c.id
        return select(row, self.cells).where(self.cells.is_not(None), self.head != head_of(number)).order_by(row)


@dataclass(frozen=True)
class Register:
    """Every sealed column of a county's database, and tables with bytes of which nobody knows what they are."""

    columns: Sequence[SealedColumn]
    strangers: Sequence[str]


def register_of(host: "Host", connection: Connection) -> Register:
    """What is sealed in this county; plugins that are switched off are looked at too."""
    import_models(host, connection)
    known, there = Table.metadata.tables, set(inspect(connection).get_table_names())
    fixed = guards.unchangeable(connection) | _vouched_for(connection)
    found = [
        SealedColumn(known[name], one.name, one.info.get("place", f"{name}.{one.name}"), name in fixed)
        for name in sorted(there & known.keys())
        for one in known[name].columns
        if isinstance(one.type, Ciphertext)
    ]
    return Register(found, sorted(name for name in there - known.keys() if _has_bytes(connection, name)))


def import_models(host: "Host", connection: Connection) -> None:
    """Make the tables of core and plugins known. A vendor's plugin that does not run is not imported for this."""
    from core.migrating import core_models
    from core.migrating import import_models as import_all

    running = {one.manifest.name for one in host.loaded}
    admitted = connection.scalars(select(col(AdmittedPlugin.name))).all()
    names = [name for name in admitted if name in running or name in loading.bundled()]
    manifests = [one for name in names if (one := loading.find_manifest(name))]
    import_all([*core_models(), *(one.models for one in manifests if one.models)])


def _vouched_for(connection: Connection) -> set[str]:
    """Tables whose bytes stand in the audit: they stay as they are, even if somebody took their guards away."""
    from core.audit.models import Layout

    return set(connection.scalars(select(col(Layout.table_name)).distinct()))


def _has_bytes(connection: Connection, name: str) -> bool:
    """Whether a table no model describes has a column of bytes; search indexes, which the database makes, are none."""
    return "_search" not in name and any(
        isinstance(one["type"], LargeBinary) for one in inspect(connection).get_columns(name)
    )


def numbers_of(connection: Connection, column: SealedColumn) -> Mapping[int, int]:
    """How many values of a column stand under each key number; 0 stands for what no key of ours sealed."""
    head = column.head
    asked = select(head, func.count()).where(column.cells.is_not(None)).group_by(head)
    return _by_number((bytes(one), count) for one, count in connection.execute(asked))


def numbers_of_files(folders: Iterable["Path"]) -> Mapping[int, int]:
    """The same of sealed files below some folders."""
    found: Counter[bytes] = Counter()
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                with path.open("rb") as file:
                    found[file.read(2)] += 1
    return _by_number(found.items())


def _by_number(heads: Iterable[tuple[bytes, int]]) -> Mapping[int, int]:
    found: Counter[int] = Counter()
    for head, count in heads:
        found[head[1] if len(head) == 2 and head[0] == AES_256_GCM else 0] += count
    return dict(sorted(found.items()))
