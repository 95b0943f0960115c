"""Records that may be one person."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from core.tables import Key, Table


class Candidate(Table, table=True):
    """Two records that may be one person. One looks and proposes, another decides; a decision can be undone."""

    __tablename__ = "household_candidate"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id", name="a_pair_is_queued_once"),
        CheckConstraint("first_id < second_id", name="a_pair_is_ordered"),
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="a_second_person_decides"),
        CheckConstraint("state IN ('open', 'proposed', 'merged', 'different')", name="state_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    first_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    second_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    reason: str = Field(max_length=40)
    area: str = Field(max_length=12, index=True)
    state: str = Field(default="open", max_length=10)
    found_at: datetime
    proposed_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    decided_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    decided_at: datetime | None = None
