"""How the records of grids read; nobody is named in them."""

from collections.abc import Mapping
from typing import Any

from core.api import _, mark

_WORDS: Mapping[str, str] = {
    "urban_grid.laid_out": mark("划定网格"),
    "urban_grid.appointed": mark("指定网格巡查员"),
    "urban_grid.report": mark("上报网格案件"),
    "urban_grid.send": mark("派遣网格案件"),
    "urban_grid.handle": mark("登记网格案件处置"),
    "urban_grid.return": mark("退回网格案件"),
    "urban_grid.check": mark("核查网格案件"),
    "urban_grid.close": mark("网格案件结案"),
    "urban_grid.figure_entered": mark("导入以前月份的网格案件数"),
}


def in_words(action: str, details: Mapping[str, Any]) -> str | None:
    """A record in words; None for those of others."""
    return _(_WORDS[action]) if action in _WORDS else None
