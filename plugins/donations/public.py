"""The public pages: drives as they were disclosed, and from a receipt's number to what the gift was used for."""

from typing import TYPE_CHECKING, Any

from litestar import Router, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from sqlalchemy import select
from sqlmodel import col

from core.api import NotFound, _, format_money, in_capitals
from core.web import EVERYONE, count_try, page, public_work
from plugins.donations import words
from plugins.donations.models import Donor, Drive, Gift, Purpose, Receipt
from plugins.donations.queries import shown_name, used_of
from plugins.donations.services.common import charity_name, charity_of, purpose_title
from plugins.donations.services.disclosing import latest_content, uses_of
from plugins.donations.showing import day, span, use_row, yuan

if TYPE_CHECKING:
    from core.api import UnitOfWork

_DRIVES = 100


def look_up(work: "UnitOfWork", number: str) -> dict[str, Any] | None:
    """What anybody may know of a receipt: the name as chosen, amount, intent, and what it was used for."""
    slip = work.session.scalars(select(Receipt).where(col(Receipt.number) == number.strip().upper())).one_or_none()
    if slip is None:
        return None
    gift = work.session.get_one(Gift, slip.gift_id)
    donor = work.session.get_one(Donor, gift.donor_id)
    purpose = work.session.get_one(Purpose, gift.purpose_id)
    drive = work.session.get(Drive, gift.drive_id) if gift.drive_id else None
    used = used_of(work, [gift.id or 0]).get(gift.id or 0, 0)
    return {
        "number": slip.number,
        "void": slip.voided_on is not None,
        "name": shown_name(donor),
        "charity": charity_name(work, charity_of(work)),
        "drive": drive.title if drive else "",
        "given_on": gift.given_on,
        "kind": gift.kind,
        "amount_fen": gift.amount_fen,
        "amount_words": in_capitals(gift.amount_fen),
        "purpose": purpose_title(purpose),
        "used_fen": used,
        "left_fen": gift.amount_fen - used,
        "uses": uses_of(work, col(Gift.id) == gift.id),
    }


def _receipt_rows(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("票据号"), found["number"]),
        (_("状态"), _("已作废") if found["void"] else _("有效")),
        (_("捐赠人"), found["name"]),
        (_("受赠单位"), found["charity"]),
        (_("募捐"), found["drive"]),
        (_("捐赠日期"), day(found["given_on"])),
        (_("金额"), yuan(found["amount_fen"])),
        (_("大写"), found["amount_words"]),
        (_("捐赠意向"), found["purpose"]),
        (_("已用"), yuan(found["used_fen"])),
        (_("未用"), yuan(found["left_fen"])),
    ]


def _drive_rows(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("募捐编号"), found["number"]),
        (_("受赠单位"), found["charity"]),
        (_("备案编号"), found["filing_no"]),
        (_("募捐期"), _("{since} 至 {until}", since=found["start_on"], until=found["end_on"] or "--")),
        (_("截至日期"), found["as_of"]),
        (_("已收"), yuan(found["received_fen"])),
        (_("捐赠笔数"), str(found["gifts"])),
        (_("慈善支出"), yuan(found["aid_fen"])),
        (_("募捐费用"), yuan(found["fundraising_fen"])),
        (_("管理费用"), yuan(found["management_fen"])),
        (_("结余"), yuan(found["balance_fen"])),
        (_("剩余财产处理"), found["surplus"]),
    ]


def public_router() -> Router:
    """The routes of the public application."""

    @get("/", sync_to_thread=True, guards=[EVERYONE])
    def public_drives() -> Template:
        """Drives that were disclosed."""
        with public_work() as work:
            rows = list(
                work.session.scalars(
                    select(Drive).where(col(Drive.state) != "draft").order_by(col(Drive.start_on).desc()).limit(_DRIVES)
                )
            )
            found = [(one, latest_content(work, one)) for one in rows]
        lines = [
            {
                "path": f"/donations/drives/{one.id}",
                "title": one.title,
                "span": span(one.start_on, one.end_on),
                "received": format_money(shown[1]["received_fen"]),
            }
            for one, shown in found
            if shown is not None
        ]
        return page("donations/public_drives.html", drives=lines)

    @get("/drives/{number:int}", sync_to_thread=True, guards=[EVERYONE])
    def public_drive(number: FromPath[int]) -> Template:
        """One drive as it was disclosed last."""
        with public_work() as work:
            one = work.session.get(Drive, number)
            shown = latest_content(work, one) if one is not None else None
        if shown is None:
            raise NotFound(_("没有找到这次募捐"))
        made, found = shown
        return page(
            "donations/public_drive.html",
            title=found["title"],
            rows=_drive_rows(found),
            gifts=[(one["name"], one["on"], _(words.GIFT_KINDS[one["kind"]]), format_money(one["amount_fen"]))
                   for one in found["donations"]],
            uses=[use_row(one) for one in found["uses"]],
            digest=made.content_hash.hex(),
        )  # fmt: skip

    @get("/receipt", sync_to_thread=True, guards=[EVERYONE])
    def public_receipt(number: FromQuery[str] = "") -> Template:
        """From a receipt's number to what the gift was used for."""
        found: dict[str, Any] | None = None
        if number:
            with public_work() as work:
                count_try(work)
                found = look_up(work, number[:40])
        return page(
            "donations/public_receipt.html",
            number=number[:40],
            missing=bool(number) and found is None,
            rows=_receipt_rows(found) if found else [],
            uses=[use_row(one) for one in found["uses"]] if found else [],
        )

    return Router("/donations", route_handlers=[public_drives, public_drive, public_receipt])
