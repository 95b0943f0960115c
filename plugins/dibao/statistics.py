"""The monthly figures for superiors, the change table of a month, and the list for the national platform."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import (
    Period,
    _,
    age_on,
    area_names,
    disabilities_of,
    facts_of,
    format_money,
    lines_of_batch,
    scoped,
    sums_by_month,
)
from core.api import batches_of as batches
from plugins.benefits.api import standard_in_month
from plugins.casework.api import facts_of_cases, figures_of_type
from plugins.dibao.models import Award, MarginFamily
from plugins.dibao.queries import SHOW, newest_awards
from plugins.dibao.standard_checks import average_gap, coverage
from plugins.dibao.words import AREA_KINDS, CHANGES, CLASSES, SCHEME, SEXES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.api import UnitOfWork

Row = tuple[str, str, str]
_STOPPED = ("stopped", "suspended")
_CHILD, _ADULT, _OLD = 16, 18, 60


def month_of(work: "UnitOfWork", month: str | None) -> str:
    """A month as asked, this month when none was."""
    return str(Period(month)) if month else str(Period.of(work.today))


def holding(work: "UnitOfWork", month: str, area: str = "") -> "Sequence[Award]":
    """The awards that hold in a month, within the reader's areas."""
    asked = newest_awards(month)
    if area:
        asked = asked.where(col(Award.area).startswith(area, autoescape=True))
    return work.session.scalars(scoped(work, asked, Award.area, SHOW).order_by(col(Award.case_id))).all()


def indicators(work: "UnitOfWork", month: str | None = None) -> Iterator[Row]:
    """The indicators of the handbook's page: name, figure, unit or note. What is not known reads --."""
    at = month_of(work, month)
    awards = holding(work, at)
    for category, title in AREA_KINDS.items():
        mine = [one for one in awards if one.category == category]
        persons = sum(one.members for one in mine)
        yield _("{kind}家庭", kind=_(title)), f"{len(mine)}", _("户")
        yield _("{kind}人数", kind=_(title)), f"{persons}", _("人")
        standard = standard_in_month(work, SCHEME, category, work.settings.county.code, at)
        yield _("{kind}标准", kind=_(title)), _money(standard), _("元/人·月")
        gap = average_gap(work, category, at)
        yield _("{kind}月人均补差", kind=_(title)), _money(gap), _("元/人·月")
    yield from _people(work, awards, at)
    yield from _classes(awards)
    yield from _turnover(work, at)
    yield from _way_rows(work, at)
    yield from _money_rows(work, at)
    for one in coverage(work, at) if work.may(SHOW, work.settings.county.code) else ():
        name = _("农村覆盖率") if one.category else one.name
        yield name, one.found, one.note
    margins = select(func.count()).select_from(MarginFamily).where(col(MarginFamily.until).is_(None))
    count = work.session.scalar(scoped(work, margins, MarginFamily.area, SHOW)) or 0
    yield _("低保边缘家庭"), f"{count}", _("户")


def change_rows(work: "UnitOfWork", month: str | None = None) -> Iterator[tuple[Any, ...]]:
    """The change table of a month: new, raised, lowered, stopped families, and back-pay of its rolls."""
    at = month_of(work, month)
    asked = select(Award).where(col(Award.effective_month) == at).order_by(col(Award.case_id), col(Award.version))
    rows = work.session.scalars(scoped(work, asked, Award.area, SHOW)).all()
    cases = facts_of_cases(work, [one.case_id for one in rows])
    back = list(_back_pay(work, at))
    names = facts_of(work, {*(one.applicant_id for one in cases.values()), *(line.person_id for line in back)})
    places = area_names(work, {*(one.area for one in rows), *(line.area for line in back)})
    for one in rows:
        kind = _kind_of(one)
        if kind:
            case = cases[one.case_id]
            yield (
                case.number, names[case.applicant_id].name, places.get(one.area, one.area), one.members,
                _(CHANGES[kind]), one.before_fen, one.total_fen, one.total_fen - one.before_fen,
            )  # fmt: skip
    for line in back:
        name = names[line.person_id].name if line.person_id in names else ""
        place = places.get(line.area, line.area)
        yield line.for_month, name, place, None, _(CHANGES["backpay"]), None, line.amount_fen, line.amount_fen


def town_rows(work: "UnitOfWork", month: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Families, persons and money by town and kind."""
    at = month_of(work, month)
    found: dict[tuple[str, str], list[int]] = {}
    for one in holding(work, at):
        sums = found.setdefault((one.area[:9], one.category), [0, 0, 0])
        for place, number in enumerate((1, one.members, one.total_fen)):
            sums[place] += number
    names = area_names(work, {town for town, _category in found})
    for (town, category), (families, persons, fen) in sorted(found.items()):
        yield names.get(town, town), _(AREA_KINDS[category]), families, persons, fen, fen // persons


EXPORT_COLUMNS = (
    "申请编号", "姓名", "性别", "出生年月", "行政区划代码", "城乡", "与保障关系", "保障人数", "分类", "起始月",
    "月补助（元）",
)  # fmt: skip
"""The columns of the file for the national low-income platform, in its own words; numbers are not among them."""


def export_rows(work: "UnitOfWork", month: str | None = None) -> Iterator[list[str]]:
    """One row for each person in payment."""
    at = month_of(work, month)
    awards = holding(work, at)
    cases = facts_of_cases(work, [one.case_id for one in awards])
    people = facts_of(work, (person for case in cases.values() for person in case.member_ids))
    for one in awards:
        case = cases[one.case_id]
        for person in case.member_ids:
            facts = people.get(person)
            if facts is None:
                continue
            yield [
                case.number,
                facts.name,
                _(SEXES[facts.sex]) if facts.sex in SEXES else "",
                f"{facts.birth_date:%Y-%m}" if facts.birth_date else "",
                one.area,
                _(AREA_KINDS[one.category]),
                _("申请人") if person == case.applicant_id else _("家庭成员"),
                str(one.members),
                one.review_class,
                one.effective_month,
                format_money(one.total_fen) if person == case.applicant_id else "",
            ]


def average_of(*groups: tuple[int, Decimal]) -> Decimal:
    """What groups of persons get together a month: counts times averages, exactly (example C of the handbook)."""
    return sum((count * each for count, each in groups), Decimal(0))


def plausible(year: Decimal, month: Decimal, band: Decimal) -> bool:
    """Whether a year's sum lies within a band of twelve such months; a year is never derived from one month."""
    expected = month * 12
    return abs(year - expected) <= expected * band


def _people(work: "UnitOfWork", awards: "Sequence[Award]", month: str) -> Iterator[Row]:
    cases = facts_of_cases(work, [one.case_id for one in awards])
    ids = [person for case in cases.values() for person in case.member_ids]
    facts, day = facts_of(work, ids), Period(month).last_day
    leap = work.policy("identity.leap_birthday")
    counts: Counter[str] = Counter()
    for one in facts.values():
        counts[f"sex{one.sex}"] += 1
        if one.birth_date is None:
            counts["ageless"] += 1
            continue
        age = age_on(one.birth_date, day, leap)
        counts["child"] += age < _CHILD
        counts["minor"] += age < _ADULT
        counts["old"] += age >= _OLD
    yield _("男"), f"{counts['sex1']}", _("人")
    yield _("女"), f"{counts['sex2']}", _("人")
    yield _("16 周岁以下"), f"{counts['child']}", _("人")
    yield _("18 周岁以下"), f"{counts['minor']}", _("人")
    yield _("60 周岁以上"), f"{counts['old']}", _("人")
    if counts["ageless"]:
        yield _("出生日期未登记"), f"{counts['ageless']}", _("人")
    yield _("持证残疾人"), f"{len(disabilities_of(work, ids))}", _("人")


def _classes(awards: "Sequence[Award]") -> Iterator[Row]:
    counts = Counter(one.review_class for one in awards)
    for code, title in CLASSES.items():
        share = f"{Decimal(counts[code]) * 100 / len(awards):.2f}%" if awards else "--"
        yield _(title), f"{counts[code]}", share


def _turnover(work: "UnitOfWork", month: str) -> Iterator[Row]:
    asked = select(Award).where(col(Award.effective_month) == month)
    rows = work.session.scalars(scoped(work, asked, Award.area, SHOW)).all()
    counts = Counter(_kind_of(one) for one in rows)
    for kind in ("new", "raised", "lowered", "stopped"):
        yield _(CHANGES[kind]), f"{counts[kind]}", _("户")
    leaving = [one for one in rows if one.outcome == "phasing_out"]
    yield _("渐退期家庭"), f"{len(leaving)}", _("户")


def _way_rows(work: "UnitOfWork", month: str) -> Iterator[Row]:
    """What the way of the applications gives: ballots, days, inspections, reviews."""
    found = figures_of_type(work, SCHEME, month, SHOW)
    voted = _("{done} / {all} 户", done=found.voted, all=found.granted)
    yield _("票决覆盖率"), _share(found.voted, found.granted), voted
    days = "--" if found.days_to_decide is None else f"{found.days_to_decide}"
    yield _("平均办理时间"), days, _("个工作日")
    inspected = _("{done} / {all} 件", done=found.inspected, all=found.drawn)
    yield _("抽查完成"), _share(found.inspected, found.drawn), inspected
    wrong = _("{done} / {all} 件", done=found.wrong, all=found.inspected)
    yield _("抽查差错率"), _share(found.wrong, found.inspected), wrong
    yield _("抽查涉及金额"), _money(found.wrong_fen) if found.inspected else "--", _("元")
    due = found.reviewed + found.reviews_waiting
    yield _("已复核"), _share(found.reviewed, due), _("{done} / {all} 户", done=found.reviewed, all=due)


def _share(part: int, whole: int) -> str:
    return f"{Decimal(part) * 100 / whole:.2f}%" if whole else "--"


def _money_rows(work: "UnitOfWork", month: str) -> Iterator[Row]:
    if not work.may("benefits.show", work.settings.county.code):
        return
    sums = sums_by_month(work, SCHEME)
    this = sums.get(month)
    year = sum(fen for at, fen in sums.items() if at[:4] == month[:4] and at <= month)
    yield _("本月发放"), _money(this), _("元")
    yield _("本年累计发放"), _money(year or None), _("元")


def _back_pay(work: "UnitOfWork", month: str) -> Iterator[Any]:
    if not work.may("benefits.show", work.settings.county.code):
        return
    for batch in batches(work, SCHEME, month):
        yield from (one for one in lines_of_batch(work, batch.id) if one.component == "BACKPAY")


def _kind_of(one: Award) -> str:
    """New, raised, lowered or stopped; "" when the amount stays."""
    if one.outcome in ("granted", "reinstated"):
        return "new"
    if one.outcome in _STOPPED:
        return "stopped"
    return "raised" if one.total_fen > one.before_fen else "lowered" if one.total_fen < one.before_fen else ""


def _money(fen: Decimal | int | None) -> str:
    return "--" if fen is None else format_money(int(Decimal(fen).quantize(Decimal(1), "ROUND_HALF_UP")))
