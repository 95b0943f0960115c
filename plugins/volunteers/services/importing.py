"""Volunteers and hours from spreadsheets: every row is held to the rules of one that is typed, one by one."""

from collections import Counter
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
    code_of,
    mark,
    people_of_numbers,
    row_objections,
    row_wish,
)
from plugins.volunteers.services import hours, registering
from plugins.volunteers.services.common import KEEP, RECORD
from plugins.volunteers.wishes import AddHours, Register
from plugins.volunteers.words import FIELDS, MODES

Rows = Mapping[str, Sequence[Any]]
_YES = ("是", "yes", "1")

ROSTER_COLUMNS = (
    Column(
        name="citizen_id",
        title=mark("公民身份号码"),
        required=True,
        example="999223199001010018",
        aliases=("身份证号", "身份证号码"),
    ),
    Column(name="phone", title=mark("手机号"), example="13800000000"),
    Column(name="languages", title=mark("语言")),
    Column(name="availability", title=mark("可服务时间"), example="周末"),
    Column(name="contact", title=mark("紧急联系人")),
    Column(name="guardian_number", title=mark("监护人公民身份号码")),
    Column(name="consent_on", title=mark("监护人同意日期"), kind="date"),
    Column(name="named", title=mark("同意公开姓名"), words=(mark("是"), mark("否"))),
    Column(name="registered_on", title=mark("注册日期"), kind="date"),
)
HOURS_COLUMNS = (
    Column(name="volunteer", title=mark("志愿者编号"), required=True, example="V-430223-000001"),
    Column(name="activity", title=mark("活动编号"), example="HD-2026-000001"),
    Column(name="org", title=mark("记录组织")),
    Column(name="field", title=mark("服务领域"), words=tuple(FIELDS.values())),
    Column(name="on", title=mark("服务日期"), kind="date", required=True),
    Column(name="begin", title=mark("签到时间"), required=True, example="08:30"),
    Column(name="end", title=mark("签退时间"), required=True, example="11:45"),
    Column(name="breaks", title=mark("中间休息（分钟）"), kind="integer"),
    Column(name="content", title=mark("服务内容")),
    Column(name="mode", title=mark("签到方式"), words=tuple(MODES.values())),
    Column(name="evidence", title=mark("凭证")),
    Column(name="reason", title=mark("说明")),
)
_FIELDS = {"person_id": "citizen_id", "guardian_id": "guardian_number"}
_CODES: Mapping[str, Mapping[str, str]] = {"field": FIELDS, "mode": MODES}


def check_roster(work: UnitOfWork, rows: Rows) -> Iterable[RowObjection]:
    """What is wrong with the rows; writes nothing."""
    found: list[RowObjection] = []
    seen: set[int] = set()
    for row, wish in _registrations(work, rows, found):
        if wish.person_id in seen:
            found.append(RowObjection(row=row, reason=_("表内重复"), column="citizen_id", code="E_VOL_TWICE"))
        seen.add(wish.person_id)
        found.extend(row_objections(row, lambda wish=wish: registering.examine(work, wish), _FIELDS))
    return found


def write_roster(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """Register a volunteer for each row."""
    count = 0
    for _row, wish in _registrations(work, rows, []):
        registering.register(work, wish)
        count += 1
    work.record("volunteers.roster_imported", "volunteers:list", count=count)
    return ImportCounts(imported=count)


def _registrations(work: UnitOfWork, rows: Rows, found: list[RowObjection]) -> list[tuple[int, Register]]:
    people = people_of_numbers(work, rows["citizen_id"], KEEP)
    given = [one for one in rows["guardian_number"] if one]
    keepers = people_of_numbers(work, given, KEEP) if given else None
    ids = dict(zip(given, keepers.ids, strict=True)) if keepers else {}
    wishes: list[tuple[int, Register]] = []
    for row, person in enumerate(people.ids):
        if not person:
            wrong = people.objections[row]
            found.append(RowObjection(row=row, reason=wrong.reason, column="citizen_id", code=wrong.code))
            continue
        values = {name: column[row] for name, column in rows.items() if name not in ("citizen_id", "guardian_number")}
        values["named"] = str(values.get("named") or "") in (*_YES, _("是"))
        guardian = rows["guardian_number"][row]
        if guardian and not ids.get(guardian):
            words = _("没有找到这名监护人")
            found.append(RowObjection(row=row, reason=words, column="guardian_number", code="E_VOL_GUARDIAN"))
            continue
        wish = row_wish(found, row, Register, {**values, "person_id": person, "guardian_id": ids.get(guardian)})
        if wish is not None:
            wishes.append((row, wish))
    return wishes


def check_hours(work: UnitOfWork, rows: Rows) -> Iterable[RowObjection]:
    """What is wrong with the rows, also among themselves; many equal times without a sheet are a warning."""
    found: list[RowObjection] = []
    kept = list(_services(rows, found))
    for row, wish in kept:
        found.extend(row_objections(row, lambda wish=wish: hours.examine(work, wish), _FIELDS))
    found.extend(_overlaps(kept))
    times = Counter((wish.activity or wish.org, wish.on, wish.begin, wish.end) for _row, wish in kept)
    limit = work.policy("volunteers.bulk_people")
    for row, wish in kept:
        many = times[wish.activity or wish.org, wish.on, wish.begin, wish.end]
        if many > limit and not wish.evidence:
            words = _("{count} 人进出时间相同而没有签到表", count=many)
            found.append(RowObjection(row=row, reason=words, column="evidence", code="W_VOL_BULK"))
    return found


def _overlaps(kept: Sequence[tuple[int, AddHours]]) -> Iterable[RowObjection]:
    by_person: dict[str, list[tuple[Any, Any, int]]] = {}
    for row, wish in kept:
        try:
            begin, end = hours.from_to(wish.on, wish.begin, wish.end)
        except Refused:
            continue
        by_person.setdefault(wish.volunteer.upper(), []).append((begin, end, row))
    for spans in by_person.values():
        spans.sort()
        for before, after in zip(spans, spans[1:], strict=False):
            if after[0] < before[1]:
                yield RowObjection(row=after[2], reason=_("表内时间重叠"), column="begin", code="E_VOL_OVERLAP")


def write_hours(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """Enter hours for each row; somebody else confirms them."""
    count = 0
    for _row, wish in _services(rows, []):
        hours.add_hours(work, wish)
        count += 1
    work.record("volunteers.hours_imported", "volunteers:list", count=count)
    return ImportCounts(imported=count)


def _services(rows: Rows, found: list[RowObjection]) -> Iterable[tuple[int, AddHours]]:
    for row in range(len(rows["volunteer"])):
        values = {name: code_of(_CODES.get(name, {}), column[row]) for name, column in rows.items()}
        values["mode"] = values.get("mode") or "paper"
        wish = row_wish(found, row, AddHours, values)
        if wish is not None:
            yield row, wish


ROSTER = Import(
    name="volunteers-roster",
    title=mark("志愿者"),
    permission=KEEP,
    columns=ROSTER_COLUMNS,
    check=check_roster,
    write=write_roster,
)
HOURS = Import(
    name="volunteers-hours",
    title=mark("志愿服务时长"),
    permission=RECORD,
    columns=HOURS_COLUMNS,
    check=check_hours,
    write=write_hours,
)
