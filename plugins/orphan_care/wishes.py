"""What each act on a child's file needs, the same from a form, a command, the API or a spreadsheet."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from core.api import mark

Category = Literal["ORPHAN_INST", "ORPHAN_DISP", "UNATT", "CONT_EDU", "HIV_CHILD"]
Kind = Literal[
    "dead", "missing", "severe_disab", "illness", "prison", "drug_treatment", "restricted", "lost_contact",
    "revoked", "deported",
]  # fmt: skip
Disability = Literal["sight", "hearing", "speech", "limb", "intellectual", "mental", "multiple"]
Relation = Literal["grandparent", "sibling", "uncle_aunt", "foster", "parent", "committee", "other"]
School = Literal[
    "none", "preschool", "primary", "junior", "senior", "vocational", "college", "bachelor", "postgraduate"
]
Parent = Literal["father", "mother"]
Good = Literal["good", "concern", "bad"]
_PAPER = mark("没有材料不能认定，写明文书名称和编号")
_SINCE = mark("死亡、报警、入监或裁定的日期")
_YUAN = mark("元，例如 270.00")


@dataclass(frozen=True)
class ParentFacts:
    """Why one parent cannot care, as it was stated."""

    kind: str
    document: str = ""
    document_on: date | None = None
    since: date | None = None
    until: date | None = None
    disability: str = ""
    grade: int = 0
    illness: str = ""


class Guardianship(BaseModel):
    """Who keeps the child: a person of the registry or an institution."""

    guardian_id: int | None = Field(
        default=None, title=mark("监护人编号"), description=mark("人员编号；机构养育的不填")
    )
    institution: str = Field(default="", max_length=100, title=mark("养育机构"), description=mark("机构代码或名称"))
    relation: Relation | None = Field(default=None, title=mark("监护人与儿童关系"))
    paper: str = Field(
        default="", max_length=80, title=mark("监护证明"), description=mark("法院判决或村（居）委会指定书")
    )
    agreed_on: date | None = Field(default=None, title=mark("监护责任书签订日期"))


class ApplyCase(Guardianship):
    """A child that was found, or for whom the guardian applied."""

    person_id: int = Field(title=mark("儿童编号"), description=mark("人员编号"))
    category: Category = Field(title=mark("类别"))
    applied_on: date | None = Field(default=None, title=mark("申请日期"), description=mark("不填即今天"))
    father_kind: Kind | None = Field(default=None, title=mark("父亲情形"))
    father_document: str = Field(default="", max_length=80, title=mark("父亲情形材料"), description=_PAPER)
    father_document_on: date | None = Field(default=None, title=mark("父亲材料日期"))
    father_since: date | None = Field(default=None, title=mark("父亲情形起始日"), description=_SINCE)
    father_until: date | None = Field(default=None, title=mark("父亲情形终止日"), description=mark("刑期届满等"))
    father_disability: Disability | None = Field(default=None, title=mark("父亲残疾类别"))
    father_grade: int = Field(default=0, ge=0, le=4, title=mark("父亲残疾等级"))
    father_illness: str = Field(default="", max_length=40, title=mark("父亲病种"))
    mother_kind: Kind | None = Field(default=None, title=mark("母亲情形"))
    mother_document: str = Field(default="", max_length=80, title=mark("母亲情形材料"), description=_PAPER)
    mother_document_on: date | None = Field(default=None, title=mark("母亲材料日期"))
    mother_since: date | None = Field(default=None, title=mark("母亲情形起始日"), description=_SINCE)
    mother_until: date | None = Field(default=None, title=mark("母亲情形终止日"), description=mark("刑期届满等"))
    mother_disability: Disability | None = Field(default=None, title=mark("母亲残疾类别"))
    mother_grade: int = Field(default=0, ge=0, le=4, title=mark("母亲残疾等级"))
    mother_illness: str = Field(default="", max_length=40, title=mark("母亲病种"))
    authorised_on: date | None = Field(default=None, title=mark("核对授权书日期"))
    school: str = Field(default="", max_length=80, title=mark("就读学校"))
    schooling: School | None = Field(default=None, title=mark("学段"))
    school_until: date | None = Field(default=None, title=mark("在校证明有效至"))
    school_document: str = Field(default="", max_length=80, title=mark("在校证明编号"))
    disability_grade: int = Field(default=0, ge=0, le=4, title=mark("儿童残疾等级"), description=mark("没有填 0"))
    outside_kind: Literal["dibao", "tekun", "living_allowance"] | None = Field(
        default=None, title=mark("已享受的其他待遇")
    )
    outside_yuan: str = Field(default="", max_length=20, title=mark("其他待遇每月金额"), description=_YUAN)
    outside_from: str = Field(default="", max_length=7, title=mark("其他待遇起始月"), description=mark("例如 2026-03"))
    outside_document: str = Field(default="", max_length=80, title=mark("其他待遇证明"))
    needs: str = Field(
        default="", max_length=200, title=mark("需求"), description=mark("结对时给爱心人士看，不写姓名住址病情")
    )

    def parent(self, name: str) -> ParentFacts | None:
        """What was stated of one parent; None when nothing was."""
        return parent_facts(self, f"{name}_")


class SetBasis(BaseModel):
    """Another basis for one parent, or the same one verified again."""

    parent: Parent = Field(title=mark("父亲或母亲"))
    kind: Kind = Field(title=mark("情形"))
    document: str = Field(min_length=1, max_length=80, title=mark("材料"), description=_PAPER)
    document_on: date | None = Field(default=None, title=mark("材料日期"))
    since: date | None = Field(default=None, title=mark("起始日"), description=_SINCE)
    until: date | None = Field(default=None, title=mark("终止日"), description=mark("刑期届满等"))
    disability: Disability | None = Field(default=None, title=mark("残疾类别"))
    grade: int = Field(default=0, ge=0, le=4, title=mark("残疾等级"))
    illness: str = Field(default="", max_length=40, title=mark("病种"))


def parent_facts(wish: BaseModel, prefix: str = "") -> ParentFacts | None:
    """The facts of a parent among the fields of a wish."""
    kind = getattr(wish, f"{prefix}kind")
    if not kind:
        return None
    return ParentFacts(
        kind=kind,
        document=getattr(wish, f"{prefix}document"),
        document_on=getattr(wish, f"{prefix}document_on"),
        since=getattr(wish, f"{prefix}since"),
        until=getattr(wish, f"{prefix}until"),
        disability=getattr(wish, f"{prefix}disability") or "",
        grade=getattr(wish, f"{prefix}grade"),
        illness=getattr(wish, f"{prefix}illness"),
    )


class CheckCase(BaseModel):
    """The township's check, with the data of police, court and disabled federation."""

    on: date | None = Field(default=None, title=mark("核查日期"), description=mark("不填即今天"))
    police: Literal["agrees", "differs", "none"] = Field(title=mark("公安数据比对"))
    court: Literal["agrees", "differs", "none"] = Field(title=mark("法院数据比对"))
    federation: Literal["agrees", "differs", "none"] = Field(title=mark("残联数据比对"))
    note: str = Field(default="", max_length=200, title=mark("核查意见"))


class ApproveCase(BaseModel):
    """The county confirms the file; the account where it is not the child's own, the head's or the institution's."""

    on: date | None = Field(default=None, title=mark("确认日期"), description=mark("不填即今天"))
    document: str = Field(default="", max_length=80, title=mark("确认文号"))
    hukou: Literal["urban", "rural"] | None = Field(
        default=None, title=mark("户口"), description=mark("只有按旧办法办理时要填")
    )
    account_name: str = Field(default="", max_length=100, title=mark("收款户名"))
    account_number: str = Field(
        default="", max_length=60, title=mark("收款账号"), description=mark("以儿童名义、由监护人保管的账户")
    )


class WithdrawCase(BaseModel):
    """An application that goes no further."""

    cause: Literal["refused", "withdrawn"] = Field(title=mark("办理结果"))
    reason: str = Field(min_length=1, max_length=200, title=mark("理由"))


class EndCase(BaseModel):
    """Why a child leaves, and the day on which it happened; the month after it is no longer paid."""

    cause: Literal["released", "restored", "adopted", "adult", "moved_out", "other"] = Field(title=mark("停发原因"))
    on: date = Field(title=mark("发生日期"), description=mark("从次月起停发"))
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class ReopenCase(BaseModel):
    """A stop that was wrong: what was not paid meanwhile comes as back-pay."""

    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class ChangeCategory(BaseModel):
    """Another category from the month after, such as from home to an institution."""

    category: Literal["ORPHAN_INST", "ORPHAN_DISP", "UNATT"] = Field(title=mark("新类别"))
    on: date = Field(title=mark("变更日期"), description=mark("从次月起按新类别发放"))
    institution: str = Field(default="", max_length=100, title=mark("养育机构"), description=mark("机构代码或名称"))
    guardian_id: int | None = Field(default=None, title=mark("监护人编号"))
    relation: Relation | None = Field(default=None, title=mark("监护人与儿童关系"))
    account_name: str = Field(default="", max_length=100, title=mark("收款户名"))
    account_number: str = Field(default="", max_length=60, title=mark("收款账号"))
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class Schooling(BaseModel):
    """Where the child goes to school, with the proof that carries the allowance past the eighteenth birthday."""

    school: str = Field(min_length=1, max_length=80, title=mark("就读学校"))
    schooling: School = Field(title=mark("学段"))
    school_until: date | None = Field(default=None, title=mark("在校证明有效至"))
    school_document: str = Field(default="", max_length=80, title=mark("在校证明编号"))


class SignAgreement(BaseModel):
    """The guardian signed the agreement on care and the use of the money."""

    agreed_on: date = Field(title=mark("监护责任书签订日期"))


class DeclareAid(BaseModel):
    """Aid from elsewhere, with its paper and the month since when."""

    kind: Literal["dibao", "tekun", "living_allowance"] = Field(title=mark("待遇"))
    yuan: str = Field(min_length=1, max_length=20, title=mark("每月金额"), description=_YUAN)
    from_month: str = Field(min_length=7, max_length=7, title=mark("起始月"), description=mark("例如 2026-03"))
    document: str = Field(min_length=1, max_length=80, title=mark("证明材料"))


class EndAid(BaseModel):
    """The last month of an aid from elsewhere."""

    kind: Literal["dibao", "tekun", "living_allowance"] = Field(title=mark("待遇"))
    last_month: str = Field(min_length=7, max_length=7, title=mark("最后一个月"), description=mark("例如 2026-05"))


class Confide(BaseModel):
    """What only the county officer may know."""

    hiv: bool = Field(default=False, title=mark("感染艾滋病病毒"))
    facts: str = Field(default="", max_length=1000, title=mark("受侵害等情况"))


class RecordVisit(BaseModel):
    """A visit to the child."""

    level: Literal["village", "township"] = Field(title=mark("走访人"))
    visited_on: date | None = Field(default=None, title=mark("走访日期"), description=mark("不填即今天"))
    visitors: str = Field(min_length=1, max_length=80, title=mark("走访人姓名"))
    safety: Good = Field(title=mark("安全"))
    schooling: Good = Field(title=mark("学习"))
    money: Good = Field(title=mark("基本生活费使用"))
    findings: str = Field(default="", max_length=1000, title=mark("走访情况"))
    photo: bool = Field(default=False, title=mark("已拍照"))


class RecordReview(BaseModel):
    """A review of the file, and what follows."""

    kind: Literal["yearly", "event"] = Field(title=mark("复核种类"))
    done_on: date | None = Field(default=None, title=mark("复核日期"), description=mark("不填即今天"))
    outcome: Literal["continue", "change", "end"] = Field(title=mark("复核结论"))
    note: str = Field(default="", max_length=1000, title=mark("复核情况"))


class GiveGrant(BaseModel):
    """A study grant, medical rehabilitation or a gift; an empty amount is the grant's own standard."""

    kind: Literal["study", "rehabilitation", "gift"] = Field(title=mark("种类"))
    yuan: str = Field(default="", max_length=20, title=mark("金额"), description=mark("助学金不填即按标准"))
    granted_on: date | None = Field(default=None, title=mark("日期"), description=mark("不填即今天"))
    school_year: str = Field(default="", max_length=9, title=mark("学年"), description=mark("例如 2026-2027"))
    source: Literal["LOTTERY", "CENTRAL", "PROV", "COUNTY", "DON_R"] = Field(default="LOTTERY", title=mark("资金来源"))
    document: str = Field(min_length=1, max_length=80, title=mark("文号"))


class AddSponsor(BaseModel):
    """Somebody from society who wants to support children."""

    kind: Literal["person", "organisation"] = Field(title=mark("爱心人士或单位"))
    name: str = Field(min_length=1, max_length=80, title=mark("姓名或单位名称"))
    contact: str = Field(default="", max_length=100, title=mark("联系方式"), description=mark("加密保存"))


class CheckSponsor(BaseModel):
    """What the inquiry about offences against minors said."""

    result: Literal["clear", "record"] = Field(title=mark("背景查询结果"))
    on: date = Field(title=mark("查询日期"))
    document: str = Field(min_length=1, max_length=80, title=mark("查询回函编号"))


class OpenPairing(BaseModel):
    """A child and a sponsor: what is pledged each month, for how long, and who agreed."""

    case: str = Field(min_length=1, max_length=20, title=mark("儿童档案编号"))
    kind: Literal["money", "study", "visits"] = Field(title=mark("结对方式"))
    since: date | None = Field(default=None, title=mark("结对日期"), description=mark("不填即今天"))
    yuan: str = Field(default="", max_length=20, title=mark("每月承诺金额"), description=_YUAN)
    months: int = Field(default=12, ge=0, le=240, title=mark("承诺月数"))
    agreement_on: date | None = Field(default=None, title=mark("结对协议日期"))
    guardian_agreed_on: date | None = Field(default=None, title=mark("监护人同意日期"))
    child_agreed_on: date | None = Field(default=None, title=mark("儿童同意日期"))


class Consent(BaseModel):
    """Guardian and child agree that the sponsor sees a first name, an age band and needs."""

    guardian_agreed_on: date | None = Field(default=None, title=mark("监护人同意日期"))
    child_agreed_on: date | None = Field(default=None, title=mark("儿童同意日期"))
    agreement_on: date | None = Field(default=None, title=mark("结对协议日期"))


class RecordContact(BaseModel):
    """A contact that the officer arranged; money says how it went."""

    kind: Literal["money", "meeting", "call", "letter", "gift"] = Field(title=mark("方式"))
    happened_on: date | None = Field(default=None, title=mark("日期"), description=mark("不填即今天"))
    yuan: str = Field(default="", max_length=20, title=mark("金额"), description=_YUAN)
    way: Literal["charity", "direct"] | None = Field(default=None, title=mark("款项交付"))
    receipt: str = Field(default="", max_length=80, title=mark("收据编号"))
    note: str = Field(default="", max_length=500, title=mark("情况"))


class EndPairing(BaseModel):
    """The last day of a pairing."""

    until: date = Field(title=mark("结束日期"))
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class RequestNotice(BaseModel):
    """A public notice of files: by number and amount, nothing else."""

    cases: list[str] = Field(min_length=1, title=mark("儿童档案编号"))
    area: str = Field(pattern=r"^\d{6}(\d{3}(\d{3})?)?$", title=mark("区划代码"))
    columns: list[str] = Field(default=["case", "amount"], title=mark("栏目"))
    period: str = Field(default="", pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$", title=mark("月份"))
