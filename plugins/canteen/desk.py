"""What canteens bring to the desk and to pages of households and persons."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import col

from core.api import TASKS_MAX, Lane, Panel, Point, Span, Task, Tile, TownFigure, UnitOfWork, _, columns, scoped
from plugins.canteen.counter.conflicts import count_questions
from plugins.canteen.counter.models import Subsidy, Terminal
from plugins.canteen.models import Card, Diner, Feedback, GrantPart, Inspection, Settlement, Site
from plugins.canteen.queries import diner_lines, licences_ending
from plugins.canteen.services.common import CHECK, DECIDE, DINERS, INSPECT, MAINTAIN, PAY, SHOW
from plugins.canteen.statistics import completion, share, sites_of

TOWN = 9
"""Digits of a town's code."""
_SUBSIDY, _DINER = columns(Subsidy), columns(Diner)


def tiles(work: UnitOfWork) -> Iterable[Tile]:
    """How many sites are open, and how far the year's plan has come."""
    if not work.may(SHOW):
        return []
    sites = sites_of(work)
    running = sum(site.state in ("trial", "open") for site in sites)
    planned, opened = completion(work, work.today, sites)
    note = (
        _("年度计划完成 {share}", share=share(opened, planned)) if planned else _("本月 {meals} 餐", meals=_meals(work))
    )
    return [Tile(title=_("助餐站点"), figure=f"{running:,}", unit=_("个"), note=note, path="/canteen", order=50)]


def town_figures(work: UnitOfWork) -> Iterable[TownFigure]:
    """Which share of the enrolled diners of each town ate this month."""
    if not work.may(SHOW):
        return []
    town = func.substr(_DINER.area, 1, TOWN)
    ate = select(_SUBSIDY.person_id).where(_SUBSIDY.day >= work.today.replace(day=1)).distinct()
    asked = (
        select(town, func.count(), func.count(case((_DINER.person_id.in_(ate), 1))))
        .where(_DINER.from_on <= work.today, _DINER.to_on.is_(None) | (_DINER.to_on >= work.today))
        .group_by(town)
    )
    right = DINERS if work.may(DINERS) else SHOW
    rows = work.session.connection().execute(scoped(work, asked, _DINER.area, right))
    return [
        TownFigure(
            title=_("助餐用餐率"),
            values={code: (active, enrolled) for code, enrolled, active in rows},
            hue=2,
            note=_("本月用餐的人 ÷ 登记的就餐老人"),
            order=20,
        )
    ]


def _meals(work: UnitOfWork) -> int:
    site = columns(Site)
    asked = (
        select(func.count())
        .select_from(_SUBSIDY.site_id.table)
        .join(site.id.table, site.id == _SUBSIDY.site_id)
        .where(_SUBSIDY.day >= work.today.replace(day=1))
    )
    return work.session.connection().scalar(scoped(work, asked, site.area, SHOW)) or 0


def tasks(work: UnitOfWork) -> Iterable[Task]:
    """Settlements to check, approve and pay, hazards, licences, complaints, missing samples, grants, reviews."""
    if not work.may(SHOW):
        return
    for state, right, title in (
        ("draft", CHECK, _("审核助餐结算")),
        ("township_checked", DECIDE, _("批准助餐结算")),
        ("county_approved", PAY, _("助餐结算列入发放")),
    ):
        waiting = select(func.count()).where(col(Settlement.state) == state, col(Settlement.month) < _month(work))
        path = f"/canteen/settlements?state={state}"
        yield from _several(work, waiting, col(Settlement.area), right, (title, path, "note"))
    complaints = select(func.count()).where(col(Feedback.kind) == "complaint", col(Feedback.handled_on).is_(None))
    yield from _several(work, complaints, col(Feedback.area), MAINTAIN, (_("食堂投诉"), "/canteen", "warn"))
    yield from _counter(work)
    yield from _hazards(work)
    yield from _licences(work)
    yield from _samples(work)
    yield from _quiet(work)
    if work.may(PAY):
        due = select(func.count()).where(col(GrantPart.state) == "payable")
        count = work.session.scalar(due) or 0
        if count:
            yield _task(_("支付建设补助"), count, "/canteen/grant-payments/new", "note")


def _month(work: UnitOfWork) -> str:
    return work.today.isoformat()[:7]


def _several(work: UnitOfWork, asked: Any, area: Any, right: str, words: tuple[str, str, Any]) -> Iterable[Task]:
    count = work.session.scalar(scoped(work, asked, area, right)) or 0 if work.may(right) else 0
    if count:
        yield _task(words[0], count, words[1], words[2])


def _task(title: str, count: int, path: str, state: Any) -> Task:
    return Task(title=title, subject=_("{count} 条", count=count), path=path, step=_("办理"), state=state)


def _counter(work: UnitOfWork) -> Iterable[Task]:
    """Extra and refused swipes, and devices that wait to be confirmed."""
    questions = count_questions(work) if work.may(CHECK) else 0
    if questions:
        yield _task(_("处理重复或被拒的用餐"), questions, "/canteen/conflicts", "warn")
    devices = (
        select(func.count())
        .select_from(Terminal)
        .join(Site, col(Site.id) == col(Terminal.site_id))
        .where(col(Terminal.state) == "registered")
    )
    yield from _several(
        work, devices, col(Site.area), DECIDE, (_("确认柜台终端"), "/canteen/terminals?status=registered", "note")
    )


def _hazards(work: UnitOfWork) -> Iterable[Task]:
    if not work.may(INSPECT):
        return
    asked = select(Inspection).where(col(Inspection.deadline).is_not(None), col(Inspection.rectified_on).is_(None))
    asked = asked.order_by(col(Inspection.deadline)).limit(TASKS_MAX)
    for one in work.session.scalars(scoped(work, asked, col(Inspection.area), INSPECT)):
        yield Task(
            title=_("食堂检查问题待整改"),
            subject=one.number,
            path=f"/canteen/inspections/{one.id}",
            step=_("登记整改完成"),
            area=one.area,
            number=one.number,
            due=one.deadline,
            state="bad" if one.deadline and one.deadline < work.today else "warn",
        )


def _licences(work: UnitOfWork) -> Iterable[Task]:
    if not work.may(MAINTAIN):
        return
    for site in licences_ending(work):
        yield Task(
            title=_("食品经营许可快到期"),
            subject=site.name,
            path=f"/canteen/sites/{site.id}/licence",
            step=_("登记食品经营许可"),
            area=site.area,
            number=site.number,
            due=site.licence_to,
            state="bad" if site.licence_to and site.licence_to < work.today else "warn",
        )


def _samples(work: UnitOfWork) -> Iterable[Task]:
    """W_SAMPLE_MISSING: meals that were served without a sample in the log."""
    from plugins.canteen.services.sampling import missing_samples

    if not work.may(INSPECT):
        return
    for site, days in missing_samples(work):
        yield Task(
            title=_("有供餐没有留样记录"),
            subject=site.name,
            path=f"/canteen/sites/{site.id}",
            step=_("登记留样"),
            area=site.area,
            number=site.number,
            due=max(days),
            state="warn",
        )


def _quiet(work: UnitOfWork) -> Iterable[Task]:
    from plugins.canteen.services.sampling import quiet_sites

    if not work.may(DECIDE):
        return
    for site, last in quiet_sites(work):
        yield Task(
            title=_("站点长期没有供餐"),
            subject=site.name,
            path=f"/canteen/sites/{site.id}",
            step=_("核实是否停业"),
            area=site.area,
            number=site.number,
            due=last + timedelta(days=work.policy("canteen.closed_days")),
            state="bad",
        )


def panels(work: UnitOfWork, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    """Diners among the people of a page, for who may see them; that it was seen is recorded."""
    if not work.may(DINERS) or not person_ids:
        return []
    asked = select(Diner).where(col(Diner.person_id).in_(person_ids)).order_by(col(Diner.id))
    found = list(work.session.scalars(scoped(work, asked, col(Diner.area), DINERS)))
    if not found:
        return []
    for one in found:
        work.record_read("canteen.panel_read", f"canteen_diner:{one.id}", area=one.area)
    months = _months(work, [one.person_id for one in found])
    rows = [
        (
            line["name"],
            " · ".join(
                part
                for part in (
                    line["tier"],
                    line["site_name"],
                    _("本月 {meals} 餐", meals=months.get(line["person_id"], 0)),
                )
                if part
            ),
        )
        for line in diner_lines(work, found)
    ]
    lanes = [Lane(title=_("助餐"), spans=[_span(one) for one in found], points=list(_cards(work, found)))]
    path = f"/canteen/diners/{found[0].id}"
    return [Panel(title=_("助餐"), rows=rows, lanes=lanes, path=path, order=55)]


def _months(work: UnitOfWork, person_ids: list[int]) -> dict[int, int]:
    first: date = work.today.replace(day=1)
    asked = select(_SUBSIDY.person_id, func.count()).where(_SUBSIDY.person_id.in_(person_ids), _SUBSIDY.day >= first)
    rows = work.session.connection().execute(asked.group_by(_SUBSIDY.person_id))
    return {row[0]: row[1] for row in rows}


def _span(one: Diner) -> Span:
    return Span(since=one.from_on, until=one.to_on, label=_("就餐登记"))


def _cards(work: UnitOfWork, found: list[Diner]) -> Iterable[Point]:
    asked = select(Card).where(col(Card.diner_id).in_([one.id for one in found])).order_by(col(Card.id))
    for card in work.session.scalars(asked):
        yield Point(on=card.issued_on, label=_("发就餐卡"))
