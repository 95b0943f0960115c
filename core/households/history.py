"""The history of a household in words: who joined, left or changed place, and what else became different."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core.households.file import kind_in_words
from core.households.models.households import Area
from core.households.queries import household_history
from core.identity.codes import RELATION
from core.identity.models.accounts import Account
from core.identity.models.persons import Person
from core.texts import _, mark

if TYPE_CHECKING:
    from core.work import UnitOfWork

NOTHING = "--"
_FIELDS = {
    "number": mark("户号"),
    "area": mark("村（社区）"),
    "address": mark("详细地址"),
    "village_group": mark("村民小组"),
    "closed_on": mark("注销日期"),
}


def changes_in_words(work: "UnitOfWork", household_id: int) -> list[dict[str, Any]]:
    """Every change with what differed, newest first: ``{"what", "on", "at", "who", "lines"}``.

    Raises ``NotFound`` outside the area.
    """
    changes = household_history(work, household_id)
    people = {int(one) for change in changes for side in _sides(change) for one in side.get("members", {})}
    names = _names(work, people)
    areas = _areas(work, {side.get("area", "") for change in changes for side in _sides(change)})
    staff = _staff(work, {change["by"] for change in changes})
    return [
        {
            "what": kind_in_words(change["kind"]),
            "on": change["on"],
            "at": change["at"],
            "who": staff.get(change["by"], ""),
            "lines": _lines(change, names, areas),
        }
        for change in changes
    ]


def _sides(change: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    return change.get("before") or {}, change.get("after") or {}


def _lines(change: Mapping[str, Any], names: Mapping[int, str], areas: Mapping[str, str]) -> list[str]:
    before, after = _sides(change)
    lines = []
    was, now = before.get("members", {}), after.get("members", {})
    for one in [*was, *(one for one in now if one not in was)]:
        name = names.get(int(one), _("{id} 号人员", id=one))
        if one not in was:
            lines.append(_("加入：{name}（{relation}）", name=name, relation=RELATION.name(now[one])))
        elif one not in now:
            lines.append(_("离开：{name}（{relation}）", name=name, relation=RELATION.name(was[one])))
        elif was[one] != now[one]:
            relations = {"before": RELATION.name(was[one]), "after": RELATION.name(now[one])}
            lines.append(_("{name}：{before} → {after}", name=name, **relations))
    for field, title in _FIELDS.items():
        if before and before.get(field) != after.get(field):
            old, new = (_shown(field, side.get(field), areas) for side in (before, after))
            lines.append(_("{title}：{before} → {after}", title=_(title), before=old, after=new))
    return lines


def _shown(field: str, value: Any, areas: Mapping[str, str]) -> str:
    text = "" if value is None else str(value)
    return (areas.get(text, text) if field == "area" else text) or NOTHING


def _names(work: "UnitOfWork", ids: set[int]) -> dict[int, str]:
    rows = work.session.execute(select(col(Person.id), col(Person.name)).where(col(Person.id).in_(ids)))
    return {row.id: row.name for row in rows}


def _areas(work: "UnitOfWork", codes: set[str]) -> dict[str, str]:
    wanted = codes | {code[:9] for code in codes}
    rows = work.session.execute(select(col(Area.code), col(Area.name)).where(col(Area.code).in_(wanted)))
    names = {row.code: row.name for row in rows}
    return {code: names.get(code[:9], "") + names.get(code, code) for code in codes}


def _staff(work: "UnitOfWork", ids: set[int]) -> dict[int, str]:
    rows = work.session.execute(
        select(col(Account.id), col(Account.name), col(Account.title)).where(col(Account.id).in_(ids))
    )
    return {row.id: row.title or row.name for row in rows}
