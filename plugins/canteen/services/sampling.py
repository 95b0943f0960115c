"""What meals tell who supervises: no sample in the log (W_SAMPLE_MISSING), no meal for long. Lists, never a stop."""

from datetime import date, timedelta

from sqlalchemy import func, select
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


def quiet_sites(work: UnitOfWork) -> list[tuple[Site, date]]:
    """Open sites of the reader's areas without a meal for longer than the policy allows, with their last day."""
    limit = work.today - timedelta(days=work.policy("canteen.closed_days"))
    newest = (
        select(func.max(_SWIPE.day))
        .where(_SWIPE.site_id == _SITE.id, _SWIPE.state == "standing")
        .correlate(_SITE.id.table)
        .scalar_subquery()
    )
    asked = select(Site, newest.label("newest")).where(
        col(Site.state) == "open", col(Site.kind) != "central_kitchen", func.coalesce(newest, _SITE.opened_on) < limit
    )
    rows = work.session.execute(scoped(work, asked.order_by(col(Site.id)), col(Site.area), SHOW))
    return [(row[0], row[1] or row[0].opened_on) for row in rows]
