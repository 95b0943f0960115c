"""Cases as people meet them: the list and the file at the desk, a step refused and taken, a visit on the phone."""

import struct
import zlib

import pytest

from core.testing import TOWN
from tests.plugins.casework.conftest import URBAN, Place, place
from tests.plugins.casework.counting import vote, with_panel

__all__ = ["place"]
LOOKS = {
    "desk": {"width": 1440},
    "phone": {"width": 390},
    "narrow": {"width": 320},
    "large": {"width": 1440, "large": True},
    "large phone": {"width": 390, "large": True},
    "english phone": {"width": 390, "language": "en"},
}
WAY = (
    ("accept", {}),
    ("start_check", {}),
    (
        "check_report",
        {
            "report": "HD-2026-003310",
            "result": "agrees",
            "items": [
                {"item": "务工收入（元/月）", "declared": "1,500.00", "found": "1,500.00", "note": "社保缴费基数一致"},
                {"item": "存款（元）", "declared": "0.00", "found": "8,600.00", "note": "10 月助学贷款入账，已核实"},
                {"item": "车辆、房产", "declared": "无", "found": "农村自建房 1 处", "note": "在政策允许范围内"},
            ],
        },
    ),
)


def picture() -> bytes:
    """A picture of one white dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\xff")) + chunk(b"IEND", b"")


def reviewed(place: Place) -> str:
    """A case with check, visit with photos, ballot and first notice, which waits for the township's review."""
    from plugins.casework.services.handling import add_photo

    with_panel(place.county, URBAN)
    number = place.submitted()
    for event, data in WAY:
        place.step(number, event, **data)
    seen = "房屋为一层砖房，两间；户主腰椎术后，无法外出务工；长女在读小学。生活来源为妻子零工和老人养老金。"
    place.step(number, "visit_done", investigators=["周敏", "赵丽"], signer="陈志强", findings=seen)
    with place.county.begin("clerk") as work:
        for at in range(4):
            add_photo(work, number, f"{at}.png", picture())
    vote(place.county, URBAN, number)
    place.step(number, "ballot_pass")
    place.publish(number)
    place.at(str(place.show(number)["notices"][-1]["from_day"]))
    place.step(number, "period_end_no_objection")
    return number


@pytest.mark.parametrize("look", LOOKS)
def test_pages_of_cases_fit_and_axe_finds_nothing(window, place, look):
    number = reviewed(place)
    one = window("clerk", **LOOKS[look])
    faults: list[str] = []
    base = f"/casework/cases/{number}"
    for path in ("/casework", base, f"{base}/steps/minutes_ok", f"{base}/acts/relative", f"{base}/papers/D07",
                 "/casework/new", "/casework/new?household=H00001", "/casework/visits", "/casework/reviews",
                 "/casework/leads", "/casework/samples"):  # fmt: skip
        one.open(path)
        faults += [f"{path} {look}: {fault}" for fault in [*one.said, *one.axe()]]
        one.said.clear()
        if one.sideways():
            faults.append(f"{path} {look}: scrolls sideways")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_step_is_refused_with_everything_kept_and_then_taken(window, place, width):
    number = reviewed(place)
    one = window("township_officer", width=width)
    one.open("/casework")
    one.page.get_by_role("link", name=number).click()
    one.page.wait_for_url(f"**/cases/{number}")
    if width < 600:  # noqa: PLR2004 - a phone
        one.page.get_by_role("link", name="填写办理意见").click()
    one.page.fill("#f-opinion", "材料齐全，程序合规，建议纳入。")
    one.page.get_by_role("button", name="提交").click()
    one.page.wait_for_url("**/decide")
    assert one.page.get_by_role("alert").inner_text().count("党政联席会议纪要编号") == 1
    assert one.page.input_value("#f-opinion") == "材料齐全，程序合规，建议纳入。"
    assert one.axe() == []
    assert not one.sideways()
    one.page.fill("#f-minutes", "党政联席〔2026〕3 号")
    one.page.get_by_role("button", name="提交").click()
    one.page.wait_for_url(f"**/cases/{number}")
    assert one.page.get_by_role("status").first.inner_text() == "已办理：乡镇审核通过"
    assert place.show(number)["state"] == "county_review"


def test_a_village_cadre_enters_a_visit_with_photos_on_the_phone(window, place):
    number = place.until("investigating")
    one = window("township_officer", area=TOWN, width=390)
    one.open("/casework/visits")
    one.page.get_by_role("link", name="登记入户").click()
    one.page.wait_for_url("**/steps/visit_done")
    one.page.fill("#f-investigators", "周敏、赵丽")
    one.page.fill("#f-signer", "陈志强")
    one.page.fill("#f-findings", "一层砖房，两间")
    for at in (1, 2):
        photo = {"name": f"{at}.png", "mimeType": "image/png", "buffer": picture()}
        one.page.set_input_files(f"#f-photo_{at}", photo)
    assert one.axe() == []
    one.page.get_by_role("button", name="登记入户调查").click()
    one.page.wait_for_url(f"**/cases/{number}")
    assert one.page.get_by_role("link", name="照片 2").count() == 1
    assert "一层砖房，两间" in one.page.content()
    assert not one.sideways()
    assert place.show(number)["visits"][0]["photos"] == 2  # noqa: PLR2004 - as many as were taken
