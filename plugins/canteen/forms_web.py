"""The forms of canteens: of something new, of every act on what there is, and of a card, which is printed once."""

from litestar import Request, Router, get, post
from litestar.params import FromPath
from litestar.response import Response, Template

from core.api import Refused
from core.web import Asked, FormData, act_form, begin, form_routes, guarded, look, paper_pdf, read_form
from plugins.canteen.acts import ACTING, DINER_ACTS
from plugins.canteen.papers import card_sheet

SHOW = [guarded("canteen.show")]


@get("/diners/{number:str}/card", sync_to_thread=True, guards=SHOW)
def ask_card(request: Request, number: FromPath[str]) -> Template:
    """The form of a card."""
    with begin(request) as work:
        return act_form(ACTING, work, Asked("diners", number, "card"))


@post("/diners/{number:str}/card", sync_to_thread=True, guards=SHOW)
def issue_card(request: Request, number: FromPath[str], data: FormData) -> Template | Response[bytes]:
    """Issue it, and answer with the PDF: its code is never shown again."""
    act = DINER_ACTS["card"]
    try:
        with begin(request) as work:
            done = act.do(work, number, read_form(act.wish, data))
            return paper_pdf(card_sheet(work, number, done.data["token"]))
    except Refused as refusal:
        with look() as work:
            return act_form(ACTING, work, Asked("diners", number, "card"), data, refusal.objections)


router = Router("/canteen", route_handlers=[ask_card, issue_card, *form_routes(ACTING)])
