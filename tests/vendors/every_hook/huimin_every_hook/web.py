"""The page and the API of the diary."""

from litestar import Request, Router, get
from litestar.response import Template

from core.web import EVERYONE, act_api, begin, form_routes, guarded, page, public_work, start_api
from huimin_every_hook.acts import ACTING
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


router = Router("/every-hook", route_handlers=[show, *form_routes(ACTING)])
api = Router(
    "/api/v1/every-hook",
    route_handlers=[
        show_json,
        start_api(ACTING, "lines", "/lines", "every_hook_write", "Write a line."),
        act_api(ACTING, "lines", "/lines", "every_hook_act", "Correct."),
    ],
)
public = Router("/every-hook", route_handlers=[show_public])
