"""Who acts: accounts of staff, their roles in areas, and their tokens."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from core.tables import Bytes, Ciphertext, Key, Table


class Account(Table, table=True):
    """A member of staff who signs in. ``shell`` is the account that commands act as without ``--as``."""

    __tablename__ = "identity_account"
    __table_args__ = (UniqueConstraint("name", name="one_account_per_name"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    name: str = Field(max_length=40)
    title: str = Field(default="", max_length=50)
    office: str = Field(default="", max_length=80)
    password_hash: str = Field(default="", max_length=200)
    password_since: datetime | None = None
    second_factor_sealed: bytes | None = Field(
        default=None, sa_type=Ciphertext, sa_column_kwargs={"info": {"place": "identity_account.second_factor"}}
    )
    second_factor_step: int = 0
    enabled: bool = True
    language: str = Field(default="zh-CN", max_length=8)
    large_type: bool = False
    created_at: datetime
    version: int = 1


class Grant(Table, table=True):
    """A role of an account in an area and everything below it, from a day to a day.

    A deputy's grant names in ``deputy_for`` the account whose work is done.
    """

    __tablename__ = "identity_grant"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="a_grant_ends_after_it_begins"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    account_id: int = Field(sa_type=Key, foreign_key="identity_account.id", index=True)
    role: str = Field(max_length=40)
    area: str = Field(foreign_key="household_area.code", max_length=12)
    valid_from: date
    valid_to: date | None = None
    deputy_for: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    granted_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")


class Token(Table, table=True):
    """A token for the shell or the API; only its hash is kept. ``scopes`` "" means all the account's rights."""

    __tablename__ = "identity_token"
    __table_args__ = (UniqueConstraint("token_hash", name="a_token_is_unique"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    account_id: int = Field(sa_type=Key, foreign_key="identity_account.id", index=True)
    title: str = Field(default="", max_length=80)
    token_hash: bytes = Field(sa_type=Bytes)
    scopes: str = Field(default="", max_length=2000)
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
