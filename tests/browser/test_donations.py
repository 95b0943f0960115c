"""Donations as people meet them: books, drives, gifts, goods, pairs, forms and papers, at the desk and on the phone."""

from datetime import date

import pytest

from core.testing import VILLAGE
from tests.browser.test_notices import public  # noqa: F401 - fixtures
from tests.plugins.donations.conftest import place  # noqa: F401 - fixtures

LOOKS = {
    "desk": {"width": 1440},
    "phone": {"width": 390},
    "narrow": {"width": 320},
    "english phone": {"width": 390, "language": "en"},
}
PAGES = (
    "/donations", "/donations/drives", "/donations/drives/1", "/donations/drives/new", "/donations/gifts",
    "/donations/gifts/1", "/donations/gifts/new", "/donations/goods", "/donations/goods/1", "/donations/donors/1",
    "/donations/pledges", "/donations/projects/1", "/donations/spending", "/donations/spending/new",
    "/donations/spending/1", "/donations/pairs", "/donations/charity/1", "/donations/checks", "/donations/export",
    "/donations/gifts/1/reissue", "/donations/papers/receipt/1", "/donations/papers/filing/1",
)  # fmt: skip


@pytest.fixture
def service(place):  # noqa: F811 - the fixture
    """A drive with gifts in money and goods, a project and what it spent."""
    place.certify()
    place.drive(plan="资助白内障患者手术", filing_no="备 2026-7")
    gift = place.gift("1050.07", donor="王丽", restricted="白内障")
    place.new(
        "goods", drive="YRJ-2026", donor="甲公司", donor_kind="org", item="棉被", quantity=200, unit_value="85",
        basis="invoice", expires=date(2026, 12, 10),
    )  # fmt: skip
    project = place.new("projects", title="光明行", restricted="白内障", budget="1000", minutes="理事会 2 号")
    place.spend("600", project=project["number"], area=VILLAGE)
    place.new("pledges", drive="YRJ-2026", donor="乙公司", donor_kind="org", amount="100000")
    return gift


def test_pages_of_donations_fit_and_axe_finds_nothing(window, service):
    faults: list[str] = []
    for look, wishes in LOOKS.items():
        one = window("clerk", **wishes)
        for path in PAGES:
            one.open(path)
            faults += [f"{path} {look}: {fault}" for fault in [*one.said, *(one.axe() if look != "narrow" else [])]]
            one.said.clear()
            if one.sideways():
                faults.append(f"{path} {look}: scrolls sideways")
    assert not faults, "\n".join(faults)


def test_a_gift_is_typed_and_its_receipt_is_there(window, service):
    one = window("clerk", width=1440)
    one.open("/donations/gifts/new")
    one.page.locator("[name=drive]").select_option("YRJ-2026")
    one.page.locator("[name=amount]").fill("88.50")
    one.page.locator("[name=donor]").fill("赵六")
    one.page.get_by_role("button", name="登记捐赠").click()
    one.page.wait_for_load_state()
    shown = one.page.content()
    assert "捌拾捌元伍角" in shown and "PJ-2026-000003" in shown


@pytest.fixture
def notice(place, service):  # noqa: F811 - the fixture
    """What the public application shows here: a drive that was disclosed; the county has a public address."""
    place.act("drives", "disclose", "YRJ-2026")
    file = place.county.home / "config" / "counties" / "430223.toml"
    file.write_text(file.read_text().replace("[county]", '[county]\npublic_url = "https://gongshi.example.cn"', 1))
    place.county.close()
    return service


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_anybody_follows_a_gift_to_what_it_was_used_for(window, public, notice, width):  # noqa: F811 - the fixture
    one = window(width=width)
    one.address = public
    for path in ("/donations", "/donations/drives/1", f"/donations/receipt?number={notice['receipt_no']}"):
        one.open(path)
        assert one.axe() == [], path
        assert not one.sideways(), path
    assert "光明行" in one.page.content() and "壹仟零伍拾元零柒分" in one.page.content()
    assert one.page.context.cookies(public) == []
