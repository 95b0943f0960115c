"""Rolls: who stands on them, back-pay, what is built twice, what is claimed back."""

import pytest

from core.errors import Refused
from core.identity.events import Death, record_death
from plugins.benefits.api import (
    ChangeEnrolment,
    change_enrolment,
    end_enrolment,
    enrolments_of,
    reopen,
    resume,
    suspend,
)


def refusal(act, *arguments, **named):
    with pytest.raises(Refused) as caught:
        act(*arguments, **named)
    return caught.value.code


@pytest.fixture
def children(place):
    """575 in the home, 1,699 at home."""
    people = place.people(2_274)
    place.enrol(people[:575], category="INST", institution_id=place.home)
    place.enrol(people[575:])
    return people


def test_the_march_roll_of_the_handbook(place, children):
    built = place.roll()
    assert (built["lines"], built["total_fen"]) == (2_274, 200_424_000)
    assert built["by_category"] == {"INST": 71_300_000, "HOME": 129_124_000}
    assert (built["backpay_fen"], built["excluded"]) == (0, [])


def test_a_raise_from_january_decided_in_april_and_a_second_correction_add_up(place, children):
    place.money()
    for month in ("2026-01", "2026-02", "2026-03"):
        assert place.paid(month)["total_fen"] == 200_424_000
    place.standard("HOME", "800", since="2026-01")
    april = place.paid("2026-04")
    assert april["backpay_fen"] == 20_388_000
    assert april["total_fen"] == 575 * 124_000 + 1_699 * 80_000 + 20_388_000
    backpay = [line for line in place.lines(april["batch"]) if line.component == "BACKPAY"]
    assert {(line.for_month, line.amount_fen, line.revision) for line in backpay} == {
        ("2026-01", 4_000, 0),
        ("2026-02", 4_000, 0),
        ("2026-03", 4_000, 0),
    }
    assert place.paid("2026-05")["backpay_fen"] == 0
    place.standard("HOME", "810", since="2026-01")
    june = place.paid("2026-06")
    assert june["backpay_fen"] == 5 * 1_699 * 1_000
    again = [line for line in place.lines(june["batch"]) if line.component == "BACKPAY"]
    assert {(line.for_month, line.revision) for line in again} == {
        ("2026-01", 1), ("2026-02", 1), ("2026-03", 1), ("2026-04", 0), ("2026-05", 0),
    }  # fmt: skip


def test_twelve_months_make_a_year(place, children):
    place.money()
    total = sum(place.paid(f"2026-{month:02d}")["total_fen"] for month in range(1, 13))
    assert total == 2_405_088_000


def test_an_unsubmitted_roll_is_built_anew_under_its_number(place):
    people = place.people(3)
    place.enrol(people[:2])
    first = place.roll()
    place.enrol(people[2:], since="2026-03")
    again = place.roll()
    assert (first["batch"], first["lines"]) == (again["batch"], 2)
    assert again["lines"] == 3


def test_after_submit_only_what_is_still_due_is_built_and_then_nothing(place):
    place.money()
    people = place.people(2)
    place.enrol(people[:1])
    place.submit(place.roll()["batch"])
    assert refusal(place.roll) == "E_DUP_PERIOD"
    place.enrol(people[1:], since="2026-02")
    more = place.roll()
    assert (more["lines"], more["total_fen"], more["backpay_fen"]) == (1, 76_000, 0)
    place.submit(more["batch"])
    place.standard("HOME", "800", since="2026-03")
    third = place.roll()
    assert [(line.component, line.revision, line.amount_fen) for line in place.lines(third["batch"])] == [
        ("BASIC", 1, 4_000)
    ] * 2


def test_enrolled_from_january_with_the_first_roll_in_march_is_one_line(place):
    place.enrol(place.people(1), since="2026-01")
    assert place.roll("2026-03")["lines"] == 1


def test_a_start_that_was_set_makes_rolls_look_back_to_it(place, run):
    place.enrol(place.people(1), since="2025-06")
    ran = run("benefits", "scheme", "start", "allowance", "2026-02", "--json")
    assert (ran.exit_code, ran.data) == (0, {"scheme": "allowance", "start": "2026-02"})
    built = place.roll("2026-03")
    assert (built["lines"], built["backpay_fen"]) == (2, 76_000)


def test_entered_in_april_from_march_is_paid_april_and_march(place):
    place.money()
    people = place.people(2)
    place.enrol(people[:1])
    place.paid("2026-03")
    place.enrol(people[1:], since="2026-03")
    april = place.paid("2026-04")
    assert (april["lines"], april["backpay_fen"]) == (3, 76_000)
    assert place.paid("2026-05")["backpay_fen"] == 0


def test_months_that_were_passed_over_come_as_back_pay(place):
    place.money()
    place.enrol(place.people(1))
    place.paid("2026-01")
    april = place.roll("2026-04")
    assert (april["lines"], april["backpay_fen"]) == (3, 152_000)


def test_a_draft_that_was_given_up_is_paid_later(place):
    from core.api import cancel_batch

    place.money()
    place.enrol(place.people(1))
    place.paid("2026-01")
    february = place.roll("2026-02")["batch"]
    assert place.roll("2026-03")["lines"] == 1
    place.act(cancel_batch, february, "重做")
    assert place.roll("2026-03")["backpay_fen"] == 76_000


def test_suspended_months_are_paid_when_payment_goes_on(place):
    place.money()
    number = place.enrol(place.people(2))[0]
    place.paid("2026-01")
    place.act(suspend, number, "2026-02", "核查")
    assert place.paid("2026-02")["lines"] == 1
    assert place.paid("2026-03")["lines"] == 1
    place.act(resume, number, "2026-04", "核实")
    april = place.paid("2026-04")
    assert (april["lines"], april["backpay_fen"]) == (4, 152_000)


def test_a_child_who_moves_into_the_home_in_april_gets_april_as_before_and_may_as_there(place):
    place.money()
    number = place.enrol(place.people(1))[0]
    place.act(
        change_enrolment,
        number,
        ChangeEnrolment(from_month="2026-05", category="INST", institution_id=place.home, reason="入院"),
    )
    assert place.paid("2026-04")["by_category"] == {"HOME": 76_000}
    assert place.paid("2026-05")["by_category"] == {"INST": 124_000}


def test_an_end_that_came_late_is_claimed_back_when_the_roll_is_closed(place):
    from core.api import recoveries_of

    place.money()
    gone, stays = place.enrol(place.people(2))
    for month in ("2026-01", "2026-02", "2026-03"):
        place.paid(month)
    place.act(end_enrolment, gone, "2026-01", "收养")
    april = place.roll("2026-04")
    assert april["lines"] == 1
    with place.county.look() as work:
        found = recoveries_of(work, "allowance", [gone])
    assert [(one.state, one.months) for one in found] == [("open", {"2026-02": 76_000, "2026-03": 76_000})]
    place.release(april["batch"])
    assert place.paid("2026-05")["backpay_fen"] == 0
    place.act(reopen, gone, "更正")
    june = place.roll("2026-06")
    assert june["backpay_fen"] == 2 * 76_000, "April and May; the claim for February and March is withdrawn"


def test_a_standard_in_a_year_is_paid_by_the_month_with_the_rest_in_december(place):
    place.money()
    place.standard("HOME", "2900", since="2026-11", unit="year")
    place.enrol(place.people(1))
    assert place.paid("2026-11")["total_fen"] == 24_167
    assert place.paid("2026-12")["total_fen"] == 24_163


def test_the_nearest_area_wins(place):
    from core.testing import OTHER_TOWN, TOWN

    place.standard("HOME", "900", area=TOWN)
    here, there = place.people(1), place.people(1, since=1, area=f"{OTHER_TOWN}201")
    place.enrol([*here, *there])
    amounts = {line.person_id: line.amount_fen for line in place.lines(place.roll()["batch"])}
    assert amounts == {here[0]: 90_000, there[0]: 76_000}


def test_without_a_standard_for_the_month_nobody_is_paid_and_it_says_so(place):
    place.standard("GAP", "700", since="2027-01", scheme="allowance_gap")
    person = place.people(1)
    place.enrol(person, category="GAP", scheme="allowance_gap")
    built = place.roll(scheme="allowance_gap")
    assert (built["lines"], [one["code"] for one in built["excluded"]]) == (0, ["E_NO_STANDARD"])


def test_a_roll_for_nobody_or_far_ahead_is_refused(place):
    assert refusal(place.roll) == "E_NOTHING_DUE"
    place.enrol(place.people(1))
    assert refusal(place.roll, "2029-01") == "E_PERIOD"
    assert refusal(place.roll, "2026-3") == "E_PERIOD"


def test_who_lost_the_account_is_left_out_until_there_is_another(place):
    from core.identity.bank_accounts import end_account

    place.money()
    person = place.people(1)
    place.enrol(person)
    place.paid("2026-01")
    place.act(end_account, person[0], "销户")
    assert [one["code"] for one in place.roll("2026-02")["excluded"]] == ["E_NO_PAYEE"]
    place.account(person[0], "622848001234567890")
    place.release(place.roll("2026-02")["batch"])
    assert place.paid("2026-03")["backpay_fen"] == 0
    with place.county.look() as work:
        assert enrolments_of(work, person)[0]["payee_tail"] == "7890"


def test_a_line_that_is_no_longer_due_cannot_be_submitted(place):
    place.money()
    number = place.enrol(place.people(2))[0]
    batch = place.roll("2026-03")["batch"]
    place.act(end_enrolment, number, "2026-02", "收养")
    assert refusal(place.submit, batch) == "E_STALE_ROLL"
    assert place.roll("2026-03")["lines"] == 1
    place.submit(batch)


def test_a_death_before_release_stops_the_batch_and_a_raise_does_not(place):
    place.money()
    people = place.people(2)
    place.enrol(people)
    batch = place.roll("2026-03")["batch"]
    for action, role in (("submit", "proposer"), ("review", "reviewer"), ("approve", "approver")):
        place.step(action, batch, role)
    place.standard("HOME", "800", since="2026-03")
    place.act(record_death, people[0], Death(on="2026-02-10"))
    with place.county.begin("disburser") as work, pytest.raises(Refused) as caught:
        from core.funds import batches

        batches.release(work, batch, 152_000)
    assert caught.value.code == "E_STALE_ROLL"
    assert len(caught.value.objections) == 1
