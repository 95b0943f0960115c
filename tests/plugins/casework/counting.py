"""How many questions a page asks the database, and a panel that votes on a case."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from core.testing import County, enabled
from plugins.democratic_review.services.panels import set_panel
from plugins.democratic_review.services.recording import record_ballots
from plugins.democratic_review.wishes import RecordBallots, SetPanel


@contextmanager
def questions(host: Any) -> Iterator[list[str]]:
    """Every select that a host sends to its SQLite file, those past the engine too."""
    said: list[str] = []

    def listen(connection: Any, *_rest: Any) -> None:
        connection.set_trace_callback(said.append)

    engine = host.database.engine
    event.listen(engine, "checkout", listen)
    selects: list[str] = []
    try:
        yield selects
    finally:
        event.remove(engine, "checkout", listen)
        selects.extend(one for one in said if one.lstrip().upper().startswith(("SELECT", "WITH")))


def with_panel(county: County, village: str) -> None:
    """Switch the ballots on and elect the panel of a village: 21 members, 5 of them cadres."""
    enabled(county, "democratic_review")
    people = [
        {"name": f"成员{at:02d}", "sex": "female" if at <= 7 else "male",  # noqa: PLR2004
         "kind": "cadre" if at <= 5 else "representative"}  # noqa: PLR2004
        for at in range(1, 22)
    ]  # fmt: skip
    with county.begin() as work:
        set_panel(work, SetPanel(village=village, term_from="2024-01-01", document="记录 1", members=people))


def vote(county: County, village: str, number: str, **counts: int) -> None:
    """The panel votes: 17 of 21 present, 2 left, 8 to 5 and 2 abstained unless it is said otherwise."""
    item = {"case": number, "recused": 2, "agree": 8, "disagree": 5, "abstain": 2, **counts}
    frame = {"village": village, "observer": "周敏", "scrutineer": "何永祥", "present": 17}
    with county.begin("township_officer") as work:
        record_ballots(work, RecordBallots(**frame, items=[item]))
