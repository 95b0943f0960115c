"""Questions about panels and ballots, within the reader's areas; members are named to staff only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from core.api import NotFound, _, area_names, one_more, scoped
from plugins.democratic_review.models import (
    Attendance,
    Entry,
    Evidence,
    Item,
    Member,
    Panel,
    Posting,
    Recusal,
    Relative,
    Session,
)
from plugins.democratic_review.words import KINDS, RELATIONS, SEXES

if TYPE_CHECKING:
    from core.api import UnitOfWork

SHOW = "democratic_review.show"


@dataclass(frozen=True, kw_only=True)
class BallotFilter:
    """Which meetings a list shows: of an area and below, from a day to a day, after a number."""

    area: str = ""
    since: date | None = None
    until: date | None = None
    before: int = 0
    limit: int | None = 50


def standing_panel(work: "UnitOfWork", village: str) -> Panel | None:
    """The panel of a village that no other has followed."""
    asked = select(Panel).where(col(Panel.area) == village, col(Panel.superseded_on).is_(None))
    return work.session.scalars(asked).first()


def panel_on(work: "UnitOfWork", village: str, day: date) -> Panel | None:
    """The panel of a village that stood on a day, its term over or not; right and area are the caller's."""
    asked = (
        select(Panel)
        .where(
            col(Panel.area) == village,
            col(Panel.term_from) <= day,
            or_(col(Panel.superseded_on).is_(None), col(Panel.superseded_on) > day),
        )
        .order_by(col(Panel.id).desc())
    )
    return work.session.scalars(asked).first()


def members_on(work: "UnitOfWork", panel_id: int, day: date) -> Sequence[Member]:
    """Who sits on a panel on a day, in the order they came."""
    asked = (
        select(Member)
        .where(
            col(Member.panel_id) == panel_id,
            col(Member.since) <= day,
            or_(col(Member.until).is_(None), col(Member.until) > day),
        )
        .order_by(col(Member.id))
    )
    return work.session.scalars(asked).all()


def show_panel(work: "UnitOfWork", village: str) -> dict[str, Any]:
    """The panel of a village with its members of today; that it was looked at is recorded."""
    work.require(SHOW)
    panel = standing_panel(work, village)
    if panel is None or not work.may(SHOW, panel.area):
        raise NotFound(_("{village} 还没有登记评审团，或不在你的辖区", village=village))
    day = min(max(work.today, panel.term_from), panel.term_to)
    members = members_on(work, panel.id or 0, day)
    declared = select(col(Relative.member_id), func.count()).where(
        col(Relative.member_id).in_([one.id for one in members])
    )
    relatives = {row[0]: row[1] for row in work.session.execute(declared.group_by(col(Relative.member_id)))}
    work.record_read("democratic_review.panel_read", f"panel:{panel.id}", area=village)
    return {
        **panel_line(panel, area_names(work, [village]).get(village, village), len(members)),
        "cadres": sum(one.kind == "cadre" for one in members),
        "women": sum(one.sex == "female" for one in members),
        "members": [{**member_line(one), "relatives": relatives.get(one.id, 0)} for one in members],
    }


def panel_line(panel: Panel, place: str, size: int) -> dict[str, Any]:
    """A panel as lists give it."""
    return {
        "id": panel.id,
        "village": panel.area,
        "place": place,
        "size": size,
        "term_from": panel.term_from,
        "term_to": panel.term_to,
        "elected_on": panel.elected_on,
        "document": panel.document,
    }


def member_line(member: Member) -> dict[str, Any]:
    """A member as lists give it."""
    return {
        "id": member.id,
        "name": member.name,
        "person": member.person_id,
        "sex": member.sex,
        "sex_title": _(SEXES[member.sex]),
        "kind": member.kind,
        "kind_title": _(KINDS[member.kind]),
        "since": member.since,
    }


def list_panels(work: "UnitOfWork", area: str = "", after: str = "", limit: int | None = 50) -> list[dict[str, Any]]:
    """Standing panels in one's areas by village; one more than ``limit`` when there are more."""
    work.require(SHOW)
    sitting = (
        select(func.count())
        .select_from(Member)
        .where(col(Member.panel_id) == col(Panel.id), or_(col(Member.until).is_(None), col(Member.until) > work.today))
        .scalar_subquery()
    )
    asked = select(Panel, sitting).where(col(Panel.superseded_on).is_(None), col(Panel.area) > after)
    if area:
        asked = asked.where(col(Panel.area).startswith(area, autoescape=True))
    asked = scoped(work, asked, col(Panel.area), SHOW).order_by(col(Panel.area)).limit(one_more(limit))
    rows = work.session.execute(asked).all()
    names = area_names(work, [panel.area for panel, _size in rows])
    return [panel_line(panel, names.get(panel.area, panel.area), size) for panel, size in rows]


def own_session(work: "UnitOfWork", session_id: int, permission: str = SHOW) -> Session:
    """A meeting in one's areas; outside them it is not there (``NotFound``)."""
    work.require(permission)
    asked = select(Session).where(col(Session.id) == session_id)
    found = work.session.scalars(scoped(work, asked, col(Session.area), permission)).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这次票决，或不在你的辖区"))
    return found


def own_item(work: "UnitOfWork", item_id: int, permission: str = SHOW) -> Item:
    """A vote in one's areas; outside them it is not there (``NotFound``)."""
    work.require(permission)
    asked = select(Item).where(col(Item.id) == item_id)
    found = work.session.scalars(scoped(work, asked, col(Item.area), permission)).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这项票决，或不在你的辖区"))
    return found


def list_ballots(work: "UnitOfWork", wish: BallotFilter) -> list[dict[str, Any]]:
    """Votes in one's areas, newest first; one more than the limit when there are more."""
    work.require(SHOW)
    asked = select(Item)
    if wish.area:
        asked = asked.where(col(Item.area).startswith(wish.area, autoescape=True))
    if wish.since:
        asked = asked.where(col(Item.held_on) >= wish.since)
    if wish.until:
        asked = asked.where(col(Item.held_on) <= wish.until)
    if wish.before:
        asked = asked.where(col(Item.id) < wish.before)
    asked = scoped(work, asked, col(Item.area), SHOW).order_by(col(Item.id).desc()).limit(one_more(wish.limit))
    items = work.session.scalars(asked).all()
    names = area_names(work, [one.area for one in items])
    gone = replaced(work, [one.id or 0 for one in items])
    return [
        {**item_line(one), "place": names.get(one.area, one.area), "replaced_by": gone.get(one.id or 0)}
        for one in items
    ]


def show_ballot(work: "UnitOfWork", session_id: int) -> dict[str, Any]:
    """A meeting with its votes, who was present, its evidence and posting. Nothing says who voted how."""
    meeting = own_session(work, session_id)
    items = work.session.scalars(select(Item).where(col(Item.session_id) == session_id).order_by(col(Item.id))).all()
    ids = [one.id or 0 for one in items]
    gone, left = replaced(work, ids), recusals_of(work, ids)
    posting = work.session.get(Posting, session_id)
    evidence = work.session.scalars(
        select(Evidence).where(col(Evidence.session_id) == session_id).order_by(col(Evidence.id))
    ).all()
    work.record_read("democratic_review.ballot_read", f"ballot:{session_id}", area=meeting.area)
    return {
        **session_line(meeting),
        "place_name": area_names(work, [meeting.area]).get(meeting.area, meeting.area),
        "attended": attended(work, session_id),
        "items": [
            {**item_line(one), "replaced_by": gone.get(one.id or 0), "recusals": left.get(one.id or 0, [])}
            for one in items
        ],
        "posted_on": posting.posted_on if posting else None,
        "posted_at": posting.place if posting else "",
        "evidence": [{"id": one.id, "kind": one.kind, "attachment": one.attachment_id} for one in evidence],
    }


def session_line(meeting: Session) -> dict[str, Any]:
    """A meeting as pages and papers give it."""
    return {
        "id": meeting.id,
        "number": session_number(meeting),
        "village": meeting.area,
        "held_on": meeting.held_on,
        "place": meeting.place,
        "observer": meeting.observer,
        "scrutineer": meeting.scrutineer,
        "seats": meeting.seats,
        "present": meeting.present,
        "announced": meeting.announced,
    }


def session_number(meeting: Session) -> str:
    """The number of a meeting as papers print it."""
    return f"PJ-{meeting.held_on.year}-{meeting.id:06d}"


def item_line(item: Item) -> dict[str, Any]:
    """A vote as lists give it: its subject and its counts."""
    names = (
        "id", "session_id", "area", "held_on", "kind", "title", "case_number", "scheme", "reference", "recused",
        "voters", "base", "issued", "returned", "valid", "invalid", "agree", "disagree", "abstain", "quorum",
        "pass_ratio", "passed", "round", "ground", "reason", "replaces", "replaced_why",
    )  # fmt: skip
    return {name: getattr(item, name) for name in names}


def attended(work: "UnitOfWork", session_id: int) -> list[str]:
    """The names of who was present, as far as they were taken down."""
    asked = (
        select(col(Member.name))
        .join(Attendance, col(Attendance.member_id) == col(Member.id))
        .where(col(Attendance.session_id) == session_id)
        .order_by(col(Member.id))
    )
    return list(work.session.scalars(asked))


def recusals_of(work: "UnitOfWork", item_ids: Sequence[int]) -> dict[int, list[dict[str, str]]]:
    """Who left before each vote, with the relation in words."""
    asked = (
        select(col(Recusal.item_id), col(Member.name), col(Recusal.relation))
        .join(Member, col(Member.id) == col(Recusal.member_id))
        .where(col(Recusal.item_id).in_(list(item_ids)))
        .order_by(col(Member.id))
    )
    found: dict[int, list[dict[str, str]]] = {}
    for row in work.session.execute(asked):
        line = {"name": row.name, "relation": row.relation, "relation_title": _(RELATIONS[row.relation])}
        found.setdefault(row.item_id, []).append(line)
    return found


def replaced(work: "UnitOfWork", item_ids: Sequence[int]) -> dict[int, int]:
    """Votes among some that a later record took the place of, with that record."""
    asked = select(col(Item.replaces), col(Item.id)).where(col(Item.replaces).in_(list(item_ids)))
    return {row.replaces: row.id for row in work.session.execute(asked)}


def not_replaced() -> Any:
    """True for votes whose record stands; for any select over ``Item``."""
    later = aliased(Item)
    return ~select(col(later.id)).where(col(later.replaces) == col(Item.id)).exists()


def standing_votes(work: "UnitOfWork", *conditions: Any) -> Sequence[Item]:
    """Votes that count, oldest first; right and area are the caller's."""
    return work.session.scalars(select(Item).where(*conditions, not_replaced()).order_by(col(Item.id))).all()


def open_entry(work: "UnitOfWork", case_id: int) -> Entry | None:
    """The time a case stands before the panel now."""
    asked = select(Entry).where(col(Entry.case_id) == case_id, col(Entry.left_on).is_(None))
    return work.session.scalars(asked).first()


def waits() -> tuple[Any, ...]:
    """True for cases that stand before their panel and have no vote yet; for any select over ``Entry``."""
    voted = select(col(Item.id)).where(col(Item.entry_id) == col(Entry.id)).exists()
    return col(Entry.left_on).is_(None), col(Entry.state) == "appraising", ~voted


def waiting_entries(work: "UnitOfWork", permission: str, area: str = "", limit: int = 200) -> Sequence[Entry]:
    """Cases that wait for a vote of their panel, oldest first, in the areas of a right."""
    asked = select(Entry).where(*waits())
    if area:
        asked = asked.where(col(Entry.area) == area)
    asked = scoped(work, asked, col(Entry.area), permission).order_by(col(Entry.since), col(Entry.id)).limit(limit)
    return work.session.scalars(asked).all()
