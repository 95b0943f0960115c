"""What staff ask for, as models: forms, commands, the API and spreadsheets are made of them."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from core.api import mark

Meal = Literal["breakfast", "lunch", "dinner"]
_TODAY = mark("不填即今天")
_YUAN = mark("元，例如 9 或 9.50")
_SITE = mark("站点")
_KIND = Literal["central_kitchen", "canteen", "meal_point", "delivery_only"]


class AddSite(BaseModel):
    """A running site, or the start of a project (``state`` planned)."""

    number: str = Field(pattern=r"^CT-\d{9}-\d{3}$", title=mark("站点编号"), description=mark("CT-乡镇代码-三位序号"))
    name: str = Field(min_length=1, max_length=80, title=mark("站点名称"))
    village: str = Field(pattern=r"^\d{12}$", title=mark("所在村（社区）"), description=mark("12 位区划代码"))
    licence_to: date | None = Field(
        default=None, title=mark("食品经营许可有效至"), description=mark("计划建设的可以不填")
    )
    licence: str = Field(default="", max_length=40, title=mark("食品经营许可证编号"))
    state: Literal["open", "planned"] = Field(default="open", title=mark("状态"))
    kind: _KIND = Field(default="canteen", title=mark("站点类型"))
    host_kind: Literal["care_centre", "village", "company", "star_home", "other"] | None = Field(
        default=None, title=mark("依托单位类型")
    )
    host: str = Field(default="", max_length=80, title=mark("依托单位"))
    address: str = Field(default="", max_length=120, title=mark("地址"))
    phone: str = Field(default="", max_length=20, title=mark("联系电话"))
    hours: str = Field(default="", max_length=80, title=mark("开放时间"))
    gps: str = Field(
        default="", pattern=r"^$|^-?\d{1,3}(\.\d+)?,-?\d{1,2}(\.\d+)?$", max_length=30, title=mark("经纬度"),
        description=mark("例如 113.3245,27.0012"),
    )  # fmt: skip
    floor_area: int | None = Field(default=None, ge=1, le=100000, title=mark("建筑面积（平方米）"))
    seats: int = Field(default=0, ge=0, le=9999, title=mark("座位数"))
    capacity: int = Field(default=0, ge=0, le=9999, title=mark("每餐供餐能力"), description=mark("0 为不限"))
    turns: int = Field(default=1, ge=1, le=9, title=mark("每餐轮次"))
    meals: list[str] = Field(default=["lunch"], title=mark("供应餐次"), description="breakfast, lunch, dinner")
    bright_kitchen: bool = Field(default=False, title=mark("明厨亮灶"))
    parent: str = Field(
        default="", max_length=20, title=mark("供餐厨房"), description=mark("没有厨房的站点填中央厨房或食堂的编号")
    )
    operator: str = Field(default="", max_length=20, title=mark("经营者"), description=mark("编号或统一社会信用代码"))
    opened_on: date | None = Field(default=None, title=mark("开业日期"), description=_TODAY)
    planned_year: int | None = Field(default=None, ge=2000, le=2100, title=mark("计划年度"))


class ChangeSite(BaseModel):
    """What changes at a site; what is left empty stays."""

    name: str = Field(default="", max_length=80, title=mark("站点名称"))
    address: str = Field(default="", max_length=120, title=mark("地址"))
    phone: str = Field(default="", max_length=20, title=mark("联系电话"))
    hours: str = Field(default="", max_length=80, title=mark("开放时间"))
    seats: int | None = Field(default=None, ge=0, le=9999, title=mark("座位数"))
    capacity: int | None = Field(default=None, ge=0, le=9999, title=mark("每餐供餐能力"))
    turns: int | None = Field(default=None, ge=1, le=9, title=mark("每餐轮次"))
    parent: str = Field(default="", max_length=20, title=mark("供餐厨房"))


class ApproveSite(BaseModel):
    """Construction is approved by a meeting."""

    minutes: str = Field(min_length=1, max_length=80, title=mark("会议纪要编号"))
    on: date | None = Field(default=None, title=mark("批准日期"), description=_TODAY)


class AcceptSite(BaseModel):
    """The joint acceptance: area, seats, food licence, fire safety, signage."""

    floor_area: int = Field(ge=1, le=100000, title=mark("建筑面积（平方米）"))
    seats: int = Field(ge=0, le=9999, title=mark("座位数"))
    licence: str = Field(min_length=1, max_length=40, title=mark("食品经营许可证编号"))
    licence_to: date = Field(title=mark("食品经营许可有效至"))
    fire_safety: bool = Field(default=False, title=mark("消防合格"))
    signage: bool = Field(default=False, title=mark("标识标牌合格"))
    members: str = Field(min_length=1, max_length=120, title=mark("验收人员"))
    on: date | None = Field(default=None, title=mark("验收日期"), description=_TODAY)


class OpenSite(BaseModel):
    """The trial is over, without complaints."""

    on: date | None = Field(default=None, title=mark("正式运营日期"), description=_TODAY)


class SuspendSite(BaseModel):
    """A site must stop."""

    cause: Literal["licence", "accident", "hazard", "other"] = Field(title=mark("停业原因"))
    reason: str = Field(min_length=1, max_length=200, title=mark("说明"))
    on: date | None = Field(default=None, title=mark("停业日期"), description=_TODAY)


class ResumeSite(BaseModel):
    """What was wrong was put right and looked at again."""

    reason: str = Field(min_length=1, max_length=200, title=mark("整改情况"))
    on: date | None = Field(default=None, title=mark("恢复日期"), description=_TODAY)


class CloseSite(BaseModel):
    """A site ends; money for building comes back pro rata when that is too early."""

    cause: Literal["unreported", "contract", "other"] = Field(title=mark("关闭原因"))
    reason: str = Field(min_length=1, max_length=200, title=mark("说明"))
    on: date | None = Field(default=None, title=mark("关闭日期"), description=_TODAY)


class RenewLicence(BaseModel):
    """A food licence, new or longer."""

    licence: str = Field(min_length=1, max_length=40, title=mark("食品经营许可证编号"))
    licence_to: date = Field(title=mark("食品经营许可有效至"))


class Entrust(BaseModel):
    """Who runs the site."""

    operator: str = Field(min_length=1, max_length=20, title=mark("经营者"), description=mark("编号或统一社会信用代码"))


class SetPrice(BaseModel):
    """A set meal and its price from a day on."""

    set_code: str = Field(min_length=1, max_length=12, pattern=r"^[^\s,]+$", title=mark("套餐编号"))
    price: str = Field(min_length=1, max_length=12, title=mark("价格"), description=_YUAN)
    name: str = Field(default="", max_length=40, title=mark("套餐名称"))
    meal: Meal = Field(default="lunch", title=mark("餐次"))
    from_on: date | None = Field(default=None, title=mark("起始日期"), description=_TODAY)


class PublishMenu(BaseModel):
    """The dishes of a set on a day of a week, published before the week begins."""

    week: date = Field(title=mark("哪一周"), description=mark("这一周的任意一天"))
    weekday: Literal["1", "2", "3", "4", "5", "6", "7"] = Field(title=mark("星期"))
    set_code: str = Field(min_length=1, max_length=12, title=mark("套餐编号"))
    dishes: str = Field(min_length=1, max_length=300, title=mark("菜品"))
    nutrition: str = Field(default="", max_length=120, title=mark("营养提示"))


class AddOperator(BaseModel):
    """Who may run sites, with the account that settlements are paid to."""

    name: str = Field(min_length=1, max_length=100, title=mark("经营者名称"))
    code: str = Field(min_length=1, max_length=18, title=mark("统一社会信用代码"))
    kind: Literal["public", "company", "social"] = Field(title=mark("经营者类型"))
    contact: str = Field(default="", max_length=40, title=mark("联系人"))
    phone: str = Field(default="", max_length=20, title=mark("联系电话"))
    account: str = Field(default="", max_length=30, title=mark("银行账号"), description=mark("户名即经营者名称"))


class ChangeAccount(BaseModel):
    """A new bank account of an operator."""

    account: str = Field(min_length=1, max_length=30, title=mark("银行账号"), description=mark("户名即经营者名称"))


class AddContract(BaseModel):
    """A contract, made by the rules of government procurement."""

    number: str = Field(min_length=1, max_length=60, title=mark("合同编号"))
    procurement: Literal["open", "invited", "negotiation", "consultation", "single", "below"] = Field(
        title=mark("采购方式")
    )
    site: str = Field(default="", max_length=20, title=_SITE, description=mark("不填即这个经营者的全部站点"))
    from_on: date = Field(title=mark("起始日期"))
    to_on: date = Field(title=mark("结束日期"))
    bond: str = Field(default="", max_length=14, title=mark("履约保证金"), description=mark("元，可以不填"))


class EndContract(BaseModel):
    """A contract ends before its day."""

    number: str = Field(min_length=1, max_length=60, title=mark("合同编号"))
    on: date | None = Field(default=None, title=mark("终止日期"), description=_TODAY)


class Enrol(BaseModel):
    """Somebody who will eat at canteens; tiers follow from age and status, nobody types them."""

    person_id: int = Field(title=mark("人员编号"))
    from_on: date | None = Field(default=None, title=mark("起始日期"), description=_TODAY)
    status: list[str] = Field(
        default=[], title=mark("特殊身份"),
        description="dibao, tekun, entitled, disabled_living, bereaved",
    )  # fmt: skip
    site: str = Field(default="", max_length=20, title=mark("常去的站点"))
    delivery_reason: str = Field(default="", max_length=120, title=mark("需要送餐的原因"))
    diet: str = Field(default="", max_length=200, title=mark("饮食注意事项"), description=mark("加密保存，须单独同意"))
    consent_on: date | None = Field(default=None, title=mark("本人单独同意日期"))
    phone: str = Field(default="", max_length=20, title=mark("监护人电话"), description=mark("加密保存"))
    tier: str = Field(default="", max_length=8, title=mark("档次"), description=mark("自动计算，填了只作核对"))


class ChangeDiner(BaseModel):
    """What changes about a diner; what is left empty stays."""

    status: list[str] | None = Field(
        default=None, title=mark("特殊身份"), description="dibao, tekun, entitled, disabled_living, bereaved"
    )
    site: str = Field(default="", max_length=20, title=mark("常去的站点"))
    delivery_reason: str = Field(default="", max_length=120, title=mark("需要送餐的原因"))
    diet: str = Field(default="", max_length=200, title=mark("饮食注意事项"), description=mark("加密保存，须单独同意"))
    consent_on: date | None = Field(default=None, title=mark("本人单独同意日期"))
    phone: str = Field(default="", max_length=20, title=mark("监护人电话"), description=mark("加密保存"))


class ReviewDiner(BaseModel):
    """The enrolment was looked at again."""

    on: date | None = Field(default=None, title=mark("复核日期"), description=_TODAY)


class EndDiner(BaseModel):
    """An enrolment ends."""

    on: date | None = Field(default=None, title=mark("结束日期"), description=_TODAY)
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class IssueCard(BaseModel):
    """A card; the one before, if there is one, ends."""

    reason: str = Field(default="", max_length=40, title=mark("换卡原因"), description=mark("第一次发卡可以不填"))


class EndCard(BaseModel):
    """A card is lost or given back."""

    reason: str = Field(min_length=1, max_length=40, title=mark("停用原因"))


class AddSample(BaseModel):
    """A food sample that is kept."""

    day: date | None = Field(default=None, title=mark("用餐日期"), description=_TODAY)
    meal: Meal = Field(default="lunch", title=mark("餐次"))
    dish: str = Field(min_length=1, max_length=60, title=mark("菜品"))
    grams: int = Field(ge=1, le=9999, title=mark("留样量（克）"))
    kept_from: str = Field(
        min_length=16, max_length=25, title=mark("留样开始"), description=mark("例如 2026-11-20 11:00")
    )
    kept_to: str = Field(
        min_length=16, max_length=25, title=mark("留样结束"), description=mark("例如 2026-11-22 11:00")
    )
    temperature: str = Field(min_length=1, max_length=6, title=mark("保存温度（℃）"), description=mark("例如 4.0"))
    keeper: str = Field(min_length=1, max_length=40, title=mark("留样人"))


class Inspect(BaseModel):
    """What inspectors found; a hazard gets a deadline."""

    on: date | None = Field(default=None, title=mark("检查日期"), description=_TODAY)
    kind: Literal["routine", "special", "complaint", "again"] = Field(default="routine", title=mark("检查类型"))
    inspectors: str = Field(min_length=1, max_length=80, title=mark("检查人员"))
    score: int = Field(ge=0, le=100, title=mark("得分"))
    checklist: str = Field(default="", max_length=2000, title=mark("检查表"), description=mark("每行一项：项目 得分"))
    severity: Literal["none", "minor", "major"] = Field(default="none", title=mark("问题程度"))
    hazards: str = Field(default="", max_length=500, title=mark("发现的问题"))
    deadline: date | None = Field(default=None, title=mark("整改期限"), description=mark("不填即按政策计算"))


class Rectify(BaseModel):
    """A hazard was put right."""

    on: date | None = Field(default=None, title=mark("整改完成日期"), description=_TODAY)
    rectified: str = Field(min_length=1, max_length=300, title=mark("整改情况"))


class Assess(BaseModel):
    """A score over some months; the grade follows."""

    from_month: str = Field(pattern=r"^\d{4}-\d{2}$", title=mark("起始月份"))
    to_month: str = Field(pattern=r"^\d{4}-\d{2}$", title=mark("截止月份"))
    score: int = Field(ge=0, le=100, title=mark("得分"))
    basis: str = Field(min_length=1, max_length=200, title=mark("考核依据"))


class AddFeedback(BaseModel):
    """A complaint, or a mark of satisfaction."""

    kind: Literal["complaint", "survey"] = Field(title=mark("反馈类型"))
    score: int = Field(default=0, ge=0, le=5, title=mark("满意度（1 至 5）"))
    matter: str = Field(default="", max_length=500, title=mark("内容"), description=mark("加密保存"))
    received_on: date | None = Field(default=None, title=mark("收到日期"), description=_TODAY)


class HandleFeedback(BaseModel):
    """How a complaint ended."""

    feedback: int = Field(title=mark("反馈编号"))
    outcome: Literal["upheld", "rejected", "settled"] = Field(title=mark("处理结果"))


class AddGrant(BaseModel):
    """Money for building or equipment; the amount of construction follows from area and seats."""

    kind: Literal["construction", "renewal"] = Field(default="construction", title=mark("补助种类"))
    amount: str = Field(
        default="", max_length=14, title=mark("补助金额"), description=mark("元；建设补助不填即按面积和座位计算")
    )
    minutes: str = Field(min_length=1, max_length=80, title=mark("会议纪要编号"))
    account_name: str = Field(default="", max_length=100, title=mark("收款户名"))
    account: str = Field(default="", max_length=30, title=mark("收款账号"), description=mark("不填即付给经营者"))


class SettleMonth(BaseModel):
    """A site and a month to settle."""

    site: str = Field(min_length=1, max_length=20, title=_SITE)
    month: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", title=mark("月份"), description=mark("例如 2026-03"))


class PassSettlement(BaseModel):
    """A step forward."""

    note: str = Field(default="", max_length=200, title=mark("审核意见"))


class ApproveSettlement(BaseModel):
    """The county approves; the meeting's minutes are cited."""

    minutes: str = Field(min_length=1, max_length=80, title=mark("会议纪要编号"))


class ReturnSettlement(BaseModel):
    """A settlement goes back to its draft."""

    reason: str = Field(min_length=1, max_length=200, title=mark("退回原因"))


class BatchMonth(BaseModel):
    """The approved settlements of a month go to payment."""

    month: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", title=mark("月份"), description=mark("例如 2026-03"))


class SetTarget(BaseModel):
    """How many sites a year shall bring."""

    year: int = Field(ge=2000, le=2100, title=mark("年度"))
    sites: int = Field(ge=1, le=99999, title=mark("计划站点数"))
    document: str = Field(min_length=1, max_length=80, title=mark("文号"))


class TypePolicy(BaseModel):
    """A policy file as it was typed or pasted."""

    content: str = Field(
        min_length=1, max_length=20000, title=mark("政策文件内容"), description=mark("TOML 格式，写法见使用说明")
    )


class ExportMeals(BaseModel):
    """The period of an export for audit, and why it is made."""

    since: date = Field(title=mark("起始日期"))
    until: date = Field(title=mark("截止日期"))
    site: str = Field(default="", max_length=20, title=_SITE, description=mark("不填即辖区内全部站点"))
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"), description=mark("记入审计"))
