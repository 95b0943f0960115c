"""Where money may go: a name at the bank and an account number, sealed. A changed account is a new payee."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.bulk import in_parts, insert_columns
from core.errors import refuse
from core.funds.models import Payee
from core.identity.bank_accounts import ACCOUNT, ACCOUNT_COLUMN
from core.identity.models.bank_accounts import BankAccount
from core.identity.models.persons import Person
from core.tables import table_of
from core.texts import _
from core.values import half_width

if TYPE_CHECKING:
    from core.work import UnitOfWork

NUMBER_COLUMN = "funds_payee.number"
_FORM = re.compile(r"\d{12,23}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class NewPayee:
    """A payee to keep: ``kind`` is person, institution or provider; ``number`` 12 to 23 digits."""

    name: str
    number: str
    kind: str = "person"
    person_id: int | None = None


def keep_payee(work: "UnitOfWork", wish: NewPayee) -> int:
    """The payee of this name and number, made when it is new; answers its id. Refused with E_ACCOUNT."""
    return keep_payees(work, [wish])[0]


def keep_payees(work: "UnitOfWork", wishes: Sequence[NewPayee]) -> list[int]:
    """The payees of these names and numbers, in their order; what is there already is not made twice.

    The caller's own record tells of it.
    """
    numbers = [account_number(wish.number) for wish in wishes]
    indexes = [work.keys.blind(ACCOUNT, number) for number in numbers]
    known = _known(work, set(indexes))
    keys = [(index, wish.name.strip(), wish.kind, wish.person_id) for index, wish in zip(indexes, wishes, strict=True)]
    missing = {key: number for key, number in zip(keys, numbers, strict=True) if key not in known}
    if missing:
        ids = work.next_ids("funds_payee", len(missing))
        insert_columns(
            work.session.connection(),
            table_of(Payee),
            {
                "id": ids,
                "kind": [kind for _index, _name, kind, _person in missing],
                "name": [name for _index, name, _kind, _person in missing],
                "number_sealed": work.keys.seal_many(NUMBER_COLUMN, ids, list(missing.values())),
                "number_index": [index for index, _name, _kind, _person in missing],
                "tail": [number[-4:] for number in missing.values()],
                "person_id": [person for _index, _name, _kind, person in missing],
            },
            {"since": work.today},
        )
        known.update(zip(missing, ids, strict=True))
    return [known[key] for key in keys]


def payees_of_persons(work: "UnitOfWork", person_ids: Collection[int]) -> dict[int, int]:
    """The payee of each person's registered bank account in use now; who has none is absent."""
    wanted = sorted({int(number) for number in person_ids})
    wishes: list[NewPayee] = []
    for part in in_parts(wanted):
        rows = work.session.execute(
            select(
                col(BankAccount.id),
                col(BankAccount.person_id),
                col(BankAccount.number_sealed),
                col(BankAccount.account_name),
                col(Person.name),
            )
            .join(Person, col(Person.id) == col(BankAccount.person_id))
            .where(col(BankAccount.person_id).in_(part), col(BankAccount.valid_to).is_(None))
        )
        wishes.extend(
            NewPayee(
                name=row.account_name or row.name,
                number=work.keys.unseal(ACCOUNT_COLUMN, row.id, row.number_sealed),
                person_id=row.person_id,
            )
            for row in rows
        )
    return {wish.person_id or 0: number for wish, number in zip(wishes, keep_payees(work, wishes), strict=True)}


def account_number(text: str) -> str:
    """An account number in its normal form: digits only, 12 to 23 of them; refused with E_ACCOUNT.

    Luhn's check digit is not asked for: passbooks and some rural banks fail it. [funds.md section 6]
    """
    number = half_width(text).replace("-", "")
    if not _FORM.fullmatch(number):
        raise refuse(_("银行账号应为 12 至 23 位数字"), field="account_number", code="E_ACCOUNT")
    return number


def _known(work: "UnitOfWork", indexes: Collection[bytes]) -> dict[tuple[bytes, str, str, int | None], int]:
    wanted = sorted(indexes)
    found: dict[tuple[bytes, str, str, int | None], int] = {}
    for part in in_parts(wanted):
        rows = work.session.execute(
            select(
                col(Payee.id), col(Payee.number_index), col(Payee.name), col(Payee.kind), col(Payee.person_id)
            ).where(col(Payee.number_index).in_(part))
        )
        found.update({(bytes(row.number_index), row.name, row.kind, row.person_id): row.id for row in rows})
    return found
