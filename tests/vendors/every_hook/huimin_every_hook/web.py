"""The page and the API of the diary."""

from litestar import Request, Router, get
from litestar.response import Template

from core.web import EVERYONE, begin, guarded, page, public_work
from huimin_every_hook.diary import counts


@get("/", sync_to_thread=True, guards=[guarded("every_hook.show")])
def show(request: Request) -> Template:
    """What was noted."""
    with begin(request) as work:
        rows = counts(work)
    return page("every_hook/diary.html", rows=rows)


@get("/", sync_to_thread=True, guards=[guarded("every_hook.show")])
def show_json(request: Request) -> dict[str, int]:
    """What was noted, for programs."""
    with begin(request) as work:
        return dict(counts(work))


@get("/", sync_to_thread=True, guards=[EVERYONE])
def show_public() -> dict[str, int]:
    """How many facts were noted, for anybody."""
    with public_work() as work:
        return {"facts": len(counts(work))}


router = Router("/every-hook", route_handlers=[show])
api = Router("/api/v1/every-hook", route_handlers=[show_json])
public = Router("/every-hook", route_handlers=[show_public])
