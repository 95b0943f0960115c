"""What happened with village panels in the demo county: panels of a town, and a vote on every case that waited."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import col

from core.api import Cast, DemoStep, UnitOfWork
from plugins.democratic_review.models import Entry, Posting, Session
from plugins.democratic_review.queries import waits
from plugins.democratic_review.ranking import quarter_of
from plugins.democratic_review.services.panels import set_panel
from plugins.democratic_review.services.proving import keep_evidence, post_result
from plugins.democratic_review.services.recording import record_ballots
from plugins.democratic_review.services.violating import enter_violation, set_scores
from plugins.democratic_review.wishes import (
    EnterViolation,
    KeepEvidence,
    PostResult,
    RecordBallots,
    SetPanel,
    SetScores,
)

STEPS = [
    DemoStep(months_ago=(10,), day=9, by="clerk", run="plugins.democratic_review.demo:elect"),
    DemoStep(months_ago=(10,), day=9, by="clerk", run="plugins.democratic_review.demo:vote_for_all"),
    DemoStep(months_ago=(10,), day=10, by="clerk", run="plugins.democratic_review.demo:post_results"),
    DemoStep(days_ago=5, by="reviewer", run="plugins.democratic_review.demo:assess"),
    DemoStep(days_ago=28, by="clerk", run="plugins.democratic_review.demo:elect"),
    DemoStep(days_ago=28, by="clerk", run="plugins.democratic_review.demo:vote"),
    DemoStep(days_ago=26, by="clerk", run="plugins.democratic_review.demo:post_results"),
]
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 60
"""The beginning of a photograph."""
SIZE, CADRES, WOMEN, PANELS = 21, 5, 7, 12


def elect(work: UnitOfWork, cast: Cast) -> None:
    """A panel for villages of the town and wherever a case waits: 21 members, five of them cadres, seven women."""
    surnames = cast.dice.sample("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑", SIZE)
    waiting = work.session.scalars(select(col(Entry.area)).where(*waits())).all()
    standing: set[str] = cast.kept.setdefault("panels", set())
    for village in sorted({*cast.villages(work)[:PANELS], *waiting} - standing):
        standing.add(village)
        members = [
            {
                "name": f"{surname}{cast.dice.choice('建国志华秀英桂兰')}{cast.dice.choice('明军平芳珍生')}",
                "sex": "female" if at < WOMEN else "male",
                "kind": "cadre" if at < CADRES else "representative",
            }
            for at, surname in enumerate(surnames)
        ]
        year = work.today.year - 1
        cast.make(
            work,
            set_panel,
            SetPanel,
            village=village,
            term_from=f"{year}-01-01",
            document=f"村民代表会议记录〔{year}〕1号",
            members=members,
        )


def vote_for_all(work: UnitOfWork, cast: Cast) -> None:
    """Every village votes on what waits, and agrees."""
    _vote(work, cast, "")


def vote(work: UnitOfWork, cast: Cast) -> None:
    """Every village votes on what waits; one application does not pass."""
    waiting = work.session.scalars(select(col(Entry.number)).where(*waits())).all()
    _vote(work, cast, max(waiting, default=""))


def _vote(work: UnitOfWork, cast: Cast, failed: str) -> None:
    waiting: dict[str, list[str]] = defaultdict(list)
    for entry in work.session.scalars(select(Entry).where(*waits()).order_by(col(Entry.id))):
        waiting[entry.area].append(entry.number)
    for village, numbers in sorted(waiting.items()):
        items = [{"case": number, "recused": 2, **_counts(number == failed)} for number in numbers]
        frame = {"village": village, "observer": "赵丽", "scrutineer": "何永祥", "present": 17, "place": "村部"}
        cast.make(work, record_ballots, RecordBallots, **frame, items=items)


def post_results(work: UnitOfWork, _cast: Cast) -> None:
    """The results hang in the villages, with a photograph; one was forgotten."""
    posted = select(col(Posting.session_id))
    waiting = select(col(Session.id)).where(col(Session.id).not_in(posted)).order_by(col(Session.id))
    for number in list(work.session.scalars(waiting))[:-1]:
        post_result(work, number or 0, PostResult(posted_on=work.today, place="村务公开栏"))
        keep_evidence(work, number or 0, KeepEvidence(kind="photo", file_name="票决现场.jpg", content=JPEG))


def assess(work: UnitOfWork, cast: Cast) -> None:
    """The quarter before: one village paid a list without a vote, the others have their points."""
    first = quarter_before(work)
    village, *others = cast.villages(work)[:PANELS]
    enter_violation(
        work,
        EnterViolation(
            village=village, quarter=first, kind="paid", subject="春节慰问名单", document="县纪委监委监督检查通报 3 期"
        ),
    )
    scores = {one: Decimal(cast.dice.randint(86, 99)) for one in others}
    set_scores(work, SetScores(quarter=first, document="县民政局考核通报", scores=scores))


def quarter_before(work: UnitOfWork) -> str:
    """The quarter before this one."""
    return quarter_of(work.today.replace(month=(work.today.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1))


def _counts(failed: bool) -> dict[str, int]:
    return {"agree": 3, "disagree": 10, "abstain": 2} if failed else {"agree": 12, "disagree": 2, "abstain": 1}
