"""Sets with dated prices, and weekly menus that are published before the week."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import col

from core.api import Objection, Refused, UnitOfWork, _, refuse
from plugins.canteen.models import Menu, Set, Site
from plugins.canteen.quoting import no_set
from plugins.canteen.rules import monday_of
from plugins.canteen.services.common import MAINTAIN, MENU, fen_of, keep, own_site, subject
from plugins.canteen.sites import Price, prices_on
from plugins.canteen.wishes import PublishMenu, SetPrice


def set_price(work: UnitOfWork, text: str, wish: SetPrice) -> Set:
    """Fix the price of a set from a day on; the one before ends the day before. Refused with E_PRICE_NEG."""
    site = own_site(work, text, MAINTAIN)
    fen = fen_of(wish.price, "price", "E_PRICE_NEG")
    since, code = wish.from_on or work.today, wish.set_code.strip().upper()
    if wish.meal not in site.meals.split(","):
        raise refuse(_("站点不供应这一餐"), field="meal", code="E_SITE_MEAL")
    asked = select(Set).where(col(Set.site_id) == site.id, col(Set.code) == code).order_by(col(Set.from_on))
    known = list(work.session.scalars(asked))
    if any(one.from_on == since for one in known):
        raise refuse(_("这一天已经有这个套餐的价格"), field="from_on", code="E_PRICE_OVERLAP")
    before = next((one for one in reversed(known) if one.from_on < since), None)
    after = next((one for one in known if one.from_on > since), None)
    if before is not None and (before.to_on is None or before.to_on >= since):
        before.to_on = since - timedelta(days=1)
        keep(work, before)
    made = Set(
        site_id=site.id or 0, code=code, name=wish.name.strip() or (before.name if before else ""),
        meal=wish.meal, price_fen=fen, from_on=since, to_on=after.from_on - timedelta(days=1) if after else None,
        recorded_by=work.actor.account_id,
    )  # fmt: skip
    keep(work, made)
    what = {"set": made.code, "price_fen": fen, "from_on": since}
    work.record("canteen.price_set", subject(site), area=site.area, after=what)
    return made


def examine_menu(work: UnitOfWork, text: str, wish: PublishMenu) -> tuple[Site, str, Price]:
    """The site, the set's code and its price; raises ``Refused`` with what stands against a menu, or ``NotFound``."""
    site = own_site(work, text, MENU)
    week = monday_of(wish.week)
    day = week + timedelta(days=int(wish.weekday) - 1)
    found: list[Objection] = []
    if week <= work.today:
        words = _("菜单要在这一周开始以前公布")
        found.append(Objection(reason=words, field="week", code="E_MENU_LATE"))
    code = wish.set_code.strip().upper()
    price = prices_on(work, site.id or 0, day).get(code)
    if price is None:
        found.extend(no_set(wish.set_code).objections)
    if found or price is None:
        raise Refused(found)
    return site, code, price


def publish_menu(work: UnitOfWork, text: str, wish: PublishMenu) -> Menu:
    """Publish the dishes of a set for a day, before its week begins; one that is there is written anew till then."""
    site, code, price = examine_menu(work, text, wish)
    week = monday_of(wish.week)
    same = select(Menu).where(
        col(Menu.site_id) == site.id, col(Menu.week) == week, col(Menu.weekday) == int(wish.weekday),
        col(Menu.set_code) == code,
    )  # fmt: skip
    made = work.session.scalars(same).first() or Menu(
        site_id=site.id or 0, week=week, weekday=int(wish.weekday), set_code=code, dishes="",
        price_fen=price.price_fen, published_at=work.now, recorded_by=work.actor.account_id,
    )  # fmt: skip
    made.dishes, made.nutrition, made.meal = wish.dishes.strip(), wish.nutrition.strip(), price.meal
    made.price_fen, made.published_at, made.recorded_by = price.price_fen, work.now, work.actor.account_id
    keep(work, made)
    what = {"week": week, "weekday": made.weekday, "set": made.set_code}
    work.record("canteen.menu_published", subject(site), area=site.area, after=what)
    return made


def menus_of(work: UnitOfWork, site_id: int, week: date) -> list[Menu]:
    """The menu of a site's week by day and set; right and area are the caller's."""
    asked = select(Menu).where(col(Menu.site_id) == site_id, col(Menu.week) == monday_of(week))
    return list(work.session.scalars(asked.order_by(col(Menu.weekday), col(Menu.set_code))))
