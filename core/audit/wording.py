"""How the audit room's own records read."""

from collections.abc import Mapping
from typing import Any

from core.texts import _


def in_words(action: str, details: Mapping[str, Any]) -> str | None:
    """One sentence for a record of this room, None for another's."""
    if action == "audit.anchored":
        return _("打印第 {number} 号审计锚点（记录 {seq}）", number=details["number"], seq=details["seq"])
    if action == "audit.exported":
        return _("导出审计记录 {lines} 行", lines=details["lines"])
    return None
