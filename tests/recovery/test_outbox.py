"""RS58: what was committed to be told is told, once and in order, whatever instant the process dies."""

import multiprocessing
from datetime import timedelta

import huimin_misbehaving
import pytest
from sqlalchemy import func, select

from core.jobs import ABANDONED, drain, parked
from core.models.background import OutboxRow
from core.testing import enabled
from tests.breaking import never_degraded
from tests.recovery import telling
from tests.recovery.test_kills import PROGRESS, killed_in

LONGEST, SOON = 0.5, 0.02
"""Seconds a process lives at most: once it is at work, and once it said something of which most is not told yet."""


def killed(context, county, told, dice):
    """Let a process tell for a random while, or until soon after it said something, then kill it."""
    arguments = (str(county.home), county.clock.now().isoformat(), str(told))
    soon = dice.random() < 2 * PROGRESS
    killed_in(context, telling.go_on, arguments, told, dice, at_work=soon, longest=SOON if soon else LONGEST)


def numbers_heard(county):
    """The numbers of the facts in the order in which the plugin heard them."""
    from huimin_every_hook.models import DiaryLine

    with county.look() as work:
        lines = work.session.execute(select(DiaryLine.fact).order_by(DiaryLine.id)).scalars()
        return [int(fact.rpartition(".")[2]) for fact in lines if fact.startswith("after:fact.")]


def waiting(county):
    with county.host.database.transaction(write=False) as connection:
        asked = select(func.count()).select_from(OutboxRow).where(OutboxRow.state == "waiting")
        return connection.scalar(asked)


def tries_of(county, plugin):
    with county.host.database.transaction(write=False) as connection:
        return list(
            connection.scalars(select(OutboxRow.tries).where(OutboxRow.plugin == plugin).order_by(OutboxRow.id))
        )


@pytest.mark.proof("RS58")
def test_what_was_committed_to_be_told_is_told_once_and_in_order_whenever_the_process_dies(county, tmp_path, proof):
    enabled(county, "every_hook").close()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.recovery.telling", "core.host", "core.api"])
    told, dice, asked, kills, between = tmp_path / "told", proof.dice, proof.effort(quick=4, long=500), 0, 0
    while kills < asked or (not between and kills < 10 * asked):
        kills += 1
        killed(context, county, told, dice)
        between += waiting(county) > 0
        county.close()
        county.clock.set(county.clock.now() + ABANDONED + timedelta(minutes=1))
    while waiting(county):
        drain(county.host)
        county.clock.set(county.clock.now() + ABANDONED + timedelta(minutes=1))
    said = len(told.read_text().splitlines())
    heard = numbers_heard(county)
    # A kill between commit and line may leave one fact more than was said; its number is given out again.
    distinct = sorted(set(heard))
    wrong = [number for number in range(1, said + 1) if number not in set(heard)]
    wrong += [second for first, second in zip(heard, heard[1:], strict=False) if second < first]
    assert len(heard) - said <= kills and distinct[-1] <= said + 1
    with county.host.database.transaction(write=False) as connection:
        rows = connection.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.topic.like("fact.%")))
    assert len(heard) == rows, "a fact was heard twice, or not at all"
    assert between > 0, "no kill came between a commit and its telling"
    proof.counted(kills, found=len(wrong))


@pytest.mark.proof("RS58")
def test_what_a_plugin_cannot_hear_waits_before_what_comes_later_and_is_given_up_at_last(county, proof):
    enabled(county, "every_hook")
    enabled(county, "misbehaving")
    never_degraded(county).reload()
    huimin_misbehaving.WRONG_IN.add("after_commit")
    try:
        for number in (1, 2):
            with county.begin() as work:
                work.later(f"fact.{number}", {"number": number})
                work.record("test.done", f"test:{number}")
        drain(county.host)
        assert tries_of(county, "misbehaving") == [1, 0], "what comes later was told first"
        while waiting(county):
            drain(county.host)
            county.clock.set(county.clock.now() + timedelta(hours=1))
    finally:
        huimin_misbehaving.WRONG_IN.clear()
    with county.look() as work:
        given_up = [(one["name"], one["tries"]) for one in parked(work)]
        tries = work.policy("jobs.tries")
    assert given_up == [("misbehaving fact.1", tries), ("misbehaving fact.2", tries)]
    assert numbers_heard(county) == [1, 2], "the plugin beside it heard both"
    proof.counted(2)
