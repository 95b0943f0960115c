"""Households and their members as a workbook: scoped, counted, recorded; numbers masked."""

import hashlib
import io
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core.extension import Column
from core.households.importing.fields import COLUMNS
from core.households.models.households import Household, Membership
from core.identity.codes import ETHNICITY, RELATION, SEX
from core.identity.models.bank_accounts import BankAccount
from core.identity.models.persons import Document, Person
from core.identity.sealed import NUMBER_COLUMN, PHONE_COLUMN
from core.scope import scoped, within
from core.spreadsheets import Grid, write_excel
from core.texts import _
from core.values import IdNumber, Phone

if TYPE_CHECKING:
    from core.work import UnitOfWork


def export_households(work: "UnitOfWork", area: str = "") -> tuple[bytes, int]:
    """An xlsx of the open households in the actor's areas (in ``area`` and below) and its number of rows.

    One record holds the count and a digest of the ids.
    """
    work.require("household.export", area=area or None)
    rows = _rows(work, area)
    columns = [Column(name=column.field, title=_(column.header), kind="text") for column in COLUMNS]
    out = io.BytesIO()
    count = write_excel(out, Grid(_("户籍名册"), columns, [_cells(work, row) for row in rows], plain=True))
    digest = hashlib.sha256(",".join(str(row.person_id) for row in rows).encode()).hexdigest()
    work.record("household.exported", "household", area=area, rows=count, people=digest)
    return out.getvalue(), count


def _rows(work: "UnitOfWork", area: str) -> list[Any]:
    statement = (
        select(
            col(Household.number), col(Person.id).label("person_id"), col(Person.name), col(Membership.relation),
            col(Person.sex), col(Person.ethnicity), col(Person.hukou_area), col(Person.residence_area),
            col(Person.address), col(Person.phone_sealed),
            col(Document.id).label("document_id"), col(Document.number_sealed), col(BankAccount.tail),
        )
        .join(Membership, (col(Membership.household_id) == col(Household.id)) & col(Membership.valid_to).is_(None))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .outerjoin(Document, (col(Document.person_id) == col(Person.id)) & col(Document.is_primary))
        .outerjoin(BankAccount, (col(BankAccount.person_id) == col(Person.id)) & col(BankAccount.valid_to).is_(None))
        .where(col(Household.closed_on).is_(None))
        .order_by(col(Household.number), col(Membership.relation), col(Person.id))
    )  # fmt: skip
    statement = scoped(work, statement, col(Household.area), "household.export")
    if area:
        statement = statement.where(within(col(Household.area), (area,)))
    return list(work.session.execute(statement))


def _cells(work: "UnitOfWork", row: Any) -> list[str]:
    number = phone = ""
    if row.number_sealed is not None:
        number = IdNumber.mask(work.keys.unseal(NUMBER_COLUMN, row.document_id, row.number_sealed))
    if row.phone_sealed is not None:
        phone = Phone.mask(work.keys.unseal(PHONE_COLUMN, row.person_id, row.phone_sealed))
    return [
        row.number,
        row.name,
        number,
        RELATION.name(row.relation),
        SEX.name(row.sex),
        ETHNICITY.name(row.ethnicity) if row.ethnicity else "",
        row.hukou_area,
        row.residence_area,
        row.address,
        phone,
        f"****{row.tail}" if row.tail else "",
    ]
