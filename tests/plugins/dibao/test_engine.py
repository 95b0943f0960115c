"""The engine by itself: columns agree with one family at a time; every rule of the page in figures."""

from fractions import Fraction
from pathlib import Path
from random import Random

import numpy
import pytest

from core.policy import policy_keys, read_value
from plugins.dibao import amounts, codes
from plugins.dibao.engine.assessing import assess
from plugins.dibao.engine.award import award
from plugins.dibao.engine.facts import Expenditure, Family, Income, Obligor, Person, Property, Rules
from plugins.dibao.engine.income import support_by

TOML = Path(amounts.__file__).with_name("policies.toml")
STANDARDS = {"urban": 42_000, "rural": 27_000}


def rules(**changed) -> Rules:
    declared = {key.name.removeprefix("dibao."): read_value(key, key.default) for key in policy_keys(TOML)}
    return Rules(values={**declared, **changed}, standards=STANDARDS)


def father(**more) -> Person:
    return Person(id=1, name="陈志强", age=40, **more)


def test_columns_give_to_the_fen_what_one_family_at_a_time_is_given():
    random = Random(7)
    marks = ["minor", "age70", "disab12", "age70+disab12", "illness+single_parent", "single_parent"]
    for changed in (
        {}, {"supplement_mode": "sum"}, {"rounding": "ceil_yuan", "minimum_award": 5_000},
        {"method": "grades", "grades": {"50": "40", "150": "120.50", "300": "260"}},
        {"supplement_fixed": {"illness": "50", "single_parent": "30"}, "income_boundary": "at_or_below"},
    ):  # fmt: skip
        by = rules(**changed)
        terms = []
        for _family in range(400):
            n = random.randint(1, 6)
            counted = Fraction(random.randint(0, 260_000), random.choice([1, 2, 3, 5, 7, 12, 60, 840]))
            said = {kind: random.randint(1, 2) for kind in random.sample(marks, random.randint(0, 2))}
            terms.append({"n": n, "counted": [counted.numerator, counted.denominator], "marks": said})
        terms.append({"n": 2, "counted": [84_000, 1], "marks": {"minor": 1}})
        standards = numpy.array([random.choice([42_000, 27_000]) for _one in terms], "int64")
        found = amounts.by_terms(terms, standards, by).tolist()
        single = [
            award(one, {"urban": int(standard)}, "urban", by).total_fen
            for one, standard in zip(terms, standards.tolist(), strict=True)
        ]
        assert found == single, changed


def test_fractions_too_fine_for_64_bits_are_still_exact():
    fine = Fraction(12_345_678_901_234_567, 987_654_321_987)
    terms = [{"n": 2, "counted": [fine.numerator, fine.denominator], "marks": {"minor": 1}}]
    found = amounts.by_terms(terms, numpy.array([42_000], "int64"), rules())
    assert found.tolist() == [award(terms[0], STANDARDS, "urban", rules()).total_fen]


def test_the_same_facts_and_policies_give_the_same_digest_and_others_another():
    family = Family(people=[father()], incomes=[Income(person_id=1, type="wage", fen=30_000)])
    first, again = (assess(family, "urban", rules()).digest for _time in range(2))
    assert first == again
    renamed = Family(people=[Person(id=1, name="陈志刚", age=40)], incomes=family.incomes)
    assert assess(renamed, "urban", rules()).digest == first
    assert assess(family, "urban", rules(rounding="ceil_yuan")).digest != first


def test_obligors_pay_half_of_what_is_above_twice_the_standard_or_what_was_agreed():
    by = rules()
    assert support_by(Obligor(name="何", members=3, fen=600_000, supports=2), by, 42_000) == 87_000
    assert support_by(Obligor(name="何", members=3, fen=240_000), by, 42_000) == 0
    assert support_by(Obligor(name="何", members=3, fen=240_000, agreed_fen=20_000), by, 42_000) == 20_000


def test_costs_of_work_have_a_cap_and_wages_may_be_averaged():
    high = Family(people=[father()], incomes=[Income(person_id=1, type="wage", fen=3_000_000, months=1)])
    found = assess(high, "urban", rules())
    assert found.income.costs == [(1, Fraction(42_000))]
    averaged = Family(people=[father()], incomes=[Income(person_id=1, type="wage", fen=1_000_00, months=3)])
    assert assess(averaged, "urban", rules()).income.total == Fraction(100_000, 3) * Fraction(4, 5)


def test_who_is_in_prison_is_not_counted_and_a_student_away_is():
    away = Person(id=2, name="乙", age=30, marks=frozenset({"prison"}), out="prison")
    student = Person(id=3, name="丙", age=20, marks=frozenset({"student_away"}))
    family = Family(people=[father(), away, student], incomes=[Income(person_id=2, type="wage", fen=100_000)])
    found = assess(family, "urban", rules())
    assert [one.id for one in found.counted_people] == [1, 3]
    assert found.income.total == 0


def test_a_migrant_without_proof_is_counted_by_the_minimum_wage():
    family = Family(people=[father(marks=frozenset({"migrant"}))])
    assert assess(family, "urban", rules()).income.total == 155_000 * Fraction(4, 5)


@pytest.mark.parametrize(
    ("owned", "code"),
    [
        ([Property(person_id=1, type="cash", fen=1_008_000)], ""),
        ([Property(person_id=1, type="cash", fen=1_008_001)], codes.PROPERTY),
        ([Property(person_id=1, type="vehicle", fen=1)], codes.PROPERTY),
        ([Property(person_id=1, type="vehicle", fen=1, exempt="残疾人功能性补偿代步机动车")], ""),
        ([Property(person_id=1, type="house"), Property(person_id=1, type="house")], codes.PROPERTY),
        ([Property(person_id=1, type="company")], codes.PROPERTY),
    ],
)
def test_property_over_a_limit_needs_a_note(owned, code):
    found = assess(Family(people=[father()], properties=owned), "urban", rules())
    assert (found.code, found.eligible) == (code, not code)


def test_only_the_single_persons_of_the_list_may_stand_alone():
    marks = frozenset({"single_person"})
    for person, allowed in (
        (father(marks=marks), False),
        (father(disability=("limb", 1)), False),
        (father(marks=marks, disability=("limb", 2)), True),
        (father(marks=marks, disability=("limb", 3)), False),
        (father(marks=marks, disability=("mental", 3)), True),
        (father(marks=marks | {"illness"}), True),
        (father(marks=marks | {"clergy"}), True),
    ):
        found = assess(Family(people=[person], left_out=["配偶"]), "urban", rules())
        assert (not found.objections) == allowed, person
    both = Family(people=[father(), Person(id=2, name="乙", age=40)], left_out=["小孩"])
    assert [code for code, _about in assess(both, "urban", rules()).objections] == [codes.PARTIAL]


def test_classes_follow_from_who_can_work():
    old = Person(id=2, name="老", age=75)
    wage = Income(person_id=1, type="wage", fen=10_000)
    assert assess(Family(people=[old]), "urban", rules()).review_class == "A"
    assert assess(Family(people=[father(labour="none")]), "urban", rules()).review_class == "A"
    assert assess(Family(people=[father(), old], incomes=[wage]), "urban", rules()).review_class == "B"
    assert assess(Family(people=[father(), old]), "urban", rules()).review_class == "C"


def test_rigid_costs_open_the_door_of_hardship_or_lower_income_by_choice():
    income = [Income(person_id=1, type="property", fen=70_000)]
    costs = [Expenditure(person_id=1, type="medical", fen=400_000, months=12)]
    family = Family(people=[father()], incomes=income, expenditures=costs)
    found = assess(family, "urban", rules())
    assert (found.eligible, found.margin, found.hardship) == (False, False, True)
    assert assess(family, "urban", rules(expenditure="deduct")).eligible


def test_members_of_two_places_may_each_have_their_own_standard():
    mixed = [father(), Person(id=2, name="乙", age=40, category="rural")]
    assert assess(Family(people=mixed), "urban", rules()).whole == 84_000
    found = assess(Family(people=mixed), "urban", rules(mixed_standard="member"))
    assert (found.whole, found.total_fen) == (69_000, 69_000)
    assert award(found.terms, STANDARDS, "urban", rules()).total_fen == 69_000


def test_without_a_standard_nothing_is_said():
    found = assess(Family(people=[father()]), "urban", Rules(values=rules().values, standards={"urban": None}))
    assert (found.code, found.eligible, found.total_fen) == (codes.STD_MISSING, False, 0)
