"""RS11: what is planted among many honest cases is found by the questions of the internal audit, each by its own."""

import time
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from core.bulk import insert_columns
from core.funds import bank_files
from core.funds.detectors import detect, list_findings
from core.funds.models import Kin, Payee, Payment
from core.households.models.households import Household, Membership
from core.identity.models.accounts import Account
from core.identity.models.bank_accounts import BankAccount
from core.identity.models.persons import Person
from core.identity.sealed import ACCOUNT, ACCOUNT_COLUMN
from core.tables import table_of
from core.testing import VILLAGE
from tests.payable import Payable, enrol_columns, make_payable
from tests.recovery.paying import STEPS, Payer

MONTH = "2026-11"
KINDS = ("dead", "shared account", "relative", "other name", "nobody's account")
"""Those of the catalogue's ten kinds that a rule finds in one month's roll of one county.

Over-age orphans and standards too high are found by the plugins they belong to (test_auditing.py of each); numbers of
15 digits, made-up numbers, split sums and other counties' people do not come in (test_fraud_at_the_door.py), nor does
a second subsidised meal (tests/plugins/canteen/counter).
"""
FOUND_BY = {
    "dead": "funds.paid_after_death", "shared account": "funds.shared_account", "relative": "funds.relative_undeclared",
    "other name": "funds.payee_name", "nobody's account": "funds.outside_whitelist",
}  # fmt: skip
RECALL, PRECISION, SECONDS = 0.95, 0.5, 30


def planted(county, wish, each):
    """Plant so many of each kind, and as many honest cases that look alike; answers persons and payees by kind."""
    kinds = [*KINDS, "honest couple", "honest relative"]
    total = each * len(kinds)
    with county.begin() as work:
        connection = work.session.connection()
        ids, payees = work.next_ids("identity_person", total), work.next_ids("funds_payee", total)
        houses, lines = work.next_ids("household_household", total), work.next_ids("household_membership", total)
        kind_of = [kinds[at // each] for at in range(total)]
        names = [f"李{chr(0x4E00 + at)}" for at in range(total)]
        shared = {"created_at": datetime(2026, 1, 1, tzinfo=UTC), "version": 1}
        person = {"initials": "l", "sex": 1, "ethnicity": "", "address": "", "phone_tail": "", **shared}
        area = {"hukou_area": VILLAGE, "residence_area": VILLAGE}
        insert_columns(connection, table_of(Person), {"id": ids, "name": names}, {**person, **area})
        # Two of a pair have one account: strangers in two households, or a couple in one.
        paired = {"shared account", "honest couple"}
        numbers = [f"62{at - at % 2 * (kind_of[at] in paired):010d}" for at in range(total)]
        homes = [houses[at - at % 2 * (kind_of[at] == "honest couple")] for at in range(total)]
        whose = {"nobody's account": None}
        insert_columns(
            connection, table_of(Payee),
            {
                "id": payees,
                "name": [f"赵{one}" if kind == "other name" else one for kind, one in zip(kind_of, names, strict=True)],
                "number_sealed": work.keys.seal_many(bank_files.NUMBER_COLUMN, payees, numbers),
                "number_index": work.keys.blind_many(ACCOUNT, numbers),
                "person_id": [whose.get(kind, one) for kind, one in zip(kind_of, ids, strict=True)],
            },
            {"kind": "person", "tail": "0000", "since": date(2026, 1, 1)},
        )  # fmt: skip
        own = [at for at, kind in enumerate(kind_of) if kind != "nobody's account"]
        accounts = work.next_ids("identity_bank_account", len(own))
        insert_columns(
            connection, table_of(BankAccount),
            {
                "id": accounts,
                "person_id": [ids[at] for at in own],
                "number_sealed": work.keys.seal_many(ACCOUNT_COLUMN, accounts, [numbers[at] for at in own]),
                "number_index": work.keys.blind_many(ACCOUNT, [numbers[at] for at in own]),
            },
            {"tail": "0000", "account_name": "", "shared_reason": "", "valid_from": date(2026, 1, 1)},
        )  # fmt: skip
        home = {"area": VILLAGE, "address": "", "village_group": "", "opened_on": date(2026, 1, 1), **shared}
        heads = {house: ids[at] for at, house in reversed(list(enumerate(homes)))}
        insert_columns(
            connection, table_of(Household),
            {"id": list(heads), "number": [f"P{one}" for one in heads], "head_id": list(heads.values())}, home,
        )  # fmt: skip
        relations = ["02" if heads[house] == one else "10" for house, one in zip(homes, ids, strict=True)]
        members = {"id": lines, "household_id": homes, "person_id": ids, "relation": relations}
        insert_columns(connection, table_of(Membership), members, {"valid_from": date(2026, 1, 1)})
        enrol_columns(work, ("allowance", "HOME"), wish, (ids, payees, [VILLAGE] * total))
        work.record("test.planted", "test:1")
    found = {kind: {"person": [], "payee": [], "house": []} for kind in kinds}
    for at, kind in enumerate(kind_of):
        for name, value in (("person", ids[at]), ("payee", payees[at]), ("house", houses[at])):
            found[kind][name].append(value)
    return found


def make_kin(county, cases):
    """A clerk lives in the household of each; the relatives of the honest are declared."""
    with county.begin() as work:
        account = work.session.scalars(select(Account.id).where(Account.name == county.account("proposer"))).one()
        for kind in ("relative", "honest relative"):
            for person, house in zip(cases[kind]["person"], cases[kind]["house"], strict=True):
                own = Person(name="钱经办", initials="qjb", sex=1, hukou_area=VILLAGE, residence_area=VILLAGE,
                             created_at=work.now)  # fmt: skip
                work.session.add(own)
                work.session.flush()
                work.session.add(
                    Membership(household_id=house, person_id=own.id, relation="97", valid_from=date(2026, 1, 1))
                )
                declared = [(own.id, "self"), *([(person, "sibling")] if kind.startswith("honest") else [])]
                for one, relation in declared:
                    kin = {"account_id": account, "person_id": one, "relation": relation}
                    work.session.add(Kin(**kin, declared_on=date(2026, 1, 1), declared_by=account))
        work.record("test.planted", "test:2")


def told(county):
    """(kind of finding, person or payee) of everything that was found."""
    with county.look("auditor") as work:
        found = list_findings(work, period=MONTH)
        lines = dict(work.session.execute(select(Payment.id, Payment.person_id)).all())
    seen = set()
    for one in found:
        what, _colon, number = one["subject"].partition("/")[0].partition(":")
        seen.add((one["kind"], lines[int(number)] if what == "payment" else int(number)))
    return seen


@pytest.mark.proof("RS11")
def test_what_is_planted_is_found_and_honest_people_are_left_alone(county, tmp_path, proof):
    each, people = proof.effort(quick=4, long=40), proof.effort(quick=300, long=30_000)
    wish = Payable(count=people, late=0)
    make_payable(county, wish)
    cases = planted(county, wish, each)
    Payer(county.host, {role: county.token(county.account(role)) for role in STEPS}, tmp_path / "told").pay(MONTH)
    make_kin(county, cases)
    with county.begin() as work:
        # The death is heard of after the money was sent.
        dead = update(Person).where(Person.id.in_(cases["dead"]["person"]))
        work.session.execute(dead.values(died_on=date(2026, 9, 15)))
        work.record("test.planted", "test:3")
    begun = time.monotonic()
    with county.begin("auditor") as work:
        detect(work, MONTH)
    took = time.monotonic() - begun
    seen = told(county)
    wanted = {
        kind: {(FOUND_BY[kind], one) for one in cases[kind]["payee" if kind in BY_PAYEE else "person"]}
        for kind in KINDS
    }
    wanted["shared account"] = {(FOUND_BY["shared account"], one) for one in cases["shared account"]["payee"][::2]}
    for kind, those in wanted.items():
        assert len(those & seen) >= RECALL * len(those), f"{kind}: {len(those & seen)} of {len(those)}"
    right = set.union(*wanted.values())
    assert len(right & seen) >= PRECISION * len(seen), sorted(seen - right)[:20]
    assert took < SECONDS
    proof.counted(each * len(KINDS), found=len(right - seen))


BY_PAYEE = {"shared account", "nobody's account"}
