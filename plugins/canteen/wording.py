"""How the records of canteens read; no name, number or reason for a tier stands in them."""

from collections.abc import Mapping
from typing import Any

from core.api import _, mark
from plugins.canteen.counter.words import RECORDS

_WORDS: Mapping[str, str] = {
    "canteen.site_added": mark("登记助餐站点"),
    "canteen.site_changed": mark("变更站点信息"),
    "canteen.site_state_set": mark("变更站点状态"),
    "canteen.licence_renewed": mark("登记食品经营许可"),
    "canteen.site_entrusted": mark("确定经营者"),
    "canteen.target_set": mark("登记年度计划"),
    "canteen.price_set": mark("登记套餐价格"),
    "canteen.menu_published": mark("公布菜单"),
    "canteen.operator_added": mark("登记经营者"),
    "canteen.account_changed": mark("变更收款账号"),
    "canteen.contract_added": mark("登记合同"),
    "canteen.contract_ended": mark("终止合同"),
    "canteen.enrolled": mark("办理就餐登记"),
    "canteen.diner_changed": mark("变更就餐登记"),
    "canteen.diner_reviewed": mark("复核就餐登记"),
    "canteen.diner_ended": mark("结束就餐登记"),
    "canteen.diner_handed_over": mark("就餐登记随迁移交接"),
    "canteen.diner_joined": mark("就餐登记随人员合并调整"),
    "canteen.card_issued": mark("发就餐卡"),
    "canteen.card_ended": mark("停用就餐卡"),
    "canteen.sample_kept": mark("登记留样"),
    "canteen.inspected": mark("登记检查"),
    "canteen.rectified": mark("登记整改完成"),
    "canteen.assessed": mark("登记考核"),
    "canteen.feedback_added": mark("登记投诉或满意度"),
    "canteen.feedback_handled": mark("办结投诉"),
    "canteen.policy_imported": mark("导入补贴政策文件"),
    "canteen.settlement_made": mark("生成助餐结算"),
    "canteen.settlement_stepped": mark("办理助餐结算"),
    "canteen.settlement_returned": mark("退回助餐结算"),
    "canteen.grant_added": mark("登记建设补助"),
    "canteen.grant_part_due": mark("建设补助到期"),
    "canteen.grants_batched": mark("建设补助列入发放"),
    "canteen.grant_paid": mark("建设补助已支付"),
    "canteen.grant_ended": mark("建设补助年限结束或追回"),
    "canteen.meals_exported": mark("导出用餐记录"),
    "canteen.sites_imported": mark("导入助餐站点"),
    "canteen.diners_imported": mark("导入就餐老人"),
    "canteen.menus_imported": mark("导入菜单"),
    "canteen.file_read": mark("查看就餐老人"),
    "canteen.list_read": mark("查看就餐老人名单"),
    "canteen.panel_read": mark("在家庭或人员页看到就餐登记"),
    "canteen.paper_printed": mark("打印助餐文书"),
}


def in_words(action: str, details: Mapping[str, Any]) -> str | None:
    """One sentence for a record of canteens, None for another's."""
    found = _WORDS.get(action) or RECORDS.get(action)
    return _(found) if found else None
