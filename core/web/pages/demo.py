"""What only a demo county answers: its bank, and the hint at the foot of the desk."""

from litestar import Request, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Response

from core.errors import NotFound
from core.funds import bank_files
from core.texts import _
from core.web import MEMBERS, begin, download, guarded, see_other
from core.web.current import current
from core.web.entrance import LOOK_SECONDS

HINT = "huimin-hint"
"""The cookie of who closed the hint."""


@post("/demo/hint", sync_to_thread=True, guards=[MEMBERS])
def close_hint() -> Redirect:
    """Do not show the hint again in this browser."""
    current().cookies.append((HINT, "closed", LOOK_SECONDS))
    return see_other("/")


@get("/demo/bank-answer/{batch:int}", sync_to_thread=True, guards=[guarded("funds.import_result")])
def answer(request: Request, batch: FromPath[int]) -> Response[bytes]:
    """The answer of the demo's bank to the file of a batch: every line is paid."""
    from core.demo import bank

    if not current().site.demo:
        raise NotFound(_("没有这个页面。可能地址写错了，也可能这个业务没有启用"))
    with begin(request) as work:
        file = bank_files.fetch(work, batch)
    return download(bank.answer(file.data), _("示例银行回盘-{batch}.csv", batch=batch), "text/csv")


def shows_hint(request: Request) -> bool:
    """Whether the desk says what to try: in a demo county, until somebody closes it."""
    return current().site.demo and HINT not in request.cookies


router = Router("/", route_handlers=[close_hint, answer])
