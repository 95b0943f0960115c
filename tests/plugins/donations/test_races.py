"""RS25: two spend what was decided once, or want a number, at the same moment."""

import pytest

from plugins.donations import acts, wishes
from tests.racing import beside

MINUTES = "理事会 2026-3 号"


def spend(**given):
    """Somebody spends six hundred yuan."""
    wish = wishes.Spend(amount="600", minutes=MINUTES, **given)
    return lambda work: acts.NEW["spending"].make(work, wish)


@pytest.mark.proof("RS25")
def test_two_who_spend_on_one_project_do_not_spend_more_than_was_decided(place, proof):
    place.drive()
    place.gift("2000")
    project = place.new("projects", title="光明行", use="medical", budget="1000", minutes=MINUTES)["number"]
    assert beside(place.county, spend(project=project), spend(project=project)) == {"E_MINUTES_EXCEEDED"}
    assert place.balance()["unrestricted_fen"] == 140_000
    proof.counted(1)


@pytest.mark.proof("RS25")
def test_two_who_enter_cost_of_one_drive_stay_within_its_plan(place, proof):
    place.drive(cost_budget="1000")
    place.gift("2000")
    cost = spend(kind="fundraising", drive="YRJ-2026")
    assert beside(place.county, cost, cost) == {"E_COST_BUDGET"}
    assert place.balance()["unrestricted_fen"] == 140_000
    proof.counted(1)


@pytest.mark.proof("RS25")
def test_a_payout_that_two_enter_is_one(place, proof):
    place.drive(kind="online_platform")
    place.gift("500", kind="online", channel="platform", transfer_ref="PT-1")
    wish = wishes.Payout(platform_ref="PT-1", payout="494", fee="6")

    def enter(work):
        acts.DRIVE_ACTS["payout"].do(work, "YRJ-2026", wish)

    assert beside(place.county, enter, enter) == {"E_PAYOUT"}
    assert place.balance()["unrestricted_fen"] == 49_400
    proof.counted(1)


@pytest.mark.proof("RS25")
def test_gifts_of_two_clerks_are_numbered_one_after_the_other(place, proof):
    drive, numbers = place.drive(), []

    def give(work):
        made = acts.NEW["gifts"].make(work, wishes.AddGift(drive=drive, amount="100", donor="张三"))
        numbers.append(made.data["number"])

    beside(place.county, give, give)
    assert [number.rpartition("-")[2] for number in numbers] == ["000001", "000002"]
    proof.counted(1)
