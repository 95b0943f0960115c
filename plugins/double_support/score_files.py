"""Reading a score sheet from xlsx, csv or JSON: one line for each item, headings in Chinese or English."""

from codecs import BOM_UTF8
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from core.api import Limits, Objection, Refused, _, mark, read_number, read_sheets, refuse, without_control, year_of

LIMITS = Limits(rows=2000, megabytes=20)
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "no": ("no", "number", "编号", "序号", "项目编号"),
    "parent": ("parent", "上级编号"),
    "title": ("title", "item", "name", "项目", "指标", "内容", "考评内容", "项目内容"),
    "max": ("max", "max_score", "满分", "分值", "标准分"),
    "self": ("self", "self_score", "score", "自评分", "自评得分", "得分"),
    "veto_item": ("veto_item", "否决项"),
    "veto": ("veto", "veto_triggered", "triggered", "触发否决", "一票否决", "触发一票否决"),
    "evidence": ("evidence", "佐证", "佐证材料", "证明材料"),
    "gap": ("gap", "差距", "存在问题"),
    "owner": ("owner", "responsible", "责任单位"),
    "fix_due": ("fix_due", "due", "整改期限"),
    "level": ("level", "级别"),
    "year": ("year", "年度"),
}
_TITLES: Mapping[str, str] = {
    "no": mark("编号"), "title": mark("项目"), "max": mark("满分"), "self": mark("自评分"), "fix_due": mark("整改期限"),
}  # fmt: skip
_YES = ("1", "true", "yes", "y", "是", "√", "有", "触发", "已触发")


@dataclass(frozen=True)
class Line:
    """One item as it was given; points in tenths, ``self_tenths`` None while it is not scored."""

    no: str
    parent: str
    title: str
    max_tenths: int
    self_tenths: int | None
    veto_item: bool
    veto: bool
    evidence: tuple[str, ...]
    gap: str
    owner: str
    fix_due: date | None


@dataclass(frozen=True)
class Sheet:
    """A score sheet as it was given; level and year only where the file says them."""

    lines: Sequence[Line]
    level: str = ""
    year: int = 0
    title: str = ""


@dataclass
class _Reading:
    objections: list[Objection] = field(default_factory=list)

    def wrong(self, no: str, column: str, reason: str, code: str = "E_FIELD") -> None:
        self.objections.append(Objection(field=f"{no}.{column}", reason=f"{no}：{reason}", code=code))


def read_score_sheet(data: bytes, name: str) -> Sheet:
    """The score sheet a file holds; refused (E_FILE, E_FIELD, E_DBL_ITEM_MAX) with everything that is wrong."""
    plain = data.removeprefix(BOM_UTF8).lstrip()
    if plain[:1] in (b"{", b"["):
        try:
            given = from_json(plain)
        except ValueError:
            raise refuse(_("{file} 不是 JSON 文件", file=name), field="file", code="E_FILE") from None
        return sheet_of(given)
    _kind, sheets = read_sheets(data, Path(name).stem, LIMITS)
    for title, rows in sheets:
        for at, row in enumerate(rows[:20]):
            names = _headings(row)
            if {"title", "max"} <= set(names.values()):
                items = [
                    {names[place]: value for place, value in enumerate(one) if place in names} for one in rows[at + 1 :]
                ]
                filled = [one for one in items if any(str(value or "").strip() for value in one.values())]
                return sheet_of({"items": filled, "title": title if len(sheets) > 1 else ""})
    words = _("没有找到评分表的表头，至少要有“项目”和“满分”")
    raise refuse(words, field="file", code="E_DBL_SHEET")


def _headings(row: Iterable[Any]) -> dict[int, str]:
    known = {word: name for name, words in HEADINGS.items() for word in words}
    plain = ["".join(str(one or "").split()).lower() for one in row]
    return {place: known[text] for place, text in enumerate(plain) if text in known}


def sheet_of(given: Any) -> Sheet:
    """A score sheet from parsed JSON or rows: a list of items, or an object with ``items``; items may have children."""
    head = given if isinstance(given, dict) else {"items": given}
    items = head.get("items", head.get("standards"))
    if not isinstance(items, list) or not items:
        raise refuse(_("评分表没有项目"), field="items", code="E_DBL_SHEET")
    reading = _Reading()
    lines = list(_lines(reading, items, ""))
    first = items[0] if isinstance(items[0], dict) else {}
    year = _text(head.get("year") or first.get("year")).removesuffix(".0")
    if year and year_of(year) is None:
        reading.objections.append(Objection(reason=_("年度要写四位数字，例如 2026"), field="year", code="E_FIELD"))
    if not reading.objections:
        _check_tree(reading, lines)
    if reading.objections:
        raise Refused(reading.objections)
    return Sheet(
        lines=lines,
        level=_text(head.get("level") or first.get("level")),
        year=year_of(year) or 0,
        title=_text(head.get("title"))[:80],
    )


def _lines(reading: _Reading, items: Sequence[Any], parent: str) -> Iterable[Line]:
    for place, raw in enumerate(items, 1):
        if not isinstance(raw, dict):
            reading.wrong(str(place), "title", _("项目要写成对象"))
            continue
        one = _named(raw)
        no = _text(one.get("no")).removesuffix(".0") or (f"{parent}.{place}" if parent else str(place))
        yield _line(reading, one, no, _text(one.get("parent")).removesuffix(".0") or parent)
        children = raw.get("children") or raw.get("items") or []
        if isinstance(children, list):
            yield from _lines(reading, children, no)


def _named(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The values of an item by our names; a file may tell the kind of veto from one that is triggered."""
    known = {word: name for name, words in HEADINGS.items() for word in words}
    found = {known[key]: value for key, value in raw.items() if key in known}
    for word in ("veto_triggered", "triggered"):
        if word in raw:
            found["veto"], found["veto_item"] = raw[word], raw.get("veto", raw.get("veto_item", raw[word]))
    return found


def _line(reading: _Reading, one: Mapping[str, Any], no: str, parent: str) -> Line:
    title = _text(one.get("title"))
    if not title:
        reading.wrong(no, "title", _("没有写项目"))
    most = _tenths(reading, no, "max", one.get("max"))
    scored = _tenths(reading, no, "self", one.get("self"))
    if scored is not None and (scored < 0 or scored > (most or 0)):
        words = _("自评分 {score} 超过满分 {max}", score=f"{scored / 10:g}", max=f"{(most or 0) / 10:g}")
        reading.wrong(no, "self", words, "E_DBL_ITEM_MAX")
    veto = _yes(one.get("veto"))
    return Line(
        no=no[:20],
        parent=parent[:20],
        title=title[:200],
        max_tenths=most or 0,
        self_tenths=scored,
        veto_item=veto or _yes(one.get("veto_item")),
        veto=veto,
        evidence=_evidence(one.get("evidence")),
        gap=_text(one.get("gap"))[:200],
        owner=_text(one.get("owner"))[:60],
        fix_due=_day(reading, no, one.get("fix_due")),
    )


def _check_tree(reading: _Reading, lines: Sequence[Line]) -> None:
    """Numbers once, parents that are there, and headings whose maximum is that of what stands below them."""
    numbers: set[str] = set()
    below: dict[str, int] = {}
    for one in lines:
        if one.no in numbers:
            reading.wrong(one.no, "no", _("编号重复"), "E_DBL_SHEET")
        numbers.add(one.no)
        if one.parent:
            below[one.parent] = below.get(one.parent, 0) + one.max_tenths
    for one in lines:
        if one.parent and (one.parent not in numbers or one.parent == one.no):
            reading.wrong(one.no, "parent", _("没有上级编号 {parent}", parent=one.parent), "E_DBL_SHEET")
        if one.no in below and one.max_tenths and below[one.no] != one.max_tenths:
            words = _(
                "下级满分合计 {sum} 与本级 {max} 不符", sum=f"{below[one.no] / 10:g}", max=f"{one.max_tenths / 10:g}"
            )
            reading.wrong(one.no, "max", words, "E_DBL_SHEET")


def _text(value: Any) -> str:
    return "" if value is None else " ".join(without_control(str(value)).split())


def _yes(value: Any) -> bool:
    return value is True or _text(value).lower().removesuffix(".0") in _YES


def _tenths(reading: _Reading, no: str, column: str, value: Any) -> int | None:
    text = _text(value)
    if not text:
        return None
    found = read_number(text)
    given = None if found is None else found * 10
    if given is None or given != given.to_integral_value() or abs(given) > 1_000_000:
        reading.wrong(no, column, _("{title}要填数字，最多一位小数", title=_(_TITLES[column])))
        return None
    return int(given)


def _day(reading: _Reading, no: str, value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or value in (None, ""):
        return value or None
    try:
        return date.fromisoformat(_text(value)[:10])
    except ValueError:
        reading.wrong(no, "fix_due", _("整改期限要填日期，例如 2026-11-20"))
        return None


def _evidence(value: Any) -> tuple[str, ...]:
    """The proofs of an item: a list, or a text with semicolons or lines; numbers and yes count as one proof."""
    if isinstance(value, (list, tuple)):
        return tuple(_text(one) for one in value if _text(one))
    if value is False or _text(value) in ("0", "否", "无", "no", "false"):
        return ()
    parts = str(value or "").replace("；", ";").replace("\n", ";").split(";") if value is not True else [_("有")]
    return tuple(_text(one) for one in parts if _text(one))
