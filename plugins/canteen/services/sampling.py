"""Meals that were served without a sample in the log (W_SAMPLE_MISSING): a list for who supervises, never a stop."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import col

from core.api import UnitOfWork, columns, scoped
from plugins.canteen.counter.models import Swipe
from plugins.canteen.models import Sample, Site
from plugins.canteen.services.common import SHOW

_SITE, _SWIPE, _SAMPLE = columns(Site), columns(Swipe), columns(Sample)


def missing_samples(work: UnitOfWork) -> list[tuple[Site, list[date]]]:
    """Sites of the reader's areas with the days, still within the limit for entering, that lack a sample."""
    since = work.today - timedelta(days=work.policy("canteen.sample_days"))
    logged = (
        select(_SAMPLE.id)
        .where(_SAMPLE.site_id == _SWIPE.site_id, _SAMPLE.day == _SWIPE.day, _SAMPLE.meal == _SWIPE.meal)
        .exists()
    )
    asked = (
        select(_SWIPE.site_id, _SWIPE.day)
        .join(_SITE.id.table, _SITE.id == _SWIPE.site_id)
        .where(_SWIPE.day >= since, _SWIPE.day < work.today, _SWIPE.state == "standing", ~logged)
        .distinct()
        .order_by(_SWIPE.site_id, _SWIPE.day)
    )
    days: dict[int, list[date]] = {}
    for row in work.session.connection().execute(scoped(work, asked, _SITE.area, SHOW)):
        days.setdefault(row.site_id, []).append(row.day)
    sites = work.session.scalars(select(Site).where(col(Site.id).in_(list(days))).order_by(col(Site.id)))
    return [(site, days[site.id or 0]) for site in sites]
