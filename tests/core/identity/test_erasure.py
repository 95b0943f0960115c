"""What names a person goes when its time is over: two people decide, plugins may object, the chain stays valid."""

import os
import time
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from core.errors import Forbidden, NotFound, Refused
from core.identity.attachments import NewAttachment, add_attachment
from core.identity.bank_accounts import NewBankAccount, set_account
from core.identity.corrections import Correction
from core.identity.erasure import ERASED_NAME, erasable_people
from core.identity.events import Death, MoveOut, record_death, record_move_out
from core.identity.models.persons import Person
from core.identity.persons import Contact, NewName, change_contact, change_name
from core.identity.queries import person_card
from core.identity.second_person import (
    confirm,
    propose_correction,
    propose_erasure,
    propose_merge,
    take_back,
    turn_down,
)
from core.jobs import drain
from core.testing import OTHER_TOWN, TOWN, enabled

ELDER = "11010519491231002X"
LONG_AGO = date(2014, 3, 15)
PERSONAL = ("王桂兰", "王桂花", "东门组12号", "殡仪馆的证明")


@pytest.fixture
def elder(county, register):
    """A woman who died twelve years ago, with everything the registry may know of her."""
    person = register(name="王桂兰", citizen_id=ELDER, address="东门组12号", phone="13900001234")
    with county.begin() as work:
        change_name(work, person, NewName(name="王桂花", reason="王桂兰改名"))
        set_account(work, person, NewBankAccount(number="62170000000000000018"))
        add_attachment(work, NewAttachment(owner=f"person:{person}", file_name="a.pdf", data=b"%PDF-1.7 x"))
        record_death(work, person, Death(on=LONG_AGO, source="殡仪馆的证明"))
    return person


def erase(county, person):
    with county.begin("clerk", TOWN, name="first") as work:
        proposal = propose_erasure(work, person, "保存期满").id
    with county.begin("clerk", TOWN, name="second") as work:
        return confirm(work, proposal).id


def refused(act, *given):
    with pytest.raises(Refused) as refusal:
        act(*given)
    return refusal.value.code


def test_whose_time_is_over_is_on_the_list(county, register, elder):
    gone, recent = register(name="刘洋"), register(name="李建国")
    with county.begin() as work:
        record_move_out(work, gone, MoveOut(on=date(2016, 11, 20), destination="长沙"))
        record_death(work, recent, Death(on=date(2016, 11, 21)))
    with county.look("clerk", TOWN) as work:
        listed = {one["id"]: (one["why"], one["due"]) for one in erasable_people(work)["people"]}
    assert listed == {elder: ("death", date(2024, 3, 15)), gone: ("left", date(2026, 11, 20))}
    with county.look("clerk", OTHER_TOWN) as work:
        assert erasable_people(work)["people"] == []


def test_the_months_are_the_countys_policy(county, run, elder):
    assert len(run("person", "erasable", "--json").data["people"]) == 1
    assert run("policy", "set", "identity.erasure_death_months", "360", "--document", "1号").exit_code == 0
    assert run("person", "erasable", "--json").data["people"] == []


def test_nothing_that_names_the_person_is_left(county, run, elder, client):
    before = run("audit", "verify", "--json").data["records"]
    erase(county, elder)
    with county.look() as work:
        card = person_card(work, elder)
        person = card.person
        assert (person.name, person.initials, person.address, person.ethnicity) == (ERASED_NAME, "", "", "")
        assert (person.birth_date, person.sex, person.died_on) == (date(1949, 1, 1), 2, LONG_AGO)
        assert (card.phone, card.id_number, card.documents, card.accounts, card.former_names) == (
            None,
            None,
            [],
            [],
            [],
        )
        assert [one.kind for one in card.events] == ["death", "erased"]
        assert card.events[0].before_sealed is None and card.events[0].happened_on == LONG_AGO
        connection = work.session.connection()
        for table in (
            "identity_person",
            "identity_event",
            "identity_proposal",
            "identity_former_name",
            "identity_document",
        ):
            rows = str(connection.execute(text(f"SELECT * FROM {table}")).all())
            assert not any(word in rows for word in PERSONAL), table
    for word in ("王桂", "wgh", ELDER, "002X", "1234", ERASED_NAME):
        assert run("person", "find", word, "--json").data["people"] == []
    verified = run("audit", "verify", "--json")
    assert verified.data["ok"] and verified.data["records"] > before
    record = next(one for one in run("audit", "list", "--json").data["records"] if one["action"] == "person.erased")
    assert record["subject"] == f"person:{elder}"
    client.sign_in("clerk", TOWN)
    assert ERASED_NAME in client.get(f"/people/{elder}").text


def test_what_the_proof_keeps_holds_no_number_and_no_change_in_plain(county, elder):
    erase(county, elder)
    with county.look() as work:
        connection = work.session.connection()
        bodies = [row.body.decode() for row in connection.execute(text("SELECT body FROM audit_record"))]
        changes = str(connection.execute(text("SELECT * FROM household_change")).all())
    for secret in (ELDER, "13900001234", "62170000000000000018"):
        assert not any(secret in body for body in bodies)
    assert not any(word in changes for word in PERSONAL)


def test_the_bytes_of_attachments_go(county, elder):
    folder = county.home / "data" / "attachments" / county.code
    (file,) = folder.iterdir()
    moment = time.time() - 25 * 3600
    os.utime(file, (moment, moment))
    drain(county.host)
    assert file.exists()
    erase(county, elder)
    drain(county.host)
    assert list(folder.iterdir()) == []


def test_the_index_stays_whole_without_the_erased(county, run, register, elder):
    from core.households.search import index_health, rebuild

    other = register(name="王桂兰")
    erase(county, elder)
    assert index_health(county.host) is None
    with county.host.database.transaction(write=True) as connection:
        assert rebuild(connection) == 1
    assert [one["id"] for one in run("person", "find", "王桂兰", "--json").data["people"]] == [other]


def test_the_records_that_went_into_it_go_too(county, register, elder):
    twin = register(name="王桂兰", birth_date=date(1949, 12, 31), address="西门")
    with county.begin("clerk", TOWN, name="first") as work:
        proposal = propose_merge(work, twin, elder, "同一人").id
    with county.begin("clerk", TOWN, name="second") as work:
        merge = confirm(work, proposal).id
    erase(county, elder)
    with county.look() as work:
        assert work.session.get(Person, twin).name == ERASED_NAME
    with county.begin("clerk", TOWN, name="third") as work:
        assert refused(take_back, work, merge, "弄错了") == "E_ERASED"


def test_before_its_time_nobody_is_erased(county, register):
    alive, recent = register(name="刘洋"), register(name="李建国")
    with county.begin() as work:
        record_death(work, recent, Death(on=date(2020, 1, 1)))
        assert refused(propose_erasure, work, alive, "x") == "E_RETENTION"
        assert refused(propose_erasure, work, recent, "x") == "E_RETENTION"


def test_a_time_that_is_not_over_any_more_stops_the_second_person(county, elder, run):
    with county.begin("clerk", TOWN, name="first") as work:
        proposal = propose_erasure(work, elder, "保存期满").id
    run("policy", "set", "identity.erasure_death_months", "360", "--document", "1号")
    with pytest.raises(Refused) as refusal, county.begin("clerk", TOWN, name="second") as work:
        confirm(work, proposal)
    assert refusal.value.code == "E_RETENTION"


def test_two_people_decide(county, elder):
    with county.begin("clerk", TOWN, name="first") as work:
        proposal = propose_erasure(work, elder, "保存期满").id
        assert refused(propose_erasure, work, elder, "再来") == "E_SAME"
        assert refused(confirm, work, proposal) == "E_SECOND_PERSON"
        assert refused(propose_erasure, work, elder, "") in ("E_REASON", "E_SAME")
    with pytest.raises(Forbidden), county.begin() as work:
        confirm(work, proposal)
    with county.begin("clerk", TOWN, name="second") as work:
        turn_down(work, proposal, "还要用")
    with county.look() as work:
        assert work.session.get(Person, elder).name == "王桂花"


def test_who_has_no_right_or_works_elsewhere_erases_nobody(county, elder):
    with pytest.raises(Forbidden), county.begin("reviewer") as work:
        propose_erasure(work, elder, "x")
    with pytest.raises(NotFound), county.begin("clerk", OTHER_TOWN) as work:
        propose_erasure(work, elder, "x")


def test_a_plugin_that_still_needs_the_person_objects_and_is_named(county, elder):
    enabled(county, "every_hook")
    with pytest.raises(Refused) as refusal, county.begin("clerk", TOWN) as work:
        propose_erasure(work, elder, "保存期满")
    assert refusal.value.objections[0].plugin == "every_hook"


def test_a_plugin_that_fails_when_asked_refuses_the_erasure(county, elder):
    import huimin_misbehaving

    with county.begin("clerk", TOWN, name="first") as work:
        proposal = propose_erasure(work, elder, "保存期满").id
    enabled(county, "misbehaving")
    huimin_misbehaving.WRONG_IN.add("check_person_erasure")
    try:
        with pytest.raises(Refused) as refusal, county.begin("clerk", TOWN, name="second") as work:
            confirm(work, proposal)
    finally:
        huimin_misbehaving.WRONG_IN.clear()
    assert refusal.value.code == "E_PLUGIN"
    with county.look() as work:
        assert work.session.get(Person, elder).name == "王桂花"


def test_an_erased_record_is_changed_no_more(county, elder):
    event = erase(county, elder)
    with county.begin("clerk", TOWN, name="third") as work:
        assert refused(change_contact, work, elder, Contact(phone="13900001234")) == "E_ERASED"
        assert refused(propose_correction, work, elder, Correction(name="王桂兰"), "x") == "E_ERASED"
        assert refused(take_back, work, event, "弄错了") == "E_ERASED"
        assert refused(propose_erasure, work, elder, "再来") == "E_ERASED"


def test_the_number_may_be_registered_anew(county, register, elder):
    erase(county, elder)
    assert register(name="王桂兰", citizen_id=ELDER) != elder


def test_an_event_is_emptied_and_never_changed(county, elder):
    changes = [
        "happened_on = '2020-01-01', before_sealed = NULL, after_sealed = NULL, source = '', reason = ''",
        "source = '别的'",
        "before_sealed = NULL",
    ]
    for change in changes:
        with (
            pytest.raises(DatabaseError, match="append-only"),
            county.host.database.transaction(write=True) as connection,
        ):
            connection.execute(text(f"UPDATE identity_event SET {change}"))
    with pytest.raises(DatabaseError, match="append-only"), county.host.database.transaction(write=True) as connection:
        connection.execute(text("DELETE FROM identity_event"))


def test_a_person_is_erased_by_command(county, run, elder):
    proposed = run("person", "erase", elder, "--reason", "保存期满", "--json")
    assert proposed.data["kind"] == "erased", proposed.talk
    assert run("person", "erasable", "--json").data["people"][0]["waiting"] is True
    assert run("person", "confirm", proposed.data["proposal"]).exit_code == 4
    second = county.account("clerk", TOWN, "second")
    done = run("person", "confirm", proposed.data["proposal"], "--json", as_=second)
    assert done.exit_code == 0, done.talk
    assert run("person", "show", elder, "--json").data["name"] == ERASED_NAME
    assert run("person", "erasable", "--json").data == {"people": [], "more": False}


def test_how_long_records_are_kept_is_listed_for_the_core_and_every_plugin(county, run):
    enabled(county, "every_hook")
    rules = {one["name"]: one["months"] for one in run("person", "retention", "--json").data}
    assert rules["identity.documents"] == 120 and rules["every_hook.diary"] == 12


def test_the_page_of_the_proposal_says_what_will_happen(county, client, elder):
    with county.begin("clerk", TOWN, name="first") as work:
        proposal = propose_erasure(work, elder, "保存期满").id
    client.sign_in("clerk", TOWN, name="second")
    assert "不能撤销" in client.get(f"/people/proposals/{proposal}").text


def test_time_passing_makes_people_due(county, register, clock):
    person = register(name="刘洋")
    with county.begin() as work:
        record_death(work, person, Death(on=date(2026, 11, 19)))
    clock.set(clock.now() + timedelta(days=3660))
    with county.look() as work:
        assert [one["id"] for one in erasable_people(work)["people"]] == [person]


def test_a_person_is_erased_by_the_api_by_two_accounts(county, client, elder):
    first, second = (county.account("clerk", TOWN, name=name) for name in ("first", "second"))
    listed = client.api("GET", "/people/erasable", as_=first).json()["items"]
    assert [one["id"] for one in listed] == [elder]
    asked = client.api("POST", f"/people/{elder}/erasure", as_=first, json={"reason": "保存期满"})
    proposal = asked.json()["proposal"]
    assert client.api("POST", f"/proposals/{proposal}/confirm", as_=first).status_code == 422
    assert client.api("POST", f"/proposals/{proposal}/confirm", as_=second).json()["event"]
    assert client.api("GET", f"/people/{elder}", as_=first).json()["name"] == ERASED_NAME
    elsewhere = county.account("clerk", OTHER_TOWN, name="third")
    assert client.api("GET", "/people/erasable", as_=elsewhere).json()["items"] == []
    assert client.api("POST", f"/people/{elder}/erasure", as_=elsewhere, json={"reason": "x"}).status_code == 404
