"""The state table of the handbook, row by row, with its guards; whatever is not in it is refused."""

import pytest

from core.api import Refused
from plugins.casework.moves import MOVES
from plugins.casework.services.advancing import possible
from plugins.casework.words import STATES

VISIT = {"investigators": ["周敏", "赵丽"], "signer": "陈志强"}


def codes(refusal) -> list[str]:
    """The codes of a refusal."""
    return [one.code for one in refusal.value.objections]


def refused(place, number, event, **data) -> list[str]:
    """The codes with which a step is refused."""
    with pytest.raises(Refused) as refusal:
        place.step(number, event, **data)
    return codes(refusal)


def test_a_new_case_is_a_draft_without_a_running_clock(place):
    number = place.new()
    found = place.show(number)
    assert (number, found["state"], found["deadline"]) == ("DB-430223-2026-000001", "draft", None)


def test_draft_is_submitted_with_every_paper_and_signature(place):
    number = place.submitted()
    assert place.show(number)["state"] == "submitted"


def test_submission_names_the_adult_who_did_not_sign(place):
    number = place.new()
    with pytest.raises(Refused) as refusal:
        place.step(number, "submit", papers=["identity", "income"], signed_by=["陈志强", "周桂兰"])
    assert [(one.code, one.reason) for one in refusal.value.objections] == [
        ("E_AUTH_MISSING", "成年家庭成员李秀英未签署授权")
    ]
    assert place.show(number)["state"] == "draft"


def test_submission_names_the_papers_that_lack(place):
    number = place.new()
    found = refused(place, number, "submit", signed_by=["陈志强", "李秀英", "周桂兰"])
    assert set(found) == {"E_PAPER_MISSING"}


def test_acceptance_starts_the_clock_and_the_limit_skips_the_holiday(place):
    number = place.submitted()
    done = place.step(number, "accept")
    assert (done["state"], str(done["deadline"])) == ("accepted", "2026-04-14")


def test_the_special_limit_is_longer(place):
    number = place.submitted()
    assert str(place.step(number, "accept", special="成员在外省")["deadline"]) == "2026-05-08"


def test_submitted_goes_back_to_draft_with_everything_missing_told_once(place):
    number = place.submitted()
    done = place.step(number, "return", reason="缺存折", missing=["income"])
    assert done["state"] == "draft"
    assert [one["kind"] for one in place.show(number)["papers"] if one["told_on"]] == ["income"]
    place.step(number, "submit", papers=["income"])
    assert refused(place, number, "return", reason="又缺", missing=["identity"]) == ["E_TOLD_ONCE"]


def test_submitted_is_not_accepted_with_a_reason(place):
    number = place.submitted()
    assert place.step(number, "reject_formally", reason="户籍不在本县")["state"] == "not_accepted"


@pytest.mark.parametrize(
    ("state", "event", "data", "to"),
    [
        ("accepted", "start_check", {}, "checking"),
        ("checking", "check_report", {"report": "HD-1"}, "investigating"),
        ("investigating", "visit_done", VISIT, "appraising"),
        ("appraising", "ballot_pass", {}, "noticing_1"),
        ("appraising", "ballot_fail", {}, "township_review"),
        ("township_review", "minutes_ok", {"minutes": "纪要 3"}, "county_review"),
        ("county_review", "return_to_township", {"reason": "再核实"}, "investigating"),
        ("county_review", "propose_grant", {}, "noticing_2"),
        ("county_review", "refuse", {"reason": "收入高于标准", "rule": "第八条"}, "refused"),
        ("county_review", "withdraw", {}, "withdrawn"),
    ],
)
def test_a_row_of_the_table_leads_to_its_state(place, state, event, data, to):
    number = place.until(state)
    assert place.step(number, event, **data)["state"] == to


def test_only_what_the_table_has_is_possible_everywhere_else_is_skipping(place):
    number = place.new()
    for event in MOVES:
        if event not in ("submit", "withdraw"):
            assert "E_SKIP_STEP" in refused(place, number, event)
    assert place.show(number)["state"] == "draft"


def test_every_state_but_the_ends_has_a_way_out():
    reached = {state for move in MOVES.values() for state in move.states}
    assert set(STATES) - reached == {"not_accepted", "withdrawn"}


def test_a_visit_by_one_is_refused_and_so_is_one_nobody_signed(place):
    number = place.until("investigating")
    assert refused(place, number, "visit_done", investigators=["周敏"], signer="陈志强") == ["E_INVESTIGATORS"]
    assert refused(place, number, "visit_done", investigators=["周敏", "周敏"], signer="陈志强") == ["E_INVESTIGATORS"]
    assert refused(place, number, "visit_done", investigators=["周敏", "赵丽"]) == ["E_SIGNATURE"]


def test_a_step_is_not_dated_before_the_one_before(place):
    number = place.until("accepted")
    assert refused(place, number, "start_check", on="2026-02-27") == ["E_BACKDATE"]
    assert refused(place, number, "start_check", on="2026-03-03") == ["E_DAY"]


def test_the_township_review_needs_minutes(place):
    number = place.until("township_review")
    assert refused(place, number, "minutes_ok") == ["E_MINUTES"]


def test_a_negative_vote_never_decides_before_another_look(place):
    number = place.until("appraising")
    place.step(number, "ballot_fail")
    place.step(number, "minutes_ok", minutes="纪要 1")
    assert refused(place, number, "propose_grant") == ["E_SKIP_STEP"]
    assert refused(place, number, "refuse", reason="票决未通过", rule="第八条") == ["E_SKIP_STEP"]
    place.step(number, "return_to_township", reason="票决未通过，重新调查")
    place.step(number, "visit_done", **VISIT)
    place.step(number, "ballot_fail")
    place.step(number, "minutes_ok", minutes="纪要 2")
    assert place.step(number, "propose_grant")["state"] == "noticing_2"


def test_the_notice_clock_of_the_handbook(place):
    number = place.until("noticing_1")
    place.publish(number)
    place.at("2026-03-09")
    assert set(refused(place, number, "period_end_no_objection")) == {"E_NOTICE_SHORT"}
    place.at("2026-03-10")
    assert place.step(number, "period_end_no_objection")["state"] == "township_review"


def test_a_grant_needs_all_six_slots(place):
    from plugins.notices import services as notices
    from plugins.notices.api import notices_of

    number = place.until("county_review")
    place.step(number, "propose_grant")
    with place.county.begin("clerk") as work:
        second = notices_of(work, f"case:{number}")[-1]
        for level in ("village", "township"):
            wish = notices.PostNotice(level=level, place="栏", posted_on=work.today)
            notices.post_notice(work, second, wish)
            notices.prove_posting(work, second, notices.Photo(level=level, file_name="a.jpg", content=b"\xff\xd8\xff"))
    place.at("2026-04-07")
    with pytest.raises(Refused) as refusal:
        place.step(number, "period_end")
    assert [(one.code, one.hint) for one in refusal.value.objections] == [("E_NOTICE_SHORT", "county")]


def test_an_objection_holds_the_case_until_it_is_decided_and_sends_it_back_when_upheld(place):
    from plugins.notices.objections import Decision, NewObjection, decide_objection, take_objection

    number = place.until("noticing_1")
    notice = place.publish(number)
    place.at("2026-03-07")
    with place.county.begin("clerk") as work:
        wish = NewObjection(way="oral", text="有车", received_on=work.today)
        objection = take_objection(work, notice, wish).id
    place.at("2026-03-10")
    assert refused(place, number, "period_end_no_objection") == ["E_NOTICE_OBJECTION"]
    with place.county.begin("clerk") as work:
        decide_objection(work, objection, Decision(outcome="upheld", reason="确有车", decided_on=work.today))
    assert place.show(number)["state"] == "re_investigating"
    assert place.step(number, "done", reason="车已报废", **VISIT)["state"] == "noticing_1"
    assert len(place.show(number)["notices"]) == 2


def test_a_rejected_objection_lets_the_case_go_on(place):
    from plugins.notices.objections import Decision, NewObjection, decide_objection, take_objection

    number = place.until("noticing_1")
    notice = place.publish(number)
    with place.county.begin("clerk") as work:
        wish = NewObjection(way="oral", text="听说有房", received_on=work.today)
        objection = take_objection(work, notice, wish).id
        decide_objection(work, objection, Decision(outcome="rejected", reason="查无此事", decided_on=work.today))
    place.at("2026-03-10")
    assert place.step(number, "period_end_no_objection")["state"] == "township_review"


def test_a_registered_relative_is_visited_by_the_county_first(place):
    number = place.until("county_review")
    relative = {"member": "陈志强", "staff_name": "陈志刚", "post": "村主任", "level": "village", "relation": "sibling"}
    place.act(number, "relative", **relative)
    assert refused(place, number, "propose_grant") == ["E_REL_VISIT"]
    place.act(number, "visit", investigators=["王某", "李某"], signer="陈志强")
    assert place.step(number, "propose_grant")["state"] == "noticing_2"


def test_a_relative_neither_visits_nor_acts(place):
    number = place.until("investigating")
    account = place.county.account("township_officer")
    relative = {"member": "陈志强", "staff_name": "周敏", "account": account, "post": "干事", "level": "township"}
    place.act(number, "relative", relation="sibling", **relative)
    found = refused(place, number, "visit_done", **VISIT)
    assert set(found) == {"E_RECUSAL", "E_INVESTIGATORS"}


def test_a_refusal_needs_reasons_and_the_rule(place):
    number = place.until("county_review")
    assert refused(place, number, "refuse") == ["E_NO_REASON", "E_NO_REASON"]


def test_the_clock_stands_still_while_the_family_is_waited_for(place):
    number = place.until("checking")
    place.step(number, "ask_applicant", reason="补交存折")
    assert place.show(number)["clock"]["light"] == "stopped"
    assert refused(place, number, "check_report", report="HD-1") == ["E_WAITING"]
    place.at("2026-03-09")
    assert str(place.step(number, "supplied")["deadline"]) == "2026-04-21"


def test_who_withdraws_is_free_to_apply_again(place):
    household = place.family()
    number = place.new(household)
    with pytest.raises(Refused) as refusal:
        place.new(household)
    assert set(codes(refusal)) == {"E_FAM_OVERLAP"}
    place.step(number, "withdraw")
    assert place.new(household).endswith("000002")


def test_a_decided_refusal_is_taken_up_again_when_the_appeal_is_won(place):
    number = place.until("county_review")
    place.step(number, "refuse", reason="收入高于标准", rule="第八条")
    assert place.step(number, "appeal_won", document="复决〔2026〕1 号")["state"] == "county_review"


def test_the_database_refuses_a_gap_a_back_date_and_a_change_of_the_log(place):
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    number = place.until("accepted")
    case = place.show(number)["id"]
    row = (
        "INSERT INTO casework_event (case_id, position, event, from_state, to_state, happened_on, at, acted_by, office,"
        " reason, data) VALUES ({}, {}, 'x', '{}', 'checking', '{}', '2026-03-02 09:00:00', 1, '', '', '{{}}')"
    )
    for words in (
        row.format(case, 9, "accepted", "2026-03-02"),
        row.format(case, 4, "draft", "2026-03-02"),
        row.format(case, 4, "accepted", "2026-03-01"),
        f"UPDATE casework_event SET reason = 'y' WHERE case_id = {case}",
        f"DELETE FROM casework_event WHERE case_id = {case}",
        f"UPDATE casework_case SET state = 'approved', decided_on = '2026-03-02' WHERE id = {case}",
        f"DELETE FROM casework_case WHERE id = {case}",
    ):
        with pytest.raises(DBAPIError), place.county.host.database.transaction(write=True) as connection:
            connection.execute(text(words))


def test_what_is_possible_is_what_the_table_says(place):
    from plugins.casework.facts import case_by_id

    number = place.until("township_review")
    with place.county.look() as work:
        found = possible(case_by_id(work, place.show(number)["id"]))
    assert found == ["return", "minutes_ok", "withdraw", "ask_applicant", "supplied"]
