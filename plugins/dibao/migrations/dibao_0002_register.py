"""The register against falling back into poverty, as it was taken in: one list for each import, the newest counts."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.api import Key

revision = "dibao_0002"
down_revision = "dibao_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "dibao_register",
        sa.Column("id", Key, primary_key=True),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("taken_at", UTCDateTime(), nullable=False),
        sa.Column("taken_by", Key, sa.ForeignKey("identity_account.id"), nullable=False),
        sa.CheckConstraint("persons > 0", name="a_register_has_persons"),
    )
    op.create_table(
        "dibao_register_person",
        sa.Column("register_id", Key, sa.ForeignKey("dibao_register.id"), primary_key=True),
        sa.Column("person_id", Key, sa.ForeignKey("identity_person.id"), primary_key=True),
        sa.Column("area", sa.String(12), nullable=False),
    )
    op.create_index("ix_dibao_register_person_person_id", "dibao_register_person", ["person_id"])


def downgrade() -> None:
    """Drop them, what points at the other first."""
    op.drop_table("dibao_register_person")
    op.drop_table("dibao_register")
