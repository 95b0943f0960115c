"""Bank accounts of a person: one in use at a time, the name at the bank beside it."""

from datetime import date
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlmodel import col

from core.errors import NotFound, Objection, refuse
from core.identity import papers
from core.identity.models.bank_accounts import BankAccount
from core.identity.models.persons import Person
from core.identity.queries import id_of, subject_of
from core.identity.rules import living_record, refuse_all, shared_objection
from core.identity.sealed import ACCOUNT, ACCOUNT_COLUMN
from core.texts import _, mark

if TYPE_CHECKING:
    from core.work import UnitOfWork


class NewBankAccount(BaseModel):
    """An account to pay to. ``account_name`` where the bank writes the name otherwise (rare characters).

    ``shared_reason`` answers W_ACCT_SHARED: guardian or lawful agent.
    """

    number: str = Field(max_length=60, title=mark("号码"))
    account_name: str = Field(default="", max_length=50, title=mark("户名"))
    shared_reason: str = Field(default="", max_length=200, title=mark("几家共用一个账号的说明"))


def set_account(work: "UnitOfWork", person_id: int, wish: NewBankAccount) -> tuple[BankAccount, Objection | None]:
    """Give a person an account from today on; the one before ends. Answers a warning about the card's check digit."""
    person = living_record(work, person_id)
    number = papers.read_account(wish.number)
    refuse_all([shared_objection(work, number, person_id, wish.shared_reason)])
    current = current_account(work, person_id)
    if current is not None and current.number_index == work.keys.blind(ACCOUNT, number):
        raise refuse(_("银行账号没有变化"), field="number", code="E_SAME")
    if current is not None:
        _end(work, current, work.today)
    account = store_account(work, person, wish.model_copy(update={"number": number}))
    before = {"tail": current.tail} if current is not None else None
    after = {"tail": account.tail, "account_name": account.account_name}
    work.record(
        "person.account_set",
        subject_of(person),
        area=person.hukou_area,
        reason=wish.shared_reason,
        before=before,
        after=after,
    )
    return account, papers.account_warning(number)


def end_account(work: "UnitOfWork", person_id: int, reason: str) -> BankAccount:
    """End the account in use, for example because it was closed at the bank."""
    person = living_record(work, person_id)
    account = current_account(work, person_id)
    if account is None:
        raise NotFound(_("这个人没有在用的银行账号"))
    _end(work, account, work.today)
    work.record(
        "person.account_ended", subject_of(person), area=person.hukou_area, reason=reason, before={"tail": account.tail}
    )
    return account


def current_account(work: "UnitOfWork", person_id: int) -> BankAccount | None:
    """The account in use; None when there is none. The caller has looked at the area."""
    return work.session.scalars(
        select(BankAccount).where(col(BankAccount.person_id) == person_id, col(BankAccount.valid_to).is_(None))
    ).one_or_none()


def store_account(work: "UnitOfWork", person: Person, wish: NewBankAccount) -> BankAccount:
    """Write one account with its number sealed; the caller has checked it and leaves the record.

    An account the person had before is taken up again: it stands once with a person.
    """
    index = work.keys.blind(ACCOUNT, wish.number)
    account = work.session.scalars(
        select(BankAccount).where(col(BankAccount.person_id) == person.id, col(BankAccount.number_index) == index)
    ).one_or_none()
    if account is None:
        row = work.next_ids("identity_bank_account", 1)[0]
        account = BankAccount(
            id=row,
            person_id=id_of(person),
            number_sealed=work.keys.seal(ACCOUNT_COLUMN, row, wish.number),
            number_index=index,
            tail=wish.number[-4:],
            valid_from=work.today,
        )
    account.account_name, account.shared_reason = wish.account_name.strip(), wish.shared_reason.strip()
    account.valid_to = None
    work.session.add(account)
    work.session.flush()
    return account


def _end(work: "UnitOfWork", account: BankAccount, day: date) -> None:
    account.valid_to = day
    work.session.add(account)
    work.session.flush()  # the database allows one account in use: the old one ends first
