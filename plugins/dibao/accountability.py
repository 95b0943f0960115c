"""Who answers for a wrong approval: the officers of every step, how it came to light, and the money."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Period, Suspicion, _, area_names, format_money, lines_of_beneficiaries
from plugins.casework.api import CaseFacts, CaseOfficer, facts_of_cases, officers_of, wrong_inspections
from plugins.dibao.models import Award
from plugins.dibao.words import ERRORS, SCHEME

if TYPE_CHECKING:
    from core.api import UnitOfWork

ACCOUNT = "dibao.hold_to_account"
_CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class WrongApproval:
    """A family that was approved wrongly: ``kind`` says how it came to light, ``amount_fen`` what was paid wrongly."""

    case: CaseFacts
    kind: str
    found_on: date
    amount_fen: int
    note: str
    place: str
    officers: Sequence[CaseOfficer]


@dataclass(frozen=True)
class _Found:
    case_id: int
    kind: str
    on: date
    fen: int
    note: str


def wrong_approvals(work: "UnitOfWork", month: str = "") -> list[WrongApproval]:
    """Wrong approvals that came to light in a month (all), oldest first, in the reader's areas; it is recorded."""
    work.require(ACCOUNT)
    found = [one for one in _all(work, month) if work.may(ACCOUNT, one.case.area)]
    work.record_read("dibao.accountability_read", "dibao:list", month=month, count=len(found))
    return found


def suspicions(work: "UnitOfWork", period: str) -> Iterator[Suspicion]:
    """What the internal audit asks of a month, as ``Detector.find``."""
    for one in _all(work, period):
        reason = _("{kind}，涉及 {amount} 元；经办：{officers}", kind=_(ERRORS[one.kind]),
                   amount=format_money(one.amount_fen), officers=said(one.officers))  # fmt: skip
        yield Suspicion(subject=f"case:{one.case.number}", area=one.case.area, amount_fen=one.amount_fen, reason=reason)


def account_rows(work: "UnitOfWork", month: str | None = None) -> Iterator[tuple[Any, ...]]:
    """The report."""
    for one in wrong_approvals(work, month or ""):
        title = _(ERRORS[one.kind])
        yield one.case.number, one.place, title, one.found_on, one.amount_fen, said(one.officers), one.note


def as_data(one: WrongApproval) -> dict[str, Any]:
    """A wrong approval as machines and pages read it."""
    return {
        "case": one.case.number,
        "area": one.case.area,
        "place": one.place,
        "kind": one.kind,
        "kind_title": _(ERRORS[one.kind]),
        "found_on": one.found_on,
        "amount_fen": one.amount_fen,
        "note": one.note,
        "officers": [
            {"event": each.event, "title": each.title, "on": each.on, "name": each.name} for each in one.officers
        ],
        "officers_said": said(one.officers),
    }


def said(officers: Sequence[CaseOfficer]) -> str:
    """The chain in words: each step with who took it."""
    return "；".join(_("{step} {name}", step=one.title, name=one.name) for one in officers)


def _all(work: "UnitOfWork", month: str) -> list[WrongApproval]:
    first, last = (Period(month).first_day, Period(month).last_day) if month else (None, None)
    inspected = [
        _Found(one.case_id, one.why, one.on, one.wrong_fen, one.note)
        for one in wrong_inspections(work, SCHEME, first, last)
    ]
    found = [*inspected, *_undeserved(work, (first, last), {one.case_id for one in inspected})]
    ids = [one.case_id for one in found]
    cases, officers = facts_of_cases(work, ids), officers_of(work, ids)
    places = area_names(work, {one.area for one in cases.values()})
    return [
        WrongApproval(
            case=cases[one.case_id],
            kind=one.kind,
            found_on=one.on,
            amount_fen=one.fen,
            note=one.note,
            place=places.get(cases[one.case_id].area, cases[one.case_id].area),
            officers=officers.get(one.case_id, ()),
        )
        for one in sorted(found, key=lambda one: (one.on, one.case_id))
    ]


def _undeserved(work: "UnitOfWork", days: tuple[date | None, date | None], known: "set[int]") -> Iterator[_Found]:
    """Awards stopped from a month that had already come, though somebody of the family is there: paid undeservedly."""
    newest = select(col(Award.case_id), func.max(col(Award.version)).label("version")).group_by(col(Award.case_id))
    last = newest.subquery("last")
    asked = (
        select(Award)
        .join(last, (col(Award.case_id) == last.c.case_id) & (col(Award.version) == last.c.version))
        .where(col(Award.outcome) == "stopped")
    )
    first_day, last_day = days
    if first_day is not None and last_day is not None:
        asked = asked.where(col(Award.decided_on) >= first_day, col(Award.decided_on) <= last_day)
    rows = [
        one
        for one in work.session.scalars(asked)
        if one.effective_month <= Period.of(one.decided_on) and one.case_id not in known
    ]
    cases = facts_of_cases(work, [one.case_id for one in rows])
    paid: defaultdict[int, int] = defaultdict(int)
    since = {one.enrolment_id: one.effective_month for one in rows}
    for line in lines_of_beneficiaries(work, SCHEME, [one.group_id for one in cases.values()]):
        if line.state != _CANCELLED and line.source_id in since and line.for_month >= since[line.source_id]:
            paid[line.source_id] += line.amount_fen
    for one in rows:
        if cases[one.case_id].member_ids and paid[one.enrolment_id]:
            yield _Found(one.case_id, "undeserved", one.decided_on, paid[one.enrolment_id], one.reason)
