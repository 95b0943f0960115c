"""Whether a child belongs to a category: age, the basis for each parent, the guardian. Nothing is written here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from core.api import Objection, _, age_on
from plugins.orphan_care.months import months_after
from plugins.orphan_care.wishes import ParentFacts
from plugins.orphan_care.words import CUSTODY, DISABILITIES, GONE, HIV, OF_MIND, PARENTS, SCHOOLING

if TYPE_CHECKING:
    from core.api import UnitOfWork

ORPHANS = ("ORPHAN_INST", "ORPHAN_DISP")


@dataclass(frozen=True, kw_only=True)
class Child:
    """What the rules look at. ``category`` may be the one that only the county officer is told."""

    category: str
    born: date | None
    on: date
    parents: Mapping[str, ParentFacts | None]
    schooling: str = ""
    school_until: date | None = None


def objections_to(work: "UnitOfWork", child: Child) -> list[Objection]:
    """Everything that stands against a child in a category on a day."""
    found = [*_age(work, child)]
    if child.category != HIV:
        for name, facts in child.parents.items():
            found.extend(basis_objections(work, name, facts, child.on))
        if all(child.parents.values()) and not any(one.code == "E_BASIS_MISSING" for one in found):
            found.extend(_together(child))
    return found


def _age(work: "UnitOfWork", child: Child) -> Iterator[Objection]:
    if child.born is None:
        words = _("没有登记出生日期，先在人员档案里补登")
        yield Objection(reason=words, field="person_id", code="E_ORPHAN_AGE")
        return
    limit = work.policy("orphan_care.adult_age", on=child.on)
    grown = age_on(child.born, child.on, work.policy("identity.leap_birthday")) >= limit
    if child.category != "CONT_EDU":
        if grown:
            words = _("已年满 {age} 周岁，不在校的不能享受", age=limit)
            hint = _("仍在全日制学校就读的，按“年满 18 周岁继续就学”办理")
            yield Objection(reason=words, field="person_id", code="E_ORPHAN_AGE", hint=hint)
        return
    if not grown:
        words = _("未满 {age} 周岁，不按继续就学办理", age=limit)
        yield Objection(reason=words, field="category", code="E_ORPHAN_AGE")
        return
    found = school_objection(work, child.schooling, child.school_until, child.on)
    if found is not None:
        yield found


def school_objection(work: "UnitOfWork", schooling: str, until: date | None, on: date) -> Objection | None:
    """What is wrong with a proof of school that is to carry a child past the age."""
    levels = work.policy("orphan_care.education_levels", on=on)
    if schooling not in levels:
        words = _("这个学段不继续保障，认可的是：{levels}", levels=_listed(levels))
        return Objection(reason=words, field="schooling", code="E_ORPHAN_AGE")
    if until is None or until < on:
        words = _("没有有效的在校证明，请填证明有效至哪一天")
        return Objection(reason=words, field="school_until", code="E_ORPHAN_AGE")
    return None


def _listed(levels: list[str]) -> str:
    return "、".join(_(SCHOOLING.get(level, level)) for level in levels)


def basis_objections(
    work: "UnitOfWork", parent: str, facts: ParentFacts | None, on: date, prefix: str | None = None
) -> Iterator[Objection]:
    """What is wrong with the basis for one parent on a day; ``prefix`` leads the names of its fields."""
    at = f"{parent}_" if prefix is None else prefix
    who = _(PARENTS[parent])
    if facts is None:
        words = _("缺少{parent}的认定情形", parent=who)
        yield Objection(reason=words, field=f"{at}kind", code="E_BASIS_MISSING")
        return
    if not facts.document.strip():
        words = _("缺少{parent}情形的材料", parent=who)
        yield Objection(reason=words, field=f"{at}document", code="E_BASIS_MISSING")
    if facts.kind == "severe_disab":
        yield from _grade(work, facts, on, (at, who))
    elif facts.kind == "illness":
        accepted = work.policy("orphan_care.illness_list", on=on)
        if facts.illness not in accepted:
            words = _("{parent}的病种不在认定范围，认可的是：{list}", parent=who, list="、".join(accepted))
            yield Objection(reason=words, field=f"{at}illness", code="E_BASIS_ILLNESS")
    elif facts.kind in CUSTODY:
        yield from _term(work, facts, on, (at, who))
    elif facts.kind == "lost_contact":
        yield from _lost(work, facts, on, (at, who))


def _grade(work: "UnitOfWork", facts: ParentFacts, on: date, place: tuple[str, str]) -> Iterator[Objection]:
    at, who = place
    any_kind, of_mind = (work.policy(f"orphan_care.grades_{one}", on=on) for one in ("any", "mind"))
    if facts.grade in any_kind or (facts.disability in OF_MIND and facts.grade in of_mind):
        return
    words = _(
        "{parent}的残疾等级不够，认可的是：{any} 级各类残疾，{mind} 级智力、精神残疾",
        parent=who,
        any="、".join(map(str, any_kind)),
        mind="、".join(map(str, of_mind)),
    )
    given = _(DISABILITIES[facts.disability]) if facts.disability else ""
    hint = _("登记的是{kind} {grade} 级", kind=given, grade=facts.grade)
    yield Objection(reason=words, field=f"{at}grade", code="E_BASIS_GRADE", hint=hint)


def _term(work: "UnitOfWork", facts: ParentFacts, on: date, place: tuple[str, str]) -> Iterator[Objection]:
    at, who = place
    least = work.policy("orphan_care.custody_months_min", on=on)
    if facts.since is None or facts.until is None:
        words = _("请填{parent}限制人身自由的起止日期", parent=who)
        yield Objection(reason=words, field=f"{at}until", code="E_BASIS_TERM")
    elif facts.until < months_after(facts.since, least):
        words = _("{parent}限制人身自由的期限不足 {months} 个月", parent=who, months=least)
        yield Objection(reason=words, field=f"{at}until", code="E_BASIS_TERM")


def _lost(work: "UnitOfWork", facts: ParentFacts, on: date, place: tuple[str, str]) -> Iterator[Objection]:
    at, who = place
    least = work.policy("orphan_care.lost_months_min", on=on)
    if facts.since is None:
        words = _("请填{parent}失联的报警日期", parent=who)
        yield Objection(reason=words, field=f"{at}since", code="E_LOST_6M")
        return
    reached = months_after(facts.since, least)
    if on < reached:
        words = _("{parent}失联自报警之日起不足 {months} 个月", parent=who, months=least)
        hint = _("{day} 起可以申请", day=reached)
        yield Objection(reason=words, field=f"{at}since", code="E_LOST_6M", hint=hint)


def _together(child: Child) -> Iterator[Objection]:
    kinds = {facts.kind for facts in child.parents.values() if facts}
    both_gone = kinds <= set(GONE)
    if child.category in ORPHANS and not both_gone:
        words = _("孤儿要求父母双方死亡或宣告失踪")
        hint = _("可按“事实无人抚养儿童”申请")
        yield Objection(reason=words, field="category", code="E_BASIS_CATEGORY", hint=hint)
    if child.category == "UNATT" and both_gone:
        words = _("父母双方死亡或宣告失踪的，按孤儿申请")
        yield Objection(reason=words, field="category", code="E_BASIS_CATEGORY")


def review_day(work: "UnitOfWork", facts: ParentFacts, verified_on: date) -> date | None:
    """The day from which a basis no longer holds unless it is verified again; None for what does not change."""
    if facts.kind == "lost_contact":
        return months_after(verified_on, work.policy("orphan_care.lost_valid_months", on=verified_on))
    if facts.kind in CUSTODY and facts.until is not None:
        return months_after(facts.until, work.policy("orphan_care.release_grace_months", on=verified_on))
    return facts.until
