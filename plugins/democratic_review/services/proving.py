"""The proofs of a meeting: the signed record, photos, the day its result was posted."""

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from core.api import NewAttachment, UnitOfWork, _, add_attachment, refuse
from plugins.democratic_review.models import Evidence, Posting
from plugins.democratic_review.queries import own_session, session_number
from plugins.democratic_review.services.recording import RECORD
from plugins.democratic_review.words import EVIDENCE

if TYPE_CHECKING:
    from plugins.democratic_review.wishes import KeepEvidence, PostResult


def keep_evidence(work: UnitOfWork, session_id: int, wish: "KeepEvidence") -> Evidence:
    """Keep a photo of the meeting, or the record as it was signed."""
    session = own_session(work, session_id, RECORD)
    work.require(RECORD, session.area)
    months = work.policy("democratic_review.photo_months")
    kept = add_attachment(
        work,
        NewAttachment(
            owner=f"ballot:{session_id}",
            area=session.area,
            file_name=wish.file_name,
            data=wish.content,
            title=_("{number} {kind}", number=session_number(session), kind=_(EVIDENCE[wish.kind])),
            expires_on=work.today + timedelta(days=months * 365 // 12),
        ),
    )
    if wish.kind == "photo" and not kept.media_type.startswith("image/"):
        raise refuse(_("现场照片要是图片"), field="file", code="E_FILE_TYPE")
    made = Evidence(
        session_id=session_id,
        kind=wish.kind,
        attachment_id=kept.id or 0,
        content_hash=hashlib.sha256(wish.content).digest(),
        added_at=work.now,
        added_by=work.actor.account_id,
    )
    work.session.add(made)
    work.session.flush()
    after = {"kind": wish.kind, "attachment": kept.id, "hash": made.content_hash.hex()}
    work.record("democratic_review.evidence_kept", f"ballot:{session_id}", area=session.area, after=after)
    return made


def post_result(work: UnitOfWork, session_id: int, wish: "PostResult") -> Posting:
    """Say on which day the result was posted; once, and not before the meeting."""
    session = own_session(work, session_id, RECORD)
    work.require(RECORD, session.area)
    on = wish.posted_on or work.today
    if on < session.held_on:
        reason = _("办理时间不得早于上一环节（{day}）", day=session.held_on)
        raise refuse(reason, field="posted_on", code="E_BACKDATE")
    if on > work.today:
        raise refuse(_("日期不能晚于今天"), field="posted_on", code="E_BALLOT_DAY")
    if work.session.get(Posting, session_id) is not None:
        raise refuse(_("这次票决的结果已经登记张贴"), field="posted_on", code="E_BALLOT_POSTED")
    made = Posting(
        session_id=session_id,
        posted_on=on,
        place=wish.place.strip(),
        recorded_at=work.now,
        recorded_by=work.actor.account_id,
    )
    work.session.add(made)
    work.session.flush()
    after = {"posted_on": on, "place": made.place}
    work.record("democratic_review.result_posted", f"ballot:{session_id}", area=session.area, after=after)
    return made
