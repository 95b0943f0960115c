"""The words of cases: states, events, offices, steps, and everything a form chooses from."""

from collections.abc import Mapping

from core.api import mark

STATES: Mapping[str, str] = {
    "draft": mark("待提交"),
    "submitted": mark("待受理"),
    "not_accepted": mark("不予受理"),
    "accepted": mark("已受理"),
    "checking": mark("核对中"),
    "investigating": mark("待入户"),
    "appraising": mark("待票决"),
    "noticing_1": mark("初审公示"),
    "re_investigating": mark("重新调查"),
    "township_review": mark("乡镇审核"),
    "county_review": mark("县级审核"),
    "county_supervision": mark("乡镇确认"),
    "spot_checking": mark("抽查中"),
    "noticing_2": mark("确认公示"),
    "approved": mark("已确认"),
    "refused": mark("不予确认"),
    "withdrawn": mark("已撤回"),
    "active": mark("在保"),
    "suspended": mark("暂停"),
    "phasing_out": mark("渐退期"),
    "closed": mark("已停保"),
}
TAGS: Mapping[str, str] = {
    "approved": "ok", "active": "ok", "refused": "bad", "not_accepted": "bad", "suspended": "warn",
    "phasing_out": "warn", "re_investigating": "warn", "withdrawn": "", "closed": "",
}  # fmt: skip
"""The colour of a state's tag; what is not listed is under way ("note")."""

EVENTS: Mapping[str, str] = {
    "create": mark("登记申请"),
    "submit": mark("提交"),
    "accept": mark("受理"),
    "return": mark("退回补正"),
    "reject_formally": mark("不予受理"),
    "start_check": mark("启动核对"),
    "check_report": mark("登记核对报告"),
    "visit_done": mark("登记入户调查"),
    "ballot_pass": mark("票决通过"),
    "ballot_fail": mark("票决未通过"),
    "period_end_no_objection": mark("公示期满，进入审核"),
    "objection": mark("异议成立，重新调查"),
    "done": mark("重新调查完成"),
    "minutes_ok": mark("乡镇审核通过"),
    "sample_drawn": mark("转入抽查"),
    "propose_grant": mark("拟同意"),
    "return_to_township": mark("退回乡镇重新调查"),
    "period_end": mark("公示期满，审批确认"),
    "refuse": mark("不予确认"),
    "activate": mark("开始享受"),
    "suspend": mark("暂停发放"),
    "resume": mark("恢复发放"),
    "review": mark("复核"),
    "recompute": mark("因家庭变化重新计算"),
    "phase_out": mark("进入渐退期"),
    "period_over": mark("渐退期满"),
    "stop": mark("停保"),
    "withdraw": mark("撤回申请"),
    "appeal_won": mark("申诉成立"),
    "ask_applicant": mark("等申请人补充材料"),
    "supplied": mark("申请人已补充"),
}
STEPS: Mapping[str, str] = {
    "apply": mark("申请"),
    "accept": mark("受理"),
    "check": mark("核对"),
    "visit": mark("入户"),
    "ballot": mark("评议票决"),
    "notice_1": mark("公示"),
    "township_review": mark("审核"),
    "county_review": mark("县级审核"),
    "spot_check": mark("抽查"),
    "notice_2": mark("公示"),
    "decide": mark("审批"),
    "pay": mark("发放"),
}
OFFICES: Mapping[str, str] = {"village": mark("村（社区）"), "township": mark("乡镇政府"), "county": mark("县民政局")}
SOURCES: Mapping[str, str] = {
    "counter": mark("窗口"),
    "discovery": mark("主动发现"),
    "agent": mark("村（社区）代办"),
    "online": mark("网上"),
}
KINDS: Mapping[str, str] = {"urban": mark("城市"), "rural": mark("农村")}
LIGHTS: Mapping[str, str] = {
    "green": mark("正常"),
    "yellow": mark("将到期"),
    "red": mark("已超期"),
    "stopped": mark("停钟"),
}
LIGHT_TAGS: Mapping[str, str] = {"green": "ok", "yellow": "warn", "red": "bad", "stopped": ""}
CHECK_RESULTS: Mapping[str, str] = {"agrees": mark("未发现不一致"), "differs": mark("有不一致项")}
VISITS: Mapping[str, str] = {
    "first": mark("入户调查"),
    "again": mark("重新入户"),
    "county": mark("县级入户"),
    "spot": mark("抽查入户"),
}
WAYS: Mapping[str, str] = {"visit": mark("重新入户"), "ballot": mark("重新票决")}
LEVELS: Mapping[str, str] = {"village": mark("村级"), "township": mark("乡镇级"), "county": mark("县级")}
RELATIONS: Mapping[str, str] = {
    "spouse": mark("配偶"),
    "parent": mark("父母"),
    "child": mark("子女"),
    "sibling": mark("兄弟姐妹"),
    "grandparent": mark("祖父母、外祖父母"),
    "grandchild": mark("孙子女、外孙子女"),
    "in_law": mark("姻亲"),
}
RESULTS: Mapping[str, str] = {"right": mark("属实"), "wrong": mark("有误")}
WHY: Mapping[str, str] = {"drawn": mark("抽中"), "relative": mark("近亲属备案"), "complaint": mark("有投诉")}
OUTCOMES: Mapping[str, str] = {
    "same": mark("不变"),
    "increase": mark("提高"),
    "decrease": mark("降低"),
    "phase_out": mark("进入渐退期"),
    "stop": mark("停发"),
}
REVIEWS: Mapping[str, str] = {"regular": mark("定期复核"), "change": mark("情况变化"), "spot": mark("抽查")}
LEADS: Mapping[str, str] = {
    "cadre": mark("村（社区）干部"),
    "social_worker": mark("社工"),
    "data": mark("数据比对"),
    "public": mark("群众反映"),
}
APPEALS: Mapping[str, str] = {
    "complaint": mark("投诉"),
    "reconsideration": mark("行政复议"),
    "lawsuit": mark("行政诉讼"),
}
APPEAL_OUTCOMES: Mapping[str, str] = {"won": mark("支持申请人"), "lost": mark("维持原决定")}
SAMPLES: Mapping[str, str] = {"new": mark("新申请"), "active": mark("在保家庭")}
VOCABULARIES: tuple[Mapping[str, str], ...] = (
    SOURCES, KINDS, CHECK_RESULTS, VISITS, WAYS, LEVELS, RELATIONS, RESULTS, OUTCOMES, REVIEWS, LEADS, APPEALS,
    APPEAL_OUTCOMES, SAMPLES,
)  # fmt: skip
LONG = frozenset({"reason", "findings", "conclusion", "explanation", "details", "text", "note"})
