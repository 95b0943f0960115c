"""What a case comes to: asked of its type, kept with the case as it was proposed, compared when it is decided."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from core.api import Refused, _, refuse
from plugins.casework.api import CaseFacts, Computation
from plugins.casework.types import called, type_named

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.casework.models import Case


def computed(work: "UnitOfWork", facts: CaseFacts, on: date) -> Computation:
    """What the rules of the case's type say of it on a day; writes nothing."""
    kind = type_named(work, facts.type)
    found: Computation = called(work, kind, kind.compute, facts, on)
    return found


def known_amount(work: "UnitOfWork", facts: CaseFacts, on: date) -> int | None:
    """The amount as far as it is known yet: None while facts lack or the family is not eligible."""
    try:
        found = computed(work, facts, on)
    except Refused:
        return None
    return found.monthly_fen if found.eligible else None


def require_eligible(work: "UnitOfWork", facts: CaseFacts, on: date) -> Computation:
    """The computation of a family that may be granted; refused with the code of what stands against it."""
    found = computed(work, facts, on)
    if not found.eligible:
        raise refuse(found.reason, field="event", code=found.code or "E_NOT_ELIGIBLE")
    if found.objections:
        raise Refused(refuse(words, field="event", code=code).objections[0] for code, words in found.objections)
    return found


def require_same(work: "UnitOfWork", case: "Case", facts: CaseFacts, on: date) -> Computation:
    """The computation that was proposed and published; refused when facts or policies changed since."""
    found = require_eligible(work, facts, on)
    kept = kept_computation(case)
    if kept.get("digest") != found.digest:
        raise refuse(
            _("公示后情况有变化，金额或依据与公示的不一致，请退回重新测算和公示"),
            field="event",
            code="E_STALE_COMPUTATION",
        )
    return found


def keep(case: "Case", found: Computation) -> None:
    """Write down on a case what was proposed."""
    case.computation = _text(found)
    case.monthly_fen = found.monthly_fen


def keep_explanation(work: "UnitOfWork", case: "Case", facts: CaseFacts, on: date) -> None:
    """Write down how a refused case was computed, as far as its facts are known; its letter carries the lines."""
    try:
        case.computation = _text(computed(work, facts, on))
    except Refused:
        return


def _text(found: Computation) -> str:
    return json.dumps(asdict(found), ensure_ascii=False, default=str, separators=(",", ":"))


def kept_computation(case: "Case") -> Mapping[str, Any]:
    """What was proposed, as it was kept; {} before."""
    found: Mapping[str, Any] = json.loads(case.computation) if case.computation else {}
    return found
