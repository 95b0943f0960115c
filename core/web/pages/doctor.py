"""The check-up in the browser: what ``huimin doctor`` finds, each with what to do. It only looks."""

from litestar import Request, Router, get
from litestar.response import Template

from core.doctor import examine
from core.texts import _
from core.web import begin, guarded, page


@get("/", sync_to_thread=True, guards=[guarded("settings.show")])
def show(request: Request) -> Template:
    """Every finding of the core and of plugins, asked anew at each look."""
    with begin(request) as work:
        work.require("settings.show")
        host = work.host
    found = examine(host)  # its questions open their own transactions
    titles = {one.manifest.name: _(one.manifest.title) for one in host.loaded}
    lines = [(one.title, titles.get(one.plugin, one.plugin), one.message) for one in found.findings]
    return page("doctor.html", lines=lines, asked=found.asked)


router = Router("/doctor", route_handlers=[show])
