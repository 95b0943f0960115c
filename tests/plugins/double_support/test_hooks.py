"""What other plugins bring and hear, and what lives bring: entitled persons, plaques, visits, moves, merges."""

from datetime import date
from typing import Any

import numpy
import pytest

from core.api import HuiminError, Merges, Moves, Refused, hookimpl
from core.testing import OTHER_TOWN
from plugins.double_support.hookspecs import Entitled, Visited
from plugins.double_support.statistics import plaque_facts

from .conftest import VILLAGE, codes


class _Veterans:
    """A plugin that keeps entitled persons."""

    def __init__(self, people: list[int]) -> None:
        self.people, self.heard = people, []

    @hookimpl
    def resolve_double_support_entitled(self, area: str, groups: tuple[str, ...]) -> Entitled:
        assert (area, groups) == ("430223", ("烈属",))
        return Entitled(person_ids=self.people, groups=["烈属"] * len(self.people), key_persons=[True, False])

    @hookimpl
    def resolve_double_support_honoured(self) -> list[int]:
        return [1, 2, 3, 4]

    @hookimpl
    def resolve_double_support_ballot(self, reference: str) -> bool:
        return reference == "PJ-1"

    @hookimpl
    def double_support_visited(self, visits: Visited) -> None:
        self.heard.append((list(visits.person_ids), list(visits.amounts)))


class _Broken:
    """A plugin that fails when it is asked."""

    @hookimpl
    def resolve_double_support_entitled(self, area: str) -> Entitled:
        raise RuntimeError(area)


def listening(place, plugin: Any) -> Any:
    hooks = place.county.host.hooks
    hooks.manager.register(plugin, "listening")
    hooks.order.append("listening")
    return plugin


def test_the_list_is_drawn_from_who_keeps_entitled_persons_and_they_hear_of_the_visit(place):
    plan = place.plan(hardship=True)
    with pytest.raises(Refused) as refusal:
        place.act("plans", "draw", plan, category="优抚对象", groups=["烈属"])
    assert codes(refusal) == {"E_DBL_NO_SOURCE"}
    people = [place.person(), place.person()]
    veterans = listening(place, _Veterans(people))
    made = place.act("plans", "draw", plan, category="优抚对象", groups=["烈属"])
    assert (made["listed"], made["left_out"]) == (2, 0)
    made = place.act("plans", "draw", plan, category="优抚对象", groups=["烈属"])
    assert (made["listed"], made["left_out"], place.warnings) == (0, 2, ["W_DBL_TWICE"])
    with pytest.raises(Refused) as refusal:
        place.act("plans", "close-list", plan, ballot="PJ-2")
    assert codes(refusal) == {"E_NO_BALLOT"}
    place.act("plans", "close-list", plan, ballot="PJ-1")
    place.act("plans", "fund", plan, minutes="纪要 3 号", decided="600")
    place.act("visits", "record", 1, leader="甲", companion="乙")
    assert veterans.heard == [([people[0]], [30_000])]
    place.add("plaques", person_id=people[0], kind="martyr")
    place.act("plaques", "hang", 1)
    with place.county.look() as work:
        assert (plaque_facts(work)["wanted"], str(plaque_facts(work)["coverage"])) == (4, "25.0")


def test_a_plugin_that_fails_leaves_the_list_as_it_was(place):
    plan = place.plan()
    listening(place, _Broken())
    with pytest.raises(HuiminError):
        place.act("plans", "draw", plan, category="优抚对象")
    assert place.show("plans", plan)["listed"] == 0


def told(place, hook: str, **given: Any) -> None:
    with place.county.begin() as work:
        work.hooks.announce(hook, work=work, **given)
        work.record("test.told", "person:1", area=VILLAGE)


def moves(person: int, reached: str, *, revoked: bool = False) -> Moves:
    columns = (numpy.asarray([one]) for one in (VILLAGE, reached, "2026-11-19"))
    left, to, on = columns
    return Moves(ids=numpy.asarray([person]), from_areas=left, to_areas=to, on=on, revoked=revoked)


def test_who_moved_away_goes_back_to_the_plan_and_who_moved_within_takes_the_file_along(place):
    plan = place.plan()
    [one] = place.listed(plan)
    person = place.show("visits", one)["person_id"]
    told(place, "person_moved", moves=moves(person, OTHER_TOWN + "201"))
    assert place.show("visits", one)["area"] == OTHER_TOWN + "201"
    told(place, "person_moved", moves=moves(person, ""))
    assert place.show("visits", one)["state"] == "returned"
    told(place, "person_moved", moves=moves(person, "", revoked=True))
    shown = place.show("visits", one)
    assert (shown["state"], shown["area"]) == ("listed", VILLAGE)


def test_files_follow_a_merged_record_and_back(place):
    gone, kept = place.person(household=False), place.person()
    number = place.add("spouses", person_id=gone)["number"]
    place.add("news", person_id=gone, honour="三等功")
    merges = {"gone_ids": numpy.asarray([gone]), "kept_ids": numpy.asarray([kept]), "on": date(2026, 11, 20)}
    told(place, "people_merged", merges=Merges(**merges))
    assert (place.show("spouses", number)["person_id"], place.show("news", 1)["person_id"]) == (kept, kept)
    told(place, "people_merged", merges=Merges(**merges, revoked=True))
    assert (place.show("spouses", number)["person_id"], place.show("news", 1)["person_id"]) == (gone, gone)
