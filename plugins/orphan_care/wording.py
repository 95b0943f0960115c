"""How the records of orphan care read; nothing of a child stands in them."""

from collections.abc import Mapping
from typing import Any

from core.api import _, mark

_WORDS: Mapping[str, str] = {
    "orphan_care.applied": mark("登记儿童申请"),
    "orphan_care.checked": mark("乡镇核查儿童申请"),
    "orphan_care.approved": mark("县级确认儿童保障"),
    "orphan_care.withdrawn": mark("儿童申请不再办理"),
    "orphan_care.taken_over": mark("接收在发儿童，建立档案"),
    "orphan_care.ended": mark("停发儿童待遇"),
    "orphan_care.reopened": mark("恢复儿童待遇"),
    "orphan_care.category_changed": mark("变更儿童类别"),
    "orphan_care.schooling_set": mark("登记儿童就学"),
    "orphan_care.basis_set": mark("登记父母情形"),
    "orphan_care.guardian_set": mark("登记监护人"),
    "orphan_care.agreed": mark("登记监护责任书"),
    "orphan_care.aid_declared": mark("登记其他待遇"),
    "orphan_care.aid_ended": mark("登记其他待遇停发"),
    "orphan_care.confided": mark("登记只限县级主管的情况"),
    "orphan_care.visited": mark("登记走访"),
    "orphan_care.reviewed": mark("登记复核"),
    "orphan_care.review_asked": mark("提出动态复核"),
    "orphan_care.grant_given": mark("登记助学等补助"),
    "orphan_care.sponsor_added": mark("登记爱心人士"),
    "orphan_care.sponsor_checked": mark("登记背景查询结果"),
    "orphan_care.paired": mark("登记结对"),
    "orphan_care.consented": mark("登记结对同意"),
    "orphan_care.contacted": mark("登记结对联系"),
    "orphan_care.pairing_ended": mark("结束结对"),
    "orphan_care.handed_over": mark("儿童档案随迁移交接"),
    "orphan_care.joined": mark("儿童档案随合并调整"),
    "orphan_care.file_read": mark("查看儿童档案"),
    "orphan_care.list_read": mark("查看儿童名单"),
    "orphan_care.panel_read": mark("在户页面看到儿童保障"),
    "orphan_care.sponsor_read": mark("查看爱心人士联系方式"),
    "orphan_care.introduced": mark("向爱心人士提供儿童情况"),
    "orphan_care.paper_printed": mark("打印儿童文书"),
    "orphan_care.exported": mark("导出儿童数据"),
    "orphan_care.roster_imported": mark("导入儿童申请"),
}


def in_words(action: str, details: Mapping[str, Any]) -> str | None:
    """One sentence for a record of orphan care, None for another's."""
    if action == "orphan_care.taken_over":
        return _("接收在发儿童 {count} 人，建立档案", count=details.get("count", 0))
    found = _WORDS.get(action)
    return _(found) if found else None
