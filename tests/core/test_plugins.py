"""The plugin host: loading, quarantine, families of hooks, switching."""

import hashlib
import json
import shutil
import zipfile
from datetime import date
from pathlib import Path

import huimin_misbehaving
import numpy
import pytest

from core import loading
from core.checking import check_plugin
from core.errors import PluginFailed, Refused
from core.hookspecs import HouseholdChanges, People
from core.testing import TOWN, VILLAGE, enabled

REGISTERING = [
    "register_permissions",
    "register_roles",
    "register_menu",
    "register_jobs",
    "register_reports",
    "register_imports",
    "register_retention_rules",
    "register_policies",
    "register_schemes",
    "register_fund_accounts",
    "register_detectors",
]


@pytest.fixture
def misbehave():
    """Say in which hooks the misbehaving plugin misbehaves, and how."""

    def say(*hooks, how="raise"):
        huimin_misbehaving.WRONG_IN.update(hooks)
        huimin_misbehaving.HOW[0] = how

    yield say
    huimin_misbehaving.WRONG_IN.clear()
    huimin_misbehaving.HOW[0] = "raise"


def _deaths():
    return People(
        ids=numpy.array([1]),
        areas=numpy.array(["430223103201"]),
        on=numpy.array(["2026-11-01"]),
        household_ids=numpy.array([-1]),
    )


def _changes(kind="opened"):
    from datetime import date

    return HouseholdChanges(
        ids=numpy.array([-1]), areas=numpy.array(["430223103201"]), kinds=numpy.array([kind]), on=date(2026, 11, 20)
    )


def test_the_plugin_that_uses_every_hook_keeps_the_contract():
    assert check_plugin("every_hook") == []


def test_every_hook_of_the_core_is_used_by_a_test_plugin():
    from core.hook_reference import core_hooks

    used = set(dir(loading.read_manifest(loading.find("every_hook"))[1]))
    assert {hook["name"] for hook in core_hooks()} <= used


def test_every_hook_says_what_when_and_what_not():
    from core.hook_reference import core_hooks

    for hook in core_hooks():
        assert "Called" in hook["text"], hook["name"]
        assert "Since api" in hook["text"], hook["name"]
        assert "Example:" in hook["text"], hook["name"]


def test_a_plugin_that_was_not_admitted_is_not_imported(county, run):
    ran = run("plugin", "enable", "every_hook")
    assert ran.exit_code == 3
    assert "admit" in ran.talk


def test_switching_on_and_off_changes_list_command_and_rights(county, run):
    enabled(county, "every_hook")
    listed = {one["name"]: one for one in run("plugin", "list", "--json").data}
    assert listed["every_hook"]["state"] == "on"
    assert listed["every_hook"]["title"] == "全部钩子"
    assert run("every-hook", "show", "--json").exit_code == 0
    assert run("plugin", "disable", "every_hook", "--json").data["changed"] == ["every_hook"]
    assert run("every-hook", "show").exit_code == 2
    assert "every_hook.show" not in county.reload().permissions


def test_admitting_makes_the_tables_and_disabling_keeps_them(county, run):
    enabled(county, "every_hook")
    with county.begin() as work:
        work.hooks.announce("person_died", work=work, deaths=_deaths())
    run("plugin", "disable", "every_hook")
    run("plugin", "enable", "every_hook")
    assert run("every-hook", "show", "--json").data == {"person_died": 1}


def test_the_data_of_a_plugin_leave_as_files_while_it_is_switched_off(county, run, tmp_path):
    enabled(county, "volunteers")
    from core.identity.persons import NewPerson, register_person
    from plugins.volunteers import acts, wishes

    with county.begin() as work:
        who = NewPerson(name="李明", sex="男", birth_date=date(1990, 1, 1), hukou_area=VILLAGE)
        person = register_person(work, who).id
        acts.register(work, wishes.Register(person_id=person, phone="13800000001"))
    run("plugin", "disable", "volunteers")
    assert run("volunteers", "list").exit_code == 2
    file = tmp_path / "volunteers.zip"
    refused = run("plugin", "export", "volunteers", "-o", file, "--reason", " ", "--json")
    assert (refused.exit_code, refused.error["code"]) == (3, "E_REASON_MISSING") and not file.exists()
    done = run("plugin", "export", "volunteers", "-o", file, "--reason", "县审计要求", "--json")
    assert done.exit_code == 0, done.talk
    assert hashlib.sha256(file.read_bytes()).hexdigest() == done.data["sha256"]
    with zipfile.ZipFile(file) as archive:
        listed = json.loads(archive.read("manifest.json"))["tables"]
        kept = archive.read("volunteers_volunteer.csv")
    assert listed["volunteers_volunteer"]["rows"] == 1 and "phone" in listed["volunteers_volunteer"]["sealed"]
    assert hashlib.sha256(kept).hexdigest() == listed["volunteers_volunteer"]["sha256"]
    assert b"13800000001" not in kept and len(kept.decode("utf-8-sig").splitlines()) == 2
    assert run("plugin", "export", "volunteers", "-o", file, "--reason", "再来一次").exit_code == 6
    assert run("plugin", "enable", "volunteers").exit_code == 0
    assert len(run("volunteers", "list", "--json").data) == 1


def test_without_plugins_nothing_of_them_is_imported(county, run):
    enabled(county, "every_hook")
    ran = run("--no-plugins", "plugin", "disable", "every_hook")
    assert ran.exit_code == 0, ran.talk
    assert run("plugin", "list", "--json").data


def test_a_missing_plugin_is_named_and_stops_nothing(county, run):
    file = county.home / "config" / "counties" / "430223.toml"
    file.write_text(file.read_text().replace("plugins = []", 'plugins = ["gone_for_good"]'))
    states = {one["name"]: one for one in run("plugin", "list", "--json").data}
    assert states["gone_for_good"]["state"] == "missing"
    assert run("area", "list", "--json").exit_code == 0
    assert run("--strict", "area", "list").exit_code == 3
    assert run("plugin", "disable", "gone_for_good").exit_code == 0


@pytest.mark.parametrize("how", ["raise", "exit", "text", "type"])
@pytest.mark.parametrize("hook", REGISTERING)
def test_a_plugin_that_fails_to_register_is_quarantined_with_its_reason(county, misbehave, hook, how):
    enabled(county, "misbehaving")
    misbehave(hook, how=how)
    host = county.reload().complete()
    assert hook in host.quarantined["misbehaving"]
    assert "misbehaving" not in host.hooks.order
    misbehave()


@pytest.mark.parametrize("how", ["raise", "exit", "text", "type"])
def test_a_check_that_fails_refuses_the_act_and_names_the_plugin(county, misbehave, how):
    enabled(county, "misbehaving")
    with county.begin() as work:
        work.record("test.done", "test:1")
        misbehave("check_household_change", how=how)
        with pytest.raises(Refused) as refusal:
            work.hooks.check("check_household_change", work=work, changes=_changes())
    assert refusal.value.objections[0].plugin == "misbehaving"


def test_every_objection_is_shown_together(county):
    enabled(county, "every_hook")
    county.reload()
    with county.look() as work, pytest.raises(Refused) as refusal:
        work.hooks.check("check_person_erasure", work=work, people=_deaths())
    assert [one.plugin for one in refusal.value.objections] == ["every_hook"]


def test_a_fact_that_a_plugin_cannot_bear_is_rolled_back(county, misbehave):
    enabled(county, "every_hook")
    enabled(county, "misbehaving")
    misbehave("person_died")
    with pytest.raises(PluginFailed, match="misbehaving"), county.begin() as work:
        work.hooks.announce("person_died", work=work, deaths=_deaths())
    with county.look() as work:
        from huimin_every_hook.diary import counts

        assert counts(work) == []


@pytest.mark.parametrize("how", ["raise", "exit", "text", "type"])
def test_a_page_part_that_fails_is_lost_alone(county, misbehave, how):
    enabled(county, "every_hook")
    enabled(county, "misbehaving")
    misbehave("show_desk_tiles", how=how)
    with county.look("clerk", TOWN) as work:
        shown = {one.plugin: one for one in work.hooks.show("show_desk_tiles", work=work)}
    assert shown["misbehaving"].failure.startswith("E-")
    assert shown["every_hook"].entries[0].title == "日记"


def test_what_is_told_after_the_commit_is_tried_again_and_parked(county, misbehave, run):
    from datetime import timedelta

    from core.jobs import drain, parked

    enabled(county, "misbehaving")
    misbehave("after_commit")
    with county.begin() as work:
        work.later("test.told", {"number": 1})
        work.record("test.done", "test:1")
    for _turn in range(10):
        drain(county.host)
        county.clock.set(county.clock.now() + timedelta(days=1))
    with county.look() as work:
        assert [row["kind"] for row in parked(work)] == ["outbox"]
    misbehave()
    huimin_misbehaving.WRONG_IN.clear()
    assert run("jobs", "retry", "outbox", "1").exit_code == 0
    assert run("jobs", "run", "--json").data["parked"] == 0


def test_a_fact_told_after_the_commit_reaches_the_plugin_once(county):
    from huimin_every_hook.diary import counts

    from core.jobs import drain

    enabled(county, "every_hook")
    with county.begin() as work:
        work.later("test.told", {"number": 1})
        work.record("test.done", "test:1")
    drain(county.host)
    drain(county.host)
    with county.look() as work:
        assert dict(counts(work))["after:test.told"] == 1


def test_a_trace_says_who_was_called_and_how_long(county, run):
    enabled(county, "every_hook")
    ran = run("--trace-plugins", "area", "list", "--json")
    assert "every_hook" in ran.talk
    assert "register_permissions" in ran.talk
    assert " ms " in ran.talk


def test_a_plugin_settings_model_checks_the_county_file(county, run):
    enabled(county, "every_hook")
    assert run("config", "set", "plugin.every_hook.objct_to", "closed").exit_code == 3
    assert run("config", "set", "plugin.every_hook.object_to", "closed").exit_code == 0
    with county.look() as work, pytest.raises(Refused, match="日记不同意"):
        work.hooks.check("check_household_change", work=work, changes=_changes("closed"))


def test_disabling_what_others_stand_on_is_refused_with_their_names(county, run, monkeypatch):
    enabled(county, "every_hook")
    monkeypatch.setattr(loading, "requirements", lambda name: ["every_hook"] if name == "misbehaving" else [])
    enabled(county, "misbehaving")
    ran = run("plugin", "disable", "every_hook")
    assert ran.exit_code == 3
    assert "misbehaving" in ran.talk


def test_a_changed_file_of_an_admitted_vendor_plugin_is_noticed(county, run, tmp_path):
    enabled(county, "every_hook")
    admitted = {"every_hook": "0" * 64}
    outcome = loading.load(["every_hook"], admitted)
    assert "admit" in outcome.quarantined["every_hook"]


def test_the_hook_reference_is_made_of_the_docstrings(county, run):
    enabled(county, "every_hook")
    names = {one["name"] for one in run("hooks", "--json").data}
    assert {"person_died", "check_every_hook_line"} <= names


def test_signatures_of_the_contract_change_only_on_purpose():
    from core.hook_reference import core_hooks

    snapshot = Path(__file__).parent / "api.txt"
    lines = [f"{hook['name']}{hook['signature']}" for hook in core_hooks()]
    import core.api

    lines += [f"core.api.{name}" for name in core.api.__all__]
    assert snapshot.read_text(encoding="utf-8").splitlines() == lines


def test_a_new_plugin_passes_the_check(run, tmp_path):
    made = run("plugin", "new", "village_bus", "--kind", "service", "--into", tmp_path, "--no-input", "--json")
    assert made.exit_code == 0, made.talk
    checked = run("plugin", "check", made.data["folder"], "--json")
    assert json.loads(checked.output)["findings"] == []
    shutil.rmtree(made.data["folder"])


def test_a_plugin_with_faults_is_told_each_with_line_and_mend(tmp_path, run):
    made = run("plugin", "new", "bad_bus", "--into", tmp_path, "--no-input", "--json").data["folder"]
    page = Path(made) / "huimin_bad_bus" / "templates" / "list.html"
    page.write_text(page.read_text() + '<p style="color:red">坏</p>\n')
    queries = Path(made) / "huimin_bad_bus" / "queries.py"
    queries.write_text("from core.database import Database\n" + queries.read_text())
    ran = run("plugin", "check", made, "--json")
    assert ran.exit_code == 3
    assert {"P201", "P301"} <= {finding["code"] for finding in ran.data["findings"]}
