"""The fields of a wish as a form or a command shows them: one description of what is asked, for every door."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from core.texts import _

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

NO_MONTHS = ("2026", "2026-03-01", "三月")
Vocabulary = Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """One field of a form: its name, label, hint, what kind it is and its choices (code, word).

    ``kind`` is text, long, number, date, month, check, select or several (a list: ticked where it has choices, else its
    parts set apart by commas).
    """

    name: str
    label: str
    hint: str
    kind: str
    choices: tuple[tuple[str, str], ...]
    optional: bool


def entries_of(
    wish: "type[BaseModel]",
    vocabularies: Sequence[Vocabulary] = (),
    *,
    skip: Collection[str] = (),
    long: Collection[str] = (),
    ticked: Mapping[str, Vocabulary] | None = None,
) -> list[Entry]:
    """The fields of a wish in its order, in the reader's language.

    A choice of codes is shown in the words of the first vocabulary that has them all. ``long`` names fields of several
    lines; a field whose name ends in ``_month``,
    or whose pattern takes months only, is a month. ``ticked`` has the words of lists that are ticked.
    """
    ticks = ticked or {}
    return [
        _entry(name, info, vocabularies, long, ticks.get(name, {}))
        for name, info in wish.model_fields.items()
        if name not in skip
    ]


def command_options(wish: "type[BaseModel]", **described: Any) -> Callable[[Any], Any]:
    """The fields of a wish as options of a command, in its order; takes what ``entries_of`` takes."""
    import click

    from core.cli.shell import DATE

    def add(command: Any) -> Any:
        for one in reversed(entries_of(wish, **described)):
            word = f"--{one.name.replace('_', '-')}"
            text = f"{one.label}（{one.hint}）" if one.hint else one.label
            if one.kind == "check":
                command = click.option(word, one.name, is_flag=True, default=False, help=text)(command)
                continue
            types: dict[str, Any] = {"date": DATE, "number": int}
            codes = [code for code, _word in one.choices] if one.kind == "select" else []
            value = click.Choice(codes) if codes else types.get(one.kind, str)
            command = click.option(word, one.name, type=value, default=None, required=not one.optional, help=text)(
                command
            )
        return command

    return add


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a command that were given."""
    return {name: value for name, value in values.items() if value is not None}


def _entry(name: str, info: Any, vocabularies: Sequence[Vocabulary], long: Collection[str], ticks: Vocabulary) -> Entry:
    annotation = _inner(info.annotation)
    codes = [str(one) for one in get_args(annotation)] if get_origin(annotation) is Literal else []
    return Entry(
        name=name,
        label=_(info.title or name),
        hint=_(info.description) if info.description else "",
        kind=_kind(name, annotation, codes, long, month=_is_month(info)),
        choices=tuple((code, _(word)) for code, word in [*_words(codes, vocabularies), *ticks.items()]),
        optional=not info.is_required(),
    )


def _kind(name: str, annotation: Any, codes: Sequence[str], long: Collection[str], *, month: bool) -> str:
    if codes:
        return "select"
    if get_origin(annotation) in (list, tuple):
        return "several"
    plain = {date: "date", bool: "check", int: "number"}.get(annotation)
    if plain is None and (name in long):
        return "long"
    return plain or ("month" if name.endswith("_month") or month else "text")


def _is_month(info: "FieldInfo") -> bool:
    """Whether the pattern of a field takes a month and no other part of a date."""
    patterns = [one.pattern for one in info.metadata if getattr(one, "pattern", None)]
    return any(re.search(one, "2026-03") and not any(re.search(one, text) for text in NO_MONTHS) for one in patterns)


def _words(codes: Sequence[str], vocabularies: Sequence[Vocabulary]) -> list[tuple[str, str]]:
    known = next((one for one in vocabularies if codes and set(codes) <= set(one)), {})
    return [(code, known.get(code, code)) for code in codes]


def _inner(annotation: Any) -> Any:
    """The type without None."""
    if get_origin(annotation) in (Union, UnionType):
        return next(one for one in get_args(annotation) if one is not NoneType)
    return annotation
