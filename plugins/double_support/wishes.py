"""What staff ask for about visits, plaques and units, as models: forms, commands, the API and spreadsheets use them."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from core.api import mark

FestivalCode = Literal["spring", "army_day", "other"]
PlaqueCode = Literal["serving", "martyr", "veteran", "bereaved"]
ChannelCode = Literal["card", "signed"]


def parts_of(value: Any) -> Any:
    """The parts of a list: typed with commas at a command, or as one field of a form."""
    if isinstance(value, str):
        parts = value.replace("，", ",").replace("、", ",").split(",")
        return [one.strip() for one in parts if one.strip()]
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return parts_of(",".join(value))
    return value


Several = BeforeValidator(parts_of)
AREA = r"^\d{6}(\d{3}(\d{3})?)?$"
VILLAGE = r"^\d{12}$"
TODAY = mark("不填即今天")
PERSON = mark("人员编号")
AMOUNT = mark("金额（元）")
UNIT = mark("协作单位代号")
MINUTES = mark("会议记录")
DAY = mark("日期")
NO_SECRETS = mark("不得写部队番号、驻地和人数")


class Why(BaseModel):
    """A reason."""

    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class Step(BaseModel):
    """A step with nothing to say."""

    note: str = Field(default="", max_length=200, title=mark("备注"))


class CloseOn(BaseModel):
    """An end on a day."""

    on: date | None = Field(default=None, title=DAY, description=TODAY)
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class AddUnit(BaseModel):
    """A partner unit by its agreed code name."""

    code: str = Field(min_length=1, max_length=30, title=UNIT, description=NO_SECRETS)
    agreement: str = Field(default="", max_length=80, title=mark("协议编号"))


class UnitAccount(BaseModel):
    """The settlement account named in the agreement."""

    agreement: str = Field(min_length=1, max_length=80, title=mark("协议编号"))
    account_name: str = Field(min_length=1, max_length=60, title=mark("账户名称"), description=NO_SECRETS)
    account_number: str = Field(min_length=1, max_length=30, title=mark("银行账号"))


class AddPlan(BaseModel):
    """A visit plan of a festival."""

    festival: FestivalCode = Field(title=mark("慰问时间"))
    title: str = Field(min_length=1, max_length=80, title=mark("计划名称"))
    year: int | None = Field(default=None, ge=2000, le=2100, title=mark("年度"), description=mark("不填即今年"))
    groups: str = Field(default="", max_length=120, title=mark("慰问对象"))
    hardship: bool = Field(default=False, title=mark("困难户名单"), description=mark("困难户名单要评审团票决"))
    area: str = Field(default="", pattern=r"^(\d{6}(\d{3})?)?$", title=mark("区划代码"), description=mark("不填即全县"))


class SetCategory(BaseModel):
    """What each household of a category gets, and how many households are planned."""

    category: str = Field(min_length=1, max_length=20, title=mark("类别"))
    amount: str = Field(min_length=1, max_length=20, title=mark("每户金额（元）"))
    households: int = Field(default=0, ge=0, le=1_000_000, title=mark("计划户数"))


class ListVisit(BaseModel):
    """A household on the list: somebody of it, and its category."""

    person_id: int = Field(title=PERSON)
    category: str = Field(min_length=1, max_length=20, title=mark("类别"))
    channel: ChannelCode = Field(default="card", title=mark("发放方式"))
    key_person: bool = Field(default=False, title=mark("重点对象"))


class ListUnit(BaseModel):
    """A partner unit on the list."""

    unit: str = Field(min_length=1, max_length=30, title=UNIT)
    category: str = Field(min_length=1, max_length=20, title=mark("类别"))


class Draw(BaseModel):
    """Entitled persons of the county on the list, as the plugin says that keeps them."""

    category: str = Field(min_length=1, max_length=20, title=mark("类别"))
    groups: Annotated[list[str], Several] = Field(
        default=[], title=mark("优抚对象类别"), description=mark("几项用逗号分开，不填即全部")
    )


class CloseList(BaseModel):
    """The list stands; of hardship lists with the ballot of the panel."""

    ballot: str = Field(default="", max_length=60, title=mark("评议票决编号"), description=mark("困难户名单必填"))


class FundPlan(BaseModel):
    """What the minutes decided."""

    minutes: str = Field(default="", max_length=80, title=MINUTES)
    decided: str = Field(min_length=1, max_length=20, title=mark("会议决定金额（元）"))


class CashAccount(BaseModel):
    """The office's account from which money that is handed over is drawn."""

    account_name: str = Field(min_length=1, max_length=60, title=mark("账户名称"))
    account_number: str = Field(min_length=1, max_length=30, title=mark("银行账号"))


class RecordVisit(BaseModel):
    """How a visit went."""

    leader: str = Field(min_length=1, max_length=50, title=mark("带队人"))
    companion: str = Field(min_length=1, max_length=50, title=mark("同行人"))
    on: date | None = Field(default=None, title=mark("走访日期"), description=TODAY)
    goods: str = Field(default="", max_length=120, title=mark("慰问品"))
    signature: str = Field(default="", max_length=80, title=mark("签收"), description=mark("签名表编号或照片"))
    needs: str = Field(default="", max_length=200, title=mark("发现的需求"))


class AnswerNeed(BaseModel):
    """What was answered."""

    answer: str = Field(min_length=1, max_length=200, title=mark("答复"))
    on: date | None = Field(default=None, title=DAY, description=TODAY)


class Pay(BaseModel):
    """A month of a batch."""

    month: str = Field(pattern=r"^\d{4}-\d{2}$", title=mark("月份"), description=mark("例如 2026-01"))


class AddPlaque(BaseModel):
    """A plaque for a household."""

    person_id: int = Field(title=PERSON, description=mark("这一户的军人家属"))
    kind: PlaqueCode = Field(title=mark("光荣牌类别"))
    on: date | None = Field(default=None, title=mark("制发日期"), description=TODAY)


class OnDay(BaseModel):
    """A day."""

    on: date | None = Field(default=None, title=DAY, description=TODAY)


class AddNews(BaseModel):
    """News of a merit that came for a family."""

    person_id: int = Field(title=PERSON)
    honour: str = Field(min_length=1, max_length=60, title=mark("荣誉"), description=NO_SECRETS)
    on: date | None = Field(default=None, title=mark("收到日期"), description=TODAY)


class DeliverNews(BaseModel):
    """Who brought it."""

    leader: str = Field(min_length=1, max_length=50, title=mark("带队人"))
    companion: str = Field(min_length=1, max_length=50, title=mark("同行人"))
    on: date | None = Field(default=None, title=mark("送达日期"), description=TODAY)


class KeepFile(BaseModel):
    """A proof."""

    title: str = Field(default="", max_length=100, title=mark("材料名称"), description=mark("照片不得拍到标识和营区"))
    file_name: str = Field(min_length=1, max_length=200, title=mark("文件名"))
    content: bytes = Field(title=mark("文件"))
