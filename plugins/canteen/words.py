"""The vocabularies of the handbook: what each code is called."""

from collections.abc import Mapping

from core.api import mark

KINDS: Mapping[str, str] = {
    "central_kitchen": mark("中央厨房"),
    "canteen": mark("长者食堂"),
    "meal_point": mark("助餐点"),
    "delivery_only": mark("送餐点"),
}
HOSTS: Mapping[str, str] = {
    "care_centre": mark("养老服务中心"),
    "village": mark("村（社区）"),
    "company": mark("企业"),
    "star_home": mark("星光老年之家"),
    "other": mark("其他"),
}
STATES: Mapping[str, str] = {
    "planned": mark("已计划"),
    "building": mark("建设中"),
    "trial": mark("试运行"),
    "open": mark("运营中"),
    "suspended": mark("已停业"),
    "closed": mark("已关闭"),
}
CAUSES: Mapping[str, str] = {
    "licence": mark("食品经营许可到期"),
    "accident": mark("食品安全事故"),
    "hazard": mark("重大隐患"),
    "other": mark("其他原因"),
}
CLOSINGS: Mapping[str, str] = {
    "unreported": mark("长期停业未报告"),
    "contract": mark("合同结束"),
    "other": mark("其他原因"),
}
OPERATORS: Mapping[str, str] = {
    "public": mark("公办"),
    "company": mark("企业"),
    "social": mark("社会服务机构"),
}
PROCUREMENTS: Mapping[str, str] = {
    "open": mark("公开招标"),
    "invited": mark("邀请招标"),
    "negotiation": mark("竞争性谈判"),
    "consultation": mark("竞争性磋商"),
    "single": mark("单一来源"),
    "below": mark("限额以下"),
}
MEALS: Mapping[str, str] = {"breakfast": mark("早餐"), "lunch": mark("午餐"), "dinner": mark("晚餐")}
WEEKDAYS: Mapping[str, str] = {
    "1": mark("星期一"),
    "2": mark("星期二"),
    "3": mark("星期三"),
    "4": mark("星期四"),
    "5": mark("星期五"),
    "6": mark("星期六"),
    "7": mark("星期日"),
}
STATUSES: Mapping[str, str] = {
    "dibao": mark("低保"),
    "tekun": mark("分散供养特困"),
    "entitled": mark("重点优抚对象"),
    "disabled_living": mark("困难残疾人生活补贴"),
    "bereaved": mark("计生特扶"),
}
ALIASES: Mapping[str, str] = {
    "key_entitled": "entitled", "disabled": "disabled_living", "only_child": "bereaved", "family_planning": "bereaved",
}  # fmt: skip
"""Other codes under which a status may be typed."""
SETTLEMENT_STATES: Mapping[str, str] = {
    "draft": mark("草稿"),
    "township_checked": mark("乡镇已审核"),
    "county_approved": mark("县级已批准"),
    "batched": mark("已列入发放"),
    "paid": mark("已支付"),
}
STEPS: Mapping[str, str] = {**SETTLEMENT_STATES, "returned": mark("已退回")}
INSPECTIONS: Mapping[str, str] = {
    "routine": mark("日常检查"),
    "special": mark("专项检查"),
    "complaint": mark("投诉检查"),
    "again": mark("复查"),
}
SEVERITIES: Mapping[str, str] = {"none": mark("没有问题"), "minor": mark("一般问题"), "major": mark("重大隐患")}
FEEDBACKS: Mapping[str, str] = {"complaint": mark("投诉"), "survey": mark("满意度")}
OUTCOMES: Mapping[str, str] = {"upheld": mark("属实"), "rejected": mark("不属实"), "settled": mark("已协商解决")}
GRANTS: Mapping[str, str] = {"construction": mark("建设补助"), "renewal": mark("设备更新补助")}
GRANT_STATES: Mapping[str, str] = {
    "standing": mark("执行中"),
    "clawed_back": mark("已追回"),
    "fulfilled": mark("年限已满"),
}
PART_STATES: Mapping[str, str] = {
    "scheduled": mark("未到期"),
    "payable": mark("可支付"),
    "batched": mark("已列入发放"),
    "paid": mark("已支付"),
    "forfeited": mark("不再支付"),
}
DINER_STATES: Mapping[str, str] = {"enrolled": mark("在册"), "review": mark("待复核"), "ended": mark("已结束")}
PAYER_WORDS: Mapping[str, str] = {"county": mark("县级"), "town": mark("乡镇"), "operator": mark("经营者让利")}
TAGS: Mapping[str, str] = {
    "planned": "note", "building": "note", "trial": "warn", "open": "ok", "suspended": "bad", "closed": "",
    "draft": "note", "township_checked": "warn", "county_approved": "ok", "batched": "ok", "paid": "ok",
    "none": "ok", "minor": "warn", "major": "bad", "enrolled": "ok", "review": "warn", "ended": "",
    "standing": "ok", "clawed_back": "bad", "fulfilled": "", "scheduled": "note", "payable": "warn",
    "forfeited": "",
}  # fmt: skip
