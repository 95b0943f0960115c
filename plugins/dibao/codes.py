"""The errors of the handbook's page, with their words; each stands here once."""

from collections.abc import Mapping

from core.api import mark

STD_MISSING = "E_DB_STD_MISSING"
INCOME = "E_DB_INCOME_EQ"
PARTIAL = "E_DB_PARTIAL"
OVERLAP = "E_FAM_OVERLAP"
EXCLUDED = "E_DB_EXCL"
DOUBLE = "E_DB_SUPP_DOUBLE"
PROPERTY = "E_DB_PROP"
CLASS_DUE = "E_DB_CLASS_DUE"
UNIT = "E_DB_UNIT"
ZERO = "W_DB_ZERO"
GROUND = "E_DB_GROUND"
WAGES = "E_DB_WAGE_MONTHS"
MEMBER = "E_DB_MEMBER"
TRIGGER = "E_DB_PRICE_TRIGGER"
CLOSED = "E_DB_CLOSED"
NOT_MARGIN = "E_DB_NOT_MARGIN"

TITLES: Mapping[str, str] = {
    STD_MISSING: mark("当地当月没有低保标准"),
    INCOME: mark("家庭人均收入不低于低保标准"),
    PARTIAL: mark("不得只保个人：符合条件的家庭成员应当一并纳入"),
    OVERLAP: mark("该成员已在另一在保家庭中"),
    EXCLUDED: mark("家庭成员已享受特困供养或孤儿保障，不得重复享受低保"),
    DOUBLE: mark("分类施保就高不重复，同一人只能享受一类"),
    PROPERTY: mark("家庭财产超过规定限额，且没有豁免说明"),
    CLASS_DUE: mark("复核期限"),
    UNIT: mark("金额超过全省平均水平的 {factor} 倍，可能把年数填成了月数"),
    ZERO: mark("有劳动年龄内的成员，但申报收入全部为零，请核实"),
}
"""What each code says; ``{factor}`` is filled in."""
