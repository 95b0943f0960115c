"""Exams: sign-ups, results over one or two years, figures of years before."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from core.api import UnitOfWork, _, refuse
from plugins.social_workers.models import ExamFigure, ExamSignup
from plugins.social_workers.queries import own_signup
from plugins.social_workers.rules import SUBJECTS, exam_passed
from plugins.social_workers.services.common import KEEP, keep, living, moved
from plugins.social_workers.wishes import ExamYear, Result, SignUp


def examine(work: UnitOfWork, wish: SignUp) -> tuple[int, str, list[str]]:
    """Who signs up, where, for which subjects; raises ``Refused`` or ``NotFound``."""
    work.require(KEEP)
    one = living(work, wish.person_id, KEEP, "person_id")
    work.require(KEEP, one.hukou_area)
    subjects = _subjects(wish.level, wish.subjects or SUBJECTS[wish.level], "subjects")
    if wish.level == "assistant" and len(subjects) < len(SUBJECTS["assistant"]):
        raise refuse(_("助理社会工作师须在一个年度内报考全部科目"), field="subjects", code="E_SW_EXAM")
    same = select(col(ExamSignup.id)).where(
        col(ExamSignup.year) == wish.year, col(ExamSignup.level) == wish.level, col(ExamSignup.person_id) == one.id
    )
    if work.session.scalars(same).first() is not None:
        raise refuse(_("这个年度已经报考"), field="person_id", code="E_SW_TWICE")
    return one.id, one.hukou_area, subjects


def _subjects(level: str, given: Sequence[str], field: str) -> list[str]:
    wrong = sorted(set(given) - set(SUBJECTS[level]))
    if wrong:
        words = _("没有这些科目：{subjects}", subjects="、".join(wrong))
        raise refuse(words, field=field, code="E_SW_EXAM", hint=", ".join(SUBJECTS[level]))
    return [one for one in SUBJECTS[level] if one in given]


def sign_up(work: UnitOfWork, wish: SignUp) -> ExamSignup:
    """Note a sign-up."""
    person, area, subjects = examine(work, wish)
    made = ExamSignup(
        year=wish.year,
        level=wish.level,
        person_id=person,
        area=area,
        subjects=",".join(subjects),
        trained=wish.trained,
        added_by=work.actor.account_id,
    )
    keep(work, made)
    after = {"year": wish.year, "level": wish.level}
    work.record("social_workers.signed_up", f"social_workers_signup:{made.id}", area=area, after=after)
    return made


def set_result(work: UnitOfWork, text: str, wish: Result) -> ExamSignup:
    """Note what came of a sign-up; whether the whole exam is passed follows from the subjects of its years."""
    one = own_signup(work, text, KEEP)
    passed = _subjects(one.level, wish.passed, "passed")
    if wish.absent and passed:
        raise refuse(_("缺考的没有通过科目"), field="passed", code="E_SW_EXAM")
    if not set(passed) <= set(one.subjects.split(",")):
        raise refuse(_("通过科目不在报考科目内"), field="passed", code="E_SW_EXAM")
    before = one.result
    one.passed_subjects = ",".join(passed)
    one.result = "absent" if wish.absent else "failed"
    keep(work, one)
    _judge(work, one)
    moved(work, one)
    subject, after = f"social_workers_signup:{one.id}", {"result": one.result}
    work.record("social_workers.exam_result_set", subject, area=one.area, before={"result": before}, after=after)
    return one


def _judge(work: UnitOfWork, one: ExamSignup) -> None:
    """Pass or fail by the subjects of the years that count together; a later year follows an earlier result."""
    years = int(work.policy("social_workers.exam_years")[one.level])
    asked = select(ExamSignup).where(
        col(ExamSignup.person_id) == one.person_id,
        col(ExamSignup.level) == one.level,
        col(ExamSignup.year).between(one.year - years + 1, one.year + years - 1),
    )
    rows = list(work.session.scalars(asked.order_by(col(ExamSignup.year))))
    by_year = {row.year: row.passed_subjects.split(",") for row in rows}
    for row in rows:
        if row.year >= one.year and row.result in ("passed", "failed"):
            row.result = "passed" if exam_passed(row.level, by_year, row.year, years) else "failed"
            keep(work, row)


def add_figure(work: UnitOfWork, wish: ExamYear) -> ExamFigure:
    """Note the exam of a year from a paper; refused where sign-ups of that year are here."""
    work.require(KEEP, work.settings.county.code)
    if not wish.signed >= wish.sat >= wish.passed:
        raise refuse(_("报考、参考、通过人数应依次减少"), field="passed", code="E_SW_EXAM")
    there = work.session.scalars(select(col(ExamSignup.id)).where(col(ExamSignup.year) == wish.year)).first()
    known = work.session.scalars(select(col(ExamFigure.id)).where(col(ExamFigure.year) == wish.year)).first()
    if there is not None or known is not None:
        raise refuse(_("这个年度已经有数据"), field="year", code="E_SW_TWICE")
    made = ExamFigure(**wish.model_dump(), recorded_by=work.actor.account_id)
    keep(work, made)
    work.record("social_workers.exam_figure_added", f"social_workers_exam:{wish.year}", after=wish.model_dump())
    return made
