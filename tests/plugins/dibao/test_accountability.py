"""A wrong approval names the officers of every step, the kind of error and the money, at every door."""

import pytest

from core.funds.detectors import detect, list_findings
from core.testing import OTHER_TOWN
from plugins.casework import acts
from plugins.casework.services.reviewing import follow_time
from plugins.casework.services.sampling import draw_sample
from plugins.casework.wishes import DrawSample
from plugins.dibao.accountability import account_rows, wrong_approvals
from plugins.dibao.statistics import indicators


@pytest.fixture
def paid(place):
    """Example A paid in March."""
    number, _people = place.example_a()
    place.granted(number)
    place.at("2026-03-03")
    with place.county.begin() as work:
        follow_time(work)
    place.paid("2026-03")
    return number


def inspected_wrong(place, number):
    with place.county.begin("reviewer") as work:
        draw_sample(work, DrawSample(kind="active", type="dibao", period="2026-03", share="100%", seed=1))
    with place.county.begin("reviewer") as work:
        wish = acts.ACTS["inspect"].wish(result="wrong", note="漏报工资", wrong_amount="606.00")
        acts.ACTS["inspect"].do(work, number, wish)


def test_an_inspection_that_found_an_error_names_every_officer(place, paid, run, client):
    inspected_wrong(place, paid)
    ran = run("dibao", "accountability", "--json", as_=place.county.account("auditor"))
    assert ran.exit_code == 0, ran.talk
    found = ran.data
    assert [(one["case"], one["kind"], one["amount_fen"]) for one in found] == [(paid, "drawn", 60_600)]
    steps = [one["event"] for one in found[0]["officers"]]
    assert steps[:3] == ["create", "submit", "accept"] and "period_end" in steps
    assert all(one["name"] for one in found[0]["officers"])
    assert (
        run("dibao", "accountability", "--month", "2026-02", "--json", as_=place.county.account("auditor")).data == []
    )
    client.sign_in("auditor")
    shown = client.get("/dibao/accountability")
    assert shown.status_code == 200 and paid in shown.text and "606.00" in shown.text
    assert 'type="month" name="month"' in shown.text
    assert client.get("/reports/dibao-accountability").status_code == 200
    with place.county.look("auditor") as work:
        assert [(row[0], row[4]) for row in account_rows(work, "2026-03")] == [(paid, 60_600)]
    client.sign_in("clerk")
    assert client.get("/dibao/accountability").status_code == 403


def test_the_audit_finds_it_once(place, paid):
    inspected_wrong(place, paid)
    with place.county.begin() as work:
        detect(work, "2026-03")
    with place.county.begin() as work:
        detect(work, "2026-03")
        found = [one for one in list_findings(work) if one["kind"] == "dibao.wrong_approval"]
    assert [(one["subject"], one["amount_fen"]) for one in found] == [(f"case:{paid}", 60_600)]
    assert "606.00" in found[0]["reason"]


def test_an_award_that_was_stopped_as_undeserved_is_found_and_one_that_just_ends_is_not(place, paid, run):
    second = place.new(place.family())
    father = place.families[f"H{place.count:05d}"][0]
    place.income(second, (father, "wage", "1500.00", "month"))
    place.granted(second)
    place.at("2026-05-06")
    with place.county.begin() as work:
        follow_time(work)
    place.step(second, "stop", role="approver", reason="搬走", from_month="2026-06")
    place.step(paid, "stop", role="approver", reason="隐瞒收入", from_month="2026-03")
    found = run("dibao", "accountability", "--json", as_=place.county.account("auditor")).data
    assert [(one["case"], one["kind"], one["amount_fen"], one["note"]) for one in found] == [
        (paid, "undeserved", 60_600, "隐瞒收入")
    ]


def test_another_town_sees_none_of_it(place, paid):
    inspected_wrong(place, paid)
    with place.county.look("reviewer", OTHER_TOWN) as work:
        assert wrong_approvals(work) == []


def test_the_month_shows_ballots_days_inspections_and_reviews(place, paid):
    inspected_wrong(place, paid)
    with place.county.look() as work:
        march, february = ({name: one for name, *one in indicators(work, f"2026-0{at}")} for at in (3, 2))
    assert (march["抽查完成"][0], march["抽查差错率"][0], march["抽查涉及金额"][0]) == ("100.00%", "100.00%", "606.00")
    assert (march["票决覆盖率"][0], march["平均办理时间"][0]) == ("--", "--")
    assert february["票决覆盖率"] == ["100.00%", "1 / 1 户"]
    assert february["平均办理时间"][0] not in ("--", "0")
    assert february["抽查完成"][0] == february["已复核"][0] == "--"
