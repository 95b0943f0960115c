"""Ballots as people meet them: the pages at 1440 and 390, the count on a village cadre's phone."""

from tests.plugins.casework.conftest import URBAN, place
from tests.plugins.casework.counting import vote, with_panel

__all__ = ["place"]
LOOKS = {"desk": {"width": 1440}, "phone": {"width": 390}, "english phone": {"width": 390, "language": "en"}}
PAGES = (
    "/democratic-review", "/democratic-review/ballots/1", "/democratic-review/panels",
    f"/democratic-review/panels/{URBAN}", f"/democratic-review/record?village={URBAN}",
    "/democratic-review/items/1/replace", "/democratic-review/ballots/1/evidence", "/democratic-review/violations",
    "/democratic-review/ballots/1/papers/record",
)  # fmt: skip


def test_pages_of_ballots_fit_and_axe_finds_nothing(place, window):
    with_panel(place.county, URBAN)
    vote(place.county, URBAN, place.until("appraising"))
    place.until("appraising")
    faults: list[str] = []
    for look, wishes in LOOKS.items():
        one = window("clerk", **wishes)
        for path in PAGES:
            one.open(path)
            faults += [f"{path} {look}: {fault}" for fault in [*one.said, *one.axe()]]
            one.said.clear()
            if one.sideways():
                faults.append(f"{path} {look}: scrolls sideways")
    assert not faults, "\n".join(faults)


def test_a_village_cadre_records_a_count_with_the_phone(place, window):
    with_panel(place.county, URBAN)
    case = place.until("appraising")
    one = window("township_officer", area=URBAN, width=390)
    one.open("/democratic-review")
    one.page.get_by_role("link", name="登记票决").last.click()
    one.page.fill("#f-observer", "周敏")
    one.page.fill("#f-scrutineer", "何永祥")
    for at in range(1, 18):
        one.page.check(f"input[name=present][value='{at}']")
    one.page.get_by_text("有人回避").click()
    for at in (1, 2):
        one.page.select_option(f"#f-recused_{at}", "sibling")
    for name, count in (("agree", 8), ("disagree", 5), ("abstain", 1)):
        one.page.fill(f"#f-{name}", str(count))
    one.page.get_by_role("button", name="登记票决").click()
    assert "票数不平衡" in one.page.locator(".errsum").inner_text()
    assert one.page.input_value("#f-observer") == "周敏"
    one.said.clear()  # the browser says of every refused form that it was refused
    one.page.fill("#f-abstain", "2")
    one.page.get_by_role("button", name="登记票决").click()
    one.page.get_by_role("heading", name=case).wait_for()
    assert "8 / 15" in one.page.locator(".ballot").inner_text()
    assert not one.sideways()
    assert not one.said
