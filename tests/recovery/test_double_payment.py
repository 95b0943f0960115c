"""RS04, RS05: a person, a scheme and a month that were paid are not paid again, whichever door somebody tries."""

import csv
import io

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from core.api import Lines, NewBatch, add_lines, cancel_batch, close_batch, open_batch
from core.errors import HuiminError
from core.funds import bank_files, batches, results, verifying
from core.funds.models import Answer, BankFile, FundBalance, Payment, Transfer
from core.tables import columns, sum_of, table_of
from core.testing import VILLAGE
from plugins.benefits.api import BuildRoll, NewEnrolment, build_roll, enrol_many
from tests.core.funds.conftest import answer_of
from tests.plugins.benefits.conftest import citizen_id, place

__all__ = ["place"]
PEOPLE, MONTH = 6, "2026-03"
HEADERS = ("业务", "类别", "公民身份号码", "起始月")
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９ｘ")


def sheet(numbers, headers=HEADERS):
    """Who is enrolled, as a clerk's file."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headers)
    cells = {"业务": "allowance", "类别": "HOME", "起始月": MONTH}
    writer.writerows([[cells.get(name, number) for name in headers] for number in numbers])
    return out.getvalue().encode("utf-8-sig")


def brought_in(place, run, data):
    file = place.county.home / "enrolments.csv"
    file.write_bytes(data)
    return run("benefits", "enrol", "import", file, "--json")


def money_of(county):
    """What was paid: lines, answers, transfers, bank files and the cash that is left."""
    with county.host.database.transaction(write=False) as connection:
        said = columns(Answer)
        return (
            connection.scalar(select(func.count()).select_from(table_of(Answer)).where(said.result == "paid")),
            connection.scalar(select(func.count()).select_from(table_of(Transfer))),
            connection.scalar(select(func.count()).select_from(table_of(BankFile))),
            connection.scalar(select(sum_of(columns(FundBalance).cash_fen))),
        )


@pytest.fixture
def settled(place, run):
    """A month of six people that was enrolled by a file, paid, and answered by the bank."""
    place.money()
    place.people(PEOPLE)
    ran = brought_in(place, run, sheet([citizen_id(at) for at in range(PEOPLE)]))
    assert ran.exit_code == 0, ran.talk
    batch = place.paid(MONTH)["batch"]
    with place.county.begin("disburser") as work:
        data = bank_files.export(work, batch).data
    with place.county.begin("disburser") as work:
        results.take_result(work, batch, answer_of(data), "回盘.csv")
    return place


@pytest.mark.proof("RS04")
def test_the_same_sheet_again_in_any_order_and_any_writing_brings_nobody_a_second_payment(settled, run, proof):
    dice, county, wrong = proof.dice, settled.county, []
    before, rounds = money_of(county), proof.effort(quick=5, long=100)
    for _round in range(rounds):
        numbers, headers = [citizen_id(at) for at in range(PEOPLE)], list(HEADERS)
        dice.shuffle(numbers)
        dice.shuffle(headers)
        written = [
            dice.choice([str.lower, lambda one: one.translate(FULL_WIDTH), lambda one: f" {one[:6]} {one[6:]} ", str])(
                one
            )
            for one in numbers
        ]
        again = brought_in(settled, run, sheet(written, headers))
        if again.exit_code or (again.data["imported"], again.data["updated"], again.data["skipped"]) != (0, 0, PEOPLE):
            wrong.append((again.output, again.talk))
        built = run(
            "benefits", "roll", "build", "allowance", "--period", MONTH, "--json", as_=county.account("proposer")
        )
        if (built.exit_code, built.error["code"]) != (3, "E_DUP_PERIOD"):
            wrong.append((built.output, built.talk))
        if money_of(county) != before:
            wrong.append("money moved")
    assert wrong == []
    with county.look("auditor") as work:
        assert verifying.verify(work) == []
    proof.counted(rounds * PEOPLE, len(wrong))


class Hunt:
    """Every way in that somebody might try to have a month paid again."""

    def __init__(self, place, client, run, dice) -> None:
        self.place, self.county, self.client, self.run, self.dice = place, place.county, client, run, dice
        with self.county.look("accountant") as work:
            line = columns(Payment)
            self.lines = work.session.connection().execute(select(line.id, line.person_id, line.payee_id)).all()
        self.names = {role: self.county.account(role) for role in ("proposer", "reviewer", "approver", "disburser")}
        with self.county.begin("disburser") as work:
            self.file = bank_files.export(work, 1).data

    def act(self, role, act):
        with self.county.begin(role) as work:
            return act(work)

    def page(self):
        self.client.post("/benefits/rolls", {"scheme": "allowance", "period": MONTH})
        self.client.post("/funds/batches/1/export")

    def api(self):
        wish = {"scheme": "allowance", "period": MONTH}
        self.client.api("POST", "/rolls", as_=self.names["proposer"], json=wish)
        role, step = self.dice.choice(
            [("proposer", "submit"), ("reviewer", "review"), ("approver", "approve"), ("disburser", "release")]
        )
        given = {"json": {"confirm_fen": PEOPLE * 76_000}} if step == "release" else {}
        self.client.api("POST", f"/batches/1/{step}", as_=self.names[role], **given)

    def command(self):
        self.run("benefits", "roll", "build", "allowance", "--period", MONTH, as_=self.names["proposer"])

    def file_again(self):
        brought_in(self.place, self.run, sheet([citizen_id(self.dice.randrange(PEOPLE))]))
        self.act("proposer", lambda work: build_roll(work, BuildRoll(scheme="allowance", period=MONTH)))

    def enrol_again(self):
        person = self.dice.choice(self.lines).person_id
        wish = NewEnrolment(scheme="allowance", category="HOME", person_id=person, from_month=MONTH)
        self.act("shell", lambda work: enrol_many(work, [wish]))

    def plugin(self):
        """A plugin writes lines of its own, of the same revision or the next, and people let them through."""
        one, revision = self.dice.choice(self.lines), self.dice.randrange(2)

        def build(work):
            opened = open_batch(work, NewBatch(scheme="allowance", period=self.dice.choice([MONTH, "2026-04"])))
            add_lines(work, opened.id, Lines(
                beneficiary_ids=[one.person_id], person_ids=[one.person_id], areas=[VILLAGE], months=[MONTH],
                components=[self.dice.choice(["BASIC", "BACKPAY"])], revisions=[revision], categories=["HOME"],
                amounts=[76_000], payee_ids=[one.payee_id], source_ids=[1],
            ), built_to=1)  # fmt: skip
            close_batch(work, opened.id)
            return opened.id

        batch = self.act("proposer", build)
        try:
            self.place.release(batch)
            self.act("disburser", lambda work: bank_files.export(work, batch))
        finally:
            with self.county.begin("proposer") as work:
                cancel_batch(work, batch, "再核对")

    def result_again(self):
        change = self.dice.choice([None, self.dice.shuffle, lambda rows: rows.extend(rows[:1])])
        self.act(
            "disburser", lambda work: results.take_result(work, 1, answer_of(self.file, change=change), "回盘.csv")
        )

    def reissue(self):
        one = results.Returned(self.dice.choice(self.lines).id, number="6217001234567890123")
        self.act("proposer", lambda work: results.reissue(work, [one]))

    def back(self):
        self.act(self.dice.choice(["reviewer", "disburser"]), lambda work: batches.send_back(work, 1, "重来"))

    def statement(self):
        with self.county.host.database.transaction(write=True) as connection:
            connection.execute(text(self.dice.choice(STATEMENTS)))

    @property
    def doors(self):
        """Every door."""
        return (self.page, self.api, self.command, self.file_again, self.enrol_again, self.plugin, self.result_again,
                self.reissue, self.back, self.statement, self.statement)  # fmt: skip


_LINE = ("batch_id, scheme, beneficiary_id, person_id, area, for_month, component, revision, category, amount_fen,"
         " payee_id, source_id")  # fmt: skip
STATEMENTS = (
    f"INSERT INTO funds_payment ({_LINE}) SELECT {_LINE} FROM funds_payment LIMIT 1",
    f"INSERT INTO funds_payment ({_LINE}) SELECT {_LINE.replace(' revision', ' revision + 1')}"
    " FROM funds_payment LIMIT 1",
    f"INSERT INTO funds_payment ({_LINE}) SELECT {_LINE.replace(' component', chr(39) + 'X' + chr(39))}"
    " FROM funds_payment LIMIT 1",
    "INSERT INTO funds_answer (payment_id, attempt, batch_id, result, reason, result_file_id, answered_on)"
    " SELECT payment_id, attempt + 1, batch_id, 'paid', '', result_file_id, answered_on FROM funds_answer LIMIT 1",
    "INSERT INTO funds_attempt (payment_id, attempt, batch_id, payee_id, reason)"
    " SELECT id, 2, batch_id, payee_id, '' FROM funds_payment LIMIT 1",
    "INSERT INTO funds_bank_file (number, batch_id, layout, file_name, stored_as, content_hash, count, total_fen,"
    " made_at, made_by) SELECT number + 1, batch_id, layout, file_name, stored_as, content_hash, count, total_fen,"
    " made_at, made_by FROM funds_bank_file",
    "UPDATE funds_batch SET state = 'released' WHERE id = 1",
    "UPDATE funds_answer SET result = 'returned'",
    "DELETE FROM funds_answer",
    "DELETE FROM funds_bank_file",
    "UPDATE funds_payment SET amount_fen = amount_fen * 2",
)  # fmt: skip
"""Statements under the password of the service."""


@pytest.mark.proof("RS05")
def test_a_month_that_was_paid_is_not_paid_again_by_any_door(settled, client, run, proof):
    dice, county, won = proof.dice, settled.county, []
    client.sign_in("proposer")
    hunt = Hunt(settled, client, run, dice)
    before, paths = money_of(county), proof.effort(quick=40, long=1_000)
    for path in range(paths):
        for door in dice.sample(hunt.doors, dice.randrange(1, 4)):
            try:
                door()
            except (HuiminError, DatabaseError):
                continue
            finally:
                if money_of(county) != before:
                    won.append((path, door.__name__, money_of(county)))
    assert won == []
    with county.look("auditor") as work:
        assert verifying.verify(work) == []
    proof.counted(paths, len(won))
