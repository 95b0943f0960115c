"""Attachments: encrypted on disk, opened by whoever may see the owner, gone in time."""

import os
import time
from datetime import date, timedelta

import pytest

from core.errors import Fault, NotFound, Refused
from core.identity.attachments import (
    FILES,
    NewAttachment,
    add_attachment,
    attachments_of,
    open_attachment,
    remove_attachment,
    remove_expired,
    sweep_files,
)
from core.kept_files import folder_of

TOWN, OTHER_TOWN = "430223103", "430223106"
PDF = b"%PDF-1.7 a paper about somebody"


@pytest.fixture
def folder(county):
    with county.look() as work:
        return folder_of(work, FILES)


def add(county, owner, data=PDF, name="证明.pdf", **wish):
    with county.begin() as work:
        return add_attachment(work, NewAttachment(owner=owner, file_name=name, data=data, **wish)).id


def test_a_file_comes_back_as_it_was_and_lies_encrypted_under_a_random_name(county, register, folder):
    owner = f"person:{register()}"
    number = add(county, owner, title="低保申请书")
    (stored,) = folder.iterdir()
    assert b"paper" not in stored.read_bytes() and "证明" not in stored.name
    assert stored.stat().st_mode & 0o777 == 0o600 and folder.stat().st_mode & 0o777 == 0o700
    with county.look("clerk", TOWN) as work:
        assert [one.title for one in attachments_of(work, owner)] == ["低保申请书"]
        found = open_attachment(work, number)
    assert (found.data, found.media_type) == (PDF, "application/pdf")


def test_another_town_neither_lists_nor_opens_it(county, register):
    owner = f"person:{register()}"
    number = add(county, owner)
    with county.look("clerk", OTHER_TOWN) as work:
        with pytest.raises(NotFound):
            attachments_of(work, owner)
        with pytest.raises(NotFound) as there:
            open_attachment(work, number)
        with pytest.raises(NotFound) as nowhere:
            open_attachment(work, 999)
    assert there.value.message == nowhere.value.message


def test_a_file_of_a_plugins_subject_follows_its_area(county):
    number = add(county, "canteen:7", area=TOWN)
    with county.look("clerk", TOWN) as work:
        assert open_attachment(work, number).data == PDF
    with county.look("clerk", OTHER_TOWN) as work, pytest.raises(NotFound):
        open_attachment(work, number)


def test_opening_is_recorded(county, register):
    number = add(county, f"person:{register()}")
    with county.look("clerk", TOWN) as work:
        open_attachment(work, number)
    with county.look() as work:
        count = work.session.connection().exec_driver_sql(
            "SELECT count(*) FROM audit_record WHERE action = 'attachment.opened'"
        )
        assert count.scalar() == 1


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.exe", b"MZ", "E_FILE_TYPE"),
        ("a.pdf", b"<html>", "E_FILE_TYPE"),
        ("a.pdf", b"", "E_FILE"),
        ("a.html", b"<html>", "E_FILE_TYPE"),
        ("a.pdf", PDF + b"x" * 11 * 1024 * 1024, "E_FILE_SIZE"),
    ],
)
def test_what_is_too_large_or_not_what_it_says_is_refused(county, register, folder, name, data, code):
    owner = f"person:{register()}"
    with pytest.raises(Refused) as refusal:
        add(county, owner, data, name)
    assert refusal.value.objections[0].code == code
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_dry_run_leaves_no_file(county, register, folder):
    owner = f"person:{register()}"
    from core.identity.actors import shell_actor

    with county.host.begin(shell_actor(county.host, "test"), dry_run=True) as work:
        add_attachment(work, NewAttachment(owner=owner, file_name="a.pdf", data=PDF))
        assert len(list(folder.iterdir())) == 1
    assert list(folder.iterdir()) == []
    with county.look() as work:
        assert attachments_of(work, owner) == []


def test_files_go_when_their_time_is_over_or_somebody_says_why(county, register, folder, clock):
    owner = f"person:{register()}"
    add(county, owner, expires_on=date(2026, 12, 1))
    second = add(county, owner)
    with county.begin() as work, pytest.raises(Refused):
        remove_attachment(work, second, " ")
    clock.set(clock.now() + timedelta(days=30))
    with county.begin() as work:
        remove_expired(work)
    with county.look() as work:
        assert [one.id for one in attachments_of(work, owner)] == [second]
    with county.begin() as work:
        remove_attachment(work, second, "传错了")
    for file in folder.iterdir():
        os.utime(file, (time.time() - 2 * 86400,) * 2)
    with county.look() as work:
        sweep_files(work)
    assert list(folder.iterdir()) == []


def test_a_file_that_vanished_from_the_disk_is_named(county, register, folder):
    number = add(county, f"person:{register()}")
    next(folder.iterdir()).unlink()
    with county.look() as work, pytest.raises(Fault, match="备份"):
        open_attachment(work, number)


def test_files_without_a_row_are_swept_after_a_day(county, register, folder):
    add(county, f"person:{register()}")
    for name, age in (("old", 2), ("new", 0)):
        file = folder / name
        file.write_bytes(b"x")
        os.utime(file, (time.time() - age * 86400,) * 2)
    with county.look() as work:
        sweep_files(work)
    names = {file.name for file in folder.iterdir()}
    assert "old" not in names and "new" in names and len(names) == 2
