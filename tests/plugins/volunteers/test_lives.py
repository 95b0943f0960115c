"""What lives bring to the register, and what anybody may check on the public page."""

from datetime import date

import numpy
import pytest
from litestar.testing import TestClient

from core.api import Merges, Moves, People
from core.host import Host
from core.identity.events import Death, record_death
from core.settings import load
from core.testing import OTHER_TOWN, VILLAGE
from core.web.dispatcher import Dispatcher, Door
from core.web.public import create_public_app
from plugins.volunteers.services import life_events
from plugins.volunteers.services.certifying import certificate_for, code_of

ELSEWHERE = f"{OTHER_TOWN}201"


@pytest.fixture
def public(place):
    """A visitor of the public application, with the number and code of a certificate."""
    one = place.volunteer("李明")
    place.confirm(place.hours(one, breaks=15))
    with place.county.begin() as work:
        made = certificate_for(work, one, "", None, None)
        number, code = made.number, code_of(work, made)
    county = place.county
    county.close()
    file = county.home / "config" / "counties" / "430223.toml"
    file.write_text(file.read_text().replace("[county]", '[county]\npublic_url = "https://gongshi.example.gov.cn"', 1))
    door = Door(lambda: Host(load(county.home, county.code), clock=county.clock), build=create_public_app)
    dispatcher = Dispatcher([door])
    with TestClient(dispatcher, base_url="http://127.0.0.1") as client:
        yield client, number, code
    dispatcher.close()


def test_anybody_checks_a_certificate_and_learns_the_surname_only(public):
    client, number, code = public
    page = client.get("/volunteers/check", params={"number": number, "code": code}).text
    assert "证明属实" in page and "3.0" in page and "李明" not in page
    wrong = client.get("/volunteers/check", params={"number": number, "code": "AAAA-AAAA-AAAA"}).text
    assert "证明属实" not in wrong and "没有这份证明" in wrong
    assert client.get("/volunteers/people/1").status_code == 404


def test_a_volunteer_who_died_leaves_the_register_and_the_hours_stay(place):
    one = place.volunteer("李明")
    place.confirm(place.hours(one))
    person = place.show(one)["person_id"]
    with place.county.begin() as work:
        record_death(work, person, Death(on=date(2026, 11, 20)))
    found = place.show(one)
    assert (found["state"], found["hours"]) == ("withdrawn", 3.2)
    back = People(
        ids=numpy.array([person]), areas=numpy.array([VILLAGE]), on=numpy.array(["2026-11-20"]),
        household_ids=numpy.array([-1]), revoked=True,
    )  # fmt: skip
    with place.county.begin() as work:
        life_events.follow_deaths(work, back)
    assert place.show(one)["state"] == "active"
    with place.county.look() as work:
        assert [one.code for one in life_events.erasure_objections(work, back)] == ["E_VOL_KEPT"]


def test_a_file_moves_along_and_two_records_of_one_person_have_one_file(place):
    one = place.volunteer("李明")
    person = place.show(one)["person_id"]
    moves = Moves(
        ids=numpy.array([person]), from_areas=numpy.array([VILLAGE]), to_areas=numpy.array([ELSEWHERE]),
        on=numpy.array(["2026-11-20"]),
    )  # fmt: skip
    with place.county.begin() as work:
        life_events.follow_moves(work, moves)
    assert place.show(one)["area"] == ELSEWHERE
    kept = place.person("李明")
    for revoked, wanted in ((False, kept), (True, person)):
        merges = Merges(
            gone_ids=numpy.array([person]), kept_ids=numpy.array([kept]), on=date(2026, 11, 20), revoked=revoked
        )
        with place.county.begin() as work:
            life_events.follow_merges(work, merges)
        assert place.show(one)["person_id"] == wanted


def test_of_two_files_of_one_person_the_later_is_closed(place):
    one, two = place.volunteer("李明"), place.volunteer("李明")
    gone, kept = place.show(two)["person_id"], place.show(one)["person_id"]
    for revoked, state in ((False, "withdrawn"), (True, "active")):
        merges = Merges(
            gone_ids=numpy.array([gone]), kept_ids=numpy.array([kept]), on=date(2026, 11, 20), revoked=revoked
        )
        with place.county.begin() as work:
            life_events.follow_merges(work, merges)
        assert place.show(two)["state"] == state
