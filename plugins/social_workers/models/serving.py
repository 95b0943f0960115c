"""Tables of the service itself: cases with their forms, groups with sessions, events, visits."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from core.api import Bytes, Ciphertext, Key, Table, only_one


class Case(Table, table=True):
    """A case. Its goals are sealed; ``goal_index`` keeps two open cases of one client from the same goal.

    ``stage_before`` is where it stood when the client died, should that be taken back; ``first_client_id`` is the
    record it was opened with.
    """

    __tablename__ = "social_workers_case"
    __table_args__ = (
        UniqueConstraint("number", name="one_case_of_social_work_per_number"),
        only_one("one_open_case_per_goal", "client_id", "goal_index", where="closed_on IS NULL"),
        CheckConstraint("consent_on IS NOT NULL OR basis <> ''", name="a_case_has_consent_or_a_basis"),
        CheckConstraint("risk IN ('low', 'medium', 'high', 'crisis')", name="risk_is_known"),
        CheckConstraint("risk <> 'crisis' OR crisis_at IS NOT NULL", name="a_crisis_has_its_time"),
        CheckConstraint("informed_at IS NULL OR informed_at >= crisis_at", name="informed_after_the_crisis"),
        CheckConstraint(
            "stage IN ('intake', 'assessment', 'planning', 'intervention', 'evaluation', 'closed', 'follow_up',"
            " 'ended')",
            name="stage_is_known",
        ),
        CheckConstraint(
            "(closed_on IS NOT NULL) = (stage IN ('closed', 'follow_up', 'ended'))", name="a_closed_case_has_its_day"
        ),
        CheckConstraint("stage <> 'ended' OR reason <> ''", name="an_early_end_has_a_reason"),
        CheckConstraint("worker_id <> assistant_id", name="the_assistant_is_somebody_else"),
        CheckConstraint("worker_id <> supervisor_id", name="nobody_supervises_oneself"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    client_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    first_client_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    project_id: int | None = Field(default=None, sa_type=Key, foreign_key="social_workers_project.id", index=True)
    worker_id: int = Field(sa_type=Key, foreign_key="social_workers_worker.id", index=True)
    assistant_id: int | None = Field(default=None, sa_type=Key, foreign_key="social_workers_worker.id")
    supervisor_id: int = Field(sa_type=Key, foreign_key="social_workers_worker.id", index=True)
    area: str = Field(max_length=12, index=True)
    opened_on: date = Field(index=True)
    needs: str = Field(max_length=120)
    field: str = Field(max_length=20)
    risk: str = Field(default="low", max_length=8)
    crisis_at: datetime | None = None
    informed_at: datetime | None = None
    informed_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    consent_on: date | None = None
    consent_by: str = Field(default="", max_length=10)
    basis: str = Field(default="", max_length=200)
    goal: bytes | None = Field(default=None, sa_type=Ciphertext)
    goal_index: bytes = Field(sa_type=Bytes)
    stage: str = Field(default="intake", max_length=12, index=True)
    stage_on: date
    stage_before: str = Field(default="", max_length=12)
    closed_on: date | None = None
    ending: str = Field(default="", max_length=20)
    reason: str = Field(default="", max_length=200)
    goal_percent: int | None = None
    satisfaction: int | None = None
    followed_up_on: date | None = None
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class CaseForm(Table, table=True):
    """One dated form of a case (SW01 to SW10), its text sealed. Never changed; a later one stands beside it."""

    __tablename__ = "social_workers_case_form"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "place", name="one_form_per_kind_and_place"),
        CheckConstraint(
            "kind IN ('SW01', 'SW02', 'SW03', 'SW04', 'SW05', 'SW06', 'SW07', 'SW08', 'SW09', 'SW10')",
            name="kind_is_known",
        ),
        CheckConstraint("kind <> 'SW05' OR minutes > 0", name="a_session_takes_time"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="social_workers_case.id", index=True)
    kind: str = Field(max_length=4)
    place: int
    dated: date
    minutes: int = 0
    content: bytes | None = Field(default=None, sa_type=Ciphertext)
    next_step: bytes | None = Field(default=None, sa_type=Ciphertext)
    worker_id: int = Field(sa_type=Key, foreign_key="social_workers_worker.id")
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Handover(Table, table=True):
    """A case given from one worker to another, with the client's knowledge. Never changed."""

    __tablename__ = "social_workers_handover"
    __table_args__ = (CheckConstraint("from_id <> to_id", name="a_handover_goes_to_somebody_else"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, foreign_key="social_workers_case.id", index=True)
    from_id: int = Field(sa_type=Key, foreign_key="social_workers_worker.id")
    to_id: int = Field(sa_type=Key, foreign_key="social_workers_worker.id")
    given_on: date
    client_told_on: date
    reason: str = Field(max_length=200)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Group(Table, table=True):
    """A group; measures before and after are points in tenths."""

    __tablename__ = "social_workers_group"
    __table_args__ = (
        UniqueConstraint("number", name="one_group_of_social_work_per_number"),
        CheckConstraint(
            "kind IN ('support', 'growth', 'education', 'therapy', 'recreation', 'mutual_help')", name="kind_is_known"
        ),
        CheckConstraint("sessions_planned > 0", name="sessions_are_planned"),
        CheckConstraint(
            "state IN ('planned', 'recruited', 'running', 'ended', 'evaluated', 'cancelled')", name="state_is_known"
        ),
        CheckConstraint("state <> 'cancelled' OR reason <> ''", name="a_cancellation_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    theme: str = Field(max_length=80)
    kind: str = Field(max_length=12)
    project_id: int | None = Field(default=None, sa_type=Key, foreign_key="social_workers_project.id", index=True)
    worker_id: int = Field(sa_type=Key, foreign_key="social_workers_worker.id", index=True)
    area: str = Field(max_length=12, index=True)
    place: str = Field(default="", max_length=80)
    planned_on: date
    sessions_planned: int
    goal: str = Field(default="", max_length=400)
    before_tenths: int | None = None
    after_tenths: int | None = None
    summary: str = Field(default="", max_length=400)
    state: str = Field(default="planned", max_length=10, index=True)
    state_on: date
    reason: str = Field(default="", max_length=200)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class GroupMember(Table, table=True):
    """A member of a group."""

    __tablename__ = "social_workers_group_member"
    __table_args__ = (UniqueConstraint("group_id", "person_id", name="a_member_once_in_a_group"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    group_id: int = Field(sa_type=Key, foreign_key="social_workers_group.id", index=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    joined_on: date
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class GroupSession(Table, table=True):
    """A session that was held; who came stands in the attendance, ``attended`` counts them. Never changed."""

    __tablename__ = "social_workers_group_session"
    __table_args__ = (
        UniqueConstraint("group_id", "place", name="one_session_per_place"),
        CheckConstraint("minutes > 0", name="a_session_takes_time"),
        CheckConstraint("attended > 0", name="somebody_attended"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    group_id: int = Field(sa_type=Key, foreign_key="social_workers_group.id", index=True)
    place: int
    held_on: date = Field(index=True)
    minutes: int
    attended: int
    list_key: str = Field(max_length=64)
    note: str = Field(default="", max_length=400)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Attendance(Table, table=True):
    """A member who came to a session. Never changed."""

    __tablename__ = "social_workers_attendance"
    __table_args__ = (UniqueConstraint("session_id", "person_id", name="one_attendance_per_session"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    session_id: int = Field(sa_type=Key, foreign_key="social_workers_group_session.id", index=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)


class Event(Table, table=True):
    """An event. ``participants`` are person-times, never added to distinct persons.

    ``list_key`` and ``place_key`` stand for who came and where: the same event is reported once.
    """

    __tablename__ = "social_workers_event"
    __table_args__ = (
        UniqueConstraint("number", name="one_event_of_social_work_per_number"),
        only_one("one_report_per_event", "held_on", "place_key", "list_key", where="state = 'held'"),
        CheckConstraint("participants > 0", name="somebody_took_part"),
        CheckConstraint("volunteers >= 0 AND cost_fen >= 0", name="counts_are_not_negative"),
        CheckConstraint("counted IN ('sign_in', 'ticket', 'estimate')", name="way_of_counting_is_known"),
        CheckConstraint("state IN ('held', 'withdrawn')", name="state_is_known"),
        CheckConstraint("state = 'held' OR reason <> ''", name="a_withdrawal_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    title: str = Field(max_length=80)
    project_id: int | None = Field(default=None, sa_type=Key, foreign_key="social_workers_project.id", index=True)
    worker_id: int = Field(sa_type=Key, foreign_key="social_workers_worker.id", index=True)
    area: str = Field(max_length=12, index=True)
    place: str = Field(max_length=80)
    held_on: date = Field(index=True)
    participants: int
    counted: str = Field(max_length=8)
    volunteers: int = 0
    cost_fen: int = Field(default=0, sa_type=Key)
    evidence: str = Field(default="", max_length=120)
    place_key: str = Field(max_length=120)
    list_key: str = Field(max_length=64)
    state: str = Field(default="held", max_length=10, index=True)
    reason: str = Field(default="", max_length=200)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class EventPerson(Table, table=True):
    """A named participant of an event."""

    __tablename__ = "social_workers_event_person"
    __table_args__ = (UniqueConstraint("event_id", "person_id", name="a_participant_once_per_event"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    event_id: int = Field(sa_type=Key, foreign_key="social_workers_event.id", index=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)


class Visit(Table, table=True):
    """A visit at somebody's home. Never changed."""

    __tablename__ = "social_workers_visit"
    __table_args__ = (
        UniqueConstraint("person_id", "visited_on", "worker_id", name="one_visit_per_day_and_worker"),
        CheckConstraint("minutes > 0", name="a_visit_takes_time"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    project_id: int = Field(sa_type=Key, foreign_key="social_workers_project.id", index=True)
    worker_id: int = Field(sa_type=Key, foreign_key="social_workers_worker.id", index=True)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    visited_on: date = Field(index=True)
    minutes: int
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
