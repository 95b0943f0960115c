"""What lives bring to a child's file: a death, a move, two records that are one person. Heard inside the act."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlmodel import col

from core.api import Merges, Moves, Objection, People, Period, UnitOfWork, _, in_parts
from plugins.benefits.api import enrolments_of
from plugins.orphan_care.models import Case, Guardian, Review
from plugins.orphan_care.months import OPEN, state_now, this_month
from plugins.orphan_care.services.changing import restart, stop
from plugins.orphan_care.services.opening import moved, subject
from plugins.orphan_care.words import SCHEME

if TYPE_CHECKING:
    from core.api import Payments
    from plugins.benefits.api import Enrolments

DEATH, MOVED_OUT, MERGED, OTHER = "death", "moved_out", "merged", "other"


def follow_deaths(work: UnitOfWork, deaths: People) -> None:
    """A file runs out with the month of the child's death, or goes on when that was wrong; a guardian's is reviewed."""
    days = dict(zip(deaths.ids.tolist(), deaths.on.tolist(), strict=True))
    for case in _cases(work, list(days)):
        if deaths.revoked:
            if case.cause == DEATH:
                _go_on(work, case)
        elif _runs(work, case) or case.cause == DEATH:
            _stop(work, case, DEATH, days[case.person_id])
    if not deaths.revoked:
        for case, guardian in _kept_by(work, list(days)):
            _ask_review(work, case, days[guardian])


def follow_moves(work: UnitOfWork, moves: Moves) -> None:
    """Hand a file to the new village; out of the county it runs out with the month of the move."""
    rows = zip(moves.ids.tolist(), moves.from_areas.tolist(), moves.to_areas.tolist(), moves.on.tolist(), strict=True)
    for person, left, reached, day in rows:
        for case in _cases(work, [person]):
            if reached:
                _hand_over(work, case, left if moves.revoked else reached)
            elif moves.revoked:
                if case.cause == MOVED_OUT:
                    _go_on(work, case)
            elif _runs(work, case):
                _stop(work, case, MOVED_OUT, day)


def follow_merges(work: UnitOfWork, merges: Merges) -> None:
    """Join the files of two records: of two open ones the later is closed; taken back, each has its own again."""
    for gone, kept in zip(merges.gone_ids.tolist(), merges.kept_ids.tolist(), strict=True):
        if merges.revoked:
            _give_back(work, gone, kept)
            continue
        mine = [case for case in _cases(work, [kept]) if case.state != "closed"]
        for case in _cases(work, [gone]):
            if mine and case.state != "closed":
                later = max(case, mine[0], key=lambda one: one.id or 0)
                _stop(work, later, MERGED, merges.on.isoformat(), close=True)
            case.person_id = kept
            moved(work, case)
            work.record("orphan_care.joined", subject(case), area=case.area, before={"person": gone})
        change = update(Guardian).where(col(Guardian.person_id) == gone).values(person_id=kept)
        work.session.execute(change)


def follow_ends(work: UnitOfWork, enrolments: "Enrolments") -> None:
    """A file follows an enrolment that was ended in benefits, with the last month it says."""
    ends = {
        int(number): str(month)
        for number, month, scheme in zip(
            enrolments.ids.tolist(), enrolments.to_months.tolist(), enrolments.schemes.tolist(), strict=True
        )
        if scheme == SCHEME
    }
    if not ends:
        return
    for case in work.session.scalars(select(Case).where(col(Case.enrolment_id).in_(list(ends)))).all():
        if case.state in ("approved", "active"):
            month = ends[case.enrolment_id or 0] or this_month(work)
            ended = next(one for one in enrolments_of(work, [case.person_id]) if one["id"] == case.enrolment_id)
            cause = ended["ended_for"] if ended["ended_for"] in (DEATH, MOVED_OUT, MERGED) else OTHER
            _stop(work, case, cause, Period(month).last_day.isoformat())


def follow_returns(work: UnitOfWork, payments: "Payments") -> None:
    """Ask for another account when the bank returned a child's money."""
    if payments.scheme != SCHEME:
        return
    for case in _cases(work, sorted(set(payments.person_ids.tolist()))):
        if case.state != "closed":
            _ask_review(work, case, work.today.isoformat(), "account")


def erasure_objections(work: UnitOfWork, people: People) -> Iterator[Objection]:
    """Object to data being erased of a child with an open file, or of who keeps one."""
    wanted = people.ids.tolist()
    month = this_month(work)
    if any(state_now(case, month) in OPEN for case in _cases(work, wanted)):
        yield Objection(reason=_("儿童档案还没有结案，不能清除个人信息"), code="E_CASE_OPEN")
    if any(True for _pair in _kept_by(work, wanted)):
        yield Objection(reason=_("还是在办儿童的监护人，不能清除个人信息"), code="E_CASE_OPEN")


def _cases(work: UnitOfWork, people: Sequence[int]) -> Iterable[Case]:
    found: list[Case] = []
    for part in in_parts(people):
        asked = select(Case).where(col(Case.person_id).in_(part)).order_by(col(Case.id))
        found.extend(work.session.scalars(asked))
    return found


def _kept_by(work: UnitOfWork, people: Sequence[int]) -> list[tuple[Case, int]]:
    found: list[tuple[Case, int]] = []
    for part in in_parts(people):
        asked = (
            select(Case, col(Guardian.person_id))
            .join(Guardian, col(Guardian.case_id) == col(Case.id))
            .where(
                col(Guardian.person_id).in_(part),
                col(Guardian.until).is_(None),
                col(Case.state) != "closed",
            )
        )
        found.extend((row[0], row[1]) for row in work.session.execute(asked))
    return found


def _runs(work: UnitOfWork, case: Case) -> bool:
    return state_now(case, this_month(work)) in OPEN


def _stop(work: UnitOfWork, case: Case, cause: str, day: str, *, close: bool = False) -> None:
    on = date.fromisoformat(day)
    stop(work, case, (cause, on))
    if close or case.enrolment_id is None:
        case.state = "closed"
        moved(work, case)
    after = {"cause": cause, "on": on, "last_month": case.last_month}
    work.record("orphan_care.ended", subject(case), area=case.area, after=after)


def _go_on(work: UnitOfWork, case: Case) -> None:
    """The end was wrong; an application that was never confirmed goes back to its step."""
    before = {"cause": case.cause, "last_month": case.last_month}
    restart(work, case)
    if case.enrolment_id is None:
        case.state = "township_checked" if case.checked_on else "applied"
        moved(work, case)
    work.record("orphan_care.reopened", subject(case), area=case.area, before=before)


def _hand_over(work: UnitOfWork, case: Case, area: str) -> None:
    before, case.area = case.area, area
    moved(work, case)
    work.record("orphan_care.handed_over", subject(case), area=before, before={"area": before}, after={"area": area})


def _give_back(work: UnitOfWork, gone: int, kept: int) -> None:
    asked = select(Case).where(col(Case.first_person_id) == gone, col(Case.person_id) == kept)
    for case in work.session.scalars(asked).all():
        case.person_id = gone
        moved(work, case)
        work.record("orphan_care.joined", subject(case), area=case.area, before={"person": kept})
    for case in _cases(work, [gone, kept]):
        if case.cause == MERGED:
            _go_on(work, case)


def _ask_review(work: UnitOfWork, case: Case, day: str, kind: str = "event") -> None:
    waiting = select(col(Review.id)).where(
        col(Review.case_id) == case.id, col(Review.kind) == kind, col(Review.done_on).is_(None)
    )
    if work.session.scalars(waiting).first() is not None:
        return
    due = max(date.fromisoformat(day), work.today)
    made = Review(case_id=case.id or 0, kind=kind, year=due.year, due_on=due, recorded_by=work.actor.account_id)
    work.session.add(made)
    work.session.flush()
    work.record("orphan_care.review_asked", subject(case), area=case.area, after={"kind": kind, "due_on": due})
