"""Rural dibao and the register against poverty: two lists of who stands on one of them only."""

import csv

import pytest

from core.testing import OTHER_TOWN
from plugins.casework.services.reviewing import follow_time
from plugins.dibao.reports import one_line_rows
from plugins.dibao.two_lines import one_line_only

from .conftest import EXAMPLE_B, RURAL


def taken(place, run, numbers):
    file = place.county.home / "register.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as target:
        csv.writer(target).writerows([["公民身份号码"], *([one] for one in numbers)])
    return run("import", "run", "dibao-register", file, "--json")


@pytest.fixture
def paid(place):
    """Example B in payment."""
    number, people = place.example_b()
    place.granted(number)
    place.at("2026-03-03")
    with place.county.begin() as work:
        follow_time(work)
    return number, people


def test_who_stands_on_one_list_only_is_named(place, paid, run):
    number, (husband, wife) = paid
    other = place.families[place.family(EXAMPLE_B, RURAL)][0]
    assert run("dibao", "two-lines", "--json").data == []
    ran = taken(place, run, [place.numbers[husband], place.numbers[other]])
    assert ran.exit_code == 0, ran.talk
    found = run("dibao", "two-lines", "--json").data
    assert [(one["list"], one["person_id"], one["case"]) for one in found] == [
        ("dibao", wife, number), ("register", other, ""),
    ]  # fmt: skip
    with place.county.look() as work:
        assert [row[1] for row in one_line_rows(work)] == [one["name"] for one in found]
    with place.county.look("township_officer", OTHER_TOWN) as work:
        assert one_line_only(work) == []
    assert taken(place, run, [place.numbers[husband], place.numbers[wife]]).exit_code == 0
    assert run("dibao", "two-lines", "--json").data == []


def test_a_number_that_is_wrong_or_there_twice_is_refused(place, paid, run):
    _number, (husband, _wife) = paid
    ran = taken(place, run, [place.numbers[husband], place.numbers[husband], "999223198503020010"])
    assert ran.exit_code == 3
    assert {one["code"] for one in ran.data["errors"]} >= {"E_DOUBLE"}
