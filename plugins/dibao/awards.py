"""Awards as they stand: the newest of a case, what its terms give in a month."""

import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core.api import Period
from plugins.benefits.api import standard_in_month
from plugins.dibao.engine.award import Award as Amount
from plugins.dibao.engine.award import award
from plugins.dibao.engine.facts import AWARD_KEYS, Rules
from plugins.dibao.models import Award
from plugins.dibao.rules import policies_on
from plugins.dibao.words import AREA_KINDS, SCHEME

if TYPE_CHECKING:
    from core.api import UnitOfWork


def newest(work: "UnitOfWork", case_id: int) -> Award | None:
    """The newest award of a case; None before the first."""
    asked = select(Award).where(col(Award.case_id) == case_id).order_by(col(Award.version).desc()).limit(1)
    return work.session.scalars(asked).one_or_none()


def versions_of(work: "UnitOfWork", case_ids: Collection[int]) -> list[Award]:
    """Every award of some cases, in order."""
    asked = select(Award).where(col(Award.case_id).in_(list(case_ids))).order_by(col(Award.case_id), col(Award.version))
    return list(work.session.scalars(asked))


def terms_of(one: Award) -> Mapping[str, Any]:
    """The terms an award gave to benefits."""
    found: Mapping[str, Any] = json.loads(one.terms)
    return found


def amount_in(work: "UnitOfWork", one: Award, month: str) -> Amount:
    """What an award gives in a month by the standard and the rules of that month."""
    values, versions = policies_on(work, AWARD_KEYS, Period(month).first_day)
    standards = {kind: standard_in_month(work, SCHEME, kind, one.area, month) or 0 for kind in AREA_KINDS}
    terms = terms_of(one)
    if "amount_fen" in terms:
        from fractions import Fraction

        return Amount(base=Fraction(terms["amount_fen"]), supplements=(), total_fen=terms["amount_fen"])
    return award(terms, standards, one.category, Rules(values=values, standards=standards, versions=versions))


def persons_of(terms: Mapping[str, Any]) -> int:
    """How many persons an award covers."""
    return int(terms.get("n", 1)) + sum(int(one["n"]) for one in terms.get("others", ()))
