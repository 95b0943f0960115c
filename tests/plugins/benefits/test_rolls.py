"""Rolls: who stands on them, back-pay, what is built twice."""

import pytest

from core.errors import Refused
from plugins.benefits.api import BuildRoll, build_roll


def roll(place, period="2026-03", scheme="allowance"):
    with place.county.begin() as work:
        return build_roll(work, BuildRoll(scheme=scheme, period=period))


def refusal(act, *arguments):
    with pytest.raises(Refused) as caught:
        act(*arguments)
    return caught.value.code


@pytest.fixture
def children(place):
    """575 in the home, 1,699 at home."""
    people = place.people(2_274)
    place.enrol(people[:575], category="INST", institution_id=place.home)
    place.enrol(people[575:])
    return people


def test_the_march_roll_of_the_handbook(place, children):
    built = roll(place)
    assert (built["lines"], built["total_fen"]) == (2_274, 200_424_000)
    assert built["by_category"] == {"INST": 71_300_000, "HOME": 129_124_000}
    assert (built["backpay_fen"], built["excluded"]) == (0, [])


def test_an_unsubmitted_roll_is_built_anew_under_its_number(place):
    people = place.people(3)
    place.enrol(people[:2])
    first = roll(place)
    place.enrol(people[2:], since="2026-03")
    again = roll(place)
    assert (first["batch"], first["lines"], again["batch"], again["lines"]) == (again["batch"], 2, first["batch"], 3)
