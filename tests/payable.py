"""Counties ready to pay: people in columns with payees and enrolments, schemes, standards, money with its minutes."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from core.bulk import insert_columns
from core.funds import bank_files
from core.funds.allocations import NewAllocation, allocate
from core.funds.models import Payee
from core.funds.sources import NewFund, add_fund
from core.households.areas import village_codes
from core.identity.models.persons import Person
from core.tables import table_of
from core.testing import enabled
from plugins.benefits.api import SetStandard, set_standard
from plugins.benefits.models import Enrolment, EnrolmentVersion
from plugins.benefits.services.rolls import StartScheme, start_scheme

SHARES = {"allowance": ("HOME", 0.6), "allowance_pair": ("BASIC", 0.3), "allowance_gap": ("GAP", 0.1)}
"""Schemes of the test plugin with their category, and which share of the people each has."""


@dataclass(frozen=True)
class Payable:
    """So many people, paid from ``first`` on; one in ``late`` was due a month earlier (0: nobody)."""

    count: int
    first: str = "2026-11"
    before: str = "2026-10"
    late: int = 20
    months: int = 2


def make_payable(county, wish: Payable):
    """Switch the test plugin on and bring in people, standards and money; answers the county."""
    enabled(county, "allowance")
    county.reload()
    _people(county, wish)
    for scheme, (category, _share) in SHARES.items():
        with county.begin() as work:
            standard = {"scheme": scheme, "category": category, "amount": "500", "valid_from": "2000-01"}
            set_standard(work, SetStandard(**standard, document="文"))
            start_scheme(work, StartScheme(scheme=scheme, month=wish.before))
        fen = wish.count * wish.months * 1_000_00
        with county.begin("accountant") as work:
            fund = {"code": scheme, "name": scheme, "source": "PROV", "scheme": scheme, "year": 2026}
            add_fund(work, NewFund(**fund, amount_fen=fen, document=scheme))
        with county.begin("proposer") as work:
            given = NewAllocation(fund=scheme, scheme=scheme, amount_fen=fen, decided_fen=fen)
            allocate(work, given, scheme.encode(), "minutes.pdf")
    for role in ("proposer", "reviewer", "approver", "disburser"):
        county.account(role)
    return county


def _people(county, wish: Payable):
    """So many persons with payees and enrolments, written in columns, spread over all villages."""
    count = wish.count
    with county.begin() as work:
        known = sorted(village_codes(work))
        areas = [known[at * len(known) // count] for at in range(count)]
        connection = work.session.connection()
        ids, payees = work.next_ids("identity_person", count), work.next_ids("funds_payee", count)
        names = [f"张{chr(0x4E00 + at % 5000)}" for at in range(count)]
        numbers = [f"6228480{at:010d}" for at in range(count)]
        insert_columns(
            connection,
            table_of(Person),
            {"id": ids, "name": names, "hukou_area": areas, "residence_area": areas},
            {
                "initials": "zs", "sex": 1, "ethnicity": "", "address": "", "phone_tail": "",
                "created_at": datetime(2026, 1, 1, tzinfo=UTC), "version": 1,
            },
        )  # fmt: skip
        insert_columns(
            connection,
            table_of(Payee),
            {
                "id": payees,
                "name": names,
                "number_sealed": work.keys.seal_many(bank_files.NUMBER_COLUMN, payees, numbers),
                "number_index": work.keys.blind_many("bench", numbers),
            },
            {"kind": "institution", "tail": "0000", "since": date(2026, 1, 1)},
        )
        done = 0
        for scheme, (category, share) in SHARES.items():
            some = slice(done, done + int(count * share))
            done = some.stop
            enrol_columns(work, (scheme, category), wish, (ids[some], payees[some], areas[some]))
        work.record("test.people", "test:1")


def enrol_columns(work, what, wish: Payable, people):
    """Enrol people (ids, payees, areas in columns) in a scheme and category, as a taking-over does."""
    scheme, category = what
    ids, payees, areas = people
    connection, count = work.session.connection(), len(ids)
    numbers, versions = work.next_ids("benefits_enrolment", count), work.next_ids_in_order("benefits_version", count)
    since = [wish.before if wish.late and at % wish.late == 0 else wish.first for at in range(count)]
    shared = {"person_id": list(ids), "beneficiary_id": list(ids), "area": areas, "from_month": since}
    fixed = {"scheme": scheme, "category": category, "state": "active"}
    insert_columns(
        connection,
        table_of(Enrolment),
        {"id": numbers, **shared, "payee_id": list(payees)},
        {**fixed, "ended_for": "", "payee_from": "columns", "carried_over": False, "source": "", "version": 1,
         "opened_at": work.now, "opened_by": 1},
    )  # fmt: skip
    insert_columns(
        connection,
        table_of(EnrolmentVersion),
        {
            "id": versions,
            "enrolment_id": numbers,
            **shared,
            "payee_id": list(payees),
        },
        {**fixed, "terms": "", "reason": "", "known_at": work.now, "known_by": 1},
    )
