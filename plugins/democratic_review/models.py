"""What is kept of panels and ballots: who sits, who was present, the counts. Never who voted how."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from core.api import Bytes, Key, Table, only_one
from plugins.democratic_review.words import EVIDENCE, GROUNDS, KINDS, SEXES, SOURCES, SUBJECTS, VIOLATIONS


def _one_of(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(one) for one in values)})"


class Panel(Table, table=True):
    """The appraisal panel of a village (12 digits) for a term. A new one supersedes the standing one."""

    __tablename__ = "democratic_review_panel"
    __table_args__ = (
        only_one("one_standing_panel_per_village", "area", where="superseded_on IS NULL"),
        CheckConstraint("term_to > term_from", name="a_term_ends_after_it_begins"),
        CheckConstraint("superseded_on IS NULL OR superseded_on >= term_from", name="a_panel_is_superseded_later"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    area: str = Field(max_length=12, index=True)
    term_from: date
    term_to: date = Field(index=True)
    elected_on: date | None = None
    document: str = Field(default="", max_length=120)
    superseded_on: date | None = None
    set_at: datetime
    set_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Member(Table, table=True):
    """Somebody on a panel since a day; ``person_id`` is who they are in the registry, ``replaces`` whom they follow."""

    __tablename__ = "democratic_review_member"
    __table_args__ = (
        CheckConstraint(_one_of("kind", KINDS), name="kind_of_member_is_known"),
        CheckConstraint(_one_of("sex", SEXES), name="sex_is_known"),
        CheckConstraint("name <> ''", name="a_member_has_a_name"),
        CheckConstraint("until IS NULL OR (until >= since AND reason <> '')", name="who_leaves_has_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    panel_id: int = Field(sa_type=Key, foreign_key="democratic_review_panel.id", index=True)
    name: str = Field(max_length=50)
    person_id: int | None = Field(default=None, sa_type=Key, foreign_key="identity_person.id", index=True)
    sex: str = Field(max_length=6)
    kind: str = Field(max_length=16)
    since: date
    until: date | None = None
    reason: str = Field(default="", max_length=200)
    replaces: int | None = Field(default=None, sa_type=Key, foreign_key="democratic_review_member.id")


class Relative(Table, table=True):
    """A near relative a member has declared: when this person is counted in a case, the member leaves."""

    __tablename__ = "democratic_review_relative"
    __table_args__ = (UniqueConstraint("member_id", "person_id", name="a_member_declares_a_relative_once"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    member_id: int = Field(sa_type=Key, foreign_key="democratic_review_member.id")
    person_id: int = Field(sa_type=Key, foreign_key="identity_person.id", index=True)
    relation: str = Field(max_length=20)
    declared_on: date
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Entry(Table, table=True):
    """A case that reached the step of the panel on a day, and left it again. One row for each time it came."""

    __tablename__ = "democratic_review_entry"
    __table_args__ = (
        only_one("a_case_waits_once", "case_id", where="left_on IS NULL"),
        Index("ix_democratic_review_entry_area_left_on", "area", "left_on"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    case_id: int = Field(sa_type=Key, index=True)
    number: str = Field(max_length=30)
    type: str = Field(max_length=40)
    area: str = Field(max_length=12)
    state: str = Field(max_length=20)
    since: date
    left_on: date | None = None


class Session(Table, table=True):
    """A meeting at which a panel voted: where, when, under whose eyes. Append-only."""

    __tablename__ = "democratic_review_session"
    __table_args__ = (
        CheckConstraint("observer <> ''", name="a_township_officer_was_present"),
        CheckConstraint("present >= 1 AND present <= seats", name="no_more_present_than_seats"),
        Index("ix_democratic_review_session_area_held_on", "area", "held_on"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    area: str = Field(max_length=12)
    panel_id: int = Field(sa_type=Key, foreign_key="democratic_review_panel.id")
    held_on: date
    place: str = Field(default="", max_length=80)
    observer: str = Field(max_length=50)
    scrutineer: str = Field(default="", max_length=50)
    seats: int
    present: int
    announced: bool
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Attendance(Table, table=True):
    """A member who was present. Append-only."""

    __tablename__ = "democratic_review_attendance"

    session_id: int = Field(sa_type=Key, foreign_key="democratic_review_session.id", primary_key=True)
    member_id: int = Field(sa_type=Key, foreign_key="democratic_review_member.id", primary_key=True)


class Item(Table, table=True):
    """One vote: its subject and its counts. Append-only; a wrong one is followed by one that names it in ``replaces``.

    ``subject`` is ``case:<number>`` or the words of a list; ``entry_id`` the time the case stood before the panel.
    ``voters`` were present and not recused, ``base`` is the panel without the recused. ``quorum`` and ``pass_ratio``
    are the policy of the day. ``round`` counts the votes on one subject.
    """

    __tablename__ = "democratic_review_item"
    __table_args__ = (
        UniqueConstraint("replaces", name="a_vote_is_replaced_once"),
        only_one("one_vote_of_a_case_a_round", "entry_id", "round", where="replaces IS NULL AND entry_id IS NOT NULL"),
        only_one("one_vote_of_a_list_a_round", "subject", "round", where="replaces IS NULL AND entry_id IS NULL"),
        CheckConstraint(_one_of("kind", SUBJECTS), name="kind_of_subject_is_known"),
        CheckConstraint(
            "issued >= 0 AND returned >= 0 AND valid >= 0 AND invalid >= 0 AND agree >= 0 AND disagree >= 0"
            " AND abstain >= 0 AND recused >= 0",
            name="counts_are_not_negative",
        ),
        CheckConstraint("issued <= voters", name="no_more_ballots_than_voters"),
        CheckConstraint("returned <= issued", name="no_more_returned_than_issued"),
        CheckConstraint("valid + invalid = returned", name="every_ballot_is_valid_or_not"),
        CheckConstraint("agree + disagree + abstain = valid", name="every_valid_ballot_is_counted_once"),
        CheckConstraint("voters >= 1 AND voters <= base", name="voters_sit_on_the_panel"),
        CheckConstraint("kind <> 'case' OR entry_id IS NOT NULL", name="a_case_stood_before_the_panel"),
        CheckConstraint("ground = '' OR " + _one_of("ground", GROUNDS), name="ground_is_known"),
        CheckConstraint("round = 1 OR (ground <> '' AND reason <> '')", name="a_second_vote_has_a_ground"),
        CheckConstraint("replaces IS NULL OR replaced_why <> ''", name="a_replacement_has_a_reason"),
        Index("ix_democratic_review_item_scheme_area", "scheme", "area"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    session_id: int = Field(sa_type=Key, foreign_key="democratic_review_session.id", index=True)
    area: str = Field(max_length=12, index=True)
    held_on: date = Field(index=True)
    kind: str = Field(max_length=16)
    subject: str = Field(max_length=240, index=True)
    title: str = Field(max_length=120)
    case_number: str = Field(default="", max_length=30)
    entry_id: int | None = Field(default=None, sa_type=Key, foreign_key="democratic_review_entry.id", index=True)
    scheme: str = Field(default="", max_length=40)
    reference: str = Field(default="", max_length=80)
    recused: int
    voters: int
    base: int
    issued: int
    returned: int
    valid: int
    invalid: int
    agree: int
    disagree: int
    abstain: int
    quorum: str = Field(max_length=12)
    pass_ratio: str = Field(max_length=12)
    passed: bool
    round: int = 1
    ground: str = Field(default="", max_length=12)
    reason: str = Field(default="", max_length=200)
    replaces: int | None = Field(default=None, sa_type=Key, foreign_key="democratic_review_item.id")
    replaced_why: str = Field(default="", max_length=200)


class Recusal(Table, table=True):
    """A member who left before a vote, and why. Append-only."""

    __tablename__ = "democratic_review_recusal"

    item_id: int = Field(sa_type=Key, foreign_key="democratic_review_item.id", primary_key=True)
    member_id: int = Field(sa_type=Key, foreign_key="democratic_review_member.id", primary_key=True)
    relation: str = Field(max_length=20)


class Evidence(Table, table=True):
    """The signed record or a photo of a meeting: an attachment of ``ballot:<session>`` and its SHA-256. Append-only."""

    __tablename__ = "democratic_review_evidence"
    __table_args__ = (CheckConstraint(_one_of("kind", EVIDENCE), name="kind_of_evidence_is_known"),)

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    session_id: int = Field(sa_type=Key, foreign_key="democratic_review_session.id", index=True)
    kind: str = Field(max_length=8)
    attachment_id: int = Field(sa_type=Key)
    content_hash: bytes = Field(sa_type=Bytes)
    added_at: datetime
    added_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Posting(Table, table=True):
    """The day and place at which the result of a meeting was posted. Append-only."""

    __tablename__ = "democratic_review_posting"

    session_id: int = Field(sa_type=Key, foreign_key="democratic_review_session.id", primary_key=True)
    posted_on: date
    place: str = Field(default="", max_length=80)
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")


class Violation(Table, table=True):
    """A village that decided or paid a list without a valid ballot, in a quarter (2026-Q1); lifted with a reason."""

    __tablename__ = "democratic_review_violation"
    __table_args__ = (
        UniqueConstraint("area", "kind", "subject", name="a_violation_is_entered_once"),
        CheckConstraint(_one_of("kind", VIOLATIONS), name="kind_of_violation_is_known"),
        CheckConstraint(_one_of("source", SOURCES), name="source_is_known"),
        CheckConstraint("source <> 'entered' OR document <> ''", name="who_enters_names_a_document"),
        CheckConstraint("lifted_on IS NULL OR lifted_why <> ''", name="a_violation_is_lifted_for_a_reason"),
    )

    id: int | None = Field(default=None, sa_type=Key, primary_key=True)
    area: str = Field(max_length=12, index=True)
    quarter: str = Field(max_length=7, index=True)
    kind: str = Field(max_length=8)
    subject: str = Field(max_length=120)
    scheme: str = Field(default="", max_length=40)
    source: str = Field(max_length=8)
    document: str = Field(default="", max_length=120)
    note: str = Field(default="", sa_type=Text)
    found_on: date
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
    lifted_on: date | None = None
    lifted_why: str = Field(default="", max_length=200)


class Score(Table, table=True):
    """What a village scored in a quarter's assessment, in hundredths of a point."""

    __tablename__ = "democratic_review_score"
    __table_args__ = (CheckConstraint("hundredths >= 0", name="a_score_is_not_negative"),)

    area: str = Field(max_length=12, primary_key=True)
    quarter: str = Field(max_length=7, primary_key=True)
    hundredths: int
    document: str = Field(default="", max_length=120)
    recorded_at: datetime
    recorded_by: int = Field(sa_type=Key, foreign_key="identity_account.id")
