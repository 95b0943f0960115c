"""What the services share: rights, secrets, numbers in a row, days that have come, people of the register."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from core.api import (
    Objection,
    PersonFacts,
    Refused,
    UnitOfWork,
    _,
    facts_of,
    find_person,
    parse_money,
    read_number,
    refuse,
)
from plugins.double_support.rules import secret_in

KEEP, VISIT, PROJECT, ASSESS, TEACH, PAY = (
    "double_support.keep", "double_support.visit", "double_support.project", "double_support.assess",
    "double_support.teach", "double_support.pay",
)  # fmt: skip


def _texts(values: BaseModel) -> Iterator[tuple[str, str]]:
    for name in type(values).model_fields:
        given = getattr(values, name)
        for text in given if isinstance(given, list) else [given]:
            if isinstance(text, str):
                yield name, text


def secrets(work: UnitOfWork, texts: Iterable[tuple[str, str]]) -> list[Objection]:
    """Objections (E_UNIT_SECRET) to texts, by field, that name or locate a unit; the text is not repeated."""
    patterns = work.policy("double_support.secret_patterns")
    reason = _("涉密信息：不得写部队番号、驻地、编制、人数和现役军人职务，请用协作单位代号")
    return [
        Objection(field=name, reason=reason, code="E_UNIT_SECRET") for name, text in texts if secret_in(text, patterns)
    ]


def require_public(work: UnitOfWork, wish: BaseModel) -> None:
    """Refuse (E_UNIT_SECRET) a wish of which a text names or locates a unit, before anything else is looked at."""
    found = secrets(work, _texts(wish))
    if found:
        raise Refused(found)


def county(work: UnitOfWork) -> str:
    """The county's code."""
    return work.settings.county.code


def past(work: UnitOfWork, day: date | None, field: str = "on") -> date:
    """A day that has come, today for none; refused when it is still to come."""
    if day and day > work.today:
        raise refuse(_("日期不能晚于今天"), field=field, code="E_DAY")
    return day or work.today


def not_before(day: date, first: date, field: str = "on") -> date:
    """A day that is not before another; refused otherwise."""
    if day < first:
        raise refuse(_("日期不能早于 {day}", day=first), field=field, code="E_DAY")
    return day


def amount(text: str, field: str, least: int = 0) -> int:
    """Yuan as typed, in fen; refused below ``least`` fen."""
    try:
        found = parse_money(text)
    except Refused as refusal:
        raise Refused(
            [Objection(field=field, reason=one.reason, code=one.code) for one in refusal.objections]
        ) from None
    if found < least:
        raise refuse(_("金额不能小于 {least} 分", least=least), field=field, code="E_MONEY")
    return found


def tenths(text: str, field: str, most: int = 1000) -> int:
    """A number from 0 with at most one decimal, in tenths; refused above ``most`` tenths."""
    found = read_number(text)
    given = Decimal(-1) if found is None else found * 10
    if not 0 <= given <= most or given != given.to_integral_value():
        words = _("请填 0 至 {most} 的数字，最多一位小数", most=f"{most / 10:g}")
        raise refuse(words, field=field, code="E_FIELD")
    return int(given)


def living(work: UnitOfWork, person_id: int, permission: str, field: str = "person_id") -> PersonFacts:
    """Somebody of the county's register who is alive, whoever the record was merged into."""
    person = find_person(work, str(person_id), permission)
    number = person.merged_into or person.id or 0
    one = facts_of(work, [number])[number]
    if one.died_on:
        raise refuse(_("这个人已经登记死亡"), field=field, code="E_DBL_STATE")
    return one


def two_visitors(leader: str, companion: str) -> tuple[str, str]:
    """The two who go; refused when it is one."""
    names = leader.strip(), companion.strip()
    if names[0] == names[1]:
        raise refuse(_("带队人和同行人要是两个人"), field="companion", code="E_DBL_VISITORS")
    return names


def require_state(one: Any, *states: str) -> None:
    """Refuse a step that does not fit where a thing stands."""
    if one.state not in states:
        raise refuse(_("现在的状态不能这样办理"), code="E_DBL_STATE")


def moved(work: UnitOfWork, *rows: Any) -> None:
    """Save rows that changed, each with a new version."""
    for one in rows:
        one.version += 1
    keep(work, *rows)


def keep(work: UnitOfWork, *rows: Any) -> None:
    """Save rows and take their ids."""
    work.session.add_all(list(rows))
    work.session.flush()


def note(work: UnitOfWork, action: str, word: str, one: Any, reason: str = "", **after: Any) -> None:
    """Record what was done to a thing."""
    subject = f"double_support_{word}:{one.id}"
    work.record(f"double_support.{action}", subject, area=one.area, reason=reason, after=after)


def close(work: UnitOfWork, one: Any, word: str, on: date | None, reason: str) -> Any:
    """End a thing that is on the register."""
    require_state(one, "open")
    one.state, one.closed_on = "closed", past(work, on)
    if hasattr(one, "reason"):
        one.reason = reason
    moved(work, one)
    note(work, "closed", word, one, reason=reason)
    return one
