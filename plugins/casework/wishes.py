"""What staff ask for, as models: the data of each event of the state table, and the other acts on a case."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from core.api import mark

Relation = Literal["spouse", "parent", "child", "sibling", "grandparent", "grandchild", "in_law"]
Level = Literal["village", "township", "county"]


def _split(given: Any) -> Any:
    """A list as it is typed in one field: its parts stand apart by 、 , ; or line ends."""
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, (list, tuple)):
        return texts
    found: list[Any] = []
    for text in texts:
        if not isinstance(text, str):
            found.append(text)
            continue
        for mark_ in ("，", ",", "；", ";", "\n", " "):
            text = text.replace(mark_, "、")
        found.extend(part.strip() for part in text.split("、") if part.strip())
    return found


Several = Annotated[list[str], BeforeValidator(_split)]


class NewCase(BaseModel):
    """An application: the household, who is counted, and who applies."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(min_length=1, max_length=40, title=mark("业务"))
    household: str = Field(min_length=1, max_length=40, title=mark("户号"))
    members: Several = Field(
        min_length=1, max_length=30, title=mark("共同生活成员"), description=mark("姓名、编号或身份证号，用、隔开")
    )
    applicant: str = Field(default="", max_length=40, title=mark("申请人"), description=mark("不填就是户主或第一人"))
    applied_on: date | None = Field(default=None, title=mark("申请日期"))
    source: Literal["counter", "discovery", "agent", "online"] = Field(default="counter", title=mark("来源"))
    area_kind: Literal["urban", "rural"] | None = Field(default=None, title=mark("城乡"))
    urgent_order: str = Field(
        default="", max_length=80, title=mark("紧急程序依据"), description=mark("急难情形的文号，一般申请不填")
    )
    lead: int | None = Field(default=None, title=mark("主动发现线索编号"))


class StepData(BaseModel):
    """What every step is taken with: the day it happened."""

    model_config = ConfigDict(extra="forbid")

    on: date | None = Field(default=None, title=mark("办理日期"), description=mark("不填就是今天"))


class Submit(StepData):
    """The family hands in the application; papers and signatures may be entered with it."""

    papers: Several = Field(default_factory=list, title=mark("收到的材料"), description=mark("材料代码"))
    signed_by: Several = Field(
        default_factory=list, title=mark("签署授权的成年成员"), description=mark("姓名、编号或身份证号")
    )


class Accept(StepData):
    """The application is complete: the clock starts."""

    special: str = Field(default="", max_length=200, title=mark("适用延长时限的特殊情形"))


class SendBack(StepData):
    """Back to an earlier step; to the family with everything that is missing, told once."""

    to: Literal["draft", "investigating"] | None = Field(default=None, title=mark("退回到"))
    reason: str = Field(min_length=1, max_length=400, title=mark("事由"))
    missing: Several = Field(
        default_factory=list, title=mark("缺少的材料"), description=mark("材料代码或名称，一次告知齐全")
    )


class Reasoned(StepData):
    """A step that needs its reason in writing."""

    reason: str = Field(min_length=1, max_length=400, title=mark("事由"))


class CheckReport(StepData):
    """What the check centre reports: its number, what it found, and the items the township may see."""

    report: str = Field(min_length=1, max_length=60, title=mark("核对报告编号"))
    result: Literal["agrees", "differs"] = Field(default="agrees", title=mark("结论"))
    conclusion: str = Field(default="", max_length=400, title=mark("结论说明"))
    items: list[Mapping[str, Any]] = Field(default_factory=list, title=mark("逐项结果"))
    details: str = Field(default="", max_length=4000, title=mark("原始数据"), description=mark("只有核对中心可见"))


class VisitDone(StepData):
    """A visit: who went, who of the family signed, what was seen."""

    investigators: Several = Field(
        default_factory=list, max_length=10, title=mark("调查人员"), description=mark("姓名或账号，至少两人")
    )
    signer: str = Field(default="", max_length=50, title=mark("签字的家庭成员"))
    findings: str = Field(default="", max_length=4000, title=mark("调查情况"))


class Minuted(StepData):
    """The township's joint meeting agreed: which minutes say so."""

    minutes: str = Field(default="", max_length=80, title=mark("会议纪要"), description=mark("党政联席会议纪要编号"))
    opinion: str = Field(default="", max_length=200, title=mark("审核意见"))


class Balloted(StepData):
    """The panel voted; where the ballot is not kept here, its record is named."""

    record: str = Field(default="", max_length=80, title=mark("票决记录"))


class Reinvestigated(StepData):
    """A contested case was looked at again: by a visit or a ballot, and what came of it."""

    way: Literal["visit", "ballot"] = Field(default="visit", title=mark("方式"))
    reason: str = Field(default="", max_length=400, title=mark("调查结论"))
    investigators: Several = Field(default_factory=list, max_length=10, title=mark("调查人员"))
    signer: str = Field(default="", max_length=50, title=mark("签字的家庭成员"))
    findings: str = Field(default="", max_length=4000, title=mark("调查情况"))


class Propose(StepData):
    """The reviewer proposes to grant."""

    opinion: str = Field(default="", max_length=200, title=mark("审核意见"))


class Confirm(StepData):
    """The approver decides: the family is granted what was published."""

    document: str = Field(default="", max_length=80, title=mark("文号"))


class Refuse(StepData):
    """A refusal: its reasons and the rule it rests on."""

    reason: str = Field(default="", max_length=400, title=mark("不予确认的理由"))
    rule: str = Field(default="", max_length=200, title=mark("依据的条款"))


class Monthly(Reasoned):
    """A decision on a family in payment, from a month on (YYYY-MM; the month after when left open)."""

    from_month: str = Field(default="", pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$", title=mark("从哪个月起"))
    document: str = Field(default="", max_length=80, title=mark("文号"))


class Reviewed(StepData):
    """A review of a family in payment: the amount is computed anew from the facts of the day."""

    kind: Literal["regular", "change", "spot"] = Field(default="regular", title=mark("复核种类"))
    reason: str = Field(default="", max_length=400, title=mark("复核情况"))
    document: str = Field(default="", max_length=80, title=mark("文号"))


class Waiting(StepData):
    """What the family is asked for; the clock stands still until it came."""

    reason: str = Field(min_length=1, max_length=400, title=mark("要补充什么"))


class Withdraw(StepData):
    """The family takes the application back, signed."""

    reason: str = Field(default="", max_length=400, title=mark("事由"))
    signer: str = Field(default="", max_length=50, title=mark("签字的申请人"))


class AppealWon(StepData):
    """A decision was overturned: by which paper, and from which month it counts."""

    document: str = Field(min_length=1, max_length=80, title=mark("复议决定或判决文号"))
    reason: str = Field(default="", max_length=400, title=mark("事由"))
    from_month: str = Field(default="", pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$", title=mark("从哪个月起"))


EVENT_WISHES: Mapping[str, type[StepData]] = {
    "submit": Submit, "accept": Accept, "return": SendBack, "reject_formally": Reasoned, "start_check": StepData,
    "check_report": CheckReport, "visit_done": VisitDone, "ballot_pass": Balloted, "ballot_fail": Balloted,
    "period_end_no_objection": StepData, "objection": Reasoned, "done": Reinvestigated, "minutes_ok": Minuted,
    "sample_drawn": StepData, "propose_grant": Propose, "return_to_township": Reasoned, "period_end": Confirm,
    "refuse": Refuse, "activate": StepData, "suspend": Monthly, "resume": Monthly, "review": Reviewed,
    "phase_out": Monthly, "period_over": StepData, "stop": Monthly, "withdraw": Withdraw, "appeal_won": AppealWon,
    "ask_applicant": Waiting, "supplied": StepData,
}  # fmt: skip
"""What each event is taken with."""


class Sign(BaseModel):
    """An adult of the family signs the declaration and the authorisation for the economic check."""

    member: str = Field(min_length=1, max_length=40, title=mark("成员"), description=mark("姓名、编号或身份证号"))
    on: date | None = Field(default=None, title=mark("签署日期"))


class HandIn(BaseModel):
    """A paper came in."""

    kind: str = Field(min_length=1, max_length=40, title=mark("材料代码"))
    on: date | None = Field(default=None, title=mark("收到日期"))


class DeclareRelative(BaseModel):
    """A member of the family is a near relative of somebody on the staff or the village committee."""

    member: str = Field(min_length=1, max_length=40, title=mark("家庭成员"), description=mark("姓名、编号或身份证号"))
    staff_name: str = Field(min_length=1, max_length=50, title=mark("工作人员姓名"))
    account: str = Field(default="", max_length=60, title=mark("平台账号"), description=mark("有账号的填"))
    post: str = Field(min_length=1, max_length=60, title=mark("职务"))
    level: Level = Field(title=mark("层级"))
    relation: Relation = Field(title=mark("关系"))
    on: date | None = Field(default=None, title=mark("备案日期"))


class CountyVisit(VisitDone):
    """A visit of the county, to a registered relative's household or one that was drawn."""

    kind: Literal["county", "spot"] = Field(default="county", title=mark("入户种类"))


class Explain(BaseModel):
    """What the family says to what the check found."""

    explanation: str = Field(min_length=1, max_length=400, title=mark("家庭说明"))
    on: date | None = Field(default=None, title=mark("说明日期"))


class Complain(BaseModel):
    """Somebody complained about an open case: the county visits."""

    reason: str = Field(min_length=1, max_length=400, title=mark("投诉内容"))


class MemberLeft(BaseModel):
    """A member is no longer counted: moved away, in prison, adopted."""

    member: str = Field(min_length=1, max_length=40, title=mark("成员"), description=mark("姓名、编号或身份证号"))
    on: date = Field(title=mark("日期"))
    reason: str = Field(min_length=1, max_length=80, title=mark("原因"))


class MemberJoined(BaseModel):
    """A person is counted from now on: born, released, moved in."""

    member: str = Field(min_length=1, max_length=40, title=mark("成员"), description=mark("编号或身份证号"))
    on: date = Field(title=mark("日期"))
    reason: str = Field(min_length=1, max_length=80, title=mark("原因"))


class FileAppeal(BaseModel):
    """A complaint, reconsideration or lawsuit against a decision."""

    kind: Literal["complaint", "reconsideration", "lawsuit"] = Field(title=mark("方式"))
    filed_on: date = Field(title=mark("提出日期"))
    text: str = Field(default="", max_length=2000, title=mark("理由"))


class DecideAppeal(BaseModel):
    """How an appeal ended."""

    outcome: Literal["won", "lost"] = Field(title=mark("结果"))
    on: date = Field(title=mark("决定日期"))
    document: str = Field(min_length=1, max_length=80, title=mark("文号"))
    from_month: str = Field(
        default="",
        pattern=r"^(\d{4}-(0[1-9]|1[0-2]))?$",
        title=mark("恢复从哪个月起"),
        description=mark("支持申请人时"),
    )


class AddLead(BaseModel):
    """A family in need was noticed."""

    person: str = Field(min_length=1, max_length=40, title=mark("人员"), description=mark("编号或身份证号"))
    source: Literal["cadre", "social_worker", "data", "public"] = Field(title=mark("来源"))
    text: str = Field(min_length=1, max_length=2000, title=mark("情况"))
    found_on: date | None = Field(default=None, title=mark("发现日期"))


class DismissLead(BaseModel):
    """Nobody needs to apply, for a reason."""

    reason: str = Field(min_length=1, max_length=200, title=mark("核实结果"))


class DrawSample(BaseModel):
    """Draw cases to be inspected: new applications or families in payment of a month."""

    kind: Literal["new", "active"] = Field(title=mark("抽查对象"))
    type: str = Field(min_length=1, max_length=40, title=mark("业务"))
    period: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", title=mark("月份"))
    area: str = Field(default="", max_length=12, title=mark("区划"))
    share: str = Field(default="", max_length=10, title=mark("抽查比例"), description=mark("不填按政策"))
    seed: int | None = Field(default=None, title=mark("随机种子"), description=mark("不填由系统生成"))


class InspectCase(BaseModel):
    """What an inspection of a drawn case found."""

    on: date | None = Field(default=None, title=mark("核查日期"))
    result: Literal["right", "wrong"] = Field(title=mark("结果"))
    note: str = Field(default="", max_length=400, title=mark("说明"))
    wrong_amount: str = Field(default="", max_length=20, title=mark("涉及金额（元）"))
