"""Pages of cases."""

from litestar import Request, Router, get
from litestar.response import Template

from core.web import begin, guarded, page
from plugins.casework.queries import CaseFilter, list_cases

SHOW = [guarded("casework.show")]


@get("/", sync_to_thread=True, guards=SHOW)
def show_list(request: Request) -> Template:
    """Cases of one's areas."""
    with begin(request) as work:
        rows = list_cases(work, CaseFilter())
    return page("casework/list.html", rows=rows)


router = Router("/casework", route_handlers=[show_list])
