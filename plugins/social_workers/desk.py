"""What social work brings to the desk and to pages of households and persons."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import TASKS_MAX, Lane, Panel, Point, Span, Task, Tile, UnitOfWork, _, scoped
from plugins.social_workers.files import case_lines
from plugins.social_workers.listing import worker_lines
from plugins.social_workers.models import Case, CaseForm, Certificate, Event, Project, Registration, Worker
from plugins.social_workers.queries import SHOW, may_open, my_worker, registrations_of
from plugins.social_workers.rules import months_on
from plugins.social_workers.services.common import FILE, KEEP, RUN, SERVE
from plugins.social_workers.services.paying import amount_due, instalments_of
from plugins.social_workers.statistics import density_facts
from plugins.social_workers.words import INSTALMENTS, LEVELS, STAGES, WORKER_STATES


def tiles(work: UnitOfWork) -> Iterable[Tile]:
    """How many hold a certificate, and how many of 10,000 that is."""
    if not work.may(SHOW):
        return []
    found = density_facts(work, work.today.year)
    per = "--" if found["per_10000"] is None else f"{found['per_10000']:.2f}"
    note = _("每万人 {per} 人，还差 {gap} 人", per=per, gap=found["gap"])
    figure = f"{found['certified']:,}"
    return [Tile(title=_("持证社工"), figure=figure, unit=_("人"), note=note, path="/social-workers", order=57)]


def tasks(work: UnitOfWork) -> Iterable[Task]:
    """Registrations that are due, crises, instalments, quiet cases, follow-ups, events to check."""
    if not work.may(SHOW):
        return
    yield from _registrations(work)
    yield from _mine(work)
    yield from _instalments(work)
    yield from _round(work)


def _registrations(work: UnitOfWork) -> Iterable[Task]:
    if not work.may(KEEP):
        return
    limit = months_on(work.today + timedelta(days=1), work.policy("social_workers.due_months")) - timedelta(days=1)
    last = (
        select(col(Registration.worker_id).label("worker_id"), func.max(col(Registration.valid_to)).label("valid_to"))
        .group_by(col(Registration.worker_id))
        .subquery()
    )
    asked = (
        select(Worker, last.c.valid_to)
        .join(last, last.c.worker_id == col(Worker.id))
        .where(col(Worker.state) == "listed", last.c.valid_to <= limit)
        .order_by(last.c.valid_to)
        .limit(TASKS_MAX)
    )
    for one, valid_to in work.session.execute(scoped(work, asked, col(Worker.area), KEEP)):
        yield Task(
            title=_("社工登记到期，办理再登记"),
            subject=one.number,
            path=f"/social-workers/workers/{one.id}",
            step=_("再登记"),
            area=one.area,
            number=one.number,
            due=valid_to,
            state="bad" if valid_to < work.today else "warn",
        )


def _mine(work: UnitOfWork) -> Iterable[Task]:
    """What waits in the files that are one's own, as worker or supervisor."""
    me = my_worker(work)
    if me is None or not work.may(FILE):
        return
    mine = (col(Case.worker_id) == me.id) | (col(Case.supervisor_id) == me.id)
    open_ = select(Case).where(mine, col(Case.closed_on).is_(None)).order_by(col(Case.id)).limit(TASKS_MAX)
    cases = list(work.session.scalars(open_))
    hours = work.policy("social_workers.crisis_hours")
    for one in cases:
        if one.crisis_at is not None and one.informed_at is None:
            due = one.crisis_at + timedelta(hours=hours)
            yield _task(one, _("危机个案：{hours} 小时内告知督导", hours=hours), _("告知督导"), due.date(), "bad")
    limit = work.today - timedelta(days=work.policy("social_workers.quiet_days"))
    latest = _latest_sessions(work, [one.id for one in cases])
    for one in cases:
        since = latest.get(one.id or 0, one.opened_on)
        if one.worker_id == me.id and since < limit:
            yield _task(one, _("个案没有面谈"), _("登记文书"), since, "warn")
    months = work.policy("social_workers.follow_up_months")
    closed = select(Case).where(mine, col(Case.stage) == "closed").order_by(col(Case.id)).limit(TASKS_MAX)
    for one in work.session.scalars(closed):
        due = months_on(one.closed_on or one.opened_on, months)
        if due <= work.today:
            yield _task(one, _("结案回访"), _("登记回访"), due, "note")


def _latest_sessions(work: UnitOfWork, ids: list[int | None]) -> dict[int, Any]:
    asked = (
        select(col(CaseForm.case_id), func.max(col(CaseForm.dated)))
        .where(col(CaseForm.case_id).in_(ids), col(CaseForm.kind) == "SW05")
        .group_by(col(CaseForm.case_id))
    )
    return {row[0]: row[1] for row in work.session.execute(asked)}


def _task(one: Case, title: str, step: str, due: Any, state: Any) -> Task:
    path = f"/social-workers/cases/{one.id}"
    return Task(title=title, subject=one.number, path=path, step=step, area=one.area, number=one.number, due=due,
                state=state)  # fmt: skip


def _instalments(work: UnitOfWork) -> Iterable[Task]:
    if not work.may(RUN):
        return
    asked = select(Project).where(col(Project.state).in_(("contracted", "running", "mid_term", "final")))
    asked = scoped(work, asked.order_by(col(Project.id)).limit(TASKS_MAX), col(Project.area), RUN)
    for one in work.session.scalars(asked):
        entered = {row.stage for row in instalments_of(work, one.id or 0)}
        for stage, word in INSTALMENTS.items():
            if stage not in entered and amount_due(work, one, stage):
                yield Task(
                    title=_("社工项目付款：{stage}", stage=_(word)),
                    subject=one.number,
                    path=f"/social-workers/projects/{one.id}",
                    step=_("登记付款"),
                    area=one.area,
                    number=one.number,
                )


def _round(work: UnitOfWork) -> Iterable[Task]:
    """Projects that report the same number of participants again and again."""
    if not work.may(SERVE):
        return
    limit = work.policy("social_workers.round_events")
    asked = (
        select(col(Project.id), col(Project.number), col(Project.area), func.count())
        .join(Event, col(Event.project_id) == col(Project.id))
        .where(col(Event.state) == "held", col(Project.state).in_(("contracted", "running", "mid_term")))
        .group_by(col(Project.id), col(Project.number), col(Project.area), col(Event.participants))
        .having(func.count() > limit)
        .limit(TASKS_MAX)
    )
    for row in work.session.execute(scoped(work, asked, col(Project.area), SERVE)):
        yield Task(
            title=_("{count} 场活动人次相同，请核对", count=row[3]),
            subject=row[1],
            path="/social-workers/events",
            step=_("核对"),
            area=row[2],
            number=row[1],
            state="warn",
        )


def panels(work: UnitOfWork, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    """Workers among the people of a page, and cases whose file the reader may open; that it was seen is recorded."""
    if not work.may(SHOW) or not person_ids:
        return []
    return [*_worker_panel(work, person_ids), *_case_panel(work, person_ids)]


def _worker_panel(work: UnitOfWork, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    asked = select(Worker).where(col(Worker.person_id).in_(person_ids)).order_by(col(Worker.id))
    found = list(work.session.scalars(scoped(work, asked, col(Worker.area), SHOW)))
    if not found:
        return
    for one in found:
        work.record_read("social_workers.panel_read", f"social_worker:{one.id}", area=one.area)
    rows = [
        (line["number"], f"{_(LEVELS[line['level']])} · {_(WORKER_STATES[line['state']])}")
        for line in worker_lines(work, found)
    ]
    registered = registrations_of(work, [one.id or 0 for one in found])
    spans = [
        Span(since=row.registered_on, until=row.valid_to, label=_("登记有效"))
        for rows_ in registered.values()
        for row in rows_
    ]
    got = select(Certificate).where(col(Certificate.worker_id).in_([one.id for one in found]))
    points = [Point(on=row.issued_on, label=_(LEVELS[row.level])) for row in work.session.scalars(got)]
    lanes = [Lane(title=_("社会工作"), spans=spans, points=points)]
    path = f"/social-workers/workers/{found[0].id}"
    yield Panel(title=_("社工"), rows=rows, lanes=lanes, path=path, order=62)


def _case_panel(work: UnitOfWork, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    if not work.may(FILE) or my_worker(work) is None:
        return
    asked = select(Case).where(col(Case.client_id).in_(person_ids)).order_by(col(Case.id))
    found = [one for one in work.session.scalars(scoped(work, asked, col(Case.area), FILE)) if may_open(work, one)]
    if not found:
        return
    for one in found:
        work.record_read("social_workers.panel_read", f"social_workers_case:{one.id}", area=one.area)
    rows = [(line["number"], f"{_(STAGES[line['state']])} · {line['opened_on']}") for line in case_lines(work, found)]
    spans = [Span(since=one.opened_on, until=one.closed_on, label=one.number) for one in found]
    path = f"/social-workers/cases/{found[0].id}"
    yield Panel(title=_("社工个案"), rows=rows, lanes=[Lane(title=_("社工个案"), spans=spans)], path=path, order=63)
