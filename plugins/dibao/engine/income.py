"""What is counted as a family's income in a month: items less deductions, support by obligors; all as fractions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from plugins.dibao.engine.facts import Family, Income, Obligor, Person, Rules


@dataclass(frozen=True, kw_only=True)
class Counted:
    """Income of a month: by item, by obligor; ``costs`` are deducted by person, ``rigid`` costs for all together."""

    items: Sequence[tuple[Income, Fraction]]
    excluded: Sequence[tuple[Income, Fraction]]
    costs: Sequence[tuple[int, Fraction]]
    imputed: Sequence[int]
    obligors: Sequence[tuple[Obligor, Fraction]]
    rigid: Fraction
    total: Fraction


def count(family: Family, counted_people: Sequence[Person], rules: Rules, standard: int) -> Counted:
    """Sum up what is counted; ``standard`` (fen) is the family's, for the cap of work costs and obligors."""
    ids = {one.id for one in counted_people}
    mine = [one for one in family.incomes if one.person_id in ids]
    items = [(one, monthly(one)) for one in mine if not one.excluded]
    imputed = list(_imputed(counted_people, mine, rules))
    items += [(one, monthly(one)) for one in imputed]
    costs = _work_costs(items, rules, standard)
    obligors = [(one, support_by(one, rules, standard)) for one in family.obligors]
    rigid = sum((Fraction(one.fen, one.months) for one in family.expenditures), Fraction(0))
    deducted = rigid if rules.word("expenditure") == "deduct" else Fraction(0)
    total = (
        sum((fen for _one, fen in items), Fraction(0))
        - sum((fen for _who, fen in costs), Fraction(0))
        + sum((fen for _one, fen in obligors), Fraction(0))
        - deducted
    )
    return Counted(
        items=items,
        excluded=[(one, monthly(one)) for one in mine if one.excluded],
        costs=costs,
        imputed=[one.person_id for one in imputed],
        obligors=obligors,
        rigid=rigid,
        total=max(total, Fraction(0)),
    )


def monthly(item: Income) -> Fraction:
    """An item in a month."""
    return Fraction(item.fen, item.months)


def support_by(one: Obligor, rules: Rules, standard: int) -> Fraction:
    """What an obligor is counted to pay: what a court or agreement says, when that is more than the rule gives."""
    spare = max(Fraction(0), Fraction(one.fen, one.members) - rules.ratio("obligor_factor") * standard)
    return max(spare * one.members * rules.ratio("obligor_share") / one.supports, Fraction(one.agreed_fen))


def _work_costs(items: Sequence[tuple[Income, Fraction]], rules: Rules, standard: int) -> list[tuple[int, Fraction]]:
    """Necessary costs of work: a share of each earner's net wage, up to a cap."""
    wages: dict[int, Fraction] = {}
    for item, fen in items:
        if item.type == "wage":
            wages[item.person_id] = wages.get(item.person_id, Fraction(0)) + fen
    cap = rules.ratio("work_cost_cap") * standard
    return [(who, min(fen * rules.ratio("work_cost_ratio"), cap)) for who, fen in wages.items() if fen]


def _imputed(people: Sequence[Person], incomes: Sequence[Income], rules: Rules) -> Iterator[Income]:
    """The minimum wage for who works elsewhere without proof of income (民发〔2022〕83号: by real circumstances)."""
    earning = {one.person_id for one in incomes if one.type in ("wage", "business")}
    fen = rules.fen("minimum_wage")
    for one in people:
        if "migrant" in one.marks and one.id not in earning and fen:
            yield Income(person_id=one.id, type="wage", fen=fen)
