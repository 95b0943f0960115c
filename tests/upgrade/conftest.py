"""The county of the previous schema, restored from the backup its own version made."""

import re
import shutil

import pytest

from core.host import Clock
from core.testing import CODE, County, _Template
from tests.upgrade.contents import NOW, restored


@pytest.fixture(scope="session")
def previous(_template, request, tmp_path_factory):
    """The previous county as a template: its backup put back on a machine that has nothing but the key."""
    database = request.config.getoption("--db")
    home = tmp_path_factory.mktemp("previous") / "home"
    made = _Template(home, database, _template.server, "previous_county")
    environment = {}
    if _template.server:
        made._execute("CREATE DATABASE previous_county")  # noqa: SLF001
        environment["HUIMIN_DATABASE_URL"] = _template.server.replace("/postgres?", "/previous_county?")
    restored(home, database, environment)
    if environment:
        file = home / "config" / "counties" / f"{CODE}.toml"
        file.write_text(re.sub(r'url = "[^"]*"', f'url = "{environment["HUIMIN_DATABASE_URL"]}"', file.read_text()))
    return made


@pytest.fixture
def clock():
    """A clock that stands on the morning after the previous version's last day."""
    return Clock(NOW)


@pytest.fixture
def county(previous, tmp_path, clock):
    """A county of the previous schema of one's own."""
    made = County(previous.copy(tmp_path / "home"), clock, template=previous)
    yield made
    made.close()
    previous.drop(made.home)


@pytest.fixture
def again(previous, tmp_path):
    """Take the county back to where it was, for the next trial."""

    def fresh(county):
        county.close()
        previous.drop(county.home)
        shutil.rmtree(county.home)
        previous.copy(county.home)
        county.clock.set(NOW)

    return fresh
