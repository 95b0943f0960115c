"""Enter what a family declared: income, members, property, rigid costs, obligors. Each set replaces the one before."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from core.api import (
    Objection,
    Refused,
    UnitOfWork,
    _,
    current_members,
    parse_money,
    people_of_numbers,
    refuse,
)
from plugins.casework.api import CaseFacts, find_case
from plugins.dibao import codes
from plugins.dibao.models import Assessment, ExpenditureItem, IncomeItem, Obligor, PropertyItem
from plugins.dibao.sealed import seal
from plugins.dibao.services.calculating import calculate
from plugins.dibao.wishes import (
    AddIncome,
    AssessMember,
    IncomeLine,
    MemberLine,
    SetExpenditure,
    SetIncome,
    SetObligors,
    SetProperty,
    Whose,
)
from plugins.dibao.words import COMPUTED_MARKS

RIGHT = "dibao.assess"
ENDED = ("not_accepted", "refused", "withdrawn", "closed")
_MONTHS = {"month": 1, "year": 12}
_OTHER = "other"


def set_income(work: UnitOfWork, number: str, wish: SetIncome) -> dict[str, Any]:
    """Set the income of a family and what was found of its members; answers what it comes to."""
    case = open_case(work, number)
    people, wrong = _people(work, case, [*(wish.income or ()), *wish.members], "income")
    objections = [*wrong]
    made: list[IncomeItem] = []
    for place, line in enumerate(wish.income or ()):
        found, against = _income(work, case, line, (place, people[place]))
        made.append(found)
        objections.extend(against)
    first = len(wish.income or ())
    for place, member in enumerate(wish.members):
        objections.extend(_double(work, case, member, f"members.{place}.supplements"))
    if objections:
        raise Refused(objections)
    if wish.income is not None:
        _replace(work, IncomeItem, case, made)
    for place, member in enumerate(wish.members):
        _assess(work, case, people[first + place], member)
    return _done(work, case, "dibao.income_set", items=len(made), members=len(wish.members))


def add_income(work: UnitOfWork, number: str, wish: AddIncome) -> dict[str, Any]:
    """Enter one more item of income."""
    case = open_case(work, number)
    line = IncomeLine(**wish.model_dump(), excluded=bool(wish.kind or wish.ground))
    people, objections = _people(work, case, [line], "income")
    item, against = _income(work, case, line, (0, people[0]))
    if objections or against:
        raise Refused(_on_the_form([*objections, *against]))
    work.session.add(item)
    work.session.flush()
    return _done(work, case, "dibao.income_set", items=1, members=0)


def assess_member(work: UnitOfWork, number: str, wish: AssessMember) -> dict[str, Any]:
    """Enter what was found of one member."""
    case = open_case(work, number)
    line = MemberLine(**wish.model_dump())
    people, objections = _people(work, case, [line], "members")
    if objections:
        raise Refused(_on_the_form(objections))
    _assess(work, case, people[0], line)
    return _done(work, case, "dibao.member_assessed", person=people[0])


def set_property(work: UnitOfWork, number: str, wish: SetProperty) -> dict[str, Any]:
    """Set what a family owns."""
    case = open_case(work, number)
    people, objections = _people(work, case, wish.property, "property")
    made = []
    for place, line in enumerate(wish.property):
        at = f"property.{place}"
        value, checked = _fen(line.value, f"{at}.value", objections), _fen(line.checked, f"{at}.checked", objections)
        made.append(
            PropertyItem(
                **_row(work, case),
                person_id=people[place],
                type=line.type,
                value_fen=value or 0,
                checked_fen=checked,
                exempt=line.exempt.strip(),
                evidence=line.evidence.strip(),
            )
        )
    if objections:
        raise Refused(objections)
    _replace(work, PropertyItem, case, made)
    return _done(work, case, "dibao.property_set", items=len(made))


def set_expenditure(work: UnitOfWork, number: str, wish: SetExpenditure) -> dict[str, Any]:
    """Set the rigid costs of a family."""
    case = open_case(work, number)
    people, objections = _people(work, case, wish.expenditure, "expenditure")
    made = []
    for place, line in enumerate(wish.expenditure):
        amount = _fen(line.amount, f"expenditure.{place}.amount", objections, above_zero=True)
        made.append(
            ExpenditureItem(
                **_row(work, case),
                person_id=people[place],
                type=line.type,
                amount_fen=amount or 0,
                months=_MONTHS[line.per],
                evidence=line.evidence.strip(),
            )
        )
    if objections:
        raise Refused(objections)
    _replace(work, ExpenditureItem, case, made)
    return _done(work, case, "dibao.expenditure_set", items=len(made))


def set_obligors(work: UnitOfWork, number: str, wish: SetObligors) -> dict[str, Any]:
    """Set who owes the family support."""
    case = open_case(work, number)
    objections: list[Objection] = []
    made = []
    for place, line in enumerate(wish.obligors):
        at = f"obligors.{place}"
        income = _fen(line.income, f"{at}.income", objections)
        agreed = _fen(line.agreed, f"{at}.agreed", objections)
        if agreed and not line.document.strip():
            objections.append(
                Objection(reason=_("请填写判决、调解书或协议的文号"), field=f"{at}.document", code=codes.GROUND)
            )
        made.append(
            Obligor(
                **_row(work, case),
                name=line.name.strip(),
                relation=line.relation.strip(),
                members=line.members,
                income_fen=income or 0,
                supports=line.supports,
                agreed_fen=agreed or 0,
                document=line.document.strip(),
            )
        )
    if objections:
        raise Refused(objections)
    _replace(work, Obligor, case, made)
    return _done(work, case, "dibao.obligors_set", items=len(made))


def open_case(work: UnitOfWork, number: str) -> CaseFacts:
    """A dibao case whose facts may be entered: any before its end."""
    work.require(RIGHT)
    case = find_case(work, number, RIGHT)
    if case.type != "dibao":
        raise refuse(_("{number} 不是低保申请", number=case.number), field="number", code=codes.MEMBER)
    if case.state in ENDED:
        raise refuse(_("申请已办结，不能再登记收入和财产"), field="number", code=codes.CLOSED)
    return case


def _people(
    work: UnitOfWork, case: CaseFacts, lines: Sequence[Whose], list_name: str
) -> tuple[list[int], list[Objection]]:
    """Whose lines these are: members of the family, or of its household for who is apart."""
    numbers = [line.id_number for line in lines if line.id_number]
    found = people_of_numbers(work, numbers, RIGHT)
    by_number = dict(zip(numbers, found.ids, strict=True))
    wrong = {numbers[at]: one for at, one in found.objections.items()}
    household = {one.person_id for one in current_members(work, case.household_id)}
    ids, objections = [], []
    for place, line in enumerate(lines):
        person = by_number.get(line.id_number, line.person_id or 0)
        apart = isinstance(line, MemberLine) and bool(line.apart)
        if line.id_number in wrong:
            one = wrong[line.id_number]
            objections.append(Objection(reason=one.reason, field=f"{list_name}.{place}.id_number", code=one.code))
        elif person not in case.member_ids and not (apart and person in household):
            words = _("第 {place} 行不是这个家庭的成员", place=place + 1)
            objections.append(Objection(reason=words, field=f"{list_name}.{place}.id_number", code=codes.MEMBER))
        ids.append(person)
    return ids, objections


def _income(
    work: UnitOfWork, case: CaseFacts, line: IncomeLine, place: tuple[int, int]
) -> tuple[IncomeItem, list[Objection]]:
    at, person = place
    wrong: list[Objection] = []
    amount, months = _amount(work, line, at, wrong)
    title, ground, excluded = _exclusion(work, line, at, wrong)
    checked = _fen(line.checked, f"income.{at}.checked", wrong)
    item = IncomeItem(
        **_row(work, case),
        person_id=person,
        type=line.type,
        amount_fen=amount,
        months=months,
        kind=line.kind,
        excluded=excluded,
        title=title,
        ground=ground,
        evidence=line.evidence.strip(),
        checked_fen=checked,
    )
    return item, wrong


def _amount(work: UnitOfWork, line: IncomeLine, at: int, wrong: list[Objection]) -> tuple[int, int]:
    """What was earned over how many months; a yearly figure in a monthly field is told (``E_DB_UNIT``)."""
    field = f"income.{at}.amount"
    if line.amounts:
        wanted = work.policy("dibao.wage_months")
        if line.type != "wage" or len(line.amounts) != wanted:
            words = _("工资要填最近 {months} 个月的，现在填了 {count} 个月", months=wanted, count=len(line.amounts))
            wrong.append(Objection(reason=words, field=f"income.{at}.amounts", code=codes.WAGES))
        each = [_fen(one, f"income.{at}.amounts", wrong) or 0 for one in line.amounts]
        return sum(each), len(each)
    amount = _fen(line.amount, field, wrong, needed=True) or 0
    factor = work.policy("dibao.unit_guard")
    if line.per == "month" and not wrong and amount > factor * work.policy("dibao.provincial_income"):
        words = _(codes.TITLES[codes.UNIT], factor=factor)
        wrong.append(Objection(reason=words, field=field, code=codes.UNIT, hint=_("全年的金额请按年填写")))
    return amount, _MONTHS[line.per]


def _exclusion(work: UnitOfWork, line: IncomeLine, at: int, wrong: list[Objection]) -> tuple[str, str, bool]:
    """Title and legal ground of what is not counted; kinds of the policy are never counted."""
    known: Mapping[str, Sequence[str]] = work.policy("dibao.excluded_income")
    if line.kind and line.kind not in known:
        words = _("没有这种不计入项目：{kind}", kind=line.kind)
        wrong.append(Objection(reason=words, field=f"income.{at}.kind", code=codes.GROUND, hint=", ".join(known)))
        return "", "", False
    if line.kind:
        title, ground = known[line.kind]
        return _(title), line.ground.strip() or ground, True
    if not line.excluded:
        return "", "", False
    if not line.ground.strip() and line.type in ("wage", "business", "farm"):
        words = _("劳动和经营收入不计入的，要写明依据")
        wrong.append(Objection(reason=words, field=f"income.{at}.ground", code=codes.GROUND))
    return "", line.ground.strip() or known.get(_OTHER, ("", "-"))[1], True


def _double(work: UnitOfWork, case: CaseFacts, line: MemberLine, field: str) -> Iterable[Objection]:
    """Two supplements claimed for one person where only the highest is given (``E_DB_SUPP_DOUBLE``)."""
    if len(set(line.supplements)) > 1 and work.policy("dibao.supplement_mode", area=case.area) == "highest":
        yield Objection(reason=_(codes.TITLES[codes.DOUBLE]), field=field, code=codes.DOUBLE)


def _assess(work: UnitOfWork, case: CaseFacts, person: int, line: MemberLine) -> None:
    _drop(work, Assessment, case, col(Assessment.person_id) == person)
    row = next(iter(work.next_ids("dibao_assessment", 1)))
    marks = dict.fromkeys(one for one in line.marks if one not in COMPUTED_MARKS)
    work.session.add(
        Assessment(
            **_row(work, case),
            id=row,
            person_id=person,
            labour=line.labour,
            job=line.job.strip(),
            health=seal(work, row, line.health),
            school=line.school.strip(),
            marks=" ".join(marks),
            claimed=" ".join(dict.fromkeys(line.supplements)),
            apart=line.apart.strip(),
        )
    )
    work.session.flush()


def _replace(work: UnitOfWork, model: Any, case: CaseFacts, rows: Sequence[Any]) -> None:
    _drop(work, model, case)
    work.session.add_all(rows)
    work.session.flush()


def _drop(work: UnitOfWork, model: Any, case: CaseFacts, *which: Any) -> None:
    dropping = update(model).where(col(model.case_id) == case.id, col(model.dropped_at).is_(None), *which)
    work.session.execute(dropping.values(dropped_at=work.now), execution_options={"synchronize_session": False})


def _row(work: UnitOfWork, case: CaseFacts) -> dict[str, Any]:
    return {"case_id": case.id, "recorded_at": work.now, "recorded_by": work.actor.account_id}


def _fen(
    text: str, field: str, wrong: list[Objection], *, needed: bool = False, above_zero: bool = False
) -> int | None:
    """Yuan as typed, in fen; what is wrong with it is added. None for nothing."""
    if not text.strip():
        if needed:
            wrong.append(Objection(reason=_("请填写金额"), field=field, code="E_MONEY"))
        return None
    try:
        amount = parse_money(text)
    except Refused as refusal:
        wrong.append(Objection(reason=refusal.objections[0].reason, field=field, code=refusal.objections[0].code))
        return None
    if amount < 0 or (above_zero and not amount):
        words = _("金额应大于 0") if above_zero else _("金额不能小于 0")
        wrong.append(Objection(reason=words, field=field, code="E_MONEY"))
    return amount


def _on_the_form(objections: Iterable[Objection]) -> list[Objection]:
    """Objections to a line, at the fields of a form of one line."""
    return [
        Objection(reason=one.reason, field=(one.field or "").rpartition(".")[2] or None, code=one.code, hint=one.hint)
        for one in objections
    ]


def _done(work: UnitOfWork, case: CaseFacts, action: str, **details: Any) -> dict[str, Any]:
    """Record it, work the case out anew for its page, and answer the figures with what is to be looked at."""
    work.record(action, f"case:{case.number}", area=case.area, **details)
    return calculate(work, case)
