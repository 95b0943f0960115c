"""Two counties served by one process: neither sees the other, and one that goes away takes nobody along."""

import json
import os
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import func, inspect, select

from core.audit.queries import verify_connection
from core.cli.shell import Shell
from core.errors import Fault, Refused, TryAgain
from core.identity.models.persons import Person
from core.tables import table_of
from core.testing import run_command
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
    with gone(_template, lost):
        said, heard = served(kept, "/sign-in")
    assert [status for status, _text in heard] == [503, 200] and "暂时没有开放" in heard[0][1]
    assert [line for line in said if line.startswith(f"县{lost.canary} 没有开放：")]
    proof.counted(len(CODES))


UNUSABLE = {
    "no TOML": ("[county]", '[county\nsecret = "Kx9"'),
    "a key nobody knows": ("[county]", '[county]\nsecret = "Kx9"'),
    "a value of another kind": ("[county]", '[web]\nport = "Kx9"\n\n[county]'),
    "no UTF-8": ("[county]", "[county] # \udcff Kx9"),
}
"""How the file of a county is spoilt: what stood there, and what stands there now."""


@pytest.mark.proof("RS37")
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("spoilt", UNUSABLE)
def test_a_county_whose_file_cannot_be_used_is_closed_and_the_others_are_served(two, proof, first, spoilt):
    """Its addresses say no more than that; the terminal and doctor say where the error stands."""
    lost, kept = two.sides if first else two.sides[::-1]
    file = lost.county.home / "config" / "counties" / f"{lost.code}.toml"
    old, new = UNUSABLE[spoilt]
    file.write_bytes(file.read_text().replace(old, new).encode(errors="surrogateescape"))
    said, heard = served(kept, "/sign-in", "/", "/healthz", "/api/v1/me", "/static/app.css")
    assert [status for status, _text in heard[::2]] == [503, 503, 503, 503, 200]
    assert [status for status, _text in heard[1::2]] == [200, 200, 200, 401, 200]
    pages = [text for _status, text in heard[0:6:2]]
    assert [text for text in pages if "暂时没有开放" not in text] == []
    told = json.loads(heard[6][1])["error"]
    assert told["code"] == "E_TRY_AGAIN"
    assert [text for text in (*pages, told["message"]) if any(one in text for one in ("Kx9", "toml", "secret"))] == []
    place = f"config/counties/{lost.code}.toml:"
    assert [line for line in said if line.startswith(f"{lost.code} 没有开放：{place}")]
    own = run_command(lost.county, ["--county", lost.code, "doctor"])
    assert own.exit_code == 3 and place in own.talk
    others = run_command(lost.county, ["--county", kept.code, "doctor", "--json"])
    (finding,) = [one for one in others.data["findings"] if one["check"] == "core.counties"]
    assert place in finding["message"] and "Kx9" not in finding["message"]
    proof.counted(len(heard))


@pytest.mark.proof("RS37")
def test_a_home_of_which_no_county_can_be_used_serves_nobody(two, proof):
    for side in two.sides:
        (side.county.home / "config" / "counties" / f"{side.code}.toml").write_text("[county")
    said = []
    shell = Shell(home=two.sides[0].county.home, clock=two.sides[0].county.clock)
    with pytest.raises(Refused):
        serve_county(shell, host="127.0.0.1", port=None, announce=said.append)
    assert len(said) == len(CODES)
    proof.counted(len(said))


def served(kept, *paths):
    """Serve the home until both counties have answered; what was said, and what each path answered, kept last."""
    said, heard, stop = [], [], threading.Event()

    def announce(line):
        said.append(line)
        if line.startswith(f"县{kept.canary}"):
            heard.append(asking.submit(asked_over, line.split()[-1], kept.code, paths))
            heard[0].add_done_callback(lambda _done: stop.set())

    with ThreadPoolExecutor(1) as asking:
        shell = Shell(home=kept.county.home, clock=kept.county.clock)
        serve_county(shell, host="127.0.0.1", port=None, announce=announce, stop=stop)
    return said, heard[0].result()


def asked_over(address, own, paths):
    """What the paths of both counties answer at the port of one, the other county first, as soon as it listens."""
    codes = sorted(CODES, key=lambda code: code == own)
    wanted = [address.replace(f"/{own}", f"/{code}").rstrip("/") + path for path in paths for code in codes]
    until = time.monotonic() + 20
    while True:
        try:
            return [answer_of(one) for one in wanted]
        except urllib.error.URLError:  # does not listen yet
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def answer_of(address):
    """The status and the text of a page."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 - our own port
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
