"""A licence that ran out: the counter finds it at the first meal after it, and the site is suspended."""

from core.api import UnitOfWork, _
from plugins.canteen.counter.judging import Place
from plugins.canteen.models import Site, SiteState


def suspend_expired(work: UnitOfWork, place: Place) -> None:
    """Suspend a running site whose food licence has ended. The right was asked for by who serves."""
    site = work.session.get_one(Site, place.id)
    if site.state not in ("trial", "open") or site.licence_to is None or site.licence_to >= work.today:
        return
    site.state, site.version = "suspended", site.version + 1
    work.session.add(site)
    work.session.add(
        SiteState(
            site_id=place.id,
            state="suspended",
            from_on=work.today,
            reason=_("食品经营许可已过期"),
            recorded_at=work.now,
            recorded_by=work.actor.account_id,
        )
    )
    work.record("canteen.site_suspended", f"canteen-site:{place.id}", area=place.area, reason=_("食品经营许可已过期"))
