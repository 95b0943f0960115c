"""The vocabularies of the handbook: what each code is called, and which of them go together."""

from collections.abc import Mapping

from core.api import mark

SCHEME = "orphan_care"

CATEGORIES: Mapping[str, str] = {
    "ORPHAN_INST": mark("集中养育孤儿"),
    "ORPHAN_DISP": mark("社会散居孤儿"),
    "UNATT": mark("事实无人抚养儿童"),
    "CONT_EDU": mark("年满 18 周岁继续就学"),
}
HIV = "HIV_CHILD"
CONFIDED: Mapping[str, str] = {HIV: mark("感染艾滋病病毒儿童")}
"""Said to the county officer only; for everybody else the child stands in the category it is paid by."""

BASES: Mapping[str, str] = {
    "dead": mark("死亡"),
    "missing": mark("宣告失踪"),
    "severe_disab": mark("重度残疾"),
    "illness": mark("重病"),
    "prison": mark("服刑"),
    "drug_treatment": mark("强制隔离戒毒"),
    "restricted": mark("其他限制人身自由"),
    "lost_contact": mark("失联"),
    "revoked": mark("被撤销监护资格"),
    "deported": mark("被遣送出境"),
}
GONE = ("dead", "missing")
CUSTODY = ("prison", "drug_treatment", "restricted")
PARENTS: Mapping[str, str] = {"father": mark("父亲"), "mother": mark("母亲")}
DISABILITIES: Mapping[str, str] = {
    "sight": mark("视力"),
    "hearing": mark("听力"),
    "speech": mark("言语"),
    "limb": mark("肢体"),
    "intellectual": mark("智力"),
    "mental": mark("精神"),
    "multiple": mark("多重"),
}
OF_MIND = ("intellectual", "mental")
STATES: Mapping[str, str] = {
    "applied": mark("已申请"),
    "township_checked": mark("乡镇已核查"),
    "approved": mark("已确认"),
    "active": mark("在保"),
    "ending": mark("待停发"),
    "closed": mark("已结案"),
}
TAGS: Mapping[str, str] = {
    "applied": "note", "township_checked": "note", "approved": "note", "active": "ok", "ending": "warn", "closed": "",
}  # fmt: skip
CAUSES: Mapping[str, str] = {
    "released": mark("父母刑满或恢复自由"),
    "restored": mark("恢复联系或履行抚养"),
    "adopted": mark("被收养"),
    "adult": mark("年满 18 周岁且不在校"),
    "death": mark("死亡"),
    "moved_out": mark("迁出本县"),
    "refused": mark("不符合条件"),
    "withdrawn": mark("申请人撤回"),
    "merged": mark("与另一份档案是同一个人"),
    "other": mark("其他原因"),
}
RELATIONS: Mapping[str, str] = {
    "grandparent": mark("祖父母或外祖父母"),
    "sibling": mark("兄姐"),
    "uncle_aunt": mark("叔伯姑舅姨"),
    "foster": mark("寄养家庭"),
    "parent": mark("父或母"),
    "committee": mark("村（居）民委员会"),
    "other": mark("其他"),
}
SCHOOLING: Mapping[str, str] = {
    "none": mark("未入学"),
    "preschool": mark("学前"),
    "primary": mark("小学"),
    "junior": mark("初中"),
    "senior": mark("普通高中"),
    "vocational": mark("中等职业学校"),
    "college": mark("大专"),
    "bachelor": mark("本科"),
    "postgraduate": mark("研究生"),
}
GOOD: Mapping[str, str] = {"good": mark("良好"), "concern": mark("需要关注"), "bad": mark("有问题")}
LEVELS: Mapping[str, str] = {"village": mark("儿童主任"), "township": mark("儿童督导员")}
OUTCOMES: Mapping[str, str] = {"continue": mark("继续保障"), "change": mark("需要变更"), "end": mark("应当停发")}
REVIEWS: Mapping[str, str] = {"yearly": mark("年度复核"), "event": mark("动态复核"), "account": mark("收款账户退票")}
AIDS: Mapping[str, str] = {
    "dibao": mark("最低生活保障"),
    "tekun": mark("特困人员救助供养"),
    "living_allowance": mark("困难残疾人生活补贴"),
}
GRANTS: Mapping[str, str] = {
    "study": mark("孤儿助学"),
    "rehabilitation": mark("医疗康复"),
    "gift": mark("节日慰问"),
}
SOURCES: Mapping[str, str] = {
    "LOTTERY": mark("福彩公益金"),
    "CENTRAL": mark("中央资金"),
    "PROV": mark("省级资金"),
    "COUNTY": mark("县级资金"),
    "DON_R": mark("定向捐赠"),
}
SPONSORS: Mapping[str, str] = {"person": mark("个人"), "organisation": mark("单位")}
CHECKS: Mapping[str, str] = {"clear": mark("无侵害未成年人记录"), "record": mark("有侵害未成年人记录")}
PAIRINGS: Mapping[str, str] = {"money": mark("资助"), "study": mark("助学"), "visits": mark("探望陪伴")}
CONTACTS: Mapping[str, str] = {
    "money": mark("资助款"),
    "meeting": mark("见面"),
    "call": mark("通话"),
    "letter": mark("书信"),
    "gift": mark("物品"),
}
WAYS: Mapping[str, str] = {"charity": mark("经慈善账户，有收据"), "direct": mark("直接交付，只登记不入账")}
COMPARED: Mapping[str, str] = {
    "agrees": mark("一致"), "differs": mark("不一致"), "none": mark("查无记录"),
}  # fmt: skip
CARES: Mapping[str, str] = {"person": mark("个人"), "institution": mark("机构")}
HUKOUS: Mapping[str, str] = {"urban": mark("城镇"), "rural": mark("农村")}
LIVING_STATES = ("approved", "active", "ending")
