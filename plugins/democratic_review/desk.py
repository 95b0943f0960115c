"""What panels bring to the desk: cases that wait for a vote, results to post, terms that end, what lacks a proof."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Task, Tile, _, area_names, plural, scoped
from plugins.democratic_review.models import Entry, Evidence, Item, Panel, Posting, Session, Violation
from plugins.democratic_review.queries import SHOW, not_replaced, session_number, waits
from plugins.democratic_review.ranking import quarter_of
from plugins.democratic_review.services.panels import PANEL
from plugins.democratic_review.services.recording import RECORD

if TYPE_CHECKING:
    from core.api import UnitOfWork

_SHOWN = 50


def tiles(work: "UnitOfWork") -> Iterable[Tile]:
    """How many cases wait for a vote."""
    if not work.may(SHOW):
        return []
    count = work.session.scalar(scoped(work, select(func.count()).where(*waits()), col(Entry.area), SHOW)) or 0
    return [Tile(title=_("待票决"), figure=f"{count:,}", unit=_("件"), path="/democratic-review", order=45)]


def tasks(work: "UnitOfWork") -> Iterable[Task]:
    """Votes to hold by village, results to post and prove, terms that end, violations of the quarter."""
    if work.may(RECORD):
        yield from _votes(work)
        yield from _results(work)
    if work.may(PANEL):
        yield from _terms(work)
    if work.may("democratic_review.assess"):
        yield from _violations(work)


def _votes(work: "UnitOfWork") -> Iterable[Task]:
    asked = select(
        col(Entry.area),
        func.count().label("cases"),
        func.min(col(Entry.since)).label("since"),
        func.min(col(Entry.number)).label("first"),
    ).where(*waits())
    asked = scoped(work, asked, col(Entry.area), RECORD).group_by(col(Entry.area)).order_by(func.min(col(Entry.since)))
    rows = work.session.execute(asked.limit(_SHOWN)).all()
    names = area_names(work, [row.area for row in rows]) if rows else {}
    for row in rows:
        yield Task(
            title=_("组织评审团票决"),
            subject=plural("{count} 件申请", row.cases),
            path=f"/democratic-review/record?village={row.area}",
            step=names.get(row.area, row.area),
            area=row.area,
            number=row.first,
            due=row.since,
            state="warn",
        )


def _results(work: "UnitOfWork") -> Iterable[Task]:
    posted = select(col(Posting.session_id)).where(col(Posting.session_id) == col(Session.id)).exists()
    proven = select(col(Evidence.id)).where(col(Evidence.session_id) == col(Session.id)).exists()
    counts = select(col(Item.id)).where(col(Item.session_id) == col(Session.id), not_replaced()).exists()
    asked = select(Session, posted.label("posted")).where(~posted | ~proven, counts)
    asked = scoped(work, asked, col(Session.area), RECORD).order_by(col(Session.id)).limit(_SHOWN)
    rows = work.session.execute(asked).all()
    days = work.policy("democratic_review.posting_days") if rows else 0
    for session, is_posted in rows:
        due = session.held_on + timedelta(days=days)
        yield Task(
            title=_("补传票决照片") if is_posted else _("张贴票决结果"),
            subject=session_number(session),
            path=f"/democratic-review/ballots/{session.id}",
            area=session.area,
            number=session_number(session),
            due=due,
            state="bad" if due < work.today else "note",
        )


def _terms(work: "UnitOfWork") -> Iterable[Task]:
    until = work.today + timedelta(days=work.policy("democratic_review.term_notice_days"))
    asked = select(Panel).where(col(Panel.superseded_on).is_(None), col(Panel.term_to) <= until)
    asked = scoped(work, asked, col(Panel.area), PANEL).order_by(col(Panel.term_to)).limit(_SHOWN)
    panels = work.session.scalars(asked).all()
    names = area_names(work, [one.area for one in panels]) if panels else {}
    for one in panels:
        yield Task(
            title=_("评审团换届"),
            subject=names.get(one.area, one.area),
            path=f"/democratic-review/panels/{one.area}",
            area=one.area,
            due=one.term_to,
            state="bad" if one.term_to < work.today else "warn",
        )


def _violations(work: "UnitOfWork") -> Iterable[Task]:
    quarter = quarter_of(work.today)
    asked = (
        select(func.count())
        .select_from(Violation)
        .where(
            col(Violation.quarter) == quarter,
            col(Violation.lifted_on).is_(None),
            col(Violation.source) == "detected",
        )
    )
    count = work.session.scalar(scoped(work, asked, col(Violation.area), "democratic_review.assess")) or 0
    if count:
        yield Task(
            title=_("未经票决的村（{quarter}）", quarter=quarter),
            subject=plural("{count} 起", count),
            path=f"/democratic-review/violations?quarter={quarter}",
            state="bad",
        )
