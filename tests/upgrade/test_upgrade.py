"""RS68: a county filled by the previous schema is upgraded, loses nothing by it, and can go back."""

import io
import json
import sys

import pytest

from core import migrating
from core.founding import plugin_lines
from core.restoring import restored_as
from core.settings import load
from core.testing import TOWN
from core.upgrading import OWN, begun
from core.web.testing import Browser
from tests.crawling import walk
from tests.upgrade.contents import CHANGED, RECORDS, but, columns_of, digest_of, later, rows_of

WAITING = {"core": ["core_0008", "core_0009", "core_0010"], "dibao": ["dibao_0002"], "volunteers": ["volunteers_0002"]}
READERS = (("clerk", ""), ("township_officer", TOWN), ("proposer", ""), ("approver", ""), ("accountant", ""),
           ("auditor", ""), ("system_admin", ""))  # fmt: skip
LEAST_PAGES = 40


@pytest.fixture
def ok(run):
    """Run a command that must succeed; answers its JSON."""

    def act(*words, **more):
        ran = run(*words, "--json", **more)
        assert ran.exit_code == 0, (words, ran.talk[-1500:])
        return ran.data

    return act


@pytest.mark.proof("RS68")
def test_an_upgrade_changes_no_row_that_was_there_and_every_promise_holds(county, ok, proof):
    columns = columns_of(county)
    before, records = rows_of(county, columns), ok("audit", "verify")["records"]
    assert ok("upgrade", "plan") == WAITING
    assert ok("upgrade", "run") == WAITING
    assert ok("upgrade", "plan") == {}
    after = rows_of(county, columns)
    changed = {table for table in columns if before[table] != after[table]}
    assert changed <= CHANGED | set(RECORDS)
    assert digest_of(but(before, *CHANGED, *RECORDS)) == digest_of(but(after, *CHANGED, *RECORDS))
    assert set(before["audit_record"]) <= set(after["audit_record"])
    assert len(before["funds_payment"]) > 80
    assert ok("audit", "verify") | {"head": ""} == ok("audit", "verify") | {"head": ""}
    assert ok("audit", "verify")["records"] == records + len(OWN)
    assert ok("funds", "verify") == {"ok": True, "problems": []}
    lines = [migrating.CORE, *plugin_lines(county.host.settings.county.plugins)]
    assert [found for line in lines for found in migrating.drift(county.host.database, line)] == []
    proof.counted(sum(map(len, before.values())))


@pytest.mark.proof("RS68")
def test_every_page_of_the_menus_opens_after_the_upgrade(county, ok, proof):
    ok("upgrade", "run")
    most = proof.effort(quick=1, long=600)
    opened = 0
    with Browser(county) as browser:
        for role, area in READERS:
            browser.sign_in(role, area, name=f"new-{role}")

            def fetch(address, browser=browser):
                answer = browser.get(address)
                return answer.status_code, answer.text if "html" in answer.headers.get("content-type", "") else ""

            [(_start, status, desk), *further] = walk(fetch, most=most)
            assert status == 200
            offered = [item.path for item in browser.host.menu if f'href="{item.path}"' in desk]
            seen = [(fetch(address)[0], address) for address in offered] + [(one[1], one[0]) for one in further]
            assert [one for one in seen if one[0] != 200] == []
            opened += len(seen)
    assert opened > LEAST_PAGES
    proof.counted(opened)


@pytest.mark.proof("RS68")
def test_a_rollback_brings_exactly_the_old_content_and_a_second_upgrade_works(county, ok, run, proof, monkeypatch):
    before = rows_of(county)
    ok("upgrade", "run")
    later(county)
    upgraded = rows_of(county)
    ok("user", "add", "later", "--role", "clerk")
    dry = run("upgrade", "rollback", "--dry-run", "--json")
    assert (dry.exit_code, dry.data["acts_lost"], dry.data["rolled_back"]) == (0, 1, False)
    assert "1" in dry.talk
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    assert run("upgrade", "rollback").exit_code == 130
    assert [row["name"] for row in ok("user", "list") if row["name"] == "later"] == ["later"]
    back = ok("upgrade", "rollback", "--yes")
    assert (back["acts_lost"], back["revisions"], back["rolled_back"]) == (1, WAITING, True)
    after = rows_of(county)
    assert but(after, "core_state") == but(before, "core_state")
    assert ok("upgrade", "plan") == WAITING
    assert ok("audit", "verify")["ok"] and ok("funds", "verify")["ok"]
    assert restored_as(county.host.database) == (county.home / "data" / "430223.generation").read_text()
    assert run("upgrade", "rollback", "--yes", "--json").exit_code == 5
    later(county)
    ok("upgrade", "run")
    again = rows_of(county)
    assert but(again, "core_state", "core_plugin", "core_policy", *RECORDS) == but(
        upgraded, "core_state", "core_plugin", "core_policy", *RECORDS
    )
    proof.counted(sum(map(len, before.values())))


def test_without_an_upgrade_there_is_nothing_to_roll_back(county, run):
    for words in (["--yes"], ["--dry-run"]):
        ran = run("upgrade", "rollback", *words, "--json")
        assert (ran.exit_code, ran.error["code"]) == (5, "E_NOT_FOUND")


def test_an_upgrade_with_nothing_to_do_keeps_the_way_back_to_the_last_one(county, ok):
    ok("upgrade", "run")
    first = begun(load(county.home))
    later(county)
    assert ok("upgrade", "run") == {}
    assert begun(load(county.home)) == first
    assert first.finished and first.before["core"] == "core_0007"
    marker = county.home / "data" / "430223.upgrade.json"
    assert marker.stat().st_mode & 0o777 == 0o600
    assert "core_0008" in json.loads(marker.read_text())["revisions"]["core"]


def test_a_rollback_needs_no_database_that_opens_and_takes_no_account(county, ok, run):
    before = rows_of(county)
    ok("upgrade", "run")
    assert run("upgrade", "rollback", "--yes", as_="anybody").exit_code == 2
    spoil(county)
    assert run("status").exit_code != 0
    ran = run("upgrade", "rollback", "--yes", "--json")
    assert (ran.exit_code, ran.data["acts_lost"]) == (0, None), ran.talk
    assert but(rows_of(county), "core_state") == but(before, "core_state")


def test_a_rollback_refuses_a_backup_that_was_spoiled_and_says_when_it_is_gone(county, ok, run):
    ok("upgrade", "run")
    file = next((county.home / "backup" / "430223").glob("*.huimin-backup"))
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 4
    file.write_bytes(bytes(content))
    before = rows_of(county)
    ran = run("upgrade", "rollback", "--yes", "--json")
    assert (ran.exit_code, ran.error["code"]) == (3, "E_BACKUP")
    file.unlink()
    assert run("upgrade", "rollback", "--yes", "--json").exit_code == 5
    assert rows_of(county) == before


def test_whoever_may_not_switch_plugins_changes_nothing_by_an_upgrade(county, run):
    clerk = county.account("clerk", name="new-clerk")
    before = rows_of(county)
    assert run("upgrade", "run", as_=clerk).exit_code == 4
    assert rows_of(county) == before


def spoil(county):
    """Break the database half way: tables gone on PostgreSQL, half a file on SQLite."""
    from sqlalchemy import text

    file = county.host.database.file
    if file:
        county.close()
        file.write_bytes(b"half" + file.read_bytes()[4:9000])
        return
    with county.host.database.transaction(write=True) as connection:
        connection.execute(text("DROP TABLE audit_record, identity_account, core_state CASCADE"))
    county.close()
