"""The gate: steps of cases and payments of lists without a vote, and the order of villages that went on anyway."""

import json
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import numpy
import pytest
from sqlalchemy import select

from core.api import Payments, Refused
from core.testing import enabled
from plugins.democratic_review.api import passed_list, rank, require_list, violators
from plugins.democratic_review.gate import payment_objections
from plugins.democratic_review.models import Session
from plugins.democratic_review.queries import session_number
from plugins.democratic_review.references import passed_by
from plugins.democratic_review.services.violating import notice_decision, notice_payments

from .conftest import OTHER, VILLAGE

LIST = {"kind": "housing", "scheme": "safe_housing", "reference": "2026-1", "agree": 15, "disagree": 2}


def codes(refusal) -> set[str]:
    return {one.code for one in refusal.value.objections}


def payments(*areas: str, scheme: str = "safe_housing", period: str = "2026-03") -> Payments:
    return Payments(batch_id=1, scheme=scheme, period=period, load=lambda: {"areas": numpy.array(areas)})


def demand_lists(place, run) -> None:
    ran = run("policy", "set", "democratic_review.ballot_schemes", '["safe_housing"]', "--document", "文 2", "--json")
    assert ran.exit_code == 0, ran.talk


def test_no_case_passes_the_panel_without_a_vote(place):
    place.panel()
    case = place.case()
    for event in ("ballot_pass", "ballot_fail"):
        with pytest.raises(Refused) as refusal:
            place.step(case, event)
        assert codes(refusal) == {"E_NO_BALLOT"}
        assert "未经评审团票决" in refusal.value.objections[0].reason


def test_the_step_says_what_the_panel_said(place):
    place.panel()
    passed, failed = place.case(), place.case()
    place.vote(passed)
    place.vote(failed, agree=7, disagree=6)
    for case, wrong in ((passed, "ballot_fail"), (failed, "ballot_pass")):
        with pytest.raises(Refused) as refusal:
            place.step(case, wrong)
        assert codes(refusal) == {"E_SKIP_STEP"}
    assert place.step(passed, "ballot_pass")["state"] == "noticing_1"
    assert place.step(failed, "ballot_fail")["state"] == "township_review"


def test_a_vote_of_today_does_not_carry_a_step_of_yesterday(place):
    place.panel()
    case = place.case()
    place.at("2026-03-04")
    place.vote(case)
    with pytest.raises(Refused) as refusal:
        place.step(case, "ballot_pass", on="2026-03-03")
    assert codes(refusal) == {"E_BACKDATE"}


def test_a_case_that_comes_back_needs_a_new_vote(place):
    place.panel()
    case = place.case()
    place.vote(case)
    place.step(case, "ballot_pass")
    place.at("2026-03-05")
    place.contest(case)
    with pytest.raises(Refused) as refusal:
        place.step(case, "done", way="ballot", reason="重新票决")
    assert codes(refusal) == {"E_NO_BALLOT"}
    again = place.vote(case)
    assert again["items"][0]["round"] == 1
    assert place.step(case, "done", way="ballot", reason="重新票决")["state"] in ("noticing_1", "township_review")


def test_a_county_without_the_plugin_loses_the_gate_alone(place, run):
    place.panel()
    case = place.case()
    ran = run("plugin", "disable", "democratic_review", "--json")
    assert ran.exit_code == 0, ran.talk
    place.county.reload()
    assert place.step(case, "ballot_pass", record="纪要 3 号")["state"] == "noticing_1"
    enabled(place.county, "democratic_review")
    place.county.reload()
    late = place.case()
    with pytest.raises(Refused) as refusal:
        place.step(late, "ballot_pass")
    assert codes(refusal) == {"E_NO_BALLOT"}


def test_a_safe_housing_list_without_a_vote_is_neither_approved_nor_paid(place, run):
    place.panel()
    demand_lists(place, run)
    with place.county.look() as work:
        assert not passed_list(work, "safe_housing", "2026-1", VILLAGE)
        with pytest.raises(Refused) as refusal:
            require_list(work, "safe_housing", "2026-1", VILLAGE)
        assert codes(refusal) == {"E_NO_BALLOT"}
        found = payment_objections(work, payments(VILLAGE, OTHER, VILLAGE))
        assert [(one.row, one.code, one.hint) for one in found] == [
            (0, "E_NO_BALLOT", VILLAGE), (1, "E_NO_BALLOT", OTHER), (2, "E_NO_BALLOT", VILLAGE),
        ]  # fmt: skip
        assert payment_objections(work, payments(VILLAGE, scheme="other")) == []
    place.vote(items=[LIST])
    with place.county.look() as work:
        require_list(work, "safe_housing", "2026-1", VILLAGE)
        assert [one.row for one in payment_objections(work, payments(VILLAGE, OTHER, VILLAGE))] == [1]
        stale = payment_objections(work, payments(VILLAGE, period="2027-05"))
        assert [one.row for one in stale] == [0]


def test_a_list_that_was_voted_down_the_second_time_is_not_passed(place):
    place.panel()
    place.vote(items=[LIST])
    again = {**LIST, "agree": 5, "disagree": 12, "ground": "objection", "reason": "名单有误"}
    assert not place.vote(items=[again])["passed"]
    with place.county.look() as work:
        assert not passed_list(work, "safe_housing", "2026-1", VILLAGE)


def test_a_village_with_a_violation_is_last_whatever_its_score_and_barred():
    order = rank({"A": Decimal(95), "B": Decimal(70)}, ["A"])
    assert [(one.place, one.village, one.barred) for one in order] == [(1, "B", False), (2, "A", True)]
    equal = rank({"A": Decimal(80), "B": Decimal(80), "C": Decimal(70)}, [])
    assert [one.place for one in equal] == [1, 1, 3]


def test_a_paid_list_without_a_vote_ranks_the_village_last(place, run):
    demand_lists(place, run)
    for _again in range(2):
        with place.county.begin() as work:
            notice_payments(work, payments(VILLAGE))
    with place.county.look() as work:
        assert violators(work, "2026-Q1") == {VILLAGE}
    file = place.file({VILLAGE: "95", OTHER: "70"})
    assert run("democratic-review", "score", "--quarter", "2026-Q1", "--file", file, "--json").exit_code == 0
    order = run("democratic-review", "rank", "--quarter", "2026-Q1", "--json").data
    assert [(one["village"], one["score"], one["barred"]) for one in order] == [
        (OTHER, "70.00", False), (VILLAGE, "95.00", True),
    ]  # fmt: skip
    listed = run("democratic-review", "violations", "list", "--json").data
    assert [(one["kind"], one["source"], one["subject"]) for one in listed] == [
        ("paid", "detected", "safe_housing:2026-03"),
    ]  # fmt: skip
    lifted = run("democratic-review", "violations", "lift", str(listed[0]["id"]), "--reason", "名单另有票决", "--json")
    assert lifted.exit_code == 0, lifted.talk
    order = run("democratic-review", "rank", "--quarter", "2026-Q1", "--json").data
    assert [one["village"] for one in order] == [VILLAGE, OTHER]


def test_a_case_granted_without_a_vote_is_noticed_and_an_urgent_one_is_not(place):
    facts = {"number": "DB-1", "type": "dibao", "area": VILLAGE, "applied_on": date(2026, 1, 5)}
    urgent = SimpleNamespace(case=SimpleNamespace(**facts, urgent=True), outcome="granted", on=date(2026, 3, 1))
    plain = SimpleNamespace(case=SimpleNamespace(**facts, urgent=False), outcome="granted", on=date(2026, 3, 1))
    for decided, expected in ((urgent, set()), (plain, {VILLAGE})):
        with place.county.begin() as work:
            notice_decision(work, decided)
        with place.county.look() as work:
            assert violators(work, "2026-Q1") == expected


def test_a_flow_that_leaves_the_panel_out_makes_no_violation(place, run):
    given = ("--document", "文 3", "--json")
    ran = run("policy", "set", "democratic_review.decision_types", '["trial_aid"]', *given)
    assert ran.exit_code == 0, ran.talk
    case = SimpleNamespace(number="TA-1", type="trial_aid", area=VILLAGE, applied_on=date(2026, 1, 5), urgent=False)
    decided = SimpleNamespace(case=case, outcome="granted", on=date(2026, 3, 1))
    names = ("apply", "accept", "notice_1", "decide")
    without = json.dumps({"steps": [{"step": name} for name in names]})
    rarely = json.dumps(
        {"steps": [*({"step": name} for name in names[:2]), {"step": "ballot", "when": "on_objection"}]}
    )
    for flow, expected in ((without, set()), (rarely, set()), (None, {VILLAGE})):
        if flow is None:
            flow = json.dumps({"steps": [{"step": "ballot"}]})
        assert run("policy", "set", "trial_aid.flow", flow, *given).exit_code == 0
        with place.county.begin() as work:
            notice_decision(work, decided)
        with place.county.look() as work:
            assert violators(work, "2026-Q1") == expected


def test_an_officer_enters_a_violation_under_a_document_only(place, run):
    given = ("--village", VILLAGE, "--quarter", "2026-Q1", "--kind", "adapted", "--subject", "慰问名单")
    without = run("democratic-review", "violations", "add", *given, "--json")
    assert (without.exit_code, without.error["objections"][0]["field"]) == (3, "document")
    made = run("democratic-review", "violations", "add", *given, "--document", "通报 5 号", "--json")
    assert (made.exit_code, made.data["quarter"]) == (0, "2026-Q1"), made.talk
    again = run("democratic-review", "violations", "add", *given, "--document", "通报 5 号", "--json")
    assert again.error["code"] == "E_VIOLATION_KNOWN"
    early = ("--village", VILLAGE, "--quarter", "2030-Q1", "--kind", "adapted", "--subject", "x", "--document", "y")
    assert run("democratic-review", "violations", "add", *early, "--json").exit_code == 3


def test_a_panel_whose_term_is_over_cannot_vote(place):
    place.panel(term_to="2026-03-01")
    case = place.case()
    with pytest.raises(Refused) as refusal:
        place.vote(case)
    assert codes(refusal) == {"E_PANEL_TERM"}


def test_other_plugins_cite_a_ballot_by_its_meeting_or_by_the_name_of_the_list(place):
    enabled(place.county, "donations")
    place.county.reload()
    place.panel()
    place.vote(items=[LIST])

    def held(reference, area=""):
        with place.county.look() as work:
            hooks = work.hooks
            asked = {"work": work, "reference": reference}
            answers = {hooks.resolve("resolve_donations_ballot", **asked)}
            return answers | {passed_by(work, reference, area)}

    with place.county.look() as work:
        meeting = work.session.execute(select(Session)).scalars().one()
        number = session_number(meeting)
    assert held(number) == {True} and held("2026-1", VILLAGE) == {True}
    assert held(number.replace("2026", "2025", 1)) == {False}
    assert held("口头同意") == {False} and held("PJ-2026-999999") == {False}
    with place.county.look() as work:
        assert not passed_by(work, number, OTHER)
