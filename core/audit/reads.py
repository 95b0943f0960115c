"""Reads of sensitive data are recorded too, but a page that is looked at again is not a new act."""

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from core.asking import Question
from core.audit.chain import microseconds
from core.audit.models import Record
from core.tables import columns

if TYPE_CHECKING:
    from core.work import UnitOfWork


def is_fresh(work: "UnitOfWork", action: str, subject: str) -> bool:
    """Whether this viewer's read of this subject stands in the chain since less than ``audit.read_minutes``."""
    since = microseconds(work.now - timedelta(minutes=work.policy("audit.read_minutes")))
    seen = {"subject": subject, "action": action, "actor": work.actor.name}
    return bool(work.ask(_FRESH, since=since, now=microseconds(work.now), **seen))


_RECORD = columns(Record)
_FRESH = Question(
    select(_RECORD.seq)
    .where(
        _RECORD.subject == bindparam("subject"),
        _RECORD.at > bindparam("since"),
        _RECORD.at <= bindparam("now"),
        _RECORD.action == bindparam("action"),
        _RECORD.actor == bindparam("actor"),
    )
    .limit(1)
)
"""Asked at every page that shows a person."""
