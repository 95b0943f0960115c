"""What happened with public notices in the demo county: every sheet that was opened hung on its boards with a photo."""

from core.api import Cast, DemoStep, UnitOfWork
from plugins.notices.api import Level, is_complete
from plugins.notices.periods import notice_by_id
from plugins.notices.queries import NoticeFilter, list_notices
from plugins.notices.services import Photo, PostNotice, post_notice, prove_posting, take_down

STEPS = [
    DemoStep(months_ago=(10,), day=11, by="clerk", run="plugins.notices.demo:post"),
    DemoStep(months_ago=(10,), day=27, by="clerk", run="plugins.notices.demo:post"),
    DemoStep(months_ago=(9,), day=20, by="clerk", run="plugins.notices.demo:take_down_most"),
    DemoStep(days_ago=26, by="clerk", run="plugins.notices.demo:post"),
    DemoStep(days_ago=13, by="clerk", run="plugins.notices.demo:take_down_most"),
    DemoStep(days_ago=13, by="clerk", run="plugins.notices.demo:post"),
    DemoStep(days_ago=2, by="clerk", run="plugins.notices.demo:take_down_most"),
]
LEVELS: tuple[Level, ...] = ("village", "township", "county")
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 60
"""The beginning of a photograph."""


def post(work: UnitOfWork, _cast: Cast) -> None:
    """Post what was opened and take its picture."""
    for one in list_notices(work, NoticeFilter(state="opened")):
        levels = set(notice_by_id(work, one["id"]).levels.split(","))
        for level in (one for one in LEVELS if one in levels):
            post_notice(work, one["id"], PostNotice(level=level, place="公示栏", posted_on=work.today))
            prove_posting(work, one["id"], Photo(level=level, file_name="公示栏.jpg", content=JPEG))


def take_down_most(work: UnitOfWork, _cast: Cast) -> None:
    """What hung for all its days is taken down; the newest sheet was forgotten."""
    hung = [one["id"] for one in list_notices(work, NoticeFilter(state="posted"))]
    for number in sorted(number for number in hung if is_complete(work, number, work.today).complete)[:-1]:
        take_down(work, number, work.today)
