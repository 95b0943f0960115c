"""Rows of a spreadsheet held to the rules of a wish that is typed: what is wrong, at its row and column."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from core.errors import NotFound, Refused
from core.extension import RowObjection
from core.texts import _
from core.wishes import checked

Wish = TypeVar("Wish", bound=BaseModel)


def row_wish(found: list[RowObjection], row: int, model: type[Wish], values: Mapping[str, Any]) -> Wish | None:
    """The wish of a row without its empty cells; None after what is wrong with it was added to ``found``."""
    try:
        return checked(model, **{name: value for name, value in values.items() if value not in (None, "")})
    except Refused as refusal:
        found.extend(refused_row(row, refusal))
        return None


def row_objections(
    row: int, look: Callable[[], object], columns: Mapping[str, str] | None = None, otherwise: str | None = None
) -> list[RowObjection]:
    """What the rules that ``look`` asks object to.

    ``columns`` are the columns of fields that are called otherwise in the table; ``otherwise`` is the column of what
    concerns none.
    """
    try:
        look()
    except Refused as refusal:
        return refused_row(row, refusal, columns, otherwise)
    except NotFound as error:
        return [RowObjection(row=row, reason=error.message, column=otherwise, code="E_NOT_FOUND")]
    return []


def refused_row(
    row: int, refusal: Refused, columns: Mapping[str, str] | None = None, otherwise: str | None = None
) -> list[RowObjection]:
    """The objections of a refusal at a row; takes what ``row_objections`` takes."""
    names = columns or {}
    return [
        RowObjection(
            row=row,
            reason=one.reason,
            column=names.get(one.field or "", one.field) or otherwise,
            code=one.code,
            hint=one.hint,
        )
        for one in refusal.objections
    ]


def code_of(vocabulary: Mapping[str, str], value: Any) -> Any:
    """The code of a word, in Chinese or the reader's language; what is no word of the vocabulary stays."""
    known = {word: code for code, word in vocabulary.items()}
    return (known | {_(word): code for word, code in known.items()}).get(value, value) if value else value
