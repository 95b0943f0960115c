"""What is kept of a child: the file, why each parent cannot care, who does, visits, reviews, aid, sponsors."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from core.api import Ciphertext, Key, Table, only_one


class Case(Table, table=True):
    """The file of one child. ``category`` is what is paid by; what only the county officer may know is sealed.

    ``state`` is what was decided last; ``states.state_now`` says where the file stands this month. ``from_month`` and
    ``last_month`` (YYYY-MM) are the first and the last month in payment. ``adult_on`` is the eighteenth birthday (None
    = day of birth unknown), ``pays_until`` the last month for which a child of full age is paid without school.
    ``first_person_id`` is the record it was opened with. ``due_on`` is the deadline of the step that waits.
    """

    __tablename__ = "orphan_care_case"
    __table_args__ = (
        UniqueConstraint("number", name="one_file_per_number"),
        CheckConstraint(
            "state IN ('applied', 'township_checked', 'approved', 'active', 'ending', 'closed')", name="state_is_known"
        ),
        CheckConstraint(
            "category IN ('ORPHAN_INST', 'ORPHAN_DISP', 'UNATT', 'CONT_EDU')", name="open_category_is_known"
        ),
        CheckConstraint("state NOT IN ('ending', 'closed') OR cause <> ''", name="an_end_has_a_cause"),
        only_one("one_open_file_per_child", "person_id", where="state <> 'closed'"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    first_person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    area: str = Field(max_length=12, index=True)
    category: str = Field(max_length=12)
    state: str = Field(default="applied", max_length=20, index=True)
    carried_over: bool = False
    applied_on: date
    authorised_on: date | None = None
    checked_on: date | None = None
    check_note: str = Field(default="", max_length=200)
    approved_on: date | None = None
    document: str = Field(default="", max_length=80)
    due_on: date | None = Field(default=None, index=True)
    from_month: str = Field(default="", max_length=7)
    last_month: str = Field(default="", max_length=7)
    cause: str = Field(default="", max_length=20)
    cause_on: date | None = None
    adult_on: date | None = Field(default=None, index=True)
    pays_until: str = Field(default="", max_length=7)
    institution_id: int | None = Field(default=None, sa_type=Key)
    enrolment_id: int | None = Field(default=None, sa_type=Key, index=True)
    school: str = Field(default="", max_length=80)
    schooling: str = Field(default="", max_length=20)
    school_until: date | None = None
    school_document: str = Field(default="", max_length=80)
    disability_grade: int = 0
    needs: str = Field(default="", max_length=200)
    confided: bytes | None = Field(default=None, sa_type=Ciphertext)
    opened_at: datetime
    opened_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Basis(Table, table=True):
    """Why one parent cannot care, by which paper. What replaces it names itself in ``replaced_by``.

    ``since`` is the day of the fact (death, report to the police, begin of custody), ``until`` its end (release).
    ``review_on`` is the day from which the basis no longer holds unless it is verified again. ``detail`` is sealed.
    """

    __tablename__ = "orphan_care_basis"
    __table_args__ = (
        only_one("one_basis_per_parent", "case_id", "parent", where="replaced_by IS NULL"),
        CheckConstraint("parent IN ('father', 'mother')", name="parent_is_known"),
        CheckConstraint("document <> ''", name="a_basis_has_a_paper"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="orphan_care_case.id", index=True)
    parent: str = Field(max_length=6)
    kind: str = Field(max_length=20)
    document: str = Field(max_length=80)
    document_on: date | None = None
    since: date | None = None
    until: date | None = None
    disability: str = Field(default="", max_length=12)
    grade: int = 0
    detail: bytes | None = Field(default=None, sa_type=Ciphertext)
    review_on: date | None = Field(default=None, index=True)
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    replaced_by: int | None = Field(default=None, sa_type=Key)


class Guardian(Table, table=True):
    """Who keeps the child, a person or an institution, by which paper, and since when the agreement is signed."""

    __tablename__ = "orphan_care_guardian"
    __table_args__ = (
        only_one("one_guardian_at_a_time", "case_id", where="until IS NULL"),
        CheckConstraint("(person_id IS NULL) <> (institution_id IS NULL)", name="a_person_or_an_institution"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="orphan_care_case.id", index=True)
    person_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_person.id", index=True)
    institution_id: int | None = Field(default=None, sa_type=Key)
    relation: str = Field(default="", max_length=20)
    paper: str = Field(default="", max_length=80)
    agreed_on: date | None = None
    since: date
    until: date | None = None
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Visit(Table, table=True):
    """A visit to a child: by the village's child director or the township's supervisor, and what was found."""

    __tablename__ = "orphan_care_visit"
    __table_args__ = (CheckConstraint("level IN ('village', 'township')", name="level_is_known"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="orphan_care_case.id", index=True)
    level: str = Field(max_length=10)
    visited_on: date = Field(index=True)
    visitors: str = Field(max_length=80)
    safety: str = Field(max_length=10)
    schooling: str = Field(max_length=10)
    money: str = Field(max_length=10)
    findings: bytes | None = Field(default=None, sa_type=Ciphertext)
    photo: bool = False
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Review(Table, table=True):
    """A review of a file: the yearly one, or one that an event asked for. ``done_on`` None is still to do."""

    __tablename__ = "orphan_care_review"
    __table_args__ = (
        only_one("one_yearly_review_per_year", "case_id", "year", where="kind = 'yearly'"),
        CheckConstraint("(done_on IS NULL) = (outcome = '')", name="a_review_done_has_an_outcome"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="orphan_care_case.id", index=True)
    kind: str = Field(max_length=20)
    year: int
    due_on: date = Field(index=True)
    done_on: date | None = None
    outcome: str = Field(default="", max_length=10)
    note: bytes | None = Field(default=None, sa_type=Ciphertext)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Aid(Table, table=True):
    """Aid from elsewhere that the guardian declared, by month: the allowance is the gap up to the standard."""

    __tablename__ = "orphan_care_aid"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="aid_is_positive"),
        CheckConstraint("until_month = '' OR until_month >= from_month", name="months_of_aid_follow_each_other"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="orphan_care_case.id", index=True)
    kind: str = Field(max_length=20)
    amount_fen: int = Field(sa_type=Key)
    from_month: str = Field(max_length=7)
    until_month: str = Field(default="", max_length=7)
    document: str = Field(max_length=80)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class SupportGrant(Table, table=True):
    """Help beside the allowance: a study grant, medical rehabilitation, gifts on a holiday."""

    __tablename__ = "orphan_care_grant"
    __table_args__ = (CheckConstraint("amount_fen >= 0", name="a_grant_is_not_negative"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="orphan_care_case.id", index=True)
    kind: str = Field(max_length=20)
    amount_fen: int = Field(sa_type=Key)
    granted_on: date
    school_year: str = Field(default="", max_length=9)
    source: str = Field(max_length=10)
    document: str = Field(max_length=80)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Sponsor(Table, table=True):
    """Who supports children from society. ``check_result`` is what the inquiry about offences against minors said."""

    __tablename__ = "orphan_care_sponsor"
    __table_args__ = (
        CheckConstraint("kind IN ('person', 'organisation')", name="kind_of_sponsor_is_known"),
        CheckConstraint("check_result IN ('', 'clear', 'record')", name="result_is_known"),
        CheckConstraint("(check_result = '') = (checked_on IS NULL)", name="a_check_has_a_day"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    kind: str = Field(max_length=12)
    name: str = Field(max_length=80)
    contact: bytes | None = Field(default=None, sa_type=Ciphertext)
    checked_on: date | None = None
    check_result: str = Field(default="", max_length=10)
    check_document: str = Field(default="", max_length=80)
    added_at: datetime
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Pairing(Table, table=True):
    """A sponsor and a child: what was pledged, who agreed, until when. ``months`` is how long money is pledged for."""

    __tablename__ = "orphan_care_pairing"
    __table_args__ = (
        only_one("one_pairing_of_a_sponsor_and_a_child", "sponsor_id", "case_id", where="until IS NULL"),
        CheckConstraint("kind IN ('money', 'study', 'visits')", name="kind_of_pairing_is_known"),
        CheckConstraint("pledged_fen >= 0", name="a_pledge_is_not_negative"),
        CheckConstraint("until IS NULL OR until >= since", name="a_pairing_ends_after_it_begins"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    sponsor_id: int = Field(sa_type=Key, foreign_key="orphan_care_sponsor.id", index=True)
    case_id: int = Field(sa_type=Key, foreign_key="orphan_care_case.id", index=True)
    kind: str = Field(max_length=10)
    pledged_fen: int = Field(default=0, sa_type=Key)
    months: int = 0
    since: date
    until: date | None = None
    agreement_on: date | None = None
    guardian_agreed_on: date | None = None
    child_agreed_on: date | None = None
    opened_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Contact(Table, table=True):
    """One contact between a sponsor and a child, always through the officer; money with how it went."""

    __tablename__ = "orphan_care_contact"
    __table_args__ = (CheckConstraint("amount_fen >= 0", name="what_was_given_is_not_negative"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    pairing_id: int = Field(sa_type=Key, foreign_key="orphan_care_pairing.id", index=True)
    kind: str = Field(max_length=10)
    happened_on: date
    amount_fen: int = Field(default=0, sa_type=Key)
    way: str = Field(default="", max_length=10)
    receipt: str = Field(default="", max_length=80)
    note: bytes | None = Field(default=None, sa_type=Ciphertext)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
