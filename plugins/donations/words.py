"""The vocabularies of the handbook: what each code is called."""

from collections.abc import Mapping

from core.api import mark

DRIVE_KINDS: Mapping[str, str] = {
    "one_day": mark("慈善一日捐"),
    "poverty_day": mark("扶贫济困日"),
    "disaster": mark("救灾"),
    "project": mark("项目募捐"),
    "festival": mark("节日募捐"),
    "pairing": mark("结对帮扶"),
    "online_platform": mark("互联网募捐"),
    "collection_box": mark("募捐箱"),
}
DRIVE_STATES: Mapping[str, str] = {
    "draft": mark("草稿"),
    "filed": mark("已备案"),
    "open": mark("募捐中"),
    "closed": mark("已截止"),
    "settled": mark("已结算"),
    "disclosed": mark("已公开"),
    "cancelled": mark("已取消"),
}
GIFT_STATES: Mapping[str, str] = {
    "received": mark("已到账"),
    "receipted": mark("已开票"),
    "allocated": mark("部分使用"),
    "used": mark("已用完"),
    "returned": mark("已退还"),
    "voided": mark("已冲销"),
}
GIFT_KINDS: Mapping[str, str] = {
    "cash": mark("现金"),
    "transfer": mark("转账"),
    "online": mark("网络支付"),
    "goods": mark("物资"),
    "service": mark("服务"),
    "security": mark("有价证券"),
}
CHANNELS: Mapping[str, str] = {
    "bank": mark("银行转账"),
    "cash": mark("现金"),
    "qr": mark("扫码"),
    "platform": mark("互联网平台"),
    "box": mark("募捐箱"),
    "goods_store": mark("物资仓库"),
}
USES: Mapping[str, str] = {
    "living": mark("生活救助"),
    "medical": mark("医疗"),
    "education": mark("助学"),
    "housing": mark("住房"),
    "elderly": mark("助老"),
    "orphans": mark("救孤"),
    "disability": mark("助残"),
    "disaster": mark("救灾"),
    "community": mark("社区"),
    "management": mark("管理费用"),
    "fundraising": mark("募捐费用"),
}
SPENDING_KINDS: Mapping[str, str] = {
    "aid": mark("慈善支出"),
    "goods": mark("发放物资"),
    "management": mark("管理费用"),
    "fundraising": mark("募捐费用"),
}
DISPLAYS: Mapping[str, str] = {"name": mark("公开姓名"), "alias": mark("用化名"), "anonymous": mark("匿名")}
DONOR_KINDS: Mapping[str, str] = {"person": mark("个人"), "org": mark("单位"), "anonymous": mark("未留名")}
CHARITY_KINDS: Mapping[str, str] = {
    "foundation": mark("基金会"),
    "association": mark("社会团体"),
    "service_body": mark("社会服务机构"),
}
BASES: Mapping[str, str] = {"invoice": mark("发票"), "appraisal": mark("评估"), "none": mark("没有依据")}
SOURCES: Mapping[str, str] = {"public": mark("募捐"), "returned_share": mark("上级返拨")}
PLEDGE_STATES: Mapping[str, str] = {"open": mark("认捐中"), "fulfilled": mark("已兑现"), "withdrawn": mark("已撤回")}
PROJECT_STATES: Mapping[str, str] = {"open": mark("实施中"), "closed": mark("已结项")}
SPENDING_STATES: Mapping[str, str] = {
    "booked": mark("已入账"),
    "reversed": mark("已冲销"),
    "reversal": mark("冲销"),
}
LOT_STATES: Mapping[str, str] = {"stored": mark("在库"), "empty": mark("已发完"), "expired": mark("已过期")}
DISCLOSURE_KINDS: Mapping[str, str] = {
    "receipts": mark("应急收支公开"),
    "interim": mark("阶段公开"),
    "final": mark("全面公开"),
}
MECHANISMS: Mapping[str, str] = {
    "publicity": mark("慈善宣传"),
    "fundraising": mark("慈善募捐"),
    "aid": mark("慈善救助"),
    "volunteering": mark("慈善义工"),
}
POINTS: Mapping[str, str] = {"box": mark("募捐箱"), "point": mark("捐赠点")}
PAIR_STATES: Mapping[str, str] = {
    "proposed": mark("待配对"),
    "matched": mark("已配对"),
    "active": mark("帮扶中"),
    "ended": mark("已结束"),
}
PAIR_MODES: Mapping[str, str] = {"1:1": mark("一助一"), "n:1": mark("多助一")}
PAIR_ENDS: Mapping[str, str] = {
    "out_of_hardship": mark("已脱困"),
    "moved": mark("已迁出"),
    "helper_left": mark("帮扶人退出"),
}
HELPER_KINDS: Mapping[str, str] = {
    "entrepreneur": mark("民营企业家"),
    "party_member": mark("党员"),
    "cadre": mark("干部"),
    "unit": mark("单位"),
    "other": mark("其他"),
}
HELPS: Mapping[str, str] = {
    "none": mark("未帮扶"),
    "money": mark("资金"),
    "goods": mark("物资"),
    "job": mark("岗位"),
    "service": mark("服务"),
}
RELATIONS: Mapping[str, str] = {
    "self": mark("本人"),
    "spouse": mark("配偶"),
    "parent": mark("父母"),
    "child": mark("子女"),
    "sibling": mark("兄弟姐妹"),
    "grandparent": mark("祖父母、外祖父母"),
    "grandchild": mark("孙子女、外孙子女"),
    "nephew": mark("侄子女、外甥子女"),
    "in_law": mark("姻亲"),
    "employee": mark("雇员"),
    "controlled_unit": mark("控制的单位"),
    "none": mark("没有利害关系"),
}
TAGS: Mapping[str, str] = {
    "draft": "", "filed": "note", "open": "ok", "closed": "warn", "settled": "note", "disclosed": "ok",
    "cancelled": "bad", "received": "warn", "receipted": "note", "allocated": "note", "used": "ok", "returned": "bad",
    "voided": "bad", "fulfilled": "ok", "withdrawn": "", "booked": "ok", "reversed": "bad", "reversal": "",
    "stored": "ok", "empty": "", "expired": "bad", "proposed": "warn", "matched": "note", "active": "ok", "ended": "",
    "green": "ok", "amber": "warn", "red": "bad", "exempt": "",
}  # fmt: skip
CASH_KINDS = ("cash", "transfer", "online")
MEMO_KINDS = ("service", "security")
PUBLIC_CHANNELS = ("qr", "platform", "box")
ANONYMOUS = mark("爱心人士")
