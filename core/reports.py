"""Reports: one definition asked with its parameters gives a page, an Excel file, a sheet of paper and lines of text."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from core.errors import Objection, Refused
from core.extension import Chart, Column, Parameter, Report, Series, Sheet
from core.showing import cell, day_in_words, month_in_words, width
from core.spreadsheets import Grid, write_excel
from core.texts import _
from core.values import year_of

if TYPE_CHECKING:
    from core.host import Host
    from core.pictures import Drawn
    from core.work import UnitOfWork

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
PORTRAIT_COLUMNS = 7
"""A table with more columns lies across its paper."""
BARS_MAX = 40
"""More rows than this are a list and no picture."""
HUES = 8


@dataclass(frozen=True)
class Answer:
    """A report that was run: its rows, its sum row, and the parameters as words for the head of a paper."""

    report: Report
    title: str
    rows: tuple[tuple[Any, ...], ...]
    total: tuple[Any, ...] | None
    asked: tuple[tuple[str, str], ...]
    unit: str
    made_on: date


def area_of(place: "Host | UnitOfWork", report: Report) -> str | None:
    """Where its right has to be held: in the whole county, or anywhere (None)."""
    return place.settings.county.code if report.whole_county else None


def open_to(work: "UnitOfWork") -> list[Report]:
    """The reports this reader may run, by name."""
    known = work.host.reports
    return [known[name] for name in sorted(known) if work.may(known[name].permission, area_of(work, known[name]))]


def run(work: "UnitOfWork", report: Report, given: Mapping[str, str]) -> Answer:
    """Run a report with parameters as text; raises Forbidden without the right, Refused for a wrong parameter."""
    work.require(report.permission, area_of(work, report))
    values = parameters(report, given, work.today)
    rows = tuple(tuple(row) for row in report.rows(work, **values))
    for row in rows:
        if len(row) != len(report.columns):
            raise ValueError(f"report {report.name}: a row has {len(row)} cells, {len(report.columns)} are declared")
    work.record_read("report.run", f"report:{report.name}", reason=", ".join(given.values()))
    return Answer(
        report=report,
        title=_(report.title),
        rows=rows,
        total=totals(report.columns, rows),
        asked=tuple((_(one.title), _word(one, values[one.name])) for one in report.parameters if values[one.name]),
        unit=unit_of(report),
        made_on=work.today,
    )


def unit_of(report: Report) -> str:
    """What the figures of a report are counted in; "" when each row or column says so itself."""
    if report.unit:
        return _(report.unit)
    return _("元") if any(column.kind == "money" for column in report.columns) else ""


def signers() -> tuple[str, ...]:
    """Who signs a report for superiors, in the order of the line below it."""
    return _("制表人"), _("审核人"), _("签发人")


def defaults(report: Report, today: date) -> dict[str, str]:
    """What stands in the questions of a report before anybody answers them."""
    return {one.name: _default(one, today) for one in report.parameters}


def _default(one: Parameter, today: date) -> str:
    if one.default != "current":
        return one.default
    return today.isoformat()[: len("2026") if one.kind == "year" else len("2026-11")]


def parameters(report: Report, given: Mapping[str, str], today: date) -> dict[str, Any]:
    """The typed parameters of a report from texts; raises Refused with every objection. An empty one is None."""
    values: dict[str, Any] = {}
    objections: list[Objection] = []
    for one in report.parameters:
        text = given.get(one.name, _default(one, today)).strip()
        try:
            values[one.name] = _value(one, text) if text else None
        except ValueError as error:
            objections.append(Objection(field=one.name, reason=str(error), code="E_FIELD"))
    if objections:
        raise Refused(objections)
    return values


def _value(one: Parameter, text: str) -> Any:
    match one.kind:
        case "date":
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise ValueError(_("{title}请填日期，例如 2026-11-20", title=_(one.title))) from None
        case "month":
            if not MONTH.fullmatch(text):
                raise ValueError(_("{title}请填月份，例如 2026-11", title=_(one.title)))
        case "year":
            year = year_of(text)
            if year is None:
                raise ValueError(_("{title}请填四位年份，例如 2026", title=_(one.title)))
            return year
        case "choice":
            if text not in [choice for choice, _title in one.choices]:
                raise ValueError(_("{title}没有“{value}”这一项", title=_(one.title), value=text))
    return text


def _word(one: Parameter, value: Any) -> str:
    match one.kind:
        case "date":
            return day_in_words(value)
        case "month":
            return month_in_words(value)
        case "choice":
            return _(dict(one.choices)[value])
    return str(value)


def totals(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> tuple[Any, ...] | None:
    """The sum row of the columns that ask for one; None when none does."""
    if not any(column.total for column in columns):
        return None
    sums = [sum(row[number] or 0 for row in rows) if column.total else "" for number, column in enumerate(columns)]
    if not columns[0].total:
        sums[0] = _("合计")
    return tuple(sums)


def heads(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns with their titles in the language of now."""
    return tuple(replace(one, title=_(one.title), group=_(one.group) if one.group else "") for one in columns)


def as_grid(answer: Answer, office: str) -> Grid:
    """The answer as an Excel sheet in the county's own form."""
    return Grid(
        title=answer.title,
        columns=heads(answer.report.columns),
        rows=answer.rows,
        total=answer.total,
        office=office,
        period=_asked(answer),
        unit=_("单位：{unit}", unit=answer.unit) if answer.unit else "",
        signers=signers(),
        notes=(_(answer.report.note),) if answer.report.note else (),
        landscape=is_wide(answer.report.columns),
    )


def as_excel(answer: Answer, office: str) -> bytes:
    """The answer as a workbook."""
    out = io.BytesIO()
    write_excel(out, as_grid(answer, office))
    return out.getvalue()


def as_sheet(answer: Answer, office: str) -> Sheet:
    """The answer as a paper: ``core.documents`` prints it."""
    columns = heads(answer.report.columns)
    return Sheet(
        layout="list",
        title=answer.title,
        office=office,
        dated=answer.made_on,
        fields=answer.asked,
        columns=columns,
        rows=answer.rows,
        total=answer.total,
        unit=answer.unit,
        signatures=signers(),
        notes=(_(answer.report.note),) if answer.report.note else (),
        landscape=is_wide(columns),
    )


def picture(answer: Answer) -> "Drawn | None":
    """The rows as lying bars, added up by their name, when the report names columns; None without figures."""
    from core.pictures import draw_rows

    if not answer.report.chart:
        return None
    columns = {column.name: at for at, column in enumerate(answer.report.columns)}
    label, *wanted = (columns[name] for name in answer.report.chart)
    steps = list(dict.fromkeys(str(row[label]) for row in answer.rows))
    if not 0 < len(steps) <= BARS_MAX:
        return None
    titles = heads(answer.report.columns)
    sums = {at: dict.fromkeys(steps, 0) for at in wanted}
    for row in answer.rows:
        for at in wanted:
            sums[at][str(row[label])] += row[at] or 0
    return draw_rows(
        Chart(
            title=_("{title}（图）", title=answer.title),
            steps=steps,
            series=[
                Series(title=titles[at].title, hue=1 + number % HUES, values=list(sums[at].values()))
                for number, at in enumerate(wanted)
            ],
            kind="money" if titles[wanted[0]].kind == "money" else "integer",
        )
    )


def is_wide(columns: Sequence[Column]) -> bool:
    """Whether a table lies across its paper."""
    return len(columns) > PORTRAIT_COLUMNS


def as_records(answer: Answer) -> list[dict[str, Any]]:
    """The rows as objects by column name, for ``--json`` and the API; money stays whole fen."""
    names = [column.name for column in answer.report.columns]
    return [dict(zip(names, map(_plain, row), strict=True)) for row in answer.rows]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def as_text(answer: Answer) -> str:
    """The answer as lines for a terminal, columns aligned; a Chinese character is two cells wide."""
    columns = heads(answer.report.columns)
    lines = [[f"{column.group} {column.title}".strip() for column in columns]]
    body = [*answer.rows, *([answer.total] if answer.total else [])]
    for row in body:
        lines.append(
            [
                value if isinstance(value, str) else cell(column.kind, value)
                for column, value in zip(columns, row, strict=True)
            ]
        )
    widths = [max(width(line[number]) for line in lines) for number in range(len(columns))]
    right = [column.kind in ("money", "integer", "ratio", "number") for column in columns]
    return "\n".join(
        "  ".join(_padded(text, columns, end) for text, columns, end in zip(line, widths, right, strict=True)).rstrip()
        for line in lines
    )


def _padded(text: str, columns: int, at_end: bool) -> str:
    room = " " * (columns - width(text))
    return room + text if at_end else text + room


def _asked(answer: Answer) -> str:
    return "　".join(f"{title} {word}" for title, word in answer.asked)
