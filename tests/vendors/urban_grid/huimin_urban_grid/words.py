"""What the codes of grid cases are called."""

from collections.abc import Mapping

from core.api import mark

STATES: Mapping[str, str] = {
    "found": mark("待派遣"),
    "sent": mark("处置中"),
    "handled": mark("待核查"),
    "checked": mark("待结案"),
    "closed": mark("已结案"),
}
TAGS: Mapping[str, str] = {"found": "warn", "sent": "note", "handled": "warn", "checked": "note", "closed": "ok"}
CATEGORIES: Mapping[str, str] = {
    "street": mark("占道经营"),
    "litter": mark("环境卫生"),
    "building": mark("违法建设"),
    "facility": mark("设施损坏"),
    "safety": mark("安全隐患"),
}
STEPS: Mapping[str, str] = {
    "report": mark("上报"),
    "send": mark("派遣"),
    "handle": mark("处置"),
    "return": mark("退回重办"),
    "check": mark("核查"),
    "close": mark("结案"),
}
OPEN = ("found", "sent", "handled", "checked")
