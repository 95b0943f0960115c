"""The request that is being answered: which county, who, in which language and from where."""

from collections import OrderedDict
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from markupsafe import Markup

from core.errors import Fault, NotSignedIn
from core.texts import _
from core.web.forms import Posted
from core.web.static_files import StaticFiles
from core.web.tries import Tries

if TYPE_CHECKING:
    from core.help import Topic
    from core.host import Host
    from core.identity.signing_in import SignedIn
    from core.work import Actor

REMEMBERED = 1_000


@dataclass
class Site:
    """One county's web application: its host, templates and static files, and short memories that may be lost.

    ``rights`` are those of addresses without a number in them, gathered when a page first asks.
    ``screens`` is the help of each screen by the beginning of its address.
    ``answered`` keeps where a form sent its reader, so that a second click of the same form leads there too;
    ``counts`` how many tasks wait for an account, until an instant of the process clock; ``parts`` drawn menus.
    """

    host: "Host"
    environment: Environment
    static: StaticFiles
    demo: bool
    screens: Mapping[str, "Topic"]
    answered: "OrderedDict[tuple[int, str], str]" = field(default_factory=OrderedDict)
    counts: dict[int, tuple[float, int, bool]] = field(default_factory=dict)
    parts: "OrderedDict[tuple[Any, ...], Markup]" = field(default_factory=OrderedDict)
    tries: Tries = field(default_factory=Tries)
    rights: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def remember(self, account_id: int, once: str, address: str) -> None:
        """Keep where a form led, for its second click."""
        self.answered[account_id, once] = address
        while len(self.answered) > REMEMBERED:
            self.answered.popitem(last=False)

    def part(self, template: str, *key: Any, **context: Any) -> Markup:
        """A part of many pages, drawn once for each ``key``: the menu of a reader hardly ever changes."""
        known = self.parts.get((template, *key))
        if known is None:
            known = Markup(self.environment.get_template(template).render(context))  # noqa: S704 - our own template
            self.parts[template, *key] = known
            while len(self.parts) > REMEMBERED:
                self.parts.popitem(last=False)
        return known


@dataclass
class Current:
    """What is known of the request before a handler runs, and what the handler leaves for the answer."""

    site: Site
    path: str
    query: str
    method: str
    address: str
    secure: bool
    partial: str = ""
    actor: "Actor | None" = None
    signed_in: "SignedIn | None" = None
    language: str = "zh-CN"
    large: bool = False
    said: str = ""
    posted: Posted | None = None
    permission: str = ""
    key_used: bool = False
    cookie: str = "huimin"
    token: str = ""
    cookies: list[tuple[str, str, int]] = field(default_factory=list)
    scope: Any = None

    @property
    def writes(self) -> bool:
        """Whether the request may change something."""
        return self.method not in ("GET", "HEAD", "OPTIONS")

    @property
    def edge(self) -> str:
        """Where the act comes in, for the audit: page or api."""
        return "api" if self.path.startswith("/api/") else "page"

    def who(self) -> "Actor":
        """The actor; raises ``NotSignedIn``."""
        if self.actor is None:
            raise NotSignedIn(_("请先登录"))
        return self.actor


_current: ContextVar[Current | None] = ContextVar("current", default=None)


def set_current(one: Current) -> None:
    """Say which request this task answers; its worker threads inherit it."""
    _current.set(one)


def asked() -> Current | None:
    """The request that is being answered, None outside of one."""
    return _current.get()


def current() -> Current:
    """The request that is being answered; a fault outside of one."""
    one = _current.get()
    if one is None:
        raise Fault("no request is being answered here")
    return one
