"""What pages, commands and papers show: words instead of codes, figures as they are printed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from core.api import COUNTY_TIME, _, rounded
from plugins.indicators import words

Rows = list[tuple[str, str]]
One = Mapping[str, Any]
NOTHING = "--"


def titles(vocabulary: Mapping[str, str]) -> list[tuple[str, str]]:
    """Codes with their words in the reader's language."""
    return [(code, _(word)) for code, word in vocabulary.items()]


def figure(text: str, unit: str = "", kind: str = "") -> str:
    """A figure as it is printed: rates and money with two decimals, thousands set apart, -- for unknown."""
    if not text:
        return NOTHING
    if kind == "deadline":
        return text
    number = Decimal(text)
    if kind == "rate" or unit == "%":
        return f"{rounded(number):,}%"
    if number != number.to_integral_value() or unit.startswith("元"):
        return f"{rounded(number):,}"
    return f"{int(number):,}"


def number(text: str, unit: str = "", kind: str = "") -> Decimal | int | str | None:
    """A figure for the cell of a report: rates and money with two decimals, the day of a deadline as text."""
    if not text or kind == "deadline":
        return text or None
    plain = Decimal(text)
    whole = plain == plain.to_integral_value() and kind != "rate" and unit != "%" and not unit.startswith("元")
    return int(plain) if whole else rounded(plain)


def gap(text: str, unit: str = "", kind: str = "") -> str:
    """A signed gap: +3.50, −1, or days of a deadline; -- for unknown."""
    if not text:
        return NOTHING
    if kind == "deadline":
        days = int(Decimal(text))
        return _("晚 {days} 天", days=days) if days > 0 else _("早 {days} 天", days=-days) if days else _("按期")
    shown = figure(text.lstrip("+"), unit, kind)
    if kind == "rate":
        shown = _("{points} 个百分点", points=shown.removesuffix("%"))
    return f"+{shown}" if Decimal(text) > 0 else shown


def aim(target: One | None, unit: str = "", kind: str = "") -> str:
    """A target in words: 不低于 374.00，2026-12-31 前; -- for none."""
    if target is None:
        return NOTHING
    day = target["due_on"]
    if not target["value"]:
        return _("{day} 前", day=day) if day else NOTHING
    said = f"{_(words.COMPARATORS[target['comparator']])} {figure(target['value'], unit, kind)}"
    return _("{said}，{day} 前", said=said, day=day) if day else said


def document(text: str) -> str:
    """The document of a target; the handbook's default says so."""
    return _("手册默认") if text == "handbook" else text


def state(code: str) -> tuple[str, str]:
    """How an indicator stands, as its tag: word and colour."""
    return _(words.STATES[code]), words.TAGS.get(code, "")


def state_of(room: str, one: One) -> tuple[str, str]:
    """The state of a thing as its tag."""
    if room == "stated" and one["state"] in ("open", "closes"):
        return _(words.RESULTS[one["result"]]), words.TAGS.get(one["result"], "warn")
    known = {"targets": words.TARGET_STATES, "stated": words.STATED_STATES, "reports": words.REPORT_STATES}
    return _(known[room][one["state"]]), words.TAGS.get(one["state"], "")


def head_of(room: str, one: One) -> str:
    """What a row is called."""
    return str(one["number"] if room == "reports" else one["title"])


def cells_of(room: str, one: One) -> Rows:
    """The cells of a row of a list."""
    if room == "targets":
        return [
            (_("期间"), one["period"]),
            (_("适用区划"), one["place"] or _("每个乡镇")),
            (_("目标"), aim(one, one["unit"])),
            (_("文号"), one["document"]),
        ]
    if room == "stated":
        return [
            (_("核对内容"), _(words.STATED_KINDS[one["kind"]])),
            (_("期间"), one["period"]),
            (_("计算得"), one["computed"] or NOTHING),
            (_("写的是"), one["stated"] or NOTHING),
            (_("差额"), one["difference"] or NOTHING),
        ]
    return [
        (_("期间"), one["period_title"]),
        (_("编制"), signed(one, "made")),
        (_("审核"), signed(one, "checked")),
        (_("签发"), signed(one, "issued")),
    ]


def signed(one: One, step: str) -> str:
    """Who took a step of a report, and when; "" while nobody has."""
    return f"{one[f'{step}_by']} {one[f'{step}_on']}" if one[f"{step}_on"] else ""


def cards_of(room: str, one: One) -> list[tuple[str, Rows]]:
    """The cards of a page: what is known of a thing."""
    if room == "targets":
        return [
            (
                _("目标"),
                [
                    (_("统计指标"), one["title"]),
                    *cells_of(room, one),
                    (_("设定"), f"{one['set_by']} {one['set_on']}"),
                    (_("撤销日期"), str(one["revoked_on"] or "")),
                    (_("事由"), one["reason"]),
                ],
            )
        ]
    if room == "stated":
        return _stated_cards(one)
    return [
        (
            _("报表"),
            [(_("报表编号"), one["number"]), *cells_of(room, one), (_("重新编制的事由"), one["reason"])],
        )
    ]


def _stated_cards(one: One) -> list[tuple[str, Rows]]:
    cells = cells_of("stated", one)
    came = [(_("结果"), _(words.RESULTS[one["result"]])), (_("说明"), one["told"]), (_("代码"), one["code"])]
    where = [(_("来源"), one["source"]), *cells[:2], (_("区划"), one["place"]), *given_of(one)]
    return [
        (_("核对结果"), [*cells[2:], *came]),
        (_("来源"), [*where, (_("录入"), f"{one['entered_by']} {one['entered_on']}")]),
        (_("不符原因"), _answered(one)),
    ]


def _answered(one: One) -> Rows:
    if one["withdrawn_on"]:
        return [(_("撤回日期"), str(one["withdrawn_on"])), (_("事由"), one["reason"])]
    if not one["acknowledged_by"]:
        return []
    at = one["acknowledged_at"].astimezone(COUNTY_TIME)
    return [(_("说明人"), f"{one['acknowledged_by']} {at:%Y-%m-%d %H:%M}"), (_("说明"), one["acknowledgement"])]


def given_of(one: One) -> Rows:
    """What was typed of a stated figure."""
    names = {
        "parts": _("各项"), "part": _("分子"), "bases": _("分母"), "month": _("月额"), "average": _("写的平均"),
        "limit": _("写的上限"), "report_year": _("总结年度"), "plan_year": _("计划年度"),
    }  # fmt: skip
    return [
        (names[name], "、".join(map(str, value)) if isinstance(value, list) else str(value))
        for name, value in one["given"].items()
        if name in names
    ]


def summary_cells(one: One) -> list[str]:
    """An indicator of a period as a line: figure, year to date, average, target, state, gap."""
    kind, unit = one["kind"], one["unit"]
    return [
        one["title"],
        unit,
        figure(one["value"], unit, kind),
        figure(one["to_date"], unit, kind) if one["cumulative"] else "",
        figure(one["average"], unit, kind) if one["average"] else "",
        aim(one["target"], unit, kind),
        state(one["state"])[0],
        gap(one["gap"], unit, kind) if one["gap"] else "",
    ]


def area_cells(one: One, row: One) -> list[str]:
    """One area of an indicator: figure, year to date, target, state, gap."""
    kind, unit = one["kind"], one["unit"]
    return [
        figure(row["value"], unit, kind),
        figure(row["to_date"], unit, kind) if one["cumulative"] else "",
        aim(row["target"], unit, kind),
        state(row["state"])[0],
        gap(row["gap"], unit, kind) if row["gap"] else "",
    ]
