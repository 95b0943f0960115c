"""What lives bring to a volunteer: a death, a move, two records that are one person. The history always stays."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlmodel import col

from core.api import Merges, Moves, Objection, People, UnitOfWork, _, in_parts
from plugins.volunteers.models import Volunteer
from plugins.volunteers.services.common import moved
from plugins.volunteers.words import ALIVE

DEATH, MERGED = "death", "merged"


def follow_deaths(work: UnitOfWork, deaths: People) -> None:
    """A volunteer who died leaves the register; certificates can still be checked."""
    for one in _of(work, deaths.ids.tolist()):
        if deaths.revoked and one.reason == DEATH:
            _set(work, one, "active", "")
        elif not deaths.revoked and one.state in ALIVE:
            _set(work, one, "withdrawn", DEATH)


def follow_moves(work: UnitOfWork, moves: Moves) -> None:
    """Hand the file to the new village; out of the county it stays where it was."""
    rows = zip(moves.ids.tolist(), moves.from_areas.tolist(), moves.to_areas.tolist(), strict=True)
    for person, left, reached in rows:
        area = left if moves.revoked else reached
        for one in _of(work, [person]) if area else ():
            before, one.area = one.area, area
            moved(work, one)
            work.record(
                "volunteers.handed_over", f"volunteer:{one.id}", area=before, before={"area": before},
                after={"area": area},
            )  # fmt: skip


def follow_merges(work: UnitOfWork, merges: Merges) -> None:
    """One person has one file: it follows the record that stays; of two the later one is closed. Revocable."""
    for gone, kept in zip(merges.gone_ids.tolist(), merges.kept_ids.tolist(), strict=True):
        if merges.revoked:
            _give_back(work, gone, kept)
            continue
        standing = _of(work, [kept])
        for one in _of(work, [gone]):
            if standing and one.state in ALIVE:
                _set(work, one, "withdrawn", MERGED)
            elif not standing:
                one.person_id = kept
                moved(work, one)
                work.record("volunteers.joined_records", f"volunteer:{one.id}", area=one.area, after={"person": kept})


def _give_back(work: UnitOfWork, gone: int, kept: int) -> None:
    asked = select(Volunteer).where(col(Volunteer.first_person_id) == gone, col(Volunteer.person_id) == kept)
    for one in work.session.scalars(asked).all():
        one.person_id = gone
        moved(work, one)
        work.record("volunteers.joined_records", f"volunteer:{one.id}", area=one.area, after={"person": gone})
    for one in _of(work, [gone]):
        if one.reason == MERGED:
            _set(work, one, "active", "")


def _set(work: UnitOfWork, one: Volunteer, state: str, reason: str) -> None:
    before = one.state
    one.state, one.state_on, one.reason = state, work.today, reason
    moved(work, one)
    subject, after = f"volunteer:{one.id}", {"state": state}
    work.record("volunteers.state_set", subject, area=one.area, reason=reason, before={"state": before}, after=after)


def _of(work: UnitOfWork, person_ids: Sequence[int]) -> list[Volunteer]:
    found: list[Volunteer] = []
    for part in in_parts(person_ids):
        asked = select(Volunteer).where(col(Volunteer.person_id).in_(part))
        found.extend(work.session.scalars(asked.order_by(col(Volunteer.id))))
    return found


def erasure_objections(work: UnitOfWork, people: People) -> Iterable[Objection]:
    """Whoever is or was a volunteer stays: certificates are checked for ever."""
    if _of(work, people.ids.tolist()):
        return [Objection(reason=_("有志愿服务档案，不能清除"), code="E_VOL_KEPT")]
    return []
