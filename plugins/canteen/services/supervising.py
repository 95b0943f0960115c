"""Food samples, inspections with deadlines, assessments with grades, what diners say."""

from datetime import timedelta

from sqlalchemy import select
from sqlmodel import col

from core.api import COUNTY_TIME, NotFound, Objection, Refused, UnitOfWork, _, read_number, refuse, row_id, scoped
from plugins.canteen import sealed
from plugins.canteen.models import Assessment, Feedback, Inspection, Sample
from plugins.canteen.rules import grade_of
from plugins.canteen.services.common import (
    INSPECT,
    MAINTAIN,
    MENU,
    SHOW,
    day_of,
    keep,
    moment,
    moved,
    own_site,
    subject,
)
from plugins.canteen.services.siting import RUNNING, suspend_site
from plugins.canteen.wishes import AddFeedback, AddSample, Assess, HandleFeedback, Inspect, Rectify, SuspendSite


def add_sample(work: UnitOfWork, text: str, wish: AddSample) -> Sample:
    """Log a food sample: enough grams, kept long enough (E_SAMPLE), entered in time."""
    site = own_site(work, text, MENU)
    day = day_of(work, wish.day, "day")
    since, until = moment(work, wish.kept_from, "kept_from"), moment(work, wish.kept_to, "kept_to")
    found: list[Objection] = []
    least, hours = work.policy("canteen.sample_grams", on=day), work.policy("canteen.sample_hours", on=day)
    if wish.grams < least:
        found.append(Objection(reason=_("每份留样不少于 {least} 克", least=least), field="grams", code="E_SAMPLE"))
    if until - since < timedelta(hours=hours):
        reason = _("留样保存不少于 {hours} 小时", hours=hours)
        found.append(Objection(reason=reason, field="kept_to", code="E_SAMPLE"))
    if since.astimezone(COUNTY_TIME).date() != day:
        found.append(Objection(reason=_("留样开始要在用餐当天"), field="kept_from", code="E_SAMPLE"))
    limit = work.policy("canteen.sample_days", on=day)
    if day < work.today - timedelta(days=limit):
        reason = _("留样要在 {days} 天内登记", days=limit)
        found.append(Objection(reason=reason, field="day", code="E_SAMPLE_LATE"))
    if found:
        raise Refused(found)
    made = Sample(
        site_id=site.id or 0, day=day, meal=wish.meal, dish=wish.dish.strip(), grams=wish.grams, kept_from=since,
        kept_to=until, temperature_tenths=_tenths(wish.temperature), keeper=wish.keeper.strip(), recorded_at=work.now,
        recorded_by=work.actor.account_id,
    )  # fmt: skip
    keep(work, made)
    work.record("canteen.sample_kept", subject(site), area=site.area, after={"day": day, "meal": wish.meal})
    return made


def _tenths(text: str) -> int:
    found = read_number(text)
    if found is None or found * 10 != (found * 10).to_integral_value():
        raise refuse(_("温度请填摄氏度，最多一位小数，例如 4.0"), field="temperature", code="E_FIELD")
    return int(found * 10)


def own_inspection(work: UnitOfWork, text: str, permission: str = SHOW) -> Inspection:
    """An inspection by number or id in the actor's areas; raises ``NotFound``."""
    work.require(permission)
    wanted = str(text).strip().upper()
    same = col(Inspection.id) == at if (at := row_id(wanted)) else col(Inspection.number) == wanted
    asked = scoped(work, select(Inspection).where(same), col(Inspection.area), permission)
    found = work.session.scalars(asked).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这次检查，或不在你的辖区"))
    return found


def inspect(work: UnitOfWork, text: str, wish: Inspect) -> Inspection:
    """Note an inspection; a hazard gets a deadline, a major one stops a running site at once."""
    site = own_site(work, text, INSPECT)
    on = day_of(work, wish.on, "on")
    hazard = wish.severity != "none"
    if hazard and not wish.hazards.strip():
        raise refuse(_("请写明发现的问题"), field="hazards", code="E_FIELD")
    days = work.policy("canteen.inspection_days", on=on)
    deadline = (wish.deadline or on + timedelta(days=days)) if hazard else None
    if deadline and deadline < on:
        raise refuse(_("整改期限不能早于检查日期"), field="deadline", code="E_DAY")
    made = Inspection(
        number=_next_number(work, on.year), site_id=site.id or 0, area=site.area, inspected_on=on, kind=wish.kind,
        inspectors=wish.inspectors.strip(), score=wish.score, checklist=wish.checklist.strip(),
        severity=wish.severity, hazards=wish.hazards.strip() if hazard else "", deadline=deadline,
        recorded_by=work.actor.account_id,
    )  # fmt: skip
    keep(work, made)
    what = {"number": made.number, "score": made.score, "severity": made.severity, "deadline": deadline}
    work.record("canteen.inspected", subject(site), area=site.area, after=what)
    if wish.severity == "major" and site.state in RUNNING:
        reason = _("检查 {number} 发现重大隐患", number=made.number)
        suspend_site(work, site.number, SuspendSite(cause="hazard", reason=reason, on=on))
    return made


def _next_number(work: UnitOfWork, year: int) -> str:
    return work.next_number(col(Inspection.number), f"CI-{work.settings.county.code}-{year}-")


def rectify(work: UnitOfWork, text: str, wish: Rectify) -> Inspection:
    """Note that a hazard was put right."""
    one = own_inspection(work, text, INSPECT)
    if one.severity == "none" or one.rectified_on:
        raise refuse(_("这次检查没有要整改的问题，或已经整改"), code="E_HAZARD")
    on = day_of(work, wish.on, "on")
    if on < one.inspected_on:
        raise refuse(_("整改完成日期不能早于检查日期"), field="on", code="E_DAY")
    one.rectified_on, one.rectified, one.closed_by = on, wish.rectified.strip(), work.actor.account_id
    moved(work, one)
    late = bool(one.deadline and on > one.deadline)
    what = {"number": one.number, "on": on, "late": late}
    work.record("canteen.rectified", f"canteen_site:{one.site_id}", area=one.area, after=what)
    return one


def assess(work: UnitOfWork, text: str, wish: Assess) -> Assessment:
    """Score a site over some months; the grade follows from the score by policy."""
    site = own_site(work, text, INSPECT)
    found = []
    if wish.to_month < wish.from_month:
        found.append(Objection(reason=_("截止月份不能早于起始月份"), field="to_month", code="E_DAY"))
    if wish.from_month > work.today.isoformat()[:7]:
        found.append(Objection(reason=_("日期不能晚于今天"), field="from_month", code="E_FUTURE_DATE"))
    same = select(col(Assessment.id)).where(
        col(Assessment.site_id) == site.id,
        col(Assessment.from_month) <= wish.to_month,
        col(Assessment.to_month) >= wish.from_month,
    )
    if work.session.scalars(same).first() is not None:
        found.append(Objection(reason=_("这段时间已经考核过"), field="from_month", code="E_ASSESSED"))
    if found:
        raise Refused(found)
    made = Assessment(
        site_id=site.id or 0, from_month=wish.from_month, to_month=wish.to_month, score=wish.score,
        grade=grade_of(wish.score, work.policy("canteen.grades")), basis=wish.basis.strip(), recorded_on=work.today,
        recorded_by=work.actor.account_id,
    )  # fmt: skip
    keep(work, made)
    what = {"from": made.from_month, "to": made.to_month, "score": made.score, "grade": made.grade}
    work.record("canteen.assessed", subject(site), area=site.area, after=what)
    return made


def add_feedback(work: UnitOfWork, text: str, wish: AddFeedback) -> Feedback:
    """Note a complaint, whose words are sealed, or a mark of satisfaction."""
    site = own_site(work, text, MAINTAIN)
    if (wish.kind == "survey") != (wish.score > 0):
        raise refuse(_("满意度填 1 至 5 分，投诉不填分数"), field="score", code="E_FIELD")
    if wish.kind == "complaint" and not wish.matter.strip():
        raise refuse(_("请写明投诉的内容"), field="matter", code="E_FIELD")
    made = Feedback(
        site_id=site.id or 0, area=site.area, kind=wish.kind, received_on=day_of(work, wish.received_on, "received_on"),
        score=wish.score, recorded_by=work.actor.account_id,
    )  # fmt: skip
    keep(work, made)
    made.matter = sealed.seal(work, sealed.MATTER, made.id, wish.matter)
    keep(work, made)
    work.record("canteen.feedback_added", subject(site), area=site.area, after={"kind": wish.kind, "score": wish.score})
    return made


def handle_feedback(work: UnitOfWork, text: str, wish: HandleFeedback) -> Feedback:
    """Note how a complaint ended."""
    site = own_site(work, text, MAINTAIN)
    found = work.session.get(Feedback, wish.feedback)
    if found is None or found.site_id != site.id or found.kind != "complaint":
        raise NotFound(_("没有找到这件投诉"))
    if found.handled_on:
        raise refuse(_("这件投诉已经办结"), field="feedback", code="E_HANDLED")
    found.handled_on, found.outcome = work.today, wish.outcome
    keep(work, found)
    work.record("canteen.feedback_handled", subject(site), area=site.area, after={"outcome": wish.outcome})
    return found
