"""Questions to the audit chain: list, show, verify, sample, and what an export holds."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, select, text
from sqlmodel import col

from core import guards
from core.audit import verifier
from core.audit.chain import microseconds
from core.audit.models import GUARDED, Head, Record
from core.bulk import uncollected
from core.errors import NotFound, refuse
from core.scope import scoped
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What to look for: ``since`` and ``until`` are county days, both included; ``before`` pages on from a number."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None
    limit: int = PAGE


def list_records(work: "UnitOfWork", wish: Filter) -> list[dict[str, Any]]:
    """The newest records first, of the areas in which the reader may read the audit."""
    work.require("audit.show")
    statement = _filtered(scoped(work, select(Record), col(Record.area), "audit.show"), wish)
    rows = work.session.scalars(statement.order_by(col(Record.seq).desc()).limit(wish.limit))
    return [_line(work, row) for row in rows]


def show_record(work: "UnitOfWork", seq: int) -> dict[str, Any]:
    """One record with everything in it, in words and in full."""
    work.require("audit.show")
    row = work.session.scalar(
        scoped(work, select(Record), col(Record.area), "audit.show").where(col(Record.seq) == seq)
    )
    if row is None:
        raise NotFound(_("没有第 {seq} 号审计记录", seq=seq))
    return {**_line(work, row), "body": json.loads(row.body), "hash": row.hash.hex(), "previous": row.previous.hex()}


def sample(work: "UnitOfWork", size: int, seed: int, wish: Filter) -> list[dict[str, Any]]:
    """Records drawn at random; the same seed over the same records draws the same ones again."""
    import random

    work.require("audit.sample")
    if size < 1:
        raise refuse(_("抽样数量应为 1 以上"), field="size")
    numbers = scoped(work, select(col(Record.seq)), col(Record.area), "audit.sample").order_by(col(Record.seq))
    found = work.session.scalars(_filtered(numbers, wish)).all()
    drawn = sorted(random.Random(seed).sample(found, min(size, len(found))))  # noqa: S311 - repeatable on purpose
    rows = work.session.scalars(select(Record).where(col(Record.seq).in_(drawn)).order_by(col(Record.seq)))
    return [_line(work, row) for row in rows]


def verify(work: "UnitOfWork", typed: str = "") -> verifier.Verdict:
    """Recompute the whole chain; ``typed`` is an anchor read from paper, beside those of the file outside."""
    work.require("audit.verify")
    county = work.settings.county.code
    outside = list(kept_anchors(work))
    if typed:
        try:
            outside.append(verifier.typed_anchor(county, typed))
        except ValueError as error:
            raise refuse(_("锚点抄写有误，请对照纸质件重新输入"), field="anchor", hint=str(error)) from None
    return verify_connection(work.session.connection(), county, outside)


def verify_connection(
    connection: Connection, county: str = "", outside: Iterable[verifier.Anchor] = ()
) -> verifier.Verdict:
    """The same for a bare connection, as ``restore --check`` and ``doctor`` need it.

    Every row is read once and in order: to keep the pages would take memory for nothing.
    """
    with uncollected():
        return verifier.verify(evidence(connection), county, outside)


def evidence(connection: Connection) -> verifier.Evidence:
    """The chain's tables behind a connection, in the form that the stand-alone verifier reads."""

    driver: Any = connection.connection.driver_connection

    def run(sql: str, values: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
        if connection.dialect.name == "sqlite":  # rows come by the million
            return driver.execute(sql, values)
        found = connection.execute(text(sql).execution_options(yield_per=1024), dict(values))
        return (tuple(row) for row in found)

    kept = verifier.Evidence(run)
    kept.lost_guards = lambda: list(guards.lost(connection, GUARDED))
    return kept


def kept_anchors(work: "UnitOfWork") -> list[verifier.Anchor]:
    """The anchors of the file that lies outside the database; none when there is no file yet."""
    file = work.settings.data / "anchors" / f"{work.settings.county.code}.jsonl"
    return verifier.anchors_of(file) if file.is_file() else []


def head(connection: Connection) -> tuple[int, bytes]:
    """Number and hash of the last record."""
    row = connection.execute(select(col(Head.seq), col(Head.hash))).one()
    return row.seq, row.hash


def export_lines(work: "UnitOfWork") -> Iterator[str]:
    """The chain as JSON lines with all that the stand-alone verifier needs; sealed rows included."""
    work.require("audit.export", area=work.settings.county.code)
    connection = work.session.connection()
    kept = evidence(connection)
    yield _columns("audit_head", ("seq", "hash"))
    yield _values("audit_head", kept.head() or ())
    yield _columns("audit_layout", ("number", "layout"))
    layouts = kept.layouts()
    for number, layout in layouts.items():
        yield _values("audit_layout", (number, layout))
    yield from _sealed_rows(kept, [json.loads(layout) for layout in layouts.values()])
    for table, kind, rows in (
        ("audit_anchor", verifier.Anchor, kept.anchors()),
        ("audit_block", verifier.Block, kept.blocks()),
        ("audit_record", verifier.Record, kept.records()),
    ):
        yield _columns(table, kind._fields)
        for row in rows:
            yield _values(table, row)
    yield _columns("lost_guard", ("name",))
    for name in kept.lost_guards():
        yield _values("lost_guard", (name,))


def _sealed_rows(kept: verifier.Evidence, layouts: list[dict[str, Any]]) -> Iterator[str]:
    """Each sealed table once, with every column that any of its layouts names."""
    tables: dict[str, dict[str, str]] = {}
    for layout in layouts:
        tables.setdefault(layout["table"], {}).update(dict(layout["columns"]))
    for table, columns in tables.items():
        yield _columns(table, tuple(columns))
        for row in kept.rows({"table": table, "columns": list(columns.items())}, 0, -1):
            yield _values(table, list(map(verifier.plain, columns.values(), row)))


def _columns(table: str, columns: Sequence[str]) -> str:
    return json.dumps({"table": table, "columns": columns})


def _values(table: str, values: Sequence[Any]) -> str:
    return json.dumps({"table": table, "values": [_written(value) for value in values]}, ensure_ascii=False)


def _written(value: Any) -> Any:
    if not isinstance(value, bytes):
        return value
    if value[:1] == b"{":
        try:
            return {"text": value.decode()}
        except UnicodeDecodeError:
            pass
    return {"hex": value.hex()}


def _filtered(statement: Select[Any], wish: Filter) -> Select[Any]:
    from core.work import COUNTY_TIME

    for column, value in (
        (col(Record.actor), wish.actor),
        (col(Record.action), wish.action),
        (col(Record.subject), wish.subject),
    ):
        if value:
            statement = statement.where(column == value)
    if wish.since:
        statement = statement.where(col(Record.at) >= microseconds(datetime.combine(wish.since, time(), COUNTY_TIME)))
    if wish.until:
        statement = statement.where(col(Record.at) <= microseconds(datetime.combine(wish.until, time.max, COUNTY_TIME)))
    return statement.where(col(Record.seq) < wish.before) if wish.before else statement


def _line(work: "UnitOfWork", row: Record) -> dict[str, Any]:
    body = json.loads(row.body)
    wording = work.hooks.resolve("resolve_audit_wording", action=row.action, details=body["details"])
    return {
        "seq": row.seq,
        "at": (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=row.at)).isoformat(),
        "actor": row.actor,
        "deputy_for": body["who"]["deputy_for"],
        "edge": body["where"]["edge"],
        "action": row.action,
        "wording": wording or row.action,
        "subject": row.subject,
        "area": row.area,
        "reason": body["reason"],
    }
