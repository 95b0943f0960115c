"""Judge one vote: whose it is, who had to leave, whether it may be held again, quorum, sums, majority."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlmodel import col

from core.api import Objection, UnitOfWork, _
from plugins.casework.api import find_case
from plugins.democratic_review.arithmetic import Counts, in_percent, passes, reaches, sum_faults
from plugins.democratic_review.kin import must_leave
from plugins.democratic_review.models import Entry, Item, Member, Panel
from plugins.democratic_review.queries import open_entry, standing_votes
from plugins.democratic_review.services.entries import entry_for
from plugins.democratic_review.services.panels import find_member
from plugins.democratic_review.words import SUBJECT_STATES, SUBJECTS

if TYPE_CHECKING:
    from plugins.casework.api import CaseFacts
    from plugins.democratic_review.wishes import Count, NewItem

RECORD = "democratic_review.record"


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """The frame of the votes of one day. ``attending`` are the members present by number, None when only counted."""

    village: str
    on: date
    panel: Panel
    members: Sequence[Member]
    present: int
    attending: frozenset[int] | None
    quorum: Decimal
    pass_ratio: Decimal
    voters_minimum: int
    place: str
    observer: str
    scrutineer: str
    announced: bool


@dataclass(frozen=True)
class Judged:
    """A vote that holds: its columns, counts and recusals (member, relation); ``entry`` finds the case's entry."""

    columns: Mapping[str, Any]
    counts: Counts
    recusals: Mapping[int, str]
    entry: Callable[[UnitOfWork], Entry] | None


@dataclass(frozen=True)
class Target:
    """What is voted on: columns of its words; ``case`` and its open entry when it is a case."""

    columns: Mapping[str, str]
    case: "CaseFacts | None" = None
    entry: Entry | None = None


def judge(work: UnitOfWork, meeting: Meeting, wish: "NewItem") -> tuple[list[Objection], Judged | None]:
    """Everything that does not hold of a vote, and what would be written of it."""
    wrong, target = _target(work, meeting, wish)
    if target is None:
        return wrong, None
    again, faults = _round(work, target, wish)
    wrong += faults
    more, counted = count(work, meeting, wish, target.case)
    wrong += more
    if counted is None:
        return wrong, None
    columns = {
        **target.columns,
        **counted.columns,
        "round": again,
        "ground": wish.ground or "" if again > 1 else "",
        "reason": wish.reason.strip() if again > 1 else "",
    }
    case = target.case
    entry = (lambda unit: entry_for(unit, case, meeting.on)) if case is not None else None
    return wrong, Judged(columns, counted.counts, counted.recusals, entry)


def count(
    work: UnitOfWork, meeting: Meeting, wish: "Count", case: "CaseFacts | None"
) -> tuple[list[Objection], Judged | None]:
    """The recusals, voters, quorum, sums and result of a vote."""
    recusals, recused, wrong = _recusals(work, meeting, wish, case)
    away = 0
    if meeting.attending is not None:
        away = sum(member not in meeting.attending for member in recusals)
    voters, base = meeting.present - (recused - away), len(meeting.members) - recused
    if voters < 1 or base < 1:
        reason = _("到会 {present} 人，回避 {recused} 人，没有人投票", present=meeting.present, recused=recused)
        return [*wrong, Objection(field="recused", reason=reason, code="E_BALLOT_QUORUM")], None
    wrong += _quorum_faults(meeting, voters, base)
    counts = _counts(wish, voters)
    wrong += sum_faults(counts, voters)
    columns = {
        "recused": recused,
        "voters": voters,
        "base": base,
        "quorum": str(meeting.quorum),
        "pass_ratio": str(meeting.pass_ratio),
        "passed": passes(counts.agree, counts.returned, meeting.pass_ratio),
    }
    return wrong, Judged(columns, counts, recusals, None)


def _counts(wish: "Count", voters: int) -> Counts:
    issued = voters if wish.issued is None else wish.issued
    returned = issued if wish.returned is None else wish.returned
    valid = returned - wish.invalid if wish.valid is None else wish.valid
    return Counts(issued, returned, valid, wish.invalid, wish.agree, wish.disagree, wish.abstain)


def _quorum_faults(meeting: Meeting, voters: int, base: int) -> Iterator[Objection]:
    if not reaches(voters, base, meeting.quorum):
        reason = _(
            "到会人数不足：投票 {voters} 人，评审团 {base} 人，{share}，应达到 {quorum}",
            voters=voters,
            base=base,
            share=in_percent(Fraction(voters, base)),
            quorum=in_percent(Fraction(meeting.quorum)),
        )
        yield Objection(field="present", reason=reason, code="E_BALLOT_QUORUM")
    elif voters < meeting.voters_minimum:
        reason = _("到会人数不足：投票 {voters} 人，至少 {least} 人", voters=voters, least=meeting.voters_minimum)
        yield Objection(field="present", reason=reason, code="E_BALLOT_QUORUM")


def _recusals(
    work: UnitOfWork, meeting: Meeting, wish: "Count", case: "CaseFacts | None"
) -> tuple[dict[int, str], int, list[Objection]]:
    """Who left by number and relation, how many they are, and who should have left and did not."""
    bound = must_leave(work, case, meeting.members) if case is not None else {}
    if isinstance(wish.recused, int):
        if wish.recused >= len(bound):
            return bound, wish.recused, []
        return {}, wish.recused, [_stayed(meeting, bound)]
    given: dict[int, str] = {
        find_member(meeting.members, one.member, "recused").id or 0: one.relation for one in wish.recused
    }
    stayed = {member: relation for member, relation in bound.items() if member not in given}
    return given, len(given), [_stayed(meeting, stayed)] if stayed else []


def _stayed(meeting: Meeting, members: Mapping[int, str]) -> Objection:
    names = "、".join(one.name for one in meeting.members if one.id in members)
    return Objection(
        field="recused",
        reason=_("近亲属应当回避：{names}", names=names),
        code="E_BALLOT_RECUSAL",
        hint=names,
    )


def _target(work: UnitOfWork, meeting: Meeting, wish: "NewItem") -> tuple[list[Objection], Target | None]:
    if wish.case.strip() and wish.kind in (None, "case"):
        return _case(work, meeting, wish.case.strip())
    if wish.kind in (None, "case"):
        return [Objection(field="case", reason=_("请填写案件编号，或者选名单"), code="E_FIELD")], None
    title = wish.title.strip() or _(SUBJECTS[wish.kind])
    reference, scheme = wish.reference.strip(), wish.scheme.strip()
    columns = {
        "kind": wish.kind,
        "subject": f"{wish.kind}:{scheme}:{meeting.village}:{reference or title}",
        "title": title,
        "case_number": "",
        "scheme": scheme,
        "reference": reference,
    }
    return [], Target(columns)


def _case(work: UnitOfWork, meeting: Meeting, number: str) -> tuple[list[Objection], Target | None]:
    case = find_case(work, number, RECORD)
    wrong: list[Objection] = []
    if case.state not in SUBJECT_STATES:
        reason = _("不得越过流程：{number} 不在票决环节", number=case.number)
        return [Objection(field="case", reason=reason, code="E_SKIP_STEP")], None
    if case.area != meeting.village:
        reason = _("{number} 不是这个村的案件", number=case.number)
        wrong.append(Objection(field="case", reason=reason, code="E_BALLOT_AREA"))
    entry = open_entry(work, case.id)
    if entry is not None and meeting.on < entry.since:
        reason = _("办理时间不得早于上一环节（{day}）", day=entry.since)
        wrong.append(Objection(field="on", reason=reason, code="E_BACKDATE"))
    columns = {
        "kind": "case",
        "subject": f"case:{case.number}",
        "title": case.number,
        "case_number": case.number,
        "scheme": case.type,
        "reference": "",
    }
    return wrong, Target(columns, case, entry)


def _round(work: UnitOfWork, target: Target, wish: "NewItem") -> tuple[int, list[Objection]]:
    """Which vote on its subject this is; a second one needs a ground and a reason (``E_BALLOT_REVOTE``).

    A case that comes back to the panel after a new investigation is voted on anew.
    """
    if target.case is not None:
        before = standing_votes(work, col(Item.entry_id) == target.entry.id) if target.entry else []
    else:
        before = standing_votes(work, col(Item.subject) == target.columns["subject"])
    if not before:
        return 1, []
    most = work.policy("democratic_review.revotes_maximum", area=before[-1].area)
    if len(before) > most:
        reason = _("同一事项最多重新票决 {most} 次", most=most)
        return len(before) + 1, [Objection(field="ground", reason=reason, code="E_BALLOT_REVOTE")]
    if wish.ground is None or not wish.reason.strip():
        reason = _("已经票决过，有新的事实或者异议成立才能重新票决，请写明理由和情况")
        return len(before) + 1, [Objection(field="ground", reason=reason, code="E_BALLOT_REVOTE")]
    return len(before) + 1, []
