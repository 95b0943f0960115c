"""What staff ask for about projects, assessment, families and education, as models."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from core.api import mark
from plugins.double_support.wishes import AMOUNT, DAY, MINUTES, NO_SECRETS, PERSON, TODAY, UNIT, VILLAGE, Several

DirectionCode = Literal["locality_for_army", "army_for_locality"]
PurposeCode = Literal["training_ground", "water", "road", "housing", "culture", "other"]
LevelCode = Literal["national", "province", "city", "county"]
ResultCode = Literal["won", "lost"]
StageCode = Literal["kindergarten", "primary", "junior", "senior"]
GroupCode = Literal["organisation", "team", "trade"]
PartnerCode = Literal["community", "school", "other"]
EventCode = Literal[
    "consultation", "gala", "base_visit", "forum", "film", "contest", "military_day", "lecture", "study",
    "barracks_day", "training", "other",
]  # fmt: skip
YEAR = mark("年度")
THIS_YEAR = mark("不填即今年")
POINTS = mark("0 至 100，最多一位小数")


class AddProject(BaseModel):
    """A mutual project of a year."""

    no: int = Field(title=mark("序号"), description=mark("一年 20 件，填 1 至 20"))
    direction: DirectionCode = Field(title=mark("方向"))
    title: str = Field(min_length=1, max_length=80, title=mark("实事名称"), description=NO_SECRETS)
    responsible: str = Field(min_length=1, max_length=60, title=mark("责任单位"))
    unit: str = Field(min_length=1, max_length=30, title=UNIT)
    budget: str = Field(default="0", max_length=20, title=mark("预算（元）"))
    year: int | None = Field(default=None, ge=2000, le=2100, title=YEAR, description=THIS_YEAR)
    start: date | None = Field(default=None, title=mark("开始日期"), description=mark("不填即年初"))
    due: date | None = Field(default=None, title=mark("完成期限"), description=mark("不填即年底"))


class AgreeProject(BaseModel):
    """The list both sides signed."""

    document: str = Field(min_length=1, max_length=80, title=mark("双方签字的清单"))
    on: date | None = Field(default=None, title=mark("签字日期"), description=TODAY)
    direction: DirectionCode | None = Field(default=None, title=mark("方向"), description=mark("签字时定，不填不变"))


class AddMilestone(BaseModel):
    """A step of the work."""

    step: str = Field(min_length=1, max_length=80, title=mark("节点"))
    percent: int = Field(ge=0, le=100, title=mark("占比（%）"))
    due: date = Field(title=mark("节点期限"))


class ReachMilestone(BaseModel):
    """A step that was reached."""

    step: str = Field(min_length=1, max_length=80, title=mark("节点"))
    on: date | None = Field(default=None, title=DAY, description=TODAY)


class ReportProgress(BaseModel):
    """Progress of a quarter."""

    quarter: int = Field(ge=1, le=4, title=mark("季度"))
    percent: int = Field(ge=0, le=100, title=mark("完成进度（%）"))
    note: str = Field(default="", max_length=200, title=mark("情况"), description=NO_SECRETS)


class FinishProject(BaseModel):
    """What proves that it is done."""

    evidence: str = Field(min_length=1, max_length=200, title=mark("佐证"))
    on: date | None = Field(default=None, title=mark("完成日期"), description=TODAY)


class EvaluateProject(BaseModel):
    """How content both sides are."""

    army: str = Field(min_length=1, max_length=6, title=mark("部队满意度"), description=POINTS)
    locality: str = Field(min_length=1, max_length=6, title=mark("地方满意度"), description=POINTS)


class CancelProject(BaseModel):
    """Why it is called off, and what takes its place within the year."""

    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))
    title: str = Field(min_length=1, max_length=80, title=mark("替代实事名称"))
    responsible: str = Field(default="", max_length=60, title=mark("责任单位"), description=mark("不填不变"))
    direction: DirectionCode | None = Field(default=None, title=mark("方向"), description=mark("不填不变"))
    budget: str = Field(default="", max_length=20, title=mark("预算（元）"), description=mark("不填不变"))
    due: date | None = Field(default=None, title=mark("完成期限"), description=mark("不填即年底"))


class DelayProject(BaseModel):
    """Why it is late, and until when."""

    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))
    due: date | None = Field(default=None, title=mark("新的完成期限"))


class AddSupport(BaseModel):
    """Money for a unit by its code name."""

    unit: str = Field(min_length=1, max_length=30, title=UNIT)
    purpose: PurposeCode = Field(title=mark("用途"))
    amount: str = Field(min_length=1, max_length=20, title=AMOUNT)
    minutes: str = Field(default="", max_length=80, title=MINUTES)
    year: int | None = Field(default=None, ge=2000, le=2100, title=YEAR, description=THIS_YEAR)
    elsewhere: bool = Field(default=False, title=mark("由其他单位支付"), description=mark("只计入总额，不在这里付款"))


class ScoreItemWish(BaseModel):
    """The self score of an item."""

    score: str = Field(min_length=1, max_length=8, title=mark("自评分"))
    veto: bool = Field(default=False, title=mark("触发一票否决"))


class AddEvidence(BaseModel):
    """What proves an item."""

    evidence: str = Field(min_length=1, max_length=400, title=mark("佐证材料"))


class AssignGap(BaseModel):
    """What is missing, who sees to it and until when."""

    gap: str = Field(min_length=1, max_length=200, title=mark("差距"))
    owner: str = Field(min_length=1, max_length=60, title=mark("责任单位"))
    fix_due: date = Field(title=mark("整改期限"))


class CloseSheet(BaseModel):
    """What became of it."""

    result: ResultCode = Field(title=mark("结果"))
    note: str = Field(default="", max_length=200, title=mark("备注"))


class AddTitle(BaseModel):
    """A round for a title."""

    level: LevelCode = Field(title=mark("级别"))
    round: int = Field(ge=1, le=99, title=mark("届次"))
    year: int = Field(ge=1990, le=2100, title=YEAR)


class DecideTitle(BaseModel):
    """How the round ended."""

    result: ResultCode = Field(title=mark("结果"))
    document: str = Field(min_length=1, max_length=80, title=mark("命名文号"))


class AddSpouse(BaseModel):
    """A spouse who followed the army and looks for a job."""

    person_id: int = Field(title=PERSON)
    on: date | None = Field(default=None, title=mark("登记日期"), description=TODAY)
    other_payer: str = Field(
        default="", max_length=60, title=mark("已由谁发放补贴"), description=mark("补贴只由一家发放，没有的不填")
    )


class OfferJob(BaseModel):
    """A job that was offered."""

    employer: str = Field(min_length=1, max_length=80, title=mark("用人单位"))
    post: str = Field(default="", max_length=40, title=mark("岗位"))
    on: date | None = Field(default=None, title=DAY, description=TODAY)


class PlaceSpouse(BaseModel):
    """A job that was taken."""

    employer: str = Field(min_length=1, max_length=80, title=mark("用人单位"))
    since: date | None = Field(default=None, title=mark("就业日期"), description=TODAY)


class LeaveJob(BaseModel):
    """The last day of a job."""

    on: date | None = Field(default=None, title=mark("离职日期"), description=TODAY)


class Subsidise(BaseModel):
    """The first month of the subsidy."""

    first_month: str = Field(
        default="", pattern=r"^(\d{4}-\d{2})?$", title=mark("起始月"), description=mark("不填即登记的次月")
    )


class AddSchoolRequest(BaseModel):
    """A school place asked for a child."""

    person_id: int = Field(title=PERSON)
    stage: StageCode = Field(title=mark("学段"))
    wanted: str = Field(default="", max_length=80, title=mark("申请学校"))
    on: date | None = Field(default=None, title=mark("申请日期"), description=TODAY)


class SolveRequest(BaseModel):
    """The school that takes the child."""

    school: str = Field(min_length=1, max_length=80, title=mark("入读学校"))
    on: date | None = Field(default=None, title=mark("解决日期"), description=TODAY)


class AddGroup(BaseModel):
    """An organisation, team or trade that serves soldiers' families."""

    name: str = Field(min_length=1, max_length=80, title=mark("名称"))
    kind: GroupCode = Field(title=mark("类别"))
    trade: str = Field(default="", max_length=40, title=mark("行业"), description=mark("例如 商店、律师事务所、医院"))
    members: int = Field(default=0, ge=0, le=1_000_000, title=mark("人数"))
    villages: Annotated[list[str], Several] = Field(
        default=[], title=mark("服务的村（社区）代码"), description=mark("12 位代码，几项用逗号分开")
    )
    since: date | None = Field(default=None, title=mark("成立日期"), description=TODAY)


class AddPoint(BaseModel):
    """A service point of a village."""

    area: str = Field(pattern=VILLAGE, title=mark("村（社区）代码"))
    name: str = Field(min_length=1, max_length=80, title=mark("服务点名称"))
    contact: str = Field(default="", max_length=50, title=mark("联系人"))
    on: date | None = Field(default=None, title=mark("设立日期"), description=TODAY)


class AddAgreement(BaseModel):
    """An agreement of co-building."""

    number: str = Field(min_length=1, max_length=40, title=mark("协议编号"))
    unit: str = Field(min_length=1, max_length=30, title=UNIT)
    partner: str = Field(min_length=1, max_length=80, title=mark("共建单位"))
    partner_kind: PartnerCode = Field(default="community", title=mark("共建单位类别"))
    on: date | None = Field(default=None, title=mark("签订日期"), description=TODAY)
    until: date | None = Field(default=None, title=mark("有效期至"))
    content: str = Field(default="", max_length=400, title=mark("共建内容"), description=NO_SECRETS)


class AddActivity(BaseModel):
    """What was done together."""

    activity: str = Field(min_length=1, max_length=80, title=mark("活动"), description=NO_SECRETS)
    people: int = Field(default=0, ge=0, le=1_000_000, title=mark("群众人数"))
    on: date | None = Field(default=None, title=DAY, description=TODAY)


class AddClass(BaseModel):
    """Class hours of a grade in a school year."""

    school: str = Field(min_length=1, max_length=80, title=mark("学校"))
    grade: str = Field(min_length=1, max_length=20, title=mark("年级"))
    school_year: str = Field(pattern=r"^\d{4}-\d{4}$", title=mark("学年"), description=mark("例如 2025-2026"))
    hours: str = Field(min_length=1, max_length=8, title=mark("课时"), description=mark("可以填半课时，例如 3.5"))
    pupils: int = Field(default=0, ge=0, le=100_000, title=mark("学生数"))


class SetHours(BaseModel):
    """The class hours as they are now."""

    hours: str = Field(min_length=1, max_length=8, title=mark("课时"), description=mark("可以填半课时，例如 3.5"))


class AddDefenceEvent(BaseModel):
    """An event of defence education."""

    kind: EventCode = Field(title=mark("活动种类"))
    title: str = Field(min_length=1, max_length=80, title=mark("活动名称"), description=NO_SECRETS)
    on: date | None = Field(default=None, title=DAY, description=TODAY)
    people: int = Field(default=0, ge=0, le=1_000_000, title=mark("群众人数"))
    place: str = Field(default="", max_length=80, title=mark("地点"), description=NO_SECRETS)


class AddBase(BaseModel):
    """A base of defence education."""

    name: str = Field(min_length=1, max_length=80, title=mark("基地名称"))
    level: LevelCode = Field(title=mark("级别"))
    named_on: date = Field(title=mark("命名日期"))
    document: str = Field(default="", max_length=80, title=mark("命名文号"))


class AddBudget(BaseModel):
    """The budget of a year for defence education."""

    year: int = Field(ge=2000, le=2100, title=YEAR)
    population: int = Field(ge=0, le=100_000_000, title=mark("人口数"))
    budgeted: str = Field(min_length=1, max_length=20, title=mark("预算安排（元）"))
    document: str = Field(min_length=1, max_length=80, title=mark("预算文号"))


class SetBudget(BaseModel):
    """The budget as it was adjusted."""

    budgeted: str = Field(min_length=1, max_length=20, title=mark("预算安排（元）"))
    document: str = Field(min_length=1, max_length=80, title=mark("预算文号"))
