"""Every act on a case beside its steps: its right, words and wish. Pages, commands and API are made of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from core.api import Entry, entries_of, mark
from plugins.casework import wishes
from plugins.casework.clocks import clock_of
from plugins.casework.facts import case_by_id
from plugins.casework.models import Case
from plugins.casework.moves import APPLY, HANDLE, REVIEW
from plugins.casework.services import handling, intake, papers, remedies, sampling
from plugins.casework.words import LONG, VOCABULARIES

if TYPE_CHECKING:
    from core.api import UnitOfWork


@dataclass(frozen=True)
class Act:
    """One act on a case: the right it asks for, its title, what is said afterwards, its wish and the service."""

    name: str
    right: str
    title: str
    done: str
    wish: type[BaseModel]
    do: "Callable[[UnitOfWork, str, Any], Any]"


ACTS: Mapping[str, Act] = {
    one.name: one
    for one in (
        Act("sign", APPLY, mark("登记授权签字"), mark("授权签字已登记"), wishes.Sign, papers.sign),
        Act("paper", APPLY, mark("登记收到材料"), mark("材料已登记"), wishes.HandIn, papers.hand_in_paper),
        Act(
            "relative",
            HANDLE,
            mark("备案近亲属"),
            mark("近亲属已备案，县级须入户"),
            wishes.DeclareRelative,
            handling.declare_relative,
        ),
        Act("visit", REVIEW, mark("登记县级入户"), mark("县级入户已登记"), wishes.CountyVisit, handling.county_visit),
        Act("explain", HANDLE, mark("登记家庭说明"), mark("家庭说明已登记"), wishes.Explain, handling.explain),
        Act("complain", HANDLE, mark("登记投诉"), mark("投诉已登记，县级须入户"), wishes.Complain, handling.complain),
        Act("member-left", HANDLE, mark("成员减少"), mark("成员变化已登记"), wishes.MemberLeft, handling.member_left),
        Act(
            "member-joined",
            HANDLE,
            mark("成员增加"),
            mark("成员变化已登记"),
            wishes.MemberJoined,
            handling.member_joined,
        ),
        Act("inspect", REVIEW, mark("登记抽查结果"), mark("抽查结果已登记"), wishes.InspectCase, sampling.inspect_case),
        Act("appeal", HANDLE, mark("登记申诉"), mark("申诉已登记"), wishes.FileAppeal, remedies.file_appeal),
    )
}


def entries(wish: type[BaseModel]) -> list[Entry]:
    """The fields of a wish as its form shows them."""
    return entries_of(wish, VOCABULARIES, long=LONG)


def opened(work: "UnitOfWork", wish: wishes.NewCase) -> dict[str, Any]:
    """Open a case and answer what every door answers."""
    return standing(work, intake.new_case(work, wish))


def standing(work: "UnitOfWork", case: Case) -> dict[str, Any]:
    """Where a case stands: number, state, deadline and light. ``deadline`` is None while no clock runs."""
    clock = clock_of(work, case)
    return {
        "case": case.number,
        "id": case.id,
        "state": case.state,
        "deadline": clock.due_on,
        "step_deadline": case.step_due_on,
        "light": clock.light,
        "monthly_fen": case.monthly_fen,
        "effective_month": case.effective_month,
    }


def stepped(work: "UnitOfWork", number: str, event: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Take a step and answer where the case stands."""
    from plugins.casework.services.advancing import advance

    facts = advance(work, number, event, data)
    return {"event": event, **standing(work, case_by_id(work, facts.id))}
