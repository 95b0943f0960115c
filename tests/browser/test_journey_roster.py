"""A clerk brings in a roster with mistakes, mends it in Excel and finds the people, at the desk and on the phone."""

import io

import pytest
from openpyxl import Workbook, load_workbook

from core.demo.cast import TOWN
from core.identity.numbers import check_character

from .walking import WIDTHS

pytestmark = pytest.mark.one_database
VILLAGE = f"{TOWN}201"
HEADERS = ["户号", "姓名", "公民身份号码", "与户主关系", "户籍地代码", "详细地址"]


def citizen(born: str, sequence: int) -> str:
    """A number nobody has: area 999, the right check character."""
    first = f"999223{born}{sequence:03d}"
    return first + check_character(first)


def roster() -> bytes:
    """Three households: a number one digit short, a relation nobody knows, a village that is none; one is right."""
    book = Workbook()
    for row in (
        HEADERS,
        ["R-01", "谷雨生", citizen("19580214", 711), "户主", VILLAGE, "一组 3 号"],
        ["R-01", "欧阳春梅", citizen("19610520", 722)[:-1], "妻", VILLAGE, "一组 3 号"],
        ["R-02", "谷长庚", citizen("19490101", 733), "当家的", VILLAGE, "二组 8 号"],
        ["R-03", "谷立夏", citizen("19700506", 744), "户主", f"{TOWN}999", "五组 1 号"],
        ["R-04", "谷小满", citizen("19850521", 755), "户主", VILLAGE, "六组 2 号"],
    ):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def mended(marked: bytes) -> bytes:
    """The marked workbook as a person would mend it: where it is red, by what the note of the cell says."""
    book = load_workbook(io.BytesIO(marked))
    sheet = book.worksheets[0]
    heads = {str(cell.value): cell.column for cell in sheet[1]}
    right = {
        ("欧阳春梅", "公民身份号码"): citizen("19610520", 722),
        ("谷长庚", "与户主关系"): "户主",
        ("谷立夏", "户籍地代码"): VILLAGE,
    }
    noted = []
    for row in sheet.iter_rows(min_row=2):
        name = str(row[heads["姓名"] - 1].value)
        for head, column in heads.items():
            cell = row[column - 1]
            if cell.comment and (name, head) in right:
                noted.append((name, head))
                cell.value = right[name, head]
    assert sorted(noted) == sorted(right), "each wrong cell has its note"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_clerk_mends_a_roster_in_excel_and_finds_the_households(journey, tmp_path, width):
    with journey("roster", width) as clerk:
        clerk.comes("县经办员")
        clerk.follow("导入 Excel")
        clerk.press("上传并检查")
        clerk.sees("请先选一个文件")
        file = {"name": "桃水镇名册.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": roster()}
        clerk.main.get_by_label("名册文件").set_input_files(file)
        clerk.press("上传并检查")
        clerk.sees("共 5 行，3 行要改")
        clerk.sees("还没有写入任何数据")
        for row, words in ((3, "18位"), (4, "当家的"), (5, f"{TOWN}999")):
            line = clerk.main.get_by_role("row").filter(has=clerk.page.get_by_role("rowheader", name=f"第 {row} 行"))
            assert words in line.inner_text(), line.inner_text()
        taken = clerk.takes("下载标错的 Excel")
        taken.save_as(tmp_path / "marked.xlsx")
        clerk.follow("重新上传")
        again = mended((tmp_path / "marked.xlsx").read_bytes())
        file = {"name": taken.suggested_filename, "mimeType": "application/vnd.ms-excel", "buffer": again}
        clerk.main.get_by_label("名册文件").set_input_files(file)
        clerk.press("上传并检查")
        clerk.sees("共 5 行，没有错误")
        clerk.press("导入 5 行")
        clerk.sees("新增 5 人")
        if clerk.on_phone:
            clerk.follow("搜索", clerk.page.get_by_role("navigation", name="工具"))
            clerk.main.get_by_role("searchbox").or_(clerk.main.get_by_role("textbox")).first.fill("glx")
        else:
            clerk.page.keyboard.press("/")
            clerk.page.keyboard.type("glx")
        clerk.enter()
        clerk.follow("谷立夏")
        clerk.sees("R-03")
