"""What is asked for each act, the same from a form, a command, a spreadsheet and the API."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from core.api import mark

_PERIOD = mark("2026-10、2026-Q3 或 2026")


class SetTarget(BaseModel):
    """A target of an indicator."""

    indicator: str = Field(
        min_length=3, max_length=80, title=mark("统计指标"), description=mark("名称，例如 dibao.gap_rural")
    )
    period: str = Field(min_length=4, max_length=7, title=mark("期间"), description=_PERIOD)
    area: str = Field(
        default="",
        max_length=12,
        title=mark("适用区划"),
        description=mark("不填即每个乡镇都要达到；填县代码即按全县合计"),
    )
    comparator: Literal["least", "exactly", "most"] = Field(default="least", title=mark("比较"))
    value: str = Field(
        default="", max_length=20, title=mark("目标值"), description=mark("比率填百分数，金额填元；完成期限类不填")
    )
    due_on: date | None = Field(default=None, title=mark("完成期限"))
    document: str = Field(min_length=2, max_length=80, title=mark("文号"))


class Why(BaseModel):
    """A reason."""

    reason: str = Field(min_length=2, max_length=200, title=mark("事由"))


class _Source(BaseModel):
    """Where a figure stands."""

    title: str = Field(min_length=2, max_length=80, title=mark("数据名称"))
    source: str = Field(min_length=2, max_length=120, title=mark("来源"), description=mark("哪份表或文件，第几页"))
    period: str = Field(min_length=4, max_length=7, title=mark("期间"), description=_PERIOD)
    area: str = Field(default="", max_length=12, title=mark("区划代码"), description=mark("不填即全县"))


def _written(given: object) -> object:
    """A list without its empty places: what stands between two commas of a form."""
    return [one for one in given if str(one).strip()] if isinstance(given, list) else given


Parts = Annotated[list[Annotated[str, Field(max_length=60)]], BeforeValidator(_written)]


class StateSum(_Source):
    """Parts and the whole."""

    parts: Parts = Field(
        min_length=1,
        max_length=60,
        title=mark("各项"),
        description=mark("名称和数字，用顿号分开，例如 分散 461、集中 188"),
    )
    stated: str = Field(min_length=1, max_length=30, title=mark("写的合计"))


class StateRate(_Source):
    """A rate with its counts."""

    part: str = Field(min_length=1, max_length=30, title=mark("分子"))
    bases: Parts = Field(
        default_factory=list, max_length=10, title=mark("分母"), description=mark("可能的分母都写上，用顿号分开")
    )
    stated: str = Field(min_length=1, max_length=12, title=mark("写的比率（%）"))


class StateYear(_Source):
    """A month and a year."""

    month: str = Field(min_length=1, max_length=30, title=mark("月额"))
    stated: str = Field(min_length=1, max_length=30, title=mark("写的年额"))


class StateAverage(_Source):
    """An average of what lies below a limit."""

    average: str = Field(min_length=1, max_length=30, title=mark("写的平均"))
    limit: str = Field(min_length=1, max_length=30, title=mark("写的上限"))


class StatePlan(_Source):
    """The year of a report and that of the plan behind it."""

    report_year: int = Field(ge=1900, le=2200, title=mark("总结年度"))
    plan_year: int = Field(ge=1900, le=2200, title=mark("计划年度"))


class MakeReport(BaseModel):
    """A report of a period."""

    period: str = Field(min_length=4, max_length=7, title=mark("期间"), description=_PERIOD)
    reason: str = Field(default="", max_length=200, title=mark("重新编制的事由"), description=mark("第一次编制不填"))


class Nothing(BaseModel):
    """No more than the word."""
