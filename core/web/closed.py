"""The addresses of a county that could not begin: 503 and a page that says so, without a word of the reason."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from litestar.types import Scope, Send

from core.errors import TryAgain
from core.texts import SOURCE, _, language_of, speaking
from core.web.entrance import send_plain
from core.web.rendering import Shell, make_environment, prefix
from core.web.static_files import StaticFiles


@dataclass
class ClosedDoor:
    """A county of the home that is not served: nobody put it together, so nothing of it is known but its address."""

    prefix: str
    names: Sequence[str] = ()
    _pages: dict[str, bytes] = field(default_factory=dict)

    async def answer(self, scope: Scope, send: Send) -> None:
        """Answer one request: what a page looks like, else that the county is closed."""
        path = scope["path"]
        file = self._static.get(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if file is not None:
            await send_plain(send, 200, file.content, file.media_type)
            return
        wish = dict(scope["headers"]).get(b"accept-language", SOURCE.encode()).decode("latin-1")
        if path.startswith("/api/"):
            await send_plain(send, TryAgain.status, _object(wish), "application/json")
        else:
            await send_plain(send, TryAgain.status, self._page(language_of(wish)), "text/html; charset=utf-8")

    @cached_property
    def _static(self) -> StaticFiles:
        return StaticFiles()

    def _page(self, language: str) -> bytes:
        if language not in self._pages:
            at = prefix.set(self.prefix)
            try:
                with speaking(language):
                    shell = Shell(county="", bureau=_("惠民"), version="", language=language)
                    template = make_environment({}, self._static).get_template("closed.html")
                    self._pages[language] = template.render(shell=shell).encode()
            finally:
                prefix.reset(at)
        return self._pages[language]


def _object(wish: str) -> bytes:
    with speaking(wish):
        error = {"code": TryAgain.code, "message": _("这个县暂时没有开放，请稍后再试，或联系管理员")}
    return json.dumps({"error": error}, ensure_ascii=False).encode()
