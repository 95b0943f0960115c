"""A person as commands and the JSON API give it: plain data, numbers masked."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from core.households.models.households import Household, Membership
from core.identity import events
from core.identity.queries import PersonCard, find_by_number, id_of, primary_numbers
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork


def found_people(work: "UnitOfWork", text: str) -> dict[str, Any]:
    """``{"people": [{"id","name","id_masked","household","area"}], "more"}``: the search, or who holds the number."""
    from core.households.search import find_people

    found = find_people(work, text)
    if found["people"]:
        return found
    person = find_by_number(work, text)
    if person is None:
        return found
    work.record_read("person.looked_up", f"person:{person.id}", area=person.hukou_area, reason=_("按完整证件号码查找"))
    number = primary_numbers(work, [id_of(person)]).get(id_of(person))
    line = {
        "id": person.id,
        "name": person.name,
        "id_masked": str(number or ""),
        "household": household_number(work, id_of(person)),
        "area": person.hukou_area,
    }
    return {"people": [line], "more": False}


def household_number(work: "UnitOfWork", person_id: int) -> str:
    """The number of the household a person belongs to now; "" for none."""
    found = household_of(work, person_id)
    return found[1] if found else ""


def household_of(work: "UnitOfWork", person_id: int) -> tuple[int, str] | None:
    """Id and number of the household a person belongs to now; None for none."""
    row = work.session.connection().execute(_HOUSEHOLD, {"person": person_id}).first()
    return None if row is None else (row.id, row.number)


_HOUSEHOLD = (
    select(col(Household.id), col(Household.number))
    .join(Membership, col(Membership.household_id) == col(Household.id))
    .where(col(Membership.person_id) == bindparam("person"), col(Membership.valid_to).is_(None))
)


def card_data(work: "UnitOfWork", card: PersonCard) -> dict[str, Any]:
    """Everything about a person, ready for JSON."""
    person = card.person
    return {
        "id": person.id,
        "name": person.name,
        "id_masked": str(card.id_number or ""),
        "sex": card.sex,
        "ethnicity": card.ethnicity,
        "birth_date": person.birth_date,
        "age": card.age,
        "household": household_number(work, id_of(person)),
        "area": person.hukou_area,
        "residence": person.residence_area,
        "address": person.address,
        "phone": str(card.phone or ""),
        "died_on": person.died_on,
        "left_county_on": person.left_county_on,
        "merged_into": person.merged_into,
        "absorbed": list(card.absorbed),
        "former_names": [{"name": one.name, "until": one.until} for one in card.former_names],
        "documents": [
            {
                "id": one.id,
                "kind": one.kind,
                "kind_name": one.kind_name,
                "number": str(one.number),
                "issuer": one.issuer,
                "primary": one.primary,
                "superseded": one.superseded,
            }
            for one in card.documents
        ],
        "accounts": [
            {
                "id": one.id,
                "number": str(one.number),
                "account_name": one.account_name,
                "valid_from": one.valid_from,
                "valid_to": one.valid_to,
            }
            for one in card.accounts
        ],
        "events": [
            {"id": one.id, "kind": one.kind, "on": one.happened_on, "source": one.source, "revokes": one.revokes}
            for one in card.events
        ],
        "waiting": [{"id": one.id, "kind": one.kind, "reason": one.reason} for one in card.waiting],
        "version": person.version,
    }


def card_text(data: dict[str, Any]) -> str:
    """The same for people to read at a shell."""
    rows = [
        (_("姓名"), data["name"]),
        (_("证件号码"), data["id_masked"]),
        (_("性别"), data["sex"]),
        (_("民族"), data["ethnicity"]),
        (_("出生日期"), data["birth_date"]),
        (_("年龄"), data["age"]),
        (_("户号"), data["household"]),
        (_("户籍地"), data["area"]),
        (_("居住地"), data["residence"]),
        (_("地址"), data["address"]),
        (_("电话"), data["phone"]),
        (_("死亡日期"), data["died_on"]),
        (_("迁出日期"), data["left_county_on"]),
    ]
    lines = [f"{title}  {'--' if value in (None, '') else value}" for title, value in rows]
    lines += [f"{one['kind_name']}  {one['number']}" for one in data["documents"] if not one["primary"]]
    lines += [
        _("{event} {kind} {day}", event=one["id"], kind=_(events.TITLES[one["kind"]]), day=one["on"])
        for one in data["events"]
    ]
    return "\n".join(lines)
