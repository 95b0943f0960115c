"""The indicator catalogue as people meet it at the desk and on the phone: a period, contradictions, papers."""

import pytest

from core.testing import enabled
from plugins.indicators.acts import STARTS

LOOKS = {
    "desk": {"width": 1440},
    "phone": {"width": 390},
    "narrow": {"width": 320},
    "english phone": {"width": 390, "language": "en"},
}
NUMBER = "ZB-430223-2026-10-1"
PAGES = (
    "/indicators", "/indicators/show/social_workers.stations?period=2026-10", "/indicators/period?period=2026-10",
    "/indicators/period?period=2026-Q3&state=not_met", "/indicators/targets", "/indicators/targets/1",
    "/indicators/targets/new", "/indicators/stated", "/indicators/stated/1", "/indicators/sums/new",
    "/indicators/rates/new", "/indicators/reports", f"/indicators/reports/{NUMBER}", f"/indicators/papers/{NUMBER}",
    "/reports/indicators-plugins?period=2026-10", "/reports/indicators-period?period=2026-10",
    "/reports/indicators-period/sheet?period=2026-10",
)  # fmt: skip


@pytest.fixture
def reported(county):
    """A county with a target, a contradiction and a report."""
    enabled(county, "indicators")
    enabled(county, "social_workers")
    source = {"title": "特困人员分布", "source": "市局月报表第 2 页", "period": "2026-10"}
    wish = {"indicator": "social_workers.stations", "period": "2026", "value": "100", "document": "攸民发〔2026〕12号"}
    for name, given in (
        ("targets", wish),
        ("sums", source | {"parts": ["分散供养 461", "集中供养 188"], "stated": "659"}),
        ("reports", {"period": "2026-10"}),
    ):
        start = STARTS[name]
        with county.begin() as work:
            start.make(work, start.wish(**given))
    return county


def test_pages_of_indicators_fit_and_axe_finds_nothing(window, reported):
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


def test_a_stated_sum_is_checked_and_answered_for_before_the_report_is_issued(window, reported):
    reviewer = window("reviewer", width=1440)
    reviewer.open("/")
    assert "填报数不符：特困人员分布" in reviewer.page.content()
    reviewer.open(f"/indicators/reports/{NUMBER}/check")
    reviewer.page.get_by_role("button", name="审核报表").click()
    reviewer.page.wait_for_load_state()
    approver = window("approver", width=1440)
    approver.open(f"/indicators/reports/{NUMBER}/issue")
    approver.page.get_by_role("button", name="签发报表").click()
    approver.page.wait_for_load_state()
    assert "还没有人说明" in approver.page.content()
    reviewer.open("/indicators/stated/1/acknowledge")
    reviewer.page.get_by_label("事由").fill("上报表沿用原文，已去函核实")
    reviewer.page.get_by_role("button", name="说明不符原因").click()
    reviewer.page.wait_for_load_state()
    approver.open(f"/indicators/reports/{NUMBER}/issue")
    approver.page.get_by_role("button", name="签发报表").click()
    approver.page.wait_for_load_state()
    assert "已签发" in approver.page.content()
