"""The public page: is this certificate genuine. It answers yes or no, number, hours and surname, nothing else."""

import time
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from litestar import Router, get
from litestar.params import FromQuery
from litestar.response import Template

from core.api import TryAgain, _
from core.web import EVERYONE, page, public_work
from plugins.volunteers.papers import hours_text
from plugins.volunteers.services.certifying import check

HOUR = 3600.0


@dataclass
class Tries:
    """How many checks came within the hour. Kept in the application, lost with it."""

    clock: Any = time.monotonic
    began: float = 0.0
    total: int = 0
    lock: Lock = field(default_factory=Lock)

    def count(self, most: int) -> None:
        """Count one try; raises ``TryAgain`` when there were too many."""
        with self.lock:
            now = self.clock()
            if not self.began or now - self.began >= HOUR:
                self.began, self.total = now, 0
            self.total += 1
            if self.total > most:
                raise TryAgain(_("核验次数太多，请一小时后再试，或打电话询问"))


def public_router(tries: Tries | None = None) -> Router:
    """The routes of the public application, with a count of tries of their own."""
    counted = tries or Tries()

    @get("/check", sync_to_thread=True, guards=[EVERYONE])
    def check_certificate(number: FromQuery[str] = "", code: FromQuery[str] = "") -> Template:
        """Say whether a certificate is genuine."""
        given = {"number": number[:40], "code": code[:40]}
        answer: dict[str, str] | None = None
        if number or code:
            with public_work() as work:
                counted.count(work.policy("volunteers.check_tries_hour"))
                found = check(work, given["number"], given["code"])
            answer = {"words": _("没有这份证明，或核验码不对，或已经撤销"), "state": "bad", "number": ""}
            if found is not None:
                answer = {
                    "words": _("证明属实"),
                    "state": "ok",
                    "number": found[0],
                    "hours": hours_text(found[1]),
                    "surname": found[2],
                }
        return page("volunteers/check.html", given=given, answer=answer)

    return Router("/volunteers", route_handlers=[check_certificate])
