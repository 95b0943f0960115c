"""Entries of terminals: twice, in any order, forged, replayed, with a wrong clock; nothing lost, one subsidy a meal."""

import json
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from core.errors import Refused
from core.testing import VILLAGE
from plugins.canteen.counter.conflicts import close_day, decide, list_questions, void_meal
from plugins.canteen.counter.terminals import confirm_terminal, hand_key, register_terminal, revoke_terminal
from plugins.canteen.models import Settlement


def counts(done):
    return done.accepted, done.duplicate, done.conflict, done.refused


def states(canteens):
    with canteens.county.look() as work:
        statement = "SELECT counter, state, code FROM canteen_swipe ORDER BY terminal_id, counter"
        return [tuple(row) for row in work.session.connection().execute(text(statement))]


@pytest.mark.proof("RS26")
def test_the_same_card_at_two_sites_without_network_has_one_subsidy_whatever_comes_first(canteens, proof):
    first, second = canteens.site(), canteens.site("CT-430223103-002")
    diner = canteens.diner()
    here, there = canteens.device(first), canteens.device(second)
    early, late = here.write(diner, "2026-03-31T11:00:00"), there.write(diner, "2026-03-31T11:05:00")
    assert counts(canteens.send(late)) == (1, 0, 0, 0)
    assert counts(canteens.send(early)) == (1, 0, 0, 0)
    [(_person, day, site, fen)] = canteens.subsidies()
    assert (day, site, fen) == ("2026-03-31", canteens.sites[first], 500)
    assert counts(canteens.send(early, late, late)) == (0, 3, 0, 0)
    with canteens.county.look("township_officer") as work:
        [question] = list_questions(work)
    assert question["site"] == second and question["code"] == "E_MEAL_DUP"
    with canteens.county.begin("township_officer") as work:
        decide(work, question["id"], "unsubsidised", "本人先在一号食堂用餐")
    with canteens.county.look("township_officer") as work:
        assert list_questions(work) == []
    with pytest.raises(Refused, match="没有等待处理"), canteens.county.begin("township_officer") as work:
        decide(work, question["id"], "unsubsidised", "再来一次")
    proof.counted(5)


@pytest.mark.proof("RS27")
def test_forged_changed_replayed_and_copied_entries_have_no_subsidy_and_are_kept(canteens, proof):
    site, diner = canteens.site(), canteens.diner()
    device = canteens.device(site)
    honest = device.write(diner, "2026-03-31T11:00:00")
    changed = json.dumps({**json.loads(honest), "charged_fen": 1})
    stranger = replace(device, key=b"\0" * 32, counter=7, previous="").write(diner, "2026-03-31T11:00:00")
    unknown = replace(device, serial="0" * 16).write(diner, "2026-03-31T11:00:00")
    done = canteens.send(changed, stranger, unknown, "{nonsense", honest)
    assert counts(done) == (1, 0, 0, 4)
    codes = {line["code"] for line in done.lines if line["outcome"] == "refused"}
    assert codes == {"E_ENTRY_MAC", "E_TERMINAL_UNKNOWN", "E_ENTRY_FORM"}
    assert counts(canteens.send(changed)) == (0, 0, 0, 1)
    with canteens.county.look() as work:
        assert work.session.connection().scalar(text("SELECT COUNT(*) FROM canteen_forgery")) == 4
    copied = replace(device, counter=0, previous="")
    fork = copied.write(canteens.diner("李桂芳"), "2026-03-31T11:30:00")
    onward = copied.write(canteens.diner("赵桂珍"), "2026-03-31T11:31:00")
    done = canteens.send(fork, onward)
    assert counts(done) == (0, 0, 0, 2)
    assert {line["code"] for line in done.lines} == {"E_ENTRY_FORK", "E_ENTRY_CHAIN"}
    mine = device.write(canteens.diner("孙长河"), "2026-03-31T11:40:00")
    assert counts(canteens.send(mine)) == (0, 0, 0, 1)
    assert states(canteens)[-1] == (2, "refused", "E_TERMINAL_BLOCKED")
    assert len(canteens.subsidies()) == 1
    proof.counted(9)


def test_a_file_of_a_thousand_forged_lines_is_kept_once_however_often_it_comes(canteens):
    forged = [f"{{nonsense {number}" for number in range(1_000)]
    for _time in range(2):
        assert counts(canteens.send(*forged)) == (0, 0, 0, 1_000)
    with canteens.county.look() as work:
        assert work.session.connection().scalar(text("SELECT COUNT(*) FROM canteen_forgery")) == 1_000


def test_a_clock_wrong_by_a_day_never_gives_a_second_subsidy(canteens):
    site, diner = canteens.site(), canteens.diner()
    device, other = canteens.device(site), canteens.device(site)
    tomorrow = device.write(diner, "2026-04-01T11:30:00")
    assert counts(canteens.send(tomorrow)) == (0, 0, 0, 1)
    assert states(canteens) == [(1, "refused", "E_FUTURE_DATE")]
    canteens.eat(diner, site, "2026-03-30T12:00")
    yesterday = other.write(diner, "2026-03-30T11:30:00", charged_fen=400)
    done = canteens.send(yesterday)
    assert counts(done) == (0, 0, 1, 0) and len(canteens.subsidies()) == 1


def test_a_meal_taken_back_leaves_the_subsidy_to_the_next_and_may_arrive_before_the_meal(canteens):
    first, second = canteens.site(), canteens.site("CT-430223103-002")
    diner = canteens.diner()
    here, there = canteens.device(first), canteens.device(second)
    meal = here.write(diner, "2026-03-31T11:00:00")
    undone = here.write(diner, "2026-03-31T11:01:00", kind="void", voids=1)
    other = there.write(diner, "2026-03-31T11:05:00")
    assert counts(canteens.send(undone, other)) == (2, 0, 0, 0)
    assert counts(canteens.send(meal)) == (1, 0, 0, 0)
    assert [row[2] for row in canteens.subsidies()] == [canteens.sites[second]]
    served = canteens.eat(canteens.diner("李桂芳"), first, "2026-03-31T12:00")
    with canteens.county.begin("canteen_operator") as work:
        void_meal(work, served.swipe_id, "刷错了人")
    assert len(canteens.subsidies()) == 1
    with pytest.raises(Refused, match="已经撤销"), canteens.county.begin("canteen_operator") as work:
        void_meal(work, served.swipe_id, "再撤一次")


def test_the_monthly_limit_counts_meals_not_arrivals(canteens, run):
    site, diner = canteens.site(), canteens.diner()
    device = canteens.device(site)
    ran = run("policy", "set", "canteen.month_meals", "2", "--from", "2026-03-01", "--document", "惠民〔2026〕1号")
    assert ran.exit_code == 0, ran.talk
    lines = [device.write(diner, f"2026-03-{day}T11:00:00") for day in (10, 11, 12)]
    canteens.send(lines[2])
    canteens.send(lines[0], lines[1])
    assert [row[1] for row in canteens.subsidies()] == ["2026-03-10", "2026-03-11"]


def test_a_settled_month_takes_no_meal_and_moves_no_subsidy(canteens):
    first, second = canteens.site(), canteens.site("CT-430223103-002")
    diner = canteens.diner()
    here, there = canteens.device(first), canteens.device(second)
    canteens.send(there.write(diner, "2026-03-20T11:05:00"))
    with canteens.county.begin() as work:
        work.session.add(
            Settlement(
                site_id=canteens.sites[second],
                area=VILLAGE,
                month="2026-03",
                state="township_checked",
                digest="x",
                made_at=work.now,
                made_by=work.actor.account_id,
            )
        )
        work.record("test.settled", "canteen-settlement:1")
    assert counts(canteens.send(there.write(diner, "2026-03-21T11:00:00"))) == (0, 0, 0, 1)
    earlier = here.write(diner, "2026-03-20T10:00:00")
    assert counts(canteens.send(earlier)) == (0, 0, 1, 0)
    assert [row[2] for row in canteens.subsidies()] == [canteens.sites[second]]


def test_a_terminal_is_confirmed_by_another_person_and_gives_its_key_once(canteens):
    site = canteens.site()
    with canteens.county.begin("canteen_officer") as work:
        made = register_terminal(work, site, "窗口")
    with pytest.raises(Refused) as refused, canteens.county.begin("canteen_officer") as work:
        confirm_terminal(work, made.serial)
    assert refused.value.code == "E_TERMINAL_SELF"
    with canteens.county.begin("canteen_officer", name="second") as work:
        confirm_terminal(work, made.serial)
    with canteens.county.begin("canteen_officer") as work:
        assert len(hand_key(work, made.serial, made.claim)) == 64
    with pytest.raises(Refused, match="已经领过"), canteens.county.begin("canteen_officer") as work:
        hand_key(work, made.serial, made.claim)


def test_what_a_revoked_terminal_still_holds_is_kept_for_a_person(canteens):
    site, diner = canteens.site(), canteens.diner()
    device = canteens.device(site)
    held = device.write(diner, "2026-03-31T11:00:00")
    with canteens.county.begin("canteen_officer") as work:
        revoke_terminal(work, device.serial, "设备丢失")
    assert counts(canteens.send(held)) == (0, 0, 0, 1)
    with canteens.county.look("township_officer") as work:
        assert [one["code"] for one in list_questions(work)] == ["E_TERMINAL_REVOKED"]


@pytest.mark.proof("RS27")
def test_a_day_is_closed_when_every_entry_has_come_in(canteens, proof):
    site = canteens.site()
    device = canteens.device(site)
    lines = [
        device.write(canteens.diner(name), f"2026-03-31T11:0{at}:00")
        for at, name in enumerate(("王一", "王二", "王三"))
    ]
    canteens.send(lines[0], lines[2])
    with pytest.raises(Refused) as refused, canteens.county.begin("canteen_operator") as work:
        close_day(work, site, date(2026, 3, 31))
    assert refused.value.code == "E_DAY_UNSENT"
    canteens.send(lines[1])
    with canteens.county.begin("canteen_operator") as work:
        closed = close_day(work, site, date(2026, 3, 31))
        assert (closed.meals, closed.subsidised, closed.charged_fen, closed.subsidy_fen) == (3, 3, 1200, 1500)
    proof.counted(1)


def test_more_meals_within_a_minute_than_people_can_walk_are_a_question_of_the_audit(canteens):
    from core.values import Period
    from plugins.canteen.counter.bursts import find_bursts

    site = canteens.site()
    device = canteens.device(site)
    names = [canteens.diner(f"老人{chr(0x7532 + place)}") for place in range(21)]
    canteens.send(*(device.write(code, f"2026-03-30T11:{place:02d}:00") for place, code in enumerate(names)))
    with canteens.county.look() as work:
        assert list(find_bursts(work, Period("2026-03"))) == []
    canteens.send(*(device.write(code, f"2026-03-31T11:00:{place * 2:02d}") for place, code in enumerate(names)))
    with canteens.county.look() as work:
        [found] = find_bursts(work, Period("2026-03"))
    assert found.amount_fen == 21 * 500 and "2026-03-31" in found.reason
