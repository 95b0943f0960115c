"""What the acts on households need: the same from a form, a command or the API."""

from datetime import date

from pydantic import BaseModel, Field

from core.texts import mark


class Member(BaseModel):
    """A person and the relation to the head: a word or a code of GB/T 4761."""

    person_id: int = Field(title=mark("人员编号"))
    relation: str = Field(title=mark("与户主关系"))


class OpenHousehold(BaseModel):
    """A new household. ``members`` are everybody in it, one of them the head."""

    number: str = Field(min_length=1, max_length=40, title=mark("户号"))
    area: str = Field(title=mark("村（社区）"))
    address: str = Field(default="", max_length=200, title=mark("详细地址"))
    village_group: str = Field(default="", max_length=20, title=mark("村民小组"))
    members: list[Member] = Field(min_length=1, title=mark("成员"))
    on: date = Field(title=mark("日期"))


class ChangeMembers(BaseModel):
    """Who belongs to a household from a day on, all of them, each with the relation to the head.

    Who is not named leaves; a new head means that every relation is said anew. ``version`` is the household's as it
    was shown (a clash when it changed since), None does not ask.
    """

    members: list[Member] = Field(min_length=1, title=mark("成员"))
    on: date = Field(title=mark("日期"))
    reason: str = Field(default="", max_length=200, title=mark("原因"))
    version: int | None = None


class SplitHousehold(BaseModel):
    """Part of a household becomes one of its own (分户): the relations of both are said anew."""

    number: str = Field(min_length=1, max_length=40, title=mark("户号"))
    leaving: list[Member] = Field(min_length=1, title=mark("成员"))
    staying: list[Member] = Field(min_length=1, title=mark("成员"))
    area: str = ""
    address: str | None = Field(default=None, max_length=200, title=mark("详细地址"))
    on: date = Field(title=mark("日期"))
    reason: str = Field(default="", max_length=200, title=mark("原因"))
    version: int | None = None


class MergeHouseholds(BaseModel):
    """One household goes into another (并户): the relations of all are said anew."""

    gone_id: int
    members: list[Member] = Field(min_length=1, title=mark("成员"))
    on: date = Field(title=mark("日期"))
    reason: str = Field(default="", max_length=200, title=mark("原因"))
    version: int | None = None


class MoveHousehold(BaseModel):
    """A household moves within the county, its members' hukou with it."""

    area: str = Field(title=mark("村（社区）"))
    address: str = Field(default="", max_length=200, title=mark("详细地址"))
    village_group: str = Field(default="", max_length=20, title=mark("村民小组"))
    on: date = Field(title=mark("日期"))
    reason: str = Field(default="", max_length=200, title=mark("原因"))
    version: int | None = None


class CloseHousehold(BaseModel):
    """A household ends (注销): nobody living is left in it."""

    on: date = Field(title=mark("日期"))
    reason: str = Field(min_length=1, max_length=200, title=mark("原因"))
    version: int | None = None


class OpenGroup(BaseModel):
    """An assistance family of one application, or a care unit: ``kind`` "assistance_family" or "care_unit"."""

    kind: str
    area: str = Field(title=mark("村（社区）"))
    scheme: str = Field(default="", max_length=40)
    case_number: str = Field(default="", max_length=40)
    members: list["GroupPart"] = Field(min_length=1, title=mark("成员"))
    on: date = Field(title=mark("日期"))


class GroupPart(BaseModel):
    """A person in a group: ``part`` is member, recipient, carer, guardian or obligor."""

    person_id: int
    part: str = "member"
    relation: str = ""


class ChangeGroup(BaseModel):
    """Who belongs to a group from a day on, all of them."""

    members: list[GroupPart] = Field(min_length=1, title=mark("成员"))
    on: date = Field(title=mark("日期"))
    reason: str = Field(default="", max_length=200, title=mark("原因"))
