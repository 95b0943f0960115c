"""The demo county: made once, the same each time, with a year of life, marked as what it is."""

import csv
import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from litestar.testing import TestClient
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from core.demo.__main__ import demo
from core.demo.bank import answer
from core.demo.making import Wish, is_made, make_demo
from core.demo.people import invent
from core.demo.staff import STAFF
from core.demo.year import Year
from core.host import Clock, Host
from core.identity.actors import shell_actor
from core.key_exchange import reseal, rotate, standing
from core.sealed_columns import register_of
from core.settings import load
from core.web.demo import CARDS
from core.web.dispatcher import Dispatcher, Door

pytestmark = pytest.mark.one_database

NOW = datetime(2027, 3, 18, 2, 0, tzinfo=UTC)
TINY, HOMES = 20, 150
"""Households of a county that tells no stories, and of one that tells them all."""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A small county with its year of life; nobody changes it."""
    home = tmp_path_factory.mktemp("told") / "county"
    make_demo(home, Wish(households=HOMES, now=NOW))
    return home


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A county with its people only."""
    home = tmp_path_factory.mktemp("tiny") / "county"
    make_demo(home, Wish(households=TINY, now=NOW))
    return home


def ask(home, question):
    with sqlite3.connect(home / "data" / "430223.db") as connection:
        return connection.execute(question).fetchall()


def one(home, question):
    return ask(home, question)[0][0]


PEOPLE = "SELECT name, birth_date, residence_area FROM identity_person ORDER BY id"


def test_the_demo_is_the_same_each_time_and_made_once(tiny, tmp_path):
    words = ["--home", str(tmp_path / "county"), "--people", "60", "--no-serve"]
    assert not is_made(tmp_path / "county")
    made = CliRunner().invoke(demo, words)
    assert made.exit_code == 0, made.output
    assert "20 户" in made.output
    make_demo(tmp_path / "again", Wish(households=TINY, now=NOW))
    assert ask(tiny, PEOPLE) == ask(tmp_path / "again", PEOPLE)
    other = Wish(households=TINY, now=NOW, seed=7)
    make_demo(tmp_path / "again", other)
    assert ask(tiny, PEOPLE) != ask(tmp_path / "again", PEOPLE)
    before = (tmp_path / "county" / "data" / "430223.db").stat().st_mtime_ns
    again = CliRunner().invoke(demo, words)
    assert (again.exit_code, "直接启动" in again.output) == (0, True)
    assert (tmp_path / "county" / "data" / "430223.db").stat().st_mtime_ns == before


ROWS = (
    "SELECT number, state, area FROM casework_case ORDER BY id",
    "SELECT volunteer_id, served_on, minutes, state FROM volunteers_record ORDER BY id",
    "SELECT number, amount_fen, given_on FROM donations_gift ORDER BY id",
    "SELECT scheme, period, run, kind, state, round, count, total_fen FROM funds_batch ORDER BY id",
    "SELECT person_id, day, set_code, subsidy_fen FROM canteen_swipe ORDER BY id",
    "SELECT kind, period, amount_fen, state FROM funds_finding ORDER BY id",
)


def test_the_same_seed_tells_the_same_year(told, tmp_path):
    make_demo(tmp_path / "second", Wish(households=HOMES, now=NOW))
    for question in ROWS:
        assert ask(told, question) == ask(tmp_path / "second", question)


LEAST = {
    "volunteers_record": 30, "volunteers_activity": 6, "orphan_care_case": 10, "donations_gift": 20,
    "social_workers_worker": 12, "casework_case": 20, "democratic_review_item": 10, "notices_notice": 12,
    "canteen_swipe": 2_000, "canteen_settlement": 60, "funds_payment": 150, "audit_anchor": 12,
}  # fmt: skip
"""Tables that the plugins fill, and how many rows there are at least."""


def test_every_plugin_tells_its_year(told):
    counts = {name: one(told, f"SELECT count(*) FROM {name}") for name in LEAST}  # noqa: S608
    assert {name: least for name, least in LEAST.items() if counts[name] < least} == {}
    assert (
        one(told, "SELECT count(DISTINCT period) FROM funds_batch WHERE scheme = 'dibao' AND state = 'settled'") == 12
    )
    assert one(told, "SELECT count(*) FROM funds_period WHERE closed_by IS NOT NULL AND entity = 'fiscal'") == 12
    assert {row[0] for row in ask(told, "SELECT state FROM casework_case")} >= {
        "draft", "submitted", "accepted", "checking", "investigating", "appraising", "noticing_1", "township_review",
        "county_review", "noticing_2", "approved", "active", "refused",
    }  # fmt: skip


def test_everything_every_plugin_sealed_is_known_and_comes_under_a_new_key(told, tmp_path):
    home = shutil.copytree(told, tmp_path / "county")
    host = Host(load(home), clock=Clock(NOW))
    actor = shell_actor(host, "test")
    before = opened(host)
    rooms = {place.partition("_")[0] for place, _row in before}
    assert rooms >= {"identity", "notices", "casework", "canteen", "orphan", "volunteers"}
    rotate(host, actor, "x")
    assert reseal(host, actor) > 500
    assert opened(host) == before
    with host.look(actor) as work:
        found = standing(work)
    kept = {one["table"] for one in found.values if one["number"] == 1 and not one["fixed"]}
    assert kept <= {"identity_proposal", "volunteers_certificate"} and found.strangers == []  # rows that are decided
    host.close()


def opened(host):
    """Every sealed text by its place and row; raises when one is not sealed as its column says."""
    found = {}
    with host.database.transaction(write=False) as connection:
        register = register_of(host, connection)
        for column in register.columns:
            rows = connection.execute(select(column.table.c.id, column.cells).where(column.cells.is_not(None))).all()
            texts = host.keys.unseal_many(column.place, [row[0] for row in rows], [row[1] for row in rows])
            found.update(((column.place, row[0]), text) for row, text in zip(rows, texts, strict=True))
    return found


def test_the_stories_an_auditor_asks_for_are_there(told):
    retired = "SELECT count(*) FROM funds_batch b JOIN funds_batch_step s ON s.batch_id = b.id"
    assert one(told, f"{retired} WHERE b.state = 'cancelled' AND s.step = 3") == 1
    assert one(told, "SELECT state FROM funds_batch WHERE kind = 'reissue'") == "settled"
    assert one(told, "SELECT count(*) FROM funds_answer WHERE result = 'returned'") >= 2
    (claim,) = ask(told, "SELECT state, amount_fen, recovered_fen FROM funds_recovery")
    assert claim[0] == "open"
    assert 0 < claim[2] < claim[1]
    found = ask(told, "SELECT state FROM funds_finding WHERE kind = 'funds.paid_after_death' ORDER BY id")
    assert {row[0] for row in found} == {"explained", "open"}
    assert "放行时核对" in one(told, "SELECT reason FROM funds_batch_step WHERE step = 5 ORDER BY at DESC")
    assert one(told, "SELECT count(*) FROM canteen_swipe WHERE code = 'E_MEAL_DEAD'") >= 1
    waiting = dict(ask(told, "SELECT scheme, state FROM funds_batch WHERE state NOT IN ('settled', 'cancelled')"))
    assert (waiting["dibao"], waiting["orphan_care"]) == ("approved", "submitted")


def test_a_county_too_small_for_stories_has_its_people_only(tiny):
    assert {one(tiny, f"SELECT count(*) FROM {name}") for name in LEAST if name != "audit_anchor"} == {0}  # noqa: S608


def test_the_year_is_seen_from_the_day_it_is_made():
    year = Year(date(2026, 3, 1))
    assert (year.current, year.months[0], year.months[-1], year.opened) == (
        "2026-02", "2025-02", "2026-01", date(2025, 1, 1)
    )  # fmt: skip


def test_the_chain_is_whole_and_every_role_is_there(told):
    from core.audit.queries import verify

    host = Host(load(told))
    try:
        assert host.state("demo")
        with host.look(shell_actor(host, "test"), edge="command") as work:
            assert verify(work).ok
    finally:
        host.close()
    assert len({role for person in STAFF for role in person.roles}) == 11


def test_invented_people_are_never_kept_all_at_once_and_nobody_has_a_real_area_in_the_number(tiny):
    people = invent(10**9, ["430223103201"])
    assert next(people).number != next(person for person in people if person.relation == "户主").number
    assert one(tiny, "SELECT count(*) FROM identity_document WHERE number_sealed LIKE '%430223%'") == 0


def test_the_bank_of_the_demo_answers_line_by_line():
    file = "序号,参考号,户名,账号,金额,摘要\n1,7-1-1,甲,6222,10.00,一\n2,7-2-1,乙,6223,20.00,二\n".encode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(answer(file, {1: "账户已销户"}).decode("utf-8-sig"))))
    assert [(row["参考号"], row["结果"], row["原因"]) for row in rows] == [
        ("7-1-1", "成功", ""), ("7-2-1", "失败", "账户已销户")
    ]  # fmt: skip


ORIGIN = {"origin": "http://127.0.0.1"}


@contextmanager
def browsing(home, name="", clock=None):
    """A browser without script on a demo county, signed in by one click."""
    dispatcher = Dispatcher([Door(lambda: Host(load(home), clock=clock))])

    async def from_here(scope, receive, send):
        await dispatcher({**scope, "client": ("127.0.0.1", 50_000)}, receive, send)

    with TestClient(from_here, base_url="http://127.0.0.1") as client:
        if name:
            client.post("/sign-in/demo", data={"name": name}, headers=ORIGIN)
        yield client
    dispatcher.close()


def test_six_roles_are_cards_and_the_others_below(tiny):
    with browsing(tiny) as client:
        page = client.get("/sign-in").text
    cards, more = page.split("<details", 1)
    assert [f"<b>{title}</b>" in cards for title, _line in CARDS.values()] == [True] * 6
    assert cards.count('name="name" value') == 6
    assert more.split("</details>")[0].count('name="name" value') == len(STAFF) - 6


def test_who_came_in_by_one_click_switches_a_plugin_by_one_click_but_not_from_elsewhere(tiny, tmp_path):
    home, clock = shutil.copytree(tiny, tmp_path / "copy"), Clock(NOW)
    with browsing(home, "hetao", clock) as client:
        clock.set(NOW + timedelta(minutes=6))
        asked = client.get("/plugins/canteen/switch").text
        assert 'name="password"' not in asked
        keys = dict(re.findall(r'name="(_\w+)" value="([^"]+)"', asked))
        for headers, status in (({**ORIGIN, "x-forwarded-for": "10.0.0.7"}, 422), (ORIGIN, 303)):
            switched = client.post("/plugins/canteen/switch", data=keys, headers=headers, follow_redirects=False)
            assert switched.status_code == status


def test_every_list_of_the_menu_answers_and_shows_something(told):
    empty, wrong = {}, []
    for name in ("wujing", "zhoumin"):
        with browsing(told, name) as client:
            for path in sorted(set(re.findall(r'href="(/[a-z/-]+)"', client.get("/menu").text))):
                page = client.get(path)
                if page.status_code != 200:
                    wrong.append((path, page.status_code))
                elif 'class="empty"' in page.text:
                    empty.setdefault(path, name)
    sys.stdout.write(f"empty: {empty}\n")
    assert wrong == []
    assert set(empty) <= {"/people", "/jobs", "/households/import", "/imports"}


def test_papers_of_the_demo_say_so_by_page_command_and_excel(told, tmp_path):
    batch = one(told, "SELECT id FROM funds_batch WHERE state = 'settled' LIMIT 1")
    with browsing(told, "wujing") as client:
        assert "示例" in client.get(f"/funds/batches/{batch}/sheet").text
        assert _reads(client.get(f"/funds/batches/{batch}/pdf").content).count("示例") >= 1
        book = load_workbook(io.BytesIO(client.get("/reports/funds-payments/excel").content))
        assert "示例" in book.active["A1"].value
    file = tmp_path / "notice.pdf"
    program = Path(sys.executable).with_name("huimin")
    number = one(told, "SELECT number FROM notices_notice LIMIT 1")
    ran = subprocess.run(  # noqa: S603
        [program, "--home", told, "notices", "print", number, "-o", file, "--json"], capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr.decode()
    assert json.loads(ran.stdout)
    assert "示例" in _reads(file.read_bytes())


def _reads(pdf):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
