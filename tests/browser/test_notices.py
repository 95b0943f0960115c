"""Pages of notices as people meet them: at the desk, on the phone before the board, and the public check."""

import io
import struct
import zlib
from datetime import date

import pytest

from core.host import Host
from core.identity.persons import NewPerson, register_person
from core.settings import load
from core.testing import TOWN, VILLAGE, enabled
from core.web.dispatcher import Door
from core.web.public import create_public_app

from .serving import on_a_port

LOOKS = {
    "desk": {"width": 1440},
    "phone": {"width": 390},
    "narrow": {"width": 320},
    "large": {"width": 1440, "large": True},
}


@pytest.fixture
def notice(county):
    """A notice with three lines, posted in the village, with an objection; answers its number and check code."""
    from plugins.notices.api import NewNotice, NoticeRow, open_notice
    from plugins.notices.objections import NewObjection, take_objection
    from plugins.notices.queries import own_notice
    from plugins.notices.services import PostNotice, post_notice
    from plugins.notices.sheets import sheet_of

    county.close()
    file = county.home / "config" / "counties" / "430223.toml"
    file.write_text(file.read_text().replace("[county]", '[county]\npublic_url = "https://gongshi.example.cn"', 1))
    enabled(county, "notices")
    with county.begin() as work:
        rows = []
        for name in ("王建国", "欧阳小明", "吴霞"):
            wish = NewPerson(name=name, sex="男", birth_date=date(1960, 1, 1), hukou_area=VILLAGE)
            values = {"area": VILLAGE, "group": 3, "members": 2, "amount": 116250}
            rows.append(NoticeRow(person_id=register_person(work, wish).id, values=values))
        number = open_notice(
            work, NewNotice(type="notices.proposed", area=VILLAGE, scheme="最低生活保障", rows=tuple(rows))
        )
        post_notice(work, number, PostNotice(level="village", place="小集村村务公开栏", posted_on=date(2026, 11, 20)))
        wish = NewObjection(way="oral", text="家里有车", who="邻居", received_on=date(2026, 11, 20), position=2)
        take_objection(work, number, wish)
    with county.look() as work:
        return sheet_of(work, own_notice(work, number))


def picture() -> bytes:
    """A picture of one white dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    out = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    out.seek(0, io.SEEK_END)
    out.write(chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)))
    out.write(chunk(b"IDAT", zlib.compress(b"\0\xff")) + chunk(b"IEND", b""))
    return out.getvalue()


@pytest.mark.parametrize("look", LOOKS)
def test_pages_of_notices_fit_and_axe_finds_nothing(window, notice, look):
    one = window("township_officer", area=TOWN, **LOOKS[look])
    faults: list[str] = []
    for path in ("/notices", "/notices/new", "/notices/1", "/notices/1/post?level=township", "/notices/1/object",
                 "/notices/objections/1", "/notices/1/sheet"):  # fmt: skip
        one.open(path)
        faults += [f"{path} {look}: {fault}" for fault in [*one.said, *one.axe()]]
        one.said.clear()
        if one.sideways():
            faults.append(f"{path} {look}: scrolls sideways")
    assert not faults, "\n".join(faults)


def test_a_clerk_before_the_board_takes_the_photo_with_the_phone(window, notice):
    one = window("township_officer", area=TOWN, width=390)
    one.open("/notices/1")
    one.page.get_by_role("link", name="上传照片").click()
    photo = {"name": "board.png", "mimeType": "image/png", "buffer": picture()}
    one.page.set_input_files("#f-photo", photo)
    one.page.get_by_role("button", name="上传张贴照片").click()
    one.page.wait_for_url("**/notices/1")
    assert "照片已保存" in one.page.content()
    assert one.page.get_by_role("link", name="上传照片").count() == 0


@pytest.fixture
def public(county, notice):
    """The public application on a port of this machine."""
    door = Door(lambda: Host(load(county.home, county.code), clock=county.clock), build=create_public_app)
    with on_a_port(door) as address:
        yield address


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_anybody_checks_a_sheet_and_gets_no_cookie(window, public, notice, width):
    one = window(width=width)
    one.address = public
    one.open("/")  # the browser asks for English
    one.page.fill("#f-number", notice.number)
    one.page.fill("#f-code", notice.check_code)
    one.page.get_by_role("button", name="Check").click()
    one.page.wait_for_url("**/notices/check*")
    assert "This sheet is genuine" in one.page.content()
    assert one.axe() == []
    assert not one.sideways()
    assert one.page.context.cookies(public) == []
