"""Founding a county, its calendar, background work, accounts on the shell, backups."""

import stat
from datetime import date, timedelta

import pytest

from core.backups import check, kept
from core.calendar import calendar_of
from core.errors import Refused
from core.jobs import drain, queue
from core.restoring import restore
from core.testing import AREAS, TOWN


def test_the_real_areas_give_one_county_19_towns_and_299_villages(run, tmp_path):
    made = run("--home", tmp_path / "new", "init", "430223", "--name", "攸县", "--areas", AREAS, "--json")
    assert made.exit_code == 0, made.talk
    assert made.data["areas"] == {"county": 1, "town": 19, "village": 299}


def test_a_second_init_is_refused_and_changes_nothing(county, run):
    before = (county.home / "config" / "counties" / "430223.toml").read_text()
    ran = run("init", "430223", "--name", "攸县", "--areas", AREAS)
    assert ran.exit_code == 6
    assert (county.home / "config" / "counties" / "430223.toml").read_text() == before


@pytest.mark.one_database
def test_home_and_keys_are_closed_to_others(run, tmp_path):
    home = tmp_path / "new"
    run("--home", home, "init", "430223", "--name", "攸县", "--areas", AREAS)
    for path in (home, home / "keys"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "data" / "430223.db").stat().st_mode) == 0o600


def test_keys_can_live_elsewhere(run, tmp_path):
    keys = tmp_path / "usb"
    made = run("--home", tmp_path / "new", "init", "430223", "--name", "攸县", "--areas", AREAS, HUIMIN_KEYS=str(keys))
    assert made.exit_code == 0
    assert (keys / "430223.key").is_file()
    assert not (tmp_path / "new" / "keys").exists()


def test_an_unknown_plugin_at_init_names_the_nearest_and_makes_nothing(run, tmp_path):
    home = tmp_path / "new"
    ran = run("--home", home, "init", "430223", "--name", "x", "--areas", AREAS, "--plugins", "evry_hook", "--json")
    assert ran.exit_code == 3
    assert ran.error["objections"][0]["hint"] == "every_hook"
    assert not home.exists()


def test_a_new_account_gets_a_code_and_a_token_once(county, run):
    made = run("user", "add", "李文华", "--role", "clerk", "--area", TOWN, "--json").data
    assert set(made) == {"name", "roles", "area", "code", "token"}
    assert made["roles"] == ["clerk"]
    shown = run("user", "show", "李文华", "--json").output
    assert made["token"] not in shown
    assert made["code"] not in shown


@pytest.mark.parametrize("pair", [("approver", "disburser"), ("system_admin", "security_admin"), ("auditor", "clerk")])
def test_roles_that_may_not_meet_are_refused_by_service_and_database(county, run, pair):
    from sqlalchemy import insert
    from sqlalchemy.exc import IntegrityError

    from core.identity.models.accounts import Grant

    ran = run("user", "add", "two_hats", "--role", pair[0], "--role", pair[1], "--json")
    assert ran.exit_code == 3
    assert ran.error["code"] == "E_ROLE_PAIR"
    name = county.account(pair[0])
    with county.look() as work:
        from core.identity.accounts import find_account

        account = find_account(work, name).id
    with pytest.raises(IntegrityError), county.host.database.transaction(write=True) as connection:
        connection.execute(
            insert(Grant).values(account_id=account, role=pair[1], area="430223", valid_from=date(2026, 1, 1))
        )


def test_acting_as_somebody_is_limited_to_their_rights(county, run):
    clerk = county.account("clerk", TOWN)
    assert run("user", "list", as_=clerk).exit_code == 4
    assert run("area", "list", as_=clerk).exit_code == 0


def test_an_unknown_account_is_not_allowed(county, run):
    assert run("--as", "nobody", "area", "list").exit_code == 4


def test_a_deputy_needs_an_end(county, run):
    county.account("clerk", TOWN, name="one")
    county.account("clerk", TOWN, name="two")
    ran = run("user", "grant", "two", "--role", "clerk", "--deputy-for", "one", "--json")
    assert ran.error["code"] == "E_DEPUTY_END"


def test_narrowing_the_shell_leaves_administration_only(county, run):
    run("config", "set", "security.shell", "admin")
    with county.look() as work:
        assert not work.may("household.import")
        assert work.may("plugin.switch")


def test_national_holidays_and_the_countys_own_days_count(county, run):
    with county.look() as work:
        days = calendar_of(work)
        assert not days.works(date(2026, 10, 1))
        assert days.add(date(2026, 11, 20), 3) == date(2026, 11, 25)
        assert days.between(date(2026, 11, 20), date(2026, 11, 25)) == 3
    run("calendar", "set", "2026-11-23", "rest", "--document", "攸政办〔2026〕3号")
    with county.look() as work:
        assert calendar_of(work).add(date(2026, 11, 20), 3) == date(2026, 11, 26)


def test_a_year_nobody_knows_is_refused_until_a_file_brings_it(county, run):
    with county.look() as work, pytest.raises(Refused, match="2031"):
        calendar_of(work).works(date(2031, 3, 3))
    folder = county.home / "config" / "calendar"
    folder.mkdir(parents=True)
    (folder / "2031.toml").write_text('document = "x"\nrest = ["2031-03-03"]\nwork = ["2031-03-08"]\n')
    with county.look() as work:
        assert not calendar_of(work).works(date(2031, 3, 3))
        assert calendar_of(work).works(date(2031, 3, 8))
        assert calendar_of(work).works(date(2031, 3, 4))


def test_regular_jobs_run_once_a_day_or_month_whoever_asks(county):
    drain(county.host)
    drain(county.host)
    with county.look() as work:
        names = [row["name"] for row in queue(work)]
    assert len(names) == len(set(names)) > 0
    monthly = [name for name in names if county.host.jobs[name].every == "monthly"]
    county.clock.set(county.clock.now() + timedelta(days=1))
    drain(county.host)
    with county.look() as work:
        assert len(queue(work)) == 2 * len(names) - len(monthly)


def test_a_backup_is_checked_and_a_flipped_byte_is_found(county, run):
    assert run("backup", "--json").exit_code == 0
    made = kept(county.host)[0].file
    assert check(county.host, made).ok
    spoiled = made.with_name("430223-20260101T000000000000Z.huimin-backup")
    data = bytearray(made.read_bytes())
    data[len(data) // 2] ^= 1
    spoiled.write_bytes(bytes(data))
    assert not check(county.host, spoiled).ok
    assert run("restore", spoiled, "--check").exit_code == 1


def test_the_keys_are_not_in_a_backup(county, run):
    run("backup")
    key = next((county.home / "keys").iterdir()).read_text()
    import json

    master = json.loads(key)["master"].encode()
    assert master not in county.host.keys.unseal_file(kept(county.host)[0].file.read_bytes())


def test_a_restore_brings_the_old_state_back_and_leaves_a_mark(county, run):
    run("backup")
    run("user", "add", "later", "--role", "clerk")
    restore(county.host, kept(county.host)[0].file)
    county.reload()
    assert [row["name"] for row in run("user", "list", "--json").data] == []
    assert county.host.state("restored") == (county.home / "data" / "430223.generation").read_text()
    assert run("audit", "verify", "--json").data["ok"]


def test_a_dry_run_writes_nothing(county, run):
    before = run("audit", "verify", "--json").data["records"]
    assert run("user", "add", "ghost", "--role", "clerk", "--dry-run", "--json").exit_code == 0
    assert run("user", "list", "--json").data == []
    assert run("audit", "verify", "--json").data["records"] == before


def test_global_options_may_stand_before_or_after_the_verb(county, run):
    assert run("--json", "area", "list").data == run("area", "list", "--json").data


def test_unknown_commands_and_options_are_wrong_use_with_a_suggestion(county, run):
    ran = run("plugn", "list")
    assert ran.exit_code == 2
    assert "plugin" in ran.talk
    assert run("area", "list", "--colour").exit_code == 2


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_scripts_name_the_program(run, shell):
    ran = run("completion", shell)
    assert ran.exit_code == 0
    assert "_HUIMIN_COMPLETE" in ran.output
