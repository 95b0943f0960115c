"""RS15: whatever instant a roster's import is killed, sent again it has lost nobody and brings nobody in twice."""

import collections
import csv
import io
import json
import multiprocessing

import pytest
from sqlalchemy import func, select, text

from core.audit.queries import verify
from core.households.models.households import Household, Membership
from core.identity.models.persons import Document, Person
from core.tables import columns, table_of
from core.testing import TOWN
from tests.recovery import importing
from tests.recovery.test_kills import PROGRESS, killed_in


def people_of(number):
    """How many people a roster brings."""
    return len(list(csv.reader(io.StringIO(importing.roster(number).decode("utf-8-sig"))))) - 1


def broken_promises(county, told, wanted):
    """Rosters that were acknowledged and are not there, that are there by half, and people who are there twice."""
    said = {json.loads(line)["roster"] for line in told.read_text().splitlines()} if told.exists() else set()
    with county.host.database.transaction(write=False) as connection:
        home, member, document = columns(Household), columns(Membership), columns(Document)
        rows = connection.execute(
            select(func.substr(home.number, 2, 3).label("roster"), func.count(func.distinct(home.id)), func.count())
            .join(member.id.table, member.household_id == home.id)
            .group_by(text("roster"))
        ).all()
        found = {int(number): (homes, people) for number, homes, people in rows}
        persons = connection.scalar(select(func.count()).select_from(table_of(Person)))
        twice = connection.execute(
            select(document.number_index).group_by(document.number_index).having(func.count() > 1)
        ).all()
    for number in said | set(found):
        wanted.setdefault(number, (importing.HOUSEHOLDS, people_of(number)))
    lost = [number for number in said if number not in found]
    halves = [number for number, counts in found.items() if counts != wanted[number]]
    strangers = persons - sum(people for _homes, people in found.values())
    return [*lost, *halves, *twice, *([strangers] if strangers else [])]


@pytest.mark.proof("RS15")
def test_nobody_is_lost_and_nobody_comes_in_twice_whenever_an_import_is_killed(county, tmp_path, proof):
    told = tmp_path / "told.jsonl"
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.recovery.importing", "core.host", "core.api"])
    token = county.token(county.account("clerk", TOWN))
    county.close()
    dice, kills = proof.dice, proof.effort(quick=5, long=300 if proof.database == "sqlite" else 200)
    found, progressed, wanted = [], 0, {}
    for kill in range(kills):
        arguments = (str(county.home), token, str(told))
        progressed += killed_in(context, importing.go_on, arguments, told, dice, at_work=kill % 2 > 0) > 0
        found += broken_promises(county, told, wanted)
        county.close()
    again = collections.Counter(json.loads(line)["roster"] for line in told.read_text().splitlines())
    counts = [json.loads(line)["counts"] for line in told.read_text().splitlines()]
    assert all(sum(one) == wanted[number][1] for number, one in zip(_numbers(told), counts, strict=True))
    assert max(again.values()) > 1, "no roster was sent twice"
    with county.look("auditor") as work:
        assert verify(work).ok
    proof.counted(kills, len(found))
    assert progressed >= kills * PROGRESS, f"{progressed} of {kills} kills came after something was done"


def _numbers(told):
    return [json.loads(line)["roster"] for line in told.read_text().splitlines()]
