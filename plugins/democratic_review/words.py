"""The words of panels and ballots: what is stored as a code and read as a sentence."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from core.api import mark

KINDS: Mapping[str, str] = {
    "cadre": mark("村干部"),
    "party": mark("党员"),
    "representative": mark("村民代表"),
    "elder": mark("老年人代表"),
    "women": mark("妇女代表"),
    "other": mark("其他"),
}
"""Why somebody sits on a panel."""

SEXES: Mapping[str, str] = {"male": mark("男"), "female": mark("女")}

RELATIONS: Mapping[str, str] = {
    code: entry["title"]
    for code, entry in tomllib.loads(Path(__file__).with_name("relations.toml").read_text(encoding="utf-8")).items()
}
"""How somebody who leaves is related to the applicant."""

SUBJECTS: Mapping[str, str] = {
    "case": mark("救助申请"),
    "housing": mark("住房救助名单"),
    "relief_money": mark("救灾款物分配"),
    "recipients": mark("救济对象名单"),
    "visit_list": mark("走访慰问名单"),
    "other": mark("其他事项"),
}
"""What a panel votes on."""

GROUNDS: Mapping[str, str] = {"new_facts": mark("有新的事实"), "objection": mark("异议成立")}
"""What a second vote needs."""

EVIDENCE: Mapping[str, str] = {"photo": mark("现场照片"), "signed": mark("签字的票决记录")}

VIOLATIONS: Mapping[str, str] = {
    "paid": mark("未经票决发放"),
    "decided": mark("未经票决批准"),
    "adapted": mark("变通处理，以其他程序代替票决"),
}

SOURCES: Mapping[str, str] = {"detected": mark("系统发现"), "entered": mark("人工登记")}

SUBJECT_STATES = ("appraising", "re_investigating")
"""The states of a case in which its panel may vote."""
