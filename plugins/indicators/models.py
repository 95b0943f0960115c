"""What the catalogue keeps: targets, figures others have stated, acknowledgements, reports and their frozen rows."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field
from sqlmodel.sql.sqltypes import UTCDateTime

from core.api import Key, Table, only_one


class Target(Table, table=True):
    """What an indicator is to reach in a period: a value in ten thousandths of its unit, or a day; by which document.

    ``area`` is "" for every area of the county, the county's code for the county as a whole, or one town.
    """

    __tablename__ = "indicators_target"
    __table_args__ = (
        only_one("one_target_per_indicator_area_and_period", "indicator", "area", "period", where="revoked_on IS NULL"),
        CheckConstraint("comparator IN ('>=', '=', '<=')", name="comparator_is_known"),
        CheckConstraint("value_ten_thousandths IS NOT NULL OR due_on IS NOT NULL", name="a_target_says_what"),
        CheckConstraint("document <> ''", name="a_target_has_a_document"),
        CheckConstraint("(revoked_on IS NULL) = (revoked_by IS NULL)", name="a_revocation_has_a_person"),
        CheckConstraint("revoked_on IS NULL OR reason <> ''", name="a_revocation_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    indicator: str = Field(max_length=80, index=True)
    area: str = Field(default="", max_length=9)
    period: str = Field(max_length=7)
    comparator: str = Field(max_length=2)
    value_ten_thousandths: int | None = Field(default=None, sa_type=Key)
    due_on: date | None = None
    document: str = Field(max_length=80)
    set_on: date
    set_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    revoked_on: date | None = None
    revoked_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    reason: str = Field(default="", max_length=200)
    version: int = 1


class Stated(Table, table=True):
    """A figure as a form or a text states it, and what comes out when it is computed again; nothing is corrected.

    ``given`` is what was typed, as JSON; ``difference`` is signed, computed − stated, "" when one is unknown.
    """

    __tablename__ = "indicators_stated"
    __table_args__ = (
        CheckConstraint("kind IN ('sum', 'rate', 'year', 'average', 'plan')", name="kind_is_known"),
        CheckConstraint(
            "result IN ('closes', 'differs', 'truncated', 'inside', 'outside', 'unknown')", name="result_is_known"
        ),
        CheckConstraint("(result IN ('closes', 'inside')) = (code = '')", name="what_is_wrong_has_a_code"),
        CheckConstraint("result <> 'differs' OR difference <> ''", name="a_difference_is_told"),
        CheckConstraint("until >= since", name="a_period_ends_after_it_begins"),
        CheckConstraint("source <> ''", name="a_stated_figure_has_a_source"),
        CheckConstraint("(withdrawn_on IS NULL) = (withdrawn_by IS NULL)", name="a_withdrawal_has_a_person"),
        CheckConstraint("withdrawn_on IS NULL OR reason <> ''", name="a_withdrawal_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    kind: str = Field(max_length=8)
    title: str = Field(max_length=80)
    source: str = Field(max_length=120)
    period: str = Field(max_length=7, index=True)
    since: date
    until: date
    area: str = Field(max_length=12, index=True)
    given: str
    computed: str = Field(default="", max_length=40)
    stated: str = Field(default="", max_length=40)
    difference: str = Field(default="", max_length=40)
    result: str = Field(max_length=10, index=True)
    code: str = Field(default="", max_length=20)
    entered_on: date
    entered_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    withdrawn_on: date | None = None
    withdrawn_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    reason: str = Field(default="", max_length=200)
    version: int = 1


class Acknowledgement(Table, table=True):
    """Somebody by name has seen that a stated figure does not hold, and says why it may stand. Never changed."""

    __tablename__ = "indicators_acknowledgement"
    __table_args__ = (
        UniqueConstraint("stated_id", name="a_figure_is_acknowledged_once"),
        CheckConstraint("reason <> ''", name="an_acknowledgement_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    stated_id: int = Field(sa_type=Key, foreign_key="indicators_stated.id")
    acknowledged_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    acknowledged_at: datetime = Field(sa_type=UTCDateTime)
    reason: str = Field(max_length=400)


class PeriodReport(Table, table=True):
    """The report of a month, quarter or year: made, checked and issued by three persons; its rows are frozen."""

    __tablename__ = "indicators_report"
    __table_args__ = (
        UniqueConstraint("number", name="one_indicator_report_per_number"),
        UniqueConstraint("period", "run", name="one_indicator_report_per_period_and_run"),
        only_one("one_issued_indicator_report_per_period", "period", where="state = 'issued'"),
        CheckConstraint("state IN ('made', 'checked', 'issued', 'replaced')", name="state_is_known"),
        CheckConstraint("checked_by IS NULL OR checked_by <> made_by", name="who_makes_does_not_check"),
        CheckConstraint(
            "issued_by IS NULL OR (issued_by <> made_by AND issued_by <> checked_by)", name="who_makes_does_not_issue"
        ),
        CheckConstraint("state NOT IN ('checked', 'issued') OR checked_by IS NOT NULL", name="a_check_has_a_person"),
        CheckConstraint("state <> 'issued' OR issued_by IS NOT NULL", name="an_issue_has_a_person"),
        CheckConstraint("run = 1 OR reason <> ''", name="a_second_report_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=40)
    period: str = Field(max_length=7, index=True)
    since: date
    until: date
    run: int = 1
    area: str = Field(max_length=6)
    state: str = Field(default="made", max_length=10, index=True)
    reason: str = Field(default="", max_length=200)
    made_on: date
    made_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    checked_on: date | None = None
    checked_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    issued_on: date | None = None
    issued_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
    version: int = 1


class Reported(Table, table=True):
    """One figure of a report as it was made: of an area, or of the county as a whole (``area`` is ""). Never changed.

    ``value``, ``target`` and ``gap`` are decimals in the unit of the indicator or days, "" when unknown or not set.
    """

    __tablename__ = "indicators_reported"
    __table_args__ = (
        UniqueConstraint("report_id", "indicator", "area", name="one_figure_per_indicator_and_area"),
        CheckConstraint("state IN ('', 'met', 'not_met', 'pending', 'unknown')", name="state_is_known"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    report_id: int = Field(sa_type=Key, foreign_key="indicators_report.id", index=True)
    position: int
    plugin: str = Field(max_length=40)
    indicator: str = Field(max_length=80)
    title: str = Field(max_length=120)
    unit: str = Field(default="", max_length=20)
    area: str = Field(default="", max_length=9)
    value: str = Field(default="", max_length=40)
    to_date: str = Field(default="", max_length=40)
    average: str = Field(default="", max_length=40)
    comparator: str = Field(default="", max_length=2)
    target: str = Field(default="", max_length=40)
    due_on: date | None = None
    document: str = Field(default="", max_length=80)
    state: str = Field(default="", max_length=8)
    gap: str = Field(default="", max_length=40)
    failing: str = Field(default="", max_length=400)
