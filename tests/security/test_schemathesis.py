"""The whole JSON API against its own description: whatever is asked, nobody finds a fault or what was not described."""

import json
from dataclasses import replace
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.security.town import NOBODY, PARAMETER, Reader, Route, Town

pytestmark = pytest.mark.one_database

REFUSED = (400, 422)
READERS = {"clerk": "county", "township_officer": "here", "proposer": "county", "system_admin": "county"}
"""The four who ask: broad rights, rights in one town, money, and administration."""


def schema_of(town: Town) -> Any:
    """The description as it is served, but for tokens: the library cannot know which are good."""
    said = json.loads(town.ask("GET", "/api/v1/openapi.json").text)
    assert said.pop("security") == [{"token": []}]
    return schemathesis.openapi.from_dict(said)


def asked(town: Town, case: Any, reader: Reader) -> Response:
    """What the application answers to a case of this reader."""
    given = case.as_transport_kwargs(base_url="http://127.0.0.1", headers={"authorization": f"Bearer {reader.token}"})
    given.pop("timeout", None)
    sent = requests.Request(**given).prepare()
    body = sent.body if isinstance(sent.body, bytes) else (sent.body or "").encode()
    headers = {name.lower(): value for name, value in sent.headers.items() if name.lower() != "content-length"}
    headers = {k: v.decode("latin-1") if isinstance(v, bytes) else v for k, v in headers.items()}
    said = town.ask(sent.method, sent.path_url, reader, body, headers)
    return Response(said.status, {k: [v] for k, v in said.headers.items()}, said.content, sent, 0.1, verify=False)


def findings(town: Town, operation: Any, strategy: Any, reader: Reader, effort: tuple[int, int]) -> tuple[int, str]:
    """How many cases of an operation were asked, and what was found."""
    examples, dice = effort
    count = 0

    @seed(dice)
    @settings(max_examples=examples, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=strategy)
    def ask(case: Any) -> None:
        nonlocal count
        count += 1
        said = asked(town, case, reader)
        # A wish or a rule may refuse what the description does not rule out: a day before the household was opened.
        case.validate_response(said, excluded_checks=[positive_data_acceptance] if said.status_code in REFUSED else [])

    try:
        ask()
    except Unsatisfiable:  # nothing of this operation can be wrong: it takes no parameters
        return count, ""
    except (Exception, FailureGroup) as error:  # noqa: BLE001 - every finding of every operation is told at the end
        return count, str(error)
    return count, ""


def route_of(town: Town, operation: Any) -> Route:
    """The route of an operation."""
    wanted = operation.method.upper(), operation.path
    return next(one for one in town.routes if (one.method, described(one)) == wanted)


def described(route: Route) -> str:
    """The path of a route as the description spells it."""
    return PARAMETER.sub(r"{\1}", route.path)


def strategies(town: Town, operation: Any) -> list[Any]:
    """Right cases, wrong ones, and right ones of things that there are."""
    found = [operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)]
    route = route_of(town, operation)
    if route.takes_ids:
        steps = zip(route.path.split("/"), town.address(route).split("/"), strict=True)
        known = {
            asked[1]: int(given) if asked[2] == "int" else given
            for part, given in steps
            if (asked := PARAMETER.fullmatch(part))
        }
        found.append(operation.as_strategy(path_parameters=known))
    return found


@pytest.mark.proof("RS75")
def test_no_operation_breaks_its_description_whoever_asks_whatever(town, proof):
    operations = [one.ok() for one in schema_of(town).get_all_operations()]
    assert {one.path for one in operations} == {
        described(one) for one in town.routes if one.is_api and "openapi" not in one.path
    }
    for operation in operations:
        for bad in (NOBODY, replace(town.of("clerk"), token="made-up")):
            route = route_of(town, operation)
            assert town.knock(route, town.address(route), bad).status == 401, operation.label
    some = operations if proof.long else proof.dice.sample(operations, 12)
    effort = proof.effort(2, 6)  # of each kind, for each of the four: fifty and more of an operation
    wrong, count = [], 0
    for operation in some:
        for role, place in READERS.items():
            for strategy in strategies(town, operation):
                asked_for, found = findings(town, operation, strategy, town.of(role, place), (effort, proof.seed))
                count += asked_for
                wrong += [f"{role} {operation.label}: {found}"] if found else []
        town.put_back()
    assert not wrong, f"{len(wrong)}\n" + "\n".join(wrong)
    proof.counted(count)
