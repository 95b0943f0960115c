"""J7: a batch hook of fifty plugins over 100,000 people, against the bare column work of the same round."""

import types

import numpy
import pluggy
import pytest

from core import hookspecs
from core.calling import Hooks
from core.hookspecs import People, hookimpl, hookspec
from tests.benching import at_least, at_most, cost

pytestmark = [pytest.mark.bench, pytest.mark.one_database]

PLUGINS, PEOPLE, CHUNK, ROUNDS = 50, 100_000, 10_000, 7
FEW = 200


def _work_on(ids):
    return int(numpy.count_nonzero(ids & 7))


def _plugin():
    @hookimpl
    def person_died(work, deaths):
        work.append(_work_on(deaths.ids))

    made = types.ModuleType("one_of_many")
    made.person_died = person_died
    return made


def test_a_batch_hook_costs_little_more_than_its_columns(bench):
    manager = pluggy.PluginManager("huimin")
    manager.add_hookspecs(hookspecs)
    names = [f"many_{number:02d}" for number in range(PLUGINS)]
    for name in names:
        manager.register(_plugin(), name=name)
    hooks = Hooks(manager, names)
    ids = numpy.arange(PEOPLE)
    areas = numpy.where(ids % 3 == 0, "430223103201", "430223106202")
    on = numpy.full(PEOPLE, "2026-11-20")

    def through_hooks(count=PEOPLE):
        told = []
        for start in range(0, count, CHUNK):
            part = slice(start, min(start + CHUNK, count))
            people = People(ids=ids[part], areas=areas[part], on=on[part], household_ids=ids[part])
            hooks.announce("person_died", work=told, deaths=people)
        return sum(told)

    def bare():
        return sum(_work_on(ids) for _plugin_number in range(PLUGINS))

    each = _each_person(ids[:FEW].tolist())
    assert through_hooks() == bare() and each() == through_hooks(FEW)
    ours, columns, singly = [], [], []
    for _round in range(ROUNDS):
        ours.append(cost(through_hooks))
        columns.append(cost(bare))
        singly.append(cost(each) * PEOPLE / FEW)
    title = f"J7 batch hook, {PLUGINS} plugins × {PEOPLE:,} people"
    bench.ratio(title, zip(ours, columns, strict=True), at_most(3.0))
    bench.ratio("J7 batch hook, a hook for each person", zip(ours, singly, strict=True), at_least(300))


class _Plugin:
    def __init__(self, one_died):
        self.one_died = one_died


def _each_person(ids):
    """The same work by a hook that is called once for each person, as the core has none."""

    def one_died(told, number):
        told.append(number & 7 != 0)

    manager = pluggy.PluginManager("huimin")
    manager.add_hookspecs(types.SimpleNamespace(one_died=hookspec(one_died)))
    for name in range(PLUGINS):
        manager.register(_Plugin(hookimpl(one_died)), name=str(name))

    def act():
        told = []
        for number in ids:
            manager.hook.one_died(told=told, number=number)
        return sum(told)

    return act
