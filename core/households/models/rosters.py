"""Workbooks of households between their check and their import."""

from datetime import date, datetime

from sqlmodel import Field

from core.tables import Bytes, Ciphertext, Key, Table


class Roster(Table, table=True):
    """An uploaded workbook between its check and its import, encrypted on disk, gone after some days (policy)."""

    __tablename__ = "household_roster"

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    title: str = Field(max_length=200)
    stored_as: str = Field(max_length=64)
    marked_as: str = Field(default="", max_length=64)
    content_hash: bytes = Field(sa_type=Bytes)
    uploaded_at: datetime
    uploaded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    expires_on: date
    result_sealed: bytes | None = Field(default=None, sa_type=Ciphertext)
    imported_at: datetime | None = None
