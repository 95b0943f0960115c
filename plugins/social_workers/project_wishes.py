"""What staff ask for about projects, cases, groups, events and visits."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from core.api import mark
from plugins.social_workers.wishes import AREA, SEALED, TODAY, WORKER, FieldCode, Several

ItemCode = Literal["cases", "groups", "events", "visits", "beneficiaries", "trainees"]
NeedCode = Literal[
    "emotional",
    "family_relation",
    "guardianship",
    "economic",
    "employment",
    "health",
    "behaviour",
    "crisis",
    "resource",
]
PROJECT = mark("项目编号")
MOMENT = mark("例如 2026-11-20 08:30，不填即现在")


class AddProject(BaseModel):
    """A project is drafted; targets of 0 are not asked for."""

    name: str = Field(min_length=1, max_length=80, title=mark("项目名称"))
    purchaser: str = Field(min_length=1, max_length=80, title=mark("购买方"))
    purchaser_kind: Literal["bureau", "township", "other"] = Field(default="bureau", title=mark("购买方类别"))
    source: Literal["CENTRAL", "PROV", "CITY", "COUNTY", "TOWN", "LOTTERY", "DON_R", "DON_U"] = Field(
        title=mark("资金来源")
    )
    contract: str = Field(min_length=1, max_length=16, title=mark("合同金额（元）"))
    area: str = Field(pattern=AREA, title=mark("区划代码"))
    field: FieldCode = Field(default="community", title=mark("服务领域"))
    agency: str = Field(default="", max_length=80, title=mark("承接机构"), description=mark("编号、信用代码或名称"))
    since: date = Field(title=mark("起始日期"))
    until: date = Field(title=mark("截止日期"))
    cases: int = Field(default=0, ge=0, title=mark("个案目标"))
    groups: int = Field(default=0, ge=0, title=mark("小组目标"))
    events: int = Field(default=0, ge=0, title=mark("社区活动目标"))
    visits: int = Field(default=0, ge=0, title=mark("探访目标"))
    beneficiaries: int = Field(default=0, ge=0, title=mark("服务对象目标（人）"))
    trainees: int = Field(default=0, ge=0, title=mark("培养人员目标"))


class Approve(BaseModel):
    """A project is approved by a meeting."""

    minutes: str = Field(min_length=1, max_length=80, title=mark("会议纪要编号"))


class Contract(BaseModel):
    """The contract with an agency."""

    agency: str = Field(default="", max_length=80, title=mark("承接机构"), description=mark("编号、信用代码或名称"))
    contract_no: str = Field(min_length=1, max_length=60, title=mark("合同编号"))
    on: date | None = Field(default=None, title=mark("签订日期"), description=TODAY)


class Amend(BaseModel):
    """An amendment of the contract changes a target from a day on; the old one stays."""

    item: ItemCode = Field(title=mark("服务指标"))
    target: int = Field(ge=0, title=mark("新目标"))
    valid_from: date = Field(title=mark("生效日期"))
    document: str = Field(min_length=1, max_length=80, title=mark("补充协议编号"))


class Assess(BaseModel):
    """A mid-term or final assessment; points that are not given are those computed."""

    stage: Literal["mid", "final"] = Field(title=mark("评估阶段"))
    on: date | None = Field(default=None, title=mark("评估日期"), description=TODAY)
    points: str = Field(default="", max_length=6, title=mark("得分"), description=mark("0 至 100，不填即按指标计算"))
    satisfaction: str = Field(default="", max_length=6, title=mark("满意度（%）"))
    assessor: str = Field(min_length=1, max_length=80, title=mark("评估方"))
    report: str = Field(min_length=1, max_length=80, title=mark("评估报告编号"))


class Invoice(BaseModel):
    """An instalment is due: the amount follows from the contract and the points."""

    stage: Literal["contract", "mid", "final"] = Field(title=mark("付款阶段"))
    invoice_no: str = Field(min_length=1, max_length=40, title=mark("机构发票号码"))
    minutes: str = Field(min_length=1, max_length=80, title=mark("会议纪要编号"))


class WithdrawInstalment(BaseModel):
    """An instalment that was entered wrongly."""

    stage: Literal["contract", "mid", "final"] = Field(title=mark("付款阶段"))
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class Pay(BaseModel):
    """The month in which instalments go into a batch of the funds."""

    month: str = Field(pattern=r"^\d{4}-\d{2}$", title=mark("付款月份"))


class AddVisit(BaseModel):
    """A visit at somebody's home."""

    worker: str = Field(min_length=1, max_length=20, title=WORKER)
    person_id: int = Field(title=mark("人员编号"))
    on: date | None = Field(default=None, title=mark("探访日期"), description=TODAY)
    minutes: int = Field(ge=1, le=720, title=mark("分钟"))


class OpenCase(BaseModel):
    """A case begins with intake: consent, or the basis of mandatory reporting."""

    client_id: int = Field(title=mark("服务对象编号"), description=mark("人员编号"))
    worker: str = Field(min_length=1, max_length=20, title=mark("承办社工"), description=WORKER)
    assistant: str = Field(default="", max_length=20, title=mark("协办社工"), description=WORKER)
    supervisor: str = Field(min_length=1, max_length=20, title=mark("督导"), description=WORKER)
    project: str = Field(default="", max_length=20, title=PROJECT)
    area: str = Field(default="", max_length=12, title=mark("区划代码"), description=mark("不填即服务对象户籍地"))
    opened_on: date | None = Field(default=None, title=mark("接案日期"), description=TODAY)
    needs: Annotated[list[NeedCode], Several] = Field(
        min_length=1, title=mark("需求类型"), description=mark("可填多个，逗号隔开")
    )
    field: FieldCode = Field(default="community", title=mark("服务领域"))
    risk: Literal["low", "medium", "high", "crisis"] = Field(default="low", title=mark("风险等级"))
    goal: str = Field(min_length=1, max_length=400, title=mark("服务目标"), description=SEALED)
    consent_on: date | None = Field(default=None, title=mark("同意日期"))
    consent_by: Literal["client", "guardian"] | None = Field(default=None, title=mark("谁同意"))
    basis: str = Field(
        default="",
        max_length=200,
        title=mark("强制报告依据"),
        description=mark("没有同意时填写，例如未成年人保护法第十一条"),
    )


class AddForm(BaseModel):
    """A dated form of the case file."""

    kind: Literal["SW01", "SW02", "SW03", "SW04", "SW05", "SW06", "SW07", "SW08", "SW09", "SW10"] = Field(
        title=mark("文书")
    )
    on: date | None = Field(default=None, title=mark("文书日期"), description=TODAY)
    minutes: int = Field(default=0, ge=0, le=720, title=mark("面谈分钟"), description=mark("过程记录必须填写"))
    content: str = Field(min_length=1, max_length=2000, title=mark("文书内容"), description=SEALED)
    next_step: str = Field(default="", max_length=400, title=mark("下一步"), description=SEALED)


class Advance(BaseModel):
    """The next stage of a case."""

    stage: Literal["assessment", "planning", "intervention", "evaluation"] = Field(title=mark("进入阶段"))


class CloseCase(BaseModel):
    """A case closes after its evaluation."""

    ending: Literal["goals_reached", "partly_reached"] = Field(title=mark("结案原因"))
    goal_percent: int = Field(ge=0, le=100, title=mark("目标达成（%）"))
    satisfaction: int | None = Field(default=None, ge=0, le=100, title=mark("满意度（%）"))
    on: date | None = Field(default=None, title=mark("结案日期"), description=TODAY)


class EndCase(BaseModel):
    """A case ends early: referral, withdrawal, moving away, death."""

    ending: Literal["referred", "withdrew", "moved", "died"] = Field(title=mark("结束原因"))
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))
    on: date | None = Field(default=None, title=mark("结束日期"), description=TODAY)


class FollowUp(BaseModel):
    """The client was asked again after the case closed."""

    on: date | None = Field(default=None, title=mark("回访日期"), description=TODAY)
    content: str = Field(min_length=1, max_length=2000, title=mark("文书内容"), description=SEALED)


class SetRisk(BaseModel):
    """The risk of a case; a crisis starts the clock of the supervisor."""

    risk: Literal["low", "medium", "high", "crisis"] = Field(title=mark("风险等级"))
    at: str = Field(default="", max_length=25, title=mark("发现时间"), description=MOMENT)


class Inform(BaseModel):
    """The supervisor was told of the crisis."""

    at: str = Field(default="", max_length=25, title=mark("告知时间"), description=MOMENT)


class HandOver(BaseModel):
    """A case goes to another worker, with the client's knowledge."""

    worker: str = Field(min_length=1, max_length=20, title=mark("接手社工"), description=WORKER)
    supervisor: str = Field(default="", max_length=20, title=mark("督导"), description=WORKER)
    client_told_on: date = Field(title=mark("告知服务对象日期"))
    on: date | None = Field(default=None, title=mark("移交日期"), description=TODAY)
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class AddGroup(BaseModel):
    """A group is planned."""

    theme: str = Field(min_length=1, max_length=80, title=mark("小组主题"))
    kind: Literal["support", "growth", "education", "therapy", "recreation", "mutual_help"] = Field(
        title=mark("小组类型")
    )
    worker: str = Field(min_length=1, max_length=20, title=WORKER)
    project: str = Field(default="", max_length=20, title=PROJECT)
    area: str = Field(pattern=AREA, title=mark("区划代码"))
    place: str = Field(default="", max_length=80, title=mark("地点"))
    sessions_planned: int = Field(ge=1, le=99, title=mark("计划节数"))
    goal: str = Field(default="", max_length=400, title=mark("小组目标"))
    planned_on: date | None = Field(default=None, title=mark("计划日期"), description=TODAY)


class Recruit(BaseModel):
    """The members of a group."""

    members: Annotated[list[int], Several] = Field(
        min_length=1, title=mark("组员编号"), description=mark("人员编号，逗号隔开")
    )


class HoldSession(BaseModel):
    """A session was held; who came."""

    on: date | None = Field(default=None, title=mark("日期"), description=TODAY)
    minutes: int = Field(ge=1, le=720, title=mark("分钟"))
    attended: Annotated[list[int], Several] = Field(
        min_length=1, title=mark("到场组员编号"), description=mark("人员编号，逗号隔开")
    )
    note: str = Field(default="", max_length=400, title=mark("说明"))


class Measure(BaseModel):
    """The points before and after, and what came of a group."""

    before: str = Field(min_length=1, max_length=6, title=mark("前测"))
    after: str = Field(min_length=1, max_length=6, title=mark("后测"))
    summary: str = Field(min_length=1, max_length=400, title=mark("小组总结"))


class AddEvent(BaseModel):
    """An event that was held; participants are person-times."""

    title: str = Field(min_length=1, max_length=80, title=mark("活动名称"))
    worker: str = Field(min_length=1, max_length=20, title=WORKER)
    project: str = Field(default="", max_length=20, title=PROJECT)
    area: str = Field(pattern=AREA, title=mark("区划代码"))
    place: str = Field(min_length=1, max_length=80, title=mark("地点"))
    on: date | None = Field(default=None, title=mark("活动日期"), description=TODAY)
    participants: int = Field(ge=1, le=1_000_000, title=mark("参加人次"))
    counted: Literal["sign_in", "ticket", "estimate"] = Field(default="sign_in", title=mark("怎样计数"))
    people: Annotated[list[int], Several] = Field(
        default=[], title=mark("实名参加人编号"), description=mark("人员编号，逗号隔开；没有实名的不填")
    )
    volunteers: int = Field(default=0, ge=0, title=mark("志愿者人数"), description=mark("不计入服务对象"))
    cost: str = Field(default="0", max_length=16, title=mark("支出（元）"))
    evidence: str = Field(default="", max_length=120, title=mark("凭证"), description=mark("签到表、照片的编号"))
