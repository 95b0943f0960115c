"""How long a notice hangs: days, rest days, proof, early removal, objections."""

from datetime import date, datetime

import pytest

from core.errors import Forbidden, NotFound, Refused
from core.testing import OTHER_TOWN, TOWN, VILLAGE
from plugins.notices.api import is_complete, objections_open, require_complete, withdraw_notice
from plugins.notices.objections import Decision, NewObjection, decide_objection, take_objection
from plugins.notices.queries import show_notice
from plugins.notices.services import (
    Photo,
    PostNotice,
    RemovePosting,
    post_notice,
    prove_posting,
    remove_posting,
    take_down,
)

LEVELS = ("village", "township", "county")


def stand_on(clock, day):
    clock.set(datetime.fromisoformat(f"{day}T09:00:00+08:00"))


@pytest.fixture
def posted(county, opened, clock, photo):
    """Open a notice on a day, post it at every level that day and photograph it; answers its id."""

    def post_all(day="2026-03-02", levels=LEVELS, proven=LEVELS):
        stand_on(clock, day)
        notice = opened()
        with county.begin() as work:
            for level in levels:
                post_notice(work, notice, PostNotice(level=level, place="公开栏", posted_on=date.fromisoformat(day)))
                if level in proven:
                    prove_posting(work, notice, Photo(level=level, file_name="board.jpg", content=photo))
        return notice

    return post_all


def codes(refusal):
    return [(one.code, one.hint) for one in refusal.value.objections]


def test_a_week_posted_on_2_march_is_over_at_the_end_of_9_march(county, posted):
    notice = posted("2026-03-02")
    with county.look() as work:
        with pytest.raises(Refused) as refusal:
            require_complete(work, notice, date(2026, 3, 9))
        assert codes(refusal) == [("E_NOTICE_SHORT", level) for level in LEVELS]
        assert "2026-03-09" in refusal.value.message
        require_complete(work, notice, date(2026, 3, 10))
        assert is_complete(work, notice, date(2026, 3, 9)).from_day == date(2026, 3, 10)


def test_a_period_that_ends_on_a_rest_day_ends_on_the_next_working_day(county, posted):
    notice = posted("2026-02-28")  # 7 March is a Saturday
    with county.look() as work:
        assert is_complete(work, notice, date(2026, 3, 10)).complete
        assert not is_complete(work, notice, date(2026, 3, 9)).complete


def test_a_period_that_ends_in_the_spring_festival_waits_for_its_end(county, posted):
    notice = posted("2026-02-10")  # 17 February is the first day of the year of the horse
    with county.look() as work:
        ends = is_complete(work, notice, date(2026, 2, 18)).unfinished[0].ends_on
    assert ends == date(2026, 2, 24)


def test_a_level_that_is_missing_is_named(county, posted):
    notice = posted(levels=("village", "township"))
    with county.look() as work, pytest.raises(Refused) as refusal:
        require_complete(work, notice, date(2026, 3, 10))
    assert codes(refusal) == [("E_NOTICE_SHORT", "county")]


def test_without_photo_the_period_does_not_count(county, posted):
    notice = posted(proven=("village", "township"))
    with county.look() as work, pytest.raises(Refused) as refusal:
        require_complete(work, notice, date(2026, 3, 10))
    assert codes(refusal) == [("E_NOTICE_SHORT", "county")]
    assert "照片" in refusal.value.message


def test_taken_down_early_the_period_starts_anew(county, posted, clock, photo):
    notice = posted("2026-03-02")
    stand_on(clock, "2026-03-06")
    with county.begin() as work:
        wish = RemovePosting(level="village", removed_on=date(2026, 3, 5), reason="被大风刮走")
        assert remove_posting(work, notice, wish).early
        post_notice(work, notice, PostNotice(level="village", place="公开栏", posted_on=date(2026, 3, 6)))
        prove_posting(work, notice, Photo(level="village", file_name="board.jpg", content=photo))
    with county.look() as work:
        assert not is_complete(work, notice, date(2026, 3, 10)).complete
        assert is_complete(work, notice, date(2026, 3, 14)).from_day == date(2026, 3, 14)
        assert is_complete(work, notice, date(2026, 3, 14)).complete


def test_a_removal_after_the_period_is_no_early_one(county, posted, clock):
    notice = posted("2026-03-02")
    stand_on(clock, "2026-03-11")
    with county.begin() as work:
        wish = RemovePosting(level="village", removed_on=date(2026, 3, 10), reason="期满")
        assert not remove_posting(work, notice, wish).early
        require_complete(work, notice, date(2026, 3, 11))
        take_down(work, notice, date(2026, 3, 11))
    with county.look() as work:
        assert show_notice(work, notice)["state"] == "finished"


def test_taking_down_before_the_end_is_refused(county, posted, clock):
    notice = posted("2026-03-02")
    stand_on(clock, "2026-03-09")
    with county.begin() as work, pytest.raises(Refused) as refusal:
        take_down(work, notice, date(2026, 3, 9))
    assert refusal.value.code == "E_NOTICE_SHORT"


def test_no_step_lies_before_the_one_it_follows_nor_in_the_future(county, posted, opened):
    notice = posted("2026-03-02", levels=("village",))
    tries = [
        lambda work: post_notice(work, notice, PostNotice(level="county", place="栏", posted_on=date(2026, 3, 1))),
        lambda work: remove_posting(
            work, notice, RemovePosting(level="village", removed_on=date(2026, 3, 1), reason="x")
        ),
        lambda work: take_objection(work, notice, NewObjection(way="oral", text="不实", received_on=date(2026, 3, 1))),
    ]
    for wrong in tries:
        with county.begin() as work, pytest.raises(Refused) as refusal:
            wrong(work)
        assert refusal.value.code == "E_BACKDATE"
    with county.begin() as work, pytest.raises(Refused) as refusal:
        post_notice(work, notice, PostNotice(level="county", place="栏", posted_on=date(2026, 3, 3)))
    assert refusal.value.code == "E_NOTICE_DAY"


def test_an_open_objection_holds_the_notice_up_and_a_rejected_one_lets_it_go(county, posted, clock):
    notice = posted("2026-03-02")
    stand_on(clock, "2026-03-05")
    with county.begin() as work:
        taken = take_objection(
            work, notice, NewObjection(way="written", text="家里有车", who="邻居", received_on=date(2026, 3, 4))
        )
        assert taken.due_on == date(2026, 3, 18)  # ten working days
        number = taken.id
        assert "家里有车".encode() not in taken.text_sealed
    with county.look() as work:
        assert objections_open(work, notice) == 1
        with pytest.raises(Refused) as refusal:
            require_complete(work, notice, date(2026, 3, 10))
        assert refusal.value.code == "E_NOTICE_OBJECTION"
    stand_on(clock, "2026-03-10")
    with county.begin("township_officer", TOWN) as work:
        wish = Decision(outcome="rejected", reason="车是借的", decided_on=date(2026, 3, 10))
        decide_objection(work, number, wish)
    with county.begin("township_officer", TOWN) as work, pytest.raises(Refused) as refusal:
        decide_objection(work, number, wish)
    assert refusal.value.code == "E_NOTICE_STATE"
    with county.look() as work:
        require_complete(work, notice, date(2026, 3, 10))


def test_an_upheld_objection_withdraws_the_sheet_or_strikes_its_line(county, posted, clock):
    for position, state, struck in ((None, "withdrawn", []), (1, "posted", [1])):
        notice = posted("2026-03-02")
        with county.begin() as work:
            wish = NewObjection(way="oral", text="不实", received_on=date(2026, 3, 2), position=position)
            number = take_objection(work, notice, wish).id
        with county.begin() as work:
            decide_objection(work, number, Decision(outcome="upheld", reason="属实", decided_on=date(2026, 3, 2)))
        with county.look() as work:
            shown = show_notice(work, notice)
            assert (shown["state"], shown["struck"]) == (state, struck)
            assert is_complete(work, notice, date(2026, 3, 10)).complete is (position is not None)


def test_an_objection_is_still_answered_after_the_sheet_was_withdrawn(county, posted):
    notice = posted("2026-03-02")
    wish = NewObjection(way="oral", text="不实", received_on=date(2026, 3, 2))
    with county.begin() as work:
        numbers = [take_objection(work, notice, wish).id for _n in range(2)]
    for number in numbers:
        with county.begin() as work:
            decide_objection(work, number, Decision(outcome="upheld", reason="属实", decided_on=date(2026, 3, 2)))
    with county.look() as work:
        assert objections_open(work, notice) == 0


def test_a_withdrawn_notice_takes_no_further_step(county, posted):
    notice = posted("2026-03-02")
    with county.begin() as work:
        withdraw_notice(work, notice, "名单有误")
    wish = PostNotice(level="village", place="栏", posted_on=date(2026, 3, 2))
    with county.begin() as work, pytest.raises(Refused) as refusal:
        post_notice(work, notice, wish)
    assert refusal.value.code == "E_NOTICE_STATE"
    with county.look() as work, pytest.raises(Refused) as refusal:
        require_complete(work, notice, date(2026, 3, 10))
    assert refusal.value.code == "E_NOTICE_SHORT"
    with county.begin() as work, pytest.raises(Refused) as refusal:
        withdraw_notice(work, notice, "再撤一次")
    assert refusal.value.code == "E_NOTICE_STATE"


def test_another_town_finds_nothing_and_a_township_cannot_speak_for_the_county_board(county, opened):
    notice = opened()
    with county.look("township_officer", OTHER_TOWN) as work, pytest.raises(NotFound):
        show_notice(work, notice)
    wish = PostNotice(level="county", place="栏", posted_on=date(2026, 11, 20))
    with county.begin("township_officer", TOWN) as work, pytest.raises(Forbidden):
        post_notice(work, notice, wish)
    with county.begin("clerk", "430223") as work:
        post_notice(work, notice, wish)
    with county.look("township_officer", TOWN) as work:
        assert [one["may_post"] for one in show_notice(work, notice)["levels"]] == [True, True, False]


def test_days_and_levels_are_the_policy_of_the_day_it_was_opened(county, opened, posted):
    from core.policy import SetPolicy, set_policy

    before = posted("2026-03-02")
    with county.begin("system_admin") as work:
        set_policy(work, SetPolicy(key="workflow.notice_days", value=5, valid_from=date(2026, 3, 1), document="县1号"))
        set_policy(work, SetPolicy(key="notice.levels", value=["village"], valid_from=None, document="县2号"))
    with county.look() as work:
        assert not is_complete(work, before, date(2026, 3, 9)).complete
    after = opened()
    with county.look() as work:
        shown = show_notice(work, after)
    assert (shown["days"], [one["level"] for one in shown["levels"]]) == (5, ["village"])


def test_a_county_that_counts_working_days_waits_for_five_of_them(county, posted, clock):
    from core.policy import SetPolicy, set_policy

    stand_on(clock, "2026-03-02")
    with county.begin("system_admin") as work:
        for key, value in (("workflow.notice_days", 5), ("notices.day_kind", "working")):
            set_policy(work, SetPolicy(key=key, value=value, valid_from=date(2026, 3, 1), document="省1号"))
    notice = posted("2026-03-04")  # Wednesday
    with county.look() as work:
        assert is_complete(work, notice, date(2026, 3, 12)).from_day == date(2026, 3, 12)


def test_three_levels_and_two_notices_are_six_periods_each_of_which_is_needed(county, posted):
    first, second = posted("2026-03-02"), posted("2026-03-11", levels=("village", "township"))
    with county.look() as work:
        assert is_complete(work, first, date(2026, 3, 20)).complete
        with pytest.raises(Refused) as refusal:
            require_complete(work, second, date(2026, 3, 20))
    assert codes(refusal) == [("E_NOTICE_SHORT", "county")]


def test_a_board_that_was_done_earlier_counts_while_another_is_still_posted(county, posted, clock):
    notice = posted("2026-03-02", levels=("village", "township"))
    stand_on(clock, "2026-03-11")
    with county.begin() as work:
        remove_posting(work, notice, RemovePosting(level="village", removed_on=date(2026, 3, 10), reason="期满"))
        post_notice(work, notice, PostNotice(level="county", place="栏", posted_on=date(2026, 3, 11)))
    with county.look() as work:
        assert show_notice(work, notice)["state"] == "posted"


def test_a_long_term_notice_stands_without_end(county, opened, clock, photo, person):
    from plugins.notices.api import NoticeRow

    row = NoticeRow(person_id=person("李大山"), values={"members": 3, "amount": 100000})
    notice = opened(type="notices.recipients", rows=(row,), area=VILLAGE, levels=("village",))
    with county.begin() as work:
        posting = post_notice(work, notice, PostNotice(level="village", place="栏", posted_on=date(2026, 11, 20)))
        assert posting.ends_on is None
        prove_posting(work, notice, Photo(level="village", file_name="a.jpg", content=photo))
    stand_on(clock, "2027-03-01")
    with county.begin() as work:
        take_down(work, notice, date(2027, 3, 1))
    with county.look() as work:
        assert show_notice(work, notice)["state"] == "finished"
