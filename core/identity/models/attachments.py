"""Files that were kept with a person, a household or a case."""

from datetime import date, datetime

from sqlmodel import Field

from core.tables import Bytes, Key, Table


class Attachment(Table, table=True):
    """A file: its bytes are encrypted on disk under a random name; owner and area say who may open it."""

    __tablename__ = "identity_attachment"

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    owner: str = Field(max_length=60, index=True)
    area: str = Field(max_length=12)
    title: str = Field(max_length=200)
    media_type: str = Field(max_length=80)
    size: int
    stored_as: str = Field(max_length=64)
    content_hash: bytes = Field(sa_type=Bytes)
    added_at: datetime
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    expires_on: date | None = None
