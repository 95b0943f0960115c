"""RS63 to RS66: a backup taken while money is paid, what a thief reads in it, the restore drill, and what spoils it."""

import base64
import io
import json
import multiprocessing
import os
import re
import shutil
import signal
import tarfile
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest

from core.backups import SUFFIX, kept, make, unpack
from core.disk import write_private
from core.errors import TryAgain
from core.identity.actors import shell_actor
from core.testing import CODE, TOWN, VILLAGE, County, run_command
from core.web.testing import Browser
from tests.recovery import paying
from tests.recovery.test_kills import PATIENCE, broken_promises, paid, tokens
from tests.upgrade import cutting
from tests.upgrade.contents import FILLED, rows_of

__all__ = ["paid"]
PEOPLE = (("欧阳金丝雀", "999430194901010012", "13900001234"), ("诸葛黄莺", "999430195203040021", "13900005678"))
ACCOUNT = "6228480099887766554"
"""Invented persons whose every value is looked for."""
STEPS = 10
"""A backup changes at least so many things, one after the other."""


@pytest.fixture
def elsewhere(county, tmp_path):
    """Another machine that has the key and nothing else; ``put`` restores a backup there and answers the county."""
    template, made = county.template, []

    @contextmanager
    def put(file):
        home = tmp_path / f"machine-{len(made)}"
        (home / "keys").mkdir(parents=True, mode=0o700)
        shutil.copy(county.home / "keys" / f"{CODE}.key", home / "keys")
        environment = {}
        if template.server:
            name = f"{template.name}_elsewhere_{os.getpid()}_{len(made)}"
            template._execute(f"CREATE DATABASE {name}")  # noqa: SLF001
            template.databases.setdefault(home, []).append(name)
            environment["HUIMIN_DATABASE_URL"] = template.server.replace("/postgres?", f"/{name}?")
        made.append(home)
        other = County(home, county.clock)
        ran = run_command(other, ["restore", file, "--yes", "--json"], environment=environment)
        if ran.exit_code == 0 and environment:
            settings = home / "config" / "counties" / f"{CODE}.toml"
            address = f'url = "{environment["HUIMIN_DATABASE_URL"]}"'
            settings.write_text(re.sub(r'url = "[^"]*"', address, settings.read_text(), count=1))
        yield other, ran
        other.close()

    yield put
    for home in made:
        template.drop(home)


def backup_of(county):
    """A backup made now."""
    made = make(county.host, shell_actor(county.host, "test")).file
    county.close()
    return made


def test_a_backup_is_made_while_files_come_and_go(county):
    folder = county.host.settings.data / "attachments" / CODE
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(300):
        write_private(folder / f"kept{number}", b"kept")
    done = threading.Event()

    def churn():
        while not done.is_set():
            for number in range(200, 300):
                write_private(folder / f"kept{number}", b"other")
            for number in range(200, 300):
                (folder / f"kept{number}").unlink()

    others = threading.Thread(target=churn)
    others.start()
    try:
        made = [make(county.host, shell_actor(county.host, "test")).file for _time in range(5)]
    finally:
        done.set()
        others.join()
    for number, file in enumerate(made):
        place = county.home / f"opened{number}"
        place.mkdir()
        names = set(unpack(county.host.keys, file, place)["files"])
        assert {f"attachments/kept{number}" for number in range(200)} <= names
        assert not [name for name in names if name.endswith(".part")]


# RS63


@pytest.mark.proof("RS63")
def test_a_backup_taken_while_money_is_paid_restores_to_a_state_that_was(paid, elsewhere, tmp_path, proof):
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.recovery.paying", "core.host", "core.api", "plugins.benefits.plugin"])
    told, wrong = tmp_path / "told.jsonl", []
    given = tokens(paid)
    paid.close()
    hear, ready = context.Pipe(duplex=False)
    process = context.Process(target=paying.go_on, args=(str(paid.home), given, str(told), ready))
    process.start()
    ready.close()
    copies, dice = [], proof.dice
    try:
        assert hear.poll(PATIENCE)
        while len(copies) < proof.effort(quick=2, long=40):
            process.join(dice.uniform(0.1, 0.8))
            if process.exitcode is not None:
                break
            before = told.read_text() if told.exists() else ""
            paid.clock.set(paid.clock.now() + timedelta(seconds=1))
            # Only so many are kept: each is carried elsewhere before the next is taken.
            copies.append((shutil.copy(backup_of(paid), tmp_path), before))
        assert process.exitcode in (None, 0)
        assert len(copies) >= proof.effort(quick=2, long=20), "the payments ended before the backups"
    finally:
        process.kill()
        process.join()
    for at, (file, before) in enumerate(copies):
        said = tmp_path / f"said-{at}.jsonl"
        said.write_text(before)
        with elsewhere(file) as (other, ran):
            assert ran.exit_code == 0, ran.talk
            wrong += broken_promises(other, said)
            for words in (["funds", "verify"], ["audit", "verify"]):
                checked = run_command(other, [*words, "--json"])
                if not checked.data["ok"]:
                    wrong.append((words, checked.output))
    proof.counted(len(copies), found=len(wrong))


# RS64


@pytest.fixture
def canaries(county, run, tmp_path):
    """Two persons with numbers, telephones and an account at the bank, and every form in which a thief would look."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["户号", "姓名", "公民身份号码", "与户主关系", "性别", "户籍地代码", "手机号", "银行账号"])
    for at, (name, number, phone) in enumerate(PEOPLE):
        sheet.append([f"C-{at}", name, valid(number), "户主", "女", VILLAGE, phone, ACCOUNT])
    file = tmp_path / "canaries.xlsx"
    book.save(file)
    ran = run("household", "import", file, "--json")
    assert ran.exit_code == 0 and ran.data["imported"] == len(PEOPLE), ran.talk + ran.output
    plain = [*(value for name, number, phone in PEOPLE for value in (name, valid(number), phone)), ACCOUNT]
    return [form for value in plain for form in forms(value)]


def valid(number):
    """The number with its right check character."""
    from core.identity.numbers import check_character

    return number[:17] + check_character(number[:17])


def forms(value):
    """A value as bytes in the encodings in which it may lie in a file."""
    plain = [value.encode(code) for code in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")]
    return [*plain, *(base64.b64encode(one) for one in plain), *(one.hex().encode() for one in plain)]


@pytest.mark.proof("RS64")
def test_a_backup_without_the_key_tells_nothing_of_anybody(county, canaries, proof):
    content = backup_of(county).read_bytes()
    assert PEOPLE[0][0] in str(rows_of(county)["identity_person"]), "nothing to be found even in the database"
    proof.counted(len(canaries), found=sum(form in content for form in canaries))


@pytest.mark.proof("RS64")
def test_what_a_killed_backup_left_open_is_gone_with_the_next(county, canaries, proof):
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.upgrade.cutting", "core.host", "core.api", "core.backups"])
    county.close()
    found, reached, kills, dice = 0, 0, proof.effort(quick=3, long=60), proof.dice
    for _kill in range(kills):
        hear, tell = context.Pipe(duplex=False)
        last, now = dice.randint(1, STEPS), county.clock.now().isoformat()
        process = context.Process(target=cutting.act, args=(str(county.home), ["backup"], now, last, tell))
        process.start()
        tell.close()
        process.join(PATIENCE)
        reached += process.exitcode == -signal.SIGKILL
        hear.close()
        county.clock.set(county.clock.now() + timedelta(seconds=1))
        backup_of(county)
        left = [one for one in (county.home / "backup").rglob("*") if one.is_file() and one.suffix != SUFFIX]
        left += (county.home / "data").rglob(".scratch-*")
        found += len(left)
    proof.counted(reached, found=found)
    assert reached == kills


# RS65


@pytest.mark.proof("RS65")
def test_one_person_with_a_backup_the_key_and_the_anchor_brings_a_county_up_on_a_new_machine(
    county, run, canaries, elsewhere, proof
):
    anchor = run("audit", "anchor", "--json").data
    file = backup_of(county)
    paper = f"{anchor['seq']} {anchor['code']}"
    with elsewhere(file) as (other, ran):
        assert ran.exit_code == 0, ran.talk
        done = {words[0]: run_command(other, [*words, "--json"]) for words in (
            ["status"], ["audit", "verify", "--anchor", paper], ["funds", "verify"], ["household", "list"],
        )}  # fmt: skip
        assert {name: one.exit_code for name, one in done.items()} == dict.fromkeys(done, 0), done
        assert done["audit"].data["ok"] and len(done["household"].data["households"]) == len(PEOPLE)
        found = run_command(other, ["doctor", "--json"]).data["findings"]
        assert not {one["check"] for one in found} & {"core.key", "core.modes", "core.database", "core.guards",
                                                      "core.migrations", "core.plugins"}  # fmt: skip
        with Browser(other) as browser:
            assert browser.sign_in("clerk", TOWN).get("/").status_code == 200
        assert (other.home / "data" / "anchors" / f"{CODE}.jsonl").is_file()
    proof.counted(len(done) + 1)


@pytest.mark.proof("RS65")
def test_a_backup_older_than_the_anchor_on_paper_is_told_apart(county, run, elsewhere, proof):
    file = backup_of(county)
    run("user", "add", "later", "--role", "clerk")
    anchor = run("audit", "anchor", "--json").data
    with elsewhere(file) as (other, ran):
        assert ran.exit_code == 0, ran.talk
        checked = run_command(other, ["audit", "verify", "--anchor", f"{anchor['seq']} {anchor['code']}", "--json"])
        assert checked.exit_code == 1 and not checked.data["ok"]
        assert str(anchor["seq"]) in checked.output + checked.talk
    proof.counted(1)


def test_a_new_machine_without_the_key_says_what_is_lacking_and_makes_nothing(county, tmp_path):
    file = backup_of(county)
    home = tmp_path / "empty"
    ran = run_command(County(home, county.clock), ["restore", file, "--yes", "--json"])
    assert ran.exit_code == 5 and f"{CODE}.key" in ran.error["message"]
    assert not list(home.rglob("*.toml"))


def test_a_spoiled_backup_leaves_a_new_machine_as_it_was(county, elsewhere):
    file = backup_of(county)
    file.write_bytes(file.read_bytes()[:-7])
    with elsewhere(file) as (other, ran):
        assert ran.exit_code == 3
        assert not list(other.home.rglob("*.toml")) and not list(other.home.rglob("*.db"))


def test_a_restore_never_works_beside_somebody_else(county):
    file = backup_of(county)
    if county.host.database.file is None:  # a server can end others, a file cannot
        with pytest.raises(TryAgain), county.host.database.transaction(write=False):
            assert run_command(County(county.home, county.clock), ["restore", file, "--yes"]).exit_code == 0
        return
    import sqlite3

    before = county.host.database.file.read_bytes()
    county.close()
    other = sqlite3.connect(county.host.database.file)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM core_state").fetchone()
    ran = run_command(County(county.home, county.clock), ["restore", file, "--yes", "--json"])
    assert (ran.exit_code, ran.error["code"]) == (75, "E_TRY_AGAIN")
    other.close()
    assert county.host.database.file.read_bytes()[:100] == before[:100]
    county.close()
    assert run_command(County(county.home, county.clock), ["restore", file, "--yes"]).exit_code == 0


# RS66


@pytest.mark.proof("RS66")
def test_a_flipped_byte_or_a_cut_end_is_found_wherever_it_is(county, run, tmp_path, proof):
    sound = backup_of(county).read_bytes()
    dice, missed = proof.dice, []
    tries = proof.effort(quick=40, long=2_000)
    for at in range(tries):
        content = bytearray(sound)
        if at % 2:
            content = content[: dice.randrange(len(content))]
        else:
            content[dice.randrange(len(content))] ^= dice.randint(1, 255)
        file = tmp_path / f"{CODE}-spoiled{SUFFIX}"
        file.write_bytes(bytes(content))
        ran = run("restore", file, "--check", "--json")
        if ran.exit_code != 1 or ran.data["ok"] or not ran.data["problems"]:
            missed.append((at, ran.exit_code, ran.output + ran.talk))
    proof.counted(tries, found=len(missed))
    good = tmp_path / f"{CODE}-good{SUFFIX}"
    good.write_bytes(sound)
    assert run("restore", good, "--check", "--json").data["ok"]


@pytest.mark.proof("RS66")
def test_a_backup_of_another_county_or_under_another_key_is_named(county, run, tmp_path, proof):
    file = backup_of(county)
    folder = tmp_path / "open"
    folder.mkdir()
    manifest = unpack(county.host.keys, file, folder)
    (folder / "manifest.json").write_text(json.dumps({**manifest, "county": "430224"}))
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for one in sorted(folder.rglob("*")):
            archive.add(one, one.relative_to(folder), recursive=False)
    other = tmp_path / f"430224-other{SUFFIX}"
    other.write_bytes(county.host.keys.seal_file(out.getvalue()))
    ran = run("restore", other, "--check", "--json")
    assert ran.exit_code == 1 and "430224" in ran.data["problems"][0]
    assert run("restore", other, "--yes").exit_code == 3
    foreign = FILLED / f"{CODE}-{county.host.database.dialect}{SUFFIX}"
    ran = run("restore", foreign, "--check", "--json")
    assert ran.exit_code == 1 and "密钥不符" in ran.data["problems"][0]
    proof.counted(3)


@pytest.mark.proof("RS66")
def test_a_backup_that_is_missing_or_three_days_old_is_named_by_doctor(county, run, proof):
    def said():
        found = run("doctor", "--json").data["findings"]
        return [one["message"] for one in found if one["check"] == "core.backup"]

    assert "还没有备份" in said()[0]
    backup_of(county)
    assert said() == []
    county.clock.set(county.clock.now() + timedelta(days=3))
    assert "72 小时" in said()[0]
    county.close()
    assert len(kept(county.host)) == 1
    proof.counted(3)
