"""The county that the proofs of permissions, privacy and web security ask: made once for all processes of a run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.security.town import Town, made


@pytest.fixture(scope="session")
def town_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the county as it was made."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    return made(shared / "town")


@pytest.fixture(scope="session")
def one_town(town_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The county of this process; building its application takes seconds."""
    town = Town(town_template, tmp_path_factory.mktemp("town") / "county")
    yield town
    town.close()


@pytest.fixture
def town(one_town: Town) -> Iterator[Town]:
    """The county as it was made, for one test."""
    yield one_town
    one_town.put_back()
