"""Take in the register against falling back into poverty: a list of citizen numbers; each file replaces the last."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.api import (
    Column,
    Import,
    ImportCounts,
    RowObjection,
    UnitOfWork,
    _,
    facts_of,
    insert_columns,
    mark,
    people_of_numbers,
    table_of,
)
from plugins.dibao.models import Register, RegisterPerson

Rows = Mapping[str, Sequence[Any]]
RIGHT = "dibao.link"
COLUMNS = (
    Column(
        name="citizen_id",
        title=mark("公民身份号码"),
        required=True,
        example="999223198503020010",
        aliases=("身份证号", "身份证号码"),
    ),
)


def check_rows(work: UnitOfWork, rows: Rows) -> Iterable[RowObjection]:
    """Numbers that are wrong, known to nobody, or there twice; writes nothing."""
    people = people_of_numbers(work, rows["citizen_id"], RIGHT)
    for row, one in people.objections.items():
        yield RowObjection(row=row, reason=one.reason, column="citizen_id", code=one.code, hint=one.hint)
    seen: set[int] = set()
    for row, person in enumerate(people.ids):
        if person and person in seen:
            yield RowObjection(row=row, reason=_("名单里重复"), column="citizen_id", code="E_DOUBLE")
        seen.add(person)


def write_rows(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """Keep the file as the newest register."""
    work.require(RIGHT, work.settings.county.code)
    ids = people_of_numbers(work, rows["citizen_id"], RIGHT).ids
    facts = facts_of(work, ids)
    row = Register(persons=len(ids), taken_on=work.today, taken_at=work.now, taken_by=work.actor.account_id)
    work.session.add(row)
    work.session.flush()
    insert_columns(
        work.session.connection(),
        table_of(RegisterPerson),
        {"person_id": ids, "area": [facts[one].hukou_area or work.settings.county.code for one in ids]},
        {"register_id": row.id},
    )
    work.record("dibao.register_taken", f"dibao:register:{row.id}", count=len(ids))
    return ImportCounts(imported=len(ids))


REGISTER = Import(
    name="dibao-register",
    title=mark("防返贫监测名单"),
    permission=RIGHT,
    columns=COLUMNS,
    check=check_rows,
    write=write_rows,
)
