"""Everything that hangs on a case, by one question: each row says what it is and fills the columns it has.

``what`` is event, member, paper, check, visit, relative, sample, review or appeal. What the columns mean for each:

========  ==========  =========  ==========  ===========  =============  =========================  ==============
what      day         day2       day3        who          word1 word2    word3 text1 text2 text3    figure figure2
========  ==========  =========  ==========  ===========  =============  =========================  ==============
event     happened                           staff        event, from    to, reason, data, office
member    joined      signed     left        person       relation       left reason; day4 is born
paper     received    told                                kind           title
check     reported    explain by explained   staff        result         conclusion, items, words
visit     visited                            staff        kind           names, signer              photos, people
relative  declared                           person       level relation staff name, post
sample    done                               inspected    why result     note, period               wrong amount
review    done        was due                staff        kind outcome   month, reason              before, after
appeal    filed       due        decided     staff        kind outcome   document
========  ==========  =========  ==========  ===========  =============  =========================  ==============
"""

from typing import Any

from sqlalchemy import BigInteger, Date, Text, bindparam, cast, func, literal, null, select, union_all

from core.api import Bytes, Question, columns
from plugins.casework.models import (
    Appeal,
    EconomicCheck,
    Event,
    Member,
    Paper,
    Relative,
    Review,
    Sample,
    SampledCase,
    Visit,
)
from plugins.casework.tables_behind import ACCOUNT, PERSON

_KINDS: dict[str, Any] = {
    "id": BigInteger(), "day": Date(), "day2": Date(), "day3": Date(), "day4": Date(), "at": columns(Event).at.type,
    "who": Text(), "office": Text(), "word1": Text(), "word2": Text(), "word3": Text(), "text1": Text(),
    "text2": Text(), "text3": Text(), "figure": BigInteger(), "figure2": BigInteger(), "sealed": Bytes(),
}  # fmt: skip
_STAFF = func.coalesce(func.nullif(ACCOUNT.c.title, ""), ACCOUNT.c.name)


def _part(what: str, **given: Any) -> Any:
    filled = [(given[name] if name in given else cast(null(), kind)).label(name) for name, kind in _KINDS.items()]
    return select(literal(what).label("what"), *filled)


def _question() -> Any:
    event, member, paper, check = columns(Event), columns(Member), columns(Paper), columns(EconomicCheck)
    visit, kin, drawn, sample = columns(Visit), columns(Relative), columns(SampledCase), columns(Sample)
    review, appeal, wanted = columns(Review), columns(Appeal), bindparam("case", type_=BigInteger())
    return union_all(
        _part(
            "event", id=event.position, day=event.happened_on, at=event.at, who=_STAFF, office=ACCOUNT.c.office,
            word1=event.event, word2=event.from_state, word3=event.to_state, text1=event.reason, text2=event.data,
            text3=event.office,
        ).join(ACCOUNT, ACCOUNT.c.id == event.acted_by).where(event.case_id == wanted),
        _part(
            "member", id=member.person_id, day=member.joined_on, day2=member.signed_on, day3=member.left_on,
            day4=PERSON.c.birth_date, who=PERSON.c.name, word1=member.relation, text1=member.left_reason,
        ).join(PERSON, PERSON.c.id == member.person_id).where(member.case_id == wanted),
        _part(
            "paper", id=paper.id, day=paper.received_on, day2=paper.told_on, word1=paper.kind, text1=paper.title,
        ).where(paper.case_id == wanted),
        _part(
            "check", id=check.id, day=check.reported_on, day2=check.explain_by, day3=check.explained_on, who=_STAFF,
            word1=check.result, word2=check.number, text1=check.conclusion, text2=check["items"],
            text3=check.explanation,
        ).join(ACCOUNT, ACCOUNT.c.id == check.recorded_by).where(check.case_id == wanted),
        _part(
            "visit", id=visit.id, day=visit.visited_on, at=visit.recorded_at, who=_STAFF, word1=visit.kind,
            text1=visit.names, text2=visit.signer, figure=visit.photos, figure2=visit.investigators,
            sealed=visit.findings,
        ).join(ACCOUNT, ACCOUNT.c.id == visit.recorded_by).where(visit.case_id == wanted),
        _part(
            "relative", id=kin.id, day=kin.declared_on, who=PERSON.c.name, word1=kin.level, word2=kin.relation,
            text1=kin.staff_name, text2=kin.post,
        ).join(PERSON, PERSON.c.id == kin.person_id).where(kin.case_id == wanted),
        _part(
            "sample", id=drawn.sample_id, day=drawn.done_on, word1=drawn.why, word2=drawn.result, text1=drawn.note,
            text2=sample.period, figure=drawn.wrong_fen,
        ).join(sample.id.table, sample.id == drawn.sample_id).where(drawn.case_id == wanted),
        _part(
            "review", id=review.id, day=review.done_on, day2=review.was_due_on, who=_STAFF, word1=review.kind,
            word2=review.outcome, word3=review.effective_month, text1=review.reason, figure=review.before_fen,
            figure2=review.after_fen,
        ).join(ACCOUNT, ACCOUNT.c.id == review.recorded_by).where(review.case_id == wanted),
        _part(
            "appeal", id=appeal.id, day=appeal.filed_on, day2=appeal.due_on, day3=appeal.decided_on, who=_STAFF,
            word1=appeal.kind, word2=appeal.outcome, text1=appeal.document,
        ).join(ACCOUNT, ACCOUNT.c.id == appeal.recorded_by).where(appeal.case_id == wanted),
    )  # fmt: skip


BELONGING = Question(_question())
"""Asked with ``case``, the id; the parts come in no order."""
