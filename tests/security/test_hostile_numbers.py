"""Numbers, days and months that nobody means, in every question, every address and every form of the pages."""

import json
import re
import sys
from urllib.parse import quote

import pytest

from tests.security.town import PARAMETER, Reader, Town

pytestmark = pytest.mark.one_database

NUMBERS = (
    "9" * 25, "9" * 5_000, "9223372036854775808", "-1", "0", "1.5", "NaN", "Infinity", "9e999999", "1e5", "0x10", "١٢٣",
    "²", "1_000", "2026-13", "9999-12", "9999-12-31", "0001-01-01", "0000-00-00", "abc",
)  # fmt: skip
NAMES = (
    "after", "next", "start", "limit", "before", "year", "month", "period", "on", "since", "until", "day", "week",
    "number", "id", "person", "household", "batch", "payment", "size", "seed", "share",
)  # fmt: skip


FIELD = re.compile(r'<(?:input|textarea)\b[^>]*\bname="([a-z]\w*)"[^>]*')
TYPE, VALUE = re.compile(r'\btype="(\w+)"'), re.compile(r'\bvalue="([^"]+)"')
CHOICE = re.compile(r'<select\b[^>]*\bname="([a-z]\w*)"[^>]*>(.*?)</select>', re.DOTALL)
DAYS = {"date": "2026-11-01", "month": "2026-11", "time": "09:30"}


def sent(town: Town, method, path, fields, reader):
    """The answer to a question, to a form of a page, or to an object of the API."""
    if method == "GET":
        return town.ask("GET", path, reader)
    if not path.startswith("/api/"):
        return town.post(path, fields, reader)
    return town.ask(method, path, reader, json.dumps(fields).encode(), {"content-type": "application/json"})


def faults(town: Town, asked, proof):
    """What was answered with a fault of ours; ``asked`` are (method, path, fields, reader)."""
    wrong, count = [], 0
    for method, path, fields, reader in asked:
        answer = sent(town, method, path, fields, reader)
        count += 1
        wrong += [f"{method} {path[:90]} {str(fields)[:200]}: {answer.status}"] if answer.status >= 500 else []
        if method != "GET" and answer.status < 400:
            town.put_back()  # what was done may have ended the session
    sys.stdout.write("\n".join(wrong[:60]))
    proof.counted(count, found=len(wrong))


def fields_of(page: str) -> dict[str, str]:
    """The fields of the forms of a page, with what stands in them or might."""
    given = {}
    for tag in FIELD.finditer(page):
        kind, value = TYPE.search(tag[0]), VALUE.search(tag[0])
        given[tag[1]] = value[1] if value else DAYS.get(kind[1] if kind else "", "1")
    for name, options in CHOICE.findall(page):
        found = VALUE.findall(options)
        given[name] = found[0] if found else "1"
    return given


@pytest.mark.proof("RS45")
def test_no_number_in_a_question_or_an_address_is_a_fault(town: Town, proof):
    dice, each = proof.dice, proof.effort(1, 4)
    described = json.loads(town.ask("GET", "/api/v1/openapi.json").text)["paths"]
    by_path = {re.sub(r":\w+}", "}", one.path): one for one in town.routes if one.is_api}
    places = [
        (town.address(by_path[path]), one["name"])
        for path, operations in described.items()
        for one in operations.get("get", {}).get("parameters", ())
        if one["in"] == "query"
    ]
    pages = [one for one in town.routes if one.method == "GET" and not one.is_api]
    places += [(town.address(one), name) for one in pages for name in NAMES]
    named = [one for one in town.routes if one.method == "GET" and one.takes_ids]
    readers = [town.of("clerk"), town.of("auditor"), town.of("system_admin")]
    asked = [
        ("GET", f"{path}?{name}={quote(number)}", {}, dice.choice(readers))
        for path, name in (places if proof.long else dice.sample(places, 250))
        for number in dice.sample(NUMBERS, each)
    ]
    asked += [
        ("GET", PARAMETER.sub(quote(number, safe=""), one.path), {}, dice.choice(readers))
        for one in (named if proof.long else dice.sample(named, 60))
        for number in dice.sample(NUMBERS, each)
    ]
    faults(town, asked, proof)


@pytest.mark.proof("RS45")
def test_no_number_in_a_form_is_a_fault(town: Town, proof):
    """Every form of the pages as it stands there, with one field that holds a number nobody means."""
    dice = proof.dice
    posts = [one for one in town.routes if one.method == "POST" and not one.is_api and "sign-" not in one.path]
    asked = []
    for one in posts if proof.long else dice.sample(posts, 40):
        path = town.address(one)
        reader, page = whose(town, path, one.right)
        fields = fields_of(page) | dict.fromkeys(NAMES, "1")
        names = sorted(fields)
        for name in names if proof.long else dice.sample(names, min(len(names), 4)):
            asked.append(("POST", path, {**fields, name: dice.choice(NUMBERS)}, reader))
    faults(town, asked, proof)


def whose(town: Town, path: str, right: str) -> tuple[Reader, str]:
    """Who is shown the form at an address, and the form; where there is none, who has the right of the address."""
    for role in town.roles:
        answer = town.ask("GET", path, town.of(role))
        if answer.status == 200:
            return town.of(role), answer.text
        if answer.status == 405:
            break
    held = [role for role in town.roles if right in town.county.host.rights_of(role)]
    return town.of((held or ["clerk"])[0]), ""


@pytest.mark.proof("RS45")
def test_no_number_in_an_object_of_the_api_is_a_fault(town: Town, proof):
    """Every object that the API takes as it is described, with one value that is a number nobody means."""
    dice = proof.dice
    described = json.loads(town.ask("GET", "/api/v1/openapi.json").text)
    writes = [one for one in town.routes if one.is_api and one.method in ("POST", "PUT", "PATCH", "DELETE")]
    asked = []
    for one in writes if proof.long else dice.sample(writes, 40):
        operation = described["paths"][PARAMETER.sub(r"{\1}", one.path)][one.method.lower()]
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        fields = example(described, content.get("schema", {}))
        if not isinstance(fields, dict):
            continue
        held = [role for role in town.roles if one.right in town.county.host.rights_of(role)]
        for name in fields if proof.long else dice.sample(sorted(fields), min(len(fields), 4)):
            for number in dice.sample([*NUMBERS, 10**25, -1, 0, 1.5, True, None, [], {}], proof.effort(1, 6)):
                asked.append((one.method, town.address(one), {**fields, name: number}, town.of((held or ["clerk"])[0])))
    faults(town, asked, proof)


def example(described, schema, depth=0):
    """A value that fits a schema more or less."""
    while "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for kind in ("anyOf", "oneOf", "allOf"):
        if kind in schema:
            return example(described, schema[kind][0], depth + 1)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [""])[0])
    match schema.get("type"):
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
        case "boolean":
            return False
        case "array":
            return [example(described, schema.get("items", {}), depth + 1)] if depth < 4 else []
        case "string":
            return {"date": "2026-11-01", "date-time": "2026-11-01T09:00:00+08:00"}.get(schema.get("format", ""), "1")
    given = schema.get("properties", {})
    return {name: example(described, one, depth + 1) for name, one in given.items()} if depth < 4 else {}
