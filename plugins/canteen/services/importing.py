"""Sites, diners and menus from spreadsheets: every row is held to the rules of one that is typed, one by one."""

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
    code_of,
    mark,
    people_of_numbers,
    refused_row,
    row_objections,
)
from plugins.canteen.services import catering, enrolling, siting
from plugins.canteen.services.common import MAINTAIN, MENU
from plugins.canteen.wishes import AddSite, Enrol, PublishMenu
from plugins.canteen.words import HOSTS, KINDS, WEEKDAYS

Rows = Mapping[str, Sequence[Any]]
_YES = ("是", "yes", "1")
_FIELDS = {"person_id": "citizen_id", "state": "planned"}
_CODES: Mapping[str, Mapping[str, str]] = {"kind": KINDS, "host_kind": HOSTS, "weekday": WEEKDAYS}

SITE_COLUMNS = (
    Column(name="number", title=mark("站点编号"), required=True, example="CT-430223103-001"),
    Column(name="name", title=mark("站点名称"), required=True, example="桃水镇长者食堂"),
    Column(name="village", title=mark("所在村（社区）"), required=True, example="430223103001"),
    Column(name="kind", title=mark("站点类型"), words=tuple(KINDS.values())),
    Column(name="host_kind", title=mark("依托单位类型"), words=tuple(HOSTS.values())),
    Column(name="host", title=mark("依托单位")),
    Column(name="address", title=mark("地址")),
    Column(name="phone", title=mark("联系电话")),
    Column(name="hours", title=mark("开放时间"), example="10:30-13:00"),
    Column(name="floor_area", title=mark("建筑面积（平方米）"), kind="integer"),
    Column(name="seats", title=mark("座位数"), kind="integer"),
    Column(name="capacity", title=mark("每餐供餐能力"), kind="integer"),
    Column(name="licence", title=mark("食品经营许可证编号")),
    Column(name="licence_to", title=mark("食品经营许可有效至"), kind="date"),
    Column(name="bright_kitchen", title=mark("明厨亮灶"), words=(mark("是"), mark("否"))),
    Column(name="planned", title=mark("计划建设"), words=(mark("是"), mark("否"))),
)
DINER_COLUMNS = (
    Column(
        name="citizen_id",
        title=mark("公民身份号码"),
        required=True,
        example="999223194403080026",
        aliases=("身份证号", "身份证号码"),
    ),
    Column(name="from_on", title=mark("起始日期"), kind="date"),
    Column(name="status", title=mark("特殊身份"), example="低保"),
    Column(name="site", title=mark("常去的站点"), example="CT-430223103-001"),
    Column(name="delivery_reason", title=mark("需要送餐的原因")),
    Column(name="phone", title=mark("监护人电话")),
    Column(name="tier", title=mark("档次"), example="T2"),
)
MENU_COLUMNS = (
    Column(name="site", title=mark("站点编号"), required=True, example="CT-430223103-001"),
    Column(name="week", title=mark("哪一周"), kind="date", required=True, example="2026-11-30"),
    Column(name="weekday", title=mark("星期"), required=True, words=tuple(WEEKDAYS.values())),
    Column(name="set_code", title=mark("套餐编号"), required=True, example="A"),
    Column(name="dishes", title=mark("菜品"), required=True, example="番茄炒蛋、清炒时蔬、米饭"),
    Column(name="nutrition", title=mark("营养提示")),
)


def _values(rows: Rows, row: int) -> dict[str, Any]:
    found = {}
    for name, column in rows.items():
        value = column[row]
        if value in (None, ""):
            continue
        found[name] = code_of(_CODES.get(name, {}), value)
    return found


def _site(rows: Rows, row: int) -> AddSite:
    values = _values(rows, row)
    planned = values.pop("planned", "") in (*_YES, _("是"))
    values["bright_kitchen"] = values.get("bright_kitchen", "") in (*_YES, _("是"))
    return checked(AddSite, **values, state="planned" if planned else "open")


def check_sites(work: UnitOfWork, rows: Rows) -> Iterable[RowObjection]:
    """What is wrong with the rows, also among themselves."""
    found: list[RowObjection] = []
    seen: set[str] = set()
    for row in range(len(rows["number"])):
        number = str(rows["number"][row]).upper()
        if number in seen:
            found.append(RowObjection(row=row, reason=_("表内重复"), column="number", code="E_SITE_TWICE"))
            continue
        seen.add(number)
        found.extend(row_objections(row, lambda row=row: siting.examine(work, _site(rows, row)), _FIELDS, "number"))
    return found


def write_sites(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """Register a site for each row."""
    count = len(rows["number"])
    for row in range(count):
        siting.add_site(work, _site(rows, row))
    work.record("canteen.sites_imported", "canteen:sites", count=count)
    return ImportCounts(imported=count)


def _enrolments(work: UnitOfWork, rows: Rows, found: list[RowObjection]) -> Iterable[tuple[int, Enrol]]:
    people = people_of_numbers(work, [str(number) for number in rows["citizen_id"]], MAINTAIN)
    for row, person in enumerate(people.ids):
        if not person:
            wrong = people.objections[row]
            found.append(RowObjection(row=row, reason=wrong.reason, column="citizen_id", code=wrong.code))
            continue
        values = _values(rows, row)
        values.pop("citizen_id")
        values["status"] = [part for part in str(values.get("status", "")).replace("、", ",").split(",") if part]
        try:
            yield row, checked(Enrol, person_id=person, **values)
        except Refused as refusal:
            found.extend(refused_row(row, refusal, _FIELDS))


def check_diners(work: UnitOfWork, rows: Rows) -> Iterable[RowObjection]:
    """What is wrong with the rows; a tier that was typed is only compared (E_TIER_MANUAL)."""
    found: list[RowObjection] = []
    seen: set[int] = set()
    for row, wish in _enrolments(work, rows, found):
        if wish.person_id in seen:
            found.append(RowObjection(row=row, reason=_("表内重复"), column="citizen_id", code="E_ENROLLED"))
            continue
        seen.add(wish.person_id)
        found.extend(row_objections(row, lambda wish=wish: enrolling.examine(work, wish), _FIELDS, "citizen_id"))
    return found


def write_diners(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """Enrol a diner for each row."""
    count = 0
    for _row, wish in _enrolments(work, rows, []):
        enrolling.enrol(work, wish)
        count += 1
    work.record("canteen.diners_imported", "canteen:diners", count=count)
    return ImportCounts(imported=count)


def _menu(rows: Rows, row: int) -> tuple[str, PublishMenu]:
    values = _values(rows, row)
    return str(values.pop("site", "")), checked(PublishMenu, **values)


def check_menus(work: UnitOfWork, rows: Rows) -> Iterable[RowObjection]:
    """What is wrong with the rows."""
    found: list[RowObjection] = []
    for row in range(len(rows["site"])):
        found.extend(
            row_objections(row, lambda row=row: catering.examine_menu(work, *_menu(rows, row)), _FIELDS, "site")
        )
    return found


def write_menus(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """Publish the dishes of each row."""
    count = len(rows["site"])
    for row in range(count):
        catering.publish_menu(work, *_menu(rows, row))
    work.record("canteen.menus_imported", "canteen:menus", count=count)
    return ImportCounts(imported=count)


IMPORTS = (
    Import(
        name="canteen-sites",
        title=mark("助餐站点"),
        permission=MAINTAIN,
        columns=SITE_COLUMNS,
        check=check_sites,
        write=write_sites,
    ),
    Import(
        name="canteen-diners",
        title=mark("就餐老人"),
        permission=MAINTAIN,
        columns=DINER_COLUMNS,
        check=check_diners,
        write=write_diners,
    ),
    Import(
        name="canteen-menus",
        title=mark("每周菜单"),
        permission=MENU,
        columns=MENU_COLUMNS,
        check=check_menus,
        write=write_menus,
    ),
)
