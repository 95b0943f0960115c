"""The empty workbook of an import: headers, one line on top, drop-downs, cells of the right type, rules in notes."""

import io
from typing import Any

from core.extension import Column, Import
from core.spreadsheet_in.cells import SAMPLE
from core.texts import _

_ROWS = 5_000
_FORMATS = {"text": "@", "integer": "0", "money": "#,##0.00", "date": "yyyy-mm-dd", "month": "@", "ratio": "0%"}
_EXAMPLES = {"integer": "12", "money": "420.00", "date": "2026-11-20", "month": "2026-11", "ratio": "35%"}


def template(one: Import) -> bytes:
    """The template as xlsx; the sample row is passed over when the file comes in."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet(_("填写"))
        grey = book.add_format({"num_format": "@", "font_color": "#808080", "italic": True})
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#F2F2F2"})
        must = book.add_format({"bold": True, "border": 1, "bg_color": "#FDE9D9"})
        sheet.write_string(
            0, 0, _("{title}：橙色的列必填；以“{sample}”开头的行不导入", title=_(one.title), sample=SAMPLE)
        )
        for at, column in enumerate(one.columns):
            plain = book.add_format({"num_format": _FORMATS[column.kind]})
            sheet.set_column(at, at, 22 if column.kind == "text" and not column.words else 14, plain)
            sheet.write_string(1, at, _(column.title), must if column.required else head)
            sheet.write_comment(1, at, _rule(column), {"x_scale": 2})
            sheet.write_string(2, at, f"{SAMPLE} {_example(column)}".strip() if at == 0 else _example(column), grey)
        _add_lists(book, sheet, one)
        sheet.freeze_panes(2, 1)
    return out.getvalue()


def _add_lists(book: Any, sheet: Any, one: Import) -> None:
    """Drop-downs; their words stand on a sheet of their own."""
    from xlsxwriter.utility import xl_col_to_name

    chosen = [(at, column) for at, column in enumerate(one.columns) if column.words]
    if not chosen:
        return
    name = _("填写说法")
    words = book.add_worksheet(name)
    for place, (at, column) in enumerate(chosen):
        spoken = [_(word) for word in column.words]
        words.write_column(0, place, spoken)
        letter = xl_col_to_name(place)
        source = f"='{name}'!${letter}$1:${letter}${len(spoken)}"
        sheet.data_validation(2, at, _ROWS, at, {"validate": "list", "source": source, "error_type": "information"})


def _rule(column: Column) -> str:
    need = _("必填。") if column.required else _("可不填。")
    how = {
        "text": _("填文字，本列已设为文本"),
        "integer": _("填整数"),
        "money": _("填金额，单位元，最多两位小数"),
        "date": _("填日期，例如 2026-11-20"),
        "month": _("填月份，例如 2026-11"),
        "ratio": _("填比例，例如 35%"),
    }[column.kind]
    return need + (_("从下拉列表中选") if column.words else how)


def _example(column: Column) -> str:
    if column.example:
        return column.example
    return _(column.words[0]) if column.words else _EXAMPLES.get(column.kind, "")
