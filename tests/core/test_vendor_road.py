"""The vendor's road from nothing to a plugin that runs in a county, walked with the commands a vendor types."""

import ast
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from core.distribution import build_wheel, read_distribution
from core.packing import describe, digest_of, manifest_of
from core.scaffold import FOLDER, KINDS, NewPlugin, write_distribution
from core.testing import AREAS

pytestmark = pytest.mark.one_database

VENDORS = Path(__file__).parents[1] / "vendors"
NO_INDEX = {"PIP_NO_INDEX": "1", "UV_OFFLINE": "1", "PIP_INDEX_URL": "http://127.0.0.1:9/", "NO_PROXY": "*"}
_MAIN = 'if __name__ == "__main__":\n    main()\n'
SERVED = 90  # seconds a slow machine may need until the pages answer


class Machine:
    """A machine with Huimin on it and nothing else: a fresh virtual environment, and a shell that stands somewhere."""

    def __init__(self, folder: Path) -> None:
        self.place, environment = folder, folder / "machine"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
        site = sysconfig.get_path("purelib", vars={"base": str(environment), "platbase": str(environment)})
        # What is installed beside these tests is here too, so that no index is needed; what is added stays here.
        known = sysconfig.get_path("purelib")
        Path(site, "beside.pth").write_text(f"import site; site.addsitedir({known!r})\n")
        program = environment / "bin" / "huimin"
        program.write_text(f"#!{environment}/bin/python\nfrom core.cli import main\n\n{_MAIN}")
        program.chmod(0o755)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HUIMIN_", "PYTHON"))}
        path = f"{environment}/bin:{Path(sys.executable).parent}:{os.environ['PATH']}"
        self.environment = {**kept, **NO_INDEX, "PATH": path, "HUIMIN_HOME": str(folder / "county"), "LANG": "C.UTF-8"}

    def types(self, line: str) -> subprocess.CompletedProcess[str]:
        """What a line of the shell does; a change of folder stays."""
        words = shlex.split(line, comments=True)
        if words[0] == "cd":
            self.place = self.place / words[1]
            return subprocess.CompletedProcess(words, 0, "", "")
        return subprocess.run(
            words, cwd=self.place, env=self.environment, capture_output=True, text=True, check=False
        )  # fmt: skip

    def done(self, line: str) -> str:
        """What a line prints; it has to succeed."""
        ran = self.types(line)
        assert ran.returncode == 0, f"{line}\n{ran.stdout}\n{ran.stderr}"
        return ran.stdout

    def founds_a_county(self) -> None:
        """A county without plugins, where ``HUIMIN_HOME`` says."""
        self.done(f"huimin init 430223 --name 攸县 --areas {AREAS}")


@pytest.fixture
def machine(tmp_path):
    """A machine of its own."""
    return Machine(tmp_path)


def blocks(page: str) -> list[tuple[str, str]]:
    """The code blocks of a Markdown page: what stands behind the three strokes, and the text."""
    return re.findall(r"^```(\S[^\n]*)\n(.*?)^```$", page, flags=re.M | re.S)


def tutorial(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def serves_its_page_and_stops(machine: Machine, line: str) -> None:
    """Start the demo county, open the first address it says, and press Ctrl-C."""
    program = subprocess.Popen(
        shlex.split(line), cwd=machine.place, env=machine.environment, stderr=subprocess.PIPE, text=True
    )
    try:
        told = next(line for line in program.stderr if line.startswith("elder_allowance"))
        address = re.search(r"http://127\.0\.0\.1:\d+", told).group()
        assert "周敏" in _opened(f"{address}/sign-in")
        template = next(machine.place.glob("*/templates/list.html"))
        template.write_text(template.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        served = (line for line in program.stderr if line.startswith("✓"))
        assert next(served) and next(served), "it was not served again"
        assert "周敏" in _opened(f"{address}/sign-in")
    finally:
        program.send_signal(signal.SIGINT)
        program.communicate(timeout=SERVED)
    assert program.returncode == 0


def _opened(address: str) -> str:
    """A page of the county, as soon as it is served."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _turn in range(SERVED):
        try:
            return opener.open(address, timeout=SERVED).read().decode()
        except urllib.error.URLError:
            time.sleep(1)
    raise AssertionError(f"{address} does not answer")


def does(machine: Machine, kind: str, text: str) -> None:
    """Do what one block of the tutorial says."""
    language, _space, target = kind.partition(" ")
    if language == "sh":
        for line in text.strip().splitlines():
            if line == "huimin plugin dev":
                serves_its_page_and_stops(machine, line)
                continue
            expected = re.search(r"# exit (\d+)$", line)
            ran = machine.types(line)
            assert ran.returncode == int(expected.group(1) if expected else 0), f"{line}\n{ran.stdout}\n{ran.stderr}"
        return
    name, _space, part = target.partition(" ")
    file = machine.place / name
    source = file.read_text(encoding="utf-8")
    if part == "+":
        apart = "\n\n\n" if file.suffix == ".py" else "\n\n"
        file.write_text(source.rstrip() + apart + text, encoding="utf-8")
        return
    node = next(one for one in ast.parse(source).body if isinstance(one, ast.FunctionDef) and one.name == part)
    lines = source.splitlines(keepends=True)
    file.write_text("".join(lines[: node.lineno - 1]) + text + "".join(lines[node.end_lineno :]), encoding="utf-8")


def test_the_tutorial_does_what_it_says(machine):
    machine.founds_a_county()
    for kind, text in blocks(tutorial("TUTORIAL.zh-CN.md")):
        does(machine, kind, text)
    states = {one["name"]: one for one in json.loads(machine.done("huimin plugin list --json"))}
    assert (states["elder_allowance"]["state"], states["elder_allowance"]["version"]) == ("on", "0.1.0")
    manifest = json.loads(next(machine.place.glob("*.plugin.json")).read_text(encoding="utf-8"))
    assert manifest["tables"] == ["elder_allowance_entry"] and manifest["outside_hosts"] == []


def test_both_languages_of_the_tutorial_have_the_same_code():
    assert blocks(tutorial("TUTORIAL.md")) == blocks(tutorial("TUTORIAL.zh-CN.md"))


@pytest.mark.parametrize("kind", sorted({*KINDS} - {"subsidy"}))
def test_a_new_plugin_of_each_kind_passes_its_twelve_tests(machine, kind):
    folder = write_distribution(NewPlugin(name=f"new_{kind}", kind=kind, title="新业务"), machine.place)
    assert "12 passed" in machine.done(f"huimin plugin test {folder}")
    assert machine.done(f"ruff check {folder}") and machine.done(f"ruff format --check {folder}")


def test_the_sample_of_a_vendor_runs_from_its_wheel_where_there_is_no_network(machine):
    built = machine.place / "usb"
    one = read_distribution(VENDORS / "urban_grid")
    built.mkdir()
    wheel = build_wheel(one, built)
    manifest_of(wheel).write_text(json.dumps(describe(one) | {"sha256": digest_of(wheel)}), encoding="utf-8")
    machine.founds_a_county()
    assert machine.types("huimin plugin admit urban_grid").returncode == 5
    told = json.loads(machine.done(f"huimin plugin install {wheel} --offline --json"))
    assert (told["name"], told["version"], told["manifest"]) == ("urban_grid", "1.2.0", True)
    assert machine.types(f"huimin plugin install {wheel} --offline").returncode == 0, "again, over itself"
    machine.done("huimin plugin admit urban_grid")
    machine.done("huimin plugin enable urban_grid")
    grid = "--name 一片 --area 430223103 --duty 市容"
    assert json.loads(machine.done(f"huimin urban-grid grid add TS-01 {grid} --json"))["code"] == "TS-01"
    assert [one["code"] for one in json.loads(machine.done("huimin urban-grid grid list --json"))] == ["TS-01"]
    code = json.loads(machine.done("huimin user add zhang --role clerk --json"))["code"]
    page = machine.done(f"python -c {shlex.quote(_PAGE)} {code}")
    assert "<h1>网格巡查</h1>" in page and str(machine.place / "machine") in page


_PAGE = """
import os
import sys
from pathlib import Path

import huimin_urban_grid
from core.host import Clock
from core.testing import PASSWORD, County
from core.web.testing import Browser

with Browser(County(Path(os.environ["HUIMIN_HOME"]), Clock())) as browser:
    form = {"way": "code", "name": "zhang", "code": sys.argv[1], "password": PASSWORD, "again": PASSWORD}
    browser.client.post("/sign-in", data=form)
    print(browser.get("/urban-grid").text, huimin_urban_grid.__file__)
"""
