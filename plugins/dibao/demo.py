"""What happened with dibao in the demo county: families who applied, in every state from the draft to the grant."""

from core.api import Cast, DemoStep, UnitOfWork, current_members, facts_of
from plugins.benefits.api import SetStandard, set_standard
from plugins.casework.api import CaseFacts, advance, cases_in, new_case
from plugins.dibao.services.declaring import set_income
from plugins.dibao.wishes import IncomeLine, SetIncome
from plugins.dibao.words import SCHEME
from plugins.notices.api import is_complete, notices_of

STEPS = [
    DemoStep(days_ago=30, by="clerk", run="plugins.dibao.demo:set_standards"),
    DemoStep(days_ago=30, by="clerk", run="plugins.dibao.demo:apply"),
    DemoStep(days_ago=30, by="clerk", run="plugins.dibao.demo:accept"),
    DemoStep(days_ago=30, by="clerk", run="plugins.dibao.demo:check"),
    DemoStep(days_ago=29, by="clerk", run="plugins.dibao.demo:report"),
    DemoStep(days_ago=29, by="clerk", run="plugins.dibao.demo:visit"),
    DemoStep(days_ago=27, by="clerk", run="plugins.dibao.demo:after_the_vote"),
    DemoStep(days_ago=14, by="clerk", run="plugins.dibao.demo:agree"),
    DemoStep(days_ago=14, by="reviewer", run="plugins.dibao.demo:propose"),
    DemoStep(days_ago=14, by="approver", run="plugins.dibao.demo:refuse"),
    DemoStep(days_ago=2, by="approver", run="plugins.dibao.demo:grant"),
    DemoStep(days_ago=2, by="clerk", run="plugins.dibao.demo:apply_again"),
]
FAMILIES, ACCEPTED, CHECKED, VISITED, AGREED, PROPOSED, GRANTED = 14, 12, 11, 10, 7, 5, 4


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


def apply(work: UnitOfWork, cast: Cast) -> None:
    """Families of the town hand in their application with papers, signatures and what they earn."""
    for household in cast.households(work, FAMILIES, area=cast.town):
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


def visit(work: UnitOfWork, _cast: Cast) -> None:
    """Two of the township go to each family."""
    for case in cases_in(work, SCHEME, "investigating"):
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
    minutes = {"minutes": f"党政联席会议纪要〔{work.today.year}〕12号"}
    for case in _hung_out(work, "noticing_1")[:AGREED]:
        advance(work, case.number, "period_end_no_objection")
    for case in cases_in(work, SCHEME, "township_review")[: AGREED - 1]:
        advance(work, case.number, "minutes_ok", minutes)


def propose(work: UnitOfWork, _cast: Cast) -> None:
    """The county's reviewer proposes to grant."""
    for case in _passed(work)[:-1][:PROPOSED]:
        advance(work, case.number, "propose_grant")


def refuse(work: UnitOfWork, _cast: Cast) -> None:
    """One family is refused, with the reason and the rule."""
    for case in _passed(work)[:1]:
        reason = {"reason": "家庭名下有经营用车，财产超过规定", "rule": "县低保实施细则财产条款"}
        advance(work, case.number, "refuse", reason)


def grant(work: UnitOfWork, _cast: Cast) -> None:
    """The second notice is over: families are granted."""
    for case in _hung_out(work, "noticing_2")[:GRANTED]:
        advance(work, case.number, "period_end", {"document": f"攸民批〔{work.today.year}〕{case.id}号"})


def apply_again(work: UnitOfWork, cast: Cast) -> None:
    """Three applications of this week that are still being filled in."""
    for household in cast.households(work, 3, area=cast.town):
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
