"""The term of a class: an overdue review is shown and pays on; inside it an amount changes only with the situation."""

import pytest

from core.errors import Refused
from plugins.casework.services.reviewing import follow_time


@pytest.fixture
def active(place):
    """Example A in payment since March."""
    number, people = place.example_a()
    place.granted(number)
    place.at("2026-03-03")
    with place.county.begin() as work:
        follow_time(work)
    return number, people


def test_an_overdue_review_is_shown_with_its_code_and_the_family_is_paid_on(place, active, client, run):
    number, _people = active
    place.at("2026-08-03")
    assert place.compute(number)["warnings"] == []
    place.at("2027-03-10")
    found = run("dibao", "compute", number, "--json").data
    assert [one["code"] for one in found["warnings"]] == ["E_DB_CLASS_DUE"] and found["eligible"]
    client.sign_in("reviewer")
    for path in (f"/casework/cases/{number}", f"/dibao/cases/{number}"):
        assert "E_DB_CLASS_DUE" in client.get(path).text, path
    desk = client.get("/").text
    assert "最低生活保障到期复核" in desk and number in desk
    assert ("2027-03", "BASIC", 60_600) in place.lines(place.roll("2027-03"))


def test_inside_the_term_an_amount_changes_only_with_the_situation(place, active):
    number, people = active
    place.policy("supplement_age70", "0.5")
    place.at("2026-04-02")
    with pytest.raises(Refused) as caught:
        place.step(number, "review", role="approver")
    assert caught.value.code == "E_DB_CLASS_DUE"
    place.income(number, (people[0], "wage", "1600.00", "month"))
    place.step(number, "review", role="approver")


def test_who_says_what_changed_or_is_due_is_reviewed(place, active):
    number, _people = active
    place.policy("supplement_age70", "0.5")
    place.at("2026-04-02")
    place.step(number, "review", role="approver", kind="change", reason="老人失能")


def test_when_the_term_is_over_the_amount_follows(place, active):
    number, _people = active
    place.policy("supplement_age70", "0.5")
    place.at("2027-03-10")
    place.step(number, "review", role="approver")
