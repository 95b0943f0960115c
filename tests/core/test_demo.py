"""The demo county: made once, the same each time, marked as what it is."""

import sqlite3
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from core.demo.__main__ import demo
from core.demo.making import STAFF, is_made, make_demo

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


TOLD = {
    "volunteers_record": 30, "volunteers_activity": 6, "orphan_care_case": 14, "donations_gift": 20,
    "social_workers_worker": 12, "casework_case": 14, "democratic_review_item": 7, "notices_notice": 10,
    "funds_payment": 8,
}  # fmt: skip
"""Tables that the plugins fill, and how many rows there are at least."""


def _told(home):
    with sqlite3.connect(home / "data" / "430223.db") as connection:
        states = "SELECT number, state, area FROM casework_case ORDER BY id"
        hours = "SELECT volunteer_id, served_on, minutes, state FROM volunteers_record ORDER BY id"
        gifts = "SELECT number, amount_fen, given_on FROM donations_gift ORDER BY id"
        counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in TOLD}  # noqa: S608
        return counts, [connection.execute(asked).fetchall() for asked in (states, hours, gifts)]


def test_every_plugin_tells_its_last_weeks_and_the_same_seed_tells_the_same(tmp_path):
    now = datetime(2027, 3, 18, 2, 0, tzinfo=UTC)
    for name in ("first", "second"):
        make_demo(tmp_path / name, households=100, now=now)
    counts, rows = _told(tmp_path / "first")
    assert {name: least for name, least in TOLD.items() if counts[name] < least} == {}
    assert rows == _told(tmp_path / "second")[1]


def test_a_county_too_small_for_stories_has_its_people_only(tmp_path):
    make_demo(tmp_path / "tiny", households=20)
    assert set(_told(tmp_path / "tiny")[0].values()) == {0}


def test_the_demo_has_nine_roles_a_whole_chain_and_its_mark(tmp_path):
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
        assert len({role for one in STAFF for role in one.roles}) == 9
    finally:
        host.close()


def test_nobody_in_the_demo_has_a_real_area_in_the_number(tmp_path):
    _make(tmp_path / "county")
    with sqlite3.connect(tmp_path / "county" / "data" / "430223.db") as connection:
        plain = connection.execute(
            "SELECT count(*) FROM identity_document WHERE number_sealed LIKE '%430223%'"
        ).fetchone()
    assert plain == (0,)
