"""The acceptance examples of the handbook's page, by their numbers."""

import pytest

from core.errors import Refused
from plugins.benefits.api import SetStandard, set_standard


def codes(act, *given, **named) -> list[str]:
    with pytest.raises(Refused) as caught:
        act(*given, **named)
    return sorted({one.code for one in caught.value.objections})


def test_1_example_a_is_606_a_month_on_the_card_of_the_applicant(place):
    number, people = place.example_a()
    found = place.compute(number)
    assert (found["counted_fen"], found["per_capita_fen"], found["base_fen"]) == (120_000, 30_000, 48_000)
    assert [one["amount_fen"] for one in found["supplements"]] == [4_200, 8_400]
    assert (found["total_fen"], found["eligible"], found["reason"]) == (60_600, True, "")
    place.granted(number)
    place.at("2026-03-02")
    built = place.roll("2026-03")
    assert place.lines(built) == [("2026-03", "BASIC", 60_600)]
    from core.api import lines_of_batch

    with place.county.look() as work:
        assert lines_of_batch(work, built["batch"])[0].person_id == people[0]


def test_2_income_equal_to_the_standard_is_not_eligible_but_offered_as_a_margin_family(place):
    number, _people = place.example_a("2100.00")
    found = place.compute(number)
    assert (found["counted_fen"], found["per_capita_fen"]) == (168_000, 42_000)
    assert (found["eligible"], found["reason"], found["total_fen"], found["margin"]) == (
        False,
        "E_DB_INCOME_EQ",
        0,
        True,
    )


def test_3_the_margin_ends_below_one_and_a_half_standards(place):
    household = place.family()
    father = place.families[household][0]
    number = place.new(household)
    for amount, margin in (("2520.00", False), ("2519.96", True)):
        found = place.income(number, (father, "property", amount, "month"))
        assert (found["per_capita_fen"], found["margin"]) == (63_000 if not margin else 62_999, margin)


def test_4_a_raise_from_january_decided_in_march_is_paid_with_back_pay(place):
    place.at("2025-11-03")
    number, _people = place.example_b()
    assert place.compute(number)["total_fen"] == 24_000
    place.granted(number)
    for month in ("2026-01", "2026-02"):
        place.at(f"{month}-03")
        place.paid(month)
    place.at("2026-03-02")
    place.standard("rural", "310", "2026-01")
    with place.county.look() as work:
        from plugins.dibao.raising import preview

        shown = preview(work, "rural", "310", "2026-03")
    assert shown["after_fen"] == 32_000
    built = place.roll("2026-03")
    assert sorted(place.lines(built)) == [
        ("2026-01", "BACKPAY", 8_000), ("2026-02", "BACKPAY", 8_000), ("2026-03", "BASIC", 32_000),
    ]  # fmt: skip
    assert built["backpay_fen"] == 16_000


def test_5_a_yearly_decree_is_275_a_month_and_refused_in_a_monthly_field(place):
    assert codes(place.standard, "rural", "3300", "2026-01") == ["E_DB_UNIT"]
    place.standard("rural", "3300", "2026-01", unit="year")
    number, _people = place.example_b()
    assert place.compute(number)["standard_fen"] == 27_500


def test_6_one_supplement_a_person_the_highest_or_all_of_them_by_choice(place):
    number, people = place.example_a()
    place.disabled(people[3], 4, 1)
    assert [one["amount_fen"] for one in place.compute(number)["supplements"]] == [4_200, 12_600]
    claimed = {"person_id": people[3], "supplements": ["age70", "disab12"]}
    assert codes(place.income, number, members=[claimed]) == ["E_DB_SUPP_DOUBLE"]
    place.policy("supplement_mode", "sum")
    given = place.compute(number)["supplements"]
    assert sum(one["amount_fen"] for one in given if one["person"] == people[3]) == 21_000


def test_7_an_allowance_of_entitled_groups_is_excluded_with_its_ground(place):
    household = place.family()
    number = place.new(household)
    son = place.families[household][0]
    found = place.income(number, (son, "transfer", "750.00", "month", {"kind": "veteran_allowance"}))
    assert found["counted_fen"] == 0
    line = next(one for one in found["lines"] if one["figure"] == "750.00")
    assert "不计入" in line["label"] and "军人抚恤优待条例" in line["note"]
    assert [one["code"] for one in found["warnings"]] == ["W_DB_ZERO"]


def test_8_an_orphan_in_payment_in_the_family_is_refused_or_left_out_by_choice(place):
    from core.testing import enabled
    from plugins.benefits.api import NewEnrolment, enrol_many

    enabled(place.county, "orphan_care")
    place.county.reload()
    number, people = place.example_a()
    with place.county.begin() as work:
        wish = SetStandard(
            scheme="orphan_care", category="ORPHAN_DISP", amount="760", valid_from="2020-01", document="文"
        )
        set_standard(work, wish)
        orphan = NewEnrolment(scheme="orphan_care", category="ORPHAN_DISP", person_id=people[2], from_month="2026-01")
        enrol_many(work, [orphan], carried_over=True)
    found = place.compute(number)
    assert (found["eligible"], found["reason"]) == (False, "E_DB_EXCL")
    adults = place.adults(number)
    assert "E_DB_EXCL" in codes(place.step, number, "submit", papers=["identity", "income"], signed_by=adults)
    place.policy("excluded_members", "leave_out")
    found = place.compute(number)
    assert (found["members"], found["per_capita_fen"], found["reason"]) == (3, 40_000, "")


def test_9_one_rounding_at_the_end(place):
    from fractions import Fraction

    from plugins.benefits.api import rounded

    assert [rounded(Fraction(fen), "ceil_yuan") for fen in (60_630, 60_600)] == [60_700, 60_600]
    number, people = place.example_a()
    place.policy("supplement_fixed", {"age70": "84.30"})
    assert place.compute(number)["total_fen"] == 60_630
    place.policy("rounding", "ceil_yuan")
    assert place.compute(number)["total_fen"] == 60_700
    assert people


def test_10_a_death_recomputes_the_family_from_the_month_after(place):
    from core.identity.events import Death, record_death

    number, people = place.example_a()
    place.granted(number)
    place.at("2026-03-21")
    assert place.lines(place.roll("2026-03")) == [("2026-03", "BASIC", 60_600)]
    with place.county.begin() as work:
        record_death(work, people[3], Death(on="2026-03-20"))
    with place.county.look() as work:
        from plugins.dibao.queries import awards_of, dibao_case

        case = dibao_case(work, number)
        newest = awards_of(work, case.id)[0]
    assert (newest.effective_month, newest.members, newest.total_fen) == ("2026-04", 3, 10_200)
    place.at("2026-04-02")
    assert ("2026-04", "BASIC", 10_200) in place.lines(place.roll("2026-04"))


def test_11_a_price_month_is_a_line_of_its_own_in_that_month_only(place):
    from plugins.dibao.services.prices import set_price
    from plugins.dibao.wishes import SetPrice

    number, _people = place.example_a()
    place.granted(number)
    place.at("2026-05-04")
    low = SetPrice(month="2026-05", amount="50", cpi="3.4%", food_cpi="5.9%", document="发改价格 1 号")
    with place.county.begin() as work:
        assert codes(set_price, work, low) == ["E_DB_PRICE_TRIGGER"]
    with place.county.begin() as work:
        set_price(work, SetPrice(month="2026-05", amount="50.00", cpi="3.6%", document="发改价格 1 号"))
    built = place.paid("2026-05")
    assert sorted(place.lines(built)) == [("2026-05", "BASIC", 60_600), ("2026-05", "PRICE", 20_000)]
    with place.county.look() as work:
        from plugins.benefits.api import explain, recompute_sample
        from plugins.dibao.queries import dibao_case

        assert recompute_sample(work, built["batch"], 1, 1) == []
        person = dibao_case(work, number).applicant_id
        lines = explain(work, "dibao", person, "2026-05")["lines"]
    assert {one["component"]: one["due_fen"] for one in lines} == {"BASIC": 60_600, "PRICE": 20_000}
    place.at("2026-06-02")
    assert place.lines(place.roll("2026-06")) == [("2026-06", "BASIC", 60_600)]
    with place.county.begin() as work:
        set_price(work, SetPrice(month="2026-05", amount="0", document="撤销"))
        set_price(work, SetPrice(month="2026-06", amount="30", document="发改价格 2 号"))
    june = place.roll("2026-06")
    assert ("2026-06", "PRICE", 12_000) in place.lines(june)
    with place.county.look() as work:
        from plugins.benefits.rolls import overpaid

        assert [(one["for_month"], one["amount_fen"]) for one in overpaid(work, june["batch"])] == [("2026-05", 20_000)]
        assert recompute_sample(work, built["batch"], 1, 1) == []


def test_12_a_job_lifts_the_family_into_phase_out_but_not_at_twice_the_standard(place):
    number, people = place.example_a()
    place.granted(number)
    place.at("2026-03-02")
    place.step(number, "activate", role="approver")
    place.at("2026-05-11")
    place.income(number, (people[0], "wage", "3780.00", "month"))
    assert place.compute(number)["per_capita_fen"] == 84_000
    assert "E_DB_INCOME_EQ" in codes(place.step, number, "phase_out", role="approver", reason="务工收入增加")
    place.income(number, (people[0], "wage", "3220.00", "month"))
    assert place.compute(number)["per_capita_fen"] == 70_000
    place.step(number, "phase_out", role="approver", reason="务工收入增加")
    place.standard("urban", "470", "2026-07")
    for month in ("2026-06", "2026-07", "2026-11"):
        place.at(f"{month}-03")
        assert (month, "BASIC", 60_600) in place.lines(place.roll(month))
    place.at("2026-12-02")
    assert all(month < "2026-12" for month, _component, _fen in place.lines(place.roll("2026-12")))


def test_13_thirteen_thousand_families_times_their_average(place):
    from decimal import Decimal

    from plugins.dibao.statistics import average_of

    assert average_of((13_385, Decimal("384.00"))) == Decimal("5139840.00")


def test_14_a_ballot_that_is_required_and_missing_cannot_be_skipped(place):
    number, _people = place.example_a()
    place.step(number, "submit", papers=["identity", "income"], signed_by=place.adults(number))
    for event, data in (
        ("accept", {}), ("start_check", {}), ("check_report", {"report": "HD-1"}),
        ("visit_done", {"investigators": ["周敏", "赵丽"], "signer": "户主"}),
    ):  # fmt: skip
        place.step(number, event, **data)
    for event in ("period_end_no_objection", "minutes_ok", "propose_grant", "period_end"):
        assert codes(place.step, number, event) == ["E_SKIP_STEP"]
