"""What lives bring to cases: a death, a move, two records that are one person. Heard inside the act of the registry."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select, update
from sqlmodel import col

from core.api import Merges, Moves, Objection, People, Period, UnitOfWork, _, in_parts
from plugins.casework.models import Case, Lead, Member, Relative
from plugins.casework.moves import ENDED, IN_PAYMENT
from plugins.casework.services.handling import take_out
from plugins.casework.services.reviewing import amend

_DEAD = "death"


def follow_deaths(work: UnitOfWork, deaths: People) -> None:
    """Who died is no longer counted; a family in payment is computed anew from the month after. Or it is taken back."""
    for person, day in zip(deaths.ids.tolist(), deaths.on.tolist(), strict=True):
        on = date.fromisoformat(day)
        if deaths.revoked:
            _count_again(work, person, on)
            continue
        for case in cases_of(work, [person]):
            take_out(work, case, person, on, _DEAD)
            _amend(work, case, on, _("家庭成员去世"))


def follow_moves(work: UnitOfWork, moves: Moves) -> None:
    """A case follows its applicant to another village; who left the county is looked at by a person."""
    for person, reached in zip(moves.ids.tolist(), moves.to_areas.tolist(), strict=True):
        for case in cases_of(work, [person]):
            if case.applicant_id != person:
                continue
            if reached:
                case.area = reached
            elif case.state in IN_PAYMENT:
                case.review_due_on = work.today
            case.version += 1
            work.session.add(case)
    work.session.flush()


def follow_merges(work: UnitOfWork, merges: Merges) -> None:
    """Point cases at the record that stays; back again when the merge is undone."""
    for gone, kept in zip(merges.gone_ids.tolist(), merges.kept_ids.tolist(), strict=True):
        for model in (Member, Relative, Lead):
            if merges.revoked:
                back = update(model).where(col(model.person_id) == kept, col(model.first_person_id) == gone)
                work.session.execute(back.values(person_id=gone))
                continue
            moving = update(model).where(col(model.person_id) == gone)
            if model is Member:
                there = select(col(Member.case_id)).where(col(Member.person_id) == kept)
                moving = moving.where(col(Member.case_id).not_in(there))
            work.session.execute(moving.values(person_id=kept))
        if merges.revoked:
            back = update(Case).where(col(Case.applicant_id) == kept, col(Case.first_applicant_id) == gone)
            work.session.execute(back.values(applicant_id=gone))
        else:
            work.session.execute(update(Case).where(col(Case.applicant_id) == gone).values(applicant_id=kept))


def erasure_objections(work: UnitOfWork, people: People) -> Iterable[Objection]:
    """Object to the data of somebody being erased whose case is open or in payment."""
    for case in cases_of(work, people.ids.tolist()):
        words = _("还有未办结的申请 {number}，不能清除个人信息", number=case.number)
        yield Objection(reason=words, code="E_CASE_OPEN")


def cases_of(work: UnitOfWork, people: Sequence[int]) -> list[Case]:
    """The cases that are not ended in which some persons are counted."""
    found: list[Case] = []
    for part in in_parts(people):
        counted = select(col(Member.case_id)).where(col(Member.person_id).in_(part), col(Member.left_on).is_(None))
        asked = select(Case).where(col(Case.id).in_(counted), col(Case.state).not_in(ENDED)).order_by(col(Case.id))
        found.extend(work.session.scalars(asked))
    return found


def _count_again(work: UnitOfWork, person: int, on: date) -> None:
    rows = select(Member, Case).join(Case, col(Case.id) == col(Member.case_id))
    rows = rows.where(
        col(Member.person_id) == person,
        col(Member.left_on) == on,
        col(Member.left_reason) == _DEAD,
        col(Case.state).not_in(ENDED),
    )
    for member, case in work.session.execute(rows).all():
        member.left_on, member.left_reason = None, ""
        work.session.add(member)
        work.session.flush()
        _amend(work, case, on, _("死亡登记已撤销"))


def _amend(work: UnitOfWork, case: Case, on: date, reason: str) -> None:
    if case.state in IN_PAYMENT:
        amend(work, case.id or 0, str(Period.of(on).next()), reason, "recompute")
