"""RS01: ledger and batches against a plain model: whatever is done in whatever order, the invariants I1–I10 hold."""

import random
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import wraps

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from core.api import NewRecovery, open_recovery, withdraw_recovery
from core.errors import HuiminError
from core.funds import batches, closing, queries, recoveries, results, sources, verifying
from core.funds.ledger import legs
from core.funds.models import Allocation, Fund, Minutes
from core.host import Clock
from core.tables import table_of
from core.testing import MORNING, VILLAGE, County

PEOPLE = 4
MONEY, ROLLS = 5, 12
"""So often at most does money come, is it asked for, are rolls built: what is always allowed crowds out the rest."""
OFTEN = 50
"""So often at least is each rule followed in a long proof."""
CLAIM_ACT = st.tuples(st.integers(0, 50), st.integers(1, 60_000), st.sampled_from([False, False, True]))
"""Which claim, how many fen come in, or whether it is withdrawn instead."""
FIRED: Counter[str] = Counter()
"""How often each rule was followed."""

RULES: set[str] = set()


def counted(act):
    """Count a rule each time it is followed."""
    RULES.add(act.__name__)

    @wraps(act)
    def counting(self, **given):
        FIRED[act.__name__] += 1
        return act(self, **given)

    return counting


class Broken(Exception):
    """Something that happens in the midst of an act."""


MONTHS = ("2026-09", "2026-10", "2026-11")


@dataclass
class Sheet:
    """A batch as the model knows it: amounts by line, the state of each."""

    lines: dict = field(default_factory=dict)
    state: str = "draft"
    kind: str = "roll"
    file: bytes = b""

    def has_returned(self):
        return any(said == "returned" for _fen, said in self.lines.values())


@dataclass
class Model:
    """What the books should say, from nothing but the acts."""

    received: int = 0
    interest: int = 0
    allocated: int = 0
    drawn: int = 0
    batches: dict = field(default_factory=dict)
    claims: dict = field(default_factory=dict)
    recovered: int = 0
    given_back: int = 0
    used: set = field(default_factory=set)

    def accounts(self):
        """The ledger's accounts in fen, debits positive."""
        approved = ("approved", "released", "sent", "settled")
        rolls = [one for one in self.batches.values() if one.kind == "roll" and one.state in approved]
        expense = sum(fen for one in rolls for fen, _said in one.lines.values())
        said = [line for one in self.batches.values() for line in one.lines.values()]
        paid = sum(fen for fen, state in said if state == "paid")
        waiting = sum(fen for one in rolls for fen, state in one.lines.values() if state == "returned")
        again = sum(
            fen
            for one in self.batches.values()
            if one.kind == "reissue"
            for fen, state in one.lines.values()
            if state == "paid"
        )
        first = paid - again
        claimed = sum(fen for fen, _came in self.claims.values())
        return {
            "1001": self.received + self.interest - paid + self.recovered,
            "4002": -self.received,
            "4201": -self.interest,
            "5007": expense - claimed - self.given_back,
            "2001": -(expense - first - waiting),
            "2002": -(waiting - again),
            "1201": sum(fen - came for fen, came in self.claims.values()),
        }


class Books(RuleBasedStateMachine):
    """Random acts of random people; each is allowed by the model exactly when the county allows it."""

    prepared = None
    money_class = None

    def __init__(self):
        super().__init__()
        self.home = self.prepared()
        self.county = County(self.home, Clock(MORNING))
        self.money = self.money_class(self.county)
        self.model = Model()
        self.serial = 0
        self.asked = 0
        self.built = 0
        self.earned = 0
        self.closed = False

    @initialize(yuan=st.integers(1, 20_000))
    def begin(self, yuan):
        self.people = self.money.persons(PEOPLE)
        self.serial += 1
        self.money.fund("F1", yuan=yuan)
        self.money.allocate("F1", yuan=yuan)
        self.model.received += yuan * 100
        self.model.allocated += yuan * 100

    def tried(self, act):
        """The answer of an act, or None when it was refused in words; anything else is a fault."""
        try:
            return act()
        except HuiminError as error:
            assert error.exit_code in (3, 6), error
            return None

    @precondition(lambda self: self.serial < MONEY)
    @rule(yuan=st.integers(1, 2000))
    @counted
    def receive(self, yuan):
        self.serial += 1
        self.money.fund(f"F{self.serial}", yuan=yuan)
        self.model.received += yuan * 100

    @precondition(lambda self: self.serial and self.asked < MONEY)
    @rule(which=st.integers(1, 50), yuan=st.integers(1, 2500))
    @counted
    def allocate(self, which, yuan):
        self.asked += 1
        code = f"F{which % self.serial + 1}"
        with self.county.look("accountant") as work:
            free = {one["fund"]: one["available_fen"] for one in queries.balance_lines(work)}[code]
        self._database_agrees(code, free)
        minutes = f"minutes {self.serial} {yuan} {random.random()}".encode()  # noqa: S311 - only has to differ
        made = self.tried(lambda: self.money.allocate(code, yuan=yuan, minutes=minutes))
        assert (made is not None) == (yuan * 100 <= free)
        self.model.allocated += yuan * 100 if made else 0

    def _database_agrees(self, code, free):
        """The rule of the database gives what the service shows as free, and not a fen more."""
        with self.county.look("accountant") as work:
            fund = work.session.scalar(select(Fund.id).where(Fund.code == code))
        assert self._would_hold(fund, free + 1) is False
        assert free == 0 or self._would_hold(fund, free)

    def _would_hold(self, fund, fen):
        """Whether the database takes an allocation of a fund; it is taken back at once."""
        minutes, allocation = table_of(Minutes), table_of(Allocation)
        holds = True
        with (
            suppress(Broken),
            self.county.host.database.transaction(write=True) as connection,
        ):
            one = dict(connection.execute(minutes.select().limit(1)).mappings().one())
            known = connection.execute(allocation.select().limit(1)).mappings().one()
            held = connection.execute(
                minutes.insert().values(one | {"id": one["id"] + 1_000_000, "decided_fen": fen, "item": "again"})
            ).inserted_primary_key[0]
            wish = {**known, "id": known["id"] + 1_000_000, "fund_id": fund, "amount_fen": fen, "minutes_id": held}
            try:
                connection.execute(allocation.insert().values(wish | {"closed_on": None, "unspent_fen": 0}))
            except IntegrityError as refusal:
                assert "E_FUND_SHORT" in str(refusal)
                holds = False
            raise Broken
        return holds

    @precondition(lambda self: self.earned < MONEY)
    @rule(which=st.integers(1, 50), fen=st.integers(1, 50_000))
    @counted
    def earn(self, which, fen):
        """Interest comes to a fund: it is the fund's, and can be allocated."""
        self.earned += 1
        with self.county.begin("accountant") as work:
            sources.book_interest(work, f"F{which % self.serial + 1}", fen, work.today)
        self.model.interest += fen

    @precondition(lambda self: self.built < ROLLS)
    @rule(month=st.sampled_from(MONTHS), amounts=st.lists(st.integers(1, 60_000), min_size=1, max_size=PEOPLE))
    @counted
    def build(self, month, amounts):
        self.built += 1
        people = self.people[: len(amounts)]
        open_one = [
            number
            for number, one in self.model.batches.items()
            if one.kind == "roll" and one.state == "draft" and one.month == month
        ]
        taken = {
            person
            for number, one in self.model.batches.items()
            if one.kind == "roll" and one.month == month and number not in open_one
            for person in one.people
        }
        made = self.tried(lambda: self.money.roll(amounts, period=month, people=people))
        assert (made is not None) == (not taken.intersection(people))
        if made is None:
            return
        sheet = Sheet({place: (fen, "") for place, fen in enumerate(amounts)})
        sheet.month, sheet.people = month, people
        self.model.batches[made] = sheet

    def chosen(self, *states):
        return sorted(number for number, one in self.model.batches.items() if one.state in states)

    @precondition(lambda self: self.model.batches)
    @rule(
        which=st.integers(0, 50),
        step=st.sampled_from(["submit", "review", "approve", "release"]),
        who=st.sampled_from(["a", "b"]),
    )
    @counted
    def take_a_step(self, which, step, who):
        number = sorted(self.model.batches)[which % len(self.model.batches)]
        sheet = self.model.batches[number]
        wanted = {"submit": "draft", "review": "submitted", "approve": "reviewed", "release": "approved"}[step]
        role = {"submit": "proposer", "review": "reviewer", "approve": "approver", "release": "disburser"}[step]
        total = sum(fen for fen, _state in sheet.lines.values())
        left = self.model.allocated - self.model.drawn
        allowed = sheet.state == wanted and (step != "submit" or sheet.kind == "reissue" or total <= left)
        values = (total,) if step == "release" else ()
        done = self.tried(lambda: (self.money.step(step, number, role, *values, name=f"{role}-{who}"), True))
        assert (done is not None) == allowed, (step, sheet)
        if done is None:
            return
        sheet.state = {"submit": "submitted", "review": "reviewed", "approve": "approved", "release": "released"}[step]
        if step == "submit" and sheet.kind == "roll":
            self.model.drawn += total

    @precondition(lambda self: self.chosen("draft", "submitted", "reviewed", "approved"))
    @rule(which=st.integers(0, 50), steps=st.integers(1, 4), breaks=st.booleans())
    @counted
    def go_on(self, which, steps, breaks):
        """The next steps of a batch by whose turn it is; one in two breaks off just before the end of the last."""
        numbers = self.chosen("draft", "submitted", "reviewed", "approved")
        number = numbers[which % len(numbers)]
        for left in reversed(range(steps)):
            if self.model.batches[number].state != "released" and not self._next_step(number, breaks and not left):
                return

    def _next_step(self, number, breaks):
        """One step of a batch; False when there was no money for it or it broke off."""
        sheet = self.model.batches[number]
        total = sum(fen for fen, _state in sheet.lines.values())
        short = sheet.state == "draft" and sheet.kind == "roll" and total > self.model.allocated - self.model.drawn
        action, role, after = {
            "draft": ("submit", "proposer", "submitted"), "submitted": ("review", "reviewer", "reviewed"),
            "reviewed": ("approve", "approver", "approved"), "approved": ("release", "disburser", "released"),
        }[sheet.state]  # fmt: skip

        def act():
            with self.county.begin(role, name=f"{role}-a") as work:
                getattr(batches, action)(work, number, *([total] if action == "release" else []))
                if breaks:
                    raise Broken
            return True

        try:
            done = self.tried(act)
        except Broken:
            self.county.reload()
            return False
        assert (done is None) == short
        if done is None:
            return False
        sheet.state = after
        if action == "submit" and sheet.kind == "roll":
            self.model.drawn += total
        return True

    @precondition(lambda self: self.serial and not self.closed)
    @rule()
    @counted
    def close_and_reopen(self):
        """Two people close a month that ended without a posting; nothing is booked in it until two open it again."""
        self.closed = True
        month = "2026-08"
        with self.county.begin("accountant") as work:
            closing.enter_statement(work, "SPECIAL", date(2026, 8, 31), 0)
        for role in ("accountant", "auditor"):
            with self.county.begin(role) as work:
                closing.close_month(work, month)
        refused = self.tried(lambda: self._interest(month))
        assert refused is None
        for role in ("approver", "auditor"):
            with self.county.begin(role) as work:
                closing.reopen_month(work, month, "补记")

    def _interest(self, month):
        with self.county.begin("accountant") as work:
            return sources.book_interest(work, "F1", 1, date.fromisoformat(f"{month}-20"))

    @precondition(lambda self: self.chosen("submitted", "reviewed", "approved", "released"))
    @rule(which=st.integers(0, 50))
    @counted
    def send_back(self, which):
        numbers = self.chosen("submitted", "reviewed", "approved", "released")
        number = numbers[which % len(numbers)]
        sheet = self.model.batches[number]
        role = {"submitted": "reviewer", "reviewed": "approver"}.get(sheet.state, "disburser")
        self.money.step("send_back", number, role, "再核对", name=f"{role}-a")
        sheet.state = "draft"
        if sheet.kind == "roll":
            self.model.drawn -= sum(fen for fen, _state in sheet.lines.values())

    @precondition(lambda self: self.chosen("released"))
    @rule(which=st.integers(0, 50))
    @counted
    def export(self, which):
        numbers = self.chosen("released")
        number = numbers[which % len(numbers)]
        sheet = self.model.batches[number]
        sheet.file = self.money.export(number).data
        sheet.state = "sent"
        rows = self.money.rows_of(sheet.file)
        assert sum(round(float(row["金额"]) * 100) for row in rows) == sum(fen for fen, _said in sheet.lines.values())

    @precondition(lambda self: self.chosen("sent", "settled"))
    @rule(which=st.integers(0, 50), returned=st.sets(st.integers(0, PEOPLE - 1)))
    @counted
    def answer(self, which, returned):
        numbers = self.chosen("sent", "settled")
        number = numbers[which % len(numbers)]
        sheet = self.model.batches[number]
        wanted = ["returned" if place in returned else "paid" for place in range(len(sheet.lines))]
        before = [said for _fen, said in sheet.lines.values()]
        fits = sheet.state == "sent" or before == wanted
        found = self.tried(lambda: self.money.answer(number, self.money.answer_of(sheet.file, returned)))
        assert (found is not None) == fits
        if found is None:
            return
        sheet.lines = {
            place: (fen, said) for (place, (fen, _old)), said in zip(sheet.lines.items(), wanted, strict=True)
        }
        sheet.state = "settled"

    @precondition(lambda self: any(sheet.has_returned() for sheet in self.model.batches.values()))
    @rule()
    @counted
    def reissue_all(self):
        with self.county.look("disburser") as work:
            waiting = results.list_returned(work)
        if not waiting:
            return
        with self.county.begin("proposer") as work:
            wishes = [results.Returned(one["payment"]) for one in waiting]
            number = results.reissue(work, wishes).id
        ordered = sorted(waiting, key=lambda one: one["payment"])
        lines = {place: (one["amount_fen"], "") for place, one in enumerate(ordered)}
        self.model.batches[number] = Sheet(lines, kind="reissue")

    @precondition(lambda self: self.chosen("settled"))
    @rule(which=st.integers(0, 50), share=st.integers(1, 100))
    @counted
    def claim(self, which, share):
        numbers = [number for number in self.chosen("settled") if self.model.batches[number].kind == "roll"]
        if not numbers:
            return
        sheet = self.model.batches[numbers[which % len(numbers)]]
        person, (fen, _said) = sheet.people[0], sheet.lines[0]
        if (person, sheet.month) in self.model.used:
            return
        self.model.used.add((person, sheet.month))
        amount = max(1, fen * share // 100)
        with self.county.begin("accountant") as work:
            wish = NewRecovery(
                scheme="every_hook",
                beneficiary_id=person,
                person_id=person,
                area=VILLAGE,
                reason="多发",
                months={sheet.month: amount},
                source_id=person,
            )
            number = open_recovery(work, wish)
        self.model.claims[number] = (amount, 0)

    @precondition(lambda self: self.model.claims)
    @rule(acts=st.lists(CLAIM_ACT, min_size=1, max_size=4))
    def claims_go_on(self, acts):
        for which, fen, end in acts:
            if self.model.claims:
                self.receive_or_withdraw(which=which, fen=fen, end=end)

    @counted
    def receive_or_withdraw(self, which, fen, end):
        number = sorted(self.model.claims)[which % len(self.model.claims)]
        amount, came = self.model.claims[number]
        if end:
            with self.county.begin("accountant") as work:
                withdraw_recovery(work, number, "更正")
            del self.model.claims[number]
            self.model.given_back += came
            return

        def receive():
            with self.county.begin("accountant") as work:
                return recoveries.receive_recovery(work, number, fen, work.today)

        done = self.tried(receive)
        assert (done is not None) == (fen <= amount - came)
        if done is not None:
            self.model.claims[number] = (amount, came + fen)
            self.model.recovered += fen
            if came + fen == amount:
                self.model.given_back += amount
                del self.model.claims[number]

    @invariant()
    def books_agree(self):
        if not hasattr(self, "people"):
            return
        with self.county.look("auditor") as work:
            assert verifying.verify(work) == []
            leg = legs()
            rows = work.session.connection().execute(select(leg.c.account, func.sum(leg.c.fen)).group_by(leg.c.account))
            found = {account: int(fen) for account, fen in rows}
            assert sum(found.values()) == 0
            assert {name: fen for name, fen in found.items() if fen} == {
                name: fen for name, fen in self.model.accounts().items() if fen
            }

    def teardown(self):
        from core.audit.queries import verify

        with self.county.look("auditor") as work:
            assert verify(work).ok
            if work.host.database.dialect == "sqlite":
                connection = work.session.connection()
                assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
                assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
        self.county.close()
        self.drop(self.home)


@pytest.mark.proof("RS01")
def test_the_books_agree_with_a_plain_model(_template, tmp_path, request, proof):
    homes = iter(range(1_000_000))
    money = request.getfixturevalue("money_class")
    ready = _template.holding(("every_hook",))
    FIRED.clear()

    class Machine(Books):
        prepared = staticmethod(lambda: ready.copy(tmp_path / f"county-{next(homes)}"))
        drop = staticmethod(lambda home: (ready.drop(home), shutil.rmtree(home, ignore_errors=True)))
        money_class = money

    examples, steps = proof.effort(quick=3, long=400), proof.effort(quick=40, long=50)
    tries = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        database=None,
    )
    Machine.TestCase.settings = tries
    run_state_machine_as_test(seed(proof.seed)(Machine), settings=tries)
    assert sum(FIRED.values()) >= examples
    if proof.long:
        assert {name: FIRED[name] for name in RULES if FIRED[name] < OFTEN} == {}
    proof.counted(sum(FIRED.values()))


@pytest.mark.proof("RS74")
def test_the_books_come_out_the_same_where_python_leaves_assertions_out(_template, tmp_path, proof):
    from tests.core.funds.optimized import Walk, told

    ready = _template.holding(("every_hook",))
    examples, steps = proof.effort(quick=2, long=100), proof.effort(quick=20, long=50)
    walks = []
    for name in ("plainly", "optimized"):
        folder = tmp_path / name
        folder.mkdir()
        where = (str(ready.home), ready.database, ready.server, ready.name, str(folder))
        walks.append(Walk(*where, proof.seed, examples, steps))
    with ThreadPoolExecutor(2) as pool:
        plainly, optimized = pool.map(told, walks, ("-B", "-O"))
    assert (plainly.pop("optimized"), optimized.pop("optimized")) == (0, 1)
    assert plainly == optimized
    assert plainly["broken"] == 0 and all(map(any, plainly["books"]))
    assert len(plainly["books"]) >= examples <= len(plainly["refused"])
    proof.counted(sum(len(one) for books in plainly["books"] for one in books) + len(plainly["refused"]))
