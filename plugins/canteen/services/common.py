"""What the services share: rights, sites under a right, money and moments as typed, days that may not be later."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from core.api import COUNTY_TIME, NotFound, UnitOfWork, _, parse_money, refuse, row_id, scoped
from plugins.canteen.models import Operator, Site
from plugins.canteen.sites import nowhere

SHOW, DINERS, SERVE, MAINTAIN, MENU, INSPECT, SETTLE, CHECK, DECIDE, PAY, EXPORT = (
    "canteen.show", "canteen.diners", "canteen.serve", "canteen.maintain", "canteen.menu", "canteen.inspect",
    "canteen.settle", "canteen.check", "canteen.decide", "canteen.pay", "canteen.export",
)  # fmt: skip


def own_site(work: UnitOfWork, text: str, permission: str = SHOW) -> Site:
    """A site by number or id in the actor's areas, to be changed; raises ``NotFound``."""
    work.require(permission)
    wanted = str(text).strip().upper()
    same = col(Site.id) == at if (at := row_id(wanted)) else col(Site.number) == wanted
    found = work.session.scalars(scoped(work, select(Site).where(same), col(Site.area), permission)).one_or_none()
    if found is None:
        raise nowhere()
    return found


def own_operator(work: UnitOfWork, text: str, permission: str = SHOW) -> Operator:
    """An operator by id or credit code; raises ``NotFound``. Operators are the whole county's."""
    work.require(permission)
    wanted = str(text).strip().upper()
    same = col(Operator.id) == at if (at := row_id(wanted)) else col(Operator.code) == wanted
    found = work.session.scalars(select(Operator).where(same)).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这个经营者"))
    return found


def require_state(site: Site, *states: str) -> None:
    """Refuse a step that does not fit where a site stands."""
    if site.state not in states:
        raise refuse(_("站点现在的状态不能这样办理"), code="E_SITE_STATE")


def day_of(work: UnitOfWork, given: date | None, field: str) -> date:
    """A day that may not be later than today; today when none is given."""
    day = given or work.today
    if day > work.today:
        raise refuse(_("日期不能晚于今天"), field=field, code="E_FUTURE_DATE")
    return day


def fen_of(text: str, field: str, code: str) -> int:
    """Yuan as typed, in fen; refused when it is not above 0."""
    fen = parse_money(text)
    if fen <= 0:
        raise refuse(_("金额要大于 0"), field=field, code=code)
    return fen


def moment(work: UnitOfWork, text: str, field: str) -> datetime:
    """A moment in county time ("2026-11-20 11:00"); refused when it is none."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise refuse(_("时间写法不对，例如 2026-11-20 11:00"), field=field, code="E_FIELD") from None
    return at if at.tzinfo else at.replace(tzinfo=COUNTY_TIME)


def subject(site: Site) -> str:
    """How the audit names a site."""
    return f"canteen_site:{site.id}"


def keep(work: UnitOfWork, *rows: Any) -> None:
    """Save rows and take their ids."""
    work.session.add_all(list(rows))
    work.session.flush()


def moved(work: UnitOfWork, *rows: Any) -> None:
    """Save rows that changed, each with a new version."""
    for one in rows:
        one.version += 1
    keep(work, *rows)


def sorted_words(given: Iterable[str]) -> str:
    """Words as they are kept: sorted, once each, with commas."""
    return ",".join(sorted({word.strip() for word in given if word.strip()}))
