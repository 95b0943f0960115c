"""What dibao brings to the desk and to pages of households and persons."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Lane, Panel, Period, Span, Task, Tile, TownFigure, UnitOfWork, _, format_money, scoped
from plugins.casework.api import open_case_of
from plugins.dibao.awards import versions_of
from plugins.dibao.models import Award, MarginFamily
from plugins.dibao.queries import SHOW, newest_awards
from plugins.dibao.words import AREA_KINDS, SCHEME

TOWN = 9
"""Digits of a town's code."""
_ENDED = ("stopped", "suspended")


def tiles(work: UnitOfWork) -> Iterable[Tile]:
    """Families in payment, and at the margin."""
    if not work.may(SHOW):
        return []
    newest = newest_awards(str(Period.of(work.today))).with_only_columns(
        func.count(), func.coalesce(func.sum(col(Award.members)), 0)
    )
    families, persons = work.session.execute(scoped(work, newest, Award.area, SHOW)).one()
    note = _("{count} 人", count=f"{int(persons):,}")
    return [Tile(title=_("在保家庭"), figure=f"{families:,}", unit=_("户"), note=note, path="/dibao", order=25)]


def town_figures(work: UnitOfWork) -> Iterable[TownFigure]:
    """Families in payment by town."""
    if not work.may(SHOW):
        return []
    town = func.substr(col(Award.area), 1, TOWN)
    asked = newest_awards(str(Period.of(work.today))).with_only_columns(town, func.count()).group_by(town)
    families = {row[0]: row[1] for row in work.session.execute(scoped(work, asked, Award.area, SHOW))}
    return [TownFigure(title=_("在保"), values=families, unit=_("户"), order=10)]


def tasks(work: UnitOfWork) -> Iterable[Task]:
    """Members who refused suitable jobs too often."""
    if not work.may("dibao.recompute"):
        return []
    from plugins.dibao.refusals import often_refused

    return [
        Task(
            title=_("多次拒绝介绍的合适工作"),
            subject=one["case"],
            path=f"/dibao/cases/{one['case']}",
            step=_("复核"),
            area=one["area"],
            number=one["case"],
            state="warn",
        )
        for one in often_refused(work)
    ]


def panels(work: UnitOfWork, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    """What the people of a page get by dibao, over time; that it was seen is recorded."""
    if not work.may(SHOW) or not person_ids:
        return []
    cases = {one.id: one for person in person_ids if (one := open_case_of(work, person, SCHEME)) is not None}
    seen = [one for one in cases.values() if work.may(SHOW, one.area)]
    awards = versions_of(work, [one.id for one in seen])
    if not awards:
        return list(_margins(work, person_ids))
    found: list[Panel] = []
    for case in seen:
        mine = [one for one in awards if one.case_id == case.id]
        if not mine:
            continue
        work.record_read("dibao.panel_read", f"case:{case.number}", area=case.area)
        last = mine[-1]
        rows = [
            (_("申请编号"), case.number),
            (_("类别"), _(AREA_KINDS[last.category])),
            (_("保障人数"), _("{count} 人", count=last.members)),
            (_("月补助"), _("{amount} 元", amount=format_money(last.total_fen))),
            (_("起始月"), mine[0].effective_month),
        ]
        lane = Lane(title=_("最低生活保障"), spans=_spans(mine))
        path = f"/dibao/cases/{case.number}"
        tags = [(_("低保"), "ok")] if last.outcome not in _ENDED else []
        found.append(Panel(title=_("最低生活保障"), rows=rows, lanes=[lane], tags=tags, path=path, order=10))
    return found


def _margins(work: UnitOfWork, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    asked = select(MarginFamily).where(col(MarginFamily.person_id).in_(person_ids), col(MarginFamily.until).is_(None))
    for one in work.session.scalars(scoped(work, asked, MarginFamily.area, SHOW)):
        rows = [(_("起始日"), one.since.isoformat()), (_("家庭人数"), str(one.members))]
        yield Panel(title=_("低保边缘家庭"), rows=rows, tags=[(_("低保边缘"), "note")], order=12)


def _spans(awards: list[Any]) -> list[Span]:
    found = []
    for at, one in enumerate(awards):
        if one.outcome in _ENDED:
            continue
        later = awards[at + 1] if at + 1 < len(awards) else None
        until = Period(later.effective_month).previous().last_day if later else None
        if until is None and one.until_month:
            until = Period(one.until_month).last_day
        since = Period(one.effective_month).first_day
        if until is None or until >= since:
            found.append(Span(since=since, until=until, label=_("{amount} 元", amount=format_money(one.total_fen))))
    return found
