"""Reports: choose one, answer its questions, read it as a table, take it as Excel, CSV or paper."""

import io
from typing import Any

from litestar import Request, Router, get
from litestar.params import FromPath
from litestar.response import Response, Template

from core import documents, reports
from core.errors import NotFound, Refused
from core.extension import Report
from core.headers import header
from core.spreadsheets import write_csv
from core.texts import _
from core.web import begin, download, guarded, page

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_MAX = 500


@get("/", sync_to_thread=True, guards=[guarded("report.show")])
def show(request: Request) -> Template:
    """Every report this person may run, by plugin."""
    with begin(request) as work:
        found = reports.open_to(work)
        titles = {
            one.manifest.name.replace("_", "-"): (_(one.manifest.title), one.manifest.hue) for one in work.host.loaded
        }
    lines = [
        {
            "name": one.name,
            "title": _(one.title),
            "note": _(one.note) if one.note else "",
            "origin": _origin(one, titles),
        }
        for one in found
    ]
    return page("reports.html", lines=lines)


@get("/{name:str}", sync_to_thread=True, guards=[guarded("report.show")])
def ask(request: Request, name: FromPath[str]) -> Template:
    """The report's questions, answered at once with what stands in them."""
    given = _given(request)
    with begin(request) as work:
        report = _find(work.host.reports, name)
        work.require(report.permission, reports.area_of(work, report))
        objections: Any = ()
        answer = None
        try:
            answer = reports.run(work, report, given)
        except Refused as refusal:
            objections = refusal.objections
        values = {**reports.defaults(report, work.today), **given}
    columns = reports.heads(report.columns)
    return page(
        "report.html",
        status=422 if objections else 200,
        report=report,
        title=_(report.title),
        note=_(report.note) if report.note else "",
        answer=answer,
        shown=answer.rows[:SHOWN_MAX] if answer else (),
        columns=columns,
        heads=header(columns),
        picture=reports.picture(answer) if answer else None,
        questions=[
            (one, _(one.title), [(value, _(words)) for value, words in one.choices]) for one in report.parameters
        ],
        query=request.url.query,
        values=values,
        objections=objections,
    )


@get("/{name:str}/excel", sync_to_thread=True, guards=[guarded("report.show")])
def as_excel(request: Request, name: FromPath[str]) -> Response[bytes]:
    """The report as a workbook."""
    answer, office = _answer(request, name)
    return download(reports.as_excel(answer, office), f"{answer.title}.xlsx", EXCEL)


@get("/{name:str}/csv", sync_to_thread=True, guards=[guarded("report.show")])
def as_csv(request: Request, name: FromPath[str]) -> Response[bytes]:
    """The report as CSV for another program."""
    answer, office = _answer(request, name)
    out = io.BytesIO()
    write_csv(out, reports.as_grid(answer, office))
    return download(out.getvalue(), f"{answer.title}.csv", "text/csv; charset=gb18030")


@get("/{name:str}/sheet", sync_to_thread=True, guards=[guarded("report.show")])
def as_sheet(request: Request, name: FromPath[str]) -> Template:
    """The report as a sheet of paper on the screen."""
    answer, office = _answer(request, name)
    drawn = documents.draw(reports.as_sheet(answer, office))
    query = f"?{request.url.query}" if request.url.query else ""
    return page(
        "sheet.html",
        sheet=drawn.sheet,
        drawn=drawn,
        pages=documents.pages(drawn),
        back=f"/reports/{name}{query}",
        pdf_path=f"/reports/{name}/pdf{query}",
    )


@get("/{name:str}/pdf", sync_to_thread=True, guards=[guarded("report.show")])
def as_pdf(request: Request, name: FromPath[str]) -> Response[bytes]:
    """The report as PDF."""
    answer, office = _answer(request, name)
    printed = documents.pdf(reports.as_sheet(answer, office))
    return download(printed.content, f"{answer.title}.pdf", "application/pdf")


def _answer(request: Request[Any, Any, Any], name: str) -> tuple[reports.Answer, str]:
    with begin(request) as work:
        answer = reports.run(work, _find(work.host.reports, name), _given(request))
        return answer, work.settings.county.office


def _given(request: Request[Any, Any, Any]) -> dict[str, str]:
    return {name: request.query_params[name] for name in request.query_params}


def _find(known: Any, name: str) -> Report:
    if name not in known:
        raise NotFound(_("没有报表 {name}", name=name))
    return known[name]


def _origin(report: Report, titles: dict[str, tuple[str, int]]) -> tuple[str, int]:
    found = max((own for own in titles if report.name == own or report.name.startswith(f"{own}-")), key=len, default="")
    return titles.get(found, ("", 8))


router = Router("/reports", route_handlers=[show, ask, as_excel, as_csv, as_sheet, as_pdf])
