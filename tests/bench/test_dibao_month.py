"""J1 with dibao: 34,000 families of terms, a raise and a month of back-pay, beside the bare insert of the same rows.

The same round as ``test_month``: rolls, four steps, bank file.
"""

import json
from datetime import UTC, date, datetime

import pytest

from core.bulk import insert_columns
from core.funds import bank_files
from core.funds.allocations import NewAllocation, allocate
from core.funds.models import Payee
from core.funds.sources import NewFund, add_fund
from core.households.models.groups import Group
from core.identity.models.persons import Person
from core.tables import table_of
from core.testing import VILLAGE, enabled
from plugins.benefits.api import SetStandard, set_standard, what_if
from plugins.benefits.models import Enrolment, EnrolmentVersion
from plugins.benefits.services.rolls import StartScheme, start_scheme
from tests.bench.test_month import BEFORE, PERIOD, paid, rounds_of
from tests.benching import at_most, cost

pytestmark = [pytest.mark.bench, pytest.mark.one_database]

FAMILIES = 34_000
LATE = 20


def families(county, count):
    """So many families with payees and terms, written in columns; two kinds, ages, fractions."""
    with county.begin() as work:
        connection = work.session.connection()
        ids, payees = work.next_ids("identity_person", count), work.next_ids("funds_payee", count)
        groups, now = work.next_ids("household_group", count), datetime(2026, 1, 1, tzinfo=UTC)
        names = [f"张{chr(0x4E00 + at % 5000)}" for at in range(count)]
        insert_columns(
            connection,
            table_of(Person),
            {"id": ids, "name": names},
            {"initials": "zs", "sex": 1, "ethnicity": "", "address": "", "phone_tail": "", "created_at": now,
             "version": 1, "hukou_area": VILLAGE, "residence_area": VILLAGE},
        )  # fmt: skip
        numbers = [f"6228480{at:010d}" for at in range(count)]
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
        insert_columns(
            connection,
            table_of(Group),
            {"id": groups},
            {"kind": "assistance_family", "area": VILLAGE, "scheme": "dibao", "case_number": "",
             "valid_from": date(2026, 1, 1), "valid_to": None, "version": 1},
        )  # fmt: skip
        _enrol(work, (ids, payees, groups))
        work.record("test.people", "test:1")


def _enrol(work, who):
    ids, payees, groups = who
    connection, count = work.session.connection(), len(ids)
    numbers = work.next_ids("benefits_enrolment", count)
    shared = {
        "person_id": list(ids),
        "beneficiary_id": list(groups),
        "category": ["urban" if at % 5 == 0 else "rural" for at in range(count)],
        "from_month": [BEFORE if at % LATE == 0 else PERIOD for at in range(count)],
    }
    fixed = {"scheme": "dibao", "area": VILLAGE, "state": "active"}
    insert_columns(
        connection,
        table_of(Enrolment),
        {"id": numbers, **shared, "payee_id": list(payees), "group_id": list(groups)},
        {**fixed, "ended_for": "", "payee_from": "columns", "carried_over": False, "source": "", "version": 1,
         "opened_at": work.now, "opened_by": 1},
    )  # fmt: skip
    marks = ({}, {"minor": 1}, {"age70": 1, "minor": 1}, {"age70+disab12": 1}, {"illness": 2})
    said = ({"n": at % 4 + 1, "counted": [at % 20_000, at % 7 + 1], "marks": marks[at % 5]} for at in range(count))
    terms = [json.dumps(one) for one in said]
    insert_columns(
        connection,
        table_of(EnrolmentVersion),
        {"id": work.next_ids_in_order("benefits_version", count), "enrolment_id": numbers, **shared,
         "payee_id": list(payees), "terms": terms},
        {**fixed, "reason": "", "known_at": work.now, "known_by": 1},
    )  # fmt: skip


@pytest.fixture
def month(county):
    """The county with its families, a fund, an allocation and a month begun before."""
    enabled(county, "dibao")
    county.reload()
    families(county, FAMILIES)
    with county.begin() as work:
        for category, amount in (("urban", "470"), ("rural", "310")):
            wish = {"scheme": "dibao", "category": category, "amount": amount, "valid_from": "2020-01"}
            set_standard(work, SetStandard(**wish, document="文"))
        start_scheme(work, StartScheme(scheme="dibao", month=BEFORE))
    fen = FAMILIES * 3_000_00
    with county.begin("accountant") as work:
        wish = {"code": "dibao", "name": "dibao", "source": "PROV", "scheme": "dibao", "year": 2026}
        add_fund(work, NewFund(**wish, amount_fen=fen, document="文", received=True))
    with county.begin("proposer") as work:
        wish = NewAllocation(fund="dibao", scheme="dibao", amount_fen=fen, decided_fen=fen)
        allocate(work, wish, b"minutes", "minutes.pdf")
    for role in ("proposer", "reviewer", "approver", "disburser"):
        county.account(role)
    return county


def test_a_month_of_dibao_costs_little_more_than_writing_its_rows(month, bench):
    bench.ratio(f"J1 month of dibao, {FAMILIES:,} families", rounds_of(month, ["dibao"]), at_most(4.0))


def test_a_raise_previews_the_county_in_one_pass_far_below_a_roll(month, bench):
    county = month
    with county.look() as work:
        preview = cost(what_if, work, "dibao", "rural", "340", PERIOD)
    county.reload()
    rounds = [(preview, sum(paid(county, ["dibao"]).values()))]
    bench.ratio("J1 preview of a raise beside the month", rounds, at_most(1.0))
