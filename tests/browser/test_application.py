"""The acceptance of the issue in a real browser, at 1440 and on a phone: from the counter to next month's roll.

At each gate a try to skip is refused on the page, and what was typed stands again.
"""

from datetime import date, datetime

import pytest
from sqlalchemy import update

from core.households.services import open_household
from core.households.wishes import Member, OpenHousehold
from core.identity.bank_accounts import NewBankAccount, set_account
from core.identity.models.accounts import Grant
from core.identity.persons import NewPerson, register_person
from core.testing import TOWN, enabled
from plugins.benefits.api import BuildRoll, SetStandard, build_roll, set_standard

from .test_notices import picture

VILLAGE = f"{TOWN}002"
FAMILY = (("陈志强", "男", date(1985, 3, 2), "02"), ("李秀英", "女", date(1987, 6, 9), "10"),
          ("陈小满", "女", date(2017, 1, 20), "30"), ("周桂兰", "女", date(1944, 2, 11), "52"))  # fmt: skip
PANEL = "\n".join(
    f"评审员{n:02d}、{'女' if n % 3 == 0 else '男'}、{'村干部' if n % 5 == 0 else '村民代表'}" for n in range(21)
)
PHOTO = {"name": "board.png", "mimeType": "image/png", "buffer": picture()}


def at(county, day: str) -> None:
    """Set the county's clock to a morning."""
    county.clock.set(datetime.fromisoformat(f"{day}T09:00:00+08:00"))


@pytest.fixture
def town(county):
    """The county with its plugins, the family of example A, the standard and the staff."""
    for plugin in ("dibao", "democratic_review"):
        enabled(county, plugin)
    with county.host.database.transaction(write=True) as connection:
        connection.execute(update(Grant).values(valid_from=date(2020, 1, 1)))
    at(county, "2026-03-02")
    with county.begin() as work:
        ids = []
        for name, sex, born, _relation in FAMILY:
            wish = NewPerson(name=name, sex=sex, birth_date=born, hukou_area=VILLAGE)
            ids.append(register_person(work, wish).id or 0)
        set_account(work, ids[0], NewBankAccount(number="6228480000000001234"))
        members = [Member(person_id=one, relation=row[3]) for one, row in zip(ids, FAMILY, strict=True)]
        open_household(work, OpenHousehold(number="H-1", area=VILLAGE, members=members, on=date(2020, 1, 1)))
        wish = SetStandard(scheme="dibao", category="urban", amount="420", valid_from="2026-01", document="民发 1")
        set_standard(work, wish)
    return ids


class Desk:
    """One person at a page: opens it, fills the box, sends it, reads what the page says."""

    def __init__(self, window, role: str, width: int, case: str = "") -> None:
        self.one = window(role, width=width)
        self.page = self.one.page
        self.case = case

    def step(self, event: str, **fields) -> str:
        """Take a step on its own form; answers what the summary of errors says, "" when it was taken."""
        self.one.open(f"/casework/cases/{self.case}/steps/{event}")
        return self.send(**fields)

    def send(self, **fields) -> str:
        """Fill the fields that are named and press the button of the form."""
        for name, value in fields.items():
            self.page.fill(f"#f-{name}", value)
        button = self.page.locator("main form[method=post] button:not([type=button])").last
        assert button.count(), f"{self.page.url} has no form: {self.page.locator('main').inner_text()[:300]}"
        button.click()
        self.page.wait_for_load_state("load")
        wrong = self.page.locator(".errsum")
        self.one.said.clear()  # the browser says of every refused form that it was refused
        return wrong.inner_text() if wrong.count() else ""

    def tick(self, name: str, *values) -> None:
        """Tick boxes of a group."""
        for value in values:
            self.page.check(f"input[name={name}][value='{value}']")

    def stands(self, state: str) -> bool:
        """Whether the page of the case shows a state."""
        self.one.open(f"/casework/cases/{self.case}")
        return state in self.page.locator(".pagehead .tag").first.inner_text()


@pytest.mark.parametrize("width", [1440, 390])
def test_a_family_applies_and_stands_on_next_months_roll_with_606_yuan(window, county, town, width):
    clerk = Desk(window, "clerk", width)
    clerk.one.open("/casework/new")
    clerk.send(q="H-1")
    assert clerk.send() == ""
    number = clerk.page.url.rpartition("/")[2].partition("?")[0]
    assert number.startswith("DB-430223-2026-")
    clerk.case = number
    assert "不得越过流程" in clerk.step("accept")
    clerk.one.open(f"/casework/cases/{number}/steps/submit")
    father, mother, _child, grandmother = town
    clerk.tick("papers", "identity", "income")
    clerk.tick("signed_by", father, grandmother)
    assert "成年家庭成员李秀英未签署授权" in clerk.send()
    assert clerk.page.is_checked(f"input[name=signed_by][value='{grandmother}']")
    clerk.tick("signed_by", mother)
    assert clerk.send() == ""
    assert clerk.step("accept") == ""
    clerk.one.open(f"/dibao/cases/{number}/income")
    clerk.page.select_option("#f-person_id", str(father))
    clerk.page.select_option("#f-type", "wage")
    assert clerk.send(amount="1500.00") == ""
    assert clerk.step("start_check") == ""

    reviewer = Desk(window, "reviewer", width, number)
    assert "不得越过流程" in reviewer.step("propose_grant")
    assert reviewer.step("check_report", report="HD-2026-003310") == ""

    officer = Desk(window, "township_officer", width, number)
    assert "入户调查人员不得少于2人" in officer.step("visit_done", investigators="周敏", signer="陈志强")
    officer.page.set_input_files("#f-photo_1", PHOTO)
    assert officer.send(investigators="周敏、赵丽") == ""
    assert officer.stands("待票决")
    assert "未经评审团票决" in officer.step("ballot_pass")
    officer.one.open(f"/democratic-review/panels/new?village={VILLAGE}")
    assert officer.send(members=PANEL, document="村民代表会议 1 号") == ""
    officer.one.open(f"/democratic-review/record?village={VILLAGE}&case={number}")
    for box in officer.page.locator("input[name=present]").all()[:17]:
        box.check()
    officer.page.get_by_text("有人回避").click()
    for select in officer.page.locator("select[name^=recused_]").all()[:2]:
        select.select_option("sibling")
    counts = {"observer": "吴建平", "scrutineer": "何永祥", "issued": "15", "returned": "15"}
    assert "票数不平衡" in officer.send(**counts, agree="8", disagree="5", abstain="1")
    assert officer.send(abstain="2") == ""
    assert officer.step("ballot_pass") == ""
    assert officer.stands("初审公示")

    publish(window, width, number, "2026-03-02")
    at(county, "2026-03-09")
    officer = Desk(window, "township_officer", width, number)
    assert "期满" in officer.step("period_end_no_objection")
    at(county, "2026-03-10")
    officer = Desk(window, "township_officer", width, number)
    assert officer.step("period_end_no_objection") == ""
    assert "会议纪要" in officer.step("minutes_ok")
    assert officer.send(minutes="党政联席〔2026〕3 号") == ""
    reviewer = Desk(window, "reviewer", width, number)
    reviewer.one.open(f"/casework/cases/{number}")
    assert "606.00" in reviewer.page.locator("main").inner_text()
    assert "8 / 15" in reviewer.page.locator(".ballot").inner_text()
    assert not reviewer.one.sideways()
    assert reviewer.step("propose_grant") == ""
    publish(window, width, number, "2026-03-10")
    approver = Desk(window, "approver", width, number)
    assert "期满" in approver.step("period_end", document="民批 1 号")
    at(county, "2026-03-18")
    approver = Desk(window, "approver", width, number)
    assert approver.step("period_end", document="民批 1 号") == ""
    assert approver.stands("已确认")
    assert approver.one.axe() == []
    with county.begin() as work:
        built = build_roll(work, BuildRoll(scheme="dibao", period="2026-04"))
    assert (built["lines"], built["total_fen"]) == (1, 60600)


def publish(window, width: int, number: str, day: str) -> None:
    """Hang the newest notice of a case at its three levels, each with a photo of the board."""
    clerk = Desk(window, "clerk", width, number)
    clerk.one.open(f"/casework/cases/{number}")
    links = [one.get_attribute("href") for one in clerk.page.locator("main a", has_text="GS-2026-").all()]
    path = max(links, key=lambda link: int(link.rpartition("/")[2]))
    for level in ("village", "township", "county"):
        clerk.one.open(f"{path}/post?level={level}")
        clerk.page.set_input_files("#f-photo", PHOTO)
        assert clerk.send(place="公示栏", posted_on=day) == ""
