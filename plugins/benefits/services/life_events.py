"""What lives bring: a death, a move, two records that are one person. Heard inside the act of the registry."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from core.api import (
    HouseholdChanges,
    Merges,
    Moves,
    Objection,
    People,
    Period,
    UnitOfWork,
    _,
    columns,
    handed_out,
    in_parts,
    people_in,
)
from plugins.benefits.models import Enrolment, Member
from plugins.benefits.months import after
from plugins.benefits.queries import scheme_title
from plugins.benefits.services.changing import end_for, reopen_for
from plugins.benefits.services.roll_lines import claim_months
from plugins.benefits.services.versions import Line, current, follow, lay_over

_ENROLMENT, _MEMBER = columns(Enrolment), columns(Member)
DEATH, MOVED_OUT, MERGED = "death", "moved_out", "merged"
_FIRST = "1900-01"


def follow_deaths(work: UnitOfWork, deaths: People) -> None:
    """Stop benefits after the month of death, and claim back what was handed out for later months; or take it back."""
    days = dict(zip(deaths.ids.tolist(), deaths.on.tolist(), strict=True))
    for enrolment in _enrolments(work, list(days)):
        month = str(Period.of(date.fromisoformat(days[enrolment.person_id])))
        if deaths.revoked:
            if enrolment.ended_for == DEATH:
                reopen_for(work, enrolment, _("死亡登记已撤销"))
            continue
        if enrolment.state == "ended" and (enrolment.to_month or "") <= month:
            continue
        if _is_family(work, enrolment):
            _without_recipient(work, enrolment, after(month))
            continue
        end_for(work, enrolment, month, (_("{day} 去世", day=days[enrolment.person_id]), DEATH))
        _claim_after(work, enrolment, month, _("去世后多发"))


def follow_moves(work: UnitOfWork, moves: Moves) -> None:
    """Hand an enrolment to the new township from the month after the move; out of the county ends it there."""
    rows = zip(moves.ids.tolist(), moves.from_areas.tolist(), moves.to_areas.tolist(), moves.on.tolist(), strict=True)
    for person, left, reached, day in rows:
        month = str(Period.of(date.fromisoformat(day)))
        for enrolment in _enrolments(work, [person]):
            if reached:
                places = (reached, left) if moves.revoked else (left, reached)
                _hand_over(work, enrolment, places, after(month))
            elif moves.revoked:
                if enrolment.ended_for == MOVED_OUT:
                    reopen_for(work, enrolment, _("迁出登记已撤销"))
            elif enrolment.state != "ended" or (enrolment.to_month or "") > month:
                end_for(work, enrolment, month, (_("{day} 迁出本县", day=day), MOVED_OUT))
                _claim_after(work, enrolment, month, _("迁出后多发"))


def follow_merges(work: UnitOfWork, merges: Merges) -> None:
    """Join the enrolments of two records; of two for the same months the later one ends where they meet."""
    for gone, kept in zip(merges.gone_ids.tolist(), merges.kept_ids.tolist(), strict=True):
        if merges.revoked:
            _give_back(work, gone)
            continue
        for enrolment in _enrolments(work, [gone]):
            _point_at(work, enrolment, kept)
        _end_doubles(work, kept)


def household_objections(work: UnitOfWork, changes: HouseholdChanges) -> Iterable[Objection]:
    """Object to a household being closed while somebody in it is in payment."""
    closing = [
        number
        for number, kind in zip(changes.ids.tolist(), changes.kinds.tolist(), strict=True)
        if kind == "closed" and number > 0
    ]
    if not closing:
        return
    month = str(Period.of(changes.on))
    for enrolment in _enrolments(work, people_in(work, closing)):
        if enrolment.to_month is None or enrolment.to_month > month:
            words = _("户内还有人在享受“{scheme}”，先办理停发", scheme=scheme_title(work, enrolment.scheme))
            yield Objection(reason=words, field="household", code="E_IN_PAYMENT")


def erasure_objections(work: UnitOfWork, people: People) -> Iterable[Objection]:
    """Object to the data of somebody being erased who is still on a benefit."""
    month = str(Period.of(work.today))
    for enrolment in _enrolments(work, people.ids.tolist()):
        if enrolment.to_month is None or enrolment.to_month >= month:
            words = _("还在享受“{scheme}”，不能清除个人信息", scheme=scheme_title(work, enrolment.scheme))
            yield Objection(reason=words, code="E_IN_PAYMENT")


def _enrolments(work: UnitOfWork, people: Sequence[int]) -> list[Enrolment]:
    found: list[Enrolment] = []
    for part in in_parts(people):
        asked = select(Enrolment).where(_ENROLMENT.person_id.in_(part)).order_by(_ENROLMENT.id)
        found.extend(work.session.scalars(asked))
    return found


def _is_family(work: UnitOfWork, enrolment: Enrolment) -> bool:
    """Whether others live on it too: then it goes on, and somebody else receives it."""
    if enrolment.group_id is None:
        return False
    others = select(_MEMBER.person_id).where(
        _MEMBER.enrolment_id == enrolment.id, _MEMBER.person_id != enrolment.person_id
    )
    return work.session.connection().scalar(others.limit(1)) is not None


def _without_recipient(work: UnitOfWork, enrolment: Enrolment, since: str) -> None:
    """Nothing is paid to somebody who died: a family's benefit waits until it has another payee."""
    reason = _("领款人去世，请变更收款账户")
    lines = lay_over(
        work,
        enrolment,
        (since, None),
        lambda line: {"payee_id": None, "reason": reason} if line["state"] != "ended" else {},
    )
    follow(work, enrolment, lines)
    work.record(
        "benefits.payee_lost",
        f"enrolment:{enrolment.id}",
        area=enrolment.area,
        reason=reason,
        person=enrolment.person_id,
        scheme=enrolment.scheme,
    )


def _claim_after(work: UnitOfWork, enrolment: Enrolment, month: str, reason: str) -> None:
    out = handed_out(work, enrolment.scheme, [enrolment.beneficiary_id])
    later = {one: fen for (_who, one), fen in out.items() if one > month}
    if later:
        claim_months(work, enrolment, later, reason)


def _hand_over(work: UnitOfWork, enrolment: Enrolment, places: tuple[str, str], since: str) -> None:
    left, reached = places

    def change(line: Line) -> dict[str, str]:
        moves = line["area"] == left and line["state"] != "ended"
        return {"area": reached, "reason": _("迁移")} if moves else {}

    before = enrolment.area
    if all(not change(line) for line in current(work, enrolment.id or 0)):
        return
    lines = lay_over(work, enrolment, (since, None), change)
    follow(work, enrolment, lines)
    work.record(
        "benefits.handed_over",
        f"enrolment:{enrolment.id}",
        area=before,
        person=enrolment.person_id,
        scheme=enrolment.scheme,
        before={"area": left},
        after={"area": reached, "from_month": since},
    )


def _point_at(work: UnitOfWork, enrolment: Enrolment, person: int) -> None:
    before = enrolment.person_id
    lines = lay_over(
        work,
        enrolment,
        (_FIRST, None),
        lambda line: {"person_id": person} if line["person_id"] != person else {},
    )
    follow(work, enrolment, lines)
    work.record(
        "benefits.joined",
        f"enrolment:{enrolment.id}",
        area=enrolment.area,
        person=person,
        scheme=enrolment.scheme,
        before={"person": before},
        after={"person": person},
    )


def _end_doubles(work: UnitOfWork, person: int) -> None:
    """Of two enrolments of a scheme for the same months the one made later ends before they meet."""
    by_scheme: dict[str, list[Enrolment]] = {}
    for enrolment in _enrolments(work, [person]):
        by_scheme.setdefault(enrolment.scheme, []).append(enrolment)
    for enrolments in by_scheme.values():
        for at, later in enumerate(enrolments):
            meeting = [max(one.from_month, later.from_month) for one in enrolments[:at] if _meet(one, later)]
            if meeting and later.state != "ended":
                first = max(str(Period(min(meeting)).previous()), str(Period(later.from_month).previous()))
                end_for(work, later, first, (_("与另一份档案是同一个人，重复登记"), MERGED))


def _meet(one: Enrolment, other: Enrolment) -> bool:
    alive = all(each.to_month is None or each.to_month >= each.from_month for each in (one, other))
    ends = one.to_month is not None and one.to_month < other.from_month
    begins = other.to_month is not None and other.to_month < one.from_month
    return alive and not ends and not begins


def _give_back(work: UnitOfWork, gone: int) -> None:
    """Two persons after all: what was the gone record's is its own again, and what was ended as a double goes on."""
    asked = select(Enrolment).where(
        _ENROLMENT.beneficiary_id == gone, _ENROLMENT.group_id.is_(None), _ENROLMENT.person_id != gone
    )
    for enrolment in work.session.scalars(asked).all():
        kept = enrolment.person_id
        _point_at(work, enrolment, gone)
        for one in _enrolments(work, [kept, gone]):
            if one.ended_for == MERGED and one.scheme == enrolment.scheme:
                reopen_for(work, one, _("档案合并已撤销"))
