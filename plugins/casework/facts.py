"""The facts of a case as other plugins read them."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select
from sqlmodel import col

from core.api import NotFound, Question, _, columns
from plugins.casework.api import CaseFacts, CaseRelative
from plugins.casework.models import Case, Member, Relative
from plugins.casework.moves import ENDED

if TYPE_CHECKING:
    from core.api import UnitOfWork

_MEMBER = columns(Member)
_COUNTED = Question(
    select(_MEMBER.person_id)
    .where(_MEMBER.case_id == bindparam("case"), _MEMBER.left_on.is_(None))
    .order_by(_MEMBER.joined_on, _MEMBER.person_id)
)


def facts_of(work: "UnitOfWork", case: Case) -> CaseFacts:
    """The facts of a case that was read; one question for who is counted."""
    members = tuple(row.person_id for row in work.ask(_COUNTED, case=case.id))
    return made_facts(case, members)


def made_facts(case: Case, members: Collection[int]) -> CaseFacts:
    """The facts of a case whose members are known."""
    return CaseFacts(
        id=case.id or 0,
        number=case.number,
        type=case.type,
        state=case.state,
        area=case.area,
        area_kind=case.area_kind,
        household_id=case.household_id,
        applicant_id=case.applicant_id,
        member_ids=tuple(members),
        group_id=case.group_id,
        applied_on=case.applied_on,
        accepted_on=case.accepted_on,
        counted_on=case.counted_on,
        urgent=bool(case.urgent_order),
        ballot_negative=case.ballot_negative,
        relative_registered=case.relative_registered,
        monthly_fen=case.monthly_fen,
        review_class=case.review_class,
        effective_month=case.effective_month,
        decided_on=case.decided_on,
    )


def case_by_id(work: "UnitOfWork", case_id: int) -> Case:
    """A case wherever it lies; raises ``NotFound``."""
    case = work.session.get(Case, case_id)
    if case is None:
        raise NotFound(_("没有找到这件申请，或不在你的辖区"))
    return case


def facts_by_id(work: "UnitOfWork", case_id: int) -> CaseFacts:
    """The facts of a case by its id."""
    return facts_of(work, case_by_id(work, case_id))


def open_case_of(work: "UnitOfWork", person_id: int, type_name: str) -> CaseFacts | None:
    """The case of a type a person is counted in now."""
    asked = (
        select(Case)
        .join(Member, col(Member.case_id) == col(Case.id))
        .where(
            col(Member.person_id) == person_id,
            col(Member.left_on).is_(None),
            col(Case.type) == type_name,
            col(Case.state).not_in(ENDED),
        )
        .order_by(col(Case.id).desc())
        .limit(1)
    )
    case = work.session.scalars(asked).one_or_none()
    return facts_of(work, case) if case is not None else None


def relatives_of(work: "UnitOfWork", case_id: int) -> list[CaseRelative]:
    """Who was registered as a near relative of a case's family."""
    rows = work.session.scalars(select(Relative).where(col(Relative.case_id) == case_id).order_by(col(Relative.id)))
    return [
        CaseRelative(
            staff_name=row.staff_name, account_id=row.account_id, relation=row.relation, person_id=row.person_id
        )
        for row in rows
    ]
