"""The index of people by name and area; a household that is open has a head."""

import sqlalchemy as sa
from alembic import op

revision = "core_0004"
down_revision = "core_0003"
branch_labels = None
depends_on = None

_HEADLESS = "NEW.closed_on IS NULL AND NEW.head_id IS NULL"
_STOP = "an open household has a head"


def upgrade() -> None:
    """FTS5 on SQLite, an array under GIN on PostgreSQL; the tokens are the same."""
    if op.get_bind().dialect.name == "sqlite":
        _on_sqlite()
    else:
        _on_postgresql()


def _on_sqlite() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE household_search"
        " USING fts5(tokens, content='', detail=none, columnsize=0, tokenize='ascii')"
    )
    # A larger table in memory before a segment is written: an import writes a few instead of dozens.
    op.execute("INSERT INTO household_search (household_search, rank) VALUES ('hashsize', 8388608)")
    stop = f"BEGIN SELECT RAISE(ABORT, '{_STOP}'); END"
    for act in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER household_household_head_{act.lower()} BEFORE {act} ON household_household"
            f" WHEN {_HEADLESS} {stop}"
        )


def _on_postgresql() -> None:
    op.create_table(
        "household_search",
        sa.Column("person_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("tokens", sa.ARRAY(sa.Text), nullable=False),
    )
    op.execute("CREATE INDEX ix_household_search_tokens ON household_search USING gin (tokens)")
    op.execute(
        "ALTER TABLE household_household ADD CONSTRAINT ck_household_household_an_open_household_has_a_head"
        " CHECK (closed_on IS NOT NULL OR head_id IS NOT NULL)"
    )
