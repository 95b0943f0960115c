"""The vocabularies of the handbook: what each code is called, and which of them go together."""

from collections.abc import Mapping

from core.api import mark

SCHEME = "dibao"
PRICE = "PRICE"

AREA_KINDS: Mapping[str, str] = {"urban": mark("城市低保"), "rural": mark("农村低保")}
INCOMES: Mapping[str, str] = {
    "wage": mark("工资性收入"),
    "business": mark("经营净收入"),
    "property": mark("财产净收入"),
    "transfer": mark("转移净收入"),
    "farm": mark("种养业净收入"),
    "support": mark("赡养抚养扶养费"),
}
PERIODS: Mapping[str, str] = {"month": mark("月"), "year": mark("年")}
PROPERTIES: Mapping[str, str] = {
    "cash": mark("存款和其他金融资产"),
    "vehicle": mark("机动车辆"),
    "house": mark("住房"),
    "company": mark("企业"),
}
EXPENDITURES: Mapping[str, str] = {
    "medical": mark("医疗"),
    "education": mark("教育"),
    "disability_care": mark("残疾照护和康复"),
    "other": mark("其他刚性支出"),
}
LABOUR: Mapping[str, str] = {
    "": mark("未评定"),
    "full": mark("有劳动能力"),
    "partial": mark("部分丧失劳动能力"),
    "none": mark("完全丧失劳动能力"),
}
SUPPLEMENTS: Mapping[str, str] = {
    "age70": mark("老年人"),
    "minor": mark("未成年人"),
    "disab12": mark("重度残疾人"),
    "illness": mark("重病患者"),
    "single_parent": mark("单亲家庭"),
}
COMPUTED_MARKS = ("age70", "minor", "disab12")
"""Worked out from the registry on the day that counts; nobody types them."""
MARKS: Mapping[str, str] = {
    "illness": mark("重病"),
    "single_parent": mark("单亲"),
    "single_person": mark("单人户申请"),
    "clergy": mark("在宗教场所居住满三年的生活困难宗教教职人员"),
    "student_away": mark("在外就读"),
    "migrant": mark("外出务工"),
    "prison": mark("服刑"),
    "drug_treatment": mark("强制隔离戒毒"),
    "missing": mark("宣告失踪"),
    "clergy_away": mark("脱离家庭三年以上的宗教教职人员"),
}
AWAY = ("prison", "drug_treatment", "missing", "clergy_away")
"""Who is not counted in the family (民发〔2021〕57号第七条)."""
CLASSES: Mapping[str, str] = {"A": mark("A 类"), "B": mark("B 类"), "C": mark("C 类")}
CAMPAIGNS: Mapping[str, str] = {
    "reverification": mark("全面复核"),
    "sweep": mark("专项治理"),
    "extension": mark("扩面"),
}
RESULTS: Mapping[str, str] = {
    "": mark("未核"), "kept": mark("保留"), "lowered": mark("调低"), "stopped": mark("停发"), "added": mark("新增"),
}  # fmt: skip
LINKED: Mapping[str, str] = {
    "water": mark("水费减免"),
    "power": mark("电费减免"),
    "housing": mark("住房保障"),
    "medical": mark("医疗救助"),
    "education": mark("教育救助"),
    "job_training": mark("就业培训"),
}
ERRORS: Mapping[str, str] = {
    "drawn": mark("随机抽查发现审批有误"),
    "relative": mark("近亲属备案核查发现审批有误"),
    "complaint": mark("投诉核查发现审批有误"),
    "undeserved": mark("不应享受，追溯停发"),
}
"""How a wrong approval came to light."""
ONE_LINE: Mapping[str, str] = {
    "dibao": mark("只在农村低保"),
    "register": mark("只在防返贫监测名单"),
}
CHANGES: Mapping[str, str] = {
    "new": mark("新增"), "raised": mark("调高"), "lowered": mark("调低"), "stopped": mark("停发"),
    "backpay": mark("补发"),
}  # fmt: skip
SEXES: Mapping[int, str] = {1: mark("男"), 2: mark("女")}
OF_MIND = ("intellectual", "mental")
OUTCOMES: Mapping[str, str] = {
    "granted": mark("审核确认"), "changed": mark("变更"), "suspended": mark("暂停"), "resumed": mark("恢复"),
    "phasing_out": mark("渐退"), "stopped": mark("停发"), "reinstated": mark("撤销停发"), "raised": mark("提标"),
}  # fmt: skip
