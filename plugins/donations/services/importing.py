"""Gift lists of units from spreadsheets: the list's total is the transfer, what is over names nobody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.api import (
    Column,
    Import,
    ImportCounts,
    RowObjection,
    UnitOfWork,
    _,
    code_of,
    format_money,
    mark,
    row_objections,
    row_wish,
)
from plugins.donations.queries import own_drive
from plugins.donations.services.common import RECEIVE, refuse_quota
from plugins.donations.services.driving import require_receiving
from plugins.donations.services.giving import add_gift
from plugins.donations.wishes import AddGift
from plugins.donations.words import DISPLAYS, DONOR_KINDS

Rows = Mapping[str, Sequence[Any]]
COLUMNS = (
    Column(name="drive", title=mark("募捐编号"), required=True, example="YRJ-2026"),
    Column(name="unit", title=mark("代收单位"), required=True, example="县第一小学"),
    Column(name="transfer_ref", title=mark("到账流水号"), required=True, example="20261120001"),
    Column(name="transfer_fen", title=mark("到账合计"), kind="money", required=True, example="1000.00"),
    Column(name="on", title=mark("捐赠日期"), kind="date", required=True),
    Column(name="donor", title=mark("捐赠人"), required=True, example="张三"),
    Column(name="donor_kind", title=mark("捐赠人类别"), words=(DONOR_KINDS["person"], DONOR_KINDS["org"])),
    Column(name="amount_fen", title=mark("金额"), kind="money", required=True, example="100.00"),
    Column(name="display", title=mark("公开方式"), words=tuple(DISPLAYS.values())),
    Column(name="alias", title=mark("化名")),
    Column(name="restricted", title=mark("限定用途")),
    Column(name="note", title=mark("备注")),
)
_CODES: Mapping[str, Mapping[str, str]] = {"donor_kind": DONOR_KINDS, "display": DISPLAYS}


@dataclass
class _List:
    """One unit's list with its transfer."""

    first: int
    transfer_fen: int
    total_fen: int = 0
    rows: list[int] = field(default_factory=list)


def check_gifts(work: UnitOfWork, rows: Rows) -> Iterable[RowObjection]:
    """What is wrong with the rows; a list that says more than arrived is refused, less leaves a gift of nobody."""
    found: list[RowObjection] = []
    for row, wish in _gifts(rows, found):
        found.extend(_examined(work, row, wish))
    for (_drive, unit, ref), one in _lists(rows).items():
        if any(rows["transfer_fen"][row] != one.transfer_fen for row in one.rows):
            reason = _("同一笔到账的合计要一样")
            found.append(RowObjection(row=one.first, reason=reason, column="transfer_fen", code="E_LIST_TOTAL"))
        gap = one.transfer_fen - one.total_fen
        words = {"unit": unit, "ref": ref, "gap": format_money(abs(gap))}
        if gap < 0:
            reason = _("{unit} 的名单合计比到账（{ref}）多 {gap} 元，请核对名单，不能改动个人金额凑数", **words)
            found.append(RowObjection(row=one.first, reason=reason, column="transfer_fen", code="E_LIST_TOTAL"))
        elif gap:
            reason = _("{unit} 的名单合计比到账（{ref}）少 {gap} 元，记为待核的捐赠", **words)
            found.append(RowObjection(row=one.first, reason=reason, column="transfer_fen", code="W_LIST_TOTAL"))
    return found


def write_gifts(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """Receive every gift of the lists; what the transfer is over is a gift of the unit that names nobody."""
    count = 0
    for _row, wish in _gifts(rows, []):
        add_gift(work, wish)
        count += 1
    for (drive, unit, ref), one in _lists(rows).items():
        gap = one.transfer_fen - one.total_fen
        if gap <= 0:
            continue
        rest = AddGift(
            drive=drive,
            amount=format_money(gap),
            donor="",
            unit=unit,
            transfer_ref=ref,
            on=rows["on"][one.first],
            note=_("名单合计与到账的差额，待核"),
        )
        add_gift(work, rest)
    work.record("donations.gifts_imported", "donations:gifts", count=count)
    return ImportCounts(imported=count)


def _lists(rows: Rows) -> dict[tuple[str, str, str], _List]:
    found: dict[tuple[str, str, str], _List] = {}
    for row, ref in enumerate(rows["transfer_ref"]):
        key = (str(rows["drive"][row]).strip(), str(rows["unit"][row]).strip(), str(ref).strip())
        one = found.setdefault(key, _List(row, int(rows["transfer_fen"][row] or 0)))
        one.total_fen += int(rows["amount_fen"][row] or 0)
        one.rows.append(row)
    return found


def _gifts(rows: Rows, found: list[RowObjection]) -> Iterable[tuple[int, AddGift]]:
    names = ("drive", "unit", "transfer_ref", "on", "donor", "donor_kind", "display", "alias", "restricted", "note")
    for row in range(len(rows["drive"])):
        values = {name: code_of(_CODES.get(name, {}), rows[name][row]) for name in names}
        fen = int(rows["amount_fen"][row] or 0)
        if fen <= 0:
            found.append(RowObjection(row=row, reason=_("金额要大于 0"), column="amount_fen", code="E_GIFT_NEG"))
            continue
        wish = row_wish(found, row, AddGift, {**values, "amount": format_money(fen)})
        if wish is not None:
            yield row, wish


def _examined(work: UnitOfWork, row: int, wish: AddGift) -> list[RowObjection]:
    def look() -> None:
        drive = own_drive(work, wish.drive, RECEIVE)
        require_receiving(work, drive, wish.on or work.today, wish.channel or "bank")
        refuse_quota(work, note=wish.note, unit=wish.unit)

    found = row_objections(row, look, otherwise="drive")
    if not found and wish.display == "alias" and not wish.alias:
        return [RowObjection(row=row, reason=_("请填写化名"), column="alias", code="E_FIELD")]
    return found


GIFTS = Import(
    name="donations-gifts",
    title=mark("单位捐赠名单"),
    permission=RECEIVE,
    columns=COLUMNS,
    check=check_gifts,
    write=write_gifts,
)
