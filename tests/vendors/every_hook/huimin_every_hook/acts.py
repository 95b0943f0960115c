"""What staff do with the diary: write a line, correct it, greet somebody. Forms, commands and API are made of it."""

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from core.api import Act, Acting, Done, NotFound, Objection, Room, Start, UnitOfWork, acts_of, mark
from huimin_every_hook.diary import note
from huimin_every_hook.models import DiaryLine


class WriteLine(BaseModel):
    """A line of the diary."""

    fact: str = Field(min_length=1, max_length=60, title=mark("事情"))
    count: int = Field(default=1, ge=1, title=mark("次数"))
    on: date | None = Field(default=None, title=mark("日期"))
    words: list[str] = Field(default=[], title=mark("说法"))


class Correct(BaseModel):
    """What a line shall say."""

    fact: str = Field(min_length=1, max_length=60, title=mark("事情"))
    count: int = Field(default=1, ge=1, title=mark("次数"))


class Greet(BaseModel):
    """Whom the diary greets."""

    person_id: int = Field(title=mark("人员"))


def _line(work: UnitOfWork, text: str, right: str) -> DiaryLine:
    work.require(right)
    one = work.session.get(DiaryLine, int(text)) if text.isdecimal() else None
    if one is None:
        raise NotFound("没有这一行")
    return one


def _write(work: UnitOfWork, wish: WriteLine) -> Done:
    one = note(work, wish.fact, wish.count)
    return Done({"id": one.id, "fact": one.fact, "words": wish.words})


def _correct(work: UnitOfWork, text: str, wish: Correct) -> Done:
    one = _line(work, text, "every_hook.show")
    one.fact, one.count = wish.fact, wish.count
    work.session.add(one)
    work.session.flush()
    work.record("every_hook.corrected", f"every_hook:{one.id}")
    many = [Objection(reason="次数很多", field="count", code="W_MANY")] if wish.count > 9 else []
    return Done({"id": one.id, "fact": one.fact, "count": one.count}, many)


def _greet(work: UnitOfWork, wish: Greet) -> Done:
    note(work, f"person {wish.person_id}", 1)
    return Done({"person": wish.person_id}, None)


def _list_path(_room: str) -> str:
    return "/every-hook"


_FILLED: dict[str, Any] = {"fact": "fact", "count": "count"}
LINES = acts_of(
    Act("correct", "every_hook.show", mark("更正"), mark("已更正"), Correct, _correct, filled=_FILLED),
)  # fmt: skip
ACTING = Acting(
    plugin="every_hook",
    title=mark("全部钩子"),
    right="every_hook.show",
    rooms={"lines": Room(mark("日记行"), LINES, _line)},
    starts={
        "lines": Start("every_hook.show", mark("写一行"), mark("已写下"), WriteLine, _write,
                       after="/every-hook/lines/{id}/correct"),
        "greetings": Start("every_hook.show", mark("问候"), mark("已问候"), Greet, _greet, after="/every-hook"),
    },
    list_path=_list_path,
    linked=("fact",),
    people=("person_id",),
)  # fmt: skip
