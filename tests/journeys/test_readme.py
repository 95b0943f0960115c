"""The README as a reader follows it: every block of commands is run as it stands, in its order, by a real shell."""

import configparser
import json
import os
import re
import shlex
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest

from core.testing import AREAS

from .conftest import citizen_id, read_rows, write_rows

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "README.zh-CN.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.S | re.M)
MORNING = "2026-03-02T09:00:00+08:00"
COMMAND = """#!{python}
import sys
from datetime import datetime
from core.cli.tree import run
from core.host import Clock
sys.exit(run(sys.argv[1:], Clock(datetime.fromisoformat("{morning}"))))
"""
ROSTER = ("户号", "姓名", "公民身份号码", "与户主关系", "性别", "户籍地代码", "银行账号")
CHILDREN = [citizen_id(n, f"2016010{n}") for n in range(1, 7)]
VILLAGE = "430223103002"
FAMILY = {
    "陈志强": (citizen_id(21, "19850302"), "户主", "男"), "李秀英": (citizen_id(22, "19870609"), "妻", "女"),
    "陈小满": (citizen_id(23, "20170120"), "女", "女"), "周桂兰": (citizen_id(24, "19440211"), "母亲", "女"),
}  # fmt: skip
DINER = "999223194401010017"


def blocks(page, kind):
    """The blocks of one kind, in their order."""
    return [text for word, text in BLOCK.findall((ROOT / page).read_text(encoding="utf-8")) if word == kind]


@pytest.fixture
def table(tmp_path):
    """The folder a reader works in: what a county brings along lies there, and ``huimin`` is on the path."""
    folder = tmp_path / "table"
    programs = tmp_path / "bin"
    programs.mkdir()
    folder.mkdir()
    program = programs / "huimin"
    program.write_text(COMMAND.format(python=sys.executable, morning=MORNING))
    program.chmod(0o755)
    (programs / "python").symlink_to(sys.executable)
    shutil.copyfile(AREAS, folder / "areas.csv")
    (folder / "minutes.pdf").write_bytes(b"%PDF-1.7 minutes of the meeting")
    (folder / "core").symlink_to(ROOT / "core")
    _book(folder / "families.xlsx", ROSTER, [*_children(), *_family(), _diner()])
    _book(folder / "enrolled.xlsx", ("业务", "类别", "公民身份号码", "起始月"), [
        ("orphan_care", "ORPHAN_DISP", one, "2026-03") for one in CHILDREN
    ])  # fmt: skip
    wage = {"id_number": FAMILY["陈志强"][0], "type": "wage", "amount": "900.00", "per": "month", "excluded": False}
    (folder / "income.json").write_text(json.dumps({"income": [wage], "members": []}))
    (folder / "submit.json").write_text(
        '{"papers": ["identity", "income"], "signed_by": ["陈志强", "李秀英", "周桂兰"]}', encoding="utf-8"
    )
    return folder


def _book(file, headers, rows):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (headers, *rows):
        sheet.append([str(one) for one in row])
    book.save(file)


def _children():
    return [
        (f"H-{n}", f"张小{'一二三四五六'[n]}", one, "户主", "男", "430223103201", f"62284800000000{n:05d}")
        for n, one in enumerate(CHILDREN)
    ]


def _family():
    return [
        ("0307-2815", name, number, relation, sex, VILLAGE, "6228480000000001234" if relation == "户主" else "")
        for name, (number, relation, sex) in FAMILY.items()
    ]


def _diner():
    return ("0307-0001", "王桂兰", DINER, "户主", "女", "430223103201", "6228480000000009999")


@pytest.fixture
def environment(table, tmp_path):
    """The variables of the reader's shell: the program first on the path, the checkout's own code, no colour."""
    found = {name: value for name, value in os.environ.items() if not name.startswith(("HUIMIN_", "PYTEST_"))}
    return {
        **found, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "",
    }  # fmt: skip


@pytest.fixture
def database():
    """The address of a PostgreSQL server of its own."""
    from core.testing import _server

    with _server("postgresql", Path()) as url:
        yield url


def _in_place(text, tmp_path):
    """The same commands with folders of this test instead of /srv, which a test may not write."""
    return text.replace("/srv/", f"{tmp_path}/srv/")


def _shell(text, table, environment, tmp_path):
    """Run a block line by line until the first that fails; exported variables go on to the next block."""
    script = f"set -euo pipefail\n{_in_place(text, tmp_path)}\nexport -p > {tmp_path}/variables"
    before = f"source {tmp_path}/variables\n" if (tmp_path / "variables").exists() else ""
    done = subprocess.run(
        ["bash", "-c", before + script], cwd=table, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{text}\n---\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@contextmanager
def _served(line, table, environment, tmp_path):
    """A command that goes on until it is stopped, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = shlex.split(_in_place(line, tmp_path).replace("8430", str(port)))
    with subprocess.Popen(words, cwd=table, env=environment, stderr=subprocess.PIPE) as process:
        try:
            yield f"http://127.0.0.1:{port}/healthz"
        finally:
            process.terminate()


def _answers(address):
    for _again in range(150):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - a loopback address
                return answer.read()
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")


def _mark(tmp_path):
    """Mark the county as one of tests: only there are invented people with numbers of area 999 taken in."""
    with sqlite3.connect(tmp_path / "srv/huimin/data/430223.db") as connection:
        connection.execute("INSERT INTO core_state (name, value) VALUES ('tests', '1')")


def _bank_answers(table):
    """The bank pays every line but one, and says so in the form of the file it was given."""
    rows = read_rows(table / "bank.csv")
    for at, row in enumerate(rows, start=1):
        row["结果"], row["原因"] = ("成功", "") if at < len(rows) else ("失败", "户名不符")
    write_rows(table / "result.csv", rows)


def test_every_block_of_commands_runs_as_it_stands(table, environment, tmp_path, database):
    environment["DATABASE_URL"] = database
    (tmp_path / "srv").mkdir()
    for block in blocks("README.md", "sh"):
        if block.startswith("make"):
            continue
        if block.startswith("huimin serve"):
            variables = {**environment, **_exported(tmp_path)}
            with _served(block.strip(), table, variables, tmp_path) as address:
                assert _answers(address) == b"ok"
            continue
        if "household import" in block:
            _mark(tmp_path)
        before, export, after = block.partition("huimin funds batch import-result")
        _shell(before, table, environment, tmp_path)
        if export:
            _bank_answers(table)
            _shell(export + after, table, environment, tmp_path)


def _exported(tmp_path):
    found = re.findall(r'^declare -x (HUIMIN_\w+)="([^"]*)"', (tmp_path / "variables").read_text(), re.M)
    return dict(found)


@pytest.mark.parametrize("page", PAGES)
def test_make_knows_every_target_that_is_named(page):
    lines = [line for block in blocks(page, "sh") if block.startswith("make") for line in block.splitlines()]
    assert len(lines) >= 6
    for line in lines:
        words = shlex.split(line, comments=True)[1:]
        done = subprocess.run(["make", "--dry-run", *words], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES)
def test_the_unit_of_systemd_is_whole_and_its_command_is_one_of_ours(page):
    (text,) = blocks(page, "ini")
    unit = configparser.RawConfigParser()
    unit.optionxform = str
    unit.read_string(text)
    program, *words = shlex.split(unit["Service"]["ExecStart"])
    assert program.endswith("/.venv/bin/huimin")
    assert "```sh\nhuimin " + " ".join(words) in (ROOT / page).read_text(encoding="utf-8")
    assert unit["Service"]["UMask"] == "0077"


def test_both_languages_run_the_same_commands():
    def commands(page):
        return [
            re.sub(r"\s+#.*", "", line) for block in blocks(page, "sh") for line in block.splitlines() if line.strip()
        ]

    assert commands("README.md") == commands("README.zh-CN.md")


@pytest.mark.parametrize("page", [*PAGES, "SECURITY.md"])
def test_every_place_a_page_points_to_is_there(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    lost = [target for target in re.findall(r"\]\(([^)#:]+)\)", text) if not (ROOT / target).exists()]
    assert lost == []
