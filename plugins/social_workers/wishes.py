"""What staff ask for, as models: forms, commands, the API and spreadsheets are made of them."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from core.api import mark

LevelCode = Literal["assistant", "intermediate", "senior"]
FieldCode = Literal[
    "elderly", "child_youth", "women_family", "disability", "assistance", "community", "medical", "judicial", "school",
    "enterprise", "military", "disaster", "funeral", "vagrancy",
]  # fmt: skip


def _parts(value: Any) -> Any:
    """The parts of a list: typed with commas at a command, or as one field of a form."""
    if isinstance(value, str):
        parts = value.replace("，", ",").replace("、", ",").split(",")
        return [one.strip() for one in parts if one.strip()]
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return _parts(",".join(value))
    return value


Several = BeforeValidator(_parts)
AREA = r"^\d{6}(\d{3}(\d{3})?)?$"
TODAY = mark("不填即今天")
WORKER = mark("社工编号")
HOURS = mark("小时，最多一位小数，例如 6 或 7.5")
SEALED = mark("加密保存")


class AddWorker(BaseModel):
    """Somebody of the county's register who holds a certificate."""

    person_id: int = Field(title=mark("人员编号"))
    level: LevelCode = Field(title=mark("证书级别"))
    certificate_no: str = Field(min_length=1, max_length=40, title=mark("证书编号"))
    passed_year: int = Field(ge=2008, le=2100, title=mark("通过年度"))
    issued_on: date = Field(title=mark("发证日期"))
    registered_on: date | None = Field(default=None, title=mark("登记日期"), description=mark("已经登记的填写"))
    field: FieldCode | None = Field(default=None, title=mark("服务领域"))
    agency: str = Field(
        default="",
        max_length=80,
        title=mark("任职机构"),
        description=mark("机构编号、信用代码或名称；不是社工机构的填单位"),
    )
    employer: str = Field(default="", max_length=80, title=mark("任职单位"))
    post: str = Field(default="", max_length=40, title=mark("岗位"))
    since: date | None = Field(default=None, title=mark("任职日期"))
    works_here: bool = Field(default=True, title=mark("在本县工作"))
    lives_here: bool = Field(default=True, title=mark("在本县居住"))


class AddCertificate(BaseModel):
    """A certificate of another level."""

    level: LevelCode = Field(title=mark("证书级别"))
    certificate_no: str = Field(min_length=1, max_length=40, title=mark("证书编号"))
    passed_year: int = Field(ge=2008, le=2100, title=mark("通过年度"))
    issued_on: date = Field(title=mark("发证日期"))


class Register(BaseModel):
    """A registration or a renewal of the certificate."""

    registered_on: date | None = Field(default=None, title=mark("登记日期"), description=TODAY)
    document: str = Field(default="", max_length=80, title=mark("登记文号"))
    reason: str = Field(
        default="", max_length=200, title=mark("说明"), description=mark("取得证书超过期限的首次登记要说明")
    )


class AddEducation(BaseModel):
    """Hours of continuing education."""

    course: str = Field(min_length=1, max_length=80, title=mark("课程名称"))
    hours: str = Field(min_length=1, max_length=6, title=mark("继续教育学时"), description=HOURS)
    held_on: date | None = Field(default=None, title=mark("培训日期"), description=TODAY)
    provider: str = Field(default="", max_length=80, title=mark("举办单位"))
    proof: str = Field(min_length=1, max_length=80, title=mark("凭证"))


class RevokeEducation(BaseModel):
    """A course that was entered wrongly."""

    record: int = Field(title=mark("学时记录编号"))
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class AddSupervision(BaseModel):
    """Hours under a supervisor, apart from continuing education."""

    supervisor: str = Field(min_length=1, max_length=20, title=mark("督导"), description=WORKER)
    kind: Literal["individual", "group", "peer"] = Field(title=mark("督导方式"))
    hours: str = Field(min_length=1, max_length=6, title=mark("督导小时"), description=mark("不计入继续教育学时"))
    held_on: date | None = Field(default=None, title=mark("日期"), description=TODAY)
    topic: str = Field(default="", max_length=80, title=mark("主题"))


class Employ(BaseModel):
    """A worker is employed."""

    agency: str = Field(default="", max_length=80, title=mark("任职机构"))
    employer: str = Field(default="", max_length=80, title=mark("任职单位"))
    post: str = Field(default="", max_length=40, title=mark("岗位"))
    since: date | None = Field(default=None, title=mark("任职日期"), description=TODAY)


class Leave(BaseModel):
    """A worker leaves the employer; open cases are handed over before."""

    until: date | None = Field(default=None, title=mark("离职日期"), description=TODAY)


class Settle(BaseModel):
    """What changes about a worker: field, whether they work and live here, their station."""

    field: FieldCode | None = Field(default=None, title=mark("服务领域"))
    works_here: bool = Field(default=False, title=mark("在本县工作"))
    lives_here: bool = Field(default=False, title=mark("在本县居住"))
    station: str = Field(default="", max_length=80, title=mark("社工站"), description=mark("编号或名称"))


class LinkAccount(BaseModel):
    """The account of a worker: it opens the files of the worker's cases."""

    account: str = Field(min_length=1, max_length=40, title=mark("账号"), description=mark("不能是自己的账号"))


class Why(BaseModel):
    """A reason."""

    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class Step(BaseModel):
    """A step that needs nothing more."""

    note: str = Field(default="", max_length=200, title=mark("说明"))


class KeepFile(BaseModel):
    """A proof: a scan or a photograph."""

    title: str = Field(default="", max_length=100, title=mark("材料名称"), description=mark("不填即文件名"))
    file_name: str = Field(min_length=1, max_length=200, title=mark("文件名"))
    content: bytes = Field(title=mark("文件"))


class AddAgency(BaseModel):
    """An agency of social work."""

    name: str = Field(min_length=1, max_length=80, title=mark("机构名称"))
    code: str = Field(
        min_length=1, max_length=24, title=mark("统一社会信用代码"), description=mark("52 开头的为民办社工机构")
    )
    registered_on: date = Field(title=mark("登记日期"))
    area: str = Field(pattern=AREA, title=mark("区划代码"))
    staff: int = Field(default=0, ge=0, title=mark("工作人员数"))
    grade: Literal["1A", "2A", "3A", "4A", "5A"] | None = Field(default=None, title=mark("评估等级"))
    incubated: bool = Field(default=False, title=mark("本县孵化"))


class SetAgency(BaseModel):
    """Staff and grade of an agency."""

    staff: int = Field(ge=0, title=mark("工作人员数"))
    grade: Literal["1A", "2A", "3A", "4A", "5A"] | None = Field(default=None, title=mark("评估等级"))


class SetAccount(BaseModel):
    """Who answers for an agency, and its account at the bank."""

    manager_id: int = Field(title=mark("负责人编号"), description=mark("机构负责人的人员编号"))
    account_name: str = Field(default="", max_length=80, title=mark("户名"), description=mark("不填即机构名称"))
    account_number: str = Field(min_length=12, max_length=30, title=mark("银行账号"), description=SEALED)


class CloseOn(BaseModel):
    """The end of something, with its day."""

    on: date | None = Field(default=None, title=mark("日期"), description=TODAY)
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class AddStation(BaseModel):
    """A station of social work."""

    name: str = Field(min_length=1, max_length=80, title=mark("社工站名称"))
    area: str = Field(
        pattern=r"^\d{9}(\d{3})?$", title=mark("区划代码"), description=mark("乡镇 9 位，村（社区）12 位")
    )
    address: str = Field(default="", max_length=100, title=mark("地址"))
    agency: str = Field(default="", max_length=80, title=mark("运营机构"))
    opened_on: date | None = Field(default=None, title=mark("设立日期"), description=TODAY)


class AddPost(BaseModel):
    """Posts of social work at a unit."""

    unit: str = Field(min_length=1, max_length=80, title=mark("单位"))
    title: str = Field(min_length=1, max_length=60, title=mark("岗位名称"))
    area: str = Field(pattern=AREA, title=mark("区划代码"))
    planned: int = Field(ge=1, le=999, title=mark("岗位数"))
    level: LevelCode | None = Field(default=None, title=mark("要求的证书级别"))
    treatment: str = Field(default="", max_length=200, title=mark("职称和薪酬待遇"))


class Hold(BaseModel):
    """A worker takes a post."""

    worker: str = Field(min_length=1, max_length=20, title=WORKER)
    since: date | None = Field(default=None, title=mark("上岗日期"), description=TODAY)


class Vacate(BaseModel):
    """A worker leaves a post."""

    worker: str = Field(min_length=1, max_length=20, title=WORKER)
    until: date | None = Field(default=None, title=mark("离岗日期"), description=TODAY)


class SignUp(BaseModel):
    """A sign-up for the exam of a year."""

    person_id: int = Field(title=mark("人员编号"))
    year: int = Field(ge=2008, le=2100, title=mark("考试年度"))
    level: LevelCode = Field(title=mark("证书级别"))
    subjects: Annotated[list[str], Several] = Field(
        default=[], title=mark("报考科目"), description=mark("不填即全部科目")
    )
    trained: bool = Field(default=False, title=mark("参加考前培训"))


class Result(BaseModel):
    """What came of a sign-up: subjects passed this year, or absent."""

    passed: Annotated[list[str], Several] = Field(
        default=[], title=mark("通过科目"), description=mark("科目代码，逗号隔开")
    )
    absent: bool = Field(default=False, title=mark("缺考"))


class ExamYear(BaseModel):
    """The exam of a year before there were sign-ups here."""

    year: int = Field(ge=2008, le=2100, title=mark("考试年度"))
    signed: int = Field(ge=0, title=mark("报考人数"))
    sat: int = Field(ge=0, title=mark("参考人数"))
    passed: int = Field(ge=0, title=mark("通过人数"))
    source: str = Field(min_length=1, max_length=120, title=mark("数据来源"))


class SendWorker(BaseModel):
    """A worker is sent to a recipient unit."""

    programme: str = Field(default="“三区”社会工作人才计划", max_length=60, title=mark("计划"))
    worker: str = Field(min_length=1, max_length=20, title=WORKER)
    unit: str = Field(min_length=1, max_length=80, title=mark("受援单位"))
    area: str = Field(pattern=AREA, title=mark("受援地区划代码"))
    since: date = Field(title=mark("派驻日期"))
    until: date | None = Field(default=None, title=mark("期满日期"), description=mark("不填按计划期限"))
    project: str = Field(default="", max_length=20, title=mark("项目编号"))


class AddTrainee(BaseModel):
    """Somebody of the recipient unit who is trained."""

    person_id: int = Field(title=mark("人员编号"))
    planned: int = Field(ge=1, le=999, title=mark("计划培训次数"))
    attended: int = Field(default=0, ge=0, le=999, title=mark("已参加次数"))


class Attend(BaseModel):
    """How often a trainee came."""

    trainee: int = Field(title=mark("培养人员编号"))
    attended: int = Field(ge=0, le=999, title=mark("已参加次数"))


class ConfirmTrainee(BaseModel):
    """The supervisor confirms that a trainee is done."""

    trainee: int = Field(title=mark("培养人员编号"))
    supervisor: str = Field(min_length=1, max_length=20, title=mark("督导"), description=WORKER)


class LinkUp(BaseModel):
    """A community, an organisation and a worker act together."""

    community: str = Field(min_length=1, max_length=60, title=mark("社区"))
    area: str = Field(pattern=r"^\d{12}$", title=mark("区划代码"), description=mark("12 位区划代码"))
    organisation: str = Field(min_length=1, max_length=80, title=mark("社会组织"))
    worker: str = Field(min_length=1, max_length=20, title=WORKER)
    plan: str = Field(min_length=1, max_length=400, title=mark("联动计划"))
    since: date | None = Field(default=None, title=mark("开始日期"), description=TODAY)
