"""The states of a notice and what may be done in each; whatever is not listed is refused."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from core.api import _, mark, refuse

if TYPE_CHECKING:
    from core.api import UnitOfWork

STATES: Mapping[str, str] = {
    "opened": mark("待张贴"),
    "posted": mark("公示中"),
    "finished": mark("已结束"),
    "withdrawn": mark("已撤回"),
}
RUNNING = ("opened", "posted")
TAGS: Mapping[str, str] = {"opened": "warn", "posted": "note", "finished": "ok", "withdrawn": "bad"}

MOVES: Mapping[str, tuple[str, ...]] = {
    "post": RUNNING,
    "prove": RUNNING,
    "remove": RUNNING,
    "object": RUNNING,
    "decide": (*RUNNING, "finished", "withdrawn"),
    "take_down": ("posted",),
    "withdraw": RUNNING,
}
LEVELS: Mapping[str, str] = {"village": mark("村级"), "township": mark("乡镇级"), "county": mark("县级")}
WAYS: Mapping[str, str] = {"written": mark("书面"), "oral": mark("口头")}
OUTCOMES: Mapping[str, str] = {"": mark("待核实"), "upheld": mark("异议成立"), "rejected": mark("异议不成立")}


def require_state(state: str, move: str) -> None:
    """Go on only when an act is possible in a state; refused with ``E_NOTICE_STATE``."""
    if state not in MOVES[move]:
        raise refuse(_("这份公示{state}，不能再这样办理", state=_(STATES[state])), code="E_NOTICE_STATE")


def require_day(work: "UnitOfWork", day: date, not_before: date, field: str) -> None:
    """Go on only with a day that is not before the step it follows (``E_BACKDATE``), nor after today."""
    if day < not_before:
        raise refuse(_("办理时间不得早于上一环节（{day}）", day=not_before), field=field, code="E_BACKDATE")
    if day > work.today:
        raise refuse(_("日期不能晚于今天"), field=field, code="E_NOTICE_DAY")


def level_area(area: str, level: str) -> str:
    """The division whose board a level is, for a notice of ``area``: its county, its township, or itself."""
    return {"county": area[:6], "township": area[:9]}.get(level, area)


ANSWERS: Mapping[str, str] = {
    "genuine": mark("这份公示单是真实的"),
    "withdrawn": mark("这份公示单是真实的，但已撤回"),
    "unknown": mark("核验不符：没有这份公示单，或核验码不对"),
}
