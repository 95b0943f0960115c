"""Reports: who is enrolled where, and what was paid by town, from the sums written with the rolls."""

from core.api import Column, Parameter, Report, mark
from plugins.benefits.counting import by_town, paid_by_town

_SCHEME = Parameter(name="scheme", title=mark("业务"))
REPORTS = (
    Report(
        name="benefits-enrolments",
        chart=("town", "active", "suspended"),
        title=mark("享受人数统计"),
        note=mark("本月在发和暂停的人数，按登记所在乡镇"),
        permission="benefits.show",
        parameters=(_SCHEME,),
        columns=(
            Column(name="scheme", title=mark("业务")),
            Column(name="category", title=mark("类别")),
            Column(name="town", title=mark("乡镇")),
            Column(name="active", title=mark("在发"), kind="integer", total=True),
            Column(name="suspended", title=mark("暂停"), kind="integer", total=True),
        ),
        rows=by_town,
    ),
    Report(
        name="benefits-paid",
        chart=("town", "amount"),
        title=mark("发放统计"),
        note=mark("这个月已发放的名册，按乡镇和类别；补发列在所属的月份"),
        permission="benefits.show",
        parameters=(Parameter(name="month", title=mark("月份"), kind="month", default="current"), _SCHEME),
        columns=(
            Column(name="scheme", title=mark("业务")),
            Column(name="town", title=mark("乡镇")),
            Column(name="category", title=mark("类别")),
            Column(name="for_month", title=mark("所属月份"), kind="month"),
            Column(name="component", title=mark("项目")),
            Column(name="lines", title=mark("笔数"), kind="integer", total=True),
            Column(name="amount", title=mark("金额"), kind="money", total=True),
        ),
        rows=paid_by_town,
    ),
)
