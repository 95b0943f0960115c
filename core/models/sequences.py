"""Ids that are given out before their rows are written."""

from sqlmodel import Field

from core.tables import Key, Table


class Sequence(Table, table=True):
    """The next free id of a table, for rows whose id must be known before they are written."""

    __tablename__ = "core_sequence"

    name: str = Field(primary_key=True, max_length=60)
    next_id: int = Field(sa_type=Key)
