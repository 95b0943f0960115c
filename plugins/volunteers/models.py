"""What is kept of voluntary service. Hours, trainings, stars and honours are only ever added."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from core.api import Bytes, Ciphertext, Key, Table, only_one


class Volunteer(Table, table=True):
    """One volunteer, tied to the county's register of people.

    ``served_on`` is the last day with confirmed service (dormancy is read from it). ``token`` is 128 random bits: all
    that stands in the code of the card. ``first_person_id`` is the record it was opened with.
    Phone, emergency contact and health statement are sealed under the row.
    """

    __tablename__ = "volunteers_volunteer"
    __table_args__ = (
        UniqueConstraint("number", name="one_volunteer_per_number"),
        UniqueConstraint("token", name="one_volunteer_per_token"),
        UniqueConstraint("person_id", name="one_volunteer_per_person"),
        CheckConstraint("state IN ('applied', 'active', 'withdrawn', 'removed')", name="state_is_known"),
        CheckConstraint("state <> 'removed' OR reason <> ''", name="a_removal_has_a_reason"),
        CheckConstraint("(guardian_id IS NULL) = (consent_on IS NULL)", name="consent_names_the_guardian"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    first_person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")
    area: str = Field(max_length=12, index=True)
    state: str = Field(default="applied", max_length=12, index=True)
    registered_on: date
    state_on: date
    reason: str = Field(default="", max_length=200)
    served_on: date | None = None
    languages: str = Field(default="", max_length=80)
    availability: str = Field(default="", max_length=120)
    phone: bytes | None = Field(default=None, sa_type=Ciphertext)
    contact: bytes | None = Field(default=None, sa_type=Ciphertext)
    health: bytes | None = Field(default=None, sa_type=Ciphertext)
    guardian_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_person.id")
    consent_on: date | None = None
    background_on: date | None = None
    background: str = Field(default="", max_length=80)
    named: bool = False
    token: str = Field(max_length=32)
    added_at: datetime
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Skill(Table, table=True):
    """A skill of a volunteer, with its certificate where one is needed."""

    __tablename__ = "volunteers_skill"
    __table_args__ = (
        only_one("one_line_per_skill", "volunteer_id", "skill", where="until IS NULL"),
        CheckConstraint(
            "certificate <> '' OR skill NOT IN ('medical', 'psychology', 'law', 'driving', 'search_rescue')",
            name="such_a_skill_has_a_certificate",
        ),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    volunteer_id: int = Field(sa_type=Key, foreign_key="volunteers_volunteer.id", index=True)
    skill: str = Field(max_length=20)
    certificate: str = Field(default="", max_length=80)
    valid_to: date | None = None
    until: date | None = None
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Org(Table, table=True):
    """An organisation or team. ``code`` is its credit code or filing number; a team without one has a sponsor.

    ``double_support`` marks a team for soldiers' families, ``relief`` an emergency team a township may call.
    ``successor_id`` is the organisation it was merged into, which certifies its old records.
    """

    __tablename__ = "volunteers_org"
    __table_args__ = (
        only_one("one_open_organisation_per_name", "name", where="state = 'open'"),
        CheckConstraint("state IN ('open', 'merged', 'closed')", name="state_is_known"),
        CheckConstraint("code <> '' OR sponsor <> ''", name="a_team_without_a_code_has_a_sponsor"),
        CheckConstraint("(state = 'merged') = (successor_id IS NOT NULL)", name="a_merger_names_the_successor"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    name: str = Field(max_length=80)
    code: str = Field(default="", max_length=40)
    sponsor: str = Field(default="", max_length=80)
    leader: str = Field(max_length=40)
    contact: str = Field(default="", max_length=40)
    insured: bool = False
    double_support: bool = False
    relief: bool = False
    area: str = Field(max_length=12, index=True)
    state: str = Field(default="open", max_length=10, index=True)
    opened_on: date
    closed_on: date | None = None
    successor_id: int | None = Field(default=None, sa_type=Key)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Member(Table, table=True):
    """A volunteer in a team, from a day to a day."""

    __tablename__ = "volunteers_member"
    __table_args__ = (only_one("a_member_once", "org_id", "volunteer_id", where="until IS NULL"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    org_id: int = Field(sa_type=Key, foreign_key="volunteers_org.id", index=True)
    volunteer_id: int = Field(sa_type=Key, foreign_key="volunteers_volunteer.id", index=True)
    since: date
    until: date | None = None
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Activity(Table, table=True):
    """An activity. Nobody publishes a risky one without the number of an insurance policy; the database holds it too.

    ``source_ref`` is what another plugin calls the need behind it ("canteen:shift:7"), never a person's address.
    """

    __tablename__ = "volunteers_activity"
    __table_args__ = (
        UniqueConstraint("number", name="one_activity_per_number"),
        only_one("one_activity_per_source", "source_ref", where="source_ref <> ''"),
        CheckConstraint(
            "kind IN ('elder', 'child', 'disability', 'disaster', 'double_support', 'community', 'event')",
            name="kind_is_known",
        ),
        CheckConstraint(
            "risk = 'low' OR policy_no <> '' OR state IN ('draft', 'cancelled')", name="a_risky_activity_is_insured"
        ),
        CheckConstraint("ends_at > starts_at", name="an_activity_ends_after_it_begins"),
        CheckConstraint("(state = 'cancelled') = (cancel_reason <> '')", name="a_cancellation_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    title: str = Field(max_length=80)
    org_id: int = Field(sa_type=Key, foreign_key="volunteers_org.id", index=True)
    kind: str = Field(max_length=20)
    field: str = Field(max_length=24)
    area: str = Field(max_length=12, index=True)
    place: str = Field(default="", max_length=80)
    starts_at: datetime = Field(index=True)
    ends_at: datetime
    min_age: int = 0
    max_age: int = 0
    skill: str = Field(default="", max_length=20)
    risk: str = Field(default="low", max_length=4)
    policy_no: str = Field(default="", max_length=60)
    leader: str = Field(max_length=40)
    contact: str = Field(default="", max_length=40)
    source_ref: str = Field(default="", max_length=60)
    state: str = Field(default="draft", max_length=20, index=True)
    cancel_reason: str = Field(default="", max_length=12)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Shift(Table, table=True):
    """A shift of an activity with its places."""

    __tablename__ = "volunteers_shift"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="a_shift_ends_after_it_begins"),
        CheckConstraint("slots > 0", name="a_shift_has_places"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    activity_id: int = Field(sa_type=Key, foreign_key="volunteers_activity.id", index=True)
    title: str = Field(default="", max_length=40)
    starts_at: datetime
    ends_at: datetime
    slots: int


class Signup(Table, table=True):
    """A volunteer who signed up for a shift; ``accompanied`` says that a guardian comes along."""

    __tablename__ = "volunteers_signup"
    __table_args__ = (
        only_one("one_signup_per_shift", "shift_id", "volunteer_id", where="state <> 'cancelled'"),
        CheckConstraint("state IN ('applied', 'accepted', 'waitlisted', 'cancelled', 'absent')", name="state_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    shift_id: int = Field(sa_type=Key, foreign_key="volunteers_shift.id", index=True)
    activity_id: int = Field(sa_type=Key, foreign_key="volunteers_activity.id", index=True)
    volunteer_id: int = Field(sa_type=Key, foreign_key="volunteers_volunteer.id", index=True)
    state: str = Field(default="applied", max_length=12)
    cancel_reason: str = Field(default="", max_length=12)
    accompanied: bool = False
    signed_at: datetime
    signed_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Attendance(Table, table=True):
    """A sign-in at the site that waits for its sign-out. It is never closed by itself."""

    __tablename__ = "volunteers_attendance"
    __table_args__ = (
        only_one("signed_in_at_one_place", "volunteer_id", where="state = 'open'"),
        CheckConstraint("state IN ('open', 'closed', 'expired')", name="state_is_known"),
        CheckConstraint("out_at IS NULL OR out_at > in_at", name="out_comes_after_in"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    activity_id: int = Field(sa_type=Key, foreign_key="volunteers_activity.id", index=True)
    volunteer_id: int = Field(sa_type=Key, foreign_key="volunteers_volunteer.id", index=True)
    in_at: datetime
    out_at: datetime | None = None
    mode: str = Field(max_length=12)
    state: str = Field(default="open", max_length=8, index=True)
    record_id: int | None = Field(default=None, sa_type=Key)
    signed_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Record(Table, table=True):
    """Hours. What was entered stands for ever; confirming adds who and when, a reversal is a row of its own.

    ``minutes`` are without breaks and travel; a reversal holds what it takes back as a negative number (0 when the
    record had not been confirmed). ``carried`` are hours of an older system, with their paper and without times.
    """

    __tablename__ = "volunteers_record"
    __table_args__ = (
        UniqueConstraint("reverses_id", name="a_record_is_reversed_once"),
        CheckConstraint("kind IN ('service', 'carried', 'reversal')", name="kind_is_known"),
        CheckConstraint("state IN ('entered', 'confirmed')", name="state_is_known"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="a_reversal_names_its_record"),
        CheckConstraint("(kind = 'service') = (in_at IS NOT NULL)", name="service_has_its_times"),
        CheckConstraint("(in_at IS NULL) = (out_at IS NULL)", name="in_and_out_belong_together"),
        CheckConstraint("in_at IS NULL OR out_at > in_at", name="out_comes_after_in"),
        CheckConstraint("(kind = 'reversal' AND minutes <= 0) OR minutes > 0", name="minutes_fit_the_kind"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> entered_by", name="who_enters_does_not_confirm"),
        CheckConstraint(
            "kind = 'reversal' OR (state = 'confirmed') = (confirmed_by IS NOT NULL)", name="somebody_confirms"
        ),
        CheckConstraint("kind = 'service' OR evidence <> '' OR reason <> ''", name="other_hours_have_a_paper"),
        CheckConstraint("evaluation BETWEEN 0 AND 5", name="evaluation_is_one_to_five"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    kind: str = Field(default="service", max_length=10)
    volunteer_id: int = Field(sa_type=Key, foreign_key="volunteers_volunteer.id", index=True)
    org_id: int = Field(sa_type=Key, foreign_key="volunteers_org.id", index=True)
    activity_id: int | None = Field(default=None, sa_type=Key, foreign_key="volunteers_activity.id", index=True)
    field: str = Field(max_length=24)
    area: str = Field(max_length=12, index=True)
    served_on: date = Field(index=True)
    in_at: datetime | None = None
    out_at: datetime | None = None
    break_minutes: int = 0
    minutes: int
    content: str = Field(default="", max_length=200)
    leader: str = Field(default="", max_length=40)
    evidence: str = Field(default="", max_length=80)
    mode: str = Field(default="leader_list", max_length=12)
    evaluation: int = 0
    reason: str = Field(default="", max_length=200)
    late: bool = False
    source_ref: str = Field(default="", max_length=60)
    reverses_id: int | None = Field(default=None, sa_type=Key)
    corrects_id: int | None = Field(default=None, sa_type=Key)
    state: str = Field(default="entered", max_length=10, index=True)
    entered_at: datetime
    entered_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    confirmed_on: date | None = None
    confirmed_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    disputed_on: date | None = None
    dispute: str = Field(default="", max_length=200)


class Star(Table, table=True):
    """A star level given or withdrawn, on which day, at how many minutes, because of which record."""

    __tablename__ = "volunteers_star"
    __table_args__ = (
        CheckConstraint("event IN ('given', 'withdrawn')", name="event_is_known"),
        CheckConstraint("level BETWEEN 1 AND 5", name="level_is_one_to_five"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    volunteer_id: int = Field(sa_type=Key, foreign_key="volunteers_volunteer.id", index=True)
    level: int
    event: str = Field(max_length=10)
    happened_on: date
    minutes: int
    record_id: int = Field(sa_type=Key, foreign_key="volunteers_record.id")


class Training(Table, table=True):
    """A course that was attended. Its minutes are never service."""

    __tablename__ = "volunteers_training"
    __table_args__ = (CheckConstraint("minutes > 0", name="a_course_takes_time"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    volunteer_id: int = Field(sa_type=Key, foreign_key="volunteers_volunteer.id", index=True)
    course: str = Field(max_length=20)
    title: str = Field(default="", max_length=80)
    minutes: int
    held_on: date = Field(index=True)
    result: str = Field(max_length=10)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Honour(Table, table=True):
    """An honour, its level and who gave it."""

    __tablename__ = "volunteers_honour"

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    volunteer_id: int = Field(sa_type=Key, foreign_key="volunteers_volunteer.id", index=True)
    kind: str = Field(max_length=20)
    level: str = Field(max_length=12)
    title: str = Field(max_length=80)
    given_on: date
    body: str = Field(max_length=80)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Certificate(Table, table=True):
    """A certificate as it was printed. Only a revocation is ever added to it; ``code`` is sealed and indexed blind."""

    __tablename__ = "volunteers_certificate"
    __table_args__ = (
        UniqueConstraint("number", name="one_certificate_per_number"),
        CheckConstraint("(revoked_on IS NULL) = (revoked_for = '')", name="a_revocation_has_a_reason"),
        CheckConstraint("minutes > 0", name="a_certificate_is_about_hours"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    volunteer_id: int = Field(sa_type=Key, foreign_key="volunteers_volunteer.id", index=True)
    org_id: int = Field(sa_type=Key, foreign_key="volunteers_org.id", index=True)
    area: str = Field(max_length=12, index=True)
    since: date
    until: date
    minutes: int
    records: str
    surname: str = Field(max_length=20)
    handler: str = Field(max_length=40)
    in_charge: str = Field(max_length=40)
    requested_on: date
    issued_on: date
    issued_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    code: bytes = Field(sa_type=Ciphertext)
    code_index: bytes = Field(sa_type=Bytes, index=True)
    revoked_on: date | None = None
    revoked_for: str = Field(default="", max_length=200)


class Complaint(Table, table=True):
    """A complaint about an activity or the hours of a volunteer, and how it ended."""

    __tablename__ = "volunteers_complaint"
    __table_args__ = (CheckConstraint("(handled_on IS NULL) = (outcome = '')", name="an_end_has_an_outcome"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    org_id: int = Field(sa_type=Key, foreign_key="volunteers_org.id", index=True)
    area: str = Field(max_length=12, index=True)
    received_on: date = Field(index=True)
    matter: bytes | None = Field(default=None, sa_type=Ciphertext)
    handled_on: date | None = None
    outcome: str = Field(default="", max_length=12)
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Request(Table, table=True):
    """Somebody asked for a certificate: by when it is due, and the certificate or the reason it ended with."""

    __tablename__ = "volunteers_request"
    __table_args__ = (
        UniqueConstraint("number", name="one_request_per_number"),
        only_one("one_open_request", "volunteer_id", "org_id", where="state = 'open'"),
        CheckConstraint("state IN ('open', 'issued', 'refused')", name="state_is_known"),
        CheckConstraint("(state = 'issued') = (certificate_id IS NOT NULL)", name="an_issue_names_its_certificate"),
        CheckConstraint("(state = 'refused') = (reason <> '')", name="a_refusal_has_a_reason"),
        CheckConstraint("due_on >= requested_on", name="it_is_due_after_it_was_asked"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=20)
    volunteer_id: int = Field(sa_type=Key, foreign_key="volunteers_volunteer.id", index=True)
    org_id: int = Field(sa_type=Key, foreign_key="volunteers_org.id")
    area: str = Field(max_length=12, index=True)
    since: date | None = None
    until: date
    requested_on: date
    due_on: date = Field(index=True)
    state: str = Field(default="open", max_length=8)
    state_on: date
    reason: str = Field(default="", max_length=200)
    certificate_id: int | None = Field(default=None, sa_type=Key, foreign_key="volunteers_certificate.id")
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Subsidy(Table, table=True):
    """A meal or a way that was paid for one confirmed record (交通误餐补助); ``month`` is that of the service.

    ``meeting`` are the minutes of the meeting that agreed to the batch; ``revision`` tells the lines of one person and
    month apart.
    """

    __tablename__ = "volunteers_subsidy"
    __table_args__ = (
        only_one("one_subsidy_per_record_and_kind", "record_id", "kind", where="withdrawn_on IS NULL"),
        CheckConstraint("kind IN ('meal', 'transport')", name="kind_is_known"),
        CheckConstraint("amount_fen > 0", name="a_subsidy_is_an_amount"),
        CheckConstraint("(withdrawn_on IS NULL) = (reason = '')", name="a_withdrawal_has_a_reason"),
        CheckConstraint("batch_id IS NULL OR meeting <> ''", name="a_batch_has_its_minutes"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    volunteer_id: int = Field(sa_type=Key, foreign_key="volunteers_volunteer.id", index=True)
    record_id: int = Field(sa_type=Key, foreign_key="volunteers_record.id", index=True)
    area: str = Field(max_length=12, index=True)
    kind: str = Field(max_length=10)
    served_on: date
    month: str = Field(max_length=7)
    amount_fen: int = Field(sa_type=Key)
    entered_on: date
    entered_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    batch_id: int | None = Field(default=None, sa_type=Key, foreign_key="funds_batch.id", index=True)
    revision: int = 0
    meeting: str = Field(default="", max_length=80)
    withdrawn_on: date | None = None
    reason: str = Field(default="", max_length=200)
