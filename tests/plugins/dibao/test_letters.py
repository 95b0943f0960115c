"""The letters of a decision carry the computation line by line: the grant (D14) and the refusal (D15)."""

from plugins.casework.papers import case_paper


def printed(place, number, kind):
    with place.county.look("reviewer") as work:
        return {row[0]: row[1] for row in case_paper(work, number, kind).rows}


def test_a_grant_prints_income_standard_gap_and_supplements(place):
    number, _people = place.example_a()
    place.granted(number)
    lines = printed(place, number, "D14")
    assert (lines["月人均收入"], lines["差额补助"], lines["每月补助"]) == ("300.00", "480.00", "606.00")
    assert lines["减：陈志强必要就业成本"] == "-300.00"


def test_a_refusal_prints_why_the_income_is_not_below_the_standard(place):
    number, _people = place.example_a("2100.00")
    place.reviewed(number)
    place.step(number, "refuse", reason="收入不低于标准", rule="审核确认办法第二十条")
    lines = printed(place, number, "D15")
    assert (lines["月人均收入"], lines["每月补助"]) == ("420.00", "0.00")
