"""RS70: what is planted is named, with what to do; what endangers data or evidence lets nobody be served."""

import json
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import huimin_misbehaving
import pytest
from packaging.requirements import Requirement
from sqlalchemy import insert, select, text

from core import health, loading
from core.audit.models import Record
from core.backups import make
from core.cli.shell import Shell
from core.doctor import examine
from core.errors import HuiminError
from core.identity.actors import shell_actor
from core.identity.persons import NewPerson, register_person
from core.keys import Vault
from core.migrating import CORE
from core.models.background import OutboxRow, QueuedJob
from core.testing import VILLAGE, enabled
from core.web.serving import serve_county
from tests.people import citizen


def served(county):
    """Serve as the command does and stop at once; answers the error that kept it from serving, if any."""
    stop = threading.Event()
    stop.set()
    county.close()
    try:
        shell = Shell(home=county.home, clock=county.clock)
        serve_county(shell, host=None, port=None, announce=lambda line: None, stop=stop)
    except HuiminError as error:
        return error
    return None


@contextmanager
def changed(county, statement, **more):
    """The database after a statement that nobody should have sent."""
    with county.host.database.transaction(write=True) as connection:
        connection.execute(text(more.get(connection.dialect.name, statement)))
    yield


@contextmanager
def open_to_others(_county, path, mode=0o755):
    path.chmod(mode)
    yield


@contextmanager
def settings(county, old, new):
    file = county.home / "config" / "counties" / f"{county.code}.toml"
    before = file.read_text()
    assert old in before
    file.write_text(before.replace(old, new))
    yield
    file.write_text(before)


@contextmanager
def renamed(path):
    path.rename(path.with_name("aside"))
    yield


@contextmanager
def written(path, content):
    path.write_text(content)
    yield


@contextmanager
def stands(county, instant):
    county.clock.set(instant)
    yield


@contextmanager
def rows(county, table, **values):
    with county.host.database.transaction(write=True) as connection:
        connection.execute(insert(table).values(tries=9, error="", due_at=county.clock.now(), **values))
    yield


@contextmanager
def misbehaves(county, plugin, hook):
    enabled(county, plugin)
    make(county.host, shell_actor(county.host, "test"))
    huimin_misbehaving.WRONG_IN.add(hook)
    try:
        yield
    finally:
        huimin_misbehaving.WRONG_IN.clear()


def key_of(county):
    return county.home / "keys" / f"{county.code}.key"


@contextmanager
def another_key(county):
    with county.begin() as work:
        register_person(work, NewPerson(name="王桂兰", citizen_id=citizen(1), hukou_area=VILLAGE))
    key_of(county).unlink()
    Vault.create(key_of(county))
    yield


def before_last():
    return sorted(file.stem[: len("core_0001")] for file in CORE.folder.glob("core_*.py"))[-2]


def day(county, days):
    return county.clock.now() + timedelta(days=days)


GUARD = "DROP TRIGGER audit_record_no_update"
CERTIFICATE = '[web]\ncertificate = "a.pem"\ncertificate_key = "b.pem"\n\n'
FATAL = {
    "the key is gone": (lambda c: renamed(key_of(c)), "没有找到密钥"),
    "the key is open to others": (lambda c: open_to_others(c, key_of(c), 0o644), "chmod 600"),
    "the folder of keys is open": (lambda c: open_to_others(c, key_of(c).parent), "chmod 700"),
    "the key is damaged": (lambda c: written(key_of(c), "{}"), "已损坏"),
    "the key is another county's": (another_key, "不是这份数据的密钥"),
    "home is open": (lambda c: open_to_others(c, c.home), "chmod go-rwx"),
    "data are open": (lambda c: open_to_others(c, c.home / "data"), "chmod go-rwx"),
    "backups are open": (lambda c: open_to_others(c, c.home / "backup"), "chmod go-rwx"),
    "a guard of the audit is lost": (
        lambda c: changed(c, GUARD, postgresql="DROP TRIGGER audit_record_no_change ON audit_record"), "audit_record",
    ),
    "a rule of the money is lost": (lambda c: changed(c, *rule_lost(c)), "funds_batch"),
    "a migration did not run": (
        lambda c: changed(c, f"UPDATE alembic_core SET version_num = '{before_last()}'"), "huimin upgrade run",
    ),
    "the data are newer than what is installed": (
        lambda c: changed(c, "UPDATE alembic_core SET version_num = 'core_9999'"), "core_9999",
    ),
    "the settings are no TOML": (lambda c: settings(c, "plugins = []", "plugins = ["), ""),
    "a setting is unknown": (lambda c: settings(c, "plugins = []", "plugins = []\nplugin_s = 1"), "plugin_s"),
    "there is no certificate": (
        lambda c: settings(c, "[county]", CERTIFICATE + "[county]"), "a.pem",
    ),
    "pages would be open to all": (lambda c: settings(c, "[county]", '[web]\nhost = "0.0.0.0"\n\n[county]'), "0.0.0.0"),
}  # fmt: skip
"""Nobody is served until these are mended: name, how it is planted, a word of what is said."""

OTHERS = {
    "the clock went back": (lambda c: stands(c, day(c, -1)), "core.clock"),
    "the backup is old": (lambda c: stands(c, day(c, 3)), "core.backup"),
    "there is no backup": (lambda c: renamed(c.home / "backup"), "core.backup"),
    "a job was given up": (lambda c: rows(c, QueuedJob, name="x.y", arguments="{}", state="parked"), "core.jobs"),
    "a message was given up": (
        lambda c: rows(c, OutboxRow, event="0" * 32, topic="x", payload="{}", plugin="x", state="parked"), "core.jobs",
    ),
    "a plugin is gone": (lambda c: settings(c, "plugins = []", 'plugins = ["gone_for_good"]'), "core.plugins"),
    "a plugin was never admitted": (lambda c: settings(c, "plugins = []", 'plugins = ["every_hook"]'), "core.plugins"),
    "a plugin cannot register": (lambda c: misbehaves(c, "misbehaving", "register_jobs"), "core.plugins"),
    "a plugin cannot name its checks": (
        lambda c: misbehaves(c, "misbehaving", "register_health_checks"), "register_health_checks",
    ),
    "next year's calendar is missing": (
        lambda c: renamed(c.home / "config" / "calendar" / "2027.toml"), "core.calendar",
    ),
    "this year's calendar is missing": (
        lambda c: stands(c, datetime.fromisoformat("2031-03-01T09:00:00+08:00")), "core.calendar",
    ),
    "money without a second factor": (lambda c: account(c, "approver"), "core.second_factors"),
    "the search index is empty": (
        lambda c: changed(c, "INSERT INTO household_search (household_search) VALUES ('delete-all')",
                          postgresql="DELETE FROM household_search"), "households.search",
    ),
}  # fmt: skip
"""What is named and stops nothing: name, how it is planted, the check that names it."""


@contextmanager
def account(county, role):
    county.account(role)
    yield


def rule_lost(county):
    """The statement that takes a rule of the money away."""
    with county.host.database.transaction(write=False) as connection:
        if connection.dialect.name == "sqlite":
            asked = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'funds_batch'"
        else:
            asked = (
                "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE NOT t.tgisinternal AND c.relname = 'funds_batch'"
            )
        name, table = sorted(map(tuple, connection.execute(text(asked))))[0]
        on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
    return (f"DROP TRIGGER {name}{on}",)


@pytest.mark.proof("RS70")
@pytest.mark.parametrize("fault", FATAL)
def test_nobody_is_served_while_data_or_evidence_are_in_danger(healthy, proof, fault):
    plant, words = FATAL[fault]
    with plant(healthy):
        error = served(healthy)
    assert error is not None and words in str(error), error
    proof.counted(1)


@pytest.mark.proof("RS70")
@pytest.mark.parametrize("fault", OTHERS)
def test_what_is_wrong_is_named_and_people_are_served(healthy, proof, fault):
    healthy.person("王桂兰")
    plant, check = OTHERS[fault]
    with plant(healthy):
        healthy.close()
        assert check in {one.check for one in examine(healthy.host).findings}
        assert served(healthy) is None
    proof.counted(1)


@pytest.mark.proof("RS70")
@pytest.mark.one_database
def test_what_a_test_cannot_plant_is_asked_of_the_rule_itself(proof):
    assert "500 MB" in health.space_problem(500 * 1024**2, 0, Path("/d"))
    assert health.space_problem(2 * 1024**3, 1024**3, Path("/d"))
    assert "LANG=C.UTF-8" in health.encoding_problem("utf-8", "ANSI_X3.4-1968")
    proof.counted(3)


@pytest.mark.proof("RS62")
def test_what_serves_is_written_into_the_audit_and_is_what_was_locked(county, proof):
    enabled(county, "every_hook")
    assert served(county) is None
    with county.host.database.transaction(write=False) as connection:
        bodies = connection.scalars(select(Record.body).where(Record.action == "county.served")).all()
    (told,) = (json.loads(body)["details"] for body in bodies)
    assert told["plugins"]["every_hook"]["digest"] == loading.digest(loading.find("every_hook"))
    lock = (Path(__file__).parents[2] / "requirements.txt").read_text().splitlines()
    needed = [Requirement(line.rstrip(" \\")) for line in lock if line[:1].isalpha()]
    here = [one for one in needed if one.marker is None or one.marker.evaluate()]
    locked = {one.name: str(one.specifier).removeprefix("==") for one in here}
    wrong = {name: number for name, number in locked.items() if told["packages"].get(name) != number}
    proof.counted(len(locked), found=len(wrong))
