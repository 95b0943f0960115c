"""Every acceptance example of the handbook's page, every case of its file, and what the database holds."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from core.api import Refused, table_of
from plugins.social_workers import acts, wishes
from plugins.social_workers.measuring import done_of, score_facts
from plugins.social_workers.models import ExamSignup
from plugins.social_workers.queries import own_project
from plugins.social_workers.rules import (
    density,
    exam_passed,
    growth,
    instalment,
    items_of,
    last_day,
    percent,
    score_of,
    times,
    window,
)
from plugins.social_workers.statistics import exam_facts, indicator_rows

from .conftest import VILLAGE, codes

WEIGHTS = {"cases": 30, "groups": 25, "events": 25, "trainees": 10, "satisfaction": 10}
SHARES = {
    "contract": 50, "mid": 30, "final": 20, "mid_points": 60, "final_points": 80, "part_points": 60, "part_percent": 50,
}  # fmt: skip


def test_example_1_the_seed_project_scores_96_7(place, run):
    targets, done = {"cases": 6, "groups": 5, "events": 18, "trainees": 4}, {"cases": 6, "groups": 5, "events": 18}
    items = items_of(WEIGHTS, targets, {**done, "trainees": 3}, Decimal(92))
    assert [one.percent for one in items] == [100, 100, 100, 75, 92]
    assert [one.points for one in items] == [30, 25, 25, Decimal("7.5"), Decimal("9.2")]
    assert score_of(items) == Decimal("96.7")
    number = _seed_project(place)
    found = run("social-workers", "project", "score", number, "--json").data
    assert (found["score"], found["satisfaction"]) == (96.7, 92.0)
    assert {one["item"]: one["percent"] for one in found["items"]} == {
        "cases": 100.0, "groups": 100.0, "events": 100.0, "trainees": 75.0, "satisfaction": 92.0,
    }  # fmt: skip


def _seed_project(place, **given) -> str:
    """6 cases, 5 groups and 18 events done, 3 of 4 trainees, through the services."""
    number = place.project(cases=6, groups=5, events=18, trainees=4, **given)
    one = place.accounts()[0]
    for at in range(6):
        case = place.case(project=number, goal=f"目标 {at}")
        place.through(case)
        place.mine("close", case, ending="goals_reached", goal_percent=90, on=date(2026, 4, 2))
    members = place.people(6)
    for at in range(5):
        group = _group(place, number, members, planned=4)
        for day in range(1, 5):
            place.act("groups", "session", group, minutes=60, attended=members, on=date(2026, 5, at * 5 + day))
        place.act("groups", "finish", group)
    for at in range(18):
        place.add("events", title=f"大型活动 {at}", worker=one, project=number, area=VILLAGE, place="广场",
                  on=date(2026, 6, at + 1), participants=62 + at)  # fmt: skip
    sent = place.add("dispatches", worker=one, unit="受援社区", area=VILLAGE, since=date(2026, 3, 1), project=number)
    for at in range(4):
        who = place.person(f"培养{chr(0x4E00 + at)}")
        made = place.act("dispatches", "trainee", sent["id"], person_id=who, planned=10, attended=8 if at < 3 else 7)
        if at < 3:
            place.act("dispatches", "confirm", sent["id"], trainee=made["id"], supervisor=place.accounts()[1])
        else:
            with pytest.raises(Refused) as refusal:
                place.act("dispatches", "confirm", sent["id"], trainee=made["id"], supervisor=place.accounts()[1])
            assert codes(refusal) == {"E_SW_TRAINEE"}
    made = place.act("projects", "assess", number, stage="mid", satisfaction="92", assessor="第三方", report="PG-1")
    assert made["points"] == 96.7
    return number


def _group(place, project, members, planned=6) -> str:
    one = place.accounts()[0]
    made = place.add("groups", theme="亲子小组", kind="growth", worker=one, project=project, area=VILLAGE,
                     place="活动室", sessions_planned=planned, planned_on=date(2026, 4, 1))  # fmt: skip
    place.act("groups", "recruit", made["number"], members=members)
    return made["number"]


def test_example_2_density_and_gap(place, run):
    found = density(231, 500_000, Decimal("4.8"))
    assert (found.per, found.needed, found.gap) == (Decimal("4.62"), 240, 9)
    place.worker("甲某")
    place.worker("乙某", works_here=False, lives_here=False)
    place.population(10_000)
    answer = run("social-workers", "density", "--year", "2026", "--json").data
    assert (answer["certified"], answer["per_10000"], answer["needed"], answer["gap"]) == (1, 1.0, 5, 4)
    assert answer["population_source"] == "县统计公报〔2026〕1号"


def test_example_3_and_cases_c143_c144_the_exam_of_908(place):
    assert percent(99, 908) == Decimal("10.9")
    assert (growth(99, 31), 99 - 31) == (Decimal("219.35"), 68)
    assert times(908, 300) == Decimal("3.03")
    with place.county.begin() as work:
        acts.add_exam_figure(work, wishes.ExamYear(year=2025, signed=300, sat=280, passed=31, source="市年度工作总结"))
    _signups(place, 908, passed=99, absent=100)
    with place.county.look() as work:
        found = exam_facts(work, 2026)
    assert (found["signed"], found["sat"], found["passed"]) == (908, 808, 99)
    assert (found["rate_of_signed"], found["rate_of_sat"]) == (Decimal("10.9"), Decimal("12.3"))
    assert (found["more_passed"], found["growth"], found["signed_times"]) == (68, Decimal("219.35"), Decimal("3.03"))


def _signups(place, count, passed, absent) -> None:
    """Sign-ups of as many persons as one, written in columns."""
    sample = place.person()
    with place.county.host.database.transaction(write=True) as connection:
        row = dict(
            connection.execute(text("SELECT * FROM identity_person WHERE id = :id"), {"id": sample}).mappings().one()
        )
        names = ", ".join(row)
        values = ", ".join(":" + name for name in row)
        ids = range(sample + 1, sample + 1 + count)
        connection.execute(
            text(f"INSERT INTO identity_person ({names}) VALUES ({values})"), [{**row, "id": at} for at in ids]
        )
        account = connection.scalar(text("SELECT min(id) FROM identity_account"))
        results = ["passed"] * passed + ["absent"] * absent + ["failed"] * (count - passed - absent)
        base = {"year": 2026, "level": "assistant", "area": VILLAGE, "subjects": "ability,practice", "trained": False,
                "passed_subjects": "", "added_by": account, "version": 1}  # fmt: skip
        connection.execute(
            table_of(ExamSignup).insert(),
            [{**base, "person_id": at, "result": result} for at, result in zip(ids, results, strict=True)],
        )


def test_example_4_the_window_of_a_registration(place, run):
    at = window(date(2023, 6, 1), last_day(date(2023, 6, 1), 36), 3)
    assert (at.valid_to, at.due_from, at.lapsed_on) == (date(2026, 5, 31), date(2026, 3, 1), date(2026, 6, 1))
    assert [at.state(day) for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 31), date(2026, 6, 1))] == [
        "registered", "due", "due", "lapsed",
    ]  # fmt: skip
    assert last_day(date(2024, 2, 29), 36) == date(2027, 2, 28)
    one = place.worker(registered_on=date(2023, 6, 1))
    place.at("2026-04-01")
    found = run("social-workers", "registration", "show", one, "--json").data
    assert (found["state"], found["valid_to"]) == ("due", "2026-05-31")
    assert (found["due_from"], found["due_to"], found["lapsed_on"]) == ("2026-03-01", "2026-05-31", "2026-06-01")
    place.at("2026-06-01")
    assert run("social-workers", "registration", "show", one, "--json").data["state"] == "lapsed"


def test_example_5_six_hours_are_missing(place, run):
    one = place.worker(registered_on=date(2023, 6, 1))
    place.at("2026-04-01")
    for at in range(14):
        place.act(
            "workers", "educate", one, course=f"课程 {at}", hours="6", held_on=date(2025, 1, at + 1), proof="证书"
        )
    place.act("workers", "supervise", one, supervisor=place.worker("督导"), kind="individual", hours="40")
    ran = run("social-workers", "worker", "register", one, "--json")
    assert ran.exit_code == 3
    assert "E_SW_CE" in ran.talk and "还差 6 学时" in ran.talk
    place.act("workers", "educate", one, course="补课", hours="6", held_on=date(2026, 3, 30), proof="证书")
    made = place.act("workers", "register", one)
    assert (made["registered_on"], made["valid_to"]) == (date(2026, 6, 1), date(2029, 5, 31))
    assert place.show("workers", one)["state"] == "registered"


def test_example_6_closing_without_an_evaluation_is_refused(place):
    case = place.case()
    with pytest.raises(Refused) as refusal:
        place.mine("close", case, ending="goals_reached", goal_percent=80)
    assert codes(refusal) == {"E_SW_STAGE"}
    connection = place.county.host.database
    with pytest.raises(DatabaseError, match="E_SW_STAGE"), connection.transaction(write=True) as raw:
        raw.execute(text("UPDATE social_workers_case SET stage = 'closed', closed_on = opened_on"))
    place.through(case)
    place.mine("close", case, ending="goals_reached", goal_percent=80, satisfaction=90)
    found = place.show("cases", case)
    assert (found["state"], found["counted"], found["sessions"]) == ("closed", True, 3)


def test_example_7_four_of_six_sessions_do_not_count(place):
    number = place.project(groups=1)
    members = place.people(10)
    group = _group(place, number, members)
    for day in range(1, 5):
        place.act("groups", "session", group, minutes=60, attended=members, on=date(2026, 5, day))
    place.act("groups", "finish", group)
    found = place.show("groups", group)
    assert (found["percent"], found["counted"], len(found["members"])) == (66.7, False, 10)
    with place.county.look() as work:
        assert done_of(work, own_project(work, number), work.today).groups == 0


def test_example_8_person_times_are_no_persons(place):
    number, one = place.project(events=18), place.worker()
    warned = []
    for at in range(18):
        place.add("events", title=f"义演 {at}", worker=one, project=number, area=VILLAGE, place="广场",
                  on=date(2026, 6, at + 1), participants=62)  # fmt: skip
        warned.append(place.known["warnings"])
    assert warned[:5] == [[]] * 5 and warned[5:] == [["W_SW_ROUND"]] * 13
    with place.county.look() as work:
        found = score_facts(work, own_project(work, number), work.today)
        rows = {row[0]: row[1] for row in indicator_rows(work, "2026-01", "2026-11")}
    assert (found["person_times"], found["beneficiaries"]) == (1116, 0)
    assert (rows["服务人次（不与人数相加）"], rows["服务对象（不重复）"]) == ("1116", "0")


def test_examples_9_and_10_instalments_by_points(place, run):
    assert [instalment(10_000_000, stage, points, SHARES) for stage, points in (
        ("contract", None), ("mid", Decimal(71)), ("final", Decimal(85)), ("final", Decimal(75)),
        ("final", Decimal("59.9")), ("mid", Decimal("59.9")),
    )] == [5_000_000, 3_000_000, 2_000_000, 1_000_000, 0, 0]  # fmt: skip
    number = place.project()
    agency = place.known["agency"]
    manager = place.person("负责人")
    place.act("agencies", "account", agency, manager_id=manager, account_number="6222020000000001")
    with pytest.raises(Refused) as refusal:
        place.act("projects", "invoice", number, stage="mid", invoice_no="FP-2", minutes="纪要 2")
    assert codes(refusal) == {"E_SW_STAGE"}
    place.act("projects", "invoice", number, stage="contract", invoice_no="FP-1", minutes="纪要 1")
    place.act("projects", "assess", number, stage="mid", points="71", assessor="第三方", report="PG-1")
    with pytest.raises(Refused) as refusal:
        place.act("projects", "invoice", number, stage="mid", invoice_no="FP-1", minutes="纪要 2")
    assert codes(refusal) == {"E_SW_INVOICE"}
    place.act("projects", "invoice", number, stage="mid", invoice_no="FP-2", minutes="纪要 2")
    first = run("social-workers", "pay", "--month", "2026-11", "--json").data
    assert (first["total_fen"], first["batches"][0]["lines"]) == (8_000_000, 2)
    place.act("projects", "assess", number, stage="final", points="85", assessor="第三方", report="PG-2")
    place.act("projects", "invoice", number, stage="final", invoice_no="FP-3", minutes="纪要 3")
    again = run("social-workers", "pay", "--month", "2026-11", "--json").data
    assert (again["total_fen"], again["batches"][0]["lines"], again["batches"][0]["batch"]) == (
        10_000_000, 3, first["batches"][0]["batch"],
    )  # fmt: skip
    shown = place.show("projects", number)["instalments"]
    assert [row["entered_fen"] for row in shown] == [5_000_000, 3_000_000, 2_000_000]


def test_example_11_the_same_event_is_reported_once(place):
    one = place.worker()
    first, second = place.project("甲项目"), place.project("乙项目")
    given = {"title": "重阳节活动", "worker": one, "area": VILLAGE, "place": "文化广场", "on": date(2026, 10, 18),
             "participants": 80}  # fmt: skip
    place.add("events", project=first, **given)
    with pytest.raises(Refused) as refusal:
        place.add("events", project=second, **{**given, "place": "文化 广场", "participants": 90})
    assert codes(refusal) == {"E_SW_DOUBLE"}
    people = place.people(3)
    place.add("events", project=first, **{**given, "title": "义诊", "people": people})
    with pytest.raises(Refused) as refusal:
        place.add("events", project=second, **{**given, "title": "义诊（二）", "people": people[::-1]})
    assert codes(refusal) == {"E_SW_DOUBLE"}
    with pytest.raises(DatabaseError), place.county.host.database.transaction(write=True) as raw:
        names = [name for name in _columns(raw, "social_workers_event") if name not in ("id", "number")]
        listed = ", ".join(names)
        raw.execute(text(
            f"INSERT INTO social_workers_event (number, {listed}) SELECT 'SH-X', {listed} FROM social_workers_event"
            " WHERE id = (SELECT min(id) FROM social_workers_event)"
        ))  # fmt: skip


def _columns(connection, table) -> list[str]:
    return list(connection.execute(text(f"SELECT * FROM {table} WHERE 1 = 0")).keys())


def test_example_12_eight_workers_for_a_year(place):
    made = [
        place.add("dispatches", worker=place.worker(f"派{chr(0x4E00 + at)}"), unit=f"受援单位 {at}", area=VILLAGE,
                  since=date(2026, 3, 1))
        for at in range(8)
    ]  # fmt: skip
    assert {one["until"] for one in made} == {date(2027, 2, 28)}
    for at in range(4):
        place.act("dispatches", "trainee", made[at]["id"], person_id=place.person(f"培{chr(0x4E00 + at)}"), planned=10)
    people = [one for each in made for one in place.show("dispatches", each["id"])["people"]]
    assert [one["unit"] for one in people] == [f"受援单位 {at}" for at in range(4)]
    assert {place.show("dispatches", each["id"])["state"] for each in made} == {"running"}


def test_case_c147_two_agencies_before_four_new(place):
    for at in range(6):
        day = date(2025, 5, 1) if at < 2 else date(2026, 5, 1)
        from .conftest import credit_code

        place.add("agencies", name=f"机构 {at}", code=credit_code(f"52430223MJJ00001{at}"), registered_on=day,
                  area=VILLAGE[:6])  # fmt: skip
    with place.county.look() as work:
        rows = {row[0]: row[1] for row in indicator_rows(work, "2026-01", "2026-11")}
    assert (rows["民办社工机构"], rows["本期新增民办社工机构"], rows["上期末民办社工机构"]) == ("6", "4", "2")
    assert growth(6, 2) == Decimal("200.00")


def test_cases_c148_c149_c152_outputs_and_money(place):
    """29 outputs, 3 of 4 trainees (75 %), two pilots of 100,000 yuan each from the lottery."""
    number = _seed_project(place, source="LOTTERY")
    other = place.project("试点二", source="LOTTERY")
    with place.county.look() as work:
        done = done_of(work, own_project(work, number), work.today)
        rows = {row[0]: row[1] for row in indicator_rows(work, "2026-01", "2026-11")}
        items = {one["item"]: one for one in score_facts(work, own_project(work, number), work.today)["items"]}
    trainees = items["trainees"]
    assert done.cases + done.groups + done.events == 29
    assert (done.trainees, trainees["difference"], trainees["alert"], trainees["percent"]) == (3, -1, True, 75.0)
    assert rows["项目资金：福彩公益金"] == "200,000.00"
    assert place.show("projects", other)["contract_fen"] == 10_000_000


def test_exams_are_passed_within_their_years():
    assert exam_passed("assistant", {2026: ("ability", "practice")}, 2026, 1)
    assert not exam_passed("assistant", {2025: ("ability",), 2026: ("practice",)}, 2026, 1)
    assert exam_passed("intermediate", {2025: ("ability",), 2026: ("practice", "law")}, 2026, 2)
    assert not exam_passed("intermediate", {2024: ("ability",), 2026: ("practice", "law")}, 2026, 2)
    assert not exam_passed("senior", {2026: ("senior_practice",)}, 2026, 1)


def test_an_earlier_result_entered_later_reaches_the_year_that_follows(place):
    person = place.person("考生")
    first = place.add("exams", person_id=person, year=2025, level="intermediate", subjects=["ability"])["id"]
    second = place.add("exams", person_id=person, year=2026, level="intermediate", subjects=["practice", "law"])["id"]
    assert place.act("exams", "result", second, passed=["practice", "law"])["result"] == "failed"
    assert place.act("exams", "result", first, passed=["ability"])["result"] == "failed"
    assert place.show("exams", second)["result"] == "passed"
    with pytest.raises(Refused) as refusal:
        place.act("exams", "result", first, passed=["law"])
    assert codes(refusal) == {"E_SW_EXAM"}
    with pytest.raises(Refused) as refusal:
        place.add("exams", person_id=person, year=2026, level="assistant", subjects=["ability"])
    assert codes(refusal) == {"E_SW_EXAM"}
