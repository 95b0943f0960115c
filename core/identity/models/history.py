"""What a person's record was before, what happened, and what waits for a second officer."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from core.tables import Ciphertext, Key, Table


class FormerName(Table, table=True):
    """A name a person had before (曾用名), with its last day."""

    __tablename__ = "identity_former_name"

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    name: str = Field(max_length=50)
    until: date | None = None


class LifeEvent(Table, table=True):
    """A dated fact of a life: death, move, moved_out, correction, merge, erased. Append-only; an erasure empties it.

    ``before`` and ``after`` are sealed JSON. An event is taken back by a later event that names it in ``revokes``;
    corrections, merges and revocations name the second officer in ``confirmed_by``.
    """

    __tablename__ = "identity_event"
    __table_args__ = (UniqueConstraint("revokes", name="an_event_is_taken_back_once"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    kind: str = Field(max_length=20)
    happened_on: date
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    confirmed_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    source: str = Field(default="", max_length=200)
    reason: str = Field(default="", max_length=200)
    before_sealed: bytes | None = Field(default=None, sa_type=Ciphertext)
    after_sealed: bytes | None = Field(default=None, sa_type=Ciphertext)
    revokes: int | None = Field(default=None, sa_type=Key, foreign_key="identity_event.id")


class Proposal(Table, table=True):
    """A change that needs a second person: a merge, a correction of identity, taking an event back.

    ``wish_sealed`` is the sealed JSON of the wish. Decided once, by somebody else.
    """

    __tablename__ = "identity_proposal"
    __table_args__ = (
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="a_second_person_decides"),
        CheckConstraint("decision IN ('', 'confirmed', 'refused')", name="decision_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    kind: str = Field(max_length=20)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    area: str = Field(max_length=12)
    wish_sealed: bytes = Field(sa_type=Ciphertext)
    reason: str = Field(max_length=200)
    proposed_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    proposed_at: datetime
    decided_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    decided_at: datetime | None = None
    decision: str = Field(default="", max_length=10)
