"""Workbooks of plugins that wait between their check and their import."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.tables import Bytes, Key

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "core_upload",
        sa.Column("id", Key, nullable=False),
        sa.Column("import_name", sa.String(80), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("stored_as", sa.String(64), nullable=False),
        sa.Column("marked_as", sa.String(64), nullable=False),
        sa.Column("content_hash", Bytes, nullable=False),
        sa.Column("uploaded_at", UTCDateTime(), nullable=False),
        sa.Column("uploaded_by", Key, nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("result_sealed", Bytes, nullable=False),
        sa.Column("imported_at", UTCDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_core_upload"),
    )
