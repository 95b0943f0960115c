"""Every act, once: its right, its words, its wish and service. Pages, commands and the API are made of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.api import Act, Acting, Done, Start, acts_of, mark
from core.api import Room as ActingRoom
from plugins.indicators import listing, wishes, words
from plugins.indicators.catalogue import SHOW
from plugins.indicators.models import Stated
from plugins.indicators.services import reporting, stating, targets
from plugins.indicators.services.common import ACKNOWLEDGE, CHECK, ISSUE, KEEP, MAKE

if TYPE_CHECKING:
    from pydantic import BaseModel

    from core.api import UnitOfWork

HOME = "/indicators"


@dataclass(frozen=True, kw_only=True)
class Room(ActingRoom):
    """One kind of thing, with its name, how it is listed and shown, its states, and what is new in it."""

    name: str
    listed: Callable[["UnitOfWork", listing.Filter], list[dict[str, Any]]]
    shown: Callable[["UnitOfWork", str], dict[str, Any]]
    states: Mapping[str, str]
    label: str
    starts: tuple[str, ...]


def _done(one: Any) -> Done:
    kept = (
        "id", "number", "indicator", "period", "area", "state", "kind", "result", "code", "computed", "stated",
        "difference", "run",
    )  # fmt: skip
    found = {name: getattr(one, name) for name in kept if hasattr(one, name)}
    return Done(found | ({"told": stating.told_of(one)} if isinstance(one, Stated) else {}), None)


def _act(
    name: str, right: str, texts: tuple[str, str], wish: "type[BaseModel]", service: Callable[..., Any],
    states: tuple[str, ...] = (), *, danger: bool = False,
) -> Act:  # fmt: skip
    return Act(name, right, *texts, wish, lambda work, text, given: _done(service(work, text, given)), states, danger)


def _state(kind: str) -> Callable[["UnitOfWork", Any], Done]:
    return lambda work, given: _done(stating.state_figure(work, kind, given))


TARGETS = acts_of(
    _act("revoke", KEEP, (mark("撤销目标"), mark("目标已撤销")), wishes.Why, targets.revoke_target, ("current",),
         danger=True),
)  # fmt: skip
STATED = acts_of(
    _act("acknowledge", ACKNOWLEDGE, (mark("说明不符原因"), mark("已说明")), wishes.Why, stating.acknowledge,
         ("open",)),
    _act("withdraw", KEEP, (mark("撤回数据"), mark("数据已撤回")), wishes.Why, stating.withdraw,
         ("open", "acknowledged", "closes"), danger=True),
)  # fmt: skip
REPORTS = acts_of(
    _act("check", CHECK, (mark("审核报表"), mark("报表已审核")), wishes.Nothing, reporting.check_report, ("made",)),
    _act("issue", ISSUE, (mark("签发报表"), mark("报表已签发")), wishes.Nothing, reporting.issue_report, ("checked",)),
)  # fmt: skip

ROOMS: Mapping[str, Room] = {
    "targets": Room(
        name="targets",
        title=mark("目标"),
        acts=TARGETS,
        own=lambda work, text, _right: targets.own_target(work, text),
        head=lambda one: one.indicator,
        listed=listing.list_targets,
        shown=listing.show_target,
        states=words.TARGET_STATES,
        label=mark("指标名称"),
        starts=("targets",),
    ),
    "stated": Room(
        name="stated",
        title=mark("填报数核对"),
        acts=STATED,
        own=stating.own_stated,
        head=lambda one: one.title,
        listed=listing.list_stated,
        shown=listing.show_stated,
        states=words.STATED_STATES,
        label=mark("期间"),
        starts=("sums", "rates", "years", "averages", "plans"),
    ),
    "reports": Room(
        name="reports",
        title=mark("报表"),
        acts=REPORTS,
        own=reporting.own_report,
        listed=listing.list_reports,
        shown=listing.show_report,
        states=words.REPORT_STATES,
        label=mark("期间"),
        starts=("reports",),
    ),
}


def _stated(kind: str, title: str, wish: "type[BaseModel]") -> Start:
    return Start(KEEP, title, mark("已核对"), wish, _state(kind), after=f"{HOME}/stated/{{id}}")


STARTS: Mapping[str, Start] = {
    "targets": Start(
        KEEP, mark("设定目标"), mark("目标已设定"), wishes.SetTarget,
        lambda work, given: _done(targets.set_target(work, given)),
    ),
    "sums": _stated("sum", mark("核对合计"), wishes.StateSum),
    "rates": _stated("rate", mark("核对比率"), wishes.StateRate),
    "years": _stated("year", mark("核对年额与月额"), wishes.StateYear),
    "averages": _stated("average", mark("核对平均与上限"), wishes.StateAverage),
    "plans": _stated("plan", mark("核对总结与计划年度"), wishes.StatePlan),
    "reports": Start(
        MAKE, mark("编制报表"), mark("报表已编制"), wishes.MakeReport,
        lambda work, given: _done(reporting.make_report(work, given)), after=f"{HOME}/reports/{{number}}",
    ),
}  # fmt: skip


def list_path(name: str) -> str:
    """The list of a room, and of the room in which something new will stand."""
    room = next((room.name for room in ROOMS.values() if name in room.starts), name)
    return f"{HOME}/{room}"


ACTING = Acting(
    plugin="indicators",
    title=mark("指标目录"),
    right=SHOW,
    rooms=ROOMS,
    starts=STARTS,
    list_path=list_path,
    vocabularies=(words.COMPARATOR_CODES,),
    linked=("indicator", "period"),
)
