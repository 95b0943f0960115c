"""Tables of the base network and of defence education: groups, points, agreements, classes, events, bases, budgets."""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from core.api import Key, Table, only_one


class SupportGroup(Table, table=True):
    """An organisation, team or trade that serves soldiers' families; the villages it serves by their codes."""

    __tablename__ = "double_support_group"
    __table_args__ = (
        only_one("one_open_group_per_name", "name", where="state = 'open'"),
        CheckConstraint("kind IN ('organisation', 'team', 'trade')", name="kind_is_known"),
        CheckConstraint("members >= 0", name="members_are_counted"),
        CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    name: str = Field(max_length=80)
    kind: str = Field(max_length=12)
    trade: str = Field(default="", max_length=40)
    members: int = 0
    villages: str = Field(default="", max_length=1000)
    area: str = Field(max_length=12, index=True)
    since: date
    state: str = Field(default="open", max_length=8, index=True)
    closed_on: date | None = None
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class ServicePoint(Table, table=True):
    """A service point of a village or community."""

    __tablename__ = "double_support_point"
    __table_args__ = (
        only_one("one_open_point_per_village", "area", where="state = 'open'"),
        CheckConstraint("length(area) = 12", name="a_point_serves_a_village"),
        CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    area: str = Field(max_length=12, index=True)
    name: str = Field(max_length=80)
    contact: str = Field(default="", max_length=50)
    opened_on: date
    state: str = Field(default="open", max_length=8, index=True)
    closed_on: date | None = None
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Agreement(Table, table=True):
    """Co-building of a partner unit with a community or school."""

    __tablename__ = "double_support_agreement"
    __table_args__ = (
        UniqueConstraint("number", name="one_agreement_per_number"),
        CheckConstraint("partner_kind IN ('community', 'school', 'other')", name="kind_of_partner_is_known"),
        CheckConstraint("until IS NULL OR until >= signed_on", name="an_agreement_ends_after_it_begins"),
        CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=40)
    unit_id: int = Field(sa_type=Key, foreign_key="double_support_unit.id", index=True)
    partner: str = Field(max_length=80)
    partner_kind: str = Field(max_length=10)
    area: str = Field(max_length=12, index=True)
    signed_on: date
    until: date | None = None
    content: str = Field(default="", max_length=400)
    state: str = Field(default="open", max_length=8, index=True)
    closed_on: date | None = None
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Activity(Table, table=True):
    """What unit and partner did together on a day."""

    __tablename__ = "double_support_activity"
    __table_args__ = (
        UniqueConstraint("agreement_id", "held_on", "title", name="an_activity_is_noted_once"),
        CheckConstraint("people >= 0", name="people_are_counted"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    agreement_id: int = Field(sa_type=Key, foreign_key="double_support_agreement.id", index=True)
    held_on: date
    title: str = Field(max_length=80)
    people: int = 0
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class DefenceClass(Table, table=True):
    """Class hours of defence education of one grade of a school in a school year, in half hours."""

    __tablename__ = "double_support_defence_class"
    __table_args__ = (
        UniqueConstraint("school", "grade", "school_year", name="one_row_per_grade_and_school_year"),
        CheckConstraint("half_hours BETWEEN 0 AND 80", name="hours_are_forty_at_most"),
        CheckConstraint("pupils >= 0", name="pupils_are_counted"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    school: str = Field(max_length=80, index=True)
    grade: str = Field(max_length=20)
    school_year: str = Field(max_length=9, index=True)
    half_hours: int
    pupils: int = 0
    area: str = Field(max_length=12, index=True)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class DefenceEvent(Table, table=True):
    """An event of defence education: one of the six ones, of the three ones of officials, or another."""

    __tablename__ = "double_support_defence_event"
    __table_args__ = (
        UniqueConstraint("kind", "title", "held_on", name="an_event_is_noted_once"),
        CheckConstraint(
            "kind IN ('consultation', 'gala', 'base_visit', 'forum', 'film', 'contest', 'military_day',"
            " 'lecture', 'study', 'barracks_day', 'training', 'other')",
            name="kind_is_known",
        ),
        CheckConstraint("people >= 0", name="people_are_counted"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    kind: str = Field(max_length=16, index=True)
    title: str = Field(max_length=80)
    held_on: date = Field(index=True)
    people: int = 0
    place: str = Field(default="", max_length=80)
    area: str = Field(max_length=12, index=True)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Base(Table, table=True):
    """A base of defence education that was named."""

    __tablename__ = "double_support_base"
    __table_args__ = (
        only_one("one_base_per_name", "name", where="state = 'open'"),
        CheckConstraint("level IN ('national', 'province', 'city', 'county')", name="level_is_known"),
        CheckConstraint("state IN ('open', 'closed')", name="state_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    name: str = Field(max_length=80)
    level: str = Field(max_length=10)
    named_on: date
    document: str = Field(default="", max_length=80)
    area: str = Field(max_length=12, index=True)
    state: str = Field(default="open", max_length=8, index=True)
    closed_on: date | None = None
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class DefenceBudget(Table, table=True):
    """What a year's budget holds for defence education, and the population it is measured by."""

    __tablename__ = "double_support_defence_budget"
    __table_args__ = (
        UniqueConstraint("year", name="one_budget_per_year"),
        CheckConstraint("population >= 0 AND budgeted_fen >= 0", name="a_budget_is_not_negative"),
        CheckConstraint("document <> ''", name="a_budget_has_a_document"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    year: int
    population: int
    budgeted_fen: int = Field(sa_type=Key)
    document: str = Field(max_length=80)
    area: str = Field(max_length=12, index=True)
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    version: int = 1
