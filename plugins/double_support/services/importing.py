"""Visit lists, spouses and score sheets from spreadsheets: every row is held to the rules of one that is typed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
from plugins.double_support.models import Plan
from plugins.double_support.queries import own
from plugins.double_support.score_files import sheet_of
from plugins.double_support.services import assessing, families, visiting
from plugins.double_support.services.common import ASSESS, KEEP, require_public, require_state
from plugins.double_support.wishes import ListVisit
from plugins.double_support.words import CHANNELS, LEVELS
from plugins.double_support.work_wishes import AddSpouse

Rows = Mapping[str, Sequence[Any]]
_YES_NO = (mark("是"), mark("否"))
_CITIZEN = Column(
    name="citizen_id",
    title=mark("公民身份号码"),
    required=True,
    example="999223199001010018",
    aliases=("身份证号", "身份证号码"),
)
VISIT_COLUMNS = (
    Column(name="plan", title=mark("计划编号"), required=True, example="DSV-2026-0001"),
    _CITIZEN,
    Column(name="category", title=mark("类别"), required=True),
    Column(name="channel", title=mark("发放方式"), words=tuple(CHANNELS.values())),
    Column(name="key_person", title=mark("重点对象"), words=_YES_NO),
)
SPOUSE_COLUMNS = (
    _CITIZEN,
    Column(name="on", title=mark("登记日期"), kind="date", required=True, example="2026-03-12"),
    Column(name="other_payer", title=mark("已由谁发放补贴")),
)
SHEET_COLUMNS = (
    Column(name="level", title=mark("级别"), words=tuple(LEVELS.values())),
    Column(name="year", title=mark("年度"), kind="integer", example="2026"),
    Column(name="no", title=mark("编号"), required=True, example="1.1"),
    Column(name="parent", title=mark("上级编号"), example="1"),
    Column(name="title", title=mark("项目"), required=True),
    Column(name="max", title=mark("满分"), required=True, example="15"),
    Column(name="self", title=mark("自评分"), example="14.5"),
    Column(name="veto_item", title=mark("否决项"), words=_YES_NO),
    Column(name="veto", title=mark("触发一票否决"), words=_YES_NO),
    Column(name="evidence", title=mark("佐证材料")),
    Column(name="gap", title=mark("差距")),
    Column(name="owner", title=mark("责任单位")),
    Column(name="fix_due", title=mark("整改期限"), kind="date"),
)
_COLUMNS = {"person_id": "citizen_id"}


def _yes(value: Any) -> bool:
    return str(value or "") in ("是", _("是"), "yes", "1")


def _examined(row: int, look: Callable[[], Any]) -> Iterable[RowObjection]:
    """What stands against a row."""
    try:
        look()
    except Refused as refusal:
        return [
            RowObjection(
                row=row, reason=one.reason, column=_COLUMNS.get(one.field or "", one.field), code=one.code,
                hint=one.hint,
            )
            for one in refusal.objections
        ]  # fmt: skip
    except NotFound as error:
        return [RowObjection(row=row, reason=error.message, code="E_NOT_FOUND")]
    return []


def _persons(work: UnitOfWork, rows: Rows) -> tuple[list[int], list[RowObjection]]:
    """The person of each row by citizen number, 0 for none, with what is wrong."""
    people = people_of_numbers(work, rows["citizen_id"], KEEP)
    wrong = [
        RowObjection(
            row=row, reason=people.objections[row].reason, column="citizen_id", code=people.objections[row].code
        )
        for row, person in enumerate(people.ids)
        if not person
    ]
    return [int(one) for one in people.ids], wrong


def _visit_wish(rows: Rows, row: int, person: int) -> ListVisit:
    codes = {word: code for code, word in CHANNELS.items()} | {_(word): code for code, word in CHANNELS.items()}
    channel = rows["channel"][row] or "card"
    return checked(
        ListVisit, person_id=person, category=str(rows["category"][row]), channel=codes.get(channel, channel),
        key_person=_yes(rows["key_person"][row]),
    )  # fmt: skip


def check_visits(work: UnitOfWork, rows: Rows) -> Iterable[RowObjection]:
    """What is wrong with the lines of visit lists; writes nothing."""
    people, found = _persons(work, rows)
    seen: set[tuple[int, str, Any]] = set()
    for row, person in enumerate(people):
        if not person:
            continue

        def look(row: int = row, person: int = person) -> None:
            wish = _visit_wish(rows, row, person)
            require_public(work, wish)
            plan = own(work, Plan, str(rows["plan"][row]), KEEP)
            require_state(plan, "planned")
            line = visiting.examine_visit(work, plan, wish)
            key = (plan.year, plan.festival, line.household_id or -person)
            if key in seen:
                raise visiting.twice_in_file()
            seen.add(key)

        found.extend(_examined(row, look))
    return found


def write_visits(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """List a household for each row."""
    people, _wrong = _persons(work, rows)
    for row, person in enumerate(people):
        visiting.list_visit(work, str(rows["plan"][row]), _visit_wish(rows, row, person))
    return _counted(work, "visits", len(people))


def _counted(work: UnitOfWork, kind: str, count: int) -> ImportCounts:
    work.record("double_support.imported", f"double_support_{kind}:list", after={"count": count})
    return ImportCounts(imported=count)


def check_spouses(work: UnitOfWork, rows: Rows) -> Iterable[RowObjection]:
    """What is wrong with the rows; writes nothing."""
    people, found = _persons(work, rows)
    for row, person in enumerate(people):
        if person and person in people[:row]:
            found.append(RowObjection(row=row, reason=_("表内重复"), column="citizen_id", code="E_DBL_KNOWN"))
        elif person:

            def look(row: int = row, person: int = person) -> None:
                wish = _spouse_wish(rows, row, person)
                require_public(work, wish)
                families.examine(work, wish)

            found.extend(_examined(row, look))
    return found


def _spouse_wish(rows: Rows, row: int, person: int) -> AddSpouse:
    return checked(AddSpouse, person_id=person, on=rows["on"][row], other_payer=str(rows["other_payer"][row] or ""))


def write_spouses(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """Register a spouse for each row."""
    people, _wrong = _persons(work, rows)
    for row, person in enumerate(people):
        families.add_spouse(work, _spouse_wish(rows, row, person))
    return _counted(work, "spouses", len(people))


def _sheet(rows: Rows) -> Any:
    items = [{name: column[row] for name, column in rows.items()} for row in range(len(rows["no"]))]
    return sheet_of({"items": items})


def check_sheet(work: UnitOfWork, rows: Rows) -> Iterable[RowObjection]:
    """What is wrong with the lines of a score sheet; writes nothing."""
    place = {str(no): row for row, no in enumerate(rows["no"])}
    try:
        given = _sheet(rows)
        assessing.refuse_secrets(work, given)
    except Refused as refusal:
        return [
            RowObjection(
                row=place.get((one.field or "").rpartition(".")[0], 0), reason=one.reason,
                column=(one.field or "").rpartition(".")[2], code=one.code,
            )
            for one in refusal.objections
        ]  # fmt: skip
    return []


def write_sheet(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """Take the sheet in as a new version."""
    made, warnings = assessing.take_sheet(work, _sheet(rows))
    count = len(rows["no"])
    work.record("double_support.imported", f"double_support_sheet:{made.id}", after={"count": count})
    return ImportCounts(skipped=count) if warnings else ImportCounts(imported=count)


IMPORTS = (
    Import(
        name="double-support-visits",
        title=mark("走访慰问名单"),
        permission=KEEP,
        columns=VISIT_COLUMNS,
        check=check_visits,
        write=write_visits,
    ),
    Import(
        name="double-support-spouses",
        title=mark("随军家属名册"),
        permission=KEEP,
        columns=SPOUSE_COLUMNS,
        check=check_spouses,
        write=write_spouses,
    ),
    Import(
        name="double-support-score-sheet",
        title=mark("双拥评分表"),
        permission=ASSESS,
        columns=SHEET_COLUMNS,
        check=check_sheet,
        write=write_sheet,
    ),
)
