"""Spot checks: a draw that anybody can repeat from its seed, and what the inspection of each case found."""

import json
import math
import random
import secrets
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import or_, select
from sqlmodel import col

from core.api import Period, UnitOfWork, _, parse_money, read_number, refuse, within
from plugins.casework.models import Case, Sample, SampledCase
from plugins.casework.moves import COUNTY, REVIEW
from plugins.casework.queries import own_case
from plugins.casework.services.turns import day_of
from plugins.casework.types import type_named
from plugins.casework.wishes import DrawSample, InspectCase, StepData

_SHARES = {"new": "spotcheck.new", "active": "spotcheck.active_monthly"}
_SEED_BITS = 31


def draw(population: Sequence[int], share: Decimal, seed: int) -> list[int]:
    """A share of some cases, rounded up to whole ones; the same list and seed give the same draw, sorted."""
    count = math.ceil(share * len(population))
    return sorted(random.Random(seed).sample(sorted(population), count))  # noqa: S311 - to be repeated, not to be secret


def draw_sample(work: UnitOfWork, wish: DrawSample) -> Sample:
    """Draw the cases of a month to be inspected; registered relatives and complaints are inspected besides."""
    area = wish.area or work.settings.county.code
    work.require(REVIEW, area)
    kind = type_named(work, wish.type)
    share = _share(work, wish)
    cases = _population(work, wish, area)
    seed = wish.seed if wish.seed is not None else secrets.randbits(_SEED_BITS)
    numbers = [case.id or 0 for case in cases]
    sample = Sample(
        kind=wish.kind,
        type=kind.name,
        area=area,
        period=wish.period,
        share=format(share, "f"),
        seed=seed,
        population=json.dumps(sorted(numbers)),
        drawn_at=work.now,
        drawn_by=work.actor.account_id,
    )
    work.session.add(sample)
    work.session.flush()
    drawn = set(draw(numbers, share, seed))
    for case in cases:
        why = "drawn" if case.id in drawn else "relative" if case.relative_registered else "complaint"
        if case.id in drawn or case.relative_registered or case.complaint:
            work.session.add(SampledCase(sample_id=sample.id or 0, case_id=case.id or 0, why=why))
    work.session.flush()
    after = {"kind": wish.kind, "period": wish.period, "seed": seed, "of": len(numbers), "drawn": len(drawn)}
    work.record("casework.sample_drawn", f"sample:{sample.id}", area=area, after=after)
    return sample


def redraw(work: UnitOfWork, sample_id: int) -> list[int]:
    """The ids of the cases a sample draws again from its seed, for whoever checks it."""
    sample = own_sample(work, sample_id)
    return draw(json.loads(sample.population), Decimal(sample.share), sample.seed)


def inspect_case(work: UnitOfWork, number: str, wish: InspectCase) -> SampledCase:
    """Write down what the inspection of a drawn case found."""
    case = own_case(work, number, REVIEW)
    asked = select(SampledCase).where(col(SampledCase.case_id) == case.id, col(SampledCase.done_on).is_(None))
    row = work.session.scalars(asked.order_by(col(SampledCase.sample_id).desc()).limit(1)).one_or_none()
    if row is None:
        raise refuse(_("这件申请没有被抽中，或已经核查"), field="result", code="E_SKIP_STEP")
    row.done_on = day_of(work, StepData(on=wish.on), case.applied_on)
    row.result, row.note = wish.result, wish.note.strip()
    row.wrong_fen = parse_money(wish.wrong_amount) if wish.wrong_amount else 0
    work.session.add(row)
    work.session.flush()
    after = {"sample": row.sample_id, "result": row.result, "wrong_fen": row.wrong_fen, "on": row.done_on}
    work.record("casework.inspected", f"case:{case.number}", area=case.area, after=after, reason=row.note)
    return row


def own_sample(work: UnitOfWork, sample_id: int) -> Sample:
    """A sample within the areas of who asks; raises ``NotFound``."""
    from core.api import NotFound, scoped
    from plugins.casework.moves import SHOW

    work.require(SHOW)
    asked = scoped(work, select(Sample).where(col(Sample.id) == sample_id), Sample.area, SHOW)
    sample = work.session.scalars(asked).one_or_none()
    if sample is None:
        raise NotFound(_("没有找到这次抽查，或不在你的辖区"))
    return sample


def _share(work: UnitOfWork, wish: DrawSample) -> Decimal:
    if not wish.share:
        share: Decimal = work.policy(_SHARES[wish.kind], on=Period(wish.period).first_day)
        return share
    found = read_number(wish.share.removesuffix("%"))
    share = Decimal(0) if found is None else found / (100 if wish.share.endswith("%") else 1)
    if not 0 < share <= 1:
        raise refuse(_("抽查比例写成 0.3 或 30%"), field="share", code="E_SHARE")
    return share


def _population(work: UnitOfWork, wish: DrawSample, area: str) -> list[Case]:
    """New: cases under review, and those granted in the month. Active: families in payment."""
    first, after = Period(wish.period).first_day, Period(wish.period).next().first_day
    asked = select(Case).where(col(Case.type) == wish.type, within(col(Case.area), [area]))
    if wish.kind == "active":
        asked = asked.where(col(Case.state).in_(("active", "phasing_out")))
    else:
        decided = (col(Case.decided_on) >= first) & (col(Case.decided_on) < after) & (col(Case.state) != "refused")
        asked = asked.where(or_(col(Case.state).in_(COUNTY), decided))
    return list(work.session.scalars(asked.order_by(col(Case.id))))
