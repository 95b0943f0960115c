"""The vocabularies of the handbook: what each code is called."""

from collections.abc import Mapping

from core.api import mark

LEVELS: Mapping[str, str] = {
    "assistant": mark("助理社会工作师"),
    "intermediate": mark("社会工作师"),
    "senior": mark("高级社会工作师"),
}
FIELDS: Mapping[str, str] = {
    "elderly": mark("老年人服务"),
    "child_youth": mark("儿童青少年服务"),
    "women_family": mark("妇女和家庭服务"),
    "disability": mark("残疾人服务"),
    "assistance": mark("救助家庭服务"),
    "community": mark("社区服务（社工）"),
    "medical": mark("医务社会工作"),
    "judicial": mark("司法矫正和禁毒"),
    "school": mark("学校社会工作"),
    "enterprise": mark("企业和工会"),
    "military": mark("军人家庭服务"),
    "disaster": mark("灾害服务"),
    "funeral": mark("殡葬服务"),
    "vagrancy": mark("流浪救助"),
}
NEEDS: Mapping[str, str] = {
    "emotional": mark("情绪"),
    "family_relation": mark("家庭关系"),
    "guardianship": mark("监护"),
    "economic": mark("经济"),
    "employment": mark("就业"),
    "health": mark("健康和康复"),
    "behaviour": mark("行为"),
    "crisis": mark("危机"),
    "resource": mark("资源链接"),
}
RISKS: Mapping[str, str] = {
    "low": mark("低风险"),
    "medium": mark("中风险"),
    "high": mark("高风险"),
    "crisis": mark("危机"),
}
ENDINGS: Mapping[str, str] = {
    "goals_reached": mark("目标达成"),
    "partly_reached": mark("部分达成"),
    "referred": mark("转介"),
    "withdrew": mark("服务对象退出"),
    "moved": mark("迁出"),
    "died": mark("死亡"),
}
STAGES: Mapping[str, str] = {
    "intake": mark("接案"),
    "assessment": mark("预估"),
    "planning": mark("计划"),
    "intervention": mark("介入"),
    "evaluation": mark("评估"),
    "closed": mark("结案"),
    "follow_up": mark("已回访"),
    "ended": mark("提前结束"),
}
ORDER = ("intake", "assessment", "planning", "intervention", "evaluation", "closed", "follow_up")
FORMS: Mapping[str, str] = {
    "SW01": mark("接案表"),
    "SW02": mark("知情同意书"),
    "SW03": mark("预估表"),
    "SW04": mark("服务计划"),
    "SW05": mark("过程记录"),
    "SW06": mark("中期检讨"),
    "SW07": mark("评估表"),
    "SW08": mark("结案表"),
    "SW09": mark("转介单"),
    "SW10": mark("回访记录"),
}
CONSENTERS: Mapping[str, str] = {"client": mark("本人同意"), "guardian": mark("监护人同意")}
GROUP_KINDS: Mapping[str, str] = {
    "support": mark("支持小组"),
    "growth": mark("成长小组"),
    "education": mark("教育小组"),
    "therapy": mark("治疗小组"),
    "recreation": mark("康乐小组"),
    "mutual_help": mark("互助小组"),
}
GROUP_STATES: Mapping[str, str] = {
    "planned": mark("计划中"),
    "recruited": mark("已招募"),
    "running": mark("进行中"),
    "ended": mark("已结束"),
    "evaluated": mark("已评估"),
    "cancelled": mark("已取消"),
}
COUNTED: Mapping[str, str] = {"sign_in": mark("签到表"), "ticket": mark("票券"), "estimate": mark("估计")}
EVENT_STATES: Mapping[str, str] = {"held": mark("已举办"), "withdrawn": mark("已撤回")}
PROJECT_STATES: Mapping[str, str] = {
    "drafted": mark("草稿"),
    "approved": mark("已立项"),
    "contracted": mark("已签约"),
    "running": mark("进行中"),
    "mid_term": mark("已中期评估"),
    "final": mark("已末期评估"),
    "closed": mark("已结项"),
    "failed": mark("终止"),
}
ITEMS: Mapping[str, str] = {
    "cases": mark("个案"),
    "groups": mark("小组"),
    "events": mark("社区活动"),
    "visits": mark("探访"),
    "beneficiaries": mark("服务对象"),
    "trainees": mark("培养人员"),
}
SCORED: Mapping[str, str] = {**ITEMS, "satisfaction": mark("满意度")}
SOURCES: Mapping[str, str] = {
    "CENTRAL": mark("中央补助"),
    "PROV": mark("省级补助"),
    "CITY": mark("市级补助"),
    "COUNTY": mark("县级配套"),
    "TOWN": mark("乡镇配套"),
    "LOTTERY": mark("福彩公益金"),
    "DON_R": mark("定向捐赠"),
    "DON_U": mark("非定向捐赠"),
}
SCHEMES: Mapping[str, str] = {"LOTTERY": "social_workers_lottery", "DON_R": "social_workers_charity",
                              "DON_U": "social_workers_charity"}  # fmt: skip
"""Which scheme pays a source; every other one is paid by the scheme of the plugin's name."""
SCHEME = "social_workers"
PURCHASERS: Mapping[str, str] = {"bureau": mark("民政局"), "township": mark("乡镇人民政府"), "other": mark("其他单位")}
INSTALMENTS: Mapping[str, str] = {"contract": mark("签约付款"), "mid": mark("中期付款"), "final": mark("末期付款")}
ASSESSED: Mapping[str, str] = {"mid": mark("中期评估"), "final": mark("末期评估")}
AGENCY_KINDS: Mapping[str, str] = {"service_body": mark("民办社工机构"), "other": mark("其他机构")}
GRADES: Mapping[str, str] = {
    "1A": mark("1A 级"),
    "2A": mark("2A 级"),
    "3A": mark("3A 级"),
    "4A": mark("4A 级"),
    "5A": mark("5A 级"),
}
OPEN_STATES: Mapping[str, str] = {"open": mark("在册"), "closed": mark("已注销")}
POST_STATES: Mapping[str, str] = {"open": mark("在用"), "closed": mark("已撤销")}
DISPATCH_STATES: Mapping[str, str] = {"running": mark("派驻中"), "ended": mark("已期满")}
LINK_STATES: Mapping[str, str] = {"open": mark("联动中"), "closed": mark("已结束")}
SUPERVISIONS: Mapping[str, str] = {"individual": mark("个别督导"), "group": mark("团体督导"), "peer": mark("同辈督导")}
WORKER_STATES: Mapping[str, str] = {
    "unregistered": mark("未登记"),
    "registered": mark("已登记"),
    "due": mark("待再登记"),
    "lapsed": mark("登记过期"),
    "removed": mark("已移出"),
}
SUBJECT_WORDS: Mapping[str, str] = {
    "ability": mark("社会工作综合能力"),
    "practice": mark("社会工作实务"),
    "law": mark("社会工作法规与政策"),
    "senior_practice": mark("社会工作实务（高级）"),
    "evaluation": mark("高级评审"),
}
RESULTS: Mapping[str, str] = {
    "": mark("未出成绩"),
    "passed": mark("通过"),
    "failed": mark("未通过"),
    "absent": mark("缺考"),
}
REGISTRATION_KINDS: Mapping[str, str] = {"first": mark("首次登记"), "renewal": mark("再登记")}
TAGS: Mapping[str, str] = {
    "unregistered": "note", "registered": "ok", "due": "warn", "lapsed": "bad", "removed": "", "open": "ok",
    "closed": "", "drafted": "", "approved": "note", "contracted": "note", "running": "ok", "mid_term": "ok",
    "final": "ok", "failed": "bad", "intake": "note", "assessment": "note", "planning": "note", "intervention": "ok",
    "evaluation": "ok", "follow_up": "", "ended": "", "planned": "note", "recruited": "note", "evaluated": "ok",
    "cancelled": "bad", "held": "ok", "withdrawn": "bad", "": "note", "passed": "ok", "absent": "bad",
}  # fmt: skip
PAY_DUE, PAY_ENTERED, PAY_BATCHED, PAY_SENT, PAY_SETTLED = (
    mark("应付"), mark("已登记付款"), mark("已生成批次"), mark("资金办理中"), mark("已付"),
)  # fmt: skip
