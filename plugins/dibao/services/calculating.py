"""Keep the newest calculation of a case, so that its page shows it by one question."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from plugins.dibao.computing import compute
from plugins.dibao.models import Calculation

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.casework.api import CaseFacts, Computation


def calculate(work: "UnitOfWork", case: "CaseFacts") -> dict[str, Any]:
    """Work a case out as of today and keep it; answers the figures, the lines, and what is to be looked at."""
    found = compute(work, case, work.today)
    row = work.session.get(Calculation, case.id)
    row = row or Calculation(
        case_id=case.id, counted_on=case.counted_on, digest="", data="{}", made_at=work.now, made_by=0
    )
    row.counted_on, row.digest = case.counted_on, found.digest
    row.data = json.dumps(figures(found), ensure_ascii=False)
    row.made_at, row.made_by = work.now, work.actor.account_id
    work.session.add(row)
    work.session.flush()
    return figures(found)


def figures(found: "Computation") -> dict[str, Any]:
    """A computation as machines and pages read it."""
    return {
        **{name: value for name, value in found.data.items() if name != "words"},
        "lines": [asdict(one) for one in found.lines],
        "objections": [{"code": code, "reason": words} for code, words in found.objections],
        "warnings": [{"code": code, "reason": words} for code, words in found.warnings],
    }
