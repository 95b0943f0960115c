"""Find a person by part of a name, pinyin initials, the tail of a number or phone, a whole one, a household number.

Names are split by us into characters, pairs and pieces of the initials; the codes of town and village are tokens of
the same index, so that whoever may see one village only matches within it. SQLite keeps the tokens in a contentless
FTS5 table, PostgreSQL in an array under a GIN index. Nothing is ever counted: the answer says whether there is more.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Connection, text

from core.bulk import bulk_driver
from core.identity.queries import former_holder_of, holder_of, number_indexes
from core.identity.sealed import NUMBER_COLUMN, PHONE
from core.texts import _
from core.values import IdNumber, half_width

if TYPE_CHECKING:
    from core.host import Host
    from core.work import UnitOfWork

PAGE = 20
DIGITS_MIN = 7
"""So many digits may be a whole number; a tail has four."""
PIECE_MAX = 6
"""The longest piece of initials that is a token; longer wishes are compared after the match."""

_TAIL = re.compile(r"\d{3}[\dX]")
_PHONE = re.compile(r"1[3-9]\d{9}")
_NUMBER = re.compile(r"\d{17}[\dX]")
_HAN = re.compile("[\u4e00-\u9fff]+")
_LETTERS = re.compile(r"[a-z]+")
_NO_LETTERS = str.maketrans("", "", " ·-'")
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff']+")


class Indexed(NamedTuple):
    """What the index holds of a person: the values of the person's row at the time of writing."""

    id: int
    name: str
    initials: str
    hukou_area: str
    residence_area: str


def tokens_of(one: Indexed) -> str:
    """Codes of town and village (hukou, residence), characters, pairs, Latin words, pieces of the initials."""
    places = _places(one.hukou_area, one.residence_area)
    return f"{places} {_pieces_of_name(one.name)} {_pieces(one.initials)}"


@lru_cache(maxsize=4096)
def _places(hukou: str, residence: str) -> str:
    return " ".join(dict.fromkeys((hukou[:9], hukou, residence[:9], residence)))


@lru_cache(maxsize=65536)
def _pieces(initials: str) -> str:
    size = len(initials)
    pieces = (initials[a:b] for a in range(size) for b in range(a + 1, min(size, a + PIECE_MAX) + 1))
    return " ".join(dict.fromkeys(pieces))


def _pieces_of_name(name: str) -> str:
    words = ""
    if not _HAN.fullmatch(name):
        words = " ".join(_WORD.findall(name)).lower() + " "
        name = _WORD.sub(" ", name).translate(_NO_LETTERS)
    if len(name) == 3:  # nearly every name; the general way says the same
        return f"{words}{name[0]} {name[1]} {name[2]} {name[:2]} {name[1:]}"
    return f"{words}{' '.join(name)} {' '.join(name[at : at + 2] for at in range(len(name) - 1))}"


def index_people(connection: Connection, people: Iterable[Indexed]) -> None:
    """Put people into the index; by the bulk path and for a single one alike."""
    rows = ((one.id, tokens_of(one)) for one in people)
    driver = bulk_driver(connection)
    if connection.dialect.name == "sqlite":
        driver.executemany("INSERT INTO household_search (rowid, tokens) VALUES (?, ?)", rows)
        return
    with driver.cursor() as cursor, cursor.copy("COPY household_search (person_id, tokens) FROM STDIN") as copy:
        for number, tokens in rows:
            copy.write_row((number, tokens.split()))


def unindex_people(connection: Connection, people: Iterable[Indexed]) -> None:
    """Take people out of the index; they are given as they were when they were put in."""
    rows = [(one.id, tokens_of(one)) for one in people]
    if not rows:
        return
    if connection.dialect.name == "sqlite":
        # A contentless table forgets only what it is told word for word (SQLite 3.40 has no contentless_delete).
        sql = "INSERT INTO household_search (household_search, rowid, tokens) VALUES ('delete', ?, ?)"
        connection.exec_driver_sql(sql, rows)
        return
    connection.exec_driver_sql("DELETE FROM household_search WHERE person_id = %s", [(row[0],) for row in rows])


def reindex_people(connection: Connection, before: Sequence[Indexed], after: Sequence[Indexed]) -> None:
    """Follow a change of name or area: the old tokens go, the new ones come."""
    pairs = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    unindex_people(connection, [old for old, _new in pairs])
    index_people(connection, [new for _old, new in pairs])


def rebuild(connection: Connection, chunk: int = 10_000) -> int:
    """Make the index anew from the people there are; answers with how many."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO household_search (household_search) VALUES ('delete-all')")
    else:
        connection.execute(text("DELETE FROM household_search"))
    after, count = 0, 0
    page = text(
        "SELECT id, name, initials, hukou_area, residence_area FROM identity_person"
        " WHERE id > :after AND merged_into IS NULL AND erased_on IS NULL ORDER BY id LIMIT :chunk"
    )
    while rows := connection.execute(page, {"after": after, "chunk": chunk}).all():
        index_people(connection, [Indexed(*row) for row in rows])
        after, count = rows[-1][0], count + len(rows)
    return count


def rebuild_index(work: "UnitOfWork") -> int:
    """Make the index anew from the people there are; answers with how many."""
    work.require("area.set")
    count = rebuild(work.session.connection())
    work.record("household.reindexed", "household_search", people=count)
    return count


def is_sensitive(wish: str) -> bool:
    """Whether a search word may be a whole number of a paper, an account or a phone: it never goes into an address."""
    return sum(letter.isdigit() for letter in wish) >= DIGITS_MIN


def find_people(work: "UnitOfWork", wish: str, limit: int = PAGE) -> dict[str, Any]:
    """People that match, in the areas where the reader may see people: ``{"people": […], "more": bool}``.

    Each is ``{"id", "name", "id_masked", "household", "area"}``. A whole number is looked up by its blind index and
    leaves a read record.
    """
    work.require("person.show")
    areas = work.areas("person.show")
    wish = half_width(wish) if not _WORD.search(wish) else " ".join(wish.split())
    if not wish:
        return {"people": [], "more": False}
    rows = _matches(work, wish, areas, limit + 1)
    people = [_line(work, row) for row in rows[:limit]]
    if _NUMBER.fullmatch(wish.upper()):
        for person in people:
            work.record_read(
                "person.looked_up", f"person:{person['id']}", area=person["area"], reason=_("按完整证件号码查找")
            )
    return {"people": people, "more": len(rows) > limit}


def _matches(work: "UnitOfWork", wish: str, areas: Sequence[str], limit: int) -> list[Any]:
    connection, upper = work.session.connection(), wish.upper()
    if _NUMBER.fullmatch(upper):
        return _by_number(work, connection, upper, areas, limit)
    if _TAIL.fullmatch(upper):
        found = _scoped_rows(connection, "by_tail", {"tail": upper}, areas, limit)
        if found:
            return found
    if _PHONE.fullmatch(wish):
        index = work.keys.blind(PHONE, wish)
        return _scoped_rows(connection, "by_phone", {"index": index}, areas, limit)
    if any(letter.isdigit() for letter in wish):
        end = wish + "\U0010ffff"
        return _scoped_rows(connection, "by_household", {"number": wish, "end": end}, areas, limit)
    return _by_name(connection, wish, areas, limit)


def _by_name(connection: Connection, wish: str, areas: Sequence[str], limit: int) -> list[Any]:
    low = wish.lower()
    is_letters = _LETTERS.fullmatch(low) is not None
    wanted = [low[:PIECE_MAX]] if is_letters else _wish_tokens(wish)
    if not wanted:
        return []
    found: list[Any] = []
    after = 0
    while len(found) < limit:
        rows = _page_of_matches(connection, wanted, areas, after)
        found += [row for row in rows if _is_match(row, wish, low, is_letters)]
        if len(rows) < _BATCH:
            break
        after = rows[-1].id
    return found[:limit]


def _is_match(row: Any, wish: str, low: str, is_letters: bool) -> bool:
    # Tokens say that the pieces are there; only the name itself says that they stand together.
    return wish in row.name or low in row.name.lower() or (is_letters and low in row.initials)


def _wish_tokens(wish: str) -> list[str]:
    words = [word.lower() for word in _WORD.findall(wish)]
    letters = [letter for letter in _WORD.sub(" ", wish) if letter not in ' ·-"*']
    pairs = [first + second for first, second in zip(letters, letters[1:], strict=False)]
    return words + (pairs or letters)


_TAILS = """
(SELECT person_id FROM identity_document WHERE tail = :tail AND superseded_by IS NULL
 UNION SELECT id FROM identity_person WHERE phone_tail = :tail AND phone_tail <> '') t
"""
_BATCH = 64
_SHOWN = """
SELECT p.id, p.name, p.initials, p.hukou_area AS area, h.number AS household, d.id AS document_id, d.number_sealed
FROM {source} JOIN identity_person p ON p.id = {person}
LEFT JOIN identity_document d ON d.person_id = p.id AND d.is_primary
LEFT JOIN household_membership m ON m.person_id = p.id AND m.valid_to IS NULL
LEFT JOIN household_household h ON h.id = m.household_id
"""
_FTS = (
    "(SELECT rowid AS person_id FROM household_search WHERE household_search MATCH :match AND rowid > :after"
    " ORDER BY rowid LIMIT :batch) s"
)
_GIN = (
    "(SELECT person_id FROM household_search WHERE tokens @> CAST(:wanted AS text[])"
    " AND (:everywhere OR tokens && CAST(:areas AS text[])) AND person_id > :after"
    " ORDER BY person_id LIMIT :batch) s"
)
_BY_FTS = text(_SHOWN.format(source=_FTS, person="s.person_id") + " ORDER BY p.id")
_BY_GIN = text(_SHOWN.format(source=_GIN, person="s.person_id") + " ORDER BY p.id")


def _page_of_matches(connection: Connection, wanted: list[str], areas: Sequence[str], after: int) -> Sequence[Any]:
    """The next batch of people that have every token and one of the areas."""
    inside = [area for area in areas if len(area) > 6]
    everywhere = len(inside) < len(areas)
    if connection.dialect.name == "sqlite":
        match = " ".join(f'"{token}"' for token in wanted)
        if not everywhere:
            places = " OR ".join(f'"{area}"' for area in inside) or '""'
            match = f"{match} AND ({places})" if len(wanted) == 1 else f"({match.replace(' ', ' AND ')}) AND ({places})"
        return connection.execute(_BY_FTS, {"match": match, "after": after, "batch": _BATCH}).all()
    given = {"wanted": wanted, "areas": inside, "everywhere": everywhere, "after": after, "batch": _BATCH}
    return connection.execute(_BY_GIN, given).all()


def _scoped_rows(
    connection: Connection, kind: str, given: dict[str, Any], areas: Sequence[str], limit: int
) -> list[Any]:
    """People by a tail, a phone or a household's number, narrowed to the areas by ranges of codes."""
    ranges, values = _ranges(areas)
    if kind == "by_tail":
        source, person, condition = _TAILS, "t.person_id", "1 = 1"
    elif kind == "by_phone":
        source, person, condition = "identity_person t", "t.id", "t.phone_index = :index"
    else:
        source = "household_household g JOIN household_membership n ON n.household_id = g.id AND n.valid_to IS NULL"
        person, condition = "n.person_id", "g.number >= :number AND g.number < :end"
    sql = _SHOWN.format(source=source, person=person) + f" WHERE {condition} AND ({ranges}) AND p.merged_into IS NULL"
    page = text(f"{sql} ORDER BY p.id LIMIT :limit")  # noqa: S608 - made of constants and bound names
    return list(connection.execute(page, {**given, **values, "limit": limit}))


def _by_number(work: "UnitOfWork", connection: Connection, number: str, areas: Sequence[str], limit: int) -> list[Any]:
    # A number that was corrected finds who held it; a record that went into another, the one that stays.
    indexes = number_indexes(work, number)
    holder = holder_of(work, *indexes) or former_holder_of(work, *indexes)
    ranges, values = _ranges(areas)
    sql = _SHOWN.format(source="(SELECT CAST(:holder AS bigint) AS person_id) t", person="t.person_id")
    page = text(f"{sql} WHERE ({ranges}) LIMIT :limit")  # noqa: S608
    return list(connection.execute(page, {"holder": holder, **values, "limit": limit})) if holder else []


def _ranges(areas: Sequence[str]) -> tuple[str, dict[str, str]]:
    parts, values = [], {}
    for at, area in enumerate(areas):
        parts.append(f"(p.hukou_area >= :from{at} AND p.hukou_area < :to{at})")
        parts.append(f"(p.residence_area >= :from{at} AND p.residence_area < :to{at})")
        values |= {f"from{at}": area, f"to{at}": area[:-1] + chr(ord(area[-1]) + 1)}
    return " OR ".join(parts) or "1 = 0", values


def _line(work: "UnitOfWork", row: Any) -> dict[str, Any]:
    masked = ""
    if row.number_sealed is not None:
        number = work.keys.unseal(NUMBER_COLUMN, row.document_id, row.number_sealed)
        masked = IdNumber.mask(number)
    return {"id": row.id, "name": row.name, "id_masked": masked, "household": row.household or "", "area": row.area}


def index_health(host: "Host") -> str | None:
    """Whether the index answers; the doctor's question."""
    with host.database.transaction(write=False) as connection:
        newest = text(
            "SELECT id, name, hukou_area AS area FROM identity_person WHERE merged_into IS NULL AND erased_on IS NULL"
            " ORDER BY id DESC LIMIT 20"
        )
        people = connection.execute(newest).all()
        for one in people:
            found = _page_of_matches(connection, _wish_tokens(one.name), (one.area,), one.id - 1)
            if not any(row.id == one.id for row in found):
                return _("查找索引缺人，请运行 huimin household reindex")
    return None
