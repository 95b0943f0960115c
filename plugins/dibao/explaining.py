"""The explanation of an assessment, line by line in plain Chinese: every figure with the rule behind it."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from core.api import _, format_money
from plugins.benefits.api import rounded
from plugins.casework.api import ComputedLine
from plugins.dibao import codes
from plugins.dibao.engine.supplements import amount_of
from plugins.dibao.words import AREA_KINDS, AWAY, INCOMES, MARKS, SUPPLEMENTS

if TYPE_CHECKING:
    from plugins.dibao.engine.assessing import Assessed
    from plugins.dibao.engine.facts import Income, Rules

EXACT = "half_up_fen"


def shown(fen: Fraction | int) -> str:
    """An exact amount as it is printed, rounded to the fen for the eye only."""
    return format_money(rounded(Fraction(fen), EXACT))


def lines(found: "Assessed", rules: "Rules") -> list[ComputedLine]:
    """Everything that made an amount, or made it nothing."""
    if found.income is None:
        return [ComputedLine(label=_("低保标准"), figure="--", note=_(codes.TITLES.get(found.code, found.code)))]
    names = {one.id: one.name for one in (*found.counted_people, *found.not_counted)}
    return [
        *_people(found),
        *_income(found, rules, names),
        *_standard(found),
        *_award(found, rules, names),
    ]


def _people(found: "Assessed") -> Iterator[ComputedLine]:
    yield ComputedLine(label=_("共同生活的家庭成员"), figure=_("{count} 人", count=len(found.counted_people)))
    for one in found.not_counted:
        why = _(MARKS[one.out]) if one.out in AWAY else _(codes.TITLES[codes.EXCLUDED])
        yield ComputedLine(label=_("不计入：{name}", name=one.name), figure="--", note=why)


def _income(found: "Assessed", rules: "Rules", names: Mapping[int, str]) -> Iterator[ComputedLine]:
    income = found.income
    if income is None:
        return
    for item, fen in income.items:
        note = _("无收入证明，按最低工资计算") if item.person_id in income.imputed and not item.title else _over(item)
        yield ComputedLine(label=_named(item, names), figure=shown(fen), note=note)
    for person, fen in income.costs:
        note = _(
            "工资的 {share}%，最高 {cap} 倍低保标准",
            share=_percent(rules, "work_cost_ratio"),
            cap=rules.values["work_cost_cap"],
        )
        yield ComputedLine(label=_("减：{name}必要就业成本", name=names[person]), figure=f"-{shown(fen)}", note=note)
    for obligor, fen in income.obligors:
        yield ComputedLine(
            label=_("{name}应付赡养抚养扶养费", name=obligor.name), figure=shown(fen), note=_obligation(obligor, rules)
        )
    if rules.word("expenditure") == "deduct" and income.rigid:
        yield ComputedLine(label=_("减：刚性支出"), figure=f"-{shown(income.rigid)}")
    for item, fen in income.excluded:
        yield ComputedLine(label=_("不计入：{item}", item=_named(item, names)), figure=shown(fen), note=item.ground)
    yield ComputedLine(label=_("家庭月收入"), figure=shown(income.total))
    yield ComputedLine(
        label=_("月人均收入"),
        figure=shown(found.per_capita),
        note=_("{total} ÷ {count} 人", total=shown(income.total), count=len(found.counted_people)),
    )


def _standard(found: "Assessed") -> Iterator[ComputedLine]:
    n = len(found.counted_people)
    label = _(AREA_KINDS[found.category])
    note = "" if found.whole == (found.standard or 0) * n else _("各成员标准合计 {whole}", whole=shown(found.whole))
    yield ComputedLine(label=_("{kind}标准", kind=label), figure=shown(found.standard or 0), note=note)


def _award(found: "Assessed", rules: "Rules", names: Mapping[int, str]) -> Iterator[ComputedLine]:
    if found.award is None:
        yield ComputedLine(label=_("每月补助"), figure=shown(0), note=reason_of(found))
        return
    n = len(found.counted_people)
    if rules.word("method") == "grades" and rules.values["grades"]:
        note = _("按分档补助")
    else:
        note = _(
            "（{standard} − {income}）× {count} 人",
            standard=shown(Fraction(found.whole, n)),
            income=shown(found.per_capita),
            count=n,
        )
    yield ComputedLine(label=_("差额补助"), figure=shown(found.award.base), note=note)
    for one in found.given:
        yield ComputedLine(
            label=_("分类施保：{name}，{kind}", name=names[one.person_id], kind=_(SUPPLEMENTS[one.kind])),
            figure=shown(one.fen),
            note=_supplement(one.kind, rules),
        )
    rounding = _("合计进到整元") if rules.word("rounding") == "ceil_yuan" else ""
    yield ComputedLine(label=_("每月补助"), figure=shown(found.award.total_fen), note=rounding)


def reason_of(found: "Assessed") -> str:
    """Why a family is not eligible, in a sentence; "" for one that is."""
    if not found.code:
        return ""
    if found.code == codes.INCOME:
        return _(
            "月人均收入 {income} 元，不低于低保标准 {standard} 元",
            income=shown(found.per_capita),
            standard=shown(Fraction(found.whole, len(found.counted_people))),
        )
    words = _(codes.TITLES.get(found.code, found.code))
    return (
        _("{words}（{about}）", words=words, about=found.about)
        if found.about and found.code == codes.EXCLUDED
        else words
    )


def figures(found: "Assessed") -> dict[str, Any]:
    """The figures of an assessment as machines read them, in whole fen; fractions are added exactly."""
    counted = found.income.total if found.income else Fraction(0)
    base = found.award.base if found.award else Fraction(0)
    return {
        "counted_fen": rounded(counted, EXACT),
        "per_capita_fen": rounded(found.per_capita, EXACT),
        "per_capita": f"{found.per_capita.numerator}/{found.per_capita.denominator}",
        "members": len(found.counted_people),
        "standard_fen": found.standard,
        "base_fen": rounded(base, EXACT),
        "supplements": [
            {"person": one.person_id, "kind": one.kind, "amount_fen": rounded(one.fen, EXACT)} for one in found.given
        ],
        "total_fen": found.total_fen,
        "eligible": found.eligible,
        "reason": found.code,
        "message": reason_of(found),
        "margin": found.margin,
        "hardship": found.hardship,
        "phase_out": found.phase_out,
        "class": found.review_class,
        "digest": found.digest,
    }


def _named(item: "Income", names: Mapping[int, str]) -> str:
    kind = item.title or _(INCOMES[item.type])
    return _("{name}：{kind}", name=names.get(item.person_id, ""), kind=kind)


def _over(item: "Income") -> str:
    if item.months == 1:
        return ""
    return _("{amount} ÷ {months} 个月", amount=format_money(item.fen), months=item.months)


def _percent(rules: "Rules", name: str) -> str:
    share = rules.ratio(name) * 100
    return str(share.numerator) if share.denominator == 1 else f"{float(share):.2f}"


def _obligation(obligor: Any, rules: "Rules") -> str:
    if obligor.agreed_fen:
        return _("判决、调解或协议 {amount} 元", amount=format_money(obligor.agreed_fen))
    return _(
        "人均收入超出 {factor} 倍标准部分的 {share}%，由 {supports} 名被赡养人平分",
        factor=rules.values["obligor_factor"],
        share=_percent(rules, "obligor_share"),
        supports=obligor.supports,
    )


def _supplement(kind: str, rules: "Rules") -> str:
    if kind in rules.values["supplement_fixed"]:
        return _("定额 {amount} 元", amount=shown(amount_of(kind, rules, 0)))
    return _("低保标准的 {share}%", share=_percent(rules, f"supplement_{kind}"))
