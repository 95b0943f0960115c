"""What the registry keeps of a person, and of the staff who may look."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
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


class FormerName(Table, table=True):
    """A name a person had before (曾用名), with its last day."""

    __tablename__ = "identity_former_name"

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    name: str = Field(max_length=50)
    until: date | None = None


class LifeEvent(Table, table=True):
    """A dated fact of a life: death, move, moved_out, correction, merge, erased. Append-only; an erasure empties it.

    ``before`` and ``after`` are sealed JSON. An event is taken back by a later event that names it in ``revokes``;
    corrections, merges and revocations name the second officer in ``confirmed_by``.
    """

    __tablename__ = "identity_event"
    __table_args__ = (UniqueConstraint("revokes", name="an_event_is_taken_back_once"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    kind: str = Field(max_length=20)
    happened_on: date
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    confirmed_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    source: str = Field(default="", max_length=200)
    reason: str = Field(default="", max_length=200)
    before_sealed: bytes | None = Field(default=None, sa_type=Ciphertext)
    after_sealed: bytes | None = Field(default=None, sa_type=Ciphertext)
    revokes: int | None = Field(default=None, sa_type=Key, foreign_key="identity_event.id")


class Proposal(Table, table=True):
    """A change that needs a second person: a merge, a correction of identity, taking an event back.

    ``wish_sealed`` is the sealed JSON of the wish. Decided once, by somebody else.
    """

    __tablename__ = "identity_proposal"
    __table_args__ = (
        CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="a_second_person_decides"),
        CheckConstraint("decision IN ('', 'confirmed', 'refused')", name="decision_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    kind: str = Field(max_length=20)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    area: str = Field(max_length=12)
    wish_sealed: bytes = Field(sa_type=Ciphertext)
    reason: str = Field(max_length=200)
    proposed_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    proposed_at: datetime
    decided_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    decided_at: datetime | None = None
    decision: str = Field(default="", max_length=10)


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


class Account(Table, table=True):
    """A member of staff who signs in. ``shell`` is the account that commands act as without ``--as``."""

    __tablename__ = "identity_account"
    __table_args__ = (UniqueConstraint("name", name="one_account_per_name"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    name: str = Field(max_length=40)
    title: str = Field(default="", max_length=50)
    office: str = Field(default="", max_length=80)
    password_hash: str = Field(default="", max_length=200)
    password_since: datetime | None = None
    second_factor_sealed: bytes | None = Field(
        default=None, sa_type=Ciphertext, sa_column_kwargs={"info": {"place": "identity_account.second_factor"}}
    )
    second_factor_step: int = 0
    enabled: bool = True
    language: str = Field(default="zh-CN", max_length=8)
    large_type: bool = False
    created_at: datetime
    version: int = 1


class Grant(Table, table=True):
    """A role of an account in an area and everything below it, from a day to a day.

    A deputy's grant names in ``deputy_for`` the account whose work is done.
    """

    __tablename__ = "identity_grant"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="a_grant_ends_after_it_begins"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    account_id: int = Field(sa_type=Key, foreign_key="identity_account.id", index=True)
    role: str = Field(max_length=40)
    area: str = Field(foreign_key="household_area.code", max_length=12)
    valid_from: date
    valid_to: date | None = None
    deputy_for: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    granted_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")


class RoleExclusion(Table, table=True):
    """Two roles that may not meet in one account; a trigger on grants reads it."""

    __tablename__ = "identity_role_exclusion"

    role: str = Field(max_length=40, primary_key=True)
    other: str = Field(max_length=40, primary_key=True)


class SignInCode(Table, table=True):
    """A one-time code with which an account sets its first password, or a new one. Only its hash is kept."""

    __tablename__ = "identity_sign_in_code"

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    account_id: int = Field(sa_type=Key, foreign_key="identity_account.id", index=True)
    code_hash: bytes = Field(sa_type=Bytes)
    expires_at: datetime
    used_at: datetime | None = None


class Token(Table, table=True):
    """A token for the shell or the API; only its hash is kept. ``scopes`` "" means all the account's rights."""

    __tablename__ = "identity_token"
    __table_args__ = (UniqueConstraint("token_hash", name="a_token_is_unique"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    account_id: int = Field(sa_type=Key, foreign_key="identity_account.id", index=True)
    title: str = Field(default="", max_length=80)
    token_hash: bytes = Field(sa_type=Bytes)
    scopes: str = Field(default="", max_length=2000)
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


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
