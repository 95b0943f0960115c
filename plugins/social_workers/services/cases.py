"""Cases: intake with consent or a basis, stages, sealed forms, crisis clock, handing over, closing, early end."""

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Forbidden, Objection, UnitOfWork, _, refuse
from plugins.social_workers import sealed
from plugins.social_workers.models import Case, CaseForm, Handover
from plugins.social_workers.project_wishes import (
    AddForm,
    Advance,
    CloseCase,
    EndCase,
    FollowUp,
    HandOver,
    Inform,
    OpenCase,
    SetRisk,
)
from plugins.social_workers.queries import may_open, my_worker, own_case
from plugins.social_workers.services.common import (
    FILE,
    SERVE,
    assisting,
    keep,
    living,
    moment,
    moved,
    named_worker,
    past,
    responsible,
    running_project,
)
from plugins.social_workers.words import FORMS, ORDER, STAGES

_NEEDED = {"planning": "SW03", "intervention": "SW04", "evaluation": "SW05"}
"""The form a stage waits for: a plan follows an assessment, work follows a plan, evaluation follows a session."""


def subject(one: Case) -> str:
    """How the audit names a case."""
    return f"social_workers_case:{one.id}"


def own_file(work: UnitOfWork, text: str) -> Case:
    """A case whose file the actor may open: its worker, assistant or supervisor; raises ``NotFound``, ``Forbidden``."""
    one = own_case(work, text, FILE)
    if not may_open(work, one):
        raise Forbidden(_("个案档案只由承办社工和督导办理，你只能查看摘要"))
    return one


def open_case(work: UnitOfWork, wish: OpenCase) -> tuple[Case, list[Objection]]:
    """Open a case with intake; consent by the client or guardian, or the basis of mandatory reporting."""
    work.require(SERVE)
    client = living(work, wish.client_id, SERVE, "client_id")
    area = wish.area.strip() or client.hukou_area
    work.require(SERVE, area)
    on = past(work, wish.opened_on, "opened_on")
    if wish.consent_on is None and not wish.basis.strip():
        words = _("没有知情同意，也没有强制报告依据")
        raise refuse(words, field="consent_on", code="E_SW_CONSENT", hint=_("登记同意日期，或填写强制报告依据"))
    if wish.consent_on:
        past(work, wish.consent_on, "consent_on")
    warnings: list[Objection] = []
    worker = responsible(work, wish.worker, on)
    helper = assisting(work, wish.assistant, on, "assistant", warnings) if wish.assistant.strip() else None
    supervisor = assisting(work, wish.supervisor, on, "supervisor", warnings)
    if worker.id in (supervisor.id, helper.id if helper else None):
        raise refuse(_("承办社工、协办社工和督导不能是同一人"), field="supervisor", code="E_SW_SELF")
    project = running_project(work, wish.project, on)
    index = sealed.index_of(work, wish.goal)
    _another_goal(work, client.id, index)
    made = Case(
        number=work.next_number(col(Case.number), f"GA-{work.today.year}-"),
        client_id=client.id,
        first_client_id=client.id,
        project_id=project.id if project else None,
        worker_id=worker.id or 0,
        assistant_id=helper.id if helper else None,
        supervisor_id=supervisor.id or 0,
        area=area,
        opened_on=on,
        needs=",".join(wish.needs),
        field=wish.field,
        risk=wish.risk,
        crisis_at=work.now if wish.risk == "crisis" else None,
        consent_on=wish.consent_on,
        consent_by=(wish.consent_by or "client") if wish.consent_on else "",
        basis=wish.basis.strip(),
        goal_index=index,
        stage_on=on,
        added_by=work.actor.account_id,
    )
    keep(work, made)
    made.goal = sealed.seal(work, sealed.GOAL, made.id, wish.goal.strip())
    keep(work, made)
    work.record("social_workers.case_opened", subject(made), area=area, after={"number": made.number, "on": on})
    return made, warnings


def _another_goal(work: UnitOfWork, client: int, index: bytes) -> None:
    same = select(col(Case.number)).where(
        col(Case.client_id) == client, col(Case.goal_index) == index, col(Case.closed_on).is_(None)
    )
    number = work.session.scalars(same).first()
    if number:
        words = _("这名服务对象已有相同目标的个案：{number}", number=number)
        raise refuse(words, field="goal", code="E_SW_GOAL")


def add_form(work: UnitOfWork, text: str, wish: AddForm) -> CaseForm:
    """Put a dated form into the file; its text is sealed. A mistake is answered by a later form."""
    one = own_file(work, text)
    on = past(work, wish.on, "on")
    if on < one.opened_on:
        raise refuse(_("文书日期早于接案日期"), field="on", code="E_DAY")
    if one.stage == "ended" or (one.closed_on and wish.kind not in ("SW08", "SW10")):
        raise refuse(_("个案已经结束"), field="kind", code="E_SW_STAGE")
    if wish.kind == "SW05":
        _session_fits(one, wish)
    return _write(work, one, wish, on)


def _session_fits(one: Case, wish: AddForm) -> None:
    if not wish.minutes:
        raise refuse(_("过程记录要填面谈分钟"), field="minutes", code="E_FIELD")
    if one.stage not in ("planning", "intervention", "evaluation"):
        words = _("“{stage}”阶段还不能登记过程记录", stage=_(STAGES[one.stage]))
        raise refuse(words, field="kind", code="E_SW_STAGE")


def _write(work: UnitOfWork, one: Case, wish: AddForm, on: date) -> CaseForm:
    me = my_worker(work)
    counted = select(func.count()).where(col(CaseForm.case_id) == one.id, col(CaseForm.kind) == wish.kind)
    number = work.next_ids("social_workers_case_form", 1)[0]
    made = CaseForm(
        id=number,
        case_id=one.id or 0,
        kind=wish.kind,
        place=(work.session.scalar(counted) or 0) + 1,
        dated=on,
        minutes=wish.minutes if wish.kind == "SW05" else 0,
        content=sealed.seal(work, sealed.CONTENT, number, wish.content.strip()),
        next_step=sealed.seal(work, sealed.NEXT, number, wish.next_step.strip()),
        worker_id=me.id or 0 if me else one.worker_id,
        recorded_at=work.now,
        recorded_by=work.actor.account_id,
    )
    keep(work, made)
    after = {"kind": wish.kind, "place": made.place, "on": on}
    work.record("social_workers.form_added", subject(one), area=one.area, after=after)
    return made


def kinds_in(work: UnitOfWork, one: Case) -> set[str]:
    """Which kinds of forms stand in a file."""
    return set(work.session.scalars(select(col(CaseForm.kind)).where(col(CaseForm.case_id) == one.id)))


def advance(work: UnitOfWork, text: str, wish: Advance) -> Case:
    """Go on to a stage, one after the other, each with the form before it."""
    one = own_file(work, text)
    if one.closed_on or ORDER.index(wish.stage) != ORDER.index(one.stage) + 1:
        words = _("现在是“{stage}”阶段，只能进入下一阶段", stage=_(STAGES[one.stage]))
        raise refuse(words, field="stage", code="E_SW_STAGE")
    needed = _NEEDED.get(wish.stage)
    if needed and needed not in kinds_in(work, one):
        words = _("还没有{form}（{code}）", form=_(FORMS[needed]), code=needed)
        raise refuse(words, field="stage", code="E_SW_STAGE")
    return _stage(work, one, wish.stage, work.today)


def _stage(work: UnitOfWork, one: Case, stage: str, on: date, reason: str = "") -> Case:
    before, one.stage, one.stage_on = one.stage, stage, on
    moved(work, one)
    work.record(
        "social_workers.case_staged", subject(one), area=one.area, reason=reason, before={"stage": before},
        after={"stage": stage},
    )  # fmt: skip
    return one


def close(work: UnitOfWork, text: str, wish: CloseCase) -> Case:
    """Close a case whose evaluation stands in its file; without one it is refused (E_SW_STAGE)."""
    one, on = own_file(work, text), past(work, wish.on, "on")
    if one.closed_on:
        raise refuse(_("个案已经结束"), code="E_SW_STAGE")
    if one.stage != "evaluation" or "SW07" not in kinds_in(work, one):
        words = _("没有评估不能结案")
        raise refuse(words, field="ending", code="E_SW_STAGE", hint=_("先进入评估阶段并登记评估表（SW07）"))
    if on < one.opened_on:
        raise refuse(_("结案日期早于接案日期"), field="on", code="E_DAY")
    one.closed_on, one.ending = on, wish.ending
    one.goal_percent, one.satisfaction = wish.goal_percent, wish.satisfaction
    return _stage(work, one, "closed", on)


def end(work: UnitOfWork, text: str, wish: EndCase) -> Case:
    """End a case early from any stage, with the reason; it is not counted as completed."""
    one, on = own_file(work, text), past(work, wish.on, "on")
    if one.closed_on:
        raise refuse(_("个案已经结束"), code="E_SW_STAGE")
    if wish.ending == "referred" and "SW09" not in kinds_in(work, one):
        raise refuse(_("转介要先登记转介单（SW09）"), field="ending", code="E_SW_STAGE")
    if on < one.opened_on:
        raise refuse(_("结案日期早于接案日期"), field="on", code="E_DAY")
    one.closed_on, one.ending, one.reason = on, wish.ending, wish.reason.strip()
    return _stage(work, one, "ended", on, one.reason)


def follow_up(work: UnitOfWork, text: str, wish: FollowUp) -> Case:
    """The client was asked again after closing; the form SW10 stands in the file."""
    one, on = own_file(work, text), past(work, wish.on, "on")
    if one.stage != "closed" or one.closed_on is None or on < one.closed_on:
        raise refuse(_("结案以后才能回访"), field="on", code="E_SW_STAGE")
    _write(work, one, AddForm(kind="SW10", content=wish.content), on)
    one.followed_up_on = on
    return _stage(work, one, "follow_up", on)


def set_risk(work: UnitOfWork, text: str, wish: SetRisk) -> Case:
    """Change the risk; a crisis starts the clock within which the supervisor is told."""
    one = own_file(work, text)
    if one.closed_on:
        raise refuse(_("个案已经结束"), code="E_SW_STAGE")
    before, one.risk = one.risk, wish.risk
    if wish.risk == "crisis" and before != "crisis":
        one.crisis_at, one.informed_at, one.informed_by = moment(work, wish.at, "at"), None, None
    moved(work, one)
    after = {"risk": wish.risk}
    work.record("social_workers.risk_set", subject(one), area=one.area, before={"risk": before}, after=after)
    return one


def inform(work: UnitOfWork, text: str, wish: Inform) -> tuple[Case, list[Objection]]:
    """Note that the supervisor was told of the crisis; later than the county allows is a warning that stays."""
    one, at = own_file(work, text), moment(work, wish.at, "at")
    if one.crisis_at is None or one.informed_at is not None:
        raise refuse(_("没有等待告知的危机"), field="at", code="E_SW_STATE")
    if at < one.crisis_at:
        raise refuse(_("告知时间早于发现时间"), field="at", code="E_DAY")
    one.informed_at, one.informed_by = at, work.actor.account_id
    moved(work, one)
    hours = work.policy("social_workers.crisis_hours")
    late = at - one.crisis_at > timedelta(hours=hours)
    work.record("social_workers.supervisor_told", subject(one), area=one.area, after={"late": late})
    words = _("超过 {hours} 小时才告知督导", hours=hours)
    return one, [Objection(reason=words, field="at", code="W_SW_CRISIS")] if late else []


def hand_over(work: UnitOfWork, text: str, wish: HandOver) -> Handover:
    """Give a case to another worker, with the client's knowledge; the worker or the supervisor does it."""
    one, on = own_file(work, text), past(work, wish.on, "on")
    if one.closed_on:
        raise refuse(_("个案已经结束"), code="E_SW_STAGE")
    if past(work, wish.client_told_on, "client_told_on") > on:
        raise refuse(_("移交前要先告知服务对象"), field="client_told_on", code="E_SW_HANDOVER")
    worker = responsible(work, wish.worker, on)
    supervisor = named_worker(work, wish.supervisor, "supervisor") if wish.supervisor.strip() else None
    if worker.id == one.worker_id or worker.id == (supervisor.id if supervisor else one.supervisor_id):
        raise refuse(_("承办社工、协办社工和督导不能是同一人"), field="worker", code="E_SW_SELF")
    made = Handover(
        case_id=one.id or 0,
        from_id=one.worker_id,
        to_id=worker.id or 0,
        given_on=on,
        client_told_on=wish.client_told_on,
        reason=wish.reason.strip(),
        recorded_by=work.actor.account_id,
    )
    keep(work, made)
    one.worker_id = worker.id or 0
    one.supervisor_id = (supervisor.id if supervisor else one.supervisor_id) or 0
    if one.assistant_id == one.worker_id:
        one.assistant_id = None
    moved(work, one)
    work.record("social_workers.handed_over", subject(one), area=one.area, reason=made.reason)
    return made
