"""The arithmetic of a ballot, by the handbook's examples and at its edges."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from plugins.democratic_review.arithmetic import (
    Counts,
    exact,
    in_fraction,
    in_percent,
    passes,
    reaches,
    sum_faults,
    votes_needed,
)

TWO_THIRDS = Decimal("0.6667")


@pytest.mark.parametrize(
    ("share", "meant"),
    [("0.6667", "2/3"), ("0.67", "2/3"), ("0.5", "1/2"), ("0.75", "3/4"), ("0.3333", "1/3"), ("1", "1/1")],
)
def test_a_rounded_share_stands_for_the_fraction_people_mean(share, meant):
    assert in_fraction(Decimal(share)) == meant


def test_a_share_that_is_no_simple_fraction_stays_what_it_is():
    assert exact(Decimal("0.65")) == Fraction(13, 20)
    assert in_fraction(Decimal("0.65")) == "65.0%"


def test_twelve_of_eighteen_reach_two_thirds_and_eleven_do_not():
    assert reaches(12, 18, TWO_THIRDS)
    assert not reaches(11, 18, TWO_THIRDS)
    assert not reaches(9, 19, Decimal("0.5"))
    assert not reaches(0, 0, TWO_THIRDS)


def test_the_share_of_the_handbook_is_printed_as_there():
    assert in_percent(Fraction(15, 19)) == "78.9%"
    assert in_percent(Fraction(12, 21)) == "57.1%"


def test_half_of_the_votes_cast_is_not_enough():
    assert passes(8, 15, Decimal("0.5"))
    assert not passes(7, 15, Decimal("0.5"))
    assert not passes(8, 16, Decimal("0.5"))
    assert not passes(10, 15, TWO_THIRDS)
    assert passes(11, 15, TWO_THIRDS)


@given(cast=some.integers(0, 60), share=some.sampled_from(["0.5", "0.6", "0.6667", "0.75", "0.65"]))
def test_the_fewest_votes_needed_pass_and_one_less_does_not(cast, share):
    needed = votes_needed(cast, Decimal(share))
    assert passes(needed, cast, Decimal(share))
    assert not passes(needed - 1, cast, Decimal(share))


@given(some.tuples(*[some.integers(0, 30)] * 7), some.integers(0, 30))
def test_sums_hold_exactly_when_nothing_is_said_against_them(papers, voters):
    counts = Counts(*papers)
    right = (
        counts.issued <= voters
        and counts.returned <= counts.issued
        and counts.valid + counts.invalid == counts.returned
        and counts.agree + counts.disagree + counts.abstain == counts.valid
    )
    faults = list(sum_faults(counts, voters))
    assert right == (not faults)
    assert {one.code for one in faults} <= {"E_BALLOT_SUM"}
