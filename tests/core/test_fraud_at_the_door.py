"""RS11: kinds of fraud that never come into the books; each is tried by page, command, API and import.

The same person in two counties at once is seen by neither: each keeps its own people in a database of its own. What a
county does refuse is somebody of a village that is not its own.
"""

import openpyxl
import pytest
from sqlalchemy import select

from core.demo.people import HEADERS
from core.funds.models import Allocation
from core.funds.sources import NewFund, add_fund
from core.identity.models.persons import Person
from core.testing import VILLAGE
from tests.payable import Payable, make_payable

OLD, NEW = "110105491231002", "11010519491231002X"
ELSEWHERE = "430224103201"
"""A village of the county next door."""
MADE_UP = "110105194912310021"
"""A number that somebody thought of: its check character is wrong."""

KINDS = {
    "duplicate of 18 digits": ({"citizen_id": NEW}, {"E_ID_DUP"}),
    "duplicate in small letters": ({"citizen_id": NEW.lower()}, {"E_ID_DUP"}),
    "duplicate of 15 digits": ({"citizen_id": OLD}, {"E_ID_FORMAT", "E_ID_DUP"}),
    "ghost": ({"citizen_id": MADE_UP}, {"E_ID_CHECK"}),
    "of another county": ({"citizen_id": "", "hukou_area": ELSEWHERE}, {"E_FORBIDDEN", "E_DIV_CODE"}),
}
"""What is planted, and the refusals it meets: with 15 digits nobody is entered, only an archive may bring them."""


def roster(tmp_path, household, wish):
    """A roster with one household of one person."""
    book = openpyxl.Workbook()
    book.active.append(list(HEADERS))
    row = [household, wish["name"], wish["citizen_id"], "户主", "", "", wish["hukou_area"], "", "", "", ""]
    book.active.append(row)
    file = tmp_path / f"{household}.xlsx"
    book.save(file)
    return file


def names(county):
    """Who is registered."""
    with county.look() as work:
        return work.session.scalars(select(Person.name)).all()


@pytest.mark.proof("RS11")
@pytest.mark.parametrize("kind", KINDS)
def test_who_is_there_already_or_nowhere_is_refused_at_every_door(county, run, client, tmp_path, proof, kind):
    honest = {"name": "王桂兰", "citizen_id": OLD, "hukou_area": VILLAGE}
    assert run("household", "import", roster(tmp_path, "H1", honest), "--archive", "--json").exit_code == 0
    planted, codes = KINDS[kind]
    wish = {"name": "李四", "hukou_area": VILLAGE, **planted}
    number = ("--citizen-id", wish["citizen_id"]) if wish["citizen_id"] else ()
    ran = run("person", "add", wish["name"], *number, "--hukou", wish["hukou_area"], "--json")
    assert ran.exit_code in (3, 4) and ran.error["code"] in codes, ran.talk
    told = client.api("POST", "/people", as_=county.account("clerk"), json=wish)
    assert told.status_code in (422, 403) and told.json()["error"]["code"] in codes, told.text
    client.sign_in("clerk")
    assert client.post("/people/new", wish).status_code in (422, 403)
    for archive in ((), ("--archive",)):
        brought = run("household", "import", roster(tmp_path, "H2", wish), *archive, "--json")
        assert brought.exit_code == 3, brought.output
        assert codes & {one["code"] for one in brought.data["errors"]}, brought.output
    assert names(county) == ["王桂兰"]
    proof.counted(5)


@pytest.mark.proof("RS11")
def test_a_sum_cut_into_pieces_does_not_pass_what_the_meeting_decided(county, run, tmp_path, proof):
    """Splitting: each piece is small, together they are more than the minutes say."""
    make_payable(county, Payable(count=20, late=0))
    minutes = tmp_path / "minutes.pdf"
    minutes.write_bytes(b"%PDF-1.4 one meeting")
    with county.begin("accountant") as work:
        add_fund(work, NewFund(code="SPLIT", name="X", source="PROV", year=2026, amount_fen=900_000, document="X"))
    proposer, done = county.account("proposer"), []
    for _piece in range(4):
        words = ("SPLIT", "--scheme", "allowance", "--amount", "300", "--decided", "1000")
        ran = run("funds", "allocate", *words, "--minutes", minutes, "--json", as_=proposer)
        done.append(ran.exit_code if ran.exit_code == 0 else ran.error["code"])
    assert done == [0, 0, 0, "E_MINUTES_EXCEEDED"]
    with county.look("accountant") as work:
        kept = work.session.scalars(select(Allocation.amount_fen).where(Allocation.amount_fen == 30_000)).all()
    assert kept == [30_000] * 3
    proof.counted(4)
