"""Deaths, moves and joined records stop, hand over and join what is paid."""

from datetime import date

import numpy

from core.api import HouseholdChanges, Merges, People, recoveries_of
from core.households.search import rebuild_index
from core.households.services import open_household
from core.households.wishes import Member, OpenHousehold
from core.identity.events import Death, Move, MoveOut, find_event, record_death, record_move, record_move_out
from core.identity.second_person import take_back
from core.testing import OTHER_TOWN, VILLAGE
from plugins.benefits.api import enrolments_of
from plugins.benefits.services.life_events import erasure_objections, follow_merges, household_objections


def recoveries(place, *numbers):
    with place.county.look() as work:
        return [(one.state, one.months) for one in recoveries_of(work, "allowance", numbers)]


def enrolled(place, person):
    with place.county.look() as work:
        return enrolments_of(work, [person])


def test_a_death_recorded_late_stops_the_benefit_and_claims_the_months_after_it(place):
    place.money()
    person = place.people(1)[0]
    number = place.enrol([person])[0]
    for month in ("2026-01", "2026-02", "2026-03", "2026-04"):
        place.paid(month)
    place.act(record_death, person, Death(on="2026-02-11"))
    assert recoveries(place, number) == [("open", {"2026-03": 76_000, "2026-04": 76_000})]
    assert enrolled(place, person)[0]["to_month"] == "2026-02"
    assert place.roll("2026-05")["lines"] == 0
    assert len(recoveries(place, number)) == 1, "nothing is claimed twice"


def test_a_death_taken_back_goes_on_with_back_pay_and_closes_the_recovery(place):
    place.money()
    person, other = place.people(2)
    number = place.enrol([person, other])[0]
    for month in ("2026-01", "2026-02", "2026-03"):
        place.paid(month)
    place.act(record_death, person, Death(on="2026-01-11"))
    place.paid("2026-04")
    undo(place, person, "death")
    assert [state for state, _months in recoveries(place, number)] == ["withdrawn"]
    may = place.paid("2026-05")
    assert (may["lines"], may["backpay_fen"]) == (3, 76_000), "April; February and March were never paid back"


def undo(place, person, kind):
    """Take an event of a life back."""
    with place.county.begin("clerk") as work:
        take_back(work, find_event(work, person, kind).id, "弄错了人")


def test_a_move_hands_the_enrolment_to_the_new_town_from_the_next_month(place):
    person = place.people(1)[0]
    place.enrol([person])
    place.act(rebuild_index)
    place.act(record_move, person, Move(on="2026-03-15", hukou_area=f"{OTHER_TOWN}201"))
    assert [line.area[:9] for line in place.lines(place.roll("2026-03")["batch"])] != [OTHER_TOWN]
    assert [line.area[:9] for line in place.lines(place.roll("2026-04")["batch"])] == [OTHER_TOWN]


def test_who_leaves_the_county_is_paid_to_the_month_of_leaving(place):
    person = place.people(1)[0]
    place.enrol([person])
    place.act(record_move_out, person, MoveOut(on="2026-03-15", destination="长沙"))
    assert (enrolled(place, person)[0]["to_month"], enrolled(place, person)[0]["ended_for"]) == ("2026-03", "moved_out")


def test_records_that_are_joined_join_their_enrolments_and_the_later_double_ends(place):
    place.money()
    gone, kept = place.people(2)
    first, second = place.enrol([kept, gone])
    place.paid("2026-01")

    def merge(work, revoked):
        pair = {"gone_ids": numpy.array([gone]), "kept_ids": numpy.array([kept])}
        follow_merges(work, Merges(**pair, on=date(2026, 2, 1), revoked=revoked))

    place.act(merge, False)
    found = {one["id"]: (one["person_id"], one["state"]) for one in enrolled(place, kept)}
    assert found == {first: (kept, "active"), second: (kept, "ended")}
    assert place.roll("2026-02")["lines"] == 1
    assert recoveries(place, second) == [("open", {"2026-01": 76_000})], "one person was paid twice"
    place.act(merge, True)
    assert [one["state"] for one in enrolled(place, gone)] == ["active"]


def test_a_household_with_somebody_in_payment_is_not_closed_and_nobody_in_payment_is_erased(place):
    person = place.people(1)[0]
    place.enrol([person])
    today = date(2026, 11, 20)
    with place.county.begin() as work:
        wish = OpenHousehold(number="H-1", area=VILLAGE, on=today, members=[Member(person_id=person, relation="户主")])
        number = open_household(work, wish).id
    with place.county.look() as work:
        changes = HouseholdChanges(
            ids=numpy.array([number]), areas=numpy.array([VILLAGE]), kinds=numpy.array(["closed"]), on=today
        )
        assert [one.code for one in household_objections(work, changes)] == ["E_IN_PAYMENT"]
        people = People(
            ids=numpy.array([person]),
            areas=numpy.array([VILLAGE]),
            on=numpy.array(["2026-11-20"]),
            household_ids=numpy.array([-1]),
        )
        assert [one.code for one in erasure_objections(work, people)] == ["E_IN_PAYMENT"]


def test_a_family_goes_on_when_who_receives_it_dies_but_waits_for_another_account(place):
    from core.households.groups import open_group
    from core.households.wishes import GroupPart, OpenGroup
    from plugins.benefits.api import ChangeEnrolment, change_enrolment

    people = place.people(2)
    place.standard("FAMILY", "810", scheme="allowance_family")
    with place.county.begin() as work:
        parts = [GroupPart(person_id=one, part="member") for one in people]
        wish = OpenGroup(
            kind="assistance_family", area=VILLAGE, scheme="allowance_family", on=work.today, members=parts
        )
        group = open_group(work, wish).id
    family = {"category": "FAMILY", "scheme": "allowance_family", "group_id": group, "member_ids": people}
    number = place.enrol(people[:1], **family)[0]
    place.act(record_death, people[0], Death(on="2026-02-11"))
    assert place.roll("2026-02", "allowance_family")["lines"] == 1
    assert [one["code"] for one in place.roll("2026-03", "allowance_family")["excluded"]] == ["E_NO_PAYEE"]
    change = ChangeEnrolment(
        from_month="2026-03", account_name="张一", account_number="622848003333333333", reason="换领款人"
    )
    place.act(change_enrolment, number, change)
    assert place.roll("2026-03", "allowance_family")["lines"] == 1
