"""Words, tags and tabs that the pages of the money share."""

from typing import TYPE_CHECKING, Any

from core.extension import Tile
from core.funds.sources import SOURCES
from core.showing import money
from core.texts import _, mark

if TYPE_CHECKING:
    from core.work import UnitOfWork

TEN_THOUSAND_YUAN = 1_000_000
TAGS = {
    "building": "note",
    "draft": "",
    "submitted": "note",
    "reviewed": "note",
    "approved": "note",
    "released": "note",
    "sent": "note",
    "settled": "ok",
    "cancelled": "",
}
KINDS = {"roll": mark("发放名册"), "supplement": mark("补差"), "reissue": mark("重发")}
VOUCHERS = {
    "receipt": mark("到账"),
    "interest": mark("利息"),
    "roll": mark("审批入账"),
    "result": mark("银行回盘"),
    "reissue": mark("退票重发"),
    "recovery": mark("追回"),
    "recovered": mark("收回多发款"),
    "reversal": mark("冲销"),
    "gift": mark("捐赠收入"),
    "goods": mark("捐赠物资出入库"),
    "aid": mark("慈善支出"),
}
ACCOUNTS = {
    "special_account": mark("专户"),
    "treasury_zero_balance": mark("国库零余额账户"),
    "charity_account": mark("慈善账户"),
}
RECOVERIES = {
    "open": (mark("追回中"), "warn"),
    "recovered": (mark("已追回"), "ok"),
    "withdrawn": (mark("已撤销"), ""),
    "written_off": (mark("已核销"), ""),
}
FINDINGS = {"open": "warn", "explained": "ok", "confirmed": "bad", "rectified": "ok"}
_TABS = {
    "money": (
        ("/funds", mark("资金")),
        ("/funds/allocations", mark("分配")),
        ("/funds/recoveries", mark("追回")),
        ("/funds/accounts", mark("银行账户")),
    ),
    "batches": (
        ("/funds/batches", mark("发放批次")),
        ("/funds/returned", mark("退票")),
        ("/funds/bank-files", mark("银行文件")),
    ),
}


def tabs(group: str, current: str, counts: dict[str, int] | None = None) -> list[dict[str, Any]]:
    """The tabs of a group of pages; ``counts`` are figures behind their titles."""
    return [
        {"title": _(title), "path": path, "current": path == current, "count": (counts or {}).get(path)}
        for path, title in _TABS[group]
    ]


def in_words(words: dict[str, Any]) -> dict[str, Any]:
    """Marked words in the reader's language; pairs keep the look of their tag."""
    return {name: (_(title[0]), title[1]) if isinstance(title, tuple) else _(title) for name, title in words.items()}


def sources() -> list[tuple[str, str]]:
    """The sources of money as choices."""
    return [(code, _(title)) for code, title in SOURCES.items()]


def schemes(work: "UnitOfWork") -> list[tuple[str, str]]:
    """The schemes of the county as choices."""
    return [(name, _(scheme.title)) for name, scheme in sorted(work.host.schemes.items())]


def tile(title: str, fen: int, path: str) -> Tile:
    """A figure of money: from ten thousand yuan on in 万元 with the exact sum below, less in yuan."""
    if abs(fen) < TEN_THOUSAND_YUAN:
        return Tile(title=title, figure=money(fen), unit=_("元"), path=path)
    rounded = (fen * 2 + 10_000) // 20_000
    return Tile(title=title, figure=money(rounded), unit=_("万元"), note=_("{amount} 元", amount=money(fen)), path=path)
