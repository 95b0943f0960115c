"""W_BURST: more meals within a minute at one counter than people can walk up to it; found for the internal audit."""

from collections.abc import Iterable

import numpy
from sqlalchemy import select

from core.api import Period, Suspicion, UnitOfWork, _, columns, table_of
from plugins.canteen.counter.models import Swipe, Terminal
from plugins.canteen.models import Site
from plugins.canteen.rules import month_days

_SWIPE, _SITE, _TERMINAL = columns(Swipe), columns(Site), columns(Terminal)
MINUTE = numpy.timedelta64(60, "s")


def find_bursts(work: UnitOfWork, period: Period) -> Iterable[Suspicion]:
    """Counters at which more than the policy's number of meals lie within one minute of a month's days."""
    first, last = month_days(str(period))
    limit = work.policy("canteen.burst_meals")
    asked = (
        select(_SWIPE.site_id, _SWIPE.terminal_id, _SWIPE.day, _SWIPE.at, _SWIPE.subsidy_fen)
        .where(_SWIPE.day >= first, _SWIPE.day <= last, _SWIPE.state == "standing", _SWIPE.channel != "paper")
        .order_by(_SWIPE.site_id, _SWIPE.terminal_id, _SWIPE.at)
    )
    rows = work.session.connection().execute(asked).all()
    if len(rows) <= limit:
        return
    counters = numpy.array([(row.site_id, row.terminal_id or 0) for row in rows], numpy.int64)
    moments = numpy.array([row.at.replace(tzinfo=None) for row in rows], "datetime64[us]")
    same = (counters[limit:] == counters[:-limit]).all(axis=1)
    quick = same & (moments[limit:] - moments[:-limit] < MINUTE)
    sites = dict(work.session.connection().execute(select(_SITE.id, _SITE.area).select_from(table_of(Site))).all())
    told = set()
    for at in numpy.flatnonzero(quick).tolist():
        row = rows[at + limit]
        if (row.site_id, row.terminal_id, row.day) not in told:
            told.add((row.site_id, row.terminal_id, row.day))
            part = rows[at : at + limit + 1]
            words = _("{day} 一分钟内 {count} 餐以上，请核实是否本人用餐", day=row.day.isoformat(), count=limit)
            yield Suspicion(
                subject=f"canteen-site:{row.site_id}",
                area=sites[row.site_id],
                amount_fen=sum(one.subsidy_fen for one in part),
                reason=words,
            )
