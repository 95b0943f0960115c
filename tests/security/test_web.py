"""The way in, tried by force: wrong passwords, stolen sessions, foreign forms, bodies too large, names of files."""

import json
import socket
from datetime import timedelta
from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import text

from core.errors import NotSignedIn, TryAgain
from core.identity import signing_in
from core.identity.accounts import NewGrant, end_grant, grant_role, new_code, switch_account
from core.identity.actors import shell_actor
from core.identity.attachments import FILES, NewAttachment, add_attachment, open_attachment
from core.kept_files import folder_of
from core.testing import PASSWORD, VILLAGE
from tests.security.town import Town

HOUR_MAX = 20
NEW_PASSWORD = "Lu-Shui-River-2027"  # noqa: S105 - an account of the test
FORM = {"content-type": "application/x-www-form-urlencoded"}


def signed_up(county, role="auditor", name=""):
    """An account with a password; its name."""
    name = county.account(role, name=name)
    with county.begin("shell") as work:
        code = new_code(work, name)
    signing_in.sign_in_with_code(county.host, name, code, PASSWORD, "10.1.1.1")
    return name


def tried(host, name, address, password="wrong-password-7"):  # noqa: S107 - wrong on purpose
    """What came of one try: "evaluated", "turned away" or "in"."""
    try:
        signing_in.sign_in(host, name, password, address=address)
    except NotSignedIn:
        return "evaluated"
    except TryAgain:
        return "turned away"
    return "in"


@pytest.mark.proof("RS46")
@pytest.mark.parametrize("addresses", [1, 200])
def test_of_thousands_of_wrong_passwords_twenty_an_hour_are_looked_at(county, clock, proof, addresses):
    """And who was at home at an address before gets in from there all the while."""
    name = signed_up(county)
    tries = proof.effort(300, 10_000)
    said = [tried(county.host, name, f"10.9.{at % addresses}.7") for at in range(tries)]
    assert said.count("evaluated") == HOUR_MAX and said.count("in") == 0
    assert tried(county.host, name, "10.9.0.7", PASSWORD) == "turned away"
    assert tried(county.host, name, "10.1.1.1", PASSWORD) == "in"
    clock.set(clock.now() + timedelta(minutes=61))
    assert tried(county.host, name, "10.9.0.7", PASSWORD) == "in"
    proof.counted(tries)


@pytest.mark.proof("RS46")
def test_who_was_shut_out_gets_in_with_a_new_code(county, proof):
    name = signed_up(county)
    for _try in range(HOUR_MAX + 1):
        tried(county.host, name, "10.9.0.7")
    with county.begin("security_admin") as work:
        code = new_code(work, name)
    assert signing_in.sign_in_with_code(county.host, name, code, NEW_PASSWORD, "10.9.0.8")
    proof.counted(HOUR_MAX + 1)


@pytest.mark.proof("RS46")
def test_a_made_up_forwarding_header_is_nobodys_address(client, proof):
    name = signed_up(client.county)
    said = []
    for at in range(HOUR_MAX + 5):
        form = {"name": name, "password": "wrong-password-7"}
        said.append(client.client.post("/sign-in", data=form, headers={"x-forwarded-for": f"10.2.3.{at}"}).status_code)
    assert said.count(422) == HOUR_MAX and set(said[HOUR_MAX:]) == {503}
    with client.county.host.database.transaction(write=False) as connection:
        addresses = set(connection.scalars(text("SELECT DISTINCT address FROM identity_sign_in_attempt")))
    assert not any(one.startswith("10.2.3.") for one in addresses)
    proof.counted(len(said))


@pytest.mark.proof("RS46")
def test_an_unknown_name_takes_as_long_as_a_known_one(county, proof):
    rounds = proof.effort(5, 15)
    names = [signed_up(county, name=f"known{at}") for at in range(rounds)]
    seconds = {"known": [], "unknown": []}
    for name in names:
        for kind, one in (("known", name), ("unknown", f"no-{name}")):
            began = perf_counter()
            assert tried(county.host, one, "") == "evaluated"
            seconds[kind].append(perf_counter() - began)
    ratio = median(seconds["known"]) / median(seconds["unknown"])
    assert 1 / 2 < ratio < 2, ratio  # a missing hash would make it ten and more
    proof.counted(2 * rounds)


ENDS = {
    "signed out": lambda county, _name, token: signing_in.sign_out(county.host, token),
    "disabled": lambda county, name, _token: _by_shell(county, lambda work: switch_account(work, name, enabled=False)),
    "a role more": lambda county, name, _token: _by_shell(
        county, lambda work: grant_role(work, NewGrant(account=name, role="accountant"))
    ),
    "a role less": lambda county, name, _token: _by_shell(county, lambda work: end_grant(work, _grant(work, name))),
    "a new password": lambda county, _name, token: _as(
        county, token, lambda work: signing_in.change_password(work, PASSWORD, NEW_PASSWORD)
    ),
}


def _by_shell(county, act):
    with county.host.begin(shell_actor(county.host, "test"), edge="command") as work:
        act(work)


def _as(county, token, act):
    with county.host.begin(signing_in.session_of(county.host, token).actor) as work:
        act(work)


def _grant(work, name):
    asked = "SELECT g.id FROM identity_grant g JOIN identity_account a ON a.id = g.account_id WHERE a.name = :name"
    return work.session.connection().scalar(text(asked), {"name": name})


@pytest.mark.proof("RS47")
@pytest.mark.parametrize("end", ENDS)
def test_a_session_does_not_outlive_what_ends_it(county, proof, end):
    name = signed_up(county, "reviewer")
    tokens = [signing_in.sign_in(county.host, name, PASSWORD, address=f"10.0.0.{at}") for at in range(3)]
    assert len(set(tokens)) == 3 and all(len(one) >= 43 for one in tokens)  # noqa: PLR2004 - 32 bytes in base 64
    ENDS[end](county, name, tokens[0])
    ended = tokens[:1] if end == "signed out" else tokens
    left = [one for one in ended if signing_in.session_of(county.host, one)]
    proof.counted(len(ended), len(left))


@pytest.mark.proof("RS47")
def test_a_planted_token_is_never_taken_on_and_none_lies_in_the_database(client, proof):
    county = client.county
    name = signed_up(county)
    planted = "x" * 43
    client.client.cookies.set("huimin", planted)
    client.client.post("/sign-in", data={"name": name, "password": PASSWORD}, follow_redirects=False)
    given = [one.value for one in client.client.cookies.jar if one.name == "huimin" and one.value != planted]
    assert given and signing_in.session_of(county.host, planted) is None
    with county.host.database.transaction(write=False) as connection:
        rows = connection.execute(text("SELECT * FROM identity_session")).all()
    said = json.dumps([[str(value) for value in row] for row in rows])
    assert given[0] not in said and given[0].encode().hex() not in said
    proof.counted(len(rows))


@pytest.mark.one_database
@pytest.mark.proof("RS48")
def test_no_form_is_taken_without_its_key_from_another_site_or_by_reading(town: Town, proof):
    """Every address that changes something, asked by somebody who may."""
    unsafe = [one for one in town.routes if one.method != "GET" and one.right != "*"]
    unsafe = unsafe if proof.long else proof.dice.sample(unsafe, 80)
    before, wrong, count, fetched = chain(town), [], 0, {"sec-fetch-site": "cross-site"}
    for route in unsafe:
        rights = set(route.right.split()) - {"-"}
        role = next(one for one in town.roles if rights <= town.county.host.rights_of(one))
        reader, path = town.of(role), town.address(route)
        session = {"cookie": f"huimin={reader.cookie}", "authorization": ""}
        good, evil = f"_form_key={reader.form_key}".encode(), {"origin": "https://evil.example"}
        tries = {
            "without a key": town.ask("POST", path, reader, b"a=1", {**FORM, **session}),
            "with another's key": town.ask("POST", path, reader, b"_form_key=" + b"x" * 43, {**FORM, **session}),
            "from another site": town.ask("POST", path, reader, good, {**FORM, **session, **evil}),
            "fetched by another site": town.ask("POST", path, reader, good, {**FORM, **session, **fetched}),
            "as a plain text": town.ask("POST", path, reader, good, {"content-type": "text/plain", **session}),
            "as JSON": town.ask("POST", path, reader, b"{}", {"content-type": "application/json", **session}),
        }  # fmt: skip
        if not town.takes("GET", path):
            tries["by reading"] = town.ask("GET", path, reader)
        count += len(tries)
        refused = (400, 401, 403, 405)
        wrong += [f"{route.path} {how}: {said.status}" for how, said in tries.items() if said.status not in refused]
    assert not wrong, "\n".join(wrong)
    assert chain(town) == before
    proof.counted(count)


def chain(town: Town) -> int:
    """How many records the audit has."""
    with town.county.host.database.transaction(write=False) as connection:
        return connection.scalar(text("SELECT seq FROM audit_head"))


@pytest.mark.one_database
@pytest.mark.proof("RS51")
def test_bodies_parts_and_headers_beyond_the_limit_are_refused_and_take_no_memory(town: Town, proof):
    reader = town.of("clerk")
    parts = (
        b"".join(b'--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n' for _part in range(1_001))
        + b"--b--\r\n"
    )
    large = b"a=" + b"x" * (11 * 1024 * 1024)
    tries = [
        (large, FORM, 413),
        (large, {**FORM, "content-length": "5"}, 413),
        (large, {"content-type": "multipart/form-data; boundary=b"}, 413),
        (parts, {"content-type": "multipart/form-data; boundary=b"}, 400),
        (b"&".join(b"a=1" for _field in range(2_001)), FORM, 400),
        (b"\xff\xfe=1", FORM, 400),
        (b"--b\r\nnonsense", {"content-type": "multipart/form-data; boundary=b"}, 400),
        (b"a=1", {**FORM, "content-length": "many"}, 400),
    ]
    for body, headers, status in tries:
        assert town.ask("POST", "/people/new", reader, body, headers).status == status, (headers, status)
    as_json = {"content-type": "application/json"}
    named = b'{"name":"' + b"x" * (11 * 2**20) + b'"}'
    assert town.ask("POST", "/api/v1/people", reader, named, as_json).status == 413
    assert town.ask("POST", "/api/v1/people", reader, b"[" * 100_000, as_json).status == 400
    assert town.ask("POST", "/api/v1/people", reader, b"a=1", FORM).status == 400  # JSON is wanted, and waited for
    proof.counted(len(tries) + 3)


@pytest.mark.one_database
@pytest.mark.proof("RS52")
def test_no_page_and_no_setting_makes_the_county_ask_another_machine(town: Town, proof, monkeypatch):
    """Whatever address is typed wherever: nothing is connected to."""
    asked = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: asked.append(address))
    monkeypatch.setattr(socket.socket, "connect_ex", lambda _self, address: asked.append(address) or 1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **_more: asked.append(given) or [])
    addresses = [
        "http://127.0.0.1:22/",
        "http://169.254.169.254/",
        "http://2130706433/",
        "http://[::1]/",
        "file:///etc/passwd",
    ]
    routes = [one for one in town.routes if one.right != "*" and one.path != "/sign-out"]
    routes = routes if proof.long else proof.dice.sample(routes, 120)
    for at, route in enumerate(routes):
        address = addresses[at % len(addresses)]
        reader = town.of("system_admin" if "setting" in route.path else "clerk")
        path = town.address(route)
        if route.method == "GET":
            town.ask("GET", f"{path}?q={address}&next={address}&url={address}", reader)
        else:
            fields = ("url", "address", "public_url", "web.proxy", "value", "name", "next", "back", "office")
            town.post(path, dict.fromkeys(fields, address), reader)
    assert asked == []
    proof.counted(len(routes))


NAMES = [
    "../../etc/passwd.pdf", "/etc/passwd.pdf", "..\\..\\boot.pdf", "a\0b.pdf", "CON.pdf", "con.pdf", "x" * 300 + ".pdf",
    "..pdf", "a\r\nset-cookie: x=1.pdf", 'a";x=".pdf', "‮fdp.exe.pdf", "~root.pdf", "%2e%2e%2fx.pdf", "a/../../b.pdf",
]  # fmt: skip


@pytest.mark.proof("RS53")
@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_file_leads_out_of_the_folder_or_into_a_header(client, proof, name):
    county = client.county
    person = county.person("刘洋", VILLAGE)
    with county.begin() as work:
        wish = NewAttachment(owner=f"person:{person}", file_name=name, data=b"%PDF-1.7 paper")
        number, folder = add_attachment(work, wish).id, folder_of(work, FILES)
    (stored,) = folder.iterdir()
    assert stored.is_file() and not stored.is_symlink() and stored.name.isalnum()
    client.sign_in("clerk")
    answer = client.get(f"/attachments/{number}")
    assert answer.content == b"%PDF-1.7 paper"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff" and "set-cookie" not in answer.headers
    assert not list(county.home.parent.rglob("*passwd*")) and not list(county.home.parent.rglob("*boot*"))
    proof.counted(1)


@pytest.mark.proof("RS53")
@pytest.mark.parametrize("name", ["x.html", "x.svg", "x.pdf", "x.png", "x.jpg", "x.js", "x"])
def test_a_page_that_calls_itself_a_paper_is_not_taken(county, proof, name):
    from core.errors import Refused

    person = county.person("刘洋", VILLAGE)
    with pytest.raises(Refused), county.begin() as work:
        data = b"<svg onload=alert(1)><script>alert(1)</script></svg>"
        add_attachment(work, NewAttachment(owner=f"person:{person}", file_name=name, data=data))
    proof.counted(1)


@pytest.mark.proof("RS53")
def test_a_link_in_the_place_of_a_stored_file_is_not_followed(county, tmp_path, proof):
    person = county.person("刘洋", VILLAGE)
    with county.begin() as work:
        wish = NewAttachment(owner=f"person:{person}", file_name="a.pdf", data=b"%PDF-1.7 paper")
        number, folder = add_attachment(work, wish).id, folder_of(work, FILES)
    (stored,) = folder.iterdir()
    secret = tmp_path / "secret"
    secret.write_bytes(b"root:x:0:0")
    stored.unlink()
    stored.symlink_to(secret)
    from core.errors import Fault

    with pytest.raises(Fault), county.look() as work:  # what lies there was not sealed under this name
        open_attachment(work, number)
    proof.counted(1)
