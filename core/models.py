"""Tables of the frame: plugins, policy, jobs, outbox, submissions, ids."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from core.tables import Bytes, Ciphertext, Key, Table


class State(Table, table=True):
    """Facts about this database, one row each: generation, demo mark, restore mark."""

    __tablename__ = "core_state"

    name: str = Field(primary_key=True, max_length=40)
    value: str = Field(max_length=200)


class Sequence(Table, table=True):
    """The next free id of a table, for rows whose id must be known before they are written."""

    __tablename__ = "core_sequence"

    name: str = Field(primary_key=True, max_length=60)
    next_id: int = Field(sa_type=Key)


class AdmittedPlugin(Table, table=True):
    """A plugin that may be switched on: admitted on the shell, with the digest of its files."""

    __tablename__ = "core_plugin"

    name: str = Field(primary_key=True, max_length=40)
    version: str = Field(max_length=40)
    bundled: bool
    digest: str = Field(max_length=64)
    admitted_at: datetime


class PluginFault(Table, table=True):
    """A failure of a plugin in the last minutes (setting ``breaker.minutes``), by the number the log has it under."""

    __tablename__ = "core_plugin_fault"

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    plugin: str = Field(max_length=40)
    hook: str = Field(max_length=80)
    number: str = Field(max_length=10)
    at: datetime


class DegradedPlugin(Table, table=True):
    """A plugin that failed too often and waits for an administrator: since when, how often, the last time."""

    __tablename__ = "core_plugin_degraded"

    plugin: str = Field(primary_key=True, max_length=40)
    at: datetime
    faults: int
    minutes: int
    hook: str = Field(max_length=80)
    number: str = Field(max_length=10)


class PolicyValue(Table, table=True):
    """A policy value from a day on, for the county or an area below it, with its document number. Append-only.

    ``value`` is JSON. A value that was a mistake is followed by one with the same day; the later row counts.
    """

    __tablename__ = "core_policy"
    __table_args__ = (Index("ix_core_policy_key_valid_from", "key", "valid_from"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    key: str = Field(max_length=80)
    area: str = Field(default="", max_length=12)
    value: str = Field(max_length=20000)
    valid_from: date | None = None
    document: str = Field(max_length=120)
    set_by: int | None = Field(default=None, sa_type=Key)
    set_at: datetime


class PolicyConfirmation(Table, table=True):
    """The second person's yes to a policy value; the database refuses the one who set it."""

    __tablename__ = "core_policy_confirmation"

    policy_id: int = Field(sa_type=Key, primary_key=True, foreign_key="core_policy.id")
    confirmed_by: int = Field(sa_type=Key)
    confirmed_at: datetime


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


class Submission(Table, table=True):
    """A form or request that was carried out, by its one-time key: the second time gives the first answer."""

    __tablename__ = "core_submission"

    account_id: int = Field(sa_type=Key, primary_key=True)
    key: str = Field(primary_key=True, max_length=80)
    request_hash: bytes = Field(sa_type=Bytes)
    answer: str = Field(default="", max_length=2000)
    at: datetime


class Upload(Table, table=True):
    """A workbook between its check and its import, encrypted on disk, gone after some days (policy)."""

    __tablename__ = "core_upload"

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    import_name: str = Field(max_length=80)
    title: str = Field(max_length=200)
    stored_as: str = Field(max_length=64)
    marked_as: str = Field(default="", max_length=64)
    content_hash: bytes = Field(sa_type=Bytes)
    uploaded_at: datetime
    uploaded_by: int = Field(sa_type=Key)
    expires_on: date
    result_sealed: bytes = Field(sa_type=Ciphertext)
    imported_at: datetime | None = None


class WorkdayOverride(Table, table=True):
    """A day the county works or rests against the national calendar, with the document that says so."""

    __tablename__ = "core_workday"

    day: date = Field(primary_key=True)
    works: bool
    document: str = Field(max_length=120)
