"""Meals written on paper come in as a spreadsheet: judged in columns by the same rules, objected to row by row."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from core.api import (
    COUNTY_TIME,
    Column,
    Import,
    ImportCounts,
    RowObjection,
    UnitOfWork,
    _,
    columns,
    facts_of,
    in_parts,
    mark,
    people_of_numbers,
    scoped,
)
from plugins.canteen.counter.awarding import award_upload
from plugins.canteen.counter.judging import Asked, Guest, Place, judge
from plugins.canteen.counter.models import Subsidy, Upload
from plugins.canteen.counter.words import CODES
from plugins.canteen.counter.writing import write_meals
from plugins.canteen.models import SERVED, Diner, Site
from plugins.canteen.sites import sites_by_id

Rows = Mapping[str, Sequence[Any]]
YES = mark("是")
COLUMNS = (
    Column(name="site", title=mark("站点编号"), required=True, example="CT-430223103-001"),
    Column(
        name="citizen_id",
        title=mark("公民身份号码"),
        required=True,
        example="999223194401010018",
        aliases=("身份证号", "身份证号码"),
    ),
    Column(name="day", title=mark("用餐日期"), kind="date", required=True),
    Column(name="set_code", title=mark("套餐"), required=True, example="A"),
    Column(name="delivery", title=mark("送餐"), words=(YES, mark("否"))),
)
_DINER, _SITE, _SUBSIDY = columns(Diner), columns(Site), columns(Subsidy)


def check_lists(work: UnitOfWork, rows: Rows) -> Iterable[RowObjection]:
    """What is wrong with the rows, also among themselves; beyond the limit for backdating is a warning."""
    places, people, found = _resolved(work, rows)
    good = [row for row, (place, person) in enumerate(zip(places, people, strict=True)) if place and person]
    if not good:
        return found
    asked = _asked(work, rows, places, people, good)
    judged = judge(work, asked)
    limit = work.today - timedelta(days=work.policy("canteen.backdating_days"))
    taken = _taken(work, [guest.person_id for guest in asked.guests if guest])
    for at, row in enumerate(good):
        guest, day, code = asked.guests[at], asked.days[at], judged.codes[at]
        if day > work.today:
            code = "E_FUTURE_DATE"
        elif not code and guest and judged.subsidies[at]:
            slot = guest.person_id, day, judged.meals[at]
            code = "E_MEAL_DUP" if slot in taken else ""
            taken.add(slot)
        if code:
            found.append(RowObjection(row=row, reason=_(CODES.get(code, code)), column=_column(code), code=code))
        elif day < limit:
            words = _("补录超过期限，会标记为逾期录入")
            found.append(RowObjection(row=row, reason=words, column="day", code="W_MEAL_LATE"))
    return found


def write_lists(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """Write the meals of a paper list; who has a subsidy is worked out as for every other meal."""
    work.hold(SERVED, shared=True)
    places, people, _found = _resolved(work, rows)
    good = [row for row, (place, person) in enumerate(zip(places, people, strict=True)) if place and person]
    asked = _asked(work, rows, places, people, good)
    judged = judge(work, asked)
    digest = hashlib.sha256(json.dumps([rows["site"], rows["day"], people], default=str).encode()).hexdigest()
    opened = Upload(digest=digest, account_id=work.actor.account_id, at=work.now, accepted=len(good))
    work.session.add(opened)
    work.session.flush()
    count = len(good)
    times = work.policy("canteen.meal_times")
    more = {
        "kind": ["meal"] * count,
        "charged_fen": judged.self_pays,
        "channel": ["paper"] * count,
        "at": [_moment(day, meal, times) for day, meal in zip(asked.days, judged.meals, strict=True)],
        "terminal_id": [None] * count,
        "counter": [None] * count,
        "mac": [""] * count,
        "previous": [""] * count,
    }
    sealed = write_meals(work, asked, judged, more, opened.id or 0)
    award_upload(work, opened.id or 0, voids=False)
    work.record("canteen.paper_lists_imported", f"canteen-upload:{opened.id}", after={"meals": count}, sealed=sealed)
    return ImportCounts(imported=count)


def _resolved(work: UnitOfWork, rows: Rows) -> tuple[list[int], list[int], list[RowObjection]]:
    """The site and person of each row, 0 where there is none, with what is to be said of it."""
    found: list[RowObjection] = []
    people = people_of_numbers(work, rows["citizen_id"], "canteen.serve")
    known = _sites(work, rows["site"])
    places = [known.get(str(number).strip().upper(), 0) for number in rows["site"]]
    for row, place in enumerate(places):
        if not place:
            words = _("没有这个助餐点，或不在你的辖区")
            found.append(RowObjection(row=row, reason=words, column="site", code="E_NOT_FOUND"))
        if not people.ids[row]:
            wrong = people.objections[row]
            found.append(RowObjection(row=row, reason=wrong.reason, column="citizen_id", code=wrong.code))
    return places, [person or 0 for person in people.ids], found


def _sites(work: UnitOfWork, numbers: Sequence[Any]) -> Mapping[str, int]:
    wanted = sorted({str(number).strip().upper() for number in numbers})
    found: dict[str, int] = {}
    for part in in_parts(wanted):
        asked = select(_SITE.number, _SITE.id).where(_SITE.number.in_(part))
        for number, site in work.session.connection().execute(scoped(work, asked, _SITE.area, "canteen.serve")):
            found[number] = site
    return found


def _asked(work: UnitOfWork, rows: Rows, places: Sequence[int], people: Sequence[int], good: Sequence[int]) -> Asked:
    sites = {
        number: Place(site.id, site.number, site.name, site.area, site.state, site.licence_to, site.most_per_meal)
        for number, site in sites_by_id(work, [places[row] for row in good]).items()
    }
    guests = _guests(work, [people[row] for row in good])
    yes = {YES, _(YES)}
    return Asked(
        places=[sites[places[row]] for row in good],
        guests=[guests.get(people[row]) for row in good],
        days=[rows["day"][row] for row in good],
        set_codes=[str(rows["set_code"][row]).strip().upper() for row in good],
        full_price=[False] * len(good),
        deliveries=[(rows["delivery"][row] or "") in yes for row in good],
    )


def _guests(work: UnitOfWork, people: Sequence[int]) -> Mapping[int, Guest]:
    wanted, found = sorted(set(people)), dict[int, Guest]()
    lives = facts_of(work, wanted)
    names = (_DINER.id, _DINER.person_id, _DINER.code, _DINER.site_id, _DINER.statuses, _DINER.from_on, _DINER.to_on)
    for part in in_parts(wanted):
        asked = select(*names).where(_DINER.person_id.in_(part))
        for row in work.session.connection().execute(asked):
            found[row.person_id] = Guest(*row, died_on=lives[row.person_id].died_on if row.person_id in lives else None)
    return found


def _taken(work: UnitOfWork, people: Sequence[int]) -> set[tuple[int, date, str]]:
    """The subsidised meals these persons had already."""
    wanted, found = sorted(set(people)), set[tuple[int, date, str]]()
    for part in in_parts(wanted):
        asked = select(_SUBSIDY.person_id, _SUBSIDY.day, _SUBSIDY.meal).where(_SUBSIDY.person_id.in_(part))
        found.update((row.person_id, row.day, row.meal) for row in work.session.connection().execute(asked))
    return found


def _moment(day: date, meal: str, times: Mapping[str, Sequence[str]]) -> datetime:
    """The beginning of the meal: a paper list says no time."""
    begin = time.fromisoformat(times[meal][0]) if meal in times else time(12)
    return datetime.combine(day, begin, COUNTY_TIME)


def _column(code: str) -> str:
    return {"E_SET_UNKNOWN": "set_code", "E_NOT_ENROLLED": "citizen_id", "E_MEAL_DEAD": "citizen_id"}.get(code, "day")


PAPER_LISTS = Import(
    name="canteen-meals",
    title=mark("纸质用餐名单"),
    permission="canteen.serve",
    columns=COLUMNS,
    check=check_lists,
    write=write_lists,
)
