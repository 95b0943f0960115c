"""The public application as the core builds it: whose routes it opens, and whose it refuses."""

import huimin_misbehaving
import pytest
from litestar import Router, get, post
from litestar.testing import TestClient

from core.host import Host
from core.settings import load
from core.testing import enabled
from core.web import EVERYONE
from core.web.app import misfit
from core.web.dispatcher import Dispatcher, Door
from core.web.public import create_public_app, refused_methods


@pytest.fixture
def visitor(county):
    """Open the public application of the county for a visitor."""
    opened = []

    def visit():
        county.close()
        file = county.home / "config" / "counties" / "430223.toml"
        file.write_text(file.read_text().replace("[county]", '[county]\npublic_url = "https://gongshi.example.cn"', 1))
        door = Door(lambda: Host(load(county.home, county.code), clock=county.clock), build=create_public_app)
        opened.append(Dispatcher([door]))
        return TestClient(opened[-1], base_url="http://127.0.0.1"), door

    yield visit
    for dispatcher in opened:
        dispatcher.close()


def test_a_plugin_shows_public_pages_under_its_own_name(county, visitor):
    enabled(county, "every_hook")
    client, _door = visitor()
    with client:
        assert client.get("/every-hook").json()["facts"] >= 0
        assert client.get("/", follow_redirects=False).headers["location"] == "/every-hook"
        assert client.get("/households").status_code == 404
        assert "set-cookie" not in client.get("/every-hook").headers


def test_the_bare_address_lists_the_pages_of_several_plugins(county, visitor):
    for plugin in ("every_hook", "notices"):
        enabled(county, plugin)
    client, _door = visitor()
    with client:
        front = client.get("/").text
        assert 'href="/every-hook"' in front
        assert '<a href="/notices">公示</a>' in front


def test_a_plugin_whose_public_routes_break_is_taken_out_and_the_rest_lives(county, visitor):
    enabled(county, "every_hook")
    enabled(county, "misbehaving")
    huimin_misbehaving.WRONG_IN.add("register_public_routes")
    try:
        client, door = visitor()
        with client:
            assert client.get("/every-hook").status_code == 200
        assert "register_public_routes" in door.mounted.host.quarantined["misbehaving"]
    finally:
        huimin_misbehaving.WRONG_IN.clear()


@get("/", sync_to_thread=False, guards=[EVERYONE])
def look() -> str:
    """Look."""
    return "seen"


@post("/", sync_to_thread=False, guards=[EVERYONE])
def write() -> str:
    """Write."""
    return "written"


def test_public_routes_that_write_or_stand_elsewhere_are_not_opened():
    assert "只能查看" in (refused_methods(Router("/bus", route_handlers=[write])) or "")
    assert refused_methods(Router("/bus", route_handlers=[look])) is None
    assert misfit("bus", Router("/households", route_handlers=[look]))
