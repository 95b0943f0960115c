"""What each step is held to before it is taken; every rule answers its objections, nothing is written here."""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import select
from sqlmodel import col

from core.api import Objection, Refused, _, facts_of
from plugins.casework.clocks import months_after
from plugins.casework.models import EconomicCheck, Event, Member, Paper, Relative, SampledCase, Visit
from plugins.casework.people import adults
from plugins.casework.services.turns import Turn, objection, staff_of
from plugins.notices.api import is_complete, notices_of, objections_open, require_complete

Gate = Callable[[Turn], Iterable[Objection]]


def subject(number: str) -> str:
    """How notices name a case."""
    return f"case:{number}"


def complete_application(turn: Turn) -> Iterable[Objection]:
    """The papers that are needed are there, and every adult signed the authorisation (``E_AUTH_MISSING``)."""
    work = turn.work
    there = set(
        work.session.scalars(
            select(col(Paper.kind)).where(col(Paper.case_id) == turn.number, col(Paper.received_on).is_not(None))
        )
    )
    for paper in turn.flow.papers:
        if paper.needed and paper.kind not in there:
            yield objection(_("缺少材料：{title}", title=_(paper.title)), "E_PAPER_MISSING", "papers", paper.kind)
    signed = select(col(Member.person_id), col(Member.signed_on)).where(
        col(Member.case_id) == turn.number, col(Member.left_on).is_(None)
    )
    days = {row.person_id: row.signed_on for row in work.session.execute(signed)}
    people = facts_of(work, days)
    months = work.policy("casework.authorisation_months", on=turn.on)
    for one in adults(work, people.values(), turn.on):
        day = days.get(one.id)
        if day is None:
            words = _("成年家庭成员{name}未签署授权", name=one.name)
            yield objection(words, "E_AUTH_MISSING", "signed_by", str(one.id))
        elif months_after(day, months) < turn.on:
            words = _("{name}的授权已过有效期，请重新签署", name=one.name)
            yield objection(words, "E_AUTH_MISSING", "signed_by", str(one.id))


def told_once(turn: Turn) -> Iterable[Objection]:
    """What is missing is told completely, and once: a second list may only repeat the first."""
    if turn.case.state != "submitted":
        return
    told = set(
        turn.work.session.scalars(
            select(col(Paper.kind)).where(col(Paper.case_id) == turn.number, col(Paper.told_on).is_not(None))
        )
    )
    if not turn.wish.missing and not told:
        yield objection(_("请写明缺少的全部材料，一次告知"), "E_TOLD_ONCE", "missing")
    titles = {one.kind: one.kind for one in turn.flow.papers} | {one.title: one.kind for one in turn.flow.papers}
    for name in turn.wish.missing:
        if told and titles.get(name, name) not in told:
            words = _("补正材料只能一次告知，第一次没有列出“{name}”", name=name)
            yield objection(words, "E_TOLD_ONCE", "missing")


def investigated(turn: Turn) -> Iterable[Objection]:
    """Enough people went, none a relative, and the family signed (``E_INVESTIGATORS``, ``E_SIGNATURE``)."""
    step = turn.flow.step("visit")
    yield from visit_objections(turn, step.investigators if step else turn.work.policy("casework.investigators"))


def visit_objections(turn: Turn, wanted: int) -> Iterable[Objection]:
    """What is wrong with a visit: too few, a relative of the family, nobody signed."""
    staff = staff_of(turn.work, turn.wish.investigators)
    if len({name for name, _account in staff}) < wanted:
        yield objection(_("入户调查人员不得少于{count}人", count=wanted), "E_INVESTIGATORS", "investigators")
    rows = select(col(Relative.staff_name), col(Relative.account_id)).where(col(Relative.case_id) == turn.number)
    for relative in turn.work.session.execute(rows):
        if any(name == relative.staff_name or (account and account == relative.account_id) for name, account in staff):
            words = _("{name}是该家庭的近亲属，应当回避", name=relative.staff_name)
            yield objection(words, "E_INVESTIGATORS", "investigators")
    if not turn.wish.signer.strip():
        yield objection(_("请家庭成员在调查表上签字"), "E_SIGNATURE", "signer")


def with_minutes(turn: Turn) -> Iterable[Objection]:
    """The township's decision names its minutes."""
    if not turn.wish.minutes.strip():
        yield objection(_("请填写党政联席会议纪要编号"), "E_MINUTES", "minutes")


def first_notice_over(turn: Turn) -> Iterable[Objection]:
    """The first notice ran its course (``E_NOTICE_SHORT``), and nothing said against it is open."""
    yield from _notice_over(turn, 1)


def second_notice_over(turn: Turn) -> Iterable[Objection]:
    """Both notices are finished at every level; a grant is refused while one slot is not."""
    yield from _notice_over(turn, 2)
    yield from earlier_notice(turn)


def earlier_notice(turn: Turn) -> Iterable[Objection]:
    """The first notice was held, unless the panel's vote sent the case past it (state table)."""
    if turn.flow.step("notice_1") is None or turn.case.ballot_negative:
        return
    if not was_in(turn, "noticing_1"):
        yield objection(_("不得越过流程：第一次公示没有办理"), "E_SKIP_STEP", "event")


def contested(turn: Turn) -> Iterable[Objection]:
    """Going back from a notice needs an objection on record."""
    notice = notices_of(turn.work, subject(turn.case.number))
    found = is_complete(turn.work, notice[-1], turn.on) if notice else None
    if found is None or not (found.objections_open or found.struck or found.withdrawn):
        yield objection(_("这份公示没有登记异议"), "E_SKIP_STEP", "event")


def settled(turn: Turn) -> Iterable[Objection]:
    """A contested case goes on when every objection is decided and somebody looked again."""
    notice = notices_of(turn.work, subject(turn.case.number))
    if notice and objections_open(turn.work, notice[-1]):
        yield objection(_("还有异议没有核实"), "E_NOTICE_OBJECTION", "event")
    if turn.wish.way == "visit":
        yield from investigated(turn)


def may_decide(turn: Turn) -> Iterable[Objection]:
    """What every decision needs: an economic check, a look again after a negative vote, the visits that must be."""
    work, case = turn.work, turn.case
    if turn.flow.step("check") is not None and not case.urgent_order and not _count(turn, EconomicCheck):
        yield objection(_("不得越过流程：没有经济状况核对报告"), "E_SKIP_STEP", "event")
    if case.ballot_negative and not case.reinvestigated:
        words = _("不得越过流程：票决未通过，先退回乡镇重新调查一次")
        yield objection(words, "E_SKIP_STEP", "event", "return_to_township")
    waiting = select(col(SampledCase.sample_id)).where(
        col(SampledCase.case_id) == turn.number, col(SampledCase.done_on).is_(None)
    )
    if work.session.scalar(waiting.limit(1)) is not None:
        yield objection(_("不得越过流程：被抽中核查，还没有核查结果"), "E_SKIP_STEP", "event", "sample inspect")


def may_grant(turn: Turn) -> Iterable[Objection]:
    """What a grant needs beside: the county visited registered relatives and contested families."""
    yield from may_decide(turn)
    yield from earlier_notice(turn)
    yield from county_visited(turn)
    yield from explained(turn)


def county_visited(turn: Turn) -> Iterable[Objection]:
    """Registered relatives and families complained about were visited by the county (``E_REL_VISIT``)."""
    if not turn.case.relative_registered and not turn.case.complaint:
        return
    seen = select(col(Visit.id)).where(col(Visit.case_id) == turn.number, col(Visit.kind).in_(("county", "spot")))
    if turn.work.session.scalar(seen.limit(1)) is None:
        words = _("近亲属备案对象未入户") if turn.case.relative_registered else _("有投诉的家庭县级未入户")
        yield objection(words, "E_REL_VISIT", "event", "visit")


def explained(turn: Turn) -> Iterable[Objection]:
    """What the check found was explained, or the days for it are over."""
    last = turn.work.session.scalars(
        select(EconomicCheck).where(col(EconomicCheck.case_id) == turn.number).order_by(col(EconomicCheck.id).desc())
    ).first()
    if last is None or last.result == "agrees" or last.explained_on is not None or last.explain_by is None:
        return
    if turn.on <= last.explain_by:
        words = _("核对有不一致项，家庭可在 {day} 前说明", day=last.explain_by)
        yield objection(words, "E_CHECK_UNEXPLAINED", "event", "explain")


def with_reason_and_rule(turn: Turn) -> Iterable[Objection]:
    """A refusal has reasons and the rule it rests on (``E_NO_REASON``)."""
    if not turn.wish.reason.strip():
        yield objection(_("不予确认要写明理由"), "E_NO_REASON", "reason")
    if not turn.wish.rule.strip():
        yield objection(_("不予确认要写明依据的条款"), "E_NO_REASON", "rule")


def refusable(turn: Turn) -> Iterable[Objection]:
    """A refusal is decided like a grant, and in writing."""
    yield from may_decide(turn)
    yield from with_reason_and_rule(turn)


def month_reached(turn: Turn) -> Iterable[Objection]:
    """Nobody is in payment before the month of the grant."""
    if turn.on.isoformat()[:7] < turn.case.effective_month:
        words = _("从 {month} 起享受，还没有到", month=turn.case.effective_month)
        yield objection(words, "E_SKIP_STEP", "event")


def has_phase_out(turn: Turn) -> Iterable[Objection]:
    """Only a scheme that knows a phase-out pays on unchanged."""
    if not turn.kind.phase_out_key:
        words = _("不得越过流程：{type}没有渐退期", type=_(turn.kind.title))
        yield objection(words, "E_SKIP_STEP", "event")


def phase_out_over(turn: Turn) -> Iterable[Objection]:
    """The phase-out ended."""
    if turn.on.isoformat()[:7] <= turn.case.last_month:
        words = _("渐退期到 {month} 结束", month=turn.case.last_month)
        yield objection(words, "E_SKIP_STEP", "event")


def drawn(turn: Turn) -> Iterable[Objection]:
    """Only a case that was drawn goes to the spot check."""
    asked = select(col(SampledCase.sample_id)).where(
        col(SampledCase.case_id) == turn.number, col(SampledCase.done_on).is_(None)
    )
    if turn.work.session.scalar(asked.limit(1)) is None:
        yield objection(_("这件申请没有被抽中"), "E_SKIP_STEP", "event", "sample draw")


def not_waiting(turn: Turn) -> Iterable[Objection]:
    """One waiting at a time."""
    if turn.case.waiting_since is not None:
        yield objection(_("已经在等申请人补充材料"), "E_SKIP_STEP", "event")


def waiting(turn: Turn) -> Iterable[Objection]:
    """Something was asked for."""
    if turn.case.waiting_since is None:
        yield objection(_("没有在等申请人补充材料"), "E_SKIP_STEP", "event")


def was_in(turn: Turn, state: str) -> bool:
    """Whether a case ever stood in a state."""
    asked = select(col(Event.id)).where(col(Event.case_id) == turn.number, col(Event.to_state) == state)
    return turn.work.session.scalar(asked.limit(1)) is not None


def _notice_over(turn: Turn, round_: int) -> Iterable[Objection]:
    if turn.flow.step(f"notice_{round_}") is None:
        return
    notice = notices_of(turn.work, subject(turn.case.number))
    if not notice:
        yield objection(_("还没有公示"), "E_NOTICE_SHORT", "event")
        return
    try:
        require_complete(turn.work, notice[-1], turn.on)
    except Refused as refusal:
        yield from refusal.objections


def _count(turn: Turn, model: type[EconomicCheck]) -> bool:
    return turn.work.session.scalar(select(col(model.id)).where(col(model.case_id) == turn.number).limit(1)) is not None


GATES: Mapping[str, Gate] = {
    "submit": complete_application,
    "return": told_once,
    "visit_done": investigated,
    "period_end_no_objection": first_notice_over,
    "objection": contested,
    "done": settled,
    "minutes_ok": with_minutes,
    "sample_drawn": drawn,
    "propose_grant": may_grant,
    "period_end": second_notice_over,
    "refuse": refusable,
    "activate": month_reached,
    "phase_out": has_phase_out,
    "period_over": phase_out_over,
    "ask_applicant": not_waiting,
    "supplied": waiting,
}
"""The rule of each event; what is not listed has none but the state table."""
