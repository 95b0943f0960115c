"""The demo county: made once, the same each time, marked as what it is."""

import sqlite3

import pytest
from click.testing import CliRunner

from core.demo.__main__ import demo
from core.demo.making import STAFF, is_made

pytestmark = pytest.mark.one_database


def _make(home):
    return CliRunner().invoke(demo, ["--home", str(home), "--small", "--no-serve"])


def _people(home):
    with sqlite3.connect(home / "data" / "430223.db") as connection:
        return connection.execute("SELECT name, birth_date, residence_area FROM identity_person ORDER BY id").fetchall()


def test_the_demo_is_the_same_each_time_and_made_once(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    assert _make(first).exit_code == 0
    assert _make(second).exit_code == 0
    assert _people(first) == _people(second)
    before = (first / "data" / "430223.db").stat().st_mtime_ns
    assert _make(first).exit_code == 0
    assert (first / "data" / "430223.db").stat().st_mtime_ns == before


def test_the_demo_has_six_roles_a_whole_chain_and_its_mark(tmp_path):
    from core.audit.queries import verify
    from core.host import Host
    from core.identity.accounts import shell_actor
    from core.settings import load

    home = tmp_path / "county"
    assert not is_made(home)
    _make(home)
    host = Host(load(home))
    try:
        assert host.state("demo")
        with host.look(shell_actor(host, "test"), edge="command") as work:
            assert verify(work).ok
        assert len({role for one in STAFF for role in one.roles}) == 6
    finally:
        host.close()


def test_nobody_in_the_demo_has_a_real_area_in_the_number(tmp_path):
    _make(tmp_path / "county")
    with sqlite3.connect(tmp_path / "county" / "data" / "430223.db") as connection:
        plain = connection.execute(
            "SELECT count(*) FROM identity_document WHERE number_sealed LIKE '%430223%'"
        ).fetchone()
    assert plain == (0,)
