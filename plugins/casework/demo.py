"""What happened with casework itself in the demo county: families somebody noticed, a draw to be inspected."""

from sqlalchemy import select
from sqlmodel import col

from core.api import Cast, DemoStep, Period, UnitOfWork
from plugins.casework.models import Case, SampledCase
from plugins.casework.services.remedies import add_lead, dismiss_lead
from plugins.casework.services.sampling import draw_sample, inspect_case
from plugins.casework.types import all_types
from plugins.casework.wishes import AddLead, DismissLead, DrawSample, InspectCase

STEPS = [
    DemoStep(months_ago=(6, 3), day=9, by="reviewer", run="plugins.casework.demo:draw"),
    DemoStep(months_ago=(6,), day=18, by="reviewer", run="plugins.casework.demo:find_it_right"),
    DemoStep(months_ago=(3,), day=18, by="reviewer", run="plugins.casework.demo:find_it_wrong"),
    DemoStep(days_ago=15, by="reviewer", run="plugins.casework.demo:draw"),
    DemoStep(days_ago=5, by="clerk", run="plugins.casework.demo:hear_of_need"),
    DemoStep(days_ago=2, by="clerk", run="plugins.casework.demo:go_there"),
]
SEED = 7
"""A draw that can be repeated."""


def draw(work: UnitOfWork, _cast: Cast) -> None:
    """The reviewer draws families in payment to be inspected."""
    month = str(Period.of(work.today).previous())
    for kind in all_types(work):
        draw_sample(work, DrawSample(kind="active", type=kind, period=month, seed=SEED))


def find_it_right(work: UnitOfWork, _cast: Cast) -> None:
    """Those drawn are visited, and nothing is amiss."""
    for number in _drawn(work):
        inspect_case(work, number, InspectCase(result="right", note="入户核查，与申请材料一致"))


def find_it_wrong(work: UnitOfWork, _cast: Cast) -> None:
    """Somebody of a family drawn has earned money that nobody told of."""
    for number in _drawn(work):
        inspect_case(work, number, InspectCase(result="wrong", note="户内一人就业未申报", wrong_amount="960.00"))


def _drawn(work: UnitOfWork) -> list[str]:
    """The cases drawn that nobody inspected yet."""
    asked = select(col(Case.number)).join(SampledCase, col(SampledCase.case_id) == col(Case.id))
    return list(work.session.scalars(asked.where(col(SampledCase.done_on).is_(None)).order_by(col(Case.id))))


def hear_of_need(work: UnitOfWork, cast: Cast) -> None:
    """Three families in need were noticed; somebody goes there."""
    people = cast.draw(work, 3, least=40, most=70, area=cast.town)
    for person, source in zip(people, ("cadre", "public", "data"), strict=True):
        told = {"person": str(person), "source": source, "text": "家里有人重病，支出很大，还没有申请"}
        made = add_lead(work, AddLead.model_validate(told))
        cast.kept.setdefault("leads", []).append(made.id)


def go_there(work: UnitOfWork, cast: Cast) -> None:
    """One of them does not need to apply."""
    dismiss_lead(work, cast.kept["leads"][-1], DismissLead(reason="子女已接回照料，收入高于标准"))
