"""Registering persons, their papers and accounts."""

from datetime import date

import pytest

from core.errors import Clash, Forbidden, NotFound, Refused
from core.identity.bank_accounts import NewBankAccount, end_account, set_account
from core.identity.documents import NewDocument, add_document, make_primary, store_document
from core.identity.models.persons import Document, Person
from core.identity.persons import (
    Attributes,
    Contact,
    NewName,
    NewPerson,
    change_attributes,
    change_contact,
    change_name,
    register_person,
    register_unidentified,
)
from core.identity.queries import birth_certificates_due, find_by_number, find_person, person_card
from core.identity.tasks import certificates_to_replace

TOWN, VILLAGE = "430223103", "430223103201"
OTHER_TOWN, ELSEWHERE = "430223106", "430223106201"
ELDER = "11010519491231002X"


def codes(refusal):
    return {objection.code for objection in refusal.value.objections}


def test_a_person_is_registered_with_what_the_number_tells(county, register):
    person_id = register(
        "王桂兰", citizen_id="11010519491231002x", phone="138 0013 1234", bank_account="6228480012345678"
    )
    with county.look() as work:
        card = person_card(work, person_id)
    assert (card.person.birth_date, card.sex, card.age) == (date(1949, 12, 31), "女", 76)
    assert card.person.initials == "wgl"
    assert (str(card.id_number), str(card.phone)) == ("110105********002X", "138****1234")
    assert card.accounts[0].number == "********5678"
    assert ELDER not in repr(card)


def test_nothing_plain_lies_in_the_database(county, register):
    register("王桂兰", citizen_id=ELDER, phone="13800131234", bank_account="6228480012345678")
    with county.look() as work:
        rows = work.session.connection().exec_driver_sql(
            "SELECT number_sealed, number_index FROM identity_document UNION ALL "
            "SELECT number_sealed, number_index FROM identity_bank_account UNION ALL "
            "SELECT phone_sealed, phone_index FROM identity_person"
        )
        stored = b"".join(bytes(part) for row in rows for part in row)
    assert not any(plain in stored for plain in (ELDER.encode(), b"13800131234", b"6228480012345678"))


def test_every_objection_is_said_at_once(county, register):
    with county.begin() as work, pytest.raises(Refused) as refusal:
        wish = NewPerson(
            name="王1",
            citizen_id="110105194912310021",
            sex="公",
            phone="1",
            bank_account="2",
            hukou_area="430223999999",
        )
        register_person(work, wish)
    assert codes(refusal) == {"E_NAME", "E_ID_CHECK", "E_WORD", "E_PHONE", "E_ACCOUNT", "E_DIV_CODE"}


def test_a_number_is_one_person_and_the_refusal_opens_the_record(county, register):
    person_id = register(citizen_id=ELDER)
    with county.begin() as work, pytest.raises(Refused) as refusal:
        register_person(work, NewPerson(name="别人", citizen_id="110105 19491231 002x", hukou_area=VILLAGE))
    objection = refusal.value.objections[0]
    assert (objection.code, objection.reason) == ("E_ID_DUP", "该身份证号码已登记，请打开原档案")
    assert objection.hint == f"person:{person_id}"


def test_a_clerk_of_another_town_learns_that_a_number_is_taken_and_no_more(county, register):
    register(citizen_id=ELDER)
    with county.begin("clerk", OTHER_TOWN) as work, pytest.raises(Refused) as refusal:
        register_person(work, NewPerson(name="别人", citizen_id=ELDER, hukou_area=ELSEWHERE))
    assert codes(refusal) == {"E_ID_DUP"} and refusal.value.objections[0].hint is None


def test_a_number_registered_at_the_same_moment_is_refused_in_words(county, register, citizen_id):
    register(citizen_id=citizen_id())
    late = register("来迟的人")
    with pytest.raises(Refused) as refusal, county.begin() as work:
        store_document(work, work.session.get_one(Person, late), "RIC", citizen_id(), primary=True)
    assert codes(refusal) == {"E_ID_DUP"}


def test_two_people_of_one_name_and_day_in_one_village_are_two_people(county, register, citizen_id):
    first = register("刘洋", citizen_id=citizen_id("19900101", 1))
    second = register("刘洋", citizen_id=citizen_id("19900101", 3))
    assert first != second
    with county.look() as work:
        assert all(work.session.get_one(Person, one).merged_into is None for one in (first, second))


def test_another_sex_than_the_number_says_wants_a_note(county, register):
    with pytest.raises(Refused) as refusal:
        register("王桂兰", citizen_id=ELDER, sex="男")
    assert codes(refusal) == {"W_ID_SEX"}
    person_id = register("王桂兰", citizen_id=ELDER, sex="男", sex_note="户口簿登记为男")
    with county.look() as work:
        assert work.session.get_one(Person, person_id).sex == 1


def test_a_name_is_stored_with_one_middle_dot(county, register):
    person_id = register("阿卜杜拉•买买提")
    with county.look() as work:
        assert work.session.get_one(Person, person_id).name == "阿卜杜拉·买买提"


def test_somebody_unknown_gets_a_temporary_number_that_stays_when_they_are_known(county, citizen_id):
    with county.begin() as work:
        first = register_unidentified(work, NewPerson(name="无名氏", hukou_area=VILLAGE)).id
        second = register_unidentified(work, NewPerson(name="无名氏", hukou_area=VILLAGE)).id
    with county.begin() as work:
        assert find_by_number(work, "TMP-430223-20261120-0002").id == second
        add_document(work, first, NewDocument(kind="RIC", number=citizen_id()))
    with county.look() as work:
        assert find_by_number(work, "tmp-430223-20261120-0001").id == first
        assert find_by_number(work, citizen_id()).id == first
        primary = [paper.kind for paper in person_card(work, first).documents if paper.primary]
    assert primary == ["RIC"]


def test_a_birth_certificate_gives_way_to_the_hukou_number(county, clock, register, citizen_id):
    child = register("刘小洋", birth_date="2026-11-01")
    with county.begin() as work:
        add_document(work, child, NewDocument(kind="BIRTH", number="T123456789"))
    with county.look() as work:
        assert birth_certificates_due(work) == []
    clock.set(clock.now().replace(year=2027, month=12))
    with county.look() as work:
        assert [one.id for one in birth_certificates_due(work)] == [child]
        assert [task.subject for task in certificates_to_replace(work)] == ["刘小洋"]
    with county.begin() as work:
        add_document(work, child, NewDocument(kind="HKB", number=citizen_id("20261101")))
    with county.look() as work:
        assert birth_certificates_due(work) == []
        assert find_by_number(work, "T123456789").id == child
        assert [paper.superseded for paper in person_card(work, child).documents] == [True, False]


def test_the_card_of_somebody_from_the_hukou_book_is_the_same_number(county, register, citizen_id):
    child = register("刘小洋")
    with county.begin() as work:
        add_document(work, child, NewDocument(kind="HKB", number=citizen_id()))
        assert add_document(work, child, NewDocument(kind="RIC", number=citizen_id())).kind == "RIC"
    with county.look() as work:
        assert len(person_card(work, child).documents) == 1


def test_another_citizen_number_is_a_correction(county, register, citizen_id):
    person_id = register(citizen_id=citizen_id())
    with county.begin() as work, pytest.raises(Refused) as refusal:
        add_document(work, person_id, NewDocument(kind="RIC", number=citizen_id(sequence=3)))
    assert codes(refusal) == {"E_ID_CORRECTION"}


def test_a_disability_certificate_belongs_to_its_holder(county, register):
    holder, other = register(citizen_id=ELDER), register("别人")
    with county.begin() as work:
        paper = add_document(work, holder, NewDocument(kind="DISAB", number="11010519491231002X41"))
        assert not paper.is_primary
    with county.begin() as work, pytest.raises(Refused) as refusal:
        add_document(work, other, NewDocument(kind="DISAB", number="11010519491231002X42"))
    assert codes(refusal) == {"E_DISAB_NO"}


def test_a_person_may_hold_several_papers_and_one_is_primary(county, register):
    person_id = register("Marie Curie")
    with county.begin() as work:
        add_document(work, person_id, NewDocument(kind="PASS", number="12AB34567", issuer="fra"))
        card = add_document(work, person_id, NewDocument(kind="FPR", number="911124198108030024"))
        make_primary(work, person_id, card.id)
    with county.look() as work:
        shown = {paper.kind: paper.primary for paper in person_card(work, person_id).documents}
        assert shown == {"PASS": False, "FPR": True}
        assert find_by_number(work, "FRA 12ab34567").id == person_id
        assert find_by_number(work, "DEU 12ab34567") is None


def test_a_new_account_ends_the_one_before_and_an_old_one_can_come_back(county, register):
    person_id = register(bank_account="6228480012345678")
    with county.begin() as work:
        _account, warning = set_account(
            work, person_id, NewBankAccount(number="4539578763621487", account_name="刘 洋")
        )
        assert warning.code == "W_ACCT_CHECK"
        set_account(work, person_id, NewBankAccount(number="6228480012345678"))
        end_account(work, person_id, "销户")
    with county.look() as work:
        assert [account.valid_to for account in person_card(work, person_id).accounts] == [date(2026, 11, 20)] * 2


def test_an_account_of_another_family_wants_a_reason(county, register):
    register(bank_account="6228480012345678")
    with pytest.raises(Refused) as refusal:
        register("别人", bank_account="6228480012345678")
    assert codes(refusal) == {"W_ACCT_SHARED"}
    other = register("别人", bank_account="6228480012345678", shared_reason="监护人代领")
    with county.look() as work:
        assert person_card(work, other).accounts[0].shared_reason == "监护人代领"


def test_a_new_name_leaves_the_former_one(county, register):
    person_id = register("刘洋")
    with county.begin() as work:
        change_name(work, person_id, NewName(name="刘海洋", until=date(2026, 11, 1), reason="改名"))
    with county.look() as work:
        card = person_card(work, person_id)
    assert (card.person.name, card.person.initials) == ("刘海洋", "lhy")
    assert [(one.name, one.until) for one in card.former_names] == [("刘洋", date(2026, 11, 1))]


def test_phone_address_and_attributes_change(county, register):
    person_id = register(citizen_id=ELDER, phone="13800131234")
    with county.begin() as work:
        change_contact(work, person_id, Contact(phone="", address="杨家坪 8 号"))
        change_attributes(work, person_id, Attributes(ethnicity="土家"))
    with county.look() as work:
        card = person_card(work, person_id)
    assert (card.phone, card.person.address, card.ethnicity) == (None, "杨家坪 8 号", "土家族")
    with county.begin() as work, pytest.raises(Refused) as refusal:
        change_attributes(work, person_id, Attributes(sex="男"))
    assert codes(refusal) == {"W_ID_SEX"}


def test_a_form_that_was_overtaken_is_told_so(county, register):
    person_id = register()
    with county.begin() as work:
        change_contact(work, person_id, Contact(address="甲", version=1))
    with pytest.raises(Clash), county.begin() as work:
        change_contact(work, person_id, Contact(address="乙", version=1))


def test_a_clerk_sees_nobody_of_another_town_by_id_or_number(county, register):
    person_id = register(citizen_id=ELDER)
    with county.look("clerk", OTHER_TOWN) as work:
        assert find_by_number(work, ELDER) is None
        for typed in (str(person_id), ELDER, "999999"):
            with pytest.raises(NotFound, match="不在你的辖区"):
                find_person(work, typed)
    with county.look("clerk", TOWN) as work:
        assert find_person(work, ELDER).id == find_person(work, str(person_id)).id == person_id
    with county.begin("clerk", OTHER_TOWN) as work, pytest.raises(NotFound):
        change_contact(work, person_id, Contact(address="x"))


def test_somebody_who_lives_here_is_seen_here_too(county, register):
    person_id = register(residence_area=ELSEWHERE)
    with county.look("clerk", OTHER_TOWN) as work:
        assert find_person(work, str(person_id)).id == person_id


def test_a_right_comes_before_a_rule(county):
    with county.begin("clerk", OTHER_TOWN) as work, pytest.raises(Forbidden):
        register_person(work, NewPerson(name="1", hukou_area=VILLAGE))
    with county.begin("system_admin") as work, pytest.raises(Forbidden):
        find_person(work, "1")


def test_a_whole_number_is_shown_to_those_with_the_right_and_recorded(county, register):
    person_id = register(citizen_id=ELDER, phone="13800131234")
    with county.look("clerk", TOWN) as work:
        number = person_card(work, person_id).id_number
        with pytest.raises(Refused):
            number.reveal(work, " ")
        assert number.reveal(work, "核对证件") == ELDER
    with county.look("proposer") as work, pytest.raises(Forbidden):
        person_card(work, person_id).phone.reveal(work, "核对")
    with county.look() as work:
        rows = work.session.connection().exec_driver_sql(
            "SELECT actor, subject, body FROM audit_record WHERE action = 'person.number_revealed'"
        )
        (row,) = rows.all()
    assert (row.actor, row.subject) == ("clerk-430223103", f"person:{person_id}")
    assert "核对证件" in bytes(row.body).decode() and ELDER not in bytes(row.body).decode()


def test_the_database_keeps_a_number_to_one_person_whatever_the_service_says(county, register, citizen_id):
    first, second = register(citizen_id=citizen_id()), register("别人")
    with pytest.raises(Exception, match=r"number_index|one_person_per_document_number"), county.begin() as work:
        paper = work.session.get_one(Document, 1)
        assert paper.person_id == first
        copy = Document(
            person_id=second, kind="HKB", number_sealed=b"x", number_index=paper.number_index, tail=paper.tail
        )
        work.session.add(copy)
        work.session.flush()
