"""Papers: the same sheet on screen and as PDF, with every character of it."""

import io
from contextvars import copy_context
from datetime import date

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from core import documents, fonts
from core.errors import TryAgain
from core.extension import Column, Sheet
from core.sample import say_sample
from core.spreadsheets import Grid, write_excel

COLUMNS = (
    Column(name="number", title="序号", kind="integer"),
    Column(name="applicant", title="申请人"),
    Column(name="village", title="村（社区）"),
    Column(name="amount", title="拟月补助", kind="money", total=True),
)
ROWS = ((1, "陈*强", "竹园村", 229200), (2, "吴*", "竹园村", 46800), (3, "欧阳*明", "龙头村", 83700))


def notice(rows=ROWS, **changes) -> Sheet:
    values = {
        "layout": "notice",
        "title": "最低生活保障对象评议结果公示",
        "number": "GS-2026-0087",
        "office": "南桥镇人民政府",
        "dated": date(2026, 11, 10),
        "paragraphs": ("根据《社会救助暂行办法》，下列家庭拟纳入最低生活保障范围，现予公示，接受群众监督。",),
        "columns": COLUMNS,
        "rows": rows,
        "total": ("", "", "", sum(row[3] for row in rows)),
        "unit": "元",
        "seal": True,
        "notes": ("张贴：村（社区）公开栏", "受理电话：0000-6210088"),
        "check_code": "7F3A-91C2",
        "check_address": "https://example.gov.cn/check/7F3A-91C2",
    }
    return Sheet(**(values | changes))


def read(content: bytes) -> tuple[int, str]:
    reader = PdfReader(io.BytesIO(content))
    return len(reader.pages), "".join(page.extract_text() for page in reader.pages).replace(" ", "")


@pytest.mark.parametrize("layout", ["form", "list", "letter", "notice", "receipt"])
def test_every_layout_prints_its_words_so_that_they_can_be_read_back(layout):
    pages, text = read(documents.pdf(notice(layout=layout, signatures=("制表人", "审核人"))).content)
    for words in ("最低生活保障对象评议结果公示", "陈*强", "龙头村", "2,292.00", "3,597.00", "GS-2026-0087", "盖章处"):
        assert words in text, words
    assert f"第1页，共{pages}页" in text


def test_a_long_list_repeats_its_header_and_counts_its_pages():
    rows = tuple((n, f"陈*{n}", "竹园村", n * 100) for n in range(1, 121))
    pages, text = read(
        documents.pdf(
            notice(rows, layout="list", seal=False, paragraphs=(), notes=(), check_code="", check_address="")
        ).content
    )
    assert pages > 1
    assert text.count("拟月补助") == pages
    assert f"第{pages}页，共{pages}页" in text


def test_a_character_without_a_glyph_is_printed_as_its_code_point_and_flagged():
    printed = documents.pdf(notice(((1, "张\U0001f9ff", "竹园村", 100),)))
    assert printed.missing == ("\U0001f9ff",)
    assert printed.flags == (documents.FONT_MISSING,)
    assert "[U+1F9FF]" in read(printed.content)[1]


def test_rare_characters_of_names_that_the_font_has_are_printed_as_they_are():
    printed = documents.pdf(notice(((1, "张𬭎", "㛃村", 100),)))
    assert printed.flags == ()
    assert "㛃村" in read(printed.content)[1]


def test_what_is_printed_in_a_demo_county_says_so_in_words_on_paper_and_in_excel():
    context = copy_context()
    context.run(say_sample, True)
    assert "示例" in read(context.run(documents.pdf, notice()).content)[1]
    assert "示例" not in read(documents.pdf(notice()).content)[1]
    book = io.BytesIO()
    context.run(write_excel, book, Grid("名册", COLUMNS, ROWS))
    sheet = load_workbook(book).active
    assert "示例" in sheet["A1"].value
    assert "示例" in sheet.oddHeader.right.text
    again = io.BytesIO()
    context.run(write_excel, again, Grid("名册", COLUMNS, ROWS, plain=True))
    assert load_workbook(again).active["A1"].value == "序号"


def test_a_machine_without_a_chinese_font_names_the_package(monkeypatch):
    monkeypatch.setattr(fonts, "families", lambda: frozenset({"DejaVu Sans"}))
    with pytest.raises(TryAgain) as refusal:
        documents.pdf(notice())
    assert "fonts-noto-cjk" in refusal.value.hint


def test_the_same_sheet_prints_the_same_bytes():
    assert documents.pdf(notice()).content == documents.pdf(notice()).content


def test_the_screen_sheet_is_cut_into_papers_with_all_rows():
    rows = tuple((n, f"陈*{n}", "竹园村", n * 100) for n in range(1, 121))
    papers = documents.pages(documents.draw(notice(rows)))
    assert len(papers) > 1
    assert sum(len(paper.rows) for paper in papers) == 120
    assert [paper.last for paper in papers] == [False] * (len(papers) - 1) + [True]


def test_a_qr_code_is_a_drawing_without_style():
    drawing = documents.qr("https://example.gov.cn/check/7F3A-91C2")
    assert drawing.startswith("<svg") and "style=" not in drawing


def test_a_paper_shows_the_titles_of_groups_above_their_columns():
    columns = (
        Column(name="town", title="乡镇"),
        Column(name="urban", title="城市", kind="integer", group="户数"),
        Column(name="rural", title="农村", kind="integer", group="户数"),
    )
    one = Sheet(layout="list", title="统计表", columns=columns, rows=[("桃水镇", 3, 4)], total=("合计", 3, 4))
    heads = documents.draw(one).heads
    assert [(head.title, head.at, head.wide, head.tall) for head in heads[0]] == [("乡镇", 0, 1, 2), ("户数", 1, 2, 1)]
    assert [head.title for head in heads[1]] == ["城市", "农村"]
    _pages, text = read(documents.pdf(one).content)
    assert "户数" in text and text.index("户数") < text.index("农村")
