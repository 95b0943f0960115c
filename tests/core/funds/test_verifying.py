"""``funds verify`` names what does not add up, whichever row was changed by a hand that no trigger held back."""

import sqlite3

import pytest

from core.api import NewRecovery, open_recovery
from core.funds import verifying
from core.testing import VILLAGE

pytestmark = pytest.mark.one_database  # the questions are plain SQL; only SQLite lets a test break every rule at once

WRONG = {
    "the cash of a fund": ("UPDATE funds_balance SET cash_fen = cash_fen + 1", "余额记为"),
    "a fund below zero": ("UPDATE funds_balance SET cash_fen = -1", "透支"),
    "a debt turned round": (
        "UPDATE funds_transfer SET debit = credit, credit = debit"
        " WHERE '2' IN (substr(debit, 1, 1), substr(credit, 1, 1))",
        "方向不对",
    ),
    "more allocated than there is": ("UPDATE funds_allocation SET amount_fen = 99999999900", "分配出去的比账上的多"),
    "more allocated than decided": ("UPDATE funds_minutes SET decided_fen = 1", "决定只有"),
    "more drawn than allocated": ("UPDATE funds_draw SET amount_fen = 99999999900", "被支用"),
    "a line more than the batch counts": ("UPDATE funds_batch SET count = count - 1", "名册是"),
    "a line changed": ("UPDATE funds_payment SET amount_fen = amount_fen + 1", "名册是"),
    "the sums of a batch": ("UPDATE funds_tally SET amount_fen = amount_fen + 1", "的统计合计"),
    "what a batch drew": ("UPDATE funds_draw SET amount_fen = amount_fen - 1", "支用的资金是"),
    "a line another person's": (
        "UPDATE funds_payment SET payee_id = (SELECT max(payee_id) FROM funds_payment) WHERE id = 1", "与提交时不同",
    ),
    "a revision left out": ("UPDATE funds_payment SET revision = revision + 1", "次序不连续"),
    "paid twice": (
        "INSERT INTO funds_answer SELECT payment_id, attempt + 1, batch_id, result, reason, result_file_id, answered_on"
        " FROM funds_answer WHERE result = 'paid'", "付了两次",
    ),
    "an answer gone": ("DELETE FROM funds_answer WHERE payment_id = 1", "银行已付"),
    "a transfer gone": ("DELETE FROM funds_transfer WHERE batch_id IS NOT NULL", "银行已付"),
    "one person for two steps": (
        "UPDATE funds_batch_step SET actor = (SELECT actor FROM funds_batch_step WHERE step = 1) WHERE step = 2",
        "有人办理了两步",
    ),
    "a month of a recovery": ("UPDATE funds_recovery_month SET amount_fen = amount_fen + 1", "各月合计"),
}  # fmt: skip
"""What is changed, by which statement, and a word of what is said of it."""


@pytest.fixture
def books(county, money):
    """A paid month with a returned line and a recovery; everything adds up."""
    money.fund()
    money.allocate()
    money.paid([10_000, 20_000, 30_000], returned=[2])
    with county.begin("accountant") as work:
        who = money.people[0]
        wish = {"scheme": "every_hook", "beneficiary_id": who, "person_id": who, "source_id": who, "area": VILLAGE}
        open_recovery(work, NewRecovery(**wish, reason="死亡以后发放", months={"2026-11": 5_000}))
    with county.look("auditor") as work:
        assert verifying.verify(work) == []
    return county


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_add_up_is_named(books, what):
    statement, words = WRONG[what]
    with sqlite3.connect(books.host.database.file) as file:
        file.execute("PRAGMA ignore_check_constraints = on")
        for (trigger,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f"DROP TRIGGER {trigger}")
        assert file.execute(statement).rowcount > 0
    with books.look("auditor") as work:
        assert any(words in said for said in verifying.verify(work)), verifying.verify(work)
