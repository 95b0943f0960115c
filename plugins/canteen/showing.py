"""What pages show: words instead of codes, cards of rows; templates decide nothing."""

from collections.abc import Mapping
from typing import Any

from core.api import COUNTY_TIME, _, draw_bar, format_money
from plugins.canteen import words

Rows = list[tuple[str, str]]


def titles(vocabulary: Mapping[str, str]) -> list[tuple[str, str]]:
    """Codes with their words in the reader's language."""
    return [(code, _(word)) for code, word in vocabulary.items()]


def state_tag(vocabulary: Mapping[str, str], state: str) -> tuple[str, str]:
    """A state as its tag: word and colour."""
    return _(vocabulary[state]), words.TAGS.get(state, "")


def at(moment: Any) -> str:
    """A moment of the county: 2026-11-20 08:30."""
    return f"{moment.astimezone(COUNTY_TIME):%Y-%m-%d %H:%M}" if moment else "--"


def day(one: Any) -> str:
    """A day, or the mark for none."""
    return one.isoformat() if one else "--"


def yuan(fen: int) -> str:
    """Fen in a sentence: 5,896.00 元."""
    return _("{amount} 元", amount=format_money(fen))


def meals(codes: str) -> str:
    """Meals in words."""
    return "、".join(_(words.MEALS[code]) for code in codes.split(",") if code)


def site_cards(one: Mapping[str, Any]) -> list[tuple[str, Rows]]:
    """Cards of a site, without its lists that link elsewhere."""
    host = " ".join(
        part for part in (_(words.HOSTS[one["host_kind"]]) if one["host_kind"] else "", one["host"]) if part
    )
    return [
        (
            _("站点"),
            [
                (_("类型"), _(words.KINDS[one["kind"]])),
                (_("所在村（社区）"), one["place"]),
                (_("地址"), one["address"]),
                (_("联系电话"), one["phone"]),
                (_("开放时间"), one["hours"]),
                (_("经纬度"), one["gps"]),
                (_("依托单位"), host),
                (_("供餐厨房"), one["parent"]),
                (_("供应餐次"), meals(one["meals"])),
                (_("建筑面积（平方米）"), str(one["floor_area"] or "--")),
                (_("座位数"), str(one["seats"])),
                (_("每餐供餐能力"), str(one["capacity_per_meal"] * one["turns"] or "--")),
                (_("明厨亮灶"), _("是") if one["bright_kitchen"] else _("否")),
                (_("食品经营许可证编号"), one["licence_number"]),
                (_("食品经营许可有效至"), day(one["licence_to"])),
                (_("经营者"), one["operator"]),
                (_("验收日期"), day(one["accepted_on"])),
                (_("开业日期"), day(one["opened_on"])),
                (_("登记就餐老人"), str(one["diners"])),
            ],
        ),
        (_("套餐"), [_set(row) for row in one["sets"]]),
        (_("合同"), [_contract(row) for row in one["contracts"]]),
        (_("状态变化"), [_state(row) for row in one["states"]]),
        (_("考核"), [_assessment(row) for row in one["assessments"]]),
        (_("留样"), [_sample(row) for row in one["samples"]]),
        (_("投诉和满意度"), [_feedback(row) for row in one["feedback"]]),
        *((_(words.GRANTS[row["kind"]]), _grant(row)) for row in one["grants"]),
    ]


def _set(row: Mapping[str, Any]) -> tuple[str, str]:
    since = day(row["from_on"])
    span = f"{since} – {day(row['to_on'])}" if row["to_on"] else _("{day} 起", day=since)
    parts = [_(words.MEALS[row["meal"]]), yuan(row["price_fen"]), span]
    return f"{row['code']} {row['name']}".strip(), " · ".join(parts)


def _contract(row: Mapping[str, Any]) -> tuple[str, str]:
    end = row["ended_on"] or row["to_on"]
    parts = [f"{day(row['from_on'])} – {day(end)}", _(words.PROCUREMENTS[row["procurement"]])]
    if row["bond_fen"]:
        parts.append(_("保证金 {amount} 元", amount=format_money(row["bond_fen"])))
    return row["number"], " · ".join(parts)


def _state(row: Mapping[str, Any]) -> tuple[str, str]:
    cause = _(words.CAUSES[row["cause"]]) if row["cause"] else ""
    parts = [_(words.STATES[row["state"]]), cause, row["reason"], row["document"]]
    return day(row["from_on"]), " · ".join(part for part in parts if part)


def _assessment(row: Mapping[str, Any]) -> tuple[str, str]:
    text = _("{score} 分，{grade} 等", score=row["score"], grade=row["grade"])
    return f"{row['from_month']} – {row['to_month']}", f"{text} · {row['basis']}"


def _sample(row: Mapping[str, Any]) -> tuple[str, str]:
    text = _(
        "{dish} {grams} 克，{since} 至 {until}，{degrees} ℃", dish=row["dish"], grams=row["grams"],
        since=at(row["kept_from"]), until=at(row["kept_to"]),
        degrees=f"{row['temperature_tenths'] / 10:.1f}",
    )  # fmt: skip
    return f"{day(row['day'])} {_(words.MEALS[row['meal']])}", f"{text} · {row['keeper']}"


def _feedback(row: Mapping[str, Any]) -> tuple[str, str]:
    if row["kind"] == "survey":
        return day(row["received_on"]), _("满意度 {score} 分", score=row["score"])
    outcome = _(words.OUTCOMES[row["outcome"]]) if row["outcome"] else _("办理中")
    parts = [f"{_('投诉')} {row['id']}", row["words"], outcome]
    return day(row["received_on"]), " · ".join(part for part in parts if part)


def _grant(row: Mapping[str, Any]) -> Rows:
    rows = [
        (_("补助金额"), yuan(row["amount_fen"])),
        (_("会议纪要编号"), row["minutes"]),
        (_("约定年限"), _("{years} 年，自 {day} 起", years=row["agreed_years"], day=day(row["accepted_on"]))),
        (_("状态"), _(words.GRANT_STATES[row["state"]])),
    ]
    rows += [
        (
            _("第 {place} 期", place=part["place"]),
            f"{yuan(part['amount_fen'])} · {day(part['due_on'])} · {_(words.PART_STATES[part['state']])}",
        )
        for part in row["parts"]
    ]
    if row["clawback_fen"]:
        rows.append((_("应追回"), yuan(row["clawback_fen"])))
    return rows


def operator_cards(one: Mapping[str, Any]) -> list[tuple[str, Rows]]:
    """Cards of an operator."""
    return [
        (
            _("经营者"),
            [
                (_("统一社会信用代码"), one["code"]),
                (_("经营者类型"), _(words.OPERATORS[one["kind"]])),
                (_("联系人"), one["contact"]),
                (_("联系电话"), one["phone"]),
                (_("银行账号"), _("尾号 {tail}", tail=one["account_tail"]) if one["account_tail"] else "--"),
            ],
        ),
        (
            _("合同"),
            [(row["number"], f"{row['site'] or _('全部站点')} · {_contract(row)[1]}") for row in one["contracts"]],
        ),
    ]


def diner_cards(one: Mapping[str, Any]) -> list[tuple[str, Rows]]:
    """Cards of a diner, for staff who may know the reason of a tier."""
    special = "、".join(_(words.STATUSES[word]) for word in one["statuses"])
    return [
        (
            _("就餐登记"),
            [
                (_("证件号码"), one["id_masked"]),
                (_("年龄"), "--" if one["age"] is None else _("{age} 周岁", age=one["age"])),
                (_("区划"), one["place"]),
                (_("特殊身份"), special),
                (_("起始日期"), day(one["from_on"])),
                (_("结束日期"), day(one["to_on"])),
                (_("复核日期"), day(one["reviewed_on"])),
                (_("需要送餐的原因"), one["delivery_reason"]),
                (_("饮食注意事项"), one["diet"]),
                (_("本人单独同意日期"), day(one["consent_on"])),
                (_("监护人电话"), _("已登记") if one["phone_given"] else "--"),
            ],
        ),
        (_("就餐卡"), [_card(row) for row in one["cards"]]),
    ]


def _card(row: Mapping[str, Any]) -> tuple[str, str]:
    state = _("停用于 {day}", day=day(row["ended_on"])) if row["ended_on"] else _("在用")
    return _("尾号 {tail}", tail=row["tail"]), f"{day(row['issued_on'])} · {state}"


def inspection_cards(one: Mapping[str, Any]) -> list[tuple[str, Rows]]:
    """Cards of an inspection."""
    lines = [line.strip() for line in one["checklist"].splitlines() if line.strip()]
    return [
        (
            _("检查"),
            [
                (_("检查日期"), day(one["inspected_on"])),
                (_("检查类型"), _(words.INSPECTIONS[one["kind"]])),
                (_("检查人员"), one["inspectors"]),
                (_("得分"), str(one["score"])),
                (_("问题程度"), _(words.SEVERITIES[one["severity"]])),
                (_("发现的问题"), one["hazards"]),
                (_("整改期限"), day(one["deadline"])),
                (_("整改完成日期"), day(one["rectified_on"])),
                (_("整改情况"), one["rectified"]),
            ],
        ),
        (_("检查表"), [(str(place), line) for place, line in enumerate(lines, start=1)]),
    ]


def settlement_cards(one: Mapping[str, Any]) -> list[tuple[str, Rows]]:
    """Cards of a settlement: what was counted, how the claim follows, who did what."""
    average = f"{one['average_hundredths'] // 100}.{one['average_hundredths'] % 100:02d}"
    return [
        (
            _("用餐"),
            [
                (_("享受补贴的用餐"), _("{meals} 餐，{persons} 人", meals=one["meals"], persons=one["persons"])),
                (_("全价用餐"), _("{meals} 餐", meals=one["full_price_meals"])),
                (_("送餐"), _("{meals} 餐", meals=one["delivery_meals"])),
                (_("服务天数"), _("{days} 天", days=one["service_days"])),
                (_("停业天数"), _("{days} 天", days=one["suspended_days"])),
                (_("日均补贴餐数"), average),
                (_("餐费原价"), yuan(one["list_price_fen"])),
                (_("老人自付"), yuan(one["diner_paid_fen"])),
            ],
        ),
        (
            _("申报"),
            [
                (_("就餐补贴"), yuan(one["diner_subsidy_fen"])),
                *((_(words.PAYER_WORDS[payer]), yuan(fen)) for payer, fen in one["parts"].items()),
                (_("每餐运营补贴"), yuan(one["rate_fen"])),
                (_("考核等次"), f"{one['grade']} · {one['factor_percent']}%"),
                (_("运营补贴"), yuan(one["operating_subsidy_fen"])),
                (_("申报金额"), yuan(one["claim_fen"])),
                (_("会议纪要编号"), one["minutes"]),
                (_("经营者"), one["operator"]),
                (_("支付日期"), day(one["paid_on"])),
            ],
        ),
        (_("办理过程"), [_step(row) for row in one["steps"]]),
    ]


def split_of(one: Mapping[str, Any]) -> dict[str, Any]:
    """Who bears what of the meals' list price: diners and each payer, as one bar; {} when nothing was eaten."""
    payers = [(_(words.PAYER_WORDS[payer]), fen) for payer, fen in one["parts"].items()]
    parts = [(_("老人自付"), one["diner_paid_fen"]), *payers]
    if not any(fen for _word, fen in parts):
        return {}
    rows = [(word, yuan(fen)) for word, fen in parts]
    return {
        "title": _("餐费由谁承担"),
        "parts": draw_bar([(word, fen, hue) for hue, (word, fen) in enumerate(parts, start=1)], said=format_money),
        "rows": rows,
        "label": " · ".join(f"{word} {fen}" for word, fen in rows),
    }


def _step(row: Mapping[str, Any]) -> tuple[str, str]:
    return at(row["at"]), " · ".join(part for part in (_(words.STEPS[row["step"]]), row["who"], row["reason"]) if part)


def rates_cards(found: Mapping[str, Any]) -> list[tuple[str, Rows]]:
    """Cards of the rates of a day."""
    document = _("手册默认") if found["document"] == "handbook" else found["document"]
    factors = " · ".join(f"{grade} {percent}%" for grade, percent in found["factors"].items())
    return [
        (_("依据"), [(_("文号"), document)]),
        (
            _("就餐补贴"),
            [
                (f"{tier['code']} · {yuan(tier['rate_fen'])}", _tier(tier))
                for tier in found["tiers"]
            ],
        ),
        (
            _("运营补贴"),
            [
                *(
                    (
                        _("日均 {average} 餐起", average=step["average"]),
                        _("每餐 {amount} 元", amount=format_money(step["rate_fen"])),
                    )
                    for step in found["operating"]
                ),
                (_("等次系数（%）"), factors),
                (_("每站每月上限"), yuan(found["cap_fen"])),
            ],
        ),
    ]  # fmt: skip


def _tier(tier: Mapping[str, Any]) -> str:
    shared = len(tier["parts"]) > 1
    parts = [f"{payer} {yuan(fen)}" for payer, fen in tier["parts"].items()] if shared else []
    return " · ".join([tier["who"], *parts])
