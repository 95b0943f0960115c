"""Lay a change over what is known of an enrolment: what it replaces stays readable, as it was known before."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from core.api import Period, UnitOfWork, columns, insert_columns, table_of
from plugins.benefits.models import Enrolment, EnrolmentVersion
from plugins.benefits.months import after, before

FIELDS = ("person_id", "state", "category", "area", "payee_id", "fixed_fen", "terms", "reason")
"""What of a version a change may name; months and knowledge are this module's."""
_VERSION = columns(EnrolmentVersion)
_NEVER = "9999-12"

Line = dict[str, Any]


def current(work: UnitOfWork, enrolment_id: int) -> list[Line]:
    """What is known now of an enrolment, by month; ``to_month`` None is until further notice."""
    rows = work.session.connection().execute(
        select(_VERSION.id.table)
        .where(_VERSION.enrolment_id == enrolment_id, _VERSION.superseded_by.is_(None))
        .order_by(_VERSION.from_month)
    )
    return [dict(row._mapping) for row in rows]


def at_month(lines: Sequence[Line], month: str) -> Line | None:
    """The line that holds in a month."""
    return next((one for one in lines if one["from_month"] <= month <= (one["to_month"] or _NEVER)), None)


def terms_text(terms: Mapping[str, Any]) -> tuple[str, int | None]:
    """Terms as they are stored, and the fixed amount in them (``amount_fen``)."""
    if not terms:
        return "", None
    return json.dumps(dict(terms), ensure_ascii=False, sort_keys=True), terms.get("amount_fen")


def lay_over(
    work: UnitOfWork,
    enrolment: Enrolment,
    span: tuple[str, str | None],
    change: Callable[[Line], Mapping[str, Any] | None],
    fill: Mapping[str, Any] | None = None,
) -> list[Line]:
    """Change what holds in the months of ``span``; answers what is known after it.

    ``change`` answers the fields that differ for each line that is replaced, an empty mapping to leave it as it is,
    None to take it away; ``fill`` is the line of months of which nothing is known yet (None leaves them so).
    """
    since, until = span[0], span[1] or _NEVER
    gone: list[int] = []
    made: list[Line] = []
    covered: list[tuple[str, str]] = []
    lines = current(work, enrolment.id or 0)
    for line in lines:
        first, last = line["from_month"], line["to_month"] or _NEVER
        if last < since or first > until:
            continue
        covered.append((first, last))
        middle = {**line, "from_month": max(first, since), "to_month": min(last, until)}
        different = change(middle)
        if different is not None and not different:
            continue
        gone.append(line["id"])
        if first < since:
            made.append({**line, "from_month": first, "to_month": before(since)})
        if different is not None:
            made.append({**middle, **different})
        if last > until:
            made.append({**line, "from_month": after(until), "to_month": last})
    if fill is not None:
        made.extend({**fill, "from_month": first, "to_month": last} for first, last in _gaps(covered, since, until))
    if gone and not made:
        # What is superseded names what came instead: the line before is written again as it was.
        kept = next(line for line in reversed(lines) if line["id"] not in gone)
        gone.append(kept["id"])
        made.append({**kept, "to_month": kept["to_month"] or _NEVER})
    if made:
        _write(work, enrolment, gone, made)
    return current(work, enrolment.id or 0)


def _gaps(covered: Sequence[tuple[str, str]], since: str, until: str) -> Iterator[tuple[str, str]]:
    at = since
    for first, last in covered:
        if first > at:
            yield at, before(first)
        if last >= until:
            return
        at = max(at, after(last))
    yield at, until


def _write(work: UnitOfWork, enrolment: Enrolment, gone: Sequence[int], made: Sequence[Line]) -> None:
    connection = work.session.connection()
    ids = work.next_ids_in_order("benefits_version", len(made))
    if gone:
        connection.execute(
            update(_VERSION.id.table).where(_VERSION.id.in_(gone)).values(superseded_by=ids[0], superseded_at=work.now)
        )
    insert_columns(
        connection,
        table_of(EnrolmentVersion),
        {
            "id": ids,
            "from_month": [line["from_month"] for line in made],
            "to_month": [None if line["to_month"] == _NEVER else line["to_month"] for line in made],
            **{name: [line[name] for line in made] for name in FIELDS},
        },
        {
            "enrolment_id": enrolment.id,
            "scheme": enrolment.scheme,
            "beneficiary_id": enrolment.beneficiary_id,
            "known_at": work.now,
            "known_by": work.actor.account_id,
        },
    )


def follow(work: UnitOfWork, enrolment: Enrolment, lines: Sequence[Line]) -> None:
    """Let the enrolment say what its newest version says, for lists."""
    living = [line for line in lines if line["state"] != "ended"]
    month = str(Period.of(work.today))
    now = at_month(living, month) or (living[-1] if living and living[-1]["from_month"] <= month else None)
    shown = now or (living[0] if living else lines[-1])
    enrolment.category, enrolment.area, enrolment.payee_id = shown["category"], shown["area"], shown["payee_id"]
    enrolment.person_id = lines[-1]["person_id"]
    enrolment.from_month = living[0]["from_month"] if living else enrolment.from_month
    last = living[-1]["to_month"] if living else before(enrolment.from_month)
    enrolment.to_month = last
    suspended = [line["from_month"] for line in living if line["state"] == "suspended"]
    enrolment.suspended_from = suspended[-1] if suspended else None
    ended = any(line["state"] == "ended" for line in lines)
    enrolment.state = "ended" if ended else "suspended" if suspended else "active"
    enrolment.version += 1
    work.session.add(enrolment)
    work.session.flush()
