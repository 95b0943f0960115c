"""The key of a county is exchanged by commands: what may change is sealed anew, what may not is counted, all opens."""

import ast
import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, select, text

from core import loading
from core.audit.models import Record
from core.doctor import examine
from core.households.changes import Changed, write_changes
from core.identity.attachments import NewAttachment, add_attachment, open_attachment
from core.identity.corrections import Correction
from core.identity.events import Death, record_death
from core.identity.models.persons import Document, Person
from core.identity.persons import NewPerson, register_person
from core.identity.sealed import NUMBER_COLUMN
from core.identity.second_person import propose_correction, turn_down
from core.migrating import core_models, import_models
from core.sealed_columns import register_of
from core.tables import Ciphertext, Table, columns
from core.testing import CODE, TOWN, VILLAGE, enabled
from tests.people import citizen

ROOT = Path(__file__).parents[2]
PHONE = "13900001234"


@pytest.fixture
def person(county):
    with county.begin() as work:
        wish = NewPerson(name="王桂兰", citizen_id=citizen(1), hukou_area=VILLAGE, phone=PHONE)
        return register_person(work, wish).id


@pytest.fixture
def ok(run):
    """Run a command that must succeed; answers its JSON."""

    def act(*words, **more):
        ran = run(*words, "--json", **more)
        assert ran.exit_code == 0, (words, ran.talk)
        return ran.data

    return act


def key_of(county):
    return county.home / "keys" / f"{CODE}.key"


def numbers(standing, **wanted):
    """Key numbers and counts of the values of some table or column."""
    rows = [one for one in standing["values"] if wanted.items() <= one.items()]
    return {one["number"]: one["count"] for one in rows}


def said(county, action):
    with county.host.database.transaction(write=False) as connection:
        bodies = connection.scalars(select(Record.body).where(Record.action == action).order_by(Record.seq)).all()
    return [json.loads(one) for one in bodies]


def opened(county):
    """The plain number of everybody."""
    document = columns(Document)
    with county.look() as work:
        rows = work.session.execute(select(document.id, document.person_id, document.number_sealed))
        return {row.person_id: work.keys.unseal(NUMBER_COLUMN, row.id, row.number_sealed) for row in rows}


# The register


def test_what_is_sealed_under_a_name_is_what_the_models_declare():
    manifests = [loading.find_manifest(name) for name in loading.bundled()]
    import_models([*core_models(), *(one.models for one in manifests if one.models)])
    binary = {
        f"{table.name}.{column.name}": column
        for table in Table.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary) and "huimin" not in table.name
    }
    declared = {
        column.info.get("place", name) for name, column in binary.items() if isinstance(column.type, Ciphertext)
    }
    used = set()
    for file in [*(ROOT / "core").rglob("*.py"), *(ROOT / "plugins").rglob("*.py")]:
        if "models" in (file.stem, file.parent.name) or "migrations" in file.parts:
            continue
        words = {node.value for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Constant)}
        used |= {one for one in words if isinstance(one, str) and (one in declared or one in binary)}
    never = {"funds_account.number_sealed"}  # the county's own account: its number is not kept yet
    assert used == declared - never


def test_plugins_that_are_switched_off_are_looked_at_and_strangers_are_named(county, run, ok):
    enabled(county, "notices")
    assert run("plugin", "disable", "notices").exit_code == 0
    with county.host.database.transaction(write=True) as connection:
        kind = "BLOB" if connection.dialect.name == "sqlite" else "BYTEA"
        connection.execute(text(f"CREATE TABLE gone_secret (id INTEGER PRIMARY KEY, secret {kind})"))
    with county.host.database.transaction(write=False) as connection:
        register = register_of(county.host, connection)
    assert "notices_objection" in {one.table.name for one in register.columns}
    assert register.strangers == ["gone_secret"] == ok("keys", "show")["strangers"]


# Exchange and seal anew


def test_a_new_key_seals_what_is_new_and_then_what_is_there(county, run, ok, person):
    before = key_of(county).read_bytes()
    rotated = run("keys", "rotate", "--reason", "保管人离职", "--json")
    assert (rotated.exit_code, rotated.data) == (0, {"current": 2})
    assert "另存一份" in rotated.talk and key_of(county).read_bytes() != before
    assert key_of(county).stat().st_mode & 0o777 == 0o600
    with county.begin() as work:
        wish = NewPerson(name="李长根", citizen_id=citizen(2), hukou_area=VILLAGE)
        other = register_person(work, wish).id
    assert numbers(ok("keys", "show"), column="number_sealed", table="identity_document") == {1: 1, 2: 1}
    done = ok("keys", "reseal")
    assert (done["resealed"], done["remaining"], done["current"], done["numbers"]) == (2, 0, 2, [1, 2])
    assert numbers(done, table="identity_document") == {2: 2} and numbers(done, table="identity_person") == {2: 1}
    assert ok("keys", "reseal")["resealed"] == 0
    assert opened(county) == {person: citizen(1), other: citizen(2)}
    assert run("person", "show", citizen(1), "--json").data["id"] == person  # the index is that of the first key
    assert ok("audit", "verify")["ok"]


def test_the_exchange_is_in_the_audit_with_its_reason_and_every_chunk_too(county, run, ok, person):
    assert run("keys", "rotate", "--reason", "  ").exit_code == 3
    assert run("keys", "rotate").exit_code == 2
    ok("keys", "rotate", "--reason", "保管人离职")
    ok("keys", "reseal")
    (told,) = said(county, "key.exchanged")
    assert (told["subject"], told["reason"]) == ("key:2", "保管人离职")
    details = [one["details"] for one in said(county, "key.resealed")]
    assert details == [
        {"table": "identity_document", "column": "number_sealed", "count": 1},
        {"table": "identity_person", "column": "phone_sealed", "count": 1},
    ]


def test_a_trial_run_changes_nothing(county, run, ok, person, tmp_path):
    before = key_of(county).read_bytes()
    assert run("keys", "rotate", "--reason", "x", "--dry-run", "--json").data == {"current": 1, "next": 2}
    assert key_of(county).read_bytes() == before
    ok("keys", "rotate", "--reason", "x")
    assert ok("keys", "reseal", "--dry-run")["remaining"] == 2 == ok("keys", "show")["remaining"]
    ok("keys", "split", "-o", tmp_path / "shares", "--dry-run")
    ok("keys", "recover", "x", "y", "-o", tmp_path / "new.key", "--dry-run")
    assert not list(tmp_path.glob("shares*")) and not (tmp_path / "new.key").exists()


def test_only_who_looks_after_the_machine_exchanges_keys(county, run, tmp_path):
    acts = (["rotate", "--reason", "x"], ["reseal"], ["split", "-o", tmp_path / "s"])
    for role, may in (("clerk", False), ("auditor", False), ("security_admin", False), ("system_admin", True)):
        name = county.account(role)
        for act in acts:
            for trial in (["--dry-run"], []):
                code = run("keys", *act, *trial, as_=name).exit_code
                assert code == (0 if may else 4), (role, act, trial)
    assert run("keys", "show", as_=county.account("auditor")).exit_code == 0
    assert run("keys", "show", as_=county.account("clerk")).exit_code == 4


def test_what_may_never_change_keeps_its_key_and_is_counted(county, run, ok, person):
    with county.begin("clerk", TOWN, name="甲经办") as work:
        record_death(work, person, Death(on=work.today))
    ok("keys", "rotate", "--reason", "x")
    done = ok("keys", "reseal")
    kept = {(one["table"], one["fixed"], one["number"]) for one in done["values"] if one["number"] == 1}
    assert kept == {("identity_event", True, 1)} and done["remaining"] == 2
    assert "不能改动" in run("keys", "show").output
    with county.look() as work:
        assert work.session.get_one(Person, person).died_on == work.today


def test_what_the_audit_vouches_for_stays_even_where_its_guard_was_taken_away(county, ok, person):
    with county.begin() as work:
        changed = Changed(subject=f"person:{person}", kind="moved", on=work.today, before={}, after={"address": "四组"})
        work.record("test.changed", f"person:{person}", sealed=write_changes(work, [changed]))
    guard = {"sqlite": "household_change_no_update", "postgresql": "household_change_no_change ON household_change"}
    with county.host.database.transaction(write=True) as connection:
        connection.execute(text(f"DROP TRIGGER {guard[connection.dialect.name]}"))
    ok("keys", "rotate", "--reason", "x")
    assert set(numbers(ok("keys", "reseal"), table="household_change")) == {1}
    assert ok("audit", "verify")["ok"]


def test_a_row_that_was_decided_stays_and_those_beside_it_are_sealed_anew(county, ok, person):
    made = []
    for number in range(3):
        with county.begin("clerk", TOWN, name="甲经办") as work:
            wish = Correction(name=f"王桂{'花芳英'[number]}")
            made.append(propose_correction(work, person, wish, "登记有误").id)
        if number < 2:
            with county.begin("clerk", TOWN, name="乙经办") as work:
                turn_down(work, made[-1], "没有证明")
    ok("keys", "rotate", "--reason", "x")
    assert numbers(ok("keys", "reseal"), table="identity_proposal") == {1: 2, 2: 1}
    assert ok("keys", "reseal")["resealed"] == 0
    assert ok("audit", "verify")["ok"]


def test_a_value_somebody_changed_is_left_as_it_is_and_stops_nothing(county, ok, person):
    with county.begin() as work:
        register_person(work, NewPerson(name="李长根", citizen_id=citizen(2), hukou_area=VILLAGE))
    document = columns(Document)
    with county.host.database.transaction(write=True) as connection:
        spoilt = bytes((1, 1)) + bytes(40)
        first = select(document.id).order_by(document.id).limit(1).scalar_subquery()
        connection.execute(document.id.table.update().where(document.id == first).values(number_sealed=spoilt))
    ok("keys", "rotate", "--reason", "x")
    assert numbers(ok("keys", "reseal"), table="identity_document") == {1: 1, 2: 1}
    with county.host.database.transaction(write=False) as connection:
        assert spoilt in connection.scalars(select(document.number_sealed)).all()


def test_files_keep_their_key_are_counted_and_open(county, ok, person):
    with county.begin("clerk", TOWN) as work:
        wish = NewAttachment(owner=f"person:{person}", file_name="a.pdf", data=b"%PDF-1.7 a")
        file = add_attachment(work, wish).id
    ok("keys", "rotate", "--reason", "x")
    done = ok("keys", "reseal")
    assert {"folder": "attachments", "number": 1, "count": 1} in done["files"]
    with county.begin("clerk", TOWN) as work:
        assert open_attachment(work, file).data == b"%PDF-1.7 a"


def test_a_host_that_runs_on_seals_with_the_new_key_at_its_next_act(county, run, person):
    host = county.host
    host.keys.seal("a.b", 1, "x")
    county._host = None  # as another process: this one goes on with what it has read
    assert run("keys", "rotate", "--reason", "x").exit_code == 0
    county._host = host
    with county.look() as work:
        assert work.keys.seal("a.b", 1, "x")[1] == 1
    with county.begin() as work:
        assert work.keys.seal("a.b", 1, "x")[1] == 2


# Keys that are lost


def test_doctor_names_values_whose_key_the_file_has_lost(healthy, ok, run):
    with healthy.begin() as work:
        register_person(work, NewPerson(name="王桂兰", citizen_id=citizen(1), hukou_area=VILLAGE, phone=PHONE))
    before = key_of(healthy).read_bytes()
    healthy.close()
    ok("keys", "rotate", "--reason", "x")
    ok("keys", "reseal")
    assert run("doctor", "--json").data["findings"] == []
    with healthy.begin() as work:
        register_person(work, NewPerson(name="李长根", hukou_area=VILLAGE))
    healthy.close()
    key_of(healthy).write_bytes(before)
    found = {one.check: one.message for one in examine(healthy.host).findings}
    assert "第 2 号" in found["core.key_numbers"] and "identity_person.phone_sealed" in found["core.key_numbers"]
    assert "原来的密钥" in found["core.key"]


# Shares


def test_two_of_three_shares_make_the_key_file_again_and_one_does_not(county, run, ok, person, tmp_path):
    ok("keys", "rotate", "--reason", "x")
    files = [Path(one) for one in ok("keys", "split", "-o", tmp_path / "shares")["files"]]
    assert [one.stat().st_mode & 0o777 for one in files] == [0o600] * 3
    assert run("keys", "split", "-o", tmp_path / "shares").exit_code == 6
    (told,) = said(county, "key.split")
    assert told["details"] == {"shares": 3, "needed": 2, "numbers": [1, 2]}
    whole = key_of(county).read_bytes()
    assert run("keys", "recover", *files[:2], "-o", key_of(county)).exit_code == 6
    assert key_of(county).read_bytes() == whole
    key_of(county).unlink()
    one = run("keys", "recover", files[1], files[1], "-o", key_of(county), "--json")
    assert one.exit_code == 3 and "凑齐 2 份" in one.error["objections"][0]["message"]
    assert ok("keys", "recover", files[2], files[0], "-o", key_of(county))["numbers"] == [1, 2]
    assert key_of(county).read_bytes() == whole
    assert opened(county) == {person: citizen(1)}


def test_a_share_that_was_typed_wrongly_is_no_share(county, run, ok, tmp_path):
    first, second, _third = (Path(one) for one in ok("keys", "split", "-o", tmp_path / "shares")["files"])
    text_ = first.read_text()
    letter = text_[-20]
    first.write_text(text_[:-20] + ("A" if letter != "A" else "B") + text_[-19:])
    other = tmp_path / "other.key"
    assert run("keys", "recover", first, second, "-o", other).exit_code == 3
    assert run("keys", "recover", tmp_path / "none", second, "-o", other).exit_code == 5
    shutil.copy(key_of(county), tmp_path / "no-share")
    assert run("keys", "recover", tmp_path / "no-share", second, "-o", other).exit_code == 3
    assert not other.exists()
