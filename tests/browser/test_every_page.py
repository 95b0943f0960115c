"""Every page as people meet it: desk and phone, both languages, large type; nothing sideways, axe content."""

from datetime import date

import pytest
from playwright.sync_api import expect

from core.households import services
from core.households.wishes import Member, OpenHousehold
from core.identity.numbers import check_character
from core.identity.persons import NewPerson, register_person

PAGES = {
    "system_admin": ["/", "/tasks", "/menu", "/plugins", "/settings", "/settings/security", "/policy",
                     "/policy/pay.day", "/doctor",
                     "/areas?town=430223103", "/jobs", "/profile", "/profile/factor", "/help", "/audit/verify",
                     "/nowhere"],
    "security_admin": ["/accounts", "/accounts/new", "/accounts/roles", "/accounts/security_admin-430223",
                       "/accounts/security_admin-430223/disable"],
    "auditor": ["/audit", "/audit/1", "/reports", "/funds", "/funds/batches", "/funds/reconcile", "/funds/findings"],
    "clerk": ["/", "/households", "/households?q=wgl", "/households/1", "/households/1/members", "/households/1/split",
              "/households/new", "/people/1", "/people/1/death", "/people/1/reveal", "/people/new",
              "/households/import"],
}  # fmt: skip
LOOKS = {
    "desk": {"width": 1440},
    "phone": {"width": 390},
    "narrow": {"width": 320},
    "large": {"width": 1440, "large": True},
    "large phone": {"width": 390, "large": True},
    "english": {"width": 1440, "language": "en"},
    "english phone": {"width": 390, "language": "en"},
}


@pytest.fixture
def home(county):
    """One household, 王桂兰户, so that its pages have something to show."""
    first = "99922319440312001"
    number = first + check_character(first)
    with county.begin() as work:
        wish = NewPerson(name="王桂兰", citizen_id=number, hukou_area="430223103201", phone="13800000000")
        person = register_person(work, wish).id or 0
        members = [Member(person_id=person, relation="户主")]
        wish = OpenHousehold(number="0307-2815", area="430223103201", on=date(2026, 11, 1), members=members)
        services.open_household(work, wish)


JUDGED = ("desk", "phone", "large")
"""Where axe looks too: the other looks change lengths, not the structure."""


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("role", PAGES)
def test_pages_fit_say_nothing_on_the_console_and_axe_finds_nothing(window, home, role, look):
    one = window(role, **LOOKS[look])
    faults: list[str] = []
    for path in PAGES[role]:
        one.open(path)
        said = [line for line in one.said if "404" not in line]
        one.said.clear()
        found = one.axe() if look in JUDGED else []
        faults += [f"{path} {look}: {fault}" for fault in [*said, *found]]
        if one.sideways():
            faults.append(f"{path} {look}: scrolls sideways")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_the_way_in_fits_and_axe_finds_nothing(window, width):
    one = window(width=width)
    for path in ("/sign-in", "/sign-in?way=code"):
        one.open(path)
        assert one.axe() == [] and not one.sideways() and one.said == []


def test_keys_lead_to_the_desk_and_never_fire_in_a_field(window):
    one = window("auditor")
    one.open("/audit")
    one.page.keyboard.type("gh")
    one.page.wait_for_url("**/")
    search = one.page.locator("#q")
    one.page.keyboard.press("/")
    expect(search).to_be_focused()
    one.page.keyboard.type("gh")
    expect(search).to_have_value("gh")
    one.page.locator("h1").click()
    one.page.keyboard.press("?")
    expect(one.page.locator("#keys")).to_be_visible()
    one.page.locator("#keys-on").uncheck()
    one.page.keyboard.press("Escape")
    expect(one.page.locator("#keys")).to_be_hidden()
    one.page.keyboard.press("/")
    expect(search).not_to_be_focused()


def test_an_error_summary_takes_the_focus_and_a_form_is_sent_once(window):
    one = window("system_admin")
    one.open("/settings/security")
    one.page.fill("#f-idle_minutes", "一千")
    one.page.get_by_role("button", name="看看会改什么").click()
    expect(one.page.locator(".errsum")).to_be_focused()
    expect(one.page.locator("#f-idle_minutes")).to_have_value("一千")


def test_the_whole_way_works_without_script(profile, served, county):
    from core.identity.accounts import new_code
    from core.identity.actors import shell_actor

    name = county.account("system_admin")
    with county.host.begin(shell_actor(county.host, "test"), edge="command") as work:
        code = new_code(work, name)
    page = profile(java_script_enabled=False).new_page()
    page.goto(f"{served}/sign-in?way=code")
    for field, text in (
        ("name", name),
        ("code", code),
        ("password", "Xiang-Jiang-2026"),
        ("again", "Xiang-Jiang-2026"),
    ):
        page.fill(f"#f-{field}", text)
    page.get_by_role("button", name="设密码并登录").click()
    expect(page.locator("h1")).to_have_text("工作台")
    page.goto(f"{served}/settings/security")
    page.fill("#f-idle_minutes", "30")
    page.get_by_role("button", name="看看会改什么").click()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("已保存")
