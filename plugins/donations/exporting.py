"""The list of gifts as a file: names as their donors chose to have them shown; each file is recorded."""

import csv
import io
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.api import _, format_money, refuse
from plugins.donations import words
from plugins.donations.models import Donor, Drive, Gift, Purpose
from plugins.donations.queries import LIVE, own_drive, receipts_of, shown_name, used_of
from plugins.donations.services.common import EXPORT, purpose_title, require

if TYPE_CHECKING:
    from core.api import UnitOfWork

HEADER = ("捐赠编号", "募捐编号", "捐赠人", "日期", "种类", "金额（元）", "捐赠意向", "票据号", "已用（元）")


def export_csv(work: "UnitOfWork", drive: str, reason: str) -> tuple[bytes, int]:
    """The CSV (UTF-8 with BOM) of the gifts of a drive, or of all, and how many rows it has."""
    require(work, EXPORT)
    if not reason.strip():
        raise refuse(_("请写明导出的事由"), field="reason", code="E_REASON")
    asked = (
        select(Gift, Donor, Purpose, Drive)
        .join(Donor, col(Donor.id) == col(Gift.donor_id))
        .join(Purpose, col(Purpose.id) == col(Gift.purpose_id))
        .outerjoin(Drive, col(Drive.id) == col(Gift.drive_id))
        .where(col(Gift.state).in_(LIVE))
        .order_by(col(Gift.id))
    )
    if drive.strip():
        asked = asked.where(col(Gift.drive_id) == own_drive(work, drive, EXPORT).id)
    rows = work.session.execute(asked).all()
    ids = [row[0].id or 0 for row in rows]
    slips, used = receipts_of(work, ids), used_of(work, ids)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for gift, donor, purpose, where in rows:
        number = gift.id or 0
        writer.writerow(
            [
                gift.number,
                where.number if where else "",
                _safe(shown_name(donor)),
                gift.given_on.isoformat(),
                words.GIFT_KINDS[gift.kind],
                format_money(gift.amount_fen),
                _safe(purpose_title(purpose)),
                slips[number].number if number in slips else "",
                format_money(used.get(number, 0)),
            ]
        )
    work.record("donations.exported", "donations:gifts", reason=reason.strip(), count=len(rows))
    return b"\xef\xbb\xbf" + out.getvalue().encode(), len(rows)


def _safe(text: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
