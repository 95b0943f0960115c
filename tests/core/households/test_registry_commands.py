"""Commands for groupings beside the household, suspected duplicates, and rosters of old archives."""

from datetime import date

import openpyxl
import pytest

from core.demo.people import HEADERS
from core.identity.persons import NewPerson, register_person
from core.identity.queries import person_card
from core.testing import OTHER_TOWN, TOWN, VILLAGE

DAY = "2026-11-01"
OLD, NEW = "110105491231002", "11010519491231002X"


@pytest.fixture
def people(county):
    """Two women of the same name, born the same day in the same village: ids 1 and 2."""
    with county.begin() as work:
        for _number in range(2):
            register_person(work, NewPerson(name="刘洋", sex="女", birth_date=date(1949, 1, 1), hukou_area=VILLAGE))
    return county


def add_family(run, *more, **options):
    words = ("--area", VILLAGE, "--scheme", "dibao", "--case", "DB-1", "--on", DAY, "--json")
    return run("household", "group", "add", "assistance_family", *words, *more, **options)


def test_a_family_is_registered_changed_and_ended_by_command(people, run):
    made = add_family(run, "--member", "1=成员", "--member", "2=member:妹妹")
    assert made.exit_code == 0, made.talk
    (listed,) = run("household", "group", "list", "--person", "2", "--json").data
    assert [(one["person"], one["part"]) for one in listed["members"]] == [(1, "member"), (2, "member")]
    again = add_family(run, "--member", "1=成员")
    assert again.exit_code == 3 and again.error["code"] == "E_FAM_OVERLAP"
    changed = run("household", "group", "members", "1", "--member", "1=成员", "--on", "2026-11-10", "--json")
    assert changed.exit_code == 0, changed.talk
    assert len(run("household", "group", "list", "--json").data[0]["members"]) == 1
    assert run("household", "group", "end", "1", "--on", "2026-11-15", "--reason", "停保").exit_code == 0
    assert run("household", "group", "list", "--json").data == []
    assert run("household", "group", "list", "--ended", "--json").data[0]["valid_to"] == "2026-11-15"


def test_a_group_of_another_town_is_not_there(people, run):
    add_family(run, "--member", "1=成员")
    stranger = people.account("clerk", OTHER_TOWN)
    assert run("household", "group", "list", "--json", as_=stranger).data == []
    assert run("household", "group", "end", "1", "--on", DAY, as_=stranger).exit_code == 5
    assert add_family(run, "--member", "1=成员", as_=people.account("auditor")).exit_code == 4


def test_a_word_nobody_knows_in_a_group_is_named(people, run):
    ran = add_family(run, "--member", "1=亲戚")
    assert ran.exit_code == 3 and "亲戚" in ran.error["message"]
    assert add_family(run, "--member", "一").exit_code == 2


def test_two_people_decide_a_duplicate_by_command_and_it_is_undone(people, run):
    assert run("household", "duplicates", "find", "--json").data == {"found": 1}
    assert run("household", "duplicates", "--json").data[0]["reason"] == "name_birth_village"
    first, second = (people.account("clerk", TOWN, name) for name in ("first", "second"))
    assert run("household", "duplicates", "propose", "1", "--reason", "同一张证", as_=first).exit_code == 0
    alone = run("household", "duplicates", "decide", "1", "--same", "--reason", "是", as_=first)
    assert alone.exit_code == 3
    assert run("household", "duplicates", "decide", "1", "--same", "--reason", "是").exit_code == 4
    decided = run("household", "duplicates", "decide", "1", "--same", "--reason", "核对过", "--json", as_=second)
    assert decided.data["state"] == "merged"
    waits = run("--dry-run", "household", "duplicates", "undo", "1", "--reason", "弄错了", "--json", as_=first)
    assert waits.data["state"] == "waiting"
    third = people.account("clerk", TOWN, "third")
    undone = run("household", "duplicates", "undo", "1", "--reason", "弄错了", "--json", as_=third)
    assert undone.data["state"] == "open", undone.talk
    assert run("household", "duplicates", "--state", "merged", "--json").data == []


def test_without_the_token_as_is_not_enough_to_decide(people, run):
    run("household", "duplicates", "find")
    first = people.account("clerk", TOWN, "first")
    run("household", "duplicates", "propose", "1", "--reason", "同一张证", as_=first)
    people.account("clerk", TOWN, "second")
    ran = run("--as", "second", "household", "duplicates", "decide", "1", "--different", "--reason", "不是")
    assert ran.exit_code == 4


def roster(tmp_path, *numbers):
    book = openpyxl.Workbook()
    book.active.append(list(HEADERS))
    for at, number in enumerate(numbers, start=1):
        book.active.append([f"H{at}", "王桂兰", number, "户主", "", "", VILLAGE, "", "", "", ""])
    file = tmp_path / "旧档案.xlsx"
    book.save(file)
    return file


def test_an_archive_brings_15_digit_numbers_and_keeps_them(county, run, tmp_path):
    file = roster(tmp_path, OLD)
    plain = run("household", "import", file, "--json")
    assert plain.exit_code == 3 and "--archive" in plain.data["errors"][0]["message"]
    done = run("household", "import", file, "--archive", "--json")
    assert (done.exit_code, done.data["imported"]) == (0, 1), done.talk
    assert run("household", "import", file, "--archive", "--json").data["skipped"] == 1
    found = run("person", "show", NEW, "--json").data
    assert found["sex"] and found["birth_date"] == "1949-12-31"
    assert run("person", "show", OLD, "--json").data["id"] == found["id"]
    with county.look() as work:
        from core.identity.models.persons import Document
        from core.identity.sealed import LEGACY_COLUMN

        paper = work.session.get(Document, person_card(work, found["id"]).documents[0].id)
        assert work.keys.unseal(LEGACY_COLUMN, paper.id, paper.legacy_sealed) == OLD


@pytest.mark.parametrize("sequence", ["996", "999"])
def test_numbers_of_people_born_before_1900_are_left_to_a_person(run, tmp_path, sequence):
    ran = run("household", "import", roster(tmp_path, f"110105491231{sequence}"), "--archive", "--json")
    assert ran.exit_code == 3
    assert "人工" in ran.data["errors"][0]["message"]
