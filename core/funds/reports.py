"""What the statements of the funds are called and hold; how they are reckoned is read when one is asked for."""

import importlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from core.extension import Column, Parameter, Report
from core.texts import mark

if TYPE_CHECKING:
    from core.work import UnitOfWork

_PERIOD = Parameter(name="period", title=mark("月份"), kind="month", default="current")


def _late(name: str) -> Callable[..., Iterable[list[Any]]]:
    """A statement whose module, and the tables it asks, no command that shows a household waits for."""

    def rows(work: "UnitOfWork", **asked: Any) -> Iterable[list[Any]]:
        return getattr(importlib.import_module("core.funds.statements"), name)(work, **asked)

    return rows


REPORTS = (
    Report(
        name="funds-statement",
        chart=("name", "spent", "closing"),
        title=mark("资金收支明细表"),
        permission="funds.show",
        parameters=(_PERIOD,),
        columns=(
            Column(name="source", title=mark("来源")),
            Column(name="fund", title=mark("资金")),
            Column(name="name", title=mark("名称")),
            Column(name="scheme", title=mark("用途")),
            Column(name="document", title=mark("文号")),
            Column(name="opening", title=mark("期初"), kind="money", total=True),
            Column(name="income", title=mark("收入"), kind="money", total=True),
            Column(name="spent", title=mark("支出"), kind="money", total=True),
            Column(name="closing", title=mark("结余"), kind="money", total=True),
            Column(name="owed", title=mark("其中应付"), kind="money", total=True),
        ),
        rows=_late("statement"),
    ),
    Report(
        name="funds-payments",
        chart=("town", "amount"),
        title=mark("发放汇总表"),
        permission="funds.show",
        parameters=(_PERIOD,),
        columns=(
            Column(name="scheme", title=mark("业务")),
            Column(name="town", title=mark("乡镇")),
            Column(name="category", title=mark("类别")),
            Column(name="month", title=mark("月份"), kind="month"),
            Column(name="component", title=mark("项目")),
            Column(name="count", title=mark("行数"), kind="integer", total=True),
            Column(name="amount", title=mark("金额"), kind="money", total=True),
        ),
        rows=_late("payments"),
    ),
    Report(
        name="funds-trial-balance",
        title=mark("科目余额表"),
        permission="funds.show",
        parameters=(_PERIOD,),
        columns=(
            Column(name="books", title=mark("账套")),
            Column(name="account", title=mark("科目")),
            Column(name="title", title=mark("科目名称")),
            Column(name="debit", title=mark("借方"), kind="money"),
            Column(name="credit", title=mark("贷方"), kind="money"),
            Column(name="balance", title=mark("余额"), kind="money"),
        ),
        rows=_late("trial_balance"),
    ),
)
