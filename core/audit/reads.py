"""Reads of sensitive data are recorded too, but a page that is looked at again is not a new act."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.audit.chain import microseconds
from core.audit.models import Record

if TYPE_CHECKING:
    from core.work import UnitOfWork


def is_fresh(work: "UnitOfWork", action: str, subject: str) -> bool:
    """Whether this viewer's read of this subject stands in the chain since less than ``audit.read_minutes``."""
    waiting = any((entry.action, entry.subject) == (action, subject) for entry in work.records)
    if waiting:
        return True
    since = microseconds(work.now - timedelta(minutes=work.policy("audit.read_minutes")))
    found = select(Record.seq).where(
        Record.subject == subject,
        Record.at > since,
        Record.at <= microseconds(work.now),
        Record.action == action,
        Record.actor == work.actor.name,
    )
    return work.session.connection().execute(found.limit(1)).first() is not None
