"""Letters to the applicant: accepted, not accepted, what lacks, granted, refused, raised, lowered, stopped."""

from collections.abc import Mapping
from typing import Any

from core.api import Column, Sheet, _
from plugins.casework.paper_parts import (
    EXPLANATION,
    Printing,
    day,
    explanation_rows,
    month,
    remedy,
    require_reasons,
    required,
    word,
    yuan,
)
from plugins.casework.reading import data_of, last_event
from plugins.casework.words import OUTCOMES

_CHANGES = ("suspend", "resume", "phase_out", "stop", "review", "recompute")
_TITLES = {
    "suspend": "暂停发放决定书",
    "resume": "恢复发放决定书",
    "phase_out": "渐退期通知书",
    "stop": "停发决定书",
    "increase": "增发决定书",
    "decrease": "减发决定书",
}


def accepted(printing: Printing) -> Sheet:
    """D03: the application was accepted, and until when it is decided."""
    case = printing.file.case
    event = required(last_event(printing.file, "accept"), _("还没有受理"))
    limit = f"自受理之日起 {printing.file.flow.working_days} 个工作日内"
    if case.special:
        limit = f"自受理之日起 {printing.file.flow.special_working_days} 个工作日内（{case.special}）"
    return printing.letter(
        "受理通知书",
        [*printing.head(), ("受理日期", day(event.day)), ("办结期限", day(case.due_on))],
        (
            f"{case.applicant}：",
            f"你家庭于{day(case.applied_on)}提出的{printing.kind.title}申请，材料齐全，现予受理。",
            f"我们将{limit}作出决定。请配合家庭经济状况核对和入户调查，家庭情况有变化的及时告知。",
        ),
        dated=event.day,
    )


def not_accepted(printing: Printing) -> Sheet:
    """D04: the application is not for this office, and why."""
    case = printing.file.case
    event = required(last_event(printing.file, "reject_formally"), _("没有不予受理的决定"))
    paths = remedy(printing, event.day)
    require_reasons(("不予受理的理由", event.text1), ("救济途径", paths))
    return printing.letter(
        "不予受理通知书",
        [*printing.head(), ("决定日期", day(event.day))],
        (
            f"{case.applicant}：",
            f"你家庭于{day(case.applied_on)}提出的{printing.kind.title}申请，不予受理。理由：{event.text1}",
            paths,
        ),
        dated=event.day,
    )


def missing_papers(printing: Printing) -> Sheet:
    """D05: everything that lacks, told once."""
    told = [one for one in printing.file.parts["event"] if one.word1 == "return" and one.word3 == "draft"]
    event = required(told, _("没有告知补正"))[-1]
    titles = {one.kind: one.title for one in printing.file.flow.papers}
    titles |= {one.word1: one.text1 for one in printing.file.parts["paper"]}
    missing = data_of(event).get("missing", ())
    return printing.letter(
        "一次性补正告知书",
        printing.head(),
        (
            f"{printing.file.case.applicant}：",
            "你家庭的申请还缺少下列材料，现一次告知。补齐后即予受理，补正时间不计入办理期限。",
            f"说明：{event.text1}",
        ),
        columns=(Column(name="paper", title="需要补正的材料"),),
        rows=[(titles.get(one, one),) for one in missing],
        dated=event.day,
    )


def granted(printing: Printing) -> Sheet:
    """D14: who is granted what from which month, with the computation attached."""
    file, case = printing.file, printing.file.case
    decided = case.decided_on is not None and case.monthly_fen is not None and case.state != "refused"
    required(decided, _("还没有审核确认"))
    amount, first = _first_grant(printing)
    paths = remedy(printing, case.decided_on)
    require_reasons(("救济途径", paths))
    fields = [
        *printing.head(),
        ("保障人数", f"{len(file.members)} 人"),
        ("类别", f"{case.review_class} 类" if case.review_class else "--"),
        ("月补助金额", yuan(amount)),
        ("起始月", month(first)),
        ("文号", case.document or "--"),
        ("决定日期", day(case.decided_on)),
    ]
    return printing.letter(
        "审核确认通知书",
        fields,
        (
            f"{case.applicant}：",
            f"经审核和公示，你家庭符合{printing.kind.title}条件，确认从{month(first)}起按月发放。"
            f"依据：{printing.kind.legal_basis}。",
            "家庭人口、收入和财产发生变化的，应当及时告知乡镇人民政府（街道办事处）。",
            paths,
        ),
        columns=EXPLANATION,
        rows=explanation_rows(file),
        office=printing.decider,
        dated=case.decided_on,
    )


def refused(printing: Printing) -> Sheet:
    """D15: the refusal with its reasons, the rule and the remedy; without one of them it is not printed."""
    case = printing.file.case
    event = required(last_event(printing.file, "refuse") if case.state == "refused" else None, _("没有不予确认的决定"))
    rule, paths = str(data_of(event).get("rule", "")), remedy(printing, event.day)
    require_reasons(("理由", case.reason), ("依据的条款", rule), ("救济途径", paths))
    return printing.letter(
        "不予确认告知书",
        [*printing.head(), ("决定日期", day(event.day))],
        (
            f"{case.applicant}：",
            f"你家庭于{day(case.applied_on)}提出的{printing.kind.title}申请，经审核，不予确认。",
            f"理由：{case.reason}",
            f"依据：{rule}",
            paths,
        ),
        columns=EXPLANATION if printing.file.explanation else (),
        rows=explanation_rows(printing.file),
        office=printing.decider,
        dated=event.day,
    )


def changed(printing: Printing) -> Sheet:
    """D18: the newest decision on a family in payment: raised, lowered, suspended, stopped."""
    case = printing.file.case
    event = required(_last_change(printing), _("没有增发、减发或停发的决定"))
    data = data_of(event)
    outcome = _outcome(event.word1, data)
    reason, paths = event.text1 or case.reason, remedy(printing, event.day)
    require_reasons(("理由", reason), ("救济途径", paths))
    since = month(str(data.get("effective_month", "")))
    fields = [*printing.head(), ("决定日期", day(event.day)), ("从哪个月起", since)]
    if "before_fen" in data or "after_fen" in data:
        fields += [("原月补助", yuan(data.get("before_fen", 0))), ("现月补助", yuan(data.get("after_fen", 0)))]
    if data.get("until_month"):
        fields.append(("照发到", month(str(data["until_month"]))))
    return printing.letter(
        _TITLES.get(outcome, f"{word(OUTCOMES, outcome)}决定书"),
        fields,
        (f"{case.applicant}：", f"{reason}。依据：{printing.kind.legal_basis}。", paths),
        columns=EXPLANATION if printing.file.explanation else (),
        rows=explanation_rows(printing.file),
        office=printing.decider,
        dated=event.day,
    )


def _outcome(event: str, data: Mapping[str, Any]) -> str:
    """What a decision came to: its own word, or by the amounts where it was computed anew."""
    if data.get("outcome"):
        return str(data["outcome"])
    if event != "recompute":
        return event
    return "increase" if data.get("after_fen", 0) > data.get("before_fen", 0) else "decrease"


def _last_change(printing: Printing) -> Any:
    for one in reversed(printing.file.parts["event"]):
        data = data_of(one)
        same = data.get("outcome") == "same" or (one.word1 == "recompute" and not _differs(data))
        if one.word1 in _CHANGES and not same:
            return one
    return None


def _differs(data: Mapping[str, Any]) -> bool:
    return data.get("before_fen", 0) != data.get("after_fen", 0)


def _first_grant(printing: Printing) -> tuple[int | None, str]:
    """The amount and month of the grant itself, whatever was changed since."""
    event = last_event(printing.file, "period_end", "propose_grant")
    data = data_of(event) if event is not None else {}
    case = printing.file.case
    return data.get("monthly_fen", case.monthly_fen), str(data.get("effective_month") or case.effective_month)
