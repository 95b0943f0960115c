"""Where each key of a TOML file stands, so that an error can point at it.

``tomllib`` checks and reads the file; this only remembers lines and columns of keys and values.
"""

import re
from dataclasses import dataclass

_HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=\s*""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")


@dataclass(frozen=True)
class Place:
    """Line and columns, counted from 1; ``value_column`` equals ``column`` for a table header."""

    line: int
    column: int
    value_column: int


Path = tuple[str, ...]


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def places_of(text: str) -> dict[Path, Place]:
    """Every table and key of the file with its place; keys inside inline tables and arrays stand for themselves not."""
    places: dict[Path, Place] = {}
    table: Path = ()
    waiting_for = ""  # the end of a value that runs over several lines: quotes, or brackets by their depth
    depth = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if waiting_for or depth:
            depth, waiting_for = _run_on(line, depth, waiting_for)
            continue
        header = _HEADER.match(line)
        if header and not _KEY.match(line):
            table = _parts(header.group(1))
            column = line.index("[") + 1
            places.setdefault(table, Place(number, column, column))
            continue
        key = _KEY.match(line)
        if key:
            start = len(line) - len(line.lstrip())
            places[table + _parts(key.group(1))] = Place(number, start + 1, key.end() + 1)
            depth, waiting_for = _run_on(line[key.end() :], 0, "")
    return places


def _run_on(text: str, depth: int, waiting_for: str) -> tuple[int, str]:
    """What of a value is still open after this piece of text: bracket depth and an open triple quote."""
    position = 0
    while position < len(text):
        if waiting_for:
            end = text.find(waiting_for, position)
            if end < 0:
                return depth, waiting_for
            position, waiting_for = end + 3, ""
            continue
        three, one = text[position : position + 3], text[position]
        if three in ('"""', "'''"):
            waiting_for, position = three, position + 3
            continue
        if one == "#":
            break
        if one in "\"'":
            end = position + 1
            while end < len(text) and text[end] != one:
                end += 2 if text[end] == "\\" and one == '"' else 1
            position = end + 1
            continue
        depth += (one in "[{") - (one in "]}")
        position += 1
    return depth, waiting_for


def place_of(places: dict[Path, Place], path: Path) -> Place:
    """The place of a key, or of the nearest table around it; the top of the file if there is none."""
    while path:
        if path in places:
            return places[path]
        path = path[:-1]
    return Place(1, 1, 1)
