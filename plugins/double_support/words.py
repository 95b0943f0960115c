"""The vocabularies of the handbook: what each code is called."""

from collections.abc import Mapping

from core.api import mark

SCHEME, SPOUSES, UNITS = "double_support", "double_support_spouses", "double_support_units"
FESTIVALS: Mapping[str, str] = {"spring": mark("春节"), "army_day": mark("八一"), "other": mark("其他时间")}
PLAN_STATES: Mapping[str, str] = {
    "planned": mark("计划中"),
    "listed": mark("名单已定"),
    "funded": mark("资金已定"),
    "visited": mark("已走访"),
    "answered": mark("需求已答复"),
    "cancelled": mark("已取消"),
}
VISIT_STATES: Mapping[str, str] = {"listed": mark("待走访"), "visited": mark("已走访"), "returned": mark("已退回")}
CHANNELS: Mapping[str, str] = {"card": mark("打卡"), "signed": mark("签名表")}
NEED_STATES: Mapping[str, str] = {"open": mark("待答复"), "answered": mark("已答复")}
PLAQUES: Mapping[str, str] = {
    "serving": mark("现役军人家属"),
    "martyr": mark("烈属"),
    "veteran": mark("退役军人家属"),
    "bereaved": mark("因公牺牲军人遗属"),
}
PLAQUE_STATES: Mapping[str, str] = {
    "issued": mark("已制发"),
    "hung": mark("已悬挂"),
    "damaged": mark("已损坏"),
    "replaced": mark("已更换"),
    "removed": mark("已收回"),
}
NEWS_STATES: Mapping[str, str] = {"received": mark("待送达"), "delivered": mark("已送达")}
DIRECTIONS: Mapping[str, str] = {"locality_for_army": mark("地为军办"), "army_for_locality": mark("军为地办")}
PROJECT_STATES: Mapping[str, str] = {
    "planned": mark("计划中"),
    "agreed": mark("已签约"),
    "running": mark("进行中"),
    "done": mark("已完成"),
    "evaluated": mark("已评价"),
    "delayed": mark("已延期"),
    "cancelled": mark("已取消"),
}
PURPOSES: Mapping[str, str] = {
    "training_ground": mark("训练场地"),
    "water": mark("用水"),
    "road": mark("道路"),
    "housing": mark("住房"),
    "culture": mark("文化"),
    "comfort": mark("慰问金"),
    "other": mark("其他"),
}
SUPPORT_STATES: Mapping[str, str] = {"entered": mark("已登记"), "withdrawn": mark("已撤回")}
LEVELS: Mapping[str, str] = {
    "national": mark("全国"),
    "province": mark("全省"),
    "city": mark("全市"),
    "county": mark("全县"),
}
SHEET_STATES: Mapping[str, str] = {
    "imported": mark("已导入"),
    "scored": mark("已自评"),
    "assigned": mark("整改已分派"),
    "rectified": mark("整改已完成"),
    "reviewed": mark("已复核"),
    "submitted": mark("已上报"),
    "checked": mark("已检查"),
    "closed": mark("有结果"),
}
FROZEN = ("submitted", "checked", "closed")
"""States in which no item of a score sheet changes any more."""
ITEM_STATES: Mapping[str, str] = {
    "proved": mark("有佐证"),
    "unproved": mark("缺佐证"),
    "gap": mark("待整改"),
    "veto": mark("触发一票否决"),
    "heading": mark("目录"),
}
TITLE_STATES: Mapping[str, str] = {"pending": mark("待公布"), "won": mark("已命名"), "lost": mark("未命名")}
SPOUSE_STATES: Mapping[str, str] = {
    "registered": mark("已登记"),
    "offered": mark("已推荐岗位"),
    "placed": mark("已就业"),
    "subsidised": mark("领取补贴"),
    "ended": mark("已结束"),
}
STRETCHES: Mapping[str, str] = {"first": mark("首次领取"), "resumed": mark("恢复领取")}
STAGES: Mapping[str, str] = {
    "kindergarten": mark("幼儿园"),
    "primary": mark("小学"),
    "junior": mark("初中"),
    "senior": mark("高中"),
}
REQUEST_STATES: Mapping[str, str] = {"open": mark("待解决"), "solved": mark("已解决"), "withdrawn": mark("已撤回")}
GROUP_KINDS: Mapping[str, str] = {
    "organisation": mark("社会组织"),
    "team": mark("服务队"),
    "trade": mark("行业"),
}
OPEN_STATES: Mapping[str, str] = {"open": mark("在册"), "closed": mark("已撤销")}
PARTNERS: Mapping[str, str] = {"community": mark("村（社区）"), "school": mark("学校"), "other": mark("其他单位")}
SIX_ONES: Mapping[str, tuple[str, ...]] = {
    mark("广场咨询或主题文艺晚会"): ("consultation", "gala"),
    mark("参观国防教育基地"): ("base_visit",),
    mark("座谈会"): ("forum",),
    mark("国防影视"): ("film",),
    mark("知识竞赛"): ("contest",),
    mark("军事日"): ("military_day",),
}
"""The six ones of a year, each with the kinds of event that make it."""
THREE_ONES: Mapping[str, tuple[str, ...]] = {
    mark("听一次国防讲座"): ("lecture",),
    mark("参加一次国防学习"): ("study",),
    mark("过一次军营日"): ("barracks_day",),
}
"""The three ones of officials."""
EVENTS: Mapping[str, str] = {
    "consultation": mark("广场咨询"),
    "gala": mark("主题文艺晚会"),
    "base_visit": mark("参观国防教育基地"),
    "forum": mark("座谈会"),
    "film": mark("国防影视"),
    "contest": mark("知识竞赛"),
    "military_day": mark("军事日"),
    "lecture": mark("国防讲座（干部）"),
    "study": mark("国防学习（干部）"),
    "barracks_day": mark("军营日（干部）"),
    "training": mark("干部国防培训"),
    "other": mark("其他活动"),
}
EVENT_STATES: Mapping[str, str] = {"held": mark("已举办")}
CLASS_STATES: Mapping[str, str] = {"met": mark("课时达标"), "short": mark("课时不足")}
BUDGET_STATES: Mapping[str, str] = {"met": mark("预算达标"), "short": mark("预算不足")}
TAGS: Mapping[str, str] = {
    "planned": "note", "listed": "note", "funded": "ok", "visited": "ok", "answered": "ok", "cancelled": "bad",
    "returned": "bad", "open": "note", "issued": "note", "hung": "ok", "damaged": "warn", "replaced": "",
    "removed": "bad", "received": "note", "delivered": "ok", "agreed": "note", "running": "ok", "done": "ok",
    "evaluated": "ok", "delayed": "warn", "entered": "ok", "withdrawn": "bad", "imported": "note", "scored": "note",
    "assigned": "warn", "rectified": "ok", "reviewed": "ok", "submitted": "ok", "checked": "ok", "closed": "",
    "proved": "ok", "unproved": "warn", "gap": "warn", "veto": "bad", "heading": "", "pending": "note", "won": "ok",
    "lost": "bad", "registered": "note", "offered": "note", "placed": "ok", "subsidised": "ok", "ended": "",
    "solved": "ok", "held": "ok", "met": "ok", "short": "bad",
}  # fmt: skip
