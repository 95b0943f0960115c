"""One meal at the counter: what the rules refuse is kept, and nobody has two subsidies for one meal."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from core.errors import Refused


def rows(canteens, statement):
    with canteens.county.look() as work:
        return [tuple(row) for row in work.session.connection().execute(text(statement))]


def test_a_lunch_is_served_and_a_second_one_at_another_site_is_refused_and_kept(canteens):
    """Acceptance example 5."""
    here, there = canteens.site(), canteens.site("CT-430223103-002")
    diner = canteens.diner()
    served = canteens.eat(diner, here, "2026-03-31T11:30")
    assert (served.tier, served.subsidy_fen, served.self_pay_fen) == ("T2", 500, 400)
    again = canteens.eat(diner, there, "2026-03-31T11:40")
    with pytest.raises(Refused) as refused:
        again.stands()
    [one] = refused.value.objections
    assert one.code == "E_MEAL_DUP" and "9.00" in one.hint and again.list_price_fen == 900
    assert rows(canteens, "SELECT state, code FROM canteen_swipe ORDER BY id") == [
        ("standing", ""),
        ("refused", "E_MEAL_DUP"),
    ]
    full = canteens.eat(diner, there, "2026-03-31T11:41", full_price=True).stands()
    assert (full.subsidy_fen, full.self_pay_fen) == (0, 900)
    assert len(canteens.subsidies()) == 1


def test_a_licence_that_ran_out_refuses_the_meal_and_suspends_the_site(canteens):
    """Acceptance example 9."""
    site = canteens.site(licence_to=date(2026, 5, 31))
    diner = canteens.diner()
    canteens.at("2026-06-01")
    assert canteens.eat(diner, site, "2026-05-31T12:00").objections == []
    refused = canteens.eat(diner, site, "2026-06-01T12:00")
    assert [one.code for one in refused.objections] == ["E_LICENCE_EXPIRED"]
    assert rows(canteens, "SELECT state FROM canteen_site") == [("suspended",)]


def test_the_dead_do_not_eat_and_their_meals_until_then_stand(canteens):
    """Acceptance example 10."""
    from core.identity.events import Death, record_death

    site, diner = canteens.site(), canteens.diner()
    canteens.at("2026-04-15")
    assert canteens.eat(diner, site, "2026-04-10T12:00").objections == []
    with canteens.county.begin() as work:
        person = work.session.connection().execute(text("SELECT person_id FROM canteen_diner")).scalar()
        record_death(work, person, Death(on=date(2026, 4, 10), source="家属报告"))
    assert [one.code for one in canteens.eat(diner, site, "2026-04-12T12:00").objections] == ["E_MEAL_DEAD"]
    assert len(canteens.subsidies()) == 1


def test_capacity_price_and_enrolment_are_rules(canteens):
    small = canteens.site("CT-430223103-009", capacity_per_meal=1, turns=2)
    codes = []
    for number in range(3):
        served = canteens.eat(canteens.diner(f"老人{'甲乙丙'[number]}"), small, "2026-03-31T12:00")
        codes += [one.code for one in served.objections] or [""]
    assert codes == ["", "", "E_MEAL_CAPACITY"]
    with pytest.raises(Refused, match="晚于现在"):
        canteens.eat(canteens.diner("老人丁"), small, "2026-03-31T18:00")
    late = canteens.eat(canteens.diner("老人戊"), canteens.site("CT-430223103-010"), "2026-03-20T12:00").stands()
    assert late.late


def test_the_database_holds_one_subsidy_and_keeps_what_was_served(canteens):
    site, diner = canteens.site(), canteens.diner()
    canteens.eat(diner, site, "2026-03-31T12:00")
    for statement in (
        "DELETE FROM canteen_swipe",
        "UPDATE canteen_swipe SET subsidy_fen = 0",
        "INSERT INTO canteen_subsidy SELECT * FROM canteen_subsidy",
        "UPDATE canteen_subsidy SET subsidy_fen = subsidy_fen + 1",
    ):
        with pytest.raises(DatabaseError), canteens.county.begin() as work:
            work.session.connection().execute(text(statement))
            work.record("test.broke", "test:1")
