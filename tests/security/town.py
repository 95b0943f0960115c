"""A demo county with every plugin and an account of every role in three places, asked without a network.

``made`` builds it once for all processes of a run; a ``Town`` is a copy of it with one application, which can be put
back to how it was made.
"""

import fcntl
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urljoin, urlsplit

from core.demo.making import Wish, make_demo
from core.host import Clock
from core.identity import signing_in
from core.identity.accounts import NewAccount, add_account, switch_account
from core.identity.actors import shell_actor
from core.roles import BUILT_IN
from core.testing import CODE, TOWN, County
from core.web.access import Guarded, named_rights
from core.web.app import _handlers, create_app
from core.web.threads import threads
from tests.crawling import LINK, LOADED, NOT_PAGES, kind_of
from tests.loops import Loop

NOW = datetime.fromisoformat("2026-11-20T09:00:00+08:00")
HOUSEHOLDS = 120
PLACES = {"county": CODE, "here": TOWN, "there": "430223126"}
"""Where an account of each role works: everywhere, in the town most is told of, and in one nothing is told of."""
ACTION = re.compile(r'\baction="([^"#]+)"')
PARAMETER = re.compile(r"\{(\w+):(\w+)\}")
NOWHERE = 987654
WORDS = {
    "accounts:accounts#1": "clerk-county", "accounts:accounts#2": "disable", "plugins:plugins#1": "dibao",
    "plugins:plugins#2": "disable", "donations:donations#1": "funds", "indicators:indicators#1": "targets",
    "social-workers:social-workers#1": "workers", "settings:settings#1": "web", "canteen:canteen#1": "sites",
    "orphan-care:due#1": "birthdays", "volunteers:files#1": "people", "double-support:files#1": "assessments",
    "social-workers:files#1": "workers", "jobs:jobs#1": "job", "appeals#1": "complaint",
    "double-support:years#1": "2026", "social-workers:exam-years#1": "2026", "indicators:period#1": "2026-10",
    "donations:closing#1": "2026-10", "fund-periods#1": "2026-10",
}  # fmt: skip
"""Steps of addresses that no link of the walk names."""
WORDLIKE = {"act", "room", "kind", "start", "event", "section", "month", "period"}
MOST_PAGES = 900


@dataclass(frozen=True)
class Reader:
    """Who asks: an account with its session, the key of its forms, and its token."""

    name: str
    role: str
    place: str
    cookie: str
    form_key: str
    token: str


NOBODY = Reader("nobody", "", "", "", "", "")


@dataclass(frozen=True)
class Route:
    """One address with one method, and the right its guard asks for: "*" everybody, "-" whoever is signed in."""

    method: str
    path: str
    right: str

    @property
    def is_api(self) -> bool:
        """Whether tokens open it, not sessions."""
        return self.path.startswith("/api/")

    @property
    def takes_ids(self) -> bool:
        """Whether something is named in its address."""
        return "{" in self.path


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8", "replace")

    @property
    def outcome(self) -> str:
        """In one word what it means to who asked."""
        if self.status == 401 or (self.status == 303 and "/sign-in" in self.headers.get("location", "")):
            return "sign-in"
        named = {403: "closed", 404: "nothing", 405: "no-method"}
        return named.get(self.status, "fault" if self.status >= 500 else "open")


class Town:
    """A copy of the county in ``home`` with its application."""

    def __init__(self, template: Path, home: Path) -> None:
        self.template = template
        shutil.copytree(template / "county", home)
        self.county = County(home, Clock(NOW))
        self.app = create_app(self.county.host)
        threads()
        self.loop = Loop()
        people = json.loads((template / "people.json").read_text(encoding="utf-8"))
        self.people = {one["name"]: Reader(**one) for one in people}
        found = template / "addresses.json"
        self.addresses: dict[str, str] = json.loads(found.read_text(encoding="utf-8")) if found.is_file() else {}
        self.routes = routes_of(self.app)

    @property
    def file(self) -> Path:
        """The database, whether a Host is open on it or not."""
        return self.county.home / "data" / f"{CODE}.db"

    def close(self) -> None:
        """Give everything back."""
        self.loop.close()
        self.county.close()

    def put_back(self) -> None:
        """The county as it was made, whatever was done to it since."""
        host = self.county.host
        host.database.close()
        for name in ("data", "config"):
            shutil.rmtree(self.county.home / name)
            shutil.copytree(self.template / "county" / name, self.county.home / name)
        self.app.site.answered.clear()
        self.app.site.counts.clear()

    def of(self, role: str, place: str = "county") -> Reader:
        """The reader with a role in a place."""
        return self.people[f"{role}-{place}"]

    @property
    def roles(self) -> list[str]:
        """Every role somebody can hold."""
        return sorted(set(self.county.host.roles) - set(BUILT_IN))

    def ask(
        self,
        method: str,
        path: str,
        reader: Reader = NOBODY,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for an address; whoever has a session or a token shows it."""
        given = {"host": "127.0.0.1", **(headers or {})}
        if reader.token and path.startswith("/api/"):
            given.setdefault("authorization", f"Bearer {reader.token}")
        elif reader.cookie:
            given.setdefault("cookie", f"huimin={reader.cookie}")
        return self.loop.run(asked(self.app, method, path, body, given))

    def knock(self, route: Route, path: str, reader: Reader = NOBODY) -> Answer:
        """Ask a route of this address with nothing in the body but what every form carries."""
        if route.method == "GET":
            return self.ask("GET", path, reader)
        if route.is_api:
            return self.ask(route.method, path, reader, b"{}", {"content-type": "application/json"})
        return self.post(path, {}, reader)

    def post(self, path: str, form: Mapping[str, Any], reader: Reader = NOBODY) -> Answer:
        """Send a form as its page would."""
        body = urlencode({"_form_key": reader.form_key, **form}, doseq=True).encode()
        return self.ask("POST", path, reader, body, {"content-type": "application/x-www-form-urlencoded"})

    def address(self, route: Route, fill: str = "") -> str:
        """An address of a route that names something there is; with ``fill``, names nothing there is."""
        if not route.takes_ids:
            return route.path
        known = self.addresses.get(route.path, "")
        if not known:
            return "/".join(self._steps(route.path, fill))
        asked = zip(route.path.split("/"), known.split("/"), strict=True)
        return "/".join(fill if fill and _names_a_thing(part) else given for part, given in asked)

    def takes(self, method: str, address: str) -> bool:
        """Whether some route answers this method at this address."""
        return any(one.method == method and _pattern(one.path).fullmatch(address) for one in self.routes)

    def _steps(self, path: str, fill: str) -> Iterator[str]:
        place = Place(path)
        for part in path.split("/"):
            keys = place.at(part)
            asked = PARAMETER.fullmatch(part)
            if not asked:
                yield part
                continue
            known = [one for key in keys if (one := WORDS.get(key) or self.addresses.get(key, ""))]
            fitting = [one for one in known if asked[2] != "int" or one.isdecimal()]
            given = fitting[0] if fitting and not (fill and _names_a_thing(part)) else fill or str(NOWHERE)
            if asked[1] in ("room", "kind", "start"):
                place.enter(given)
            yield given


class Place:
    """Where one stands in a path: ``/people/{person}/events/{event}`` asks for people of ``people``, then for events.

    What stands at a parameter is kept under two names: with the root of the path, and without it.
    """

    def __init__(self, path: str) -> None:
        parts = path.split("/")
        self.root = parts[3] if path.startswith("/api/v1/") else parts[1]
        self.enter("")

    def enter(self, word: str) -> None:
        """Go on behind a word."""
        self.word, self.count = word, 0

    def at(self, part: str) -> tuple[str, str]:
        """The names of the next step."""
        if PARAMETER.fullmatch(part):
            self.count += 1
        else:
            self.enter(part)
        return f"{self.root}:{self.word}#{self.count}", f"{self.word}#{self.count}"


async def asked(app: Any, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    parts = urlsplit(path)
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "method": method,
        "path": unquote(parts.path), "raw_path": parts.path.encode(), "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 80), "state": {}, "extensions": {},
    }  # fmt: skip
    if body and "content-length" not in headers:
        scope["headers"].append((b"content-length", str(len(body)).encode()))
    said: list[Any] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        said.append(message)

    await app(scope, receive, send)
    start = said[0]
    content = b"".join(one.get("body", b"") for one in said[1:])
    return Answer(start["status"], {k.decode().lower(): v.decode("latin-1") for k, v in start["headers"]}, content)


def routes_of(entrance: Any) -> list[Route]:
    """Every address and method of an application, the framework's own answers left out."""
    found = []
    for route in entrance.app.routes:
        for handler in _handlers(route):
            asked = [one.permission or "-" for one in named_rights(handler) if isinstance(one, Guarded)]
            right = " ".join(sorted(set(asked) - {"-"})) or ("-" if asked else "*")
            for method in sorted(getattr(handler, "http_methods", ())):
                found.append(Route(method, route.path, right))
    return sorted(set(found), key=lambda one: (one.path, one.method))


def made(folder: Path) -> Path:
    """The county with its readers and the addresses of its things: made by the first process that asks."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").is_file():
            _make(folder)
            (folder / "ready").touch()
    return folder


def _make(folder: Path) -> None:
    home = folder / "county"
    make_demo(home, Wish(households=HOUSEHOLDS, now=NOW))
    county = County(home, Clock(NOW))
    people = [asdict(one) for one in _hired(county)]
    county.close()
    (folder / "people.json").write_text(json.dumps(people), encoding="utf-8")
    town = Town(folder, folder / "walked")
    found = _walked(town)
    town.close()
    shutil.rmtree(folder / "walked")
    (folder / "addresses.json").write_text(json.dumps(found, indent=1, sort_keys=True), encoding="utf-8")


def _hired(county: County) -> Iterator[Reader]:
    host = county.host
    roles = sorted(set(host.roles) - set(BUILT_IN))
    for place, area in PLACES.items():
        for role in roles:
            yield _hire(county, f"{role}-{place}", role, area, place)
    gone = _hire(county, "disabled", "clerk", CODE, "disabled")
    yield gone
    with host.begin(shell_actor(host, "test"), edge="command") as work:
        switch_account(work, "disabled", enabled=False)


def _hire(county: County, name: str, role: str, area: str, place: str) -> Reader:
    host = county.host
    with host.begin(shell_actor(host, "test"), edge="command") as work:
        token = add_account(work, NewAccount(name=name, roles=[role], area=area)).token
    cookie = signing_in.sign_in_demo(host, name, "127.0.0.1")
    session = signing_in.session_of(host, cookie)
    return Reader(name, role, place, cookie, session.form_key if session else "", token)


def _walked(town: Town) -> dict[str, str]:
    """An address for every route that a link or a form leads to, and what stands behind each word of addresses.

    Who works in one town comes first, so that what is found lies there where it can.
    """
    patterns = [(route.path, _pattern(route.path)) for route in town.routes if route.takes_ids]
    plain = {route.path for route in town.routes if not route.takes_ids}
    found: dict[str, str] = {}
    host = town.county.host
    broadest = sorted(town.roles, key=lambda role: (-len(host.rights_of(role)), role))
    for place in ("here", "county"):
        known: set[str] = set()  # a list that is empty in one town is looked at again by who sees the county
        for role in broadest:
            waiting = ["/"]
            while waiting and len(known) < MOST_PAGES:
                address = waiting.pop(0)
                answer = town.ask("GET", address, town.of(role, place))
                if answer.status != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
                    continue
                page = answer.text
                for link in (*LINK.findall(page), *LOADED.findall(page), *ACTION.findall(page)):
                    target = urljoin(address, unescape(link))
                    if target.startswith(("//", "/static")) or not target.startswith("/"):
                        continue
                    if urlsplit(target).path not in plain:
                        _keep(found, patterns, urlsplit(target).path)
                    kind = kind_of(target)
                    if kind not in known and not NOT_PAGES.search(urlsplit(target).path):
                        known.add(kind)
                        waiting.append(target)
    return found


def _keep(found: dict[str, str], patterns: list[tuple[str, re.Pattern[str]]], path: str) -> None:
    """Keep an address for the route that answers it: the one with the fewest parameters."""
    fitting = [pattern for pattern, expression in patterns if expression.fullmatch(path)]
    for pattern in sorted(fitting, key=lambda one: one.count("{"))[:1]:
        found.setdefault(pattern, path)
        place = Place(pattern)
        for asked, given in zip(pattern.split("/"), path.split("/"), strict=True):
            keys = place.at(asked)
            if PARAMETER.fullmatch(asked):
                for key in keys:
                    found.setdefault(key, given)


def _names_a_thing(part: str) -> bool:
    """Whether a step of a route names one thing of many, and not what is done to it or a word of the program."""
    asked = PARAMETER.fullmatch(part)
    return bool(asked) and (asked[2] == "int" or asked[1] not in WORDLIKE)


def _pattern(path: str) -> re.Pattern[str]:
    steps = (r"\d+" if (one := PARAMETER.fullmatch(part)) and one[2] == "int" else "[^/]+" if one else re.escape(part)
             for part in path.split("/"))  # fmt: skip
    return re.compile("/".join(steps))
