"""Why an amount is what it is; what another standard would change; samples computed again; counts."""

from decimal import Decimal

import pytest

from core.api import Headcount
from core.errors import NotFound, Refused
from core.jobs import drain
from plugins.benefits.api import ChangeEnrolment, change_enrolment, explain, recompute_sample, suspend, what_if
from plugins.benefits.services import rolls


def test_an_amount_is_explained_by_what_was_known_when_it_was_built(place):
    place.money()
    person = place.people(1)[0]
    number = place.enrol([person])[0]
    place.paid("2026-01")
    place.standard("HOME", "800", since="2026-01", unit="month")
    change = ChangeEnrolment(from_month="2026-02", category="INST", institution_id=place.home, reason="入院")
    place.act(change_enrolment, number, change)
    place.paid("2026-02")
    with place.county.look() as work:
        january, february = explain(work, "allowance", person, "2026-01"), explain(work, "allowance", person, "2026-02")
    assert [line["amount_fen"] for line in january["lines"]] == [76_000]
    line = january["lines"][0]
    assert (line["standard"]["amount_fen"], line["standard"]["document"], line["due_fen"]) == (
        76_000,
        "民发 1 号",
        76_000,
    )
    assert january["now"]["due_fen"] == 80_000
    amounts = {(one["for_month"], one["component"]): one for one in february["lines"]}
    assert amounts["2026-02", "BASIC"]["amount_fen"] == 124_000
    backpay = amounts["2026-01", "BACKPAY"]
    assert (backpay["amount_fen"], backpay["due_fen"]) == (4_000, 80_000)
    assert "760.00" in backpay["sentences"][-1]


def test_a_sample_is_computed_again_and_a_forged_line_is_found(place):
    place.money()
    people = place.people(20)
    place.enrol(people)
    batch = place.roll("2026-01")["batch"]
    with place.county.look() as work:
        assert recompute_sample(work, batch, 7, 1) == []
    with place.county.begin() as work:
        work.session.connection().exec_driver_sql(
            f"UPDATE funds_payment SET amount_fen = amount_fen + 1 WHERE batch_id = {batch} AND person_id = {people[3]}"
        )
        work.record("test.forged", "test")
    with place.county.look() as work:
        found = recompute_sample(work, batch, 7, 1)
        assert [(one["said_fen"], one["due_fen"]) for one in found] == [(76_001, 76_000)]
        assert recompute_sample(work, batch, 7, Decimal("0.5")) == recompute_sample(work, batch, 7, Decimal("0.5"))


def test_old_rolls_are_computed_again_after_later_changes(place):
    place.money()
    number, other = place.enrol(place.people(2))
    first = place.paid("2026-01")["batch"]
    place.standard("HOME", "800", since="2026-01")
    place.act(suspend, other, "2026-01", "核查")
    second = place.paid("2026-02")["batch"]
    with place.county.look() as work:
        assert recompute_sample(work, first, 1, 1) == [] == recompute_sample(work, second, 1, 1)


def test_a_roll_built_again_after_a_later_one_still_agrees(place):
    place.enrol(place.people(2))
    first = place.roll("2026-01")["batch"]
    second = place.roll("2026-02")["batch"]
    place.standard("HOME", "800", since="2026-01")
    assert place.roll("2026-02")["backpay_fen"] == 8_000
    assert place.roll("2026-01")["total_fen"] == 152_000, "the difference stands in the roll of February"
    with place.county.look() as work:
        assert recompute_sample(work, first, 1, 1) == [] == recompute_sample(work, second, 1, 1)


def test_funds_verify_asks_for_the_sample(place, run):
    place.money()
    place.enrol(place.people(3))
    place.paid("2026-01")
    ran = run("funds", "verify", "--json")
    assert (ran.exit_code, ran.data) == (0, {"ok": True, "problems": []}), ran.talk


def test_a_what_if_run_counts_who_gains_and_loses_and_stores_nothing(place, run):
    people = place.people(5)
    place.enrol(people[:3])
    place.enrol(people[3:], category="INST", institution_id=place.home)
    ran = run("benefits", "what-if", "allowance", "HOME", "800", "--period", "2026-03", "--json")
    assert {name: ran.data[name] for name in ("winners", "losers", "unchanged", "cost_fen", "before_fen")} == {
        "winners": 3, "losers": 0, "unchanged": 2, "cost_fen": 12_000, "before_fen": 476_000,
    }  # fmt: skip
    with place.county.look() as work:
        assert what_if(work, "allowance", "HOME", "700", "2026-03")["losers"] == 3
        with pytest.raises(Refused) as caught:
            what_if(work, "allowance", "HOME", "700.001", "2026-03")
    assert caught.value.code == "E_AMT_SCALE"
    assert len(run("benefits", "standard", "list", "--json").data) == 2


def test_a_build_that_was_killed_goes_on_and_pays_each_line_once(place, monkeypatch):
    place.money()
    place.enrol(place.people(25))
    monkeypatch.setattr(rolls, "CHUNK", 10)
    wish = rolls.BuildRoll(scheme="allowance", period="2026-01")
    batch = place.act(rolls.begin_roll, wish).batch_id
    assert place.act(rolls.build_chunk, batch) is False
    with pytest.raises(ZeroDivisionError), place.county.begin() as work:
        rolls.build_chunk(work, batch)
        _ = 1 / 0
    assert place.act(rolls.begin_roll, wish).batch_id == batch
    done = False
    while not done:
        done = place.act(rolls.build_chunk, batch)
    assert place.act(rolls.finish_roll, batch)["lines"] == 25
    lines = place.lines(batch)
    assert len({line.person_id for line in lines}) == 25


def test_a_killed_build_begins_anew_when_something_else_is_known(place, monkeypatch):
    people = place.people(12)
    numbers = place.enrol(people[:11])
    monkeypatch.setattr(rolls, "CHUNK", 10)
    wish = rolls.BuildRoll(scheme="allowance", period="2026-01")
    batch = place.act(rolls.begin_roll, wish).batch_id
    place.act(rolls.build_chunk, batch)
    place.act(suspend, numbers[0], "2026-01", "核查")
    place.enrol(people[11:])
    built = place.roll("2026-01")
    assert (built["batch"], built["lines"]) == (batch, 11)


def test_a_roll_is_built_in_the_background(place, monkeypatch):
    place.enrol(place.people(15))
    monkeypatch.setattr(rolls, "CHUNK", 10)
    batch = place.act(rolls.ask_roll, rolls.BuildRoll(scheme="allowance", period="2026-01"))
    assert drain(place.county.host).failed == 0
    assert len(place.lines(batch)) == 15


def test_heads_are_counted_as_the_rolls_knew_them(place):
    place.money()
    people = place.people(4)
    numbers = place.enrol(people[:3])
    place.act(suspend, numbers[0], "2026-01", "核查")
    place.paid("2026-01")
    place.enrol(people[3:], since="2026-01", to_month="2026-01")
    place.paid("2026-02")
    with place.county.look() as work:
        ask = work.hooks.resolve
        january = ask("resolve_headcount", work=work, scheme="allowance", period="2026-01")
        february = ask("resolve_headcount", work=work, scheme="allowance", period="2026-02")
    assert january == Headcount(active=3, suspended=1, back_pay_only=0)
    assert february == Headcount(active=3, suspended=1, back_pay_only=1)


def test_who_never_was_on_a_scheme_has_nothing_to_explain(place):
    person = place.people(1)[0]
    with place.county.look() as work, pytest.raises(NotFound):
        explain(work, "allowance", person, "2026-01")


def test_standards_below_their_floor_or_long_unraised_are_listed(place, run):
    from plugins.benefits.counting import weak_standards

    with place.county.look() as work:
        found = {one["category"]: one["months"] for one in weak_standards(work)}
    assert found == {"INST": 82, "HOME": 82}, "from 2020-01 to 2026-11"
    place.standard("HOME", "800", since="2026-01")
    floors = '{"allowance.HOME": 90000}'
    assert run("policy", "set", "benefits.standard_floors", floors, "--document", "文").exit_code == 0
    with place.county.look() as work:
        found = {one["category"]: one["floor_fen"] for one in weak_standards(work)}
    assert found == {"INST": None, "HOME": 90_000}
