"""RS56, RS57, RS60: core and plugins write together or not at all, in an order that does not depend on the file."""

import itertools
import json
import tomllib
from datetime import date
from pathlib import Path

import huimin_misbehaving
import pytest
from sqlalchemy import event, select

from core.errors import PluginFailed, Refused
from core.funds import verifying
from core.funds.models import Batch
from core.identity.actors import shell_actor
from core.identity.events import Death, Move, record_death, record_move
from core.identity.persons import NewPerson, register_person
from core.jobs import drain
from core.testing import VILLAGE, enabled
from tests.breaking import never_degraded
from tests.payable import Payable, make_payable
from tests.recovery.paying import Payer
from tests.rows import rows_by_table

ELSEWHERE = "430223106201"
FIVE = ("allowance", "benefits", "every_hook", "misbehaving", "notices")


class PowerCut(Exception):
    """The statement that never came through."""


def live(work):
    """A person comes, moves and dies: core, plugin, outbox and queue write."""
    person = register_person(work, NewPerson(name="王桂兰", sex="女", birth_date=date(1949, 1, 1), hukou_area=VILLAGE))
    record_move(work, person.id, Move(on=work.today, residence_area=ELSEWHERE))
    record_death(work, person.id, Death(on=work.today, source="死亡医学证明"))
    work.later("test.lived", {"person": person.id})
    work.enqueue("every_hook.tidy")


def acted(county, *, dry_run=False):
    actor = shell_actor(county.host, "test")
    with county.host.begin(actor, edge="command", dry_run=dry_run) as work:
        live(work)


@pytest.fixture
def diary(county):
    enabled(county, "every_hook")
    enabled(county, "misbehaving")
    never_degraded(county).reload()
    return county


@pytest.fixture
def misbehave():
    """Say in which hooks the plugin misbehaves; well again with the test."""
    yield lambda *hooks: huimin_misbehaving.WRONG_IN.update(hooks)
    huimin_misbehaving.WRONG_IN.clear()


@pytest.mark.proof("RS57")
def test_core_and_plugin_write_both_or_neither_whichever_statement_fails(diary, proof):
    before, seen, cut = rows_by_table(diary.host), 0, itertools.count(1)
    engine = diary.host.database.engine

    def fail(*_given):
        nonlocal seen
        seen += 1
        if seen == last:
            raise PowerCut

    wrong = []
    for last in cut:  # noqa: B007 - the listener reads it
        seen = 0
        event.listen(engine, "before_cursor_execute", fail)
        try:
            acted(diary)
        except (PowerCut, PluginFailed, Refused):
            event.remove(engine, "before_cursor_execute", fail)
            wrong += [last] if rows_by_table(diary.host) != before else []
        else:
            event.remove(engine, "before_cursor_execute", fail)
            break
    after = rows_by_table(diary.host)
    grown = {name for name in after if after[name] != before[name]}
    assert {"identity_person", "every_hook_line", "core_outbox", "core_job", "audit_record"} <= grown
    proof.counted(last, found=len(wrong))


@pytest.mark.proof("RS57")
@pytest.mark.parametrize("hook", ["person_moved", "person_died", "check_household_change", "household_changed"])
def test_a_plugin_that_fails_takes_the_act_with_it(diary, misbehave, proof, hook):
    before = rows_by_table(diary.host)
    misbehave(hook)
    if hook.startswith("person"):
        with pytest.raises(PluginFailed, match="misbehaving"):
            acted(diary)
        assert rows_by_table(diary.host) == before
    huimin_misbehaving.WRONG_IN.clear()
    acted(diary)
    assert rows_by_table(diary.host) != before
    proof.counted(1)


@pytest.mark.proof("RS57")
def test_a_dry_run_leaves_no_row_in_any_table(diary, run, tmp_path, proof):
    file = tmp_path / "日记.csv"
    file.write_text("事实\n下雨\n")
    before = rows_by_table(diary.host)
    acted(diary, dry_run=True)
    said = (
        ("import", "run", "every-hook-lines", file), ("jobs", "run"), ("user", "add", "新人", "--role", "clerk"),
        ("policy", "set", "audit.read_minutes", "5", "--document", "文", "--from", "2027-01-01"),
        ("plugin", "disable", "every_hook"), ("config", "set", "county.name", "别县"), ("backup",), ("upgrade", "run"),
        ("audit", "anchor"), ("household", "import", file),
    )  # fmt: skip
    ends = {" ".join(map(str, words[:2])): run(*words, "--dry-run", "--json").exit_code for words in said}
    assert rows_by_table(diary.host) == before, ends
    assert sum(code == 0 for code in ends.values()) >= len(said) // 2, ends
    proof.counted(len(said) + 1)


@pytest.mark.proof("RS56")
def test_a_veto_that_fails_stops_the_money_and_a_part_of_a_page_does_not(county, misbehave, tmp_path, proof):
    make_payable(county, Payable(count=20, late=0))
    enabled(county, "misbehaving")
    county.reload()
    roles = ("proposer", "reviewer", "approver", "disburser")
    tokens = {role: county.token(county.account(role)) for role in roles}
    payer = Payer(county.host, tokens, tmp_path / "told")
    misbehave("check_payments")
    with pytest.raises(Refused) as refusal:
        payer.pay("2026-11")
    assert {(one.plugin, one.code) for one in refusal.value.objections} == {("misbehaving", "E_PLUGIN")}
    with county.look("accountant") as work:
        states = [one.state for one in work.session.scalars(select(Batch))]
        assert verifying.verify(work) == []
    assert not set(states) & {"approved", "released", "sent", "settled"}
    huimin_misbehaving.WRONG_IN.clear()
    misbehave("show_desk_tiles", "show_desk_charts", "after_commit")
    payer.pay("2026-11")
    drain(county.host)
    with county.look("accountant") as work:
        assert "settled" in {one.state for one in work.session.scalars(select(Batch))}
        assert verifying.verify(work) == []
    proof.counted(2)


def facets(county):
    """What a county is made of, and what an act in it writes down, in the order in which it does."""
    host = county.reload()
    with host.begin(shell_actor(host, "test"), edge="command") as work:
        live(work)
        told = [(one.action, sorted(one.details)) for one in work.records]  # numbers of rows rise on PostgreSQL
        work.session.flush()
        work.hooks.announce("household_changed", work=work, changes=_no_changes())
        written = [one.action for one in work.records]
        work.records.clear()
        raise_to_roll_back(county, (host.hooks.order, told, written, sorted(host.permissions), list(host.roles)))


def _no_changes():
    import numpy

    from core.hookspecs import HouseholdChanges

    nothing = numpy.array([], dtype=str)
    return HouseholdChanges(ids=nothing, areas=nothing, kinds=nothing, on=date(2026, 11, 20))


class Looked(Exception):
    """What was seen, on the way out of a transaction that is rolled back."""


def raise_to_roll_back(_county, seen):
    raise Looked(seen)


@pytest.mark.proof("RS60")
def test_whatever_order_the_file_names_five_plugins_in_the_county_is_the_same(county, proof):
    for name in ("allowance", "every_hook", "misbehaving", "notices"):
        enabled(county, name)
    county.close()
    file = county.home / "config" / "counties" / f"{county.code}.toml"
    text = file.read_text()
    line = next(one for one in text.splitlines() if one.startswith("plugins = "))
    assert set(tomllib.loads(line)["plugins"]) == set(FIVE)
    orders = list(itertools.permutations(FIVE))
    if not proof.long:
        orders = proof.dice.sample(orders, 6)
    seen = []
    for order in orders:
        file.write_text(text.replace(line, f"plugins = {json.dumps(order)}"))
        with pytest.raises(Looked) as looked:
            facets(county)
        seen.append(looked.value.args[0])
    proof.counted(len(orders), found=sum(one != seen[0] for one in seen))


@pytest.mark.proof("RS54")
@pytest.mark.one_database
def test_every_plugin_that_is_here_keeps_the_contract(proof):
    from core import loading
    from core.checking import check_plugin

    names = sorted(path.parent.name for path in Path(loading.__file__).parents[1].glob("plugins/*/plugin.py"))
    names += ["every_hook", "urban_grid", "allowance"]
    chosen = names if proof.long else proof.dice.sample(names, 1)
    faults = [(name, str(one)) for name in chosen for one in check_plugin(name)]
    assert faults == []
    proof.counted(len(chosen), found=len(faults))
