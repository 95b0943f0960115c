"""What the diary does: note, tidy, count."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func
from sqlmodel import select

from core.api import Cast, RowObjection, Suspicion, UnitOfWork
from huimin_every_hook.models import DiaryLine


def note(work: UnitOfWork, fact: str, count: int) -> DiaryLine:
    """Write one line, unless somebody objects."""
    work.hooks.check("check_every_hook_line", work=work, fact=fact)
    line = DiaryLine(fact=fact, count=count, at=work.now)
    work.session.add(line)
    work.session.flush()
    work.record("every_hook.noted", f"every_hook:{fact}", count=count)
    return line


def tidy(work: UnitOfWork) -> None:
    """Do the daily round."""
    note(work, "tidied", 1)


def tell(work: UnitOfWork, cast: Cast) -> None:
    """Somebody of the demo county keeps the diary."""
    note(work, "told", cast.dice.randint(1, 6))


def counts(work: UnitOfWork) -> list[tuple[str, int]]:
    """How often each fact was told."""
    rows = work.session.exec(select(DiaryLine.fact, func.sum(DiaryLine.count)).group_by(DiaryLine.fact))
    return sorted((fact, int(total)) for fact, total in rows)


def check_rows(work: UnitOfWork, rows: Mapping[str, Sequence[Any]]) -> Iterable[RowObjection]:
    """Jokes are not allowed."""
    return [RowObjection(row=number, reason="不许说笑") for number, fact in enumerate(rows["fact"]) if fact == "joke"]


def write_rows(work: UnitOfWork, rows: Mapping[str, Sequence[Any]]) -> int:
    """Write every line."""
    for fact in rows["fact"]:
        note(work, str(fact), 1)
    return len(rows["fact"])


def suspicions(work: UnitOfWork, period: str) -> Iterable[Suspicion]:
    """A month without a line is suspicious."""
    if not counts(work):
        yield Suspicion(subject=f"month:{period}", reason="这个月没有写日记")
