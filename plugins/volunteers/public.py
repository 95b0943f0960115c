"""The public page: is this certificate genuine. It answers yes or no, number, hours and surname, nothing else."""

from litestar import Router, get
from litestar.params import FromQuery
from litestar.response import Template

from core.api import _
from core.web import EVERYONE, count_try, page, public_work
from plugins.volunteers.papers import hours_text
from plugins.volunteers.services.certifying import check


def public_router() -> Router:
    """The routes of the public application."""

    @get("/check", sync_to_thread=True, guards=[EVERYONE])
    def check_certificate(number: FromQuery[str] = "", code: FromQuery[str] = "") -> Template:
        """Say whether a certificate is genuine."""
        given = {"number": number[:40], "code": code[:40]}
        answer: dict[str, str] | None = None
        if number or code:
            with public_work() as work:
                count_try(work)
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
