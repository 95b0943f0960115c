"""What happened with canteens in the last weeks of the demo county: sites, diners, meals, checks, a settlement."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from core.api import COUNTY_TIME, Refused, village_codes
from plugins.canteen import wishes
from plugins.canteen.counter.serving import CheckIn, check_in
from plugins.canteen.rules import month_of
from plugins.canteen.services import catering, contracting, enrolling, settling, siting, supervising

if TYPE_CHECKING:
    from core.api import Cast, UnitOfWork

OPERATOR = "91430223MA4L16JQ9W"
NAMES = ("桃水街长者食堂", "新田村助餐点", "河东社区助餐点")
KINDS = ("canteen", "meal_point", "meal_point")
SETS = (("A", "9", "普通套餐"), ("B", "11", "营养套餐"))
DISHES = ("番茄炒蛋、清炒时蔬、米饭", "豆腐烧肉、冬瓜汤、米饭", "清蒸鱼、炒豆角、米饭", "土豆炖鸡、青菜、米饭",
          "肉末茄子、紫菜汤、米饭")  # fmt: skip


def numbers(cast: "Cast") -> Sequence[str]:
    """The numbers of the three sites."""
    return [f"CT-{cast.town}-{place:03d}" for place in range(1, len(NAMES) + 1)]


def open_sites(work: "UnitOfWork", cast: "Cast") -> None:
    """An operator, three sites with prices, the plan of the year."""
    villages = [
        code
        for code, area in sorted(village_codes(work).items())
        if code.startswith(cast.town) and (area.valid_to is None or area.valid_to > work.today)
    ]
    operator = contracting.add_operator(
        work,
        wishes.AddOperator(
            name="和顺餐饮服务有限公司", code=OPERATOR, kind="company", contact="陈经理", account="622200000000000019"
        ),
    )
    begun = date(work.today.year - 1, 1, 1)
    contracting.add_contract(
        work,
        str(operator.id),
        wishes.AddContract(
            number="示例合同 1 号", procurement="open", from_on=begun, to_on=date(work.today.year + 2, 12, 31)
        ),
    )
    for place, number in enumerate(numbers(cast)):
        siting.add_site(
            work,
            wishes.AddSite(
                number=number, name=NAMES[place], village=villages[place % len(villages)], kind=KINDS[place],
                licence_to=work.today + timedelta(days=500), licence=f"JY示例{place + 1}", host_kind="village",
                address="村委会旁", hours="10:30-13:00", floor_area=220 - 60 * place, seats=60 - 15 * place,
                capacity=80, operator=str(operator.id), parent=numbers(cast)[0] if place else "",
            ),
        )  # fmt: skip
        for code, price, name in SETS:
            wish = wishes.SetPrice(set_code=code, price=price, name=name, from_on=begun)
            catering.set_price(work, number, wish)
    siting.set_target(work, wishes.SetTarget(year=work.today.year, sites=5, document="示例〔今年〕1号"))


def enrol_diners(work: "UnitOfWork", cast: "Cast") -> None:
    """Two dozen diners with cards, some with a status."""
    people = cast.draw(work, 24, least=61, most=97, area=cast.town)
    for place, person in enumerate(people):
        made = enrolling.enrol(
            work,
            wishes.Enrol(
                person_id=person, from_on=work.today, site=numbers(cast)[0 if place < 16 else 1],
                status=["dibao"] if place % 8 == 0 else [], delivery_reason="行动不便" if place % 11 == 5 else "",
            ),
        )  # fmt: skip
        enrolling.issue_card(work, str(made.id), wishes.IssueCard())


def serve_meals(work: "UnitOfWork", cast: "Cast") -> None:
    """Lunch of the day before for most of the diners; nobody eats on a Sunday."""
    from plugins.canteen.queries import Filter, list_diners

    day = work.today - timedelta(days=1)
    if day.weekday() == 6:
        return
    at = datetime.combine(day, time(11, 30), COUNTY_TIME)
    for one in list_diners(work, Filter(limit=30)):
        if one["site"] and cast.dice.random() < 0.8:
            wish = CheckIn(
                diner=str(one["person_id"]), site=one["site"], set_code=cast.dice.choice("AAB"), at=at,
                delivery=one["delivery_needed"],
            )  # fmt: skip
            check_in(work, wish)
            at += timedelta(minutes=2)


def publish_menus(work: "UnitOfWork", cast: "Cast") -> None:
    """The menu of the next week."""
    for place, dishes in enumerate(DISHES, start=1):
        wish = wishes.PublishMenu.model_validate(
            {"week": work.today + timedelta(days=7), "weekday": str(place), "set_code": "A", "dishes": dishes}
        )
        catering.publish_menu(work, numbers(cast)[0], wish)


def inspect_sites(work: "UnitOfWork", cast: "Cast") -> None:
    """One site is in order, another has something to put right."""
    fine = wishes.Inspect(inspectors="食品安全检查组", score=94)
    supervising.inspect(work, numbers(cast)[0], fine)
    wrong = wishes.Inspect(inspectors="食品安全检查组", score=78, severity="minor", hazards="留样登记不全")
    supervising.inspect(work, numbers(cast)[1], wrong)


def settle_last_month(work: "UnitOfWork", cast: "Cast") -> None:
    """The month before, where there were meals."""
    month = month_of(work.today.replace(day=1) - timedelta(days=1))
    for number in numbers(cast)[:2]:
        try:
            settling.settle(work, wishes.SettleMonth(site=number, month=month))
        except Refused:  # meals that wait for a decision: the month waits with them
            continue
