"""Where a person is paid."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from core.tables import Bytes, Ciphertext, Key, Table, only_one


class BankAccount(Table, table=True):
    """A bank account of a person; the name at the bank may differ from the legal name (rare characters)."""

    __tablename__ = "identity_bank_account"
    __table_args__ = (
        UniqueConstraint("person_id", "number_index", name="an_account_stands_once_with_a_person"),
        only_one("one_current_account_per_person", "person_id", where="valid_to IS NULL"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    number_sealed: bytes = Field(sa_type=Ciphertext)
    number_index: bytes = Field(sa_type=Bytes, index=True)
    tail: str = Field(max_length=4)
    account_name: str = Field(default="", max_length=50)
    shared_reason: str = Field(default="", max_length=200)
    valid_from: date
    valid_to: date | None = None
