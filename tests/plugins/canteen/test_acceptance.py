"""The acceptance examples of the handbook's page, and the cases of the seeds."""

from datetime import date

import numpy
import pytest

from core.api import Refused
from plugins.canteen.rules import Operating, clawback_fen, met
from plugins.canteen.services.granting import amount_for
from tests.plugins.canteen.conftest import SITE, codes


def test_a_set_delivered_to_somebody_of_82_costs_four_yuan_and_the_fee(place):  # example 1
    place.site()
    _diner, person = place.diner(born=date(1943, 5, 1))
    found = place.quote(person, delivery=True)
    assert (found.tier, found.subsidy_fen, found.delivery_fee_fen, found.self_pay_fen) == ("T2", 500, 200, 600)


def test_somebody_of_96_pays_what_the_subsidy_leaves_and_never_less_than_nothing(place):  # examples 2 and 3
    place.site()
    place.act("sites", "price", SITE, set_code="C", price="13", from_on=date(2026, 1, 1))
    place.act("sites", "price", SITE, set_code="S", price="8.50", from_on=date(2026, 1, 1))
    _diner, person = place.diner(born=date(1930, 1, 1))
    dear, cheap = place.quote(person, set_code="C"), place.quote(person, set_code="S")
    assert (dear.tier, dear.subsidy_fen, dear.self_pay_fen) == ("T4", 900, 400)
    assert (cheap.subsidy_fen, cheap.self_pay_fen) == (850, 0)


def test_somebody_of_66_on_dibao_has_the_highest_single_tier(place):  # example 4
    place.site()
    _diner, person = place.diner(born=date(1960, 1, 1), status=["dibao"])
    found = place.quote(person)
    assert (found.tier, found.subsidy_fen) == ("T3", 800)


def test_the_birthday_itself_counts(place):  # example 6
    place.site()
    _diner, person = place.diner(born=date(1951, 6, 15))
    assert place.quote(person, on=date(2026, 6, 14)).subsidy_fen == 100
    assert place.quote(person, on=date(2026, 6, 15)).subsidy_fen == 500


def test_below_sixty_without_a_status_the_price_is_full(place):
    place.site()
    _diner, person = place.diner(born=date(1990, 1, 1))
    found = place.quote(person)
    assert (found.tier, found.subsidy_fen, found.self_pay_fen) == ("", 0, 900)
    _diner, young = place.diner(name="赵六", born=date(1990, 1, 1), status=["dibao"])
    assert place.quote(young).tier == ""
    _diner, alone = place.diner(name="钱七", born=date(1990, 1, 1), status=["tekun"])
    assert place.quote(alone).tier == "T4"


def test_an_average_of_49_9_meals_is_not_fifty():  # example 8
    rates = ((0, 0), (20, 100), (50, 150), (100, 200))
    operating = Operating(rates, {"A": 100, "B": 80, "C": 50, "D": 0}, 500000)
    assert operating.rate_at(499, 10) == 100
    assert operating.rate_at(500, 10) == 150
    assert operating.rate_at(199, 10) == 0
    assert operating.rate_at(1100, 22) == 150 and operating.amount(1100, 150, "B") == 132000
    assert operating.amount(5000, 200, "A") == 500000  # the cap of a site and month


def test_somebody_who_died_before_the_day_has_no_tier(place):  # example 10, as a quote sees it
    place.site()
    _diner, person = place.diner()
    from core.identity.events import Death, record_death

    place.at("2026-04-20")
    with place.county.begin() as work:
        record_death(work, person, Death(on=date(2026, 4, 10), source="死亡证明"))
    assert place.quote(person, on=date(2026, 4, 10)).tier == "T2"
    assert place.quote(person, on=date(2026, 4, 12)).tier == ""


def test_a_typed_tier_must_be_the_computed_one(place):
    person = place.person()
    with pytest.raises(Refused) as refusal:
        place.start("diners", person_id=person, tier="T4")
    assert codes(refusal) == {"E_TIER_MANUAL"}
    assert place.start("diners", person_id=person, tier="T2")["id"]


def test_a_construction_grant_of_100_000_is_for_200_square_metres_and_50_seats(place):
    with place.county.look() as work:
        sums = [amount_for(work, area, seats, work.today) for area, seats in ((200, 50), (200, 49), (99, 0), (49, 9))]
    assert sums == [10000000, 6000000, 3000000, 0]
    assert clawback_fen(10000000, 5, date(2026, 1, 10), date(2028, 6, 1)) == 6000000  # example 13


def test_114_new_sites_meet_the_plan_and_113_do_not():  # C137
    assert met(114, 114) and met(115, 114) and not met(113, 114)


def test_diners_and_operators_are_paid_by_tier_and_by_meal():  # C139
    meals, rates = numpy.array([20, 10]), numpy.array([500, 300])
    flat = Operating(((0, 200),), {"A": 100, "B": 100, "C": 100, "D": 100}, 500000)
    assert int((meals * rates).sum()) + flat.amount(30, flat.rate_at(30, 1), "A") == 19000
