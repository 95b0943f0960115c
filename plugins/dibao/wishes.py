"""What an act on a family needs, the same from a form, a command, a file or the API."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from core.api import mark

IncomeType = Literal["wage", "business", "property", "transfer", "farm", "support"]
PropertyType = Literal["cash", "vehicle", "house", "company"]
ExpenditureType = Literal["medical", "education", "disability_care", "other"]
Mark = Literal[
    "illness", "single_parent", "single_person", "clergy", "student_away", "migrant", "prison", "drug_treatment",
    "missing", "clergy_away", "age70", "minor", "disab12",
]  # fmt: skip
Supplement = Literal["age70", "minor", "disab12", "illness", "single_parent"]
Labour = Literal["", "full", "partial", "none"]
Period = Literal["month", "year"]


def _text(given: Any) -> Any:
    """Yuan are read as text; a number of a file is written as one."""
    return str(given) if isinstance(given, int | float) and not isinstance(given, bool) else given


Yuan = Annotated[str, BeforeValidator(_text), Field(max_length=20)]


class _Line(BaseModel):
    """A line of a file: nothing in it is passed over in silence."""

    model_config = ConfigDict(extra="forbid")


class Whose(_Line):
    """Whose line it is: a citizen number, or the person's id."""

    id_number: str = Field(default="", max_length=40, title=mark("公民身份号码"))
    person_id: int | None = Field(default=None, title=mark("人员编号"))


class IncomeLine(Whose):
    """One item of income. ``amounts`` are the wages of the last months, averaged; ``kind`` is one that is not counted.

    Wages are net of tax and insurance. ``checked`` is what the economic check found for the same time.
    """

    type: IncomeType = Field(title=mark("收入类别"))
    amount: Yuan = Field(default="", title=mark("金额（元）"))
    amounts: list[Yuan] = Field(default_factory=list, max_length=12, title=mark("近几个月工资（元）"))
    per: Period = Field(default="month", title=mark("按月或按年"))
    excluded: bool = Field(default=False, title=mark("不计入"))
    kind: str = Field(default="", max_length=40, title=mark("不计入项目"))
    ground: str = Field(default="", max_length=120, title=mark("不计入依据"))
    evidence: str = Field(default="", max_length=120, title=mark("凭据"))
    checked: Yuan = Field(default="", title=mark("核对金额（元）"))


class MemberLine(Whose):
    """A member as found: marks are typed, ages and certificates worked out. ``supplements`` names one that is claimed.

    ``apart`` says why somebody of the household is not in the family.
    """

    marks: list[Mark] = Field(default_factory=list, title=mark("情形"))
    supplements: list[Supplement] = Field(default_factory=list, title=mark("分类施保类别"))
    labour: Labour = Field(default="", title=mark("劳动能力"))
    job: str = Field(default="", max_length=80, title=mark("职业"))
    health: str = Field(default="", max_length=400, title=mark("健康状况"))
    school: str = Field(default="", max_length=80, title=mark("就读学校"))
    apart: str = Field(default="", max_length=80, title=mark("不共同生活的原因"))


class SetIncome(_Line):
    """The income of a family as a whole, and what was found of its members. ``income`` replaces what stood before."""

    income: list[IncomeLine] | None = Field(default=None, max_length=200, title=mark("收入"))
    members: list[MemberLine] = Field(default_factory=list, max_length=50, title=mark("成员"))


class PropertyLine(Whose):
    """Something owned; ``exempt`` is the note that lifts it over a limit."""

    type: PropertyType = Field(title=mark("财产类别"))
    value: Yuan = Field(default="0", title=mark("价值（元）"))
    checked: Yuan = Field(default="", title=mark("核对价值（元）"))
    exempt: str = Field(default="", max_length=120, title=mark("豁免说明"))
    evidence: str = Field(default="", max_length=120, title=mark("凭据"))


class SetProperty(_Line):
    """What a family owns, as a whole."""

    property: list[PropertyLine] = Field(max_length=100, title=mark("财产"))


class ExpenditureLine(Whose):
    """A rigid cost."""

    type: ExpenditureType = Field(title=mark("支出类别"))
    amount: Yuan = Field(title=mark("金额（元）"))
    per: Period = Field(default="month", title=mark("按月或按年"))
    evidence: str = Field(default="", max_length=120, title=mark("凭据"))


class SetExpenditure(_Line):
    """The rigid costs of a family, as a whole."""

    expenditure: list[ExpenditureLine] = Field(max_length=100, title=mark("刚性支出"))


class ObligorLine(_Line):
    """A relative outside the family who owes support: the income of that whole family a month."""

    name: str = Field(min_length=1, max_length=50, title=mark("姓名"))
    relation: str = Field(default="", max_length=20, title=mark("关系"))
    members: int = Field(default=1, ge=1, le=30, title=mark("义务人家庭人数"))
    income: Yuan = Field(default="0", title=mark("义务人家庭月收入（元）"))
    supports: int = Field(default=1, ge=1, le=20, title=mark("被赡养人数"))
    agreed: Yuan = Field(default="0", title=mark("判决或协议金额（元/月）"))
    document: str = Field(default="", max_length=120, title=mark("判决或协议"))


class SetObligors(_Line):
    """Who owes support, as a whole."""

    obligors: list[ObligorLine] = Field(max_length=30, title=mark("赡养抚养扶养义务人"))


class AddIncome(BaseModel):
    """One more item of income, from the form of a page."""

    person_id: int = Field(title=mark("人员编号"))
    type: IncomeType = Field(title=mark("收入类别"))
    amount: str = Field(min_length=1, max_length=20, title=mark("金额（元）"))
    per: Period = Field(default="month", title=mark("按月或按年"))
    kind: str = Field(default="", max_length=40, title=mark("不计入项目"), description=mark("计入的不填"))
    ground: str = Field(default="", max_length=120, title=mark("不计入依据"))
    evidence: str = Field(default="", max_length=120, title=mark("凭据"))
    checked: str = Field(default="", max_length=20, title=mark("核对金额（元）"))


class AssessMember(BaseModel):
    """What was found of one member, from the form of a page."""

    person_id: int = Field(title=mark("人员编号"))
    labour: Labour = Field(default="", title=mark("劳动能力"))
    marks: list[Mark] = Field(default_factory=list, title=mark("情形"))
    job: str = Field(default="", max_length=80, title=mark("职业"))
    health: str = Field(default="", max_length=400, title=mark("健康状况"), description=mark("加密保存"))
    school: str = Field(default="", max_length=80, title=mark("就读学校"))
    apart: str = Field(default="", max_length=80, title=mark("不共同生活的原因"))


class SetPrice(BaseModel):
    """A month of the price subsidy: so much a person; why it was triggered."""

    month: str = Field(min_length=7, max_length=7, title=mark("月份"))
    amount: str = Field(min_length=1, max_length=20, title=mark("每人金额（元）"), description=mark("0 为撤销"))
    cpi: str = Field(default="", max_length=10, title=mark("居民消费价格同比涨幅"), description=mark("例如 3.6%"))
    food_cpi: str = Field(default="", max_length=10, title=mark("食品价格同比涨幅"))
    document: str = Field(min_length=1, max_length=100, title=mark("文号"))


class Register(BaseModel):
    """A family put on the list of margin families."""

    since: date | None = Field(default=None, title=mark("起始日"))


class Leave(BaseModel):
    """A family taken off the list."""

    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class StartCampaign(BaseModel):
    """A campaign over the families in payment of an area."""

    title: str = Field(min_length=1, max_length=80, title=mark("名称"))
    kind: Literal["reverification", "sweep", "extension"] = Field(default="reverification", title=mark("种类"))
    area: str = Field(default="", max_length=12, title=mark("区划"), description=mark("不填即全县"))
    document: str = Field(default="", max_length=100, title=mark("文号"))
    planned_added: int = Field(default=0, ge=0, title=mark("计划新增"))


class CampaignResult(BaseModel):
    """What became of a family in a campaign."""

    case: str = Field(min_length=1, max_length=30, title=mark("申请编号"))
    result: Literal["kept", "lowered", "stopped", "added"] = Field(title=mark("结果"))
    note: str = Field(default="", max_length=200, title=mark("说明"))


class GiveList(BaseModel):
    """A list of entitled persons for another department."""

    kind: Literal["water", "power", "housing", "medical", "education", "job_training"] = Field(title=mark("项目"))
    department: str = Field(min_length=1, max_length=80, title=mark("主管部门"))


class AnswerList(BaseModel):
    """What the department answered for a person."""

    person_id: int = Field(title=mark("人员编号"))
    granted: bool = Field(default=False, title=mark("已享受"))
    note: str = Field(default="", max_length=120, title=mark("说明"))


class RefuseJob(BaseModel):
    """A job that was offered, and what came of it."""

    person_id: int = Field(title=mark("人员编号"))
    offered_on: date | None = Field(default=None, title=mark("介绍日期"))
    offer: str = Field(min_length=1, max_length=120, title=mark("介绍的工作"))
    taken: bool = Field(default=False, title=mark("已接受"))
    good_reason: str = Field(default="", max_length=200, title=mark("正当理由"))


class Recompute(BaseModel):
    """A life event after which a family in payment is computed anew."""

    effective_month: str = Field(default="", max_length=7, title=mark("从哪个月起"), description=mark("不填即次月"))
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))
