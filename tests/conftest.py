"""What every test may use: vendors' plugins that lie beside the tests, as if they were installed."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from core.trial import installed_from

VENDORS = Path(__file__).parent / "vendors"


def pytest_configure(config: pytest.Config) -> None:
    """Make the plugins under ``tests/vendors`` visible until the tests end."""
    stack = ExitStack()
    config.add_cleanup(stack.close)
    for folder in sorted(VENDORS.iterdir()):
        if (folder / f"huimin_{folder.name}").is_dir():
            stack.enter_context(installed_from(folder, {folder.name: f"huimin_{folder.name}"}))
