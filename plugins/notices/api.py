"""What dependents may import: the types of notices and public pages, and the acts on a notice.

Acts ask for the actor's right in the notice's area; questions (``is_complete`` and the like) leave that to the caller.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.api import mark

if TYPE_CHECKING:
    from core.api import Sheet, UnitOfWork

Level = Literal["village", "township", "county"]
Rule = Literal["name", "case_number", "area", "group", "count", "money", "month", "date", "word"]


@dataclass(frozen=True, kw_only=True)
class NoticeColumn:
    """One column of a public list; ``rule`` fixes what may stand in it and how it is written.

    ``name`` the masked name of the row's person (never a text of the plugin's) · ``case_number`` · ``area`` a code,
    written as its name · ``group`` a village group's number · ``count`` · ``money`` in fen · ``month`` YYYY-MM ·
    ``date`` · ``word`` a key of ``words``, a closed vocabulary. ``total`` adds the column up in the sum row.
    """

    name: str
    title: str
    rule: Rule
    words: Mapping[str, str] = field(default_factory=dict)
    total: bool = False


@dataclass(frozen=True, kw_only=True)
class NoticeType:
    """A kind of notice a plugin opens, named ``<plugin>.<word>``. Its texts are printed in Chinese as they stand.

    ``intro`` is the paragraph above the list; it may hold ``{count}``, the number of lines. ``rounds`` titles each
    round ("第一次公示"). ``office`` is the level that signs. ``levels_key`` and ``days_key`` name the policies for the
    boards and the days; ``long_term`` stands for as long as the benefit runs instead. ``sensitive`` (or a plugin that
    declares itself so) allows case numbers and amounts only.
    """

    name: str
    title: str
    columns: Sequence[NoticeColumn]
    intro: str = ""
    rounds: Mapping[int, str] = field(default_factory=dict)
    office: Level = "township"
    levels_key: str = "notice.levels"
    days_key: str = "workflow.notice_days"
    long_term: bool = False
    sensitive: bool = False


class NoticeRow(BaseModel):
    """One line: values by column name, and whose line it is; a ``name`` column is filled from the person."""

    model_config = ConfigDict(frozen=True)

    person_id: int | None = None
    values: Mapping[str, Any] = Field(default_factory=dict)


class NewNotice(BaseModel):
    """What a sheet is made of. ``area`` is where it is published; ``levels`` narrows the policy's for one opening.

    ``subject`` is the opener's own word for what it is about (``case:7``); it is not printed.
    """

    model_config = ConfigDict(frozen=True)

    type: str = Field(min_length=1, max_length=80, title=mark("公示种类"))
    area: str = Field(pattern=r"^\d{6}(\d{3}(\d{3})?)?$", title=mark("区划"))
    rows: tuple[NoticeRow, ...] = Field(min_length=1, max_length=2000, title=mark("名单"))
    scheme: str = Field(default="", max_length=80, title=mark("业务"))
    period: str = Field(default="", pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$", title=mark("月份"))
    round: int = Field(default=1, ge=1, le=9, title=mark("第几次公示"))
    subject: str = Field(default="", max_length=80)
    levels: tuple[Level, ...] | None = Field(default=None, title=mark("张贴层级"))


@dataclass(frozen=True, kw_only=True)
class PublicPage:
    """A list that anybody may read on the public application, named ``<plugin>.<word>``; masked like a notice.

    ``note`` is one sentence under the list. ``order`` sorts the pages.
    """

    name: str
    title: str
    columns: Sequence[NoticeColumn]
    rows: Sequence[NoticeRow] = ()
    note: str = ""
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class Unfinished:
    """Why a level holds a notice up: nothing posted, no photo, or the period still runs until ``ends_on``."""

    level: str
    why: Literal["not_posted", "no_photo", "running"]
    ends_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Completion:
    """Whether the next step may be taken on a day. ``from_day`` is the first day it may, None while that is unknown.

    ``struck`` are lines (from 1) against which an objection was upheld: they go back, the others go on.
    """

    complete: bool
    from_day: date | None
    unfinished: Sequence[Unfinished] = ()
    objections_open: int = 0
    struck: Sequence[int] = ()
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class LevelStanding:
    """One level of a notice: what holds it up ("" = its period is over), and the sheet that hangs there."""

    level: str
    why: str
    place: str = ""
    posted_on: date | None = None
    ends_on: date | None = None
    photo: int | None = None
    proven: bool = False


@dataclass(frozen=True, kw_only=True)
class NoticeStanding:
    """A notice as it stands on a day, with its levels; ``upheld`` objections, those open, and those in all."""

    id: int
    number: str
    round: int
    round_title: str
    state: str
    days: int
    opened_on: date
    levels: Sequence[LevelStanding]
    objections: int
    objections_open: int
    upheld: int
    complete: bool
    from_day: date | None


@dataclass(frozen=True, kw_only=True)
class RoundCount:
    """Notices of one round: how many, how many of them hung on every board with proof, objections, those upheld."""

    round: int
    notices: int
    proven: int
    objections: int
    upheld: int


@dataclass(frozen=True, kw_only=True)
class ObjectionDecided:
    """What ``notices_objection_decided`` tells: which notice (and whose subject), upheld or not, on which day.

    ``position`` is the line (from 1) it was about, with its person; None is the whole sheet, which is then withdrawn.
    """

    notice_id: int
    type: str
    subject: str
    area: str
    objection_id: int
    position: int | None
    person_id: int | None
    upheld: bool
    reason: str
    on: date


def open_notice(work: "UnitOfWork", wish: NewNotice) -> int:
    """Freeze a sheet and give it number and check code; answers its id.

    Refused whole: ``E_MINOR_PUBLIC`` (a minor, an unknown birth date, a sensitive type with more than case numbers and
    amounts), ``E_NOTICE_FIELD`` (anything closed, or not what its column allows), ``E_NOTICE_TYPE``.
    """
    from plugins.notices.services import open_notice as act

    return act(work, wish).id or 0


def withdraw_notice(work: "UnitOfWork", notice_id: int, reason: str) -> None:
    """Take a notice back: it counts for nothing, and the check says that it was withdrawn."""
    from plugins.notices.services import withdraw_notice as act

    act(work, notice_id, reason)


def is_complete(work: "UnitOfWork", notice_id: int, on: date) -> Completion:
    """Whether every level's period is over on a day, with photo, and no objection stands against it."""
    from plugins.notices.periods import completion

    return completion(work, notice_id, on)


def require_complete(work: "UnitOfWork", notice_id: int, on: date) -> None:
    """Go on only with a complete notice; refused with ``E_NOTICE_SHORT`` (level and day) or ``E_NOTICE_OBJECTION``."""
    from plugins.notices.periods import require_complete as act

    act(work, notice_id, on)


def objections_open(work: "UnitOfWork", notice_id: int) -> int:
    """How many objections to a notice are not decided yet."""
    from plugins.notices.periods import objections_open as count

    return count(work, notice_id)


def notices_of(work: "UnitOfWork", subject: str) -> list[int]:
    """The ids of the notices that were opened for a subject (``case:7``), oldest first, withdrawn ones too."""
    from plugins.notices.queries import ids_of

    return ids_of(work, subject)


def standing_of(work: "UnitOfWork", subject: str, on: date) -> Sequence[NoticeStanding]:
    """The notices of a subject with all their levels, oldest first, as they stand on a day; one question in all."""
    from plugins.notices.standing import standing_of as act

    return act(work, subject, on)


def round_counts(work: "UnitOfWork", subjects: str, first: date, last: date, area: str = "") -> Sequence[RoundCount]:
    """By round, the notices opened in some days for subjects that begin so, in the areas of who may see notices."""
    from plugins.notices.standing import round_counts as act

    return act(work, subjects, (first, last), area)


def notice_sheet(work: "UnitOfWork", notice_id: int) -> "Sheet":
    """The sheet of a notice as it is posted, for who may see it; that it was printed is recorded."""
    from plugins.notices.queries import own_notice
    from plugins.notices.sheets import sheet_of

    notice = own_notice(work, notice_id)
    work.record_read("notices.printed", f"notice:{notice_id}", area=notice.area)
    return sheet_of(work, notice)


def office_name(work: "UnitOfWork", area: str) -> str:
    """The name under which the office of a division signs: as the county set it, else made from the area's name."""
    from plugins.notices.sheets import office_of

    return office_of(work, area).name


def mask_name(name: str) -> str:
    """A name as it may stand in public: 陈*强, 吴*, 欧阳*明."""
    from plugins.notices.masking import mask_name as act

    return act(name)
