"""A thousand families and more: figures, lists and a raise ask the database in chunks, never family by family."""

import json
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select
from sqlmodel import col

from core.api import columns, insert_columns, table_of
from core.audit.models import Record
from core.testing import TOWN
from plugins.casework.api import facts_of_cases
from plugins.casework.models import Case, Member
from plugins.dibao.exporting import export_csv
from plugins.dibao.models import Award
from plugins.dibao.queries import AwardFilter, families
from plugins.dibao.services.campaigns import give_list
from plugins.dibao.services.raising import raise_awards
from plugins.dibao.statistics import change_rows, indicators
from plugins.dibao.wishes import GiveList

MANY, FEW = 1850, 50


@contextmanager
def statements(host):
    """How many statements go to the database."""
    said: list[str] = []

    def listen(_connection, _cursor, statement, *_rest):
        said.append(statement)

    event.listen(host.database.engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(host.database.engine, "before_cursor_execute", listen)


def copies(place, number: str, count: int) -> None:
    """So many families like one that was granted."""
    with place.county.begin() as work:
        connection = work.session.connection()
        case = connection.execute(select(columns(Case)).where(columns(Case).number == number)).one()._mapping
        granted = (columns(Award).case_id == case["id"], columns(Award).version == 1)
        award = connection.execute(select(columns(Award)).where(*granted)).one()._mapping
        member = connection.execute(select(columns(Member)).where(columns(Member).case_id == case["id"])).all()
        ids = list(work.next_ids("casework_case", count))
        own = {name: case[name] for name in case if name not in ("id", "number")}
        numbers = [f"DB-430223-2025-{one:06d}" for one in ids]
        insert_columns(connection, table_of(Case), {"id": ids, "number": numbers}, own)
        same = {name: award[name] for name in award if name not in ("id", "case_id")}
        more = {"id": list(work.next_ids("dibao_award", count)), "case_id": ids}
        insert_columns(connection, table_of(Award), more, same)
        for row in member:
            kept = {name: value for name, value in row._mapping.items() if name != "case_id"}
            insert_columns(connection, table_of(Member), {"case_id": ids}, kept)
        work.record("dibao.imported", "dibao:list", count=count)


def _asked(place, act) -> int:
    with place.county.look() as work, statements(place.county.host) as said:
        act(work)
    return len(said)


READERS = {
    "figures": lambda work: list(indicators(work, "2026-03")),
    "changes": lambda work: list(change_rows(work, "2026-03")),
    "a list": lambda work: families(work, AwardFilter(limit=2000), "2026-03"),
}


@pytest.fixture
def one(place):
    number, _people = place.example_a()
    place.granted(number)
    place.at("2026-03-03")
    return number


def test_figures_and_lists_of_many_families_are_asked_in_chunks(place, one):
    copies(place, one, FEW)
    few = {name: _asked(place, act) for name, act in READERS.items()}
    copies(place, one, MANY)
    many = {name: _asked(place, act) for name, act in READERS.items()}
    # Two more chunks of nine hundred cases, two questions each.
    assert all(many[name] <= few[name] + 4 for name in READERS), (few, many)
    with place.county.look() as work:
        rows = {name: figure for name, figure, _note in indicators(work, "2026-03")}
    assert rows["城市低保家庭"] == str(FEW + MANY + 1)


def test_a_raise_of_many_families_is_one_pass_and_their_cases_show_the_new_amount(place, one):
    place.standard("urban", "470", "2026-04")
    counts = []
    for more in (FEW, MANY):
        copies(place, one, more)
        with place.county.begin("clerk") as work, statements(place.county.host) as said:
            found = raise_awards(work, "urban", "2026-04")
        counts.append(len(said))
        assert found["changed"] == more + (more == FEW)
    assert counts[1] <= counts[0] + 4, counts
    with place.county.look() as work:
        asked = select(columns(Case).monthly_fen, columns(Case).version > 1).distinct()
        assert work.session.execute(asked).all() == [(82_100, True)]
        records = work.session.scalars(select(Record).where(col(Record.action) == "casework.amounts_noted")).all()
    assert [json.loads(row.body)["details"]["count"] for row in records] == [FEW + 1, MANY]


def test_the_file_and_the_list_for_others_of_many_families_too(place, one):
    copies(place, one, FEW)

    def written():
        with place.county.begin("clerk") as work, statements(place.county.host) as said:
            _content, rows = export_csv(work, "2026-03")
            give_list(work, GiveList(kind="water", department="县水利局"))
        return len(said), rows

    few, rows = written()
    assert rows == 4 * (FEW + 1)
    copies(place, one, MANY)
    many, rows = written()
    assert rows == 4 * (FEW + MANY + 1) and many <= few + 8, (few, many)


def test_facts_of_many_cases_are_those_of_each(place, one):
    copies(place, one, 3)
    from plugins.casework.api import case_facts

    with place.county.look() as work:
        ids = list(work.session.scalars(select(columns(Case).id)))
        found = facts_of_cases(work, [*ids, 10**9])
        assert found == {number: case_facts(work, number) for number in ids}
        assert {one.area[:9] for one in found.values()} == {TOWN}
