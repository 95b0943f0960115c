"""Triggers that make a table append-only, on SQLite and on PostgreSQL; used by migrations of the core and of plugins.

SQLite's ``INSERT OR REPLACE`` deletes quietly unless ``recursive_triggers`` is on, hence a guard of its own on each
key; PostgreSQL's ``TRUNCATE`` fires no row trigger, hence a statement trigger.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

if TYPE_CHECKING:
    from alembic.operations import Operations

_FUNCTION = """
CREATE OR REPLACE FUNCTION huimin_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only', ERRCODE = '23001';
END $$
"""

_IN_FORCE = (
    "FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE t.tgenabled <> 'D' AND c.relnamespace = current_schema()::regnamespace"
)
"""Triggers that are switched on; those of a schema kept aside by a restore guard nothing of ours."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A row the database refuses: on ``event`` ("INSERT", "UPDATE", "DELETE") of ``table`` when ``condition`` holds.

    ``condition`` is SQL over NEW and OLD that both databases read; ``message`` ends with the error's code. On
    PostgreSQL, where writers work side by side, ``lock`` ("funds_fund WHERE id = NEW.fund_id") is held before looking.
    """

    name: str
    table: str
    event: str
    condition: str
    message: str
    lock: str = ""

    def statements(self, dialect: str) -> Sequence[str]:
        """The trigger as this database spells it."""
        if dialect == "sqlite":
            return (
                f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} WHEN {self.condition}"
                f" BEGIN SELECT RAISE(ABORT, '{self.message}'); END",
            )
        held = f"PERFORM 1 FROM {self.lock} FOR UPDATE;" if self.lock else ""
        kept = "OLD" if self.event == "DELETE" else "NEW"
        return (
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {held}"
            f" IF {self.condition} THEN RAISE EXCEPTION '{self.message}' USING ERRCODE = '23001'; END IF;"
            f" RETURN {kept}; END $$",
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table}"
            f" FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        )


def hold_rules(op: "Operations", rules: Iterable[Rule]) -> None:
    """Make the database hold rules; call it in the revision that makes their tables."""
    bind = op.get_bind()
    for rule in rules:
        for statement in rule.statements(bind.dialect.name):
            bind.exec_driver_sql(statement)


def replace_rules(op: "Operations", rules: Iterable[Rule]) -> None:
    """Put rules in the place of those of the same name and table."""
    bind = op.get_bind()
    for rule in rules:
        if bind.dialect.name == "postgresql":
            bind.exec_driver_sql(f"DROP TRIGGER {rule.name} ON {rule.table}")
            bind.exec_driver_sql(f"DROP FUNCTION {rule.name}()")
        else:
            bind.exec_driver_sql(f"DROP TRIGGER {rule.name}")
    hold_rules(op, rules)


def lost_rules(connection: Connection, rules: Iterable[Rule]) -> Sequence[str]:
    """Names of rules that are missing, switched off or no longer what the migration wrote."""
    if connection.dialect.name == "postgresql":
        found = connection.execute(
            text(
                f"SELECT t.tgname, p.prosrc {_IN_FORCE} AND NOT t.tgisinternal"  # noqa: S608 - our own words
            )
        )
        kept = {row.tgname: _squeezed(row.prosrc) for row in found}
        return sorted(r.name for r in rules if _squeezed(f"IF {r.condition} THEN") not in kept.get(r.name, ""))
    found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    kept = {row.name: _squeezed(row.sql) for row in found}
    return sorted(rule.name for rule in rules if kept.get(rule.name) != _squeezed(rule.statements("sqlite")[0]))


def append_only(op: "Operations", table: str, key: str | Sequence[str] = "id") -> None:
    """Refuse UPDATE, DELETE, INSERT OR REPLACE and TRUNCATE on ``table``; call it in the revision that makes it."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        bind.execute(text(_FUNCTION))
    for statement in statements(bind.dialect.name, table, key).values():
        bind.execute(text(statement))


def statements(dialect: str, table: str, key: str | Sequence[str] = "id") -> Mapping[str, str]:
    """The guards of a table by trigger name, word for word as the database keeps them."""
    if dialect == "postgresql":
        return _postgresql(table)
    return _sqlite(table, (key,) if isinstance(key, str) else tuple(key))


def never_emptied(op: "Operations", table: str) -> None:
    """Refuse TRUNCATE on a table whose rows are guarded by rules of their own (PostgreSQL; SQLite has none)."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        bind.execute(text(_FUNCTION))
        bind.execute(text(_postgresql(table)[f"{table}_no_truncate"]))


def lost(connection: Connection, tables: Mapping[str, str | Sequence[str]]) -> Sequence[str]:
    """Names of guards that are missing, switched off or no longer what the migration wrote; ``tables`` maps to keys."""
    if connection.dialect.name == "postgresql":
        return _lost_postgresql(connection, tables)
    found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    kept = {row.name: _squeezed(row.sql) for row in found}
    wanted = {name: sql for table, key in tables.items() for name, sql in statements("sqlite", table, key).items()}
    return sorted(name for name, sql in wanted.items() if kept.get(name) != _squeezed(sql))


def unchangeable(connection: Connection) -> set[str]:
    """The tables whose rows never change: every table that ``append_only`` guards."""
    if connection.dialect.name == "postgresql":
        found = text(
            f"SELECT c.relname {_IN_FORCE} AND t.tgname = c.relname || '_no_change'"  # noqa: S608 - our own words
        )
    else:
        found = text("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name = tbl_name || '_no_update'")
    return set(connection.execute(found).scalars())


def _sqlite(table: str, key: tuple[str, ...]) -> Mapping[str, str]:
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    stop = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    exists = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 - names from our own revisions
    return {
        f"{table}_no_update": f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {stop}",
        f"{table}_no_delete": f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {stop}",
        f"{table}_no_replace": f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {exists} {stop}",
    }


def _postgresql(table: str) -> Mapping[str, str]:
    call = "EXECUTE FUNCTION huimin_append_only()"
    change, truncate = f"{table}_no_change", f"{table}_no_truncate"
    return {
        change: f"CREATE TRIGGER {change} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {call}",
        truncate: f"CREATE TRIGGER {truncate} BEFORE TRUNCATE ON {table} {call}",
    }


def _lost_postgresql(connection: Connection, tables: Mapping[str, str | Sequence[str]]) -> Sequence[str]:
    found = connection.execute(
        text(
            f"SELECT t.tgname {_IN_FORCE}"  # noqa: S608 - our own words
            " AND p.proname = 'huimin_append_only' AND p.prosrc LIKE '%RAISE EXCEPTION%'"
        )
    )
    kept = set(found.scalars())
    return sorted(name for table in tables for name in _postgresql(table) if name not in kept)


def _squeezed(sql: str | None) -> str:
    return " ".join((sql or "").split())
