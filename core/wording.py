"""How the frame's own records read: plugins, settings, policy, background work, reports."""

from collections.abc import Callable, Mapping
from typing import Any

from core.texts import _

_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "plugin.admitted": lambda d: _("准入插件，版本 {version}", version=d.get("version", "")),
    "plugin.enabled": lambda d: _("启用插件"),
    "plugin.disabled": lambda d: _("停用插件"),
    "plugin.degraded": lambda d: _("插件在 {minutes} 分钟内出错 {faults} 次，已降级（编号 {number}）", **_faults(d)),
    "plugin.resumed": lambda d: _("恢复降级的插件"),
    "plugin.exported": lambda d: _("导出插件数据：{tables} 个表 {rows} 行", tables=d.get("tables"), rows=d.get("rows")),
    "settings.changed": lambda d: _("改设置"),
    "policy.set": lambda d: _("设置政策参数"),
    "policy.confirmed": lambda d: _("确认政策参数"),
    "calendar.set": lambda d: _("设置工作日"),
    "county.founded": lambda d: _("建立本县"),
    "county.served": lambda d: _("开始服务，版本 {version}，{count} 个插件", **_running(d)),
    "backup.made": lambda d: _("备份"),
    "key.exchanged": lambda d: _("更换密钥"),
    "key.resealed": lambda d: _("用新密钥重新加密 {count} 处（{table}）", count=d.get("count"), table=d.get("table")),
    "key.split": lambda d: _("把密钥分成 {shares} 份", shares=d.get("shares")),
    "job.done": lambda d: _("运行后台任务 {name}", name=d.get("name", "")),
    "job.enqueued": lambda d: _("安排后台任务"),
    "job.retried": lambda d: _("重试后台任务"),
    "outbox.told": lambda d: _("通知插件 {plugin}", plugin=d.get("plugin", "")),
    "household.shown": lambda d: _("看户页"),
    "person.shown": lambda d: _("看人员页"),
    "report.run": lambda d: _("看报表"),
    "import.checked": lambda d: _("检查导入文件 {rows} 行", rows=d.get("rows", 0)),
    "import.written": lambda d: _("导入表格：新增 {imported} 行，更新 {updated} 行", **_counts(d)),
    "import.uploads_forgotten": lambda d: _("删除过期的导入文件 {count} 份", count=d.get("count", 0)),
}


def _running(details: Mapping[str, Any]) -> dict[str, Any]:
    return {"version": details.get("version", ""), "count": len(details.get("plugins", {}))}


def _faults(details: Mapping[str, Any]) -> dict[str, Any]:
    return {name: details.get(name, "") for name in ("minutes", "faults", "number")}


def _counts(details: Mapping[str, Any]) -> dict[str, Any]:
    return {name: details.get(name, 0) for name in ("imported", "updated")}


def in_words(action: str, details: Mapping[str, Any]) -> str | None:
    """One sentence for a record of the frame, None for another's."""
    words = _WORDS.get(action)
    return words(details) if words else None
