"""What happened with donations in the demo county: drives, gifts, goods, aid, households that are helped."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from core.api import Cast, DemoStep, Period, UnitOfWork
from plugins.donations import acts, wishes
from plugins.donations.models import Gift, Lot, Pair, Project
from plugins.donations.queries import lots_left

STEPS = [
    DemoStep(months_ago=(12,), day=8, by="clerk", run="plugins.donations.demo:open_drives"),
    DemoStep(months_ago=range(1, 12), day=14, by="clerk", run="plugins.donations.demo:receive_a_little"),
    DemoStep(days_ago=30, by="clerk", run="plugins.donations.demo:plan_winter"),
    DemoStep(days_ago=26, by="clerk", run="plugins.donations.demo:receive"),
    DemoStep(days_ago=19, by="clerk", run="plugins.donations.demo:receive"),
    DemoStep(days_ago=16, by="clerk", run="plugins.donations.demo:receive_goods"),
    DemoStep(days_ago=13, by="clerk", run="plugins.donations.demo:help_people"),
    DemoStep(days_ago=10, by="township_officer", run="plugins.donations.demo:pair_households"),
    DemoStep(days_ago=7, by="clerk", run="plugins.donations.demo:work_on"),
    DemoStep(days_ago=2, by="clerk", run="plugins.donations.demo:take_back"),
    DemoStep(months_ago=(1, 0), day=4, by="clerk", run="plugins.donations.demo:count_goods"),
]
DAY, STUDY, FLOOD, WINTER = "YRJ-01", "ZX-02", "FX-03", "DN-04"
PLAN = {
    "purpose": "帮助困难群众", "territory": "本县", "organiser": "陈会长", "ways": "转账、二维码",
    "plan": "全部用于救助，募捐费用不超过预算", "surplus": "用于同类救助项目",
}  # fmt: skip
UNITS = ("清溪建筑公司", "县第一小学工会", "惠民超市", "青山农机合作社", "城东诊所")


def open_drives(work: UnitOfWork, cast: Cast) -> None:
    """One drive that runs, one for pupils, one that ended and was not disclosed in time."""
    until = work.today + timedelta(days=700)
    papers = {"certificate": "湘慈募证 000 号", "certificate_to": until, "kind": "association"}
    cast.act(work, acts.CHARITY_ACTS["edit"], "1", **papers, contact="0731-00000003")
    for number, name, kind, start, days, more in (
        (DAY, "慈善一日捐", "one_day", -25, 0, {"target": "200000"}),
        (STUDY, "圆梦助学", "project", -20, 0, {"use": "education"}),
        (FLOOD, "夏季抗洪救灾", "disaster", -190, 60, {"use": "disaster"}),
    ):
        first = work.today + timedelta(days=start)
        filed = {"filed": first - timedelta(days=12), "filing_no": f"备案 {cast.dice.randint(1000, 9999)}"}
        end = {"end": first + timedelta(days=days)} if days else {}
        named = {"number": number, "name": name, "kind": kind, "start": first}
        cast.make(work, acts.file_new, wishes.NewFiledDrive, **named, **filed, **end, **PLAN, **more)


def plan_winter(work: UnitOfWork, cast: Cast) -> None:
    """A drive that is still to be filed."""
    winter = {"number": WINTER, "name": "冬季送温暖", "kind": "festival", "start": work.today + timedelta(days=45)}
    _new(work, cast, "drives", **winter, **PLAN)


def receive(work: UnitOfWork, cast: Cast) -> None:
    """Gifts of units and persons, named, under an alias and anonymous; some have no receipt yet."""
    for unit in cast.dice.sample(UNITS, 3):
        amount = f"{cast.dice.randint(20, 300) * 100}.00"
        _new(work, cast, "gifts", drive=DAY, donor=unit, donor_kind="org", amount=amount, display="name")
    for surname in cast.dice.sample("赵钱孙李周吴郑王冯陈", 4):
        amount = f"{cast.dice.choice([50, 100, 200, 366, 500])}.00"
        shown = cast.dice.choice([{"display": "name"}, {"alias": "一滴水"}, {"display": "anonymous"}])
        _new(
            work, cast, "gifts", drive=DAY, donor=f"{surname}先生", amount=amount, channel="qr", kind="online", **shown
        )
    study = {"drive": STUDY, "donor": "青山农机合作社", "donor_kind": "org", "restricted": "助学"}
    _new(work, cast, "gifts", **study, amount="12000.00", agreement="捐赠协议 3 号")
    _new(work, cast, "gifts", drive=DAY, amount="88.00", kind="cash", counted_by="周敏、陈光", note="捐款箱旁留下")


def receive_a_little(work: UnitOfWork, cast: Cast) -> None:
    """What comes in a quiet month: one unit and two persons."""
    amount = f"{cast.dice.randint(10, 60) * 100}.00"
    _new(work, cast, "gifts", drive=DAY, donor=cast.dice.choice(UNITS), donor_kind="org", amount=amount, display="name")
    for surname in cast.dice.sample("赵钱孙李周吴郑王冯陈", 2):
        amount = f"{cast.dice.choice([50, 100, 200])}.00"
        given = {"donor": f"{surname}女士", "amount": amount, "channel": "qr", "kind": "online", "display": "name"}
        _new(work, cast, "gifts", drive=DAY, **given)


def receive_goods(work: UnitOfWork, cast: Cast) -> None:
    """Quilts with an invoice, milk about to expire, a pledge, a box that was emptied by two."""
    given = {"drive": DAY, "donor": "惠民超市", "donor_kind": "org", "store": "慈善超市仓库"}
    quilts = {"item": "棉被", "quantity": 120, "unit_name": "床", "unit_value": "85", "basis": "invoice"}
    _new(work, cast, "goods", **given, **quilts, proof="发票 20881")
    milk = {"item": "牛奶", "quantity": 40, "unit_name": "箱", "expires": work.today + timedelta(days=33)}
    _new(work, cast, "goods", **given, **milk)
    oil = {"item": "食用油", "quantity": 60, "unit_name": "桶", "expires": work.today + timedelta(days=12)}
    _new(work, cast, "goods", **given, **oil)
    due = work.today + timedelta(days=40)
    _new(work, cast, "pledges", drive=DAY, donor="清溪建筑公司", donor_kind="org", amount="50000", due=due)
    box = {"drive": DAY, "place": "县政务大厅", "first_by": "周敏", "second_by": "陈光", "amount": "326.50"}
    _new(work, cast, "boxes", **box, sheet="清点 1 号")


def count_goods(work: UnitOfWork, cast: Cast) -> None:
    """Two people count what lay in the store at the end of the month before."""
    month = Period.of(work.today).previous()
    asked = select(Lot).join(Gift, col(Gift.id) == col(Lot.gift_id)).where(col(Gift.given_on) <= month.last_day)
    lots = list(work.session.scalars(asked.order_by(col(Lot.id))))
    for number, quantity in lots_left(work, lots, month.last_day).items():
        counted = {"count_month": str(month), "quantity": quantity, "first_by": "周敏", "second_by": "陈光"}
        cast.act(work, acts.LOT_ACTS["count"], number, **counted)


def help_people(work: UnitOfWork, cast: Cast) -> None:
    """Aid the board decided: two projects, money and goods for persons."""
    minutes = {"minutes": "理事会纪要 7 号", "budget": "30000"}
    _new(work, cast, "projects", title="临时生活困难救助", use="living", **minutes)
    _new(work, cast, "projects", title="圆梦助学金", use="education", restricted="助学", **minutes)
    living, study = [one.number for one in work.session.scalars(select(Project).order_by(col(Project.id)))]
    for person in cast.draw(work, 6, least=45, most=80, area=cast.town):
        amount = cast.dice.choice(["500", "800", "1000"])
        _new(work, cast, "spending", project=living, person=str(person), amount=amount, evidence="救助审批表")
    for person in cast.draw(work, 3, least=13, most=19, area=cast.town):
        _new(work, cast, "spending", project=study, person=str(person), amount="2000", restricted="助学")
    _new(work, cast, "spending", kind="management", amount="420.00", evidence="印制票据", minutes="理事会纪要 7 号")
    lot = work.session.scalars(select(col(Lot.id)).order_by(col(Lot.id))).first()
    _new(work, cast, "issues", lot=str(lot), quantity=35, receiver="桃水镇敬老院", project=living)


def pair_households(work: UnitOfWork, cast: Cast) -> None:
    """Eight households of the town: some helped and visited, some waiting for somebody who helps."""
    for at, household in enumerate(cast.households(work, 8, area=cast.town)):
        reason = cast.dice.choice(["户主长期患病", "因学致困", "单亲抚养", "房屋受灾"])
        _new(work, cast, "pairs", household=str(household), reason=reason, officer="赵丽", goals="收入稳定，子女在读")
        number = work.session.scalars(select(col(Pair.number)).order_by(col(Pair.id).desc())).first()
        if at % 4 == 3:
            continue
        helper = cast.dice.choice(UNITS)
        cast.act(work, acts.PAIR_ACTS["helper"], number, name=helper, kind="unit")
        cast.act(work, acts.PAIR_ACTS["start"], number)
        if at % 2 == 0:
            visit = {"visitor": "赵丽", "needs": "孩子学费", "found": 1, "solved": at // 4, "help": "goods"}
            cast.act(work, acts.PAIR_ACTS["visit"], number, **visit, given="送去米和油")


def work_on(work: UnitOfWork, cast: Cast) -> None:
    """What the four mechanisms did this month."""
    for mechanism, title in (
        ("publicity", "慈善政策进村宣讲"),
        ("fundraising", "慈善一日捐活动"),
        ("aid", "发放临时救助"),
        ("volunteering", "志愿者分拣物资"),
    ):
        _new(work, cast, "activities", mechanism=mechanism, title=title)


def take_back(work: UnitOfWork, cast: Cast) -> None:
    """A gift that was entered twice is taken back and stays readable."""
    asked = select(col(Gift.number)).where(col(Gift.state) != "void").order_by(col(Gift.id).desc())
    cast.act(work, acts.GIFT_ACTS["void"], work.session.scalars(asked).first(), reason="同一笔到账登记了两次")


def _new(work: UnitOfWork, cast: Cast, room: str, **given: Any) -> None:
    known = acts.NEW[room]
    cast.make(work, known.make, known.wish, **given)
