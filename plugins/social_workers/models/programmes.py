"""Tables of what is bought and arranged: projects, targets, assessments, instalments, dispatch, three links."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from core.api import Key, Table, only_one


class Project(Table, table=True):
    """A project of social work. ``source`` is where its money comes from; lottery money is kept apart by scheme."""

    __tablename__ = "social_workers_project"
    __table_args__ = (
        UniqueConstraint("number", name="one_project_of_social_work_per_number"),
        CheckConstraint("contract_fen >= 0", name="a_contract_is_not_negative"),
        CheckConstraint("until >= since", name="a_project_ends_after_it_begins"),
        CheckConstraint(
            "state IN ('drafted', 'approved', 'contracted', 'running', 'mid_term', 'final', 'closed', 'failed')",
            name="state_is_known",
        ),
        CheckConstraint("state = 'drafted' OR minutes <> '' OR state = 'failed'", name="an_approval_has_minutes"),
        CheckConstraint(
            "state IN ('drafted', 'approved', 'failed') OR (contract_no <> '' AND agency_id IS NOT NULL)",
            name="a_running_project_has_a_contract",
        ),
        CheckConstraint("state <> 'failed' OR reason <> ''", name="a_failure_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    name: str = Field(max_length=80)
    purchaser: str = Field(max_length=80)
    purchaser_kind: str = Field(default="bureau", max_length=10)
    agency_id: int | None = Field(default=None, sa_type=Key, foreign_key="social_workers_agency.id", index=True)
    contract_fen: int = Field(default=0, sa_type=Key)
    source: str = Field(max_length=8)
    field: str = Field(default="community", max_length=20)
    area: str = Field(max_length=12, index=True)
    since: date
    until: date
    minutes: str = Field(default="", max_length=80)
    contract_no: str = Field(default="", max_length=60)
    contracted_on: date | None = None
    state: str = Field(default="drafted", max_length=12, index=True)
    state_on: date
    reason: str = Field(default="", max_length=200)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Target(Table, table=True):
    """What a contract or its amendment asks of one item from a day on; the old target and its day stay."""

    __tablename__ = "social_workers_target"
    __table_args__ = (
        UniqueConstraint("project_id", "item", "valid_from", name="one_target_per_item_and_day"),
        CheckConstraint(
            "item IN ('cases', 'groups', 'events', 'visits', 'beneficiaries', 'trainees')", name="item_is_known"
        ),
        CheckConstraint("target >= 0", name="a_target_is_not_negative"),
        CheckConstraint("document <> ''", name="a_target_has_a_document"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    project_id: int = Field(sa_type=Key, foreign_key="social_workers_project.id", index=True)
    item: str = Field(max_length=16)
    target: int
    valid_from: date
    document: str = Field(max_length=80)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Assessment(Table, table=True):
    """The mid-term or final assessment: points and satisfaction in tenths, who assessed. Never changed."""

    __tablename__ = "social_workers_assessment"
    __table_args__ = (
        UniqueConstraint("project_id", "stage", name="one_assessment_per_stage"),
        CheckConstraint("stage IN ('mid', 'final')", name="stage_is_known"),
        CheckConstraint("points_tenths BETWEEN 0 AND 1000", name="points_are_a_hundred_at_most"),
        CheckConstraint(
            "satisfaction_tenths IS NULL OR satisfaction_tenths BETWEEN 0 AND 1000", name="satisfaction_is_a_share"
        ),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    project_id: int = Field(sa_type=Key, foreign_key="social_workers_project.id", index=True)
    stage: str = Field(max_length=6)
    assessed_on: date
    points_tenths: int
    computed_tenths: int
    satisfaction_tenths: int | None = None
    assessor: str = Field(max_length=80)
    report: str = Field(max_length=80)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Instalment(Table, table=True):
    """An instalment that is due, with minutes and the agency's invoice; ``batch_id`` is the batch that pays it.

    Until its batch is submitted it may be withdrawn with a reason; nothing else of it changes.
    """

    __tablename__ = "social_workers_instalment"
    __table_args__ = (
        only_one("one_instalment_per_stage", "project_id", "stage", where="withdrawn_on IS NULL"),
        only_one("one_instalment_per_invoice", "agency_id", "invoice_no", where="withdrawn_on IS NULL"),
        CheckConstraint("stage IN ('contract', 'mid', 'final')", name="stage_is_known"),
        CheckConstraint("amount_fen > 0", name="an_instalment_is_positive"),
        CheckConstraint("invoice_no <> '' AND minutes <> ''", name="an_instalment_has_its_papers"),
        CheckConstraint("(withdrawn_on IS NULL) = (reason = '')", name="a_withdrawal_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    project_id: int = Field(sa_type=Key, foreign_key="social_workers_project.id", index=True)
    agency_id: int = Field(sa_type=Key, foreign_key="social_workers_agency.id")
    stage: str = Field(max_length=10)
    amount_fen: int = Field(sa_type=Key)
    invoice_no: str = Field(max_length=40)
    minutes: str = Field(max_length=80)
    entered_on: date
    batch_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_batch.id", index=True)
    withdrawn_on: date | None = None
    reason: str = Field(default="", max_length=200)
    made_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Dispatch(Table, table=True):
    """A worker sent to a recipient unit by the programme of the three areas, from a day to a day."""

    __tablename__ = "social_workers_dispatch"
    __table_args__ = (CheckConstraint("until >= since", name="a_dispatch_ends_after_it_begins"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    programme: str = Field(max_length=60)
    worker_id: int = Field(sa_type=Key, foreign_key="social_workers_worker.id", index=True)
    unit: str = Field(max_length=80)
    area: str = Field(max_length=12, index=True)
    since: date
    until: date
    ended_on: date | None = None
    reason: str = Field(default="", max_length=200)
    project_id: int | None = Field(default=None, sa_type=Key, foreign_key="social_workers_project.id")
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Trainee(Table, table=True):
    """Somebody of a recipient unit who is trained; counted with enough attendance and the supervisor's word."""

    __tablename__ = "social_workers_trainee"
    __table_args__ = (
        UniqueConstraint("dispatch_id", "person_id", name="a_trainee_once_per_dispatch"),
        CheckConstraint("planned > 0", name="training_is_planned"),
        CheckConstraint("attended BETWEEN 0 AND planned", name="attendance_fits_the_plan"),
        CheckConstraint("(confirmed_on IS NULL) = (supervisor_id IS NULL)", name="a_supervisor_confirms"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    dispatch_id: int = Field(sa_type=Key, foreign_key="social_workers_dispatch.id", index=True)
    project_id: int | None = Field(default=None, sa_type=Key, foreign_key="social_workers_project.id", index=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    unit: str = Field(max_length=80)
    planned: int
    attended: int = 0
    confirmed_on: date | None = None
    supervisor_id: int | None = Field(default=None, sa_type=Key, foreign_key="social_workers_worker.id")
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class ThreeLink(Table, table=True):
    """A community, an organisation and a worker who act together by a plan."""

    __tablename__ = "social_workers_three_link"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="a_link_ends_after_it_begins"),
        CheckConstraint("plan <> ''", name="a_link_has_a_plan"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    community: str = Field(max_length=60)
    area: str = Field(max_length=12, index=True)
    organisation: str = Field(max_length=80)
    worker_id: int = Field(sa_type=Key, foreign_key="social_workers_worker.id", index=True)
    plan: str = Field(max_length=400)
    since: date
    until: date | None = None
    added_at: datetime
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1
