"""Results go to stdout, talk goes to stderr; ``--json`` is for machines."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from core.showing import width

if TYPE_CHECKING:
    from core.errors import HuiminError


def emit(context: click.Context, data: Any, text: str | None = None) -> None:
    """Print a result: ``data`` as one line of JSON with ``--json``, else ``text`` for people (nothing when None)."""
    if context.obj.json:
        click.echo(json.dumps(data, ensure_ascii=False, default=_plain))
    elif text is not None:
        click.echo(text)


def say(text: str) -> None:
    """Talk to the person, on stderr, where no pipe picks it up."""
    click.echo(text, err=True)


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows under headers in columns that line up, two spaces apart."""
    cells = [[str(cell) for cell in row] for row in [headers, *rows]]
    widths = [max(width(row[index]) for row in cells) for index in range(len(headers))]
    lines = [
        "  ".join(cell + " " * (widths[index] - width(cell)) for index, cell in enumerate(row)).rstrip()
        for row in cells
    ]
    return "\n".join(lines)


def error_object(error: "HuiminError") -> Mapping[str, Any]:
    """An error as machines read it: code, message, place and hint, and every objection."""
    first = next(iter(getattr(error, "problems", ())), None)
    body: dict[str, Any] = {
        "code": error.code,
        "message": error.message,
        "file": getattr(first, "file", None),
        "line": getattr(first, "line", None),
        "column": getattr(first, "column", None),
        "hint": error.hint or getattr(first, "hint", None),
    }
    objections = getattr(error, "objections", ())
    if objections:
        body["objections"] = [
            {"code": one.code, "field": one.field, "message": one.reason, "hint": one.hint, "plugin": one.plugin}
            for one in objections
        ]
    problems = getattr(error, "problems", ())
    if problems:
        body["problems"] = [vars(problem) for problem in problems]
    return {"error": body}
