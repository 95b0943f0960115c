"""Take panels in from a spreadsheet: one member a row, the villages of one file in any order."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.api import Column, Import, ImportCounts, NotFound, Refused, RowObjection, UnitOfWork, _, checked, mark
from plugins.democratic_review.services.panels import PANEL, examine_panel, set_panel
from plugins.democratic_review.wishes import SetPanel
from plugins.democratic_review.words import KINDS, SEXES

Rows = Mapping[str, Sequence[Any]]
COLUMNS = (
    Column(name="village", title=mark("村代码"), required=True, example="430223103201"),
    Column(name="name", title=mark("姓名"), required=True, example="刘建国"),
    Column(name="sex", title=mark("性别"), required=True, example="男", words=tuple(SEXES.values())),
    Column(name="kind", title=mark("身份类别"), required=True, example="村民代表", words=tuple(KINDS.values())),
    Column(name="person", title=mark("公民身份号码"), aliases=("身份证号", "身份证号码")),
    Column(name="term_from", title=mark("任期开始"), kind="date"),
    Column(name="term_to", title=mark("任期届满"), kind="date"),
    Column(name="elected_on", title=mark("推选日期"), kind="date"),
    Column(name="document", title=mark("推选依据"), example="村民代表会议记录 2026-3"),
)
_OF_PANEL = ("term_from", "term_to", "elected_on", "document")


def check_rows(work: UnitOfWork, rows: Rows) -> Iterator[RowObjection]:
    """What is wrong with the rows, village by village; writes nothing."""
    for places, wish, wrong in _wishes(rows):
        if wish is None:
            yield from wrong
            continue
        try:
            examine_panel(work, wish)
        except Refused as refusal:
            yield from _at(places, refusal)
        except NotFound as error:
            yield RowObjection(row=places[0], reason=error.message, column="person", code="E_NOT_FOUND")


def write_rows(work: UnitOfWork, rows: Rows) -> ImportCounts:
    """Set the panel of each village."""
    count = 0
    for places, wish, _wrong in _wishes(rows):
        if wish is not None:
            set_panel(work, wish)
            count += len(places)
    work.record("democratic_review.panels_imported", "panel:list", count=count)
    return ImportCounts(imported=count)


def _wishes(rows: Rows) -> Iterator[tuple[list[int], SetPanel | None, list[RowObjection]]]:
    villages: dict[str, list[int]] = {}
    for row, village in enumerate(rows["village"]):
        villages.setdefault(str(village), []).append(row)
    for village, places in villages.items():
        given = {name: next((rows[name][row] for row in places if rows[name][row]), None) for name in _OF_PANEL}
        members = [_member(rows, row) for row in places]
        try:
            wish = checked(SetPanel, village=village, members=members, **{k: v for k, v in given.items() if v})
        except Refused as refusal:
            yield places, None, list(_at(places, refusal))
        else:
            yield places, wish, []


def _member(rows: Rows, row: int) -> dict[str, Any]:
    given = {name: rows[name][row] for name in ("name", "sex", "kind", "person") if rows[name][row]}
    return {**given, "sex": _code(SEXES, given.get("sex")), "kind": _code(KINDS, given.get("kind"))}


def _at(places: Sequence[int], refusal: Refused) -> Iterator[RowObjection]:
    """Objections to a panel at the row of the member they are about, else at its first."""
    for one in refusal.objections:
        part, _dot, rest = (one.field or "").partition(".")
        number, _dot, column = rest.partition(".")
        row = places[int(number)] if part == "members" and number.isdecimal() else places[0]
        name = column or {"members": "name"}.get(part, part)
        known = name if name in {column.name for column in COLUMNS} else "village"
        yield RowObjection(row=row, reason=one.reason, column=known, code=one.code, hint=one.hint)


def _code(words: Mapping[str, str], text: Any) -> Any:
    """A word of a vocabulary as its code, in Chinese or in the reader's language; a code stays."""
    return next((code for code, word in words.items() if text in (code, word, _(word))), text)


IMPORT = Import(
    name="democratic-review-panels",
    title=mark("评审团名单"),
    permission=PANEL,
    columns=COLUMNS,
    check=check_rows,
    write=write_rows,
)
