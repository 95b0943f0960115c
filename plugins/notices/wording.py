"""How the records of notices read."""

from collections.abc import Callable, Mapping
from typing import Any

from core.api import _

_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "notices.opened": lambda d: _("开具公示，名单 {lines} 行", lines=d.get("lines", 0)),
    "notices.posted": lambda d: _("张贴公示 {number}", number=d.get("number", "")),
    "notices.proven": lambda d: _("上传公示 {number} 的张贴照片", number=d.get("number", "")),
    "notices.removed": lambda d: _("登记公示 {number} 揭下", number=d.get("number", "")),
    "notices.taken_down": lambda d: _("公示 {number} 期满结束", number=d.get("number", "")),
    "notices.withdrawn": lambda d: _("撤回公示 {number}", number=d.get("number", "")),
    "notices.objected": lambda d: _("登记对公示 {number} 的异议", number=d.get("number", "")),
    "notices.decided": lambda d: _("核实对公示 {number} 的异议", number=d.get("number", "")),
    "notices.objection_read": lambda d: _("查看公示异议的内容"),
    "notices.printed": lambda d: _("打印公示单"),
}


def in_words(action: str, details: Mapping[str, Any]) -> str | None:
    """One sentence for a record of notices, None for another's."""
    words = _WORDS.get(action)
    return words(details) if words else None
