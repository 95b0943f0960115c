"""What the rules say of a case: the answer casework asks for. Nothing is written here."""

from datetime import date
from typing import TYPE_CHECKING

from core.api import _
from plugins.casework.api import Computation
from plugins.dibao import codes, explaining
from plugins.dibao.engine.assessing import assess
from plugins.dibao.reading import family_of, rules_on

IN_PAYMENT = ("approved", "active", "suspended", "phasing_out")

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.casework.api import CaseFacts
    from plugins.dibao.engine.assessing import Assessed
    from plugins.dibao.engine.facts import Rules


def compute(work: "UnitOfWork", case: "CaseFacts", on: date) -> Computation:
    """A family by its declared facts and the policies of a day, as ``CaseType.compute`` asks."""
    found, rules = assess_case(work, case, on)
    return Computation(
        eligible=found.eligible,
        monthly_fen=found.total_fen,
        lines=explaining.lines(found, rules),
        digest=found.digest,
        code=found.code,
        reason=explaining.reason_of(found),
        review_class=found.review_class,  # ty: ignore[invalid-argument-type] - one of the letters, by class_of
        data={**explaining.figures(found), "words": {"class": found.review_class}},
        objections=[(code, said(code, about)) for code, about in found.objections],
        warnings=[(code, said(code, "")) for code in found.warnings],
    )


def assess_case(work: "UnitOfWork", case: "CaseFacts", on: date) -> "tuple[Assessed, Rules]":
    """Everything the rules find of a case, and the rules they found it by."""
    rules = rules_on(work, case, on)
    return assess(family_of(work, case, on, rules), case.area_kind, rules), rules


def overdue(work: "UnitOfWork", case: "CaseFacts") -> str:
    """The sentence for a family in payment whose review is overdue, "" for none; it is paid all the same."""
    due = case.review_due_on
    if case.state not in IN_PAYMENT or due is None or due >= work.today:
        return ""
    return _("已过复核期限（{day}），请尽快复核，复核前照常发放", day=due)


def said(code: str, about: str) -> str:
    """A code in words, with what it is about."""
    words = _(codes.TITLES.get(code, code))
    return _("{words}：{about}", words=words, about=about) if about else words


def fits(work: "UnitOfWork", people: object) -> str:
    """What speaks for dibao at the counter: income is not known there, so it is always worth looking at."""
    return _("家庭人均收入低于低保标准的，可以申请低保")
