"""The chain of records, its head, the blocks of rows it seals, the anchors taken of it; append-only but for the head.

``at`` is microseconds since 1970 (UTC): the number that is hashed, so that no database can round it.
"""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from core.audit import verifier
from core.tables import Bytes, Key, Table

GUARDED = verifier.GUARDED
"""The append-only tables of this room and the key of each."""


class Record(Table, table=True):
    """One act. ``body`` is what happened, as the bytes that were hashed; the columns beside it are for searching."""

    __tablename__ = "audit_record"
    __table_args__ = (
        UniqueConstraint("previous", name="a_record_has_one_successor"),
        Index("ix_audit_record_subject_at", "subject", "at"),
        Index("ix_audit_record_actor_at", "actor", "at"),
        Index("ix_audit_record_at", "at"),
    )

    seq: int | None = Field(default=None, sa_type=Key, primary_key=True)
    at: int = Field(sa_type=Key)
    actor: str = Field(max_length=40)
    action: str = Field(max_length=100)
    subject: str = Field(max_length=200)
    area: str = Field(default="", max_length=12)
    body: bytes = Field(sa_type=Bytes)
    algorithm: str = Field(max_length=10)
    previous: bytes = Field(sa_type=Bytes)
    hash: bytes = Field(sa_type=Bytes)


class Head(Table, table=True):
    """The last link of the chain, one row per county; whoever writes a record locks it, last of all locks."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="a_county_has_one_chain"),)

    id: int = Field(primary_key=True)
    seq: int = Field(sa_type=Key)
    hash: bytes = Field(sa_type=Bytes)


class Layout(Table, table=True):
    """How the rows of a sealed table become bytes: JSON with table, columns in order and the column to add up."""

    __tablename__ = "audit_layout"
    __table_args__ = (UniqueConstraint("table_name", "layout", name="a_layout_is_kept_once"),)

    number: int = Field(primary_key=True)
    table_name: str = Field(max_length=60)
    layout: str = Field(max_length=4000)


class Block(Table, table=True):
    """Up to 1,024 neighbouring rows of a table under one digest; the record ``record_seq`` vouches for it."""

    __tablename__ = "audit_block"
    __table_args__ = (UniqueConstraint("table_name", "first_id", name="a_row_is_sealed_once"),)

    table_name: str = Field(max_length=60, primary_key=True)
    number: int = Field(sa_type=Key, primary_key=True)
    first_id: int = Field(sa_type=Key)
    last_id: int = Field(sa_type=Key)
    count: int
    total: int = Field(sa_type=Key)
    layout: int
    algorithm: str = Field(max_length=10)
    digest: bytes = Field(sa_type=Bytes)
    record_seq: int = Field(sa_type=Key, index=True)


class Anchor(Table, table=True):
    """The head as it was printed on paper and written to a file outside the database."""

    __tablename__ = "audit_anchor"

    number: int = Field(primary_key=True)
    at: int = Field(sa_type=Key)
    seq: int = Field(sa_type=Key)
    hash: bytes = Field(sa_type=Bytes)
    blocks: int = Field(sa_type=Key)
