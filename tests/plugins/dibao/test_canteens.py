"""What dibao tells canteens: who is in payment in the month of a meal, and nothing else."""

from datetime import date

from core.testing import enabled
from plugins.canteen.tiers import entitled


def test_somebody_whose_family_is_on_dibao_has_the_tier_of_it_without_anybody_typing_it(place):
    enabled(place.county, "canteen")
    number, people = place.example_a()
    place.granted(number)
    grandmother, others = people[3], people[:3]
    with place.county.look() as work:
        found = entitled(work, [grandmother] * 2, [date(2026, 1, 5), date(2026, 3, 2)], ["", ""])
        assert found.tiers.tolist() == ["T2", "T3"]
        assert entitled(work, others, date(2026, 3, 2), [""] * 3).rates.tolist() == [0, 0, 0]
