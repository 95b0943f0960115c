"""What dibao objects to: steps of its cases, standards typed wrongly, families that overlap. It only looks."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from core.api import Objection, RowObjection, _
from plugins.benefits.api import enrolments_of, excluded_people
from plugins.casework.api import open_case_of
from plugins.dibao import codes
from plugins.dibao.awards import newest
from plugins.dibao.computing import assess_case
from plugins.dibao.explaining import reason_of
from plugins.dibao.reading import declared_since
from plugins.dibao.words import SCHEME

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.benefits.api import Enrolments, NewStandard
    from plugins.casework.api import CaseStep

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def objections(work: "UnitOfWork", step: "CaseStep") -> Iterator[Objection]:
    """What stands against a step of a dibao case."""
    if step.case.type != SCHEME:
        return
    if step.event == "submit" and work.policy("dibao.excluded_members", on=step.on, area=step.case.area) == "refuse":
        month = step.on.isoformat()[:7]
        if excluded_people(work, SCHEME, step.case.area_kind, step.case.member_ids, month):
            yield Objection(reason=_(codes.TITLES[codes.EXCLUDED]), field="event", code=codes.EXCLUDED)
    if step.event == "phase_out":
        found, _rules = assess_case(work, step.case, step.on)
        if not found.phase_out:
            words = _("不符合渐退条件：{reason}", reason=reason_of(found) or _("仍符合低保条件"))
            yield Objection(reason=words, field="event", code=found.code or codes.INCOME)
    if step.event == "review":
        yield from _too_early(work, step)


def _too_early(work: "UnitOfWork", step: "CaseStep") -> Iterator[Objection]:
    """Inside the period of its class an amount changes only when the situation did (民发〔2021〕57号)."""
    case, due = step.case, step.case.review_due_on
    said = step.data.get("reason") or step.data.get("kind", "regular") != "regular"
    if due is None or step.on >= due or said:
        return
    award = newest(work, case.id)
    if award is None or declared_since(work, case.id, award.decided_at):
        return
    found, _rules = assess_case(work, replace(case, counted_on=step.on), step.on)
    if found.total_fen != (case.monthly_fen or 0):
        words = _("还没有到复核期限（{day}），申报情况没有变化的不变动金额；情况明显变化的请写明", day=due)
        yield Objection(reason=words, field="reason", code=codes.CLASS_DUE)


def unit_objections(work: "UnitOfWork", standard: "NewStandard") -> Iterator[Objection]:
    """A yearly figure typed in a monthly field: more than so many times the average of the province."""
    if standard.scheme != SCHEME:
        return
    average = work.policy(f"dibao.provincial_standard_{standard.category}")
    factor = work.policy("dibao.unit_guard")
    if average and standard.amount_fen > factor * average * _MONTHS[standard.unit]:
        words = _(codes.TITLES[codes.UNIT], factor=factor)
        hint = _("按年公布的标准请加 --unit year")
        yield Objection(reason=words, field="amount", code=codes.UNIT, hint=hint)


def overlapping(work: "UnitOfWork", enrolments: "Enrolments") -> Iterator[RowObjection]:
    """A person who is counted in another family of dibao, applying or in payment (``E_FAM_OVERLAP``)."""
    rows = zip(
        enrolments.schemes.tolist(),
        enrolments.ids.tolist(),
        enrolments.person_ids.tolist(),
        enrolments.group_ids.tolist(),
        enrolments.from_months.tolist(),
        strict=True,
    )
    for row, (scheme, number, person, group, since) in enumerate(rows):
        if scheme != SCHEME:
            continue
        others = (one for one in enrolments_of(work, [person], SCHEME) if one["id"] != number)
        paid = any(one["to_month"] is None or one["to_month"] >= since for one in others)
        case = open_case_of(work, person, SCHEME)
        if paid or (case is not None and case.group_id != group):
            words = _(codes.TITLES[codes.OVERLAP])
            yield RowObjection(row=row, reason=words, column="citizen_id", code=codes.OVERLAP)
