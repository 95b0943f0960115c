"""People by the thousand: the registry's door for imports, in columns.

The caller has asked for the right, checked the cells and the area of every row, and leaves one record for the run;
here nothing is asked again. Plain numbers come in cleaned (``numbers.read_citizen_ids``, ``papers.read_accounts``,
``papers.read_phones``, ``names.read_names``) and leave as ciphers and blind indexes only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select, update

from core.bulk import in_parts, insert_columns
from core.identity.models.bank_accounts import BankAccount
from core.identity.models.history import FormerName
from core.identity.models.persons import Document, Person
from core.identity.names import initials_of
from core.identity.numbers import PERMIT_PROVINCES
from core.identity.sealed import ACCOUNT, ACCOUNT_COLUMN, CITIZEN_ID, LEGACY_COLUMN, NUMBER_COLUMN, PHONE, PHONE_COLUMN
from core.tables import table_of

if TYPE_CHECKING:
    from core.work import UnitOfWork


_PERSON, _DOCUMENT, _ACCOUNT, _FORMER = map(table_of, (Person, Document, BankAccount, FormerName))


@dataclass(frozen=True, kw_only=True)
class NewPeople:
    """Columns of one length. "" stands for a cell without a value, except dates: None.

    ``sex`` 0, 1, 2 or 9; ``ethnicity`` a code or ""; areas 12-digit codes; ``citizen_id`` the 18-character normal
    form; ``legacy`` the 15 digits it was converted from, by row. ``initials`` may be left out.
    """

    name: Sequence[str]
    sex: Sequence[int]
    birth_date: Sequence[date | None]
    ethnicity: Sequence[str]
    hukou_area: Sequence[str]
    residence_area: Sequence[str]
    address: Sequence[str]
    phone: Sequence[str]
    citizen_id: Sequence[str]
    bank_account: Sequence[str]
    initials: Sequence[str] | None = None
    legacy: Mapping[int, str] = field(default_factory=dict)


def insert_people(work: "UnitOfWork", people: NewPeople) -> Sequence[int]:
    """Register people in columns; answers their ids in the order of the rows.

    A citizen number that is registered already, or stands in two rows, breaks the unique index and with it the
    transaction: ask ``people_by_number`` first. Hukou and residence begin today.
    """
    ids = work.next_ids("identity_person", len(people.name))
    connection = work.session.connection()
    insert_columns(
        connection,
        _PERSON,
        {
            "id": ids,
            "name": people.name,
            "initials": people.initials if people.initials is not None else initials_of(people.name),
            "sex": people.sex,
            "birth_date": people.birth_date,
            "ethnicity": people.ethnicity,
            "hukou_area": people.hukou_area,
            "residence_area": people.residence_area,
            "address": people.address,
            **_phones(work, ids, people.phone),
        },
        {"hukou_since": work.today, "residence_since": work.today, "created_at": work.now, "version": 1},
    )
    _insert_documents(work, ids, people)
    add_accounts(work, ids, people.bank_account)
    return ids


def people_by_number(work: "UnitOfWork", citizen_ids: Iterable[str]) -> dict[str, int]:
    """Which of these citizen numbers are registered, and to whom; a merged record answers with the one that stays.

    The whole county is asked, whatever the actor's area: a number is unique in the county. Never show the answer
    for a person outside the actor's area beyond ``E_ID_DUP``.
    """
    numbers = list(dict.fromkeys(number for number in citizen_ids if number))
    if work.session.connection().scalar(select(func.max(_DOCUMENT.c.id))) is None:
        return {}
    indexes = work.keys.blind_many(CITIZEN_ID, numbers)
    by_index = dict(zip(indexes, numbers, strict=True))
    found: dict[str, int] = {}
    for part in in_parts(indexes):
        asked = (
            select(_DOCUMENT.c.number_index, func.coalesce(_PERSON.c.merged_into, _PERSON.c.id))
            .join(_PERSON, _PERSON.c.id == _DOCUMENT.c.person_id)
            .where(_DOCUMENT.c.number_index.in_(part), _DOCUMENT.c.superseded_by.is_(None))
        )
        found.update((by_index[index], person) for index, person in work.session.connection().execute(asked))
    return found


def accounts_in_use(work: "UnitOfWork", accounts: Iterable[str]) -> dict[str, list[int]]:
    """Which of these bank accounts are in use now, and by whom; for ``W_ACCT_SHARED``."""
    numbers = list(dict.fromkeys(number for number in accounts if number))
    if work.session.connection().scalar(select(func.max(_ACCOUNT.c.id))) is None:
        return {}
    indexes = work.keys.blind_many(ACCOUNT, numbers)
    by_index = dict(zip(indexes, numbers, strict=True))
    found: dict[str, list[int]] = {}
    for part in in_parts(indexes):
        asked = select(_ACCOUNT.c.number_index, _ACCOUNT.c.person_id).where(
            _ACCOUNT.c.number_index.in_(part), _ACCOUNT.c.valid_to.is_(None)
        )
        for index, person in work.session.connection().execute(asked):
            found.setdefault(by_index[index], []).append(person)
    return found


def change_people(work: "UnitOfWork", ids: Sequence[int], columns: Mapping[str, Sequence[Any]]) -> None:
    """Change people who are registered, in columns of the length of ``ids``.

    ``columns`` may hold name, sex, ethnicity, hukou_area, residence_area, address, phone and bank_account; what it
    holds is written as it stands, so give only rows and columns that differ. A changed name is kept as a former name
    until today; a changed hukou or residence begins today; a new bank account ends the one before. An empty phone or
    account leaves what is there. The caller keeps before and after (``household_change``).
    """
    given = dict(columns)
    accounts = given.pop("bank_account", None)
    phones = given.pop("phone", None)
    if "name" in given:
        _keep_former_names(work, ids, given["name"])
        given["initials"] = initials_of(given["name"])
    for area, since in (("hukou_area", "hukou_since"), ("residence_area", "residence_since")):
        if area in given:
            given[since] = [work.today] * len(ids)
    if given:
        _update(work, ids, given)
    if phones is not None:
        rows = [row for row, phone in enumerate(phones) if phone]
        chosen = [ids[row] for row in rows]
        _update(work, chosen, _phones(work, chosen, [phones[row] for row in rows]))
    if accounts is not None:
        _end_accounts(work, [person for person, account in zip(ids, accounts, strict=True) if account])
        add_accounts(work, ids, accounts)


def add_accounts(work: "UnitOfWork", person_ids: Sequence[int], accounts: Sequence[str]) -> None:
    """Give people bank accounts from today on; "" gives none. They must have no current account."""
    chosen = [(person, account) for person, account in zip(person_ids, accounts, strict=True) if account]
    if not chosen:
        return
    numbers = [account for _person, account in chosen]
    ids = work.next_ids("identity_bank_account", len(chosen))
    insert_columns(
        work.session.connection(),
        _ACCOUNT,
        {
            "id": ids,
            "person_id": [person for person, _account in chosen],
            "number_sealed": work.keys.seal_many(ACCOUNT_COLUMN, ids, numbers),
            "number_index": work.keys.blind_many(ACCOUNT, numbers),
            "tail": [number[-4:] for number in numbers],
        },
        {"account_name": "", "shared_reason": "", "valid_from": work.today},
    )


def _insert_documents(work: "UnitOfWork", person_ids: Sequence[int], people: NewPeople) -> None:
    rows = [row for row, number in enumerate(people.citizen_id) if number]
    if not rows:
        return
    numbers = [people.citizen_id[row] for row in rows]
    ids = work.next_ids("identity_document", len(rows))
    legacy: list[bytes | None] = [None] * len(rows)
    if people.legacy:
        for place, row in enumerate(rows):
            if row in people.legacy:
                legacy[place] = work.keys.seal(LEGACY_COLUMN, ids[place], people.legacy[row])
    insert_columns(
        work.session.connection(),
        _DOCUMENT,
        {
            "id": ids,
            "person_id": [person_ids[row] for row in rows],
            "kind": ["HMT_RP" if number[:2] in PERMIT_PROVINCES else "RIC" for number in numbers],
            "number_sealed": work.keys.seal_many(NUMBER_COLUMN, ids, numbers),
            "number_index": work.keys.blind_many(CITIZEN_ID, numbers),
            "tail": [number[-4:] for number in numbers],
            "legacy_sealed": legacy,
        },
        {"issuer": "", "is_primary": True},
    )


def _phones(work: "UnitOfWork", ids: Sequence[int], phones: Sequence[str]) -> dict[str, Sequence[Any]]:
    rows = [row for row, phone in enumerate(phones) if phone]
    numbers = [phones[row] for row in rows]
    sealed: list[bytes | None] = [None] * len(phones)
    index: list[bytes | None] = [None] * len(phones)
    cipher = work.keys.seal_many(PHONE_COLUMN, [ids[row] for row in rows], numbers)
    for row, one, blind in zip(rows, cipher, work.keys.blind_many(PHONE, numbers), strict=True):
        sealed[row], index[row] = one, blind
    return {"phone_tail": [phone[-4:] for phone in phones], "phone_sealed": sealed, "phone_index": index}


def _keep_former_names(work: "UnitOfWork", ids: Sequence[int], names: Sequence[str]) -> None:
    new = dict(zip(ids, names, strict=True))
    former: list[tuple[int, str]] = []
    for part in in_parts(list(ids)):
        rows = work.session.connection().execute(select(_PERSON.c.id, _PERSON.c.name).where(_PERSON.c.id.in_(part)))
        former += [(row.id, row.name) for row in rows if row.name != new[row.id]]
    if former:
        columns = {"person_id": [one for one, _name in former], "name": [name for _one, name in former]}
        insert_columns(work.session.connection(), _FORMER, columns, {"until": work.today})


def _end_accounts(work: "UnitOfWork", person_ids: Sequence[int]) -> None:
    statement = update(_ACCOUNT).where(_ACCOUNT.c.person_id == bindparam("person"), _ACCOUNT.c.valid_to.is_(None))
    if person_ids:
        work.session.connection().execute(
            statement.values(valid_to=work.today), [{"person": person} for person in person_ids]
        )


def _update(work: "UnitOfWork", ids: Sequence[int], columns: Mapping[str, Sequence[Any]]) -> None:
    if not len(ids):
        return
    names = [f"new_{name}" for name in columns]
    rows = [dict(zip((*names, "person"), row, strict=True)) for row in zip(*columns.values(), ids, strict=True)]
    values = {name: bindparam(f"new_{name}") for name in columns}
    statement = update(_PERSON).where(_PERSON.c.id == bindparam("person"))
    statement = statement.values(**values, version=_PERSON.c.version + 1)
    work.session.connection().execute(statement, rows)
