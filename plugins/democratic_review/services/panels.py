"""Panels: set for a term, a member replaced inside it, near relatives declared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.api import Objection, Refused, UnitOfWork, _, current_village, facts_of, find_person, refuse
from plugins.democratic_review.arithmetic import exact, in_fraction
from plugins.democratic_review.models import Member, Panel, Relative
from plugins.democratic_review.queries import members_on, standing_panel
from plugins.democratic_review.words import SEXES

if TYPE_CHECKING:
    from plugins.democratic_review.wishes import DeclareRelative, NewMember, ReplaceMember, SetPanel

PANEL = "democratic_review.panel"
_SEX_CODES = {1: "male", 2: "female"}


@dataclass(frozen=True)
class Seat:
    """A member to be, with everything known: ``person_id`` None is a name that is not in the registry."""

    name: str
    person_id: int | None
    sex: str
    kind: str


@dataclass(frozen=True)
class Examined:
    """A panel that may be set: where, for which term, with whom; ``before`` is the one it follows."""

    village: str
    since: date
    until: date
    seats: Sequence[Seat]
    before: Panel | None


def examine_panel(work: UnitOfWork, wish: "SetPanel") -> Examined:
    """A panel with everything the rules ask of it; refused with all that does not hold. Writes nothing."""
    village = current_village(work, wish.village, work.today, "village")
    work.require(PANEL, village)
    since = wish.term_from or work.today
    until = wish.term_to or _years_later(since, work.policy("democratic_review.term_years", on=since, area=village))
    seats = [_seat(work, one, at) for at, one in enumerate(wish.members)]
    wrong = [*_term_faults(work, wish, since, until), *_composition_faults(work, seats, since, village)]
    before = standing_panel(work, village)
    if before is not None and since < before.term_from:
        reason = _("新一届任期不能早于现任评审团（{day}）", day=before.term_from)
        wrong.append(Objection(field="term_from", reason=reason, code="E_BACKDATE"))
    if wrong:
        raise Refused(wrong)
    return Examined(village, since, until, seats, before)


def set_panel(work: UnitOfWork, wish: "SetPanel") -> tuple[Panel, list[Objection]]:
    """Set the panel of a village for a term; a standing one is superseded on the day the new term begins."""
    fit = examine_panel(work, wish)
    if fit.before is not None:
        fit.before.superseded_on = fit.since
        work.session.add(fit.before)
        work.session.flush()
    panel = Panel(
        area=fit.village,
        term_from=fit.since,
        term_to=fit.until,
        elected_on=wish.elected_on,
        document=wish.document.strip(),
        set_at=work.now,
        set_by=work.actor.account_id,
    )
    work.session.add(panel)
    work.session.flush()
    work.session.add_all(Member(panel_id=panel.id or 0, since=fit.since, **vars(seat)) for seat in fit.seats)
    work.session.flush()
    after = {
        "members": len(fit.seats),
        "term_from": panel.term_from,
        "term_to": panel.term_to,
        "document": panel.document,
    }
    work.record("democratic_review.panel_set", f"panel:{panel.id}", area=fit.village, after=after)
    return panel, list(_panel_warnings(panel))


def replace_member(work: UnitOfWork, village: str, wish: "ReplaceMember") -> tuple[Member, list[Objection]]:
    """Put somebody in the place of a member who leaves; the panel must still be composed as the rules say."""
    work.require(PANEL, village)
    panel = _standing(work, village)
    on = wish.on or work.today
    _require_inside(work, panel, on)
    standing = members_on(work, panel.id or 0, on)
    leaving = find_member(standing, wish.member)
    if on <= leaving.since:
        raise refuse(_("更换日期要晚于上任日期（{day}）", day=leaving.since), field="on", code="E_BACKDATE")
    seat = _seat(work, wish, None)
    staying = [Seat(one.name, one.person_id, one.sex, one.kind) for one in standing if one.id != leaving.id]
    wrong = list(_composition_faults(work, [*staying, seat], on, village))
    if wrong:
        raise Refused(wrong)
    leaving.until, leaving.reason = on, wish.why.strip()
    made = Member(panel_id=panel.id or 0, since=on, replaces=leaving.id, **vars(seat))
    work.session.add_all([leaving, made])
    work.session.flush()
    after = {"left": leaving.id, "joined": made.id, "on": on}
    work.record("democratic_review.member_replaced", f"panel:{panel.id}", area=village, reason=wish.why, after=after)
    return made, []


def declare_relative(work: UnitOfWork, village: str, wish: "DeclareRelative") -> Relative:
    """Keep a near relative whom a member declares, so that the member leaves when that person's case is voted on."""
    work.require(PANEL, village)
    panel = _standing(work, village)
    on = wish.on or work.today
    member = find_member(members_on(work, panel.id or 0, work.today), wish.member)
    person = find_person(work, wish.person, PANEL)
    if person.id == member.person_id:
        raise refuse(_("近亲属不能是成员本人"), field="person", code="E_FIELD")
    known = select(Relative).where(col(Relative.member_id) == member.id, col(Relative.person_id) == person.id)
    made = work.session.scalars(known).first() or Relative(
        member_id=member.id or 0,
        person_id=person.id or 0,
        relation=wish.relation,
        declared_on=on,
        recorded_by=work.actor.account_id,
    )
    made.relation = wish.relation
    work.session.add(made)
    work.session.flush()
    after = {"member": member.id, "relation": wish.relation, "on": on}
    work.record("democratic_review.relative_declared", f"panel:{panel.id}", area=village, after=after)
    return made


def find_member(members: Sequence[Member], text: str, field: str = "member") -> Member:
    """The member meant by a name or a number; refused when nobody or several are meant."""
    wanted = text.strip()
    found = [one for one in members if wanted in (one.name, str(one.id))]
    if len(found) == 1:
        return found[0]
    if found:
        hint = "、".join(str(one.id) for one in found)
        reason = _("评审团里有几个 {name}，请写成员编号", name=wanted)
        raise refuse(reason, field=field, code="E_BALLOT_MEMBER", hint=hint)
    raise refuse(_("评审团里没有 {name}", name=wanted), field=field, code="E_BALLOT_MEMBER")


def _standing(work: UnitOfWork, village: str) -> Panel:
    panel = standing_panel(work, village)
    if panel is None:
        raise no_panel(village)
    return panel


def no_panel(village: str) -> Refused:
    """What is said where no panel was set."""
    return refuse(_("{village} 还没有登记评审团，请先登记", village=village), field="village", code="E_PANEL_MISSING")


def _require_inside(work: UnitOfWork, panel: Panel, on: date) -> None:
    if on > work.today:
        raise refuse(_("日期不能晚于今天"), field="on", code="E_BALLOT_DAY")
    if not panel.term_from <= on <= panel.term_to:
        reason = _("不在任期内（{since} 至 {until}）", since=panel.term_from, until=panel.term_to)
        raise refuse(reason, field="on", code="E_PANEL_TERM")


def _seat(work: UnitOfWork, wish: "NewMember", at: int | None) -> Seat:
    prefix = "" if at is None else f"members.{at}."
    if not wish.person.strip():
        if not wish.name.strip():
            raise refuse(_("请填写成员姓名"), field=f"{prefix}name", code="E_FIELD")
        return Seat(wish.name.strip(), None, wish.sex or "", wish.kind)
    found = find_person(work, wish.person, PANEL)
    facts = facts_of(work, [found.id or 0])[found.id or 0]
    if facts.died_on is not None:
        raise refuse(_("{name} 已去世", name=facts.name), field=f"{prefix}person", code="E_PANEL_MEMBER")
    return Seat(facts.name, facts.id, _SEX_CODES.get(facts.sex, wish.sex or ""), wish.kind)


def _term_faults(work: UnitOfWork, wish: "SetPanel", since: date, until: date) -> Iterator[Objection]:
    if until <= since:
        yield Objection(field="term_to", reason=_("任期届满要晚于任期开始"), code="E_PANEL_TERM")
    if wish.elected_on and (wish.elected_on > since or wish.elected_on > work.today):
        yield Objection(field="elected_on", reason=_("推选日期不能晚于任期开始，也不能晚于今天"), code="E_BACKDATE")


def _composition_faults(work: UnitOfWork, seats: Sequence[Seat], on: date, area: str) -> Iterator[Objection]:
    """What the composition of a panel breaks: size, cadres, women, somebody twice."""
    low = work.policy("ballot.panel_minimum", on=on, area=area)
    high = work.policy("ballot.panel_maximum", on=on, area=area)
    if not low <= len(seats) <= high:
        reason = _("评审团应为 {low} 至 {high} 人，现在 {count} 人", low=low, high=high, count=len(seats))
        yield Objection(field="members", reason=reason, code="E_PANEL_SIZE")
    unknown = [seat.name for seat in seats if seat.sex not in SEXES]
    if unknown:
        reason = _("请填写性别：{names}", names="、".join(unknown))
        yield Objection(field="members", reason=reason, code="E_PANEL_SEX")
    twice = sorted({seat.name for seat in seats if _times(seats, seat) > 1})
    if twice:
        yield Objection(field="members", reason=_("重复的成员：{names}", names="、".join(twice)), code="E_PANEL_TWICE")
    share = work.policy("democratic_review.cadre_share_maximum", on=on, area=area)
    cadres = sum(seat.kind == "cadre" for seat in seats)
    if Fraction(cadres, len(seats)) > exact(share):
        reason = _(
            "村干部不得超过 {share}，现在 {count} 人中有 {cadres} 人",
            share=in_fraction(share),
            count=len(seats),
            cadres=cadres,
        )
        yield Objection(field="members", reason=reason, code="E_PANEL_CADRES")
    share = work.policy("democratic_review.women_share_minimum", on=on, area=area)
    women = sum(seat.sex == "female" for seat in seats)
    if not unknown and Fraction(women, len(seats)) < exact(share):
        reason = _(
            "妇女不得少于 {share}，现在 {count} 人中有 {women} 人",
            share=in_fraction(share),
            count=len(seats),
            women=women,
        )
        yield Objection(field="members", reason=reason, code="E_PANEL_WOMEN")


def _times(seats: Sequence[Seat], seat: Seat) -> int:
    """How often somebody stands on a list; two people of one name must both be known by number."""
    if seat.person_id is None:
        return sum(one.name == seat.name for one in seats)
    return sum(one.person_id == seat.person_id or (one.person_id is None and one.name == seat.name) for one in seats)


def _panel_warnings(panel: Panel) -> Iterator[Objection]:
    if not panel.document:
        reason = _("没有填写推选依据，请补上村民代表会议记录编号")
        yield Objection(field="document", reason=reason, code="W_PANEL_DOCUMENT")


def _years_later(day: date, years: int) -> date:
    """The last day of a term of whole years."""
    try:
        end = day.replace(year=day.year + years)
    except ValueError:
        end = date(day.year + years, 3, 1)
    return date.fromordinal(end.toordinal() - 1)
