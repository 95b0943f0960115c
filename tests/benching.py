"""Benches: what the product costs beside the least that any design pays, in the same rounds; one table at the end.

A test says a job and what it measured, the rounds and the gate; the ratio is the median of the rounds' ratios::

    rounds = [(cost(ours), cost(the_bare_insert)) for _round in range(5)]
    bench.ratio("J1 a month", rounds, at_most(4.0))      # ours beside the limit
    bench.ratio("J1 a month", rounds, at_least(60))      # how often ours goes into the other's
    bench.value("J1 memory", peak, at_most(400, "MiB"))

Costs are processor time, that of children included: what others do on the machine does not count. A gate that misses
stands in the table as MISSED and fails its test once every line was told. ``--bench-full`` takes a million people.
"""

import json
import os
import platform
import resource
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.proving import hear, in_columns, said

COLUMNS = ("job", "what", "measured", "gate", "", "rounds", "product", "beside")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--bench-full`` for a million people, ``--bench-table FILE`` to keep the table as JSON."""
    parser.addoption("--bench-full", action="store_true", help="benches with a million people")
    parser.addoption("--bench-table", default=None, help="write the table of the benches to this file, as JSON")


def pytest_configure(config: pytest.Config) -> None:
    """Keep the table."""
    hear(config, "bench")


def processor_seconds() -> float:
    """Processor seconds of this process and of its children that ended, so far."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def cost(act: Callable[..., object], *arguments: object) -> float:
    """Processor seconds of one call."""
    started = processor_seconds()
    act(*arguments)
    return processor_seconds() - started


@contextmanager
def clocked(spent: dict[str, float], name: str) -> Iterator[None]:
    """Add the processor seconds of a block to a name."""
    started = processor_seconds()
    yield
    spent[name] = spent.get(name, 0.0) + processor_seconds() - started


def p99(costs: Sequence[float]) -> float:
    """What ninety-nine of a hundred cost at most."""
    return sorted(costs)[int(len(costs) * 0.99)]


def mebibytes(program: str, *arguments: object) -> int:
    """The most memory a Python of its own held while it ran ``program``, which ends without an error."""
    # VmHWM, not ru_maxrss: the latter keeps the size of the process that started this one.
    tail = '\nprint(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))\n'
    command = [sys.executable, "-c", program + tail, *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return int(ran.stdout.split()[-1]) // 1024


@dataclass(frozen=True)
class Gate:
    """What must hold: ``sense`` is "≤" or "≥"."""

    sense: str
    figure: float
    unit: str = "×"

    def holds(self, measured: float) -> bool:
        """Whether a figure passes."""
        return measured <= self.figure if self.sense == "≤" else measured >= self.figure


def at_most(figure: float, unit: str = "×") -> Gate:
    """A gate from above: the product's cost beside the limit's."""
    return Gate("≤", figure, unit)


def at_least(figure: float, unit: str = "×") -> Gate:
    """A gate from below: the other's cost beside the product's."""
    return Gate("≥", figure, unit)


@dataclass(frozen=True)
class Line:
    """One line of the table; ``product`` and ``beside`` are the seconds of each round."""

    job: str
    what: str
    measured: float
    gate: Gate
    met: bool
    product: Sequence[float] = ()
    beside: Sequence[float] = ()


@dataclass
class Bench:
    """What a test measured, line by line."""

    full: bool
    lines: list[Line] = field(default_factory=list)

    def pick(self, quick: Any, full: Any) -> Any:
        """The size of this run."""
        return full if self.full else quick

    def ratio(self, title: str, rounds: Iterable[tuple[float, float]], gate: Gate) -> float:
        """A line from rounds of (product, beside), in seconds; ``title`` begins with the job. Answers the median."""
        product, beside = (list(column) for column in zip(*rounds, strict=True))
        upper, lower = (product, beside) if gate.sense == "≤" else (beside, product)
        ratios = [one / two for one, two in zip(upper, lower, strict=True)]
        return self._told(title, statistics.median(ratios), gate, (product, beside))

    def value(self, title: str, measured: float, gate: Gate) -> float:
        """A line from one figure; answers it."""
        return self._told(title, measured, gate, ((), ()))

    def _told(self, title: str, measured: float, gate: Gate, rounds: tuple[Sequence[float], Sequence[float]]) -> float:
        job, _space, what = title.partition(" ")
        line = Line(job, what, measured, gate, gate.holds(measured), *rounds)
        self.lines.append(line)
        sys.stdout.write("\n" + "  ".join(_cells(asdict(line))))
        return measured


@pytest.fixture
def bench(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Iterator[Bench]:
    """The lines of a test; they stand in the table whatever comes of it."""
    one = Bench(request.config.getoption("--bench-full"))
    yield one
    for line in one.lines:
        record_property("bench", json.dumps(asdict(line), ensure_ascii=False))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """A test whose gates miss fails, after it told all its lines."""
    done = yield
    bench = pyfuncitem.funcargs.get("bench")
    if isinstance(bench, Bench):
        missed = [" ".join(_cells(asdict(line))) for line in bench.lines if not line.met]
        assert not missed, "\n".join(missed)
    return done


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The table of the benches; with ``--bench-table`` it is kept too."""
    lines = sorted(said(config, "bench"), key=lambda one: one["job"])
    if lines:
        terminalreporter.write_line("")
        terminalreporter.write_line(in_columns([COLUMNS, *map(_cells, lines)]))
    file = config.getoption("--bench-table")
    if file:
        about = {
            "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version,
            "processors": os.cpu_count(),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "full": config.getoption("--bench-full"),
        }
        Path(file).write_text(json.dumps({**about, "lines": lines}, ensure_ascii=False, indent=1), encoding="utf-8")


def _cells(line: dict[str, Any]) -> list[str]:
    gate = Gate(**line["gate"])
    return [
        line["job"],
        line["what"],
        f"{_short(line['measured'])} {gate.unit}",
        f"{gate.sense} {_short(gate.figure)} {gate.unit}",
        "met" if line["met"] else "MISSED",
        str(len(line["product"]) or ""),
        *(_seconds(line[name]) for name in ("product", "beside")),
    ]


def _short(figure: float) -> str:
    """A figure in about three digits."""
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"


def _seconds(rounds: Sequence[float]) -> str:
    """The median of the rounds in a fitting unit."""
    if not rounds:
        return ""
    middle = statistics.median(rounds)
    factor, unit = next((pair for pair in ((1, "s"), (1e3, "ms")) if middle * pair[0] >= 1), (1e6, "µs"))
    return f"{_short(middle * factor)} {unit}"
