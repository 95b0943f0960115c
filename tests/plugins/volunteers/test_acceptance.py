"""Every acceptance example of the handbook's page, every case of the volunteers' file, and what the database holds."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from core.api import Refused
from plugins.volunteers import acts, wishes
from plugins.volunteers.rules import day_parts, hours_of, level_at, minutes_between, standing_service, tenths_of
from plugins.volunteers.services.common import from_to

from .conftest import VILLAGE, codes

STARS = (100, 300, 600, 1000, 1500)


def test_example_1_a_break_is_taken_off():
    begin, end = from_to(date(2026, 11, 20), "08:30", "11:45")
    assert hours_of(minutes_between(begin, end, 15)) == 3.0
    assert [tenths_of(minutes, "half") for minutes in (29, 30, 59, 90)] == [0, 5, 5, 15]


def test_example_2_overlapping_times_are_refused(place):
    one = place.volunteer()
    first = place.hours(one, "09:00", "11:00")
    with pytest.raises(Refused) as refusal:
        place.hours(one, "10:30", "12:00")
    assert codes(refusal) == {"E_VOL_OVERLAP"}
    place.hours(one, "11:00", "12:00")
    place.hours(place.volunteer("王五"), "10:30", "12:00")
    place.act("hours", "reverse", first, reason="登记错了")
    place.hours(one, "09:30", "11:00", corrects=first)


def test_examples_3_and_8_a_star_on_the_day_of_confirmation_goes_with_the_reversal(place):
    one = place.volunteer()
    place.carried(one, "98.5")
    assert place.show(one)["stars"] == 0
    record = place.hours(one, breaks=15)
    assert place.show(one)["hours"] == 98.5
    place.at("2026-11-21")
    place.confirm(record)
    found = place.show(one)
    assert (found["hours"], found["stars"], found["star_since"]) == (101.5, 1, date(2026, 11, 21))
    place.at("2026-11-22")
    place.act("hours", "reverse", record, reason="时间登记错误")
    found = place.show(one)
    assert (found["hours"], found["stars"]) == (98.5, 0)
    assert [(star["event"], star["happened_on"]) for star in found["star_history"]] == [
        ("withdrawn", date(2026, 11, 22)), ("given", date(2026, 11, 21)),
    ]  # fmt: skip
    assert [line["state"] for line in found["records"]] == ["confirmed", "reversed", "confirmed"]


def test_example_4_two_stars_from_300_hours(place):
    assert [level_at(minutes, STARS) for minutes in (2999 * 6, 300 * 60, 1500 * 60)] == [1, 2, 5]
    one = place.volunteer()
    place.carried(one, "299.9")
    assert place.show(one)["stars"] == 1
    place.carried(one, "0.1")
    assert (place.show(one)["hours"], place.show(one)["stars"]) == (300.0, 2)


def test_example_5_a_flood_without_insurance_is_not_published(place):
    given = {"kind": "disaster", "risk": "high", "publish": False, "title": "抗洪"}
    number = place.plan(place.orgs["桃水镇志愿服务队"], **given)
    with pytest.raises(Refused) as refusal:
        place.act("activities", "publish", number)
    assert codes(refusal) == {"E_VOL_INSURE"}
    place.act("activities", "insure", number, policy_no="PICC-1")
    assert place.act("activities", "publish", number)["state"] == "published"


def test_example_6_a_minor_needs_consent(place):
    number = place.plan(place.orgs["桃水镇志愿服务队"])
    one = place.volunteer("小明", date(2011, 5, 1))
    with pytest.raises(Refused) as refusal:
        place.act("activities", "signup", number, volunteer=one)
    assert codes(refusal) == {"E_VOL_MINOR"}
    place.act("people", "consent", one, guardian_id=place.person("家长"))
    assert place.act("activities", "signup", number, volunteer=one)["state"] == "accepted"
    child = place.volunteer("小小", date(2016, 5, 1), guardian_id=place.person("家长甲"))
    with pytest.raises(Refused) as refusal:
        place.act("activities", "signup", number, volunteer=child)
    assert codes(refusal) == {"E_VOL_MINOR"}
    place.act("activities", "signup", number, volunteer=child, accompanied=True)
    baby = place.volunteer("小小小", date(2020, 5, 1), guardian_id=place.person("家长乙"))
    with pytest.raises(Refused) as refusal:
        place.act("activities", "signup", number, volunteer=baby, accompanied=True)
    assert codes(refusal) == {"E_VOL_AGE"}


def test_example_7_who_enters_does_not_confirm(place):
    one = place.volunteer("赵队长")
    record = place.hours(one, "09:00", "11:00", role="volunteers_officer")
    with pytest.raises(Refused) as refusal:
        place.confirm(record, "volunteers_officer")
    assert codes(refusal) == {"E_VOL_SELF"}
    assert place.confirm(record, "clerk")["state"] == "confirmed"


def test_example_9_active_rate(place):
    """500 registered, 215 with records in the quarter: written in columns, 43.0 %."""
    from core.api import table_of
    from plugins.volunteers.models import Record, Volunteer
    from plugins.volunteers.statistics import active_rate, indicator_rows

    org = place.orgs["桃水镇志愿服务队"]
    sample, other = place.person(), place.county.account("clerk")
    with place.county.look() as work:
        now = work.now
    with place.county.host.database.transaction(write=True) as connection:
        shell = connection.scalar(text("SELECT min(id) FROM identity_account"))
        clerk = connection.scalar(text("SELECT id FROM identity_account WHERE name = :name"), {"name": other})
        ids = _persons(connection, sample, 500)
        base = {"area": VILLAGE, "state": "active", "reason": "", "languages": "", "availability": "", "background": "",
                "named": False, "version": 1, "registered_on": date(2026, 1, 1), "state_on": date(2026, 1, 1),
                "added_at": now, "added_by": shell}  # fmt: skip
        rows = [
            {**base, "id": at, "number": f"V-430223-{at:06d}", "person_id": person, "first_person_id": person,
             "token": f"{at:032x}"}
            for at, person in enumerate(ids, start=1)
        ]  # fmt: skip
        connection.execute(table_of(Volunteer).insert(), rows)
        service = {
            "kind": "carried", "org_id": org, "field": "elder", "area": VILLAGE, "served_on": date(2026, 10, 9),
            "break_minutes": 0, "minutes": 60, "content": "", "leader": "", "evidence": "表", "mode": "paper",
            "evaluation": 0, "reason": "", "late": False, "source_ref": "", "state": "entered", "entered_at": now,
            "entered_by": shell, "dispute": "",
        }  # fmt: skip
        times = {"kind": "service", "in_at": now, "out_at": now + timedelta(hours=1)}
        connection.execute(
            table_of(Record).insert(), [{**service, **times, "volunteer_id": at} for at in range(1, 216)]
        )
        connection.execute(
            text("UPDATE volunteers_record SET state = 'confirmed', confirmed_by = :clerk"), {"clerk": clerk}
        )
    with place.county.look() as work:
        assert f"{active_rate(work, '2026-10', '2026-12') * 100:.1f}" == "43.0"
        found = {row[0]: row[1] for row in indicator_rows(work, "2026-10", "2026-12")}
    assert (found["注册志愿者"], found["活跃率"], found["服务时长"]) == ("500", "43.0%", "215.0")


def _persons(connection, sample: int, count: int) -> list[int]:
    """As many persons as one, made of it."""
    row = dict(
        connection.execute(text("SELECT * FROM identity_person WHERE id = :id"), {"id": sample}).mappings().one()
    )
    first = connection.scalar(text("SELECT max(id) FROM identity_person")) + 1
    names = ", ".join(row)
    connection.execute(
        text(f"INSERT INTO identity_person ({names}) VALUES ({', '.join(':' + name for name in row)})"),
        [{**row, "id": at} for at in range(first, first + count)],
    )
    return list(range(first, first + count))


def test_example_10_only_who_recorded_certifies(place):
    other = place.org("县义工协会")
    one = place.volunteer()
    mine = place.hours(one, "08:00", "09:00")
    theirs = place.hours(one, "10:00", "12:00", org=other)
    for record in (mine, theirs):
        place.confirm(record)
    for given in ({"org": "桃水镇志愿服务队", "records": [mine, theirs]}, {}):
        with pytest.raises(Refused) as refusal, place.county.begin() as work:
            acts.certify(work, wishes.IssueCertificate(volunteer=one, **given))
        assert codes(refusal) == {"E_CERT_FOREIGN"}
    with place.county.begin() as work:
        made = acts.certify(work, wishes.IssueCertificate(volunteer=one, org=str(other))).data
    assert (made["hours"], made["number"]) == (2.0, "FW-2026-000001")
    place.act("teams", "merge", other, successor="桃水镇志愿服务队", reason="合并")
    with place.county.begin() as work:
        heir = acts.certify(work, wishes.IssueCertificate(volunteer=one, org="桃水镇志愿服务队")).data
    assert heir["hours"] == 3.0


def test_example_11_training_is_no_service(place):
    one = place.volunteer()
    place.act("people", "training", one, course="first_aid", hours="6")
    found = place.show(one)
    assert (found["hours"], found["training_hours"]) == (0.0, 6.0)


def test_example_12_a_visit_to_soldiers_families(place):
    from plugins.volunteers.api import double_support_service
    from plugins.volunteers.statistics import field_rows

    org = place.org("拥军优属志愿服务队", double_support=True)
    number = place.plan(org, kind="double_support", title="走访慰问")
    for at in range(22):
        one = place.volunteer(f"王{chr(0x4E00 + at)}")
        place.confirm(place.hours(one, "09:00", "11:30", activity=number))
    with place.county.look() as work:
        rows = list(field_rows(work))
        found = double_support_service(work, date(2026, 11, 1), date(2026, 11, 30))
    assert [(row[0], row[1], float(row[3])) for row in rows] == [("拥军优属", 22, 55.0)]
    assert (found.teams, found.times, found.minutes) == (1, 22, 22 * 150)


def test_case_c150_eleven_months_are_not_regular():
    """The case of the handbook's file, read from it where the file is at hand."""
    found = standing_service([8 * 60] * 11 + [0])
    assert (found.regular, found.idle_month) == (False, 12)
    assert standing_service([60] * 12).regular


def test_the_day_is_split_at_midnight():
    begin, end = from_to(date(2026, 11, 19), "20:00", "06:00")
    assert day_parts(begin, end, 30) == {date(2026, 11, 19): 240, date(2026, 11, 20): 330}


def test_limits_of_hours(place):
    one = place.volunteer()
    wrong = {
        "E_VOL_FUTURE": {"begin": "19:00", "end": "21:00"},
        "E_VOL_LONG": {"begin": "08:00", "end": "17:00"},
        "E_VOL_DAYMAX": {"begin": "06:00", "end": "19:00", "reason": "抢险"},
        "E_FIELD": {"begin": "08:00", "end": "08:30", "breaks": 30},
        "E_VOL_EVIDENCE": {"mode": "paper"},
        "E_VOL_LATE": {"mode": "paper", "evidence": "表 1", "on": date(2026, 11, 9)},
    }
    for code, given in wrong.items():
        with pytest.raises(Refused) as refusal:
            place.hours(one, **given)
        assert codes(refusal) == {code}, code
    place.hours(one, mode="paper", evidence="表 1", on=date(2026, 11, 10))
    place.hours(one, "06:00", "12:00")
    place.hours(one, "13:00", "19:00")
    with pytest.raises(Refused) as refusal:
        place.hours(one, "19:00", "19:30")
    assert codes(refusal) == {"E_VOL_DAYMAX"}
    late = place.hours(one, on=date(2026, 10, 1))
    assert next(line for line in place.show(one)["records"] if line["id"] == late)["late"]


def test_travel_is_no_activity(place):
    with pytest.raises(Refused) as refusal:
        place.plan(place.orgs["桃水镇志愿服务队"], kind="travel")
    assert codes(refusal) == {"E_VOL_TRAVEL"}


def test_the_database_holds_the_rules_of_hours(place):
    one = place.volunteer()
    record = place.hours(one)
    place.confirm(record)
    waiting = place.hours(one, "13:00", "14:00")
    for statement in (
        f"DELETE FROM volunteers_record WHERE id = {record}",
        f"UPDATE volunteers_record SET minutes = 600 WHERE id = {record}",
        f"UPDATE volunteers_record SET state = 'entered', confirmed_by = NULL WHERE id = {record}",
        f"UPDATE volunteers_record SET state = 'confirmed', confirmed_by = entered_by WHERE id = {waiting}",
        "DELETE FROM volunteers_star",
        "INSERT INTO volunteers_record (kind, volunteer_id, org_id, field, area, served_on, in_at, out_at,"
        " break_minutes, minutes, content, leader, evidence, mode, evaluation, reason, late, source_ref, state,"
        " entered_at, entered_by, dispute) SELECT kind, volunteer_id, org_id, field, area, served_on, in_at, out_at,"
        " break_minutes, minutes, content, leader, evidence, mode, evaluation, reason, late, source_ref, state,"
        f" entered_at, entered_by, dispute FROM volunteers_record WHERE id = {waiting}",
    ):
        if "star" in statement:
            place.carried(one, "100")
        with pytest.raises(DatabaseError), place.county.host.database.transaction(write=True) as connection:
            connection.execute(text(statement))
    place.act("hours", "reverse", waiting, reason="登记错了")
    with pytest.raises(Refused):
        place.confirm(waiting)
    assert place.show(one)["hours"] == 103.2


def test_the_contract_of_scripts(place, run, tmp_path):
    one = place.volunteer()
    clerk, officer = place.county.account("clerk"), place.county.account("volunteers_officer")
    made = run("volunteers", "hours", "add", one, "--org", "桃水镇志愿服务队", "--field", "elder", "--in", "08:30",
               "--out", "11:45", "--break", "15", "--json", as_=clerk)  # fmt: skip
    assert (made.exit_code, made.data["hours"], made.data["state"]) == (0, 3.0, "entered"), made.talk
    again = run("volunteers", "hours", "confirm", made.data["id"], "--json", as_=clerk)
    assert (again.exit_code, again.error["code"]) == (3, "E_VOL_SELF")
    assert run("volunteers", "hours", "confirm", made.data["id"], "--json", as_=officer).data["state"] == "confirmed"
    shown = run("volunteers", "show", one, "--json").data
    assert (shown["hours"], shown["stars"]) == (3.0, 0)
    file = tmp_path / "fw.pdf"
    issued = run("volunteers", "certificate", one, "-o", file, "--json")
    assert (issued.exit_code, issued.data["hours"], file.read_bytes()[:4]) == (0, 3.0, b"%PDF"), issued.talk
    printed = run("volunteers", "certificate", issued.data["number"], "-o", file, "--json")
    assert printed.data["number"] == issued.data["number"]
    back = run("volunteers", "hours", "reverse", made.data["id"], "--reason", "登记错误", "--json", as_=officer)
    assert (back.exit_code, back.data["hours"]) == (0, -3.0)
    assert json.dumps(run("volunteers", "show", one, "--json").data["hours"]) == "0.0"
    assert Path(file).stat().st_size > 1000
