"""Pages of the registry of households: the list, one household with what plugins bring, its changes, its paper."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Response, Template

from core import documents
from core.households import duplicate_web, exporting, household_act_web, queries, roster_web
from core.households.areas import list_areas
from core.households.file import file_sheet, household_file
from core.households.history import changes_in_words
from core.households.queries import HouseholdFilter
from core.households.search import find_people, is_sensitive
from core.identity.attachments import attachment_lines
from core.texts import _
from core.web import FormData, begin, download, guarded, page, see_other
from core.web.answers import look
from core.web.panels import gather
from core.work import UnitOfWork

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOW, EXPORT = [guarded("household.show")], [guarded("household.export")]
FOUND_MAX = 200
FILES_SHOWN = 5


@get("/", sync_to_thread=True, guards=SHOW)
def show_list(
    request: Request,
    q: FromQuery[str] = "",
    town: FromQuery[str] = "",
    village: FromQuery[str] = "",
    closed: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Template:
    """Households of one's areas, by number; a search word narrows them to those of the people found."""
    given = {"town": town, "village": village, "closed": closed}
    with begin(request) as work:
        if is_sensitive(q):
            return _list(work, {**given, "q": "", "after": ""}, warned=True)
        return _list(work, {**given, "q": q.strip(), "after": after})


@post("/search", sync_to_thread=True, guards=SHOW)
def search(request: Request, data: FormData) -> Template | Redirect:
    """Search: a word goes into the address, a whole number never does."""
    given = {name: data.text(name) for name in ("town", "village", "closed", "q")}
    if not is_sensitive(given["q"]):
        return see_other(_address({name: text for name, text in given.items() if text}))
    with look() as work:  # a search is no act: the same form may search again and again
        return _list(work, {**given, "after": ""})


@get("/export", sync_to_thread=True, guards=EXPORT)
def ask_export(request: Request, area: FromQuery[str] = "") -> Template:
    """Say what an export holds before it leaves."""
    with begin(request) as work:
        counts = queries.count_households(work, area)
    return page(
        "confirm.html",
        question=_("导出 {count} 人的名册？", count=counts["people"]),
        action="/households/export",
        back="/households",
        safe=_("不导出"),
        verb=_("导出 Excel"),
        danger=False,
        sentences=[_("名册里的证件号码和账号是隐去的。导出会记入审计。")],
        lines=[],
        keep=[("area", area)],
        ask_reason=False,
        ask_password=False,
    )


@post("/export", sync_to_thread=True, guards=EXPORT)
def export(request: Request, data: FormData) -> Response[bytes]:
    """The households of one's areas as a workbook."""
    with begin(request) as work:
        content, _rows = exporting.export_households(work, data.text("area"))
    return download(content, _("户籍名册.xlsx"), EXCEL)


@get("/{household:int}", sync_to_thread=True, guards=SHOW)
def show(request: Request, household: FromPath[int]) -> Template:
    """One household: members, lanes and cards from all plugins, changes, files."""
    with begin(request) as work:
        found = household_file(work, household)
        area = found["area"]
        work.record_read("household.shown", f"household:{household}", area=area)
        ids = tuple(member["id"] for member in found["members"])
        brought = gather(
            work, work.hooks.show("show_household_panels", work=work, household_id=household, person_ids=ids)
        )
        sees_files = work.may("attachment.show", area)
        files = attachment_lines(work, f"household:{household}") if sees_files else []
        may = {
            "change": work.may("household.change", area) and found["closed_on"] is None,
            "reveal": work.may("person.reveal", area),
            "person": work.may("person.show", area),
            "files": sees_files,
            "add_file": work.may("attachment.add", area),
        }
    return page(
        "households/show.html",
        household=found,
        brought=brought,
        files=files[:FILES_SHOWN],
        may=may,
        all_files=len(files),
    )


@get("/{household:int}/changes", sync_to_thread=True, guards=SHOW)
def changes(request: Request, household: FromPath[int]) -> Template:
    """Everything that was changed in a household, before and after, newest first."""
    with begin(request) as work:
        found = household_file(work, household)
        work.record_read("household.shown", f"household:{household}", area=found["area"])
        lines = changes_in_words(work, household)
    return page("households/changes.html", household=found, lines=lines)


@get("/{household:int}/sheet", sync_to_thread=True, guards=SHOW)
def as_sheet(request: Request, household: FromPath[int]) -> Template:
    """The household's file as a sheet of paper on the screen."""
    drawn = documents.draw(_sheet(request, household))
    return page(
        "sheet.html",
        sheet=drawn.sheet,
        drawn=drawn,
        pages=documents.pages(drawn),
        back=f"/households/{household}",
        pdf_path=f"/households/{household}/pdf",
    )


@get("/{household:int}/pdf", sync_to_thread=True, guards=SHOW)
def as_pdf(request: Request, household: FromPath[int]) -> Response[bytes]:
    """The household's file as PDF."""
    sheet = _sheet(request, household)
    printed = documents.pdf(sheet)
    return download(printed.content, f"{sheet.title} {sheet.number}.pdf", "application/pdf")


def _sheet(request: Request[Any, Any, Any], household: int) -> Any:
    with begin(request) as work:
        found = household_file(work, household)
        work.record_read("household.printed", f"household:{household}", area=found["area"])
        return file_sheet(work, found)


def _list(work: UnitOfWork, given: Mapping[str, str], warned: bool = False) -> Template:
    town, village = given["town"], given["village"]
    area = village if village.startswith(town) and village else town
    numbers = None
    if given["q"]:
        people = find_people(work, given["q"], FOUND_MAX)["people"] if work.may("person.show") else []
        numbers = tuple(sorted({one["household"] for one in people if one["household"]}))
    wish = HouseholdFilter(area=area, closed=bool(given["closed"]), after=given["after"], numbers=numbers)
    found = queries.list_households(work, wish)
    areas = list_areas(work)
    seen = [one for one in areas if queries.sees(work, one["code"])]
    towns = [(one["code"], one["name"]) for one in seen if one["level"] == "town"]
    below = town or (towns[0][0] if len(towns) == 1 else "")
    villages = [
        (one["code"], one["name"]) for one in seen if one["level"] == "village" and below and one["parent"] == below
    ]
    narrowed = {name: text for name, text in given.items() if text and name != "after"}
    last = found["households"][-1]["number"] if found["more"] else ""
    return page(
        "households/list.html",
        block="list",
        households=found["households"],
        counts=queries.count_households(work, area),
        names={one["code"]: one["name"] for one in areas},
        towns=towns,
        villages=villages,
        given=given,
        narrowed=bool(narrowed),
        warned=warned,
        area=area,
        more=_address({**narrowed, "after": last}) if last and not is_sensitive(given["q"]) else "",
        may={name: work.may(f"household.{name}") for name in ("change", "import", "export", "compare")},
    )


def _address(given: Mapping[str, str]) -> str:
    return "/households?" + urlencode(given) if given else "/households"


router = Router(
    "/households",
    route_handlers=[
        show_list, search, ask_export, export, show, changes, as_sheet, as_pdf,
        household_act_web.router, roster_web.router, duplicate_web.router,
    ],
)  # fmt: skip
