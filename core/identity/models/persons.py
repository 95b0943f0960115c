"""A person and the documents that say who it is."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from core.tables import Bytes, Ciphertext, Key, Table, index_of_some, only_one


class Person(Table, table=True):
    """One human being, once per county. Numbers and accounts are in tables of their own, encrypted.

    ``name`` is the legal name, ``initials`` its pinyin initials as they were when written (the search index is
    undone with them). ``hukou_area`` and ``residence_area`` are 12-digit codes. ``merged_into`` points at the
    record that took this one over. ``erased_on`` is the day after its time on which all that names the person went.
    """

    __tablename__ = "identity_person"
    __table_args__ = (
        CheckConstraint("sex IN (0, 1, 2, 9)", name="sex_is_a_code_of_gb_t_2261"),
        CheckConstraint("died_on IS NULL OR birth_date IS NULL OR died_on >= birth_date", name="death_follows_birth"),
        Index("ix_identity_person_hukou_area_name", "hukou_area", "name"),
        index_of_some("ix_identity_person_phone_tail", "phone_tail", where="phone_tail <> ''"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    name: str = Field(max_length=50)
    initials: str = Field(default="", max_length=50)
    sex: int = 0
    birth_date: date | None = None
    ethnicity: str = Field(default="", max_length=2)
    hukou_area: str = Field(foreign_key="household_area.code", max_length=12)
    hukou_since: date | None = None
    residence_area: str = Field(foreign_key="household_area.code", max_length=12)
    residence_since: date | None = None
    address: str = Field(default="", max_length=200)
    phone_tail: str = Field(default="", max_length=4)
    phone_sealed: bytes | None = Field(default=None, sa_type=Ciphertext)
    phone_index: bytes | None = Field(default=None, sa_type=Bytes, index=True)
    died_on: date | None = None
    left_county_on: date | None = None
    merged_into: int | None = Field(default=None, sa_type=Key, foreign_key="identity_person.id")
    erased_on: date | None = None
    created_at: datetime
    version: int = 1


class Document(Table, table=True):
    """One document of a person: kind of ``id_doc_type`` (RIC, HKB, HMT_RP, …), its number sealed.

    A number is one person's among the current papers; one that was superseded (a correction) stays searchable and
    may turn out to be somebody else's.

    ``number_index`` is the blind index of the normal form: equal numbers meet here and nowhere else. ``reversed_tail``
    is the last four characters backwards, for searching by tail. ``legacy`` is the sealed 15-digit form.
    """

    __tablename__ = "identity_document"
    __table_args__ = (
        only_one("one_person_per_document_number", "number_index", where="superseded_by IS NULL"),
        index_of_some("ix_identity_document_old_number", "number_index", where="superseded_by IS NOT NULL"),
        only_one("one_primary_document_per_person", "person_id", where="is_primary"),
        only_one(
            "one_citizen_number_per_person",
            "person_id",
            where="superseded_by IS NULL AND kind IN ('RIC', 'HKB', 'HMT_RP')",
        ),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    kind: str = Field(max_length=12)
    number_sealed: bytes = Field(sa_type=Ciphertext)
    number_index: bytes = Field(sa_type=Bytes)
    tail: str = Field(max_length=4, index=True)
    issuer: str = Field(default="", max_length=3)
    is_primary: bool = False
    legacy_sealed: bytes | None = Field(default=None, sa_type=Ciphertext)
    superseded_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_document.id")
