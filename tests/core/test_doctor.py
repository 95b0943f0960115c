"""Doctor: each fault that is planted is found and comes with its mend; a check that breaks is a finding itself."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from core import health
from core.doctor import examine
from core.extension import HealthCheck
from core.migrating import CORE
from core.models.background import QueuedJob
from core.testing import enabled


def found(county):
    return {one.check: one.message for one in examine(county.host).findings}


def test_a_healthy_county_has_no_findings(healthy, run):
    ran = run("doctor", "--json")
    assert ran.exit_code == 0, ran.output
    assert ran.data["ok"] is True and ran.data["findings"] == [] and ran.data["checked"] >= 15


def test_a_finding_is_one_sentence_with_its_mend_and_exit_code_1(healthy, run):
    (healthy.home / "data").chmod(0o755)
    ran = run("doctor", "--json")
    assert ran.exit_code == 1
    (finding,) = ran.data["findings"]
    assert finding["check"] == "core.modes" and "chmod go-rwx" in finding["message"]
    assert "文件权限" in run("doctor").output


def test_only_who_looks_after_the_county_asks(healthy, run):
    assert run("doctor", as_=healthy.account("clerk")).exit_code == 4
    assert run("doctor", as_=healthy.account("auditor")).exit_code == 0


def test_an_encoding_that_garbles_chinese_is_found():
    assert health.encoding_problem("utf-8", "UTF8") is None
    assert "LANG=C.UTF-8" in health.encoding_problem("utf-8", "ANSI_X3.4-1968")


def test_little_room_is_found_before_it_is_none():
    assert health.space_problem(2 * 1024**3, 0, Path("/d")) is None
    assert "500 MB" in health.space_problem(500 * 1024**2, 0, Path("/d"))
    assert health.space_problem(2 * 1024**3, 1024**3, Path("/d"))


def test_a_key_that_others_read_or_that_lies_with_the_data_is_found(healthy, monkeypatch):
    key = healthy.home / "keys" / "430223.key"
    key.chmod(0o644)
    assert f"chmod 600 {key}" in found(healthy)["core.key"]
    key.chmod(0o600)
    key.parent.chmod(0o750)
    assert "chmod 700" in found(healthy)["core.key"]
    key.parent.chmod(0o700)
    moved = healthy.home / "data" / "keys"
    key.parent.rename(moved)
    monkeypatch.setenv("HUIMIN_KEYS", str(moved))
    assert "HUIMIN_KEYS" in found(healthy)["core.key"]
    (moved / "430223.key").unlink()
    assert "没有找到密钥" in found(healthy)["core.key"]


def test_a_database_that_would_lose_a_committed_act_is_found(healthy):
    with healthy.host.database.transaction(write=False) as connection:
        sqlite = connection.dialect.name == "sqlite"
        driver = connection.connection.driver_connection
        if sqlite:
            driver.execute("ROLLBACK")
            driver.execute("PRAGMA synchronous = 1")
        else:
            connection.execute(text("SET SESSION synchronous_commit = off"))
    assert "synchronous" in found(healthy)["core.database"]


def test_a_lost_guard_of_the_audit_is_found(healthy):
    with healthy.host.database.transaction(write=True) as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_record_no_update"))
        else:
            connection.execute(text("DROP TRIGGER audit_record_no_change ON audit_record"))
    assert "audit_record" in found(healthy)["core.guards"]


def test_a_migration_that_did_not_run_is_found(healthy):
    before_last = sorted(file.stem[: len("core_0001")] for file in CORE.folder.glob("core_*.py"))[-2]
    with healthy.host.database.transaction(write=True) as connection:
        connection.execute(text("UPDATE alembic_core SET version_num = :before_last"), {"before_last": before_last})
    assert "huimin upgrade run" in found(healthy)["core.migrations"]


def test_a_clock_that_went_back_is_found(healthy, clock):
    clock.set(clock.now() - timedelta(minutes=30))
    assert "30 分钟" in found(healthy)["core.clock"]


def test_an_old_backup_and_none_at_all_are_found(healthy, clock):
    clock.set(clock.now() + timedelta(hours=27))
    assert "27 小时" in found(healthy)["core.backup"]
    for file in (healthy.home / "backup").rglob("*.huimin-backup"):
        file.unlink()
    assert "还没有备份" in found(healthy)["core.backup"]


def test_work_that_gave_up_is_found(healthy):
    with healthy.host.database.transaction(write=True) as connection:
        job = {
            "name": "x.y",
            "arguments": "{}",
            "state": "parked",
            "tries": 9,
            "error": "",
            "due_at": healthy.clock.now(),
        }
        connection.execute(insert(QueuedJob).values(**job))
    assert "1 个后台任务" in found(healthy)["core.jobs"]


def test_a_plugin_that_does_not_run_is_found(healthy, run):
    file = healthy.home / "config" / "counties" / "430223.toml"
    file.write_text(file.read_text().replace("plugins = []", 'plugins = ["gone_for_good"]'))
    ran = run("doctor", "--json")
    assert ran.exit_code == 1 and "gone_for_good" in ran.data["findings"][0]["message"]


def test_next_years_calendar_is_missed_from_november_on(healthy, clock):
    (healthy.home / "config" / "calendar" / "2027.toml").unlink()
    assert "2027" in found(healthy)["core.calendar"]
    clock.set(datetime.fromisoformat("2026-10-31T09:00:00+08:00"))
    assert "core.calendar" not in found(healthy)


def test_a_money_role_without_a_second_factor_is_named(healthy):
    healthy.account("approver", name="李文华")
    healthy.account("clerk", name="王芳")
    message = found(healthy)["core.second_factors"]
    assert "李文华" in message and "王芳" not in message


def test_the_search_index_is_asked_too(healthy):
    healthy.person("王桂兰")
    with healthy.host.database.transaction(write=True) as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("INSERT INTO household_search (household_search) VALUES ('delete-all')"))
        else:
            connection.execute(text("DELETE FROM household_search"))
    assert "reindex" in found(healthy)["households.search"]


def asked_by_a_plugin(county, check):
    import huimin_every_hook.plugin as switchboard

    enabled(county, "every_hook")
    manager = county.reload().hooks.manager
    question = HealthCheck(name="every_hook.terminal", title="终端", check=check)
    own = type(switchboard)("every_hook_asking")
    own.register_health_checks = switchboard.hookimpl(lambda: [question])
    manager.unregister(name="every_hook")
    manager.register(own, name="every_hook")
    return {one.check: one for one in examine(county.host).findings}["every_hook.terminal"]


def test_a_plugins_finding_is_shown_under_its_name(healthy):
    finding = asked_by_a_plugin(healthy, lambda host: "三号终端两天没有上传，请检查网络")
    assert (finding.plugin, finding.message) == ("every_hook", "三号终端两天没有上传，请检查网络")


@pytest.mark.parametrize("check", [lambda host: 1 / 0, lambda host: ["不是一句话"]])
def test_a_check_that_breaks_is_a_finding_itself(healthy, check):
    assert "every_hook" in asked_by_a_plugin(healthy, check).message


def test_a_plugin_that_cannot_even_name_its_checks_is_a_finding(healthy):
    import huimin_misbehaving

    enabled(healthy, "misbehaving")
    huimin_misbehaving.WRONG_IN.add("register_health_checks")
    try:
        findings = examine(healthy.host).findings
    finally:
        huimin_misbehaving.WRONG_IN.clear()
    assert [one.plugin for one in findings] == ["misbehaving"]
