"""Aid from elsewhere: what excludes the allowance, what is deducted from it, and how an application states it."""

from sqlalchemy import select
from sqlmodel import col

from core.api import Objection, Period, Refused, UnitOfWork, _, parse_money
from plugins.benefits.api import enrolments_of
from plugins.orphan_care.models import Aid, Case
from plugins.orphan_care.months import this_month
from plugins.orphan_care.wishes import ApplyCase
from plugins.orphan_care.words import AIDS, HIV, SCHEME


def terms_of(work: UnitOfWork, case: Case, month: str = "") -> dict[str, int | str]:
    """What the roll must know of a file beside the category: aid from elsewhere in a month, in fen."""
    at = month or case.from_month
    asked = select(Aid).where(col(Aid.case_id) == case.id, col(Aid.from_month) <= at)
    aids = [one for one in work.session.scalars(asked) if not one.until_month or one.until_month >= at]
    counted = work.policy("orphan_care.gap_beside")
    outside = sum(one.amount_fen for one in aids if one.kind in counted)
    return {"outside_fen": outside} if outside else {}


def exclusive(
    work: UnitOfWork, person: int, category: str, declared: str | None, case: Case | None = None
) -> list[Objection]:
    """What a child gets already that this excludes: declared aid, and other schemes of this county."""
    kinds = {declared} if declared else set()
    if case is not None:
        asked = select(col(Aid.kind)).where(col(Aid.case_id) == case.id, col(Aid.until_month) == "")
        kinds |= set(work.session.scalars(asked))
    for one in enrolments_of(work, [person]):
        scheme = work.host.schemes.get(one["scheme"])
        running = one["state"] != "ended" and (one["to_month"] is None or one["to_month"] >= this_month(work))
        if scheme is not None and running and one["scheme"] != SCHEME:
            kinds.add(scheme.exclusion)
    excluded = {"tekun"} if category == "UNATT" else {"dibao", "tekun", "living_allowance"}
    if category == "CONT_EDU":
        excluded = {"tekun"}
    return [
        Objection(
            reason=_("已享受“{other}”，不得重复享受", other=_(AIDS[kind])),
            field="outside_kind",
            code="E_EXCLUSIVE",
            hint=_("先停发“{other}”", other=_(AIDS[kind])),
        )
        for kind in sorted(kinds & excluded)
    ]


def paid_as(work: UnitOfWork, category: str) -> str:
    """The category a child is paid by: what only the county officer may know is never written anywhere else."""
    return work.policy("orphan_care.confided_paid_as") if category == HIV else category


def read_outside(wish: ApplyCase) -> tuple[int | None, list[Objection]]:
    """The aid from elsewhere of an application, in fen, with what is wrong with it; None for none."""
    if not wish.outside_kind:
        return None, []
    found = []
    if not wish.outside_document.strip():
        found.append(Objection(reason=_("请填其他待遇的证明"), field="outside_document", code="E_FIELD"))
    try:
        Period(wish.outside_from)
    except Refused as refusal:
        found.append(Objection(reason=refusal.objections[0].reason, field="outside_from", code="E_PERIOD"))
    try:
        amount = parse_money(wish.outside_yuan)
    except Refused as refusal:
        found.append(Objection(reason=refusal.objections[0].reason, field="outside_yuan", code=refusal.code))
        return None, found
    if amount <= 0:
        found.append(Objection(reason=_("金额要大于 0"), field="outside_yuan", code="E_MONEY"))
    return amount, found
