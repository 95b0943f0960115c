"""After a new standard was set: every family in payment gets its next award version, in one pass over columns."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy
from sqlmodel import col

from core.api import Period, insert_columns, table_of
from plugins.benefits.api import standard_in_month
from plugins.casework.api import note_amounts
from plugins.dibao.amounts import by_terms
from plugins.dibao.awards import terms_of
from plugins.dibao.engine.facts import AWARD_KEYS, Rules
from plugins.dibao.models import Award
from plugins.dibao.queries import newest_awards
from plugins.dibao.rules import policies_on
from plugins.dibao.words import SCHEME

if TYPE_CHECKING:
    from core.api import UnitOfWork

RIGHT = "dibao.raise"
_KEPT = (
    "case_id", "category", "area", "enrolment_id", "members", "counted_num", "counted_den", "per_capita_num",
    "per_capita_den", "supplements", "terms", "digest", "review_class",
)  # fmt: skip


def raise_awards(work: "UnitOfWork", category: str, month: str) -> dict[str, Any]:
    """Write the next version of every award of a category that is another amount by the standard of a month.

    What is paid follows the standard by itself; this keeps the register of awards in step with it. Families in
    phase-out keep what they had.
    """
    work.require(RIGHT, work.settings.county.code)
    at = str(Period(month))
    asked = newest_awards(at).where(col(Award.category) == category, col(Award.outcome) != "phasing_out")
    awards = work.session.scalars(asked.order_by(col(Award.case_id))).all()
    kept = [one for one in awards if "n" in (terms := terms_of(one)) and not {"others", "amount_fen"} & set(terms)]
    if not kept:
        return {"families": 0, "changed": 0, "before_fen": 0, "after_fen": 0}
    standards = _standards(work, category, at, kept)
    values, versions = policies_on(work, AWARD_KEYS, Period(at).first_day)
    rules = Rules(values=values, standards={}, versions=versions)
    terms = [terms_of(one) for one in kept]
    totals = by_terms(terms, standards, rules)
    bases = by_terms([{**one, "marks": {}} for one in terms], standards, rules)
    before = numpy.array([one.total_fen for one in kept], "int64")
    rows = numpy.flatnonzero(totals != before).tolist()
    if rows:
        _insert(work, [kept[row] for row in rows], (at, rules, totals[rows], bases[rows], standards[rows]))
        note_amounts(work, {kept[row].case_id: int(totals[row]) for row in rows})
    data: dict[str, Any] = {
        "families": len(kept),
        "changed": len(rows),
        "before_fen": int(before.sum()),
        "after_fen": int(totals.sum()),
    }
    work.record("dibao.raised", f"dibao:raise:{category}", from_month=at, **data)
    return data


def _standards(work: "UnitOfWork", category: str, month: str, awards: Sequence[Award]) -> "numpy.ndarray":
    known = {area: standard_in_month(work, SCHEME, category, area, month) or 0 for area in {one.area for one in awards}}
    return numpy.array([known[one.area] for one in awards], "int64")


def _insert(work: "UnitOfWork", awards: Sequence[Award], facts: tuple[Any, ...]) -> None:
    month, rules, totals, bases, standards = facts
    insert_columns(
        work.session.connection(),
        table_of(Award),
        {
            "id": work.next_ids("dibao_award", len(awards)),
            **{name: [getattr(one, name) for one in awards] for name in _KEPT},
            "version": [one.version + 1 for one in awards],
            "before_fen": [one.total_fen for one in awards],
            "total_fen": totals.tolist(),
            "base_fen": bases.tolist(),
            "standard_fen": standards.tolist(),
        },
        {
            "outcome": "raised",
            "effective_month": month,
            "until_month": "",
            "rounding": rules.word("rounding"),
            "policies": json.dumps(dict(rules.versions), sort_keys=True),
            "reason": "",
            "decided_on": work.today,
            "decided_at": work.now,
            "decided_by": work.actor.account_id,
        },
    )
