"""Sites from the plan to the end: every state has its day and its reason; a licence that ran out stops a site."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import col

from core.api import Objection, Refused, UnitOfWork, _, current_village, refuse
from plugins.canteen.models import Feedback, Inspection, Site, SiteState, Target
from plugins.canteen.rules import months_after
from plugins.canteen.services.common import (
    DECIDE,
    INSPECT,
    MAINTAIN,
    day_of,
    keep,
    moved,
    own_operator,
    own_site,
    require_state,
    subject,
)
from plugins.canteen.wishes import (
    AcceptSite,
    AddSite,
    ApproveSite,
    ChangeSite,
    CloseSite,
    Entrust,
    OpenSite,
    RenewLicence,
    ResumeSite,
    SetTarget,
    SuspendSite,
)
from plugins.canteen.words import MEALS

RUNNING = ("trial", "open")


def examine(work: UnitOfWork, wish: AddSite) -> str:
    """The village of a new site; raises ``Refused`` with everything that stands against it, or ``NotFound``."""
    work.require(MAINTAIN)
    area = current_village(work, wish.village, work.today, "village")
    work.require(MAINTAIN, area)
    found: list[Objection] = []
    if work.session.scalars(select(col(Site.id)).where(col(Site.number) == wish.number.upper())).first():
        found.append(Objection(reason=_("站点编号已经登记"), field="number", code="E_SITE_TWICE"))
    if wish.state == "open" and wish.licence_to is None:
        found.append(Objection(reason=_("请填写食品经营许可的有效期"), field="licence_to", code="E_FIELD"))
    if not wish.meals or set(wish.meals) - set(MEALS):
        words = _("餐次要从列出的里面选：{words}", words=", ".join(MEALS))
        found.append(Objection(reason=words, field="meals", code="E_FIELD"))
    if wish.kind in ("meal_point", "delivery_only") and wish.parent and wish.parent == wish.number:
        found.append(Objection(reason=_("站点不能给自己供餐"), field="parent", code="E_SITE_PARENT"))
    if found:
        raise Refused(found)
    return area


def add_site(work: UnitOfWork, wish: AddSite) -> Site:
    """Register a running site, or start a project. Refused with E_DIV_CODE, E_SITE_TWICE."""
    area = examine(work, wish)
    opened = day_of(work, wish.opened_on, "opened_on") if wish.state == "open" else None
    site = Site(
        number=wish.number.upper(), name=wish.name.strip(), kind=wish.kind, host=wish.host.strip(),
        host_kind=wish.host_kind or "", area=area, address=wish.address.strip(), phone=wish.phone.strip(),
        hours=wish.hours.strip(), gps=wish.gps, state=wish.state, licence_number=wish.licence.strip(),
        licence_to=wish.licence_to, floor_area=wish.floor_area, seats=wish.seats, capacity_per_meal=wish.capacity,
        turns=wish.turns, meals=",".join(one for one in MEALS if one in wish.meals),
        bright_kitchen=wish.bright_kitchen, opened_on=opened,
        planned_year=wish.planned_year or (work.today.year if wish.state == "planned" else None),
        parent_kitchen_id=_kitchen(work, wish.parent), added_at=work.now, added_by=work.actor.account_id,
        operator_id=own_operator(work, wish.operator, MAINTAIN).id if wish.operator else None,
    )  # fmt: skip
    keep(work, site)
    since = wish.opened_on or _first_day(work, wish)
    _write_state(work, site, since)
    work.record("canteen.site_added", subject(site), area=area, after={"number": site.number, "state": site.state})
    return site


def _first_day(work: UnitOfWork, wish: AddSite) -> date:
    # Meals of the past are taken in for a site that runs: its state is known since its licence's year began.
    return work.today if wish.state == "planned" else date(work.today.year - 1, 1, 1)


def _kitchen(work: UnitOfWork, number: str) -> int | None:
    if not number:
        return None
    found = work.session.scalars(select(Site).where(col(Site.number) == number.strip().upper())).first()
    if found is None or found.kind not in ("central_kitchen", "canteen"):
        raise refuse(_("没有这个供餐厨房：{number}", number=number), field="parent", code="E_SITE_PARENT")
    return found.id


def change_site(work: UnitOfWork, text: str, wish: ChangeSite) -> Site:
    """Change what a site says of itself; what is left empty stays."""
    site = own_site(work, text, MAINTAIN)
    given = {
        "name": wish.name.strip(), "address": wish.address.strip(), "phone": wish.phone.strip(),
        "hours": wish.hours.strip(), "seats": wish.seats, "capacity_per_meal": wish.capacity, "turns": wish.turns,
        "parent_kitchen_id": _kitchen(work, wish.parent),
    }  # fmt: skip
    changes = {name: value for name, value in given.items() if value not in (None, "") and getattr(site, name) != value}
    if not changes:
        raise refuse(_("没有要变更的内容"), code="E_NO_CHANGE")
    before = {name: getattr(site, name) for name in changes}
    for name, value in changes.items():
        setattr(site, name, value)
    moved(work, site)
    work.record("canteen.site_changed", subject(site), area=site.area, before=before, after=changes)
    return site


def approve_site(work: UnitOfWork, text: str, wish: ApproveSite) -> Site:
    """Construction is approved by a meeting: the project is being built."""
    site = own_site(work, text, DECIDE)
    require_state(site, "planned")
    return _go(work, site, "building", day_of(work, wish.on, "on"), document=wish.minutes)


def accept_site(work: UnitOfWork, text: str, wish: AcceptSite) -> Site:
    """The joint acceptance: with area, seats, food licence, fire safety and signage a trial begins."""
    site = own_site(work, text, DECIDE)
    require_state(site, "building")
    on = day_of(work, wish.on, "on")
    found = []
    if wish.licence_to < on:
        found.append(Objection(reason=_("食品经营许可已过期"), field="licence_to", code="E_LICENCE_EXPIRED"))
    if not wish.fire_safety:
        found.append(Objection(reason=_("消防还不合格，不能通过验收"), field="fire_safety", code="E_ACCEPTANCE"))
    if not wish.signage:
        found.append(Objection(reason=_("标识标牌还不合格，不能通过验收"), field="signage", code="E_ACCEPTANCE"))
    if found:
        raise Refused(found)
    site.floor_area, site.seats, site.accepted_on = wish.floor_area, wish.seats, on
    site.licence_number, site.licence_to = wish.licence.strip(), wish.licence_to
    return _go(work, site, "trial", on, reason=wish.members)


def open_site(work: UnitOfWork, text: str, wish: OpenSite) -> Site:
    """The trial is over: it ran long enough, and no complaint of it is open or was right."""
    site = own_site(work, text, DECIDE)
    require_state(site, "trial")
    on = day_of(work, wish.on, "on")
    found = []
    until = months_after(site.accepted_on or on, work.policy("canteen.trial_months", on=on))
    if on < until:
        words = _("试运行到 {day} 才满期", day=until.isoformat())
        found.append(Objection(reason=words, field="on", code="E_TRIAL"))
    bad = select(col(Feedback.id)).where(
        col(Feedback.site_id) == site.id,
        col(Feedback.kind) == "complaint",
        col(Feedback.outcome).in_(("", "upheld")),
        col(Feedback.received_on) >= (site.accepted_on or on),
    )
    if work.session.scalars(bad).first() is not None:
        found.append(Objection(reason=_("试运行期间有没有办结或属实的投诉"), code="E_TRIAL"))
    if found:
        raise Refused(found)
    site.opened_on = on
    return _go(work, site, "open", on)


def suspend_site(work: UnitOfWork, text: str, wish: SuspendSite) -> Site:
    """Stop a site: meals are refused and no operating subsidy is due until it is resumed."""
    site = own_site(work, text, INSPECT)
    require_state(site, *RUNNING)
    return _go(work, site, "suspended", day_of(work, wish.on, "on"), cause=wish.cause, reason=wish.reason)


def suspend_expired(work: UnitOfWork, site_ids: Sequence[int] | None = None) -> list[Site]:
    """Stop the running sites whose food licence ran out before today, from the day after; answers them."""
    asked = select(Site).where(col(Site.state).in_(RUNNING), col(Site.licence_to) < work.today)
    if site_ids is not None:
        asked = asked.where(col(Site.id).in_(list(site_ids)))
    found = list(work.session.scalars(asked.order_by(col(Site.id))))
    for site in found:
        since = max((site.licence_to or work.today) + timedelta(days=1), _newest_state(work, site).from_on)
        _go(work, site, "suspended", since, cause="licence", reason=_("食品经营许可已过期"))
    return found


def resume_site(work: UnitOfWork, text: str, wish: ResumeSite) -> Site:
    """Let a site serve again: its licence runs, hazards were put right, and it was inspected again without any."""
    site = own_site(work, text, INSPECT)
    require_state(site, "suspended")
    on = day_of(work, wish.on, "on")
    stop = _newest_state(work, site)
    found = []
    if site.licence_to is None or site.licence_to < on:
        found.append(Objection(reason=_("食品经营许可已过期，请先登记新的许可"), code="E_LICENCE_EXPIRED"))
    waiting = select(col(Inspection.id)).where(
        col(Inspection.site_id) == site.id, col(Inspection.severity) == "major", col(Inspection.rectified_on).is_(None)
    )
    if work.session.scalars(waiting).first() is not None:
        found.append(Objection(reason=_("还有重大隐患没有整改"), code="E_HAZARD_OPEN"))
    clean = select(col(Inspection.id)).where(
        col(Inspection.site_id) == site.id,
        col(Inspection.kind) == "again",
        col(Inspection.severity) == "none",
        col(Inspection.inspected_on) >= stop.from_on,
    )
    if stop.cause in ("accident", "hazard") and work.session.scalars(clean).first() is None:
        found.append(Objection(reason=_("还没有复查合格"), code="E_HAZARD_OPEN", hint=_("先登记一次没有问题的复查")))
    if found:
        raise Refused(found)
    return _go(work, site, "open" if site.opened_on else "trial", on, reason=wish.reason)


def close_site(work: UnitOfWork, text: str, wish: CloseSite) -> Site:
    """End a site; what was granted for building is claimed back pro rata when it closes too early."""
    from plugins.canteen.services.granting import claw_back

    site = own_site(work, text, DECIDE)
    require_state(site, "planned", "building", "trial", "open", "suspended")
    on = day_of(work, wish.on, "on")
    _go(work, site, "closed", on, reason=wish.reason)
    claw_back(work, site, on)
    return site


def renew_licence(work: UnitOfWork, text: str, wish: RenewLicence) -> Site:
    """Note a new or longer food licence; a site stopped for it is resumed by an act of its own."""
    site = own_site(work, text, MAINTAIN)
    before = {"licence_to": site.licence_to}
    site.licence_number, site.licence_to = wish.licence.strip(), wish.licence_to
    moved(work, site)
    after = {"licence_to": wish.licence_to, "licence": site.licence_number}
    work.record("canteen.licence_renewed", subject(site), area=site.area, before=before, after=after)
    return site


def entrust_site(work: UnitOfWork, text: str, wish: Entrust) -> Site:
    """Say who runs a site."""
    site = own_site(work, text, MAINTAIN)
    before, site.operator_id = site.operator_id, own_operator(work, wish.operator, MAINTAIN).id
    moved(work, site)
    after = {"operator": site.operator_id}
    work.record("canteen.site_entrusted", subject(site), area=site.area, before={"operator": before}, after=after)
    return site


def set_target(work: UnitOfWork, wish: SetTarget) -> Target:
    """Fix how many sites a year shall bring; the newest figure of a year holds."""
    work.require(DECIDE, work.settings.county.code)
    made = Target(
        year=wish.year, sites=wish.sites, document=wish.document.strip(), set_on=work.today,
        set_by=work.actor.account_id,
    )  # fmt: skip
    keep(work, made)
    work.record("canteen.target_set", f"canteen_target:{made.id}", after={"year": wish.year, "sites": wish.sites})
    return made


def _go(
    work: UnitOfWork, site: Site, state: str, on: date, *, cause: str = "", reason: str = "", document: str = ""
) -> Site:
    newest = _newest_state(work, site)
    if on < newest.from_on:
        words = _("日期不能早于现在的状态开始的 {day}", day=newest.from_on.isoformat())
        raise refuse(words, field="on", code="E_SITE_STATE")
    before, site.state = site.state, state
    moved(work, site)
    _write_state(work, site, on, cause=cause, reason=reason.strip(), document=document.strip())
    work.record(
        "canteen.site_state_set", subject(site), area=site.area, reason=reason, before={"state": before},
        after={"state": state, "on": on, "cause": cause, "document": document},
    )  # fmt: skip
    return site


def _write_state(work: UnitOfWork, site: Site, on: date, cause: str = "", reason: str = "", document: str = "") -> None:
    row = SiteState(
        site_id=site.id or 0, state=site.state, from_on=on, cause=cause, reason=reason, document=document,
        recorded_at=work.now, recorded_by=work.actor.account_id,
    )  # fmt: skip
    keep(work, row)


def _newest_state(work: UnitOfWork, site: Site) -> SiteState:
    asked = select(SiteState).where(col(SiteState.site_id) == site.id)
    return work.session.scalars(asked.order_by(col(SiteState.from_on).desc(), col(SiteState.id).desc())).first() or (
        SiteState(
            site_id=site.id or 0,
            state=site.state,
            from_on=date.min,
            recorded_at=work.now,
            recorded_by=work.actor.account_id,
        )  # fmt: skip
    )
