"""Take applications in from a spreadsheet: every row is held to the rules of a new file, one by one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.api import (
    Column,
    Import,
    ImportCounts,
    NotFound,
    Refused,
    RowObjection,
    UnitOfWork,
    _,
    checked,
    mark,
    people_of_numbers,
)
from plugins.orphan_care.services.opening import APPLY, apply_case, examine
from plugins.orphan_care.wishes import ApplyCase
from plugins.orphan_care.words import BASES, CATEGORIES, DISABILITIES, RELATIONS, SCHOOLING

Rows = Mapping[str, Sequence[Any]]


def _parent(name: str, title: str) -> list[Column]:
    titles = {
        "father": (
            mark("父亲情形"), mark("父亲情形材料"), mark("父亲情形起始日"), mark("父亲情形终止日"),
            mark("父亲残疾类别"), mark("父亲残疾等级"), mark("父亲病种"),
        ),
        "mother": (
            mark("母亲情形"), mark("母亲情形材料"), mark("母亲情形起始日"), mark("母亲情形终止日"),
            mark("母亲残疾类别"), mark("母亲残疾等级"), mark("母亲病种"),
        ),
    }[name]  # fmt: skip
    return [
        Column(name=f"{name}_kind", title=titles[0], example="死亡", words=tuple(BASES.values())),
        Column(name=f"{name}_document", title=titles[1], example=title),
        Column(name=f"{name}_since", title=titles[2], kind="date"),
        Column(name=f"{name}_until", title=titles[3], kind="date"),
        Column(name=f"{name}_disability", title=titles[4], words=tuple(DISABILITIES.values())),
        Column(name=f"{name}_grade", title=titles[5], kind="integer"),
        Column(name=f"{name}_illness", title=titles[6]),
    ]


COLUMNS = (
    Column(
        name="citizen_id",
        title=mark("公民身份号码"),
        required=True,
        example="999223201501010018",
        aliases=("身份证号", "身份证号码"),
    ),
    Column(name="category", title=mark("类别"), required=True, example="社会散居孤儿"),
    Column(name="applied_on", title=mark("申请日期"), kind="date"),
    *_parent("father", "死亡证明 1 号"),
    *_parent("mother", "死亡证明 2 号"),
    Column(name="guardian_number", title=mark("监护人公民身份号码")),
    Column(name="institution", title=mark("养育机构")),
    Column(name="relation", title=mark("监护人与儿童关系"), words=tuple(RELATIONS.values())),
    Column(name="agreed_on", title=mark("监护责任书签订日期"), kind="date"),
    Column(name="school", title=mark("就读学校")),
    Column(name="schooling", title=mark("学段"), words=tuple(SCHOOLING.values())),
    Column(name="school_until", title=mark("在校证明有效至"), kind="date"),
)
_CODES: Mapping[str, Mapping[str, str]] = {
    "category": CATEGORIES, "father_kind": BASES, "mother_kind": BASES, "father_disability": DISABILITIES,
    "mother_disability": DISABILITIES, "relation": RELATIONS, "schooling": SCHOOLING,
}  # fmt: skip


def check_rows(work: UnitOfWork, rows: Rows) -> Iterable[RowObjection]:
    """What is wrong with the rows; writes nothing."""
    found: list[RowObjection] = []
    for row, wish in _wishes(work, rows, found):
        found.extend(_examined(work, row, wish))
    return found


def write_rows(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """Open a file for each row."""
    count = 0
    for _row, wish in _wishes(work, rows, []):
        apply_case(work, wish)
        count += 1
    work.record("orphan_care.roster_imported", "orphan_care:list", count=count)
    return ImportCounts(imported=count)


def _examined(work: UnitOfWork, row: int, wish: ApplyCase) -> list[RowObjection]:
    try:
        wrong = examine(work, wish).objections
    except Refused as refusal:
        wrong = refusal.objections
    except NotFound as error:
        return [RowObjection(row=row, reason=error.message, column="citizen_id", code="E_NOT_FOUND")]
    return [
        RowObjection(row=row, reason=one.reason, column=_column(one.field), code=one.code, hint=one.hint)
        for one in wrong
    ]


def _column(field: str | None) -> str | None:
    return {"person_id": "citizen_id", "guardian_id": "guardian_number"}.get(field or "", field)


def _wishes(work: UnitOfWork, rows: Rows, found: list[RowObjection]) -> list[tuple[int, ApplyCase]]:
    children = people_of_numbers(work, rows["citizen_id"], APPLY)
    given = [one for one in rows["guardian_number"] if one]
    keepers = people_of_numbers(work, given, APPLY) if given else None
    ids = dict(zip(given, keepers.ids, strict=True)) if keepers else {}
    wishes: list[tuple[int, ApplyCase]] = []
    for row, person in enumerate(children.ids):
        if not person:
            wrong = children.objections[row]
            found.append(RowObjection(row=row, reason=wrong.reason, column="citizen_id", code=wrong.code))
            continue
        values = {name: _code(name, column[row]) for name, column in rows.items()}
        keeper = ids.get(values.pop("guardian_number") or "", None)
        values.pop("citizen_id")
        kept = {name: value for name, value in values.items() if value not in (None, "")}
        try:
            wishes.append((row, checked(ApplyCase, person_id=person, guardian_id=keeper or None, **kept)))
        except Refused as refusal:
            found.extend(
                RowObjection(row=row, reason=one.reason, column=one.field, code=one.code) for one in refusal.objections
            )
    return wishes


def _code(name: str, value: Any) -> Any:
    """A word of a vocabulary as its code; a code stays."""
    if name not in _CODES or not value:
        return value
    known = {word: code for code, word in _CODES[name].items()} | {_(word): code for code, word in _CODES[name].items()}
    return known.get(value, value)


IMPORT = Import(
    name="orphan-care-cases",
    title=mark("儿童申请"),
    permission=APPLY,
    columns=COLUMNS,
    check=check_rows,
    write=write_rows,
)
