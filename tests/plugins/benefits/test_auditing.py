"""RS11: an amount that was written by hand above the standard is found by name, honest ones are left alone."""

from datetime import date

import openpyxl
import pytest

from core.funds.detectors import detect, list_findings
from core.policy import SetPolicy, set_policy
from tests.plugins.benefits.conftest import citizen_id

MONTH = "2026-03"
RECALL, PRECISION = 0.95, 0.5


def found(place):
    """(enrolment, amount above) of what is found of the month."""
    with place.county.begin("auditor") as work:
        detect(work, MONTH)
        lines = list_findings(work, period=MONTH)
    return {
        int(one["subject"].partition(":")[2]): one["amount_fen"]
        for one in lines
        if one["kind"] == "benefits.above_standard"
    }


@pytest.mark.proof("RS11")
def test_a_fixed_amount_above_the_standard_is_found_and_one_up_to_it_is_not(place, proof):
    each = proof.effort(quick=4, long=40)
    place.standard()
    people = iter(place.people(5 * each))

    def some():
        return [next(people) for _one in range(each)]

    high = place.enrol(some(), terms={"amount_fen": 90_000})
    even = place.enrol(some(), terms={"amount_fen": 76_000})
    plain = place.enrol(some())
    ended = place.enrol(some(), terms={"amount_fen": 90_000}, to_month="2026-02")
    crowd = place.enrol(some(), terms={"amount_fen": 90_000, "n": 2})
    seen = found(place)
    planted = set(high)
    assert len(planted & seen.keys()) >= RECALL * len(planted)
    assert len(planted & seen.keys()) >= PRECISION * len(seen)
    assert not seen.keys() & {*even, *plain, *ended, *crowd}
    assert set(seen.values()) == {14_000}
    assert found(place) == seen, "asked again, found once"
    proof.counted(5 * each, found=len(planted - seen.keys()))


@pytest.mark.proof("RS11")
def test_an_amount_of_a_roster_that_is_brought_in_is_found_and_policy_says_how_much_is_no_matter(
    place, run, tmp_path, proof
):
    place.standard()
    place.people(2)
    book = openpyxl.Workbook()
    book.active.append(["公民身份号码", "业务", "类别", "起始月", "定额（元）"])
    book.active.append([citizen_id(0), "allowance", "HOME", "2026-01", "900"])
    book.active.append([citizen_id(1), "allowance", "HOME", "2026-01", "760"])
    book.save(tmp_path / "名册.xlsx")
    done = run("benefits", "enrol", "import", tmp_path / "名册.xlsx", "--json")
    assert done.exit_code == 0, (done.talk, done.output)
    with place.county.begin() as work:
        allowed = SetPolicy(key="benefits.fixed_most", value="1.2", valid_from=date(2026, 3, 1), document="民发 2 号")
        set_policy(work, allowed)
    assert found(place) == {}
    with place.county.begin() as work:
        again = SetPolicy(key="benefits.fixed_most", value="1.1", valid_from=date(2026, 3, 1), document="民发 3 号")
        set_policy(work, again)
    assert list(found(place).values()) == [14_000]
    proof.counted(2)
