"""Organisations and teams: members, mergers, complaints, and a relief team that is called."""

from sqlalchemy import select
from sqlmodel import col

from core.api import NotFound, UnitOfWork, _, read_credit_code, refuse
from plugins.volunteers import sealed
from plugins.volunteers.models import Activity, Complaint, Member, Org
from plugins.volunteers.queries import any_volunteer, own_org
from plugins.volunteers.services.common import KEEP, PLAN, keep, may_serve, moved, not_later, require_open
from plugins.volunteers.services.planning import plan, publish
from plugins.volunteers.wishes import Activate, AddOrg, Close, Complain, Join, Merge, Part, PlanActivity, Settle, Step

_CREDIT_CODE = 18


def add_org(work: UnitOfWork, wish: AddOrg) -> Org:
    """Register an organisation; a team of the community without a code has a sponsor."""
    work.require(KEEP, wish.area)
    code = wish.code.strip().upper()
    if len(code) == _CREDIT_CODE:
        code = read_credit_code(code)
    if not code and not wish.sponsor.strip():
        raise refuse(_("没有登记的团队要填指导单位"), field="sponsor", code="E_VOL_ORG")
    same = select(col(Org.id)).where(col(Org.name) == wish.name.strip(), col(Org.state) == "open")
    if work.session.scalars(same).first() is not None:
        raise refuse(_("已经有这个名称的组织"), field="name", code="E_VOL_TWICE")
    on = wish.opened_on or work.today
    not_later(work, on, "opened_on")
    made = Org(
        name=wish.name.strip(),
        code=code,
        sponsor=wish.sponsor.strip(),
        leader=wish.leader.strip(),
        contact=wish.contact.strip(),
        insured=wish.insured,
        double_support=wish.double_support,
        relief=wish.relief,
        area=wish.area,
        opened_on=on,
        added_by=work.actor.account_id,
    )
    keep(work, [made])
    after = {"name": made.name, "relief": made.relief, "double_support": made.double_support}
    work.record("volunteers.org_added", subject(made), area=made.area, after=after)
    return made


def join(work: UnitOfWork, text: str, wish: Join) -> Member:
    """A volunteer joins a team."""
    org = own_org(work, text, KEEP)
    require_open(org)
    one = any_volunteer(work, wish.volunteer, KEEP)
    on = wish.since or work.today
    not_later(work, on, "since")
    stated = [found for found in may_serve(work, one, on) if found.code == "E_VOL_STATE"]
    if stated:
        raise refuse(stated[0].reason, field="volunteer", code="E_VOL_STATE")
    if _membership(work, org, one.id or 0) is not None:
        raise refuse(_("已经是这个队的队员"), field="volunteer", code="E_VOL_TWICE")
    made = Member(org_id=org.id or 0, volunteer_id=one.id or 0, since=on, recorded_by=work.actor.account_id)
    keep(work, [made])
    work.record("volunteers.joined", subject(org), area=org.area, after={"volunteer": one.number, "since": on})
    return made


def part(work: UnitOfWork, text: str, wish: Part) -> Member:
    """A volunteer leaves a team."""
    org = own_org(work, text, KEEP)
    one = any_volunteer(work, wish.volunteer, KEEP)
    found = _membership(work, org, one.id or 0)
    if found is None:
        raise refuse(_("不是这个队的队员"), field="volunteer", code="E_VOL_STATE")
    found.until = wish.until or work.today
    if found.until < found.since:
        raise refuse(_("退出日期早于加入日期"), field="until", code="E_DAY")
    keep(work, [found])
    after = {"volunteer": one.number, "until": found.until}
    work.record("volunteers.parted", subject(org), area=org.area, after=after)
    return found


def _membership(work: UnitOfWork, org: Org, volunteer_id: int) -> Member | None:
    asked = select(Member).where(
        col(Member.org_id) == org.id, col(Member.volunteer_id) == volunteer_id, col(Member.until).is_(None)
    )
    return work.session.scalars(asked).one_or_none()


def merge(work: UnitOfWork, text: str, wish: Merge) -> Org:
    """An organisation goes into another one; its records stay its own, the successor certifies them."""
    org, successor = own_org(work, text, KEEP), own_org(work, wish.successor, KEEP)
    require_open(org)
    require_open(successor, "successor")
    if org.id == successor.id:
        raise refuse(_("不能并入自己"), field="successor", code="E_VOL_STATE")
    org.state, org.closed_on, org.successor_id = "merged", work.today, successor.id
    moved(work, org)
    work.record(
        "volunteers.org_merged", subject(org), area=org.area, reason=wish.reason, after={"successor": successor.id}
    )
    return org


def close(work: UnitOfWork, text: str, wish: Close) -> Org:
    """An organisation ends; nobody plans or records for it any more."""
    org = own_org(work, text, KEEP)
    require_open(org)
    org.state, org.closed_on = "closed", work.today
    moved(work, org)
    work.record("volunteers.org_closed", subject(org), area=org.area, reason=wish.reason)
    return org


def activate(work: UnitOfWork, text: str, wish: Activate) -> Activity:
    """Call a relief team: a risky activity of it is published at once, which asks for the insurance."""
    org = own_org(work, text, PLAN)
    if not org.relief:
        raise refuse(_("“{name}”不是应急救灾队伍", name=org.name), field="org", code="E_VOL_RELIEF")
    planned = PlanActivity(
        title=wish.title, org=str(org.id), kind="disaster", area=wish.area, starts=wish.starts, ends=wish.ends,
        slots=wish.slots, skill=wish.skill, risk="high", policy_no=wish.policy_no, leader=org.leader,
        contact=org.contact, source_ref=wish.source_ref,
    )  # fmt: skip
    made = publish(work, str(plan(work, planned).id), Step())
    work.record("volunteers.activated", subject(org), area=org.area, after={"activity": made.number})
    return made


def complain(work: UnitOfWork, text: str, wish: Complain) -> Complaint:
    """Note a complaint; what it says is sealed."""
    org = own_org(work, text, KEEP)
    on = wish.received_on or work.today
    not_later(work, on, "received_on")
    made = Complaint(org_id=org.id or 0, area=org.area, received_on=on, recorded_by=work.actor.account_id)
    keep(work, [made])
    made.matter = sealed.seal(work, sealed.MATTER, made.id, wish.matter.strip())
    keep(work, [made])
    work.record("volunteers.complained", subject(org), area=org.area, after={"on": on})
    return made


def settle(work: UnitOfWork, text: str, wish: Settle) -> Complaint:
    """Note how a complaint ended."""
    org = own_org(work, text, KEEP)
    found = work.session.get(Complaint, wish.complaint)
    if found is None or found.org_id != org.id:
        raise NotFound(_("没有找到这件投诉"))
    if found.handled_on:
        raise refuse(_("这件投诉已经办结"), field="complaint", code="E_VOL_STATE")
    found.handled_on, found.outcome = work.today, wish.outcome
    keep(work, [found])
    work.record("volunteers.complaint_settled", subject(org), area=org.area, after={"outcome": wish.outcome})
    return found


def subject(org: Org) -> str:
    """How the audit names an organisation."""
    return f"volunteers_org:{org.id}"
