"""A plugin that fails again and again is degraded: it stands in nobody's way but that of money, and loses nothing."""

import json
import re
from datetime import date, timedelta

import huimin_misbehaving
import numpy
import pytest
from sqlalchemy import insert, select, text

from core.audit.models import Record
from core.errors import Clash, Refused
from core.hookspecs import HouseholdChanges
from core.host import Host
from core.identity.actors import shell_actor
from core.jobs import drain
from core.models.background import OutboxRow, QueuedJob
from core.models.plugins import DegradedPlugin, PluginFault
from core.settings import load
from core.testing import TOWN, VILLAGE, enabled
from core.web.public import ANYBODY
from tests.breaking import never_degraded
from tests.rows import rows_by_table

OWN = {"core_plugin_fault", "core_plugin_degraded", "core_state", "audit_record", "audit_head"}
"""What degrading writes."""


@pytest.fixture
def misbehave():
    """Say in which hooks the plugin misbehaves; well again with the test."""
    yield lambda *hooks: huimin_misbehaving.WRONG_IN.update(hooks)
    huimin_misbehaving.WRONG_IN.clear()


@pytest.fixture
def beside(county):
    """A county with the plugin that misbehaves and one that answers every hook."""
    enabled(county, "every_hook")
    enabled(county, "misbehaving")
    county.reload()
    return county


def look(county, hook="show_desk_tiles"):
    """What the plugin brings to a page, seen once."""
    with county.look() as work:
        return {one.plugin: one for one in work.hooks.show(hook, work=work)}.get("misbehaving")


def degrade(county, misbehave):
    """Let the plugin fail three times, and be well again."""
    misbehave("show_desk_tiles")
    numbers = [look(county).failure for _time in range(3)]
    huimin_misbehaving.WRONG_IN.clear()
    return numbers


def allocate(county, scheme="dibao"):
    """Ask the plugins about an allocation; answers the objections by plugin."""
    given = {"fund_id": 1, "scheme": scheme, "area": TOWN, "amount_fen": 100}
    try:
        with county.begin() as work:
            work.hooks.check("check_allocation", work=work, **given)
    except Refused as refusal:
        return {one.plugin: one.code for one in refusal.objections}
    return {}


@pytest.mark.proof("RS55")
def test_three_faults_in_ten_minutes_and_it_brings_nothing_to_pages_any_more(beside, run, misbehave, proof):
    numbers = degrade(beside, misbehave)
    misbehave("show_desk_tiles")
    failures = len(beside.host.hooks.failures)
    shown = [look(beside, hook).failure for hook in ("show_desk_tiles", "show_desk_tasks", "show_desk_charts")]
    assert shown == [numbers[-1]] * 3, "every part of a page says under which number it was left out"
    assert len(beside.host.hooks.failures) == failures, "it was not asked"
    proof.counted(6)


@pytest.mark.proof("RS55")
def test_the_state_its_reason_and_time_are_told_everywhere(beside, run, client, misbehave, proof):
    numbers = degrade(beside, misbehave)
    listed = {one["name"]: one for one in run("plugin", "list", "--json").data}["misbehaving"]
    assert listed["state"] == "degraded" and listed["enabled"] is True
    assert numbers[-1] in listed["reason"] and "10 分钟内出错 3 次" in listed["reason"]
    assert run("status", "--json").data["plugins_degraded"] == ["misbehaving"]
    findings = {one["check"]: one["message"] for one in run("doctor", "--json").data["findings"]}
    assert "huimin plugin resume" in findings["core.degraded"] and numbers[-1] in findings["core.degraded"]
    with beside.host.database.transaction(write=False) as connection:
        bodies = connection.scalars(select(Record.body).where(Record.action == "plugin.degraded")).all()
        assert connection.scalars(select(DegradedPlugin.at)).all() == [beside.clock.now()]
    (told,) = (json.loads(body)["details"] for body in bodies)
    assert told == {"faults": 3, "minutes": 10, "hook": "show_desk_tiles", "number": numbers[-1]}
    assert run("audit", "verify").exit_code == 0
    client.sign_in("system_admin")
    page = client.get("/plugins").text
    assert "已降级" in page and numbers[-1] in page and "/plugins/misbehaving/resume" in page
    proof.counted(9)


@pytest.mark.proof("RS55")
def test_what_lies_longer_apart_does_not_count_together(beside, clock, misbehave, proof):
    misbehave("show_desk_tiles")
    for _time in range(5):
        look(beside)
        look(beside)
        clock.set(clock.now() + timedelta(minutes=10))
    assert beside.reload().breaker.degraded == {}
    look(beside)
    look(beside)
    clock.set(clock.now() + timedelta(minutes=9))
    look(beside)
    assert set(beside.reload().breaker.degraded) == {"misbehaving"}
    proof.counted(2)


@pytest.mark.proof("RS55")
def test_faults_of_all_processes_of_a_county_count_together_and_all_of_them_hear(beside, clock, misbehave, proof):
    misbehave("show_desk_tiles")
    other = Host(load(beside.home), clock=clock)
    try:
        look(beside)
        for _time in range(2):
            with other.look(shell_actor(other, "test")) as work:
                work.hooks.show("show_desk_tiles", work=work)
        assert set(other.breaker.degraded) == {"misbehaving"}
        assert other.state("generation") != str(beside.host.generation), "the first is told to begin anew"
        assert set(beside.reload().breaker.degraded) == {"misbehaving"}
    finally:
        other.close()
    proof.counted(3)


@pytest.mark.proof("RS55")
def test_an_act_that_is_rolled_back_leaves_its_fault_and_nothing_else(beside, misbehave, proof):
    misbehave("check_household_change")
    changes = HouseholdChanges(
        ids=numpy.array([1]), areas=numpy.array([VILLAGE]), kinds=numpy.array(["opened"]), on=date(2026, 11, 20)
    )
    before = rows_by_table(beside.host)
    for _time in range(3):
        with pytest.raises(Refused), beside.begin() as work:
            work.session.add(OutboxRow(event="1", topic="x", payload="{}", plugin="x", due_at=work.now))
            work.session.flush()
            work.record("test.done", "test:1")
            work.hooks.check("check_household_change", work=work, changes=changes)
    after = rows_by_table(beside.host)
    assert {name for name in after if after[name] != before.get(name)} <= OWN
    assert set(beside.host.breaker.degraded) == {"misbehaving"}
    proof.counted(2)


@pytest.mark.proof("RS56")
def test_a_degraded_plugin_is_asked_no_more_about_money_and_money_waits(beside, misbehave, proof):
    assert allocate(beside) == {}
    degrade(beside, misbehave)
    assert allocate(beside) == {"misbehaving": "E_DEGRADED"}
    assert allocate(beside, "every_hook") == {"misbehaving": "E_DEGRADED"}, "nothing says whose money it looks after"
    with pytest.raises(Refused, match="管理员"), beside.begin() as work:
        work.hooks.check_rows("check_payments", work=work, payments=type("P", (), {"scheme": "dibao"}))
    proof.counted(4)


@pytest.mark.proof("RS56")
def test_a_degraded_plugin_with_schemes_of_its_own_holds_up_those_alone(beside, proof):
    with beside.look():
        for _time in range(3):
            beside.host.breaker.note("every_hook", "show_desk_tiles", "E-222222")
    assert allocate(beside, "every_hook") == {"every_hook": "E_DEGRADED"}
    assert allocate(beside, "dibao") == {}
    proof.counted(2)


@pytest.mark.proof("RS56")
def test_those_that_stand_on_a_degraded_plugin_wait_with_it(county, proof):
    enabled(county, "dibao")
    host = county.reload()
    assert "dibao" in host.hooks.schemes_on("benefits") and "dibao" in host.hooks.schemes_on("dibao")
    assert "dibao" not in host.hooks.schemes_on("notices") or "notices" in host.plugin("dibao").manifest.requires
    with county.look():
        for _time in range(3):
            host.breaker.note("benefits", "show_desk_tiles", "E-222222")
    with pytest.raises(Refused) as refusal, county.begin() as work:
        work.hooks.check_rows("check_payments", work=work, payments=type("P", (), {"scheme": "dibao"}))
    assert [(one.plugin, one.code) for one in refusal.value.objections] == [("benefits", "E_DEGRADED")]
    proof.counted(3)


@pytest.mark.proof("RS56")
def test_what_waits_for_a_degraded_plugin_is_kept_and_done_when_it_goes_on(beside, run, clock, misbehave, proof):
    degrade(beside, misbehave)
    with beside.begin() as work:
        work.later("fact.1", {"number": 1})
        work.record("test.done", "test:1")
    with beside.host.database.transaction(write=True) as connection:
        job = {"arguments": "{}", "state": "waiting", "tries": 0, "error": "", "due_at": clock.now()}
        connection.execute(insert(QueuedJob).values(name="misbehaving.never", **job))
    for _time in range(3):
        drain(beside.host)
        clock.set(clock.now() + timedelta(days=1))
    assert waiting(beside) == {("outbox", "every_hook", "done", 1), ("outbox", "misbehaving", "waiting", 0),
                               ("job", "misbehaving.never", "waiting", 0)}  # fmt: skip
    assert run("plugin", "resume", "misbehaving", "--reason", "装了新版本").exit_code == 0
    drain(beside.reload())
    assert {one[:3] for one in waiting(beside)} >= {("outbox", "misbehaving", "done")}
    assert ("job", "misbehaving.never", "waiting", 1) in waiting(beside), "it was tried: nobody knows it here"
    proof.counted(3)


def waiting(county):
    """Outbox rows and the job of the plugin with state and tries."""
    with county.host.database.transaction(write=False) as connection:
        told = connection.execute(select(OutboxRow.plugin, OutboxRow.state, OutboxRow.tries))
        jobs = connection.execute(
            select(QueuedJob.name, QueuedJob.state, QueuedJob.tries).where(QueuedJob.name.like("misbehaving%"))
        )
        return {("outbox", *row) for row in told} | {("job", *row) for row in jobs}


@pytest.mark.proof("RS55")
def test_an_administrator_lets_it_go_on_by_command_with_a_reason_and_nobody_else(beside, run, misbehave, proof):
    degrade(beside, misbehave)
    assert run("plugin", "resume", "misbehaving", "--reason", "x", as_=beside.account("clerk")).exit_code == 4
    assert run("plugin", "resume", "misbehaving", "--reason", " ").exit_code == 3
    assert run("plugin", "resume", "every_hook", "--reason", "x").exit_code == 6
    assert run("plugin", "resume", "misbehaving", "--reason", "x", "--dry-run").exit_code == 0
    assert set(beside.reload().breaker.degraded) == {"misbehaving"}
    assert run("plugin", "resume", "misbehaving", "--reason", "厂家装了新版本").exit_code == 0
    assert beside.reload().breaker.degraded == {} and allocate(beside) == {}
    with beside.host.database.transaction(write=False) as connection:
        record = connection.execute(select(Record).where(Record.action == "plugin.resumed")).one()
        assert connection.scalars(select(PluginFault.id)).all() == []
    assert json.loads(record.body)["reason"] == "厂家装了新版本"
    misbehave("show_desk_tiles")
    look(beside)
    look(beside)
    assert beside.host.breaker.degraded == {}, "its faults are counted from nothing"
    proof.counted(8)


@pytest.mark.proof("RS55")
def test_an_administrator_lets_it_go_on_by_page(beside, client, misbehave, proof):
    degrade(beside, misbehave)
    client.sign_in("auditor")
    assert "/plugins/misbehaving/resume" not in client.get("/plugins").text
    assert client.get("/plugins/misbehaving/resume").status_code == 403
    client.sign_in("system_admin")
    assert "恢复“捣乱”？" in client.get("/plugins/misbehaving/resume").text
    refused = client.post("/plugins/misbehaving/resume", {"reason": " "})
    assert refused.status_code == 422 and "请写明原因" in refused.text
    assert client.post("/plugins/misbehaving/resume", {"reason": "装了新版本"}).status_code == 303
    page = client.get("/plugins").text
    assert "已降级" not in page and "恢复" in page, "said once, and over"
    assert beside.reload().breaker.degraded == {}
    proof.counted(6)


@pytest.mark.proof("RS55")
def test_a_served_county_goes_on_without_the_plugin_at_its_next_request(beside, client, misbehave, proof):
    misbehave("show_desk_tiles")
    client.sign_in("clerk", TOWN)
    numbers = {re.search(r"E-[A-Z2-9]{6}", client.get("/").text).group() for _time in range(6)}
    assert len(numbers) == 3, "three faults, then the last number again and again"
    proof.counted(6)


@pytest.mark.proof("RS55")
def test_nothing_is_counted_where_the_county_wants_it_so_nor_of_strangers_trials_or_the_database(
    beside, misbehave, monkeypatch, proof
):
    misbehave("show_desk_tiles")
    for how in ({"dry_run": True}, {"write": False, "edge": "public"}):
        actor = ANYBODY if "edge" in how else shell_actor(beside.host, "test")
        for _time in range(4):
            with beside.host.begin(actor, **how) as work:
                work.hooks.show("show_desk_tiles", work=work)
    monkeypatch.setattr(huimin_misbehaving, "HOW", ["database is locked"])
    assert all(look(beside).failure.startswith("E-") for _time in range(4)), "its part of the page is lost"
    monkeypatch.undo()
    assert beside.reload().breaker.degraded == {}
    never_degraded(beside)
    degrade(beside, misbehave)
    with beside.host.database.transaction(write=False) as connection:
        assert connection.scalars(select(PluginFault.id)).all() == []
    assert beside.reload().breaker.degraded == {}
    proof.counted(3)


@pytest.mark.proof("RS55")
def test_faults_that_cannot_be_counted_leave_the_act_as_it_was(beside, misbehave, proof):
    with beside.host.database.transaction(write=True) as connection:
        connection.execute(text("DROP TABLE core_plugin_fault"))
    assert [number[:2] for number in degrade(beside, misbehave)] == ["E-"] * 3
    assert beside.host.breaker.degraded == {}
    proof.counted(1)


def test_a_plugin_that_is_well_is_not_resumed(beside):
    from core.plugin_life import resume

    with pytest.raises(Clash), beside.begin() as work:
        resume(work, "misbehaving", "x")
