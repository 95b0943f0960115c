"""How the records of double support read; no name, unit or text stands in them."""

from collections.abc import Mapping
from typing import Any

from core.api import _, mark

_WORDS: Mapping[str, str] = {
    "double_support.unit_added": mark("登记协作单位代号"),
    "double_support.unit_account_set": mark("登记协作单位协议账户"),
    "double_support.closed": mark("撤销双拥登记"),
    "double_support.support_added": mark("登记支持部队资金"),
    "double_support.support_withdrawn": mark("撤回支持部队资金"),
    "double_support.plan_added": mark("制定慰问计划"),
    "double_support.category_set": mark("设定慰问类别和金额"),
    "double_support.visit_listed": mark("列入慰问名单"),
    "double_support.list_drawn": mark("按优抚对象列入慰问名单"),
    "double_support.plan_stepped": mark("变更慰问计划状态"),
    "double_support.plan_account_set": mark("登记慰问取款账户"),
    "double_support.visited": mark("登记走访"),
    "double_support.visit_returned": mark("退回慰问名单"),
    "double_support.visit_relisted": mark("恢复慰问名单"),
    "double_support.need_answered": mark("答复走访需求"),
    "double_support.plaque_issued": mark("制发光荣牌"),
    "double_support.plaque_stepped": mark("变更光荣牌状态"),
    "double_support.news_received": mark("登记喜报"),
    "double_support.news_delivered": mark("送达喜报"),
    "double_support.project_added": mark("登记军地互办实事"),
    "double_support.project_stepped": mark("变更实事状态"),
    "double_support.milestone_added": mark("设定实事节点"),
    "double_support.milestone_reached": mark("完成实事节点"),
    "double_support.progress_reported": mark("报送实事进展"),
    "double_support.sheet_taken": mark("导入双拥评分表"),
    "double_support.sheet_stepped": mark("变更双拥自评状态"),
    "double_support.item_scored": mark("双拥自评打分"),
    "double_support.evidence_added": mark("登记自评佐证"),
    "double_support.gap_assigned": mark("分派自评整改"),
    "double_support.gap_rectified": mark("完成自评整改"),
    "double_support.title_added": mark("登记双拥命名届次"),
    "double_support.title_decided": mark("登记双拥命名结果"),
    "double_support.spouse_added": mark("登记随军家属"),
    "double_support.spouse_stepped": mark("变更随军家属状态"),
    "double_support.school_asked": mark("登记子女入学申请"),
    "double_support.school_solved": mark("解决子女入学"),
    "double_support.school_withdrawn": mark("撤回子女入学申请"),
    "double_support.group_added": mark("登记拥军服务组织"),
    "double_support.point_added": mark("设立双拥服务点"),
    "double_support.agreement_added": mark("登记共建协议"),
    "double_support.activity_added": mark("登记共建活动"),
    "double_support.class_added": mark("登记国防教育课时"),
    "double_support.hours_set": mark("更正国防教育课时"),
    "double_support.event_added": mark("登记国防教育活动"),
    "double_support.base_added": mark("登记国防教育基地"),
    "double_support.budget_added": mark("登记国防教育经费"),
    "double_support.budget_set": mark("调整国防教育经费"),
    "double_support.batched": mark("双拥付款生成批次"),
    "double_support.moved_along": mark("双拥档案随迁移交接"),
    "double_support.joined": mark("双拥档案随人员合并调整"),
    "double_support.list_read": mark("查看双拥名单"),
    "double_support.panel_read": mark("在户页面看到双拥"),
    "double_support.paper_printed": mark("打印双拥文书"),
    "double_support.imported": mark("导入双拥表格"),
}


def in_words(action: str, _details: Mapping[str, Any]) -> str | None:
    """One sentence for a record of double support, None for another's."""
    found = _WORDS.get(action)
    return _(found) if found else None
