"""The audit room in a county: commands, anchors, samples, reads, and who may do what."""

import json
import sqlite3
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from core.audit import queries, verifier
from core.errors import Fault, Refused


def acts(county, count=5):
    for number in range(count):
        with county.begin() as work:
            work.record("tests.acted", f"person:{number}", number=number)


def test_verify_answers_as_scripts_expect(run, county):
    acts(county)
    ran = run("audit", "verify", "--json")
    assert ran.exit_code == 0 and set(ran.data) == {"ok", "records", "blocks", "head", "first_bad"}
    assert ran.data["ok"] and ran.data["first_bad"] is None and len(ran.data["head"]) == 64
    told = run("audit", "verify")
    assert told.exit_code == 0 and told.output.startswith("审计链完整") and not told.talk


def tamper(county, statement):
    """Change the chain as somebody who owns the tables can; the guards stand again afterwards."""
    database = county.host.database
    with database.transaction(write=True) as connection:
        if database.dialect == "postgresql":
            connection.execute(text("ALTER TABLE audit_record DISABLE TRIGGER USER"))
            connection.execute(text(statement))
            connection.execute(text("ALTER TABLE audit_record ENABLE TRIGGER USER"))
            return
        found = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_record'"
        kept = connection.execute(text(found)).all()
        for name, _sql in kept:
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text(statement))
        for _name, sql in kept:
            connection.execute(text(sql))


@pytest.mark.parametrize(
    ("statement", "bad"),
    [
        ("UPDATE audit_record SET subject = 'person:99' WHERE seq = 3", 3),
        ("UPDATE audit_record SET at = at + 1 WHERE seq = 4", 4),
        ("DELETE FROM audit_record WHERE seq = 3", 3),
        ("DELETE FROM audit_record WHERE seq > 4", 5),
    ],
)
def test_a_touched_row_is_named_with_exit_code_one(run, county, statement, bad):
    acts(county)
    tamper(county, statement)
    ran = run("audit", "verify", "--json")
    assert (ran.exit_code, ran.data["first_bad"], ran.data["ok"]) == (1, bad, False)
    if county.host.database.file is not None:
        command = [sys.executable, "-I", verifier.__file__, str(county.host.database.file)]
        alone = subprocess.run(command, capture_output=True, text=True, check=False)
        assert alone.returncode == 1 and json.loads(alone.stdout)["first_bad"] == bad


def test_a_missing_guard_is_named(run, county):
    sqlite = county.host.database.dialect == "sqlite"
    name = "audit_record_no_delete" if sqlite else "audit_record_no_change"
    with county.host.database.transaction(write=True) as connection:
        connection.execute(text(f"DROP TRIGGER {name}" + ("" if sqlite else " ON audit_record")))
    assert run("audit", "verify", "--json").data["first_bad"] == name


def test_writers_side_by_side_make_one_chain_without_gaps(run, county):
    county.host  # noqa: B018 - opened once, for both threads
    threads = [threading.Thread(target=acts, args=(county, 25)) for _one in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    before = 50
    data = run("audit", "verify", "--json").data
    assert data["ok"] and data["records"] >= before


@pytest.mark.proof("RS30")
def test_an_anchor_is_printed_kept_outside_and_checked_when_typed_again(run, county, proof):
    acts(county)
    taken = run("audit", "anchor", "--json").data
    assert len(taken["code"].split()) == 9
    kept = (county.home / "data" / "anchors" / "430223.jsonl").read_text().splitlines()
    assert json.loads(kept[0])["seq"] == taken["seq"]
    acts(county)
    typed = f"{taken['seq']} {taken['code']}"
    assert run("audit", "verify", "--anchor", typed, "--json").exit_code == 0
    slip = run("audit", "verify", "--anchor", typed[:-1] + ("0" if typed[-1] != "0" else "1"), "--json")
    assert slip.exit_code == 3
    other = verifier.anchor_code("430223", 3, b"\1" * 32)
    assert run("audit", "verify", "--anchor", f"3 {other}", "--json").data["first_bad"] == 3
    proof.counted(4)


def test_a_dry_run_takes_no_anchor(run, county):
    assert run("audit", "anchor", "--dry-run").exit_code == 0
    assert not (county.home / "data" / "anchors").exists()


@pytest.mark.proof("RS30")
@pytest.mark.one_database
def test_an_older_backup_put_back_is_found_with_the_anchor_outside(run, county, tmp_path, proof):
    acts(county)
    file = county.host.database.file
    if file is None:
        pytest.skip("a copy of a file is put back")
    county.close()
    old = sqlite3.connect(tmp_path / "old.db")
    sqlite3.connect(file).backup(old)
    old.close()
    acts(county)
    run("audit", "anchor")
    for name in (file, *file.parent.glob("430223.db-*")):
        name.unlink()
    file.write_bytes((tmp_path / "old.db").read_bytes())
    ran = run("audit", "verify", "--json")
    assert ran.exit_code == 1 and ran.data["first_bad"] == ran.data["records"] + 1


def test_a_sample_can_be_drawn_again(run, county):
    acts(county, 30)
    first = run("audit", "sample", "--size", "5", "--seed", "7", "--json").data
    assert len(first["records"]) == 5 and run("audit", "sample", "--size", "5", "--seed", "7", "--json").data == first
    assert run("audit", "sample", "--size", "5", "--seed", "8", "--json").data != first


@pytest.mark.proof("RS31")
def test_an_export_is_verified_by_the_file_that_stands_alone(run, county, tmp_path, proof):
    acts(county)
    file = tmp_path / "chain.jsonl"
    assert run("audit", "export", str(file), "--json").data["lines"] == len(file.read_text().splitlines())
    assert run("audit", "export", str(file)).exit_code == 6
    alone = subprocess.run(
        [sys.executable, "-I", verifier.__file__, str(file)], capture_output=True, text=True, check=False
    )
    assert alone.returncode == 0 and json.loads(alone.stdout)["ok"]


def test_a_look_at_sensitive_data_is_one_row_for_ten_minutes(county, clock):
    def look():
        with county.look("clerk", "430223103") as work:
            work.record_read("person.number_revealed", "person:7", reason="核对")

    def rows():
        with county.look() as work:
            wish = queries.Filter(action="person.number_revealed")
            return len(queries.list_records(work, wish))

    look()
    look()
    assert rows() == 1
    with county.look("clerk", "430223103", name="另一人") as work:  # twice on one page
        work.record_read("person.number_revealed", "person:7", reason="核对")
        work.record_read("person.number_revealed", "person:7", reason="核对")
    assert rows() == 2
    clock.set(clock.now() + timedelta(minutes=11))
    look()
    assert rows() == 3


@pytest.mark.proof("RS33")
def test_a_record_says_who_when_where_what_and_why(run, county, proof):
    with county.begin() as work:
        work.record("tests.acted", "person:7", reason="核对", before={"a": 1}, after={"a": 2}, more="x")
    newest = run("audit", "list", "--limit", "1", "--json").data["records"][0]
    body = run("audit", "show", str(newest["seq"]), "--json").data["body"]
    assert body["who"]["name"] == "shell" and body["who"]["system_user"] and body["where"]["edge"] == "command"
    assert (body["before"], body["after"], body["reason"], body["details"]) == (
        {"a": 1},
        {"a": 2},
        "核对",
        {"more": "x"},
    )
    assert body["county"] == "430223" and body["correlation"] and body["plugin"] == "tests"
    proof.counted(1)


def test_a_record_that_cannot_be_written_takes_the_act_back(county):
    with pytest.raises(Fault), county.begin() as work:
        from core.households.areas import set_kind

        set_kind(work, "430223103", "urban")
        work.record("tests.acted", "person:7", share=0.5)
    with county.look() as work:
        from core.households.areas import kind_of

        assert kind_of(work, "430223103") == ""


def test_only_who_may_reads_the_audit(run, county):
    clerk, auditor = county.account("clerk", "430223103"), county.account("auditor")
    assert run("audit", "list", "--as", clerk).exit_code == 4
    assert run("audit", "list", "--as", auditor).exit_code == 0
    assert run("audit", "verify", "--as", auditor).exit_code == 0
    with pytest.raises(Refused), county.look("auditor") as work:
        queries.sample(work, 0, 1, queries.Filter())
