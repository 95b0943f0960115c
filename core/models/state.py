"""Facts about this database, and the forms and requests that were carried out."""

from datetime import datetime

from sqlmodel import Field

from core.tables import Bytes, Key, Table


class State(Table, table=True):
    """Facts about this database, one row each: generation, demo mark, restore mark."""

    __tablename__ = "core_state"

    name: str = Field(primary_key=True, max_length=40)
    value: str = Field(max_length=200)


class Submission(Table, table=True):
    """A form or request that was carried out, by its one-time key: the second time gives the first answer."""

    __tablename__ = "core_submission"

    account_id: int = Field(sa_type=Key, primary_key=True)
    key: str = Field(primary_key=True, max_length=80)
    request_hash: bytes = Field(sa_type=Bytes)
    answer: str = Field(default="", max_length=2000)
    at: datetime
