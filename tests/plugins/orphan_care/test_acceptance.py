"""The acceptance examples of the handbook's page, by their numbers; 1 is the journey."""

from datetime import date

import pytest

from core.errors import Refused
from plugins.orphan_care import acts, due_lists

from .conftest import DEAD, VILLAGE, parents

PRISON = {"kind": "prison", "document": "判决书 1 号", "since": date(2026, 1, 1), "until": date(2026, 5, 1)}
LIMB = {"kind": "severe_disab", "document": "残疾证", "disability": "limb"}


def refusals(act, *given, **named) -> list:
    with pytest.raises(Refused) as caught:
        act(*given, **named)
    return list(caught.value.objections)


def codes(act, *given, **named) -> list[str]:
    return sorted({one.code for one in refusals(act, *given, **named)})


def test_2_a_child_of_17_years_and_11_months_approved_in_march_is_paid_from_april(place):
    place.at("2026-03-20")
    number = place.approved(place.person(born=date(2008, 4, 15)))
    shown = place.show(number)
    assert (shown["state"], shown["from_month"]) == ("approved", "2026-04")
    place.at("2026-04-01")
    assert place.show(number)["state"] == "active"
    assert place.lines(place.roll("2026-04")) == [("2026-04", "BASIC", 76_000)]


def test_3_and_4_the_eighteenth_birthday_ends_the_allowance_unless_school_carries_it_on(place):
    leaves, stays = (place.person(name, born=date(2008, 5, 10)) for name in ("周小甲", "周小乙"))
    leaver, pupil = place.approved(leaves), place.approved(stays)
    place.at("2026-03-10")
    with place.county.look() as work:
        assert due_lists.coming_of_age(work) == []
    place.at("2026-03-11")  # 60 days before
    with place.county.look() as work:
        waiting = due_lists.coming_of_age(work)
    assert {one["number"]: one["due_on"] for one in waiting} == dict.fromkeys((leaver, pupil), date(2026, 5, 10))
    assert codes(
        place.act, "school", pupil, school="某大学", schooling="postgraduate", school_until=date(2027, 7, 1)
    ) == ["E_ORPHAN_AGE"]
    place.act("school", pupil, school="县一中", schooling="senior", school_until=date(2027, 6, 30), school_document="1")
    assert place.show(pupil)["category"] == "CONT_EDU"
    place.money()
    for month in ("2026-02", "2026-03", "2026-04", "2026-05"):
        place.at(f"{month}-20" if month > "2026-03" else "2026-04-20")
        assert len(place.lines(place.paid(month))) == 2
    place.at("2026-06-05")
    june = place.roll("2026-06")
    assert place.lines(june) == [("2026-06", "BASIC", 76_000)]
    assert june["by_category"] == {"CONT_EDU": 76_000}
    assert place.show(leaver)["adult_on"] == date(2026, 5, 10)


def test_5_to_7_custody_disability_and_lost_contact_are_held_to_their_terms(place):
    child = place.person()
    for_child = {"child": child, "category": "UNATT", "guardian_id": place.guardian()}
    assert codes(place.apply, **for_child, **parents(DEAD, PRISON)) == ["E_BASIS_TERM"]
    wrong = refusals(place.apply, **for_child, **parents({**LIMB, "grade": 3}, {**LIMB, "grade": 2}))
    assert [one.code for one in wrong] == ["E_BASIS_GRADE"]
    assert "1、2" in wrong[0].reason and "3、4" in wrong[0].reason
    lost = {"kind": "lost_contact", "document": "报警回执", "since": date(2026, 1, 15)}
    place.at("2026-07-15")
    early = refusals(place.apply, **for_child, **parents(DEAD, lost), applied_on=date(2026, 6, 30))
    assert [(one.code, "2026-07-15" in (one.hint or "")) for one in early] == [("E_LOST_6M", True)]
    assert place.apply(**for_child, **parents(DEAD, lost), applied_on=date(2026, 7, 15)).state == "applied"
    other = place.apply(place.person(), category="UNATT", **parents({**LIMB, "grade": 2}, {**LIMB, "grade": 2}))
    assert other.state == "applied"


def test_8_beside_dibao_an_unattended_child_gets_the_gap(place):
    lost = {"kind": "revoked", "document": "裁定书"}
    aid = {"outside_kind": "dibao", "outside_yuan": "270.00", "outside_from": "2026-01", "outside_document": "低保证"}
    number = place.approved(category="UNATT", **parents(DEAD, lost), **aid)
    place.at("2026-02-10")
    place.money()
    assert place.lines(place.paid("2026-02")) == [("2026-02", "BASIC", 49_000)]
    place.at("2026-03-10")
    place.act("aid-end", number, kind="dibao", last_month="2026-02")
    assert place.lines(place.paid("2026-03")) == [("2026-03", "BASIC", 76_000)]
    assert codes(place.act, "aid", number, kind="tekun", yuan="500", from_month="2026-04", document="x") == [
        "E_EXCLUSIVE"
    ]
    place.at("2026-04-10")
    place.act("aid", number, kind="living_allowance", yuan="800", from_month="2026-04", document="残疾人补贴")
    assert place.roll("2026-04")["lines"] == 0


def test_9_a_move_into_the_home_in_april_is_paid_from_may(place):
    number = place.approved()
    place.at("2026-04-20")
    place.act("category", number, category="ORPHAN_INST", on=date(2026, 4, 18), institution="FLY", reason="入院")
    place.money()
    april = place.paid("2026-04")
    assert [one for one in place.lines(april) if one[0] == "2026-04"] == [("2026-04", "BASIC", 76_000)]
    place.at("2026-05-10")
    assert place.lines(place.paid("2026-05")) == [("2026-05", "BASIC", 124_000)]
    shown = place.show(number)
    assert (shown["category"], shown["institution"]) == ("ORPHAN_INST", "县儿童福利院")


def test_11_a_pairing_is_fulfilled_to_three_quarters_and_the_allowance_unchanged(place):
    number = place.approved(needs="课外书和运动鞋")
    before = place.roll("2026-02")["total_fen"]
    with place.county.begin() as work:
        from plugins.orphan_care.services.pairing import add_sponsor
        from plugins.orphan_care.wishes import AddSponsor

        sponsor = add_sponsor(work, AddSponsor(kind="person", name="王爱心", contact="13800000000")).id

    def on_sponsor(name, **given):
        act = acts.SPONSOR_ACTS[name]
        with place.county.begin() as work:
            return act.do(work, str(sponsor), act.wish(**given)).data["id"]

    def on_pairing(name, **given):
        act = acts.PAIRING_ACTS[name]
        with place.county.begin() as work:
            return act.do(work, str(pairing), act.wish(**given)).data["id"]

    pledge = {"case": number, "kind": "money", "yuan": "200.00", "months": 12}
    assert codes(on_sponsor, "pair", **pledge) == ["E_SPONSOR_CHECK"]
    on_sponsor("check", result="record", on=date(2026, 1, 2), document="函 1")
    assert codes(on_sponsor, "pair", **pledge) == ["E_SPONSOR_CHECK"]
    on_sponsor("check", result="clear", on=date(2026, 1, 3), document="函 2")
    pairing = on_sponsor("pair", **pledge)
    for part in ("1000", "800"):
        on_pairing("contact", kind="money", yuan=part, way="charity", receipt="收 1")
    from plugins.orphan_care.sponsors import introduction, show_pairing

    with place.county.look() as work:
        shown = show_pairing(work, pairing)
        assert (shown["promised_fen"], shown["given_fen"], shown["fulfilled"]) == (240_000, 180_000, 75)
    with place.county.look() as work:
        assert codes(introduction, work, pairing) == ["E_CONSENT"]
    assert codes(on_pairing, "contact", kind="meeting") == ["E_CONSENT"]
    on_pairing("consent", guardian_agreed_on=date(2026, 1, 4))
    with place.county.look() as work:
        assert codes(introduction, work, pairing) == ["E_CONSENT"]  # ten years old: asked too
    on_pairing("consent", child_agreed_on=date(2026, 1, 4))
    with place.county.look() as work:
        told = introduction(work, pairing)
    assert told == {"first_name": "小满", "age_band": "6-11", "needs": "课外书和运动鞋"}
    assert place.roll("2026-02")["total_fen"] == before == 76_000


def test_12_an_adoption_found_late_is_claimed_back_and_april_not_paid(place):
    number = place.approved()
    other = place.approved(place.person("周小丙"))
    place.money()
    for month in ("2026-02", "2026-03"):
        place.at(f"{month}-10")
        place.paid(month)
    place.at("2026-04-02")
    place.act("end", number, cause="adopted", on=date(2026, 1, 20), reason="收养登记")
    from core.api import recoveries_of

    shown = place.show(number)
    with place.county.look() as work:
        [claim] = recoveries_of(work, "orphan_care", [shown["enrolment_id"]])
    assert (claim.amount_fen, sorted(claim.months)) == (152_000, ["2026-02", "2026-03"])
    assert (shown["state"], shown["last_month"]) == ("closed", "2026-01")
    april = place.roll("2026-04")
    assert place.lines(april) == [("2026-04", "BASIC", 76_000)]
    with place.county.look() as work:
        assert [one.amount_fen for one in recoveries_of(work, "orphan_care", [shown["enrolment_id"]])] == [152_000]
    # A wrong stop: active again, the claim is gone, April is due.
    place.act("reopen", number, reason="收养无效")
    assert place.show(number)["state"] == "active"
    assert place.lines(place.roll("2026-04")) == [("2026-04", "BASIC", 76_000)] * 2
    assert place.show(other)["state"] == "active"


def test_10_a_notice_with_a_name_is_refused_by_every_door(place, run, client):
    number = place.approved()
    ran = run(
        "orphan-care", "notice", "open", number, "--area", "430223", "--column", "case", "--column", "name", "--json"
    )
    assert (ran.exit_code, ran.error["code"]) == (3, "E_MINOR_PUBLIC")
    body = {"cases": [number], "area": "430223", "columns": ["case", "name"]}
    token = place.county.token(place.county.account("clerk"))
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.client.post("/api/v1/orphan-care/notices", json=body, headers=headers)
    assert answer.status_code == 422 and "E_MINOR_PUBLIC" in answer.text
    from plugins.notices.api import NewNotice, NoticeRow, open_notice

    with place.county.begin() as work:
        row = NoticeRow(person_id=1, values={"name": "陈小满", "area": VILLAGE})
        found = codes(open_notice, work, NewNotice(type="notices.proposed", area=VILLAGE, rows=(row,)))
    assert "E_MINOR_PUBLIC" in found
    good = run("orphan-care", "notice", "open", number, "--area", "430223", "--json")
    assert good.exit_code == 0, good.talk
    assert "陈小满" not in run("notices", "show", good.data["id"], "--json").output
