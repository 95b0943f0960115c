"""Every act, once: its right, its words, its wish and service. Forms, commands and the API are made of it."""

from collections.abc import Callable
from typing import Any

from core.api import Act, Acting, Done, Room, Start, UnitOfWork, acts_of, mark
from huimin_urban_grid import queries, services, wishes, words
from huimin_urban_grid.services import CHECK, HANDLE, KEEP, REPORT, SEND


def _case(service: Callable[..., Any]) -> Callable[[UnitOfWork, str, Any], Done]:
    def act(work: UnitOfWork, text: str, wish: Any) -> Done:
        return _told(service(work, text, wish))

    return act


def _told(case: Any) -> Done:
    return Done({"id": case.id, "number": case.number, "state": case.state, "due_on": case.due_on}, None)


def _report(work: UnitOfWork, wish: wishes.ReportCase) -> Done:
    return _told(services.report(work, wish))


def _add_grid(work: UnitOfWork, wish: wishes.AddGrid) -> Done:
    grid = services.add_grid(work, wish)
    return Done({"id": grid.id, "code": grid.code}, None)


def _appoint(work: UnitOfWork, text: str, wish: wishes.Appoint) -> Done:
    grid = services.appoint(work, text, wish)
    return Done({"id": grid.id, "code": grid.code}, None)


CASE_ACTS = acts_of(
    Act("send", SEND, mark("派遣"), mark("已派遣"), wishes.Send, _case(services.send), ("found",)),
    Act("handle", HANDLE, mark("登记处置"), mark("处置已登记"), wishes.Done, _case(services.handle), ("sent",)),
    Act("check", CHECK, mark("核查通过"), mark("核查已登记"), wishes.Done, _case(services.check), ("handled",)),
    Act("return", CHECK, mark("退回重办"), mark("已退回"), wishes.Done, _case(services.send_back), ("handled",)),
    Act("close", SEND, mark("结案"), mark("已结案"), wishes.Done, _case(services.close), ("checked",)),
)
GRID_ACTS = acts_of(
    Act("appoint", KEEP, mark("指定巡查员"), mark("巡查员已指定"), wishes.Appoint, _appoint, after="/urban-grid/grids")
)


def list_path(room: str) -> str:
    """The list of a room or start."""
    return "/urban-grid/grids" if room == "grids" else "/urban-grid"


ACTING = Acting(
    plugin="urban_grid",
    title=mark("网格巡查"),
    right=queries.SHOW,
    rooms={
        "cases": Room(mark("网格案件"), CASE_ACTS, queries.own_case),
        "grids": Room(mark("网格"), GRID_ACTS, queries.own_grid),
    },
    starts={
        "cases": Start(REPORT, mark("上报案件"), mark("已上报"), wishes.ReportCase, _report),
        "grids": Start(
            KEEP, mark("划定网格"), mark("网格已划定"), wishes.AddGrid, _add_grid, after="/urban-grid/grids"
        ),
    },
    list_path=list_path,
    vocabularies=(words.CATEGORIES,),
    long=frozenset({"text", "note", "duty"}),
    linked=("grid",),
)
