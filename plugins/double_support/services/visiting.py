"""Visit plans: amounts by category, the list, the ballot, the minutes, the visits and what was needed."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlmodel import col

from core.api import (
    NewPayee,
    Objection,
    Refused,
    UnitOfWork,
    _,
    batch_facts,
    format_money,
    household_of,
    keep_payee,
    refuse,
)
from plugins.double_support.hookspecs import Entitled, Visited
from plugins.double_support.models import Category, Need, Plan, Visit
from plugins.double_support.queries import own, rows_of, unit_of
from plugins.double_support.rules import plan_need
from plugins.double_support.services.common import (
    KEEP,
    VISIT,
    amount,
    county,
    keep,
    living,
    moved,
    not_before,
    note,
    past,
    require_public,
    require_state,
    two_visitors,
)
from plugins.double_support.services.units import NOT_SENT
from plugins.double_support.wishes import (
    AddPlan,
    AnswerNeed,
    CashAccount,
    CloseList,
    Draw,
    FundPlan,
    ListUnit,
    ListVisit,
    RecordVisit,
    SetCategory,
    Step,
    Why,
)


def add_plan(work: UnitOfWork, wish: AddPlan) -> Plan:
    """Plan the visits of a festival."""
    work.require(KEEP, wish.area or county(work))
    require_public(work, wish)
    year = wish.year or work.today.year
    made = Plan(
        number=work.next_number(col(Plan.number), f"DSV-{year}-", digits=4),
        year=year,
        festival=wish.festival,
        title=wish.title.strip(),
        groups=wish.groups.strip(),
        hardship=wish.hardship,
        area=wish.area or county(work),
        state_on=work.today,
        added_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "plan_added", "plan", made, festival=made.festival, hardship=made.hardship)
    return made


def set_category(work: UnitOfWork, text: str, wish: SetCategory) -> Plan:
    """Set what households of a category get; while the list is open and nobody of it is listed."""
    require_public(work, wish)
    plan = own(work, Plan, text, KEEP)
    require_state(plan, "planned")
    name, fen = wish.category.strip(), amount(wish.amount, "amount")
    asked = select(Category).where(col(Category.plan_id) == plan.id, col(Category.name) == name)
    one = work.session.scalars(asked).first()
    if one is None:
        one = Category(plan_id=plan.id or 0, name=name, amount_fen=fen, recorded_by=work.actor.account_id)
    elif one.amount_fen != fen and rows_of(work, Visit, Visit.category_id, one.id):
        raise refuse(_("这个类别已经有名单，不能改金额"), field="amount", code="E_DBL_STATE")
    one.amount_fen, one.households = fen, wish.households
    keep(work, one)
    note(work, "category_set", "plan", plan, amount_fen=fen, households=wish.households)
    return plan


def categories_of(work: UnitOfWork, plan_id: int | None) -> list[Category]:
    """The categories of a plan, in the order they were set."""
    return rows_of(work, Category, Category.plan_id, plan_id)


def category_named(work: UnitOfWork, plan: Plan, name: str) -> Category:
    """A category of a plan by its name; refused with the names there are."""
    known = {one.name: one for one in categories_of(work, plan.id)}
    if name.strip() not in known:
        raise refuse(_("计划里没有这个类别"), field="category", code="E_DBL_CATEGORY", hint="、".join(known))
    return known[name.strip()]


def examine_visit(work: UnitOfWork, plan: Plan, wish: ListVisit) -> Visit:
    """The line a household would be; refused when it stands on a list of this festival already (E_DBL_TWICE)."""
    category = category_named(work, plan, wish.category)
    person = living(work, wish.person_id, VISIT)
    household = household_of(work, person.id)
    twice = _listed_already(work, plan, household[0] if household else None, [person.id])
    if twice:
        words = _("同一户在这次慰问中已经列入 {number}", number=twice)
        raise refuse(words, field="person_id", code="E_DBL_TWICE")
    return Visit(
        plan_id=plan.id or 0,
        category_id=category.id or 0,
        year=plan.year,
        festival=plan.festival,
        household_id=household[0] if household else None,
        person_id=person.id,
        first_person_id=person.id,
        area=person.hukou_area or plan.area,
        amount_fen=category.amount_fen,
        channel=wish.channel,
        key_person=wish.key_person,
        added_by=work.actor.account_id,
    )


def _listed_already(work: UnitOfWork, plan: Plan, household: int | None, people: Sequence[int]) -> str:
    """The number of the plan of this festival on which a household or person stands, "" for none."""
    same = [col(Visit.person_id).in_(people)]
    if household is not None:
        same.append(col(Visit.household_id) == household)
    asked = (
        select(col(Plan.number))
        .join(Visit, col(Visit.plan_id) == col(Plan.id))
        .where(
            col(Visit.year) == plan.year,
            col(Visit.festival) == plan.festival,
            col(Visit.state) != "returned",
            or_(*same),
        )
    )
    return work.session.scalars(asked).first() or ""


def twice_in_file() -> Refused:
    """What is said of a household that stands twice in a file."""
    return refuse(_("同一户在表里出现两次"), field="person_id", code="E_DBL_TWICE")


def list_visit(work: UnitOfWork, text: str, wish: ListVisit) -> Visit:
    """Put a household on the list of a plan."""
    require_public(work, wish)
    plan = own(work, Plan, text, KEEP)
    require_state(plan, "planned")
    made = examine_visit(work, plan, wish)
    keep(work, made)
    note(work, "visit_listed", "visit", made, plan=plan.number, amount_fen=made.amount_fen)
    return made


def list_unit(work: UnitOfWork, text: str, wish: ListUnit) -> Visit:
    """Put a partner unit on the list of a plan, by its code name."""
    require_public(work, wish)
    plan = own(work, Plan, text, KEEP)
    require_state(plan, "planned")
    category, unit = category_named(work, plan, wish.category), unit_of(work, wish.unit)
    made = Visit(
        plan_id=plan.id or 0,
        category_id=category.id or 0,
        year=plan.year,
        festival=plan.festival,
        unit_id=unit.id,
        area=plan.area,
        amount_fen=category.amount_fen,
        added_by=work.actor.account_id,
    )
    keep(work, made)
    note(work, "visit_listed", "visit", made, plan=plan.number, amount_fen=made.amount_fen)
    return made


def draw(work: UnitOfWork, text: str, wish: Draw) -> tuple[dict[str, int], list[Objection]]:
    """List the entitled persons another plugin keeps; households that are listed already are left out."""
    require_public(work, wish)
    plan = own(work, Plan, text, KEEP)
    require_state(plan, "planned")
    category_named(work, plan, wish.category)
    if not work.hooks.implementers("resolve_double_support_entitled"):
        words = _("没有启用登记优抚对象的插件，请导入名单")
        raise refuse(words, field="groups", code="E_DBL_NO_SOURCE")
    found: Entitled | None = work.hooks.resolve(
        "resolve_double_support_entitled", work=work, area=plan.area, groups=tuple(wish.groups)
    )
    made, left = 0, 0
    for person, key in zip(found.person_ids, found.key_persons, strict=True) if found else ():
        household = household_of(work, person)
        if _listed_already(work, plan, household[0] if household else None, [person]):
            left += 1
            continue
        keep(work, examine_visit(work, plan, ListVisit(person_id=person, category=wish.category, key_person=bool(key))))
        made += 1
    note(work, "list_drawn", "plan", plan, listed=made, left_out=left)
    warning = Objection(reason=_("{count} 户已在名单里，没有重复列入", count=left), code="W_DBL_TWICE")
    return {"id": plan.id or 0, "listed": made, "left_out": left}, [warning] if left else []


def need_of(work: UnitOfWork, plan: Plan) -> int:
    """What a plan needs, in fen: the planned households of each category, or those listed where they are more."""
    amounts = {one.id or 0: (one.households, one.amount_fen) for one in categories_of(work, plan.id)}
    asked = (
        select(col(Visit.category_id), func.count())
        .where(col(Visit.plan_id) == plan.id, col(Visit.state) != "returned", col(Visit.unit_id).is_(None))
        .group_by(col(Visit.category_id))
    )
    listed = {row[0]: row[1] for row in work.session.execute(asked)}
    units = select(func.sum(col(Visit.amount_fen))).where(
        col(Visit.plan_id) == plan.id, col(Visit.state) != "returned", col(Visit.unit_id).is_not(None)
    )
    return plan_need(amounts, listed, int(work.session.scalar(units) or 0))


def require_ballot(work: UnitOfWork, plan: Plan, reference: str, field: str = "ballot") -> None:
    """Refuse (E_NO_BALLOT) a hardship list without a ballot, where the policy asks for one."""
    mode = work.policy("double_support.ballot")
    kept_here = bool(work.hooks.implementers("resolve_double_support_ballot"))
    if not plan.hardship or mode == "never" or (mode == "where_on" and not kept_here):
        return
    held = bool(reference)
    if reference and kept_here:
        held = bool(work.hooks.resolve("resolve_double_support_ballot", work=work, reference=reference, area=plan.area))
    if not held:
        raise refuse(_("未经评审团票决：困难户慰问名单要有通过的票决"), field=field, code="E_NO_BALLOT")


def close_list(work: UnitOfWork, text: str, wish: CloseList) -> Plan:
    """The list stands."""
    require_public(work, wish)
    plan = own(work, Plan, text, KEEP)
    require_state(plan, "planned")
    if not categories_of(work, plan.id):
        raise refuse(_("还没有设类别和金额"), code="E_DBL_CATEGORY")
    require_ballot(work, plan, wish.ballot.strip())
    plan.ballot = wish.ballot.strip()
    return _stepped(work, plan, "listed")


def _stepped(work: UnitOfWork, plan: Plan, state: str, reason: str = "") -> Plan:
    plan.state, plan.state_on, plan.reason = state, work.today, reason
    moved(work, plan)
    note(work, "plan_stepped", "plan", plan, reason=reason, state=state)
    return plan


def fund_plan(work: UnitOfWork, text: str, wish: FundPlan) -> Plan:
    """The minutes decided the money; refused (E_MINUTES_EXCEEDED) with the amount that is too much."""
    require_public(work, wish)
    plan = own(work, Plan, text, KEEP)
    if not wish.minutes.strip():
        raise refuse(_("缺少会议记录：慰问资金要引用会议记录"), field="minutes", code="E_NO_MINUTES")
    require_state(plan, "listed")
    decided, needed = amount(wish.decided, "decided", 1), need_of(work, plan)
    if needed > decided:
        words = _(
            "超出会议决定金额 {over} 元：计划需要 {needed} 元，会议决定 {decided} 元",
            over=format_money(needed - decided), needed=format_money(needed), decided=format_money(decided),
        )  # fmt: skip
        raise refuse(words, field="decided", code="E_MINUTES_EXCEEDED", hint=format_money(needed - decided))
    plan.minutes, plan.decided_fen = wish.minutes.strip(), decided
    return _stepped(work, plan, "funded")


def set_cash_account(work: UnitOfWork, text: str, wish: CashAccount) -> Plan:
    """Note the office's account from which money that is handed over against signature is drawn."""
    require_public(work, wish)
    plan = own(work, Plan, text, KEEP)
    require_state(plan, "planned", "listed", "funded")
    payee = NewPayee(kind="institution", name=wish.account_name.strip(), number=wish.account_number.strip())
    plan.payee_id = keep_payee(work, payee)
    moved(work, plan)
    note(work, "plan_account_set", "plan", plan)
    return plan


def record_visit(work: UnitOfWork, text: str, wish: RecordVisit) -> Visit:
    """Note how a visit went: two visitors; what is needed becomes a task."""
    require_public(work, wish)
    one = own(work, Visit, text, VISIT)
    require_state(one, "listed")
    plan = work.session.get_one(Plan, one.plan_id)
    require_state(plan, "funded")
    one.leader, one.companion = two_visitors(wish.leader, wish.companion)
    if one.channel == "signed" and not wish.signature.strip():
        raise refuse(_("当面发放的要登记签收"), field="signature", code="E_DBL_SIGNATURE")
    one.visited_on, one.goods, one.signature = past(work, wish.on), wish.goods.strip(), wish.signature.strip()
    one.state = "visited"
    moved(work, one)
    if wish.needs.strip():
        due = one.visited_on + timedelta(days=work.policy("double_support.need_days"))
        keep(
            work,
            Need(
                visit_id=one.id or 0, area=one.area, words=wish.needs.strip(), due=due, added_by=work.actor.account_id
            ),
        )
    note(work, "visited", "visit", one, amount_fen=one.amount_fen, needs=bool(wish.needs.strip()))
    if one.person_id:
        visits = Visited(person_ids=[one.person_id], days=[one.visited_on.isoformat()], amounts=[one.amount_fen])
        work.hooks.announce("double_support_visited", work=work, visits=visits)
    return one


def return_visit(work: UnitOfWork, text: str, wish: Why) -> Visit:
    """Give a household back to the plan that died out or moved; the money stays in the fund."""
    require_public(work, wish)
    one = own(work, Visit, text, VISIT)
    require_state(one, "listed")
    if one.batch_id and batch_facts(work, one.batch_id).state not in NOT_SENT:
        raise refuse(_("慰问金已经提交付款，请到资金办理追回"), code="E_DBL_STATE")
    one.state, one.reason = "returned", wish.reason.strip()
    moved(work, one)
    note(work, "visit_returned", "visit", one, reason=one.reason)
    return one


def finish_plan(work: UnitOfWork, text: str, wish: Step) -> Plan:
    """Every household was visited or given back."""
    require_public(work, wish)
    plan = own(work, Plan, text, KEEP)
    require_state(plan, "funded")
    left = [one for one in visits_of(work, plan.id) if one.state == "listed"]
    if left:
        raise refuse(_("还有 {count} 户没有走访", count=len(left)), code="E_DBL_UNVISITED")
    return _stepped(work, plan, "visited")


def answer_plan(work: UnitOfWork, text: str, wish: Step) -> Plan:
    """Every need that was found is answered."""
    require_public(work, wish)
    plan = own(work, Plan, text, KEEP)
    require_state(plan, "visited")
    visits = [one.id for one in visits_of(work, plan.id)]
    asked = select(func.count(col(Need.id))).where(col(Need.visit_id).in_(visits), col(Need.state) == "open")
    if open_ := work.session.scalar(asked):
        raise refuse(_("还有 {count} 项需求没有答复", count=open_), code="E_DBL_STATE")
    return _stepped(work, plan, "answered")


def cancel_plan(work: UnitOfWork, text: str, wish: Why) -> Plan:
    """Call a plan off before its money was decided; its households are free for another."""
    require_public(work, wish)
    plan = own(work, Plan, text, KEEP)
    require_state(plan, "planned", "listed")
    for one in visits_of(work, plan.id):
        one.state, one.reason = "returned", wish.reason.strip()
        moved(work, one)
    return _stepped(work, plan, "cancelled", wish.reason.strip())


def visits_of(work: UnitOfWork, plan_id: int | None) -> list[Visit]:
    """The list of a plan."""
    return rows_of(work, Visit, Visit.plan_id, plan_id)


def answer_need(work: UnitOfWork, text: str, wish: AnswerNeed) -> Need:
    """Say what was done about a need."""
    require_public(work, wish)
    one = own(work, Need, text, VISIT)
    require_state(one, "open")
    visit = work.session.get_one(Visit, one.visit_id)
    one.answered_on = not_before(past(work, wish.on), visit.visited_on or work.today)
    one.state, one.answer = "answered", wish.answer.strip()
    moved(work, one)
    note(work, "need_answered", "need", one)
    return one
