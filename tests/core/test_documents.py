"""Papers: the same sheet on screen and as PDF, with every character of it."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from core import documents, fonts
from core.errors import TryAgain
from core.extension import Column, Sheet

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


def test_a_demo_print_says_so_in_words():
    assert "示例" in read(documents.pdf(notice(), sample=True).content)[1]


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
