"""Spot checks: shares rounded up, a draw that repeats, what a drawn case waits for."""

from decimal import Decimal

import pytest

from core.api import Refused
from plugins.casework.sampled import sample_data
from plugins.casework.services.sampling import draw, draw_sample
from plugins.casework.wishes import DrawSample


@pytest.mark.parametrize(("of", "count"), [(40, 12), (41, 13), (1, 1), (0, 0)])
def test_a_share_is_rounded_up_to_whole_cases(of, count):
    assert len(draw(range(1, of + 1), Decimal("0.3"), 7)) == count


def test_the_same_seed_draws_the_same_cases_whatever_the_order():
    first = draw(list(range(1, 41)), Decimal("0.3"), 20260301)
    assert first == draw(list(range(40, 0, -1)), Decimal("0.3"), 20260301)
    assert first != draw(range(1, 41), Decimal("0.3"), 20260302)


def test_a_drawn_case_is_inspected_before_it_is_decided(place):
    number = place.until("county_review")
    with place.county.begin("reviewer") as work:
        wish = DrawSample(kind="new", type="dibao", period="2026-03", share="100%", seed=1)
        made = draw_sample(work, wish).id
    with place.county.look() as work:
        found = sample_data(work, made)
    assert (found["of"], len(found["drawn"]), found["repeats"]) == (1, 1, True)
    with pytest.raises(Refused) as refusal:
        place.step(number, "propose_grant")
    assert {one.code for one in refusal.value.objections} == {"E_SKIP_STEP"}
    assert place.step(number, "sample_drawn")["state"] == "spot_checking"
    place.act(number, "inspect", result="right", note="属实")
    assert place.step(number, "propose_grant")["state"] == "noticing_2"


def test_registered_relatives_are_inspected_besides(place):
    number = place.until("county_review")
    relative = {"member": "陈志强", "staff_name": "陈志刚", "post": "村主任", "level": "village", "relation": "sibling"}
    place.act(number, "relative", **relative)
    with place.county.begin("reviewer") as work:
        wish = DrawSample(kind="active", type="dibao", period="2026-03", seed=1)
        with pytest.raises(Refused):
            draw_sample(work, wish.model_copy(update={"share": "abc"}))
        assert sample_data(work, draw_sample(work, wish).id or 0)["of"] == 0
    with place.county.begin("reviewer") as work:
        wish = DrawSample(kind="new", type="dibao", period="2026-03", share="0.0001", seed=1)
        found = sample_data(work, draw_sample(work, wish).id or 0)
    assert [one["case"] for one in found["cases"]] == [number]
