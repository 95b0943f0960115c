"""How the records of casework read."""

from collections.abc import Mapping
from typing import Any

from core.api import _, mark
from plugins.casework.words import EVENTS

_WORDS: Mapping[str, str] = {
    "casework.opened": mark("登记申请"),
    "casework.paper_received": mark("收到材料"),
    "casework.signed": mark("签署核对授权"),
    "casework.relative_declared": mark("备案近亲属"),
    "casework.visited": mark("登记县级入户"),
    "casework.explained": mark("登记家庭说明"),
    "casework.complained": mark("登记投诉"),
    "casework.member_left": mark("家庭成员不再计入"),
    "casework.member_joined": mark("家庭成员计入"),
    "casework.sample_drawn": mark("随机抽查"),
    "casework.inspected": mark("登记抽查结果"),
    "casework.lead_added": mark("登记主动发现线索"),
    "casework.lead_dismissed": mark("线索核实后不申请"),
    "casework.appealed": mark("登记申诉"),
    "casework.appeal_decided": mark("登记申诉结果"),
    "casework.case_read": mark("查看申请"),
    "casework.raw_read": mark("查看核对原始数据"),
    "casework.lead_read": mark("查看线索"),
    "casework.amounts_noted": mark("按新标准更新月补助"),
    "casework.paper_printed": mark("打印申请文书"),
}


def in_words(action: str, details: Mapping[str, Any]) -> str | None:
    """One sentence for a record of casework, None for another's."""
    if action == "casework.advanced":
        event = str(details.get("event", ""))
        return _("申请：{event}", event=_(EVENTS[event])) if event in EVENTS else _("申请进入下一环节")
    found = _WORDS.get(action)
    return _(found) if found else None
