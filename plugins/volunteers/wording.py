"""How the records of voluntary service read; no name, number or telephone stands in them."""

from collections.abc import Mapping
from typing import Any

from core.api import _, mark

_WORDS: Mapping[str, str] = {
    "volunteers.registered": mark("登记志愿者"),
    "volunteers.state_set": mark("变更志愿者状态"),
    "volunteers.consented": mark("登记监护人同意"),
    "volunteers.skill_added": mark("登记志愿者技能"),
    "volunteers.trained": mark("登记志愿者培训"),
    "volunteers.honoured": mark("登记志愿者荣誉"),
    "volunteers.background_checked": mark("登记志愿者背景查询"),
    "volunteers.naming_set": mark("登记志愿者公开意愿"),
    "volunteers.card_renewed": mark("换发志愿者卡"),
    "volunteers.joined_records": mark("志愿者档案随人员合并调整"),
    "volunteers.handed_over": mark("志愿者档案随迁移交接"),
    "volunteers.org_added": mark("登记志愿服务组织"),
    "volunteers.org_merged": mark("志愿服务组织合并"),
    "volunteers.org_closed": mark("注销志愿服务组织"),
    "volunteers.joined": mark("登记队员"),
    "volunteers.parted": mark("登记队员退出"),
    "volunteers.activated": mark("启动应急志愿任务"),
    "volunteers.complained": mark("登记志愿服务投诉"),
    "volunteers.complaint_settled": mark("办结志愿服务投诉"),
    "volunteers.planned": mark("拟定志愿活动"),
    "volunteers.shift_added": mark("增加活动班次"),
    "volunteers.insured": mark("登记活动保险"),
    "volunteers.stepped": mark("变更活动状态"),
    "volunteers.signed_up": mark("登记活动报名"),
    "volunteers.signup_ended": mark("取消活动报名或登记缺席"),
    "volunteers.signed_in": mark("现场签到"),
    "volunteers.signed_out": mark("现场签退，登记时长"),
    "volunteers.sign_ins_expired": mark("未签退的签到过期"),
    "volunteers.hours_entered": mark("登记服务时长"),
    "volunteers.hours_carried": mark("转入以前的服务时长"),
    "volunteers.hours_confirmed": mark("确认服务时长"),
    "volunteers.hours_reversed": mark("冲销服务时长"),
    "volunteers.hours_disputed": mark("登记时长异议"),
    "volunteers.star_given": mark("授予星级"),
    "volunteers.star_withdrawn": mark("收回星级"),
    "volunteers.certified": mark("出具服务证明"),
    "volunteers.certificate_revoked": mark("撤销服务证明"),
    "volunteers.certificate_requested": mark("登记服务证明申请"),
    "volunteers.request_closed": mark("办结服务证明申请"),
    "volunteers.subsidy_entered": mark("登记交通误餐补助"),
    "volunteers.subsidy_withdrawn": mark("撤回交通误餐补助"),
    "volunteers.subsidies_batched": mark("生成志愿者补助批次"),
    "volunteers.file_read": mark("查看志愿者档案"),
    "volunteers.list_read": mark("查看志愿者名单"),
    "volunteers.panel_read": mark("在户页面看到志愿服务"),
    "volunteers.contacts_read": mark("查看报名人联系方式"),
    "volunteers.paper_printed": mark("打印志愿服务文书"),
    "volunteers.exported": mark("导出志愿服务记录"),
    "volunteers.roster_imported": mark("导入志愿者"),
    "volunteers.hours_imported": mark("导入服务时长"),
}


def in_words(action: str, details: Mapping[str, Any]) -> str | None:
    """One sentence for a record of voluntary service, None for another's."""
    if action == "volunteers.sign_ins_expired":
        return _("未签退的签到过期 {count} 条", count=details.get("count", 0))
    found = _WORDS.get(action)
    return _(found) if found else None
