"""How the records of dibao read; no income, illness or name stands in them."""

from collections.abc import Mapping
from typing import Any

from core.api import _, mark

_WORDS: Mapping[str, str] = {
    "dibao.income_set": mark("登记低保家庭收入"),
    "dibao.member_assessed": mark("登记家庭成员情况"),
    "dibao.property_set": mark("登记低保家庭财产"),
    "dibao.expenditure_set": mark("登记刚性支出"),
    "dibao.obligors_set": mark("登记赡养抚养扶养义务人"),
    "dibao.awarded": mark("核定低保补助"),
    "dibao.price_set": mark("设定价格补贴月份"),
    "dibao.margin_registered": mark("登记低保边缘家庭"),
    "dibao.margin_left": mark("移出低保边缘家庭名单"),
    "dibao.campaign_started": mark("开始低保专项复核"),
    "dibao.campaign_recorded": mark("登记专项复核结果"),
    "dibao.campaign_ended": mark("结束低保专项复核"),
    "dibao.linked_given": mark("提供联动帮扶名单"),
    "dibao.linked_answered": mark("登记联动帮扶结果"),
    "dibao.job_offered": mark("登记介绍工作"),
    "dibao.raised": mark("按新标准更新低保核定"),
    "dibao.family_read": mark("查看低保家庭收入和财产"),
    "dibao.panel_read": mark("在户页面看到低保情况"),
    "dibao.paper_printed": mark("打印低保文书"),
    "dibao.accountability_read": mark("查看低保责任追究"),
    "dibao.register_taken": mark("导入防返贫监测名单"),
    "dibao.register_compared": mark("比对低保和防返贫监测名单"),
    "dibao.exported": mark("导出低保数据"),
    "dibao.posted": mark("开具低保长期公示"),
    "dibao.imported": mark("导入低保家庭收入"),
}


def in_words(action: str, details: Mapping[str, Any]) -> str | None:
    """One sentence for a record of dibao, None for another's."""
    if action == "dibao.awarded" and details.get("from_month"):
        return _("核定低保补助，从 {month} 起", month=details["from_month"])
    found = _WORDS.get(action)
    return _(found) if found else None
