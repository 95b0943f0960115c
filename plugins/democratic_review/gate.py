"""What cannot go on without a ballot: steps of cases, and payments of lists that a policy names."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import col

from core.api import Objection, Period, RowObjection, UnitOfWork, _
from plugins.democratic_review.models import Item
from plugins.democratic_review.queries import open_entry, standing_votes

if TYPE_CHECKING:
    from core.api import Payments
    from plugins.casework.api import CaseFacts, CaseStep


def step_objections(work: UnitOfWork, step: "CaseStep") -> Iterator[Objection]:
    """What stands against a step of a case: no ballot held since it reached the panel, or one that says otherwise."""
    if step.event in ("ballot_pass", "ballot_fail"):
        yield from _voted(work, step.case, step.on, step.event == "ballot_pass")
    elif step.event == "done" and step.data.get("way") == "ballot":
        yield from _voted(work, step.case, step.on, None)


def _voted(work: UnitOfWork, case: "CaseFacts", on: date, passed: bool | None) -> Iterator[Objection]:
    vote = vote_of(work, case)
    if vote is None:
        yield no_ballot("event")
    elif vote.held_on > on:
        reason = _("办理时间不得早于上一环节（{day}）", day=vote.held_on)
        yield Objection(field="on", reason=reason, code="E_BACKDATE")
    elif passed is not None and vote.passed != passed:
        words = _("票决通过") if vote.passed else _("票决未通过")
        reason = _("不得越过流程：评审团的结果是{result}", result=words)
        yield Objection(field="event", reason=reason, code="E_SKIP_STEP")


def no_ballot(field: str | None = None) -> Objection:
    """What is said of a case or list without a ballot."""
    return Objection(field=field, reason=_("未经评审团票决"), code="E_NO_BALLOT")


def vote_of(work: UnitOfWork, case: "CaseFacts") -> Item | None:
    """The vote that counts for a case where it stands now: the last one held since it reached the panel."""
    entry = open_entry(work, case.id)
    if entry is None:
        return None
    votes = standing_votes(work, col(Item.entry_id) == entry.id)
    return votes[-1] if votes else None


def votes_of_case(work: UnitOfWork, number: str) -> list[Item]:
    """Every vote on a case that stands, oldest first; right and area are the caller's."""
    return list(standing_votes(work, col(Item.subject) == f"case:{number}"))


def payment_objections(work: UnitOfWork, payments: "Payments") -> Iterable[RowObjection]:
    """Lines of a village whose panel passed no list of this scheme lately, for schemes a policy names."""
    if payments.scheme not in work.policy("democratic_review.ballot_schemes"):
        return []
    villages, places = _villages(payments)
    without = set(villages) - villages_with_list(work, payments.scheme, payments.period)
    if not without:
        return []
    wrong = no_ballot()
    return [
        RowObjection(row=row, reason=wrong.reason, code=wrong.code, hint=villages[place])
        for row, place in enumerate(places)
        if villages[place] in without
    ]


def villages_without_list(work: UnitOfWork, payments: "Payments") -> set[str]:
    """The villages of some lines whose panel passed no list of the scheme."""
    return set(_villages(payments)[0]) - villages_with_list(work, payments.scheme, payments.period)


def _villages(payments: "Payments") -> tuple[list[str], list[int]]:
    """The villages of the lines, and for each line which of them it is."""
    import numpy

    villages, places = numpy.unique(payments.areas, return_inverse=True)
    return [str(one) for one in villages.tolist()], places.tolist()


def villages_with_list(work: UnitOfWork, scheme: str, period: str) -> set[str]:
    """Villages whose panel passed a list of a scheme, so lately that it covers the payments of a month."""
    months = work.policy("democratic_review.list_valid_months")
    since = Period(period).plus(-months).first_day
    last: dict[tuple[str, str], Item] = {}
    for vote in standing_votes(work, col(Item.scheme) == scheme, col(Item.kind) != "case", col(Item.held_on) >= since):
        last[vote.area, vote.subject] = vote
    return {area for (area, _subject), vote in last.items() if vote.passed}
