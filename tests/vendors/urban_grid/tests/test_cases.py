"""The way of a grid case: found, sent, handled, checked, closed, sent back; who may, by when."""

import pytest
import sqlalchemy

from core.testing import OTHER_TOWN, TOWN, plugin_contract

test_the_contract_is_kept = plugin_contract("urban_grid")


def test_a_case_goes_all_its_way_and_every_step_leaves_a_record(grids, run):
    number = grids.closed()
    found = grids.done("show", number, as_=grids.clerk)
    assert (found["state"], found["returns"], found["late"]) == ("closed", 0, False)
    assert [one["step"] for one in found["steps"]] == ["report", "send", "handle", "check", "close"]
    actions = run("audit", "list", "--json").output
    for act in ("report", "send", "handle", "check", "close", "laid_out", "appointed"):
        assert f'"urban_grid.{act}"' in actions


def test_the_deadline_is_working_days_by_category_and_the_case_keeps_them(grids, run):
    friday = grids.sent(category="safety")
    assert grids.done("show", friday, as_=grids.clerk)["due_on"] == "2026-11-24"
    document = ("--from", "2026-11-20", "--document", "攸城管〔2026〕7号")
    assert run("policy", "set", "urban_grid.days_safety", "1", *document).exit_code == 0
    later = grids.done("show", grids.sent(category="safety"), as_=grids.clerk)
    assert (later["due_on"], later["days"]) == ("2026-11-23", 1)
    assert grids.done("show", friday, as_=grids.clerk)["days"] == 2


def test_what_is_handled_after_its_day_is_late_and_stays_late(grids):
    number = grids.sent(category="street")
    grids.stands_on("2026-11-25")
    assert grids.done("show", number, as_=grids.clerk)["late"]
    grids.done("handle", number, "--on", "2026-11-25", "--note", "已清理", as_=grids.clerk)
    assert grids.done("show", number, as_=grids.clerk)["late"]


def test_sent_back_it_has_a_new_deadline_and_is_counted(grids):
    number = grids.handled(category="litter")
    grids.stands_on("2026-11-23")
    grids.done("return", number, "--on", "2026-11-23", "--note", "没有清干净", as_=grids.inspectors["TS-01"])
    found = grids.done("show", number, as_=grids.clerk)
    assert (found["state"], found["returns"], found["due_on"]) == ("sent", 1, "2026-11-24")


def test_who_handled_a_case_does_not_check_it(grids):
    number = grids.handled()
    ran = grids.tried("check", number, "--on", "2026-11-20", "--note", "好", as_=grids.clerk)
    assert (ran.exit_code, ran.error["code"]) == (3, "E_UG_SAME_HAND")


@pytest.mark.parametrize("act", ["handle", "check", "return", "close"])
def test_no_step_is_left_out(grids, act):
    number = grids.found()
    ran = grids.tried(act, number, "--on", "2026-11-20", "--note", "好", as_=grids.clerk)
    assert (ran.exit_code, ran.error["code"]) == (3, "E_UG_STATE")


def test_days_do_not_run_backwards_nor_ahead(grids):
    number = grids.sent()
    for day in ("2026-11-19", "2026-11-21"):
        ran = grids.tried("handle", number, "--on", day, "--note", "好", as_=grids.clerk)
        assert (ran.exit_code, ran.error["code"]) == (3, "E_UG_DAY")


def test_a_grid_has_its_own_inspector_and_one_at_a_time(grids, county):
    words = ("--category", "litter", "--place", "桥头", "--text", "垃圾", "--found-on", "2026-11-20")
    helper = county.account("urban_grid_inspector", TOWN, "wangwei")
    ran = grids.tried("report", "--grid", "TS-01", *words, as_=helper)
    assert (ran.exit_code, ran.error["code"]) == (3, "E_UG_OTHERS")
    assert grids.tried("report", "--grid", "WL-01", *words, as_=helper).exit_code == 5
    grids.done("grid", "appoint", "TS-01", "--inspector", helper, "--since", "2026-11-20", as_=grids.clerk)
    assert grids.tried("report", "--grid", "TS-01", *words, as_=helper).exit_code == 0
    assert grids.tried("report", "--grid", "TS-01", *words, as_=grids.inspectors["TS-01"]).exit_code == 3
    early = grids.tried("grid", "appoint", "TS-01", "--inspector", helper, "--since", "2026-11-20", as_=grids.clerk)
    assert early.error["code"] == "E_UG_DAY"
    assert [one["inspector"] for one in grids.done("grid", "list", as_=grids.clerk)] == ["wangwei", "chenjun"]


def test_another_town_sees_and_touches_nothing(grids, county):
    number = grids.sent()
    elsewhere = county.account("township_officer", OTHER_TOWN)
    assert grids.done("list", as_=elsewhere) == []
    assert grids.tried("show", number, as_=elsewhere).exit_code == 5
    ran = grids.tried("handle", number, "--on", "2026-11-20", "--note", "好", as_=elsewhere)
    assert ran.exit_code == 5


def test_an_inspector_neither_sends_nor_lays_out_grids(grids):
    number = grids.found()
    inspector = grids.inspectors["TS-01"]
    assert grids.tried("send", number, "--office", "住建局", "--on", "2026-11-20", as_=inspector).exit_code == 4
    words = ("--name", "二片", "--area", TOWN, "--duty", "市容")
    assert grids.tried("grid", "add", "TS-02", *words, as_=inspector).exit_code == 4


def test_a_trial_run_writes_nothing(grids):
    number = grids.found()
    grids.done("send", number, "--office", "住建局", "--on", "2026-11-20", "--dry-run", as_=grids.clerk)
    assert grids.done("show", number, as_=grids.clerk)["state"] == "found"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE urban_grid_case SET state = 'closed', closed_on = '2026-11-20'",
        "DELETE FROM urban_grid_case",
        "UPDATE urban_grid_step SET note = ''",
        "DELETE FROM urban_grid_step",
    ],
)
def test_the_database_holds_the_rules_too(grids, county, statement):
    grids.found()
    with pytest.raises(sqlalchemy.exc.DBAPIError), county.begin() as work:
        work.session.connection().exec_driver_sql(statement)
