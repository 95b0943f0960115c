"""RS01 in a process of its own, which may have been told to leave assertions out, and what the books came to.

``python [-O] -m tests.core.funds.optimized`` reads a ``Walk`` as JSON and prints what it saw as JSON. Nothing here is
held by an assertion: what the invariants answer is told, and so is every refusal.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import initialize, run_state_machine_as_test
from sqlalchemy import text

from core.errors import HuiminError
from core.funds import verifying
from core.testing import _Template
from tests.conftest import vendors_installed
from tests.core.funds.conftest import Money
from tests.core.funds.test_ledger_stateful import Books

ROOT = Path(__file__).parents[3]
BOOKS = (
    "SELECT debit, credit, amount_fen, period, scheme FROM funds_transfer ORDER BY id",
    "SELECT id, kind, period, state, count, total_fen FROM funds_batch ORDER BY id",
    "SELECT batch_id, beneficiary_id, for_month, amount_fen FROM funds_payment ORDER BY id",
    "SELECT payment_id, attempt, batch_id FROM funds_attempt ORDER BY 1, 2",
    "SELECT batch_id, round, step, actor, reason FROM funds_batch_step ORDER BY 1, 2, 3",
)


@dataclass(frozen=True)
class Walk:
    """How far to go, by which dice, from which county."""

    home: str
    database: str
    server: str
    name: str
    folder: str
    dice: int
    examples: int
    steps: int


def walked(walk: Walk) -> dict[str, Any]:
    """Follow the rules as RS01 does; answers the books after each example, what was refused and what was found."""
    ready = _Template(Path(walk.home), walk.database, walk.server, walk.name)
    seen: dict[str, Any] = {"optimized": sys.flags.optimize, "books": [], "refused": [], "broken": 0}
    homes = iter(range(1_000_000))

    class Machine(Books):
        prepared = staticmethod(lambda: ready.copy(Path(walk.folder) / f"county-{next(homes)}"))
        drop = staticmethod(lambda home: (ready.drop(home), shutil.rmtree(home, ignore_errors=True)))
        money_class = Money

        @initialize()
        def begin(self) -> None:
            """Every walk begins with a batch that was approved, and one that was refused, however short it is."""
            super().begin(yuan=2_000)
            self.build(month="2026-10", amounts=[10_000, 20_000])
            self.go_on(which=0, steps=3, breaks=False)
            self.build(month="2026-10", amounts=[10_000])

        def tried(self, act: Any) -> Any:
            try:
                return act()
            except HuiminError as error:
                seen["refused"].append(f"{error.code} {error.message}")
                return None

        def teardown(self) -> None:
            with self.county.look("auditor") as work:
                seen["broken"] += len(verifying.verify(work))
                rows = [[list(map(str, row)) for row in work.session.connection().execute(text(one))] for one in BOOKS]
            seen["books"].append(rows)
            super().teardown()

    steps = settings(
        max_examples=walk.examples, stateful_step_count=walk.steps, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(seed(walk.dice)(Machine), settings=steps)
    return seen


def told(walk: Walk, *options: str) -> dict[str, Any]:
    """What a process with these options of Python says of a walk."""
    command = [sys.executable, *options, "-m", "tests.core.funds.optimized"]
    ran = subprocess.run(command, input=json.dumps(asdict(walk)), cwd=ROOT, text=True, capture_output=True, check=False)
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    return json.loads(ran.stdout.splitlines()[-1])


if __name__ == "__main__":
    with vendors_installed():
        said = walked(Walk(**json.loads(sys.stdin.read())))
    sys.stdout.write("\n" + json.dumps(said))
