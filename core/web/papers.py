"""A sheet of paper as an answer: on the screen, or as PDF to keep."""

from litestar.response import Response

from core import documents
from core.extension import Sheet
from core.web.answers import Page, download, page


def paper(sheet: Sheet, *, back: str, pdf_path: str) -> Page:
    """The sheet on the screen, as it will be printed; ``back`` and ``pdf_path`` are addresses of this county."""
    drawn = documents.draw(sheet)
    return page("sheet.html", sheet=sheet, drawn=drawn, pages=documents.pages(drawn), back=back, pdf_path=pdf_path)


def paper_pdf(sheet: Sheet) -> Response[bytes]:
    """The sheet as PDF; in a demo county it says 示例."""
    printed = documents.pdf(sheet)
    return download(printed.content, f"{sheet.title} {sheet.number}.pdf".replace("/", "-"), "application/pdf")
