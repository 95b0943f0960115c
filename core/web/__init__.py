"""The door of pages: what a plugin's ``web.py`` imports."""

from core.web.access import EVERYONE, MEMBERS, guarded
from core.web.acting import Asked, act_form, act_routes, form_routes, read_wish, start_form, start_routes
from core.web.acting_api import JsonObject, act_api, answer_act, answer_done, answer_start, start_api
from core.web.answers import FormOf, Page, begin, download, look, page, see_other, wish_page
from core.web.forms import FormData, Posted, Typed, Uploaded, read_form
from core.web.paging import (
    PAGE,
    Limit,
    Next,
    Paged,
    PathYear,
    Skip,
    State,
    Year,
    after_id,
    more_path,
    page_of,
    paged,
    part_of,
    plain,
    rest_path,
)
from core.web.panels import Brought, gather
from core.web.papers import paper, paper_pdf
from core.web.public import count_try, public_work
from core.web.reading import limited
from core.web.repeating import answered

__all__ = [
    "EVERYONE",
    "MEMBERS",
    "PAGE",
    "Asked",
    "Brought",
    "FormData",
    "FormOf",
    "JsonObject",
    "Limit",
    "Next",
    "Page",
    "Paged",
    "PathYear",
    "Posted",
    "Skip",
    "State",
    "Typed",
    "Uploaded",
    "Year",
    "act_api",
    "act_form",
    "act_routes",
    "after_id",
    "answer_act",
    "answer_done",
    "answer_start",
    "answered",
    "begin",
    "count_try",
    "download",
    "form_routes",
    "gather",
    "guarded",
    "limited",
    "look",
    "more_path",
    "page",
    "page_of",
    "paged",
    "paper",
    "paper_pdf",
    "part_of",
    "plain",
    "public_work",
    "read_form",
    "read_wish",
    "rest_path",
    "see_other",
    "start_api",
    "start_form",
    "start_routes",
    "wish_page",
]
