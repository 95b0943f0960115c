"""What each act on panels and ballots needs, the same from a form, a command, the API or a spreadsheet."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from core.api import mark
from plugins.democratic_review.words import KINDS, RELATIONS, SEXES

MemberKind = Literal["cadre", "party", "representative", "elder", "women", "other"]
Sex = Literal["male", "female"]
Relation = Literal[
    "spouse", "parent", "child", "sibling", "grandparent", "grandchild", "in_law", "household", "relative", "own_wish"
]
Subject = Literal["case", "housing", "relief_money", "recipients", "visit_list", "other"]
Ground = Literal["new_facts", "objection"]
Offence = Literal["paid", "decided", "adapted"]
_QUARTER = r"^\d{4}-Q[1-4]$"
_ONE_LINE = mark("一行一人：姓名、性别、身份类别，可加身份证号")
_SHORTEST_NUMBER = 15


def split(text: str, *marks: str) -> list[str]:
    """The parts of a text that stand apart by one of some marks, without empty ones."""
    for one in marks:
        text = text.replace(one, "、")
    return [part.strip() for part in text.split("、") if part.strip()]


def _code(words: Mapping[str, str], text: str) -> str | None:
    return next((code for code, word in words.items() if text in (code, word)), None)


def _member(given: Any) -> Any:
    """A member typed in one line: 张三、女、党员."""
    if not isinstance(given, str):
        return given
    found: dict[str, str] = {}
    for part in split(unicodedata.normalize("NFKC", given), ",", ";", "\t", " "):
        if sex := _code(SEXES, part):
            found["sex"] = sex
        elif kind := _code(KINDS, part):
            found["kind"] = kind
        elif len(part) >= _SHORTEST_NUMBER and part[:-1].isdecimal():
            found["person"] = part
        else:
            found["name"] = part if "name" not in found else f"{found['name']}{part}"
    return found


def _members(given: Any) -> Any:
    return [line for line in given.splitlines() if line.strip()] if isinstance(given, str) else given


def _recusal(given: Any) -> Any:
    """Somebody who left, typed as a name, or as 姓名：关系."""
    if isinstance(given, int) and not isinstance(given, bool):
        return {"member": str(given)}
    if not isinstance(given, str):
        return given
    name, _colon, relation = unicodedata.normalize("NFKC", given).partition(":")
    return {"member": name.strip(), **({"relation": _code(RELATIONS, relation.strip())} if relation.strip() else {})}


def _several(given: Any) -> Any:
    """A number of people, or their names in a list or in one text."""
    if not isinstance(given, str):
        return given
    return int(given) if given.strip().isdecimal() else split(given, ",", "，", ";", "；", "\n")


def _names(given: Any) -> Any:
    return [str(one) for one in given] if isinstance(given, list) else _several(given)


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewMember(_Wish):
    """Somebody who comes onto a panel: a name, or a person of the registry by number."""

    name: str = Field(default="", max_length=50, title=mark("姓名"))
    person: str = Field(default="", max_length=40, title=mark("人员"), description=mark("人员编号或身份证号"))
    sex: Sex | None = Field(default=None, title=mark("性别"))
    kind: MemberKind = Field(default="representative", title=mark("身份类别"))

    @model_validator(mode="before")
    @classmethod
    def _in_one_line(cls, given: Any) -> Any:
        return _member(given)


Members = Annotated[list[NewMember], BeforeValidator(_members)]


class SetPanel(_Wish):
    """The panel of a village for a term."""

    village: str = Field(min_length=1, max_length=12, title=mark("村"), description=mark("12 位村（社区）代码"))
    term_from: date | None = Field(default=None, title=mark("任期开始"), description=mark("不填即今天"))
    term_to: date | None = Field(default=None, title=mark("任期届满"), description=mark("不填按规定的任期计算"))
    elected_on: date | None = Field(default=None, title=mark("推选日期"))
    document: str = Field(default="", max_length=120, title=mark("推选依据"), description=mark("村民代表会议记录编号"))
    members: Members = Field(min_length=1, max_length=99, title=mark("成员"), description=_ONE_LINE)


class ReplaceMember(NewMember):
    """A member leaves inside the term and somebody follows."""

    member: str = Field(min_length=1, max_length=50, title=mark("离任成员"), description=mark("姓名或成员编号"))
    on: date | None = Field(default=None, title=mark("更换日期"), description=mark("不填即今天"))
    why: str = Field(min_length=1, max_length=200, title=mark("更换原因"))


class DeclareRelative(_Wish):
    """A near relative whom a member declares."""

    member: str = Field(min_length=1, max_length=50, title=mark("成员"), description=mark("姓名或成员编号"))
    person: str = Field(min_length=1, max_length=40, title=mark("近亲属"), description=mark("人员编号或身份证号"))
    relation: Relation = Field(title=mark("关系"))
    on: date | None = Field(default=None, title=mark("申报日期"), description=mark("不填即今天"))


class NewRecusal(_Wish):
    """A member who left before a vote, and how they are related to the applicant."""

    member: str = Field(min_length=1, max_length=50, title=mark("回避人"))
    relation: Relation = Field(default="relative", title=mark("与申请人关系"))

    @model_validator(mode="before")
    @classmethod
    def _in_one_line(cls, given: Any) -> Any:
        return _recusal(given)


Recused = Annotated[int | list[NewRecusal], BeforeValidator(_several)]
Present = Annotated[int | list[str], BeforeValidator(_names)]


class Count(_Wish):
    """The papers of one vote. What is left out is what follows from the rest when nothing went wrong."""

    recused: Recused = Field(default=0, title=mark("回避"), description=mark("人数，或姓名：关系"))
    issued: int | None = Field(default=None, ge=0, title=mark("发出票"), description=mark("不填即投票人数"))
    returned: int | None = Field(default=None, ge=0, title=mark("收回票"), description=mark("不填即全部收回"))
    valid: int | None = Field(default=None, ge=0, title=mark("有效票"))
    invalid: int = Field(default=0, ge=0, title=mark("无效票"))
    agree: int = Field(ge=0, title=mark("同意"))
    disagree: int = Field(ge=0, title=mark("不同意"))
    abstain: int = Field(default=0, ge=0, title=mark("弃权"))


class NewItem(Count):
    """One vote of a meeting: on a case, or on a list."""

    case: str = Field(default="", max_length=30, title=mark("案件编号"))
    kind: Subject | None = Field(default=None, title=mark("票决事项"))
    title: str = Field(default="", max_length=120, title=mark("名单名称"))
    scheme: str = Field(default="", max_length=40, title=mark("业务代码"), description=mark("名单属于哪项业务"))
    reference: str = Field(default="", max_length=80, title=mark("名单编号"))
    ground: Ground | None = Field(default=None, title=mark("重新票决的理由"))
    reason: str = Field(default="", max_length=200, title=mark("重新票决的情况说明"))


class RecordBallots(_Wish):
    """A meeting of a panel with its votes. ``panel`` is a number to check the registered panel against."""

    village: str = Field(min_length=1, max_length=12, title=mark("村"), description=mark("12 位村（社区）代码"))
    on: date | None = Field(default=None, title=mark("票决日期"), description=mark("不填即今天"))
    place: str = Field(default="", max_length=80, title=mark("地点"))
    observer: str = Field(default="", max_length=50, title=mark("乡镇到场人员"))
    scrutineer: str = Field(default="", max_length=50, title=mark("监票人"), description=mark("村务监督委员会成员"))
    panel: int | None = Field(default=None, ge=1, title=mark("评审团人数"))
    present: Present = Field(title=mark("到会"), description=mark("人数或姓名"))
    announced: bool = Field(default=True, title=mark("当场宣布结果"))
    items: list[NewItem] = Field(min_length=1, max_length=50, title=mark("票决事项"))
    panel_members: Members = Field(default=[], max_length=99, title=mark("评审团成员"), description=_ONE_LINE)
    panel_document: str = Field(default="", max_length=120, title=mark("推选依据"))

    @model_validator(mode="before")
    @classmethod
    def _one_vote_alone(cls, given: Any) -> Any:
        """A meeting with one vote may be written without a list of votes."""
        if not isinstance(given, dict) or "items" in given or "agree" not in given:
            return given
        own = {name: value for name, value in given.items() if name in NewItem.model_fields}
        rest = {name: value for name, value in given.items() if name not in own}
        return {**rest, "items": [own]}


class ReplaceBallot(Count):
    """The right counts of a vote that was recorded wrongly; what is left out stays as it was."""

    why: str = Field(min_length=1, max_length=200, title=mark("更正原因"))
    present: Present | None = Field(default=None, title=mark("到会"), description=mark("人数或姓名，不填照原记录"))


class PostResult(_Wish):
    """The day on which the result of a meeting was posted."""

    posted_on: date | None = Field(default=None, title=mark("张贴日期"), description=mark("不填即今天"))
    place: str = Field(default="", max_length=80, title=mark("张贴地点"))


class KeepEvidence(_Wish):
    """A photo of the meeting, or the record as it was signed."""

    kind: Literal["photo", "signed"] = Field(default="photo", title=mark("材料"))
    file_name: str = Field(min_length=1, max_length=200, title=mark("文件名"))
    content: bytes = Field(title=mark("文件"))


class EnterViolation(_Wish):
    """A village that decided or paid a list without a vote, or used another procedure."""

    village: str = Field(min_length=1, max_length=12, title=mark("村"), description=mark("12 位村（社区）代码"))
    quarter: str = Field(pattern=_QUARTER, title=mark("季度"), description=mark("例如 2026-Q1"))
    kind: Offence = Field(title=mark("违规情形"))
    subject: str = Field(min_length=1, max_length=120, title=mark("事项"), description=mark("哪个案件或名单"))
    scheme: str = Field(default="", max_length=40, title=mark("业务代码"))
    document: str = Field(min_length=1, max_length=120, title=mark("依据文件"))
    note: str = Field(default="", max_length=400, title=mark("情况说明"))


class LiftViolation(_Wish):
    """A violation that was none, or was put right by a decision."""

    why: str = Field(min_length=1, max_length=200, title=mark("撤销原因"))


class SetScores(_Wish):
    """The points of villages in a quarter's assessment."""

    quarter: str = Field(pattern=_QUARTER, title=mark("季度"), description=mark("例如 2026-Q1"))
    document: str = Field(default="", max_length=120, title=mark("考核文件"))
    scores: dict[str, Decimal] = Field(min_length=1, title=mark("得分"))
