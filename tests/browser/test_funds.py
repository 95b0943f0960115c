"""The money as people meet it: a batch from submit to release in four hands, at the desk and on the phone."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.api import NewRecovery, open_recovery
from core.funds import detectors, kin
from core.testing import VILLAGE
from tests.core.funds.conftest import county, money, with_scheme  # noqa: F401 - fixtures

PICTURES = os.environ.get("HUIMIN_PICTURES", "")
"""A folder for pictures of every page that is looked at; none by default."""
PAGES = {
    "accountant": ["/funds", "/funds/new", "/funds/1", "/funds/1/receive", "/funds/accounts", "/funds/vouchers/1",
                   "/funds/allocations", "/funds/batches", "/funds/recoveries", "/funds/recoveries/1",
                   "/funds/reconcile?period=2026-11", "/funds/findings", "/funds/findings/1",
                   "/funds/batches/1/sheet", "/funds/vouchers/2/sheet", "/funds/reconcile/sheet?period=2026-11"],
    "proposer": ["/funds/allocations/new", "/funds/minutes/1", "/funds/returned", "/funds/returned/2",
                 "/funds/batches/2"],
    "disburser": ["/funds/batches/1", "/funds/batches/3", "/funds/bank-files"],
    "clerk": ["/funds/kin"],
}  # fmt: skip
LOOKS = {
    "desk": {"width": 1440},
    "phone": {"width": 390},
    "narrow": {"width": 320},
    "large": {"width": 1440, "large": True},
    "english": {"width": 1440, "language": "en"},
    "english phone": {"width": 390, "language": "en"},
}
JUDGED = ("desk", "phone", "large")


def picture(window, name):
    """Keep a picture of a page when a folder was named."""
    if PICTURES:
        file = Path(PICTURES) / f"{name.replace('/', '_').replace('?', '_')}.png"
        window.page.screenshot(path=file, full_page=True)


@pytest.fixture
def busy(money, county):  # noqa: F811 - the fixtures
    """Money in every state: paid, returned, waiting for release, a draft, a recovery, findings, kin."""
    money.fund(yuan=24_050_880, name="2026年孤儿基本生活费省级补助")
    money.allocate(yuan=2_004_240, body="党政联席会议")
    people = money.persons(3)
    money.paid([124_000, 76_000, 76_000], people=people, returned=(1,))
    money.roll([10_000], people=people[:1], period="2026-12")
    third = money.roll([10_000], people=people[1:2], period="2027-01")
    money.step("submit", third, "proposer")
    money.step("review", third, "reviewer")
    money.step("approve", third, "approver")
    with county.begin("accountant") as work:
        wish = NewRecovery(scheme="every_hook", beneficiary_id=people[0], person_id=people[0], area=VILLAGE,
                           reason="死亡以后发放", months={"2026-11": 50_000}, source_id=people[0])  # fmt: skip
        open_recovery(work, wish)
        detectors.detect(work, "2026-11")
    with county.begin("clerk") as work:
        kin.declare_kin(work, county.account("reviewer"), people[2], "sibling")
    return county


@pytest.mark.parametrize("look", LOOKS)
def test_pages_of_the_money_fit_and_axe_finds_nothing(window, busy, look):
    faults: list[str] = []
    for role, paths in PAGES.items():
        one = window(role, **LOOKS[look])
        for path in paths:
            one.open(path)
            found = one.axe() if look in JUDGED else []
            faults += [f"{path} {look}: {fault}" for fault in [*one.said, *found]]
            one.said.clear()
            if one.sideways():
                faults.append(f"{path} {look}: scrolls sideways")
            picture(one, f"{look}{path}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_batch_goes_from_hand_to_hand(window, money, width):  # noqa: F811 - the fixture
    money.fund(yuan=10_000)
    money.allocate(yuan=10_000)
    batch = money.roll([124_000, 76_000, 76_000])
    path = f"/funds/batches/{batch}"
    for role, button, said in (
        ("proposer", "提交", "已提交，等待复核"),
        ("reviewer", "复核通过", "已复核，等待审批"),
        ("approver", "审批通过", "已审批，等待放行"),
    ):
        one = window(role, width=width)
        one.open(path)
        picture(one, f"walk-{width}-{role}")
        one.page.get_by_role("button", name=button, exact=True).click()
        expect(one.page.locator(".toast")).to_contain_text(said)
    one = window("disburser", width=width)
    one.open(path)
    one.page.fill("#f-confirm", "2,760.01")
    one.page.get_by_role("button", name="放行 2,760.00 元").click()
    expect(one.page.locator(".errsum")).to_be_focused()
    expect(one.page.locator("#f-confirm")).to_have_value("2,760.01")
    picture(one, f"walk-{width}-refused")
    assert one.axe() == []
    one.page.fill("#f-confirm", "2,760.00")
    one.page.get_by_role("button", name="放行 2,760.00 元").click()
    expect(one.page.locator(".toast")).to_contain_text("已放行")
    picture(one, f"walk-{width}-released")
    assert not one.sideways()
