"""Papers and signatures of an application: handed in, told to be missing, signed."""

from sqlalchemy import select
from sqlmodel import col

from core.api import UnitOfWork, _, refuse
from plugins.casework.flow import read_flow
from plugins.casework.models import Case, Member, Paper
from plugins.casework.moves import APPLY, UNDECIDED
from plugins.casework.people import chosen
from plugins.casework.queries import own_case
from plugins.casework.services.turns import Turn, day_of
from plugins.casework.wishes import HandIn, Sign, StepData


def hand_in(turn: Turn, kind: str) -> None:
    """Write down that a paper of the flow came in; refused for one the flow does not know."""
    _received(turn.work, turn.case, kind, turn.on)


def hand_in_paper(work: UnitOfWork, number: str, wish: HandIn) -> Case:
    """A paper came in, at the counter or later."""
    case = own_case(work, number, APPLY)
    _require_open(case)
    on = day_of(work, StepData(on=wish.on), case.applied_on)
    _received(work, case, wish.kind, on)
    work.record("casework.paper_received", f"case:{case.number}", area=case.area, after={"paper": wish.kind, "on": on})
    return case


def sign(work: UnitOfWork, number: str, wish: Sign) -> Case:
    """An adult of the family signs the declaration and the authorisation."""
    case = own_case(work, number, APPLY)
    _require_open(case)
    on = day_of(work, StepData(on=wish.on), None)
    rows = work.session.scalars(
        select(Member).where(col(Member.case_id) == case.id, col(Member.left_on).is_(None))
    ).all()
    person = chosen(work, [wish.member], [row.person_id for row in rows], "member")[0]
    row = next((one for one in rows if one.person_id == person), None)
    if row is None:
        raise refuse(_("这个人不是本次申请的家庭成员"), field="member", code="E_HH_MEMBER")
    row.signed_on = on
    work.session.add(row)
    work.session.flush()
    work.record("casework.signed", f"case:{case.number}", area=case.area, after={"person": person, "on": on})
    return case


def told_missing(turn: Turn) -> list[str]:
    """Write down what the family was told to be missing: what the policy finds and what the clerk adds."""
    work, case = turn.work, turn.case
    known = {one.kind: one.title for one in turn.flow.papers}
    kinds = {title: kind for kind, title in known.items()}
    rows = {row.kind: row for row in work.session.scalars(select(Paper).where(col(Paper.case_id) == case.id))}
    told = []
    for name in turn.wish.missing:
        kind = kinds.get(name, name)[:40]
        row = rows.get(kind) or Paper(
            case_id=case.id or 0, kind=kind, title=known.get(kind, name)[:80], recorded_by=work.actor.account_id
        )
        row.told_on, row.received_on = row.told_on or turn.on, None
        work.session.add(row)
        told.append(kind)
    work.session.flush()
    return told


def _received(work: UnitOfWork, case: Case, kind: str, on: object) -> None:
    known = {one.kind: one.title for one in read_flow(case.flow).papers}
    asked = select(Paper).where(col(Paper.case_id) == case.id, col(Paper.kind) == kind)
    row = work.session.scalars(asked).one_or_none()
    if row is None and kind not in known:
        words = _("没有“{kind}”这种材料", kind=kind)
        raise refuse(words, field="papers", code="E_PAPER_KIND", hint=", ".join(known))
    row = row or Paper(case_id=case.id or 0, kind=kind, title=known[kind], recorded_by=work.actor.account_id)
    row.received_on = on  # ty: ignore[invalid-assignment] - a day
    work.session.add(row)
    work.session.flush()


def _require_open(case: Case) -> None:
    if case.state not in UNDECIDED:
        raise refuse(_("这件申请已经办结"), field="event", code="E_SKIP_STEP")
