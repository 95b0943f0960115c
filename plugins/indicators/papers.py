"""The report of a period on paper, with the names of who made, checked and issued it."""

from typing import TYPE_CHECKING

from core.api import Column, Sheet, _, area_names
from plugins.indicators import showing
from plugins.indicators.catalogue import plugin_titles
from plugins.indicators.listing import show_report
from plugins.indicators.statistics import REPORTS

if TYPE_CHECKING:
    from core.api import UnitOfWork

_COLUMNS = ("plugin", "indicator", "unit", "value", "to_date", "average", "target", "document", "state", "gap")


def report_sheet(work: "UnitOfWork", number: str) -> Sheet:
    """The county's rows of a report; areas that fail are named below. That it was printed is recorded."""
    one = show_report(work, number)
    work.record_read("indicators.report_printed", f"indicators_report:{one['number']}")
    known = {column.name: column for column in REPORTS[0].columns}
    sources = plugin_titles(work)
    rows = [row for row in one["rows"] if not row["area"]]
    names = area_names(work, {code for row in rows for code in row["failing"]})
    from plugins.indicators.statistics import frozen_cells

    cells = [frozen_cells(row, sources) for row in rows]
    notes = [
        _(
            "{title}：{areas} 未达标",
            title=row["title"],
            areas="、".join(names.get(code, code) for code in row["failing"]),
        )
        for row in rows
        if row["failing"]
    ]
    notes += [
        _("{title}：{told}；{why}", title=row["title"], told=row["told"], why=row["acknowledgement"] or _("待说明"))
        for row in one["contradictions"]
    ]
    return Sheet(
        layout="list",
        title=_("统计指标完成情况表"),
        number=one["number"],
        office=work.settings.county.office,
        dated=one["issued_on"] or one["made_on"],
        fields=((_("期间"), one["period_title"]), (_("状态"), showing.state_of("reports", one)[0])),
        columns=[_spoken(known[name]) for name in _COLUMNS],
        rows=[(row[0], row[1], *row[3:]) for row in cells],
        unit=_("见各行"),
        signatures=tuple(
            f"{word} {showing.signed(one, step)}".strip()
            for word, step in ((_("编制"), "made"), (_("审核"), "checked"), (_("签发"), "issued"))
        ),
        notes=tuple(notes),
        landscape=True,
    )


def _spoken(column: Column) -> Column:
    return Column(
        name=column.name, title=_(column.title), kind=column.kind, group=_(column.group) if column.group else ""
    )
