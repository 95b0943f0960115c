"""The diary."""

from datetime import datetime

from sqlmodel import Field

from core.api import Key, Table


class DiaryLine(Table, table=True):
    """One fact the plugin was told, with how many it concerned."""

    __tablename__ = "every_hook_line"

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    fact: str = Field(max_length=60)
    count: int
    at: datetime
