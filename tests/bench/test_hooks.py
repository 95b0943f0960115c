"""J7: a batch hook of fifty plugins over 100,000 people, against the bare column work of the same round."""

import statistics
import sys
import time
import types

import numpy
import pluggy
import pytest

from core import hookspecs
from core.calling import Hooks
from core.hookspecs import People, hookimpl

pytestmark = [pytest.mark.bench, pytest.mark.one_database]

PLUGINS, PEOPLE, CHUNK, ROUNDS = 50, 100_000, 10_000, 7
GATE = 3.0


def _work_on(ids, areas):
    return int(((ids % 7) == 0).sum()) + int((areas == "430223103201").sum())


def _plugin():
    @hookimpl
    def person_died(work, deaths):
        work.append(_work_on(deaths.ids, deaths.areas))

    made = types.ModuleType("one_of_many")
    made.person_died = person_died
    return made


def test_a_batch_hook_costs_little_more_than_its_columns():
    manager = pluggy.PluginManager("huimin")
    manager.add_hookspecs(hookspecs)
    names = [f"many_{number:02d}" for number in range(PLUGINS)]
    for name in names:
        manager.register(_plugin(), name=name)
    hooks = Hooks(manager, names)
    ids = numpy.arange(PEOPLE)
    areas = numpy.where(ids % 3 == 0, "430223103201", "430223106202")
    on = numpy.full(PEOPLE, "2026-11-20")

    def through_hooks():
        told = []
        for start in range(0, PEOPLE, CHUNK):
            part = slice(start, start + CHUNK)
            chunk = People(ids=ids[part], areas=areas[part], on=on[part], household_ids=ids[part])
            hooks.announce("person_died", work=told, deaths=chunk)
        return sum(told)

    def bare():
        return sum(_work_on(ids, areas) for _plugin_number in range(PLUGINS))

    assert through_hooks() == bare()
    ratios = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        through_hooks()
        middle = time.perf_counter()
        bare()
        ratios.append((middle - started) / (time.perf_counter() - middle))
    ratio = statistics.median(ratios)
    sys.stdout.write(
        f"\nJ7 batch hook, {PLUGINS} plugins x {PEOPLE:,} people: {ratio:.2f} x bare columns (gate {GATE})\n"
    )
    assert ratio <= GATE
