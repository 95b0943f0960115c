"""Vendors' plugins that cannot run: the county goes on, and says why at install, on the shell and on the page."""

import json
import sys
import zipfile
from contextlib import ExitStack

import pytest

from core import loading
from core.errors import Refused
from core.installing import check_wheel, read_wheel
from core.models.plugins import AdmittedPlugin
from core.packing import digest_of
from core.scaffold import NewPlugin, write_distribution
from core.testing import TOWN, enabled
from core.trial import installed_from

pytestmark = pytest.mark.one_database

SWITCHBOARD = '''"""A vendor's switchboard."""
{first}
from core.api import Plugin

PLUGIN = Plugin(name="{name}", title="{name}", api={api})
'''


@pytest.fixture
def vendor(tmp_path):
    """Lay a vendor's plugin beside the others: ``vendor(name, package, first=..., api=...)``; gone with the test."""
    with ExitStack() as stack:

        def lay(name, package="", first="", api=(1, 0)):
            package = package or f"huimin_{name}"
            folder = tmp_path / package / package
            folder.mkdir(parents=True)
            (folder / "__init__.py").write_text('"""A vendor."""\n')
            (folder / "plugin.py").write_text(SWITCHBOARD.format(name=name, first=first, api=api))
            stack.enter_context(installed_from(folder.parent, {name: package}))
            stack.callback(_forget, package)
            return folder.parent

        yield lay


def _forget(package):
    for name in [one for one in sys.modules if loading.inside(package, one)]:
        del sys.modules[name]


@pytest.fixture
def kept(county, run):
    """Keep a plugin as admitted and switched on, as another machine did whose county this is now."""

    def keep(name):
        with county.begin() as work:
            digest = loading.digest(loading.find(name))
            row = AdmittedPlugin(name=name, version="0.1.0", bundled=False, digest=digest, admitted_at=work.now)
            work.session.add(row)
            work.record("plugin.admitted", f"plugin:{name}")
        file = county.home / "config" / "counties" / "430223.toml"
        file.write_text(file.read_text().replace("plugins = []", f'plugins = ["{name}"]'))
        county.close()

    return keep


def goes_on_and_says(county, run, client, name, reason):
    """The county runs without the plugin; list, status and page name it and say why."""
    listed = {one["name"]: one for one in run("plugin", "list", "--json").data}
    assert listed[name]["state"] == "quarantined" and reason in listed[name]["reason"]
    status = run("status", "--json")
    assert status.exit_code == 0 and status.data["plugins"][name] == "quarantined" and reason in status.talk
    assert run("area", "list", "--json").exit_code == 0
    client.sign_in("system_admin")
    page = client.get("/plugins")
    assert page.status_code == 200 and reason in page.text
    client.sign_in("clerk", TOWN)
    assert client.get("/").status_code == 200


def test_a_plugin_for_another_api_does_not_run(county, run, client, vendor, kept):
    vendor("next_year", api=(2, 0))
    kept("next_year")
    goes_on_and_says(county, run, client, "next_year", "为接口 2.0 编写，这里是 1.0")
    assert "为接口 2.0 编写" in run("plugin", "admit", "next_year").talk


def test_a_plugin_that_raises_at_import_does_not_run(county, run, client, vendor, kept):
    vendor("hot_head", first='raise RuntimeError("no licence on this machine")')
    kept("hot_head")
    goes_on_and_says(county, run, client, "hot_head", "no licence on this machine")


def test_a_plugin_whose_dependency_is_missing_does_not_run_and_the_package_is_named(county, run, client, vendor, kept):
    vendor("leaner", first="import a_library_nobody_installed.inner")
    kept("leaner")
    goes_on_and_says(county, run, client, "leaner", "缺少 Python 包 a_library_nobody_installed")


def test_two_plugins_of_one_name_do_not_run_and_both_distributions_are_named(county, run, client, vendor, kept):
    vendor("twins", "huimin_twins_left")
    kept("twins")
    vendor("twins", "huimin_twins_right")
    goes_on_and_says(county, run, client, "twins", "trial-huimin-twins-left、trial-huimin-twins-right 都叫 twins")
    assert run("plugin", "admit", "twins", "--json").error["objections"][0]["code"] == "E_PLUGIN_CLASH"


def test_a_vendor_cannot_take_the_name_of_a_bundled_plugin(county, run, client, vendor):
    vendor("canteen", "huimin_false_canteen")
    assert loading.find("canteen").bundled
    listed = {one["name"]: one for one in run("plugin", "list", "--json").data}
    assert "也叫 canteen，没有使用" in listed["canteen"]["reason"]
    assert run("plugin", "admit", "canteen").exit_code == 0


def wheel(folder, name="swift", *, entry="", needs=(), api="(1, 0)", tops=(), manifest=None):
    """A wheel as a vendor might have built it."""
    package = f"huimin_{name}"
    file = folder / f"{package}-0.1.0-py3-none-any.whl"
    about = f"{package}-0.1.0.dist-info"
    head = f"Metadata-Version: 2.1\nName: huimin-{name}\nVersion: 0.1.0\n"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"{package}/__init__.py", '"""A vendor."""\n')
        archive.writestr(f"{package}/plugin.py", SWITCHBOARD.format(name=name, first="", api=api))
        for top in tops:
            archive.writestr(f"{top}/__init__.py", "")
        archive.writestr(f"{about}/METADATA", head + "".join(f"Requires-Dist: {need}\n" for need in needs))
        archive.writestr(f"{about}/entry_points.txt", f"[huimin.plugins]\n{entry or name} = {package}\n")
    if manifest is not None:
        file.with_name(file.stem + ".plugin.json").write_text(json.dumps({"sha256": manifest or digest_of(file)}))
    return file


@pytest.mark.parametrize(
    ("made", "code"),
    [
        ({"api": "(2, 0)"}, "E_PLUGIN_API"),
        ({"entry": "canteen"}, "E_PLUGIN_CLASH"),
        ({"entry": "every_hook"}, "E_PLUGIN_CLASH"),
        ({"entry": "core"}, "E_PLUGIN_NAME"),
        ({"needs": ["a-library-nobody-installed>=1"]}, "E_DEPENDENCY"),
        ({"needs": ["huimin>=99"]}, "E_DEPENDENCY"),
        ({"tops": ["core"]}, "E_PACKAGE_CLASH"),
        ({"tops": ["click"]}, "E_PACKAGE_CLASH"),
        ({"manifest": "0" * 64}, "E_WHEEL_HASH"),
    ],
)
def test_what_cannot_run_is_refused_before_anything_is_installed(tmp_path, run, made, code):
    ran = run("plugin", "install", wheel(tmp_path, **made), "--offline", "--json")
    assert ran.exit_code == 3 and code in {one["code"] for one in ran.error["objections"]}
    assert loading.find("swift") is None


def test_everything_that_stands_against_a_wheel_is_said_at_once(tmp_path):
    bad = wheel(tmp_path, api="(2, 0)", needs=["a-library-nobody-installed"], tops=["plugins"])
    with pytest.raises(Refused) as refusal:
        check_wheel(read_wheel(bad))
    assert {one.code for one in refusal.value.objections} == {"E_PLUGIN_API", "E_DEPENDENCY", "E_PACKAGE_CLASH"}


def test_what_is_no_wheel_is_said_so(tmp_path, run):
    text = tmp_path / "a.whl"
    text.write_text("no wheel")
    assert run("plugin", "install", text, "--json").error["code"] == "E_WHEEL"
    assert run("plugin", "install", tmp_path / "gone.whl").exit_code == 5


def test_a_dry_run_says_the_command_and_installs_nothing(tmp_path, run):
    ran = run(
        "plugin", "install", wheel(tmp_path, needs=["huimin>=0.1"], manifest=""), "--offline", "--dry-run", "--json"
    )
    assert ran.exit_code == 0 and ran.data["manifest"] and not ran.data["installed"]
    assert loading.find("swift") is None


def test_what_does_not_keep_the_contract_is_not_packed(tmp_path, run):
    folder = write_distribution(NewPlugin(name="late_bus", kind="service"), tmp_path)
    page = folder / "huimin_late_bus" / "templates" / "list.html"
    page.write_text(page.read_text() + '<p style="color:red">坏</p>\n')
    ran = run("plugin", "pack", folder, "--json")
    assert ran.exit_code == 3 and {one["code"] for one in ran.error["objections"]} == {"P301"}
    assert not (folder / "dist").exists()


def test_new_dev_test_and_pack_say_their_plan_in_a_dry_run(tmp_path, run):
    planned = run("plugin", "new", "quiet_bus", "--no-input", "--into", tmp_path, "--dry-run", "--json")
    assert planned.exit_code == 0 and not list(tmp_path.glob("huimin-*"))
    folder = write_distribution(NewPlugin(name="quiet_bus"), tmp_path)
    before = sorted(tmp_path.rglob("*"))
    for words in (["dev"], ["test"], ["pack"]):
        assert run("plugin", *words, folder, "--dry-run").exit_code == 0
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["canteen", "core", "Bus", "1bus", "no name"])
def test_a_name_that_cannot_be_used_writes_nothing(tmp_path, run, name):
    ran = run("plugin", "new", name, "--no-input", "--into", tmp_path, "--json")
    assert (ran.exit_code, ran.error["code"]) == (3, "E_PLUGIN_NAME") and not list(tmp_path.glob("huimin-*"))


def test_without_a_name_and_a_terminal_the_use_is_wrong(run):
    assert run("plugin", "new", "--no-input").exit_code == 2


def test_a_folder_without_a_plugin_says_so(tmp_path, run):
    for words in (["test"], ["pack"], ["dev"]):
        assert run("plugin", *words, tmp_path).exit_code == 5


LISTENER = """
from core.api import Objection, hookimpl


@hookimpl(optionalhook=True)
def check_urban_grid_closing(work, case_id, category):
    return [Objection(reason="permit open", code="E_PERMIT")] if category == "building" else []


@hookimpl(optionalhook=True)
def urban_grid_case_closed(work, case_id, category, area):
    work.record("permits.heard", f"urban_grid_case:{case_id}", area=area)
"""


def test_a_vendor_listens_to_the_hooks_of_another_vendor_and_may_object(county, run, vendor):
    enabled(county, "urban_grid")
    vendor("permits", first=LISTENER)
    assert run("plugin", "admit", "permits").exit_code == 0
    assert run("plugin", "enable", "permits").exit_code == 0
    clerk, inspector = county.account("clerk"), county.account("urban_grid_inspector", TOWN)
    run("urban-grid", "grid", "add", "G", "--name", "G", "--area", TOWN, "--duty", "市容", as_=clerk)
    run("urban-grid", "grid", "appoint", "G", "--inspector", inspector, "--since", "2026-11-01", as_=clerk)
    day, ends = "2026-11-20", []
    for number, category in enumerate(("building", "litter"), start=1):
        found = ("--grid", "G", "--place", "街口", "--text", "违建", "--found-on", day, "--category", category)
        run("urban-grid", "report", *found, as_=inspector)
        run("urban-grid", "send", number, "--office", "城管局", "--on", day, as_=clerk)
        run("urban-grid", "handle", number, "--on", day, "--note", "已办", as_=clerk)
        run("urban-grid", "check", number, "--on", day, "--note", "看过", as_=inspector)
        ends.append(run("urban-grid", "close", number, "--on", day, "--note", "归档", "--json", as_=clerk))
    assert [one.exit_code for one in ends] == [3, 0], ends
    assert [(one["plugin"], one["code"]) for one in ends[0].error["objections"]] == [("permits", "E_PERMIT")]
    assert run("audit", "list", "--json").output.count('"action": "permits.heard"') == 1
