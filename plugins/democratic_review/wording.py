"""How the records of panels and ballots read; no member is named, no choice is known."""

from collections.abc import Mapping
from typing import Any

from core.api import _, mark

_WORDS: Mapping[str, str] = {
    "democratic_review.panel_set": mark("登记评审团"),
    "democratic_review.member_replaced": mark("更换评审团成员"),
    "democratic_review.relative_declared": mark("登记评审团成员的近亲属"),
    "democratic_review.panel_read": mark("查看评审团名单"),
    "democratic_review.panels_imported": mark("导入评审团名单"),
    "democratic_review.ballot_recorded": mark("登记评审团票决"),
    "democratic_review.ballot_replaced": mark("更正评审团票决记录"),
    "democratic_review.ballot_read": mark("查看票决记录"),
    "democratic_review.paper_printed": mark("打印票决文书"),
    "democratic_review.evidence_kept": mark("保存票决照片或签字记录"),
    "democratic_review.result_posted": mark("登记票决结果张贴"),
    "democratic_review.violation_entered": mark("登记未经票决的违规"),
    "democratic_review.violation_detected": mark("发现未经票决的违规"),
    "democratic_review.violation_lifted": mark("撤销未经票决的违规"),
}


def in_words(action: str, details: Mapping[str, Any]) -> str | None:
    """One sentence for a record of panels and ballots, None for another's."""
    if action == "democratic_review.scores_set":
        return _("登记 {quarter} 考核得分", quarter=details.get("quarter", ""))
    found = _WORDS.get(action)
    return _(found) if found else None
