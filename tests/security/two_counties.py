"""Two counties of one home in one process, as ``serve`` opens them, with the same numbers of villages and people.

Whatever is typed in a county carries a character of that county alone, its canary; the plugin of the tests runs in
the first county only. Statements of both break off now and then, as a cable that was pulled out breaks them off.
"""

import csv
import json
import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import event, inspect, select, table, text

from core.founding import Founding, found
from core.host import Clock, Host
from core.identity import signing_in
from core.identity.actors import shell_actor
from core.identity.persons import NewPerson, register_person
from core.settings import load
from core.testing import AREAS, CODE, County, _switch_on
from core.web.dispatcher import Dispatcher, Door
from tests.loops import Loop
from tests.security.town import Answer, asked

CODES = {CODE: "翬", "430224": "鶤"}
PLUGIN = "every_hook"
AT_FIRST = 5
BORN = "1949-01-01"
FORM = {"content-type": "application/x-www-form-urlencoded"}
AS_JSON = {"content-type": "application/json"}


class CableOut(Exception):
    """A statement that never came through."""


class ThoughtBetter(Exception):
    """Ends a unit of work that is to leave nothing."""


@dataclass
class Side:
    """One of the two counties: who works in it, and what the test did there."""

    county: County
    canary: str
    plugin: bool
    door: Door
    cookie: str = ""
    form_key: str = ""
    token: str = ""
    registered: int = 0
    cuts: int = 0
    one_in: int = 0
    said: "Counter[int]" = field(default_factory=Counter)
    dice: random.Random = field(default_factory=random.Random)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def code(self) -> str:
        """The code of the county."""
        return self.county.code

    @property
    def village(self) -> str:
        """A village of the county."""
        return f"{self.code}103201"

    @property
    def traces(self) -> list[bytes]:
        """The canary as it looks in pages, addresses and escaped texts; links of the county, and its villages."""
        escaped = json.dumps(self.canary).strip('"')
        return [one.encode() for one in (self.canary, quote(self.canary), escaped, f"/{self.code}/", self.village[:-1])]

    def new_name(self) -> str:
        """A name nobody has in this county."""
        with self.lock:
            self.said["named"] += 1
            number = self.said["named"]
        return f"王{self.canary}{chr(0x4E00 + number // 5_000)}{chr(0x4E00 + number % 5_000)}"

    def came(self) -> None:
        """Somebody was registered."""
        with self.lock:
            self.registered += 1

    def maybe_cut(self, *_statement: object) -> None:
        """Break a statement off, one of ``one_in``; 0 leaves all alone."""
        if self.one_in and self.dice.randrange(self.one_in) == 0:
            with self.lock:
                self.cuts += 1
            raise CableOut


@dataclass
class Two:
    """Both counties behind one dispatcher, which runs in a loop of its own as in a server."""

    sides: tuple[Side, Side]
    dispatcher: Dispatcher
    loop: Loop

    def ask(
        self, side: Side, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        """Ask a county as its own clerk, who has a session there and a token."""
        own = {"cookie": f"huimin-{side.code}={side.cookie}", "host": "127.0.0.1"}
        if path.startswith("/api/"):
            own = {"authorization": f"Bearer {side.token}", "host": "127.0.0.1"}
        return self.loop.run(asked(self.dispatcher, method, f"/{side.code}{path}", body, {**own, **(headers or {})}))

    def other(self, side: Side) -> Side:
        """The other county."""
        return self.sides[1] if side is self.sides[0] else self.sides[0]


@contextmanager
def two_counties(home: Path, clock: Clock, urls: tuple[str, str], seed: int) -> Iterator[Two]:
    """Found both counties and open them."""
    loop = Loop()
    sides = []
    for (code, canary), url in zip(CODES.items(), urls, strict=True):
        areas = home.parent / f"{code}.csv"
        _write_areas(areas, code, canary)
        found(Founding(home=home, code=code, name=f"县{canary}", areas=areas, database_url=url, mark="demo"), clock)
        county = County(home, clock, code)
        if not sides:
            _switch_on(county, PLUGIN)
        sides.append(_opened(county, canary, plugin=not sides, seed=seed))
    dispatcher = Dispatcher([side.door for side in sides])
    try:
        yield Two((sides[0], sides[1]), dispatcher, loop)
    finally:
        loop.close()
        dispatcher.close()
        for side in sides:
            side.county.close()


def _write_areas(file: Path, code: str, canary: str) -> None:
    with AREAS.open(encoding="utf-8") as source, file.open("w", encoding="utf-8", newline="") as target:
        rows = list(csv.reader(source))
        own = [[code + row[0][len(CODE) :], row[1] + canary, *row[2:]] for row in rows[1:]]
        csv.writer(target).writerows([rows[0], *own])


def _opened(county: County, canary: str, *, plugin: bool, seed: int) -> Side:
    def build() -> Host:
        host = Host(load(county.home, county.code), clock=county.clock)
        event.listen(host.database.engine, "before_cursor_execute", side.maybe_cut)
        return host

    side = Side(county, canary, plugin, Door(build, prefix=f"/{county.code}"), dice=random.Random(seed))
    name = county.account("clerk", name=f"经办{canary}")
    side.token = county.token(name)
    side.cookie = signing_in.sign_in_demo(county.host, name, "127.0.0.1")
    session = signing_in.session_of(county.host, side.cookie)
    side.form_key = session.form_key if session else ""
    for _person in range(AT_FIRST):
        county.person(side.new_name(), side.village)
        side.came()
    return side


class Client:
    """One of the two threads: asks now this county, now that, and hears whether the answer is that county's own."""

    def __init__(self, two: Two, seed: str) -> None:
        self.two = two
        self.dice = random.Random(seed)
        self.wrong: list[str] = []
        self.acts = (
            self.open_pages, self.open_pages, self.open_person, self.open_person, self.find,
            self.register, self.register_by_form, self.be_refused, self.move, self.show_foreign_keys,
            self.ask_the_plugin, self.command,
        )  # fmt: skip

    def go(self, count: int) -> None:
        """So many acts."""
        for _act in range(count):
            side = self.dice.choice(self.two.sides)
            self.dice.choice(self.acts)(side)

    def hear(self, side: Side, answer: Answer, *expected: int) -> Answer:
        """Judge an answer: expected, or broken off; and never a word of the other county."""
        with side.lock:
            side.said[answer.status] += 1
        if answer.status not in (*expected, 500):
            self.wrong.append(f"{side.code}: {answer.status}, not {expected}: {answer.text[:300]}")
        everything = answer.content + json.dumps(dict(answer.headers)).encode()
        if any(trace in everything for trace in self.two.other(side).traces):
            self.wrong.append(f"{side.code} shows the other county: {answer.text[:300]}")
        return answer

    def asks(self, side: Side, path: str, *expected: int) -> Answer:
        """Open a page or ask the API."""
        return self.hear(side, self.two.ask(side, "GET", path), *expected)

    def sends(self, side: Side, path: str, wish: Mapping[str, Any], *expected: int) -> Answer:
        """Send JSON to the API."""
        return self.hear(side, self.two.ask(side, "POST", path, json.dumps(wish).encode(), AS_JSON), *expected)

    def posts(self, side: Side, path: str, form: Mapping[str, Any], *expected: int) -> Answer:
        """Post a form as its page would."""
        fields = {"_form_key": side.form_key, "_once": f"{self.dice.random()}", **form}
        return self.hear(side, self.two.ask(side, "POST", path, urlencode(fields).encode(), FORM), *expected)

    # What is done

    def person_of(self, side: Side) -> int:
        """The number of somebody there is; the other county has somebody else of the same number."""
        return self.dice.randint(1, AT_FIRST)

    def open_pages(self, side: Side) -> None:
        """Pages with the county's areas, people and menu on them."""
        path = self.dice.choice(("/", "/people?q=王", "/people/new", "/areas", "/no-such-page"))
        answer = self.asks(side, path, 404 if path == "/no-such-page" else 200)
        if answer.status == 200 and side.traces[0] not in answer.content:
            self.wrong.append(f"{side.code}{path} shows nothing of its county")

    def open_person(self, side: Side) -> None:
        """Somebody by the number the other county has as well."""
        number = self.person_of(side)
        answer = self.asks(side, self.dice.choice(("", "/api/v1")) + f"/people/{number}", 200)
        if answer.status == 200 and side.traces[0] not in answer.content:
            self.wrong.append(f"{side.code}: person {number} is somebody else")

    def find(self, side: Side) -> None:
        """People by the characters of both counties."""
        wish = self.dice.choice((side.canary, self.two.other(side).canary))
        found = self.two.ask(side, "POST", "/api/v1/people/find", json.dumps({"text": wish}).encode(), AS_JSON)
        if found.status == 200 and bool(json.loads(found.content)["items"]) != (wish == side.canary):
            self.wrong.append(f"{side.code} finds {wish}: {found.text[:300]}")
        if found.status not in (200, 500):
            self.wrong.append(f"{side.code}: {found.status}")

    def wish(self, side: Side) -> dict[str, str]:
        """Somebody new."""
        return {
            "name": side.new_name(), "sex": "女", "birth_date": BORN, "hukou_area": side.village,
            "address": f"{side.canary}路一号",
        }  # fmt: skip

    def register(self, side: Side) -> None:
        """A new person over the API."""
        if self.sends(side, "/api/v1/people", self.wish(side), 201).status == 201:
            side.came()

    def register_by_form(self, side: Side) -> None:
        """A new person on a page."""
        if self.posts(side, "/people/new", self.wish(side), 303).status == 303:
            side.came()

    def be_refused(self, side: Side) -> None:
        """A form that does not pass, with what was typed in it again; and somebody of the other county's village."""
        answer = self.posts(side, "/people/new", {**self.wish(side), "birth_date": "soon"}, 422)
        if answer.status == 422 and side.traces[0] not in answer.content:
            self.wrong.append(f"{side.code}: a refused form forgot what was typed")
        self.sends(side, "/api/v1/people", {**self.wish(side), "hukou_area": self.two.other(side).village}, 403)

    def move(self, side: Side) -> None:
        """A move, of which the plugin hears in the county that has it."""
        wish = {"on": "2026-11-20", "address": f"{side.canary}巷{self.dice.randint(1, 99)}号", "source": side.canary}
        self.sends(side, f"/api/v1/people/{self.person_of(side)}/move", wish, 201, 409, 422)

    def show_foreign_keys(self, side: Side) -> None:
        """The token and the session of the other county open nothing."""
        other = self.two.other(side)
        token = {"authorization": f"Bearer {other.token}"}
        self.hear(side, self.two.ask(side, "GET", "/api/v1/me", headers=token), 401)
        cookie = {"cookie": f"huimin-{side.code}={other.cookie}; huimin-{other.code}={other.cookie}"}
        self.hear(side, self.two.ask(side, "GET", "/people/1", headers=cookie), 303)

    def ask_the_plugin(self, side: Side) -> None:
        """The plugin's pages are there in one county and nowhere in the other."""
        self.asks(side, "/every-hook/", 200 if side.plugin else 404)
        self.sends(side, "/api/v1/every-hook/lines", {"fact": f"记{side.canary}"}, 201 if side.plugin else 404)

    def command(self, side: Side) -> None:
        """What a command does in the same process; every second one thinks better of it."""
        host, thinks_better = side.county.host, self.dice.random() < 0.5
        wish = NewPerson(**self.wish(side))
        with suppress(ThoughtBetter):
            with host.begin(shell_actor(host, "test"), edge="command") as work:
                register_person(work, wish)
                if thinks_better:
                    raise ThoughtBetter
            side.came()


def contents(host: Host) -> Iterator[tuple[str, bytes]]:
    """Every row of every table as bytes, texts as they are written; on SQLite the files as they lie there as well."""
    with host.database.transaction(write=False) as connection:
        names = [name for name in sorted(inspect(connection).get_table_names()) if not name.endswith("_search")]
        for name in names:
            for row in connection.execute(select(text("*")).select_from(table(name))):
                yield name, b"|".join(one if isinstance(one, bytes) else str(one).encode() for one in row)
    file = host.database.file
    if file is not None:
        yield from ((one.name, one.read_bytes()) for one in file.parent.glob(f"{file.name}*"))
