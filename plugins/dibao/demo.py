"""What happened with dibao in the demo county: a year of payment, and families who applied, in every state."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from core.api import (
    Cast,
    DemoStep,
    GroupPart,
    OpenGroup,
    Period,
    Refused,
    UnitOfWork,
    current_members,
    facts_of,
    heads_of,
    open_group,
)
from plugins.benefits.api import (
    BuildRoll,
    NewEnrolment,
    SetStandard,
    build_roll,
    enrol_many,
    enrolments_of,
    excluded_people,
    set_standard,
    suspend,
)
from plugins.casework.api import CaseFacts, advance, cases_in, new_case
from plugins.dibao.services import campaigns
from plugins.dibao.services.declaring import set_income
from plugins.dibao.services.margins import register
from plugins.dibao.services.prices import set_price
from plugins.dibao.wishes import GiveList, IncomeLine, Register, SetIncome, SetPrice, StartCampaign
from plugins.dibao.words import SCHEME
from plugins.notices.api import is_complete, notices_of

STEPS = [
    DemoStep(after_opening=1, by="clerk", run="plugins.dibao.demo:set_standards"),
    DemoStep(after_opening=6, by="clerk", run="plugins.dibao.demo:take_over"),
    DemoStep(months_ago=range(12, 0, -1), day=4, by="proposer", run="plugins.dibao.demo:build"),
    DemoStep(months_ago=(8, 1), day=13, by="proposer", run="plugins.dibao.demo:build_again"),
    DemoStep(months_ago=(3,), day=16, by="clerk", run="plugins.dibao.demo:hear_late_of_a_death"),
    DemoStep(months_ago=(1,), day=11, by="clerk", run="plugins.dibao.demo:hear_in_time_of_a_death"),
    DemoStep(days_ago=2, by="proposer", run="plugins.dibao.demo:build"),
    DemoStep(months_ago=(10,), day=3, by="clerk", run="plugins.dibao.demo:apply_first"),
    DemoStep(months_ago=(10,), day=4, by="clerk", run="plugins.dibao.demo:accept_first"),
    DemoStep(months_ago=(10,), day=6, by="clerk", run="plugins.dibao.demo:report_first"),
    DemoStep(months_ago=(10,), day=8, by="clerk", run="plugins.dibao.demo:visit"),
    DemoStep(months_ago=(10,), day=10, by="clerk", run="plugins.dibao.demo:after_the_first_vote"),
    DemoStep(months_ago=(10,), day=25, by="clerk", run="plugins.dibao.demo:agree_first"),
    DemoStep(months_ago=(10,), day=26, by="reviewer", run="plugins.dibao.demo:propose_first"),
    DemoStep(months_ago=(9,), day=14, by="approver", run="plugins.dibao.demo:grant_first"),
    DemoStep(months_ago=(4,), day=2, by="clerk", run="plugins.dibao.demo:set_price_subsidy"),
    DemoStep(months_ago=(6, 3, 1), day=20, by="reviewer", run="plugins.dibao.demo:review_most"),
    DemoStep(months_ago=(5,), day=16, by="clerk", run="plugins.dibao.demo:pause_one"),
    DemoStep(days_ago=20, by="clerk", run="plugins.dibao.demo:look_at_all"),
    DemoStep(days_ago=8, by="clerk", run="plugins.dibao.demo:lose_a_recipient"),
    DemoStep(days_ago=30, by="clerk", run="plugins.dibao.demo:apply"),
    DemoStep(days_ago=30, by="clerk", run="plugins.dibao.demo:accept"),
    DemoStep(days_ago=30, by="clerk", run="plugins.dibao.demo:check"),
    DemoStep(days_ago=29, by="clerk", run="plugins.dibao.demo:report"),
    DemoStep(days_ago=29, by="clerk", run="plugins.dibao.demo:visit"),
    DemoStep(days_ago=27, by="clerk", run="plugins.dibao.demo:after_the_vote"),
    DemoStep(days_ago=14, by="clerk", run="plugins.dibao.demo:agree"),
    DemoStep(days_ago=14, by="reviewer", run="plugins.dibao.demo:propose"),
    DemoStep(days_ago=14, by="approver", run="plugins.dibao.demo:refuse"),
    DemoStep(days_ago=10, by="clerk", run="plugins.dibao.demo:apply_later"),
    DemoStep(days_ago=9, by="clerk", run="plugins.dibao.demo:accept_later"),
    DemoStep(days_ago=7, by="clerk", run="plugins.dibao.demo:report_later"),
    DemoStep(days_ago=6, by="clerk", run="plugins.dibao.demo:visit_some"),
    DemoStep(days_ago=2, by="approver", run="plugins.dibao.demo:grant"),
    DemoStep(days_ago=2, by="clerk", run="plugins.dibao.demo:apply_again"),
    DemoStep(days_ago=1, by="clerk", run="plugins.dibao.demo:earn_too_much"),
]
ALONE, OTHERS, RURAL = 16, 84, 0.8
"""Households taken over that have one member or several, and the share that is rural."""
FAMILIES, ACCEPTED, CHECKED, VISITED, AGREED, PROPOSED, GRANTED = 14, 12, 11, 10, 7, 4, 3
LATER, FIRST = 4, 12
MARGINS, MARGIN_WAGES = 3, {"rural": 710, "urban": 960}
"""Families put on the list of margin families, and what one of them earns a month for each, in yuan."""
ENDS_AFTER = 14
"""Months after which the award of one family taken over ends, soon after the demo's year."""


def set_standards(work: UnitOfWork, _cast: Cast) -> None:
    """What is paid by an invented document."""
    for category, amount in (("urban", "680"), ("rural", "480")):
        standard = SetStandard(
            scheme=SCHEME,
            category=category,
            amount=amount,
            valid_from=f"{work.today.year - 1}-01",
            document=f"攸民发〔{work.today.year - 1}〕6号",
        )
        set_standard(work, standard)


def take_over(work: UnitOfWork, cast: Cast) -> None:
    """Families and old people who live alone, in payment before the county worked with these pages."""
    alone = _some(work, cast, cast.fitting(work, ALONE), (1, 1))
    others = _some(work, cast, cast.fitting(work, OTHERS), (2, 4))
    wishes = [_taken_over(work, cast, home) for home in (*alone, *others)]
    last = Period.of(work.today)
    for _month in range(ENDS_AFTER):
        last = last.next()
    wishes[-3] = replace(wishes[-3], to_month=str(last))
    enrol_many(work, wishes, carried_over=True)
    cast.kept["alone"] = [one.person_id for one in wishes[: len(alone)]]
    cast.kept["families"] = [one.person_id for one in wishes[len(alone) :]]


def _some(work: UnitOfWork, cast: Cast, count: int, members: tuple[int, int]) -> list[int]:
    least, most = members
    return _free(work, cast, cast.households(work, count, least=least, most=most), count)


def _free(work: UnitOfWork, cast: Cast, drawn: Sequence[int], count: int) -> list[int]:
    """So many households all of whom live, nobody on another benefit or drawn for it."""
    people = {home: [one.person_id for one in current_members(work, home)] for home in drawn}
    asked = [one for members in people.values() for one in members]
    elsewhere = excluded_people(work, SCHEME, "rural", asked, _next_month(work))
    dead = [one.id for one in facts_of(work, asked).values() if one.died_on]
    others = {*elsewhere, *dead, *cast.spoken_for.get("orphan_care", ())}
    found = [home for home, members in people.items() if not others & set(members)][:count]
    cast.spoken_for.setdefault(SCHEME, set()).update(one for home in found for one in people[home])
    return found


def _next_month(work: UnitOfWork) -> str:
    return str(Period.of(work.today).next())


def _taken_over(work: UnitOfWork, cast: Cast, home: int) -> NewEnrolment:
    members = [one.person_id for one in current_members(work, home)]
    head = heads_of(work, members)[members[0]]
    area = facts_of(work, [head])[head].hukou_area
    parts = [GroupPart(person_id=one, part="member") for one in members]
    wish = OpenGroup(kind="assistance_family", area=area, scheme=SCHEME, members=parts, on=work.today)
    group = open_group(work, wish)
    each = cast.dice.choice((260, 310, 355, 420))
    return NewEnrolment(
        scheme=SCHEME, category="rural" if cast.dice.random() < RURAL else "urban", person_id=head,
        from_month=_next_month(work), group_id=group.id, member_ids=members,
        terms={"amount_fen": each * len(members) * 100, "n": len(members)}, source="示例接收名册",
    )  # fmt: skip


def build(work: UnitOfWork, _cast: Cast) -> None:
    """The month's roll."""
    build_roll(work, BuildRoll(scheme=SCHEME, period=f"{work.today:%Y-%m}"))


def build_again(work: UnitOfWork, cast: Cast) -> None:
    """The roll anew, where the one before was given up or sent back."""
    with suppress(Refused):
        build(work, cast)


def hear_late_of_a_death(work: UnitOfWork, cast: Cast) -> None:
    """Somebody died two months ago, and only now it is registered: what was paid since is claimed back."""
    cast.dies(work, cast.kept["alone"], (work.today.replace(day=1) - timedelta(days=40)).replace(day=20))


def hear_in_time_of_a_death(work: UnitOfWork, cast: Cast) -> None:
    """Somebody died last month: the roll of this month is approved already, and must not be released with them."""
    cast.dies(work, cast.kept["alone"], work.today.replace(day=1) - timedelta(days=3))


def apply_first(work: UnitOfWork, cast: Cast) -> None:
    """The first applications that go all the way here."""
    _apply(work, cast, cast.fitting(work, FIRST))


def accept_first(work: UnitOfWork, _cast: Cast) -> None:
    """All of them are accepted, and the check centre is asked."""
    for case in cases_in(work, SCHEME, "submitted"):
        advance(work, case.number, "accept")
        advance(work, case.number, "start_check")


def report_first(work: UnitOfWork, cast: Cast) -> None:
    """The check centre answers for all of them."""
    for case in cases_in(work, SCHEME, "checking"):
        advance(work, case.number, "check_report", {"report": f"HD-{cast.dice.randint(1000, 9999)}"})


def after_the_first_vote(work: UnitOfWork, _cast: Cast) -> None:
    """All of them passed and are published."""
    for case in cases_in(work, SCHEME, "appraising"):
        advance(work, case.number, "ballot_pass", {"record": "评审团票决记录"})


def agree_first(work: UnitOfWork, _cast: Cast) -> None:
    """The township agrees to what hung in the villages without an objection."""
    _agree(work, FIRST, FIRST)


def propose_first(work: UnitOfWork, _cast: Cast) -> None:
    """The county's reviewer proposes to grant what passed the vote."""
    _advance_each(work, _passed(work), "propose_grant")


def grant_first(work: UnitOfWork, _cast: Cast) -> None:
    """All of them are granted."""
    _grant(work, FIRST)


def review_most(work: UnitOfWork, _cast: Cast) -> None:
    """Families in payment are looked at again; two are left for later."""
    for case in cases_in(work, SCHEME, "active")[:-2]:
        advance(work, case.number, "review", {"kind": "regular", "reason": "入户核实，情况没有变化"})


def earn_too_much(work: UnitOfWork, cast: Cast) -> None:
    """Families whose income lies a little above the standard: no allowance, but the list that opens other aid."""
    for household in _free(work, cast, cast.households(work, MARGINS + 4, least=2, most=3), MARGINS):
        case = _open(work, household)
        wage = str(MARGIN_WAGES[case.area_kind] * len(case.member_ids))
        earner = IncomeLine(person_id=case.member_ids[0], type="wage", amount=wage)
        set_income(work, case.number, SetIncome(income=[earner]))
        register(work, case.number, Register())
        advance(work, case.number, "withdraw", {"reason": "收入高于标准，改登记为低保边缘家庭"})


def set_price_subsidy(work: UnitOfWork, _cast: Cast) -> None:
    """Prices rose: a month's subsidy for everybody in payment."""
    wish = SetPrice(
        month=str(Period.of(work.today)), amount="20", cpi="3.6%", food_cpi="6.1%", document="攸发改〔价〕2号"
    )
    set_price(work, wish)


def pause_one(work: UnitOfWork, cast: Cast) -> None:
    """A family that could not be found is paused, and nobody looked again."""
    (found, *_rest) = enrolments_of(work, cast.kept["families"][-1:])
    suspend(work, found["id"], _next_month(work), "连续两次入户未见到人，暂停核实")


def look_at_all(work: UnitOfWork, _cast: Cast) -> None:
    """A campaign over all families, and a list of theirs for those who give pupils a grant."""
    campaigns.start(work, StartCampaign(title="年度全面复核", document=f"攸民办〔{work.today.year}〕17号"))
    campaigns.give_list(work, GiveList(kind="education", department="县教育局"))


def lose_a_recipient(work: UnitOfWork, cast: Cast) -> None:
    """Whoever received a family's money died: it waits for another account."""
    cast.dies(work, cast.kept["families"], work.today - timedelta(days=2))


def apply(work: UnitOfWork, cast: Cast) -> None:
    """Families of the town hand in their application with papers, signatures and what they earn."""
    _apply(work, cast, FAMILIES)


def _apply(work: UnitOfWork, cast: Cast, count: int) -> None:
    for household in _free(work, cast, cast.households(work, count + 4, area=cast.town), count):
        case = _open(work, household)
        adults = [
            one
            for one in facts_of(work, case.member_ids).values()
            if one.birth_date and _of_age(work, one.birth_date.year)
        ]
        lines = [IncomeLine(person_id=adults[0].id, type="wage", amount=str(cast.dice.choice([300, 420, 560])))]
        if len(adults) > 1:
            lines.append(IncomeLine(person_id=adults[1].id, type="farm", amount="1800.00", per="year"))
        set_income(work, case.number, SetIncome(income=lines))
        signed = [str(one) for one in case.member_ids]
        advance(work, case.number, "submit", {"papers": ["identity", "income"], "signed_by": signed})


def _open(work: UnitOfWork, household: int) -> CaseFacts:
    people = facts_of(work, [one.person_id for one in current_members(work, household)])
    members = [str(one.id) for one in people.values() if one.died_on is None]
    return new_case(work, SCHEME, str(household), members)


def _of_age(work: UnitOfWork, born: int) -> bool:
    return work.today.year - born > 18  # noqa: PLR2004 - in doubt they are younger


def accept(work: UnitOfWork, _cast: Cast) -> None:
    """Most are accepted; two lie there past their day."""
    for case in cases_in(work, SCHEME, "submitted")[:ACCEPTED]:
        advance(work, case.number, "accept")


def check(work: UnitOfWork, _cast: Cast) -> None:
    """The check centre is asked."""
    for case in cases_in(work, SCHEME, "accepted")[:CHECKED]:
        advance(work, case.number, "start_check")


def report(work: UnitOfWork, cast: Cast) -> None:
    """The check centre answers."""
    for case in cases_in(work, SCHEME, "checking")[:VISITED]:
        advance(work, case.number, "check_report", {"report": f"HD-{cast.dice.randint(1000, 9999)}"})


def apply_later(work: UnitOfWork, cast: Cast) -> None:
    """A few more applications, which are under way."""
    _apply(work, cast, LATER)


def accept_later(work: UnitOfWork, _cast: Cast) -> None:
    """They are accepted, and the check centre is asked."""
    for case in cases_in(work, SCHEME, "submitted")[-LATER:]:
        advance(work, case.number, "accept")
        advance(work, case.number, "start_check")


def report_later(work: UnitOfWork, cast: Cast) -> None:
    """The check centre answers for all but one."""
    for case in cases_in(work, SCHEME, "checking")[-LATER:-1]:
        advance(work, case.number, "check_report", {"report": f"HD-{cast.dice.randint(1000, 9999)}"})


def visit_some(work: UnitOfWork, _cast: Cast) -> None:
    """Two of the families were visited and wait for the village's vote, one waits for the visit."""
    _visit(work, cases_in(work, SCHEME, "investigating")[:-1])


def visit(work: UnitOfWork, _cast: Cast) -> None:
    """Two of the township go to each family."""
    _visit(work, cases_in(work, SCHEME, "investigating"))


def _visit(work: UnitOfWork, cases: Sequence[CaseFacts]) -> None:
    for case in cases:
        signer = facts_of(work, [case.applicant_id])[case.applicant_id].name
        seen = {"investigators": ["周敏", "赵丽"], "signer": signer, "findings": "住房简陋，务农为主，情况属实"}
        advance(work, case.number, "visit_done", seen)


def after_the_vote(work: UnitOfWork, _cast: Cast) -> None:
    """What passed the panel's vote is published; the last one did not pass."""
    waiting = cases_in(work, SCHEME, "appraising")
    for case in waiting[:-1]:
        advance(work, case.number, "ballot_pass", {"record": "评审团票决记录"})
    for case in waiting[-1:]:
        advance(work, case.number, "ballot_fail", {"record": "评审团票决记录"})


def agree(work: UnitOfWork, _cast: Cast) -> None:
    """No objection came; the township's meeting agrees to most."""
    _agree(work, AGREED, AGREED - 1)


def _agree(work: UnitOfWork, hung: int, agreed: int) -> None:
    minutes = {"minutes": f"党政联席会议纪要〔{work.today.year}〕12号"}
    for case in _hung_out(work, "noticing_1")[:hung]:
        advance(work, case.number, "period_end_no_objection")
    for case in cases_in(work, SCHEME, "township_review")[:agreed]:
        advance(work, case.number, "minutes_ok", minutes)


def propose(work: UnitOfWork, _cast: Cast) -> None:
    """The county's reviewer proposes to grant."""
    _advance_each(work, _passed(work)[:-1][:PROPOSED], "propose_grant")


def refuse(work: UnitOfWork, _cast: Cast) -> None:
    """One family is refused, with the reason and the rule."""
    for case in _passed(work)[:1]:
        reason = {"reason": "家庭名下有经营用车，财产超过规定", "rule": "县低保实施细则财产条款"}
        advance(work, case.number, "refuse", reason)


def grant(work: UnitOfWork, _cast: Cast) -> None:
    """The second notice is over: families are granted."""
    _grant(work, GRANTED)


def _grant(work: UnitOfWork, count: int) -> None:
    document = {"document": f"攸民批〔{work.today.year}〕{work.today.month}号"}
    _advance_each(work, _hung_out(work, "noticing_2")[:count], "period_end", document)


def _advance_each(work: UnitOfWork, cases: Sequence[CaseFacts], event: str, data: dict[str, str] | None = None) -> None:
    """Go on with each, but for those whose lives changed so much meanwhile that the rules stop them."""
    for case in cases:
        with suppress(Refused), work.session.begin_nested():
            advance(work, case.number, event, data)


def apply_again(work: UnitOfWork, cast: Cast) -> None:
    """Three applications of this week that are still being filled in."""
    for household in _free(work, cast, cast.households(work, 5, area=cast.town), 3):
        _open(work, household)


def _passed(work: UnitOfWork) -> list[CaseFacts]:
    return [case for case in cases_in(work, SCHEME, "county_review") if not case.ballot_negative]


def _hung_out(work: UnitOfWork, state: str) -> list[CaseFacts]:
    """Whose notice has hung on every board for all its days: holidays may make them more."""
    return [
        case
        for case in cases_in(work, SCHEME, state)
        if is_complete(work, notices_of(work, f"case:{case.number}")[-1], work.today).complete
    ]
