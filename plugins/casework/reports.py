"""Lists for superiors, by page, command and Excel."""

from dataclasses import replace

from core.api import Column, Parameter, Report, mark
from plugins.casework.moves import SHOW
from plugins.casework.statistics import indicator_rows, list_rows
from plugins.casework.words import STATES

_MONTH = Parameter(name="month", title=mark("月份"), kind="month")
_AREA = Parameter(name="area", title=mark("区划"), kind="area")
REPORTS = (
    Report(
        name="casework-list",
        title=mark("申请台账"),
        permission=SHOW,
        parameters=(
            _MONTH,
            _AREA,
            Parameter(name="state", title=mark("状态"), kind="choice", choices=tuple(STATES.items())),
        ),
        columns=(
            Column(name="case", title=mark("申请编号")),
            Column(name="type", title=mark("业务")),
            Column(name="applicant", title=mark("申请人")),
            Column(name="place", title=mark("村（社区）")),
            Column(name="source", title=mark("来源")),
            Column(name="applied_on", title=mark("申请日期"), kind="date"),
            Column(name="accepted_on", title=mark("受理日期"), kind="date"),
            Column(name="due_on", title=mark("办理时限"), kind="date"),
            Column(name="decided_on", title=mark("决定日期"), kind="date"),
            Column(name="state", title=mark("状态")),
            Column(name="review_class", title=mark("类别")),
            Column(name="monthly", title=mark("月补助"), kind="money", total=True),
            Column(name="effective_month", title=mark("起始月"), kind="month"),
            Column(name="reason", title=mark("事由")),
        ),
        rows=list_rows,
    ),
    Report(
        name="casework-indicators",
        title=mark("申请办理月度指标"),
        permission=SHOW,
        parameters=(replace(_MONTH, default="current"), _AREA),
        columns=(
            Column(name="indicator", title=mark("指标")),
            Column(name="figure", title=mark("数值")),
            Column(name="note", title=mark("说明")),
        ),
        rows=indicator_rows,
    ),
)
