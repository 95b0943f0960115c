"""Work for later: jobs, and facts to be told after the commit."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from core.tables import Key, Table


class QueuedJob(Table, table=True):
    """Work for the background, enqueued in the transaction that wants it."""

    __tablename__ = "core_job"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'parked')", name="state_is_known"),
        Index("ix_core_job_state_due_at", "state", "due_at"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    name: str = Field(max_length=80)
    arguments: str = Field(default="{}", max_length=20000)
    state: str = Field(default="waiting", max_length=10)
    tries: int = 0
    due_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    account_id: int | None = Field(default=None, sa_type=Key)
    error: str = Field(default="", max_length=2000)
    once_key: str | None = Field(default=None, max_length=120, unique=True)


class OutboxRow(Table, table=True):
    """A fact to be told after the commit, one row for each plugin that listens."""

    __tablename__ = "core_outbox"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'parked')", name="state_is_known"),
        UniqueConstraint("event", "plugin", name="an_event_is_told_once_to_a_plugin"),
        Index("ix_core_outbox_state_due_at", "state", "due_at"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    event: str = Field(max_length=40)
    topic: str = Field(max_length=80)
    payload: str = Field(max_length=20000)
    plugin: str = Field(max_length=40)
    state: str = Field(default="waiting", max_length=10)
    tries: int = 0
    due_at: datetime
    error: str = Field(default="", max_length=2000)
