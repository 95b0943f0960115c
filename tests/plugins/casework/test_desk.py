"""The desk of a clerk with much to do, and what the pages of a household say of its cases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from core.extension import TASKS_MAX
from core.tables import table_of
from plugins.casework import desk
from plugins.casework.models import Case
from plugins.casework.services.remedies import add_lead
from plugins.casework.statistics import indicator_rows, list_rows
from plugins.casework.wishes import AddLead
from tests.plugins.casework.counting import questions

OPEN_TASKS = 2_000
QUESTIONS = 15
"""All that a clerk's desk may ask, who is signed in included."""
OWN_QUESTIONS = 2
"""What casework adds to a desk: its figures, its tasks."""


def test_a_desk_with_two_thousand_open_tasks_asks_as_little_as_one_with_a_single_task(place, client, request):
    if request.config.getoption("--db") != "sqlite":
        pytest.skip("the trace is SQLite's")
    number = place.submitted()
    client.sign_in("clerk")
    client.get("/")
    with questions(client.host) as one:
        client.get("/")
    with place.county.host.database.transaction(write=True) as connection:
        row = dict(connection.execute(select(table_of(Case))).mappings().one())
        del row["id"]
        many = [
            {**row, "number": f"DB-430223-2026-{at:06d}", "step_due_on": date(2026, 3, 3) + timedelta(days=at % 60)}
            for at in range(2, OPEN_TASKS + 2)
        ]
        connection.execute(insert(table_of(Case)), many)
    with questions(client.host) as all_:
        answer = client.get("/")
    assert number in answer.text
    assert len(all_) == len(one) <= QUESTIONS, "\n".join(all_)
    own = [each for each in all_ if "casework_case" in each and "dibao_" not in each]
    assert len(own) == OWN_QUESTIONS, "\n".join(own)
    # What is more than anybody works through in a day is not claimed to be all there is.
    assert "全部待办" in answer.text
    assert f"最急的 {TASKS_MAX} 件" in client.get("/tasks?plugin=casework").text


def test_the_desk_lists_what_waits_by_deadline_and_says_what_is_late(place):
    late, fresh = place.submitted(), place.submitted()
    place.step(late, "accept")
    place.at("2026-03-10")
    place.step(fresh, "accept")
    with place.county.look("clerk") as work:
        found = [one for one in desk.tasks(work) if one.number]
    assert [one.number for one in found] == [late, fresh]
    assert found[0].step == desk.CHECK_OVERDUE
    assert found[0].state == "bad"
    assert found[1].state == "note"


def test_a_case_lies_on_the_desk_of_who_may_take_its_next_step(place):
    number = place.until("county_review")
    seen = {}
    for role in ("clerk", "township_officer", "reviewer", "approver"):
        with place.county.look(role) as work:
            seen[role] = [one.number for one in desk.tasks(work)]
    assert seen == {"clerk": [], "township_officer": [], "reviewer": [number], "approver": []}


def test_leads_overdue_and_reviews_overdue_stand_on_the_desk(place):
    number = place.active()
    person = str(place.families[next(iter(place.families))][0])
    with place.county.begin("clerk") as work:
        add_lead(work, AddLead(person=person, source="cadre", text="房屋漏雨"))
    with place.county.host.database.transaction(write=True) as connection:
        connection.execute(update(table_of(Case)).values(review_due_on=date(2026, 3, 31)))
    place.at("2026-06-01")
    with place.county.look("clerk") as work:
        found = list(desk.tasks(work))
    assert [(one.path, one.state) for one in found] == [("/casework/leads/1", "bad")]
    with place.county.look("reviewer") as work:
        assert [one.number for one in desk.tasks(work)] == [number]
        figures = {one.title: one.figure for one in desk.tiles(work)}
    assert figures["复核逾期"] == "1"


def test_a_household_shows_its_case_with_the_months_it_is_paid(place, client):
    number = place.active()
    client.sign_in("clerk")
    page = client.get("/households/1").text
    assert number in page
    assert "在保" in page
    assert "待遇时间线" in page


def test_the_indicators_of_a_month_are_counted_by_the_database(place):
    number = place.granted()
    other = place.submitted()
    with place.county.look("auditor") as work:
        march = {line[0]: line[1:] for line in indicator_rows(work, "2026-03")}
        listed = list(list_rows(work, "2026-03"))
    assert march["申请"] == ("2", "件")
    assert march["审核确认"] == ("1", "件")
    assert march["平均办理时间"][0] != "--"
    assert march["30 个工作日内办结"] == ("100.00%", "1 / 1 件")
    assert march["第一次公示按期"][0] == "100.00%"
    assert march["公示异议"][0] == "0"
    assert [row[0] for row in listed] == [number, other]
