"""What staff do with grids and cases: the only module that writes."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import UnitOfWork, _, area_names, calendar_of, refuse, staff_titles
from huimin_urban_grid.models import Case, Grid, Post, Step
from huimin_urban_grid.queries import inspector_of, own_case, own_grid
from huimin_urban_grid.wishes import AddGrid, Appoint, Done, ReportCase, Send

KEEP, REPORT, SEND, HANDLE, CHECK = (
    "urban_grid.keep", "urban_grid.report", "urban_grid.send", "urban_grid.handle", "urban_grid.check",
)  # fmt: skip


def add_grid(work: UnitOfWork, wish: AddGrid) -> Grid:
    """Lay out a grid."""
    work.require(KEEP, wish.area)
    if wish.area not in area_names(work, [wish.area]):
        raise refuse(_("没有这个区划代码"), field="area", code="E_DIV_CODE")
    if work.session.scalars(select(Grid).where(col(Grid.code) == wish.code)).first():
        raise refuse(_("这个网格编号已经有了"), field="code", code="E_UG_TWICE")
    grid = Grid(**wish.model_dump())
    _keep(work, grid)
    work.record("urban_grid.laid_out", f"urban_grid:{grid.id}", area=grid.area, code=grid.code)
    return grid


def appoint(work: UnitOfWork, text: str, wish: Appoint) -> Grid:
    """Give a grid its inspector; the one before ends the day before."""
    grid = own_grid(work, text, KEEP)
    known = staff_titles(work, [wish.inspector])
    if wish.inspector not in known:
        raise refuse(_("没有这个账号"), field="inspector", code="E_UG_INSPECTOR")
    before = inspector_of(work, grid.id or 0)
    if before is not None:
        if wish.since <= before.since:
            raise refuse(_("要晚于现任巡查员的到任日期 {day}", day=before.since), field="since", code="E_UG_DAY")
        before.until = wish.since - timedelta(days=1)
        _keep(work, before)
    post = Post(grid_id=grid.id or 0, inspector_id=known[wish.inspector][1], since=wish.since)
    _keep(work, post)
    work.record("urban_grid.appointed", f"urban_grid:{grid.id}", area=grid.area, account=post.inspector_id)
    return grid


def report(work: UnitOfWork, wish: ReportCase) -> Case:
    """Report what was found in a grid: its own inspector does, or who sends cases out."""
    grid = own_grid(work, wish.grid, REPORT)
    _not_later(work, wish.found_on, "found_on")
    post = inspector_of(work, grid.id or 0)
    if post is None:
        raise refuse(_("这个网格还没有巡查员"), field="grid", code="E_UG_INSPECTOR", hint=_("先指定巡查员"))
    if post.inspector_id != work.actor.account_id and not work.may(SEND, grid.area):
        raise refuse(_("这个网格不归你巡查"), field="grid", code="E_UG_OTHERS")
    case = Case(
        number=_next_number(work), grid_id=grid.id or 0, area=grid.area, inspector_id=post.inspector_id, state="found",
        **wish.model_dump(exclude={"grid"}),
    )  # fmt: skip
    _keep(work, case)
    _step(work, case, "report", wish.found_on)
    return case


def send(work: UnitOfWork, text: str, wish: Send) -> Case:
    """Send a case to an office; its deadline is the policy of its category on that day."""
    case = _fit(work, text, SEND, "found")
    _not_before(work, wish.on, case.found_on)
    case.office = wish.office
    _set_deadline(work, case, wish.on)
    return _go(work, case, "send", "sent", wish.on, wish.office)


def handle(work: UnitOfWork, text: str, wish: Done) -> Case:
    """Say that it was dealt with; after its day it is late and stays so."""
    case = _fit(work, text, HANDLE, "sent")
    _not_before(work, wish.on, case.sent_on)
    case.handled_on = wish.on
    case.late = case.late or (case.due_on is not None and wish.on > case.due_on)
    return _go(work, case, "handle", "handled", wish.on, wish.note)


def send_back(work: UnitOfWork, text: str, wish: Done) -> Case:
    """Send it back to the office because it is not as it should be; a new deadline begins."""
    case = _fit(work, text, CHECK, "handled")
    _not_before(work, wish.on, case.handled_on)
    _other_hand(work, case)
    case.returns += 1
    _set_deadline(work, case, wish.on)
    return _go(work, case, "return", "sent", wish.on, wish.note)


def check(work: UnitOfWork, text: str, wish: Done) -> Case:
    """Say that somebody else went to look and found it in order."""
    case = _fit(work, text, CHECK, "handled")
    _not_before(work, wish.on, case.handled_on)
    _other_hand(work, case)
    case.checked_on = wish.on
    return _go(work, case, "check", "checked", wish.on, wish.note)


def close(work: UnitOfWork, text: str, wish: Done) -> Case:
    """Close a case that was checked."""
    case = _fit(work, text, SEND, "checked")
    _not_before(work, wish.on, case.checked_on)
    work.hooks.check("check_urban_grid_closing", work=work, case_id=case.id, category=case.category)
    case.closed_on = wish.on
    _go(work, case, "close", "closed", wish.on, wish.note)
    work.hooks.announce(
        "urban_grid_case_closed", work=work, case_id=case.id, category=case.category, area=case.area
    )  # fmt: skip
    return case


def _fit(work: UnitOfWork, text: str, right: str, state: str) -> Case:
    case = own_case(work, text, right)
    if case.state != state:
        raise refuse(_("案件现在的状态不能这样办理"), code="E_UG_STATE")
    return case


def _set_deadline(work: UnitOfWork, case: Case, on: date) -> None:
    case.sent_on = on
    case.days = work.policy(f"urban_grid.days_{case.category}", on=on, area=case.area)
    case.due_on = calendar_of(work).add(on, case.days)


def _other_hand(work: UnitOfWork, case: Case) -> None:
    last = select(Step).where(col(Step.case_id) == case.id, col(Step.step) == "handle").order_by(col(Step.id).desc())
    step = work.session.scalars(last).first()
    if step is not None and step.by_id == work.actor.account_id:
        raise refuse(_("处置和核查要由两个人办理"), code="E_UG_SAME_HAND")


def _not_later(work: UnitOfWork, day: date, field: str) -> None:
    if day > work.today:
        raise refuse(_("日期不能晚于今天"), field=field, code="E_UG_DAY")


def _not_before(work: UnitOfWork, day: date, before: date | None) -> None:
    _not_later(work, day, "on")
    if before is not None and day < before:
        raise refuse(_("日期不能早于上一步 {day}", day=before), field="on", code="E_UG_DAY")


def _go(work: UnitOfWork, case: Case, step: str, state: str, on: date, note: str) -> Case:
    before, case.state = case.state, state
    _keep(work, case)
    _step(work, case, step, on, note, before)
    return case


def _step(work: UnitOfWork, case: Case, step: str, on: date, note: str = "", before: str = "") -> None:
    by = work.actor.account_id
    _keep(work, Step(case_id=case.id or 0, step=step, on_day=on, by_id=by, note=note, at=work.now))
    work.record(
        f"urban_grid.{step}", f"urban_grid_case:{case.id}", area=case.area, before={"state": before},
        after={"state": case.state, "due_on": case.due_on.isoformat() if case.due_on else "", "returns": case.returns},
    )  # fmt: skip


def _next_number(work: UnitOfWork) -> str:
    prefix = f"WG-{work.settings.county.code}-{work.today.year}-"
    highest = work.session.scalar(select(func.max(Case.number)).where(col(Case.number).startswith(prefix)))
    return f"{prefix}{int(highest.rpartition('-')[2]) + 1 if highest else 1:06d}"


def _keep(work: UnitOfWork, row: Any) -> None:
    work.session.add(row)
    work.session.flush()
