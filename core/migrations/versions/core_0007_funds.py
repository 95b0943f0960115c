"""Tables of the funds: accounts, minutes, allocations, batches, payments, ledger, recoveries; and what they refuse."""

# ruff: noqa: S608 - statements are put together from the names of this revision

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from core.guards import Rule, append_only, hold_rules, never_emptied
from core.tables import Bytes, Key

revision = "core_0007"
down_revision = "core_0006"
branch_labels = None
depends_on = None

APPEND_ONLY = {
    "funds_fund": "id",
    "funds_payee": "id",
    "funds_batch_step": ("batch_id", "round", "step"),
    "funds_bank_file": "id",
    "funds_result_file": "id",
    "funds_answer": ("payment_id", "attempt"),
    "funds_voucher": "id",
    "funds_transfer": "id",
    "funds_recovery_month": ("recovery_id", "for_month", "fund_id"),
}
KEPT = (
    "funds_payment",
    "funds_attempt",
    "funds_batch",
    "funds_draw",
    "funds_allocation",
    "funds_minutes",
    "funds_kin",
    "funds_recovery",
    "funds_period",
    "funds_finding",
)

_OPEN = "'building', 'draft'"


def _step(number: int) -> str:
    return (
        "EXISTS (SELECT 1 FROM funds_batch_step s WHERE s.batch_id = NEW.id AND s.round = OLD.round"
        f" AND s.step = {number})"
    )


def _never(table: str) -> Rule:
    return Rule(
        name=f"{table}_never_deleted",
        table=table,
        event="DELETE",
        condition="1 = 1",
        message=f"{table} is never deleted",
    )


def _same(*columns: str) -> str:
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)


_BATCH_FROZEN = (
    f"OLD.state NOT IN ({_OPEN}) AND ("
    + _same("scheme", "period", "run", "kind", "area", "count", "total_fen", "sheet_hash", "steps")
    + ")"
)
_BATCH_ORDER = f"""NEW.state <> OLD.state AND NOT (
  (OLD.state = 'building' AND NEW.state IN ('draft', 'cancelled'))
  OR (OLD.state = 'draft' AND NEW.state IN ('building', 'cancelled'))
  OR (OLD.state = 'draft' AND NEW.state = 'submitted' AND {_step(1)})
  OR (OLD.state = 'submitted' AND NEW.state = 'reviewed' AND {_step(2)})
  OR (OLD.state IN ('submitted', 'reviewed') AND NEW.state = 'approved' AND {_step(3)})
  OR (OLD.state = 'approved' AND NEW.state = 'released' AND {_step(4)})
  OR (OLD.state = 'released' AND NEW.state = 'sent'
      AND EXISTS (SELECT 1 FROM funds_bank_file f WHERE f.batch_id = NEW.id))
  OR (OLD.state = 'sent' AND NEW.state = 'settled'
      AND NEW.count = (SELECT count(*) FROM funds_answer a WHERE a.batch_id = NEW.id))
  OR (OLD.state IN ('submitted', 'reviewed', 'approved', 'released') AND NEW.state = 'draft'
      AND NEW.round = OLD.round + 1 AND {_step(5)})
)"""
_STEP_ORDER = """NOT EXISTS (SELECT 1 FROM funds_batch b WHERE b.id = NEW.batch_id AND b.round = NEW.round
  AND b.sheet_hash = NEW.sheet_hash AND (
    (NEW.step = 1 AND b.state = 'draft')
    OR (NEW.step = 2 AND b.state = 'submitted' AND b.steps = 4)
    OR (NEW.step = 3 AND b.state = CASE WHEN b.steps = 3 THEN 'submitted' ELSE 'reviewed' END)
    OR (NEW.step = 4 AND b.state = 'approved')
    OR (NEW.step = 5 AND b.state IN ('submitted', 'reviewed', 'approved', 'released'))))"""
_STEP_TWICE = """NEW.step < 5 AND EXISTS (SELECT 1 FROM funds_batch_step s WHERE s.batch_id = NEW.batch_id
  AND s.actor = NEW.actor AND s.step < 5 AND s.step <> NEW.step)"""
_STEP_KIN = """NEW.step < 5 AND (EXISTS (SELECT 1 FROM funds_kin k JOIN funds_payment p ON p.person_id = k.person_id
    WHERE k.account_id = NEW.actor AND k.ended_on IS NULL AND p.batch_id = NEW.batch_id)
  OR EXISTS (SELECT 1 FROM funds_kin k JOIN funds_payment p ON p.person_id = k.person_id
    JOIN funds_attempt t ON t.payment_id = p.id
    WHERE k.account_id = NEW.actor AND k.ended_on IS NULL AND t.batch_id = NEW.batch_id))"""
_LINE_PLACE = f"""NOT EXISTS (SELECT 1 FROM funds_batch b WHERE b.id = NEW.batch_id AND b.scheme = NEW.scheme
  AND b.kind <> 'reissue' AND b.state IN ({_OPEN}))"""
_LINE_REVISION = f"""NEW.revision > 0 AND NOT EXISTS (SELECT 1 FROM funds_payment p
  JOIN funds_batch b ON b.id = p.batch_id WHERE p.scheme = NEW.scheme AND p.beneficiary_id = NEW.beneficiary_id
  AND p.for_month = NEW.for_month AND p.component = NEW.component AND p.revision = NEW.revision - 1
  AND b.state NOT IN ({_OPEN}))"""


def _frozen(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM funds_batch b WHERE b.id = {row}.batch_id AND b.state NOT IN ({_OPEN}))"


_ATTEMPT = f"""NOT EXISTS (SELECT 1 FROM funds_answer a WHERE a.payment_id = NEW.payment_id
  AND a.attempt = NEW.attempt - 1 AND a.result = 'returned')
  OR NOT EXISTS (SELECT 1 FROM funds_batch b WHERE b.id = NEW.batch_id AND b.kind = 'reissue'
    AND b.state IN ({_OPEN}))"""
_ANSWER = """NOT EXISTS (SELECT 1 FROM funds_batch b WHERE b.id = NEW.batch_id AND b.state = 'sent')
  OR NOT (EXISTS (SELECT 1 FROM funds_payment p WHERE p.id = NEW.payment_id AND NEW.attempt = 1
                  AND p.batch_id = NEW.batch_id)
          OR EXISTS (SELECT 1 FROM funds_attempt t WHERE t.payment_id = NEW.payment_id AND t.attempt = NEW.attempt
                     AND t.batch_id = NEW.batch_id))"""
_DRAW_FLOOR = """NEW.amount_fen > (SELECT l.amount_fen - l.unspent_fen FROM funds_allocation l
    WHERE l.id = NEW.allocation_id AND l.closed_on IS NULL AND l.fund_id = NEW.fund_id
    AND l.scheme = (SELECT b.scheme FROM funds_batch b WHERE b.id = NEW.batch_id))
  - COALESCE((SELECT SUM(d.amount_fen) FROM funds_draw d WHERE d.allocation_id = NEW.allocation_id), 0)
  OR NOT EXISTS (SELECT 1 FROM funds_allocation l WHERE l.id = NEW.allocation_id AND l.closed_on IS NULL
    AND l.fund_id = NEW.fund_id AND l.scheme = (SELECT b.scheme FROM funds_batch b WHERE b.id = NEW.batch_id))"""
_ALLOCATION_FUND = """NEW.amount_fen > (SELECT f.amount_fen FROM funds_fund f WHERE f.id = NEW.fund_id)
  - COALESCE((SELECT SUM(l.amount_fen - l.unspent_fen) FROM funds_allocation l WHERE l.fund_id = NEW.fund_id), 0)"""
_ALLOCATION_MINUTES = """NEW.amount_fen > (SELECT m.decided_fen FROM funds_minutes m WHERE m.id = NEW.minutes_id)
  - COALESCE((SELECT SUM(l.amount_fen - l.unspent_fen) FROM funds_allocation l
              WHERE l.minutes_id = NEW.minutes_id), 0)"""
_ALLOCATION_PURPOSE = """EXISTS (SELECT 1 FROM funds_fund f WHERE f.id = NEW.fund_id AND f.scheme <> ''
  AND f.scheme <> NEW.scheme)"""
_ALLOCATION_CHANGE = (
    _same("id", "fund_id", "scheme", "area", "amount_fen", "minutes_id", "allocated_on", "allocated_by")
    + """ OR OLD.closed_on IS NOT NULL OR NEW.unspent_fen > NEW.amount_fen
  - COALESCE((SELECT SUM(d.amount_fen) FROM funds_draw d WHERE d.allocation_id = NEW.id), 0)"""
)
_CLOSED = """EXISTS (SELECT 1 FROM funds_period p WHERE p.entity = NEW.entity AND p.period = NEW.period
  AND p.closed_by IS NOT NULL)"""
_TRANSFER_PLACE = """NOT EXISTS (SELECT 1 FROM funds_voucher v JOIN funds_fund f ON f.id = NEW.fund_id
  JOIN funds_account a ON a.id = f.account_id
  WHERE v.id = NEW.voucher_id AND v.entity = NEW.entity AND v.period = NEW.period AND a.entity = NEW.entity)"""
_REVERSAL = """NEW.reverses IS NOT NULL AND NOT EXISTS (SELECT 1 FROM funds_transfer t WHERE t.id = NEW.reverses
  AND t.debit = NEW.credit AND t.credit = NEW.debit AND t.amount_fen = NEW.amount_fen AND t.fund_id = NEW.fund_id
  AND t.reverses IS NULL)"""
_REOPENED = """(OLD.closed_by IS NOT NULL AND (
    (NEW.closed_by IS NULL AND (NEW.reopened_by IS NULL OR NEW.reopened_with IS NULL))
    OR (NEW.closed_by IS NOT NULL AND NEW.closed_by <> OLD.closed_by)))
  OR NEW.last_voucher < OLD.last_voucher OR NEW.entity <> OLD.entity OR NEW.period <> OLD.period"""

RULES = (
    Rule(
        name="funds_batch_frozen",
        table="funds_batch",
        event="UPDATE",
        condition=_BATCH_FROZEN,
        message="a submitted batch is frozen",
    ),
    Rule(
        name="funds_batch_order",
        table="funds_batch",
        event="UPDATE",
        condition=_BATCH_ORDER,
        message="a batch follows its steps",
    ),
    _never("funds_batch"),
    Rule(
        name="funds_step_order",
        table="funds_batch_step",
        event="INSERT",
        condition=_STEP_ORDER,
        message="a step follows the one before on the same sheet",
        lock="funds_batch WHERE id = NEW.batch_id",
    ),
    Rule(
        name="funds_step_twice",
        table="funds_batch_step",
        event="INSERT",
        condition=_STEP_TWICE,
        message="nobody acts twice on a batch E_SOD",
    ),
    Rule(
        name="funds_step_kin",
        table="funds_batch_step",
        event="INSERT",
        condition=_STEP_KIN,
        message="a relative is on the roll E_RECUSAL",
    ),
    Rule(
        name="funds_payment_place",
        table="funds_payment",
        event="INSERT",
        condition=_LINE_PLACE,
        message="a line belongs to an open batch of its scheme",
    ),
    Rule(
        name="funds_payment_revision",
        table="funds_payment",
        event="INSERT",
        condition=_LINE_REVISION,
        message="a revision follows one that was submitted E_DUP_PERIOD",
    ),
    Rule(
        name="funds_payment_frozen",
        table="funds_payment",
        event="UPDATE",
        condition=f"{_frozen('OLD')} OR {_frozen('NEW')}",
        message="a submitted line is frozen",
    ),
    Rule(
        name="funds_payment_kept",
        table="funds_payment",
        event="DELETE",
        condition=_frozen("OLD"),
        message="a submitted line is frozen",
    ),
    Rule(
        name="funds_attempt_place",
        table="funds_attempt",
        event="INSERT",
        condition=_ATTEMPT,
        message="the attempt before was not returned",
    ),
    Rule(
        name="funds_attempt_frozen",
        table="funds_attempt",
        event="UPDATE",
        condition=f"{_frozen('OLD')} OR {_frozen('NEW')}",
        message="a submitted attempt is frozen",
    ),
    Rule(
        name="funds_attempt_kept",
        table="funds_attempt",
        event="DELETE",
        condition=_frozen("OLD"),
        message="a submitted attempt is frozen",
    ),
    Rule(
        name="funds_answer_place",
        table="funds_answer",
        event="INSERT",
        condition=_ANSWER,
        message="the bank answers what was sent",
    ),
    Rule(
        name="funds_bank_file_place",
        table="funds_bank_file",
        event="INSERT",
        condition="NOT EXISTS (SELECT 1 FROM funds_batch b WHERE b.id = NEW.batch_id AND b.state = 'released')",
        message="only a released batch goes to the bank",
    ),
    Rule(
        name="funds_draw_place",
        table="funds_draw",
        event="INSERT",
        condition=_frozen("NEW"),
        message="draws are fixed at submit",
    ),
    Rule(
        name="funds_draw_floor",
        table="funds_draw",
        event="INSERT",
        condition=_DRAW_FLOOR,
        message="the allocation is spent E_FUND_SHORT",
        lock="funds_allocation WHERE id = NEW.allocation_id",
    ),
    Rule(
        name="funds_draw_frozen", table="funds_draw", event="UPDATE", condition="1 = 1", message="a draw never changes"
    ),
    Rule(
        name="funds_draw_kept",
        table="funds_draw",
        event="DELETE",
        condition=_frozen("OLD"),
        message="draws are fixed at submit",
    ),
    Rule(
        name="funds_allocation_fund",
        table="funds_allocation",
        event="INSERT",
        condition=_ALLOCATION_FUND,
        message="the fund is spent E_FUND_SHORT",
        lock="funds_fund WHERE id = NEW.fund_id",
    ),
    Rule(
        name="funds_allocation_minutes",
        table="funds_allocation",
        event="INSERT",
        condition=_ALLOCATION_MINUTES,
        message="more than the minutes decided E_MINUTES_EXCEEDED",
        lock="funds_minutes WHERE id = NEW.minutes_id",
    ),
    Rule(
        name="funds_allocation_purpose",
        table="funds_allocation",
        event="INSERT",
        condition=_ALLOCATION_PURPOSE,
        message="the fund is for another purpose E_RESTRICTED_USE",
    ),
    Rule(
        name="funds_allocation_frozen",
        table="funds_allocation",
        event="UPDATE",
        condition=_ALLOCATION_CHANGE,
        message="an allocation only gives back what is unspent",
    ),
    _never("funds_allocation"),
    Rule(
        name="funds_minutes_frozen",
        table="funds_minutes",
        event="UPDATE",
        condition=_same("id", "scheme", "item", "decided_fen", "content_hash", "stored_as"),
        message="what minutes decided never changes",
    ),
    _never("funds_minutes"),
    Rule(
        name="funds_kin_frozen",
        table="funds_kin",
        event="UPDATE",
        condition=_same("id", "account_id", "person_id", "relation", "declared_on") + " OR OLD.ended_on IS NOT NULL",
        message="a declaration only ends",
    ),
    _never("funds_kin"),
    Rule(
        name="funds_transfer_period",
        table="funds_transfer",
        event="INSERT",
        condition=_CLOSED,
        message="the month is closed E_CLOSED_PERIOD",
        lock="funds_period WHERE entity = NEW.entity AND period = NEW.period",
    ),
    Rule(
        name="funds_transfer_place",
        table="funds_transfer",
        event="INSERT",
        condition=_TRANSFER_PLACE,
        message="a transfer lies in its voucher and its books",
    ),
    Rule(
        name="funds_transfer_reversal",
        table="funds_transfer",
        event="INSERT",
        condition=_REVERSAL,
        message="a reversal mirrors what it reverses",
    ),
    Rule(
        name="funds_voucher_period",
        table="funds_voucher",
        event="INSERT",
        condition=_CLOSED,
        message="the month is closed E_CLOSED_PERIOD",
    ),
    Rule(
        name="funds_period_order",
        table="funds_period",
        event="UPDATE",
        condition=_REOPENED,
        message="a closed month is reopened by two people",
    ),
    _never("funds_period"),
    Rule(
        name="funds_recovery_frozen",
        table="funds_recovery",
        event="UPDATE",
        condition=_same("id", "scheme", "beneficiary_id", "person_id", "amount_fen", "opened_on")
        + " OR NEW.recovered_fen < OLD.recovered_fen OR OLD.state IN ('withdrawn', 'written_off')",
        message="what a recovery asks for never changes",
    ),
    _never("funds_recovery"),
    _never("funds_finding"),
)

_CASH = "('1001', '1002', '1003')"
_MOVED = (
    f"(CASE WHEN NEW.debit IN {_CASH} THEN NEW.amount_fen ELSE 0 END)"
    f" - (CASE WHEN NEW.credit IN {_CASH} THEN NEW.amount_fen ELSE 0 END)"
)
_KEEP_CASH = f"UPDATE funds_balance SET cash_fen = cash_fen + {_MOVED} WHERE fund_id = NEW.fund_id"
_KEEP_CASH_ON = {
    "sqlite": (f"CREATE TRIGGER funds_transfer_cash AFTER INSERT ON funds_transfer BEGIN {_KEEP_CASH}; END",),
    "postgresql": (
        "CREATE FUNCTION funds_transfer_cash() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN {_KEEP_CASH}; RETURN NEW; END $$",
        "CREATE TRIGGER funds_transfer_cash AFTER INSERT ON funds_transfer"
        " FOR EACH ROW EXECUTE FUNCTION funds_transfer_cash()",
    ),
}

CHART = (
    ("1001", "专户存款", "asset"),
    ("1002", "用款额度", "asset"),
    ("1003", "慈善账户存款", "asset"),
    ("1011", "临时救助备用金", "asset"),
    ("1101", "预拨款", "asset"),
    ("1201", "应追回款", "asset"),
    ("1301", "救灾物资", "asset"),
    ("1302", "捐赠物资", "asset"),
    ("2001", "应付救助款", "liability"),
    ("2002", "退票待重发", "liability"),
    ("2003", "应付服务机构款", "liability"),
    ("2101", "代管款", "liability"),
    ("3001", "非限定净资产", "equity"),
    ("3002", "专项结余", "equity"),
    ("4001", "中央补助", "income"),
    ("4002", "省级补助", "income"),
    ("4003", "市级补助", "income"),
    ("4004", "县级配套", "income"),
    ("4005", "乡镇配套", "income"),
    ("4011", "福彩公益金", "income"),
    ("4101", "定向捐赠", "income"),
    ("4102", "非定向捐赠", "income"),
    ("4103", "实物捐赠", "income"),
    ("4201", "利息", "income"),
    ("4301", "收回以前年度支出", "income"),
    ("5001", "最低生活保障", "expense"),
    ("5002", "特困人员基本生活", "expense"),
    ("5003", "特困人员照料护理", "expense"),
    ("5004", "医疗救助", "expense"),
    ("5005", "临时救助", "expense"),
    ("5006", "灾害救助", "expense"),
    ("5007", "孤儿基本生活", "expense"),
    ("5008", "困难残疾人生活补贴", "expense"),
    ("5009", "重度残疾人护理补贴", "expense"),
    ("5010", "长者食堂就餐补助", "expense"),
    ("5011", "长者食堂运营补助", "expense"),
    ("5012", "高龄津贴和居家养老", "expense"),
    ("5013", "优抚", "expense"),
    ("5014", "殡葬", "expense"),
    ("5015", "流浪乞讨救助", "expense"),
    ("5016", "儿童保护", "expense"),
    ("5017", "养老机构", "expense"),
    ("5018", "村（社区）、社工和社会组织购买服务", "expense"),
    ("5019", "双拥项目和慰问", "expense"),
    ("5020", "住房救助", "expense"),
    ("5101", "慈善项目", "expense"),
    ("5102", "发放物资", "expense"),
    ("5191", "管理费用", "expense"),
    ("5192", "募捐费用", "expense"),
)
"""The chart of accounts of funds.md section 9. Allocations and reservations are rows with a floor, not accounts."""


def upgrade() -> None:
    """Make the tables, what they refuse, the chart of accounts and the county's special account."""
    _make_tables()
    for table, key in APPEND_ONLY.items():
        append_only(op, table, key)
    hold_rules(op, RULES)
    for table in KEPT:
        never_emptied(op, table)
    bind = op.get_bind()
    for statement in _KEEP_CASH_ON[bind.dialect.name]:
        bind.exec_driver_sql(statement)
    _plant()


def _plant() -> None:
    chart = sa.table("funds_chart", sa.column("code"), sa.column("title"), sa.column("kind"))
    op.bulk_insert(chart, [{"code": code, "title": title, "kind": kind} for code, title, kind in CHART])
    names = ("code", "title", "kind", "entity", "ledger", "bank", "tail", "layout")
    account = sa.table("funds_account", *(sa.column(name) for name in names))
    special = ("SPECIAL", "民政资金专户", "special_account", "fiscal", "1001", "", "", "default")
    op.bulk_insert(account, [dict(zip(names, special, strict=True))])


def _make_tables() -> None:
    _make_accounts()
    _make_decisions()
    _make_batches()
    _make_vouchers()
    _make_lines()


def _make_accounts() -> None:
    op.create_table(
        "funds_chart",
        sa.Column("code", sa.String(4), nullable=False),
        sa.Column("title", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.CheckConstraint(
            "kind IN ('asset', 'liability', 'equity', 'income', 'expense')", name="kind_of_chart_is_known"
        ),
        sa.PrimaryKeyConstraint("code", name="pk_funds_chart"),
    )
    op.create_table(
        "funds_account",
        sa.Column("id", Key, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("entity", sa.String(8), nullable=False),
        sa.Column("ledger", sa.String(4), nullable=False),
        sa.Column("bank", sa.String(80), nullable=False),
        sa.Column("number_sealed", Bytes),
        sa.Column("tail", sa.String(4), nullable=False),
        sa.Column("layout", sa.String(40), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.CheckConstraint("(entity = 'charity') = (kind = 'charity_account')", name="charity_money_has_its_own_books"),
        sa.CheckConstraint(
            "kind IN ('special_account', 'treasury_zero_balance', 'charity_account')", name="kind_of_account_is_known"
        ),
        sa.ForeignKeyConstraint(["ledger"], ["funds_chart.code"], name="fk_funds_account_ledger"),
        sa.PrimaryKeyConstraint("id", name="pk_funds_account"),
        sa.UniqueConstraint("code", name="one_fund_account_per_code"),
    )
    op.create_table(
        "funds_batch",
        sa.Column("id", Key, nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("split_from", Key),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("total_fen", Key, nullable=False),
        sa.Column("sheet_hash", Bytes),
        sa.Column("built_to", Key, nullable=False),
        sa.Column("built_at", UTCDateTime(), nullable=False),
        sa.Column("built_by", Key, nullable=False),
        sa.Column("layout", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('roll', 'supplement', 'reissue')", name="kind_of_batch_is_known"),
        sa.CheckConstraint(
            "state IN ('building', 'draft', 'submitted', 'reviewed', 'approved', 'released', 'sent', 'settled',"
            " 'cancelled')",
            name="state_of_batch_is_known",
        ),
        sa.CheckConstraint("steps IN (3, 4)", name="three_people_at_least"),
        sa.ForeignKeyConstraint(["built_by"], ["identity_account.id"], name="fk_funds_batch_built_by"),
        sa.ForeignKeyConstraint(["split_from"], ["funds_batch.id"], name="fk_funds_batch_split_from"),
        sa.PrimaryKeyConstraint("id", name="pk_funds_batch"),
        sa.UniqueConstraint("scheme", "period", "run", name="one_batch_per_run"),
    )
    op.create_index("ix_funds_batch_state", "funds_batch", ["state"])
    op.create_table(
        "funds_finding",
        sa.Column("id", Key, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("answer", sa.String(300), nullable=False),
        sa.Column("found_at", UTCDateTime(), nullable=False),
        sa.Column("decided_by", Key),
        sa.Column("decided_at", UTCDateTime()),
        sa.CheckConstraint(
            "state IN ('open', 'explained', 'confirmed', 'rectified')", name="state_of_finding_is_known"
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["identity_account.id"], name="fk_funds_finding_decided_by"),
        sa.PrimaryKeyConstraint("id", name="pk_funds_finding"),
        sa.UniqueConstraint("kind", "subject", "period", name="a_finding_stands_once"),
    )
    op.create_index(
        "ix_funds_finding_open",
        "funds_finding",
        ["kind"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "funds_minutes",
        sa.Column("id", Key, nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("item", sa.String(200), nullable=False),
        sa.Column("body", sa.String(80), nullable=False),
        sa.Column("held_on", sa.Date()),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("chair", sa.String(50), nullable=False),
        sa.Column("attended", sa.Integer()),
        sa.Column("members", sa.Integer()),
        sa.Column("decided_fen", Key, nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("stored_as", sa.String(64), nullable=False),
        sa.Column("content_hash", Bytes, nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(content_hash) = 32 AND stored_as <> ''", name="minutes_have_their_file"),
        sa.CheckConstraint(
            "attended IS NULL OR members IS NULL OR attended <= members", name="attendance_fits_members"
        ),
        sa.CheckConstraint("decided_fen > 0", name="minutes_decide_an_amount"),
        sa.ForeignKeyConstraint(["recorded_by"], ["identity_account.id"], name="fk_funds_minutes_recorded_by"),
        sa.PrimaryKeyConstraint("id", name="pk_funds_minutes"),
        sa.UniqueConstraint("content_hash", "scheme", "item", name="an_item_of_minutes_stands_once"),
    )


def _make_decisions() -> None:
    op.create_table(
        "funds_period",
        sa.Column("entity", sa.String(8), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("last_voucher", sa.Integer(), nullable=False),
        sa.Column("prepared_by", Key),
        sa.Column("prepared_at", UTCDateTime()),
        sa.Column("closed_by", Key),
        sa.Column("closed_at", UTCDateTime()),
        sa.Column("reopened_by", Key),
        sa.Column("reopened_with", Key),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("closed_by IS NULL OR closed_by <> prepared_by", name="two_people_close_a_month"),
        sa.CheckConstraint(
            "closed_by IS NULL OR prepared_by IS NOT NULL", name="a_month_is_prepared_before_it_is_closed"
        ),
        sa.CheckConstraint("reopened_by IS NULL OR reopened_by <> reopened_with", name="two_people_reopen_a_month"),
        sa.ForeignKeyConstraint(["closed_by"], ["identity_account.id"], name="fk_funds_period_closed_by"),
        sa.ForeignKeyConstraint(["prepared_by"], ["identity_account.id"], name="fk_funds_period_prepared_by"),
        sa.ForeignKeyConstraint(["reopened_by"], ["identity_account.id"], name="fk_funds_period_reopened_by"),
        sa.ForeignKeyConstraint(["reopened_with"], ["identity_account.id"], name="fk_funds_period_reopened_with"),
        sa.PrimaryKeyConstraint("entity", "period", name="pk_funds_period"),
    )
    op.create_table(
        "funds_bank_file",
        sa.Column("id", Key, nullable=False),
        sa.Column("number", Key, nullable=False),
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("layout", sa.String(40), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("stored_as", sa.String(64), nullable=False),
        sa.Column("content_hash", Bytes, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("total_fen", Key, nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by", Key, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["funds_batch.id"], name="fk_funds_bank_file_batch_id"),
        sa.ForeignKeyConstraint(["made_by"], ["identity_account.id"], name="fk_funds_bank_file_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_funds_bank_file"),
        sa.UniqueConstraint("batch_id", name="a_batch_goes_to_the_bank_once"),
        sa.UniqueConstraint("number", name="a_bank_file_number_is_used_once"),
    )
    op.create_table(
        "funds_bank_statement",
        sa.Column("account_id", Key, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("balance_fen", Key, nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.Column("entered_by", Key, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["funds_account.id"], name="fk_funds_bank_statement_account_id"),
        sa.ForeignKeyConstraint(["entered_by"], ["identity_account.id"], name="fk_funds_bank_statement_entered_by"),
        sa.PrimaryKeyConstraint("account_id", "day", name="pk_funds_bank_statement"),
    )
    op.create_table(
        "funds_batch_step",
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("actor", Key, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("sheet_hash", Bytes, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.CheckConstraint("step BETWEEN 1 AND 5", name="step_is_known"),
        sa.ForeignKeyConstraint(["actor"], ["identity_account.id"], name="fk_funds_batch_step_actor"),
        sa.ForeignKeyConstraint(["batch_id"], ["funds_batch.id"], name="fk_funds_batch_step_batch_id"),
        sa.PrimaryKeyConstraint("batch_id", "round", "step", name="pk_funds_batch_step"),
    )
    op.create_table(
        "funds_fund",
        sa.Column("id", Key, nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("document", sa.String(100), nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("added_by", Key, nullable=False),
        sa.CheckConstraint(
            "source IN ('CENTRAL', 'PROV', 'CITY', 'COUNTY', 'TOWN', 'LOTTERY', 'DON_R', 'DON_U', 'REC', 'INT')",
            name="source_is_known",
        ),
        sa.CheckConstraint("amount_fen > 0", name="an_appropriation_is_positive"),
        sa.ForeignKeyConstraint(["account_id"], ["funds_account.id"], name="fk_funds_fund_account_id"),
        sa.ForeignKeyConstraint(["added_by"], ["identity_account.id"], name="fk_funds_fund_added_by"),
        sa.PrimaryKeyConstraint("id", name="pk_funds_fund"),
        sa.UniqueConstraint("code", name="one_fund_per_code"),
        sa.UniqueConstraint("source", "document", "year", "scheme", name="an_appropriation_is_booked_once"),
    )


def _make_batches() -> None:
    op.create_table(
        "funds_kin",
        sa.Column("id", Key, nullable=False),
        sa.Column("account_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("relation", sa.String(12), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("declared_by", Key, nullable=False),
        sa.Column("ended_on", sa.Date()),
        sa.ForeignKeyConstraint(["account_id"], ["identity_account.id"], name="fk_funds_kin_account_id"),
        sa.ForeignKeyConstraint(["declared_by"], ["identity_account.id"], name="fk_funds_kin_declared_by"),
        sa.ForeignKeyConstraint(["person_id"], ["identity_person.id"], name="fk_funds_kin_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_funds_kin"),
    )
    op.create_index(
        "a_relative_is_declared_once",
        "funds_kin",
        ["account_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("ended_on IS NULL"),
        postgresql_where=sa.text("ended_on IS NULL"),
    )
    op.create_index("ix_funds_kin_person_id", "funds_kin", ["person_id"])
    op.create_table(
        "funds_payee",
        sa.Column("id", Key, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("number_sealed", Bytes, nullable=False),
        sa.Column("number_index", Bytes, nullable=False),
        sa.Column("tail", sa.String(4), nullable=False),
        sa.Column("person_id", Key),
        sa.Column("since", sa.Date(), nullable=False),
        sa.CheckConstraint("kind IN ('person', 'institution', 'provider')", name="kind_of_payee_is_known"),
        sa.ForeignKeyConstraint(["person_id"], ["identity_person.id"], name="fk_funds_payee_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_funds_payee"),
    )
    op.create_index("ix_funds_payee_number_index", "funds_payee", ["number_index"])
    op.create_index("ix_funds_payee_person_id", "funds_payee", ["person_id"])
    op.create_table(
        "funds_recovery",
        sa.Column("id", Key, nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("beneficiary_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("source_id", Key, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("recovered_fen", Key, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("agreement", sa.String(200), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_by", Key, nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'recovered', 'withdrawn', 'written_off')", name="state_of_recovery_is_known"
        ),
        sa.CheckConstraint("amount_fen > 0", name="a_recovery_is_positive"),
        sa.CheckConstraint("recovered_fen BETWEEN 0 AND amount_fen", name="no_more_is_recovered_than_owed"),
        sa.ForeignKeyConstraint(["opened_by"], ["identity_account.id"], name="fk_funds_recovery_opened_by"),
        sa.ForeignKeyConstraint(["person_id"], ["identity_person.id"], name="fk_funds_recovery_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_funds_recovery"),
    )
    op.create_index("ix_funds_recovery_person_id", "funds_recovery", ["person_id"])
    op.create_index("ix_funds_recovery_state", "funds_recovery", ["state"])
    op.create_table(
        "funds_result_file",
        sa.Column("id", Key, nullable=False),
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("content_hash", Bytes, nullable=False),
        sa.Column("paid", sa.Integer(), nullable=False),
        sa.Column("paid_fen", Key, nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("returned_fen", Key, nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("imported_at", UTCDateTime(), nullable=False),
        sa.Column("imported_by", Key, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["funds_batch.id"], name="fk_funds_result_file_batch_id"),
        sa.ForeignKeyConstraint(["imported_by"], ["identity_account.id"], name="fk_funds_result_file_imported_by"),
        sa.PrimaryKeyConstraint("id", name="pk_funds_result_file"),
    )
    op.create_index("ix_funds_result_file_batch_id", "funds_result_file", ["batch_id"])
    op.create_table(
        "funds_tally",
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("town", sa.String(12), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("for_month", sa.String(7), nullable=False),
        sa.Column("component", sa.String(20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["funds_batch.id"], name="fk_funds_tally_batch_id"),
        sa.PrimaryKeyConstraint("batch_id", "town", "category", "for_month", "component", name="pk_funds_tally"),
    )


def _make_vouchers() -> None:
    op.create_table(
        "funds_voucher",
        sa.Column("id", Key, nullable=False),
        sa.Column("entity", sa.String(8), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("batch_id", Key),
        sa.Column("small_office", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", UTCDateTime(), nullable=False),
        sa.Column("recorded_by", Key, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["funds_batch.id"], name="fk_funds_voucher_batch_id"),
        sa.ForeignKeyConstraint(["recorded_by"], ["identity_account.id"], name="fk_funds_voucher_recorded_by"),
        sa.PrimaryKeyConstraint("id", name="pk_funds_voucher"),
        sa.UniqueConstraint("entity", "period", "number", name="vouchers_are_numbered_without_gaps"),
        sa.UniqueConstraint("subject", name="an_event_is_booked_once"),
    )
    op.create_index("ix_funds_voucher_batch_id", "funds_voucher", ["batch_id"])
    op.create_table(
        "funds_allocation",
        sa.Column("id", Key, nullable=False),
        sa.Column("fund_id", Key, nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("minutes_id", Key, nullable=False),
        sa.Column("allocated_on", sa.Date(), nullable=False),
        sa.Column("allocated_by", Key, nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("unspent_fen", Key, nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="an_allocation_is_positive"),
        sa.CheckConstraint("unspent_fen BETWEEN 0 AND amount_fen", name="unspent_money_was_allocated"),
        sa.ForeignKeyConstraint(["allocated_by"], ["identity_account.id"], name="fk_funds_allocation_allocated_by"),
        sa.ForeignKeyConstraint(["fund_id"], ["funds_fund.id"], name="fk_funds_allocation_fund_id"),
        sa.ForeignKeyConstraint(["minutes_id"], ["funds_minutes.id"], name="fk_funds_allocation_minutes_id"),
        sa.PrimaryKeyConstraint("id", name="pk_funds_allocation"),
    )
    op.create_index("ix_funds_allocation_fund_id", "funds_allocation", ["fund_id"])
    op.create_index("ix_funds_allocation_minutes_id", "funds_allocation", ["minutes_id"])
    op.create_index("ix_funds_allocation_scheme", "funds_allocation", ["scheme"])
    op.create_table(
        "funds_balance",
        sa.Column("fund_id", Key, nullable=False),
        sa.Column("cash_fen", Key, nullable=False),
        sa.CheckConstraint("cash_fen >= 0", name="no_overdraft"),
        sa.ForeignKeyConstraint(["fund_id"], ["funds_fund.id"], name="fk_funds_balance_fund_id"),
        sa.PrimaryKeyConstraint("fund_id", name="pk_funds_balance"),
    )
    op.create_table(
        "funds_instalment",
        sa.Column("recovery_id", Key, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("paid_fen", Key, nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="an_instalment_is_positive"),
        sa.CheckConstraint("paid_fen BETWEEN 0 AND amount_fen", name="an_instalment_is_not_overpaid"),
        sa.ForeignKeyConstraint(["recovery_id"], ["funds_recovery.id"], name="fk_funds_instalment_recovery_id"),
        sa.PrimaryKeyConstraint("recovery_id", "place", name="pk_funds_instalment"),
    )
    op.create_table(
        "funds_payment",
        sa.Column("id", Key, nullable=False),
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("beneficiary_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("for_month", sa.String(7), nullable=False),
        sa.Column("component", sa.String(20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("payee_id", Key, nullable=False),
        sa.Column("source_id", Key, nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="no_line_is_negative"),
        sa.ForeignKeyConstraint(["batch_id"], ["funds_batch.id"], name="fk_funds_payment_batch_id"),
        sa.ForeignKeyConstraint(["payee_id"], ["funds_payee.id"], name="fk_funds_payment_payee_id"),
        sa.ForeignKeyConstraint(["person_id"], ["identity_person.id"], name="fk_funds_payment_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_funds_payment"),
        sa.UniqueConstraint(
            "scheme", "beneficiary_id", "for_month", "component", "revision", name="one_payment_per_month_and_component"
        ),
    )
    op.create_index("ix_funds_payment_batch_id", "funds_payment", ["batch_id"])
    op.create_index("ix_funds_payment_person_id", "funds_payment", ["person_id"])


def _make_lines() -> None:
    op.create_table(
        "funds_recovery_month",
        sa.Column("recovery_id", Key, nullable=False),
        sa.Column("for_month", sa.String(7), nullable=False),
        sa.Column("fund_id", Key, nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="a_recovered_month_is_positive"),
        sa.ForeignKeyConstraint(["fund_id"], ["funds_fund.id"], name="fk_funds_recovery_month_fund_id"),
        sa.ForeignKeyConstraint(["recovery_id"], ["funds_recovery.id"], name="fk_funds_recovery_month_recovery_id"),
        sa.PrimaryKeyConstraint("recovery_id", "for_month", "fund_id", name="pk_funds_recovery_month"),
    )
    op.create_table(
        "funds_transfer",
        sa.Column("id", Key, nullable=False),
        sa.Column("voucher_id", Key, nullable=False),
        sa.Column("fund_id", Key, nullable=False),
        sa.Column("entity", sa.String(8), nullable=False),
        sa.Column("period", sa.String(7), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("debit", sa.String(4), nullable=False),
        sa.Column("credit", sa.String(4), nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("area", sa.String(12), nullable=False),
        sa.Column("benefit_month", sa.String(7), nullable=False),
        sa.Column("batch_id", Key),
        sa.Column("minutes_id", Key),
        sa.Column("recovery_id", Key),
        sa.Column("reverses", Key),
        sa.CheckConstraint("amount_fen > 0", name="a_transfer_is_positive"),
        sa.CheckConstraint("debit <> credit", name="a_transfer_moves_money"),
        sa.ForeignKeyConstraint(["batch_id"], ["funds_batch.id"], name="fk_funds_transfer_batch_id"),
        sa.ForeignKeyConstraint(["credit"], ["funds_chart.code"], name="fk_funds_transfer_credit"),
        sa.ForeignKeyConstraint(["debit"], ["funds_chart.code"], name="fk_funds_transfer_debit"),
        sa.ForeignKeyConstraint(["fund_id"], ["funds_fund.id"], name="fk_funds_transfer_fund_id"),
        sa.ForeignKeyConstraint(["minutes_id"], ["funds_minutes.id"], name="fk_funds_transfer_minutes_id"),
        sa.ForeignKeyConstraint(["recovery_id"], ["funds_recovery.id"], name="fk_funds_transfer_recovery_id"),
        sa.ForeignKeyConstraint(["reverses"], ["funds_transfer.id"], name="fk_funds_transfer_reverses"),
        sa.ForeignKeyConstraint(["voucher_id"], ["funds_voucher.id"], name="fk_funds_transfer_voucher_id"),
        sa.PrimaryKeyConstraint("id", name="pk_funds_transfer"),
        sa.UniqueConstraint("reverses", name="a_transfer_is_reversed_once"),
    )
    op.create_index("ix_funds_transfer_batch_id", "funds_transfer", ["batch_id"])
    op.create_index("ix_funds_transfer_fund_id_period", "funds_transfer", ["fund_id", "period"])
    op.create_index("ix_funds_transfer_recovery_id", "funds_transfer", ["recovery_id"])
    op.create_index("ix_funds_transfer_voucher_id", "funds_transfer", ["voucher_id"])
    op.create_table(
        "funds_answer",
        sa.Column("payment_id", Key, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("result", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(100), nullable=False),
        sa.Column("result_file_id", Key, nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.CheckConstraint("result IN ('paid', 'returned')", name="the_bank_said_paid_or_returned"),
        sa.ForeignKeyConstraint(["batch_id"], ["funds_batch.id"], name="fk_funds_answer_batch_id"),
        sa.ForeignKeyConstraint(["payment_id"], ["funds_payment.id"], name="fk_funds_answer_payment_id"),
        sa.ForeignKeyConstraint(["result_file_id"], ["funds_result_file.id"], name="fk_funds_answer_result_file_id"),
        sa.PrimaryKeyConstraint("payment_id", "attempt", name="pk_funds_answer"),
    )
    op.create_index("ix_funds_answer_batch_id", "funds_answer", ["batch_id"])
    op.create_table(
        "funds_attempt",
        sa.Column("payment_id", Key, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("payee_id", Key, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.CheckConstraint("attempt > 1", name="the_first_attempt_is_the_line"),
        sa.ForeignKeyConstraint(["batch_id"], ["funds_batch.id"], name="fk_funds_attempt_batch_id"),
        sa.ForeignKeyConstraint(["payee_id"], ["funds_payee.id"], name="fk_funds_attempt_payee_id"),
        sa.ForeignKeyConstraint(["payment_id"], ["funds_payment.id"], name="fk_funds_attempt_payment_id"),
        sa.PrimaryKeyConstraint("payment_id", "attempt", name="pk_funds_attempt"),
    )
    op.create_index("ix_funds_attempt_batch_id", "funds_attempt", ["batch_id"])
    op.create_table(
        "funds_draw",
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("allocation_id", Key, nullable=False),
        sa.Column("fund_id", Key, nullable=False),
        sa.Column("amount_fen", Key, nullable=False),
        sa.CheckConstraint("amount_fen > 0", name="a_draw_is_positive"),
        sa.ForeignKeyConstraint(["allocation_id"], ["funds_allocation.id"], name="fk_funds_draw_allocation_id"),
        sa.ForeignKeyConstraint(["batch_id"], ["funds_batch.id"], name="fk_funds_draw_batch_id"),
        sa.ForeignKeyConstraint(["fund_id"], ["funds_fund.id"], name="fk_funds_draw_fund_id"),
        sa.PrimaryKeyConstraint("batch_id", "place", name="pk_funds_draw"),
    )
    op.create_index("ix_funds_draw_allocation_id", "funds_draw", ["allocation_id"])
    op.create_index("ix_funds_draw_fund_id", "funds_draw", ["fund_id"])
