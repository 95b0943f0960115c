"""Diners: enrolment, cards, what is sealed, what lives bring, samples that lack, the columns that rules ask for."""

from datetime import date, timedelta

import numpy
import pytest
from sqlmodel import select

from core.api import Merges, NotFound, Refused
from core.identity.events import Death, Move, record_death, record_move
from core.policy import SetPolicy, set_policy
from plugins.canteen.diners import digest_of, diners_of_codes, find_diner
from plugins.canteen.models import Card, Diner
from plugins.canteen.queries import show_diner
from plugins.canteen.quoting import priced
from plugins.canteen.services.life_events import follow_merges
from plugins.canteen.services.sampling import missing_samples, quiet_sites
from plugins.canteen.tiers import entitled
from tests.plugins.canteen.conftest import SITE, codes
from tests.plugins.canteen.test_settlement import eat


def one(place, number=1):
    with place.county.look() as work:
        return work.session.get_one(Diner, number)


def test_somebody_is_enrolled_once_and_a_status_is_one_of_the_list(place):
    _diner, person = place.diner(status=["分散供养特困", "key_entitled"])
    assert one(place).statuses == "entitled,tekun"
    with pytest.raises(Refused) as refusal:
        place.start("diners", person_id=person)
    assert codes(refusal) == {"E_ENROLLED"}
    with pytest.raises(Refused) as refusal:
        place.start("diners", person_id=place.person("钱七"), status=["rich"])
    assert codes(refusal) == {"E_STATUS"}


def test_diet_notes_need_consent_and_are_sealed(place):
    with pytest.raises(Refused) as refusal:
        place.diner(diet="对花生过敏")
    assert codes(refusal) == {"E_CONSENT"}
    diner, _person = place.diner(name="钱七", diet="对花生过敏", consent_on=date(2026, 4, 1), phone="13800000001")
    kept = one(place, diner)
    assert "花生" not in repr(kept.diet) and "13800000001" not in repr(kept.phone)
    with place.county.look() as work:
        shown = show_diner(work, str(diner))
    assert shown["diet"] == "对花生过敏" and "13800000001" not in repr(shown)


def test_a_card_opens_the_diner_and_only_its_digest_is_kept(place):
    diner, person = place.diner()
    made = place.act("diners", "card", diner)
    with place.county.look() as work:
        card = work.session.scalars(select(Card)).one()
        assert card.digest == digest_of(made["token"]) and made["token"] not in repr(card)
        assert find_diner(work, made["token"]).person_id == person
        found = diners_of_codes(work, [one(place).code, "0" * 32])
        assert found.ids.tolist() == [diner, -1]
    again = place.act("diners", "card", diner, reason="遗失")
    with place.county.look() as work:
        assert find_diner(work, again["token"]).id == diner
        with pytest.raises(NotFound):
            find_diner(work, made["token"])


def test_a_death_ends_the_enrolment_that_day_and_meals_after_it_are_refused_as_those_of_the_dead(place):
    place.site()
    diner, person = place.diner()
    token = place.act("diners", "card", diner)["token"]
    place.at("2026-04-20")
    with place.county.begin() as work:
        record_death(work, person, Death(on=date(2026, 4, 10), source="死亡证明"))
    assert one(place).to_on == date(2026, 4, 10)
    for who in (person, token):
        with pytest.raises(Refused) as refusal:
            eat(place, [who], [date(2026, 4, 12)])
        assert codes(refusal) == {"E_MEAL_DEAD"}
    assert eat(place, [person], [date(2026, 4, 10)])  # meals up to the day stand


def test_a_move_hands_the_enrolment_over_and_two_records_of_one_person_have_one(place):
    _diner, person = place.diner()
    other = "430223103002"
    with place.county.begin() as work:
        record_move(work, person, Move(on=date(2026, 4, 1), hukou_area=other, residence_area=other))
    assert one(place).area == other
    gone = place.person()
    kept = {"gone_ids": numpy.array([person]), "kept_ids": numpy.array([gone]), "on": date(2026, 4, 2)}
    with place.county.begin() as work:
        follow_merges(work, Merges(**kept))
    assert one(place).person_id == gone
    with place.county.begin() as work:
        follow_merges(work, Merges(**kept, revoked=True))
    assert one(place).person_id == person


def test_meals_without_a_sample_are_listed_for_who_supervises(place):
    place.site()
    _diner, person = place.diner()
    yesterday = date(2026, 4, 1)
    eat(place, [person], [yesterday])
    with place.county.look() as work:
        assert [(site.number, days) for site, days in missing_samples(work)] == [(SITE, [yesterday])]
    wish = {"dish": "红烧肉", "grams": 130, "kept_from": "2026-04-01 11:00", "kept_to": "2026-04-03 12:00",
            "temperature": "4", "keeper": "周师傅", "day": yesterday}  # fmt: skip
    place.act("sites", "sample", SITE, **wish)
    with place.county.look() as work:
        assert missing_samples(work) == [] and quiet_sites(work) == []
    place.at("2026-06-01")
    with place.county.look() as work:
        assert [(site.number, last) for site, last in quiet_sites(work)] == [(SITE, yesterday)]


def test_tiers_and_prices_are_computed_in_columns(place):
    people = [place.person(name, born) for name, born in (
        ("赵一", date(1966, 4, 3)), ("钱二", date(1951, 4, 2)), ("孙三", date(1941, 4, 2)), ("李四", date(1990, 1, 1)),
    )]  # fmt: skip
    days = [date(2026, 4, 2), date(2026, 4, 3)]
    with place.county.look() as work:
        found = entitled(work, people * 2, [days[0]] * 4 + [days[1]] * 4, [""] * 8)
        assert found.tiers.tolist() == ["", "T2", "T3", "", "T1", "T2", "T3", ""]
        leap = entitled(work, [people[1]], days[0] - timedelta(days=1), [""])
        assert leap.tiers.tolist() == ["T1"]
    made = priced(numpy.array([900, 300, 900]), numpy.array([500, 500, 0]), numpy.array([0, 200, 0]), 300)
    assert made.subsidy_fen.tolist() == [500, 300, 0] and made.self_pay_fen.tolist() == [100, 0, 600]


def test_only_people_of_the_county_are_subsidised_where_its_policy_says_so(place):
    place.site()
    _diner, person = place.diner()
    with place.county.begin() as work:
        set_policy(work, SetPolicy(key="canteen.residence", value="county", valid_from=None, document="民发 1 号"))
    assert place.quote(person, on=date(2026, 4, 2)).tier == "T2"
