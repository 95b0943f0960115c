"""Codes and the words they read as."""

from collections.abc import Mapping

from core.api import mark

KINDS: Mapping[str, str] = {
    "floor": mark("标准和均值"), "rate": mark("比率"), "count": mark("数量"), "deadline": mark("完成期限"),
}  # fmt: skip
"""The kinds of an indicator."""

STATES: Mapping[str, str] = {
    "met": mark("达标"), "not_met": mark("未达标"), "pending": mark("未到期"), "unknown": mark("数据不全"),
    "": mark("无目标"),
}  # fmt: skip
"""How an indicator stands against its target."""

TAGS: Mapping[str, str] = {
    "met": "ok", "not_met": "bad", "pending": "note", "unknown": "warn", "": "",
    "closes": "ok", "inside": "ok", "differs": "bad", "outside": "bad", "truncated": "warn",
    "made": "note", "checked": "warn", "issued": "ok", "replaced": "", "current": "ok", "revoked": "",
    "acknowledged": "note", "withdrawn": "",
}  # fmt: skip

COMPARATORS: Mapping[str, str] = {">=": mark("不低于"), "=": mark("等于"), "<=": mark("不高于")}
COMPARATOR_CODES: Mapping[str, str] = {"least": mark("不低于"), "exactly": mark("等于"), "most": mark("不高于")}
"""The comparators as forms and commands name them: words a shell takes without quotes."""
COMPARATOR_OF: Mapping[str, str] = {"least": ">=", "exactly": "=", "most": "<="}

STATED_KINDS: Mapping[str, str] = {
    "sum": mark("合计"), "rate": mark("比率"), "year": mark("年额与月额"), "average": mark("平均与上限"),
    "plan": mark("总结与计划年度"),
}  # fmt: skip

RESULTS: Mapping[str, str] = {
    "closes": mark("相符"), "differs": mark("不符"), "truncated": mark("只合截尾"), "inside": mark("在合理偏差内"),
    "outside": mark("超出合理偏差"), "unknown": mark("未知"),
}  # fmt: skip
"""What comes out when a stated figure is computed again."""

STATED_STATES: Mapping[str, str] = {
    "open": mark("待说明"), "acknowledged": mark("已说明"), "withdrawn": mark("已撤回"), "closes": mark("相符"),
}  # fmt: skip

REPORT_STATES: Mapping[str, str] = {
    "made": mark("已编制"), "checked": mark("已审核"), "issued": mark("已签发"), "replaced": mark("已被替换"),
}  # fmt: skip
TARGET_STATES: Mapping[str, str] = {"current": mark("有效"), "revoked": mark("已撤销")}
