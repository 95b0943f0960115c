"""People in columns: the same rows as one by one, and quickly."""

from datetime import date

import pytest

from core.identity.bulk import NewPeople, accounts_in_use, change_people, insert_people, people_by_number
from core.identity.models.persons import Person
from core.identity.queries import find_by_number, person_card
from core.identity.rules import shared_objection

VILLAGE, ELSEWHERE = "430223103201", "430223106201"


def people(numbers, **columns):
    count = len(numbers)
    given = {
        "name": ["王桂兰"] * count,
        "sex": [2] * count,
        "birth_date": [date(1970, 1, 1)] * count,
        "ethnicity": ["01"] * count,
        "hukou_area": [VILLAGE] * count,
        "residence_area": [VILLAGE] * count,
        "address": [""] * count,
        "phone": ["13800131234", *[""] * (count - 1)],
        "citizen_id": numbers,
        "bank_account": ["6228480012345678", *[""] * (count - 1)],
    }
    return NewPeople(**{**given, **columns})


@pytest.fixture
def insert(county):
    def run(columns):
        with county.begin() as work:
            ids = insert_people(work, columns)
            work.record("household.imported", "roster:1", people=len(ids))
        return list(ids)

    return run


def test_people_in_columns_are_as_if_registered_one_by_one(county, insert, citizen_id):
    first, *others = insert(people([citizen_id(sequence=at) for at in (2, 4, 6)]))
    with county.look() as work:
        card = person_card(work, first)
        assert (card.person.initials, card.phone, card.accounts[0].number) == ("wgl", "138****1234", "********5678")
        assert find_by_number(work, citizen_id(sequence=4)).id == others[0]
        plain = person_card(work, others[1])
        assert (plain.phone, plain.accounts, plain.person.phone_tail) == (None, [], "")
        assert plain.person.created_at == work.now and plain.person.birth_date == date(1970, 1, 1)


def test_people_without_a_number_and_with_an_old_one_are_kept(county, insert):
    ids = insert(people(["", "11010519491231002X"], legacy={1: "110105491231002"}))
    with county.look() as work:
        assert person_card(work, ids[0]).documents == []
        assert find_by_number(work, "110105491231002").id == ids[1]


def test_registered_numbers_and_used_accounts_are_found_in_one_go(county, insert, citizen_id):
    numbers = [citizen_id(sequence=at) for at in (2, 4)]
    ids = insert(people(numbers))
    with county.look() as work:
        assert people_by_number(work, [*numbers, citizen_id(sequence=8), ""]) == dict(zip(numbers, ids, strict=True))
        assert accounts_in_use(work, ["6228480012345678", "999", ""]) == {"6228480012345678": [ids[0]]}


def test_an_empty_registry_is_asked_for_nothing(county, citizen_id):
    with county.look() as work:
        assert people_by_number(work, [citizen_id()]) == {}
        assert accounts_in_use(work, ["6228480012345678"]) == {}


def test_changed_columns_leave_former_names_and_ended_accounts(county, insert, citizen_id):
    ids = insert(people([citizen_id(sequence=2), citizen_id(sequence=4)]))
    with county.begin() as work:
        change_people(
            work,
            ids,
            {
                "name": ["王桂芳", "王桂兰"],
                "hukou_area": [ELSEWHERE, VILLAGE],
                "phone": ["", "13900139000"],
                "bank_account": ["6228480087654321", ""],
            },
        )
        work.record("household.imported", "roster:2")
    with county.look() as work:
        first, second = (person_card(work, one) for one in ids)
    assert (first.person.name, first.person.initials, first.person.hukou_area) == ("王桂芳", "wgf", ELSEWHERE)
    assert [one.name for one in first.former_names] == ["王桂兰"] and second.former_names == []
    assert (first.phone, second.phone) == ("138****1234", "139****9000")
    assert [(one.number.tail, one.valid_to is None) for one in first.accounts] == [("5678", False), ("4321", True)]


def test_the_members_of_one_household_share_an_account_freely(county, insert, citizen_id):
    from core.households.models.households import Household, Membership

    ids = insert(people([citizen_id(sequence=at) for at in (2, 4, 6)]))
    with county.begin() as work:
        home = Household(number="1", area=VILLAGE, head_id=ids[0], opened_on=work.today, created_at=work.now)
        work.session.add(home)
        work.session.flush()
        for person, relation in ((ids[0], "02"), (ids[1], "12")):
            row = Membership(household_id=home.id, person_id=person, relation=relation, valid_from=work.today)
            work.session.add(row)
        work.record("household.opened", "household:1")
    with county.look() as work:
        assert shared_objection(work, "6228480012345678", ids[1], "") is None
        assert shared_objection(work, "6228480012345678", ids[2], "").code == "W_ACCT_SHARED"


def test_a_number_twice_breaks_the_whole_batch(county, insert, citizen_id):
    with pytest.raises(Exception, match=r"number_index|one_person_per_document_number"):
        insert(people([citizen_id(), citizen_id()]))
    with county.look() as work:
        assert work.session.get(Person, 1) is None
