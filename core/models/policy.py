"""Dated values of policy and their second person."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from core.tables import Key, Table


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
