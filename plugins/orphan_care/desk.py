"""What orphan care brings to the desk and to pages of households and persons: numbers of files, never a name."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import func, select

from core.api import Lane, Panel, Period, Span, Task, Tile, UnitOfWork, _, format_money, scoped
from plugins.orphan_care import due_lists
from plugins.orphan_care.models import Case
from plugins.orphan_care.months import state_column, state_now, this_month
from plugins.orphan_care.queries import SHOW, case_line, case_numbers
from plugins.orphan_care.words import STATES


def tiles(work: UnitOfWork) -> Iterable[Tile]:
    """How many children are in payment."""
    if not work.may(SHOW):
        return []
    month = this_month(work)
    asked = select(func.count()).select_from(Case).where(state_column(month).in_(("active", "ending")))
    count = work.session.scalar(scoped(work, asked, Case.area, SHOW)) or 0
    return [Tile(title=_("在保儿童"), figure=f"{count:,}", unit=_("人"), path="/orphan-care?state=active", order=35)]


def tasks(work: UnitOfWork) -> Iterable[Task]:
    """Steps that wait, visits and reviews due, bases and ages that run out, files to complete."""
    if not work.may(SHOW):
        return
    yield from _steps(work)
    yield from _lists(work)
    if work.may("orphan_care.keep"):
        yield from _findings(work)


def _steps(work: UnitOfWork) -> Iterable[Task]:
    county = work.may("orphan_care.decide", work.settings.county.code)
    waiting = [("orphan_care.check", "applied", _("核查儿童申请"), _("核查"))]
    if county:
        waiting.append(("orphan_care.decide", "township_checked", _("确认儿童保障"), _("确认")))
    for permission, state, title, step in waiting:
        if not work.may(permission):
            continue
        for one in due_lists.steps_due(work, permission, state):
            yield Task(
                title=title,
                subject=one["number"],
                path=f"/orphan-care/cases/{one['id']}",
                step=step,
                area=one["area"],
                number=one["number"],
                due=one["due_on"],
                state="bad" if due_lists.is_late(one["due_on"], work.today) else "note",
            )


def _lists(work: UnitOfWork) -> Iterable[Task]:
    for level in ("village", "township") if work.may("orphan_care.visit") else ():
        children, visited = due_lists.visit_counts(work, level)
        if children > visited:
            title = _("走访儿童（{who}）", who=due_lists.level_title(level))
            yield _several(title, children - visited, f"/orphan-care/visits?level={level}", _("走访"), "warn")
    reviews = due_lists.reviews_waiting(work)
    if reviews:
        due_on = due_lists.review_deadline(work, work.today.year)
        yield _several(_("年度复核"), reviews, "/orphan-care/due", _("复核"), "warn", due_on)
    asked = [one for one in due_lists.reviews_due(work) if one["kind"] != "yearly"]
    for title, found in (
        (_("动态复核"), asked),
        (_("父母情形到期，重新核实"), due_lists.expiring_bases(work)),
        (_("年满 18 周岁，办理结案或就学证明"), due_lists.coming_of_age(work)),
    ):
        for one in found[:50]:
            yield Task(
                title=title,
                subject=one["number"],
                path=f"/orphan-care/cases/{one['id']}",
                step=_("复核"),
                area=one["area"],
                number=one["number"],
                due=one["due_on"],
                state="bad" if due_lists.is_late(one["due_on"], work.today) else "warn",
            )


def _findings(work: UnitOfWork) -> Iterable[Task]:
    count = due_lists.incomplete_count(work)
    if count:
        yield _several(_("接收的档案不完整"), count, "/orphan-care?missing=1", "W_FILE_INCOMPLETE", "warn")
    many = due_lists.many_children(work)
    if many:
        yield _several(_("一人监护多名儿童"), len(many), "/orphan-care/due", "W_GUARDIAN_MULTI", "warn")
    if not work.may("orphan_care.pair", work.settings.county.code):
        return
    checks = due_lists.checks_due(work)
    if checks:
        yield _several(_("结对人背景查询过期"), len(checks), "/orphan-care/pairing", _("重新查询"), "bad")
    for one in due_lists.standards_below_floor(work):
        words = _(
            "标准 {standard} 元，下限 {floor} 元",
            standard=format_money(one["standard_fen"]),
            floor=format_money(one["floor_fen"]),
        )
        yield Task(title=_("儿童保障标准低于下限"), subject=words, path="/benefits/standards", state="bad")


def _several(title: str, count: int, path: str, step: str, state: Any, due: date | None = None) -> Task:
    return Task(title=title, subject=_("{count} 人", count=count), path=path, step=step, state=state, due=due)


def panels(work: UnitOfWork, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    """Files of the people of a page, for who may see them; that it was seen is recorded. No tag beside the name."""
    if not work.may(SHOW) or not person_ids:
        return []
    found = case_numbers(work, person_ids)
    if not found:
        return []
    month = this_month(work)
    for case in found:
        work.record_read("orphan_care.panel_read", f"orphan_care:{case.id}", area=case.area)
    lines = [case_line(work, case, month) for case in found]
    rows = [(one["number"], f"{one['category_title']} · {_(STATES[one['state']])}") for one in lines]
    lanes = [Lane(title=_("儿童保障"), spans=[_span(case, month) for case in found if case.from_month])]
    path = f"/orphan-care/cases/{found[0].id}"
    return [Panel(title=_("孤儿保障"), rows=rows, lanes=lanes, path=path, order=20)]


def _span(case: Case, month: str) -> Span:
    until = Period(case.last_month).last_day if case.last_month else None
    return Span(since=Period(case.from_month).first_day, until=until, label=_(STATES[state_now(case, month)]))
