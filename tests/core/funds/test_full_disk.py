"""RS19: a full disk takes an act back and says so; what is there can be read, and with room again it goes through."""

import errno
import os
from contextlib import contextmanager
from pathlib import Path

import pytest

from core import backups
from core.api import Lines, NewBatch, NewPayee, add_lines, close_batch, keep_payee, open_batch
from core.audit.queries import verify
from core.demo.people import HEADERS, invent
from core.errors import TryAgain
from core.funds import queries, verifying
from core.households.importing import rosters
from core.identity.actors import shell_actor
from core.testing import TOWN, VILLAGE

COUNT = 5_000


def build(county, person, *, pages=None):
    """A roll of many months of one person, in one transaction, on a database that may grow to so many pages."""
    with county.begin("proposer") as work:
        connection = work.session.connection()
        if pages is not None:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        try:
            batch = open_batch(work, NewBatch(scheme="every_hook", period="2026-11"))
            payee = keep_payee(work, NewPayee(name="测甲", number="6222020000123456"))
            months = [f"{1600 + at // 12:04d}-{at % 12 + 1:02d}" for at in range(COUNT)]
            lines = Lines(
                beneficiary_ids=[person] * COUNT,
                person_ids=[person] * COUNT,
                areas=[VILLAGE] * COUNT,
                months=months,
                components=["BASIC"] * COUNT,
                revisions=[0] * COUNT,
                categories=["SHORT"] * COUNT,
                amounts=[100] * COUNT,
                payee_ids=[payee] * COUNT,
                source_ids=[person] * COUNT,
            )
            add_lines(work, batch.id, lines, built_to=person)
            close_batch(work, batch.id)
        finally:
            connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")


@pytest.mark.one_database
@pytest.mark.proof("RS19")
def test_a_full_disk_rolls_a_run_back_and_says_so(county, money, proof):
    (person,) = money.persons(1)
    with county.look("proposer") as work:
        pages = work.session.connection().exec_driver_sql("PRAGMA page_count").scalar()
    county.account("proposer")
    tries = proof.effort(quick=3, long=60)
    for _try in range(tries):
        with pytest.raises(TryAgain) as refusal:
            build(county, person, pages=pages + proof.dice.randrange(150))
        assert "磁盘" in refusal.value.message
        with county.look("accountant") as work:
            assert queries.list_batches(work) == [] and verifying.verify(work) == []
    build(county, person)
    with county.look("accountant") as work:
        (batch,) = queries.list_batches(work)
        assert verifying.verify(work) == []
    assert (batch["state"], batch["lines"]) == ("draft", COUNT)
    proof.counted(tries)


@contextmanager
def no_room_in(folder, monkeypatch):
    """A folder on a disk that is full: of a file written there nothing arrives, or the first half."""
    write, open_file = Path.write_bytes, os.open

    def half(self, data):
        if not self.is_relative_to(folder):
            return write(self, data)
        write(self, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))

    def nowhere(path, flags, *more, **named):
        handle = open_file(path, flags, *more, **named)
        if not (flags & os.O_CREAT and Path(path).is_relative_to(folder)):
            return handle
        os.close(handle)
        return open_file("/dev/full", os.O_WRONLY)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", half)
        patch.setattr(os, "open", nowhere)
        yield


def folders(county):
    """Every file of the county but the database's own, with its size."""
    kept = (one for one in county.home.rglob("*") if one.is_file() and ".db" not in one.name)
    return sorted((str(one), one.stat().st_size) for one in kept)


@pytest.mark.proof("RS19")
@pytest.mark.parametrize("place", ["minutes", "rosters", "bank-files", "backup"])
def test_a_folder_without_room_takes_the_act_back_and_says_so(county, money, place, proof, monkeypatch):
    money.fund()
    for role, area in (("proposer", ""), ("clerk", TOWN), ("accountant", "")):
        county.account(role, area)

    def minutes():
        money.allocate()

    def rosters_():
        lines = [HEADERS, *(person.cells() for person in invent(4, [VILLAGE]))]
        with county.begin("clerk", TOWN) as work:
            rosters.store_roster(work, "\n".join(",".join(line) for line in lines).encode(), "名册.csv")

    def bank_file():
        money.export(batch)

    def backup():
        backups.make(county.host, shell_actor(county.host, "test"))

    act = {"minutes": minutes, "rosters": rosters_, "backup": backup, "bank-files": bank_file}[place]
    batch = 0
    if place == "bank-files":
        money.allocate()
        batch = money.release(money.roll([10_000]))
    before, folder = folders(county), county.home / ("backup" if place == "backup" else f"data/{place}")
    with no_room_in(folder, monkeypatch), pytest.raises(TryAgain) as refusal:
        act()
    assert "磁盘" in refusal.value.message
    assert folders(county) == before
    with county.look("auditor") as work:
        assert verifying.verify(work) == [] and verify(work).ok
    act()
    assert len(folders(county)) > len(before)
    proof.counted(1)
