"""The unit of work: who acts, when, on which rows, heard by which plugins, recorded where.

The edge opens it and closes it; a service never commits. Whoever wrote something must have recorded something.
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select
from sqlmodel import Session, col

from core.database import NotYours, hold
from core.errors import Fault, Forbidden
from core.scope import covers
from core.showing import COUNTY_TIME
from core.texts import _

if TYPE_CHECKING:
    from core.asking import Question
    from core.calling import Hooks
    from core.database import Watch
    from core.host import Host
    from core.keys import Vault
    from core.policy import Version
    from core.settings import Settings


@dataclass(frozen=True)
class Held:
    """A role held in an area; ``deputy_for`` is the account whose work is done."""

    role: str
    area: str
    deputy_for: int | None = None


@dataclass(frozen=True)
class Actor:
    """Who acts. ``proven`` says that the person was shown to be there: by sign-in or by the account's own token.

    ``scopes`` narrows a token to some rights; None leaves all. ``operating_user`` is who sat at the shell.
    """

    account_id: int
    name: str
    title: str = ""
    grants: tuple[Held, ...] = ()
    proven: bool = False
    scopes: frozenset[str] | None = None
    operating_user: str = ""
    address: str = ""
    language: str = "zh-CN"
    large_type: bool = False


class HeldSession(Session):
    """The session of a unit of work: whoever works in it does not end it, a plugin neither."""

    def commit(self) -> None:
        """Refused: the edge commits."""
        raise NotYours("only the edge ends a transaction")

    rollback = close = invalidate = commit

    def end(self) -> None:
        """What the host does when the work is over."""
        super().close()


@dataclass(frozen=True)
class Undo:
    """How something outside the database is taken back; ``in_doubt`` also when the commit may have come through."""

    act: Callable[[], object]
    in_doubt: bool


@dataclass
class UnitOfWork:
    """One act of one person, in one transaction. Made by ``Host.begin``, never by hand."""

    host: "Host"
    actor: Actor
    session: Session
    now: datetime
    edge: str
    writes: bool
    watch: "Watch"
    correlation: str = field(default_factory=lambda: secrets.token_hex(8))
    records: list[Any] = field(default_factory=list)
    read: set[tuple[str, str]] = field(default_factory=set)
    undoing: list["Undo"] = field(default_factory=list)
    answer: str = ""
    policies: Mapping[str, Sequence[Any]] | None = None
    sets_policy: bool = False

    @property
    def today(self) -> date:
        """Today's date in the county."""
        return self.now.astimezone(COUNTY_TIME).date()

    @property
    def hooks(self) -> "Hooks":
        """The hooks of this county's plugins."""
        return self.host.hooks

    @property
    def settings(self) -> "Settings":
        """The county's settings."""
        return self.host.settings

    @property
    def keys(self) -> "Vault":
        """The county's keys: sealing, blind indexes."""
        return self.host.keys

    # May I?

    def areas(self, permission: str) -> tuple[str, ...]:
        """The areas in which the actor holds a right, without those that lie inside another; () for none."""
        right = self.host.permission(permission)
        if self.actor.scopes is not None and permission not in self.actor.scopes:
            return ()
        if right.second_person and not self.actor.proven:
            return ()
        held = {grant.area for grant in self.actor.grants if permission in self.host.rights_of(grant.role)}
        return tuple(sorted(area for area in held if not covers(held - {area}, area)))

    def may(self, permission: str, area: str | None = None) -> bool:
        """Whether the actor holds a right, anywhere or in this area."""
        areas = self.areas(permission)
        return bool(areas) if area is None else covers(areas, area)

    def require(self, permission: str, area: str | None = None) -> None:
        """Go on only with the right; raises ``Forbidden`` in words. Comes before any rule is looked at."""
        if self.may(permission, area):
            return
        right = self.host.permission(permission)
        if right.second_person and not self.actor.proven:
            raise Forbidden(
                _("“{title}”要由本人操作：命令行请用 --as 并提供本人的令牌", title=_(right.title)), hint="HUIMIN_TOKEN"
            )
        raise Forbidden(_("你没有“{title}”的权限，请联系账号管理员", title=_(right.title)))

    # Questions

    def ask(self, question: "Question", **given: Any) -> list[Any]:
        """The rows of a question that pages ask all the time, in this transaction; right and area are the caller's."""
        return question.rows(self.session.connection(), given)

    # Policy

    def policy(self, key: str, *, on: date | None = None, area: str = "") -> Any:
        """The value of a policy key on a day (today), for an area; ratios are ``Decimal``, money is fen."""
        from core.policy import typed

        version = self.policy_version(key, on=on, area=area)
        return typed(self.host.policies.key(key), version.value)

    def policy_version(self, key: str, *, on: date | None = None, area: str = "") -> "Version":
        """The version of a policy key in force on a day, to be kept with a decision."""
        policies, connection = self.host.policies, self.session.connection()
        if self.sets_policy:  # what this unit wrote may yet be rolled back: it is never kept
            return policies.find(connection, key, on or self.today, area)
        if self.policies is None:
            self.policies = policies.known(connection)
        return policies.choose(self.policies, key, on or self.today, area)

    # Record

    def record(
        self,
        action: str,
        subject: str,
        *,
        area: str = "",
        reason: str = "",
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        **details: Any,
    ) -> None:
        """Record an act in the audit chain, at the end of this transaction (the chain's head is locked last).

        ``action`` is ``<room or plugin>.<past verb>``, ``subject`` ``person:7``. Never put an ID number, account or
        phone into ``before``, ``after`` or ``details``.
        """
        from core.audit.chain import Entry

        if not self.writes:
            raise Fault(f"{action}: a read cannot record a write; open the unit of work for writing")
        self.records.append(
            Entry(
                county=self.settings.county.code,
                action=action,
                subject=subject,
                area=area or self.settings.county.code,
                reason=reason,
                before=dict(before) if before is not None else None,
                after=dict(after) if after is not None else None,
                details=details,
                actor=self.actor,
                at=self.now,
                edge=self.edge,
                correlation=self.correlation,
            )
        )

    def record_read(self, action: str, subject: str, *, area: str = "", reason: str = "", **details: Any) -> None:
        """Record that sensitive data are about to be shown; it is committed before they are.

        One row for a person, viewer and some minutes (policy ``audit.read_minutes``).
        """
        from core.audit.reads import is_fresh

        if (action, subject) in self.read or is_fresh(self, action, subject):
            return
        self.read.add((action, subject))
        if self.writes:
            self.record(action, subject, area=area, reason=reason, **details)
            return
        with self.host.begin(self.actor, edge=self.edge, now=self.now) as own:
            own.record(action, subject, area=area, reason=reason, **details)

    # Turns, ids, jobs, outbox

    def hold(self, what: str, *, shared: bool = False) -> None:
        """Wait until nobody else holds ``what`` ("canteen.meals"), and hold it to the end of this unit.

        For what is counted and then fixed: who adds to it shares it, who counts and fixes it holds it alone. Call it
        before the first question.
        """
        hold(self.session.connection(), what, shared=shared)

    def next_ids(self, table: str, count: int) -> Sequence[int]:
        """Take ids of a table up front, for rows that are sealed under their id."""
        from core.sequences import take_ids

        return take_ids(self.session.connection(), table, count)

    def next_ids_in_order(self, table: str, count: int) -> Sequence[int]:
        """Take ids of a table whose highest id says what is known; who takes some waits for who took some before."""
        from core.sequences import take_ids_in_order

        return take_ids_in_order(self.session.connection(), table, count)

    def next_number(self, column: Any, prefix: str, *, digits: int = 6) -> str:
        """The next number behind a prefix in a column of text ("ZC-2026-000007"), without gaps.

        Who takes one waits for who took one before, so that two clerks never hold the same number.
        """
        return self.next_numbers(column, prefix, 1, digits=digits)[0]

    def next_numbers(self, column: Any, prefix: str, count: int, *, digits: int = 6) -> Sequence[str]:
        """So many ``next_number``s at once."""
        from core.sequences import numbers_behind

        self.session.flush()
        return numbers_behind(self.session.connection(), column, prefix, count, digits)

    def enqueue(
        self, name: str, *, due_at: datetime | None = None, once_key: str | None = None, **arguments: Any
    ) -> None:
        """Ask for a job, in this transaction; ``once_key`` makes a second asking do nothing."""
        from core.models.background import QueuedJob

        if (
            once_key
            and self.session.execute(select(col(QueuedJob.id)).where(col(QueuedJob.once_key) == once_key)).first()
        ):
            return
        self.session.execute(
            insert(QueuedJob).values(
                name=name,
                arguments=json.dumps(arguments, ensure_ascii=False),
                state="waiting",
                tries=0,
                error="",
                due_at=due_at or self.now,
                account_id=self.actor.account_id,
                once_key=once_key,
            )
        )

    def later(self, topic: str, payload: Mapping[str, Any]) -> None:
        """Tell plugins a fact after the commit (``after_commit``): one outbox row for each that listens."""
        from core.models.background import OutboxRow

        listeners = self.hooks.implementers("after_commit")
        event = secrets.token_hex(16)
        if listeners:
            body = json.dumps({**payload, "event": event}, ensure_ascii=False)
            rows = [
                {"event": event, "topic": topic, "payload": body, "plugin": name, "state": "waiting", "tries": 0}
                for name in listeners
            ]
            self.session.execute(insert(OutboxRow), [{**row, "due_at": self.now, "error": ""} for row in rows])

    def undo_by(self, act: Callable[[], object], *, in_doubt: bool = True) -> None:
        """Say how something outside the database is taken back if this transaction does not come to its end.

        ``in_doubt`` also when nobody knows whether it did (``Unconfirmed``); not for what a row may need.
        """
        self.undoing.append(Undo(act, in_doubt))

    # The end

    def finish(self) -> None:
        """Flush, demand a record of every write, and append the records. Called by the host only."""
        self.session.flush()
        if self.watch.wrote and not self.writes:
            raise Fault("a read wrote rows; open the unit of work for writing")
        if self.watch.wrote and not self.records:
            raise Fault("rows were written and nothing was recorded")
        if self.records:
            from core.audit.chain import append

            connection = self.session.connection()
            for entry in self.records:
                append(connection, self.settings.security.digest, entry)
