"""Paper of the money: the roll, the voucher, the month's reconciliation; with the sum in capitals and the audit anchor.

The anchor printed on each sheet is the head of the audit chain at that moment: paper that outlives the database.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from core.audit.chain import head_of
from core.audit.verifier import anchor_code
from core.capitals import in_capitals
from core.errors import refuse
from core.extension import Column, Sheet
from core.funds import closing, queries
from core.funds.batches import batch_title, state_words
from core.funds.ledger import voucher_number
from core.funds.models import Voucher
from core.funds.reading import chart_titles
from core.households.areas import area_names
from core.showing import moment, money, month_in_words
from core.texts import _, mark

if TYPE_CHECKING:
    from core.work import UnitOfWork

ROLL_ROWS_MAX = 5_000
_ROLL = (
    Column(name="place", title=mark("序号"), kind="integer"),
    Column(name="person", title=mark("姓名")),
    Column(name="area", title=mark("乡镇")),
    Column(name="month", title=mark("月份"), kind="month"),
    Column(name="payee", title=mark("户名")),
    Column(name="tail", title=mark("账号后四位")),
    Column(name="amount", title=mark("金额"), kind="money", total=True),
)
_AS_IT_IS = ("for_month", "payee", "tail", "amount_fen")
_VOUCHER = (
    Column(name="fund", title=mark("资金")),
    Column(name="debit", title=mark("借方科目")),
    Column(name="credit", title=mark("贷方科目")),
    Column(name="amount", title=mark("金额"), kind="money", total=True),
)
_CHECKS = (
    Column(name="check", title=mark("核对")),
    Column(name="result", title=mark("结果")),
    Column(name="difference", title=mark("差额"), kind="money"),
    Column(name="note", title=mark("说明")),
)


def roll_sheet(work: "UnitOfWork", batch_id: int) -> Sheet:
    """The full roll of a batch, restricted: names and the last four digits of each account; the print is recorded."""
    work.require("funds.show")
    batch = queries.find_batch(work, batch_id)
    if batch.count > ROLL_ROWS_MAX:
        raise refuse(
            _("名册有 {count} 行，超过打印上限 {most} 行，请用导出", count=batch.count, most=ROLL_ROWS_MAX),
            code="E_PRINT_SIZE",
        )
    rows = queries.batch_rows(work, batch_id, limit=ROLL_ROWS_MAX)
    towns = area_names(work, {row["area"][:9] for row in rows})
    work.record_read("funds.printed", f"batch:{batch_id}")
    return Sheet(
        layout="list",
        title=_("{what}发放名册", what=batch_title(work, batch)),
        number=str(batch_id),
        dated=work.today,
        fields=[
            (_("状态"), state_words(batch.state)),
            (_("行数"), str(batch.count)),
            (_("合计"), money(batch.total_fen)),
            (_("大写"), in_capitals(batch.total_fen)),
        ],
        columns=_spoken(_ROLL),
        rows=[
            (place, row["person"], towns.get(row["area"][:9], ""), *(row[name] for name in _AS_IT_IS))
            for place, row in enumerate(rows, start=1)
        ],
        total=(None, "", "", "", "", "", sum(row["amount_fen"] for row in rows)),
        unit=_("元"),
        signatures=[_("制单"), _("复核"), _("审批"), _("出纳")],
        seal=True,
        office=work.settings.county.office,
        notes=_notes(work, small=batch.steps == 3),
    )


def voucher_sheet(work: "UnitOfWork", voucher_id: int) -> Sheet:
    """An accounting voucher with its transfers."""
    shown = queries.show_voucher(work, voucher_id)
    voucher = work.session.get(Voucher, voucher_id)
    titles = chart_titles(work)
    rows = [(one["fund"], titles[one["debit"]], titles[one["credit"]], one["amount_fen"]) for one in shown["transfers"]]
    total = sum(one["amount_fen"] for one in shown["transfers"])
    return Sheet(
        layout="form",
        title=_("记账凭证"),
        number=voucher_number(voucher.entity, voucher.period, voucher.number) if voucher else "",
        dated=shown["value_date"],
        fields=[
            (_("摘要"), shown["title"]),
            (_("合计"), money(total)),
            (_("大写"), in_capitals(total)),
        ],
        columns=_spoken(_VOUCHER),
        rows=rows,
        total=(_("合计"), "", "", total),
        unit=_("元"),
        signatures=[_("制单"), _("审核"), _("会计")],
        notes=_notes(work, small=shown["small_office"]),
    )


def reconciliation_sheet(work: "UnitOfWork", period: str) -> Sheet:
    """The five checks of a month."""
    rows = [
        (
            closing.check_title(one.name),
            _("等待") if one.waiting else _("相符") if one.ok else _("不符"),
            one.difference_fen,
            one.note,
        )
        for one in closing.reconcile(work, period)
    ]
    return Sheet(
        layout="list",
        title=_("{month}对账表", month=month_in_words(period)),
        dated=work.today,
        columns=_spoken(_CHECKS),
        rows=rows,
        unit=_("元"),
        signatures=[_("会计"), _("审计")],
        notes=_notes(work),
    )


def _spoken(columns: Sequence[Column]) -> list[Column]:
    """Columns with their titles in the reader's language."""
    return [replace(one, title=_(one.title)) for one in columns]


def _notes(work: "UnitOfWork", *, small: bool = False) -> list[str]:
    head = head_of(work.session.connection())
    county = work.settings.county.code
    code = anchor_code(county, head.seq, head.hash)
    notes = [_("审计锚点 {code}（第 {seq} 条，{at}）", code=code, seq=head.seq, at=moment(work.now))]
    if small:
        notes.append(_("小单位三人办理，少一道复核"))
    return notes
