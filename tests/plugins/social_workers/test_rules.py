"""The rules of the handbook beside its examples: codes, who may open a case, lives, what the database holds."""

from datetime import date, datetime

import numpy
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from core.api import Forbidden, Merges, Moves, People, Refused
from core.identity.events import Death, record_death
from core.testing import OTHER_TOWN
from plugins.social_workers.services import life_events

from .conftest import VILLAGE, codes


def refused(place, code, do):
    """A refusal with a code, whatever makes it."""
    with pytest.raises(Refused) as refusal:
        do()
    assert codes(refusal) == {code}


def test_a_certificate_number_is_used_once(place):
    place.worker(certificate_no="A-1")
    refused(place, "E_SW_CERT_DUP", lambda: place.worker("王五", certificate_no="a-1"))
    place.worker("王五", certificate_no="A-2")
    with place.county.host.database.transaction(write=True) as raw, pytest.raises(DatabaseError):
        raw.execute(text("UPDATE social_workers_certificate SET number = 'A-1' WHERE number = 'A-2'"))


def test_credit_codes_are_checked_and_52_is_a_service_body(place):
    from .conftest import credit_code

    refused(
        place,
        "E_USCC",
        lambda: place.add(
            "agencies", name="错", code="52430223MJJ000001X", registered_on=date(2024, 1, 1), area=VILLAGE[:6]
        ),
    )
    place.agency()
    assert place.show("agencies", "县社工服务中心")["kind"] == "service_body"
    made = place.add("agencies", name="公司", code=credit_code("91430223MJJ000001"), registered_on=date(2024, 1, 1),
                     area=VILLAGE[:6])  # fmt: skip
    assert place.show("agencies", made["id"])["kind"] == "other"


def test_a_lapsed_worker_is_not_responsible_and_warns_as_assistant(place):
    lapsed = place.worker("过期", registered_on=date(2021, 1, 1))
    refused(place, "E_SW_LAPSED", lambda: place.case(worker=lapsed))
    place.case(assistant=lapsed)
    assert place.known["warnings"] == ["W_SW_LAPSED"]
    assert place.show("workers", lapsed)["state"] == "lapsed"


def test_a_case_needs_consent_or_a_basis(place):
    refused(place, "E_SW_CONSENT", lambda: place.case(consent_on=None))
    case = place.case(consent_on=None, basis="未成年人保护法第十一条")
    place.through(case)
    place.mine("close", case, ending="partly_reached", goal_percent=60)
    assert place.show("cases", case)["counted"]
    with place.county.host.database.transaction(write=True) as raw, pytest.raises(DatabaseError):
        raw.execute(text("UPDATE social_workers_case SET basis = ''"))


def test_a_file_opens_to_worker_and_supervisor_only_and_every_look_is_recorded(place, run):
    case = place.case(goal="与家人和解")
    place.form(case, "SW03", content="独居，夜间失眠")
    for given in ({"role": "social_workers_worker", "by": "gong"}, {"role": "social_workers_supervisor", "by": "du"}):
        found = place.show("cases", case, **given)
        assert (found["goal"], found["client"]) == ("与家人和解", "服务对象")
        assert found["forms"][0]["content"] == "独居，夜间失眠"
    place.county.account("social_workers_worker", name="other")
    place.act("workers", "account", place.worker("别人"), account="other")
    for given in ({"role": "social_workers_worker", "by": "other"}, {"role": "clerk"}, {}):
        found = place.show("cases", case, **given)
        assert found["sessions"] == 0 and {"client", "goal", "forms"}.isdisjoint(found)
    with pytest.raises(Forbidden):
        place.act("cases", "form", case, role="social_workers_worker", by="other", kind="SW04", content="x")
    with pytest.raises(Forbidden):
        place.act("cases", "form", case, kind="SW04", content="x")
    with place.county.host.database.transaction(write=False) as raw:
        stored = [bytes(row[0]) for row in raw.execute(text("SELECT content FROM social_workers_case_form"))]
        reads = raw.scalar(text("SELECT count(*) FROM audit_record WHERE action = 'social_workers.file_read'"))
    assert reads == 2 and all("失眠".encode() not in one for one in stored)


def test_nobody_links_their_own_account(place):
    one = place.worker()
    name = place.county.account("social_workers_officer")
    with pytest.raises(Refused) as refusal:
        place.act("workers", "account", one, role="social_workers_officer", account=name)
    assert codes(refusal) == {"E_SW_SELF"}


def test_cases_are_handed_over_before_a_worker_leaves(place):
    case = place.case()
    one = place.accounts()[0]
    place.act("workers", "employ", one, employer="县社工服务中心", since=date(2025, 1, 1))
    refused(place, "E_SW_HANDOVER", lambda: place.act("workers", "leave", one))
    refused(place, "E_SW_HANDOVER", lambda: place.act("workers", "remove", one, reason="退休"))
    with place.county.host.database.transaction(write=True) as raw, pytest.raises(DatabaseError, match="E_SW_HANDOVER"):
        raw.execute(text("UPDATE social_workers_employment SET until = since"))
    heir = place.worker("接手")
    refused(
        place,
        "E_SW_HANDOVER",
        lambda: place.mine(
            "handover", case, worker=heir, client_told_on=date(2026, 11, 20), on=date(2026, 11, 19), reason="离职"
        ),
    )
    place.mine("handover", case, worker=heir, client_told_on=date(2026, 11, 18), reason="离职")
    place.act("workers", "leave", one)
    assert heir in place.show("cases", case)["worker"]


def test_a_crisis_starts_the_clock_of_the_supervisor(place):
    case = place.case()
    place.mine("risk", case, risk="crisis", at="2026-11-20 15:00")
    from plugins.social_workers.desk import tasks

    with place.county.look("social_workers_supervisor", name="du") as work:
        assert [task.title for task in tasks(work) if "危机" in task.title] == ["危机个案：2 小时内告知督导"]
    place.mine("inform", case, at="2026-11-20 17:01")
    assert place.known["warnings"] == ["W_SW_CRISIS"]
    refused(place, "E_SW_STATE", lambda: place.mine("inform", case))


def test_stages_follow_one_another(place):
    case = place.case()
    refused(place, "E_SW_STAGE", lambda: place.mine("advance", case, stage="planning"))
    place.mine("advance", case, stage="assessment")
    refused(place, "E_SW_STAGE", lambda: place.mine("advance", case, stage="planning"))
    refused(place, "E_SW_STAGE", lambda: place.form(case, "SW05", minutes=30))
    refused(place, "E_SW_STAGE", lambda: place.mine("end", case, ending="referred", reason="转医院"))
    place.form(case, "SW09")
    place.mine("end", case, ending="referred", reason="转医院")
    assert not place.show("cases", case)["counted"]
    refused(place, "E_SW_STAGE", lambda: place.form(case, "SW05", minutes=30))


def test_one_client_has_two_cases_when_goals_differ(place):
    client = place.person("服务对象")
    place.case(client_id=client, goal="改善睡眠")
    refused(place, "E_SW_GOAL", lambda: place.case(client_id=client, goal="改善 睡眠"))
    place.case(client_id=client, goal="找到工作")


def test_a_closed_case_is_followed_up(place):
    case = place.case()
    place.through(case)
    place.mine("close", case, ending="goals_reached", goal_percent=100, on=date(2026, 4, 2))
    place.mine("follow", case, content="情况稳定", on=date(2026, 7, 2))
    found = place.show("cases", case, role="social_workers_worker", by="gong")
    assert (found["state"], found["forms"][-1]["kind"], found["follow_up_due"]) == (
        "follow_up", "SW10", date(2026, 7, 2),
    )  # fmt: skip


def test_groups_have_their_size_and_only_members_attend(place):
    one, members = place.worker(), place.people(8)
    group = place.add("groups", theme="互助", kind="mutual_help", worker=one, area=VILLAGE, sessions_planned=4,
                      planned_on=date(2026, 4, 1))["number"]  # fmt: skip
    refused(place, "E_SW_GROUP_SIZE", lambda: place.act("groups", "recruit", group, members=members[:5]))
    place.act("groups", "recruit", group, members=members[:7])
    refused(place, "E_SW_ATTEND", lambda: place.act("groups", "session", group, minutes=60, attended=members))
    place.act("groups", "session", group, minutes=60, attended=members[:6])
    with place.county.host.database.transaction(write=True) as raw, pytest.raises(DatabaseError, match="E_SW_ATTEND"):
        raw.execute(
            text("INSERT INTO social_workers_attendance (session_id, person_id) VALUES (1, :id)"), {"id": members[7]}
        )
    place.act("groups", "finish", group)
    place.act("groups", "evaluate", group, before="5.5", after="8", summary="有改善")
    assert (place.show("groups", group)["before"], place.show("groups", group)["counted"]) == (5.5, False)


def test_targets_follow_amendments_by_their_day(place, run):
    number = place.project(events=10)
    place.act("projects", "amend", number, item="events", target=5, valid_from=date(2026, 7, 1), document="补充协议 1")
    one = place.accounts()[0]
    for at in range(5):
        place.add("events", title=f"活动 {at}", worker=one, project=number, area=VILLAGE, place="广场",
                  on=date(2026, 5, at + 1), participants=30 + at)  # fmt: skip

    def percents(day):
        found = run("social-workers", "project", "score", number, "--on", day, "--json").data
        return {one["item"]: (one["target"], one["percent"]) for one in found["items"]}

    assert percents("2026-06-30")["events"] == (10, 50.0)
    assert percents("2026-07-01")["events"] == (5, 100.0)
    assert [row["target"] for row in place.show("projects", number)["amendments"]] == [10, 5]


def test_posts_are_not_overfilled(place):
    made = place.add("posts", unit="县医院", title="医务社工", area=VILLAGE[:6], planned=1, level="intermediate")
    junior = place.worker("助理", level="assistant")
    refused(place, "E_SW_POST", lambda: place.act("posts", "hold", made["id"], worker=junior))
    place.act("posts", "hold", made["id"], worker=place.worker("在岗"))
    refused(place, "E_SW_POST", lambda: place.act("posts", "hold", made["id"], worker=place.worker("再来")))
    found = place.show("posts", made["id"])
    assert (found["planned"], found["held"], found["vacant"]) == (1, 1, 0)


def test_what_was_written_stays(place):
    case = place.case()
    place.form(case, "SW03")
    place.worker(registered_on=date(2025, 1, 1))
    for statement in (
        "DELETE FROM social_workers_case",
        "DELETE FROM social_workers_case_form",
        "UPDATE social_workers_case_form SET kind = 'SW07'",
        "UPDATE social_workers_registration SET valid_to = registered_on",
        "DELETE FROM social_workers_registration",
    ):
        with pytest.raises(DatabaseError), place.county.host.database.transaction(write=True) as raw:
            raw.execute(text(statement))


def test_a_registration_is_neither_early_nor_late_without_a_word(place):
    one = place.worker()
    refused(place, "E_SW_FIRST", lambda: place.act("workers", "register", one))
    place.act("workers", "register", one, reason="调入本县")
    refused(place, "E_SW_EARLY", lambda: place.act("workers", "register", one))


def test_lives_reach_workers_and_cases(place):
    client = place.person("服务对象")
    case = place.case(client_id=client)
    with place.county.begin() as work:
        record_death(work, client, Death(on=date(2026, 11, 20)))
    found = place.show("cases", case, role="social_workers_worker", by="gong")
    assert (found["state"], found["ending"]) == ("ended", "died")
    back = People(
        ids=numpy.array([client]), areas=numpy.array([VILLAGE]), on=numpy.array(["2026-11-20"]),
        household_ids=numpy.array([-1]), revoked=True,
    )  # fmt: skip
    with place.county.begin() as work:
        life_events.follow_deaths(work, back)
        assert [one.code for one in life_events.erasure_objections(work, back)] == ["E_SW_KEPT"]
    assert place.show("cases", case)["state"] == "intake"
    heir = place.person("服务对象")
    for gone, kept_by, revoked in ((client, heir, False), (client, client, True)):
        merges = Merges(
            gone_ids=numpy.array([gone]), kept_ids=numpy.array([heir]), on=date(2026, 11, 20), revoked=revoked
        )
        with place.county.begin() as work:
            life_events.follow_merges(work, merges)
        assert place.show("cases", case, role="social_workers_worker", by="gong")["client_id"] == kept_by
    one = place.worker("搬家")
    person = place.show("workers", one)["person_id"]
    for target, lives in ((f"{OTHER_TOWN}201", True), ("", False)):
        moves = Moves(
            ids=numpy.array([person]), from_areas=numpy.array([VILLAGE]), to_areas=numpy.array([target]),
            on=numpy.array(["2026-11-20"]),
        )  # fmt: skip
        with place.county.begin() as work:
            life_events.follow_moves(work, moves)
        assert place.show("workers", one)["lives_here"] is lives
    kept = place.person("搬家")
    for revoked, wanted in ((False, kept), (True, person)):
        merges = Merges(
            gone_ids=numpy.array([person]), kept_ids=numpy.array([kept]), on=date(2026, 11, 20), revoked=revoked
        )
        with place.county.begin() as work:
            life_events.follow_merges(work, merges)
        assert place.show("workers", one)["person_id"] == wanted


def test_quiet_cases_due_registrations_and_instalments_stand_on_the_desk(place):
    from plugins.social_workers.desk import tasks, tiles

    place.case()
    due = place.worker("到期", registered_on=date(2024, 1, 10))
    number = place.project()
    with place.county.look("clerk") as work:
        found = {(task.title, task.subject) for task in tasks(work)}
        assert next(iter(tiles(work))).figure == "3"
    assert {("社工登记到期，办理再登记", due), ("社工项目付款：签约付款", number)} <= found
    with place.county.look("social_workers_worker", name="gong") as work:
        assert "个案没有面谈" in {task.title for task in tasks(work)}
    place.county.clock.set(datetime.fromisoformat("2027-02-01T09:00:00+08:00"))
    assert place.show("workers", due)["state"] == "lapsed"
