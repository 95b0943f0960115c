"""Every case of the handbook that names dibao, and worked examples B and C."""

from decimal import Decimal

from plugins.dibao.engine.assessing import assess
from plugins.dibao.engine.facts import Family, Income, Person
from plugins.dibao.standard_checks import meets, percent, rise
from plugins.dibao.statistics import average_of, plausible

from .test_engine import rules


def family_of_one(income: int) -> Family:
    return Family(people=[Person(id=1, name="甲", age=40)], incomes=[Income(person_id=1, type="transfer", fen=income)])


def test_c014_c018_and_c019_rises_in_percent():
    assert 420 - 40 == 380 and rise(380, 420) == Decimal("10.53")
    assert rise(420, 470) == Decimal("11.90") and rise(270, 310) == Decimal("14.81")
    assert rise(440, 500) == Decimal("13.64") and rise(2900, 3300) == Decimal("13.79")
    assert [meets(rise(*pair), 12) for pair in ((440, 500), (2900, 3300), (380, 420))] == [True, True, False]


def test_c015_and_c243_gaps_beside_their_targets_and_standards():
    assert Decimal("181.80") - Decimal("9.80") == Decimal("172.00") and 384 - 10 == 374
    assert (420 - 384, Decimal(270) - Decimal("181.8")) == (36, Decimal("88.2"))
    assert [meets(gap, 374) for gap in (390, 384, 373)] == [True, True, False]


def test_c021_and_c024_a_target_is_met_at_its_edge():
    assert [meets(Decimal(one), 12) for one in ("12", "11.99", "12.01")] == [True, False, True]
    assert [meets(Decimal(one), 5) for one in ("5", "4.99", "5.01")] == [True, False, True]
    assert percent(5, 100) == Decimal("5.00")


def test_c022_a_rise_without_its_base_is_unknown_never_zero():
    assert rise(None, 37) is None and rise(None, 15) is None
    assert meets(rise(None, 37), 12) is None


def test_c025_planned_additions_are_about_a_number():
    assert 21_000 - 1_000 == 20_000


def test_c028_who_is_below_the_standard_is_on_the_roll_and_who_is_not_is_off():
    found = {name: assess(family_of_one(fen), "urban", rules()).eligible for name, fen in
             (("A", 41_900), ("B", 42_000), ("C", 42_100))}  # fmt: skip
    assert found == {"A": True, "B": False, "C": False}
    assert assess(family_of_one(42_000), "urban", rules(income_boundary="at_or_below")).eligible


def test_c030_two_supplements_are_added_or_the_higher_is_given():
    person = Person(id=1, name="甲", age=40, marks=frozenset({"illness", "single_parent"}))
    fixed = {"illness": "50", "single_parent": "30"}
    for mode, fen in (("sum", 8_000), ("highest", 5_000)):
        found = assess(Family(people=[person]), "urban", rules(supplement_mode=mode, supplement_fixed=fixed))
        assert sum(one.fen for one in found.given) == fen


def test_example_b_a_couple_with_a_farm():
    couple = [Person(id=1, name="甲", age=50, category="rural"), Person(id=2, name="乙", age=48, category="rural")]
    farm = Income(person_id=1, type="farm", fen=360_000, months=12)
    found = assess(Family(people=couple, incomes=[farm]), "rural", rules())
    assert (found.per_capita, found.total_fen) == (15_000, 24_000)


def test_example_c_a_month_of_the_seed_and_why_a_year_is_not_twelve_of_it():
    month = average_of((13_385, Decimal("384.00")), (63_238, Decimal("181.80")))
    assert month == Decimal("16636508.40") and month * 12 == Decimal("199638100.80")
    assert plausible(Decimal("186835100"), month, Decimal("0.1"))
    assert not plausible(Decimal("176835100"), month, Decimal("0.1"))
