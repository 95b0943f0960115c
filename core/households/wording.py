"""How the household room's records read."""

from collections.abc import Callable, Mapping
from typing import Any

from core.texts import _

_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "area.imported": lambda d: _("导入区划：新增 {added}，变更 {changed}", added=d["added"], changed=d["changed"]),
    "area.kind_set": lambda d: _("设置城乡类型"),
    "household.opened": lambda d: _("登记新户"),
    "household.members_changed": lambda d: _("变更户内成员"),
    "household.head_changed": lambda d: _("变更户主"),
    "household.split": lambda d: _("分户"),
    "household.merged": lambda d: _("并户"),
    "household.moved": lambda d: _("迁移户址"),
    "household.closed": lambda d: _("注销户"),
    "household.imported": lambda d: _("导入名册：新增 {imported} 人，更新 {updated} 人", **_counts(d)),
    "household.checked": lambda d: _("检查名册 {rows} 行", rows=d.get("rows", 0)),
    "household.printed": lambda d: _("打印户籍档案"),
    "household.exported": lambda d: _("导出名册 {rows} 行", rows=d.get("rows", 0)),
    "household.reindexed": lambda d: _("重建查找索引"),
    "household.group_opened": lambda d: _("登记共同生活成员或供养关系"),
    "household.group_changed": lambda d: _("变更共同生活成员或供养关系"),
    "household.group_closed": lambda d: _("结束共同生活或供养关系"),
    "household.duplicates_found": lambda d: _("查找疑似重复，新增 {found} 对", found=d.get("found", 0)),
    "household.duplicate_proposed": lambda d: _("提出两份档案是同一人"),
    "household.duplicate_merged": lambda d: _("确认两份档案是同一人并合并"),
    "household.duplicate_dismissed": lambda d: _("确认两份档案不是同一人"),
    "household.duplicate_undone": lambda d: _("撤销对疑似重复的决定"),
    "household.rosters_forgotten": lambda d: _("删除过期名册 {count} 份", count=d.get("count", 0)),
}


def in_words(action: str, details: Mapping[str, Any]) -> str | None:
    """One sentence for a record of this room, None for another's."""
    words = _WORDS.get(action)
    return words(details) if words else None


def _counts(details: Mapping[str, Any]) -> dict[str, Any]:
    return {name: details.get(name, 0) for name in ("imported", "updated")}
