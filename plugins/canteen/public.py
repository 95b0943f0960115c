"""The public pages: where one can eat, and what there is this week. Nothing of diners stands in them."""

from datetime import date, timedelta

from litestar import Router, get
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from sqlalchemy import select
from sqlmodel import col

from core.api import _, format_money
from core.web import EVERYONE, page, public_work
from plugins.canteen import showing, words
from plugins.canteen.models import Site
from plugins.canteen.queries import places_of
from plugins.canteen.rules import monday_of
from plugins.canteen.services.catering import menus_of
from plugins.canteen.sites import SERVING, nowhere, prices_on

_MANY = 500


@get("/", sync_to_thread=True, guards=[EVERYONE])
def list_sites(town: FromQuery[str] = "") -> Template:
    """Sites that serve: name, address, telephone, hours, prices."""
    with public_work() as work:
        asked = select(Site).where(col(Site.state).in_(SERVING), col(Site.kind) != "central_kitchen")
        if town.isdecimal() and len(town) == 9:
            asked = asked.where(col(Site.area).startswith(town))
        sites = list(work.session.scalars(asked.order_by(col(Site.area), col(Site.id)).limit(_MANY)))
        places = places_of(work, [site.area for site in sites])
        rows = []
        for site in sites:
            prices = prices_on(work, site.id or 0, work.today)
            costs = sorted({price.price_fen for price in prices.values()})
            rows.append(
                {
                    "number": site.number,
                    "name": site.name,
                    "place": f"{places.get(site.area, '')} {site.address}".strip(),
                    "phone": site.phone,
                    "hours": site.hours,
                    "meals": showing.meals(site.meals),
                    "price": " / ".join(format_money(fen) for fen in costs),
                }
            )
    return page("canteen/public_sites.html", rows=rows)


@get("/{number:str}", sync_to_thread=True, guards=[EVERYONE])
def show_menu(number: FromPath[str], week: FromQuery[date | None] = None) -> Template:
    """The menu of a site for this week, or another."""
    with public_work() as work:
        asked = select(Site).where(col(Site.number) == number.strip().upper()[:20], col(Site.state).in_(SERVING))
        site = work.session.scalars(asked).one_or_none()
        if site is None:
            raise nowhere()
        monday = monday_of(week or work.today)
        rows = [
            (
                _(words.WEEKDAYS[str(one.weekday)]),
                (monday + timedelta(days=one.weekday - 1)).isoformat(),
                one.set_code,
                one.dishes,
                format_money(one.price_fen),
                one.nutrition,
            )
            for one in menus_of(work, site.id or 0, monday)
        ]
        name, code = site.name, site.number
    return page("canteen/public_menu.html", name=name, number=code, rows=rows, after=monday + timedelta(days=7))


def public_router() -> Router:
    """The routes of the public application."""
    return Router("/canteen", route_handlers=[list_sites, show_menu])
