"""The tree of divisions from county to village, with codes that begin and end on a day."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update
from sqlmodel import col

from core.errors import NotFound, Objection, Refused, refuse
from core.households.models.households import Area
from core.scope import covers, scoped
from core.tables import columns
from core.texts import _, listed
from core.values import half_width

if TYPE_CHECKING:
    from core.work import UnitOfWork

LEVELS = {6: "county", 9: "town", 12: "village"}
KINDS = ("urban", "rural")
_HEADERS = {
    "代码": "code", "区划代码": "code", "名称": "name", "级别": "level", "启用日期": "valid_from",
    "停用日期": "valid_to", "接续代码": "successor", "城乡": "kind",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class AreaRow:
    """One line of a list of divisions; ``line`` counts from 1, the header being line 1."""

    line: int
    code: str
    name: str
    level: str = ""
    kind: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None


@dataclass(frozen=True, kw_only=True)
class ImportedAreas:
    """How many divisions were added, changed and found as they were, and how many of each level the list has."""

    added: int
    changed: int
    same: int
    levels: dict[str, int]


def read_area_file(file: Path) -> list[AreaRow]:
    """Read a CSV file with code, name, level and, where known, kind, valid_from, valid_to, successor.

    UTF-8 (with or without mark) or GB18030. Refused with the line of every date that cannot be read.
    """
    if not file.is_file():
        raise NotFound(_("找不到文件 {file}", file=file))
    reader = csv.reader(io.StringIO(_decoded(file.read_bytes())))
    header = [_HEADERS.get(half_width(name), half_width(name).lower()) for name in next(reader, [])]
    missing = [name for name in ("code", "name") if name not in header]
    if missing:
        raise refuse(_("区划文件第 1 行缺少列：{names}", names=listed(missing)), code="E_HEADER")
    objections: list[Objection] = []
    rows = [
        _area_row(line, dict(zip(header, cells, strict=False)), objections)
        for line, cells in enumerate(reader, start=2)
        if any(cell.strip() for cell in cells)
    ]
    if objections:
        raise Refused(objections)
    return rows


def import_areas(work: "UnitOfWork", rows: Sequence[AreaRow], *, founding: bool = False) -> dict[str, int]:
    """Import a list of divisions; answers how many of each level it has.

    ``founding`` leaves out right and record: when a county is founded there is no account yet that could hold one.
    """
    return (_write_areas(work, rows) if founding else change_areas(work, rows)).levels


def change_areas(work: "UnitOfWork", rows: Sequence[AreaRow]) -> ImportedAreas:
    """Add divisions and change those that differ; a code that ended keeps its row and names its successor.

    Refused with the line of every code that does not fit; nothing is written then.
    """
    work.require("area.import")
    done = _write_areas(work, rows)
    if done.added or done.changed:
        work.record("area.imported", "area", added=done.added, changed=done.changed)
    return done


def _write_areas(work: "UnitOfWork", rows: Sequence[AreaRow]) -> ImportedAreas:
    wanted = {row.code: row for row in rows}
    connection = work.session.connection()
    known = {row.code: dict(row._mapping) for row in connection.execute(select(*columns(Area)))}
    _refuse_misfits(work.settings.county.code, rows, wanted, known)
    values = [_values(wanted[code], known.get(code)) for code in sorted(wanted, key=lambda code: (len(code), code))]
    new = [row for row in values if row["code"] not in known]
    changed = [row for row in values if row["code"] in known and row != known[row["code"]]]
    if new:
        # The successor may come later in the file: it is set once every code stands.
        connection.execute(insert(Area), [{**row, "successor": None} for row in new])
    for row in [*changed, *(row for row in new if row["successor"])]:
        connection.execute(update(Area).where(col(Area.code) == row["code"]).values(**row))
    same = len(values) - len(new) - len(changed)
    levels = Counter(row["level"] for row in values)
    return ImportedAreas(
        added=len(new), changed=len(changed), same=same, levels={name: levels[name] for name in LEVELS.values()}
    )


def set_kind(work: "UnitOfWork", code: str, kind: str) -> None:
    """Say whether a division counts as urban or rural, for itself and everything below that has no word of its own."""
    work.require("area.set", area=code)
    if kind not in KINDS:
        raise refuse(_("城乡类型填 urban 或 rural"), field="kind", hint="urban, rural")
    area = get_area(work, code)
    before = area.kind
    if before != kind:
        area.kind = kind
        work.session.add(area)
    work.record("area.kind_set", f"area:{code}", area=code, before={"kind": before}, after={"kind": kind})


def get_area(work: "UnitOfWork", code: str) -> Area:
    """A division by its code; raises ``NotFound``."""
    area = work.session.get(Area, code)
    if area is None:
        raise NotFound(_("没有区划代码 {code}", code=code))
    return area


def area_names(work: "UnitOfWork", codes: Iterable[str]) -> dict[str, str]:
    """The names of divisions by code, past ones too; a code nobody knows is left out. Names are no secret."""
    wanted = sorted(set(codes))
    if not wanted:
        return {}
    rows = work.session.execute(select(col(Area.code), col(Area.name)).where(col(Area.code).in_(wanted)))
    return {row.code: row.name for row in rows}


def list_areas(work: "UnitOfWork", on: date | None = None) -> list[dict[str, Any]]:
    """The divisions in force on a day (today), in the reader's areas and above them, by code."""
    work.require("area.show")
    day = on or work.today
    seen = work.areas("area.show")
    rows = work.session.scalars(select(Area).order_by(col(Area.code))).all()
    shown = [row for row in rows if covers(seen, row.code) or any(code.startswith(row.code) for code in seen)]
    return [area_line(row) for row in shown if is_current(row, day)]


def show_area(work: "UnitOfWork", code: str) -> dict[str, Any]:
    """Everything about one division."""
    work.require("area.show")
    area = work.session.scalar(scoped(work, select(Area).where(col(Area.code) == code), col(Area.code), "area.show"))
    if area is None:
        raise NotFound(_("没有区划代码 {code}", code=code))
    dates = {name: getattr(area, name) and getattr(area, name).isoformat() for name in ("valid_from", "valid_to")}
    return {**area_line(area), "kind": kind_of(work, code), "successor": area.successor, **dates}


def area_line(area: Area) -> dict[str, Any]:
    """A division as lists give it."""
    return {"code": area.code, "name": area.name, "level": area.level, "parent": area.parent}


def kind_of(work: "UnitOfWork", code: str) -> str:
    """ "urban" or "rural", from the division itself or the nearest one above that says so; "" where none does."""
    for length in (12, 9, 6):
        area = work.session.get(Area, code[:length]) if len(code) >= length else None
        if area is not None and area.kind:
            return area.kind
    return ""


def is_current(area: Area, on: date) -> bool:
    """Whether a code is in force on a day."""
    return (area.valid_from is None or area.valid_from <= on) and (area.valid_to is None or area.valid_to >= on)


def require_area(work: "UnitOfWork", code: str, on: date, field: str = "area") -> Area:
    """The division when its code is in force on that day; refused (``E_DIV_CODE``) with its successor."""
    area = work.session.get(Area, half_width(code))
    if area is None:
        raise refuse(_("行政区划代码无效或已停用：{code}", code=code[:20]), field=field, code="E_DIV_CODE")
    if not is_current(area, on):
        raise Refused([ended_code(area, field)])
    return area


def current_village(work: "UnitOfWork", code: str, on: date, field: str = "area") -> str:
    """The code when it is a village in force on that day; refused (``E_DIV_CODE``) with its successor."""
    if len(half_width(code)) != 12:
        raise Refused([unknown_code(code, field)])
    return require_area(work, code, on, field).code


def unknown_code(code: str, field: str) -> Objection:
    """The objection to a code that is no village of the county."""
    return Objection(
        reason=_("行政区划代码无效或已停用：{code}，请填 12 位村（社区）代码", code=code[:20]),
        field=field,
        code="E_DIV_CODE",
    )


def ended_code(area: Area, field: str) -> Objection:
    """The objection to a code not in force, with the one that took its place."""
    if area.successor:
        words = _("行政区划代码无效或已停用：{code}，请改用 {successor}", code=area.code, successor=area.successor)
    else:
        words = _("行政区划代码无效或已停用：{code}（{name}）", code=area.code, name=area.name)
    return Objection(reason=words, field=field, code="E_DIV_CODE", hint=area.successor)


def village_codes(work: "UnitOfWork") -> dict[str, Area]:
    """Every village code there ever was, for checking a column."""
    found = work.session.scalars(select(Area).where(col(Area.level) == "village"))
    return {area.code: area for area in found}


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse(_("区划文件的编码读不出来，请存为 UTF-8"), code="E_FILE")


def _area_row(line: int, cells: Mapping[str, str], objections: list[Objection]) -> AreaRow:
    dates: dict[str, date | None] = {}
    for name in ("valid_from", "valid_to"):
        written = (cells.get(name) or "").strip()
        try:
            dates[name] = date.fromisoformat(written) if written else None
        except ValueError:
            objections.append(
                Objection(reason=_("第 {line} 行日期“{text}”应写作 2026-01-31", line=line, text=written), field=name)
            )
    code = half_width(cells.get("code") or "")
    return AreaRow(
        line=line,
        code=code,
        name=(cells.get("name") or "").strip(),
        level=(cells.get("level") or "").strip() or LEVELS.get(len(code), ""),
        kind=(cells.get("kind") or "").strip(),
        successor=half_width(cells.get("successor") or "") or None,
        valid_from=dates.get("valid_from"),
        valid_to=dates.get("valid_to"),
    )


def _refuse_misfits(
    county: str, rows: Sequence[AreaRow], wanted: Mapping[str, AreaRow], known: Mapping[str, Any]
) -> None:
    objections = []
    seen: set[str] = set()
    for row in rows:
        reason = _misfit(county, row, wanted, known)
        if reason is None and row.code in seen:
            reason = _("区划代码 {code} 出现了两次", code=row.code)
        seen.add(row.code)
        if reason:
            words = _("第 {line} 行：{reason}", line=row.line, reason=reason)
            objections.append(Objection(reason=words, field="code", code="E_DIV_CODE"))
    if objections:
        raise Refused(objections)


def _misfit(county: str, row: AreaRow, wanted: Mapping[str, AreaRow], known: Mapping[str, Any]) -> str | None:
    code = row.code
    if len(code) not in LEVELS or not (code.isascii() and code.isdigit()):
        return _("区划代码“{code}”应为 6、9 或 12 位数字", code=code[:20])
    if not code.startswith(county):
        return _("区划代码 {code} 不属于本县 {county}", code=code, county=county)
    if row.level != LEVELS[len(code)]:
        return _("级别“{level}”与代码位数不符，应为 {right}", level=row.level, right=LEVELS[len(code)])
    if not row.name:
        return _("区划代码 {code} 没有名称", code=code)
    if row.kind not in ("", *KINDS):
        return _("城乡类型“{kind}”应为 urban 或 rural", kind=row.kind)
    if len(code) > 6 and code[:-3] not in wanted and code[:-3] not in known:
        return _("没有上级 {parent}", parent=code[:-3])
    if row.successor and row.successor not in wanted and row.successor not in known:
        return _("没有接续代码 {successor}", successor=row.successor)
    if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
        return _("停用日期早于启用日期")
    return None


def _values(row: AreaRow, known: Mapping[str, Any] | None) -> dict[str, Any]:
    """The row as stored; a kind set by hand stays when the file says nothing about it."""
    return {
        "code": row.code,
        "name": row.name,
        "level": row.level,
        "parent": row.code[:-3] if len(row.code) > 6 else None,
        "kind": row.kind or (known["kind"] if known else ""),
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "successor": row.successor,
    }
