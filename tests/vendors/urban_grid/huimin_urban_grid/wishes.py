"""What is asked for each act, the same from a form, a command and a program."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from core.api import mark


class AddGrid(BaseModel):
    """A new grid: a fixed area and a duty."""

    code: str = Field(min_length=1, max_length=20, title=mark("网格编号"), description=mark("例如 TS-01"))
    name: str = Field(min_length=1, max_length=60, title=mark("网格名称"))
    area: str = Field(
        pattern=r"^\d{9}(\d{3})?$", title=mark("区划代码"), description=mark("9 位乡镇或 12 位村（社区）")
    )
    duty: str = Field(min_length=1, max_length=200, title=mark("责任"))


class Appoint(BaseModel):
    """Who walks the grid from a day on."""

    inspector: str = Field(min_length=1, max_length=40, title=mark("巡查员账号"))
    since: date = Field(title=mark("从哪天起"))


class ReportCase(BaseModel):
    """What was found."""

    grid: str = Field(min_length=1, max_length=20, title=mark("网格编号"))
    category: Literal["street", "litter", "building", "facility", "safety"] = Field(title=mark("类别"))
    place: str = Field(min_length=1, max_length=100, title=mark("地点"))
    text: str = Field(min_length=1, max_length=500, title=mark("情况"))
    found_on: date = Field(title=mark("发现日期"))


class Send(BaseModel):
    """Which office is to deal with it."""

    office: str = Field(min_length=1, max_length=60, title=mark("处置单位"))
    on: date = Field(title=mark("派遣日期"))


class Done(BaseModel):
    """A step of a day with what there is to say."""

    on: date = Field(title=mark("日期"))
    note: str = Field(min_length=1, max_length=500, title=mark("说明"))


class Narrow(BaseModel):
    """What a list of cases is narrowed to; ``after`` is the id of the last one seen."""

    state: str = Field(default="", max_length=10)
    area: str = Field(default="", max_length=12)
    after: int = 0
    limit: int = Field(default=50, ge=1, le=500)
