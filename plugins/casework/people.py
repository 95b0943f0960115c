"""Who is meant when a clerk names a member of a family: by number, by ID number, or by name within the household."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from core.api import NotFound, Objection, PersonFacts, Refused, _, age_on, facts_of, find_person

if TYPE_CHECKING:
    from datetime import date

    from core.api import UnitOfWork


def chosen(work: "UnitOfWork", named: Sequence[str], among: Iterable[int], field: str) -> list[int]:
    """The persons that are named, in order; refused with each name that fits nobody, or more than one."""
    people = facts_of(work, among)
    found, objections = [], []
    for text in named:
        try:
            found.append(_one(work, text.strip(), people))
        except NotFound:
            words = _("没有找到“{name}”：请写户内成员的姓名、编号或身份证号", name=text)
            objections.append(Objection(reason=words, field=field, code="E_HH_MEMBER"))
    if objections:
        raise Refused(objections)
    return list(dict.fromkeys(found))


def adults(work: "UnitOfWork", people: Iterable[PersonFacts], on: "date") -> list[PersonFacts]:
    """Who of some persons is of age on a day; an unknown day of birth counts as of age."""
    age, leap = work.policy("households.adult_age", on=on), work.policy("identity.leap_birthday")
    return [one for one in people if one.birth_date is None or age_on(one.birth_date, on, leap) >= age]


def _one(work: "UnitOfWork", text: str, people: Mapping[int, PersonFacts]) -> int:
    named = [one.id for one in people.values() if one.name == text]
    if len(named) == 1:
        return named[0]
    if len(named) > 1 or not text or not text[0].isascii():
        raise NotFound(text)
    return find_person(work, text).id or 0
