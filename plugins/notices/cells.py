"""The gate: rows of values become cells of public text, or the whole list is refused with every reason."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from core.api import Objection, Period, Refused, _, age_on, area_names, facts_of
from plugins.notices.api import NoticeColumn, NoticeRow
from plugins.notices.closed import case_number_findings, findings
from plugins.notices.masking import mask_name
from plugins.notices.types import is_sensitive

if TYPE_CHECKING:
    from core.api import PersonFacts, UnitOfWork

FOR_CHILDREN = {"case_number", "money"}
"""Handbook, workflow section 9: for minors and orphans the case number only, and the amount at most."""

ONCE = ("name", "case_number", "area", "group")
KINDS = {"money": "money", "count": "integer", "date": "date", "month": "month"}
COUNT_MAX = 9_999_999
FEN_MAX = 10**14
_CASE_NUMBER = re.compile("[0-9A-Za-z\u4e00-\u9fff（）()〔〕\\[\\]_-]{1,40}")
OBJECTIONS_MAX = 50


@dataclass(frozen=True)
class Cells:
    """A list as it may be printed: ``rows`` and ``total`` are finished texts; ``people`` are person ids or None.

    ``names`` are their names in full, so that the other words of the sheet can be searched for them; never printed.
    """

    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] | None
    people: tuple[int | None, ...]
    names: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True)
class Listed:
    """What is to be made public: whose it is (``name``: ``<plugin>.<word>``), its columns and rows."""

    name: str
    columns: Sequence[NoticeColumn]
    rows: Sequence[NoticeRow]
    sensitive: bool = False


def public_cells(work: "UnitOfWork", wish: Listed) -> Cells:
    """The list masked and written out.

    Raises ``Refused`` with ``E_MINOR_PUBLIC`` or ``E_NOTICE_FIELD``: one wrong row refuses the whole list.
    """
    found = facts_of(work, [row.person_id for row in wish.rows if row.person_id is not None])
    objections = [*_column_objections(wish), *_minor_objections(work, wish, found)]
    if objections:
        raise Refused(objections[:OBJECTIONS_MAX])
    words = work.policy("notices.illness_words")
    writer = _Writer(area_names(work, _area_codes(wish)), found, words)
    rows = tuple(writer.row(number, wish.columns, row) for number, row in enumerate(wish.rows, start=1))
    if writer.objections:
        raise Refused(writer.objections[:OBJECTIONS_MAX])
    names = frozenset(person.name for person in found.values())
    return Cells(rows, _total(wish), tuple(row.person_id for row in wish.rows), names)


def _column_objections(wish: Listed) -> list[Objection]:
    rules = [column.rule for column in wish.columns]
    twice = [rule for rule in ONCE if rules.count(rule) > 1]
    if not rules or twice or len({column.name for column in wish.columns}) < len(rules):
        return [_closed(_("公示的栏目不对：每种只能有一栏"), "columns")]
    return []


def _minor_objections(work: "UnitOfWork", wish: Listed, found: "Mapping[int, PersonFacts]") -> list[Objection]:
    rules = {column.rule for column in wish.columns}
    if is_sensitive(work, wish.name, wish.sensitive):
        if rules <= FOR_CHILDREN:
            return []
        return [_minor(_("涉及未成年人信息，不得公开：这项业务只能公示编号和金额"), None)]
    if rules <= FOR_CHILDREN and "case_number" not in rules:
        return []
    adult, leap = work.policy("households.adult_age"), work.policy("identity.leap_birthday")
    objections: list[Objection] = []
    for number, row in enumerate(wish.rows, start=1):
        if row.person_id is None:
            if rules & {"name", "case_number"}:
                objections.append(_minor(_("第 {row} 行没有写明是谁，不能公示", row=number), number))
            continue
        person = found.get(row.person_id)
        if person is None:
            objections.append(_minor(_("第 {row} 行的人不在登记中，不能公示", row=number), number))
        elif person.birth_date is None and not rules <= FOR_CHILDREN:
            objections.append(_minor(_("第 {row} 行的人没有登记出生日期，不能公示", row=number), number))
        elif person.birth_date and age_on(person.birth_date, work.today, leap) < adult and not rules <= FOR_CHILDREN:
            objections.append(_minor(_("第 {row} 行涉及未成年人信息，不得公开", row=number), number))
    return objections


class _Writer:
    """Writes cells and gathers what is wrong with them."""

    def __init__(self, areas: Mapping[str, str], people: "Mapping[int, PersonFacts]", illness: Sequence[str]) -> None:
        self.areas, self.people, self.illness = areas, people, illness
        self.objections: list[Objection] = []

    def row(self, number: int, columns: Sequence[NoticeColumn], row: NoticeRow) -> tuple[str, ...]:
        """The texts of one row."""
        unknown = set(row.values) - {column.name for column in columns if column.rule != "name"}
        if unknown:
            self.object(
                number, _("第 {row} 行有公示里没有的栏目：{names}", row=number, names=", ".join(sorted(unknown)))
            )
        return tuple(self.cell(number, column, row) for column in columns)

    def object(self, number: int, reason: str) -> None:
        """Note what is wrong with a row."""
        self.objections.append(_closed(reason, f"rows.{number}"))

    def cell(self, number: int, column: NoticeColumn, row: NoticeRow) -> str:
        """The text of one cell, "" after an objection."""
        if column.rule == "name":
            person = self.people.get(row.person_id or 0)
            return mask_name(person.name) if person else ""
        value = row.values.get(column.name)
        if value is None or value == "":
            return ""
        text = _written(column, value, self.areas)
        if text is None:
            self.object(number, _("第 {row} 行“{title}”的值不合这一栏的规则", row=number, title=column.title))
            return ""
        person = self.people.get(row.person_id or 0)
        closed = self._closed(column, text)
        if person and column.rule in ("case_number", "word") and person.name in text:
            closed.append(_("姓名"))
        if closed:
            named = "、".join(closed)
            self.object(
                number, _("第 {row} 行“{title}”里有不得公示的内容：{what}", row=number, title=column.title, what=named)
            )
        return text

    def _closed(self, column: NoticeColumn, text: str) -> list[str]:
        if column.rule == "case_number":
            return case_number_findings(text, self.illness)
        return findings(text, self.illness) if column.rule in ("area", "word") else []


def _written(column: NoticeColumn, value: Any, areas: Mapping[str, str]) -> str | None:
    """A value in the form its rule allows; None when it is something else."""
    match column.rule:
        case "case_number":
            return value if isinstance(value, str) and _CASE_NUMBER.fullmatch(value) else None
        case "area":
            return areas.get(str(value))
        case "group":
            number = _whole(value, 99)
            return f"{number}组" if number else None
        case "count":
            number = _whole(value, COUNT_MAX)
            return None if number is None else f"{number:,}"
        case "money":
            fen = _whole(value, FEN_MAX)
            return None if fen is None else _yuan(fen)
        case "month":
            return _month(value)
        case "date":
            return _day(value)
        case "word":
            return column.words.get(str(value))
    return None


def _whole(value: Any, most: int) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most else None


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"


def _month(value: Any) -> str | None:
    try:
        period = Period(str(value))
    except Refused:
        return None
    return f"{period.year}年{period.month}月"


def _day(value: Any) -> str | None:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return None
    return f"{day.year}年{day.month}月{day.day}日"


def _total(wish: Listed) -> tuple[str, ...] | None:
    if not any(column.total for column in wish.columns):
        return None
    texts = []
    for column in wish.columns:
        if not column.total:
            texts.append("")
            continue
        value = sum(row.values.get(column.name) or 0 for row in wish.rows)
        texts.append(_yuan(value) if column.rule == "money" else f"{value:,}")
    return tuple(texts)


def _area_codes(wish: Listed) -> list[str]:
    names = [column.name for column in wish.columns if column.rule == "area"]
    return [str(row.values.get(name)) for name in names for row in wish.rows if row.values.get(name)]


def _minor(reason: str, number: int | None) -> Objection:
    return Objection(reason=reason, field="rows" if number is None else f"rows.{number}", code="E_MINOR_PUBLIC")


def _closed(reason: str, field: str) -> Objection:
    return Objection(reason=reason, field=field, code="E_NOTICE_FIELD")
