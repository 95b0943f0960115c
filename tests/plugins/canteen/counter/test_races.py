"""RS25: a month is checked in the very moment in which a late meal of it comes in or one is taken back."""

import pytest
from sqlalchemy import text

from plugins.canteen.counter.conflicts import void_meal
from plugins.canteen.counter.uploading import upload
from plugins.canteen.services.settling import check_settlement, settle
from plugins.canteen.wishes import PassSettlement, SettleMonth
from tests.racing import beside


@pytest.fixture
def counted(canteens):
    """A month of one meal whose settlement is drawn up, and a device that still holds another meal of it."""
    canteens.device, canteens.guest = canteens.device(canteens.site()), canteens.diner()
    canteens.send(canteens.device.write(canteens.guest, "2026-03-20T11:05:00"))
    canteens.at("2026-04-02")
    with canteens.county.begin() as work:
        canteens.drawn = settle(work, SettleMonth(site=canteens.device.site, month="2026-03"))
    return canteens


def check(county):
    """The township checks the month."""
    return lambda work: check_settlement(work, str(county.drawn.id), PassSettlement(note="核对无误"))


def send(county):
    """The device hands in the meal it held."""
    line = county.device.write(county.guest, "2026-03-21T11:05:00")
    return lambda work: upload(work, [line])


def take_back(county):
    """The meal that was counted is taken back."""
    with county.county.look() as work:
        swipe = work.session.scalar(text("SELECT id FROM canteen_swipe"))
    return lambda work: void_meal(work, swipe, "录错")


@pytest.mark.proof("RS25")
@pytest.mark.parametrize("change", [send, take_back])
def test_a_month_whose_meals_change_at_this_moment_is_not_checked(counted, change, proof):
    assert beside(counted.county, change(counted), check(counted)) == {"E_SETTLE_STALE"}
    proof.counted(1)


@pytest.mark.proof("RS25")
def test_a_meal_that_comes_while_its_month_is_checked_is_kept_for_a_person(counted, proof):
    done = beside(counted.county, check(counted), send(counted))
    assert [line["code"] for line in done.lines] == ["E_SETTLE_LOCKED"]
    assert len(counted.subsidies()) == 1
    proof.counted(1)


@pytest.mark.proof("RS25")
def test_a_meal_stays_when_its_month_is_checked_first(counted, proof):
    assert beside(counted.county, check(counted), take_back(counted)) == {"E_SETTLE_LOCKED"}
    assert len(counted.subsidies()) == 1
    proof.counted(1)
