"""Every role at every address with every method, on things of its own area, of another, and on nothing.

``expected.txt`` beside this test has two parts: the roles that hold each right, and for each address its method, the
right its guard asks for, and who finds there what lies in another town. An address that is not in the file is a fault.
After a change that is meant, ``python -m tests.security.expecting`` writes it anew; its difference is what to review.
"""

import pytest

from tests.security.expecting import FILE, Expected, plain, sweep
from tests.security.town import NOBODY, NOWHERE, Answer, Reader, Route, Town

pytestmark = pytest.mark.one_database

CELLS = 10_000
SIZE_MAX = 16
OTHER_METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")


@pytest.fixture(scope="module")
def expected() -> Expected:
    return Expected.read(FILE.read_text(encoding="utf-8"))


@pytest.mark.proof("RS34")
def test_the_file_of_expectations_names_every_address_and_every_right(one_town, expected, proof):
    """Also those of plugins: whoever adds an address says who may open it."""
    routes = {(one.method, one.path): one.right for one in one_town.routes}
    known = {key: line.right for key, line in expected.lines.items()}
    assert {key: routes.get(key) for key in routes.keys() | known.keys()} == known
    host = one_town.county.host
    rights = {name: {role for role in one_town.roles if name in host.rights_of(role)} for name in host.permissions}
    assert {name: sorted(roles) for name, roles in rights.items()} == expected.rights
    proof.counted(len(routes) + len(rights))


@pytest.mark.proof("RS34")
def test_every_role_finds_at_every_address_what_the_file_says(town, expected, proof):
    roles = proof.dice.sample(town.roles, proof.effort(1, len(town.roles)))
    cells, wrong = 0, []
    for role in roles:
        seen = sweep(town, role)
        cells += 3 * len(seen)
        for route, one in seen.items():
            wrong += [f"{role} {route.method} {route.path}: {what}" for what in expected.against(role, route, one)]
    for nobody in (NOBODY, town.people["disabled"]):
        for route in town.routes:
            cells += 1
            found = town.knock(route, town.address(route), nobody)
            if found.outcome != "sign-in" and route.right != "*":
                wrong.append(f"{nobody.name} {route.method} {route.path}: {found.outcome}")
    assert not wrong, "\n".join(wrong)
    proof.counted(cells)
    assert not proof.long or cells > CELLS


@pytest.mark.proof("RS34")
def test_a_method_that_an_address_does_not_have_is_not_answered(town, proof):
    known = {(one.method, one.path) for one in town.routes}
    readers = [NOBODY, *(town.of(role) for role in proof.dice.sample(town.roles, proof.effort(1, 6)))]
    paths = sorted({one.path for one in town.routes})
    paths = paths if proof.long else proof.dice.sample(paths, 150)
    cells, wrong = 0, []
    for path in paths:
        address = town.address(Route("GET", path, ""))
        for method in OTHER_METHODS:
            if (method, path) in known or town.takes(method, address):
                continue
            for reader in readers:
                cells += 1
                found = _ask(town, method, address, reader)
                if found.status != 405:
                    wrong.append(f"{reader.name} {method} {address}: {found.status}")
    assert not wrong, "\n".join(wrong)
    proof.counted(cells)


def _ask(town: Town, method: str, address: str, reader: Reader) -> Answer:
    if method in ("GET", "DELETE") or address.startswith("/api/"):
        return town.ask(method, address, reader)
    form = f"_form_key={reader.form_key}".encode()
    return town.ask(method, address, reader, form, {"content-type": "application/x-www-form-urlencoded"})


@pytest.mark.proof("RS36")
def test_in_another_town_a_thing_answers_like_nothing_in_status_words_and_size(town, expected, proof):
    """Every address that names a thing of one town: page, paper, file, form, list and API."""
    roles = proof.dice.sample(town.roles, proof.effort(1, len(town.roles)))
    routes = [one for one in town.routes if expected.lines[one.method, one.path].reach == "town"]
    some = routes if proof.long else proof.dice.sample(routes, 120)
    cells, wrong = 0, []
    for role in roles:
        reader = town.of(role, "there")
        for route in some:
            path = town.address(route)
            same_size = _nothing_of_the_size(town, route, path)
            thing, nothing = town.knock(route, path, reader), town.knock(route, same_size, reader)
            cells += 1
            unlike = plain(thing) != plain(nothing) or abs(len(thing.content) - len(nothing.content)) > SIZE_MAX
            wrong += [f"{role} {route.method} {path}: {thing.status} {nothing.status}"] if unlike else []
        town.put_back()
    assert not wrong, "\n".join(wrong)
    proof.counted(cells)


def _nothing_of_the_size(town: Town, route: Route, path: str) -> str:
    """An address of nothing that is as long as that of a thing."""
    longer = town.address(route, str(NOWHERE))
    given = zip(path.split("/"), longer.split("/"), strict=True)
    return "/".join(one if one == other else "9" * len(one) for one, other in given)
