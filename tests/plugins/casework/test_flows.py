"""Three counties, three policy files, no code: the national flow, the seed counties', a delegated one."""

from pathlib import Path

import pytest

from core.api import Refused
from core.policy import SetPolicy, set_policy

FILES = Path(__file__).parents[3] / "config" / "policies"


def follow(place, run, name: str) -> None:
    """Put a flow in force in the county."""
    ran = run("policy", "import", FILES / f"flow-{name}.toml")
    assert ran.exit_code == 0, ran.talk


def names(place, number) -> list[str]:
    """The steps of a case by name."""
    return [one["step"] for one in place.show(number)["steps"]]


def test_the_national_flow_has_one_notice_in_the_village_and_no_second(place, run):
    follow(place, run, "national")
    number = place.until("noticing_1")
    assert "notice_2" not in names(place, number)
    assert "ballot" not in names(place, number)
    place.publish(number)
    place.at("2026-03-10")
    place.step(number, "period_end_no_objection")
    place.step(number, "minutes_ok", minutes="纪要 1")
    with pytest.raises(Refused):
        place.step(number, "period_end")
    done = place.step(number, "propose_grant", role="approver")
    assert (done["state"], done["effective_month"]) == ("approved", "2026-04")


def test_the_seed_flow_votes_always_and_notices_twice_at_three_levels(place, run):
    follow(place, run, "seed")
    number = place.granted()
    assert names(place, number) == [
        "apply", "accept", "check", "visit", "ballot", "notice_1", "township_review", "county_review", "spot_check",
        "notice_2", "decide", "pay",
    ]  # fmt: skip


def test_in_a_delegated_flow_another_township_officer_confirms(place, run):
    follow(place, run, "delegated")
    number = place.submitted()
    place.step(number, "accept", role="township_officer")
    assert str(place.show(number)["deadline"]) == "2026-04-07"
    place.step(number, "start_check")
    place.step(number, "check_report", report="HD-1")
    place.step(number, "visit_done", investigators=["周敏", "赵丽"], signer="陈志强")
    while place.show(number)["state"] != "county_supervision":
        state = place.show(number)["state"]
        if state == "appraising":
            place.step(number, "ballot_pass")
        elif state == "noticing_1":
            place.publish(number)
            place.at(str(place.show(number)["notices"][-1]["from_day"]))
            place.step(number, "period_end_no_objection")
        else:
            place.step(number, "minutes_ok", minutes="纪要 1")
    with pytest.raises(Refused) as refusal:
        place.step(number, "propose_grant", role="township_officer")
    assert {one.code for one in refusal.value.objections} == {"E_SOD"}
    place.county.account("township_officer", name="second")
    with place.county.begin("township_officer", name="second") as work:
        from plugins.casework import acts

        done = acts.stepped(work, number, "propose_grant", {})
    assert done["state"] in ("approved", "noticing_2")


def test_an_urgent_case_takes_its_own_few_steps(place):
    number = place.submitted(urgent_order="应急〔2026〕2 号")
    place.step(number, "accept")
    assert place.show(number)["state"] == "investigating"
    place.step(number, "visit_done", investigators=["周敏", "赵丽"], signer="陈志强")
    assert place.show(number)["state"] == "county_review"
    assert place.step(number, "propose_grant", role="approver")["state"] == "approved"


def test_a_flow_that_makes_no_sense_is_named_by_the_doctor(place, run):
    with place.county.begin() as work:
        steps = {"steps": [{"step": "decide"}, {"step": "apply"}, {"step": "dance"}]}
        set_policy(work, SetPolicy(key="dibao.flow", value=steps, valid_from=None, document="试 1"))
    place.county.reload()
    assert "dance" in run("doctor").output
