"""People whose data were erased after their time; an event may be emptied then, and nothing else of it changes."""

import sqlalchemy as sa
from alembic import op

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None
depends_on = None

_KEPT = ("id", "person_id", "kind", "happened_on", "recorded_at", "recorded_by", "confirmed_by", "revokes")
_FILLED = "NEW.before_sealed IS NOT NULL OR NEW.after_sealed IS NOT NULL OR NEW.source <> '' OR NEW.reason <> ''"


def upgrade() -> None:
    """One column, and a guard of events that lets them be emptied."""
    op.add_column("identity_person", sa.Column("erased_on", sa.Date()))
    if op.get_bind().dialect.name == "sqlite":
        _on_sqlite()
    else:
        _on_postgresql()


def _on_sqlite() -> None:
    changed = " OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in _KEPT)
    op.execute("DROP TRIGGER identity_event_no_update")
    op.execute(
        "CREATE TRIGGER identity_event_no_update BEFORE UPDATE ON identity_event"
        f" WHEN {_FILLED} OR {changed}"
        " BEGIN SELECT RAISE(ABORT, 'identity_event is append-only'); END"
    )


def _on_postgresql() -> None:
    changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in _KEPT)
    op.execute("DROP TRIGGER identity_event_no_change ON identity_event")
    op.execute(
        "CREATE TRIGGER identity_event_no_change BEFORE DELETE ON identity_event"
        " FOR EACH ROW EXECUTE FUNCTION huimin_append_only()"
    )
    op.execute(
        "CREATE TRIGGER identity_event_no_update BEFORE UPDATE ON identity_event FOR EACH ROW"
        f" WHEN ({_FILLED} OR {changed})"
        " EXECUTE FUNCTION huimin_append_only()"
    )
