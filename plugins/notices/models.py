"""What is kept of a notice: the frozen sheet, who stands on it, where it hung and how long, who objected."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from core.api import Bytes, Ciphertext, Key, Table, only_one


class Notice(Table, table=True):
    """One sheet, frozen when it is opened: ``content`` is what was made public, ``content_hash`` its SHA-256.

    ``area`` (6 to 12 digits) is where it is published, ``subject`` the word of who opened it (``case:7``). ``levels``
    and ``days`` are the policy of the day it was opened; ``days`` 0 stands for as long as the benefit runs. ``title``,
    ``office``, ``round_title`` and ``lines`` repeat the sheet, so that lists need not read it whole. The check
    code is kept sealed for printing again, and as ``code_index`` for checking. ``state`` is one of ``states.STATES``.
    """

    __tablename__ = "notices_notice"
    __table_args__ = (
        UniqueConstraint("number", name="one_notice_per_number"),
        UniqueConstraint("year", "serial", name="numbers_of_a_year_are_taken_once"),
        CheckConstraint("state IN ('opened', 'posted', 'finished', 'withdrawn')", name="state_is_known"),
        CheckConstraint("state <> 'withdrawn' OR reason <> ''", name="a_withdrawn_notice_has_a_reason"),
        CheckConstraint("days >= 0", name="days_are_not_negative"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    number: str = Field(max_length=40)
    year: int
    serial: int
    type: str = Field(max_length=80, index=True)
    area: str = Field(max_length=12, index=True)
    subject: str = Field(default="", max_length=80, index=True)
    title: str = Field(max_length=120)
    office: str = Field(max_length=80)
    round_title: str = Field(max_length=40)
    lines: int
    scheme: str = Field(default="", max_length=80)
    period: str = Field(default="", max_length=7)
    round: int = 1
    levels: str = Field(max_length=60)
    days: int
    content: bytes = Field(sa_type=Bytes)
    content_hash: bytes = Field(sa_type=Bytes)
    code_sealed: bytes = Field(sa_type=Ciphertext)
    code_index: bytes = Field(sa_type=Bytes)
    opened_on: date
    opened_at: datetime
    opened_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    state: str = Field(default="opened", max_length=12, index=True)
    ended_on: date | None = None
    reason: str = Field(default="", max_length=200)
    version: int = 1


class Line(Table, table=True):
    """Who stands on which line of a notice, so that the household's page can say so; the words are in the sheet.

    ``first_person_id`` is the record it was opened with, ``person_id`` the one that took it over in a merge.
    """

    __tablename__ = "notices_line"
    __table_args__ = (UniqueConstraint("notice_id", "position", name="one_line_per_position"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    notice_id: int = Field(sa_type=Key, foreign_key="notices_notice.id")
    position: int
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    first_person_id: int = Field(sa_type=Key, foreign_key="identity_person.id")


class Posting(Table, table=True):
    """The sheet on the board of one level: when it went up, the last day of its period, its photo, when it came down.

    ``early`` says that it came down before its period was over: the period does not count. ``photo_id`` is an
    attachment, ``photo_hash`` the SHA-256 of its bytes, which stays when the file is deleted after its time.
    """

    __tablename__ = "notices_posting"
    __table_args__ = (
        only_one("one_standing_posting_per_level", "notice_id", "level", where="removed_on IS NULL"),
        CheckConstraint("level IN ('village', 'township', 'county')", name="level_is_known"),
        CheckConstraint("removed_on IS NULL OR removed_on >= posted_on", name="removal_follows_posting"),
        CheckConstraint("NOT early OR removal_reason <> ''", name="an_early_removal_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    notice_id: int = Field(sa_type=Key, foreign_key="notices_notice.id", index=True)
    level: str = Field(max_length=10)
    place: str = Field(max_length=80)
    posted_on: date
    ends_on: date | None = None
    photo_id: int | None = Field(default=None, sa_type=Key)
    photo_hash: bytes | None = Field(default=None, sa_type=Bytes)
    removed_on: date | None = None
    early: bool = False
    removal_reason: str = Field(default="", max_length=200)
    posted_at: datetime
    posted_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class NoticeObjection(Table, table=True):
    """What somebody says against a notice: who and what are sealed; verified until ``due_on``, decided with reasons.

    ``position`` is the line it is about; None is the whole sheet.
    """

    __tablename__ = "notices_objection"
    __table_args__ = (
        CheckConstraint("way IN ('written', 'oral')", name="way_is_known"),
        CheckConstraint("outcome IN ('', 'upheld', 'rejected')", name="outcome_is_known"),
        CheckConstraint("(outcome = '') = (decided_on IS NULL)", name="a_decision_has_a_day"),
        CheckConstraint("outcome = '' OR outcome_reason <> ''", name="a_decision_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    notice_id: int = Field(sa_type=Key, foreign_key="notices_notice.id", index=True)
    position: int | None = None
    way: str = Field(max_length=10)
    who_sealed: bytes | None = Field(default=None, sa_type=Ciphertext)
    text_sealed: bytes = Field(sa_type=Ciphertext)
    received_on: date
    due_on: date
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    outcome: str = Field(default="", max_length=10)
    outcome_reason: str = Field(default="", max_length=200)
    decided_on: date | None = None
    decided_by: int | None = Field(default=None, sa_type=Key, foreign_key="identity_account.id")
