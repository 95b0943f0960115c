"""What lives bring to a diner: a death, a move, two records that are one person. Meals that were eaten stay."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import col

from core.api import Merges, Moves, Objection, People, UnitOfWork, _, in_parts
from plugins.canteen.models import Diner
from plugins.canteen.services.common import moved
from plugins.canteen.services.enrolling import stop_card, subject

DEATH, MERGED = "death", "merged"


def follow_deaths(work: UnitOfWork, deaths: People) -> None:
    """The enrolment ends on the day of death; a revoked death brings it back."""
    days = dict(zip(deaths.ids.tolist(), deaths.on.tolist(), strict=True))
    for one in _of(work, list(days)):
        if deaths.revoked and one.end_reason == DEATH:
            _open(work, one)
        elif not deaths.revoked and one.to_on is None:
            _end(work, one, max(date.fromisoformat(days[one.person_id]), one.from_on), DEATH)


def follow_moves(work: UnitOfWork, moves: Moves) -> None:
    """Hand the enrolment to the new village; out of the county it stays where it was."""
    rows = zip(moves.ids.tolist(), moves.from_areas.tolist(), moves.to_areas.tolist(), strict=True)
    for person, left, reached in rows:
        area = left if moves.revoked else reached
        for one in _of(work, [person]) if area else ():
            before, one.area = one.area, area
            moved(work, one)
            after = {"area": area}
            work.record("canteen.diner_handed_over", subject(one), area=before, before={"area": before}, after=after)


def follow_merges(work: UnitOfWork, merges: Merges) -> None:
    """One person is one diner: the enrolment follows the record that stays; of two the later one ends. Revocable."""
    for gone, kept in zip(merges.gone_ids.tolist(), merges.kept_ids.tolist(), strict=True):
        if merges.revoked:
            _give_back(work, gone, kept)
            continue
        standing = _of(work, [kept])
        for one in _of(work, [gone]):
            if standing and one.to_on is None:
                _end(work, one, max(work.today, one.from_on), MERGED)
            elif not standing:
                _hand(work, one, kept)


def _give_back(work: UnitOfWork, gone: int, kept: int) -> None:
    asked = select(Diner).where(col(Diner.first_person_id) == gone, col(Diner.person_id) == kept)
    for one in work.session.scalars(asked).all():
        _hand(work, one, gone)
    for one in _of(work, [gone]):
        if one.end_reason == MERGED:
            _open(work, one)


def _hand(work: UnitOfWork, one: Diner, person: int) -> None:
    one.person_id = person
    moved(work, one)
    work.record("canteen.diner_joined", subject(one), area=one.area, after={"person": person})


def _end(work: UnitOfWork, one: Diner, on: date, reason: str) -> None:
    one.to_on, one.end_reason = on, reason
    moved(work, one)
    if reason == MERGED:  # a card of the dead goes on saying whose it was: its meals are refused as theirs
        stop_card(work, one, reason)
    work.record("canteen.diner_ended", subject(one), area=one.area, reason=reason, after={"on": one.to_on})


def _open(work: UnitOfWork, one: Diner) -> None:
    before = {"to_on": one.to_on}
    one.to_on, one.end_reason = None, ""
    moved(work, one)
    work.record("canteen.diner_changed", subject(one), area=one.area, before=before, after={"to_on": None})


def _of(work: UnitOfWork, person_ids: Sequence[int]) -> list[Diner]:
    found: list[Diner] = []
    for part in in_parts(person_ids):
        asked = select(Diner).where(col(Diner.person_id).in_(part))
        found.extend(work.session.scalars(asked.order_by(col(Diner.id))))
    return found


def erasure_objections(work: UnitOfWork, people: People) -> Iterable[Objection]:
    """Whoever is or was a diner stays: meals are vouchers of public money."""
    if _of(work, people.ids.tolist()):
        return [Objection(reason=_("有助餐补贴记录，不能清除"), code="E_CANTEEN_KEPT")]
    return []
