"""Money for providers: a line or a recovery of theirs names no person."""

import sqlalchemy as sa
from alembic import op

from core.tables import Key

revision = "core_0008"
down_revision = "core_0007"
branch_labels = None
depends_on = None

TABLES = ("funds_payment", "funds_recovery")


def upgrade() -> None:
    """Let ``person_id`` be empty."""
    if op.get_bind().dialect.name == "sqlite":
        _on_sqlite()
        return
    for table in TABLES:
        op.alter_column(table, "person_id", existing_type=Key, nullable=True)


def _on_sqlite() -> None:
    """Take NOT NULL out of what SQLite keeps of the tables: rows, triggers and references stay as they are.

    This is the way its authors give for a constraint that goes [sqlite.org/lang_altertable.html, section 7]; the number
    of the schema is raised so that every connection reads it anew.
    """
    bind = op.get_bind()
    number = bind.exec_driver_sql("PRAGMA schema_version").scalar_one()
    bind.exec_driver_sql("PRAGMA writable_schema = ON")
    for table in TABLES:
        bind.execute(
            sa.text(
                "UPDATE sqlite_master SET sql = replace(sql, 'person_id INTEGER NOT NULL', 'person_id INTEGER')"
                " WHERE type = 'table' AND name = :table"
            ),
            {"table": table},
        )
    bind.exec_driver_sql(f"PRAGMA schema_version = {number + 1}")
    bind.exec_driver_sql("PRAGMA writable_schema = RESET")
