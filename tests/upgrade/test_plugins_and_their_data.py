"""RS69: a plugin that is gone, off, older or newer than its data: the core starts, says why, and the data can leave."""

import json
import sys
import zipfile

import pytest
from sqlalchemy import insert, text

from core import loading, migrating
from core.founding import plugin_lines
from core.models.plugins import AdmittedPlugin
from core.trial import installed_from
from tests.upgrade.contents import NOW, rows_of

PACKAGE = "huimin_ledger_of_dogs"
SWITCHBOARD = """from core.api import Plugin

PLUGIN = Plugin(name="ledger_of_dogs", title="犬只登记", version="1.0.0", api=(1, 0))
"""
REVISION = """import sqlalchemy as sa
from alembic import op

from core.api import Key

revision = "ledger_of_dogs_{number:04d}"
down_revision = {before}
branch_labels = depends_on = None


def upgrade():
    {act}


def downgrade():
    op.drop_table("ledger_of_dogs_dog")
"""
TABLE = '"ledger_of_dogs_dog"'
FIRST = f'op.create_table({TABLE}, sa.Column("id", Key, primary_key=True), sa.Column("name", sa.String(20)))'
SECOND = f'op.add_column({TABLE}, sa.Column("breed", sa.String(20)))'


@pytest.fixture
def vendor(tmp_path):
    """A vendor's plugin with a table, on this machine while the answer is entered; ``newer`` brings a revision more."""

    def make(newer=False):
        root = tmp_path / ("newer" if newer else "older")
        folder = root / PACKAGE
        (folder / "migrations").mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").write_text("")
        (folder / "plugin.py").write_text(SWITCHBOARD)
        steps = [(1, None, FIRST), *([(2, '"ledger_of_dogs_0001"', SECOND)] if newer else [])]
        for number, before, act in steps:
            file = folder / "migrations" / f"ledger_of_dogs_{number:04d}.py"
            file.write_text(REVISION.format(number=number, before=before, act=act))
        return installed_from(root, {"ledger_of_dogs": PACKAGE})

    return make


@pytest.fixture
def holding(county, run, vendor):
    """A county of today's schema with a dog in the vendor's table, written while the plugin was there."""
    assert run("upgrade", "run").exit_code == 0

    def hold(newer=False):
        with vendor(newer):
            migrating.upgrade(county.host.database, plugin_lines(["ledger_of_dogs"]))
            admitted = {"name": "ledger_of_dogs", "version": "1.0.0", "bundled": False, "admitted_at": NOW}
            digest = loading.digest(loading.find("ledger_of_dogs"))
            with county.host.database.transaction(write=True) as connection:
                connection.execute(insert(AdmittedPlugin).values(**admitted, digest=digest))
            assert run("plugin", "enable", "ledger_of_dogs").exit_code == 0
            with county.host.database.transaction(write=True) as connection:
                connection.execute(text("INSERT INTO ledger_of_dogs_dog (id, name) VALUES (1, '旺财')"))
        for name in [one for one in sys.modules if one.partition(".")[0] == PACKAGE]:
            del sys.modules[name]
        return county

    return hold


def exported(run, file):
    """The rows of the plugin's table as they leave."""
    ran = run("plugin", "export", "ledger_of_dogs", "-o", file, "--reason", "县审计要求", "--json")
    assert ran.exit_code == 0, ran.talk
    with zipfile.ZipFile(file) as archive:
        assert json.loads(archive.read("manifest.json"))["tables"]["ledger_of_dogs_dog"]["rows"] == 1
        return archive.read("ledger_of_dogs_dog.csv").decode("utf-8-sig")


def whole(run):
    """Whether the core runs, money is explained and nothing was changed."""
    assert run("status", "--json").exit_code == 0
    assert run("funds", "verify", "--json").data["ok"]
    assert run("audit", "verify", "--json").data["ok"]


def said(run):
    """What ``doctor`` finds about versions and plugins."""
    found = run("doctor", "--json").data["findings"]
    return " ".join(one["message"] for one in found if one["check"] in ("core.migrations", "core.plugins"))


@pytest.mark.proof("RS69")
def test_the_data_of_a_plugin_that_is_gone_stay_and_can_leave(holding, run, tmp_path, proof):
    county = holding()
    states = {one["name"]: one for one in run("plugin", "list", "--json").data}
    assert (states["ledger_of_dogs"]["state"], states["ledger_of_dogs"]["reason"]) == ("missing", "没有安装")
    assert "ledger_of_dogs（没有安装）" in said(run)
    whole(run)
    assert run("upgrade", "run", "--json").data == {}
    assert "旺财" in exported(run, tmp_path / "dogs.zip")
    assert run("plugin", "disable", "ledger_of_dogs").exit_code == 0
    assert "旺财" in exported(run, tmp_path / "again.zip")
    for core_room in ("funds", "identity", "audit", "nobody_knows"):
        ran = run("plugin", "export", core_room, "-o", tmp_path / "room.zip", "--reason", "试", "--json")
        assert ran.exit_code == 5
    assert rows_of(county)["ledger_of_dogs_dog"] == ["(1, '旺财')"]
    proof.counted(1)


@pytest.mark.proof("RS69")
def test_a_plugin_newer_than_its_data_is_named_and_its_data_can_leave(holding, vendor, run, tmp_path, proof):
    holding()
    with vendor(newer=True):
        assert "ledger_of_dogs" in said(run)
        whole(run)
        assert "旺财" in exported(run, tmp_path / "dogs.zip")
        assert run("upgrade", "plan", "--json").data == {"ledger_of_dogs": ["ledger_of_dogs_0002"]}
        assert run("upgrade", "run", "--json").exit_code == 0
        assert "breed" in exported(run, tmp_path / "after.zip")
    proof.counted(1)


@pytest.mark.proof("RS69")
def test_a_plugin_older_than_its_data_is_named_and_no_upgrade_runs_over_them(holding, vendor, run, tmp_path, proof):
    county = holding(newer=True)
    before = rows_of(county)
    with vendor():
        assert "ledger_of_dogs_0002" in said(run)
        whole(run)
        for words in (["plan"], ["run"], ["run", "--dry-run"]):
            ran = run("upgrade", *words, "--json")
            assert (ran.exit_code, ran.error["code"]) == (3, "E_SCHEMA_NEWER")
            assert "rollback" in ran.error["message"]
        assert "breed" in exported(run, tmp_path / "dogs.zip")
    assert rows_of(county)["ledger_of_dogs_dog"] == before["ledger_of_dogs_dog"]
    proof.counted(1)


@pytest.mark.proof("RS69")
def test_a_core_older_than_its_data_starts_says_so_and_refuses_to_upgrade(county, run, tmp_path, proof):
    assert run("upgrade", "run").exit_code == 0
    with county.host.database.transaction(write=True) as connection:
        connection.execute(text("UPDATE alembic_core SET version_num = 'core_0999'"))
    assert "core_0999" in said(run)
    whole(run)
    assert run("upgrade", "run", "--json").exit_code == 3
    assert run("plugin", "export", "volunteers", "-o", tmp_path / "v.zip", "--reason", "县审计要求").exit_code == 0
    proof.counted(1)


@pytest.mark.proof("RS69")
def test_money_that_a_switched_off_plugin_paid_stays_explained(county, run, tmp_path, proof):
    assert run("upgrade", "run").exit_code == 0
    before = rows_of(county)
    assert run("plugin", "disable", "orphan_care").exit_code == 0
    batches = run("funds", "batch", "list", "--scheme", "orphan_care", "--json").data
    assert [one["state"] for one in batches] == ["settled", "settled"]
    assert run("funds", "batch", "show", batches[0]["batch"], "--json").exit_code == 0
    whole(run)
    assert run("plugin", "export", "orphan_care", "-o", tmp_path / "o.zip", "--reason", "县审计要求").exit_code == 0
    after = rows_of(county)
    assert {name: rows for name, rows in after.items() if name.startswith(("funds_", "orphan_care_", "benefits_"))} == {
        name: rows for name, rows in before.items() if name.startswith(("funds_", "orphan_care_", "benefits_"))
    }
    proof.counted(len(before["funds_payment"]))
