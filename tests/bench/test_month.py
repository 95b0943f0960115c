"""J1: a month paid end to end, against the bare insert of the same rows and the same file. J8: tables from roll-ups.

Fixed allowances, a gap subsidy, an exclusive scheme and arrears; lines, draws, ledger, steps, sealed blocks, bank file.
"""

import csv
import io
import shutil
import sqlite3
import sys

import pytest
from sqlalchemy import func, select, text

from core.funds import bank_files, batches
from core.funds.models import Finding, Payee, Payment, Tally
from core.identity.actors import shell_actor
from core.identity.models.persons import Person
from core.tables import columns
from plugins.benefits.models import Enrolment, EnrolmentVersion, Standard
from plugins.benefits.services.rolls import BuildRoll, begin_roll, build_chunk, finish_roll
from tests.bench.counties import another, database_of, put_back
from tests.benching import at_least, at_most, clocked, cost, mebibytes, processor_seconds
from tests.payable import SHARES, Payable, make_payable

pytestmark = [pytest.mark.bench, pytest.mark.one_database]

SMALL, MIDDLE, LARGE = 34_000, 100_000, 1_000_000
PERIOD, BEFORE, ROUNDS = "2026-11", "2026-10", 3


@pytest.fixture
def month(county, tmp_path):
    """Counties of a size, ready to pay a month; closed, as they are in their files."""

    def of(count):
        made = another(county, tmp_path / f"{count}")
        make_payable(made, Payable(count=count, first=PERIOD, before=BEFORE)).close()
        return made

    return of


def built(county, scheme):
    """Build a roll as the job does: chunk by chunk."""
    with county.begin("proposer") as work:
        batch = begin_roll(work, BuildRoll(scheme=scheme, period=PERIOD)).batch_id
    last = False
    while not last:
        with county.begin("proposer") as work:
            last = build_chunk(work, batch)
    with county.begin("proposer") as work:
        finish_roll(work, batch)
    return batch


def paid(county, schemes=tuple(SHARES)):
    """Schemes from the roll to the bank file; answers processor seconds by step."""
    spent = {}
    for scheme in schemes:
        with clocked(spent, "build"):
            batch = built(county, scheme)
        for action, role in (("submit", "proposer"), ("review", "reviewer"), ("approve", "approver")):
            with clocked(spent, action), county.begin(role) as work:
                getattr(batches, action)(work, batch)
        with clocked(spent, "release"), county.begin("disburser") as work:
            batches.release(work, batch, batches.find_batch(work, batch).total_fen)
        with clocked(spent, "export"), county.begin("disburser") as work:
            bank_files.export(work, batch)
    return spent


def limit(before, after):
    """Processor seconds of the bare work: the same rows into the same tables with all triggers, and the same files.

    ``before`` is the database as it was, ``after`` as it is.
    """
    source = sqlite3.connect(after)
    rows = {}
    for table in ("funds_batch", "funds_payment"):
        found = source.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
        rows[table] = ([name[1] for name in source.execute(f"PRAGMA table_info({table})")], found)
    source.close()
    names, opened = rows["funds_batch"]
    state = names.index("state")
    rows["funds_batch"] = (names, [(*one[:state], "building", *one[state + 1 :]) for one in opened])
    target = sqlite3.connect(before, isolation_level=None)
    for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on", "recursive_triggers = on"):
        target.execute(f"PRAGMA {pragma}")
    started = processor_seconds()
    for table, (columns_, found) in rows.items():
        marks = ", ".join("?" * len(columns_))
        listed = ", ".join(columns_)
        target.execute("BEGIN IMMEDIATE")
        target.executemany(f"INSERT INTO {table} ({listed}) VALUES ({marks})", found)
        target.execute("COMMIT")
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for place, one in enumerate(rows["funds_payment"][1]):
        writer.writerow((place, f"1-{one[0]}-1", "张三", "6228480000000000000", "500.00", "2026年11月津贴"))
    (before.parent / "limit.csv").write_bytes(out.getvalue().encode("utf-8-sig"))
    took = processor_seconds() - started
    target.close()
    return took


def rounds_of(county, schemes=tuple(SHARES)):
    """Rounds of a month paid and of the bare work, each from the same database."""
    county.close()
    clean, bare = county.home / "clean.db", county.home / "bare.db"
    shutil.copyfile(database_of(county), clean)
    rounds = []
    for _round in range(ROUNDS):
        put_back(county, clean)
        spent = paid(county, schemes)
        county.close()
        shutil.copyfile(clean, bare)
        rounds.append((sum(spent.values()), limit(bare, database_of(county))))
        sys.stdout.write("\n " + "".join(f" {step} {seconds:.2f}" for step, seconds in spent.items()))
    return rounds


def test_a_month_costs_little_more_than_writing_its_rows(month, bench):
    ratios = {}
    for count in (SMALL, MIDDLE, *bench.pick((), (LARGE,))):
        ratios[count] = bench.ratio(f"J1 month of {count:,} people", rounds_of(month(count)), at_most(4.0))
    if bench.full:
        bench.value(f"J1 growth from {MIDDLE:,} to {LARGE:,} people", ratios[LARGE] / ratios[MIDDLE], at_most(1.15))


def test_a_roll_is_far_quicker_than_a_service_that_loads_each_person(month, bench):
    county, few, rounds = month(SMALL), 300, []
    clean = county.home / "clean.db"
    shutil.copyfile(database_of(county), clean)
    for _round in range(ROUNDS):
        put_back(county, clean)
        ours = cost(lambda: [built(county, scheme) for scheme in SHARES]) / SMALL
        actor = shell_actor(county.host, "test")
        with county.host.begin(actor, edge="command", dry_run=True) as work:
            wanted = list(work.session.scalars(select(Enrolment.id).limit(few)))
            work.session.expunge_all()
            rounds.append((ours, cost(lambda: [pay_one(work, number) for number in wanted]) / few))  # noqa: B023
    county.close()
    bench.ratio("J1 roll, each person loaded, computed, flushed", rounds, at_least(60))


def pay_one(work, number):
    """What a usual service does for one person: load everything about them, compute, add, flush, record."""
    enrolment = work.session.get(Enrolment, number)
    person = work.session.get(Person, enrolment.person_id)
    payee = work.session.get(Payee, enrolment.payee_id)
    asked = select(EnrolmentVersion).where(EnrolmentVersion.enrolment_id == number)
    versions = work.session.scalars(asked).all()
    standards = work.session.scalars(select(Standard).where(Standard.scheme == enrolment.scheme)).all()
    before = select(Payment).where(Payment.scheme == enrolment.scheme, Payment.beneficiary_id == person.id)
    held = sum(line.amount_fen for line in work.session.scalars(before))
    due = max(one.amount_fen for one in standards) if versions else 0
    work.session.add(
        Finding(
            kind=f"line {payee.id}", subject=str(number), period=PERIOD, area=enrolment.area, amount_fen=due + held,
            reason=person.name, found_at=work.now,
        )
    )  # fmt: skip
    work.session.flush()
    work.record("test.paid", f"person:{person.id}")


_ROLL = """
import sys
from pathlib import Path
from core.cli.tree import run
from core.trial import installed_from
with installed_from(Path("tests/vendors/allowance"), {"allowance": "huimin_allowance"}):
    assert not run(["--home", sys.argv[1], "benefits", "roll", "build", "allowance", "--period", "2026-11", "--json"])
"""


def test_a_roll_keeps_to_its_memory(month, bench):
    peaks = {}
    for count in (MIDDLE, *bench.pick((), (LARGE,))):
        peaks[count] = mebibytes(_ROLL, month(count).home)
        bench.value(f"J1 memory of a roll of {count:,} people", peaks[count], at_most(400, "MiB"))
    if bench.full:
        bench.value(f"J1 memory from {MIDDLE:,} to {LARGE:,} people", peaks[LARGE] / peaks[MIDDLE], at_most(1.3))


def test_the_payment_workbook_costs_little_more_than_csv(bench):
    from core.spreadsheets import plain_workbook

    titles = ["序号", "参考号", "户名", "账号", "金额", "摘要"]
    rows = [(at, f"7-{at}-1", "张三", "6228480000000000000", "500.00", "2026年11月津贴") for at in range(30_000)]
    ours, plain, known = [], [], []
    for _round in range(ROUNDS):
        ours.append(cost(plain_workbook, titles, rows))
        plain.append(cost(_csv, rows))
        known.append(cost(_xlsxwriter, rows))
    bench.ratio("J1 payment workbook beside CSV", zip(ours, plain, strict=True), at_most(4.0))
    bench.ratio("J1 payment workbook, xlsxwriter's", zip(ours, known, strict=True), at_least(12))


def _csv(rows):
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    out.getvalue().encode("utf-8-sig")


def _xlsxwriter(rows):
    import xlsxwriter

    with xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)


_PLACES = [text(str(place)) for place in (1, 2, 3, 4)]


def by_facts(work):
    """Sums of towns, categories, months and components from the lines."""
    line = columns(Payment)
    keys = (func.substr(line.area, 1, 9), line.category, line.for_month, line.component)
    asked = select(*keys, func.count(), func.sum(line.amount_fen)).group_by(*keys).order_by(*_PLACES)
    return work.session.connection().execute(asked).all()


def by_roll_ups(work):
    """The same sums as the statistics ask them."""
    tally = columns(Tally)
    keys = (tally.town, tally.category, tally.for_month, tally.component)
    asked = select(*keys, func.sum(tally.count), func.sum(tally.amount_fen)).group_by(*keys).order_by(*_PLACES)
    return work.session.connection().execute(asked).all()


def _often(act, work):
    for _time in range(50):
        act(work)


def test_statistics_come_from_roll_ups(month, bench):
    """GROUP BY grows with the facts and the sums do not: the first line is told for the goal's 2.4 million facts."""
    counties = [month(count) for count in (MIDDLE, *bench.pick((), (LARGE,)))]
    for county in counties:
        built(county, "allowance")
    rounds, growth = [], []
    with counties[0].look() as work, counties[-1].look() as large:
        sums = by_roll_ups(work)
        assert sums == by_facts(work) and by_roll_ups(large) == by_facts(large)
        share = 2_400_000 / sum(row[4] for row in sums)
        for _round in range(5):
            quick = cost(_often, by_roll_ups, work) / 50
            rounds.append((quick, share * cost(by_facts, work)))
            growth.append((cost(_often, by_roll_ups, large) / 50, quick))
    bench.ratio("J8 sums, GROUP BY over 2.4 million facts", rounds, at_least(200))
    if bench.full:
        bench.ratio(f"J8 growth from {MIDDLE:,} to {LARGE:,} people", growth, at_most(1.2))
    for county in counties:
        county.close()
