"""A plugin that misbehaves in every hook in every way: the act ends as its family says, and nothing is half done."""

import threading
from datetime import date
from pathlib import Path

import huimin_misbehaving
import numpy
import pytest
from huimin_misbehaving.faults import FAULTS, NOT_CONTAINED, NOT_ITS_FAULT
from sqlalchemy import select

from core.errors import PluginFailed, Refused, TryAgain
from core.hook_reference import core_hooks
from core.hookspecs import Entries, HouseholdChanges, Merges, Moves, Payments, People
from core.identity.models.persons import Person
from core.testing import VILLAGE, enabled
from tests.breaking import never_degraded
from tests.rows import rows_by_table

ENDS = {"register": "quarantined", "check": "refused", "resolve": "failed", "after": "failed", "show": "lost"}
"""How an act ends in which a plugin fails, by the hook's family; a fact that cannot be borne is "failed"."""
NO_ERROR_IN_A_FACT = {"text", "bytes", "number", "type", "nothing", "unreadable", "endless"}
"""What a fact or an answer may be as well: nobody reads the one, and the other is looked at by who asked."""
SAID_IN_A_READ = {"commit said", "rollback said"}
"""On SQLite a transaction that only reads loses nothing by its end."""
SEEN_BY_THE_PAGES = {("register_routes", "type"), ("register_routes", "nothing"),
                     ("register_public_routes", "type"), ("register_public_routes", "nothing")}  # fmt: skip
"""What is no route only the web application sees: tests/core/web/test_plugins_on_pages.py."""


@pytest.fixture
def misbehave():
    """Say in which hook the plugin misbehaves, and how; well again with the test."""

    def say(hook, how):
        huimin_misbehaving.WRONG_IN.clear()
        huimin_misbehaving.WRONG_IN.update({hook} if hook else ())
        huimin_misbehaving.HOW[0] = how or "raise"

    yield say
    say("", "")


@pytest.fixture
def beside(county):
    """A county with the plugin that misbehaves and one that answers every hook."""
    enabled(county, "every_hook")
    enabled(county, "misbehaving")
    hooks = never_degraded(county).reload().hooks
    # First of all, so that what it spoils would be seen by the others.
    hooks.order = ["misbehaving", *(name for name in hooks.order if name != "misbehaving")]
    county.person("王桂兰")
    return county


def arguments(hook):
    """What a hook is called with: one person who died, moved, was merged; one payment; nothing else."""
    ids, areas, day = numpy.array([1]), numpy.array([VILLAGE]), date(2026, 11, 20)
    dates = numpy.array(["2026-11-20"])
    line = {"ids": ids, "amounts": ids, "areas": areas}
    made = {
        "deaths": People(ids=ids, areas=areas, on=dates, household_ids=ids),
        "people": People(ids=ids, areas=areas, on=dates, household_ids=ids),
        "moves": Moves(ids=ids, from_areas=areas, to_areas=areas, on=dates),
        "merges": Merges(gone_ids=ids, kept_ids=ids, on=day),
        "changes": HouseholdChanges(ids=ids, areas=areas, kinds=numpy.array(["opened"]), on=day),
        "payments": Payments(batch_id=1, scheme="x", period="2026-11", load=lambda: line),
        "entries": Entries(
            voucher_id=1, kind="x", period="2026-11", ids=ids, fund_ids=ids, debits=areas, credits=areas, amounts=ids
        ),
        "person_ids": (1,), "person_id": 1, "household_id": 1, "fund_id": 1, "amount_fen": 1, "batch_id": 1, "seed": 1,
        "share": 0.1, "details": {}, "payload": {},
    }  # fmt: skip
    return {name: made.get(name, "x") for name in hook["arguments"] if name != "work"}


def outcome(county, hook, given):
    """What became of the act: "refused", "failed" (rolled back), "lost" (a part of a page), "quarantined", "calm"."""
    family = hook.partition("_")[0]
    host = county.host
    if family == "register":
        gone = []
        host.hooks.collect(hook, lambda plugin, reason: gone.append(plugin))
        return "quarantined" if gone == ["misbehaving"] else f"quarantined {gone}"
    try:
        with county.begin(write=family != "show") as work:
            if family == "show":
                shown = {one.plugin: one for one in work.hooks.show(hook, work=work, **given)}
                if "misbehaving" not in shown:
                    return "calm"
                assert shown["misbehaving"].failure.startswith("E-")
                return "lost"
            work.session.add(_note(work))
            work.session.flush()
            work.record("test.done", "test:1")
            call = {"check": work.hooks.check, "resolve": work.hooks.resolve, "after": _deliver(work)}
            call.get(family, work.hooks.announce)(hook, work=work, **given)
        return "calm"
    except Refused as refusal:
        failed = {one.plugin for one in refusal.objections if one.code == "E_PLUGIN"}
        return "refused" if failed == {"misbehaving"} else f"{refusal}"
    except PluginFailed as failure:
        return "failed" if failure.plugin == "misbehaving" else f"{failure}"


def _deliver(work):
    return lambda hook, **given: work.hooks.deliver(hook, "misbehaving", **given)


def _note(work):
    from huimin_every_hook.models import DiaryLine

    return DiaryLine(fact="begun", count=1, at=work.now)


@pytest.mark.proof("RS55")
def test_whatever_a_plugin_does_in_a_hook_the_act_ends_as_its_family_says(beside, misbehave, proof):
    cells = [(hook, how) for hook in core_hooks() for how in FAULTS if (hook["name"], how) not in SEEN_BY_THE_PAGES]
    if not proof.long:
        cells = proof.dice.sample(cells, 150)
    before, threads, files = rows_by_table(beside.host), threading.active_count(), open_files()
    wrong = []
    for hook, how in cells:
        family = hook["name"].partition("_")[0]
        misbehave(hook["name"], how)
        got = outcome(beside, hook["name"], arguments(hook))
        misbehave("", "")
        after = rows_by_table(beside.host)
        if got != ENDS.get(family, "failed") and not (got == "calm" and calm_is_right(family, how)):
            wrong.append((hook["name"], how, got))
        elif got != "calm" and after != before:
            wrong.append((hook["name"], how, "rows are left"))
        before = after
    assert wrong == []
    with beside.look() as work:
        assert [one.name for one in work.session.scalars(select(Person))] == ["王桂兰"]
    assert threading.active_count() <= threads + 1
    assert open_files() <= files + 5
    proof.counted(len(cells), found=len(wrong))


@pytest.mark.proof("RS55")
@pytest.mark.parametrize("trouble", NOT_ITS_FAULT)
def test_no_plugin_is_blamed_for_a_database_in_trouble_and_the_act_may_be_tried_again(
    beside, misbehave, proof, trouble
):
    acts = [hook for hook in core_hooks() if hook["name"].partition("_")[0] not in ("register", "show")]
    before = rows_by_table(beside.host)
    for hook in acts:
        misbehave(hook["name"], trouble)
        with pytest.raises(TryAgain):
            outcome(beside, hook["name"], arguments(hook))
        misbehave("", "")
    assert rows_by_table(beside.host) == before
    assert beside.host.hooks.failures == []
    proof.counted(len(acts))


def calm_is_right(family, how):
    if family == "show":
        return how in SAID_IN_A_READ
    return how in NO_ERROR_IN_A_FACT and family not in ("register", "check")


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_what_is_not_contained_is_listed_with_its_reason():
    told = (Path(__file__).parents[2] / "SECURITY.md").read_text(encoding="utf-8")
    assert all(what in told for what in NOT_CONTAINED)
