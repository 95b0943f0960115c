"""What every test may use: vendors' plugins that lie beside the tests, as if they were installed."""

from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from core.trial import installed_from

VENDORS = Path(__file__).parent / "vendors"

# What is true is true on a slow machine too: no example of a property is judged by how long it took.
settings.register_profile("huimin", deadline=None)
settings.load_profile("huimin")


def pytest_configure(config: pytest.Config) -> None:
    """Make the plugins under ``tests/vendors`` visible until the tests end."""
    stack = ExitStack()
    config.add_cleanup(stack.close)
    for folder in sorted(VENDORS.iterdir()):
        if (folder / f"huimin_{folder.name}").is_dir():
            stack.enter_context(installed_from(folder, {folder.name: f"huimin_{folder.name}"}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One last line when browser tests were left out, so that nobody takes silence for success."""
    left_out = [one for one in terminalreporter.stats.get("skipped", ()) if "tests/browser" in str(one.fspath)]
    if left_out:
        terminalreporter.write_line(f"{len(left_out)} browser tests were not run: no chromium on this machine")
