"""Proofs of the reliability catalogue: a quick tier in every run, a long tier with ``--long``, one table at the end.

A test marked ``@pytest.mark.proof("RS15")`` asks ``proof`` how far it should go and says what it counted::

    def test_...(proof):
        for trial in range(proof.effort(quick=10, long=300)):
            ...
        proof.counted(kills, found=lost + doubled)

The quick tier throws the same dice every time, so that a change is judged by itself and not by luck. The long tier
draws a seed for each test, or is given one with ``--proof-seed``, and prints it, so that what was found is found again.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings

QUICK_SEED = 2
COLUMNS = ("test", "database", "seed", "count", "found", "seconds", "what")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--long`` for the long tier, ``--proof-seed N`` for the same dice again, ``--proof-table FILE``."""
    parser.addoption("--long", action="store_true", help="the long tier of the proofs")
    parser.addoption("--proof-seed", type=int, default=None, help="the dice of an earlier run")
    parser.addoption("--proof-table", default=None, help="write the table of the proofs to this file, as JSON lines")


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known, and keep the table."""
    config.addinivalue_line("markers", "proof(name): a test of the reliability catalogue")
    file = config.getoption("--proof-table")
    hear(config, "proof", Path(file) if file else None)


@dataclass
class Proof:
    """How far a test goes, its dice, and what it counted."""

    name: str
    database: str
    long: bool
    seed: int
    count: int = 0
    found: int = 0
    begun: float = field(default_factory=time.monotonic)

    @property
    def dice(self) -> random.Random:
        """Dice of this run's seed; every call begins anew."""
        return random.Random(f"{self.name} {self.seed}")

    def effort(self, quick: int, long: int) -> int:
        """How many trials this run makes."""
        return long if self.long else quick

    def property(self, told: Callable[..., None], *kinds: Any, examples: int, each: int = 1) -> None:
        """Try a property on so many examples of these kinds, of this run's seed; each holds so many cases."""
        asked = given(*kinds)(told)
        asked = settings(max_examples=examples, database=None, suppress_health_check=list(HealthCheck))(asked)
        seed(self.seed)(asked)()
        self.counted(examples * each)

    def counted(self, count: int, found: int = 0) -> None:
        """Add what was tried, and how many of the tries broke the promise; a promise broken fails the test."""
        self.count += count
        self.found += found
        assert found == 0, f"{self.name} with seed {self.seed}: {found} of {count}"


@pytest.fixture
def proof(request: pytest.FixtureRequest, record_property) -> Iterator[Proof]:
    """The proof of a test; its line stands in the table whatever comes of it."""
    mark = request.node.get_closest_marker("proof")
    once = request.config.getoption("--proof-seed")
    long = request.config.getoption("--long")
    number = once if once is not None else random.SystemRandom().randrange(1_000_000) if long else QUICK_SEED
    one = Proof(mark.args[0], request.config.getoption("--db"), long, number)
    sys.stdout.write(f"{one.name}: --proof-seed {number}\n")
    yield one
    line = {
        "test": one.name, "database": one.database, "seed": one.seed, "count": one.count or 1, "found": one.found,
        "seconds": round(time.monotonic() - one.begun, 1), "what": request.node.name,
    }  # fmt: skip
    record_property("proof", json.dumps(line))


@pytest.fixture(autouse=True)
def _line_of_a_proof(request: pytest.FixtureRequest) -> None:
    """A marked test that counts nothing stands in the table as well."""
    if request.node.get_closest_marker("proof"):
        request.getfixturevalue("proof")


@dataclass(eq=False)
class Said:
    """What the tests of a run said under a name, with the outcome; they say it when they are taken down.

    Each line is in ``file`` as soon as its test ended: a table of hours outlives its interruption.
    """

    name: str
    file: Path | None = None
    lines: list[dict[str, Any]] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Hear one test."""
        if report.failed:
            self.failed.add(report.nodeid)
        if report.when == "teardown":
            outcome = "failed" if report.nodeid in self.failed else "passed"
            for name, value in report.user_properties:
                if name == self.name:
                    self._keep({**json.loads(str(value)), "outcome": outcome})

    def _keep(self, line: dict[str, Any]) -> None:
        self.lines.append(line)
        if self.file:
            with self.file.open("a", encoding="utf-8") as target:
                target.write(json.dumps(line) + "\n")


def hear(config: pytest.Config, name: str, file: Path | None = None) -> None:
    """Keep what tests say under a name, in the process that hears of every test."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Said(name, file), f"said {name}")


def said(config: pytest.Config, name: str) -> list[dict[str, Any]]:
    """What the tests of this run said under a name."""
    heard = config.pluginmanager.get_plugin(f"said {name}")
    return heard.lines if isinstance(heard, Said) else []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The table of the long tier."""
    if config.getoption("--long"):
        terminalreporter.write_line("")
        terminalreporter.write_line(table_of(said(config, "proof")))


def table_of(lines: Sequence[Mapping[str, Any]]) -> str:
    """The table of the proofs, one line each in the order of the catalogue, what failed marked."""
    lines = sorted(lines, key=lambda one: (one["test"], one["database"], one["what"]))
    rows = [[*(str(one[name]) for name in COLUMNS), "" if one["outcome"] == "passed" else "FAILED"] for one in lines]
    return in_columns([(*COLUMNS, ""), *rows])


def in_columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as lines of even columns."""
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, wide)).rstrip() for row in rows)


if __name__ == "__main__":
    kept = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    sys.stdout.write(table_of([json.loads(line) for line in kept]) + "\n")
