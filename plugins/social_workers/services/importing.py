"""Workers, hours of education and sign-ups from spreadsheets: every row is held to the rules of one that is typed."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from core.api import (
    Column,
    Import,
    ImportCounts,
    RowObjection,
    UnitOfWork,
    _,
    code_of,
    mark,
    people_of_numbers,
    row_objections,
    row_wish,
)
from plugins.social_workers.services import exams, workers
from plugins.social_workers.services.common import KEEP
from plugins.social_workers.wishes import AddEducation, AddWorker, SignUp
from plugins.social_workers.words import FIELDS, LEVELS, SUBJECT_WORDS

Rows = Mapping[str, Sequence[Any]]
_YES_NO = (mark("是"), mark("否"))
_CITIZEN = Column(
    name="citizen_id",
    title=mark("公民身份号码"),
    required=True,
    example="999223199001010018",
    aliases=("身份证号", "身份证号码"),
)
WORKER_COLUMNS = (
    _CITIZEN,
    Column(name="level", title=mark("证书级别"), required=True, words=tuple(LEVELS.values())),
    Column(name="certificate_no", title=mark("证书编号"), required=True, example="20230430430001"),
    Column(name="passed_year", title=mark("通过年度"), kind="integer", required=True, example="2023"),
    Column(name="issued_on", title=mark("发证日期"), kind="date", required=True, example="2023-09-01"),
    Column(name="registered_on", title=mark("登记日期"), kind="date"),
    Column(name="field", title=mark("服务领域"), words=tuple(FIELDS.values())),
    Column(name="agency", title=mark("任职机构")),
    Column(name="employer", title=mark("任职单位")),
    Column(name="post", title=mark("岗位")),
    Column(name="since", title=mark("任职日期"), kind="date"),
    Column(name="works_here", title=mark("在本县工作"), words=_YES_NO),
    Column(name="lives_here", title=mark("在本县居住"), words=_YES_NO),
)
EDUCATION_COLUMNS = (
    Column(name="worker", title=mark("社工编号"), required=True, example="SW-430223-000001"),
    Column(name="course", title=mark("课程名称"), required=True),
    Column(name="hours", title=mark("继续教育学时"), required=True, example="6"),
    Column(name="held_on", title=mark("培训日期"), kind="date", required=True, example="2026-05-08"),
    Column(name="provider", title=mark("举办单位")),
    Column(name="proof", title=mark("凭证"), required=True),
)
EXAM_COLUMNS = (
    _CITIZEN,
    Column(name="year", title=mark("考试年度"), kind="integer", required=True, example="2026"),
    Column(name="level", title=mark("证书级别"), required=True, words=tuple(LEVELS.values())),
    Column(name="subjects", title=mark("报考科目"), example="社会工作综合能力，社会工作实务"),
    Column(name="trained", title=mark("参加考前培训"), words=_YES_NO),
)
_CODES: Mapping[str, Mapping[str, str]] = {"level": LEVELS, "field": FIELDS}
_FIELDS = {"person_id": "citizen_id"}
_TRUE_BY_DEFAULT = ("works_here", "lives_here")


def _code(name: str, value: Any) -> Any:
    """A word of a vocabulary as its code; a code stays."""
    if name in (*_TRUE_BY_DEFAULT, "trained"):
        return name in _TRUE_BY_DEFAULT if not value else str(value) in ("是", _("是"), "yes", "1")
    if name == "subjects" and value:
        known = {word: code for code, word in SUBJECT_WORDS.items()}
        return [known.get(part.strip(), part.strip()) for part in str(value).replace(",", "，").split("，")]
    return code_of(_CODES.get(name, {}), value)


def _persons(work: UnitOfWork, rows: Rows, model: Any, found: list[RowObjection]) -> list[tuple[int, Any]]:
    """The wishes of rows that name a person by citizen number."""
    people = people_of_numbers(work, rows["citizen_id"], KEEP)
    wishes = []
    for row, person in enumerate(people.ids):
        if not person:
            wrong = people.objections[row]
            found.append(RowObjection(row=row, reason=wrong.reason, column="citizen_id", code=wrong.code))
            continue
        values = {name: _code(name, column[row]) for name, column in rows.items() if name != "citizen_id"}
        wish = row_wish(found, row, model, {**values, "person_id": person})
        if wish is not None:
            wishes.append((row, wish))
    return wishes


def _repeated(found: list[RowObjection], keys: Iterable[tuple[int, Any]], column: str, code: str) -> None:
    seen: set[Any] = set()
    for row, key in keys:
        if key in seen:
            found.append(RowObjection(row=row, reason=_("表内重复"), column=column, code=code))
        seen.add(key)


def check_workers(work: UnitOfWork, rows: Rows) -> Iterable[RowObjection]:
    """What is wrong with the rows; writes nothing."""
    found: list[RowObjection] = []
    wishes = _persons(work, rows, AddWorker, found)
    _repeated(found, ((row, wish.person_id) for row, wish in wishes), "citizen_id", "E_SW_TWICE")
    numbers = ((row, wish.certificate_no.strip().upper()) for row, wish in wishes)
    _repeated(found, numbers, "certificate_no", "E_SW_CERT_DUP")
    for row, wish in wishes:
        found.extend(row_objections(row, lambda wish=wish: workers.examine(work, wish), _FIELDS))
    return found


def write_workers(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """Register a worker for each row."""
    wishes = _persons(work, rows, AddWorker, [])
    for _row, wish in wishes:
        workers.add(work, wish)
    work.record("social_workers.workers_imported", "social_workers:list", count=len(wishes))
    return ImportCounts(imported=len(wishes))


def check_exams(work: UnitOfWork, rows: Rows) -> Iterable[RowObjection]:
    """What is wrong with the rows; writes nothing."""
    found: list[RowObjection] = []
    wishes = _persons(work, rows, SignUp, found)
    keys = ((row, (wish.person_id, wish.year, wish.level)) for row, wish in wishes)
    _repeated(found, keys, "citizen_id", "E_SW_TWICE")
    for row, wish in wishes:
        found.extend(row_objections(row, lambda wish=wish: exams.examine(work, wish), _FIELDS))
    return found


def write_exams(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """Sign up a person for each row."""
    wishes = _persons(work, rows, SignUp, [])
    for _row, wish in wishes:
        exams.sign_up(work, wish)
    work.record("social_workers.exams_imported", "social_workers:exams", count=len(wishes))
    return ImportCounts(imported=len(wishes))


def _courses(rows: Rows, found: list[RowObjection]) -> list[tuple[int, str, AddEducation]]:
    wishes = []
    for row, worker in enumerate(rows["worker"]):
        values = {name: column[row] for name, column in rows.items() if name != "worker"}
        wish = row_wish(found, row, AddEducation, values)
        if wish is not None:
            wishes.append((row, str(worker), wish))
    return wishes


def check_education(work: UnitOfWork, rows: Rows) -> Iterable[RowObjection]:
    """What is wrong with the rows; writes nothing."""
    found: list[RowObjection] = []
    wishes = _courses(rows, found)
    keys = ((row, (worker.upper(), wish.course, wish.held_on)) for row, worker, wish in wishes)
    _repeated(found, keys, "course", "E_SW_TWICE")
    for row, worker, wish in wishes:
        look = partial(workers.examine_education, work, worker, wish)
        found.extend(row_objections(row, look, _FIELDS))
    return found


def write_education(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """Note the hours of each row."""
    wishes = _courses(rows, [])
    for _row, worker, wish in wishes:
        workers.add_education(work, worker, wish)
    work.record("social_workers.education_imported", "social_workers:list", count=len(wishes))
    return ImportCounts(imported=len(wishes))


IMPORTS = (
    Import(
        name="social-workers-workers",
        title=mark("社工"),
        permission=KEEP,
        columns=WORKER_COLUMNS,
        check=check_workers,
        write=write_workers,
    ),
    Import(
        name="social-workers-education",
        title=mark("社工继续教育学时"),
        permission=KEEP,
        columns=EDUCATION_COLUMNS,
        check=check_education,
        write=write_education,
    ),
    Import(
        name="social-workers-exams",
        title=mark("社工考试报考"),
        permission=KEEP,
        columns=EXAM_COLUMNS,
        check=check_exams,
        write=write_exams,
    ),
)
