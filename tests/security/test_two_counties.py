"""Two counties served by one process: neither sees the other, and one that goes away takes nobody along."""

import json
import os
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import func, inspect, select

from core.audit.queries import verify_connection
from core.cli.shell import Shell
from core.errors import Fault, TryAgain
from core.identity.models import Person
from core.tables import table_of
from core.web.dispatcher import Dispatcher, Door
from core.web.public import create_public_app
from core.web.serving import serve_county
from tests.security.two_counties import AS_JSON, CODES, PLUGIN, Client, Two, contents, two_counties

CUT = 250
"""One statement of so many breaks off."""


@pytest.fixture
def two(_template, tmp_path, clock, proof):
    names = [f"two_{os.getpid()}_{code}" if _template.server else "" for code in CODES]
    try:
        urls = [_made(_template, name) if name else "" for name in names]
        with two_counties(tmp_path / "home", clock, (urls[0], urls[1]), proof.seed) as made:
            yield made
    finally:
        for name in filter(None, names):
            _template._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # noqa: SLF001


def _made(template, name):
    template._execute(f"CREATE DATABASE {name}")  # noqa: SLF001
    return template.server.replace("/postgres?", f"/{name}?")


@pytest.mark.proof("RS37")
def test_two_counties_in_one_process_share_nothing_whatever_breaks_off(two, proof):
    each = proof.effort(quick=150, long=5_000)
    for side in two.sides:
        side.one_in = CUT
    clients = [Client(two, f"{number} {proof.seed}") for number in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda client: client.go(each), clients))
    for side in two.sides:
        side.one_in = 0
    wrong = [one for client in clients for one in client.wrong]
    wrong += [one for side in two.sides for one in faults_of(two, side)]
    assert wrong == []
    proof.counted(2 * each, len(wrong))


def faults_of(two, side):
    """What of a county's database is not its own, missing, or told by nobody."""
    own = 0
    for name, row in contents(side.county.host):
        own += side.traces[0] in row
        if any(trace in row for trace in two.other(side).traces):
            yield f"{side.code} holds something of the other county in {name}"
    with side.county.host.database.transaction(write=False) as connection:
        tables = [name for name in inspect(connection).get_table_names() if name.startswith(PLUGIN)]
        people = connection.scalar(select(func.count()).select_from(table_of(Person)))
        chain = verify_connection(connection, side.code)
    if own < 2 * side.registered or not 0 < side.said[500] <= side.cuts:
        yield f"{side.code}: {own} rows of {side.registered} people, {side.said[500]} faults of {side.cuts} cuts"
    if people != side.registered:
        yield f"{side.code}: {people} people, {side.registered} were told of"
    if bool(tables) != side.plugin:
        yield f"{side.code}: {tables}"
    if not chain.ok:
        yield f"{side.code}: the chain is broken"


@pytest.mark.proof("RS37")
def test_what_one_county_sealed_the_other_cannot_open_and_equal_numbers_do_not_meet(two, proof):
    one, other = (side.county.host.keys for side in two.sides)
    number, place = "99900019490101001X", ("identity_document.number", 1)
    with pytest.raises(Fault):
        other.unseal(*place, one.seal(*place, number))
    with pytest.raises(Fault):
        other.unseal_file(one.seal_file(b"paper", "a"), "a")
    purposes = ("citizen_id", "bank_account", "phone")
    same = [purpose for purpose in purposes if one.blind(purpose, number) == other.blind(purpose, number)]
    same += [purpose for purpose in ("session", "forms") if one.key_for(purpose) == other.key_for(purpose)]
    assert one.unseal(*place, one.seal(*place, number)) == number
    proof.counted(2 + len(purposes) + 2, len(same))


@contextmanager
def gone(template, side):
    """The database of a county is taken away from under the running server, and comes back at the end."""
    file = side.county.host.database.file
    if file is None:
        name = side.county.host.database.engine.url.database
        _renamed(template, name, f"{name}_gone")
        yield
        _renamed(template, f"{name}_gone", name)
        return
    files = [one for one in file.parent.iterdir() if one.name.startswith(file.name)]
    for one in files:
        one.rename(one.with_name(f"gone-{one.name}"))
    yield
    assert not file.exists(), "an empty database was made in its place"
    for one in files:
        one.with_name(f"gone-{one.name}").rename(one)


def _renamed(template, name, new):
    template._execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: SLF001
    template._execute(f"ALTER DATABASE {name} RENAME TO {new}")  # noqa: SLF001


@pytest.mark.proof("RS37")
@pytest.mark.parametrize("first", [True, False])
def test_a_county_whose_database_is_gone_says_so_and_the_other_goes_on(_template, two, proof, first):
    """And when the database is back, the county goes on as well, without a new start."""
    lost, kept = two.sides if first else two.sides[::-1]
    client, each = Client(two, f"{proof.seed}"), proof.effort(quick=8, long=500)
    for act in client.acts:  # connections stand open, forms were used
        act(lost)
        act(kept)
    registered, wrong = lost.registered, []
    doors = [Door(side.door.open, side.door.prefix, build=create_public_app) for side in two.sides]
    public = Two(two.sides, Dispatcher(doors), two.loop)
    assert public.ask(lost, "GET", "/").status == public.ask(kept, "GET", "/").status == 404  # nobody opened them
    with gone(_template, lost):
        assert "暂时查不了" in public.ask(lost, "GET", "/").text and public.ask(kept, "GET", "/").status == 404
        for _try in range(each):
            client.dice.choice(client.acts)(kept)
            page = two.ask(lost, "GET", client.dice.choice(("/", "/people/1", "/sign-in")))
            told = two.ask(lost, "POST", "/api/v1/people", json.dumps(client.wish(lost)).encode(), AS_JSON)
            wrong += [page.text[:300]] if page.status != 503 or "连不上数据库" not in page.text else []
            wrong += [told.text[:300]] if told.status != 503 or "E_TRY_AGAIN" not in told.text else []
            with pytest.raises(TryAgain):
                client.command(lost)
    public.dispatcher.close()
    client.open_person(lost)
    client.register(lost)
    people = {side.code: side.county.host for side in two.sides}
    for side in two.sides:
        with people[side.code].database.transaction(write=False) as connection:
            assert connection.scalar(select(func.count()).select_from(table_of(Person))) == side.registered
    assert client.wrong + wrong == [] and lost.registered == registered + 1 and not lost.said[500] + kept.said[500]
    proof.counted(4 * each)


@pytest.mark.proof("RS37")
def test_a_county_that_cannot_begin_is_named_and_the_others_are_served(_template, two, proof):
    lost, kept = two.sides
    said, heard, stop = [], [], threading.Event()

    def announce(line):
        said.append(line)
        if line.startswith(f"县{kept.canary}"):
            heard.append(asking.submit(asked_over, line.split()[-1], kept.code))
            heard[0].add_done_callback(lambda _done: stop.set())

    with gone(_template, lost), ThreadPoolExecutor(1) as asking:
        shell = Shell(home=kept.county.home, clock=kept.county.clock)
        serve_county(shell, host="127.0.0.1", port=None, announce=announce, stop=stop)
    assert heard[0].result() == {kept.code: 200, lost.code: 404}
    assert [line for line in said if line.startswith(f"县{lost.canary} 没有开放：")]
    proof.counted(len(CODES))


def asked_over(address, own):
    """What the sign-in pages of both counties answer at the port of one, as soon as it listens."""
    found, until = {}, time.monotonic() + 20
    while len(found) < len(CODES) and time.monotonic() < until:
        for code in CODES:
            with suppress(urllib.error.URLError):
                found[code] = status_of(address.replace(f"/{own}", f"/{code}/sign-in"))
        time.sleep(0.1)
    return found


def status_of(address):
    """The status of a page."""
    try:
        return urllib.request.urlopen(address, timeout=20).status  # noqa: S310 - our own port
    except urllib.error.HTTPError as error:
        return error.code
