"""A case as the rules look at it: its members from the registry, what was declared of them, the policies of a day."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core.api import Period, age_on, current_members, disabilities_of, facts_of, kind_of
from plugins.benefits.api import excluded_people, standard_in_month
from plugins.dibao import codes
from plugins.dibao.engine.facts import (
    FAMILY_KEYS,
    Expenditure,
    Family,
    Income,
    Obligor,
    Person,
    Property,
    Rules,
)
from plugins.dibao.models import Assessment, ExpenditureItem, IncomeItem, PropertyItem
from plugins.dibao.models import Obligor as ObligorRow
from plugins.dibao.rules import policies_on
from plugins.dibao.words import AREA_KINDS, AWAY, SCHEME

if TYPE_CHECKING:
    from datetime import datetime

    from core.api import PersonFacts, UnitOfWork
    from plugins.casework.api import CaseFacts

_SPOUSE, _HEAD = "1", ("01", "02")
_CHILDREN = "23"
"""First digits of relation codes (GB/T 4761): 10-12 spouse, 20-29 sons, 30-39 daughters."""


def rules_on(work: "UnitOfWork", case: "CaseFacts", on: date) -> Rules:
    """The policies and standards of a day for a case."""
    values, versions = policies_on(work, FAMILY_KEYS, on, case.area)
    month = str(Period.of(on))
    return Rules(
        values=values,
        versions=versions,
        standards={one: standard_in_month(work, SCHEME, one, case.area, month) for one in AREA_KINDS},
    )


def family_of(work: "UnitOfWork", case: "CaseFacts", on: date, rules: Rules) -> Family:
    """The family of a case: ages on the day that counts, who died since is not in it."""
    assessed = {one.person_id: one for one in current_rows(work, Assessment, case.id)}
    facts = facts_of(work, case.member_ids)
    living = [one for one in facts.values() if one.died_on is None or one.died_on > on]
    ids = [one.id for one in living]
    disabled = disabilities_of(work, ids)
    elsewhere = excluded_people(work, SCHEME, case.area_kind, ids, str(Period.of(on)))
    mixed = rules.word("mixed_standard") == "member"
    leap = work.policy("identity.leap_birthday")
    people = []
    for one in living:
        said = assessed.get(one.id)
        marks = frozenset(said.marks.split()) if said else frozenset()
        certificate = disabled.get(one.id)
        people.append(
            Person(
                id=one.id,
                name=one.name,
                age=age_on(one.birth_date, case.counted_on, leap) if one.birth_date else None,
                category=_kind(work, one, case) if mixed else case.area_kind,
                disability=(certificate.kind, certificate.grade) if certificate else None,
                marks=marks,
                labour=said.labour if said else "",
                claimed=tuple(said.claimed.split()) if said else (),
                out=next((mark for mark in AWAY if mark in marks), codes.EXCLUDED if one.id in elsewhere else ""),
            )
        )
    return Family(
        people=people,
        left_out=tuple(_left_out(work, case, assessed, rules)),
        **_declared(work, case.id),
    )


def current_rows(work: "UnitOfWork", model: Any, case_id: int) -> list[Any]:
    """What is declared now of a case, in the order it was entered."""
    asked = select(model).where(col(model.case_id) == case_id, col(model.dropped_at).is_(None)).order_by(col(model.id))
    return list(work.session.scalars(asked))


def declared_since(work: "UnitOfWork", case_id: int, moment: "datetime") -> bool:
    """Whether anything was declared of a family, or taken back, after a moment."""
    for model in (Assessment, IncomeItem, PropertyItem, ExpenditureItem, ObligorRow):
        later = (col(model.recorded_at) > moment) | (col(model.dropped_at) > moment)
        asked = select(col(model.id)).where(col(model.case_id) == case_id, later).limit(1)
        if work.session.scalar(asked) is not None:
            return True
    return False


def _declared(work: "UnitOfWork", case_id: int) -> dict[str, Any]:
    return {
        "incomes": tuple(
            Income(
                person_id=one.person_id,
                type=one.type,
                fen=one.amount_fen,
                months=one.months,
                excluded=one.excluded,
                title=one.title,
                ground=one.ground,
            )
            for one in current_rows(work, IncomeItem, case_id)
        ),
        "properties": tuple(
            Property(person_id=one.person_id, type=one.type, fen=one.value_fen, exempt=one.exempt)
            for one in current_rows(work, PropertyItem, case_id)
        ),
        "expenditures": tuple(
            Expenditure(person_id=one.person_id, type=one.type, fen=one.amount_fen, months=one.months)
            for one in current_rows(work, ExpenditureItem, case_id)
        ),
        "obligors": tuple(
            Obligor(
                name=one.name,
                members=one.members,
                fen=one.income_fen,
                supports=one.supports,
                agreed_fen=one.agreed_fen,
            )
            for one in current_rows(work, ObligorRow, case_id)
        ),
    }


def _left_out(work: "UnitOfWork", case: "CaseFacts", assessed: Mapping[int, Assessment], rules: Rules) -> Iterator[str]:
    """Spouses and minor children of the household who are not in the family, and no reason is given for it."""
    rows = current_members(work, case.household_id)
    relations = {one.person_id: one.relation for one in rows}
    mine = set(case.member_ids)
    couple = [who for who, code in relations.items() if code in _HEAD or code[:1] == _SPOUSE]
    if not mine & set(couple):
        return
    outside = [who for who in relations if who not in mine and not (who in assessed and assessed[who].apart)]
    facts = facts_of(work, outside)
    leap = work.policy("identity.leap_birthday")
    for who in outside:
        one = facts.get(who)
        if one is None or one.died_on is not None:
            continue
        child = relations[who][:1] in _CHILDREN and one.birth_date is not None
        minor = child and age_on(one.birth_date, case.counted_on, leap) < rules.number("minor_age")
        if who in couple or minor:
            yield one.name


def _kind(work: "UnitOfWork", one: "PersonFacts", case: "CaseFacts") -> str:
    """Urban or rural by a member's own place."""
    return kind_of(work, one.hukou_area) or case.area_kind
