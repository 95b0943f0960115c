"""Every acceptance example of the handbook's page, every case of the donations' file, and what the database holds."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from core.api import Refused, in_capitals
from plugins.donations.rules import (
    Goals,
    apportions,
    idle_months,
    latest_filing,
    management_ratio,
    months_later,
    percent,
    three_ones,
)

from .conftest import codes, words_of

GOALS = Goals(raised_fen=1_000_000_000, year_fen=500_000_000, people=1000, average_fen=100_000)
FOUNDATION = {"limit": "0.10", "alert": "0.10"}
ASSOCIATION = {"limit": "0.13", "alert": "0.10"}


def test_example_1_a_drive_is_filed_ten_days_before_its_start(place, run):
    command = ("donations", "drive", "file", "QY-1", "--name", "秋季募捐", "--start", "2026-09-01", "--json")
    late = run(*command, "--filed", "2026-08-25")
    assert late.exit_code == 3 and late.error["code"] == "E_DRIVE_10D"
    assert "2026-08-22" in late.talk
    filed = run(*command, "--filed", "2026-08-22")
    assert filed.exit_code == 0, filed.talk
    assert filed.data["state"] == "open" and filed.data["filing_due"] == "2026-08-22"
    assert [one["code"] for one in filed.data["warnings"]] == ["W_DRIVE_INCOMPLETE"]


def test_example_2_an_emergency_drive_is_filed_afterwards_and_published_every_five_days(place, run):
    ran = run("donations", "drive", "file", "FX-1", "--name", "抗洪", "--start", "2026-07-10", "--emergency", "--json")
    assert ran.data["filing_due"] == "2026-07-20" and ran.data["first_disclosure_due"] == "2026-07-15"
    late = run("donations", "drive", "file", "FX-1", "--filed", "2026-07-21", "--json")
    assert late.exit_code == 3 and late.error["code"] == "E_DRIVE_10D"
    place.at("2026-07-21")
    with pytest.raises(Refused) as refusal:
        place.gift("100", drive="FX-1")
    assert codes(refusal) == {"E_DRIVE_UNFILED"}
    place.act("drives", "file", "FX-1", filed=date(2026, 7, 20))
    assert place.gift("100", drive="FX-1")["receipt_no"] == "PJ-2026-000001"
    assert place.show("drives", "FX-1")["next_disclosure_due"] == date(2026, 7, 15)


def test_example_3_a_receipt_reads_its_amount_in_capitals(place, run):
    assert in_capitals(105007) == "壹仟零伍拾元零柒分"
    place.drive()
    ran = run("donations", "gift", "add", "YRJ-2026", "--amount", "1050.07", "--donor", "王丽", "--json")
    assert ran.exit_code == 0, ran.talk
    assert (ran.data["receipt_no"], ran.data["amount_words"]) == ("PJ-2026-000001", "壹仟零伍拾元零柒分")
    assert run("donations", "gift", "add", "YRJ-2026", "--amount", "-5", "--donor", "王丽", "--json").error["code"] == (
        "E_GIFT_NEG"
    )
    finer = run("donations", "gift", "add", "YRJ-2026", "--amount", "1.005", "--donor", "王丽", "--json")
    assert finer.error["code"] == "E_AMT_SCALE"


def test_example_4_a_quota_is_refused_wherever_it_is_typed(place):
    for written in ("100.00 per employee required", "每人必须捐 100 元", "从工资中扣除 50 元", "人均不低于 200 元"):
        with pytest.raises(Refused) as refusal:
            place.drive(plan=written)
        assert codes(refusal) == {"E_QUOTA"}, written
    place.drive(suggestion="倡议捐出一天的收入，自愿参加，不得摊派")
    with pytest.raises(Refused) as refusal:
        place.gift("100", unit="单位甲：每名职工应捐 100 元")
    assert codes(refusal) == {"E_QUOTA"}
    words = {"each": ["每人"], "must": ["必须"], "never": ["摊派"], "allowed": ["不得摊派"]}
    assert not apportions("每人自愿", words) and not apportions("不得摊派", words) and apportions("摊派到人", words)


def test_example_5_progress_to_the_three_goals(place):
    found = three_ones(512_000_000, 1060, 121_900_000, GOALS)
    assert (str(found.year_percent), str(found.raised_percent)) == ("102.4", "51.2")
    assert (str(found.people_percent), found.average_fen) == ("106.0", 115_000)
    assert found.people_met and found.average_met and not found.raised_met and not found.met


def test_example_6_restricted_money_is_not_lent_to(place):
    place.drive()
    place.gift("20000", restricted="orphans")
    place.gift("90000", donor="甲公司")
    with pytest.raises(Refused) as refusal:
        place.spend("20500", restricted="orphans")
    assert codes(refusal) == {"E_RESTRICTED_USE"} and "500.00" in words_of(refusal)
    place.spend("20000", restricted="orphans")
    found = place.balance()
    assert (found["unrestricted_fen"], found["restricted_fen"]) == (9_000_000, 0)
    with pytest.raises(Refused) as refusal:
        place.spend("90000.01")
    assert codes(refusal) == {"E_FUND_SHORT"}


def test_example_7_management_cost_by_type_of_charity():
    limits = {"exempt_fen": 20_000_000}
    green = management_ratio(26_200_000, 397_000_000, limits=FOUNDATION, **limits)
    assert (str(green.percent), green.flag) == ("6.60", "green")
    red = management_ratio(42_000_000, 397_000_000, limits=FOUNDATION, **limits)
    assert (str(red.percent), red.flag) == ("10.58", "red")
    assert management_ratio(42_000_000, 397_000_000, limits=ASSOCIATION, **limits).flag == "amber"
    assert management_ratio(19_000_000, 100_000_000, limits=FOUNDATION, **limits).flag == "exempt"
    assert str(percent(365_000_000, 480_000_000, "0.1")) == "76.0"


def test_example_8_a_donors_nephew_is_no_beneficiary(place):
    place.drive()
    nephew, other = place.person("小刘"), place.person("小陈")
    with pytest.raises(Refused) as refusal:
        place.gift("1000", beneficiary=str(nephew), relation="nephew")
    assert codes(refusal) == {"E_BENEF_INTEREST"}
    donor = place.new("donors", name="刘一")
    place.gift("1000", donor="刘一")
    place.act("donors", "tie", donor["number"], person=str(nephew), relation="nephew")
    with pytest.raises(Refused) as refusal:
        place.spend("500", person=str(nephew))
    assert codes(refusal) == {"E_BENEF_INTEREST"}
    place.spend("500", person=str(other))
    place.new("ties", manager="陈会长", person=str(other), relation="child")
    with pytest.raises(Refused) as refusal:
        place.spend("100", person=str(other))
    assert codes(refusal) == {"E_BENEF_INTEREST"}


def test_example_9_goods_at_their_value_in_and_out(place):
    place.drive()
    lot = place.new(
        "goods", drive="YRJ-2026", donor="乙公司", donor_kind="org", item="棉被", quantity=200, unit_name="床",
        unit_value="85", basis="invoice", proof="发票 1",
    )  # fmt: skip
    assert lot["amount_fen"] == 1_700_000
    out = place.new("issues", lot=str(lot["id"]), quantity=150, minutes="理事会 1 号")
    assert (out["amount_fen"], out["left"]) == (1_275_000, 50)
    assert place.balance()["goods_fen"] == 425_000
    assert place.show("goods", lot["id"])["value_fen"] == 425_000
    with pytest.raises(Refused) as refusal:
        place.new("issues", lot=str(lot["id"]), quantity=51, minutes="理事会 1 号")
    assert codes(refusal) == {"E_GOODS_SHORT"}
    with pytest.raises(Refused) as refusal:
        place.new("goods", drive="YRJ-2026", donor="乙公司", item="大衣", quantity=1, unit_value="85")
    assert codes(refusal) == {"E_GOODS_VALUE"}


def test_example_10_expired_goods_stay(place):
    place.at("2026-02-01")
    place.drive(start=date(2026, 1, 10), filed=date(2025, 12, 30))
    lot = place.new(
        "goods", drive="YRJ-2026", donor="丙公司", item="牛奶", quantity=30, unit_name="箱", expires=date(2026, 3, 1)
    )
    assert lot["amount_fen"] == 0 and "W_GOODS_VALUE" in lot["warnings"]
    place.at("2026-03-05")
    with pytest.raises(Refused) as refusal:
        place.new("issues", lot=str(lot["id"]), quantity=10, minutes="理事会 1 号")
    assert codes(refusal) == {"E_GOODS_EXPIRED"}
    place.new("issues", lot=str(lot["id"]), quantity=10, minutes="理事会 1 号", on=date(2026, 3, 1))
    assert place.show("goods", lot["id"])["left"] == 20


def test_example_11_the_final_disclosure_is_due_three_months_after_the_end(place):
    assert months_later(date(2026, 6, 30), 3) == date(2026, 9, 30)
    place.at("2026-09-30")
    place.certify()
    place.drive(
        start=date(2026, 3, 1), filed=date(2026, 2, 1), end=date(2026, 6, 30), plan="助困", filing_no="备 1",
        surplus="用于同类项目",
    )  # fmt: skip
    place.gift("100", on=date(2026, 6, 30))
    assert place.show("drives", "YRJ-2026")["final_due"] == date(2026, 9, 30)
    with place.county.look() as work:
        from plugins.donations.desk import tasks

        assert "bad" not in {one.state for one in tasks(work)}
    place.at("2026-10-01")
    with place.county.look() as work:
        assert "bad" in {one.state for one in tasks(work)}
    assert place.act("drives", "disclose", "YRJ-2026")["warnings"] == ["E_DISCLOSE_LATE"]
    assert place.show("drives", "YRJ-2026")["state"] == "disclosed"


def test_example_12_an_anonymous_donor_is_found_by_receipt_only(place):
    place.drive()
    given = place.gift("300", donor="赵先生", display="anonymous")
    place.gift("1", donor="没有问过的人")
    place.gift("2", donor="钱女士", display="name")
    place.gift("3", donor="孙女士", alias="一滴水")
    place.gift("4", donor="己公司", donor_kind="org")
    with place.county.look() as work:
        from plugins.donations.models import Drive
        from plugins.donations.public import look_up
        from plugins.donations.services.disclosing import content_of

        drive = work.session.get(Drive, 1)
        assert [one["name"] for one in content_of(work, drive)["donations"]] == [
            "爱心人士", "爱心人士", "钱女士", "一滴水", "己公司",
        ]  # fmt: skip
        found = look_up(work, given["receipt_no"])
    assert found["name"] == "爱心人士" and found["amount_fen"] == 30_000


def test_example_13_a_pledge_is_not_received(place):
    place.drive()
    pledge = place.new("pledges", drive="YRJ-2026", donor="丁公司", donor_kind="org", amount="100000")
    place.gift("60000", donor="丁公司", donor_kind="org", pledge=pledge["number"])
    found = place.show("pledges", pledge["number"])
    assert (found["received_fen"], found["outstanding_fen"]) == (6_000_000, 4_000_000)
    drive = place.show("drives", "YRJ-2026")
    assert (drive["received_fen"], drive["pledges_outstanding_fen"]) == (6_000_000, 4_000_000)


def test_cases_c095_c097_c244_the_three_goals_are_three_flags():
    assert 1000 * 10000 // 1000 == 10000 and 1000 * 1000 // 10000 == 100
    met = three_ones(1_000_000_000, 1000, 100_000 * 1000, GOALS)
    assert met.met
    floors = three_ones(1_000_000_000, 1000, 99_900 * 1000, GOALS)
    assert (floors.raised_met, floors.people_met, floors.average_met, floors.met) == (True, True, False, False)


def test_cases_c098_c100_what_is_published_was_received(place):
    place.drive()
    place.gift("40000000.00", donor="全市单位", donor_kind="org")
    place.gift("5865800.00", donor="全市个人", donor_kind="org")
    pledge = place.new("pledges", drive="YRJ-2026", donor="戊公司", donor_kind="org", amount="1000")
    place.gift("900", donor="戊公司", donor_kind="org", pledge=pledge["number"])
    with place.county.look() as work:
        from plugins.donations.models import Drive
        from plugins.donations.services.disclosing import content_of

        published = content_of(work, work.session.get(Drive, 1))
    assert published["received_fen"] == 4_586_580_000 + 90_000
    assert "outstanding" not in str(published) and place.show("pledges", pledge["number"])["outstanding_fen"] == 10_000


def test_the_worked_year_of_the_page():
    assert latest_filing(date(2026, 9, 1), 10, emergency=False) == date(2026, 8, 22)
    assert latest_filing(date(2026, 7, 10), 10, emergency=True) == date(2026, 7, 20)
    idle = idle_months([("publicity", 1), ("fundraising", 2), ("aid", 1), ("volunteering", 1)], 2)
    assert idle == {"publicity": [2], "fundraising": [1], "aid": [2], "volunteering": [2]}
    assert str(percent(221, 260, "0.1")) == "85.0" and 26 * 2 + 169 == 221


def _refused_by_the_database(place, *statements):
    for statement in statements:
        with pytest.raises(DatabaseError), place.county.host.database.transaction(write=True) as connection:
            connection.execute(text(statement))


def test_the_database_keeps_purposes_receipts_and_uses(place):
    place.drive()
    place.gift("100", restricted="白内障")
    place.gift("200")
    place.spend("50", restricted="白内障")
    lot = place.new("goods", drive="YRJ-2026", donor="丙", item="米", quantity=5, expires=date(2026, 11, 1))
    use = "INSERT INTO donations_use (id, spending_id, gift_id, amount_fen) VALUES (99, 1, {gift}, {fen})"
    _refused_by_the_database(
        place,
        "DELETE FROM donations_gift",
        "UPDATE donations_gift SET amount_fen = 1",
        "UPDATE donations_gift SET purpose_id = 2 WHERE id = 1",
        "DELETE FROM donations_receipt",
        "UPDATE donations_receipt SET serial = 9 WHERE id = 1",
        "UPDATE donations_purpose SET name = '别的'",
        "UPDATE donations_spending SET amount_fen = 1",
        "DELETE FROM donations_use",
        use.format(gift=2, fen=10),
        use.format(gift=1, fen=5001),
        "UPDATE funds_balance SET cash_fen = -1",
        "INSERT INTO donations_receipt (id, charity_id, year, serial, number, gift_id, issued_on, issued_by, handler,"
        " note, void_reason) VALUES (99, 1, 2026, 9, 'X', 1, '2026-11-20', 1, 'x', '', '')",
        "INSERT INTO donations_issue (id, spending_id, lot_id, quantity, issued_on)"
        f" VALUES (99, 1, {lot['id']}, 1, '2026-11-20')",
        "INSERT INTO donations_issue (id, spending_id, lot_id, quantity, issued_on)"
        f" VALUES (99, 1, {lot['id']}, 6, '2026-10-20')",
    )
