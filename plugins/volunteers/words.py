"""The vocabularies of the handbook: what each code is called."""

from collections.abc import Mapping

from core.api import mark

STATES: Mapping[str, str] = {
    "applied": mark("待审核"),
    "active": mark("在册"),
    "dormant": mark("休眠"),
    "withdrawn": mark("已退出"),
    "removed": mark("已除名"),
}
ACTIVITY_STATES: Mapping[str, str] = {
    "draft": mark("草稿"),
    "published": mark("报名中"),
    "closed_signup": mark("报名截止"),
    "running": mark("进行中"),
    "finished": mark("已结束"),
    "records_confirmed": mark("时长已确认"),
    "archived": mark("已归档"),
    "cancelled": mark("已取消"),
}
RECORD_STATES: Mapping[str, str] = {
    "entered": mark("待确认"),
    "confirmed": mark("已确认"),
    "disputed": mark("有异议"),
    "reversed": mark("已冲销"),
}
SIGNUP_STATES: Mapping[str, str] = {
    "applied": mark("已报名"),
    "accepted": mark("已录用"),
    "waitlisted": mark("候补"),
    "cancelled": mark("已取消"),
    "absent": mark("缺席"),
}
CERTIFICATE_STATES: Mapping[str, str] = {"issued": mark("有效"), "revoked": mark("已撤销")}
REQUEST_STATES: Mapping[str, str] = {
    "open": mark("待出具"),
    "issued": mark("已出具"),
    "refused": mark("不予出具"),
}
SUBSIDY_STATES: Mapping[str, str] = {
    "waiting": mark("等待付款"),
    "batched": mark("已进入批次"),
    "withdrawn": mark("已撤回"),
}
SUBSIDIES: Mapping[str, str] = {"meal": mark("误餐"), "transport": mark("交通")}
FILE_KINDS: Mapping[str, str] = {"sheet": mark("签到表扫描件"), "photo": mark("照片"), "other": mark("其他材料")}
SCHEME, COMPONENT = "volunteers", "VOLUNTEER_COST"
ORG_STATES: Mapping[str, str] = {"open": mark("在册"), "merged": mark("已并入"), "closed": mark("已注销")}
TAGS: Mapping[str, str] = {
    "applied": "note", "active": "ok", "dormant": "warn", "withdrawn": "", "removed": "bad", "draft": "",
    "published": "note", "closed_signup": "note", "running": "ok", "finished": "warn", "records_confirmed": "ok",
    "archived": "", "cancelled": "bad", "entered": "warn", "confirmed": "ok", "disputed": "bad", "reversed": "",
    "accepted": "ok", "waitlisted": "warn", "absent": "bad", "issued": "ok", "revoked": "bad", "open": "ok",
    "merged": "", "closed": "", "refused": "bad", "waiting": "warn", "batched": "ok",
}  # fmt: skip
KINDS: Mapping[str, str] = {
    "elder": mark("为老服务"),
    "child": mark("关爱儿童"),
    "disability": mark("助残"),
    "disaster": mark("抢险救灾"),
    "double_support": mark("拥军优属"),
    "community": mark("社区服务"),
    "event": mark("大型活动"),
}
FIELDS: Mapping[str, str] = {
    "elder": mark("为老服务"),
    "child": mark("关爱儿童"),
    "disability": mark("助残"),
    "poverty": mark("济困"),
    "disaster": mark("抢险救灾"),
    "double_support": mark("拥军优属"),
    "environment": mark("环境保护"),
    "culture_sport": mark("文化体育"),
    "civility": mark("文明实践"),
    "rescue_tracing": mark("救助寻亲"),
    "event_support": mark("大型活动服务"),
    "canteen_delivery": mark("食堂送餐"),
    "village_deliberation": mark("村民议事"),
}
FIELD_OF_KIND: Mapping[str, str] = {
    "elder": "elder", "child": "child", "disability": "disability", "disaster": "disaster",
    "double_support": "double_support", "community": "civility", "event": "event_support",
}  # fmt: skip
SKILLS: Mapping[str, str] = {
    "medical": mark("医疗"),
    "psychology": mark("心理"),
    "law": mark("法律"),
    "teaching": mark("教学"),
    "driving": mark("驾驶"),
    "cooking": mark("烹饪"),
    "repair": mark("维修"),
    "hairdressing": mark("理发"),
    "first_aid": mark("急救"),
    "sign_language": mark("手语"),
    "it": mark("计算机"),
    "art": mark("文艺"),
    "search_rescue": mark("搜救"),
}
CERTIFIED = ("medical", "psychology", "law", "driving", "search_rescue")
"""Skills that count only with a certificate."""
MODES: Mapping[str, str] = {
    "qr": mark("扫码"),
    "face": mark("人脸"),
    "leader_list": mark("负责人点名"),
    "paper": mark("纸质签到表"),
}
CANCEL_REASONS: Mapping[str, str] = {
    "volunteer": mark("志愿者原因"),
    "organiser": mark("组织方原因"),
    "weather": mark("天气原因"),
    "disaster": mark("灾害原因"),
}
RISKS: Mapping[str, str] = {"low": mark("一般"), "high": mark("高风险")}
RECORD_KINDS: Mapping[str, str] = {
    "service": mark("志愿服务"),
    "carried": mark("以前的时长"),
    "reversal": mark("冲销"),
}
COURSES: Mapping[str, str] = {
    "basic": mark("志愿服务基础"),
    "first_aid": mark("急救"),
    "safety": mark("安全"),
    "search_rescue": mark("搜救"),
    "skill": mark("专业技能"),
}
RESULTS: Mapping[str, str] = {"passed": mark("合格"), "failed": mark("不合格")}
HONOURS: Mapping[str, str] = {
    "star": mark("星级志愿者"),
    "commendation": mark("表彰"),
    "award": mark("奖项"),
}
LEVELS: Mapping[str, str] = {
    "village": mark("村级"),
    "township": mark("乡镇级"),
    "county": mark("县级"),
    "city": mark("市级"),
    "province": mark("省级"),
    "national": mark("国家级"),
}
OUTCOMES: Mapping[str, str] = {"upheld": mark("属实"), "rejected": mark("不属实"), "settled": mark("已协商解决")}
DOCUMENT_KIND = "居民身份证"
ALIVE = ("applied", "active")
"""States in which a volunteer is in the register; dormancy is read from the last day of service."""
