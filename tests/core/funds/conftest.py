"""A county whose test plugin brings a scheme, with money, minutes, people and the four who act on a batch."""

import csv
import io
import shutil
from dataclasses import dataclass, field

import pytest

from core.api import Lines, NewBatch, NewPayee, add_lines, close_batch, keep_payees, open_batch
from core.funds import allocations, bank_files, batches, results, sources
from core.host import Clock
from core.testing import MORNING, VILLAGE, County, enabled

NAMES = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
SCHEME = "every_hook"
STEPS = ("proposer", "reviewer", "approver", "disburser")


@dataclass
class Money:
    """What the tests of the money do again and again, each in a unit of work of its own."""

    answer_of = staticmethod(lambda *given, **named: answer_of(*given, **named))
    rows_of = staticmethod(lambda data: rows_of(data))

    county: object
    people: list = field(default_factory=list)

    def fund(self, code="F1", yuan=100_000, source="PROV", scheme=SCHEME, received=True, **values):
        wish = sources.NewFund(
            code=code,
            name=values.pop("name", code),
            source=source,
            scheme=scheme,
            year=2026,
            amount_fen=yuan * 100,
            document=values.pop("document", f"文〔2026〕{code}"),
            received=received,
            **values,
        )
        with self.county.begin("accountant") as work:
            return sources.add_fund(work, wish)

    def allocate(self, fund="F1", yuan=100_000, minutes=b"minutes", decided=None, scheme=SCHEME, **values):
        wish = allocations.NewAllocation(
            fund=fund, scheme=scheme, amount_fen=yuan * 100, decided_fen=(decided or yuan) * 100, **values
        )
        with self.county.begin("proposer") as work:
            return allocations.allocate(work, wish, minutes, "minutes.pdf").id

    def persons(self, count):
        while len(self.people) < count:
            self.people.append(self.county.person("测" + NAMES[len(self.people)]))
        return self.people[:count]

    def roll(self, amounts, period="2026-11", month=None, component="BASIC", revision=0, people=None, area=VILLAGE):
        people = people or self.persons(len(amounts))
        with self.county.begin("proposer") as work:
            batch = open_batch(work, NewBatch(scheme=SCHEME, period=period))
            payees = keep_payees(
                work, [NewPayee(name="测" + NAMES[at], number=f"6222020000{at:08d}") for at in range(len(people))]
            )
            count = len(people)
            lines = Lines(
                beneficiary_ids=people,
                person_ids=people,
                areas=[area] * count,
                months=[month or period] * count,
                components=[component] * count,
                revisions=[revision] * count,
                categories=["SHORT"] * count,
                amounts=amounts,
                payee_ids=payees,
                source_ids=people,
            )
            add_lines(work, batch.id, lines, built_to=max(people))
            close_batch(work, batch.id)
            return batch.id

    def step(self, action, batch, role, *values, name=""):
        with self.county.begin(role, name=name) as work:
            return getattr(batches, action)(work, batch, *values)

    def release(self, batch):
        self.step("submit", batch, "proposer")
        self.step("review", batch, "reviewer")
        self.step("approve", batch, "approver")
        with self.county.begin("disburser") as work:
            total = batches.find_batch(work, batch).total_fen
            batches.release(work, batch, total)
        return batch

    def export(self, batch):
        with self.county.begin("disburser") as work:
            return bank_files.export(work, batch)

    def answer(self, batch, data):
        with self.county.begin("disburser") as work:
            return results.take_result(work, batch, data, "result.csv")

    def paid(self, amounts, returned=(), **values):
        """A batch that went all the way; ``returned`` are places of lines the bank sent back."""
        batch = self.release(self.roll(amounts, **values))
        self.answer(batch, answer_of(self.export(batch).data, returned))
        return batch


def rows_of(data):
    """The rows of a bank file as the bank reads them."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def answer_of(data, returned=(), change=None):
    """The bank's answer to a file: everything paid but the lines at ``returned``."""
    rows = rows_of(data)
    for place, row in enumerate(rows):
        row["结果"] = "失败" if place in returned else "成功"
        row["原因"] = "户名不符" if place in returned else ""
    if change:
        change(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]) if rows else ["参考号", "金额", "结果", "原因"])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


@pytest.fixture(scope="session")
def with_scheme(_template, tmp_path_factory):
    """A county in which the test plugin is switched on, for the tests to copy; None where a copy needs a server."""
    if _template.server:
        return None
    made = County(_template.copy(tmp_path_factory.mktemp("scheme") / "home"), Clock(MORNING))
    enabled(made, "every_hook").close()
    return made.home


@pytest.fixture
def county(county, request):
    """The county of a test; who asks for money gets one with the scheme in it."""
    ready = request.getfixturevalue("with_scheme") if "money" in request.fixturenames else None
    if ready:
        shutil.copytree(ready, county.home, dirs_exist_ok=True)
    return county


@pytest.fixture
def money(county, with_scheme):
    if with_scheme is None:
        enabled(county, "every_hook")
        county.reload()
    return Money(county)


@pytest.fixture
def money_class():
    """The acts on the money, for counties a test makes itself."""
    return Money
