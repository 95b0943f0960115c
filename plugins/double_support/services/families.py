"""Army families: spouses who look for a job, their subsidy, children who need a school."""

from datetime import date

from sqlalchemy import select
from sqlmodel import col

from core.api import NewRecovery, Period, UnitOfWork, _, batch_facts, handed_out, open_recovery, refuse
from plugins.double_support.models import Job, Offer, SchoolRequest, Spouse, Stretch, Subsidy
from plugins.double_support.queries import own, rows_of
from plugins.double_support.rules import first_subsidy_month, months_due
from plugins.double_support.services.common import (
    KEEP,
    county,
    keep,
    living,
    moved,
    not_before,
    note,
    past,
    require_public,
    require_state,
)
from plugins.double_support.services.units import NOT_SENT
from plugins.double_support.wishes import Why
from plugins.double_support.words import SPOUSES
from plugins.double_support.work_wishes import (
    AddSchoolRequest,
    AddSpouse,
    LeaveJob,
    OfferJob,
    PlaceSpouse,
    SolveRequest,
    Subsidise,
)

OPEN = ("registered", "offered", "placed", "subsidised")


def examine(work: UnitOfWork, wish: AddSpouse) -> Spouse:
    """The registration a spouse would get; refused while another one is open."""
    person = living(work, wish.person_id, KEEP)
    same = select(col(Spouse.number)).where(col(Spouse.person_id) == person.id, col(Spouse.state) != "ended")
    if number := work.session.scalars(same).first():
        raise refuse(_("已经登记：{number}", number=number), field="person_id", code="E_DBL_KNOWN")
    return Spouse(
        number="",
        person_id=person.id,
        first_person_id=person.id,
        area=person.hukou_area or county(work),
        registered_on=past(work, wish.on),
        other_payer=wish.other_payer.strip(),
        state_on=work.today,
        added_by=work.actor.account_id,
    )


def add_spouse(work: UnitOfWork, wish: AddSpouse) -> Spouse:
    """Register a spouse."""
    require_public(work, wish)
    made = examine(work, wish)
    made.number = work.next_number(col(Spouse.number), f"SQ-{county(work)}-", digits=4)
    keep(work, made)
    note(work, "spouse_added", "spouse", made)
    return made


def _stepped(work: UnitOfWork, one: Spouse, state: str, reason: str = "") -> Spouse:
    one.state, one.state_on, one.reason = state, work.today, reason
    moved(work, one)
    note(work, "spouse_stepped", "spouse", one, reason=reason, state=state)
    return one


def offer(work: UnitOfWork, text: str, wish: OfferJob) -> Spouse:
    """Offer a job."""
    require_public(work, wish)
    one = own(work, Spouse, text, KEEP)
    require_state(one, "registered", "offered", "subsidised")
    made = Offer(
        spouse_id=one.id or 0,
        employer=wish.employer.strip(),
        post=wish.post.strip(),
        offered_on=not_before(past(work, wish.on), one.registered_on),
        recorded_by=work.actor.account_id,
    )
    keep(work, made)
    return _stepped(work, one, "offered" if one.state == "registered" else one.state)


def stretches_of(work: UnitOfWork, spouse_id: int | None) -> list[Stretch]:
    """The stretches of a spouse's subsidy, oldest first."""
    return rows_of(work, Stretch, Stretch.spouse_id, spouse_id)


def jobs_of(work: UnitOfWork, spouse_id: int | None) -> list[Job]:
    """The jobs of a spouse, oldest first."""
    return rows_of(work, Job, Job.spouse_id, spouse_id)


def due_months(work: UnitOfWork, spouse_id: int | None, until: str) -> list[str]:
    """The months of subsidy of a spouse up to a month."""
    return months_due([(one.first_month, one.last_month) for one in stretches_of(work, spouse_id)], until)


def subsidise(work: UnitOfWork, text: str, wish: Subsidise) -> Spouse:
    """Begin the subsidy, or let it go on once a year after a short job; refused (E_DBL_SPOUSE) for a placed spouse."""
    require_public(work, wish)
    one = own(work, Spouse, text, KEEP)
    if one.state == "placed":
        words = _("已经就业的随军家属不能领取补贴")
        raise refuse(words, code="E_DBL_SPOUSE")
    if one.other_payer:
        words = _("补贴只由一家发放，已由 {payer} 发放", payer=one.other_payer)
        raise refuse(words, code="E_DBL_SPOUSE")
    require_state(one, "registered", "offered")
    earlier, jobs = stretches_of(work, one.id), jobs_of(work, one.id)
    resumed = bool(earlier)
    first = first_subsidy_month(Period.of(jobs[-1].until if jobs and jobs[-1].until else one.registered_on))
    if resumed:
        _may_resume(work, jobs[-1] if jobs else None, earlier, first)
    asked = Period(wish.first_month) if wish.first_month else first
    if asked < first:
        words = _("补贴最早从 {month} 起", month=first)
        raise refuse(words, field="first_month", code="E_DBL_SPOUSE")
    made = Stretch(
        spouse_id=one.id or 0,
        kind="resumed" if resumed else "first",
        year=asked.year,
        first_month=str(asked),
        recorded_by=work.actor.account_id,
    )
    keep(work, made)
    return _stepped(work, one, "subsidised")


def _may_resume(work: UnitOfWork, job: Job | None, earlier: list[Stretch], first: Period) -> None:
    """A short job lets the subsidy go on, so often a year as the policy says."""
    months, often = work.policy("double_support.resume_months"), work.policy("double_support.resumes_a_year")
    if job is None or job.until is None or job.until > _months_on(job.since, months):
        words = _("就业超过 {months} 个月后离职的，补贴不再恢复，可以重新登记", months=months)
        raise refuse(words, code="E_DBL_SPOUSE")
    if sum(one.kind == "resumed" and one.year == first.year for one in earlier) >= often:
        words = _("补贴每年只能恢复 {count} 次", count=often)
        raise refuse(words, code="E_DBL_SPOUSE")


def _months_on(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    period = Period.of(day).plus(months)
    return min(period.last_day, period.first_day.replace(day=1) + (day - day.replace(day=1)))


def place(work: UnitOfWork, text: str, wish: PlaceSpouse) -> Spouse:
    """A job was taken: the subsidy ends with its month, what was paid beyond is claimed back."""
    require_public(work, wish)
    one = own(work, Spouse, text, KEEP)
    require_state(one, "registered", "offered", "subsidised")
    since = not_before(past(work, wish.since, "since"), one.registered_on, "since")
    jobs = jobs_of(work, one.id)
    if jobs and jobs[-1].until:
        not_before(since, jobs[-1].until, "since")
    end_subsidy(work, one, Period.of(since))
    made = Job(spouse_id=one.id or 0, employer=wish.employer.strip(), since=since, recorded_by=work.actor.account_id)
    keep(work, made)
    return _stepped(work, one, "placed")


def end_subsidy(work: UnitOfWork, one: Spouse, last: Period) -> None:
    """The running stretch ends with a month; months in batches that were not sent go, those paid are claimed back."""
    for stretch in stretches_of(work, one.id):
        if not stretch.last_month:
            stretch.last_month = str(max(last, Period(stretch.first_month).previous()))
            keep(work, stretch)
    due = set(due_months(work, one.id, str(Period.of(work.today).plus(12))))
    over: dict[str, int] = {}
    paid = handed_out(work, SPOUSES, [one.person_id])
    for row in months_of(work, one.id):
        if row.month in due:
            continue
        if row.batch_id is None or batch_facts(work, row.batch_id).state in NOT_SENT:
            row.withdrawn_on = work.today
            keep(work, row)
        elif fen := paid.get((one.person_id, row.month), 0):
            over[row.month] = fen
    if over:
        open_recovery(
            work,
            NewRecovery(
                scheme=SPOUSES,
                beneficiary_id=one.person_id,
                person_id=one.person_id,
                area=one.area.ljust(12, "0"),
                reason=_("就业后多发的随军家属补贴"),
                months=over,
                source_id=one.id or 0,
            ),
        )


def months_of(work: UnitOfWork, spouse_id: int | None) -> list[Subsidy]:
    """The months of a spouse that stand in batches."""
    asked = select(Subsidy).where(col(Subsidy.spouse_id) == spouse_id, col(Subsidy.withdrawn_on).is_(None))
    return list(work.session.scalars(asked.order_by(col(Subsidy.month))))


def leave_job(work: UnitOfWork, text: str, wish: LeaveJob) -> Spouse:
    """The last day of the job."""
    one = own(work, Spouse, text, KEEP)
    require_state(one, "placed")
    job = jobs_of(work, one.id)[-1]
    job.until = not_before(past(work, wish.on), job.since)
    keep(work, job)
    return _stepped(work, one, "registered")


def end_spouse(work: UnitOfWork, text: str, wish: Why) -> Spouse:
    """The registration ends; a running subsidy ends with this month."""
    require_public(work, wish)
    one = own(work, Spouse, text, KEEP)
    require_state(one, *OPEN)
    end_subsidy(work, one, Period.of(work.today))
    one.state_before = one.state
    return _stepped(work, one, "ended", wish.reason.strip())


def add_request(work: UnitOfWork, wish: AddSchoolRequest) -> SchoolRequest:
    """Ask for a school place of a soldier's child."""
    require_public(work, wish)
    person = living(work, wish.person_id, KEEP)
    open_ = select(col(SchoolRequest.id)).where(
        col(SchoolRequest.person_id) == person.id, col(SchoolRequest.state) == "open"
    )
    if work.session.scalars(open_).first() is not None:
        raise refuse(_("这个孩子已经有待解决的申请"), field="person_id", code="E_DBL_KNOWN")
    made = SchoolRequest(
        person_id=person.id,
        first_person_id=person.id,
        area=person.hukou_area or county(work),
        stage=wish.stage,
        wanted=wish.wanted.strip(),
        asked_on=past(work, wish.on),
        added_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "school_asked", "school", made, stage=made.stage)
    return made


def solve(work: UnitOfWork, text: str, wish: SolveRequest) -> SchoolRequest:
    """A school takes the child."""
    require_public(work, wish)
    one = own(work, SchoolRequest, text, KEEP)
    require_state(one, "open")
    one.solved_on, one.school = not_before(past(work, wish.on), one.asked_on), wish.school.strip()
    one.state = "solved"
    moved(work, one)
    note(work, "school_solved", "school", one)
    return one


def withdraw_request(work: UnitOfWork, text: str, wish: Why) -> SchoolRequest:
    """The family no longer asks."""
    require_public(work, wish)
    one = own(work, SchoolRequest, text, KEEP)
    require_state(one, "open")
    one.state, one.reason = "withdrawn", wish.reason.strip()
    moved(work, one)
    note(work, "school_withdrawn", "school", one, reason=one.reason)
    return one
