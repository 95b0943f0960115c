"""The door of pages: what a plugin's ``web.py`` imports."""

from typing import Annotated, TypeAlias

from litestar.enums import RequestEncodingType
from litestar.params import Body

from core.web.access import EVERYONE, MEMBERS, guarded
from core.web.answers import FormOf, Page, begin, download, look, page, see_other, wish_page
from core.web.forms import Posted, Typed, Uploaded, read_form
from core.web.paging import Limit, Next, Paged, paged, plain
from core.web.panels import Brought, gather
from core.web.papers import paper, paper_pdf
from core.web.public import public_work, visitor
from core.web.reading import limited
from core.web.repeating import answered

FormData: TypeAlias = Annotated[Posted, Body(media_type=RequestEncodingType.URL_ENCODED)]
"""The posted form of a handler: ``data: FormData``; files are in ``data.files``."""

__all__ = [
    "EVERYONE",
    "MEMBERS",
    "Brought",
    "FormData",
    "FormOf",
    "Limit",
    "Next",
    "Page",
    "Paged",
    "Posted",
    "Typed",
    "Uploaded",
    "answered",
    "begin",
    "download",
    "gather",
    "guarded",
    "limited",
    "look",
    "page",
    "paged",
    "paper",
    "paper_pdf",
    "plain",
    "public_work",
    "read_form",
    "see_other",
    "visitor",
    "wish_page",
]
