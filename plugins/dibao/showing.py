"""A family as its page shows it: words instead of codes; templates decide nothing."""

from collections.abc import Mapping
from typing import Any

from core.api import _, format_money
from plugins.dibao import words

Rows = list[tuple[str, str]]


def family_cards(found: Mapping[str, Any]) -> list[tuple[str, Rows]]:
    """Cards of a family in their order: a title and its rows."""
    return [
        (_("家庭成员"), [_member(one) for one in found["members_listed"]]),
        (_("收入"), [_income(one) for one in found["income"]]),
        (_("财产"), [_property(one) for one in found["property"]]),
        (_("刚性支出"), [_expenditure(one) for one in found["expenditure"]]),
        (_("赡养抚养扶养义务人"), [_obligor(one) for one in found["obligors"]]),
        (_("历次核定"), [_award(one) for one in found["awards"]]),
    ]


def papers_of(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The papers that fit: kind and title."""
    listed = [("explanation", _("补助测算说明")), ("archive", _("档案目录"))]
    return [("certificate", _("低保证")), *listed] if found["awards"] else listed


def _member(one: Mapping[str, Any]) -> tuple[str, str]:
    marks = [_(words.MARKS[mark]) for mark in one["marks"]]
    labour = _(words.LABOUR[one["labour"]]) if one["labour"] else ""
    return one["name"], " · ".join(part for part in (labour, one["job"], one["school"], *marks, one["health"]) if part)


def _income(one: Mapping[str, Any]) -> tuple[str, str]:
    title = one["title"] or _(words.INCOMES[one["type"]])
    amount = _("{amount} 元 / {months} 个月", amount=format_money(one["amount_fen"]), months=one["months"])
    counted = _("不计入：{ground}", ground=one["ground"]) if one["excluded"] else ""
    return _("{name}：{title}", name=one["name"], title=title), " · ".join(
        part for part in (amount, counted, one["evidence"]) if part
    )


def _property(one: Mapping[str, Any]) -> tuple[str, str]:
    value = _("{amount} 元", amount=format_money(one["value_fen"]))
    label = _("{name}：{title}", name=one["name"], title=_(words.PROPERTIES[one["type"]]))
    return label, " · ".join(part for part in (value, one["exempt"]) if part)


def _expenditure(one: Mapping[str, Any]) -> tuple[str, str]:
    label = _("{name}：{title}", name=one["name"], title=_(words.EXPENDITURES[one["type"]]))
    return label, _("{amount} 元 / {months} 个月", amount=format_money(one["amount_fen"]), months=one["months"])


def _obligor(one: Mapping[str, Any]) -> tuple[str, str]:
    income = _("{members} 人，月收入 {amount} 元", members=one["members"], amount=format_money(one["income_fen"]))
    return one["name"], " · ".join(part for part in (one["relation"], income) if part)


def _award(one: Mapping[str, Any]) -> tuple[str, str]:
    months = _("从 {month} 起", month=one["effective_month"])
    outcome = _(words.OUTCOMES[one["outcome"]])
    amount = _("{amount} 元", amount=format_money(one["total_fen"]))
    return months, " · ".join(part for part in (outcome, amount, one["reason"]) if part)
