"""Background work: what waits, what gave up and why, and trying again."""

from typing import Any

from litestar import Request, Router, get, post
from litestar.response import Redirect, Template

from core import jobs
from core.texts import _, mark
from core.values import row_id
from core.web import FormData, begin, guarded, page, see_other

STATES = {
    "waiting": (mark("等待"), "note"),
    "running": (mark("运行中"), "note"),
    "done": (mark("已办结"), "ok"),
    "parked": (mark("停下了"), "bad"),
}


@get("/", sync_to_thread=True, guards=[guarded("job.show")])
def show(request: Request) -> Template:
    """What gave up first, then the newest work."""
    with begin(request) as work:
        context: dict[str, Any] = {
            "parked": jobs.parked(work),
            "queue": jobs.queue(work),
            "known": [(job.name, _(job.title), job.every) for job in work.host.jobs.values()],
            "titles": {job.name: _(job.title) for job in work.host.jobs.values()},
            "states": {name: (_(words), state) for name, (words, state) in STATES.items()},
            "every": {"": _("有事时"), "hourly": _("每小时"), "daily": _("每天"), "monthly": _("每月")},
            "may_run": work.may("job.run"),
        }
    return page("jobs.html", block="list", **context)


@post("/retry", sync_to_thread=True, guards=[guarded("job.run")])
def retry(request: Request, data: FormData) -> Redirect:
    """Put what gave up back into the queue."""
    with begin(request) as work:
        jobs.retry(work, data.text("kind"), row_id(data.text("id")))
    return see_other("/jobs", _("已放回队列，稍后再试"))


@post("/run", sync_to_thread=True, guards=[guarded("job.run")])
def run(request: Request, data: FormData) -> Redirect:
    """Ask for a job now."""
    with begin(request) as work:
        jobs.run_now(work, data.text("name"))
    return see_other("/jobs", _("已排队"))


router = Router("/jobs", route_handlers=[show, retry, run])
