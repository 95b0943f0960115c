"""Voluntary service as people meet it: lists, files, forms at the desk and on the phone; a sign-in at the site."""

import pytest

from core.testing import VILLAGE
from plugins.volunteers import acts, wishes
from tests.plugins.volunteers.conftest import place  # noqa: F401 - fixtures

LOOKS = {
    "desk": {"width": 1440},
    "phone": {"width": 390},
    "narrow": {"width": 320},
    "english phone": {"width": 390, "language": "en"},
}
PAGES = (
    "/volunteers", "/volunteers/people/1", "/volunteers/people/new", "/volunteers/teams", "/volunteers/teams/1",
    "/volunteers/activities", "/volunteers/activities/1", "/volunteers/activities/new", "/volunteers/site/1",
    "/volunteers/hours", "/volunteers/hours/1", "/volunteers/hours/1/reverse", "/volunteers/papers/card/1",
    "/volunteers/papers/sheet/1", "/volunteers/requests", "/volunteers/requests/1", "/volunteers/requests/new",
    "/volunteers/subsidies", "/volunteers/subsidies/1", "/volunteers/hours/1/subsidy", "/volunteers/hours/1/file",
)  # fmt: skip


@pytest.fixture
def service(place):  # noqa: F811 - the fixture
    """A volunteer with confirmed hours who signed up for the activity of today."""
    one = place.volunteer("李明", phone="13800000001")
    org = place.orgs["桃水镇志愿服务队"]
    place.act("teams", "join", org, volunteer=one)
    place.at("2026-11-20T08:05")
    record = place.hours(one, "06:00", "07:30")
    place.confirm(record)
    place.act("hours", "subsidy", record, role="clerk", kind="meal", amount="20")
    with place.county.begin() as work:
        acts.ask_certificate(work, wishes.RequestCertificate(volunteer=one))
    activity = place.plan(org)
    place.act("activities", "signup", activity, volunteer=one)
    return one


def test_pages_of_voluntary_service_fit_and_axe_finds_nothing(window, service):
    faults: list[str] = []
    for look, wanted in LOOKS.items():
        one = window("clerk", **wanted)
        for path in PAGES:
            one.open(path)
            faults += [f"{path} {look}: {fault}" for fault in [*one.said, *(one.axe() if look != "narrow" else [])]]
            one.said.clear()
            if one.sideways():
                faults.append(f"{path} {look}: scrolls sideways")
    assert not faults, "\n".join(faults)


def test_a_leader_signs_a_volunteer_in_at_the_site_with_the_phone(window, service):
    one = window("volunteers_leader", area=VILLAGE, width=390)
    one.open("/volunteers/site/1")
    one.page.get_by_role("button", name="签到：李明").click()
    one.page.wait_for_load_state()
    assert "签退：李明" in one.page.content()
    assert "在场 1 人" in one.page.content()
