"""The columns of a roster: their headers, what else people call them, and how an error may repeat a cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.texts import _, mark


@dataclass(frozen=True)
class RosterColumn:
    """One column: field name, header of the template, other headers, and whether a roster must have it."""

    field: str
    header: str
    aliases: Sequence[str] = ()
    required: bool = False
    sensitive: bool = False


COLUMNS = (
    RosterColumn("number", mark("户号"), ("户编号", "户口簿号", "户口本号", "家庭编号", "家庭户号"), required=True),
    RosterColumn("name", mark("姓名"), ("成员姓名", "家庭成员姓名"), required=True),
    RosterColumn(
        "citizen_id",
        mark("公民身份号码"),
        ("身份证号", "身份证号码", "身份证", "公民身份证号码", "证件号码", "身份号码", "居民身份证号码"),
        required=True,
        sensitive=True,
    ),
    RosterColumn("relation", mark("与户主关系"), ("与户主的关系", "户主关系", "关系", "家庭关系"), required=True),
    RosterColumn("sex", mark("性别")),
    RosterColumn("ethnicity", mark("民族")),
    RosterColumn(
        "hukou_area", mark("户籍地代码"), ("户籍地", "户籍地区划代码", "户籍代码", "户籍地编码"), required=True
    ),
    RosterColumn("residence_area", mark("居住地代码"), ("居住地", "现居住地代码", "居住地区划代码", "常住地代码")),
    RosterColumn("address", mark("详细地址"), ("地址", "家庭住址", "住址", "家庭地址", "居住地址")),
    RosterColumn(
        "phone", mark("联系电话"), ("电话", "手机", "手机号", "手机号码", "电话号码", "联系方式"), sensitive=True
    ),
    RosterColumn(
        "bank_account",
        mark("银行账号"),
        ("银行账户", "银行卡号", "卡号", "账号", "银行帐号", "一卡通账号", "惠农卡号"),
        sensitive=True,
    ),
)

FIELDS = tuple(column.field for column in COLUMNS)
REQUIRED = tuple(column.field for column in COLUMNS if column.required)
HEADERS: Mapping[str, str] = {column.field: column.header for column in COLUMNS}
SENSITIVE = frozenset(column.field for column in COLUMNS if column.sensitive)
BY_HEADER: Mapping[str, str] = {name: column.field for column in COLUMNS for name in (column.header, *column.aliases)}
"""Every accepted header, without spaces, with the field it names."""


def shown_value(field: str, text: str) -> str:
    """A cell's text as an error may repeat it: numbers masked, long texts cut."""
    if field not in SENSITIVE or not text:
        return text[:60]
    if "E" in text.upper() and "." in text:
        return text[:20]
    if field == "citizen_id" and len(text) >= 15:
        return f"{text[:6]}********{text[-4:]}"
    return f"****{text[-4:]}" if len(text) > 6 else "****"


def header_in_words(field: str) -> str:
    """The header of a field in the reader's language."""
    return _(HEADERS[field])
