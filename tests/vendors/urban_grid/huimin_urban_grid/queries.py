"""Questions about grids and cases; every one is narrowed to the reader's areas."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import NotFound, UnitOfWork, _, area_names, scoped, staff_by_id
from huimin_urban_grid.models import Case, Grid, Post, Step
from huimin_urban_grid.wishes import Narrow

SHOW = "urban_grid.show"


def own_grid(work: UnitOfWork, text: str, right: str = SHOW) -> Grid:
    """A grid by code or id; raises ``NotFound`` outside the actor's areas too."""
    work.require(right)
    same = (col(Grid.code) == text) | (col(Grid.id) == int(text) if text.isdecimal() else False)
    found = work.session.scalars(scoped(work, select(Grid).where(same), col(Grid.area), right)).first()
    if found is None:
        raise NotFound(_("没有这个网格，或不在你的辖区"))
    return found


def own_case(work: UnitOfWork, text: str, right: str = SHOW) -> Case:
    """A case by number or id; raises ``NotFound`` outside the actor's areas too."""
    work.require(right)
    same = (col(Case.number) == text.upper()) | (col(Case.id) == int(text) if text.isdecimal() else False)
    found = work.session.scalars(scoped(work, select(Case).where(same), col(Case.area), right)).first()
    if found is None:
        raise NotFound(_("没有这宗案件，或不在你的辖区"))
    return found


def inspector_of(work: UnitOfWork, grid_id: int) -> Post | None:
    """Who walks a grid now."""
    return work.session.scalars(select(Post).where(col(Post.grid_id) == grid_id, col(Post.until).is_(None))).first()


def grids(work: UnitOfWork) -> list[dict[str, Any]]:
    """The grids with who walks them, and how many of their cases are open."""
    work.require(SHOW)
    open_ = (
        select(col(Case.grid_id), func.count().label("open")).where(col(Case.state) != "closed").group_by(Case.grid_id)
    ).subquery()  # fmt: skip
    asked = (
        select(Grid, col(Post.inspector_id), func.coalesce(open_.c.open, 0))
        .outerjoin(Post, (col(Post.grid_id) == col(Grid.id)) & col(Post.until).is_(None))
        .outerjoin(open_, open_.c.grid_id == col(Grid.id))
        .order_by(Grid.code)
    )
    rows = work.session.execute(scoped(work, asked, col(Grid.area), SHOW)).all()
    names = staff_by_id(work, [row[1] for row in rows if row[1]])
    areas = area_names(work, [row[0].area for row in rows])
    return [
        {
            "id": grid.id, "code": grid.code, "name": grid.name, "area": grid.area,
            "area_name": areas.get(grid.area, grid.area), "duty": grid.duty,
            "inspector": names[inspector][0] if inspector else "", "open": int(count),
        }
        for grid, inspector, count in rows
    ]  # fmt: skip


def cases(work: UnitOfWork, wish: Narrow) -> list[dict[str, Any]]:
    """The newest cases, one more than asked for when there are more."""
    work.require(SHOW)
    asked = select(Case).order_by(col(Case.id).desc()).limit(wish.limit + 1)
    if wish.state:
        asked = asked.where(col(Case.state) == wish.state)
    if wish.area:
        asked = asked.where(col(Case.area).startswith(wish.area, autoescape=True))
    if wish.after:
        asked = asked.where(col(Case.id) < wish.after)
    return case_lines(work, work.session.scalars(scoped(work, asked, col(Case.area), SHOW)).all())


def case_lines(work: UnitOfWork, found: Sequence[Case]) -> list[dict[str, Any]]:
    """Cases as page, command and program read them; a case names no resident."""
    codes = {one.grid_id for one in found}
    named = dict(work.session.execute(select(col(Grid.id), col(Grid.code)).where(col(Grid.id).in_(codes))).all())
    staff = staff_by_id(work, [one.inspector_id for one in found])
    return [
        {
            "id": one.id, "number": one.number, "grid": named[one.grid_id], "area": one.area,
            "category": one.category, "place": one.place, "text": one.text, "state": one.state,
            "inspector": staff[one.inspector_id][0], "office": one.office, "found_on": one.found_on,
            "sent_on": one.sent_on, "days": one.days, "due_on": one.due_on, "handled_on": one.handled_on,
            "checked_on": one.checked_on, "closed_on": one.closed_on, "returns": one.returns,
            "late": is_late(work, one),
        }
        for one in found
    ]  # fmt: skip


def is_late(work: UnitOfWork, one: Case) -> bool:
    """Whether a case was dealt with after its day once, or is past it now."""
    return one.late or (one.state == "sent" and one.due_on is not None and work.today > one.due_on)


def show_case(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One case with its steps."""
    one = own_case(work, text)
    steps = work.session.scalars(select(Step).where(col(Step.case_id) == one.id).order_by(col(Step.id))).all()
    staff = staff_by_id(work, [step.by_id for step in steps])
    told = [
        {"step": step.step, "on": step.on_day, "by": staff[step.by_id][0], "note": step.note} for step in steps
    ]  # fmt: skip
    return {**case_lines(work, [one])[0], "steps": told}
