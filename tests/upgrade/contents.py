"""What is in a county's database, row by row, and where the county of the previous schema comes from."""

import hashlib
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import inspect, text

from core.host import Clock
from core.testing import CODE, County, run_command

FILLED = Path(__file__).parent / "filled"
NOW = datetime.fromisoformat("2026-06-21T09:00:00+08:00")
"""The morning after the previous version made its last backup."""
RECORDS = ("audit_record", "audit_head")
CHANGED = {"core_state", "core_plugin", "core_policy", "alembic_core", "alembic_dibao", "alembic_volunteers"}


def restored(home, database, environment=None):
    """The previous county in a home that has the key alone; answers what ``restore`` did."""
    (home / "keys").mkdir(parents=True, mode=0o700)
    key = shutil.copy(FILLED / f"{CODE}-{database}.key", home / "keys" / f"{CODE}.key")
    key.chmod(0o600)
    file = FILLED / f"{CODE}-{database}.huimin-backup"
    ran = run_command(County(home, Clock(NOW)), ["restore", file, "--yes", "--json"], environment=environment)
    assert ran.exit_code == 0, ran.talk
    return ran


def rows_of(county, columns=None):
    """Every row of every table as text, in order; with ``columns`` of those tables and columns only."""
    found = {}
    with county.host.database.transaction(write=False) as connection:
        inspector = inspect(connection)
        for table in sorted(columns or inspector.get_table_names()):
            if columns is None and "_search" in table:
                continue
            names = columns[table] if columns else [one["name"] for one in inspector.get_columns(table)]
            asked = ", ".join(f'"{name}"' for name in names)
            rows = connection.execute(text(f'SELECT {asked} FROM "{table}"'))  # noqa: S608 - names of the database
            found[table] = sorted(
                repr(tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)) for row in rows
            )
    county.close()
    return found


def columns_of(county):
    """The tables and columns of a county."""
    with county.host.database.transaction(write=False) as connection:
        inspector = inspect(connection)
        found = {
            table: [one["name"] for one in inspector.get_columns(table)]
            for table in inspector.get_table_names()
            if "_search" not in table
        }
    county.close()
    return found


def digest_of(rows):
    """The hash of some tables."""
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def but(rows, *left_out):
    """Rows without those of some tables."""
    return {table: found for table, found in rows.items() if table not in left_out}


def later(county, minutes=1):
    """Let time go by."""
    county.clock.set(county.clock.now() + timedelta(minutes=minutes))
