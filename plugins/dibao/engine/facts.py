"""What the rules look at: a family with everything that was declared, and the policies of the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Person:
    """A member on the day that counts. ``disability`` is (kind, grade) or None; ``labour`` full, partial, none or "".

    ``claimed`` are supplements that were typed instead of worked out. ``out`` says why the person is not counted.
    ``category`` is whose standard holds: urban or rural.
    """

    id: int
    name: str
    age: int | None
    category: str = "urban"
    disability: tuple[str, int] | None = None
    marks: frozenset[str] = frozenset()
    labour: str = ""
    claimed: Sequence[str] = ()
    out: str = ""


@dataclass(frozen=True, kw_only=True)
class Income:
    """One item of income: ``fen`` over ``months`` months (12 for a year); ``ground`` is why it is not counted."""

    person_id: int
    type: str
    fen: int
    months: int = 1
    excluded: bool = False
    title: str = ""
    ground: str = ""


@dataclass(frozen=True, kw_only=True)
class Property:
    """Something owned: worth ``fen``; ``exempt`` is the note that lifts it over a limit, "" for none."""

    person_id: int
    type: str
    fen: int = 0
    exempt: str = ""


@dataclass(frozen=True, kw_only=True)
class Expenditure:
    """A rigid cost of the family, ``fen`` over ``months`` months."""

    person_id: int
    type: str
    fen: int
    months: int = 1


@dataclass(frozen=True, kw_only=True)
class Obligor:
    """A relative outside the family who owes support. ``fen`` is the income of that whole family in a month.

    ``supports`` is how many parents (or others) the obligor supports; ``agreed_fen`` what a court or agreement says.
    """

    name: str
    members: int
    fen: int
    supports: int = 1
    agreed_fen: int = 0


@dataclass(frozen=True, kw_only=True)
class Family:
    """A family as it was frozen on the day that counts, with all that was declared of it."""

    people: Sequence[Person]
    incomes: Sequence[Income] = ()
    properties: Sequence[Property] = ()
    expenditures: Sequence[Expenditure] = ()
    obligors: Sequence[Obligor] = ()
    left_out: Sequence[str] = ()
    household_others: int = 0


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The policies of a day by their names without ``dibao.``, and the standards by category (fen, None = none).

    ``versions`` are the ids of the policy rows they come from: they stand with every award.
    """

    values: Mapping[str, Any]
    standards: Mapping[str, int | None]
    versions: Mapping[str, int] = field(default_factory=dict)

    def ratio(self, name: str) -> Fraction:
        """A ratio, exactly."""
        return Fraction(self.values[name])

    def fen(self, name: str) -> int:
        """An amount in fen."""
        return int(self.values[name])

    def number(self, name: str) -> int:
        """A whole number."""
        return int(self.values[name])

    def word(self, name: str) -> str:
        """A choice."""
        return str(self.values[name])


AWARD_KEYS = (
    "income_boundary", "method", "grades", "minimum_award", "rounding", "supplement_age70", "supplement_minor",
    "supplement_disab12", "supplement_illness", "supplement_single_parent", "supplement_fixed", "supplement_mode",
)  # fmt: skip
"""Policies that make an amount of what is known of a family: read again for every month that is paid."""

FAMILY_KEYS = (
    *AWARD_KEYS, "margin_factor", "supplement_age", "minor_age", "severe_grades", "severe_mind_grades", "working_age",
    "wage_months", "work_cost_ratio", "work_cost_cap", "minimum_wage", "obligor_factor", "obligor_share",
    "excluded_income", "expenditure", "hardship_factor", "limit_cash_years", "limit_houses", "limit_vehicles",
    "limit_companies", "excluded_members", "mixed_standard", "phase_out_months", "phase_out_limit",
)  # fmt: skip
"""Every policy an assessment reads."""


def yuan(text: Any) -> int:
    """Yuan as a policy table holds them (``"50.00"``), in fen."""
    return int(Decimal(str(text)) * 100)
