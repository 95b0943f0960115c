"""Say why an amount is what it is, from what the line refers to and what was known then; nothing of it is stored."""

import json
from typing import Any

from sqlalchemy import select

from core.api import (
    Extra,
    LineFacts,
    NotFound,
    Period,
    Scheme,
    UnitOfWork,
    _,
    area_names,
    batch_facts,
    columns,
    format_money,
    lines_of_beneficiaries,
)
from plugins.benefits.checking import run_of
from plugins.benefits.differences import BACKPAY
from plugins.benefits.due import Versions, due_in, extra_in, load_versions, versions_of
from plugins.benefits.known import Known, known_at, known_now
from plugins.benefits.models import EnrolmentVersion, Run
from plugins.benefits.months import PARTS, month_of, number_of
from plugins.benefits.queries import SHOW, category_title, enrolments_of, scheme_title
from plugins.benefits.schemes import schemes_of
from plugins.benefits.standards import NONE, StandardRow, load_standards

_VERSION = columns(EnrolmentVersion)


def explain(work: UnitOfWork, scheme: str, person_id: int, period: str) -> dict[str, Any]:
    """What a person gets by a scheme in the rolls of a month, and why; raises ``NotFound`` for who never was on it.

    Each line is explained by what was known when its batch was built, ``now`` by what is known now.
    """
    work.require(SHOW)
    month = str(Period(period))
    found = [one for one in enrolments_of(work, [person_id], scheme) if work.may(SHOW, one["area"])]
    if not found:
        raise NotFound(_("这个人没有享受登记，或不在你的辖区"))
    lines = lines_of_beneficiaries(work, scheme, {one["beneficiary_id"] for one in found})
    shown = [_line(work, line, lines) for line in lines if line.period == month]
    numbers = [one["id"] for one in found]
    now = [_at(work, scheme, numbers, month, known_now(work))]
    return {
        "scheme": scheme,
        "scheme_title": scheme_title(work, scheme),
        "person_id": person_id,
        "name": found[-1]["name"],
        "period": month,
        "total_fen": sum(line["amount_fen"] for line in shown),
        "lines": shown,
        "now": now[0],
        "enrolments": found,
    }


def explain_line(work: UnitOfWork, line: LineFacts) -> dict[str, Any]:
    """One line of a roll, and why it is what it is."""
    work.require(SHOW, line.area)
    scheme = batch_facts(work, line.batch_id).scheme
    return _line(work, line, lines_of_beneficiaries(work, scheme, [line.beneficiary_id]))


def _line(work: UnitOfWork, line: LineFacts, lines: list[LineFacts]) -> dict[str, Any]:
    batch = batch_facts(work, line.batch_id)
    run = run_of(work, batch)
    known = known_at(run) if run else known_now(work)
    extra = _extra(work, batch.scheme, line.component)
    facts = _at(work, batch.scheme, [line.source_id], line.for_month, known, extra)
    before = sum(
        one.amount_fen
        for one in lines
        if one.for_month == line.for_month and one.id < line.id and _extra(work, batch.scheme, one.component) == extra
    )
    sentences = list(facts["sentences"])
    if before:
        sentences.append(
            _(
                "{month} 先前已列 {before} 元，这一行补 {amount} 元",
                month=line.for_month,
                before=format_money(before),
                amount=format_money(line.amount_fen),
            )
        )
    elif line.component == BACKPAY:
        sentences.append(_("{month} 当时没有发放，这一行补发", month=line.for_month))
    return {
        "line": line.id,
        "batch": line.batch_id,
        "state": line.state,
        "for_month": line.for_month,
        "component": line.component,
        "revision": line.revision,
        "amount_fen": line.amount_fen,
        **facts,
        "known_at": run.built_at if run else None,
        "rules": run.rules if run else None,
        "policies": _policies(work, run),
        "sentences": sentences,
    }


def _extra(work: UnitOfWork, scheme: str, component: str) -> Extra | None:
    """The extra a component belongs to; None for the scheme's own money."""
    found = schemes_of(work).get(scheme)
    return next((one for one in found.extras if one.component == component), None) if found else None


def _at(
    work: UnitOfWork, scheme_name: str, enrolments: list[int], month: str, known: Known, extra: Extra | None = None
) -> dict[str, Any]:
    """What was due for enrolments in a month by what was known, with the rows behind it."""
    scheme = schemes_of(work).get(scheme_name)
    if scheme is None:
        raise NotFound(_("没有业务 {scheme}", scheme=scheme_name))
    number = number_of(month)
    standards = load_standards(work, scheme_name, known)
    versions = load_versions(work, scheme_name, known, (number, number), versions_of(enrolments))
    if not len(versions):
        words = _("{month} 没有应发的登记", month=month)
        return {"due_fen": 0, "enrolment": None, "standard": None, "sentences": [words]}
    if extra is not None:
        return _at_extra(work, (scheme, extra), versions, number, known)
    rows, fen = due_in(work, scheme, versions, number, standards, known)
    row = int(rows[0])
    category, area = str(versions.categories[row]), str(versions.areas[row])
    standard = standards.row(category, area, number)
    due = max(int(fen[0]), 0)
    return {
        "due_fen": due,
        "enrolment": _version(work, versions, row),
        "standard": _standard(standard, number),
        "sentences": _sentences(work, (scheme_name, category, area, month), standard, (int(versions.fixed[row]), due)),
    }


def _at_extra(
    work: UnitOfWork, place: tuple[Scheme, Extra], versions: Versions, number: int, known: Known
) -> dict[str, Any]:
    standards = load_standards(work, place[0].name, known)
    rows, fen = extra_in(work, place, versions, number, standards, known)
    due = int(fen.sum())
    words = _("{title}：{month} 应发 {due} 元", title=_(place[1].title), month=month_of(number), due=format_money(due))
    enrolment = _version(work, versions, int(rows[0])) if len(rows) else None
    return {"due_fen": due, "enrolment": enrolment, "standard": None, "sentences": [words]}


def _sentences(
    work: UnitOfWork, place: tuple[str, str, str, str], standard: StandardRow | None, amounts: tuple[int, int]
) -> list[str]:
    scheme, category, area, month = place
    fixed, due = amounts
    found = [
        _(
            "{month} 类别：{category}，{area}",
            month=month,
            category=category_title(work, scheme, category),
            area=area_names(work, [area]).get(area, area),
        )
    ]
    if standard is None:
        found.append(_("没有这个月的标准"))
    else:
        found.append(_in_words(standard, number_of(month)))
    if schemes_of(work)[scheme].amounts is not None:
        found.append(_("按业务的算法计算，应发 {due} 元", due=format_money(due)))
    elif fixed != NONE:
        found.append(_("登记时定额 {due} 元", due=format_money(fixed)))
    else:
        found.append(_("应发 {due} 元", due=format_money(due)))
    return found


def _in_words(standard: StandardRow, month: int) -> str:
    values = {
        "amount": format_money(standard.amount_fen),
        "since": standard.valid_from,
        "document": standard.document,
        "share": format_money(standard.in_month(month)),
    }
    if standard.unit == "year":
        return _("标准每年 {amount} 元（自 {since} 起，{document}），本月 {share} 元", **values)
    if standard.unit == "quarter":
        return _("标准每季 {amount} 元（自 {since} 起，{document}），本月 {share} 元", **values)
    return _("标准每月 {amount} 元（自 {since} 起，{document}）", **values)


def _standard(row: StandardRow | None, month: int) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "id": row.id,
        "amount_fen": row.amount_fen,
        "unit": row.unit,
        "months": PARTS[row.unit],
        "month_fen": row.in_month(month),
        "area": row.area,
        "valid_from": row.valid_from,
        "document": row.document,
        "known_at": row.known_at,
    }


def _version(work: UnitOfWork, versions: Versions, row: int) -> dict[str, Any]:
    number = int(versions.ids[row])
    kept = work.session.connection().execute(select(_VERSION.id.table).where(_VERSION.id == number)).one()
    return {
        "enrolment_id": kept.enrolment_id,
        "version_id": number,
        "category": kept.category,
        "area": kept.area,
        "from_month": kept.from_month,
        "to_month": kept.to_month,
        "fixed_fen": kept.fixed_fen,
        "terms": json.loads(kept.terms) if kept.terms else {},
        "reason": kept.reason,
        "known_at": kept.known_at,
    }


def _policies(work: UnitOfWork, run: Run | None) -> dict[str, Any]:
    if run is None:
        return {}
    return json.loads(run.policies)
