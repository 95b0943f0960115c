"""Targets hold where every area meets them: exact, signed, unknown stays unknown, the average only beside it."""

from datetime import date

import pytest

from core.api import Measured, NotFound, Refused

from .conftest import COUNTY, OTHER_TOWN, THIRD_TOWN, TOWN, codes


def test_one_county_below_the_target_fails_whatever_the_average_says(place):
    place.towns("grid.gap", 39_000, 38_400, 37_300)
    place.target("grid.gap", "374")
    found = place.shown("grid.gap")
    assert (found["state"], found["average"], found["failing"]) == ("not_met", "382.33", [THIRD_TOWN])
    assert [(row["state"], row["gap"]) for row in found["areas"] if row["area"] != THIRD_TOWN] == [
        ("met", "16"), ("met", "10"),
    ]  # fmt: skip
    assert next(row["gap"] for row in found["areas"] if row["area"] == THIRD_TOWN) == "-1"


def test_all_of_it_is_not_met_at_all_but_a_hundredth(place):
    place.towns("grid.rate", (9_999, 10_000), (10_000, 10_000))
    place.target("grid.rate", "100", comparator="exactly")
    found = place.shown("grid.rate")
    assert (found["state"], found["failing"]) == ("not_met", [TOWN])
    assert next(row["value"] for row in found["areas"] if row["area"] == TOWN) == "99.99"


def test_a_figure_is_compared_before_it_is_rounded(place):
    place.towns("grid.rate", (2_999_999, 3_000_000))
    place.target("grid.rate", "100", comparator="exactly")
    assert place.shown("grid.rate")["state"] == "not_met"
    place.grid.figures.clear()
    place.towns("grid.gap", (112_199, 3))  # 373.9966… yuan: printed 374.00
    place.target("grid.gap", "374")
    found = place.shown("grid.gap")
    assert (found["state"], found["areas"][0]["gap"]) == ("not_met", "-0.0033")


def test_an_area_without_a_base_is_unknown_and_never_zero(place):
    place.towns("grid.rate", (0, 0), (5, 5))
    place.target("grid.rate", "100", comparator="exactly")
    found = place.shown("grid.rate")
    here = next(row for row in found["areas"] if row["area"] == TOWN)
    assert (here["value"], here["state"], here["code"]) == ("", "unknown", "E_RATE_DENOM")
    assert (found["state"], found["unknown"], found["average"]) == ("unknown", [TOWN], "100.00")


def test_the_county_as_a_whole_has_a_target_of_its_own(place):
    place.towns("grid.stock", 5, 9, 6)
    place.target("grid.stock", "20", area=COUNTY)
    found = place.shown("grid.stock")
    assert (found["state"], found["value"], found["gap"], found["failing"]) == ("met", "20", "0", [])


def test_a_town_may_have_a_target_of_its_own(place):
    place.towns("grid.gap", 37_400, 37_400)
    place.target("grid.gap", "374")
    place.target("grid.gap", "400", area=OTHER_TOWN)
    assert place.shown("grid.gap")["failing"] == [OTHER_TOWN]


def test_towns_where_nothing_was_counted_have_none(place):
    place.towns("grid.stock", 3)
    place.target("grid.stock", "1")
    found = place.shown("grid.stock")
    assert len(found["areas"]) == 19 and len(found["failing"]) == 18


def test_what_adds_up_over_a_year_is_held_against_the_year_to_date(place):
    place.towns("grid.count", 7, 7)
    place.target("grid.count", "20", area=COUNTY)
    found = place.shown("grid.count", "2026-10")
    assert place.grid.asked == [(date(2026, 10, 1), date(2026, 10, 31)), (date(2026, 1, 1), date(2026, 10, 31))]
    assert (found["state"], found["gap"]) == ("pending", "-6")
    assert place.shown("grid.count", "2026")["state"] == "not_met"
    assert place.shown("grid.count", "2025")["state"] == ""


def test_a_target_of_a_quarter_takes_the_place_of_that_of_the_year(place):
    place.towns("grid.gap", 37_400)
    place.target("grid.gap", "400")
    place.target("grid.gap", "370", period="2026-q3")
    assert place.shown("grid.gap", "2026-Q3")["state"] == "met"
    assert place.shown("grid.gap", "2026-10")["state"] == "not_met"


def test_a_deadline_is_met_early_missed_late_and_open_until_then(place):
    place.target("grid.done_on", due_on=date(2026, 12, 20), area=COUNTY)
    place.grid.figures = [Measured(indicator="grid.done_on", area=COUNTY)]
    assert place.shown("grid.done_on")["state"] == "pending"
    place.grid.figures = [Measured(indicator="grid.done_on", area=COUNTY, day=date(2026, 12, 18))]
    found = place.shown("grid.done_on")
    assert (found["state"], found["gap"], found["value"]) == ("met", "-2", "2026-12-18")
    place.grid.figures = [Measured(indicator="grid.done_on", area=COUNTY, day=date(2026, 12, 23))]
    assert (place.shown("grid.done_on")["state"], place.shown("grid.done_on")["gap"]) == ("not_met", "3")


@pytest.mark.parametrize(
    ("indicator", "given", "field"),
    [
        ("grid.gap", {"value": "很多"}, "value"),
        ("grid.gap", {"value": ""}, "value"),
        ("grid.gap", {"value": "0.12345"}, "value"),
        ("grid.rate", {"value": "101"}, "value"),
        ("grid.done_on", {"value": "3"}, "due_on"),
        ("grid.gap", {"value": "3", "period": "2026-13"}, "period"),
        ("grid.gap", {"value": "3", "area": "430223103201"}, "area"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused_at_its_field(place, indicator, given, field):
    with pytest.raises(Refused) as refusal:
        place.target(indicator, **given)
    assert field in {one.field for one in refusal.value.objections}


def test_an_unknown_indicator_is_refused_with_the_nearest_name(place):
    with pytest.raises(NotFound) as missing:
        place.target("grid.gaps", "3")
    assert missing.value.hint == "grid.gap"


def test_a_new_target_takes_the_place_of_the_old_which_stays_to_be_read(place):
    place.towns("grid.gap", 37_400)
    first = place.target("grid.gap", "374")["id"]
    place.target("grid.gap", "380", document="攸民发〔2026〕30号")
    with place.county.look() as work:
        from plugins.indicators.listing import Filter, list_targets

        rows = list_targets(work, Filter())
    assert [(row["id"], row["state"], row["value"]) for row in rows] == [
        (first + 1, "current", "380"), (first, "revoked", "374"),
    ]  # fmt: skip
    place.act("targets", "revoke", first + 1, reason="文件废止")
    assert place.shown("grid.gap")["state"] == ""
    with pytest.raises(Refused) as refusal:
        place.act("targets", "revoke", first, reason="再撤一次")
    assert codes(refusal) == {"E_IND_STATE"}


def test_a_plugin_that_fails_is_named_and_the_others_still_stand(place):
    from plugins.indicators.listing import period_report

    place.grid.breaks = True
    with place.county.look() as work:
        report, lines = period_report(work, "2026-10")
    assert list(report.failures) == ["grid"] and lines == []
    with pytest.raises(Refused) as refusal:
        place.start("reports", period="2026-10")
    assert codes(refusal) == {"E_PLUGIN"}


def test_one_question_is_asked_once_for_all_indicators_that_share_it(place):
    from plugins.indicators.listing import period_report

    with place.county.look() as work:
        period_report(work, "2026-10")
    assert len(place.grid.asked) == 2  # the month, and the year to date for what adds up
