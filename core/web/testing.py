"""A browser without script, for tests: signs in as a role, keeps cookies, carries the keys of forms."""

import re
import secrets
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pyotp
from litestar.testing import TestClient

from core.identity import signing_in
from core.identity.accounts import new_code
from core.identity.actors import actor_by_token, shell_actor
from core.identity.look import Look, set_look
from core.web.dispatcher import Dispatcher, Door
from core.wishes import checked

if TYPE_CHECKING:
    from core.host import Host
    from core.testing import County

PASSWORD = "Xiang-Jiang-2026"  # noqa: S105 - accounts of tests
COOKIE = "huimin"
STATIC = Path(__file__).parent / "static"


class Browser:
    """Pages, forms and API of a county through the whole application, with a Host of its own like a second process."""

    def __init__(self, county: "County") -> None:
        self.county = county
        self.door = Door(self._open)
        self.dispatcher = Dispatcher([self.door])
        self.client: TestClient[Any] = TestClient(self.dispatcher, base_url="http://127.0.0.1")
        self.name = ""
        self._known: dict[str, str] = {}

    def _open(self) -> "Host":
        from core.host import Host
        from core.settings import load

        self.county.touched = True
        return Host(load(self.county.home, self.county.code), clock=self.county.clock)

    def __enter__(self) -> Self:
        """Open the browser."""
        self.client.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it, and the county it looked at."""
        self.client.__exit__(kind, error, trace)
        self.dispatcher.close()

    @property
    def host(self) -> "Host":
        """The Host that answers the pages."""
        return self.door.mounted.host

    def sign_in(self, role: str, area: str = "", name: str = "", language: str = "") -> Self:
        """Sign in as an account with a role in an area, through the page; a money role gets its second factor first."""
        self.name = self.county.account(role, area, name)
        self.sign_out()
        if self.name in self._known:
            form = {"way": "password", "name": self.name, "password": PASSWORD, "one_time": self._one_time()}
        else:
            with self.county.host.begin(shell_actor(self.county.host, "test"), edge="command") as work:
                code = new_code(work, self.name)
            self._set_factor(role)
            form = {"way": "code", "name": self.name, "code": code, "password": PASSWORD, "again": PASSWORD}
        answer = self.client.post("/sign-in", data=form, follow_redirects=False)
        if answer.status_code != 303:
            raise AssertionError(answer.text)
        self._known.setdefault(self.name, "")
        if language:
            self._speak(language)
        return self

    def _speak(self, language: str) -> None:
        with self.county.host.begin(actor_by_token(self.county.host, self.county.token(self.name))) as work:
            set_look(work, checked(Look, language=language))

    def faults_of_markup(self, path: str) -> list[str]:
        """What of a page would not work on a phone, in large type or on paper, judged by its markup alone.

        The stylesheet of the core does the rest: it has rules for 390 px, large type and print for all its classes.
        """
        answer = self.get(path)
        page = answer.text
        known = set(re.findall(r"\.([A-Za-z][\w-]*)", (STATIC / "app.css").read_text(encoding="utf-8")))
        used = {word for words in re.findall(r'class="([^"]*)"', page) for word in words.split()}
        faults = [] if answer.status_code == 200 else [f"{path}: {answer.status_code}"]
        faults += [f"class {name} is not in the stylesheet" for name in sorted(used - known)]
        faults += [f"{what} in the page" for what in ("style=", "<style", "onclick=") if what in page]
        if 'name="viewport"' not in page:
            faults.append("no viewport")
        if page.count("<h1") != 1:
            faults.append("not exactly one h1")
        if "<table" in page and "<caption" not in page:
            faults.append("a table without a caption")
        return faults

    def _set_factor(self, role: str) -> None:
        if not self.county.host.roles[role].second_factor or self._known.get(self.name):
            return
        factor = signing_in.new_factor()
        actor = actor_by_token(self.county.host, self.county.token(self.name))
        with self.county.host.begin(actor) as work:
            signing_in.set_factor(work, factor, pyotp.TOTP(factor).at(work.now))
        self._known[self.name] = factor

    def _one_time(self) -> str:
        factor = self._known[self.name]
        return pyotp.TOTP(factor).at(self.county.clock.now()) if factor else ""

    def sign_out(self) -> None:
        """Forget every cookie."""
        self.client.cookies.clear()

    @property
    def form_key(self) -> str:
        """The key that forms of this session carry."""
        token = self.client.cookies.get(COOKIE)
        found = signing_in.session_of(self.host, token) if token else None
        return found.form_key if found else ""

    def get(self, path: str, **more: Any) -> Any:
        """Open a page; redirects are followed."""
        return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        """Send a form with the keys that the page would have put in; redirects are not followed unless asked for."""
        keys = {"_form_key": self.form_key, "_once": secrets.token_urlsafe(12)}
        more.setdefault("follow_redirects", False)
        return self.client.post(path, data={**keys, **(data or {})}, **more)

    def api(self, method: str, path: str, *, as_: str, **more: Any) -> Any:
        """Call the API with the token of an account of the test."""
        headers = {"authorization": f"Bearer {self.county.token(as_)}", **more.pop("headers", {})}
        return self.client.request(method, f"/api/v1{path}", headers=headers, **more)
