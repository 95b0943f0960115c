"""Children's files as people meet them: the list, a file, its forms, pairing; visits on the phone."""

from datetime import date

import pytest

from core.testing import VILLAGE
from tests.plugins.orphan_care.conftest import place  # noqa: F401 - fixtures

LOOKS = {
    "desk": {"width": 1440},
    "phone": {"width": 390},
    "narrow": {"width": 320},
    "english phone": {"width": 390, "language": "en"},
}
PAGES = (
    "/orphan-care", "/orphan-care/apply", "/orphan-care/cases/1", "/orphan-care/cases/1/visit",
    "/orphan-care/cases/1/category", "/orphan-care/visits", "/orphan-care/due", "/orphan-care/pairing",
    "/orphan-care/pairing/sponsors/1", "/orphan-care/pairing/1", "/orphan-care/cases/1/papers/application",
)  # fmt: skip


@pytest.fixture
def children(place):  # noqa: F811 - the fixture
    """A child in payment, paired with a sponsor who paid some of the pledge."""
    from plugins.orphan_care import acts
    from plugins.orphan_care.services.pairing import add_sponsor
    from plugins.orphan_care.wishes import AddSponsor

    number = place.approved(needs="课外书")
    place.at("2026-02-10")
    with place.county.begin() as work:
        add_sponsor(work, AddSponsor(kind="person", name="王爱心", contact="13800000000"))
        pledge = {"case": number, "kind": "money", "yuan": "200", "months": 12}
        for name, given in (("check", {"result": "clear", "on": date(2026, 1, 3), "document": "函"}), ("pair", pledge)):
            act = acts.SPONSOR_ACTS[name]
            act.do(work, "1", act.wish(**given))
        act = acts.PAIRING_ACTS["contact"]
        act.do(work, "1", act.wish(kind="money", yuan="1800", way="charity", receipt="收 1"))
    return number


def test_pages_of_orphan_care_fit_and_axe_finds_nothing(window, children):
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


def test_a_child_director_records_a_visit_with_the_phone(window, children):
    one = window("orphan_care_director", area=VILLAGE, width=390)
    one.open("/orphan-care/visits")
    one.page.get_by_role("link", name="登记走访").first.click()
    one.page.select_option("#f-level", "village")
    one.page.fill("#f-visitors", "李主任")
    for name in ("safety", "schooling", "money"):
        one.page.select_option(f"#f-{name}", "good")
    one.page.get_by_role("button", name="登记走访").click()
    one.page.wait_for_url("**/orphan-care/cases/1")
    assert "走访已登记" in one.page.content()
    one.open("/orphan-care/visits")
    assert "都已按期走访" in one.page.content()
