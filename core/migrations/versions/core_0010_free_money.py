"""What of a fund can be allocated: its interest and what was recovered for it too, not the appropriation alone.

And an allocation ends only when no batch on its way draws on it: such a batch may still go back, and what it drew would
belong to nothing. [handbook page funds, sections 3 and 4]
"""

# ruff: noqa: S608 - statements are put together from the names of this revision

from dataclasses import replace

from alembic import op

from core.guards import Rule, replace_rules
from core.migrations.versions.core_0007_funds import RULES as FORMER

revision = "core_0010"
down_revision = "core_0009"
branch_labels = None
depends_on = None

_FORMER = {rule.name: rule for rule in FORMER}
_LIABILITIES = "('2001', '2002', '2003')"


def _sum(amount: str, rows: str) -> str:
    return f"COALESCE((SELECT SUM({amount}) FROM {rows}), 0)"


_OWED = _sum(
    f"CASE WHEN t.credit IN {_LIABILITIES} THEN t.amount_fen ELSE 0 END"
    f" - CASE WHEN t.debit IN {_LIABILITIES} THEN t.amount_fen ELSE 0 END",
    "funds_transfer t WHERE t.fund_id = NEW.fund_id",
)
_RESERVED = _sum(
    "d.amount_fen",
    "funds_draw d JOIN funds_batch b ON b.id = d.batch_id"
    " WHERE d.fund_id = NEW.fund_id AND b.state IN ('submitted', 'reviewed')",
)
_ALLOCATED = _sum("l.amount_fen - l.unspent_fen", "funds_allocation l WHERE l.fund_id = NEW.fund_id")
_DRAWN = _sum("d.amount_fen", "funds_draw d WHERE d.fund_id = NEW.fund_id")
_ALLOCATION_FUND = f"""NEW.amount_fen > (SELECT c.cash_fen FROM funds_balance c WHERE c.fund_id = NEW.fund_id)
  - {_OWED}
  - {_RESERVED}
  - ({_ALLOCATED} - {_DRAWN})"""
"""Cash less what is owed, reserved and allocated without having been drawn, as ``core.funds.queries.Balance``."""

_ON_ITS_WAY = """OLD.closed_on IS NULL AND NEW.closed_on IS NOT NULL AND EXISTS (SELECT 1 FROM funds_draw d
    JOIN funds_batch b ON b.id = d.batch_id
    WHERE d.allocation_id = NEW.id AND b.state IN ('submitted', 'reviewed', 'approved', 'released'))"""

RULES: tuple[Rule, ...] = (
    replace(_FORMER["funds_allocation_fund"], condition=_ALLOCATION_FUND),
    replace(
        _FORMER["funds_allocation_frozen"],
        condition=f"{_FORMER['funds_allocation_frozen'].condition} OR ({_ON_ITS_WAY})",
    ),
)


def upgrade() -> None:
    """Put the two rules in the place of those that were there."""
    replace_rules(op, RULES)
