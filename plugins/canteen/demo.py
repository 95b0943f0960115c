"""What happened with canteens in the demo county: sites, diners, a year of meals, checks, settlements of each month."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core.api import COUNTY_TIME, DemoStep, Period, village_codes
from plugins.canteen import wishes
from plugins.canteen.counter.serving import CheckIn, check_in
from plugins.canteen.demo_meals import EATS, HABIT, SUNDAY, diners_of
from plugins.canteen.models import Inspection, Operator, Settlement
from plugins.canteen.services import catering, contracting, enrolling, granting, settling, siting, supervising

if TYPE_CHECKING:
    from core.api import Cast, UnitOfWork

HERE, MEALS = "plugins.canteen.demo", "plugins.canteen.demo_meals"
YEAR, QUARTERS = range(12, 0, -1), (11, 8, 5, 2)
STEPS = (
    DemoStep(after_opening=1, by="clerk", run=f"{HERE}:open_sites"),
    DemoStep(after_opening=1, by="canteen_operator", run=f"{MEALS}:register"),
    DemoStep(after_opening=1, run=f"{MEALS}:register_elsewhere"),
    DemoStep(after_opening=2, by="clerk", run=f"{MEALS}:confirm"),
    DemoStep(after_opening=2, by="clerk", run=f"{MEALS}:fetch_keys"),
    DemoStep(after_opening=2, by="clerk", run=f"{HERE}:enrol_diners"),
    DemoStep(months_ago=(9, 6, 3), day=15, by="clerk", run=f"{HERE}:enrol_more"),
    *(DemoStep(months_ago=YEAR, day=day, by="clerk", run=f"{MEALS}:upload_meals") for day in (1, 11, 21)),
    DemoStep(months_ago=YEAR, day=1, by="clerk", run=f"{MEALS}:decide_last_month"),
    DemoStep(months_ago=YEAR, day=2, by="clerk", run=f"{HERE}:settle"),
    DemoStep(months_ago=YEAR, day=2, run=f"{HERE}:check"),
    DemoStep(months_ago=YEAR, day=3, by="clerk", run=f"{HERE}:approve"),
    DemoStep(months_ago=YEAR, day=4, by="proposer", run=f"{HERE}:batch"),
    DemoStep(months_ago=(4,), day=8, by="clerk", run=f"{HERE}:hear_of_a_death"),
    DemoStep(months_ago=QUARTERS, day=17, by="clerk", run=f"{HERE}:inspect_sites"),
    DemoStep(months_ago=QUARTERS, day=24, by="clerk", run=f"{HERE}:rectify"),
    DemoStep(months_ago=(6,), day=5, by="clerk", run=f"{HERE}:assess"),
    DemoStep(months_ago=(7,), day=10, by="clerk", run=f"{HERE}:build"),
    DemoStep(months_ago=(2,), day=10, by="clerk", run=f"{HERE}:accept"),
    DemoStep(days_ago=12, by="clerk", run=f"{HERE}:inspect_sites"),
    DemoStep(days_ago=5, by="clerk", run=f"{MEALS}:upload_last_meals"),
    *(DemoStep(days_ago=days, by="canteen_operator", run=f"{HERE}:serve_meals") for days in range(4, 0, -1)),
    DemoStep(days_ago=2, by="clerk", run=f"{MEALS}:decide_last_month"),
    DemoStep(days_ago=2, by="clerk", run=f"{HERE}:settle"),
    DemoStep(days_ago=2, run=f"{HERE}:check_most"),
    DemoStep(days_ago=1, by="clerk", run=f"{HERE}:approve_most"),
    DemoStep(days_ago=2, by="canteen_operator", run=f"{HERE}:keep_samples"),
    DemoStep(days_ago=2, by="clerk", run=f"{HERE}:hear_diners"),
    *(DemoStep(days_ago=days, by="clerk", run=f"{HERE}:publish_menus") for days in (9, 2)),
)
OPERATOR = "91430223MA4L16JQ9W"
NAMES = ("桃水街长者食堂", "新田村助餐点", "河东社区助餐点", "桃源助餐点")
PLANNED = ("石桥村助餐点", "江边村助餐点")
ELSEWHERE = {"430223001": "联星街道长者食堂", "430223106": "网岭镇长者食堂", "430223109": "渌田镇长者食堂"}
"""The canteens of other towns."""
SETS = (("A", "9", "普通套餐"), ("B", "11", "营养套餐"))
DISHES = ("番茄炒蛋、清炒时蔬、米饭", "豆腐烧肉、冬瓜汤、米饭", "清蒸鱼、炒豆角、米饭", "土豆炖鸡、青菜、米饭",
          "肉末茄子、紫菜汤、米饭")  # fmt: skip
DINERS, MORE, MOST, FEWER = 60, 6, 18, 12
HALF = 3
"""So many times as many eat in the canteen of the town as in each of its meal points."""


def numbers(cast: "Cast") -> Sequence[str]:
    """The numbers of the sites of the town."""
    return [f"CT-{cast.town}-{place:03d}" for place in range(1, len(NAMES) + 1)]


def open_sites(work: "UnitOfWork", cast: "Cast") -> None:
    """An operator, sites with prices in four towns, two more that are planned, the plan of the year."""
    operator = str(_operator(work).id)
    villages = _villages(work, cast.town)
    parent = numbers(cast)[0]
    for place, (number, name) in enumerate(zip(numbers(cast), NAMES, strict=True)):
        _open(work, number, name, village=villages[place % len(villages)], operator=operator,
              kind="meal_point" if place else "canteen", parent=parent if place else "")  # fmt: skip
    elsewhere = {f"CT-{town}-001": (name, _villages(work, town)[0]) for town, name in ELSEWHERE.items()}
    for number, (name, village) in elsewhere.items():
        _open(work, number, name, village=village, operator=operator)
    for place, name in enumerate(PLANNED, start=len(NAMES) + 1):
        siting.add_site(
            work,
            wishes.AddSite(
                number=f"CT-{cast.town}-{place:03d}", name=name, village=villages[-place], state="planned",
                kind="meal_point", planned_year=work.today.year + 1, operator=operator,
            ),
        )  # fmt: skip
    for year in (work.today.year, work.today.year + 1):
        siting.set_target(work, wishes.SetTarget(year=year, sites=8, document=f"示例〔{year}〕1号"))
    cast.kept["sites"] = [*numbers(cast), *elsewhere]


def _operator(work: "UnitOfWork") -> Operator:
    made = contracting.add_operator(
        work,
        wishes.AddOperator(
            name="和顺餐饮服务有限公司", code=OPERATOR, kind="company", contact="陈经理", account="622200000000000019"
        ),
    )
    until = date(work.today.year + 3, 12, 31)
    wish = wishes.AddContract(number="示例合同 1 号", procurement="open", from_on=_begun(work), to_on=until)
    contracting.add_contract(work, str(made.id), wish)
    return made


def _open(work: "UnitOfWork", number: str, name: str, **more: Any) -> None:
    until = work.today + timedelta(days=900)
    more = {"host_kind": "village", "address": "村委会旁", "hours": "10:30-13:00", "capacity": 80, "seats": 40} | more
    licence = {"licence_to": until, "licence": f"JY示例{number[-9:]}", "floor_area": 160}
    siting.add_site(work, wishes.AddSite.model_validate({"number": number, "name": name, **licence, **more}))
    for code, price, title in SETS:
        wish = wishes.SetPrice(set_code=code, price=price, name=title, from_on=_begun(work))
        catering.set_price(work, number, wish)


def _begun(work: "UnitOfWork") -> date:
    return date(work.today.year, 1, 1)


def _villages(work: "UnitOfWork", town: str) -> Sequence[str]:
    return [
        code
        for code, area in sorted(village_codes(work).items())
        if code.startswith(town) and (area.valid_to is None or area.valid_to > work.today)
    ]


def enrol_diners(work: "UnitOfWork", cast: "Cast") -> None:
    """Old people with cards, some with a status: most of the town, a few of each other town."""
    sites = numbers(cast)
    _enrol(work, cast, [*[sites[0]] * HALF, *sites], cast.fitting(work, DINERS))
    for number in cast.kept["sites"][len(sites) :]:
        _enrol(work, cast, [number], cast.fitting(work, FEWER))


def enrol_more(work: "UnitOfWork", cast: "Cast") -> None:
    """A few more of them each season."""
    _enrol(work, cast, numbers(cast), cast.fitting(work, MORE))


def _enrol(work: "UnitOfWork", cast: "Cast", sites: Sequence[str], count: int) -> None:
    for place, person in enumerate(cast.draw(work, count, least=61, most=95, area=sites[0][3:12])):
        wish = wishes.Enrol(
            person_id=person, from_on=work.today, site=sites[place % len(sites)],
            status=["dibao"] if place % 8 == 0 else [], delivery_reason="行动不便" if place % 11 == 5 else "",
        )  # fmt: skip
        made = enrolling.enrol(work, wish)
        enrolling.issue_card(work, str(made.id), wishes.IssueCard())
        cast.kept.setdefault("diners", []).append(person)


def serve_meals(work: "UnitOfWork", cast: "Cast") -> None:
    """Lunch of the day before, entered at the counter one by one; nobody eats on a Sunday."""
    day = work.today - timedelta(days=1)
    if day.weekday() == SUNDAY:
        return
    at = datetime.combine(day, time(11, 30), COUNTY_TIME)
    for number in numbers(cast)[:2]:
        for one in diners_of(work, number)[:MOST]:
            if one.to_on is None and cast.dice.random() < EATS:
                meal = {"site": number, "set_code": cast.dice.choice("AAB"), "delivery": one.delivery_needed}
                check_in(work, CheckIn(diner=one.code, at=at, **meal))
                at += timedelta(minutes=2)


def hear_of_a_death(work: "UnitOfWork", cast: "Cast") -> None:
    """A diner died; the card was used twice afterwards, and the counter's entries were kept apart."""
    cast.dies(work, [one for one in cast.kept["diners"] if one % HABIT], work.today - timedelta(days=3))


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


def rectify(work: "UnitOfWork", _cast: "Cast") -> None:
    """It was put right within the week."""
    asked = select(col(Inspection.id)).where(
        col(Inspection.severity) == "minor", col(Inspection.rectified_on).is_(None)
    )
    for number in list(work.session.scalars(asked)):
        supervising.rectify(work, str(number), wishes.Rectify(rectified="已补齐留样登记，专人负责"))


def assess(work: "UnitOfWork", cast: "Cast") -> None:
    """The half-year's assessment of every site."""
    first, last = str(Period.of(work.today)), str(Period.of(work.today).plus(5))
    for place, number in enumerate(numbers(cast)):
        wish = wishes.Assess(from_month=first, to_month=last, score=92 - 4 * place, basis="半年考核评分表")
        supervising.assess(work, number, wish)


def build(work: "UnitOfWork", cast: "Cast") -> None:
    """One of the planned sites is agreed to."""
    siting.approve_site(work, _planned(cast), wishes.ApproveSite(minutes="局党组会议纪要 5 号"))


def accept(work: "UnitOfWork", cast: "Cast") -> None:
    """It is ready and runs on trial; money for its building waits to be paid."""
    until = work.today + timedelta(days=1000)
    wish = wishes.AcceptSite(
        floor_area=120, seats=30, licence="JY示例5", licence_to=until, fire_safety=True, signage=True,
        members="周敏、赵丽、何村长",
    )  # fmt: skip
    siting.accept_site(work, _planned(cast), wish)
    granting.add_grant(work, _planned(cast), wishes.AddGrant(amount="30000", minutes="局党组会议纪要 9 号"))


def _planned(cast: "Cast") -> str:
    return f"CT-{cast.town}-{len(NAMES) + 1:03d}"


def keep_samples(work: "UnitOfWork", cast: "Cast") -> None:
    """A little of each dish is kept."""
    for dish in DISHES[0].split("、"):
        wish = wishes.AddSample(
            dish=dish, grams=130, temperature="4.0", keeper="罗桂花", kept_from=f"{work.today} 08:30",
            kept_to=f"{work.today + timedelta(days=2)} 08:30",
        )  # fmt: skip
        supervising.add_sample(work, numbers(cast)[0], wish)


def hear_diners(work: "UnitOfWork", cast: "Cast") -> None:
    """A complaint and what a survey found."""
    supervising.add_feedback(work, numbers(cast)[1], wishes.AddFeedback(kind="complaint", matter="周五的菜偏咸"))
    supervising.add_feedback(work, numbers(cast)[0], wishes.AddFeedback(kind="survey", score=5))


def settle(work: "UnitOfWork", cast: "Cast") -> None:
    """The month before is drawn up, for each site that serves."""
    sites = [siting.own_site(work, number) for number in cast.kept["sites"]]
    settling.settle_sites(work, _last_month(work), sites)


def check(work: "UnitOfWork", _cast: "Cast") -> None:
    """The township checks it."""
    for number in _settlements(work, "draft"):
        settling.check_settlement(work, number, wishes.PassSettlement(note="与用餐记录一致"))


def check_most(work: "UnitOfWork", _cast: "Cast") -> None:
    """One site is left for the next day."""
    for number in _settlements(work, "draft")[:-1]:
        settling.check_settlement(work, number, wishes.PassSettlement(note="与用餐记录一致"))


def approve(work: "UnitOfWork", _cast: "Cast") -> None:
    """The county approves it."""
    for number in _settlements(work, "township_checked"):
        settling.approve_settlement(work, number, wishes.ApproveSettlement(minutes="局务会纪要 助餐结算"))


def approve_most(work: "UnitOfWork", _cast: "Cast") -> None:
    """One site is left for the next day."""
    for number in _settlements(work, "township_checked")[:-1]:
        settling.approve_settlement(work, number, wishes.ApproveSettlement(minutes="局务会纪要 助餐结算"))


def batch(work: "UnitOfWork", _cast: "Cast") -> None:
    """What was approved goes to the funds."""
    settling.batch_month(work, wishes.BatchMonth(month=_last_month(work)))


def _last_month(work: "UnitOfWork") -> str:
    return str(Period.of(work.today).previous())


def _settlements(work: "UnitOfWork", state: str) -> list[str]:
    asked = select(col(Settlement.id)).where(col(Settlement.state) == state, col(Settlement.month) == _last_month(work))
    return [str(number) for number in work.session.scalars(asked.order_by(col(Settlement.id)))]
