"""How the records of the indicator catalogue read."""

from collections.abc import Mapping
from typing import Any

from core.api import _, mark

_WORDS: Mapping[str, str] = {
    "indicators.target_set": mark("设定统计指标目标"),
    "indicators.target_revoked": mark("撤销统计指标目标"),
    "indicators.targets_imported": mark("导入统计指标目标"),
    "indicators.stated": mark("核对填报数"),
    "indicators.stated_withdrawn": mark("撤回填报数"),
    "indicators.acknowledged": mark("说明填报数不符原因"),
    "indicators.report_made": mark("编制指标报表"),
    "indicators.report_checked": mark("审核指标报表"),
    "indicators.report_issued": mark("签发指标报表"),
    "indicators.report_printed": mark("打印指标报表"),
}


def in_words(action: str, _details: Mapping[str, Any]) -> str | None:
    """One sentence for a record of the catalogue, None for another's."""
    found = _WORDS.get(action)
    return _(found) if found else None
