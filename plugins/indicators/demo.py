"""What happened with reports for superiors in the demo county: targets, contradictions, a month and a quarter."""

from datetime import date
from typing import Any

from core.api import Cast, DemoStep, Period, UnitOfWork
from plugins.indicators.acts import ROOMS, STARTS
from plugins.indicators.catalogue import gathered
from plugins.indicators.desk import newest

STEPS = [
    DemoStep(days_ago=40, by="clerk", run="plugins.indicators.demo:set_targets"),
    DemoStep(days_ago=12, by="clerk", run="plugins.indicators.demo:state_figures"),
    DemoStep(days_ago=10, by="reviewer", run="plugins.indicators.demo:acknowledge"),
    DemoStep(days_ago=9, by="clerk", run="plugins.indicators.demo:make_month"),
    DemoStep(days_ago=8, by="reviewer", run="plugins.indicators.demo:check"),
    DemoStep(days_ago=7, by="approver", run="plugins.indicators.demo:issue"),
    DemoStep(days_ago=2, by="clerk", run="plugins.indicators.demo:state_more"),
]
TARGETS = (
    ("dibao.reviews", {"comparator": "least", "value": "95"}),
    ("canteen.meals", {"comparator": "least", "value": "60000", "county": True}),
    ("volunteers.active", {"comparator": "least", "value": "30"}),
    ("double_support.projects_done_on", {"december": True}),
)


def set_targets(work: UnitOfWork, cast: Cast) -> None:
    """The year's targets of some indicators, as a document of the county set them."""
    known, _failures = gathered(work)
    year = work.today.year
    for name, given in TARGETS:
        if name in known:
            plain = {key: value for key, value in given.items() if key in ("comparator", "value")}
            area = work.settings.county.code if given.get("county") else ""
            day = {"due_on": date(year, 12, 20)} if given.get("december") else {}
            document = f"攸民发〔{year}〕12号"
            _start(
                work, cast, "targets", indicator=name, period=str(year), area=area, document=document, **plain, **day
            )


def state_figures(work: UnitOfWork, cast: Cast) -> None:
    """Figures of last month's forms: one sum that does not close, one rate that fits no base, one that does."""
    period = str(Period.of(work.today).previous())
    form = "市局月报表"
    _start(work, cast, "sums", title="特困人员分布", source=f"{form}第 2 页", period=period,
           parts=["分散供养 461", "集中供养 188"], stated="659")  # fmt: skip
    _start(work, cast, "rates", title="退役士兵培训率", source=f"{form}第 5 页", period=period, part="52",
           bases=["75", "81"], stated="67%")  # fmt: skip
    _start(work, cast, "sums", title="低保户数城乡合计", source=f"{form}第 1 页", period=period,
           parts=["城市 6372", "农村 27543"], stated="33915")  # fmt: skip
    _start(work, cast, "years", title="低保年发放额", source=f"{form}附表", period=period, month="16636508.40",
           stated="186835100")  # fmt: skip


def acknowledge(work: UnitOfWork, cast: Cast) -> None:
    """Somebody else says why they may stand."""
    from plugins.indicators.listing import Filter, list_stated

    for one in list_stated(work, Filter(state="open")):
        reason = "上报表沿用原文，已去函请市局核实" if one["kind"] == "sum" else "培训率的分母原文没有写明，按未知上报"
        _act(work, cast, "stated", "acknowledge", one["id"], reason=reason)


def make_month(work: UnitOfWork, cast: Cast) -> None:
    """The report of the month that is over."""
    _start(work, cast, "reports", period=str(Period.of(work.today).previous()))


def check(work: UnitOfWork, cast: Cast) -> None:
    """Somebody else checks it."""
    report = newest(work)
    if report is not None:
        _act(work, cast, "reports", "check", report.number)


def issue(work: UnitOfWork, cast: Cast) -> None:
    """A third person issues it."""
    report = newest(work)
    if report is not None:
        _act(work, cast, "reports", "issue", report.number)


def state_more(work: UnitOfWork, cast: Cast) -> None:
    """Figures of this month that wait for somebody to acknowledge them."""
    period = str(Period.of(work.today))
    _start(work, cast, "sums", title="村委会成员", source="换届选举统计表", period=period,
           parts=["主任 180", "委员 438"], stated="589")  # fmt: skip
    _start(work, cast, "rates", title="村务公开示范村占比", source="换届选举统计表", period=period, part="615",
           bases=["826"], stated="74.45%")  # fmt: skip


def _start(work: UnitOfWork, cast: Cast, name: str, **given: Any) -> Any:
    start = STARTS[name]
    return cast.make(work, start.make, start.wish, **given)


def _act(work: UnitOfWork, cast: Cast, room: str, act: str, subject: object, **given: Any) -> None:
    cast.act(work, ROOMS[room].acts[act], subject, **given)
