"""Disclosures: what is published of a drive, word for word, by its deadlines; late ones are kept with a red flag."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Clash, Objection, Refused, UnitOfWork, _, area_names
from plugins.donations.figures import drive_sums
from plugins.donations.models import Disclosure, Donor, Drive, Gift, Project, Spending, Use
from plugins.donations.queries import LIVE, dict_of, drive_standing, own_drive, shown_name
from plugins.donations.rules import months_later
from plugins.donations.services.common import DISCLOSE, charity_name, charity_of, keep, moved, not_later
from plugins.donations.services.driving import incomplete, settle_drive, subject
from plugins.donations.wishes import Disclose, Settle

_LINES = 5000


def disclose_drive(work: UnitOfWork, text: str, wish: Disclose) -> tuple[Disclosure, list[Objection]]:
    """Publish a drive as it stands: every five days in an emergency, every three months, finally after it was settled.

    The first disclosure asks for certificate, plan and filing number (E_DRIVE_INCOMPLETE); one after its day is
    published all the same and marked E_DISCLOSE_LATE.
    """
    one = own_drive(work, text, DISCLOSE)
    on = wish.on or work.today
    not_later(work, on, "on")
    state = drive_standing(work, one)
    if state not in ("open", "closed", "settled"):
        raise Clash(_("募捐现在的状态不能公开"))
    first = work.session.scalar(select(func.count()).where(col(Disclosure.drive_id) == one.id)) == 0
    lacking = incomplete(work, one) if first else []
    if lacking:
        raise Refused(
            [
                Objection(reason=item.reason, field="drive", code="E_DRIVE_INCOMPLETE", hint=item.hint)
                for item in lacking
            ]
        )
    if state == "closed":
        settle_drive(work, text, Settle())
    kind = "interim" if state == "open" else "final"
    if kind == "interim" and one.emergency:
        kind = "receipts"
    due = next_due(work, one)
    content = json.dumps(content_of(work, one), ensure_ascii=False, sort_keys=True, default=str)
    made = Disclosure(
        drive_id=one.id or 0,
        kind=kind,
        due_on=due,
        published_on=on,
        late=due is not None and on > due,
        address=wish.address.strip(),
        content=content,
        content_hash=hashlib.sha256(content.encode()).digest(),
        published_by=work.actor.account_id,
    )
    keep(work, [made])
    if kind == "final":
        one.state, one.state_on = "disclosed", work.today
        moved(work, one)
    after = {"kind": kind, "due_on": due, "hash": made.content_hash}
    work.record("donations.disclosed", subject(one), after=after)
    if not made.late:
        return made, []
    reason = _("公开晚于期限 {day}", day=due)
    return made, [Objection(reason=reason, code="E_DISCLOSE_LATE")]


def next_due(work: UnitOfWork, one: Drive) -> date | None:
    """The day the next disclosure of a drive is due; None when none is."""
    state = drive_standing(work, one)
    if state in ("closed", "settled") and one.end_on is not None:
        return months_later(one.end_on, work.policy("donations.final_months"))
    if state != "open":
        return None
    last = work.session.scalar(select(func.max(col(Disclosure.published_on))).where(col(Disclosure.drive_id) == one.id))
    since = last or one.start_on
    if one.emergency:
        return since + timedelta(days=work.policy("donations.emergency_disclosure_days"))
    long = months_later(one.start_on, work.policy("donations.interim_after_months"))
    if one.end_on is not None and one.end_on <= long:
        return None
    return months_later(since, work.policy("donations.interim_months"))


def content_of(work: UnitOfWork, one: Drive) -> dict[str, Any]:
    """What a disclosure says: totals, gifts under the names the donors chose, use by project, cost, balance."""
    sums = drive_sums(work, one)
    gifts = work.session.execute(
        select(Gift, Donor)
        .join(Donor, col(Donor.id) == col(Gift.donor_id))
        .where(col(Gift.drive_id) == one.id, col(Gift.state).in_(LIVE))
        .order_by(col(Gift.given_on), col(Gift.id))
        .limit(_LINES)
    ).all()
    return {
        "number": one.number,
        "title": one.title,
        "charity": charity_name(work, charity_of(work)),
        "filing_no": one.filing_no,
        "start_on": one.start_on,
        "end_on": one.end_on,
        "as_of": work.today,
        "received_fen": sums.received_fen,
        "gifts": sums.gifts,
        "aid_fen": sums.aid_fen,
        "fundraising_fen": sums.fundraising_fen,
        "management_fen": sums.management_fen,
        "balance_fen": sums.balance_fen,
        "surplus": one.surplus,
        "donations": [
            {"name": shown_name(donor), "amount_fen": gift.amount_fen, "kind": gift.kind, "on": gift.given_on}
            for gift, donor in gifts
        ],
        "uses": uses_of(work, col(Gift.drive_id) == one.id),
    }


def uses_of(work: UnitOfWork, which: Any) -> list[dict[str, Any]]:
    """What some gifts were spent on, as it may be published: number, place, type and amount, never a person."""
    rows = work.session.execute(
        select(Spending, func.sum(col(Use.amount_fen)))
        .join(Use, col(Use.spending_id) == col(Spending.id))
        .join(Gift, col(Gift.id) == col(Use.gift_id))
        .where(which)
        .group_by(col(Spending.id))
        .order_by(col(Spending.spent_on), col(Spending.id))
        .limit(_LINES)
    ).all()
    projects = dict_of(work, Project, [one.project_id for one, _fen in rows])
    places = area_names(work, {one.area[:9] for one, _fen in rows if one.area})
    return [
        {
            "number": one.number,
            "on": one.spent_on,
            "project": projects[one.project_id].title if one.project_id else "",
            "kind": one.kind,
            "use": one.use,
            "place": places.get(one.area[:9], ""),
            "amount_fen": int(fen),
            "corrects": one.reverses_id is not None,
        }
        for one, fen in rows
    ]


def latest_content(work: UnitOfWork, one: Drive) -> tuple[Disclosure, dict[str, Any]] | None:
    """The newest disclosure of a drive and what it says; None when nothing was published."""
    asked = select(Disclosure).where(col(Disclosure.drive_id) == one.id).order_by(col(Disclosure.id).desc()).limit(1)
    found = work.session.scalars(asked).first()
    return (found, json.loads(found.content)) if found else None


def late_days(work: UnitOfWork) -> list[tuple[Drive, date]]:
    """Drives whose next disclosure is due, with the day; for the desk."""
    rows = work.session.scalars(select(Drive).where(col(Drive.state).in_(("filed", "settled"))).order_by(col(Drive.id)))
    found = [(one, next_due(work, one)) for one in rows]
    return [(one, due) for one, due in found if due is not None]
