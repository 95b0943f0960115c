"""The JSON API: tokens, scopes, paging, errors, and its description."""

import pytest


def test_the_description_is_openapi_3_1_and_names_the_token(client):
    schema = client.get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert "/api/v1/areas" in schema["paths"] and "/sign-in" not in schema["paths"]


def test_without_a_token_the_api_says_so_as_an_object(client):
    answer = client.get("/api/v1/areas")
    assert answer.status_code == 401 and answer.json()["error"]["code"] == "E_SIGN_IN"


def test_a_browsers_session_does_not_open_the_api(client):
    client.sign_in("system_admin")
    assert client.get("/api/v1/areas").status_code == 401


def test_a_list_is_read_page_by_page(client):
    name = client.county.account("system_admin")
    codes, after = [], ""
    while after is not None:
        body = client.api("GET", f"/areas?limit=100&next={after}", as_=name).json()
        codes += [one["code"] for one in body["items"]]
        after = body["next"]
    assert len(codes) == len(set(codes)) == 319


def test_a_limit_out_of_range_is_named(client):
    answer = client.api("GET", "/areas?limit=100000", as_=client.county.account("system_admin"))
    assert answer.status_code == 400 and answer.json()["error"]["objections"][0]["field"] == "limit"


def test_a_token_does_no_more_than_its_scopes(client):
    name = client.county.account("system_admin")
    narrow = client.api("POST", "/tokens", as_=name, json={"title": "t", "scopes": ["area.show"]})
    assert narrow.status_code == 201 or narrow.json()
    client.county.people[name] = narrow.json()["token"]
    assert client.api("GET", "/areas", as_=name).status_code == 200
    assert client.api("GET", "/plugins", as_=name).status_code == 403


def test_a_refusal_carries_its_objections_by_field(client):
    name = client.county.account("proposer")
    answer = client.api("POST", "/policy/pay.day", as_=name, json={"value": "十五", "document": "1号"})
    error = answer.json()["error"]
    assert answer.status_code == 422 and error["code"] == "E_POLICY_VALUE" and error["field"] == "value"


def test_the_same_idempotency_key_acts_once(client):
    name = client.county.account("proposer")
    wish = {"json": {"value": 15, "document": "1号"}, "headers": {"idempotency-key": "k1"}}
    first = client.api("POST", "/policy/pay.day", as_=name, **wish)
    again = client.api("POST", "/policy/pay.day", as_=name, **wish)
    assert first.status_code == again.status_code == 201 and again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true" and "idempotent-replayed" not in first.headers
    versions = client.api("GET", "/policy/pay.day", as_=name).json()["versions"]
    assert sum(one["document"] == "1号" for one in versions) == 1


def test_another_wish_under_the_same_key_is_a_clash(client):
    name = client.county.account("proposer")
    headers = {"idempotency-key": "k1"}
    wish = {"value": 15, "document": "1号"}
    client.api("POST", "/policy/pay.day", as_=name, json=wish, headers=headers)
    other = client.api("POST", "/policy/pay.day", as_=name, json={**wish, "value": 16}, headers=headers)
    elsewhere = client.api("POST", "/policy/jobs.tries", as_=name, json=wish, headers=headers)
    assert [other.status_code, elsewhere.status_code] == [409, 409]


def test_a_repeated_request_registers_one_person_and_tells_no_secret(client):
    clerk, security = client.county.account("clerk"), client.county.account("security_admin")
    person = {"name": "刘洋", "sex": "女", "birth_date": "1949-01-01", "hukou_area": "430223103201"}
    for path, who, wish in (("/people", clerk, person), ("/accounts", security, {"name": "王芳", "roles": ["clerk"]})):
        asked = {"as_": who, "json": wish, "headers": {"idempotency-key": path}}
        first, again = (client.api("POST", path, **asked) for _time in range(2))
        assert first.status_code == again.status_code == 201, again.text
        assert {name: first.json()[name] for name in again.json()} == again.json()
        assert not {"code", "token"} & set(again.json())


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("system_admin", "/me"),
        ("system_admin", "/areas/430223103"),
        ("system_admin", "/policy"),
        ("system_admin", "/policy/pay.day"),
        ("system_admin", "/settings"),
        ("system_admin", "/plugins"),
        ("system_admin", "/jobs"),
        ("system_admin", "/audit/verify"),
        ("security_admin", "/accounts"),
        ("security_admin", "/accounts/security_admin-430223"),
        ("security_admin", "/roles"),
        ("auditor", "/audit"),
        ("auditor", "/audit/1"),
        ("auditor", "/reports"),
    ],
)
def test_every_resource_answers_with_an_object(client, role, path):
    answer = client.api("GET", path, as_=client.county.account(role))
    assert answer.status_code == 200 and isinstance(answer.json(), dict)


def test_an_unknown_address_of_the_api_is_an_object_too(client):
    answer = client.api("GET", "/nothing", as_=client.county.account("system_admin"))
    assert answer.status_code == 404 and answer.json()["error"]["code"] == "E_NOT_FOUND"
