"""Help: one plain page for each screen, the list of words, and the phone number of somebody to ask."""

from litestar import Router, get
from litestar.params import FromQuery
from litestar.response import Template

from core import help as helping
from core.texts import _
from core.web import MEMBERS, page
from core.web.current import current


@get("/help", sync_to_thread=True, guards=[MEMBERS])
def show(at: FromQuery[str] = "/") -> Template:
    """The help of one screen, and the list of all."""
    known = current().site.screens
    chosen = known[helping.screen_of(at, known)]
    topics = [(one.at, one.heading) for one in known.values()]
    return page("help.html", heading=chosen.heading, sentences=chosen.sentences, back=chosen.at, topics=topics)


@get("/help/words", sync_to_thread=True, guards=[MEMBERS])
def words() -> Template:
    """The words of the field as Huimin uses them, in both languages."""
    rows = [(one.chinese, one.english, _(one.meaning)) for one in helping.words()]
    return page("words.html", rows=rows)


router = Router("/", route_handlers=[show, words])
