"""What every test may use: vendors' plugins that lie beside the tests, as if they were installed."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from core.trial import installed_from

VENDORS = Path(__file__).parent / "vendors"

pytest_plugins = ["tests.proving", "tests.benching"]

# What is true is true on a slow machine too: no example of a property is judged by how long it took.
# The same examples every time, so that a change is judged by itself; the long tier looks for new ones.
settings.register_profile("quick", deadline=None, derandomize=True)
settings.register_profile("long", deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    """Make the plugins under ``tests/vendors`` visible until the tests end, and say how properties are tried."""
    settings.load_profile("long" if config.getoption("--long") else "quick")
    config.add_cleanup(vendors_installed().close)


def vendors_installed() -> ExitStack:
    """Make the plugins under ``tests/vendors`` visible in this process until the answer is closed."""
    stack = ExitStack()
    for folder in sorted(VENDORS.iterdir()):
        if (folder / f"huimin_{folder.name}").is_dir():
            stack.enter_context(installed_from(folder, {folder.name: f"huimin_{folder.name}"}))
    return stack


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One last line when browser tests were left out, so that nobody takes silence for success."""
    left_out = [one for one in terminalreporter.stats.get("skipped", ()) if "tests/browser" in str(one.fspath)]
    if left_out:
        terminalreporter.write_line(f"{len(left_out)} browser tests were not run: no chromium on this machine")
