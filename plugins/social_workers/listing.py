"""Lists and single things as data, the same for pages, commands and the API."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import UnitOfWork, area_names, facts_of, id_numbers_of, year_of
from plugins.social_workers.models import (
    Agency,
    Dispatch,
    Education,
    Employment,
    ExamSignup,
    Post,
    PostHolder,
    Station,
    Supervision,
    ThreeLink,
    Trainee,
    Worker,
)
from plugins.social_workers.queries import (
    Filter,
    certificates_of,
    dict_of,
    employments_of,
    own_agency,
    own_dispatch,
    own_link,
    own_post,
    own_signup,
    own_station,
    own_worker,
    page_of,
    registration_state,
    registrations_of,
    rows_of,
)
from plugins.social_workers.services.organising import holders_of, state_of_dispatch
from plugins.social_workers.services.workers import registration_facts
from plugins.social_workers.statistics import certified_staff

_STAFF = ("recorded_by", "added_by", "made_by")


def plain_of(one: Any, *hidden: str) -> dict[str, Any]:
    """A row as data, without who wrote it."""
    left_out = {*_STAFF, *hidden}
    return {name: getattr(one, name) for name in type(one).model_fields if name not in left_out}


def places(work: UnitOfWork, rows: Sequence[Any]) -> dict[str, str]:
    """The names of the divisions of rows, town and village."""
    names = area_names(work, {one.area for one in rows} | {one.area[:9] for one in rows})
    return {
        one.area: " ".join(dict.fromkeys(names.get(code, "") for code in (one.area[:9], one.area))).strip()
        for one in rows
    }


def worker_labels(work: UnitOfWork, ids: Sequence[int | None]) -> dict[int, str]:
    """Workers by id as they are named: number and name. They act in public; it is no secret."""
    workers = dict_of(work, Worker, ids)
    names = facts_of(work, [one.person_id for one in workers.values()])
    return {
        key: " ".join([one.number, names[one.person_id].name if one.person_id in names else ""]).strip()
        for key, one in workers.items()
    }


def list_workers(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Workers of one's areas; reading the list is recorded. A state of registration narrows what was read."""
    conditions = [col(Worker.number) == wish.text.strip().upper()] if wish.text else []
    if wish.state == "removed":
        conditions.append(col(Worker.state) == "removed")
    elif wish.state:
        conditions.append(col(Worker.state) == "listed")
        conditions.append(_in_state(work, wish.state))
    rows = page_of(work, Worker, wish, *conditions)
    if rows:
        work.record_read("social_workers.list_read", "social_workers:list")
    return worker_lines(work, rows)


def _in_state(work: UnitOfWork, state: str) -> Any:
    """Workers whose registration stands so today, as SQL: by the last day of the newest registration."""
    from plugins.social_workers.models import Registration
    from plugins.social_workers.rules import months_on

    last = (
        select(func.max(col(Registration.valid_to)))
        .where(col(Registration.worker_id) == col(Worker.id))
        .scalar_subquery()
    )
    limit = months_on(work.today + timedelta(days=1), work.policy("social_workers.due_months"))
    if state == "unregistered":
        return last.is_(None)
    if state == "lapsed":
        return last < work.today
    return last.between(work.today, limit - timedelta(days=1)) if state == "due" else last >= limit


def worker_lines(work: UnitOfWork, rows: Sequence[Worker]) -> list[dict[str, Any]]:
    """Workers in a line each: name, level, registration, employer."""
    ids = [one.id or 0 for one in rows]
    names, highest = facts_of(work, [one.person_id for one in rows]), certificates_of(work, ids)
    registered, employed, where = registrations_of(work, ids), employments_of(work, ids), places(work, rows)
    found = []
    for one in rows:
        number = one.id or 0
        mine = registered.get(number, [])
        state = "removed" if one.state == "removed" else registration_state(work, mine, work.today)
        found.append(
            {
                "id": one.id,
                "number": one.number,
                "person_id": one.person_id,
                "name": names[one.person_id].name if one.person_id in names else "",
                "state": state,
                "level": highest[number].level if number in highest else "",
                "certificate_no": highest[number].number if number in highest else "",
                "field": one.field,
                "area": one.area,
                "place": where[one.area],
                "employer": employed[number].employer if number in employed else "",
                "valid_to": mine[-1].valid_to if mine else None,
                "works_here": bool(one.works_here),
                "lives_here": bool(one.lives_here),
                "station_id": one.station_id,
                "linked": one.account_id is not None,
                "version": one.version,
            }
        )
    return found


def show_worker(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One worker: certificates, registrations, education, supervision, employment, posts. It is recorded."""
    from plugins.social_workers.models import Certificate

    one = own_worker(work, text)
    facts = registration_facts(work, text)
    supervisors = rows_of(work, Supervision, col(Supervision.worker_id), one.id)
    posts = rows_of(work, PostHolder, col(PostHolder.worker_id), one.id)
    titles = dict_of(work, Post, [row.post_id for row in posts])
    number = id_numbers_of(work, [one.person_id]).get(one.person_id)
    return {
        **worker_lines(work, [one])[0],
        "id_masked": str(number or ""),
        "registration": facts,
        "reason": one.reason,
        "certificates": [plain_of(row) for row in rows_of(work, Certificate, col(Certificate.worker_id), one.id)],
        "education": [plain_of(row) for row in rows_of(work, Education, col(Education.worker_id), one.id)],
        "supervision": [plain_of(row) for row in supervisors],
        "supervision_hours": sum(row.tenths for row in supervisors) / 10,
        "employments": [plain_of(row) for row in rows_of(work, Employment, col(Employment.worker_id), one.id)],
        "posts": [
            {
                "post": titles[row.post_id].title,
                "unit": titles[row.post_id].unit,
                "since": row.since,
                "until": row.until,
            }
            for row in posts
        ],
    }


def list_agencies(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Agencies of one's areas."""
    conditions = [col(Agency.state) == wish.state] if wish.state else []
    if wish.text:
        conditions.append(col(Agency.name).contains(wish.text.strip(), autoescape=True))
    return agency_lines(work, page_of(work, Agency, wish, *conditions))


def agency_lines(work: UnitOfWork, rows: Sequence[Agency]) -> list[dict[str, Any]]:
    """Agencies in a line each, with how many certified workers they employ."""
    held, where = certified_staff(work, [one.id for one in rows]), places(work, rows)
    return [
        {
            **plain_of(one, "manager_id", "payee_id"),
            "certified": held.get(one.id or 0, 0),
            "certified_percent": round(held.get(one.id or 0, 0) * 100 / one.staff, 1) if one.staff else None,
            "payable": bool(one.manager_id and one.payee_id),
            "place": where[one.area],
        }
        for one in rows
    ]


def show_agency(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One agency with its workers."""
    one = own_agency(work, text)
    asked = select(Employment).where(col(Employment.agency_id) == one.id, col(Employment.until).is_(None)).limit(200)
    rows = list(work.session.scalars(asked.order_by(col(Employment.id))))
    labels = worker_labels(work, [row.worker_id for row in rows])
    manager = facts_of(work, [one.manager_id]) if one.manager_id else {}
    return {
        **agency_lines(work, [one])[0],
        "manager": manager[one.manager_id].name if one.manager_id in manager else "",
        "workers": [{"worker": labels[row.worker_id], "post": row.post, "since": row.since} for row in rows],
    }


def list_stations(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Stations of one's areas."""
    conditions = [col(Station.state) == wish.state] if wish.state else []
    return station_lines(work, page_of(work, Station, wish, *conditions))


def station_lines(work: UnitOfWork, rows: Sequence[Station]) -> list[dict[str, Any]]:
    """Stations in a line each, with how many workers belong to them."""
    where, agencies = places(work, rows), dict_of(work, Agency, [one.agency_id for one in rows])
    asked = (
        select(col(Worker.station_id), func.count())
        .where(col(Worker.station_id).in_([one.id for one in rows]), col(Worker.state) == "listed")
        .group_by(col(Worker.station_id))
    )
    staff = {row[0]: int(row[1]) for row in work.session.execute(asked)}
    return [
        {
            **plain_of(one),
            "place": where[one.area],
            "agency": agencies[one.agency_id].name if one.agency_id in agencies else "",
            "workers": staff.get(one.id or 0, 0),
        }
        for one in rows
    ]


def show_station(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One station with its workers."""
    one = own_station(work, text)
    ids = list(work.session.scalars(select(col(Worker.id)).where(col(Worker.station_id) == one.id).limit(200)))
    labels = worker_labels(work, ids)
    return {**station_lines(work, [one])[0], "staff": sorted(labels.values())}


def list_posts(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Posts of one's areas with vacancies."""
    conditions = [col(Post.state) == wish.state] if wish.state else []
    if wish.text:
        conditions.append(col(Post.unit).contains(wish.text.strip(), autoescape=True))
    return post_lines(work, page_of(work, Post, wish, *conditions))


def post_lines(work: UnitOfWork, rows: Sequence[Post]) -> list[dict[str, Any]]:
    """Posts in a line each: planned, held, vacant."""
    held, where = holders_of(work, list(rows)), places(work, rows)
    return [
        {
            **plain_of(one),
            "place": where[one.area],
            "held": len(held.get(one.id or 0, ())),
            "vacant": one.planned - len(held.get(one.id or 0, ())),
        }
        for one in rows
    ]


def show_post(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One post with who holds and held it."""
    one = own_post(work, text)
    rows = rows_of(work, PostHolder, col(PostHolder.post_id), one.id)
    labels = worker_labels(work, [row.worker_id for row in rows])
    holders = [{"worker": labels[row.worker_id], "since": row.since, "until": row.until} for row in rows]
    return {**post_lines(work, [one])[0], "holders": holders}


def list_exams(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Sign-ups for exams; the text is a year. Reading the list is recorded."""
    conditions = [col(ExamSignup.year) == year] if (year := year_of(wish.text.strip())) else []
    if wish.state:
        conditions.append(col(ExamSignup.result) == ("" if wish.state == "open" else wish.state))
    rows = page_of(work, ExamSignup, wish, *conditions)
    if rows:
        work.record_read("social_workers.list_read", "social_workers:exams")
    return exam_lines(work, rows)


def exam_lines(work: UnitOfWork, rows: Sequence[ExamSignup]) -> list[dict[str, Any]]:
    """Sign-ups in a line each."""
    names = facts_of(work, [one.person_id for one in rows])
    return [
        {
            **plain_of(one),
            "state": one.result,
            "name": names[one.person_id].name if one.person_id in names else "",
            "subjects": [part for part in one.subjects.split(",") if part],
            "passed_subjects": [part for part in one.passed_subjects.split(",") if part],
        }
        for one in rows
    ]


def show_exam(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One sign-up."""
    one = own_signup(work, text)
    work.record_read("social_workers.worker_read", f"social_workers_signup:{one.id}", area=one.area)
    return exam_lines(work, [one])[0]


def list_dispatches(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Dispatches of one's areas."""
    until = func.coalesce(col(Dispatch.ended_on), col(Dispatch.until))
    conditions = []
    if wish.state:
        conditions.append(until >= work.today if wish.state == "running" else until < work.today)
    return dispatch_lines(work, page_of(work, Dispatch, wish, *conditions))


def dispatch_lines(work: UnitOfWork, rows: Sequence[Dispatch]) -> list[dict[str, Any]]:
    """Dispatches in a line each, with trainees planned and done."""
    labels, where = worker_labels(work, [one.worker_id for one in rows]), places(work, rows)
    asked = (
        select(col(Trainee.dispatch_id), func.count(), func.count(col(Trainee.confirmed_on)))
        .where(col(Trainee.dispatch_id).in_([one.id for one in rows]))
        .group_by(col(Trainee.dispatch_id))
    )
    trained = {row[0]: (int(row[1]), int(row[2])) for row in work.session.execute(asked)}
    return [
        {
            **plain_of(one),
            "state": state_of_dispatch(one, work.today),
            "worker": labels.get(one.worker_id, ""),
            "place": where[one.area],
            "trainees": trained.get(one.id or 0, (0, 0))[0],
            "trained": trained.get(one.id or 0, (0, 0))[1],
        }
        for one in rows
    ]


def show_dispatch(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One dispatch with its trainees; opening it is recorded."""
    one = own_dispatch(work, text)
    work.record_read("social_workers.list_read", f"social_workers_dispatch:{one.id}", area=one.area)
    rows = rows_of(work, Trainee, col(Trainee.dispatch_id), one.id)
    names = facts_of(work, [row.person_id for row in rows])
    return {
        **dispatch_lines(work, [one])[0],
        "people": [
            {**plain_of(row), "name": names[row.person_id].name if row.person_id in names else ""} for row in rows
        ],
    }


def list_links(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Links of community, organisation and worker."""
    open_ = col(ThreeLink.until).is_(None)
    conditions = [open_ if wish.state == "open" else ~open_] if wish.state else []
    return link_lines(work, page_of(work, ThreeLink, wish, *conditions))


def link_lines(work: UnitOfWork, rows: Sequence[ThreeLink]) -> list[dict[str, Any]]:
    """Links in a line each."""
    labels, where = worker_labels(work, [one.worker_id for one in rows]), places(work, rows)
    return [
        {
            **plain_of(one),
            "state": "closed" if one.until else "open",
            "worker": labels.get(one.worker_id, ""),
            "place": where[one.area],
        }
        for one in rows
    ]


def show_link(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One link."""
    return link_lines(work, [own_link(work, text)])[0]
