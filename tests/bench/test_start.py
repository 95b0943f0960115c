"""J6: what a command costs to start, against an empty Python of the same round, with our plugins and 50 more on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benching import at_most, cost

pytestmark = [pytest.mark.bench, pytest.mark.one_database]

ROUNDS = 7
PLUGINS = 50
ROOT = Path(__file__).parents[2]

SWITCHBOARD = '''"""One of many."""

from core.api import Command, Permission, Plugin, hookimpl

PLUGIN = Plugin(
    name="{name}",
    title="{name}",
    api=(1, 0),
    commands=[Command(name="{hyphened}", target="{package}.cli:group", help="x")],
)


@hookimpl
def register_permissions():
    return [Permission(name="{name}.show", title="x", roles=("clerk",))]
'''


@pytest.fixture
def many(tmp_path):
    """A folder that stands for site-packages with fifty small plugins."""
    names = [f"many_{number:02d}" for number in range(PLUGINS)]
    for name in names:
        package = tmp_path / "site" / f"huimin_{name}"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text('"""One of many."""\n')
        words = {"name": name, "hyphened": name.replace("_", "-"), "package": f"huimin_{name}"}
        (package / "plugin.py").write_text(SWITCHBOARD.format(**words))
        about = tmp_path / "site" / f"huimin_{name}-1.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: huimin-{name}\nVersion: 1\n")
        (about / "entry_points.txt").write_text(f"[huimin.plugins]\n{name} = huimin_{name}\n")
    return tmp_path / "site", names


def _seconds(words, environment):
    """Processor time of one run."""

    def run():
        subprocess.run(words, env=environment, check=True, capture_output=True)

    return cost(run)


def test_help_and_show_start_quickly_with_our_plugins_and_fifty_more(county, run, many, bench):
    from core.demo.people import invent, write_roster
    from core.loading import bundled

    site, names = many
    roster = county.home / "roster.xlsx"
    write_roster(roster, invent(30, ["430223103201"]))
    assert run("household", "import", roster, "--json").exit_code == 0
    number = run("household", "list", "--json").data
    first = (number["households"] if isinstance(number, dict) else number)[0]["number"]
    county.close()
    plain = {**os.environ, "HUIMIN_HOME": str(county.home)}
    plain.pop("PYTHONDONTWRITEBYTECODE", None)
    loaded = {**plain, "PYTHONPATH": str(site)}
    program = [sys.executable, str(ROOT / "cli.py")]
    _switch_on_quietly(county, names, [*bundled(), *names])
    commands = {
        "empty": ([sys.executable, "-c", "pass"], plain),
        "help": ([*program, "--help"], loaded),
        "show": ([*program, "household", "show", first, "--json"], loaded),
        "bare": ([*program, "--no-plugins", "household", "show", first, "--json"], plain),
    }
    for words, environment in commands.values():
        _seconds(words, environment)  # bytecode and the manifest are written by the first run
    rounds = [{name: _seconds(*command) for name, command in commands.items()} for _round in range(ROUNDS)]

    def pairs(one, other):
        return [(each[one], each[other]) for each in rounds]

    bench.ratio("J6 --help beside an empty Python", pairs("help", "empty"), at_most(5.5))
    bench.ratio("J6 household show beside an empty Python", pairs("show", "empty"), at_most(45.0))
    bench.ratio(f"J6 household show, ours and {PLUGINS} plugins beside none", pairs("show", "bare"), at_most(1.1))


def _switch_on_quietly(county, admitting, enabling):
    """Admit and enable without the kit: fifty trials would take a minute and prove nothing here."""
    from sqlalchemy import insert

    from core.models.plugins import AdmittedPlugin
    from core.settings_writer import edited, replace_file

    values = {"version": "0.1.0", "bundled": True, "digest": "", "admitted_at": county.clock.now()}
    with county.host.database.transaction(write=True) as connection:
        connection.execute(insert(AdmittedPlugin), [{"name": name, **values} for name in admitting])
    file = county.host.settings.file
    replace_file(file, edited(county.host.settings, {"county.plugins": enabling}))
    county.close()
