"""What superiors ask of social work: certified workers, density, education, stations, posts by town; service, money."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlmodel import col

from core.api import Indicator, Measured, UnitOfWork, mark, scoped
from plugins.social_workers.measuring import done_by
from plugins.social_workers.models import Post, Station
from plugins.social_workers.queries import SHOW, certificates_of, registration_state, registrations_of
from plugins.social_workers.services.organising import holders_of
from plugins.social_workers.services.paying import paid_by_source
from plugins.social_workers.statistics import (
    agencies_on,
    areas_of,
    certified_on,
    certified_staff,
    density_facts,
    education_by_worker,
    exam_facts,
    projects_in,
    towns_with_station,
)
from plugins.social_workers.words import LEVELS

_PER = 10_000


def measure_people(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """Certified workers by level, new ones, registrations, education: four questions for all towns."""
    on = min(until, work.today)
    workers = certified_on(work, on)
    ids = [one.id or 0 for one in workers]
    highest, registered = certificates_of(work, ids), registrations_of(work, ids)
    asked = education_by_worker(work, ids, highest, registered, on)
    for one in workers:
        number, town = one.id or 0, one.area[:9]
        state = registration_state(work, registered.get(number), on)
        level, issued = highest[number].level, highest[number].issued_on
        yield Measured(indicator="social_workers.certified", area=town, part=1)
        yield Measured(indicator=f"social_workers.certified_{level}", area=town, part=1)
        yield Measured(indicator="social_workers.new", area=town, part=int(since <= issued <= until))
        yield Measured(indicator="social_workers.lapsed", area=town, part=int(state == "lapsed"))
        if number in asked:
            yield Measured(indicator="social_workers.education", area=town, part=int(asked[number]), base=1)


def measure_places(work: UnitOfWork, _since: date, until: date) -> Iterator[Measured]:
    """Agencies with their certified staff, towns with a station, posts and who holds them."""
    agencies = agencies_on(work, until)
    certified = certified_staff(work, [one.id for one in agencies])
    for one in agencies:
        yield Measured(indicator="social_workers.agencies", area=one.area, part=int(one.kind == "service_body"))
        if one.staff:
            with_certificate = certified.get(one.id or 0, 0)
            yield Measured(
                indicator="social_workers.agency_staff", area=one.area, part=with_certificate, base=one.staff
            )
    covered, towns = towns_with_station(work)
    for town in sorted(towns):
        yield Measured(indicator="social_workers.stations", area=town, part=int(town in covered), base=1)
    asked = select(col(Station.area)).where(col(Station.state) == "open")
    for code in work.session.scalars(scoped(work, asked, col(Station.area), SHOW)):
        yield Measured(indicator="social_workers.station_count", area=code, part=1)
    open_posts = select(Post).where(col(Post.state) == "open")
    posts = list(work.session.scalars(scoped(work, open_posts, col(Post.area), SHOW)))
    held = holders_of(work, posts)
    for post in posts:
        yield Measured(indicator="social_workers.posts", area=post.area, part=post.planned)
        if post.planned:
            filled = len(held.get(post.id or 0, ()))
            yield Measured(indicator="social_workers.posts_held", area=post.area, part=filled, base=post.planned)


def measure_county(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """Density, service, money and exams of the county as a whole: who was served in two towns is one person."""
    county = work.settings.county.code
    if not work.may(SHOW, county):
        return
    density = density_facts(work, until.year)
    certified = density["certified"] * _PER
    yield Measured(indicator="social_workers.density", area=county, part=certified, base=density["population"])
    done = done_by(work, (since, until), areas=lambda model: areas_of(work, model))
    counts: Counter[str] = Counter(
        opened=done.opened, cases=done.cases, groups=done.groups, events=done.events, visits=done.visits,
        beneficiaries=done.beneficiaries, person_times=done.person_times, trainees=done.trainees,
    )  # fmt: skip
    for name, count in counts.items():
        yield Measured(indicator=f"social_workers.{name}", area=county, part=count)
    projects = projects_in(work, (since, until))
    paid = paid_by_source(work, [one.id or 0 for one in projects])
    yield Measured(indicator="social_workers.projects", area=county, part=len(projects))
    yield Measured(indicator="social_workers.contracts", area=county, part=sum(one.contract_fen for one in projects))
    yield Measured(indicator="social_workers.paid", area=county, part=sum(paid.values()))
    exam = exam_facts(work, until.year)
    yield Measured(indicator="social_workers.exam_signed", area=county, part=exam["signed"])
    yield Measured(indicator="social_workers.exam_passed", area=county, part=exam["passed"], base=exam["signed"])


_SERVICE = (
    ("opened", mark("新开个案"), mark("个")), ("cases", mark("完成个案"), mark("个")),
    ("groups", mark("完成小组"), mark("个")), ("events", mark("社区活动"), mark("场")),
    ("visits", mark("探访"), mark("次")), ("beneficiaries", mark("服务对象（不重复）"), mark("人")),
    ("person_times", mark("服务人次（不与人数相加）"), mark("人次")), ("trainees", mark("培养人员完成"), mark("人")),
)  # fmt: skip
INDICATORS = (
    Indicator(name="social_workers.certified", title=mark("持证社工"), kind="count", permission=SHOW,
              measure=measure_people, unit=mark("人")),
    *(
        Indicator(name=f"social_workers.certified_{level}", title=word, kind="count", permission=SHOW,
                  measure=measure_people, unit=mark("人"))
        for level, word in LEVELS.items()
    ),
    Indicator(name="social_workers.new", title=mark("本期新增持证"), kind="count", permission=SHOW,
              measure=measure_people, unit=mark("人"), cumulative=True),
    Indicator(name="social_workers.lapsed", title=mark("登记过期"), kind="count", permission=SHOW,
              measure=measure_people, unit=mark("人"), comparator="<="),
    Indicator(name="social_workers.density", title=mark("每万人持证社工"), kind="floor", permission=SHOW,
              measure=measure_county, unit=mark("人"), county=True, policy="social_workers.density_target"),
    Indicator(name="social_workers.education", title=mark("继续教育达标率（本期到期的）"), kind="rate",
              permission=SHOW, measure=measure_people),
    Indicator(name="social_workers.agencies", title=mark("民办社工机构"), kind="count", permission=SHOW,
              measure=measure_places, unit=mark("家")),
    Indicator(name="social_workers.agency_staff", title=mark("机构持证比例"), kind="rate", permission=SHOW,
              measure=measure_places),
    Indicator(name="social_workers.station_count", title=mark("社工站"), kind="count", permission=SHOW,
              measure=measure_places, unit=mark("个")),
    Indicator(name="social_workers.stations", title=mark("社工站乡镇覆盖率"), kind="rate", permission=SHOW,
              measure=measure_places, comparator="=", policy="social_workers.stations_target"),
    Indicator(name="social_workers.posts", title=mark("社工岗位"), kind="count", permission=SHOW,
              measure=measure_places, unit=mark("个")),
    Indicator(name="social_workers.posts_held", title=mark("社工岗位到岗率"), kind="rate", permission=SHOW,
              measure=measure_places),
    *(
        Indicator(name=f"social_workers.{name}", title=title, kind="count", permission=SHOW, measure=measure_county,
                  unit=unit, cumulative=True, county=True)
        for name, title, unit in _SERVICE
    ),
    Indicator(name="social_workers.projects", title=mark("政府购买和资助项目"), kind="count", permission=SHOW,
              measure=measure_county, unit=mark("个"), county=True),
    Indicator(name="social_workers.contracts", title=mark("社工项目合同金额"), kind="count", permission=SHOW,
              measure=measure_county, money=True, county=True),
    Indicator(name="social_workers.paid", title=mark("社工项目已登记付款"), kind="count", permission=SHOW,
              measure=measure_county, money=True, county=True),
    Indicator(name="social_workers.exam_signed", title=mark("考试报考"), kind="count", permission=SHOW,
              measure=measure_county, unit=mark("人"), county=True),
    Indicator(name="social_workers.exam_passed", title=mark("通过率（占报考）"), kind="rate", permission=SHOW,
              measure=measure_county, county=True),
)  # fmt: skip
