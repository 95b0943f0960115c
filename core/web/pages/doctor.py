"""The check-up in the browser: what ``huimin doctor`` finds, each with what to do. It only looks."""

from litestar import Request, Router, get
from litestar.response import Template

from core.doctor import examine
from core.web import begin, guarded, page
from core.web.pages.desk import titles_of


@get("/", sync_to_thread=True, guards=[guarded("settings.show")])
def show(request: Request) -> Template:
    """Every finding of the core and of plugins, asked anew at each look."""
    with begin(request) as work:
        work.require("settings.show")
        host, titles = work.host, titles_of(work)
    found = examine(host)  # its questions open their own transactions
    lines = [(one.title, titles.get(one.plugin, one.plugin), one.message) for one in found.findings]
    return page("doctor.html", lines=lines, asked=found.asked)


router = Router("/doctor", route_handlers=[show])
