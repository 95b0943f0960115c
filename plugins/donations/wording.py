"""How the records of donations read; no name, number or amount of a person stands in them."""

from collections.abc import Mapping
from typing import Any

from core.api import _, mark

_WORDS: Mapping[str, str] = {
    "donations.charity_edited": mark("登记慈善组织资料"),
    "donations.purpose_added": mark("登记限定用途"),
    "donations.drive_drafted": mark("新建募捐"),
    "donations.drive_planned": mark("填写募捐方案"),
    "donations.drive_filed": mark("登记募捐备案"),
    "donations.drive_closed": mark("截止募捐"),
    "donations.drive_settled": mark("募捐结算"),
    "donations.drive_cancelled": mark("取消募捐"),
    "donations.disclosed": mark("公开募捐情况"),
    "donations.donor_added": mark("登记捐赠人"),
    "donations.donor_edited": mark("修改捐赠人公开方式"),
    "donations.tie_declared": mark("登记利害关系人"),
    "donations.gift_added": mark("登记捐赠"),
    "donations.gift_booked": mark("捐赠入账"),
    "donations.gift_repurposed": mark("改变捐赠用途"),
    "donations.gift_returned": mark("退还捐赠"),
    "donations.gift_voided": mark("冲销捐赠"),
    "donations.cash_deposited": mark("登记现金存入"),
    "donations.receipt_issued": mark("开具捐赠票据"),
    "donations.receipt_voided": mark("作废捐赠票据"),
    "donations.pledged": mark("登记认捐"),
    "donations.pledge_withdrawn": mark("撤回认捐"),
    "donations.project_added": mark("新建救助项目"),
    "donations.project_closed": mark("救助项目结项"),
    "donations.spent": mark("登记慈善支出"),
    "donations.spending_reversed": mark("冲销慈善支出"),
    "donations.box_opened": mark("开募捐箱"),
    "donations.activity_added": mark("登记工作机制活动"),
    "donations.lot_counted": mark("登记物资盘点"),
    "donations.pair_added": mark("登记结对户"),
    "donations.helper_added": mark("登记帮扶人"),
    "donations.helper_left": mark("帮扶人退出"),
    "donations.pair_started": mark("开始结对帮扶"),
    "donations.visited": mark("登记结对走访"),
    "donations.pair_reviewed": mark("登记结对评估"),
    "donations.pair_ended": mark("结束结对"),
    "donations.pair_moved": mark("结对户随户迁移交接"),
    "donations.joined_records": mark("捐赠和救助记录随人员合并调整"),
    "donations.list_read": mark("查看捐赠名单"),
    "donations.gift_read": mark("查看一笔捐赠"),
    "donations.donor_read": mark("查看捐赠人资料"),
    "donations.spending_read": mark("查看一笔慈善支出"),
    "donations.pair_read": mark("查看结对户"),
    "donations.panel_read": mark("在户或人员页面看到慈善救助"),
    "donations.paper_printed": mark("打印捐赠文书"),
    "donations.exported": mark("导出捐赠名单"),
    "donations.gifts_imported": mark("导入单位捐赠名单"),
}


def in_words(action: str, details: Mapping[str, Any]) -> str | None:
    """One sentence for a record of donations, None for another's."""
    if action == "donations.gifts_imported":
        return _("导入单位捐赠名单 {count} 笔", count=details.get("count", 0))
    found = _WORDS.get(action)
    return _(found) if found else None
