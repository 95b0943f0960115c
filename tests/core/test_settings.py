"""Settings: errors at their place, all in one run, the same for check, serve and page; hand edits survive."""

import pytest

from core.settings import SettingsRefused, load
from core.settings_writer import edited
from core.toml_places import places_of

BAD = """# by hand
[county]
code = "430223"
name = "攸县"
plugns = []

[database]
url = "sqlite:///data/430223.db"

[web]
port = "eighty"   # which one?
hots = "127.0.0.1"

[secrity]
shell = "full"
"""


def _file(county):
    return county.home / "config" / "counties" / "430223.toml"


def test_every_error_is_named_with_line_column_and_nearest_name_in_one_run(county, run):
    _file(county).write_text(BAD)
    ran = run("config", "check", "--json")
    assert ran.exit_code == 3
    found = {(one["line"], one["column"], one["code"], one["hint"]) for one in ran.data["problems"]}
    assert found == {
        (5, 1, "E101", "plugins"),
        (11, 8, "E102", None),
        (12, 1, "E101", "host"),
        (14, 1, "E101", "security"),
    }


def test_check_and_start_agree_on_a_bad_file(county, run):
    _file(county).write_text(BAD)
    with pytest.raises(SettingsRefused) as refusal:
        load(county.home)
    checked = run("config", "check", "--json").data["problems"]
    started = run("area", "list", "--json")
    assert len(checked) == len(refusal.value.problems) == len(started.error["problems"]) == 4
    assert started.exit_code == 3


def test_a_caret_stands_under_the_wrong_value(county, run):
    _file(county).write_text(BAD)
    shown = run("config", "check").output
    assert '   11 │ port = "eighty"   # which one?\n      │        ^' in shown


def test_a_file_that_is_no_toml_is_named_with_its_line(county, run):
    _file(county).write_text('[county]\ncode = "430223"\nname = \n')
    problem = run("config", "check", "--json").data["problems"][0]
    assert (problem["line"], problem["code"]) == (3, "E100")


def test_a_file_in_another_encoding_is_refused_in_words(county, run):
    _file(county).write_bytes('[county]\nname = "攸县"\n'.encode("gb18030"))
    ran = run("config", "check")
    assert ran.exit_code == 3
    assert "UTF-8" in ran.output


def test_hand_edits_and_comments_survive_a_set(county, run):
    file = _file(county)
    file.write_text(file.read_text() + "\n# our own note\n[web]\nport = 8000   # behind the wall\n")
    assert run("config", "set", "web.port", "8080").exit_code == 0
    text = file.read_text()
    assert "# our own note" in text
    assert "port = 8080   # behind the wall" in text


def test_a_refused_set_changes_nothing(county, run):
    before = _file(county).read_text()
    assert run("config", "set", "web.port", "70000").exit_code == 3
    assert _file(county).read_text() == before


def test_diff_answers_one_when_something_differs_and_apply_twice_changes_once(county, run, tmp_path):
    wish = tmp_path / "wish.toml"
    wish.write_text(edited(county.host.settings, {"web.port": 9000}))
    assert run("config", "diff", wish).exit_code == 1
    assert run("config", "apply", wish, "--json").data["changed"] == [
        {"key": "web.port", "before": 8765, "after": 9000}
    ]
    assert run("config", "diff", wish).exit_code == 0
    assert run("config", "apply", wish, "--json").data["changed"] == []


def test_every_value_says_where_it_comes_from(county, run):
    shown = run("config", "show", "--origin", "--json", HUIMIN_DATABASE_URL="").data
    assert shown["county.name"]["origin"].startswith("config/counties/430223.toml:")
    assert shown["web.port"]["origin"].startswith("platform.toml:")
    assert shown["county.phone"]["origin"] == "default"


def test_a_password_in_the_database_address_is_never_shown(county, run):
    ran = run("config", "show", "database.url", HUIMIN_DATABASE_URL="postgresql://clerk:secret@localhost/x")
    assert "secret" not in ran.output


def test_a_changed_setting_is_recorded_with_before_and_after(county, run):
    run("config", "set", "web.port", "8080")
    record = run("audit", "list", "--json").data
    assert any(
        row["action"] == "settings.changed" for row in (record["records"] if isinstance(record, dict) else record)
    )


@pytest.mark.one_database
def test_places_know_tables_strings_and_values_over_several_lines():
    places = places_of('a = """\nx = 1\n"""\nb = [\n 1,\n]\n[t."q r"]\nc = 1 # [no]\n')
    assert set(places) == {("a",), ("b",), ("t", "q r"), ("t", "q r", "c")}
    assert places[("t", "q r", "c")].line == 8


def test_a_file_is_put_back_when_the_act_does_not_come_to_its_end(county):
    from core.settings_writer import write

    file = _file(county)
    before = file.read_text()
    with pytest.raises(RuntimeError), county.begin() as work:
        write(work, edited(work.settings, {"web.port": 9000}))
        assert file.read_text() != before
        raise RuntimeError
    assert file.read_text() == before


def test_a_dry_run_of_a_setting_leaves_the_file_alone(county, run):
    before = _file(county).read_text()
    assert run("config", "set", "web.port", "9000", "--dry-run", "--json").data["changed"]
    assert _file(county).read_text() == before
