"""Workbooks between their check and their import."""

from datetime import date, datetime

from sqlmodel import Field

from core.tables import Bytes, Ciphertext, Key, Table


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
