"""Reports of a period: frozen, signed by three, held back by figures that do not hold until somebody answers."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.api import Forbidden, Refused

from .conftest import THIRD_TOWN, codes

PARTS = {"parts": ["分散 461", "集中 188"], "stated": "659"}


def made(place, period="2026-10", **given):
    return place.start("reports", "clerk", period=period, **given)["number"]


def test_a_report_is_frozen_whatever_is_measured_afterwards(place):
    place.towns("grid.gap", 39_000, 38_400, 37_300)
    place.target("grid.gap", "374")
    number = made(place)
    place.grid.figures.clear()
    place.towns("grid.gap", 50_000)
    from plugins.indicators.listing import show_report

    with place.county.look() as work:
        found = show_report(work, number)
    whole = next(row for row in found["rows"] if row["indicator"] == "grid.gap" and not row["area"])
    assert (whole["state"], whole["average"], whole["failing"]) == ("not_met", "382.33", [THIRD_TOWN])
    assert [row["value"] for row in found["rows"] if row["indicator"] == "grid.gap" and row["area"]] == [
        "373", "390", "384",
    ]  # fmt: skip


def test_three_persons_make_check_and_issue_a_report(place):
    number = made(place)
    with pytest.raises(Refused) as refusal:
        place.act("reports", "issue", number, role="approver")
    assert codes(refusal) == {"E_IND_STATE"}
    with pytest.raises(Forbidden):
        place.act("reports", "check", number, role="clerk")
    place.act("reports", "check", number, role="reviewer")
    done = place.act("reports", "issue", number, role="approver")
    assert done["state"] == "issued"


def test_a_figure_that_does_not_hold_keeps_the_report_back_until_somebody_answers_for_it(place):
    wrong = place.stated("sums", **PARTS)
    assert (wrong["result"], wrong["code"], wrong["difference"]) == ("differs", "E_WP_SUM", "-10")
    place.stated("rates", part="239", bases=["589"], stated="41%")
    place.stated("years", month="16636508.40", stated="186835100")
    number = made(place)
    place.act("reports", "check", number, role="reviewer")
    with pytest.raises(Refused) as refusal:
        place.act("reports", "issue", number, role="approver")
    assert [one.code for one in refusal.value.objections] == ["E_WP_SUM"]
    place.act("stated", "acknowledge", wrong["id"], role="reviewer", reason="沿用原文，已去函核实")
    assert place.act("reports", "issue", number, role="approver")["state"] == "issued"
    from plugins.indicators.listing import show_stated

    with place.county.look() as work:
        found = show_stated(work, str(wrong["id"]))
    assert (found["stated"], found["computed"], found["state"]) == ("659", "649", "acknowledged")
    assert found["acknowledgement"] == "沿用原文，已去函核实" and found["acknowledged_by"]


def test_figures_of_another_period_keep_nothing_back_and_those_of_its_months_do(place):
    place.stated("sums", period="2026-09", **PARTS)
    month, quarter = made(place), made(place, "2026-Q3")
    for number in (month, quarter):
        place.act("reports", "check", number, role="reviewer")
    assert place.act("reports", "issue", month, role="approver")["state"] == "issued"
    with pytest.raises(Refused):
        place.act("reports", "issue", quarter, role="approver")


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        ("rates", {"part": "52", "bases": ["75", "81"], "stated": "67%"}, "E_RATE_STATED"),
        ("rates", {"part": "615", "bases": ["826"], "stated": "74.45"}, "W_RATE_CUT"),
        ("rates", {"part": "52", "stated": "67%"}, "E_RATE_DENOM"),
        ("years", {"month": "100", "stated": "900"}, "W_YEAR_BAND"),
        ("averages", {"average": "47", "limit": "35"}, "E_AVERAGE_LIMIT"),
        ("plans", {"report_year": 2020, "plan_year": 2017}, "E_PLAN_YEAR"),
        ("sums", {"parts": ["较年初提高 xx"], "stated": "12"}, "W_FIGURE_HIDDEN"),
    ],
)
def test_whatever_does_not_hold_waits_for_an_answer(place, run, kind, given, code):
    found = place.stated(kind, **given)
    assert found["code"] == code
    ran = run("indicators", "check", "--period", "2026-10", "--json")
    assert ran.exit_code == 1 and [one["code"] for one in ran.data] == [code]
    place.act("stated", "withdraw", found["id"], role="clerk", reason="录入有误")
    assert run("indicators", "check", "--json").exit_code == 0


def test_who_entered_a_figure_does_not_answer_for_it_and_neither_does_the_shell(place):
    number = place.stated("sums", **PARTS)["id"]
    with pytest.raises(Forbidden):
        place.act("stated", "acknowledge", number, reason="命令行的账号没有名字")
    row = "SELECT id, entered_by, '2026-11-20 01:00:00', 'x' FROM indicators_stated"
    statement = "INSERT INTO indicators_acknowledgement (stated_id, acknowledged_by, acknowledged_at, reason) "
    with pytest.raises(DBAPIError), place.county.begin() as work:
        work.session.execute(text(statement + row))


def test_the_database_refuses_to_issue_over_a_contradiction_and_to_change_what_was_reported(place):
    place.towns("grid.gap", 39_000)
    place.stated("sums", **PARTS)
    number = made(place)
    place.act("reports", "check", number, role="reviewer")
    for statement in (
        "UPDATE indicators_report SET state = 'issued', issued_by = 999",
        "UPDATE indicators_report SET made_by = made_by + 1",
        "DELETE FROM indicators_report",
        "UPDATE indicators_reported SET value = '1'",
        "DELETE FROM indicators_reported",
        "UPDATE indicators_stated SET stated = '649'",
        "DELETE FROM indicators_stated",
    ):
        with pytest.raises(DBAPIError), place.county.begin() as work:
            work.session.execute(text(statement))


def test_a_report_is_made_again_only_with_a_reason_and_the_issued_one_stands_until_then(place):
    first = made(place)
    with pytest.raises(Refused) as refusal:
        made(place)
    assert codes(refusal) == {"E_IND_REASON"}
    for act, role in (("check", "reviewer"), ("issue", "approver")):
        place.act("reports", act, first, role=role)
    second = made(place, reason="网岭镇补报")
    assert second.endswith("-2")
    from plugins.indicators.listing import Filter, list_reports

    with place.county.look() as work:
        assert [one["state"] for one in list_reports(work, Filter())] == ["made", "issued"]
    for act, role in (("check", "reviewer"), ("issue", "approver")):
        place.act("reports", act, second, role=role)
    with place.county.look() as work:
        assert [one["state"] for one in list_reports(work, Filter())] == ["issued", "replaced"]


def test_the_desk_says_what_is_not_met_and_what_waits_for_whom(place):
    from plugins.indicators.desk import tasks, tiles

    place.towns("grid.gap", 37_300)
    place.target("grid.gap", "374")
    place.target("grid.done_on", due_on="2026-12-10", area="430223")
    with place.county.look("clerk") as work:
        assert [one.step for one in tasks(work)] == ["编制", "核对进度"]
        assert list(tiles(work)) == []
    place.stated("sums", **PARTS)
    made(place)
    with place.county.look("reviewer") as work:
        assert {one.step for one in tasks(work)} == {"说明原因", "审核"}
        assert [(one.figure, one.title) for one in tiles(work)] == [("1", "未达标指标")]
    with place.county.look("clerk") as work:
        assert [one.step for one in tasks(work)] == ["核对进度"]
