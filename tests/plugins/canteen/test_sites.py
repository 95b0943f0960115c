"""Sites from the plan to the end, what inspectors find, what was granted and comes back."""

from datetime import date

import pytest
from sqlmodel import select

from core.api import NotFound, Refused, recoveries_of
from plugins.canteen.models import Grant, GrantPart, Site
from plugins.canteen.queries import show_site
from plugins.canteen.services.daily import daily
from plugins.canteen.sites import states_on, suspended_days
from tests.plugins.canteen.conftest import OPERATOR, OTHER_TOWN, SITE, VILLAGE, codes
from tests.plugins.canteen.test_settlement import pay, through

ACCEPTANCE = {
    "floor_area": 240, "seats": 60, "licence": "JY2430223", "licence_to": date(2031, 1, 1), "fire_safety": True,
    "signage": True, "members": "民政、消防、市场监管",
}  # fmt: skip


def planned(place, number=SITE):
    return place.start(
        "sites", number=number, name="新食堂", village=VILLAGE, state="planned", planned_year=2026
    )["number"]  # fmt: skip


def accepted(place, on="2026-04-02"):
    planned(place)
    place.at(on)
    place.act("sites", "approve", SITE, minutes="纪要 1 号")
    place.act("sites", "accept", SITE, **ACCEPTANCE)


def state(place, number=SITE):
    with place.county.look() as work:
        return work.session.scalars(select(Site.state).where(Site.number == number)).one()


def test_a_project_becomes_a_site_by_acceptance_and_a_trial_without_complaints(place):
    planned(place)
    with pytest.raises(Refused) as refusal:
        place.act("sites", "accept", SITE, **ACCEPTANCE)
    assert codes(refusal) == {"E_SITE_STATE"}
    place.act("sites", "approve", SITE, minutes="纪要 1 号")
    with pytest.raises(Refused) as refusal:
        place.act("sites", "accept", SITE, **ACCEPTANCE | {"fire_safety": False, "signage": False})
    assert codes(refusal) == {"E_ACCEPTANCE"}
    place.act("sites", "accept", SITE, **ACCEPTANCE)
    with pytest.raises(Refused) as refusal:
        place.act("sites", "open", SITE)
    assert codes(refusal) == {"E_TRIAL"}
    complaint = place.act("sites", "feedback", SITE, kind="complaint", matter="菜凉")["id"]
    place.at("2026-07-02")
    with pytest.raises(Refused):
        place.act("sites", "open", SITE)
    place.act("sites", "handle", SITE, feedback=complaint, outcome="rejected")
    place.act("sites", "open", SITE)
    assert state(place) == "open"


def test_a_licence_that_ran_out_stops_a_site_until_it_is_renewed(place):
    place.site(licence_to=date(2026, 5, 31))
    place.at("2026-06-02")
    with place.county.begin() as work:
        daily(work)
    assert state(place) == "suspended"
    with place.county.look() as work:
        site = work.session.scalars(select(Site)).one()
        assert states_on(work, site.id, [date(2026, 5, 31), date(2026, 6, 1)]) == ["open", "suspended"]
        assert suspended_days(work, [site.id], date(2026, 5, 1), date(2026, 6, 2)) == {
            site.id: {date(2026, 6, 1), date(2026, 6, 2)}
        }
    with pytest.raises(Refused) as refusal:
        place.act("sites", "resume", SITE, reason="已换证")
    assert codes(refusal) == {"E_LICENCE_EXPIRED"}
    place.act("sites", "licence", SITE, licence="JY2", licence_to=date(2031, 5, 31))
    place.act("sites", "resume", SITE, reason="已换证")
    assert state(place) == "open"


def test_a_major_hazard_stops_a_site_until_it_was_put_right_and_inspected_again(place):
    place.site()
    found = place.act("sites", "inspect", SITE, inspectors="张、李", score=50, severity="major", hazards="燃气泄漏")
    assert found["deadline"] == date(2026, 4, 17) and state(place) == "suspended"
    with pytest.raises(Refused) as refusal:
        place.act("sites", "resume", SITE, reason="已修")
    assert codes(refusal) == {"E_HAZARD_OPEN"}
    place.act("inspections", "rectify", found["number"], rectified="更换阀门")
    place.act("sites", "inspect", SITE, kind="again", inspectors="张、李", score=95)
    place.act("sites", "resume", SITE, reason="复查合格")
    assert state(place) == "open"


def test_samples_are_heavy_enough_and_kept_long_enough(place):
    place.site()
    wish = {"dish": "红烧肉", "grams": 125, "kept_from": "2026-04-02 11:00", "kept_to": "2026-04-04 11:00",
            "temperature": "4.0", "keeper": "周师傅"}  # fmt: skip
    place.act("sites", "sample", SITE, **wish)
    for wrong in ({"grams": 124}, {"kept_to": "2026-04-04 10:59"}):
        with pytest.raises(Refused) as refusal:
            place.act("sites", "sample", SITE, **wish | wrong)
        assert codes(refusal) == {"E_SAMPLE"}


def test_prices_follow_each_other_and_are_never_below_nothing(place):
    place.site()
    with pytest.raises(Refused) as refusal:
        place.act("sites", "price", SITE, set_code="A", price="-9")
    assert codes(refusal) == {"E_PRICE_NEG"}
    place.act("sites", "price", SITE, set_code="A", price="10", from_on=date(2026, 5, 1))
    _diner, person = place.diner()
    assert place.quote(person, on=date(2026, 4, 30)).list_price_fen == 900
    assert place.quote(person, on=date(2026, 5, 1)).list_price_fen == 1000


def test_a_menu_is_published_before_its_week(place):
    place.site()
    wish = {"weekday": "1", "set_code": "A", "dishes": "番茄炒蛋、米饭"}
    with pytest.raises(Refused) as refusal:
        place.act("sites", "menu", SITE, week=date(2026, 4, 3), **wish)
    assert codes(refusal) == {"E_MENU_LATE"}
    place.act("sites", "menu", SITE, week=date(2026, 4, 8), **wish)


def test_a_construction_grant_is_paid_in_two_parts_and_comes_back_when_a_site_closes_early(
    place, client
):  # examples 12, 13
    accepted(place)
    operator = place.operator()
    place.act("sites", "entrust", SITE, operator=OPERATOR)
    assert operator
    made = place.act("sites", "grant", SITE, minutes="纪要 2 号")
    assert made["amount_fen"] == 10000000
    with place.county.look() as work:
        parts = [(part.amount_fen, part.due_on, part.state) for part in work.session.scalars(select(GrantPart))]
    assert parts == [(6000000, date(2026, 4, 2), "payable"), (4000000, date(2027, 4, 2), "scheduled")]
    pay(place, "canteen_grant", 200_000)
    place.start("grant-payments", month="2026-04")
    through(place, 1)
    place.at("2026-07-03")
    place.act("sites", "open", SITE)
    place.at("2027-04-03")
    place.start("grant-payments", month="2027-04")
    through(place, 2)
    place.at("2028-06-01")
    place.act("sites", "close", SITE, cause="contract", reason="合同到期")
    with place.county.look() as work:
        grant = work.session.scalars(select(Grant)).one()
        assert (grant.state, grant.clawback_fen) == ("clawed_back", 6000000)
        assert recoveries_of(work, "canteen_grant", [grant.id])[0].amount_fen == 6000000
    client.sign_in("accountant")
    for path in ("/funds/recoveries", "/funds/recoveries/1", "/funds/batches/1"):
        answer = client.get(path)
        assert answer.status_code == 200 and "和顺餐饮有限公司" in answer.text, path


def test_the_second_part_is_given_up_when_the_site_is_not_open_then(place):
    accepted(place)
    place.operator()
    place.act("sites", "entrust", SITE, operator=OPERATOR)
    place.act("sites", "grant", SITE, minutes="纪要 2 号")
    place.at("2027-04-02")
    with place.county.begin() as work:
        daily(work)
    with place.county.look() as work:
        assert [part.state for part in work.session.scalars(select(GrantPart))] == ["payable", "forfeited"]


def test_sites_of_another_town_are_not_there(place):
    place.site()
    with pytest.raises(NotFound), place.county.look("township_officer", OTHER_TOWN) as work:
        show_site(work, SITE)
    with place.county.look("township_officer", VILLAGE[:9]) as work:
        assert show_site(work, SITE)["number"] == SITE
