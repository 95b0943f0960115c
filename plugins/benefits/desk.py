"""What benefits brings to the desk and to the pages of households and persons."""

from collections.abc import Iterable
from typing import Any

from core.api import Lane, Panel, Period, Point, Span, Task, Tile, UnitOfWork, _, format_money, payments_of
from plugins.benefits.counting import enrolled_now, waiting, weak_standards
from plugins.benefits.queries import SHOW, enrolments_of, scheme_title

_STATE = {"active": "ok", "suspended": "warn", "ended": ""}
PAYMENTS_SHOWN = 12


def tiles(work: UnitOfWork) -> Iterable[Tile]:
    """How many are in payment."""
    if not work.may(SHOW):
        return []
    active = sum(count for _scheme, _category, state, count in enrolled_now(work) if state == "active")
    return [Tile(title=_("在发待遇"), figure=f"{active:,}", unit=_("人次"), path="/benefits/enrolments", order=30)]


def tasks(work: UnitOfWork) -> Iterable[Task]:
    """Who was suspended for too long, whose time runs out, whom nobody is there to pay to, and weak standards."""
    if not work.may(SHOW):
        return
    words = {
        "suspended": (_("暂停超过期限"), _("恢复或停发"), "warn"),
        "expiring": (_("待遇将到期"), _("延长或停发"), "note"),
        "payees": (_("没有收款账户"), _("补登账户"), "bad"),
    }
    for name, (count, ends) in waiting(work).items():
        title, step, state = words[name]
        if count:
            yield Task(
                title=title,
                subject=_("{count} 人", count=count),
                path=f"/benefits/lists/{name}",
                step=step,
                state=state,  # ty: ignore[invalid-argument-type] - one of the states, above
                due=Period(ends).last_day if ends else None,
            )
    weak = weak_standards(work) if work.may("benefits.set_standard") else []
    if weak:
        yield Task(
            title=_("标准低于下限或多年没有提高"),
            subject=_("{count} 项", count=len(weak)),
            path="/benefits/standards",
            step=_("调整标准"),
            state="warn",
        )


def person_panels(work: UnitOfWork, person_id: int) -> Iterable[Panel]:
    """What a person gets, and the newest payments."""
    return _panels(work, [person_id])


def household_panels(work: UnitOfWork, person_ids: tuple[int, ...]) -> Iterable[Panel]:
    """What the people of a household get: one lane for each benefit."""
    return _panels(work, list(person_ids))


def _panels(work: UnitOfWork, people: list[int]) -> Iterable[Panel]:
    if not work.may(SHOW):
        return []
    found = [one for one in enrolments_of(work, people) if work.may(SHOW, one["area"])]
    if not found:
        return []
    rows = [(_("{name} {scheme}", name=one["name"], scheme=one["scheme_title"]), _in_words(one)) for one in found]
    paid = [
        (
            _("{month} {scheme}", month=one["for_month"], scheme=scheme_title(work, one["scheme"])),
            _("{amount} 元", amount=format_money(one["amount_fen"])),
        )
        for one in payments_of(work, people, PAYMENTS_SHOWN)
        if one["state"] == "paid"
    ]
    tags = sorted({(one["scheme_title"], _STATE[one["state"]]) for one in found if one["state"] != "ended"})
    return [
        Panel(
            title=_("待遇"),
            rows=[*rows, *paid],
            tags=tags,
            lanes=_lanes(found),
            path=f"/benefits/enrolments?person={people[0]}" if len(people) == 1 else "",
            order=10,
        )
    ]


def _lanes(found: list[dict[str, Any]]) -> list[Lane]:
    by_scheme: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        by_scheme.setdefault(one["scheme_title"], []).append(one)
    return [
        Lane(title=title, spans=[_span(one) for one in group if _is_span(one)], points=_points(group))
        for title, group in by_scheme.items()
    ]


def _is_span(one: dict[str, Any]) -> bool:
    return one["to_month"] is None or one["to_month"] >= one["from_month"]


def _span(one: dict[str, Any]) -> Span:
    until = Period(one["to_month"]).last_day if one["to_month"] else None
    return Span(since=Period(one["from_month"]).first_day, until=until, label=one["category_title"])


def _points(group: list[dict[str, Any]]) -> list[Point]:
    return [
        Point(on=Period(one["suspended_from"]).first_day, label=_("暂停")) for one in group if one["suspended_from"]
    ]


def _in_words(one: dict[str, Any]) -> str:
    values = {"category": one["category_title"], "since": one["from_month"], "until": one["to_month"] or ""}
    if one["state"] == "suspended":
        return _("{category}，{since} 起，{paused} 起暂停", **values, paused=one["suspended_from"])
    if one["to_month"]:
        return _("{category}，{since} 至 {until}", **values)
    return _("{category}，{since} 起", **values)
