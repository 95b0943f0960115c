"""Families in payment are taken over by a spreadsheet, with what they get; what excludes and overlaps is refused."""

import csv

import pytest

from core.errors import Refused


def test_a_family_taken_over_with_its_amount_is_paid_it_until_it_is_reviewed(place, run):
    people = place.families[place.family()]
    file = place.county.home / "families.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(["业务", "类别", "公民身份号码", "起始月", "定额（元）", "其他家庭成员身份证号"])
        others = "、".join(place.numbers[one] for one in people[1:])
        writer.writerow(["dibao", "urban", place.numbers[people[0]], "2026-02", "384.00", others])
    ran = run("benefits", "enrol", "import", file, "--json")
    assert ran.exit_code == 0, ran.talk
    assert place.lines(place.roll("2026-02")) == [("2026-02", "BASIC", 38_400)]
    place.standard("urban", "470", "2026-02")
    assert place.lines(place.roll("2026-02")) == [("2026-02", "BASIC", 38_400)]
    from plugins.dibao.services.prices import set_price
    from plugins.dibao.wishes import SetPrice

    with place.county.begin() as work:
        set_price(work, SetPrice(month="2026-02", amount="10", document="发改 1"))
    assert sorted(place.lines(place.roll("2026-02")))[1] == ("2026-02", "PRICE", 4_000)
    household = next(name for name, ids in place.families.items() if ids == people)
    with pytest.raises(Refused) as caught:
        place.new(household)
    assert caught.value.code == "E_FAM_OVERLAP"
