"""Pages, API, imports, reports, desk, panels, papers, the public pages; rights; switched off and on with data."""

from datetime import date
from io import BytesIO

import pytest
from litestar.testing import TestClient
from pypdf import PdfReader

from core.api import HuiminError, Refused, hookimpl
from core.host import Host
from core.settings import load
from core.testing import TOWN, VILLAGE
from core.web.dispatcher import Dispatcher, Door
from core.web.public import create_public_app

from .conftest import codes, words_of


@pytest.fixture
def gifts(place):
    """A drive with gifts, goods, a project, spendings, a pledge."""
    place.certify()
    place.drive(plan="资助大病患者", filing_no="备 2026-7", territory="本县", cost_budget="100")
    gift = place.gift("1050.07", donor="王丽", restricted="白内障", contact="13800000001")
    place.gift("60000", donor="甲公司", donor_kind="org", kind="cash", counted_by="张、李")
    lot = place.new(
        "goods", drive="YRJ-2026", donor="乙公司", donor_kind="org", item="棉被", quantity=10, unit_value="85",
        basis="invoice", expires=date(2026, 12, 1),
    )  # fmt: skip
    project = place.new(
        "projects", title="光明行", use="medical", restricted="白内障", budget="5000", minutes="理事会 2 号"
    )
    person = place.person("周芳")
    spent = place.spend("500", project=project["number"], person=str(person), area=VILLAGE, evidence="医院票据 9")
    pledge = place.new("pledges", drive="YRJ-2026", donor="丁公司", donor_kind="org", amount="1000")
    return {"gift": gift, "lot": lot, "project": project, "spent": spent, "pledge": pledge, "person": person}


@pytest.fixture
def visitor(place):
    """The public application of the county."""
    opened = []

    def visit():
        county = place.county
        county.close()
        file = county.home / "config" / "counties" / "430223.toml"
        file.write_text(file.read_text().replace("[county]", '[county]\npublic_url = "https://gongshi.example.cn"', 1))
        door = Door(lambda: Host(load(county.home, county.code), clock=county.clock), build=create_public_app)
        opened.append(Dispatcher([door]))
        return TestClient(opened[-1], base_url="http://127.0.0.1")

    yield visit
    for dispatcher in opened:
        dispatcher.close()


def read(sheet_bytes: bytes) -> str:
    """The text of a PDF without spaces."""
    pages = PdfReader(BytesIO(sheet_bytes)).pages
    return "".join(one.extract_text() for one in pages).replace(" ", "").replace("\n", "")


PAGES = (
    "/donations", "/donations/drives", "/donations/drives/1", "/donations/drives/new", "/donations/drives/1/plan",
    "/donations/drives/1/file", "/donations/gifts", "/donations/gifts?state=receipted", "/donations/gifts/1",
    "/donations/gifts/new", "/donations/gifts/1/reissue", "/donations/goods", "/donations/goods/1",
    "/donations/goods/new", "/donations/goods/1/count", "/donations/issues/new", "/donations/donors",
    "/donations/donors/1", "/donations/donors/1/edit", "/donations/donors/new", "/donations/pledges",
    "/donations/pledges/1", "/donations/pledges/new", "/donations/projects", "/donations/projects/1",
    "/donations/projects/new", "/donations/spending", "/donations/spending/1", "/donations/spending/new",
    "/donations/pairs", "/donations/pairs/new", "/donations/charity/1", "/donations/charity/1/edit",
    "/donations/boxes/new", "/donations/activities/new", "/donations/ties/new", "/donations/checks",
    "/donations/export", "/donations/papers/receipt/1", "/donations/papers/thanks/1", "/donations/papers/honour/1",
    "/donations/papers/agreement/1", "/donations/papers/daily/2026-11-20", "/donations/papers/filing/1",
    "/donations/papers/report/1", "/donations/papers/project/1",
)  # fmt: skip


def test_every_page_opens_and_its_markup_is_sound(gifts, client):
    client.sign_in("clerk")
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        if "/papers/" not in path:
            assert client.faults_of_markup(path) == [], path
        else:
            assert client.get(f"{path}/pdf").content[:4] == b"%PDF"


def test_a_page_offers_only_the_acts_that_fit(gifts, client):
    client.sign_in("clerk")
    page = client.get("/donations/gifts/1").text
    assert "作废票据" in page and ">开票<" not in page and "登记现金存入" not in page
    assert "登记现金存入" in client.get("/donations/gifts/2").text
    assert "/donations/gifts/new?drive=YRJ-2026" in client.get("/donations/drives/1").text


def test_pages_make_the_same_gift_and_say_the_same_codes(place, client, run):
    place.drive()
    client.sign_in("clerk")
    form = {"drive": "YRJ-2026", "amount": "100", "donor": "赵六", "kind": "transfer", "donor_kind": "person",
            "relation": "none", "source": "public"}  # fmt: skip
    assert client.post("/donations/gifts/new", data=form, follow_redirects=False).status_code == 303
    wrong = client.post("/donations/gifts/new", data={**form, "note": "每人必须捐 100 元", "amount": "7"})
    assert wrong.status_code == 422 and "摊派" in wrong.text and 'value="7"' in wrong.text
    assert client.post("/donations/gifts/new", data={**form, "drive": "NO"}).status_code == 422
    quota = run("donations", "gift", "add", "YRJ-2026", "--amount", "7", "--note", "每人必须捐 100 元", "--json")
    assert (quota.exit_code, quota.error["code"]) == (3, "E_QUOTA")
    clerk = place.county.account("clerk")
    body = {"drive": "YRJ-2026", "amount": "7", "note": "每人必须捐 100 元"}
    answer = client.api("POST", "/donations/gifts", as_=clerk, json=body)
    assert answer.status_code == 422 and "E_QUOTA" in answer.text
    made = client.api("POST", "/donations/gifts", as_=clerk, json={**body, "note": "", "donor": "钱七"})
    assert made.json()["receipt_no"] == "PJ-2026-000002"
    assert client.api("GET", "/donations/balance", as_=clerk).json()["unrestricted_fen"] == 10_700
    for path in ("drives", "gifts", "goods", "donors", "pledges", "projects", "spending", "pairs", "figures", "checks",
                 "gifts/1", "drives/YRJ-2026", "closing/2026-11", "trace/PJ-2026-000001"):  # fmt: skip
        assert client.api("GET", f"/donations/{path}", as_=clerk).status_code == 200, path
    assert client.api("GET", "/donations/nothing", as_=clerk).status_code == 404
    voided = client.api("POST", "/donations/gifts/1/void", as_=clerk, json={"reason": "登记错了"})
    assert voided.json()["state"] == "voided"
    assert place.balance()["unrestricted_fen"] == 700


def test_a_drive_goes_from_filing_to_disclosure(place, run, visitor, tmp_path):
    json = "--json"
    edit = run("donations", "charity", "edit", "--certificate", "湘慈募 1", "--certificate-to", "2027-12-31", json)
    assert edit.exit_code == 0, edit.talk
    filed = run(
        "donations", "drive", "file", "YRJ-2026", "--name", "慈善一日捐", "--start", "2026-11-10", "--filed",
        "2026-10-20", "--filing-no", "备 7", "--plan", "资助白内障手术", "--kind", "one_day", json,
    )  # fmt: skip
    assert filed.exit_code == 0 and filed.data["warnings"] == [], filed.talk
    gift = run(
        "donations", "gift", "add", "YRJ-2026", "--amount", "1050.07", "--donor", "王丽", "--on", "2026-11-12",
        "--restricted", "白内障", json,
    )  # fmt: skip
    assert gift.data["amount_words"] == "壹仟零伍拾元零柒分"
    number = gift.data["receipt_no"]
    file = tmp_path / "receipt.pdf"
    assert run("donations", "print", "receipt", number, "-o", str(file)).exit_code == 0
    words = read(file.read_bytes())
    assert "壹仟零伍拾元零柒分" in words and "王丽" in words and number in words and "1,050.07" in words
    project = run(
        "donations", "project", "add", "--title", "光明行", "--use", "medical", "--restricted", "白内障", "--budget",
        "1000", "--minutes", "理事会 2 号", json,
    )  # fmt: skip
    spent = run(
        "donations", "spend", "--amount", "600", "--project", project.data["number"], "--area", VILLAGE, "--evidence",
        "医院票据", json,
    )  # fmt: skip
    assert spent.exit_code == 0, spent.talk
    over = run("donations", "spend", "--amount", "401", "--project", project.data["number"], json)
    assert over.error["code"] == "E_MINUTES_EXCEEDED"
    canteen = run("donations", "spend", "--amount", "5", "--restricted", "白内障", "--kind", "management", json)
    assert canteen.error["code"] == "E_RESTRICTED_USE"
    bare = run("donations", "spend", "--amount", "5", "--restricted", "白内障", json)
    assert bare.error["code"] == "E_NO_MINUTES"
    held = run("donations", "balance", json).data
    assert held["restricted"] == [{"purpose": "白内障", "balance_fen": 45_007, "goods_fen": 0}]
    trace = run("donations", "trace", number, json).data
    assert [(one["project"], one["amount_fen"]) for one in trace["uses"]] == [("光明行", 60_000)]
    interim = run("donations", "disclose", "YRJ-2026", json)
    assert interim.data["kind"] == "interim", interim.talk
    assert run("donations", "drive", "close", "YRJ-2026", "--end", "2026-11-19", json).exit_code == 0
    early = run("donations", "gift", "add", "YRJ-2026", "--amount", "1", "--donor", "王丽", json)
    assert early.error["code"] == "E_DRIVE_CLOSED"
    settled = run("donations", "drive", "settle", "YRJ-2026", json)
    assert settled.error["code"] == "E_DRIVE_SURPLUS"
    assert run("donations", "drive", "settle", "YRJ-2026", "--surplus", "用于同类患者", json).exit_code == 0
    final = run("donations", "disclose", "YRJ-2026", json)
    assert (final.data["kind"], final.data["late"]) == ("final", False)
    with visitor() as public:
        shown = public.get("/donations/drives/1").text
        assert "1,050.07" in shown and "光明行" in shown and "450.07" in shown
        query = public.get(f"/donations/receipt?number={number}").text
        assert "光明行" in query and "桃水镇" in query and "600.00" in query and "壹仟零伍拾元零柒分" in query
        assert "没有这张票据" in public.get("/donations/receipt?number=PJ-2026-009999").text
        assert "慈善一日捐" in public.get("/donations").text
        assert public.get("/donations/gifts").status_code == 404


def test_the_first_disclosure_asks_for_certificate_plan_and_filing_number(place):
    place.drive()
    assert place.gift("10")["warnings"] == ["W_DRIVE_INCOMPLETE"]
    with pytest.raises(Refused) as refusal:
        place.act("drives", "disclose", "YRJ-2026")
    assert codes(refusal) == {"E_DRIVE_INCOMPLETE"}
    place.certify(to=date(2026, 11, 1))
    with pytest.raises(Refused) as refusal:
        place.gift("10")
    assert codes(refusal) == {"E_DRIVE_QUAL"}
    with pytest.raises(Refused) as refusal:
        place.drive("LATE", start=date(2026, 12, 31), filed=date(2026, 11, 20))
    assert codes(refusal) == {"E_DRIVE_QUAL"}


def test_gifts_before_the_start_or_to_a_draft_are_refused(place):
    place.drive("SOON", start=date(2026, 12, 15), filed=date(2026, 11, 20))
    place.new("drives", number="DRAFT", name="草稿", start=date(2026, 11, 1))
    for drive in ("SOON", "DRAFT"):
        with pytest.raises(Refused) as refusal:
            place.gift("10", drive=drive)
        assert codes(refusal) == {"E_DRIVE_UNFILED"}
    with pytest.raises(Refused) as refusal:
        place.drive("T", targeted=True, ways="扫码")
    assert codes(refusal) == {"E_DRIVE_TARGETED"}


def test_a_command_changes_only_what_it_names(place, run):
    place.drive(plan="资助大病患者", territory="本县")
    assert run("donations", "drive", "plan", "YRJ-2026", "--cost-budget", "100", "--json").exit_code == 0
    again = run("donations", "drive", "file", "YRJ-2026", "--filing-no", "备 7", "--surplus", "用于同类项目", "--json")
    assert again.exit_code == 0, again.talk
    with place.county.look() as work:
        from plugins.donations.queries import own_drive

        one = own_drive(work, "YRJ-2026")
        kept = (one.plan, one.territory, one.cost_budget_fen, one.surplus, one.kind)
    assert kept == ("资助大病患者", "本县", 10_000, "用于同类项目", "one_day")
    assert run("donations", "charity", "show", "--json").data["certificate"] == ""
    place.certify()
    assert run("donations", "charity", "edit", "--contact", "0731-1", "--json").exit_code == 0
    assert run("donations", "charity", "show", "--json").data["certificate"] == "湘慈募 001"


def test_receipts_are_consecutive_and_void_slips_stay(place):
    place.drive()
    first = place.gift("10")
    nameless = place.gift("20", donor="")
    assert nameless["receipt_no"] == ""
    with pytest.raises(Refused) as refusal:
        place.act("gifts", "receipt", nameless["number"])
    assert codes(refusal) == {"E_RECEIPT_ANON"}
    assert place.act("gifts", "receipt", nameless["number"], note="现场领取")["receipt_no"] == "PJ-2026-000002"
    with pytest.raises(Refused) as refusal:
        place.act("gifts", "receipt", first["number"])
    assert codes(refusal) == {"E_RECEIPT_DUP"}
    assert place.act("gifts", "reissue", first["number"], reason="姓名写错")["receipt_no"] == "PJ-2026-000003"
    assert place.gift("30", no_receipt=True)["receipt_no"] == ""
    with place.county.look() as work:
        from plugins.donations.checks import daily
        from plugins.donations.public import look_up

        assert daily(work, date(2026, 11, 20))["ok"]
        assert look_up(work, "PJ-2026-000001")["void"]
    cash = place.gift("50000", kind="cash")
    assert "W_LARGE_CASH" in cash["warnings"]
    place.at("2026-11-25")
    with place.county.look() as work:
        wrong = {one["name"] for one in daily(work, date(2026, 11, 20))["checks"] if not one["ok"]}
    assert wrong == {"deposit", "counted"}


def test_a_gift_changes_its_purpose_or_goes_back_only_before_use(place):
    place.drive()
    one = place.gift("100", restricted="助学")
    place.act("gifts", "repurpose", one["number"], role="donations_board", restricted="助老", consent="书面同意 1 号")
    assert place.show("gifts", one["number"])["purpose"] == "助老"
    balances = {line["purpose"]: line["balance_fen"] for line in place.balance()["restricted"]}
    assert balances == {"助学": 0, "助老": 10_000}
    spent = place.spend("40", restricted="助老")
    for act, given in (("repurpose", {"restricted": "", "consent": "x"}), ("refund", {"decision": "理事会 9 号"})):
        with pytest.raises(Refused) as refusal:
            place.act("gifts", act, one["number"], role="donations_board", **given)
        assert codes(refusal) == {"E_RESTRICTED_USE"}
    place.act("spending", "reverse", spent["number"], reason="付错了")
    assert place.balance()["restricted_fen"] == 10_000
    place.act("gifts", "refund", one["number"], role="donations_board", decision="理事会 9 号")
    assert place.balance()["restricted_fen"] == 0 and place.show("gifts", one["number"])["state"] == "returned"
    place.act("drives", "cancel", "YRJ-2026", reason="不办了")
    assert place.show("drives", "YRJ-2026")["state"] == "cancelled"


def test_aid_through_a_township_and_by_lists_cites_meeting_and_ballot(place):
    place.drive()
    place.gift("1000")
    with pytest.raises(Refused) as refusal:
        place.spend("10", town=TOWN)
    assert codes(refusal) == {"E_NO_MINUTES"}
    with pytest.raises(Refused) as refusal:
        place.spend("10", town=TOWN, town_minutes="党政联席 3 号", household_list=True)
    assert codes(refusal) == {"E_NO_BALLOT"}
    place.spend("10", town=TOWN, town_minutes="党政联席 3 号", household_list=True, ballot="PY-1")


class _Panel:
    """A plugin that knows ballots and charity meals."""

    @hookimpl
    def resolve_donations_ballot(self, reference: str) -> bool:
        return reference == "PY-1"

    @hookimpl
    def resolve_donations_meals(self, year: int) -> int:
        return year


class _Broken:
    """A plugin that fails when it is asked."""

    @hookimpl
    def resolve_donations_ballot(self, reference: str) -> bool:
        raise RuntimeError(reference)


@pytest.mark.parametrize(("plugin", "given"), [(_Panel, {"ballot": "PY-2"}), (_Broken, {"ballot": "PY-1"})])
def test_a_ballot_that_nobody_vouches_for_holds_the_aid_back(place, plugin, given):
    place.drive()
    place.gift("1000")
    hooks = place.county.host.hooks
    hooks.manager.register(plugin(), "listening")
    hooks.order.append("listening")
    with pytest.raises(HuiminError) as refusal:
        place.spend("10", household_list=True, **given)
    assert isinstance(refusal.value, Refused) == (plugin is _Panel)
    assert place.balance()["unrestricted_fen"] == 100_000
    if plugin is _Panel:
        place.spend("10", household_list=True, ballot="PY-1")
        with place.county.look() as work:
            from plugins.donations.statistics import indicator_rows

            assert ("慈善助餐", "2026", "人次") in list(indicator_rows(work, 2026))


def test_a_platform_pays_out_less_its_fee_and_costs_stay_in_the_plan(place):
    place.drive(kind="online_platform", cost_budget="10")
    place.gift("500", kind="online", channel="platform", transfer_ref="PT-1")
    place.gift("500", kind="online", channel="platform", transfer_ref="PT-1", donor="李五")
    with pytest.raises(Refused) as refusal:
        place.act("drives", "payout", "YRJ-2026", platform_ref="PT-1", payout="995", fee="6")
    assert codes(refusal) == {"E_PAYOUT"}
    place.act("drives", "payout", "YRJ-2026", platform_ref="PT-1", payout="994", fee="6")
    assert place.balance()["unrestricted_fen"] == 99_400
    with pytest.raises(Refused) as refusal:  # typed again, the fee would be spent twice
        place.act("drives", "payout", "YRJ-2026", platform_ref="PT-1", payout="994", fee="6")
    assert codes(refusal) == {"E_PAYOUT"} and "已经核对过" in words_of(refusal)
    with pytest.raises(Refused) as refusal:
        place.spend("5", kind="fundraising", drive="YRJ-2026")
    assert codes(refusal) == {"E_COST_BUDGET"}


def test_a_box_is_emptied_by_two(place):
    place.drive(kind="collection_box")
    box = {"drive": "YRJ-2026", "place": "县政务大厅", "amount": "88.80", "sheet": "清点 1"}
    with pytest.raises(Refused) as refusal:
        place.new("boxes", **box, first_by="张", second_by="张")
    assert codes(refusal) == {"E_BOX_TWO"}
    made = place.new("boxes", **box, first_by="张", second_by="李")
    assert place.show("gifts", made["gift"])["amount_fen"] == 8_880


def test_a_units_list_equals_its_transfer_or_leaves_a_gift_of_nobody(place):
    from plugins.donations.services.importing import GIFTS

    place.drive()
    rows = {column.name: ["", "", ""] for column in GIFTS.columns} | {
        "drive": ["YRJ-2026"] * 3, "unit": ["县一小"] * 3, "transfer_ref": ["L-1"] * 3, "transfer_fen": [35_000] * 3,
        "on": [date(2026, 11, 18)] * 3, "donor": ["甲", "乙", "丙"], "amount_fen": [10_000, 10_000, 10_000],
        "display": ["公开姓名", "匿名", ""],
    }  # fmt: skip
    with place.county.begin() as work:
        assert [one.code for one in GIFTS.check(work, rows)] == ["W_LIST_TOTAL"]
        assert GIFTS.write(work, rows).imported == 3
    assert place.balance()["unrestricted_fen"] == 35_000
    with place.county.look() as work:
        from plugins.donations.checks import daily

        wrong = [one for one in daily(work, date(2026, 11, 18))["checks"] if not one["ok"]]
        assert [(one["name"], one["note"]) for one in wrong] == [("lists", "县一小 50.00")]
        over = list(GIFTS.check(work, rows | {"transfer_fen": [29_000] * 3}))
        late = list(GIFTS.check(work, rows | {"drive": ["NO"] * 3, "transfer_fen": [30_000] * 3}))
    assert [one.code for one in over] == ["E_LIST_TOTAL"]
    assert {one.code for one in late} == {"E_NOT_FOUND"}


def test_returned_shares_are_checked_for_use_and_evidence(place):
    one = place.gift("1000", drive="", source="returned_share", document="市慈〔2026〕3号", donor="市慈善会",
                     donor_kind="org", restricted="返拨")  # fmt: skip
    place.spend("400", restricted="返拨", evidence="发放表")
    with place.county.look() as work:
        from plugins.donations.statistics import returned_rows

        rows = list(returned_rows(work, 2026))
    assert rows == [("市慈〔2026〕3号", "返拨", 100_000, 40_000, 60_000, "齐全", "没有用完")]
    assert place.show("gifts", one["number"])["drive"] == ""


def _household(place) -> tuple[str, int]:
    from core.households.services import open_household
    from core.households.wishes import Member, OpenHousehold

    person = place.person("周家")
    with place.county.begin() as work:
        wish = OpenHousehold(
            number="TS-0001", area=VILLAGE, members=[Member(person_id=person, relation="户主")], on=date(2026, 1, 1)
        )
        made = open_household(work, wish)
        return made.number, made.id or 0


def test_a_household_is_paired_visited_and_matched_anew(place, client):
    number, household = _household(place)
    pair = place.new("pairs", household=number, reason="重病，政府救助后仍有困难", officer="王干部")
    with pytest.raises(Refused) as refusal:
        place.new("pairs", household=number, reason="又一次")
    assert codes(refusal) == {"E_SAME"}
    place.act("pairs", "helper", pair["number"], name="刘总", kind="entrepreneur")
    with pytest.raises(Refused) as refusal:
        place.act("pairs", "helper", pair["number"], name="张书记", kind="party_member")
    assert codes(refusal) == {"E_PAIR_MODE"}
    place.act("pairs", "start", pair["number"])
    with pytest.raises(Refused) as refusal:
        place.act("pairs", "visit", pair["number"], visitor="刘总", help="money", amount="600")
    assert codes(refusal) == {"E_PAIR_ACCOUNT"}
    place.drive()
    gift = place.gift("600", donor="刘总")
    place.act(
        "pairs",
        "visit",
        pair["number"],
        visitor="刘总",
        help="money",
        amount="600",
        gift=gift["number"],
        found=2,
        solved=1,
    )
    with place.county.look("clerk") as work:
        from plugins.donations.desk import household_panels
        from plugins.donations.statistics import pair_figures

        at = pair_figures(work, 2026)
        assert (at["listed"], at["paired"], at["helpers"], at["solved_share"]) == (1, 1, 1, "50.0%")
        panel = next(iter(household_panels(work, household, ())))
        assert panel.lanes[0].points and ("帮扶人", "刘总") in panel.rows
    client.sign_in("clerk")
    assert "结对帮扶" in client.get(f"/households/{household}").text
    assert client.get("/donations/pairs/1").status_code == 200
    assert place.act("pairs", "leave", pair["number"], name="刘总")["state"] == "proposed"
    place.at("2026-12-21")
    with place.county.look() as work:
        from plugins.donations.desk import tasks

        assert ("给结对户找帮扶人", "bad") in {(one.title, one.state) for one in tasks(work)}
    place.act("pairs", "end", pair["number"], ended_for="out_of_hardship")
    assert place.show("pairs", pair["number"])["state"] == "ended"


def test_the_database_pairs_a_household_only_with_both_consents(place):
    from sqlalchemy import text
    from sqlalchemy.exc import DatabaseError

    number, _household_id = _household(place)
    place.new("pairs", household=number, reason="困难")
    with pytest.raises(DatabaseError), place.county.host.database.transaction(write=True) as connection:
        connection.execute(text("UPDATE donations_pair SET state = 'active'"))


def test_reports_desk_panels_figures_and_the_core_books(gifts, place, run, client):
    client.sign_in("clerk")
    for report in ("indicators", "mechanisms", "returned", "gifts", "drives", "goods"):
        name = f"donations-{report}"
        assert client.get(f"/reports/{name}").status_code == 200, name
    place.new("activities", mechanism="publicity", title="慈善宣传周")
    found = run("donations", "figures", "--json").data
    assert found["raised_fen"] == 105_007 + 6_000_000 + 85_000 and found["people"] == 1
    assert found["average_fen"] == 50_000 and not found["average_met"]
    assert 11 not in found["idle_months"]["publicity"] and 1 in found["idle_months"]["publicity"]
    assert run("donations", "closing", "2026-11", "--json").data["purposes"][0]["fits"]
    with place.county.look("clerk") as work:
        from plugins.donations.desk import person_panels, tasks, tiles

        assert next(iter(tiles(work))).figure == "6.19"
        assert "物资快到有效期" in {one.title for one in tasks(work)}
        assert next(iter(person_panels(work, (gifts["person"],)))).lanes
    place.act("goods", "count", gifts["lot"]["id"], quantity=10, first_by="张", second_by="李")
    with place.county.look("accountant") as work:
        from core.funds.closing import reconcile

        assert {one.name: one.ok for one in reconcile(work, "2026-11")}["goods"]
    client.sign_in("accountant")
    assert client.get("/funds/vouchers/1").status_code == 200
    assert run("funds", "verify", "--json").exit_code == 0


def test_names_contacts_and_money_are_for_who_may_see_them(gifts, place, client):
    client.sign_in("clerk")
    assert "13800000001" in client.get("/donations/donors/1").text
    assert "13800000001" not in client.get("/donations/gifts/1").text
    client.sign_in("township_officer", TOWN)
    assert client.get("/donations/gifts").status_code == 403
    assert client.get("/donations/pairs").status_code == 200
    assert client.get("/donations", follow_redirects=False).headers["location"] == "/donations/pairs"
    client.sign_in("donations_receipts")
    assert client.post("/donations/spending/new", data={"amount": "1"}).status_code == 403
    with place.county.begin() as work:
        from plugins.donations.exporting import export_csv

        content, count = export_csv(work, "YRJ-2026", "年报")
    assert count == 3 and "PJ-2026-000001" in content.decode("utf-8-sig")


def test_aid_and_donors_follow_merged_records_and_back(gifts, place):
    import numpy as np

    from core.hookspecs import Merges
    from plugins.donations.desk import person_panels

    kept, gone = place.person("周芳"), gifts["person"]
    place.new("donors", name="周芳", person=str(gone))

    def seen(person):
        with place.county.look() as work:
            return [len(panel.rows) for panel in person_panels(work, (person,))]

    for revoked, there, empty in ((False, kept, gone), (True, gone, kept)):
        with place.county.begin() as work:
            work.hooks.announce(
                "people_merged",
                work=work,
                merges=Merges(
                    gone_ids=np.array([gone]), kept_ids=np.array([kept]), on=date(2026, 11, 20), revoked=revoked
                ),
            )
            work.record("test.merged", f"person:{kept}")
        assert (seen(there), seen(empty)) == ([2], [])
    from core.hookspecs import People

    with place.county.look() as work:
        from plugins.donations.services.life_events import erasure_objections

        found = People(
            ids=np.array([gone]), areas=np.array([VILLAGE]), on=np.array(["2026-11-20"]), household_ids=np.array([-1])
        )
        assert [one.code for one in erasure_objections(work, found)] == ["E_KEPT"]


def test_switched_off_and_on_with_data(gifts, place, run):
    before = place.balance()
    assert run("plugin", "disable", "donations").exit_code == 0
    place.county.reload()
    assert run("donations", "balance", "--json").exit_code != 0
    assert run("funds", "verify", "--json").exit_code == 0
    assert run("plugin", "enable", "donations").exit_code == 0
    place.county.reload()
    assert place.balance() == before
    assert place.gift("1", donor="王丽")["receipt_no"]
