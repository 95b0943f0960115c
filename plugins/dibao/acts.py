"""Every act on a family, once: its right, its words, its wish. Pages, commands and API are made of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from core.api import Entry, entries_of, mark
from plugins.dibao import wishes, words
from plugins.dibao.services import declaring, jobs, life_events, margins

if TYPE_CHECKING:
    from core.api import UnitOfWork


@dataclass(frozen=True)
class Act:
    """One act: the right it asks for, its title, what is said afterwards, its wish and the service behind it."""

    name: str
    right: str
    title: str
    done: str
    wish: type[BaseModel]
    do: "Callable[[UnitOfWork, str, Any], Mapping[str, Any]]"
    form: bool = True
    danger: bool = False


def _register(work: "UnitOfWork", number: str, wish: wishes.Register) -> dict[str, Any]:
    row = margins.register(work, number, wish)
    return {"id": row.id, "kind": row.kind, "members": row.members, "since": row.since}


def _leave(work: "UnitOfWork", number: str, wish: wishes.Leave) -> dict[str, Any]:
    row = margins.leave(work, number, wish)
    return {"id": row.id, "until": row.until}


_ASSESS = declaring.RIGHT
ACTS: Mapping[str, Act] = {
    one.name: one
    for one in (
        Act(
            "income",
            _ASSESS,
            mark("登记收入"),
            mark("收入已登记"),
            wishes.AddIncome,
            declaring.add_income,
        ),
        Act(
            "member",
            _ASSESS,
            mark("登记成员情况"),
            mark("成员情况已登记"),
            wishes.AssessMember,
            declaring.assess_member,
        ),
        Act(
            "job-refusal",
            jobs.RIGHT,
            mark("登记介绍工作"),
            mark("介绍工作已登记"),
            wishes.RefuseJob,
            jobs.record_offer,
        ),
        Act(
            "margin",
            margins.RIGHT,
            mark("登记低保边缘家庭"),
            mark("已登记为低保边缘家庭"),
            wishes.Register,
            _register,
        ),
        Act(
            "margin-leave",
            margins.RIGHT,
            mark("移出边缘家庭名单"),
            mark("已移出名单"),
            wishes.Leave,
            _leave,
            danger=True,
        ),
        Act(
            "recompute",
            life_events.RECOMPUTE,
            mark("重新测算"),
            mark("已重新测算"),
            wishes.Recompute,
            life_events.recompute,
        ),
        Act("set-income", _ASSESS, "", "", wishes.SetIncome, declaring.set_income, form=False),
        Act("set-property", _ASSESS, "", "", wishes.SetProperty, declaring.set_property, form=False),
        Act("set-expenditure", _ASSESS, "", "", wishes.SetExpenditure, declaring.set_expenditure, form=False),
        Act("set-obligors", _ASSESS, "", "", wishes.SetObligors, declaring.set_obligors, form=False),
    )
}
VOCABULARIES: tuple[Mapping[str, str], ...] = (
    words.INCOMES, words.PERIODS, words.PROPERTIES, words.EXPENDITURES, words.LABOUR,
    {**words.MARKS, **words.SUPPLEMENTS}, words.CAMPAIGNS, words.RESULTS, words.LINKED,
)  # fmt: skip
LONG = frozenset({"health", "reason", "note", "good_reason"})


def entries(wish: type[BaseModel]) -> list[Entry]:
    """The fields of a wish as its form shows them."""
    return entries_of(wish, VOCABULARIES, long=LONG)
