"""Lists kept by hand: a CSV file becomes the rows of a notice, its headers being the titles of the type's columns."""

import csv
import io
from datetime import date
from typing import Any

from core.api import Objection, Refused, UnitOfWork, _, find_person, read_number
from plugins.notices.api import NoticeColumn, NoticeRow, NoticeType

PERSON = "人员"
"""The header of the column that says whose line it is: a person's number in the registry, or an identity number."""


def headers_of(kind: NoticeType) -> list[str]:
    """The headers a file needs for a type."""
    return [PERSON, *(column.title for column in kind.columns if column.rule != "name")]


def read_rows(work: UnitOfWork, kind: NoticeType, content: bytes) -> tuple[NoticeRow, ...]:
    """The rows of a CSV file (UTF-8 or GB18030); refused with the line of every cell that cannot be read."""
    reader = csv.DictReader(io.StringIO(_decoded(content)))
    wanted = {column.title: column for column in kind.columns if column.rule != "name"}
    known = {PERSON, "序号", *wanted}
    unknown = [name for name in reader.fieldnames or [] if name and name.strip() not in known]
    if not reader.fieldnames or unknown:
        reason = _("表头应为：{headers}", headers="、".join(headers_of(kind)))
        raise Refused([Objection(reason=reason, field="file", code="E_HEADER")])
    objections: list[Objection] = []
    rows: list[NoticeRow] = []
    for number, cells in enumerate(reader, start=1):
        texts = {(name or "").strip(): (text or "").strip() for name, text in cells.items() if isinstance(text, str)}
        if not any(texts.values()):
            continue
        values: dict[str, Any] = {}
        for title, column in wanted.items():
            try:
                values[column.name] = _value(column, texts.get(title, ""))
            except ValueError:
                reason = _("第 {row} 行“{title}”读不懂：{text}", row=number, title=title, text=texts[title][:20])
                objections.append(Objection(reason=reason, field="file", code="E_FIELD"))
        who = texts.get(PERSON, "")
        person = find_person(work, who).id if who else None
        rows.append(NoticeRow(person_id=person, values=values))
    if objections:
        raise Refused(objections[:50])
    if not rows:
        raise Refused([Objection(reason=_("文件里没有名单"), field="file", code="E_FILE")])
    return tuple(rows)


def _value(column: NoticeColumn, text: str) -> Any:
    if not text:
        return None
    match column.rule:
        case "count":
            return int(text.replace(",", ""))
        case "group":
            return int(text.removesuffix("组").removesuffix("小"))
        case "money":
            return _fen(text)
        case "date":
            return date.fromisoformat(text)
        case "word":
            return next((key for key, word in column.words.items() if text in (key, word)), text)
    return text


def _fen(text: str) -> int:
    yuan = read_number(text.removesuffix("元"))
    if yuan is None or yuan * 100 != (yuan * 100).to_integral_value():
        raise ValueError(text)
    return int(yuan * 100)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused([Objection(reason=_("文件读不出来，请存成 CSV（UTF-8）再传"), field="file", code="E_FILE")])
