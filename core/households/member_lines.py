"""The lines of a form on which people join a household: somebody registered already, or somebody new."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.errors import NotFound, Objection, Refused
from core.households.wishes import Member
from core.identity.numbers import clean_number
from core.identity.persons import NewPerson, register_person
from core.identity.queries import find_person, id_of
from core.texts import _

if TYPE_CHECKING:
    from core.web import Posted
    from core.work import UnitOfWork

LINES = 4
LINES_MAX = 40
_FIELDS = ("number", "name", "as")
_OF_PERSON = {"citizen_id": "number", "name": "name", "sex": "sex", "birth_date": "born"}


def lines_of(data: Mapping[str, Any]) -> int:
    """How many lines of the form were filled in."""
    filled = [line for line in range(LINES_MAX) if any(data.get(f"{field}-{line}") for field in _FIELDS)]
    return filled[-1] + 1 if filled else 0


def members_typed(work: "UnitOfWork", data: "Posted", area: str) -> list[Member]:
    """The people of the lines with their relations; who is new is registered in ``area``.

    Refused with every objection at its line. A line is a number or record number with a relation, and for somebody
    new the name (without a number: sex and birth date too).
    """
    members: list[Member] = []
    objections: list[Objection] = []
    for line in range(lines_of(data)):
        if not any(data.text(f"{field}-{line}") for field in _FIELDS):
            continue
        try:
            if not data.text(f"as-{line}"):
                raise Refused([Objection(field=f"as-{line}", reason=_("请选与户主关系"))])
            members.append(Member(person_id=_person(work, data, line, area), relation=data.text(f"as-{line}")))
        except Refused as refusal:
            objections += refusal.objections
    if objections:
        raise Refused(objections)
    return members


def reworded(objections: Iterable[Objection]) -> Sequence[Objection]:
    """Objections to the members as a form says them: at the list, in the words of the form."""
    return [_at_the_list(one) for one in objections]


def _at_the_list(one: Objection) -> Objection:
    field = one.field or ""
    if field in ("members", "leaving", "staying") and one.code == "E_FIELD":
        words = {
            "members": _("请写全户内每一个人"),
            "leaving": _("请勾选分到新户的人，并选他们的关系"),
            "staying": _("原户至少留一人，并选他们的关系"),
        }
        return replace(one, field="members", reason=words[field])
    if field.startswith(("members.", "leaving", "staying")) or field == "relation":
        return replace(one, field="members")
    return replace(one, field="other") if field == "gone_id" else one


def _person(work: "UnitOfWork", data: "Posted", line: int, area: str) -> int:
    number, name = data.text(f"number-{line}"), data.text(f"name-{line}")
    if number:
        try:
            found = find_person(work, number)
        except NotFound as error:
            if not name or len(clean_number(number)) < 15:
                words = _("没有找到这个人。没登记过的请填身份证号码和姓名")
                raise Refused([Objection(field=f"number-{line}", reason=words)]) from error
        else:
            if name and name != found.name:
                words = _("这个号码登记的姓名不同，请核对")
                raise Refused([Objection(field=f"name-{line}", reason=words)])
            return id_of(found)
    return _registered(work, data, line, area)


def _registered(work: "UnitOfWork", data: "Posted", line: int, area: str) -> int:
    from core.wishes import checked

    typed = {wish: data.text(f"{field}-{line}") for wish, field in _OF_PERSON.items()}
    given: dict[str, Any] = {wish: text for wish, text in typed.items() if text or wish == "name"}
    try:
        wish = checked(NewPerson, hukou_area=area, address=data.text("address"), **given)
        if not wish.citizen_id and (not wish.sex or wish.birth_date is None):
            words = _("没有身份证号码的，请填性别和出生日期")
            raise Refused([Objection(field=f"number-{line}", reason=words)])
        return id_of(register_person(work, wish))
    except Refused as refusal:
        raise Refused(_at_the_line(one, line) for one in refusal.objections) from refusal


def _at_the_line(one: Objection, line: int) -> Objection:
    if one.field == "hukou_area":
        return replace(one, field="area")
    return replace(one, field=f"{_OF_PERSON.get(one.field or '', 'number')}-{line}")
