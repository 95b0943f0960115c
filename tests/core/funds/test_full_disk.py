"""A full disk takes a run back and says so; with room again it goes through."""

import pytest

from core.api import Lines, NewBatch, NewPayee, add_lines, close_batch, keep_payee, open_batch
from core.errors import TryAgain
from core.funds import queries
from core.testing import VILLAGE

pytestmark = pytest.mark.one_database

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


def test_a_full_disk_rolls_a_run_back_and_says_so(county, money):
    (person,) = money.persons(1)
    with county.look("proposer") as work:
        pages = work.session.connection().exec_driver_sql("PRAGMA page_count").scalar()
    county.account("proposer")
    with pytest.raises(TryAgain) as refusal:
        build(county, person, pages=pages + 20)
    assert "磁盘" in refusal.value.message
    with county.look("accountant") as work:
        assert queries.list_batches(work) == []
    build(county, person)
    with county.look("accountant") as work:
        (batch,) = queries.list_batches(work)
    assert (batch["state"], batch["lines"]) == ("draft", COUNT)
