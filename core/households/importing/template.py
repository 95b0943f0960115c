"""The empty roster a clerk starts from: headers, drop-downs, text cells for numbers, one sample row, rules in notes."""

import io
from typing import Any

from core.households.importing.fields import COLUMNS
from core.identity.codes import ETHNICITY, RELATION, SEX
from core.spreadsheet_in.cells import SAMPLE
from core.texts import _

_ROWS = 5_000
_SAMPLE = {
    "number": f"{SAMPLE}-0001", "name": "王桂兰", "citizen_id": "11010519491231002X", "relation": "户主", "sex": "女",
    "ethnicity": "汉族", "hukou_area": "430223101201", "residence_area": "430223101201", "address": "东门组12号",
    "phone": "", "bank_account": "",
}  # fmt: skip


def template() -> bytes:
    """The template as xlsx; the sample row is passed over when the file comes in."""
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet(_("名册"))
        text = book.add_format({"num_format": "@"})
        grey = book.add_format({"num_format": "@", "font_color": "#808080", "italic": True})
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#F2F2F2"})
        must = book.add_format({"bold": True, "border": 1, "bg_color": "#FDE9D9"})
        for at, column in enumerate(COLUMNS):
            sheet.write_string(0, at, column.header, must if column.required else head)
            sheet.write_comment(0, at, _rule(column.field), {"x_scale": 2})
            sheet.set_column(at, at, 22 if column.sensitive or column.field == "address" else 14, text)
            sheet.write_string(1, at, _SAMPLE[column.field], grey)
        words = book.add_worksheet(_("填写说法"))
        _lists(sheet, words)
        sheet.freeze_panes(1, 2)
    return out.getvalue()


def _lists(sheet: Any, words: Any) -> None:
    """Drop-downs for relation, sex and ethnicity; their words stand on a sheet of their own."""
    lists = {
        "relation": [
            RELATION.names[code] for code in ("02", "11", "12", "20", "30", "41", "42", "51", "52", "38", "28", "80")
        ],
        "sex": [SEX.names[code] for code in ("1", "2")],
        "ethnicity": [ETHNICITY.names[code] for code in sorted(ETHNICITY.names)],
    }
    fields = [column.field for column in COLUMNS]
    for at, (name, entries) in enumerate(lists.items()):
        words.write_column(0, at, entries)
        letter = "ABC"[at]
        place = fields.index(name)
        sheet.data_validation(
            1,
            place,
            _ROWS,
            place,
            {
                "validate": "list",
                "source": f"='{_('填写说法')}'!${letter}$1:${letter}${len(entries)}",
                "error_type": "information",
                "error_title": _("请核对"),
                "error_message": _("这个说法不在常用列表里，系统会在检查时再核对"),
            },
        )


def _rule(field: str) -> str:
    return {
        "number": _("必填。同一户填相同的户号；以“示例”开头的行不导入"),
        "name": _("必填。2 至 50 个字，少数民族姓名用“·”"),
        "citizen_id": _("必填。18 位，本列已设为文本，请勿改为数字"),
        "relation": _("必填。每户一名户主，其他人填与户主的关系"),
        "sex": _("可不填，按身份证号码判断"),
        "ethnicity": _("可不填。带不带“族”字都可以"),
        "hukou_area": _("必填。12 位村（社区）代码"),
        "residence_area": _("可不填，不填即与户籍地相同"),
        "address": _("可不填。村民小组和门牌号"),
        "phone": _("可不填。11 位手机号或带区号的座机号"),
        "bank_account": _("可不填。8 至 30 位数字，本列已设为文本"),
    }[field]
