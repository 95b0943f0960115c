"""How the funds' records read."""

from collections.abc import Callable, Mapping
from typing import Any

from core.showing import money
from core.texts import _

_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "funds.account_added": lambda d: _("增加账户"),
    "funds.fund_added": lambda d: _("登记资金指标"),
    "funds.received": lambda d: _("到账 {amount} 元，凭证 {voucher}", amount=_yuan(d), voucher=d.get("voucher", "")),
    "funds.interest_booked": lambda d: _("利息 {amount} 元", amount=_yuan(d)),
    "funds.minutes_kept": lambda d: _("存入会议记录"),
    "funds.minutes_completed": lambda d: _("补全会议记录"),
    "funds.minutes_read": lambda d: _("查看会议记录"),
    "funds.allocated": lambda d: _("分配 {amount} 元", amount=_yuan(d)),
    "funds.allocation_closed": lambda d: _("结束分配，退回 {amount} 元", amount=money(int(d.get("unspent_fen", 0)))),
    "funds.batch_opened": lambda d: _("开始生成名册"),
    "funds.lines_built": lambda d: _("生成 {count} 行", count=d.get("count", 0)),
    "funds.batch_built": lambda d: _("名册 {count} 行 {total} 元", count=d.get("count", 0), total=_total(d)),
    "funds.batch_emptied": lambda d: _("清空名册，重新生成"),
    "funds.batch_cancelled": lambda d: _("作废批次"),
    "funds.kin_split": lambda d: _("近亲属的发放行另列批次，{count} 行", count=d.get("count", 0)),
    "funds.submitted": lambda d: _("提交批次，{total} 元", total=_total(d)),
    "funds.reviewed": lambda d: _("复核批次"),
    "funds.approved": lambda d: _("审批批次，凭证 {voucher}", voucher=d.get("voucher", "--")),
    "funds.released": lambda d: _("放行批次"),
    "funds.sent_back": lambda d: _("退回批次"),
    "funds.exported": lambda d: _("生成银行文件 {number}", number=d.get("number", "")),
    "funds.bank_file_read": lambda d: _("再次取出银行文件 {number}", number=d.get("number", "")),
    "funds.bank_number_confirmed": lambda d: _("登记银行最后收到的文件号 {number}", number=d.get("number", "")),
    "funds.result_imported": lambda d: _(
        "导入银行回盘：已付 {paid} 行，退回 {returned} 行", paid=d.get("paid", 0), returned=d.get("returned", 0)
    ),
    "funds.result_repeated": lambda d: _("银行回盘已导入过，未作变更"),
    "funds.reissued": lambda d: _("退票重发，{count} 行", count=d.get("count", 0)),
    "funds.recovery_opened": lambda d: _("应追回 {amount} 元", amount=_yuan(d)),
    "funds.recovery_planned": lambda d: _("约定分期追回"),
    "funds.recovery_received": lambda d: _("追回 {amount} 元", amount=_yuan(d)),
    "funds.recovery_withdrawn": lambda d: _("撤销追回"),
    "funds.recovery_written_off": lambda d: _("核销追回 {amount} 元", amount=_yuan(d)),
    "funds.reversed": lambda d: _("冲销凭证，新凭证 {voucher}", voucher=d.get("voucher", "")),
    "funds.kin_declared": lambda d: _("备案近亲属"),
    "funds.kin_ended": lambda d: _("结束近亲属备案"),
    "funds.statement_entered": lambda d: _("登记银行对账单"),
    "funds.month_prepared": lambda d: _("会计办理月结"),
    "funds.month_closed": lambda d: _("审计办理月结，已结账"),
    "funds.month_reopen_asked": lambda d: _("提出重开月份"),
    "funds.month_reopen_open": lambda d: _("重开月份"),
    "funds.detected": lambda d: _("内审线索，新增 {added} 条", added=d.get("added", 0)),
    "funds.finding_decided": lambda d: _("答复内审线索"),
    "funds.lines_shown": lambda d: _("查看批次名册"),
    "funds.printed": lambda d: _("打印名册或凭证"),
}


def in_words(action: str, details: Mapping[str, Any]) -> str | None:
    """One sentence for a record of this room, None for another's."""
    words = _WORDS.get(action)
    return words(details) if words else None


def _yuan(details: Mapping[str, Any]) -> str:
    return money(int(details.get("amount_fen", 0)))


def _total(details: Mapping[str, Any]) -> str:
    return money(int(details.get("total", 0)))
