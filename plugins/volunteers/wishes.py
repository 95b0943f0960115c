"""What staff ask for, as models: forms, commands, the API and spreadsheets are made of them."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from core.api import mark

SkillCode = Literal[
    "medical", "psychology", "law", "teaching", "driving", "cooking", "repair", "hairdressing", "first_aid",
    "sign_language", "it", "art", "search_rescue",
]  # fmt: skip
FieldCode = Literal[
    "elder", "child", "disability", "poverty", "disaster", "double_support", "environment", "culture_sport",
    "civility", "rescue_tracing", "event_support", "canteen_delivery", "village_deliberation",
]  # fmt: skip
Mode = Literal["qr", "face", "leader_list", "paper"]
_TODAY = mark("不填即今天")
_CLOCK = mark("例如 08:30")
_DAY = mark("例如 2026-11-20 08:30")
_VOLUNTEER = mark("志愿者编号")


class Register(BaseModel):
    """Somebody of the county's register who wants to serve."""

    person_id: int = Field(title=mark("人员编号"))
    phone: str = Field(default="", max_length=20, title=mark("手机号"), description=mark("加密保存"))
    languages: str = Field(default="", max_length=80, title=mark("语言"))
    availability: str = Field(default="", max_length=120, title=mark("可服务时间"))
    contact: str = Field(default="", max_length=100, title=mark("紧急联系人"), description=mark("加密保存"))
    health: str = Field(default="", max_length=200, title=mark("健康声明"), description=mark("加密保存"))
    guardian_id: int | None = Field(
        default=None, title=mark("监护人编号"), description=mark("未满 18 周岁的，填监护人的人员编号")
    )
    consent_on: date | None = Field(default=None, title=mark("监护人同意日期"))
    named: bool = Field(default=False, title=mark("本人同意在光荣榜上公开姓名"))
    registered_on: date | None = Field(default=None, title=mark("注册日期"), description=_TODAY)


class Accept(BaseModel):
    """The identity was checked; the volunteer is in the register."""

    note: str = Field(default="", max_length=200, title=mark("审核意见"))


class Leave(BaseModel):
    """Why a volunteer leaves the register; the history stays."""

    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class Consent(BaseModel):
    """The guardian agrees that a minor serves."""

    guardian_id: int = Field(title=mark("监护人编号"))
    consent_on: date | None = Field(default=None, title=mark("监护人同意日期"), description=_TODAY)


class AddSkill(BaseModel):
    """A skill; some need a certificate."""

    skill: SkillCode = Field(title=mark("技能"))
    certificate: str = Field(
        default="", max_length=80, title=mark("证书编号"), description=mark("医疗、心理、法律、驾驶、搜救必须填写")
    )
    valid_to: date | None = Field(default=None, title=mark("证书有效至"))


class AddTraining(BaseModel):
    """A course; its hours are no service hours."""

    course: Literal["basic", "first_aid", "safety", "search_rescue", "skill"] = Field(title=mark("课程"))
    title: str = Field(default="", max_length=80, title=mark("课程名称"))
    hours: str = Field(min_length=1, max_length=6, title=mark("培训学时"), description=mark("不计入服务时长"))
    held_on: date | None = Field(default=None, title=mark("培训日期"), description=_TODAY)
    result: Literal["passed", "failed"] = Field(default="passed", title=mark("结果"))


class AddHonour(BaseModel):
    """An honour that was given."""

    kind: Literal["star", "commendation", "award"] = Field(title=mark("荣誉种类"))
    level: Literal["village", "township", "county", "city", "province", "national"] = Field(title=mark("级别"))
    title: str = Field(min_length=1, max_length=80, title=mark("荣誉名称"))
    given_on: date | None = Field(default=None, title=mark("授予日期"), description=_TODAY)
    body: str = Field(min_length=1, max_length=80, title=mark("授予单位"))


class CheckBackground(BaseModel):
    """The inquiry about offences against minors, needed before work with single children."""

    on: date = Field(title=mark("查询日期"))
    document: str = Field(min_length=1, max_length=80, title=mark("查询回函编号"))


class Named(BaseModel):
    """Whether the volunteer agrees to be named in public."""

    named: bool = Field(default=False, title=mark("本人同意在光荣榜上公开姓名"))


class AddOrg(BaseModel):
    """An organisation or a team of the community."""

    name: str = Field(min_length=1, max_length=80, title=mark("组织名称"))
    code: str = Field(
        default="",
        max_length=40,
        title=mark("统一社会信用代码或备案号"),
        description=mark("没有登记的社区团队可以不填，填指导单位"),
    )
    sponsor: str = Field(default="", max_length=80, title=mark("指导单位"))
    leader: str = Field(min_length=1, max_length=40, title=mark("负责人"))
    contact: str = Field(default="", max_length=40, title=mark("联系电话"))
    area: str = Field(pattern=r"^\d{6}(\d{3}(\d{3})?)?$", title=mark("区划代码"))
    insured: bool = Field(default=False, title=mark("已为志愿者投保"))
    double_support: bool = Field(default=False, title=mark("拥军优属志愿服务队"))
    relief: bool = Field(default=False, title=mark("应急救灾队伍"))
    opened_on: date | None = Field(default=None, title=mark("成立日期"), description=_TODAY)


class Join(BaseModel):
    """A volunteer joins a team."""

    volunteer: str = Field(min_length=1, max_length=20, title=_VOLUNTEER)
    since: date | None = Field(default=None, title=mark("加入日期"), description=_TODAY)


class Part(BaseModel):
    """A volunteer leaves a team."""

    volunteer: str = Field(min_length=1, max_length=20, title=_VOLUNTEER)
    until: date | None = Field(default=None, title=mark("退出日期"), description=_TODAY)


class Merge(BaseModel):
    """An organisation goes into another one, which certifies the old records with reference to it."""

    successor: str = Field(min_length=1, max_length=80, title=mark("并入的组织"), description=mark("编号或名称"))
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class Close(BaseModel):
    """An organisation ends."""

    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class Activate(BaseModel):
    """A relief team is called: a risky activity is made of it, insurance and all."""

    title: str = Field(min_length=1, max_length=80, title=mark("任务名称"))
    area: str = Field(pattern=r"^\d{12}$", title=mark("地点"), description=mark("12 位区划代码"))
    starts: str = Field(min_length=16, max_length=25, title=mark("开始时间"), description=_DAY)
    ends: str = Field(min_length=16, max_length=25, title=mark("结束时间"), description=_DAY)
    slots: int = Field(default=30, ge=1, le=9999, title=mark("招募人数"))
    skill: SkillCode | None = Field(default=None, title=mark("技能要求"))
    policy_no: str = Field(default="", max_length=60, title=mark("保险单号"))
    source_ref: str = Field(default="", max_length=60, title=mark("来源"))


class Complain(BaseModel):
    """A complaint about an organisation's service."""

    received_on: date | None = Field(default=None, title=mark("收到日期"), description=_TODAY)
    matter: str = Field(min_length=1, max_length=500, title=mark("投诉内容"), description=mark("加密保存"))


class Settle(BaseModel):
    """How a complaint ended."""

    complaint: int = Field(title=mark("投诉编号"))
    outcome: Literal["upheld", "rejected", "settled"] = Field(title=mark("处理结果"))


class PlanActivity(BaseModel):
    """An activity with its first shift; more shifts are added before it begins."""

    title: str = Field(min_length=1, max_length=80, title=mark("活动名称"))
    org: str = Field(min_length=1, max_length=80, title=mark("组织方"), description=mark("组织编号或名称"))
    kind: str = Field(min_length=1, max_length=20, title=mark("活动类别"))
    field: FieldCode | None = Field(default=None, title=mark("服务领域"), description=mark("不填即按活动类别"))
    area: str = Field(pattern=r"^\d{12}$", title=mark("地点"), description=mark("12 位区划代码"))
    place: str = Field(default="", max_length=80, title=mark("集合地点"))
    starts: str = Field(min_length=16, max_length=25, title=mark("开始时间"), description=_DAY)
    ends: str = Field(min_length=16, max_length=25, title=mark("结束时间"), description=_DAY)
    slots: int = Field(default=20, ge=1, le=9999, title=mark("招募人数"))
    min_age: int = Field(default=0, ge=0, le=120, title=mark("最小年龄"))
    max_age: int = Field(default=0, ge=0, le=120, title=mark("最大年龄"), description=mark("0 为不限"))
    skill: SkillCode | None = Field(default=None, title=mark("技能要求"))
    risk: Literal["low", "high"] = Field(default="low", title=mark("风险"))
    policy_no: str = Field(default="", max_length=60, title=mark("保险单号"), description=mark("高风险活动必须填写"))
    leader: str = Field(min_length=1, max_length=40, title=mark("活动负责人"))
    contact: str = Field(default="", max_length=40, title=mark("联系电话"))
    source_ref: str = Field(default="", max_length=60, title=mark("来源"), description=mark("其他业务的单据编号"))


class AddShift(BaseModel):
    """One more shift."""

    title: str = Field(default="", max_length=40, title=mark("班次名称"))
    starts: str = Field(min_length=16, max_length=25, title=mark("开始时间"), description=_DAY)
    ends: str = Field(min_length=16, max_length=25, title=mark("结束时间"), description=_DAY)
    slots: int = Field(ge=1, le=9999, title=mark("招募人数"))


class Insure(BaseModel):
    """The insurance of an activity."""

    policy_no: str = Field(min_length=1, max_length=60, title=mark("保险单号"))


class Step(BaseModel):
    """A step of an activity."""

    note: str = Field(default="", max_length=200, title=mark("说明"))


class CancelActivity(BaseModel):
    """Why an activity does not take place."""

    cause: Literal["organiser", "weather", "disaster"] = Field(title=mark("取消原因"))


class SignUp(BaseModel):
    """A volunteer signs up; without a shift it is the first one with places."""

    volunteer: str = Field(min_length=1, max_length=20, title=_VOLUNTEER)
    shift: int | None = Field(default=None, title=mark("班次编号"), description=mark("不填即第一个有空位的班次"))
    accompanied: bool = Field(default=False, title=mark("监护人陪同"))


class CancelSignup(BaseModel):
    """A sign-up is taken back, or the volunteer did not come."""

    volunteer: str = Field(min_length=1, max_length=20, title=_VOLUNTEER)
    cause: Literal["volunteer", "organiser", "weather", "disaster"] = Field(default="volunteer", title=mark("取消原因"))
    absent: bool = Field(default=False, title=mark("没有到场"))


class SignIn(BaseModel):
    """A card at the site: in, or out again."""

    card: str = Field(min_length=1, max_length=300, title=mark("志愿者卡或编号"))
    mode: Mode = Field(default="qr", title=mark("签到方式"))
    breaks: int = Field(default=0, ge=0, le=720, title=mark("中间休息（分钟）"))


class AddHours(BaseModel):
    """Hours of a volunteer, at an activity or at an organisation's standing service."""

    volunteer: str = Field(min_length=1, max_length=20, title=_VOLUNTEER)
    activity: str = Field(default="", max_length=20, title=mark("活动编号"))
    org: str = Field(default="", max_length=80, title=mark("记录组织"), description=mark("没有活动时填写"))
    field: FieldCode | None = Field(default=None, title=mark("服务领域"))
    on: date = Field(title=mark("服务日期"))
    begin: str = Field(pattern=r"^\d{1,2}:\d{2}$", title=mark("签到时间"), description=_CLOCK)
    end: str = Field(
        pattern=r"^\d{1,2}:\d{2}$", title=mark("签退时间"), description=mark("早于签到时间即次日，例如 11:45")
    )
    breaks: int = Field(default=0, ge=0, le=720, title=mark("中间休息（分钟）"))
    content: str = Field(default="", max_length=200, title=mark("服务内容"), description=mark("不写服务对象的姓名"))
    leader: str = Field(default="", max_length=40, title=mark("负责人"))
    mode: Mode = Field(default="leader_list", title=mark("签到方式"))
    evidence: str = Field(default="", max_length=80, title=mark("凭证"), description=mark("纸质签到表的扫描件编号"))
    reason: str = Field(default="", max_length=200, title=mark("说明"), description=mark("一次超过 8 小时要说明原因"))
    source_ref: str = Field(default="", max_length=60, title=mark("来源"))
    corrects: int | None = Field(default=None, title=mark("更正哪条冲销的记录"))


class CarryHours(BaseModel):
    """Hours that an older system had confirmed, with the paper that says so."""

    volunteer: str = Field(min_length=1, max_length=20, title=_VOLUNTEER)
    org: str = Field(min_length=1, max_length=80, title=mark("记录组织"))
    field: FieldCode = Field(default="civility", title=mark("服务领域"))
    hours: str = Field(min_length=1, max_length=8, title=mark("以前的时长"), description=mark("小时，例如 98.5"))
    until: date = Field(title=mark("截至日期"))
    evidence: str = Field(min_length=1, max_length=80, title=mark("凭证"))


class Confirm(BaseModel):
    """The organisation confirms; never who entered the record."""

    evaluation: int = Field(default=0, ge=0, le=5, title=mark("评价"), description=mark("1 至 5，0 为不评"))


class Reverse(BaseModel):
    """A record was wrong: it is taken back, and stays readable."""

    reason: str = Field(min_length=1, max_length=200, title=mark("冲销原因"))


class Dispute(BaseModel):
    """Somebody objects to a record."""

    reason: str = Field(min_length=1, max_length=200, title=mark("异议"))


class IssueCertificate(BaseModel):
    """A certificate of the hours one organisation recorded."""

    volunteer: str = Field(min_length=1, max_length=20, title=_VOLUNTEER)
    org: str = Field(
        default="", max_length=80, title=mark("出具组织"), description=mark("只在一个组织服务过的可以不填")
    )
    since: date | None = Field(default=None, title=mark("起始日期"))
    until: date | None = Field(default=None, title=mark("截止日期"), description=_TODAY)
    records: list[int] = Field(default=[], title=mark("服务记录编号"), description=mark("不填即期间内全部"))
    requested_on: date | None = Field(default=None, title=mark("申请日期"), description=_TODAY)
    handler: str = Field(default="", max_length=40, title=mark("经办人"))
    in_charge: str = Field(default="", max_length=40, title=mark("负责人"))


class Revoke(BaseModel):
    """A certificate that was wrong."""

    reason: str = Field(min_length=1, max_length=200, title=mark("撤销原因"))


class SignOut(BaseModel):
    """A forgotten sign-out that the organisation certifies."""

    volunteer: str = Field(min_length=1, max_length=20, title=_VOLUNTEER)
    end: str = Field(pattern=r"^\d{1,2}:\d{2}$", title=mark("签退时间"), description=_CLOCK)
    breaks: int = Field(default=0, ge=0, le=720, title=mark("中间休息（分钟）"))
    evidence: str = Field(min_length=1, max_length=80, title=mark("凭证"))
    reason: str = Field(default="", max_length=200, title=mark("说明"), description=mark("一次超过 8 小时要说明原因"))


class Export(BaseModel):
    """The period of an export for the national system, and why it is made."""

    since: date = Field(title=mark("起始日期"))
    until: date = Field(title=mark("截止日期"))
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"), description=mark("含证件号码，记入审计"))


class RequestCertificate(BaseModel):
    """A volunteer asks for a certificate; it is due some working days later."""

    volunteer: str = Field(min_length=1, max_length=20, title=_VOLUNTEER)
    org: str = Field(
        default="", max_length=80, title=mark("出具组织"), description=mark("只在一个组织服务过的可以不填")
    )
    since: date | None = Field(default=None, title=mark("起始日期"))
    until: date | None = Field(default=None, title=mark("截止日期"), description=_TODAY)
    requested_on: date | None = Field(default=None, title=mark("申请日期"), description=_TODAY)


class IssueRequested(BaseModel):
    """The certificate that was asked for."""

    handler: str = Field(default="", max_length=40, title=mark("经办人"))
    in_charge: str = Field(default="", max_length=40, title=mark("负责人"))


class RefuseRequest(BaseModel):
    """Why a certificate cannot be issued."""

    reason: str = Field(min_length=1, max_length=200, title=mark("理由"))


class GrantSubsidy(BaseModel):
    """What a meal or the way cost, for one confirmed record; never a pay for the service."""

    kind: Literal["meal", "transport"] = Field(title=mark("补助种类"))
    amount: str = Field(min_length=1, max_length=16, title=mark("金额（元）"), description=mark("每人每日有上限"))


class WithdrawSubsidy(BaseModel):
    """A subsidy that was entered wrongly."""

    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class PaySubsidies(BaseModel):
    """The month in which subsidies go into a batch of the funds, and the meeting that agreed."""

    month: str = Field(pattern=r"^\d{4}-\d{2}$", title=mark("付款月份"), description=mark("例如 2026-11"))
    minutes: str = Field(min_length=1, max_length=80, title=mark("会议纪要编号"))


class KeepFile(BaseModel):
    """A scan or a photograph. A photograph shows only who agreed; the faces of minors are covered."""

    kind: Literal["sheet", "photo", "other"] = Field(default="sheet", title=mark("材料种类"))
    title: str = Field(default="", max_length=100, title=mark("材料名称"), description=mark("不填即文件名"))
    agreed: bool = Field(default=False, title=mark("照片中的人都同意拍摄和使用"))
    covered: bool = Field(default=False, title=mark("未成年人的面部已经遮挡"))
    file_name: str = Field(min_length=1, max_length=200, title=mark("文件名"))
    content: bytes = Field(title=mark("文件"))
