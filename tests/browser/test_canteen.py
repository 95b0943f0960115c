"""Canteens as people meet them: lists, files, forms and papers at the desk and on the phone."""

from datetime import date

import pytest

from core.testing import VILLAGE
from tests.plugins.canteen.conftest import OPERATOR, SITE, place  # noqa: F401 - fixtures
from tests.plugins.canteen.test_settlement import SERVICE_DAYS, eat

LOOKS = {
    "desk": {"width": 1440},
    "phone": {"width": 390},
    "narrow": {"width": 320},
    "english phone": {"width": 390, "language": "en"},
}
PAGES = (
    "/canteen", "/canteen/sites/1", "/canteen/sites/new", "/canteen/sites/1/inspect", "/canteen/diners",
    "/canteen/diners/1", "/canteen/diners/new", "/canteen/settlements", "/canteen/settlements/1",
    "/canteen/inspections", "/canteen/inspections/1", "/canteen/operators", "/canteen/operators/1", "/canteen/rates",
    f"/canteen/papers/board/{SITE}", "/canteen/papers/settlement/1",
)  # fmt: skip


@pytest.fixture
def full(place):  # noqa: F811 - the fixture
    """A site with an operator, a diner who ate, an inspection, a menu and a settlement."""
    place.site(address="桃水街 1 号", phone="0731-24200000", hours="10:30-13:00", floor_area=240, seats=60)
    operator = place.operator()
    place.act("operators", "contract", operator, number="HT-1", procurement="open", from_on=date(2026, 1, 1),
              to_on=date(2027, 12, 31), bond="20000")  # fmt: skip
    place.act("sites", "entrust", SITE, operator=OPERATOR)
    diner, person = place.diner("李桂英", date(1950, 3, 8), ["dibao"], diet="糖尿病", consent_on=date(2026, 4, 1),
                                site=SITE)  # fmt: skip
    place.act("diners", "card", diner)
    eat(place, [person], SERVICE_DAYS[:2])
    place.act("sites", "inspect", SITE, inspectors="张、李", score=80, severity="minor", hazards="台面不净")
    place.act(
        "sites", "menu", SITE, week=date(2026, 4, 6), weekday="1", set_code="A", dishes="番茄炒蛋、清炒时蔬、米饭"
    )
    place.settle()
    return place


def test_pages_of_canteens_fit_and_axe_finds_nothing(window, full):
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


def test_a_township_checks_a_settlement_on_the_page(window, full):
    one = window("township_officer", area=VILLAGE[:9], width=390)
    one.open("/canteen/settlements/1")
    one.page.get_by_role("link", name="乡镇审核").click()
    one.page.get_by_role("button", name="乡镇审核").click()
    one.page.wait_for_load_state()
    assert "乡镇已审核" in one.page.content()
