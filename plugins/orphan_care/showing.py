"""A file as a page shows it: words instead of codes, steps, cards; templates decide nothing."""

from collections.abc import Mapping
from typing import Any

from core.api import _, format_money
from plugins.orphan_care import words

_STEPS = (("applied", "applied_on"), ("township_checked", "checked_on"), ("approved", "approved_on"), ("active", ""))
Rows = list[tuple[str, str]]


def titles(vocabulary: Mapping[str, str]) -> list[tuple[str, str]]:
    """Codes with their words in the reader's language."""
    return [(code, _(word)) for code, word in vocabulary.items()]


def steps_of(case: Mapping[str, Any]) -> list[dict[str, str]]:
    """The steps of a file with their days; the one that waits is now."""
    order = [name for name, _day in _STEPS]
    at = order.index(case["state"]) if case["state"] in order else len(order)
    found = []
    for place, (name, day) in enumerate(_STEPS):
        state = "done" if place < at else "now" if place == at else ""
        note = _shown(case[day]) if day and case[day] else case["from_month"] if name == "active" else ""
        found.append({"title": _(words.STATES[name]), "note": note, "state": state})
    return found


def lanes_of(case: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the child gets over time, as lines: scheme and months."""
    return [
        (
            one["scheme_title"],
            _("{since} 至 {until}", since=one["from_month"], until=one["to_month"] or _("现在")),
        )
        for one in case["benefits"]
    ]


def papers_of(case: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The papers that fit where a file stands: kind and title."""
    found = [("application", _("申请表")), ("agreement", _("监护责任书")), ("authorisation", _("核对授权书"))]
    if case["approved_on"] or case["carried_over"]:
        found += [("approval", _("确认通知书")), ("review", _("年度复核表"))]
    if case["cause"]:
        found.append(("stop", _("停发通知书")))
    return found


def case_cards(case: Mapping[str, Any]) -> list[tuple[str, Rows]]:
    """Cards of a file in their order: a title and its rows."""
    cards: list[tuple[str, Rows]] = [
        (_("儿童"), _child(case)),
        (_("父母情形"), [_basis(one) for one in case["bases"] if one["current"]]),
        (_("监护人"), [_guardian(one) for one in case["guardians"]]),
        (_("其他待遇"), [_aid(one) for one in case["aids"]]),
        (_("走访"), [_visit(one) for one in case["visits"][:12]]),
        (_("复核"), [_review(one) for one in case["reviews"]]),
        (_("助学等补助"), [_grant(one) for one in case["grants"]]),
        (_("结对关爱"), [_pairing(one) for one in case["pairings"]]),
    ]
    if case["confided"]:
        cards.append((_("只限县级主管"), _confided(case["confided"])))
    return cards


def _child(case: Mapping[str, Any]) -> Rows:
    rows = [
        (_("姓名"), case["name"]),
        (_("类别"), case["category_title"]),
        (_("出生日期"), _shown(case["born"])),
        (_("年龄"), "--" if case["age"] is None else _("{age} 周岁", age=case["age"])),
        (_("区划"), case["place"]),
        (_("养育机构"), case["institution"]),
        (_("就读学校"), case["school"]),
        (_("学段"), _(words.SCHOOLING[case["schooling"]]) if case["schooling"] else ""),
        (_("起始月"), case["from_month"]),
        (_("满 18 周岁"), _shown(case["adult_on"])),
        (_("需求"), case["needs"]),
    ]
    if case["cause"]:
        rows.append((_("停发原因"), f"{_(words.CAUSES[case['cause']])} {_shown(case['cause_on'])}"))
        rows.append((_("最后发放月"), case["last_month"]))
    return rows


def _basis(one: Mapping[str, Any]) -> tuple[str, str]:
    parts = [_(words.BASES[one["kind"]]), one["illness"], one["document"]]
    if one["grade"]:
        kind = _(words.DISABILITIES[one["disability"]]) if one["disability"] else ""
        parts.insert(1, _("{kind} {grade} 级", kind=kind, grade=one["grade"]))
    if one["review_on"]:
        parts.append(_("{day} 前重新核实", day=one["review_on"]))
    return _(words.PARENTS[one["parent"]]), " · ".join(part for part in parts if part)


def _guardian(one: Mapping[str, Any]) -> tuple[str, str]:
    since = _("{since} 起", since=one["since"]) if one["until"] is None else f"{one['since']} – {one['until']}"
    agreed = _("责任书 {day}", day=one["agreed_on"]) if one["agreed_on"] else _("未签责任书")
    relation = _(words.RELATIONS[one["relation"]]) if one["relation"] else ""
    return one["name"] or "--", " · ".join(part for part in (relation, since, agreed) if part)


def _aid(one: Mapping[str, Any]) -> tuple[str, str]:
    until = one["until_month"] or _("现在")
    amount = _("{amount} 元", amount=format_money(one["amount_fen"]))
    return _(words.AIDS[one["kind"]]), f"{amount} · {_('{since} 至 {until}', since=one['from_month'], until=until)}"


def _visit(one: Mapping[str, Any]) -> tuple[str, str]:
    marks = [
        f"{title} {_(words.GOOD[one[name]])}"
        for name, title in (("safety", _("安全")), ("schooling", _("学习")), ("money", _("基本生活费使用")))
    ]
    return f"{one['visited_on']} {_(words.LEVELS[one['level']])}", " · ".join([*marks, one["findings"]]).strip(" ·")


def _review(one: Mapping[str, Any]) -> tuple[str, str]:
    title = _(words.REVIEWS[one["kind"]])
    if one["done_on"] is None:
        return title, _("{day} 前办理", day=one["due_on"])
    return f"{one['done_on']} {title}", " ".join([_(words.OUTCOMES[one["outcome"]]), one["note"]]).strip()


def _grant(one: Mapping[str, Any]) -> tuple[str, str]:
    amount = _("{amount} 元", amount=format_money(one["amount_fen"]))
    return f"{one['granted_on']} {_(words.GRANTS[one['kind']])}", f"{amount} · {_(words.SOURCES[one['source']])}"


def _pairing(one: Mapping[str, Any]) -> tuple[str, str]:
    share = "--" if one["fulfilled"] is None else _("兑现 {share}%", share=one["fulfilled"])
    return one["sponsor_name"], f"{_(words.PAIRINGS[one['kind']])} · {one['since']} · {share}"


def _confided(facts: Mapping[str, Any]) -> Rows:
    rows = [(_("类别"), _(words.CONFIDED[words.HIV]))] if facts.get("hiv") else []
    return [*rows, (_("情况"), facts.get("facts", ""))]


def _shown(day: Any) -> str:
    return day.isoformat() if day else "--"
