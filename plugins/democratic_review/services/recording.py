"""Record a meeting with its votes: everything that does not hold is said together, and nothing is written then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from core.api import Objection, Refused, UnitOfWork, _, current_village, refuse
from plugins.democratic_review.arithmetic import Counts
from plugins.democratic_review.models import Attendance, Item, Member, Panel, Recusal, Session
from plugins.democratic_review.queries import members_on, panel_on, standing_panel
from plugins.democratic_review.services.judging import Judged, Meeting, judge
from plugins.democratic_review.services.panels import find_member, no_panel, set_panel
from plugins.democratic_review.wishes import SetPanel

if TYPE_CHECKING:
    from plugins.democratic_review.wishes import RecordBallots

RECORD = "democratic_review.record"


@dataclass(frozen=True)
class Recorded:
    """A recorded meeting with its votes in order, and warnings that stopped nothing."""

    session: Session
    items: Sequence[Item]
    warnings: Sequence[Objection] = field(default=())


def record_ballots(work: UnitOfWork, wish: "RecordBallots") -> Recorded:
    """Record a meeting of a village's panel with all its votes; refused with everything that does not hold."""
    on = wish.on or work.today
    village = current_village(work, wish.village, on, "village")
    work.require(RECORD, village)
    panel, warnings = _panel(work, wish, village, on)
    members = members_on(work, panel.id or 0, on)
    meeting, attending = _meeting(work, wish, panel, members)
    wrong = [*_frame_faults(work, wish, panel, meeting)]
    judged: list[Judged] = []
    for at, one in enumerate(wish.items):
        faults, made = judge(work, meeting, one)
        wrong += [_at(fault, at, len(wish.items)) for fault in faults]
        if made is not None:
            judged.append(made)
    wrong += _twice(judged)
    if wrong:
        raise Refused(wrong)
    return write(work, meeting, attending, judged, warnings)


def write(
    work: UnitOfWork,
    meeting: Meeting,
    attending: Sequence[Member],
    judged: Sequence[Judged],
    warnings: Sequence[Objection] = (),
) -> Recorded:
    """Write a meeting whose votes were judged; counts and who was present are all that is kept."""
    session = Session(
        area=meeting.village,
        panel_id=meeting.panel.id or 0,
        held_on=meeting.on,
        place=meeting.place,
        observer=meeting.observer,
        scrutineer=meeting.scrutineer,
        seats=len(meeting.members),
        present=meeting.present,
        announced=meeting.announced,
        recorded_at=work.now,
        recorded_by=work.actor.account_id,
    )
    work.session.add(session)
    work.session.flush()
    work.session.add_all(Attendance(session_id=session.id or 0, member_id=one.id or 0) for one in attending)
    items = [_write_item(work, session, one) for one in judged]
    after = {
        "held_on": session.held_on,
        "present": session.present,
        "seats": session.seats,
        "items": [_counts(one) for one in items],
    }
    work.record("democratic_review.ballot_recorded", f"ballot:{session.id}", area=session.area, after=after)
    return Recorded(session, items, warnings)


def _write_item(work: UnitOfWork, session: Session, judged: Judged) -> Item:
    entry = judged.entry(work) if judged.entry else None
    item = Item(
        session_id=session.id or 0,
        area=session.area,
        held_on=session.held_on,
        entry_id=entry.id if entry else None,
        **judged.columns,
        **vars(judged.counts),
    )
    work.session.add(item)
    work.session.flush()
    work.session.add_all(
        Recusal(item_id=item.id or 0, member_id=member, relation=relation)
        for member, relation in sorted(judged.recusals.items())
    )
    work.session.flush()
    return item


def _counts(item: Item) -> dict[str, object]:
    names = ("subject", "voters", "base", *Counts.__dataclass_fields__, "passed", "replaces")
    return {name: getattr(item, name) for name in names}


def _panel(work: UnitOfWork, wish: "RecordBallots", village: str, on: date) -> tuple[Panel, list[Objection]]:
    """The panel of the day; members that came with the record are registered when the village has none."""
    panel, warnings = panel_on(work, village, on), []
    if panel is None and wish.panel_members:
        if standing_panel(work, village) is not None:
            reason = _("评审团在 {day} 还没有上任", day=on)
            raise refuse(reason, field="on", code="E_PANEL_TERM")
        given = SetPanel(village=village, term_from=on, document=wish.panel_document, members=wish.panel_members)
        panel, warnings = set_panel(work, given)
    elif panel is not None and wish.panel_members:
        seated = sorted(one.name for one in members_on(work, panel.id or 0, on))
        if seated != sorted(one.name or one.person for one in wish.panel_members):
            reason = _("这个村已经登记了评审团，名单不同；换届请用“登记评审团”")
            raise refuse(reason, field="panel_members", code="E_PANEL_STANDS")
    if panel is None:
        raise no_panel(village)
    return panel, warnings


def _meeting(
    work: UnitOfWork, wish: "RecordBallots", panel: Panel, members: Sequence[Member]
) -> tuple[Meeting, Sequence[Member]]:
    """The frame of the votes: the policies of the day, who sits, who was there."""
    on, village = wish.on or work.today, panel.area
    attending = [] if isinstance(wish.present, int) else present_members(members, wish.present)

    def policy(key: str) -> Decimal:
        return work.policy(key, on=on, area=village)

    meeting = Meeting(
        village=village,
        on=on,
        panel=panel,
        members=members,
        present=wish.present if isinstance(wish.present, int) else len(attending),
        attending=None if isinstance(wish.present, int) else frozenset(one.id or 0 for one in attending),
        quorum=policy("ballot.quorum"),
        pass_ratio=policy("ballot.pass_ratio"),
        voters_minimum=int(policy("democratic_review.voters_minimum")),
        place=wish.place.strip(),
        observer=wish.observer.strip(),
        scrutineer=wish.scrutineer.strip(),
        announced=wish.announced,
    )
    return meeting, attending


def present_members(members: Sequence[Member], names: Sequence[str]) -> list[Member]:
    """The members who were present; a name given twice is refused."""
    found = [find_member(members, name, "present") for name in names]
    if len({one.id for one in found}) < len(found):
        raise refuse(_("到会名单里有人重复"), field="present", code="E_BALLOT_MEMBER")
    return found


def _frame_faults(work: UnitOfWork, wish: "RecordBallots", panel: Panel, meeting: Meeting) -> Iterator[Objection]:
    if meeting.on > work.today:
        yield Objection(field="on", reason=_("日期不能晚于今天"), code="E_BALLOT_DAY")
    if meeting.on > panel.term_to:
        reason = _("评审团任期已于 {day} 届满，请先换届", day=panel.term_to)
        yield Objection(field="on", reason=reason, code="E_PANEL_TERM")
    if not meeting.observer:
        yield Objection(field="observer", reason=_("票决须有乡镇工作人员到场，请填写姓名"), code="E_BALLOT_OBSERVER")
    needed = work.policy("democratic_review.scrutineer_required", on=meeting.on, area=meeting.village)
    if needed and not meeting.scrutineer:
        reason = _("票决须由村务监督委员会成员监票，请填写姓名")
        yield Objection(field="scrutineer", reason=reason, code="E_BALLOT_SCRUTINEER")
    if any(one.name in (meeting.observer, meeting.scrutineer) for one in meeting.members):
        reason = _("到场监督的人不能是评审团成员")
        yield Objection(field="observer", reason=reason, code="E_BALLOT_OBSERVER")
    seats = len(meeting.members)
    if wish.panel is not None and wish.panel != seats:
        reason = _("登记的评审团是 {seats} 人，填的是 {given} 人", seats=seats, given=wish.panel)
        yield Objection(field="panel", reason=reason, code="E_BALLOT_PANEL")
    if not 1 <= meeting.present <= seats:
        reason = _("评审团 {seats} 人，到会不能是 {present} 人", seats=seats, present=meeting.present)
        yield Objection(field="present", reason=reason, code="E_BALLOT_SUM")


def _at(fault: Objection, at: int, count: int) -> Objection:
    """An objection to one of several votes, with its place."""
    reason = fault.reason if count == 1 else _("第 {n} 项：{reason}", n=at + 1, reason=fault.reason)
    return Objection(field=f"items.{at}.{fault.field}", reason=reason, code=fault.code, hint=fault.hint)


def _twice(judged: Sequence[Judged]) -> Iterator[Objection]:
    seen: set[str] = set()
    for one in judged:
        subject = str(one.columns["subject"])
        if subject in seen:
            reason = _("同一次会议对同一事项只能票决一次：{title}", title=one.columns["title"])
            yield Objection(field="items", reason=reason, code="E_BALLOT_REVOTE")
        seen.add(subject)
