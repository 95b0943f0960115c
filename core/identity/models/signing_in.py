"""How staff sign in: one-time codes, sessions, and tries that failed."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from core.tables import Bytes, Key, Table


class SignInCode(Table, table=True):
    """A one-time code with which an account sets its first password, or a new one. Only its hash is kept."""

    __tablename__ = "identity_sign_in_code"

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    account_id: int = Field(sa_type=Key, foreign_key="identity_account.id", index=True)
    code_hash: bytes = Field(sa_type=Bytes)
    expires_at: datetime
    used_at: datetime | None = None


class SignInSession(Table, table=True):
    """A signed-in browser. A new random token at each sign-in; only its hash is kept."""

    __tablename__ = "identity_session"
    __table_args__ = (UniqueConstraint("token_hash", name="a_session_is_unique"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    account_id: int = Field(sa_type=Key, foreign_key="identity_account.id", index=True)
    token_hash: bytes = Field(sa_type=Bytes)
    form_key: str = Field(max_length=64)
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None
    confirmed_at: datetime | None = None
    address: str = Field(default="", max_length=60)


class SignInAttempt(Table, table=True):
    """A failed sign-in, by account name and by address; slows the next one down."""

    __tablename__ = "identity_sign_in_attempt"
    __table_args__ = (Index("ix_identity_sign_in_attempt_name_at", "name", "at"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    name: str = Field(max_length=40)
    address: str = Field(default="", max_length=60)
    at: datetime
