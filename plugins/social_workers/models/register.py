"""Tables of the register: workers, certificates, registrations, education, exams, agencies, stations, posts."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from core.api import Key, Table, only_one


class Worker(Table, table=True):
    """One social worker, tied to the county's register of people.

    ``account_id`` is the account of the worker, which opens the files of the worker's own cases. ``works_here`` and
    ``lives_here`` say what the density counts. ``first_person_id`` is the record it was opened with.
    """

    __tablename__ = "social_workers_worker"
    __table_args__ = (
        UniqueConstraint("number", name="one_social_worker_per_number"),
        UniqueConstraint("person_id", name="one_social_worker_per_person"),
        only_one("one_social_worker_per_account", "account_id", where="account_id IS NOT NULL"),
        CheckConstraint("state IN ('listed', 'removed')", name="state_is_known"),
        CheckConstraint("state = 'listed' OR reason <> ''", name="a_removal_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    first_person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    account_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    area: str = Field(max_length=12, index=True)
    field: str = Field(default="", max_length=20)
    works_here: bool = True
    lives_here: bool = True
    state: str = Field(default="listed", max_length=10, index=True)
    state_on: date
    reason: str = Field(default="", max_length=200)
    station_id: int | None = Field(default=None, sa_type=Key, foreign_key="social_workers_station.id")
    added_at: datetime
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Certificate(Table, table=True):
    """A certificate of a level; its number is used once. Never changed."""

    __tablename__ = "social_workers_certificate"
    __table_args__ = (
        UniqueConstraint("number", name="one_certificate_of_social_work_per_number"),
        UniqueConstraint("worker_id", "level", name="one_certificate_per_level"),
        CheckConstraint("level IN ('assistant', 'intermediate', 'senior')", name="level_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    worker_id: int = Field(sa_type=Key, foreign_key="social_workers_worker.id", index=True)
    level: str = Field(max_length=12)
    number: str = Field(max_length=40)
    passed_year: int
    issued_on: date
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Registration(Table, table=True):
    """A registration of a certificate from a day to a day, with the hours of education it rests on. Never changed."""

    __tablename__ = "social_workers_registration"
    __table_args__ = (
        UniqueConstraint("worker_id", "registered_on", name="one_registration_per_day"),
        CheckConstraint("valid_to > registered_on", name="a_registration_lasts"),
        CheckConstraint("kind IN ('first', 'renewal')", name="kind_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    worker_id: int = Field(sa_type=Key, foreign_key="social_workers_worker.id", index=True)
    certificate_id: int = Field(sa_type=Key, foreign_key="social_workers_certificate.id")
    kind: str = Field(max_length=8)
    registered_on: date
    valid_to: date = Field(index=True)
    hours_tenths: int = 0
    document: str = Field(default="", max_length=80)
    reason: str = Field(default="", max_length=200)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Education(Table, table=True):
    """Hours of continuing education in tenths. A wrong record is taken back with a reason, never changed."""

    __tablename__ = "social_workers_education"
    __table_args__ = (
        only_one("one_record_per_course", "worker_id", "course", "held_on", where="revoked_on IS NULL"),
        CheckConstraint("tenths > 0", name="a_course_takes_time"),
        CheckConstraint("(revoked_on IS NULL) = (revoked_for = '')", name="a_revocation_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    worker_id: int = Field(sa_type=Key, foreign_key="social_workers_worker.id", index=True)
    course: str = Field(max_length=80)
    provider: str = Field(default="", max_length=80)
    tenths: int
    held_on: date = Field(index=True)
    proof: str = Field(max_length=80)
    revoked_on: date | None = None
    revoked_for: str = Field(default="", max_length=200)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Supervision(Table, table=True):
    """Hours under a supervisor in tenths; they are no continuing education. Never changed."""

    __tablename__ = "social_workers_supervision"
    __table_args__ = (
        CheckConstraint("tenths > 0", name="supervision_takes_time"),
        CheckConstraint("kind IN ('individual', 'group', 'peer')", name="kind_is_known"),
        CheckConstraint("worker_id <> supervisor_id", name="nobody_supervises_oneself"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    worker_id: int = Field(sa_type=Key, foreign_key="social_workers_worker.id", index=True)
    supervisor_id: int = Field(sa_type=Key, foreign_key="social_workers_worker.id", index=True)
    kind: str = Field(max_length=12)
    tenths: int
    held_on: date = Field(index=True)
    topic: str = Field(default="", max_length=80)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Agency(Table, table=True):
    """An agency of social work. ``manager_id`` answers for it and for its money; ``payee_id`` is its bank account."""

    __tablename__ = "social_workers_agency"
    __table_args__ = (
        UniqueConstraint("code", name="one_agency_per_credit_code"),
        CheckConstraint("kind IN ('service_body', 'other')", name="kind_is_known"),
        CheckConstraint("(kind = 'service_body') = (substr(code, 1, 2) = '52')", name="a_service_body_begins_with_52"),
        CheckConstraint("staff >= 0", name="staff_is_counted"),
        CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    name: str = Field(max_length=80)
    code: str = Field(max_length=18)
    kind: str = Field(max_length=12)
    registered_on: date
    staff: int = 0
    grade: str = Field(default="", max_length=4)
    incubated: bool = False
    area: str = Field(max_length=12, index=True)
    manager_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_person.id")
    payee_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_payee.id")
    state: str = Field(default="open", max_length=8, index=True)
    closed_on: date | None = None
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Employment(Table, table=True):
    """Where a worker is employed, from a day to a day; the end waits until open cases are handed over."""

    __tablename__ = "social_workers_employment"
    __table_args__ = (
        only_one("one_employer_at_a_time", "worker_id", where="until IS NULL"),
        CheckConstraint("until IS NULL OR until >= since", name="employment_ends_after_it_begins"),
        CheckConstraint("agency_id IS NOT NULL OR employer <> ''", name="employment_names_the_employer"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    worker_id: int = Field(sa_type=Key, foreign_key="social_workers_worker.id", index=True)
    agency_id: int | None = Field(default=None, sa_type=Key, foreign_key="social_workers_agency.id", index=True)
    employer: str = Field(default="", max_length=80)
    post: str = Field(default="", max_length=40)
    since: date
    until: date | None = None
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Station(Table, table=True):
    """A station of social work in a town (9 digits) or a village (12 digits)."""

    __tablename__ = "social_workers_station"
    __table_args__ = (
        only_one("one_open_station_per_name", "name", "area", where="state = 'open'"),
        CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    name: str = Field(max_length=80)
    area: str = Field(max_length=12, index=True)
    address: str = Field(default="", max_length=100)
    agency_id: int | None = Field(default=None, sa_type=Key, foreign_key="social_workers_agency.id")
    opened_on: date
    state: str = Field(default="open", max_length=8, index=True)
    closed_on: date | None = None
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Post(Table, table=True):
    """Posts of social work at a unit: how many, which certificate, title and pay."""

    __tablename__ = "social_workers_post"
    __table_args__ = (
        CheckConstraint("planned > 0", name="a_post_is_planned"),
        CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    unit: str = Field(max_length=80)
    title: str = Field(max_length=60)
    area: str = Field(max_length=12, index=True)
    planned: int
    level: str = Field(default="", max_length=12)
    treatment: str = Field(default="", max_length=200)
    state: str = Field(default="open", max_length=8, index=True)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class PostHolder(Table, table=True):
    """A worker on a post, from a day to a day."""

    __tablename__ = "social_workers_post_holder"
    __table_args__ = (
        only_one("a_worker_once_on_a_post", "post_id", "worker_id", where="until IS NULL"),
        CheckConstraint("until IS NULL OR until >= since", name="holding_ends_after_it_begins"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    post_id: int = Field(sa_type=Key, foreign_key="social_workers_post.id", index=True)
    worker_id: int = Field(sa_type=Key, foreign_key="social_workers_worker.id", index=True)
    since: date
    until: date | None = None
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class ExamSignup(Table, table=True):
    """A sign-up for an exam of a year; subjects are codes set apart by commas."""

    __tablename__ = "social_workers_exam_signup"
    __table_args__ = (
        UniqueConstraint("year", "level", "person_id", name="one_signup_per_exam"),
        CheckConstraint("level IN ('assistant', 'intermediate', 'senior')", name="level_is_known"),
        CheckConstraint("result IN ('', 'passed', 'failed', 'absent')", name="result_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    year: int = Field(index=True)
    level: str = Field(max_length=12)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    area: str = Field(max_length=12, index=True)
    subjects: str = Field(max_length=60)
    trained: bool = False
    passed_subjects: str = Field(default="", max_length=60)
    result: str = Field(default="", max_length=8)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class ExamFigure(Table, table=True):
    """The exam of a year before there were sign-ups here: figures with the paper that says so. Never changed."""

    __tablename__ = "social_workers_exam_figure"
    __table_args__ = (
        UniqueConstraint("year", name="one_figure_per_exam_year"),
        CheckConstraint("signed >= sat AND sat >= passed AND passed >= 0", name="figures_of_an_exam_fit"),
        CheckConstraint("source <> ''", name="a_figure_has_a_source"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    year: int
    signed: int
    sat: int
    passed: int
    source: str = Field(max_length=120)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
