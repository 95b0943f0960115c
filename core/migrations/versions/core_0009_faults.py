"""Faults of plugins, and the plugins that are degraded for having too many."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.tables import Key

revision = "core_0009"
down_revision = "core_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "core_plugin_fault",
        sa.Column("id", Key, nullable=False),
        sa.Column("plugin", sa.String(40), nullable=False),
        sa.Column("hook", sa.String(80), nullable=False),
        sa.Column("number", sa.String(10), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_core_plugin_fault"),
    )
    op.create_table(
        "core_plugin_degraded",
        sa.Column("plugin", sa.String(40), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("hook", sa.String(80), nullable=False),
        sa.Column("number", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("plugin", name="pk_core_plugin_degraded"),
    )
