"""The reports of dibao: figures for superiors, changes of a month, towns, checks of the standards."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.api import Column, Parameter, Report, _, mark
from plugins.dibao.accountability import ACCOUNT, account_rows
from plugins.dibao.queries import SHOW
from plugins.dibao.standard_checks import as_data, coverage, standard_checks
from plugins.dibao.statistics import change_rows, indicators, town_rows
from plugins.dibao.two_lines import one_line_rows

if TYPE_CHECKING:
    from core.api import UnitOfWork

_MONTH = Parameter(name="month", title=mark("月份"), kind="month", default="current")


def check_rows(work: "UnitOfWork", month: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Every check of the standards and of coverage, met or not."""
    for one in (*standard_checks(work, month or ""), *coverage(work, month or "")):
        met = _("未知") if one.met is None else _("达到") if one.met else _("未达到")
        yield one.area, one.name, as_data(one)["category_title"], one.found, one.wanted, met, one.note


REPORTS = (
    Report(
        name="dibao-indicators",
        title=mark("低保月度指标"),
        permission=SHOW,
        parameters=(_MONTH,),
        columns=(
            Column(name="indicator", title=mark("指标")),
            Column(name="figure", title=mark("数值")),
            Column(name="note", title=mark("说明")),
        ),
        rows=indicators,
    ),
    Report(
        name="dibao-changes",
        title=mark("低保月度变动表"),
        permission=SHOW,
        parameters=(_MONTH,),
        columns=(
            Column(name="case", title=mark("申请编号")),
            Column(name="applicant", title=mark("申请人")),
            Column(name="place", title=mark("村（社区）")),
            Column(name="members", title=mark("保障人数"), kind="integer", total=True),
            Column(name="change", title=mark("变动")),
            Column(name="before", title=mark("原月补助"), kind="money", total=True, group=mark("月补助")),
            Column(name="after", title=mark("现月补助"), kind="money", total=True, group=mark("月补助")),
            Column(name="difference", title=mark("增减"), kind="money", total=True, group=mark("月补助")),
        ),
        rows=change_rows,
    ),
    Report(
        name="dibao-towns",
        chart=("town", "fen"),
        title=mark("低保分乡镇统计"),
        permission=SHOW,
        parameters=(_MONTH,),
        columns=(
            Column(name="town", title=mark("乡镇")),
            Column(name="category", title=mark("类别")),
            Column(name="families", title=mark("户数"), kind="integer", total=True),
            Column(name="persons", title=mark("人数"), kind="integer", total=True),
            Column(name="fen", title=mark("月补助"), kind="money", total=True),
            Column(name="each", title=mark("人均"), kind="money"),
        ),
        rows=town_rows,
    ),
    Report(
        name="dibao-two-lines",
        title=mark("两线合一比对"),
        permission=SHOW,
        columns=(
            Column(name="list", title=mark("名单")),
            Column(name="name", title=mark("姓名")),
            Column(name="place", title=mark("村（社区）")),
            Column(name="case", title=mark("申请编号")),
        ),
        rows=one_line_rows,
    ),
    Report(
        name="dibao-accountability",
        title=mark("低保责任追究"),
        permission=ACCOUNT,
        parameters=(_MONTH,),
        columns=(
            Column(name="case", title=mark("申请编号")),
            Column(name="place", title=mark("村（社区）")),
            Column(name="kind", title=mark("差错种类")),
            Column(name="found_on", title=mark("发现日期"), kind="date"),
            Column(name="fen", title=mark("涉及金额"), kind="money", total=True),
            Column(name="officers", title=mark("各环节经办人")),
            Column(name="note", title=mark("说明")),
        ),
        rows=account_rows,
    ),
    Report(
        name="dibao-checks",
        title=mark("低保标准和覆盖率核对"),
        permission=SHOW,
        whole_county=True,
        parameters=(_MONTH,),
        columns=(
            Column(name="area", title=mark("县（市、区）")),
            Column(name="name", title=mark("核对项目")),
            Column(name="category", title=mark("类别")),
            Column(name="found", title=mark("实际")),
            Column(name="wanted", title=mark("要求")),
            Column(name="met", title=mark("结果")),
            Column(name="note", title=mark("说明")),
        ),
        rows=check_rows,
    ),
)
