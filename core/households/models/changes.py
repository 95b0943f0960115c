"""What a household or person looked like before a change and after it."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from core.tables import Ciphertext, Key, Table


class Change(Table, table=True):
    """What a household or person looked like before and after a change of the registry. Append-only, sealed in blocks.

    ``subject`` is ``household:12`` or ``person:7``; ``details_sealed`` the sealed JSON {"before", "after"}.
    """

    __tablename__ = "household_change"
    __table_args__ = (Index("ix_household_change_subject", "subject"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    subject: str = Field(max_length=60)
    kind: str = Field(max_length=20)
    happened_on: date
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    details_sealed: bytes = Field(sa_type=Ciphertext)
