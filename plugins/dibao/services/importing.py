"""Take incomes in from a spreadsheet, for families whose cases are open: each row is one item of one person."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.api import (
    Column,
    Import,
    ImportCounts,
    Refused,
    RowObjection,
    UnitOfWork,
    _,
    checked,
    format_money,
    mark,
    people_of_numbers,
)
from plugins.casework.api import open_case_of
from plugins.dibao import codes
from plugins.dibao.services.declaring import RIGHT, add_income
from plugins.dibao.wishes import AddIncome
from plugins.dibao.words import INCOMES, PERIODS, SCHEME

Rows = Mapping[str, Sequence[Any]]

COLUMNS = (
    Column(
        name="citizen_id",
        title=mark("公民身份号码"),
        required=True,
        example="999223198503020010",
        aliases=("身份证号", "身份证号码"),
    ),
    Column(name="type", title=mark("收入类别"), required=True, example="wage", words=tuple(INCOMES)),
    Column(name="amount", title=mark("金额（元）"), kind="money", required=True, example="1500.00"),
    Column(name="per", title=mark("按月或按年"), required=True, example="month", words=tuple(PERIODS)),
    Column(name="kind", title=mark("不计入项目")),
    Column(name="evidence", title=mark("凭据")),
)


def check_rows(work: UnitOfWork, rows: Rows) -> Iterable[RowObjection]:
    """What is wrong with the rows; writes nothing."""
    people = people_of_numbers(work, rows["citizen_id"], RIGHT)
    for row, one in people.objections.items():
        yield RowObjection(row=row, reason=one.reason, column="citizen_id", code=one.code, hint=one.hint)
    for row, person in enumerate(people.ids):
        if person and open_case_of(work, person, SCHEME) is None:
            words = _("这个人没有办理中的低保申请，也不在保")
            yield RowObjection(row=row, reason=words, column="citizen_id", code=codes.MEMBER)
        for column, known in (("type", INCOMES), ("per", PERIODS)):
            if rows[column][row] not in known:
                words = _("只能填：{choices}", choices="、".join(known))
                yield RowObjection(row=row, reason=words, column=column, code="E_WORD")


def write_rows(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """Add every item to the case of its person."""
    people = people_of_numbers(work, rows["citizen_id"], RIGHT)
    objections = []
    for row, person in enumerate(people.ids):
        case = open_case_of(work, person, SCHEME)
        if case is None:
            continue
        given = {name: rows[name][row] for name in ("type", "per", "kind", "evidence")}
        amount = format_money(rows["amount"][row])
        try:
            add_income(work, case.number, checked(AddIncome, person_id=person, amount=amount, **given))
        except Refused as refusal:
            objections.extend(refusal.objections)
    if objections:
        raise Refused(objections)
    work.record("dibao.imported", "dibao:list", count=len(people.ids))
    return ImportCounts(imported=len(people.ids))


IMPORT = Import(
    name="dibao-incomes",
    title=mark("低保家庭收入"),
    permission=RIGHT,
    columns=COLUMNS,
    check=check_rows,
    write=write_rows,
)
