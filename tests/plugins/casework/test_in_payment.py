"""Families in payment: start, review, suspension, phase-out, stop, life events."""

from dataclasses import replace
from datetime import date

import pytest

from core.api import Refused
from core.identity.events import Death, record_death
from plugins.benefits.api import BuildRoll, build_roll, enrolments_of
from plugins.casework.api import find_case
from plugins.casework.clocks import review_light
from plugins.casework.facts import case_by_id, facts_of
from plugins.casework.flow import flow_of
from plugins.casework.gates import has_phase_out
from plugins.casework.services.reviewing import follow_time
from plugins.casework.services.turns import Turn
from plugins.casework.types import type_named
from plugins.casework.wishes import StepData


def test_a_decision_in_april_is_paid_from_may(place):
    number = place.granted()
    found = place.show(number)
    assert (str(found["decided_on"])[:7], found["effective_month"], found["monthly_fen"]) == (
        "2026-03",
        "2026-04",
        60600,
    )


def test_a_granted_family_stands_on_the_next_roll_with_its_amount(place):
    place.active()
    with place.county.begin() as work:
        built = build_roll(work, BuildRoll(scheme="dibao", period="2026-04"))
    assert (built["lines"], built["total_fen"]) == (1, 60600)


def test_nobody_is_in_payment_before_the_month_of_the_grant(place):
    number = place.granted()
    with pytest.raises(Refused):
        place.step(number, "activate")
    with place.county.begin() as work:
        follow_time(work)
    assert place.show(number)["state"] == "approved"


def test_suspension_and_resumption_move_the_enrolment(place):
    number = place.active()
    place.step(number, "suspend", reason="联系不上")
    assert place.show(number)["state"] == "suspended"
    place.at("2026-05-11")
    place.step(number, "resume", reason="已联系")
    assert place.show(number)["state"] == "active"


def test_a_stop_ends_the_enrolment_with_the_month_before(place):
    number = place.active()
    place.step(number, "stop", reason="死亡以外的原因", from_month="2026-06")
    found = place.show(number)
    assert (found["state"], found["last_month"]) == ("closed", "2026-05")
    with place.county.look() as work:
        states = [(one["state"], one["to_month"]) for one in enrolments_of(work, [found["applicant_id"]])]
    assert states == [("ended", "2026-05")]


def test_the_death_of_a_member_counts_from_the_month_after(place):
    household = place.family()
    number = place.active(household)
    grandmother = place.families[household][3]
    with place.county.begin() as work:
        record_death(work, grandmother, Death(on=date(2026, 4, 1), source="police"))
    found = place.show(number)
    assert found["monthly_fen"] == 10200
    assert [one["event"] for one in found["events"]][-1] == "recompute"


def test_a_review_keeps_the_amount_of_a_family_that_did_not_change(place):
    number = place.active()
    place.at("2026-09-14")
    place.step(number, "review", reason="无变化")
    assert [one["outcome"] for one in place.show(number)["reviews"]] == ["same"]


def test_class_c_is_due_after_six_months_and_red_a_month_later(place):
    place.at("2026-08-09")
    with place.county.look() as work:
        assert review_light(work, date(2026, 7, 10)) == "yellow"
    place.at("2026-08-10")
    with place.county.look() as work:
        assert review_light(work, date(2026, 7, 10)) == "red"


def test_a_phase_out_pays_unchanged_for_six_months_and_closes(place):
    number = place.active()
    place.at("2026-05-20")
    place.income(number, "3220.00")
    place.step(number, "phase_out", reason="就业")
    assert place.show(number)["last_month"] == "2026-11"
    place.at("2026-11-30")
    with place.county.begin() as work:
        follow_time(work)
    assert place.show(number)["state"] == "phasing_out"
    place.at("2026-12-01")
    with place.county.begin() as work:
        follow_time(work)
    assert place.show(number)["state"] == "closed"


def test_a_scheme_without_a_phase_out_does_not_pay_on(place):
    number = place.active()
    with place.county.begin("reviewer") as work:
        case = case_by_id(work, find_case(work, number).id)
        kind = replace(type_named(work, case.type), phase_out_key="")
        facts, flow = facts_of(work, case), flow_of(case)
        turn = Turn(work, case, kind, flow, facts, "phase_out", StepData(), work.today)
        assert [one.code for one in has_phase_out(turn)] == ["E_SKIP_STEP"]
