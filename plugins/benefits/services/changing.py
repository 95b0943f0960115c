"""What happens to an enrolment: another category or payee, an end, a pause, and taking an end back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy
from pydantic import BaseModel, Field

from core.api import (
    Clash,
    NewPayee,
    Objection,
    Refused,
    UnitOfWork,
    _,
    facts_of,
    mark,
    recoveries_of,
    refuse,
    withdraw_recovery,
)
from plugins.benefits.hookspecs import Enrolments
from plugins.benefits.models import Enrolment
from plugins.benefits.months import after
from plugins.benefits.queries import visible_enrolment
from plugins.benefits.schemes import schemes_of
from plugins.benefits.services.enrolling import RIGHT
from plugins.benefits.services.examining import (
    Examined,
    NewEnrolment,
    check_exclusive,
    month_objection,
    scheme_objection,
)
from plugins.benefits.services.payees import PayeeWish, choose_payees, keep_chosen
from plugins.benefits.services.versions import Line, current, follow, lay_over, terms_text

_WITHDRAWABLE = ("open", "recovered")


class ChangeEnrolment(BaseModel):
    """What is different from a month on; what is left out stays. ``to_month`` plans another last month."""

    from_month: str = Field(min_length=7, max_length=7, title=mark("起始月"))
    category: str = Field(default="", max_length=20, title=mark("类别"))
    institution_id: int | None = Field(default=None, title=mark("机构"))
    account_name: str = Field(default="", max_length=100, title=mark("收款户名"))
    account_number: str = Field(default="", max_length=60, title=mark("收款账号"))
    payee_id: int | None = None
    to_month: str = Field(default="", max_length=7, title=mark("截止月"))
    terms: dict[str, Any] | None = None
    reason: str = Field(default="", max_length=200, title=mark("事由"))


class EndEnrolment(BaseModel):
    """The last month that is due, and why."""

    last_month: str = Field(min_length=7, max_length=7, title=mark("最后发放月"))
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


class PauseEnrolment(BaseModel):
    """From which month on payment pauses or goes on, and why."""

    from_month: str = Field(min_length=7, max_length=7, title=mark("起始月"))
    reason: str = Field(min_length=1, max_length=200, title=mark("事由"))


def change_enrolment(work: UnitOfWork, enrolment_id: int, wish: ChangeEnrolment) -> Enrolment:
    """Change an enrolment from a month on: category, payee, institution, planned end or terms."""
    enrolment = visible_enrolment(work, enrolment_id, RIGHT)
    lines = current(work, enrolment_id)
    _refuse_bad_change(work, enrolment, wish)
    different = _different(work, enrolment, lines, wish)
    if not different and not wish.to_month:
        raise refuse(_("没有变化"), field="category", code="E_SAME")
    _check_category(work, enrolment, wish)
    before = _shown(enrolment)
    if different:
        lay_over(
            work,
            enrolment,
            (wish.from_month, None),
            _unless_ended(different, wish.reason),
            _earlier(lines, different, wish),
        )
    if wish.to_month:
        plan_end(work, enrolment, wish.to_month, wish.reason)
    follow(work, enrolment, current(work, enrolment_id))
    _record(
        work,
        "benefits.changed",
        enrolment,
        reason=wish.reason,
        before=before,
        after=_shown(enrolment),
        from_month=wish.from_month,
    )
    return enrolment


def end_enrolment(work: UnitOfWork, enrolment_id: int, last_month: str, reason: str) -> Enrolment:
    """End an enrolment after a month; months already paid beyond it are claimed back with the next roll."""
    enrolment = visible_enrolment(work, enrolment_id, RIGHT)
    _refuse_all([month_objection(last_month, "last_month"), _no_reason(reason), _ended_already(enrolment, last_month)])
    end_for(work, enrolment, last_month, (reason, "decision"))
    return enrolment


def suspend(work: UnitOfWork, enrolment_id: int, from_month: str, reason: str) -> Enrolment:
    """Pause payment from a month on; what is held back is paid when it goes on."""
    enrolment = visible_enrolment(work, enrolment_id, RIGHT)
    _refuse_all([month_objection(from_month, "from_month"), _no_reason(reason)])
    if enrolment.state != "active":
        raise Clash(_("只有在发的待遇可以暂停"))
    lines = lay_over(
        work,
        enrolment,
        (from_month, None),
        lambda line: {"state": "suspended", "reason": reason} if line["state"] == "active" else {},
    )
    follow(work, enrolment, lines)
    if enrolment.state != "suspended":
        raise refuse(_("{month} 以后已经没有应发的月份", month=from_month), field="from_month", code="E_MONTHS")
    _record(work, "benefits.suspended", enrolment, reason=reason, from_month=from_month)
    return enrolment


def resume(work: UnitOfWork, enrolment_id: int, from_month: str, reason: str) -> Enrolment:
    """Go on paying from a month on; the months that were held back are due too (back-pay in the next roll)."""
    enrolment = visible_enrolment(work, enrolment_id, RIGHT)
    _refuse_all([month_objection(from_month, "from_month"), _no_reason(reason)])
    if enrolment.state != "suspended":
        raise Clash(_("只有暂停的待遇可以恢复"))
    lines = lay_over(
        work,
        enrolment,
        (enrolment.from_month, None),
        lambda line: {"state": "active", "reason": reason} if line["state"] == "suspended" else {},
    )
    follow(work, enrolment, lines)
    _record(work, "benefits.resumed", enrolment, reason=reason, from_month=from_month)
    return enrolment


def reopen(work: UnitOfWork, enrolment_id: int, reason: str) -> Enrolment:
    """Take an end back: the months since are due again (back-pay in the next roll)."""
    enrolment = visible_enrolment(work, enrolment_id, RIGHT)
    _refuse_all([_no_reason(reason)])
    if enrolment.state != "ended":
        raise Clash(_("只有停发的待遇可以恢复"))
    reopen_for(work, enrolment, reason)
    return enrolment


def end_for(work: UnitOfWork, enrolment: Enrolment, last_month: str, why: tuple[str, str]) -> None:
    """End an enrolment inside another act: ``why`` is the reason in words and its code (``ENDED_FOR``)."""
    reason, cause = why
    since = max(after(last_month), current(work, enrolment.id or 0)[0]["from_month"])
    lines = lay_over(
        work,
        enrolment,
        (since, None),
        lambda line: {"state": "ended", "reason": reason} if line["state"] != "ended" else {},
    )
    enrolment.ended_for = cause
    follow(work, enrolment, lines)
    _record(work, "benefits.ended", enrolment, reason=reason, last_month=last_month, cause=cause)
    work.hooks.announce("benefits_ended", work=work, enrolments=as_columns([enrolment]))


def reopen_for(work: UnitOfWork, enrolment: Enrolment, reason: str) -> None:
    """Take an end back inside another act, with what was claimed for the months after it.

    Who was paused before stays paused; months that were not paid come as back-pay.
    """
    ended = enrolment.to_month or ""
    lines = current(work, enrolment.id or 0)
    paused = [line["state"] for line in lines if line["state"] != "ended"][-1:] == ["suspended"]
    state = "suspended" if paused else "active"
    lines = lay_over(
        work,
        enrolment,
        (lines[0]["from_month"], None),
        lambda line: {"state": state, "reason": reason} if line["state"] == "ended" else {},
    )
    enrolment.ended_for = ""
    follow(work, enrolment, lines)
    _record(work, "benefits.reopened", enrolment, reason=reason)
    for recovery in recoveries_of(work, enrolment.scheme, [enrolment.id or 0]):
        if recovery.state in _WITHDRAWABLE and all(month > ended for month in recovery.months):
            withdraw_recovery(work, recovery.id, reason)


def as_columns(enrolments: Sequence[Enrolment]) -> Enrolments:
    """Enrolments as hooks get them."""
    return Enrolments(
        ids=numpy.array([one.id for one in enrolments], "int64"),
        schemes=numpy.array([one.scheme for one in enrolments]),
        categories=numpy.array([one.category for one in enrolments]),
        person_ids=numpy.array([one.person_id for one in enrolments], "int64"),
        group_ids=numpy.array([one.group_id or -1 for one in enrolments], "int64"),
        areas=numpy.array([one.area for one in enrolments]),
        from_months=numpy.array([one.from_month for one in enrolments]),
        to_months=numpy.array([one.to_month or "" for one in enrolments]),
    )


def _refuse_bad_change(work: UnitOfWork, enrolment: Enrolment, wish: ChangeEnrolment) -> None:
    found = [month_objection(wish.from_month, "from_month")]
    found.append(month_objection(wish.to_month, "to_month") if wish.to_month else None)
    found.append(scheme_objection(work, enrolment.scheme, wish.category) if wish.category else None)
    if enrolment.state == "ended":
        words = _("待遇已停发，先恢复再变更")
        found.append(Objection(reason=words, field="from_month", code="E_ENDED"))
    if wish.to_month and not any(found) and wish.to_month < max(wish.from_month, enrolment.from_month):
        found.append(Objection(reason=_("截止月不能早于起始月"), field="to_month", code="E_MONTHS"))
    _refuse_all(found)


def _different(work: UnitOfWork, enrolment: Enrolment, lines: Sequence[Line], wish: ChangeEnrolment) -> dict[str, Any]:
    """The fields of a version that differ from the month on."""
    now = next((one for one in reversed(lines) if one["from_month"] <= wish.from_month), lines[0])
    found: dict[str, Any] = {}
    if wish.category and wish.category != now["category"]:
        found["category"] = wish.category
    if wish.terms is not None:
        found["terms"], found["fixed_fen"] = terms_text(wish.terms)
    payee = _payee(work, enrolment, wish, "category" in found)
    if payee is not None and payee != now["payee_id"]:
        found["payee_id"] = payee
    if not found and wish.from_month < lines[0]["from_month"]:
        found["reason"] = wish.reason  # the same, from an earlier month on
    return found


def _payee(work: UnitOfWork, enrolment: Enrolment, wish: ChangeEnrolment, category_changes: bool) -> int | None:
    """Whom to pay from now on; None leaves it."""
    named = None
    if wish.account_number:
        name = wish.account_name or facts_of(work, [enrolment.person_id])[enrolment.person_id].name
        named = NewPayee(name=name, number=wish.account_number)
    if named is None and wish.payee_id is None and wish.institution_id is None and not category_changes:
        return None
    institution = wish.institution_id
    if institution is None and named is None and category_changes:
        category = next(one for one in schemes_of(work)[enrolment.scheme].categories if one.code == wish.category)
        institution = enrolment.institution_id if category.payee == "institution" else None
    payee = PayeeWish(person_id=enrolment.person_id, named=named, payee_id=wish.payee_id, institution_id=institution)
    chosen = choose_payees(work, [payee])
    found = keep_chosen(work, [payee], chosen)[0]
    if found is None:
        words = _("没有收款账户：请填收款户名和账号，或先登记本人、户主或机构的银行账户")
        raise refuse(words, field="account_number", code="E_NO_PAYEE")
    enrolment.payee_from, enrolment.institution_id = chosen[0].source, institution
    return found


def _check_category(work: UnitOfWork, enrolment: Enrolment, wish: ChangeEnrolment) -> None:
    """Another category is held to the rules of a new case: what excludes it, and what the plugins say."""
    if not wish.category or wish.category == enrolment.category:
        return
    changed = replace(
        as_columns([enrolment]),
        categories=numpy.array([wish.category]),
        from_months=numpy.array([wish.from_month]),
    )
    examined = Examined(
        [
            NewEnrolment(
                scheme=enrolment.scheme,
                category=wish.category,
                person_id=enrolment.person_id,
                from_month=wish.from_month,
                to_month=enrolment.to_month,
            )
        ],
        facts_of(work, [enrolment.person_id]),
    )
    check_exclusive(work, examined)
    found = [*examined.objections, *work.hooks.check_rows("check_benefits_enrolment", work=work, enrolments=changed)]
    if found:
        raise Refused(Objection(reason=one.reason, field=one.column, code=one.code, hint=one.hint) for one in found)


def _unless_ended(different: Mapping[str, Any], reason: str) -> Any:
    return lambda line: {} if line["state"] == "ended" else {"reason": reason, **different}


def _earlier(lines: Sequence[Line], different: Mapping[str, Any], wish: ChangeEnrolment) -> Line | None:
    """The line of months before the enrolment began, when the change begins earlier."""
    if wish.from_month >= lines[0]["from_month"]:
        return None
    return {**lines[0], "state": "active", "reason": wish.reason, **different}


def plan_end(work: UnitOfWork, enrolment: Enrolment, to_month: str, reason: str) -> None:
    """Plan another last month: earlier ends it there, later goes on as it was."""
    planned = enrolment.planned_to
    if planned is None or to_month < planned:
        lay_over(work, enrolment, (after(to_month), None), lambda _line: None)
    elif to_month > planned:
        last = current(work, enrolment.id or 0)[-1]
        lay_over(work, enrolment, (after(planned), to_month), lambda _line: {}, {**last, "reason": reason})
    enrolment.planned_to = to_month


def _ended_already(enrolment: Enrolment, last_month: str) -> Objection | None:
    if enrolment.to_month is not None and enrolment.to_month <= last_month:
        words = _("待遇到 {month} 已经停发", month=enrolment.to_month)
        return Objection(reason=words, field="last_month", code="E_ENDED")
    return None


def _no_reason(reason: str) -> Objection | None:
    return None if reason.strip() else Objection(reason=_("请填写事由"), field="reason", code="E_REASON")


def _refuse_all(found: Iterable[Objection | None]) -> None:
    objections = [one for one in found if one is not None]
    if objections:
        raise Refused(objections)


def _shown(enrolment: Enrolment) -> dict[str, Any]:
    return {
        "category": enrolment.category,
        "payee": enrolment.payee_id,
        "to_month": enrolment.to_month or "",
        "institution": enrolment.institution_id,
    }


def _record(work: UnitOfWork, action: str, enrolment: Enrolment, **details: Any) -> None:
    work.record(
        action,
        f"enrolment:{enrolment.id}",
        area=enrolment.area,
        person=enrolment.person_id,
        scheme=enrolment.scheme,
        **details,
    )
