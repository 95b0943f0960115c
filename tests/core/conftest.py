"""What several tests of the core ask for."""

import pytest

from core.backups import make
from core.identity.actors import shell_actor

NEXT_YEAR = 'document = "国办发〔2026〕9号"\nrest = ["2027-01-01"]\nwork = []\n'


@pytest.fixture
def healthy(county):
    """A county in which the doctor finds nothing: it has a backup and the calendar of next year."""
    folder = county.home / "config" / "calendar"
    folder.mkdir()
    (folder / "2027.toml").write_text(NEXT_YEAR)
    make(county.host, shell_actor(county.host, "test"))
    return county
