"""Questions about families and awards: only reads, always within the areas of who asks."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlmodel import col

from core.api import NotFound, Period, Question, UnitOfWork, _, area_names, columns, facts_of, scoped
from plugins.casework.api import CaseFacts, facts_of_cases, find_case
from plugins.dibao import codes
from plugins.dibao.computing import compute, overdue
from plugins.dibao.explaining import shown
from plugins.dibao.models import (
    Assessment,
    Award,
    Calculation,
    ExpenditureItem,
    IncomeItem,
    MarginFamily,
    Obligor,
    PriceMonth,
    PropertyItem,
)
from plugins.dibao.reading import current_rows
from plugins.dibao.sealed import unseal
from plugins.dibao.services.calculating import figures
from plugins.dibao.words import AREA_KINDS, SCHEME

SHOW = "dibao.show"
ASSESS = "dibao.assess"
_PAID = ("granted", "changed", "resumed", "reinstated", "raised", "phasing_out")
_ITEM, _KEPT = columns(IncomeItem), columns(Calculation)
_INCOME_NOW: Select[Any] = (
    select(
        _ITEM.id, _ITEM.person_id, _ITEM.type, _ITEM.amount_fen, _ITEM.months, _ITEM.excluded, _ITEM.title,
        _ITEM.ground, _ITEM.evidence, _ITEM.checked_fen,
    )
    .where(_ITEM.case_id == bindparam("case"), _ITEM.dropped_at.is_(None))
    .order_by(_ITEM.id)
)  # fmt: skip
_CALCULATED: Select[Any] = select(_KEPT.data, _KEPT.made_at).where(_KEPT.case_id == bindparam("case"))
_INCOME, _CALCULATION = Question(_INCOME_NOW), Question(_CALCULATED)
"""Asked at every page of a case."""


@dataclass(frozen=True, kw_only=True)
class AwardFilter:
    """Which families in payment: by kind, class and area; ``after`` goes on behind a case."""

    category: str = ""
    review_class: str = ""
    area: str = ""
    after: int = 0
    limit: int = 50


def computed(work: UnitOfWork, number: str) -> dict[str, Any]:
    """What a case comes to today; not eligible is an answer."""
    work.require(SHOW)
    case = dibao_case(work, number, SHOW)
    found = figures(compute(work, case, work.today))
    late = overdue(work, case)
    warnings = [*found["warnings"], *([{"code": codes.CLASS_DUE, "reason": late}] if late else [])]
    return {"case": case.number, "state": case.state, **found, "warnings": warnings}


def dibao_case(work: UnitOfWork, number: str, right: str = SHOW) -> CaseFacts:
    """A dibao case by its number, in the areas of a right."""
    case = find_case(work, number, right)
    if case.type != SCHEME:
        raise NotFound(_("没有找到这件申请，或不在你的辖区"))
    return case


def income_rows(work: UnitOfWork, case_id: int) -> list[Any]:
    """The items of income a case declares now, by one question."""
    return work.ask(_INCOME, case=case_id)


def kept_calculation(work: UnitOfWork, case_id: int) -> dict[str, Any]:
    """The newest calculation that was kept; {} before the first."""
    row = next(iter(work.ask(_CALCULATION, case=case_id)), None)
    return {**json.loads(row.data), "made_at": row.made_at} if row is not None else {}


def show_family(work: UnitOfWork, number: str) -> dict[str, Any]:
    """Everything declared of a family, its awards and what it comes to. That it was read is recorded."""
    found = computed(work, number)
    case = dibao_case(work, number)
    work.record_read("dibao.family_read", f"case:{case.number}", area=case.area)
    names = facts_of(work, [*case.member_ids, *(one.person_id for one in income_rows(work, case.id))])
    said = {one.person_id: one for one in current_rows(work, Assessment, case.id)}

    def name(person: int) -> str:
        return names[person].name if person in names else ""

    return {
        **found,
        "area": case.area,
        "area_kind": case.area_kind,
        "members_listed": [_member(work, person, name(person), said.get(person)) for person in case.member_ids],
        "income": [{**row._asdict(), "name": name(row.person_id)} for row in income_rows(work, case.id)],
        "property": [
            {
                "name": name(one.person_id),
                "type": one.type,
                "value_fen": one.value_fen,
                "checked_fen": one.checked_fen,
                "exempt": one.exempt,
            }
            for one in current_rows(work, PropertyItem, case.id)
        ],
        "expenditure": [
            {"name": name(one.person_id), "type": one.type, "amount_fen": one.amount_fen, "months": one.months}
            for one in current_rows(work, ExpenditureItem, case.id)
        ],
        "obligors": [
            {
                "name": one.name,
                "relation": one.relation,
                "members": one.members,
                "income_fen": one.income_fen,
                "supports": one.supports,
                "agreed_fen": one.agreed_fen,
            }
            for one in current_rows(work, Obligor, case.id)
        ],
        "awards": [award_line(one) for one in awards_of(work, case.id)],
    }


def awards_of(work: UnitOfWork, case_id: int) -> Sequence[Award]:
    """Every award of a case, newest first."""
    asked = select(Award).where(col(Award.case_id) == case_id).order_by(col(Award.version).desc())
    return work.session.scalars(asked).all()


def award_line(one: Award) -> dict[str, Any]:
    """An award as a list shows it."""
    return {
        "version": one.version,
        "outcome": one.outcome,
        "effective_month": one.effective_month,
        "until_month": one.until_month,
        "members": one.members,
        "per_capita": shown(Fraction(one.per_capita_num, one.per_capita_den)),
        "before_fen": one.before_fen,
        "total_fen": one.total_fen,
        "class": one.review_class,
        "reason": one.reason,
        "digest": one.digest,
        "decided_on": one.decided_on,
    }


def newest_awards(month: str) -> Any:
    """A select of the award that holds for each case in a month."""
    holding = (
        select(col(Award.case_id), func.max(col(Award.version)).label("version"))
        .where(col(Award.effective_month) <= month)
        .group_by(col(Award.case_id))
        .subquery("holding")
    )
    return (
        select(Award)
        .join(holding, (col(Award.case_id) == holding.c.case_id) & (col(Award.version) == holding.c.version))
        .where(
            col(Award.outcome).in_(_PAID),
            (col(Award.until_month) == "") | (col(Award.until_month) >= month),
            col(Award.total_fen) > 0,
        )
    )


def families(work: UnitOfWork, wish: AwardFilter, month: str = "") -> list[dict[str, Any]]:
    """Families in payment in a month, with the applicant, members and amount; one more than the limit."""
    work.require(SHOW)
    statement = newest_awards(month or str(Period.of(work.today))).where(col(Award.case_id) > wish.after)
    if wish.category:
        statement = statement.where(col(Award.category) == wish.category)
    if wish.review_class:
        statement = statement.where(col(Award.review_class) == wish.review_class)
    if wish.area:
        statement = statement.where(col(Award.area).startswith(wish.area, autoescape=True))
    statement = scoped(work, statement, Award.area, SHOW).order_by(col(Award.case_id)).limit(wish.limit + 1)
    rows = work.session.scalars(statement).all()
    cases = facts_of_cases(work, [one.case_id for one in rows])
    names = facts_of(work, {one.applicant_id for one in cases.values()})
    places = area_names(work, {one.area for one in rows})
    return [
        {
            "id": one.case_id,
            "case": cases[one.case_id].number,
            "applicant": names[cases[one.case_id].applicant_id].name,
            "place": places.get(one.area, one.area),
            "category": one.category,
            "category_title": _(AREA_KINDS[one.category]),
            "members": one.members,
            "class": one.review_class,
            "effective_month": one.effective_month,
            "total_fen": one.total_fen,
        }
        for one in rows
    ]


def margin_families(
    work: UnitOfWork, area: str = "", *, after: int = 0, limit: int | None = None
) -> list[dict[str, Any]]:
    """Families on the margin list now, by number; at most ``limit`` of them behind one."""
    work.require(SHOW)
    statement = select(MarginFamily).where(col(MarginFamily.until).is_(None), col(MarginFamily.id) > after)
    if area:
        statement = statement.where(col(MarginFamily.area).startswith(area, autoescape=True))
    rows = work.session.scalars(
        scoped(work, statement, MarginFamily.area, SHOW).order_by(col(MarginFamily.id)).limit(limit)
    ).all()
    names = facts_of(work, {one.person_id for one in rows})
    cases = facts_of_cases(work, [one.case_id for one in rows])
    places = area_names(work, {one.area for one in rows})
    return [
        {
            "id": one.id,
            "case": cases[one.case_id].number,
            "applicant": names[one.person_id].name if one.person_id in names else "",
            "place": places.get(one.area, one.area),
            "kind": one.kind,
            "members": one.members,
            "per_capita": shown(Fraction(one.per_capita_num, one.per_capita_den)),
            "standard_fen": one.standard_fen,
            "since": one.since,
        }
        for one in rows
    ]


def price_months(work: UnitOfWork) -> list[dict[str, Any]]:
    """The months of the price subsidy, newest first; of each the row that holds."""
    work.require(SHOW)
    found: dict[str, PriceMonth] = {}
    for one in work.session.scalars(select(PriceMonth).order_by(col(PriceMonth.id))).all():
        found[one.month] = one
    return [
        {
            "month": one.month,
            "amount_fen": one.amount_fen,
            "cpi": one.cpi,
            "food_cpi": one.food_cpi,
            "groups": one.groups.split(),
            "document": one.document,
        }
        for one in sorted(found.values(), key=lambda one: one.month, reverse=True)
    ]


def _member(work: UnitOfWork, person: int, name: str, said: Assessment | None) -> dict[str, Any]:
    health = unseal(work, said.id or 0, said.health) if said is not None and work.may(ASSESS) else ""
    return {
        "person_id": person,
        "name": name,
        "labour": said.labour if said else "",
        "job": said.job if said else "",
        "school": said.school if said else "",
        "marks": said.marks.split() if said else [],
        "health": health,
    }
