"""What a household or person looked like before and after a change: kept sealed, and vouched for in blocks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select
from sqlmodel import col

from core.audit.blocks import RowLayout, Sealed, seal
from core.households.models.changes import Change

if TYPE_CHECKING:
    from core.work import UnitOfWork

LAYOUT = RowLayout(
    "household_change",
    (
        ("id", "integer"),
        ("subject", "text"),
        ("kind", "text"),
        ("happened_on", "date"),
        ("recorded_at", "time"),
        ("recorded_by", "integer"),
        ("details_sealed", "bytes"),
    ),
)
_COLUMN = "household_change.details_sealed"


@dataclass(frozen=True, kw_only=True)
class Changed:
    """One change: ``subject`` is ``household:12`` or ``person:7``; before and after as plain values."""

    subject: str
    kind: str
    on: date
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def write_changes(work: "UnitOfWork", changes: Sequence[Changed]) -> Sealed:
    """Write change rows in bulk; the answer goes into the act's record: ``work.record(…, sealed=answer)``."""
    if not changes:
        return seal(LAYOUT, ())
    ids = work.next_ids("household_change", len(changes))
    texts = [_text(change) for change in changes]
    details = work.keys.seal_many(_COLUMN, ids, texts)
    rows = [
        (number, change.subject, change.kind, change.on, work.now, work.actor.account_id, sealed)
        for number, change, sealed in zip(ids, changes, details, strict=True)
    ]
    names = [name for name, _kind in LAYOUT.columns]
    work.session.connection().execute(insert(Change), [dict(zip(names, row, strict=True)) for row in rows])
    return seal(LAYOUT, rows, work.settings.security.digest)


def list_changes(work: "UnitOfWork", subject: str, limit: int = 100) -> list[dict[str, Any]]:
    """The changes of one subject, newest first; the caller has checked right and area."""
    rows = work.session.scalars(
        select(Change).where(col(Change.subject) == subject).order_by(col(Change.id).desc()).limit(limit)
    )
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "on": row.happened_on,
            "at": row.recorded_at,
            "by": row.recorded_by,
            **json.loads(work.keys.unseal(_COLUMN, row.id or 0, row.details_sealed)),
        }
        for row in rows
    ]


def _text(change: Changed) -> str:
    return json.dumps({"before": change.before, "after": change.after}, ensure_ascii=False, default=str)
