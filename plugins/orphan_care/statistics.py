"""Figures of the handbook: children by category, sex, age, disability and school; visits, agreements, pairings."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import (
    Column,
    Parameter,
    Period,
    Report,
    _,
    age_on,
    area_names,
    facts_of,
    format_money,
    in_parts,
    mark,
    scoped,
    sums_by_month,
)
from plugins.benefits.api import standard_in_month
from plugins.orphan_care import due_lists
from plugins.orphan_care.models import Basis, Case, Contact, Guardian, Pairing
from plugins.orphan_care.months import state_column, this_month
from plugins.orphan_care.queries import SHOW
from plugins.orphan_care.words import BASES, CATEGORIES, LEVELS, PAIRINGS, SCHOOLING

if TYPE_CHECKING:
    from core.api import UnitOfWork

SEXES = {1: mark("男"), 2: mark("女")}
BANDS = ((0, 5, "0-5"), (6, 11, "6-11"), (12, 15, "12-15"), (16, 17, "16-17"), (18, 200, "18+"))
AT_SCHOOL = ("primary", "junior", "senior", "vocational", "college", "bachelor", "postgraduate")
SCHOOL_AGE = (6, 17)


def age_band(age: int | None) -> str:
    """The age band of the handbook; "--" for an unknown day of birth."""
    if age is None:
        return "--"
    return next(title for low, high, title in BANDS if low <= age <= high)


def in_payment(work: "UnitOfWork", month: str) -> list[Case]:
    """Files in payment in a month, within the reader's areas."""
    asked = select(Case).where(
        col(Case.from_month) != "",
        col(Case.from_month) <= month,
        (col(Case.last_month) == "") | (col(Case.last_month) >= month),
        col(Case.approved_on).is_not(None) | col(Case.carried_over).is_(True),
    )
    return list(work.session.scalars(scoped(work, asked.order_by(col(Case.id)), Case.area, SHOW)))


def structure_rows(work: "UnitOfWork", month: str | None = None, area: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Children by category, sex and age band: how many, with a disability, of school age, at school."""
    at = month or this_month(work)
    day = Period(at).last_day
    cases = [case for case in in_payment(work, at) if not area or case.area.startswith(area)]
    facts = facts_of(work, [case.person_id for case in cases])
    leap = work.policy("identity.leap_birthday")
    counts: dict[tuple[str, int, str], Counter[str]] = {}
    for case in cases:
        one = facts.get(case.person_id)
        age = age_on(one.birth_date, day, leap) if one and one.birth_date else None
        place = (case.category, one.sex if one else 0, age_band(age))
        found = counts.setdefault(place, Counter())
        found["children"] += 1
        found["disabled"] += case.disability_grade > 0
        of_age = age is not None and SCHOOL_AGE[0] <= age <= SCHOOL_AGE[1]
        found["of_age"] += of_age
        found["schooled"] += of_age and case.schooling in AT_SCHOOL
    order = [title for _low, _high, title in BANDS]
    for category, sex, band in sorted(
        counts, key=lambda one: (one[0], one[1], order.index(one[2]) if one[2] in order else 9)
    ):
        found = counts[category, sex, band]
        rate = Decimal(found["schooled"]) / found["of_age"] if found["of_age"] else None
        yield (
            _(CATEGORIES[category]), _(SEXES[sex]) if sex in SEXES else "--", band,
            found["children"], found["disabled"], found["of_age"], found["schooled"], rate,
        )  # fmt: skip


def indicator_rows(work: "UnitOfWork", month: str | None = None) -> Iterator[tuple[str, str, str]]:
    """The indicators of the handbook, each with its figure and its base."""
    at = month or this_month(work)
    cases = in_payment(work, at)
    yield _("在保儿童"), f"{len(cases)}", _("人")
    confirmed = [case for case in cases if case.enrolment_id is not None]
    yield (
        _("保障覆盖率"),
        _share(len(confirmed), len(cases)),
        _("{done} / {all} 人", done=len(confirmed), all=len(cases)),
    )
    for category, key in (("ORPHAN_INST", "institutional"), ("ORPHAN_DISP", "dispersed")):
        fen = standard_in_month(work, "orphan_care", category, work.settings.county.code, at)
        floor = work.policy(f"orphan_care.floor_{key}", on=Period(at).first_day)
        if fen is not None:
            met = (
                _("达到下限 {floor} 元", floor=format_money(floor))
                if fen >= floor
                else _("低于下限 {floor} 元", floor=format_money(floor))
            )
            yield _("{category}标准", category=_(CATEGORIES[category])), format_money(fen), met
    yield from _paid(work, at)
    for level in ("village", "township"):
        due, done = due_lists.visit_counts(work, level)
        yield (
            _("按期走访率（{who}）", who=_(LEVELS[level])),
            _share(done, due),
            _("{done} / {all} 人", done=done, all=due),
        )
    agreed = _agreed(work, [case.id or 0 for case in cases])
    yield _("监护责任书签订率"), _share(agreed, len(cases)), _("{done} / {all} 人", done=agreed, all=len(cases))
    yield from _pairings(work)
    adopted = select(func.count()).select_from(Case).where(col(Case.cause) == "adopted")
    count = work.session.scalar(scoped(work, adopted, Case.area, SHOW)) or 0
    yield _("被收养"), f"{count}", _("人")


def visit_rows(work: "UnitOfWork", level: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Visits due by town: children, visited in time, still due."""
    wanted = level or "village"
    town = func.substr(col(Case.area), 1, 9)
    month = this_month(work)
    asked = (
        select(town, func.count()).where(state_column(month).in_(("active", "ending"))).group_by(town).order_by(town)
    )
    all_ = {row[0]: row[1] for row in work.session.execute(scoped(work, asked, Case.area, SHOW))}
    due = Counter(one["area"][:9] for one in due_lists.visits_due(work, wanted))
    names = area_names(work, list(all_))
    for code, count in all_.items():
        late = due[code]
        yield names.get(code, code), count, count - late, late, Decimal(count - late) / count


def pairing_rows(work: "UnitOfWork") -> Iterator[tuple[Any, ...]]:
    """Pairings by file number: what was promised, what was given, contacts. No name of a child or sponsor."""
    asked = select(Pairing, col(Case.number)).join(Case, col(Case.id) == col(Pairing.case_id)).order_by(col(Pairing.id))
    rows = work.session.execute(scoped(work, asked, Case.area, SHOW)).all()
    ids = [pairing.id or 0 for pairing, _number in rows]
    sums = select(col(Contact.pairing_id), func.count(), func.sum(col(Contact.amount_fen))).where(
        col(Contact.pairing_id).in_(ids)
    )
    given = {row[0]: (row[1], int(row[2])) for row in work.session.execute(sums.group_by(col(Contact.pairing_id)))}
    for pairing, number in rows:
        contacts, fen = given.get(pairing.id or 0, (0, 0))
        promised = pairing.pledged_fen * pairing.months
        share = Decimal(fen) / promised if promised else None
        yield number, _(PAIRINGS[pairing.kind]), pairing.since, pairing.until, promised, fen, share, contacts


EXPORT_COLUMNS: Sequence[tuple[str, str]] = (
    ("number", "档案编号"), ("category", "儿童类别"), ("sex", "性别"), ("birth_month", "出生年月"),
    ("area", "行政区划代码"), ("father", "父亲情形"), ("mother", "母亲情形"), ("care", "养育方式"),
    ("schooling", "学段"), ("disability", "残疾等级"), ("agreement", "监护责任书"), ("from_month", "起始月"),
    ("state", "保障状态"),
)  # fmt: skip
"""The columns of the file for the national child-welfare information system, in its own words. No name, no number."""


def export_rows(work: "UnitOfWork") -> Iterator[list[str]]:
    """One row for each child in payment this month."""
    month = this_month(work)
    cases = in_payment(work, month)
    ids = [case.id or 0 for case in cases]
    facts = facts_of(work, [case.person_id for case in cases])
    bases: dict[tuple[int, str], str] = {}
    for part in in_parts(ids):
        asked = select(col(Basis.case_id), col(Basis.parent), col(Basis.kind)).where(
            col(Basis.case_id).in_(part), col(Basis.replaced_by).is_(None)
        )
        bases |= {(row[0], row[1]): row[2] for row in work.session.execute(asked)}
    signed = signed_of(work, ids)
    for case in cases:
        one = facts.get(case.person_id)
        yield [
            case.number,
            _(CATEGORIES[case.category]),
            _(SEXES[one.sex]) if one and one.sex in SEXES else "",
            f"{one.birth_date:%Y-%m}" if one and one.birth_date else "",
            case.area,
            *(_(BASES[bases[case.id or 0, name]]) if (case.id, name) in bases else "" for name in ("father", "mother")),
            _("集中养育") if case.institution_id else _("家庭养育"),
            _(SCHOOLING[case.schooling]) if case.schooling else "",
            str(case.disability_grade or ""),
            _("已签") if case.id in signed else _("未签"),
            case.from_month,
            _("待停发") if case.cause else _("在保"),
        ]


def _share(part: int, whole: int) -> str:
    """A rate with two decimals, rounded half up; "--" without a base."""
    if not whole:
        return "--"
    return f"{(Decimal(part) * 100 / whole).quantize(Decimal('0.01'), 'ROUND_HALF_UP')}%"


def _paid(work: "UnitOfWork", month: str) -> Iterator[tuple[str, str, str]]:
    if not work.may("benefits.show", work.settings.county.code):
        return
    sums = sums_by_month(work, "orphan_care")
    this = sum(fen for at, fen in sums.items() if at == month)
    year = sum(fen for at, fen in sums.items() if at[:4] == month[:4] and at <= month)
    yield _("本月发放"), format_money(this), _("元")
    yield _("本年累计发放"), format_money(year), _("元")


def _agreed(work: "UnitOfWork", ids: Sequence[int]) -> int:
    return len(signed_of(work, ids))


def signed_of(work: "UnitOfWork", ids: Sequence[int]) -> set[int]:
    """The files whose guardian signed an agreement, of some ids."""
    found: set[int] = set()
    for part in in_parts(ids):
        asked = select(col(Guardian.case_id)).where(
            col(Guardian.case_id).in_(part),
            col(Guardian.until).is_(None),
            col(Guardian.agreed_on).is_not(None),
        )
        found.update(work.session.scalars(asked))
    return found


def _pairings(work: "UnitOfWork") -> Iterator[tuple[str, str, str]]:
    running = [row for row in pairing_rows(work) if row[3] is None]
    given = sum(row[5] for row in running)
    contacts = sum(row[7] for row in running)
    yield _("结对"), f"{len(running)}", _("对")
    each = format_money(given // len(running)) if running else "--"
    yield _("每对资助款"), each, _("元")
    times = (Decimal(contacts) / len(running)).quantize(Decimal("0.01"), "ROUND_HALF_UP") if running else "--"
    yield _("每对联系次数"), f"{times}", _("次")


_MONTH = Parameter(name="month", title=mark("月份"), kind="month", default="current")
REPORTS = (
    Report(
        name="orphan-care-structure",
        chart=("category", "children"),
        title=mark("儿童结构统计"),
        permission=SHOW,
        parameters=(_MONTH, Parameter(name="area", title=mark("区划"), kind="area")),
        columns=(
            Column(name="category", title=mark("类别")),
            Column(name="sex", title=mark("性别")),
            Column(name="band", title=mark("年龄段")),
            Column(name="children", title=mark("儿童"), kind="integer", total=True),
            Column(name="disabled", title=mark("残疾儿童"), kind="integer", total=True),
            Column(name="of_age", title=mark("学龄儿童"), kind="integer", total=True),
            Column(name="schooled", title=mark("在学"), kind="integer", total=True),
            Column(name="rate", title=mark("在学率"), kind="ratio"),
        ),
        rows=structure_rows,
    ),
    Report(
        name="orphan-care-indicators",
        title=mark("孤儿保障指标"),
        permission=SHOW,
        parameters=(_MONTH,),
        columns=(
            Column(name="indicator", title=mark("指标")),
            Column(name="figure", title=mark("数值")),
            Column(name="note", title=mark("说明")),
        ),
        rows=indicator_rows,
    ),
    Report(
        name="orphan-care-visits",
        title=mark("儿童走访统计"),
        permission=SHOW,
        parameters=(Parameter(name="level", title=mark("走访人"), kind="choice", choices=tuple(LEVELS.items())),),
        columns=(
            Column(name="town", title=mark("乡镇")),
            Column(name="children", title=mark("儿童"), kind="integer", total=True),
            Column(name="done", title=mark("已走访"), kind="integer", total=True),
            Column(name="due", title=mark("应走访未走访"), kind="integer", total=True),
            Column(name="rate", title=mark("走访率"), kind="ratio"),
        ),
        rows=visit_rows,
        chart=("town", "done", "due"),
    ),
    Report(
        name="orphan-care-pairings",
        title=mark("结对关爱台账"),
        permission=SHOW,
        columns=(
            Column(name="number", title=mark("档案编号")),
            Column(name="kind", title=mark("结对方式")),
            Column(name="since", title=mark("结对日期"), kind="date"),
            Column(name="until", title=mark("结束日期"), kind="date"),
            Column(name="promised", title=mark("承诺金额"), kind="money", total=True),
            Column(name="given", title=mark("到位金额"), kind="money", total=True),
            Column(name="share", title=mark("兑现率"), kind="ratio"),
            Column(name="contacts", title=mark("联系次数"), kind="integer", total=True),
        ),
        rows=pairing_rows,
    ),
)
