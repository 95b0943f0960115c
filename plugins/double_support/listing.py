"""Lists and single things as data, the same for pages, commands and the API."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Period, UnitOfWork, _, area_names, batch_facts, facts_of, format_money
from plugins.double_support import models as kept
from plugins.double_support import words
from plugins.double_support.queries import SHOW, Filter, dict_of, id_of, own, page_of, rows_in, rows_of
from plugins.double_support.services import families, projects, visiting
from plugins.double_support.services.assessing import items_of, sheet_facts
from plugins.double_support.services.common import VISIT
from plugins.double_support.statistics import budget_facts, titles_facts, visit_facts

Line = dict[str, Any]
_STAFF = ("recorded_by", "added_by", "made_by", "first_person_id", "payee_id", "digest")


def plain_of(one: Any) -> Line:
    """A row as data, without who wrote it and without accounts."""
    return {name: getattr(one, name) for name in type(one).model_fields if name not in _STAFF}


def list_of(room: str) -> Callable[[UnitOfWork, Filter], list[Line]]:
    """The list of a room."""

    def listed(work: UnitOfWork, wish: Filter) -> list[Line]:
        model = MODELS[room]
        return lines_of(work, room, page_of(work, model, wish, *_conditions(work, room, model, wish)))

    return listed


def show_of(room: str) -> Callable[[UnitOfWork, str], Line]:
    """One thing of a room in full."""

    def shown(work: UnitOfWork, text: str) -> Line:
        one = own(work, MODELS[room], text, SHOW)
        [line] = lines_of(work, room, [one])
        return line | _MORE.get(room, _nothing)(work, one)

    return shown


def _nothing(_work: UnitOfWork, _one: Any) -> Line:
    return {}


def _conditions(work: UnitOfWork, room: str, model: Any, wish: Filter) -> list[Any]:
    found: list[Any] = []
    if wish.state:
        found.append(_state_is(work, room, model, wish.state))
    if wish.year and hasattr(model, "year"):
        found.append(model.year == wish.year)
    text = wish.text.strip()
    if text and room in _SEARCHED:
        found.append(getattr(model, _SEARCHED[room]).contains(text, autoescape=True))
    elif text and room == "items":
        found.append(model.sheet_id == id_of(text))
    elif text and room == "visits":
        found.append(model.plan_id.in_(select(col(kept.Plan.id)).where(col(kept.Plan.number) == text)))
    return found


def _state_is(work: UnitOfWork, room: str, model: Any, state: str) -> Any:
    """Rows in a state; where the state follows from other columns, as SQL."""
    if room == "items":
        return {
            "heading": model.leaf.is_(False),
            "veto": model.veto.is_(True),
            "gap": model.leaf & (model.gap != "") & model.fixed_on.is_(None),
            "unproved": model.leaf & (model.evidence == ""),
            "proved": model.leaf & (model.evidence != ""),
        }[state]
    if room == "classes":
        least = work.policy("double_support.class_half_hours")
        return model.half_hours >= least if state == "met" else model.half_hours < least
    if room == "budgets":
        rate = work.policy("double_support.budget_per_head")
        met = model.budgeted_fen >= model.population * rate
        return met if state == "met" else ~met
    return model.id > 0 if room == "events" else model.state == state


def lines_of(work: UnitOfWork, room: str, rows: Sequence[Any]) -> list[Line]:
    """Rows as data with the names of people, units and places; that names were read is recorded."""
    found = [plain_of(one) for one in rows]
    people = facts_of(work, [one["person_id"] for one in found if one.get("person_id")])
    units = dict_of(work, kept.Unit, [one.get("unit_id") for one in found])
    names = area_names(work, {code for one in found for code in (one["area"], one["area"][:9])})
    named = False
    for one in found:
        codes = dict.fromkeys((one["area"][:9], one["area"]))
        place = " ".join(dict.fromkeys(names.get(code, "") for code in codes)).strip()
        if "place" in one:
            one["place_held"] = one["place"]
        one["place"] = place
        if one.get("unit_id") in units:
            one["unit"] = units[one["unit_id"]].code
        person = people.get(one.get("person_id") or 0)
        if person is not None and work.may(VISIT, one["area"]):
            one["person"], named = person.name, True
    if named:
        work.record_read("double_support.list_read", f"double_support_{room}:list")
    _FILLED.get(room, _unfilled)(work, found, rows)
    return found


def _unfilled(_work: UnitOfWork, _found: list[Line], _rows: Sequence[Any]) -> None:
    """Nothing is added."""


def _fill_units(work: UnitOfWork, found: list[Line], rows: Sequence[Any]) -> None:
    asked = (
        select(col(kept.SupportMoney.unit_id), func.sum(col(kept.SupportMoney.amount_fen)))
        .where(col(kept.SupportMoney.state) == "entered", col(kept.SupportMoney.unit_id).in_([one.id for one in rows]))
        .group_by(col(kept.SupportMoney.unit_id))
    )
    sums = {row[0]: int(row[1]) for row in work.session.execute(asked)}
    for one, row in zip(found, rows, strict=True):
        one["payable"], one["support_fen"] = row.payee_id is not None, sums.get(row.id, 0)


def _fill_plans(work: UnitOfWork, found: list[Line], rows: Sequence[Any]) -> None:
    for one, row in zip(found, rows, strict=True):
        facts = visit_facts(work, col(kept.Visit.plan_id) == row.id)
        one["needed_fen"], one["drawable"] = visiting.need_of(work, row), row.payee_id is not None
        one["listed"], one["visited"], one["rate"] = facts["listed"], facts["visited"], facts["rate"]
        one["visited_of"] = f"{facts['visited']} / {facts['listed']}"


def _fill_visits(work: UnitOfWork, found: list[Line], rows: Sequence[Any]) -> None:
    plans = dict_of(work, kept.Plan, [one.plan_id for one in rows])
    categories = dict_of(work, kept.Category, [one.category_id for one in rows])
    states = {number: batch_facts(work, number).state for number in {one.batch_id for one in rows if one.batch_id}}
    for one, row in zip(found, rows, strict=True):
        one["plan"], one["category"] = plans[row.plan_id].number, categories[row.category_id].name
        one["paid"] = states.get(row.batch_id) == "settled"


def _fill_needs(work: UnitOfWork, found: list[Line], rows: Sequence[Any]) -> None:
    visits = dict_of(work, kept.Visit, [one.visit_id for one in rows])
    people = facts_of(work, [one.person_id or 0 for one in visits.values()])
    for one, row in zip(found, rows, strict=True):
        person = people.get(visits[row.visit_id].person_id or 0)
        if person is not None and work.may(VISIT, row.area):
            one["person"] = person.name


def _fill_projects(_work: UnitOfWork, found: list[Line], _rows: Sequence[Any]) -> None:
    for one in found:
        one["head"] = _("{year} 年第 {no} 号", year=one["year"], no=one["no"])


def _fill_sheets(work: UnitOfWork, found: list[Line], rows: Sequence[Any]) -> None:
    for one, row in zip(found, rows, strict=True):
        facts = sheet_facts(work, row)
        one |= {name: value for name, value in facts.items() if name not in ("result", "version", "state")}
        one["result_words"] = facts["result"]


def _fill_items(_work: UnitOfWork, found: list[Line], _rows: Sequence[Any]) -> None:
    for one in found:
        one["state"] = item_state(one)


def item_state(one: Mapping[str, Any]) -> str:
    """Where an item of a score sheet stands."""
    if one["veto"]:
        return "veto"
    if not one["leaf"]:
        return "heading"
    if one["gap"] and one["fixed_on"] is None:
        return "gap"
    return "proved" if one["evidence"] else "unproved"


def _fill_titles(work: UnitOfWork, found: list[Line], _rows: Sequence[Any]) -> None:
    for one in found:
        facts = titles_facts(work, one["level"])
        one["streak"], one["streak_if_confirmed"] = facts["streak"], facts["streak_if_confirmed"]
        one["head"] = _("{level}第 {round} 届", level=_(words.LEVELS[one["level"]]), round=one["round"])


def _fill_spouses(work: UnitOfWork, found: list[Line], rows: Sequence[Any]) -> None:
    until = str(Period.of(work.today))
    for one, row in zip(found, rows, strict=True):
        months = families.due_months(work, row.id, until)
        one["months"] = len(months)
        one["subsidy_fen"] = sum(
            work.policy("double_support.spouse_subsidy", on=Period(month).first_day) for month in months
        )


def _fill_groups(_work: UnitOfWork, found: list[Line], _rows: Sequence[Any]) -> None:
    for one in found:
        one["serves"] = len([code for code in one["villages"].split(",") if code])


def _fill_classes(work: UnitOfWork, found: list[Line], _rows: Sequence[Any]) -> None:
    least = work.policy("double_support.class_half_hours")
    for one in found:
        one["hours"] = f"{one['half_hours'] / 2:g}"
        one["state"] = "met" if one["half_hours"] >= least else "short"


def _fill_events(_work: UnitOfWork, found: list[Line], _rows: Sequence[Any]) -> None:
    for one in found:
        one["state"] = "held"


def _fill_budgets(work: UnitOfWork, found: list[Line], rows: Sequence[Any]) -> None:
    for one, row in zip(found, rows, strict=True):
        one |= budget_facts(work, row)
        one["state"] = "short" if one["gap_fen"] else "met"


def _more_plan(work: UnitOfWork, one: kept.Plan) -> Line:
    visits = visiting.visits_of(work, one.id)
    categories = [
        (row.name, _("{amount} 元/户，计划 {count} 户", amount=format_money(row.amount_fen), count=row.households))
        for row in visiting.categories_of(work, one.id)
    ]
    left = [row for row in visits if row.state == "listed" and row.person_id]
    found: Line = {"categories": categories, "unvisited_count": len(left)}
    if left and work.may(VISIT, one.area):
        people = facts_of(work, [row.person_id or 0 for row in left])
        places = area_names(work, {row.area for row in left})
        found["unvisited"] = [
            (people[row.person_id].name if row.person_id in people else "--", places.get(row.area, ""))
            for row in left[:200]
        ]
    return found


def _more_visit(work: UnitOfWork, one: kept.Visit) -> Line:
    needs = rows_of(work, kept.Need, kept.Need.visit_id, one.id)
    return {"needs": [(row.words, row.answer or _(words.NEED_STATES[row.state])) for row in needs]}


def _more_unit(work: UnitOfWork, one: kept.Unit) -> Line:
    rows = rows_of(work, kept.SupportMoney, kept.SupportMoney.unit_id, one.id)
    return {
        "support": [
            (f"{row.year} {_(words.PURPOSES[row.purpose])}", _("{amount} 元", amount=format_money(row.amount_fen)))
            for row in rows
            if row.state == "entered"
        ]
    }


def _more_project(work: UnitOfWork, one: kept.Project) -> Line:
    reports = rows_of(work, kept.Progress, kept.Progress.project_id, one.id)
    milestones = projects.milestones_of(work, one.id)
    found: Line = {
        "milestones": [(row.title, f"{row.percent}% · {row.due} · {row.reached_on or '--'}") for row in milestones],
        "milestone_percent": sum(row.percent for row in milestones if row.reached_on),
        "progress": [
            (_("第 {quarter} 季度", quarter=row.quarter), f"{row.percent}% {row.note} · {row.reported_on}")
            for row in reports
        ],
    }
    if one.substitute_for:
        found["instead_of"] = work.session.get_one(kept.Project, one.substitute_for).title
    return found


def _more_sheet(work: UnitOfWork, one: kept.ScoreSheet) -> Line:
    lines = [
        (
            f"{row.no} {row.title}",
            f"{'--' if row.self_tenths is None else f'{row.self_tenths / 10:g}'} / {row.max_tenths / 10:g} · "
            + _(words.ITEM_STATES[item_state(plain_of(row))]),
        )
        for row in items_of(work, one.id)
    ]
    others = select(kept.ScoreSheet).where(
        col(kept.ScoreSheet.level) == one.level,
        col(kept.ScoreSheet.year) == one.year,
        col(kept.ScoreSheet.id) != one.id,
    )
    versions = [
        (_("第 {version} 版", version=row.sheet_version), sheet_facts(work, row)["result"])
        for row in work.session.scalars(others.order_by(col(kept.ScoreSheet.id)))
    ]
    return {"lines": lines, "versions": versions}


def _more_spouse(work: UnitOfWork, one: kept.Spouse) -> Line:
    return {
        "offers": [
            (row.employer, f"{row.post} {row.offered_on}")
            for row in rows_of(work, kept.Offer, kept.Offer.spouse_id, one.id)
        ],
        "jobs": [(row.employer, f"{row.since} – {row.until or ''}") for row in families.jobs_of(work, one.id)],
        "stretches": [
            (_(words.STRETCHES[row.kind]), f"{row.first_month} – {row.last_month}")
            for row in families.stretches_of(work, one.id)
            if not row.last_month or row.last_month >= row.first_month
        ],
        "subsidies": [
            (row.month, _("{amount} 元", amount=format_money(row.amount_fen)))
            for row in families.months_of(work, one.id)
        ],
    }


def _more_agreement(work: UnitOfWork, one: kept.Agreement) -> Line:
    rows = rows_of(work, kept.Activity, kept.Activity.agreement_id, one.id, col(kept.Activity.held_on))
    return {"activities": [(f"{row.held_on} {row.title}", _("{count} 人次", count=row.people)) for row in rows]}


MODELS: Mapping[str, Any] = {
    "plans": kept.Plan, "visits": kept.Visit, "needs": kept.Need, "plaques": kept.Plaque, "news": kept.MeritNews,
    "projects": kept.Project, "units": kept.Unit, "support": kept.SupportMoney, "sheets": kept.ScoreSheet,
    "items": kept.ScoreItem, "titles": kept.Title, "spouses": kept.Spouse, "schools": kept.SchoolRequest,
    "groups": kept.SupportGroup, "points": kept.ServicePoint, "agreements": kept.Agreement,
    "classes": kept.DefenceClass, "events": kept.DefenceEvent, "bases": kept.Base, "budgets": kept.DefenceBudget,
}  # fmt: skip
_SEARCHED: Mapping[str, str] = {
    "plans": "number", "projects": "title", "units": "code", "spouses": "number", "groups": "name", "points": "name",
    "agreements": "number", "classes": "school", "events": "title", "bases": "name",
}  # fmt: skip
_FILLED: Mapping[str, Callable[[UnitOfWork, list[Line], Sequence[Any]], None]] = {
    "units": _fill_units, "plans": _fill_plans, "visits": _fill_visits, "needs": _fill_needs,
    "projects": _fill_projects, "sheets": _fill_sheets, "items": _fill_items, "titles": _fill_titles,
    "spouses": _fill_spouses, "groups": _fill_groups, "classes": _fill_classes, "events": _fill_events,
    "budgets": _fill_budgets,
}  # fmt: skip
_MORE: Mapping[str, Callable[[UnitOfWork, Any], Line]] = {
    "plans": _more_plan, "visits": _more_visit, "units": _more_unit, "projects": _more_project,
    "sheets": _more_sheet, "spouses": _more_spouse, "agreements": _more_agreement,
}  # fmt: skip


def people_listed(work: UnitOfWork, person_ids: Sequence[int]) -> Mapping[str, list[Any]]:
    """What there is of some people: visits, plaques, news, registrations, requests."""
    rooms = ("visits", "plaques", "news", "spouses", "schools")
    return {room: rows_in(work, MODELS[room], MODELS[room].person_id, person_ids) for room in rooms}
