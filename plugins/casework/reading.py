"""A case as its page shows it, read with few questions: the case, everything that hangs on it, its notices."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, or_, select

from core.api import NotFound, Question, UnitOfWork, _, attachment_lines, columns, row_id
from plugins.casework.api import CaseFacts
from plugins.casework.belonging import BELONGING
from plugins.casework.clocks import Clock, clocks_of, review_light
from plugins.casework.computing import kept_computation
from plugins.casework.facts import made_facts
from plugins.casework.flow import Flow, read_flow
from plugins.casework.models import Case
from plugins.casework.moves import SHOW
from plugins.casework.queries import steps_of
from plugins.casework.services.effects import FINDINGS
from plugins.casework.tables_behind import AREA, HOUSEHOLD, PERSON
from plugins.notices.api import NoticeStanding, standing_of

if TYPE_CHECKING:
    from collections.abc import Collection

_CASE = columns(Case)
_ONE = Question(
    select(
        _CASE,
        PERSON.c.name.label("applicant"),
        AREA.c.name.label("place"),
        HOUSEHOLD.c.number.label("household_number"),
    )
    .join(PERSON, PERSON.c.id == _CASE.applicant_id)
    .join(HOUSEHOLD, HOUSEHOLD.c.id == _CASE.household_id)
    .outerjoin(AREA, AREA.c.code == _CASE.area)
    .where(or_(_CASE.number == bindparam("number"), _CASE.id == bindparam("id")))
)


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """A case with everything that hangs on it. ``case`` is its row with the names of applicant, place and household.

    ``parts`` are the rows of ``belonging.BELONGING`` by kind, in the order they came to be; ``photos`` the pictures of
    its visits for who may open files; ``explanation`` the lines of the computation that was proposed.
    """

    case: Any
    flow: Flow
    facts: CaseFacts
    clock: Clock
    review_light: str
    parts: Mapping[str, Sequence[Any]]
    notices: Sequence[NoticeStanding]
    photos: Sequence[Mapping[str, Any]]
    explanation: Sequence[Mapping[str, str]]
    steps: Sequence[Mapping[str, Any]]

    @property
    def number(self) -> str:
        """The number of the case."""
        return self.case.number

    @property
    def path(self) -> str:
        """The address of its page."""
        return f"/casework/cases/{self.case.number}"

    @property
    def members(self) -> Sequence[Any]:
        """Who is counted now."""
        return [one for one in self.parts["member"] if one.day3 is None]


def own_row(work: UnitOfWork, text: str, permission: str = SHOW) -> Any:
    """The row of a case by number or id in the areas of a right; raises ``NotFound``. It writes nothing."""
    work.require(permission)
    wanted = text.strip()
    number = row_id(wanted)
    row = next(iter(work.ask(_ONE, number=wanted.upper(), id=number)), None)
    if row is None or not work.may(permission, row.area):
        raise NotFound(_("没有找到这件申请，或不在你的辖区"))
    return row


def case_file(work: UnitOfWork, text: str, *, pictures: bool = True) -> CaseFile:
    """One case in full for its page or its papers; that it was read is recorded."""
    row = own_row(work, text)
    work.record_read("casework.case_read", f"case:{row.number}", area=row.area)
    parts: defaultdict[str, list[Any]] = defaultdict(list)
    for one in sorted(work.ask(BELONGING, case=row.id), key=lambda part: (part.what, part.day or date.max, part.id)):
        parts[one.what].append(one)
    parts["event"].sort(key=lambda one: one.id)
    flow = read_flow(row.flow).without(bool(row.urgent_order))
    taken = any(one.figure for one in parts["visit"])
    events = [{"event": one.word1, "to": one.word3, "on": one.day, "by": one.who} for one in parts["event"]]
    return CaseFile(
        case=row,
        flow=flow,
        facts=made_facts(row, _counted(parts["member"])),
        clock=clocks_of(work, [row])[0],
        review_light=review_light(work, row.review_due_on),
        parts=parts,
        notices=standing_of(work, f"case:{row.number}", work.today),
        photos=_photos(work, row) if pictures and taken else (),
        explanation=kept_computation(row).get("lines", ()),
        steps=steps_of(flow, row, events),
    )


def findings(work: UnitOfWork, visit: Any) -> str:
    """What a visit saw, "" when nothing was written down."""
    return work.keys.unseal(FINDINGS, visit.id, visit.sealed) if visit.sealed else ""


def data_of(event: Any) -> Mapping[str, Any]:
    """What a step was taken with."""
    found: Mapping[str, Any] = json.loads(event.text2 or "{}")
    return found


def last_event(file: CaseFile, *names: str) -> Any:
    """The last step of some kinds; None when none was taken."""
    return next((one for one in reversed(file.parts["event"]) if one.word1 in names), None)


def _counted(members: "Collection[Any]") -> Sequence[int]:
    return [one.id for one in members if one.day3 is None]


def _photos(work: UnitOfWork, row: Any) -> Sequence[Mapping[str, Any]]:
    if not work.may("attachment.show", row.area):
        return ()
    lines = attachment_lines(work, f"case:{row.number}")
    return [one for one in reversed(lines) if str(one["media_type"]).startswith("image/")]
