"""Questions about samples and leads."""

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core.api import _, area_names, facts_of, scoped
from plugins.casework.models import Case, Lead, SampledCase
from plugins.casework.moves import SHOW
from plugins.casework.services.sampling import own_sample, redraw
from plugins.casework.words import LEADS, RESULTS, SAMPLES, WHY

if TYPE_CHECKING:
    from core.api import UnitOfWork


def sample_data(work: "UnitOfWork", sample_id: int) -> dict[str, Any]:
    """A sample with its cases; ``repeats`` says whether its seed draws the same cases again."""
    sample = own_sample(work, sample_id)
    rows = work.session.execute(
        select(SampledCase, col(Case.number))
        .join(Case, col(Case.id) == col(SampledCase.case_id))
        .where(col(SampledCase.sample_id) == sample_id)
        .order_by(col(SampledCase.case_id))
    ).all()
    drawn = sorted(row.case_id for row, _number in rows if row.why == "drawn")
    return {
        "sample": sample.id,
        "kind": sample.kind,
        "kind_title": _(SAMPLES[sample.kind]),
        "type": sample.type,
        "period": sample.period,
        "area": sample.area,
        "share": sample.share,
        "seed": sample.seed,
        "of": len(json.loads(sample.population)),
        "drawn": drawn,
        "repeats": redraw(work, sample_id) == drawn,
        "drawn_at": sample.drawn_at,
        "cases": [
            {
                "case": number,
                "why": row.why,
                "why_title": _(WHY[row.why]),
                "done_on": row.done_on,
                "result": row.result,
                "result_title": _(RESULTS[row.result]) if row.result else "",
                "note": row.note,
                "wrong_fen": row.wrong_fen,
            }
            for row, number in rows
        ],
    }


def open_leads(work: "UnitOfWork", *, start: int = 0, limit: int) -> list[dict[str, Any]]:
    """Leads nobody followed yet, the most pressing first: so many behind the first ``start``."""
    work.require(SHOW)
    asked = select(Lead).where(col(Lead.state) == "open").order_by(col(Lead.due_on), col(Lead.id))
    rows = work.session.scalars(scoped(work, asked, Lead.area, SHOW).offset(start).limit(limit)).all()
    people = facts_of(work, {row.person_id for row in rows})
    places = area_names(work, {row.area for row in rows})
    return [
        {
            "lead": row.id,
            "person": row.person_id,
            "name": people[row.person_id].name if row.person_id in people else "--",
            "area": row.area,
            "place": places.get(row.area, row.area),
            "source": row.source,
            "source_title": _(LEADS[row.source]),
            "found_on": row.found_on,
            "due_on": row.due_on,
        }
        for row in rows
    ]
