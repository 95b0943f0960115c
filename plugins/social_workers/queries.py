"""Finding what there is, within the areas of who asks; files of cases open to their worker and supervisor only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import col

from core.api import NotFound, UnitOfWork, _, find_person, in_parts, row_id, scoped, within
from plugins.social_workers.models import (
    Agency,
    Case,
    Certificate,
    Dispatch,
    Employment,
    Event,
    ExamSignup,
    Group,
    Post,
    Project,
    Registration,
    Station,
    ThreeLink,
    Worker,
)
from plugins.social_workers.rules import Window, window

SHOW = "social_workers.show"
MANY = 500


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which rows of a list: by state, area and below, number or name; ``after`` is the last id of the page before."""

    state: str = ""
    area: str = ""
    text: str = ""
    after: int = 0
    limit: int = 50


def _own(work: UnitOfWork, model: Any, same: Any, permission: str, words: str) -> Any:
    work.require(permission)
    asked = scoped(work, select(model).where(same).order_by(col(model.id).desc()), col(model.area), permission)
    found = work.session.scalars(asked).first()
    if found is None:
        raise NotFound(words)
    return found


def _id(text: str) -> int:
    """The id somebody typed, 0 for something else."""
    return row_id(text)


def own_worker(work: UnitOfWork, text: str, permission: str = SHOW) -> Worker:
    """A worker by number, id or citizen number in the actor's areas; raises ``NotFound``."""
    return _own(work, Worker, _worker(work, text, permission), permission, _("没有找到这名社工，或不在你的辖区"))


def any_worker(work: UnitOfWork, text: str) -> Worker:
    """A worker of the whole county, to be named on a case, group or post; raises ``NotFound``."""
    found = work.session.scalars(select(Worker).where(_worker(work, text, SHOW))).first()
    if found is None:
        raise NotFound(_("没有找到这名社工，或不在你的辖区"))
    return found


def _worker(work: UnitOfWork, text: str, permission: str) -> Any:
    wanted = str(text).strip().upper()
    if wanted.startswith("SW-"):
        return col(Worker.number) == wanted
    if len(wanted) < 15:
        return col(Worker.id) == _id(wanted)
    return col(Worker.person_id) == find_person(work, wanted, permission).id


def own_agency(work: UnitOfWork, text: str, permission: str = SHOW) -> Agency:
    """An agency by id, credit code or name; raises ``NotFound``."""
    wanted = str(text).strip()
    same = or_(col(Agency.id) == _id(wanted), col(Agency.code) == wanted.upper(), col(Agency.name) == wanted)
    return _own(work, Agency, same, permission, _("没有找到这家机构，或不在你的辖区"))


def any_agency(work: UnitOfWork, text: str) -> Agency:
    """An open agency of the whole county; raises ``NotFound``."""
    wanted = str(text).strip()
    same = or_(col(Agency.id) == _id(wanted), col(Agency.code) == wanted.upper(), col(Agency.name) == wanted)
    found = work.session.scalars(select(Agency).where(same, col(Agency.state) == "open")).first()
    if found is None:
        raise NotFound(_("没有找到这家机构，或不在你的辖区"))
    return found


def own_station(work: UnitOfWork, text: str, permission: str = SHOW) -> Station:
    """A station by id or name; raises ``NotFound``."""
    wanted = str(text).strip()
    same = or_(col(Station.id) == _id(wanted), col(Station.name) == wanted)
    return _own(work, Station, same, permission, _("没有找到这个社工站，或不在你的辖区"))


def own_post(work: UnitOfWork, text: str, permission: str = SHOW) -> Post:
    """A post by id; raises ``NotFound``."""
    return _own(work, Post, col(Post.id) == _id(str(text).strip()), permission, _("没有找到这个岗位，或不在你的辖区"))


def own_project(work: UnitOfWork, text: str, permission: str = SHOW) -> Project:
    """A project by number, id or name; raises ``NotFound``."""
    wanted = str(text).strip()
    same = or_(col(Project.id) == _id(wanted), col(Project.number) == wanted.upper(), col(Project.name) == wanted)
    return _own(work, Project, same, permission, _("没有找到这个项目，或不在你的辖区"))


def own_case(work: UnitOfWork, text: str, permission: str = SHOW) -> Case:
    """A case by number or id; raises ``NotFound``."""
    wanted = str(text).strip()
    same = or_(col(Case.id) == _id(wanted), col(Case.number) == wanted.upper())
    return _own(work, Case, same, permission, _("没有找到这个个案，或不在你的辖区"))


def own_group(work: UnitOfWork, text: str, permission: str = SHOW) -> Group:
    """A group by number or id; raises ``NotFound``."""
    wanted = str(text).strip()
    same = or_(col(Group.id) == _id(wanted), col(Group.number) == wanted.upper())
    return _own(work, Group, same, permission, _("没有找到这个小组，或不在你的辖区"))


def own_event(work: UnitOfWork, text: str, permission: str = SHOW) -> Event:
    """An event by number or id; raises ``NotFound``."""
    wanted = str(text).strip()
    same = or_(col(Event.id) == _id(wanted), col(Event.number) == wanted.upper())
    return _own(work, Event, same, permission, _("没有找到这场活动，或不在你的辖区"))


def own_dispatch(work: UnitOfWork, text: str, permission: str = SHOW) -> Dispatch:
    """A dispatch by id; raises ``NotFound``."""
    same = col(Dispatch.id) == _id(str(text).strip())
    return _own(work, Dispatch, same, permission, _("没有找到这次选派，或不在你的辖区"))


def own_link(work: UnitOfWork, text: str, permission: str = SHOW) -> ThreeLink:
    """A link of community, organisation and worker by id; raises ``NotFound``."""
    same = col(ThreeLink.id) == _id(str(text).strip())
    return _own(work, ThreeLink, same, permission, _("没有找到这个三社联动，或不在你的辖区"))


def own_signup(work: UnitOfWork, text: str, permission: str = SHOW) -> ExamSignup:
    """A sign-up for an exam by id; raises ``NotFound``."""
    same = col(ExamSignup.id) == _id(str(text).strip())
    return _own(work, ExamSignup, same, permission, _("没有找到这条报考，或不在你的辖区"))


def dict_of(work: UnitOfWork, model: Any, ids: Iterable[int | None]) -> dict[int, Any]:
    """Rows by id."""
    wanted, found = sorted({one for one in ids if one}), {}
    for part in in_parts(wanted):
        asked = select(model).where(model.id.in_(part))
        found |= {one.id: one for one in work.session.scalars(asked)}
    return found


def rows_of(work: UnitOfWork, model: Any, column: Any, value: Any, limit: int = MANY) -> list[Any]:
    """Rows that hang on one thing, oldest first."""
    return list(work.session.scalars(select(model).where(column == value).order_by(col(model.id)).limit(limit)))


def page_of(work: UnitOfWork, model: Any, wish: Filter, *conditions: Any) -> list[Any]:
    """The rows of a list page in one's areas, newest first; one more than ``limit`` when there are more."""
    work.require(SHOW)
    asked = select(model).where(*conditions).order_by(col(model.id).desc()).limit(wish.limit + 1)
    if wish.after:
        asked = asked.where(col(model.id) < wish.after)
    if wish.area:
        asked = asked.where(within(col(model.area), [wish.area]))
    return list(work.session.scalars(scoped(work, asked, col(model.area), SHOW)))


def registrations_of(work: UnitOfWork, ids: Iterable[int]) -> dict[int, list[Registration]]:
    """The registrations of workers by worker, oldest first."""
    wanted, found = sorted(set(ids)), {}
    for part in in_parts(wanted):
        asked = select(Registration).where(col(Registration.worker_id).in_(part))
        for one in work.session.scalars(asked.order_by(col(Registration.registered_on))):
            found.setdefault(one.worker_id, []).append(one)
    return found


def certificates_of(work: UnitOfWork, ids: Iterable[int]) -> dict[int, Certificate]:
    """The highest certificate of workers."""
    order = ("assistant", "intermediate", "senior")
    wanted, found = sorted(set(ids)), {}
    for part in in_parts(wanted):
        asked = select(Certificate).where(col(Certificate.worker_id).in_(part))
        for one in work.session.scalars(asked):
            held = found.get(one.worker_id)
            if held is None or order.index(one.level) > order.index(held.level):
                found[one.worker_id] = one
    return found


def window_of(work: UnitOfWork, one: Registration) -> Window:
    """The window of a registration by the months in force on its last day."""
    return window(one.registered_on, one.valid_to, work.policy("social_workers.due_months", on=one.valid_to))


def registration_state(work: UnitOfWork, found: list[Registration] | None, on: date) -> str:
    """ "unregistered", "registered", "due" or "lapsed" on a day."""
    past = [one for one in found or () if one.registered_on <= on]
    if not past:
        return "unregistered"
    at = window_of(work, past[-1])
    renewed = any(one.registered_on == at.lapsed_on for one in found or ())
    return "registered" if renewed and on < at.lapsed_on else at.state(on)


def employments_of(work: UnitOfWork, ids: Iterable[int]) -> dict[int, Employment]:
    """Where workers are employed now."""
    wanted, found = sorted(set(ids)), {}
    for part in in_parts(wanted):
        asked = select(Employment).where(col(Employment.worker_id).in_(part), col(Employment.until).is_(None))
        found |= {one.worker_id: one for one in work.session.scalars(asked)}
    return found


def count_of(work: UnitOfWork, model: Any, *conditions: Any) -> int:
    """How many rows in one's areas."""
    asked = select(func.count()).select_from(model).where(*conditions)
    return work.session.scalar(scoped(work, asked, col(model.area), SHOW)) or 0


def my_worker(work: UnitOfWork) -> Worker | None:
    """The worker whose account acts, None for others."""
    asked = select(Worker).where(col(Worker.account_id) == work.actor.account_id, col(Worker.state) == "listed")
    return work.session.scalars(asked).first()


def may_open(work: UnitOfWork, case: Case) -> bool:
    """Whether the actor may read the file of a case: its worker, assistant or supervisor, by their own account."""
    me = my_worker(work)
    return me is not None and me.id in (case.worker_id, case.assistant_id, case.supervisor_id)
