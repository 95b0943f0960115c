"""Texts that want to be script, formula or SQL, and texts that must not get out: typed and looked for everywhere."""

import base64
import csv
import io
import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from openpyxl import load_workbook

from core.spreadsheets import is_risky
from tests.crawling import walk
from tests.security.town import NOBODY, Town

pytestmark = pytest.mark.one_database

TYPED = re.compile(
    r"(^|_)(name|title|address|note|notes|reason|document|office|remark|opinion|contact|purpose|content|place|words|host"
    r"|summary|result|goal|problem|comment|description|spec|unit|donor|company|post|subject_matter|diagnosis)$"
)
"""Columns that hold what somebody typed, by their names."""
SCRIPTS = [
    "<script>hm7()</script>", '"><img src=hm7 onerror=hm7()>', "'><svg/onload=hm7()>", "</title><script>hm7()</script>",
    "</textarea><script>hm7()</script>", "javascript:hm7()", "{{ 7*'hm7' }}", "<a href=javascript:hm7()>hm7</a>",
    "<iframe src=hm7>", '" onmouseover="hm7()', "<!--<script>hm7()//-->", "＜script＞hm7<scr<script>ipt>hm7()",
]  # fmt: skip
PREFIXES = [
    f"{blank}{sign}" for blank in ("", " ", "\u3000", "\u00a0", "  ")
    for sign in ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠")
]  # fmt: skip
MOST_PAGES = 700


def typed_columns(file: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Tables and columns of what people typed; the audit and policies hold texts of the program."""
    names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in names:
        if table.startswith(("audit", "sqlite", "core", "alembic", "identity_account")) or "_search" in table:
            continue
        for _at, column, kind, *_rest in file.execute(f"PRAGMA table_info({table})"):
            if kind.upper() == "TEXT" and TYPED.search(column):
                yield table, column


def plant(town: Town, texts: list[str]) -> int:
    """Put a text into every typed column of every row; answers how many columns took it."""
    planted = 0
    with sqlite3.connect(town.county.host.database.file) as file:
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f"DROP TRIGGER {name}")
        for table, column in list(typed_columns(file)):
            cases = " ".join(f"WHEN {at} THEN ?" for at in range(len(texts)))
            chosen = f"CASE rowid % {len(texts)} {cases} END || rowid"
            try:
                file.execute(f"UPDATE {table} SET {column} = {chosen} WHERE {column} <> ''", texts)
                planted += 1
            except sqlite3.IntegrityError:  # a word of the program, or as short as a code
                continue
    return planted


class Parsed(HTMLParser):
    """What a browser would make of a page: elements, and handlers that stand in attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag if tag in ("script", "style") else ""
        for name, value in attrs:
            text = value or ""
            if "hm7" in name or (name.startswith("on") and "hm7" in text):
                self.found.append(f"<{tag} {name}>")
            if name in ("href", "src", "action") and re.match(r"\s*(javascript:|hm7)", text):
                self.found.append(f"<{tag} {name}={text}>")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside and "hm7" in data:
            self.found.append(f"<{self.inside}>{data[:40]}")


@pytest.mark.proof("RS44")
def test_no_text_that_somebody_typed_becomes_script_on_any_page(town: Town, proof):
    columns = plant(town, SCRIPTS)
    roles = ["auditor", "clerk", *town.roles] if proof.long else ["auditor"]
    seen, wrong, carried = 0, [], 0
    for role in dict.fromkeys(roles):

        def fetch(address: str, role: str = role) -> tuple[int, str]:
            answer = town.ask("GET", address, town.of(role))
            is_page = answer.headers.get("content-type", "").startswith("text/html")
            return answer.status, answer.text if is_page else ""

        for address, status, page in walk(fetch, most=proof.effort(130, MOST_PAGES)):
            seen += bool(page)
            carried += "hm7" in page
            parsed = Parsed()
            parsed.feed(page)
            wrong += [f"{address}: {one}" for one in parsed.found] + ([f"{address}: {status}"] if status >= 500 else [])
    assert not wrong, "\n".join(wrong[:30])
    assert columns > 40 and carried > seen // 4, (columns, carried, seen)
    proof.counted(seen)


@pytest.mark.proof("RS44")
def test_every_answer_forbids_script_that_is_not_ours(town: Town, proof):
    routes = [one for one in town.routes if one.method == "GET" and not one.takes_ids]
    for route in routes:
        policy = town.knock(route, route.path, town.of("auditor")).headers["content-security-policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy and "object-src 'none'" in policy
    proof.counted(len(routes))


@pytest.mark.proof("RS49")
def test_no_export_holds_a_formula_whatever_was_typed(town: Town, proof):
    """Every report as Excel and CSV, every download that a page leads to: each in the words it was typed in."""
    texts = [f"{prefix}cmd|' /C calc'!A" for prefix in PREFIXES]
    plant(town, texts)
    routes = [one for one in town.routes if re.search(r"/(excel|csv|marked|template|export)$", one.path)]
    reports = [
        (town.of("auditor"), "GET", f"/reports/{name}/{kind}")
        for name in town.county.host.reports
        for kind in ("excel", "csv")
    ]
    others = [
        (town.of(role), one.method, town.address(one))
        for one in routes
        if "reports" not in one.path
        for role in ("clerk", "proposer")
    ]
    asked = [*reports, *others]
    asked = asked if proof.long else proof.dice.sample(asked, 12)
    cells, files, wrong = 0, 0, []
    for reader, method, path in asked:
        answer = town.ask("GET", path, reader) if method == "GET" else town.post(path, {}, reader)
        kind = answer.headers.get("content-type", "")
        if answer.status != 200:
            wrong += [f"{path} {answer.status}"] if answer.status >= 500 else []
        elif "spreadsheetml" in kind:
            files += 1
            for sheet in load_workbook(io.BytesIO(answer.content)).worksheets:
                for row in sheet.iter_rows():
                    cells += len(row)
                    wrong += [f"{path} {cell.coordinate}" for cell in row if cell.data_type == "f"]
        elif "csv" in kind:
            files += 1
            for row in csv.reader(io.StringIO(answer.content.decode("gb18030"))):
                cells += len(row)
                wrong += [
                    f"{path} {cell!r}" for cell in row if is_risky(cell) and not re.fullmatch(r"-?[\d.,%]+", cell)
                ]
    assert not wrong, "\n".join(wrong[:30])
    assert files and cells
    proof.counted(cells)


WISHES = [
    "'",
    "' OR '1'='1",
    "'; DROP TABLE identity_person; --",
    '"',
    "]",
    "\\",
    "%",
    "_",
    "\0",
    "1 UNION SELECT 1",
    "); --",
    "中'",
]


@pytest.mark.proof("RS45")
def test_no_word_in_a_search_a_filter_or_an_address_becomes_sql(town: Town, proof):
    """Every question of every address, every word in its path, and the searches: never a fault, never a row more."""
    before = people(town)
    described = json.loads(town.ask("GET", "/api/v1/openapi.json").text)["paths"]
    asked: list[tuple[str, str]] = []
    for path, operations in described.items():
        for one in operations.get("get", {}).get("parameters", ()):
            route = next((r for r in town.routes if r.is_api and re.sub(r":\w+}", "}", r.path) == path), None)
            if route and one["in"] == "query":
                asked.append((town.address(route), one["name"]))
    for name in (
        "q",
        "text",
        "state",
        "area",
        "town",
        "month",
        "year",
        "number",
        "sort",
        "after",
        "before",
        "next",
        "kind",
    ):
        asked += [(town.address(one), name) for one in town.routes if one.method == "GET" and not one.is_api]
    texts = [one for one in town.routes if one.method == "GET" and ":str}" in one.path]
    asked = asked if proof.long else proof.dice.sample(asked, 150)
    texts = texts if proof.long else proof.dice.sample(texts, 20)
    wrong, count = [], 0
    reader = town.of("clerk")
    for at, (path, name) in enumerate(asked):
        for wish in WISHES if not at % 10 and proof.long else (WISHES[at % len(WISHES)],):
            count += 1
            status = town.ask("GET", f"{path}?{name}={quote(wish)}", reader).status
            wrong += [f"{path}?{name}={wish}: {status}"] if status >= 500 else []
    for at, route in enumerate(texts):
        for wish in WISHES if proof.long else (WISHES[at % len(WISHES)],):
            count += 1
            status = town.ask("GET", town.address(route, quote(wish, safe="")), reader).status
            wrong += [f"{route.path} {wish}: {status}"] if status >= 500 else []
    for wish in WISHES:
        for path, field in (("/people/search", "q"), ("/households/search", "q")):
            found = town.post(path, {field: wish}, reader)
            count += 1
            wrong += [f"{path} {wish}: {found.status}"] if found.status >= 500 or "<td" in found.text else []
        said = town.ask(
            "POST",
            "/api/v1/people/find",
            reader,
            json.dumps({"text": wish}).encode(),
            {"content-type": "application/json"},
        )
        wrong += [f"find {wish}: {said.text[:80]}"] if said.status >= 500 or '"items":[{' in said.text else []
        count += 1
    assert not wrong, "\n".join(wrong[:40])
    assert people(town) == before
    proof.counted(count)


def people(town: Town) -> int:
    """How many people the register has."""
    with sqlite3.connect(town.county.host.database.file) as file:
        return file.execute("SELECT count(*) FROM identity_person").fetchone()[0]


def spellings(secret: str) -> set[bytes]:
    """How a secret could stand in a file or an answer."""
    plain = secret.encode()
    digits = " ".join(secret).encode()
    return {
        plain, quote(secret).encode(), base64.b64encode(plain).rstrip(b"="), secret.encode("utf-16-le"),
        secret.encode("utf-16-be"), plain.hex().encode(), digits, secret.encode("gb18030"),
        "".join(f"&#{ord(letter)};" for letter in secret).encode(), secret.encode("unicode_escape"),
    }  # fmt: skip


@pytest.mark.proof("RS38")
def test_nothing_of_a_person_gets_to_who_may_not_see_it(town: Town, proof, caplog):
    """Canary people in one town: no page, paper or list of others, no log, record or file tells of them."""
    from core.identity.numbers import check_character

    caplog.set_level(logging.DEBUG)
    count, clerk, secrets = proof.effort(5, 50), town.of("clerk", "here"), []
    for at in range(count):
        first = f"99922319{40 + at % 50}0{at % 9 + 1}11{at % 900 + 50:03d}"
        number, phone, name = (
            first + check_character(first),
            f"13977{at:06d}",
            f"欧阳{chr(0x9F00 + at)}{chr(0x9F60 + at)}",
        )
        wish = {
            "name": name,
            "citizen_id": number,
            "hukou_area": "430223103002",
            "phone": phone,
            "address": f"金丝雀巷{at}号",
        }
        said = town.ask(
            "POST", "/api/v1/people", clerk, json.dumps(wish).encode(), {"content-type": "application/json"}
        )
        assert said.status == 201, said.text
        secrets += [number, phone, name, f"金丝雀巷{at}号"]
        for path in ("/people/search", "/households/search"):
            town.post(path, {"q": number}, clerk)
    looked = {spelling: secret for secret in secrets for spelling in spellings(secret)}
    net = re.compile(b"|".join(re.escape(one) for one in sorted(looked, key=len, reverse=True)))
    found, seen = [], 0
    others = [
        NOBODY,
        *(town.of(role) for role in ("system_admin", "security_admin")),
        town.of("clerk", "there"),
        town.of("auditor", "there"),
    ]
    routes = [one for one in town.routes if one.method == "GET"]
    for reader in others:
        for route in routes if proof.long else proof.dice.sample(routes, 80):
            answer = town.knock(route, town.address(route), reader)
            seen += 1
            found += [f"{reader.name} {route.path}: {looked[one]}" for one in set(net.findall(answer.content))]
    town.ask(
        "POST", "/api/v1/people/find", clerk, b"[" * 90_000, {"content-type": "application/json"}
    )  # a fault, logged
    found += [f"log: {looked[one]}" for one in set(net.findall(caplog.text.encode()))]
    with sqlite3.connect(town.county.host.database.file) as file:
        bodies = b"\n".join(bytes(body) for (body,) in file.execute("SELECT body FROM audit_record"))
    numbers = {one for one in net.findall(bodies) if looked[one].isascii()}
    found += [f"audit: {looked[one]}" for one in numbers]
    for path in town.county.home.rglob("*"):
        if path.is_file() and "keys" not in path.parts:
            seen += 1
            found += [
                f"{path.name}: {looked[one]}" for one in set(net.findall(path.read_bytes())) if looked[one].isascii()
            ]
    assert not found, "\n".join(found[:30])
    proof.counted(seen)
