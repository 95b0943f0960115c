"""Two steps on the page: a checked workbook waits encrypted, is imported by its hash, and is forgotten."""

import io
import os
import time
from datetime import timedelta

import openpyxl
import pytest

from core.demo.people import HEADERS, invent
from core.errors import Clash, NotFound, Refused
from core.households.importing import rosters
from core.households.importing.marking import marked_workbook
from core.households.importing.run import check_file

VILLAGE = "430223103201"
TOWN = "430223103"


def workbook(rows) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(list(HEADERS))
    for cells in rows:
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def good():
    return workbook([person.cells() for person in invent(5, [VILLAGE])])


@pytest.fixture
def bad():
    rows = [person.cells() for person in invent(5, [VILLAGE])]
    rows[0][2] = "110105194912310021"
    return workbook(rows)


def test_what_was_checked_is_what_is_imported(county, good):
    with county.begin("clerk", TOWN) as work:
        roster = rosters.store_roster(work, good, "名册.xlsx")
        checked, number = roster.content_hash.hex(), roster.id
        assert rosters.result_of(work, roster)["errors"] == []
    with pytest.raises(Clash), county.begin("clerk", TOWN) as work:
        rosters.import_stored(work, number, "0" * 64)
    with county.begin("clerk", TOWN) as work:
        outcome = rosters.import_stored(work, number, checked)
        assert outcome.written.imported == len(outcome.checked.roster)
    with pytest.raises(Clash), county.begin("clerk", TOWN) as work:
        rosters.import_stored(work, number, checked)


def test_a_kept_roster_is_encrypted_and_seen_by_who_uploaded_it(county, bad):
    with county.begin("clerk", TOWN, name="first") as work:
        number = rosters.store_roster(work, bad, "名册.xlsx").id
    for file in (county.home / "data" / "rosters" / county.code).iterdir():
        assert file.read_bytes()[:2] != b"PK" and b"999001" not in file.read_bytes()
    with county.look("clerk", TOWN, name="first") as work:
        sheet = openpyxl.load_workbook(io.BytesIO(rosters.marked_file(work, number))).active
        assert sheet.cell(1, 12).value == "错误说明" and sheet.cell(2, 12).value
    with pytest.raises(NotFound), county.look("clerk", TOWN, name="second") as work:
        rosters.marked_file(work, number)


def test_a_roster_is_gone_after_its_days(county, clock, good):
    with county.begin("clerk", TOWN) as work:
        rosters.store_roster(work, good, "名册.xlsx")
    clock.set(clock.now() + timedelta(days=8))
    with county.begin() as work:
        rosters.forget_old(work)
    assert list((county.home / "data" / "rosters" / county.code).iterdir()) == []


def test_a_file_that_cannot_be_read_is_not_kept(county):
    with pytest.raises(Refused), county.begin("clerk", TOWN) as work:
        rosters.store_roster(work, b"%PDF-1.7", "名册.xlsx")
    assert not (county.home / "data" / "rosters").exists()


def test_above_the_limit_a_workbook_of_the_bad_rows_comes_back_with_their_numbers(county, bad):
    with county.look() as work:
        checked = check_file(work, bad, "名册.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(marked_workbook(bad, checked, rows_max=3))).active
    assert sheet.max_row == 2 and sheet.cell(1, 2).value == "原行号" and sheet.cell(2, 2).value == 2
    assert "校验位" in sheet.cell(2, sheet.max_column).value


def test_a_csv_comes_back_as_a_marked_workbook_of_the_same_rows(county):
    rows = [person.cells() for person in invent(3, [VILLAGE])]
    rows[1][2] = "1"
    text = "\n".join(",".join(cells) for cells in [list(HEADERS), *rows])
    with county.look() as work:
        checked = check_file(work, text.encode(), "名册.csv")
    sheet = openpyxl.load_workbook(io.BytesIO(marked_workbook(text.encode(), checked, rows_max=100))).active
    assert sheet.cell(3, 12).value and sheet.cell(2, 3).value == rows[0][2]


def test_a_roster_whose_act_breaks_off_leaves_no_file(county, good):
    with pytest.raises(ZeroDivisionError), county.begin("clerk", TOWN) as work:
        rosters.store_roster(work, good, "名册.xlsx")
        raise ZeroDivisionError
    assert list((county.home / "data" / "rosters" / county.code).iterdir()) == []


def test_files_that_no_roster_knows_are_swept_a_day_later(county, good):
    with county.begin("clerk", TOWN) as work:
        rosters.store_roster(work, good, "名册.xlsx")
    folder = county.home / "data" / "rosters" / county.code
    (kept,) = folder.iterdir()
    for name, hours in (("old", 25), ("young", 1)):
        (folder / name).write_bytes(b"x")
        moment = time.time() - hours * 3600
        os.utime(folder / name, (moment, moment))
    assert county.host.jobs["households.sweep_rosters"].every == "daily"
    with county.begin() as work:
        rosters.sweep_files(work)
    assert {file.name for file in folder.iterdir()} == {kept.name, "young"}
