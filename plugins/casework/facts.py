"""The facts of a case as other plugins read them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from core.api import NotFound, Question, _, columns, in_parts, staff_by_id
from plugins.casework.api import CaseFacts, CaseOfficer, CaseRelative, WrongInspection
from plugins.casework.models import Case, Event, Member, Relative, SampledCase
from plugins.casework.moves import ENDED
from plugins.casework.words import EVENTS

if TYPE_CHECKING:
    from datetime import date

    from core.api import UnitOfWork

_CASE, _EVENT, _MEMBER, _DRAWN = columns(Case), columns(Event), columns(Member), columns(SampledCase)
_COUNTED = Question(
    select(_MEMBER.person_id)
    .where(_MEMBER.case_id == bindparam("case"), _MEMBER.left_on.is_(None))
    .order_by(_MEMBER.joined_on, _MEMBER.person_id)
)
_FACTS = (
    _CASE.id, _CASE.number, _CASE.type, _CASE.state, _CASE.area, _CASE.area_kind, _CASE.household_id,
    _CASE.applicant_id, _CASE.group_id, _CASE.applied_on, _CASE.accepted_on, _CASE.counted_on, _CASE.urgent_order,
    _CASE.ballot_negative, _CASE.relative_registered, _CASE.monthly_fen, _CASE.review_class, _CASE.effective_month,
    _CASE.decided_on, _CASE.review_due_on,
)  # fmt: skip


def facts_of(work: "UnitOfWork", case: Case) -> CaseFacts:
    """The facts of a case that was read; one question for who is counted."""
    members = tuple(row.person_id for row in work.ask(_COUNTED, case=case.id))
    return made_facts(case, members)


def facts_of_cases(work: "UnitOfWork", case_ids: Iterable[int]) -> dict[int, CaseFacts]:
    """The facts of many cases by id, with two questions for each nine hundred; an id nobody knows is left out."""
    found: dict[int, CaseFacts] = {}
    connection = work.session.connection()
    for part in _parts(case_ids):
        members: defaultdict[int, list[int]] = defaultdict(list)
        counted = (
            select(_MEMBER.case_id, _MEMBER.person_id)
            .where(_MEMBER.case_id.in_(part), _MEMBER.left_on.is_(None))
            .order_by(_MEMBER.case_id, _MEMBER.joined_on, _MEMBER.person_id)
        )
        for case_id, person in connection.execute(counted):
            members[case_id].append(person)
        for case in connection.execute(select(*_FACTS).where(_CASE.id.in_(part))):
            found[case.id] = made_facts(case, members[case.id])
    return found


def officers_of(work: "UnitOfWork", case_ids: Iterable[int]) -> dict[int, list[CaseOfficer]]:
    """Who took which step of some cases, in the order of their logs."""
    rows: list[Any] = []
    connection = work.session.connection()
    for part in _parts(case_ids):
        asked = select(_EVENT.case_id, _EVENT.event, _EVENT.happened_on, _EVENT.acted_by, _EVENT.office)
        rows += connection.execute(
            asked.where(_EVENT.case_id.in_(part)).order_by(_EVENT.case_id, _EVENT.position)
        ).all()
    names = {
        number: shown
        for part in _parts(row.acted_by for row in rows)
        for number, shown in staff_by_id(work, part).items()
    }
    found: defaultdict[int, list[CaseOfficer]] = defaultdict(list)
    for row in rows:
        name, _office = names.get(row.acted_by, ("", ""))
        officer = CaseOfficer(
            event=row.event,
            title=_(EVENTS.get(row.event, row.event)),
            on=row.happened_on,
            account_id=row.acted_by,
            name=name,
            office=row.office,
        )
        found[row.case_id].append(officer)
    return dict(found)


def wrong_inspections(
    work: "UnitOfWork", type_name: str, since: "date | None", until: "date | None"
) -> list[WrongInspection]:
    """Inspections of a type with the result wrong."""
    asked = (
        select(_DRAWN.case_id, _DRAWN.done_on, _DRAWN.why, _DRAWN.note, _DRAWN.wrong_fen)
        .join(_CASE.id.table, _CASE.id == _DRAWN.case_id)
        .where(_CASE.type == type_name, _DRAWN.result == "wrong", _DRAWN.done_on.is_not(None))
        .order_by(_DRAWN.done_on, _DRAWN.case_id)
    )
    if since is not None:
        asked = asked.where(_DRAWN.done_on >= since)
    if until is not None:
        asked = asked.where(_DRAWN.done_on <= until)
    return [
        WrongInspection(case_id=case, on=on, why=why, note=note, wrong_fen=fen)
        for case, on, why, note, fen in work.session.connection().execute(asked)
    ]


def _parts(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    return in_parts(sorted(set(ids)))


def made_facts(case: Any, members: Collection[int]) -> CaseFacts:
    """The facts of a case (or a row with its columns) whose members are known."""
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
        review_due_on=case.review_due_on,
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
