"""Background work: jobs and outbox rows are written in the transaction that wants them and run afterwards.

``serve`` runs them in one thread, ``jobs run`` drains them once. What fails is tried again later and later, then
parked and shown; nothing is lost and nothing runs twice at once.
"""

import importlib
import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update
from sqlmodel import col

from core.errors import HuiminError, NotFound
from core.models.background import OutboxRow, QueuedJob
from core.models.plugins import DegradedPlugin
from core.texts import _

if TYPE_CHECKING:
    from core.host import Host
    from core.work import UnitOfWork

log = logging.getLogger("huimin.jobs")

ABANDONED = timedelta(hours=1)
"""A job that has been running for longer was left behind by a process that died; it is taken up again."""

PERIODS = {"hourly": "%Y-%m-%dT%H", "daily": "%Y-%m-%d", "monthly": "%Y-%m"}


@dataclass(frozen=True)
class Drained:
    """What one draining did: jobs and outbox rows done, failed (to be tried again) and parked."""

    done: int
    failed: int
    parked: int


def drain(host: "Host", limit: int = 1000) -> Drained:
    """Run everything that is due, once; answers counts."""
    plan_regular(host)
    outcomes = []
    for _turn in range(limit):
        outcome = _one_outbox_row(host) or _one_job(host)
        if outcome is None:
            break
        outcomes.append(outcome)
    return Drained(outcomes.count("done"), outcomes.count("failed"), outcomes.count("parked"))


def plan_regular(host: "Host") -> None:
    """Enqueue every regular job for its hour, day or month, at most once whoever asks."""
    from core.work import COUNTY_TIME

    now = host.clock.now()
    wanted = {
        f"{job.name}@{now.astimezone(COUNTY_TIME).strftime(PERIODS[job.every])}": job.name
        for job in host.jobs.values()
        if job.every
    }
    if not wanted:
        return
    with host.database.transaction(write=False) as connection:
        known = set(connection.scalars(select(col(QueuedJob.once_key)).where(col(QueuedJob.once_key).in_(wanted))))
    missing = [(key, name) for key, name in wanted.items() if key not in known]
    if not missing:
        return
    with host.database.transaction(write=True) as connection:
        dialect_insert = _insert_or_leave(connection.dialect.name)
        for key, name in missing:
            connection.execute(
                dialect_insert(QueuedJob)
                .values(name=name, arguments="{}", state="waiting", tries=0, error="", due_at=now, once_key=key)
                .on_conflict_do_nothing(index_elements=["once_key"])
            )


def _insert_or_leave(dialect: str) -> Any:
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as dialect_insert
    else:
        from sqlalchemy.dialects.postgresql import insert as dialect_insert
    return dialect_insert


def _one_job(host: "Host") -> str | None:
    now = host.clock.now()
    with host.database.transaction(write=True) as connection:
        due = (
            select(col(QueuedJob.id))
            .where(
                ~_of_a_degraded_plugin(),
                ((col(QueuedJob.state) == "waiting") & (col(QueuedJob.due_at) <= now))
                | ((col(QueuedJob.state) == "running") & (col(QueuedJob.started_at) < now - ABANDONED)),
            )
            .order_by(col(QueuedJob.due_at), col(QueuedJob.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = connection.execute(
            update(QueuedJob)
            .where(col(QueuedJob.id) == due.scalar_subquery())
            .values(state="running", started_at=now, tries=col(QueuedJob.tries) + 1)
            .returning(col(QueuedJob.id), col(QueuedJob.name), col(QueuedJob.arguments), col(QueuedJob.tries))
        ).first()
    if row is None:
        return None
    return _attempt(host, QueuedJob, row.id, row.tries, lambda: _run_job(host, row))


def _of_a_degraded_plugin() -> Any:
    """Whether a job belongs to a degraded plugin: it waits until that one goes on."""
    prefix = col(DegradedPlugin.plugin) + "."
    begins = func.substr(col(QueuedJob.name), 1, func.length(prefix)) == prefix
    return select(col(DegradedPlugin.plugin)).where(begins).correlate(QueuedJob).exists()


def _run_job(host: "Host", row: Any) -> None:
    job = host.jobs.get(row.name)
    if job is None:
        raise NotFound(_("没有后台任务 {name}，它的插件可能停用了", name=row.name))
    run = _function(job.run)
    with _system_work(host) as work:
        run(work, **json.loads(row.arguments))
        _finish(work, QueuedJob, row.id)
        if not work.records:
            work.record("job.done", f"job:{row.id}", name=row.name)


def _function(target: str) -> Callable[..., None]:
    module, _colon, name = target.partition(":")
    return getattr(importlib.import_module(module), name)


def _one_outbox_row(host: "Host") -> str | None:
    now = host.clock.now()
    # A plugin hears in order: what failed, or was broken off, is told again before anything later is.
    waiting = select(func.min(col(OutboxRow.id))).where(col(OutboxRow.state) == "waiting").group_by(OutboxRow.plugin)
    waiting = waiting.where(col(OutboxRow.plugin).not_in(select(col(DegradedPlugin.plugin))))
    with host.database.transaction(write=True) as connection:
        due = (
            select(col(OutboxRow.id))
            .where(col(OutboxRow.id).in_(waiting), col(OutboxRow.due_at) <= now)
            .order_by(col(OutboxRow.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = connection.execute(
            update(OutboxRow)
            .where(col(OutboxRow.id) == due.scalar_subquery())
            .values(tries=col(OutboxRow.tries) + 1, due_at=now + ABANDONED)
            .returning(
                col(OutboxRow.id),
                col(OutboxRow.topic),
                col(OutboxRow.payload),
                col(OutboxRow.plugin),
                col(OutboxRow.tries),
            )
        ).first()
    if row is None:
        return None
    return _attempt(host, OutboxRow, row.id, row.tries, lambda: _deliver(host, row))


def _deliver(host: "Host", row: Any) -> None:
    with _system_work(host) as work:
        host.hooks.deliver("after_commit", row.plugin, work=work, topic=row.topic, payload=json.loads(row.payload))
        _finish(work, OutboxRow, row.id)
        if not work.records:
            work.record("outbox.told", f"outbox:{row.id}", topic=row.topic, plugin=row.plugin)


def _finish(work: "UnitOfWork", table: Any, row_id: int) -> None:
    values: dict[str, Any] = {"state": "done", "error": ""}
    if table is QueuedJob:
        values["finished_at"] = work.now
    work.session.connection().execute(update(table).where(table.id == row_id).values(**values))


@contextmanager
def _system_work(host: "Host") -> "Iterator[UnitOfWork]":
    from core.identity.actors import system_actor

    with host.begin(system_actor(host), edge="job") as work:
        yield work


def _attempt(host: "Host", table: Any, row_id: int, tries: int, act: Callable[[], None]) -> str:
    """Run one thing; its success is committed with its effect, its failure is noted and put off, at last parked."""
    try:
        act()
        return "done"
    except Exception as error:  # noqa: BLE001 - the end of a background job: whatever it was is kept and shown
        words = error.message if isinstance(error, HuiminError) else f"{type(error).__name__}: {error}"
        log.warning("%s %s failed: %s", table.__tablename__, row_id, words)
        now = host.clock.now()
        parked = tries >= _tries(host, now)
        with host.database.transaction(write=True) as connection:
            connection.execute(
                update(table)
                .where(table.id == row_id)
                .values(
                    state="parked" if parked else "waiting",
                    due_at=now + timedelta(minutes=2 ** min(tries, 10)),
                    error=words[:2000],
                )
            )
        return "parked" if parked else "failed"


def _tries(host: "Host", now: datetime) -> int:
    with host.database.transaction(write=False) as connection:
        return int(host.policies.find(connection, "jobs.tries", now.date()).value)


def parked(work: "UnitOfWork") -> list[dict[str, Any]]:
    """What gave up: jobs and outbox rows that wait for an administrator."""
    work.require("job.show")
    jobs = work.session.execute(
        select(
            col(QueuedJob.id), col(QueuedJob.name), col(QueuedJob.tries), col(QueuedJob.error), col(QueuedJob.due_at)
        ).where(col(QueuedJob.state) == "parked")
    )
    told = work.session.execute(
        select(
            col(OutboxRow.id),
            col(OutboxRow.topic),
            col(OutboxRow.plugin),
            col(OutboxRow.tries),
            col(OutboxRow.error),
            col(OutboxRow.due_at),
        ).where(col(OutboxRow.state) == "parked")
    )
    return [
        {"kind": "job", "id": row.id, "name": row.name, "tries": row.tries, "error": row.error, "due_at": row.due_at}
        for row in jobs
    ] + [
        {
            "kind": "outbox",
            "id": row.id,
            "name": f"{row.plugin} {row.topic}",
            "tries": row.tries,
            "error": row.error,
            "due_at": row.due_at,
        }
        for row in told
    ]


def queue(work: "UnitOfWork", limit: int = 50, before: int = 0) -> list[dict[str, Any]]:
    """The newest jobs with their state, of those before a number."""
    work.require("job.show")
    rows = work.session.execute(
        select(
            col(QueuedJob.id),
            col(QueuedJob.name),
            col(QueuedJob.state),
            col(QueuedJob.tries),
            col(QueuedJob.due_at),
            col(QueuedJob.error),
        )
        .order_by(col(QueuedJob.id).desc())
        .limit(limit)
    )
    return [dict(row._mapping) for row in rows]


def retry(work: "UnitOfWork", kind: str, row_id: int) -> None:
    """Put a parked job or outbox row back into the queue."""
    work.require("job.run")
    table: Any = {"job": QueuedJob, "outbox": OutboxRow}.get(kind)
    changed = (
        work.session.connection().execute(
            update(table)
            .where(table.id == row_id, table.state == "parked")
            .values(state="waiting", tries=0, due_at=work.now, error="")
        )
        if table is not None
        else None
    )
    if changed is None or changed.rowcount != 1:
        raise NotFound(_("没有停下的任务 {kind} {id}", kind=kind, id=row_id))
    work.record("job.retried", f"{kind}:{row_id}")


def run_now(work: "UnitOfWork", name: str) -> None:
    """Enqueue a job by name, due at once."""
    work.require("job.run")
    if name not in work.host.jobs:
        raise NotFound(_("没有后台任务 {name}", name=name))
    work.enqueue(name)
    work.record("job.enqueued", f"job:{name}")


class Runner:
    """One thread that drains the queue while the server runs. ``host`` gives the Host of the moment."""

    def __init__(self, host: "Callable[[], Host]", seconds: float = 5.0) -> None:
        self._host = host
        self._seconds = seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="huimin-jobs", daemon=True)

    def start(self) -> None:
        """Begin draining."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the job at hand."""
        self._stopping.set()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        while not self._stopping.wait(self._seconds):
            try:
                drain(self._host())
            except Exception:
                log.exception("draining the queue failed; it goes on at the next turn")
