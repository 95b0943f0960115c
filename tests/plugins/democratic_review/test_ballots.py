"""Votes: the worked examples, every refusal of the handbook, second votes, corrections, and the database itself."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from core.api import Refused

from .conftest import OTHER, VILLAGE, members


def codes(refusal) -> set[str]:
    return {one.code for one in refusal.value.objections}


def rows(place, table: str) -> int:
    with place.county.look() as work:
        return work.session.scalar(text(f"SELECT count(*) FROM democratic_review_{table}"))  # noqa: S608


def test_eight_of_fifteen_pass_and_seven_fail(place):
    place.panel()
    passed = place.vote(place.case())
    assert (passed["voters"], passed["base"], passed["passed"], passed["valid"]) == (15, 19, True, True)
    assert passed["quorum"] == 0.7895
    assert passed["items"][0]["quorum_percent"] == "78.9%"
    failed = place.vote(place.case(), agree=7, disagree=6)
    assert (failed["agree"], failed["disagree"], failed["abstain"], failed["passed"]) == (7, 6, 2, False)


def test_twelve_of_twenty_one_are_too_few(place):
    place.panel()
    case = place.case()
    with pytest.raises(Refused) as refusal:
        place.vote(case, present=12, recused=0, agree=12, disagree=0, abstain=0)
    assert codes(refusal) == {"E_BALLOT_QUORUM"}
    assert "57.1%" in refusal.value.objections[0].reason
    assert rows(place, "session") == rows(place, "item") == 0


def test_fourteen_votes_of_fifteen_ballots_do_not_balance(place):
    place.panel()
    case = place.case()
    with pytest.raises(Refused) as refusal:
        place.vote(case, issued=15, returned=15, agree=8, disagree=5, abstain=1, invalid=0)
    assert codes(refusal) == {"E_BALLOT_SUM"}
    assert rows(place, "session") == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"issued": 16, "agree": 9},
        {"issued": 14, "returned": 15},
        {"valid": 14, "invalid": 0},
        {"present": 22},
        {"present": 0},
        {"present": 30, "recused": 21},
    ],
)
def test_more_ballots_than_voters_and_other_sums_are_refused(place, wrong):
    place.panel()
    case = place.case()
    with pytest.raises(Refused) as refusal:
        place.vote(case, **wrong)
    assert "E_BALLOT_SUM" in codes(refusal) or "E_BALLOT_QUORUM" in codes(refusal)
    assert rows(place, "session") == 0


def test_fewer_than_nine_voters_are_too_few_even_when_the_share_is_reached(place, run):
    ran = run("policy", "set", "ballot.panel_minimum", "9", "--document", "文 1", "--json")
    assert ran.exit_code == 0, ran.talk
    place.panel(given=members(9, 2, 3))
    case = place.case()
    with pytest.raises(Refused) as refusal:
        place.vote(case, panel=9, present=8, recused=0, agree=8, disagree=0, abstain=0)
    assert codes(refusal) == {"E_BALLOT_QUORUM"}


def test_an_observer_and_a_scrutineer_are_named(place):
    place.panel()
    case = place.case()
    with pytest.raises(Refused) as refusal:
        place.vote(case, observer="", scrutineer="", panel=20)
    assert codes(refusal) == {"E_BALLOT_OBSERVER", "E_BALLOT_SCRUTINEER", "E_BALLOT_PANEL"}


def test_what_is_left_out_follows_when_nothing_went_wrong(place):
    place.panel()
    item = place.vote(place.case())["items"][0]
    assert (item["issued"], item["returned"], item["valid_ballots"], item["invalid"]) == (15, 15, 15, 0)
    item = place.vote(place.case(), invalid=1, agree=8, disagree=4)["items"][0]
    assert (item["returned"], item["valid_ballots"], item["invalid"], item["passed"]) == (15, 14, 1, True)


def test_an_invalid_ballot_stays_in_the_denominator(place):
    place.panel()
    item = place.vote(place.case(), present=18, invalid=2, agree=8, disagree=4, abstain=2)["items"][0]
    assert (item["returned"], item["needed"], item["passed"]) == (16, 9, False)


def test_a_counted_member_of_the_family_who_sits_on_the_panel_has_to_leave(place):
    case = place.case()
    place.panel(given=members(n10=str(place.families[case][1])))
    with pytest.raises(Refused) as refusal:
        place.vote(case, recused=0, agree=10)
    assert codes(refusal) == {"E_BALLOT_RECUSAL"}
    assert "李秀英" in refusal.value.objections[0].reason
    with pytest.raises(Refused) as refusal:
        place.vote(case, recused=[{"member": "成员01", "relation": "sibling"}], agree=9)
    assert codes(refusal) == {"E_BALLOT_RECUSAL"}
    done = place.vote(case, recused=[{"member": "李秀英", "relation": "spouse"}], agree=9)
    assert (done["voters"], done["base"]) == (16, 20)


def test_who_was_declared_a_near_relative_has_to_leave(place, run):
    case = place.case()
    place.panel()
    given = ("--member", "成员09", "--person", str(place.families[case][0]), "--relation", "sibling")
    ran = run("democratic-review", "panel", "relative", "--village", VILLAGE, *given, "--json")
    assert ran.exit_code == 0, ran.talk
    with pytest.raises(Refused) as refusal:
        place.vote(case, recused=0, agree=10)
    assert codes(refusal) == {"E_BALLOT_RECUSAL"}
    assert place.vote(case, recused=1, agree=9)["base"] == 20


def test_who_was_registered_with_the_case_as_a_near_relative_has_to_leave(place):
    from plugins.casework.services.handling import declare_relative
    from plugins.casework.wishes import DeclareRelative

    case = place.case()
    place.panel()
    declared = {"staff_name": "成员03", "post": "村主任", "level": "village", "relation": "sibling"}
    with place.county.begin("clerk") as work:
        declare_relative(work, case, DeclareRelative(member=str(place.families[case][0]), **declared))
    with pytest.raises(Refused) as refusal:
        place.vote(case, recused=0, agree=10)
    assert codes(refusal) == {"E_BALLOT_RECUSAL"}
    assert place.vote(case, recused=1, agree=9)["base"] == 20


def test_a_name_of_the_family_has_to_leave_until_the_number_tells_another_person(place):
    case = place.case(names=("何建军", "李秀英"))
    seats = members()
    seats[7]["name"] = "何建军"
    place.panel(given=seats)
    with pytest.raises(Refused) as refusal:
        place.vote(case, recused=0, agree=10)
    assert codes(refusal) == {"E_BALLOT_RECUSAL"}
    seats[7]["person"] = str(place.person("何建军"))
    place.at("2026-03-03")
    place.panel(given=seats, term_from="2026-03-03")
    assert place.vote(case, recused=0, agree=10)["passed"]


def test_who_left_but_was_not_there_counts_in_neither_number(place):
    case = place.case()
    place.panel()
    present = [f"成员{at:02d}" for at in range(1, 17)]
    done = place.vote(case, present=present, recused=["成员01：兄弟姐妹", "成员21"], agree=8, disagree=5, abstain=2)
    assert (done["voters"], done["base"]) == (15, 19)
    with place.county.look() as work:
        from plugins.democratic_review.queries import show_ballot

        found = show_ballot(work, done["ballot"])
    assert found["attended"] == present
    assert [one["relation"] for one in found["items"][0]["recusals"]] == ["sibling", "relative"]


def test_a_stranger_or_a_name_given_twice_was_not_present(place):
    case = place.case()
    place.panel()
    for present in (["成员99"], ["成员01", "成员01"]):
        with pytest.raises(Refused) as refusal:
            place.vote(case, present=present)
        assert codes(refusal) == {"E_BALLOT_MEMBER"}


def test_only_a_case_that_waits_for_its_own_village_is_voted_on(place):
    place.panel()
    place.panel(OTHER)
    case = place.case()
    with pytest.raises(Refused) as refusal:
        place.vote(case, village=OTHER)
    assert codes(refusal) == {"E_BALLOT_AREA"}
    with pytest.raises(Refused) as refusal:
        place.vote(case, on="2026-03-01")
    assert codes(refusal) == {"E_BACKDATE"}
    with pytest.raises(Refused) as refusal:
        place.vote(case, on="2026-03-05")
    assert codes(refusal) == {"E_BALLOT_DAY"}
    place.vote(case)
    place.step(case, "ballot_pass")
    with pytest.raises(Refused) as refusal:
        place.vote(case)
    assert codes(refusal) == {"E_SKIP_STEP"}


def test_a_second_vote_needs_a_ground_and_there_is_no_third(place):
    place.panel()
    case = place.case()
    assert not place.vote(case, agree=7, disagree=6)["passed"]
    with pytest.raises(Refused) as refusal:
        place.vote(case)
    assert codes(refusal) == {"E_BALLOT_REVOTE"}
    again = place.vote(case, ground="new_facts", reason="补交了住院证明")
    assert (again["passed"], again["items"][0]["round"]) == (True, 2)
    with pytest.raises(Refused) as refusal:
        place.vote(case, ground="objection", reason="有人反映")
    assert codes(refusal) == {"E_BALLOT_REVOTE"}


def test_a_wrong_record_is_replaced_by_one_that_names_it(place, run):
    place.panel()
    case = place.case()
    first = place.vote(case, agree=7, disagree=6)
    item = first["items"][0]["id"]
    file = place.file({"agree": 8, "disagree": 5, "abstain": 2})
    ran = run("democratic-review", "ballot", "replace", str(item), "--file", file, "--reason", "唱票记错", "--json")
    assert (ran.exit_code, ran.data["passed"], ran.data["voters"]) == (0, True, 15), ran.talk
    again = run("democratic-review", "ballot", "replace", str(item), "--file", file, "--reason", "再改", "--json")
    assert again.error["code"] == "E_BALLOT_REPLACED"
    place.step(case, "ballot_pass")
    newest = ran.data["items"][0]["id"]
    late = run("democratic-review", "ballot", "replace", str(newest), "--file", file, "--reason", "再改", "--json")
    assert (late.exit_code, late.error["code"]) == (3, "E_SKIP_STEP")
    assert rows(place, "item") == 2


def test_the_database_refuses_wrong_sums_and_every_change(place):
    place.panel()
    place.vote(place.case())
    for table in ("session", "item", "recusal", "attendance"):
        if not rows(place, table):
            continue
        column = {"recusal": "relation", "attendance": "member_id"}.get(table, "held_on")
        for words in (
            f"UPDATE democratic_review_{table} SET {column} = {column}",
            f"DELETE FROM democratic_review_{table}",
        ):
            with pytest.raises(DatabaseError), place.county.host.database.transaction(write=True) as connection:
                connection.execute(text(words))
    with place.county.look() as work:
        item = dict(work.session.execute(text("SELECT * FROM democratic_review_item")).mappings().one())
    wrong = [{"issued": 16}, {"returned": 16}, {"valid": 14}, {"agree": 9}, {"agree": -1, "disagree": 14}, {"base": 1}]
    for one in wrong:
        values = {**item, "id": 99, **one}
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        insert = text(f"INSERT INTO democratic_review_item ({names}) VALUES ({marks})")  # noqa: S608
        with pytest.raises(DatabaseError), place.county.host.database.transaction(write=True) as connection:
            connection.execute(insert, values)
    assert rows(place, "item") == 1


def test_several_votes_of_one_meeting_stand_together_or_fall_together(place):
    place.panel()
    case = place.case()
    good = {"case": case, "recused": 2, "agree": 8, "disagree": 5, "abstain": 2}
    listed = {"kind": "housing", "scheme": "housing", "reference": "2026-1", "agree": 17, "disagree": 0}
    done = place.vote(items=[good, listed])
    assert [one["kind"] for one in done["items"]] == ["case", "housing"]
    assert done["items"][1]["voters"] == 17
    with pytest.raises(Refused) as refusal:
        place.vote(items=[{**listed, "reference": "2026-2"}, {**listed, "reference": "2026-3", "agree": 18}])
    assert codes(refusal) == {"E_BALLOT_SUM"}
    assert refusal.value.objections[0].field == "items.1.agree"
    with pytest.raises(Refused) as refusal:
        place.vote(items=[{**listed, "reference": "2026-4"}, {**listed, "reference": "2026-4"}])
    assert codes(refusal) == {"E_BALLOT_REVOTE"}
    assert rows(place, "item") == 2


def test_members_that_come_with_the_record_become_the_panel(place):
    case = place.case()
    done = place.vote(case, panel_members=members(), panel_document="村民代表会议 3 号")
    assert done["passed"]
    assert place.vote(place.case(), panel_members=members())["passed"]
    with pytest.raises(Refused) as refusal:
        place.vote(place.case(), panel_members=members(20))
    assert "E_PANEL_STANDS" in codes(refusal)


def test_a_village_without_a_panel_cannot_vote(place):
    case = place.case()
    with pytest.raises(Refused) as refusal:
        place.vote(case)
    assert codes(refusal) == {"E_PANEL_MISSING"}
