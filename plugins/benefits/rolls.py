"""Questions about rolls that were built: what is in them, who was left out, what is claimed back."""

from typing import Any

from sqlalchemy import select

from core.api import (
    LineFacts,
    NotFound,
    UnitOfWork,
    _,
    area_names,
    batch_facts,
    batch_sums,
    batches_of,
    columns,
    facts_of,
    lines_of_batch,
    mark,
    within,
)
from plugins.benefits.differences import BACKPAY
from plugins.benefits.models import Enrolment, LeftOut, Overpaid, Run
from plugins.benefits.queries import SHOW, category_title, scheme_title
from plugins.benefits.schemes import schemes_of

WHY = {
    "E_NO_PAYEE": mark("没有收款账户"),
    "E_NO_STANDARD": mark("没有这个月的标准"),
    "W_ZERO": mark("其他待遇不低于标准，补差为 0"),
    "W_WAITING": mark("同月的批次还没有提交，先提交批次 {other}"),
}
_ENROLMENT, _LEFT, _OVERPAID, _RUN = columns(Enrolment), columns(LeftOut), columns(Overpaid), columns(Run)


def roll_result(work: UnitOfWork, batch_id: int) -> dict[str, Any]:
    """What ``roll build`` answers: lines, sums, and who was left out."""
    sums = batch_sums(work, batch_id)
    by_category: dict[str, int] = {}
    for (category, _component), (_count, fen) in sums.items():
        by_category[category] = by_category.get(category, 0) + fen
    return {
        "batch": batch_id,
        "lines": sum(count for count, _fen in sums.values()),
        "total_fen": sum(fen for _count, fen in sums.values()),
        "by_category": by_category,
        "backpay_fen": sum(fen for (_category, component), (_count, fen) in sums.items() if component == BACKPAY),
        "excluded": left_out(work, batch_id),
    }


def show_roll(work: UnitOfWork, batch_id: int, after: int = 0, limit: int = 50) -> dict[str, Any]:
    """A roll with its state, sums, recoveries and a page of its lines within the reader's areas."""
    work.require(SHOW)
    batch = batch_facts(work, batch_id)
    run = work.session.get(Run, batch.split_from or batch_id)
    lines = lines_of_batch(work, batch_id, after, limit + 1)
    seen = [line for line in lines[:limit] if work.may(SHOW, line.area)]
    names = facts_of(work, {line.person_id or 0 for line in seen})
    places = area_names(work, {line.area for line in seen})
    return {
        **roll_result(work, batch_id),
        "scheme": batch.scheme,
        "scheme_title": scheme_title(work, batch.scheme),
        "period": batch.period,
        "kind": batch.kind,
        "state": batch.state,
        "built_at": batch.built_at,
        "start": run.start if run else "",
        "recoveries": overpaid(work, batch_id),
        "items": [
            {
                "id": line.id,
                "person_id": line.person_id,
                "name": names[line.person_id].name if line.person_id in names else "",
                "area": line.area,
                "place": places.get(line.area, line.area),
                "for_month": line.for_month,
                "component": line.component,
                "revision": line.revision,
                "category": line.category,
                "category_title": category_title(work, batch.scheme, line.category),
                "amount_fen": line.amount_fen,
                "enrolment_id": line.source_id,
            }
            for line in seen
        ],
        "next": lines[limit - 1].id if len(lines) > limit else None,
    }


def line_of(work: UnitOfWork, batch_id: int, line_id: int) -> LineFacts:
    """One line of a roll, within the reader's areas; raises ``NotFound``."""
    work.require(SHOW)
    found = next(iter(lines_of_batch(work, batch_id, line_id - 1, 1)), None)
    if found is None or found.id != line_id or not work.may(SHOW, found.area):
        raise NotFound(_("没有找到这一行，或不在你的辖区"))
    return found


def name_of(work: UnitOfWork, person_id: int) -> str:
    """A person's name."""
    found = facts_of(work, [person_id]).get(person_id)
    return found.name if found else ""


def list_rolls(work: UnitOfWork, scheme: str = "", limit: int = 60) -> list[dict[str, Any]]:
    """Rolls of a scheme, or of all, newest first."""
    work.require(SHOW)
    wanted = [scheme] if scheme else sorted(schemes_of(work))
    found = [one for name in wanted for one in batches_of(work, name) if one.kind != "reissue"]
    return [
        {
            "batch": one.id,
            "scheme": one.scheme,
            "scheme_title": scheme_title(work, one.scheme),
            "period": one.period,
            "kind": one.kind,
            "state": one.state,
            "lines": one.count,
            "total_fen": one.total_fen,
        }
        for one in sorted(found, key=lambda one: one.id, reverse=True)[:limit]
    ]


def left_out(work: UnitOfWork, batch_id: int) -> list[dict[str, Any]]:
    """Who was left out of a roll and why, within the reader's areas."""
    rows = work.session.connection().execute(
        select(_LEFT.enrolment_id, _LEFT.code, _LEFT.other, _ENROLMENT.person_id, _ENROLMENT.area)
        .join(_ENROLMENT.id.table, _ENROLMENT.id == _LEFT.enrolment_id)
        .where(_LEFT.batch_id == batch_id, _seen(work))
        .order_by(_LEFT.enrolment_id)
    )
    found = rows.all()
    names = facts_of(work, {row.person_id for row in found})
    return [
        {
            "enrolment_id": row.enrolment_id,
            "person_id": row.person_id,
            "name": names[row.person_id].name if row.person_id in names else "",
            "code": row.code,
            "reason": why(work, row.code, row.other),
        }
        for row in found
    ]


def overpaid(work: UnitOfWork, batch_id: int) -> list[dict[str, Any]]:
    """What a roll found handed out and not due; ``recovery`` is None while its batch was not released."""
    rows = work.session.connection().execute(
        select(_OVERPAID.batch_id.table, _ENROLMENT.person_id)
        .join(_ENROLMENT.id.table, _ENROLMENT.id == _OVERPAID.enrolment_id)
        .where(_OVERPAID.batch_id == batch_id, _seen(work))
        .order_by(_OVERPAID.enrolment_id, _OVERPAID.for_month)
    )
    return [
        {
            "enrolment_id": row.enrolment_id,
            "person_id": row.person_id,
            "for_month": row.for_month,
            "amount_fen": row.amount_fen,
            "recovery": row.recovery_id,
        }
        for row in rows
    ]


def why(work: UnitOfWork, code: str, other: str) -> str:
    """A code in words."""
    if code in WHY:
        return _(WHY[code], other=other)
    return _("已享受“{other}”，不得重复享受", other=scheme_title(work, other))


def _seen(work: UnitOfWork) -> Any:
    return within(_ENROLMENT.area, work.areas(SHOW) or work.areas("funds.build"))
