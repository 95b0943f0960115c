"""Figures of the handbook for superiors: certified workers, density, agencies, service, money, exams."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Column, Parameter, Period, Report, _, facts_of, format_money, mark, scoped, village_codes, within
from plugins.social_workers.measuring import assessments_of, done_by, done_of, score_facts, targets_of
from plugins.social_workers.models import (
    Agency,
    Certificate,
    Employment,
    ExamFigure,
    ExamSignup,
    Post,
    Project,
    Station,
    ThreeLink,
    Worker,
)
from plugins.social_workers.queries import (
    SHOW,
    certificates_of,
    count_of,
    dict_of,
    employments_of,
    registration_state,
    registrations_of,
    window_of,
)
from plugins.social_workers.rules import density, growth, percent, times
from plugins.social_workers.services.organising import holders_of
from plugins.social_workers.services.paying import instalments_of, paid_by_source
from plugins.social_workers.services.workers import hours_between, required_tenths, shown_tenths
from plugins.social_workers.words import FIELDS, ITEMS, LEVELS, PROJECT_STATES, SOURCES, WORKER_STATES

if TYPE_CHECKING:
    from core.api import UnitOfWork

Span = tuple[date, date]


def span_of(work: "UnitOfWork", since: str | None, until: str | None) -> Span:
    """The days of a period of months; without one the year up to today."""
    first = Period(since).first_day if since else date((Period(until).year if until else work.today.year), 1, 1)
    last = Period(until).last_day if until else work.today if not since else Period(since).last_day
    return first, last


def certified_on(work: "UnitOfWork", on: date, area: str = "") -> list[Worker]:
    """Holders of a certificate in the register on a day, in the reader's areas."""
    held = select(col(Certificate.worker_id)).where(col(Certificate.issued_on) <= on)
    there = (col(Worker.state) == "listed") | (col(Worker.state_on) > on)
    asked = select(Worker).where(col(Worker.id).in_(held), there)
    if area:
        asked = asked.where(col(Worker.area).startswith(area))
    return list(work.session.scalars(scoped(work, asked.order_by(col(Worker.id)), col(Worker.area), SHOW)))


def density_facts(work: "UnitOfWork", year: int) -> dict[str, Any]:
    """Certified workers per 10,000 at the end of a year (today in the running one), what the target needs, the gap."""
    on = min(date(year, 12, 31), work.today)
    counts = work.policy("social_workers.density_numerator", on=on)
    whom = {
        "working": lambda one: one.works_here,
        "living": lambda one: one.lives_here,
        "either": lambda one: one.works_here or one.lives_here,
    }[counts]
    people = work.policy_version("social_workers.population", on=on)
    target = work.policy("social_workers.density_target", on=on)
    found = density(sum(map(whom, certified_on(work, on))), int(people.value), target)
    return {
        "year": year,
        "on": on,
        "certified": found.certified,
        "counts": counts,
        "population": found.population,
        "population_source": people.document,
        "per_10000": None if found.per is None else float(found.per),
        "target": float(target),
        "needed": found.needed,
        "gap": found.gap,
    }


def exam_facts(work: "UnitOfWork", year: int) -> dict[str, Any]:
    """The exam of a year: signed up, sat, passed, the rate over both, and the change on the year before."""
    now, before = _exam(work, year), _exam(work, year - 1)
    signed, sat, passed = now
    return {
        "year": year,
        "signed": signed,
        "sat": sat,
        "passed": passed,
        "rate_of_signed": percent(passed, signed),
        "rate_of_sat": percent(passed, sat),
        "more_passed": passed - before[2],
        "growth": growth(passed, before[2]),
        "signed_times": times(signed, before[0]),
    }


def _exam(work: "UnitOfWork", year: int) -> tuple[int, int, int]:
    figure = work.session.scalars(select(ExamFigure).where(col(ExamFigure.year) == year)).first()
    if figure is not None:
        return figure.signed, figure.sat, figure.passed
    asked = (
        select(col(ExamSignup.result), func.count())
        .where(col(ExamSignup.year) == year)
        .group_by(col(ExamSignup.result))
    )
    found = {row[0]: int(row[1]) for row in work.session.execute(scoped(work, asked, col(ExamSignup.area), SHOW))}
    passed = found.get("passed", 0)
    return sum(found.values()), passed + found.get("failed", 0), passed


def exam_years(work: "UnitOfWork") -> list[int]:
    """The years of which anything is known, newest first."""
    years = set(work.session.scalars(select(col(ExamFigure.year)).distinct()))
    return sorted(years | set(work.session.scalars(select(col(ExamSignup.year)).distinct())), reverse=True)


def indicator_rows(
    work: "UnitOfWork", since: str | None = None, until: str | None = None, area: str | None = None
) -> Iterator[tuple[Any, ...]]:
    """The indicators of a period, one a row."""
    span, place = span_of(work, since, until), area or ""
    yield from _people(work, span, place)
    yield from _places(work, span, place)
    yield from _service(work, span, place)
    yield from _money(work, span, place)
    yield from _exams(work, span)


def _people(work: "UnitOfWork", span: Span, place: str) -> Iterator[tuple[Any, ...]]:
    workers = certified_on(work, min(span[1], work.today), place)
    ids = [one.id or 0 for one in workers]
    highest, registered = certificates_of(work, ids), registrations_of(work, ids)
    yield _("持证社工"), str(len(workers)), _("人")
    for level, word in LEVELS.items():
        yield _(word), str(sum(one.level == level for one in highest.values())), _("人")
    fresh = sum(span[0] <= one.issued_on <= span[1] for one in highest.values())
    yield _("本期新增持证"), str(fresh), _("人")
    states = [registration_state(work, registered.get(number), min(span[1], work.today)) for number in ids]
    yield _("登记有效"), str(sum(state in ("registered", "due") for state in states)), _("人")
    yield _("登记过期"), str(states.count("lapsed")), _("人")
    found = density_facts(work, span[1].year)
    yield _("每万人持证社工"), "--" if found["per_10000"] is None else f"{found['per_10000']:.2f}", _("人")
    yield _("距目标还差"), str(found["gap"]), _("人")
    educated = education_by_worker(work, ids, highest, registered, min(span[1], work.today))
    yield _("继续教育达标率（本期到期的）"), _share(sum(educated.values()), len(educated)), ""


def education_by_worker(
    work: "UnitOfWork", ids: Sequence[int], highest: Mapping[int, Any], registered: Mapping[int, Any], on: date
) -> dict[int, bool]:
    """Workers whose registration is in its last months or lapsed, and whether they have the hours."""
    found: dict[int, bool] = {}
    for number in ids:
        rows = [one for one in registered.get(number, ()) if one.registered_on <= on]
        if not rows or window_of(work, rows[-1]).state(on) == "registered":
            continue
        last = rows[-1]
        done = hours_between(work, number, last.registered_on, last.valid_to)
        found[number] = done >= required_tenths(work, highest[number].level, last.valid_to)
    return found


def _places(work: "UnitOfWork", span: Span, place: str) -> Iterator[tuple[Any, ...]]:
    here = lambda model: col(model.area).startswith(place)  # noqa: E731 - one condition for several tables
    agencies = agencies_on(work, span[1], place)
    private = [one for one in agencies if one.kind == "service_body"]
    fresh = sum(span[0] <= one.registered_on <= span[1] for one in private)
    yield _("民办社工机构"), str(len(private)), _("家")
    yield _("本期新增民办社工机构"), str(fresh), _("家")
    yield _("上期末民办社工机构"), str(len(private) - fresh), _("家")
    yield _("本县孵化的机构"), str(sum(one.incubated for one in agencies)), _("家")
    staff = sum(one.staff for one in agencies)
    yield _("机构持证比例"), _share(sum(certified_staff(work, [one.id for one in agencies]).values()), staff), ""
    covered, towns = towns_with_station(work, place)
    yield _("社工站"), str(count_of(work, Station, col(Station.state) == "open", here(Station))), _("个")
    yield _("社工站乡镇覆盖率"), _share(len(covered), len(towns)), ""
    posts = list(
        work.session.scalars(
            scoped(work, select(Post).where(col(Post.state) == "open", here(Post)), col(Post.area), SHOW)
        )
    )
    held = sum(map(len, holders_of(work, posts).values()))
    planned = sum(one.planned for one in posts)
    yield _("社工岗位"), str(planned), _("个")
    yield _("岗位上的持证社工"), str(held), _("人")
    yield _("空缺岗位"), str(planned - held), _("个")
    links = select(func.count(col(ThreeLink.area).distinct())).where(
        col(ThreeLink.since) <= span[1],
        col(ThreeLink.until).is_(None) | (col(ThreeLink.until) >= span[0]),
        here(ThreeLink),
    )
    linked = work.session.scalar(scoped(work, links, col(ThreeLink.area), SHOW))
    yield _("三社联动社区"), str(linked or 0), _("个")


def agencies_on(work: "UnitOfWork", on: date, place: str = "") -> list[Agency]:
    """Open agencies registered by a day."""
    asked = select(Agency).where(
        col(Agency.state) == "open", col(Agency.registered_on) <= on, col(Agency.area).startswith(place)
    )
    return list(work.session.scalars(scoped(work, asked, col(Agency.area), SHOW)))


def towns_with_station(work: "UnitOfWork", place: str = "") -> tuple[set[str], set[str]]:
    """Towns with an open station, and all towns of the reader's areas."""
    mine = work.areas(SHOW)
    towns = {code[:9] for code in village_codes(work) if code.startswith(place[:9]) and code.startswith(mine or ("-",))}
    stations = select(col(Station.area)).where(col(Station.state) == "open", col(Station.area).startswith(place))
    covered = {code[:9] for code in work.session.scalars(scoped(work, stations, col(Station.area), SHOW))}
    return covered & towns, towns


def certified_staff(work: "UnitOfWork", agency_ids: Sequence[int | None]) -> dict[int, int]:
    """How many registered workers agencies employ now."""
    asked = (
        select(col(Employment.agency_id), func.count())
        .join(Worker, col(Worker.id) == col(Employment.worker_id))
        .where(
            col(Employment.agency_id).in_([one for one in agency_ids if one]),
            col(Employment.until).is_(None),
            col(Worker.state) == "listed",
        )
        .group_by(col(Employment.agency_id))
    )
    return {row[0]: int(row[1]) for row in work.session.execute(asked)}


def _service(work: "UnitOfWork", span: Span, place: str) -> Iterator[tuple[Any, ...]]:
    done = done_by(work, span, areas=lambda model: areas_of(work, model, place))
    yield _("新开个案"), str(done.opened), _("个")
    yield _("完成个案"), str(done.cases), _("个")
    yield _("完成小组"), str(done.groups), _("个")
    yield _("社区活动"), str(done.events), _("场")
    yield _("探访"), str(done.visits), _("次")
    yield _("服务对象（不重复）"), str(done.beneficiaries), _("人")
    yield _("服务人次（不与人数相加）"), str(done.person_times), _("人次")
    yield _("培养人员完成"), str(done.trainees), _("人")


def areas_of(work: "UnitOfWork", model: Any, place: str = "") -> Any:
    """The reader's areas, or a place within them, as a condition on a table."""
    mine = within(col(model.area), work.areas(SHOW))
    return mine & col(model.area).startswith(place) if place else mine


def _money(work: "UnitOfWork", span: Span, place: str) -> Iterator[tuple[Any, ...]]:
    projects = projects_in(work, span, place)
    paid = paid_by_source(work, [one.id or 0 for one in projects])
    yield _("政府购买和资助项目"), str(len(projects)), _("个")
    for source, word in SOURCES.items():
        mine = [one for one in projects if one.source == source]
        if mine:
            yield _("项目资金：{source}", source=_(word)), format_money(sum(one.contract_fen for one in mine)), _("元")
    yield _("已登记付款"), format_money(sum(paid.values())), _("元")


def projects_in(work: "UnitOfWork", span: Span, place: str = "") -> list[Project]:
    """Projects under contract in some days."""
    asked = select(Project).where(
        col(Project.state).not_in(("drafted", "approved")),
        col(Project.since) <= span[1],
        col(Project.until) >= span[0],
        col(Project.area).startswith(place),
    )
    return list(work.session.scalars(scoped(work, asked.order_by(col(Project.id)), col(Project.area), SHOW)))


def _exams(work: "UnitOfWork", span: Span) -> Iterator[tuple[Any, ...]]:
    found = exam_facts(work, span[1].year)
    yield _("考试报考"), str(found["signed"]), _("人")
    yield _("考试通过"), str(found["passed"]), _("人")
    yield _("通过率（占报考）"), _rate(found["rate_of_signed"]), ""
    yield _("通过率（占参考）"), _rate(found["rate_of_sat"]), ""


def _rate(found: Decimal | None) -> str:
    return "--" if found is None else f"{found}%"


def _share(part: int, whole: int) -> str:
    return _rate(percent(part, whole))


def exam_rows(work: "UnitOfWork") -> Iterator[tuple[Any, ...]]:
    """Exams by year with both denominators and the change on the year before."""
    for year in exam_years(work):
        found = exam_facts(work, year)
        yield (
            str(year),
            found["signed"],
            found["sat"],
            found["passed"],
            _rate(found["rate_of_signed"]),
            _rate(found["rate_of_sat"]),
            found["more_passed"],
            _rate(found["growth"]),
        )


def project_rows(work: "UnitOfWork", year: int | None = None) -> Iterator[tuple[Any, ...]]:
    """Projects of a year with money, targets, what was done, the score."""
    at = year or work.today.year
    projects = projects_in(work, (date(at, 1, 1), date(at, 12, 31)))
    names = dict_of(work, Agency, [one.agency_id for one in projects])
    for one in projects:
        on = min(one.until, work.today)
        targets, done = targets_of(work, one.id or 0, max(on, one.since)), done_of(work, one, on)
        reached = done.by_item()
        assessed = assessments_of(work, one.id or 0).get("final")
        yield (
            one.number,
            one.name,
            names[one.agency_id].name if one.agency_id in names else "",
            _(SOURCES[one.source]),
            one.contract_fen,
            sum(row.amount_fen for row in instalments_of(work, one.id or 0)),
            *(f"{reached[item]} / {targets.get(item, 0)}" for item in ITEMS),
            done.person_times,
            f"{assessed.points_tenths / 10 if assessed else score_facts(work, one, on)['score']:.1f}",
            _(PROJECT_STATES[one.state]),
        )


def worker_rows(work: "UnitOfWork", state: str | None = None) -> Iterable[tuple[Any, ...]]:
    """The register of workers: certificate, registration, hours of education; reading it is recorded."""
    work.require(SHOW)
    workers = certified_on(work, work.today)
    ids = [one.id or 0 for one in workers]
    highest, registered, employed = certificates_of(work, ids), registrations_of(work, ids), employments_of(work, ids)
    names = facts_of(work, [one.person_id for one in workers])
    if workers:
        work.record_read("social_workers.list_read", "social_workers:list")
    for one in workers:
        number = one.id or 0
        rows = registered.get(number, [])
        stands = registration_state(work, rows, work.today)
        if state and stands != state:
            continue
        last = rows[-1] if rows else None
        done = hours_between(work, number, last.registered_on, last.valid_to) if last else 0
        yield (
            one.number,
            names[one.person_id].name if one.person_id in names else "",
            _(LEVELS[highest[number].level]),
            highest[number].number,
            _(FIELDS[one.field]) if one.field else "",
            employed[number].employer if number in employed else "",
            last.registered_on if last else None,
            last.valid_to if last else None,
            shown_tenths(done),
            _(WORKER_STATES[stands]),
        )


_PERIOD = (
    Parameter(name="since", title=mark("起始月"), kind="month"),
    Parameter(name="until", title=mark("截止月"), kind="month"),
    Parameter(name="area", title=mark("区划"), kind="area"),
)
REPORTS: Sequence[Report] = (
    Report(
        name="social-workers-indicators",
        title=mark("社会工作指标"),
        permission=SHOW,
        columns=(
            Column(name="indicator", title=mark("统计指标")),
            Column(name="value", title=mark("数值")),
            Column(name="unit", title=mark("单位")),
        ),
        rows=indicator_rows,
        parameters=_PERIOD,
        note=mark("服务对象按人去重；大型活动只有人次，人数和人次不相加"),
    ),
    Report(
        name="social-workers-projects",
        chart=("name", "paid"),
        title=mark("社会工作服务项目"),
        permission=SHOW,
        columns=(
            Column(name="number", title=mark("项目编号")),
            Column(name="name", title=mark("项目名称")),
            Column(name="agency", title=mark("承接机构")),
            Column(name="source", title=mark("资金来源")),
            Column(name="contract", title=mark("合同金额（元）"), kind="money", total=True),
            Column(name="paid", title=mark("已登记付款（元）"), kind="money", total=True),
            *(Column(name=item, title=word) for item, word in ITEMS.items()),
            Column(name="times", title=mark("人次"), kind="integer"),
            Column(name="score", title=mark("得分")),
            Column(name="state", title=mark("状态")),
        ),
        rows=project_rows,
        parameters=(Parameter(name="year", title=mark("年度"), kind="year", default="current"),),
        note=mark("完成数 / 目标数；目标按评估日有效的合同或补充协议"),
    ),
    Report(
        name="social-workers-exams",
        chart=("year", "passed"),
        title=mark("社会工作者考试"),
        permission=SHOW,
        columns=(
            Column(name="year", title=mark("年度")),
            Column(name="signed", title=mark("报考人数"), kind="integer", group=mark("人数")),
            Column(name="sat", title=mark("参考人数"), kind="integer", group=mark("人数")),
            Column(name="passed", title=mark("通过人数"), kind="integer", group=mark("人数")),
            Column(name="rate_of_signed", title=mark("通过率（占报考）"), group=mark("通过率")),
            Column(name="rate_of_sat", title=mark("通过率（占参考）"), group=mark("通过率")),
            Column(name="more", title=mark("比上年增减"), kind="integer"),
            Column(name="growth", title=mark("比上年增减（%）")),
        ),
        rows=exam_rows,
    ),
    Report(
        name="social-workers-register",
        title=mark("社会工作者名册"),
        permission=SHOW,
        columns=(
            Column(name="number", title=mark("社工编号")),
            Column(name="name", title=mark("姓名")),
            Column(name="level", title=mark("证书级别")),
            Column(name="certificate", title=mark("证书编号")),
            Column(name="field", title=mark("服务领域")),
            Column(name="employer", title=mark("任职单位")),
            Column(name="registered_on", title=mark("登记日期"), kind="date"),
            Column(name="valid_to", title=mark("有效期至"), kind="date"),
            Column(name="hours", title=mark("本期继续教育学时")),
            Column(name="state", title=mark("登记状态")),
        ),
        rows=worker_rows,
        parameters=(
            Parameter(
                name="state",
                title=mark("登记状态"),
                kind="choice",
                choices=(
                    ("", mark("全部")),
                    *((code, word) for code, word in WORKER_STATES.items() if code != "removed"),
                ),
            ),
        ),
    ),
)
