"""What happened with voluntary service in the demo county: teams, volunteers, a year of hours, activities."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import col

from core.api import COUNTY_TIME, Cast, DemoStep, UnitOfWork, facts_of, payees_of_persons
from plugins.volunteers import acts, wishes
from plugins.volunteers.models import Activity, Attendance, Complaint, Org, Record, Signup, Subsidy, Volunteer

STEPS = [
    DemoStep(months_ago=(12,), day=3, by="clerk", run="plugins.volunteers.demo:found_teams"),
    DemoStep(months_ago=(12,), day=4, by="clerk", run="plugins.volunteers.demo:register_people"),
    DemoStep(months_ago=(12,), day=5, by="clerk", run="plugins.volunteers.demo:carry_hours"),
    DemoStep(months_ago=(12,), day=6, by="township_officer", run="plugins.volunteers.demo:confirm_hours"),
    DemoStep(months_ago=range(1, 12), day=21, by="clerk", run="plugins.volunteers.demo:serve_a_month"),
    DemoStep(months_ago=range(1, 12), day=23, by="township_officer", run="plugins.volunteers.demo:confirm_hours"),
    DemoStep(days_ago=26, by="clerk", run="plugins.volunteers.demo:plan_activities"),
    DemoStep(days_ago=12, by="township_officer", run="plugins.volunteers.demo:sign_in"),
    DemoStep(days_ago=9, by="clerk", run="plugins.volunteers.demo:enter_hours"),
    DemoStep(days_ago=8, by="township_officer", run="plugins.volunteers.demo:confirm_hours"),
    DemoStep(days_ago=7, by="clerk", run="plugins.volunteers.demo:subsidise"),
    DemoStep(days_ago=6, by="clerk", run="plugins.volunteers.demo:honour"),
    DemoStep(days_ago=5, by="clerk", run="plugins.volunteers.demo:certify"),
    DemoStep(days_ago=4, by="clerk", run="plugins.volunteers.demo:ask"),
    DemoStep(days_ago=4, by="clerk", run="plugins.volunteers.demo:register_newcomers"),
    DemoStep(days_ago=2, by="proposer", run="plugins.volunteers.demo:pay"),
    DemoStep(days_ago=3, by="township_officer", run="plugins.volunteers.demo:look_again"),
    DemoStep(days_ago=2, by="clerk", run="plugins.volunteers.demo:enter_last_hours"),
]
HELPERS, NEWCOMERS, MINORS = 19, 3, 2
SHIFTS = (("08:30", "11:30"), ("14:00", "16:30"), ("09:00", "12:00"))
CARRIED = ("98.5", "296.5", "120", "640", "45.5", "1010.5")


def found_teams(work: UnitOfWork, cast: Cast) -> None:
    """A federation, two teams of the town, one for soldiers' families, one for disasters."""
    county = work.settings.county.code
    bureau = {"sponsor": "县民政局", "leader": "周站长", "contact": "0731-00000001", "opened_on": date(2024, 3, 5)}
    for name, area, more in (
        ("县志愿服务联合会", county, {"code": "", "insured": True}),
        ("桃水镇志愿服务队", cast.town, {"sponsor": "桃水镇人民政府", "leader": "陈队长"}),
        ("桃水镇老年互助社", cast.town, {"sponsor": "桃水镇人民政府", "leader": "刘社长"}),
        ("县拥军优属志愿服务队", county, {"double_support": True}),
        ("桃水镇应急救援队", cast.town, {"relief": True, "insured": True, "leader": "何队长"}),
    ):
        cast.make(work, acts.add_org, wishes.AddOrg, **({"name": name, "area": area} | bureau | more))


def register_people(work: UnitOfWork, cast: Cast) -> None:
    """Grown-up volunteers with their teams, and two minors with consent."""
    drawn = cast.draw(work, HELPERS, least=19, most=68, area=cast.town)
    teams = [str(one.id) for one in work.session.scalars(select(Org).order_by(col(Org.id)))]
    for at, person in enumerate(drawn):
        wish = wishes.Register(
            person_id=person,
            phone=f"1990000{at:04d}",
            availability=cast.dice.choice(["周末", "工作日晚间", "寒暑假", "随时"]),
            named=at % 3 == 0,
        )
        number = str(acts.register(work, wish).data["number"])
        cast.act(work, acts.VOLUNTEER_ACTS["accept"], number, note="身份核对一致")
        cast.act(work, acts.ORG_ACTS["join"], teams[1 + at % 4], volunteer=number)
        _train(work, cast, number, at)
    guardian = drawn[0]
    for person in cast.draw(work, MINORS, least=15, most=17):
        wish = wishes.Register(person_id=person, guardian_id=guardian, consent_on=work.today)
        number = str(acts.register(work, wish).data["number"])
        cast.act(work, acts.VOLUNTEER_ACTS["accept"], number)


def register_newcomers(work: UnitOfWork, cast: Cast) -> None:
    """Some who still wait for the check of their identity."""
    for at, person in enumerate(cast.draw(work, NEWCOMERS, least=19, most=68, area=cast.town)):
        acts.register(
            work, wishes.Register(person_id=person, phone=f"1990001{at:04d}", availability="周末", named=False)
        )


def _train(work: UnitOfWork, cast: Cast, number: str, at: int) -> None:
    if at % 4 == 3:
        known = {"course": "first_aid", "title": "急救员初级培训", "hours": "6", "held_on": work.today}
        cast.act(work, acts.VOLUNTEER_ACTS["training"], number, **known)
        cast.act(work, acts.VOLUNTEER_ACTS["skill"], number, skill="first_aid")
    elif at % 4 == 1:
        skill = cast.dice.choice(["teaching", "repair", "hairdressing", "cooking", "it"])
        cast.act(work, acts.VOLUNTEER_ACTS["skill"], number, skill=skill)


def carry_hours(work: UnitOfWork, cast: Cast) -> None:
    """What an older system had confirmed, with its paper."""
    for one, hours in zip(_active(work), CARRIED, strict=False):
        wish = wishes.CarryHours(
            volunteer=one.number, org="桃水镇志愿服务队", hours=hours, until=date(work.today.year - 1, 12, 31),
            evidence=f"旧系统证明 {cast.dice.randint(100, 999)} 号",
        )  # fmt: skip
        acts.carry(work, wish)


def confirm_hours(work: UnitOfWork, cast: Cast) -> None:
    """The township confirms what others entered, but for the last few."""
    asked = select(Record).where(col(Record.state) == "entered", col(Record.area).startswith(cast.town))
    for one in list(work.session.scalars(asked.order_by(col(Record.id)))):
        cast.act(work, acts.RECORD_ACTS["confirm"], one.id, evaluation=cast.dice.choice([4, 5, 5]))


def serve_a_month(work: UnitOfWork, cast: Cast) -> None:
    """Two teams of the town were out this month, each with some of the volunteers."""
    for days, org, field, content in (
        (12, "桃水镇老年互助社", "elder", "上门照看独居老人"),
        (5, "桃水镇志愿服务队", "environment", "清理村道和沟渠"),
    ):
        on = work.today - timedelta(days=days)
        begin, end = cast.dice.choice(SHIFTS)
        for one in sorted(cast.dice.sample(_active(work), 4), key=lambda one: one.number):
            wish = wishes.AddHours(
                volunteer=one.number, org=org, field=field, content=content, on=on, begin=begin, end=end
            )
            acts.add_hours(work, wish)


def plan_activities(work: UnitOfWork, cast: Cast) -> None:
    """Six activities: two past, one under way, one to come, one that lacks its insurance, one cancelled."""
    village = cast.villages(work)[0]
    for title, org, kind, days, more in (
        ("敬老院清扫和理发", "桃水镇志愿服务队", "elder", -14, {}),
        ("走访慰问优抚对象", "县拥军优属志愿服务队", "double_support", -10, {"contact": "0731-00000002"}),
        ("乡村河道清洁", "桃水镇老年互助社", "community", -14, {"field": "environment"}),
        ("周末儿童课业辅导", "桃水镇志愿服务队", "child", 6, {"slots": 8, "max_age": 60}),
        ("河堤隐患巡查", "桃水镇应急救援队", "disaster", 12, {"risk": "high"}),
        ("文化晚会秩序维护", "县志愿服务联合会", "event", 3, {}),
    ):
        day = work.today + timedelta(days=26 + days)
        wish = {
            "title": title, "org": org, "kind": kind, "area": village, "place": "村部", "leader": "陈队长",
            "starts": f"{day} 08:00", "ends": f"{day} 17:30", "slots": 20,
        } | more  # fmt: skip
        number = str(cast.make(work, acts.plan, wishes.PlanActivity, **wish).data["number"])
        if kind == "disaster":
            continue
        cast.act(work, acts.ACTIVITY_ACTS["publish"], number)
        if kind == "event":
            cast.act(work, acts.ACTIVITY_ACTS["cancel"], number, cause="weather")
            continue
        _sign_up(work, cast, number, 11)


def _sign_up(work: UnitOfWork, cast: Cast, number: str, count: int) -> None:
    activity = _activity(work, number)
    on = activity.starts_at.astimezone(COUNTY_TIME).date()
    known = facts_of(work, [one.person_id for one in _active(work)])
    grown = [one for one in _active(work) if _years(known[one.person_id].birth_date, on) in range(18, 60)]
    busy = _expected(work, on)
    free = [one for one in grown if one.id not in busy]
    for one in sorted(cast.dice.sample(free, min(count, len(free))), key=lambda one: one.number):
        cast.act(work, acts.ACTIVITY_ACTS["signup"], number, volunteer=one.number)


def _expected(work: UnitOfWork, on: date) -> set[int]:
    """Who is expected somewhere else that day."""
    asked = select(col(Signup.volunteer_id), col(Activity.starts_at)).join(
        Activity, col(Activity.id) == col(Signup.activity_id)
    )
    return {row[0] for row in work.session.execute(asked) if row[1].astimezone(COUNTY_TIME).date() == on}


def sign_in(work: UnitOfWork, cast: Cast) -> None:
    """The first activity is over; somebody was signed in at another one and forgot to sign out."""
    today = {"title": "集镇秩序劝导", "org": "桃水镇志愿服务队", "kind": "community", "leader": "陈队长"}
    place = {"area": cast.villages(work)[0], "starts": f"{work.today} 08:30", "ends": f"{work.today} 17:00"}
    number = str(cast.make(work, acts.plan, wishes.PlanActivity, **today, **place).data["number"])
    cast.act(work, acts.ACTIVITY_ACTS["publish"], number)
    one = _active(work)[2]
    cast.act(work, acts.ACTIVITY_ACTS["signup"], number, volunteer=one.number)
    cast.act(work, acts.ACTIVITY_ACTS["sign"], number, card=one.token)


def enter_hours(work: UnitOfWork, cast: Cast) -> None:
    """The leaders enter the hours of what is over."""
    for activity in _past(work):
        for step in ("start", "finish"):
            cast.act(work, acts.ACTIVITY_ACTS[step], activity.number)
        on = activity.starts_at.astimezone(COUNTY_TIME).date()
        begin, end = cast.dice.choice(SHIFTS)
        signed = select(Volunteer).join(Signup, col(Signup.volunteer_id) == col(Volunteer.id))
        asked = signed.where(col(Signup.activity_id) == activity.id, col(Signup.state) == "accepted")
        expected = list(work.session.scalars(asked.order_by(col(Volunteer.id))))
        for one in expected[:-1]:
            breaks = cast.dice.choice([0, 0, 15])
            acts.add_hours(
                work,
                wishes.AddHours(
                    volunteer=one.number, activity=activity.number, on=on, begin=begin, end=end, breaks=breaks
                ),
            )
        for one in expected[-1:]:
            cast.act(work, acts.ACTIVITY_ACTS["unsign"], activity.number, volunteer=one.number, absent=True)


def subsidise(work: UnitOfWork, cast: Cast) -> None:
    """A meal for those who served and have an account at the bank, the way for some of them."""
    asked = select(Record).where(col(Record.state) == "confirmed", col(Record.kind) == "service")
    rows = list(work.session.scalars(asked.order_by(col(Record.id))))
    people = {one.id: one.person_id for one in work.session.scalars(select(Volunteer))}
    payees = payees_of_persons(work, {people[one.volunteer_id] for one in rows})
    for at, one in enumerate([one for one in rows if people[one.volunteer_id] in payees][:9]):
        cast.act(work, acts.RECORD_ACTS["subsidy"], one.id, kind="meal", amount=cast.dice.choice(["15", "20"]))
        if at % 3 == 0:
            cast.act(work, acts.RECORD_ACTS["subsidy"], one.id, kind="transport", amount="8.00")


def ask(work: UnitOfWork, cast: Cast) -> None:
    """Four ask for a certificate: one was forgotten past its day, one is issued, one cannot be."""
    for one, days in zip(_active(work)[2:6], (25, 6, 3, 0), strict=False):
        given = {"volunteer": one.number, "org": "桃水镇志愿服务队", "requested_on": work.today - timedelta(days=days)}
        number = cast.make(work, acts.ask_certificate, wishes.RequestCertificate, **given).data["number"]
        if days == 6:
            cast.act(work, acts.REQUEST_ACTS["issue"], number, handler="周敏")
        if days == 3:
            cast.act(work, acts.REQUEST_ACTS["refuse"], number, reason="时长有异议，核实后再出具")


def pay(work: UnitOfWork, cast: Cast) -> None:
    """The meeting agreed: what waits goes into the month's batch."""
    if work.session.scalars(select(Subsidy)).first() is not None:
        meeting = f"局长办公会纪要〔{work.today.year}〕11号"
        cast.make(work, acts.pay, wishes.PaySubsidies, month=f"{work.today:%Y-%m}", minutes=meeting)


def honour(work: UnitOfWork, cast: Cast) -> None:
    """Honours, a complaint that is settled and one that waits; somebody moves away, somebody is struck off."""
    ready = _active(work)
    for one in ready[:3]:
        wish = {"kind": "commendation", "level": "county", "title": "年度优秀志愿者", "body": "县志愿服务联合会"}
        cast.act(work, acts.VOLUNTEER_ACTS["honour"], one.number, **wish)
    cast.act(work, acts.VOLUNTEER_ACTS["withdraw"], ready[-1].number, reason="外出务工，本人申请退出")
    cast.act(work, acts.VOLUNTEER_ACTS["remove"], ready[-2].number, reason="借志愿服务推销商品，查实")
    for matter in ("队员约定时间没有到场", "登记的时长与实际不符"):
        cast.act(work, acts.ORG_ACTS["complaint"], "桃水镇志愿服务队", matter=matter)
    first = work.session.scalars(select(col(Complaint.id)).order_by(col(Complaint.id))).first()
    cast.act(work, acts.ORG_ACTS["settle"], "桃水镇志愿服务队", complaint=first, outcome="settled")
    late = [one for one in work.session.scalars(select(Activity)) if one.state == "finished"]
    cast.act(work, acts.ACTIVITY_ACTS["settle"], late[0].number)


def certify(work: UnitOfWork, cast: Cast) -> None:
    """Two certificates; one was wrong and is out of force."""
    for one in _active(work)[:2]:
        made = acts.certify(work, wishes.IssueCertificate(volunteer=one.number, org="桃水镇志愿服务队"))
    cast.act(work, acts.CERTIFICATE_ACTS["revoke"], made.data["number"], reason="打印时漏了一段服务")


def look_again(work: UnitOfWork, cast: Cast) -> None:
    """The township takes a record back and notes an objection to another."""
    asked = select(Record).where(col(Record.state) == "confirmed", col(Record.kind) == "service")
    mine = asked.where(col(Record.area).startswith(cast.town)).order_by(col(Record.id).desc())
    wrong, doubted = list(work.session.scalars(mine))[:2]
    cast.act(work, acts.RECORD_ACTS["reverse"], wrong.id, reason="把路途时间算在内")
    cast.act(work, acts.RECORD_ACTS["dispute"], doubted.id, reason="本人说提前一小时离开")


def enter_last_hours(work: UnitOfWork, cast: Cast) -> None:
    """Hours of the last days that wait for somebody to confirm them."""
    inside = set(work.session.scalars(select(col(Attendance.volunteer_id)).where(col(Attendance.state) == "open")))
    for one in [one for one in _active(work) if one.id not in inside][:6]:
        begin, end = cast.dice.choice(SHIFTS)
        wish = wishes.AddHours(
            volunteer=one.number, org="桃水镇老年互助社", field="elder", on=work.today - timedelta(days=1), begin=begin,
            end=end, content="上门照看独居老人",
        )  # fmt: skip
        acts.add_hours(work, wish)


def _active(work: UnitOfWork) -> list[Volunteer]:
    return list(
        work.session.scalars(select(Volunteer).where(col(Volunteer.state) == "active").order_by(col(Volunteer.id)))
    )


def _activity(work: UnitOfWork, number: str) -> Activity:
    return work.session.scalars(select(Activity).where(col(Activity.number) == number)).one()


def _past(work: UnitOfWork) -> list[Activity]:
    asked = select(Activity).where(col(Activity.state) == "published", col(Activity.ends_at) < work.now)
    return list(work.session.scalars(asked.order_by(col(Activity.id))))


def _years(born: date | None, on: date) -> int:
    return (on - born).days // 366 if born else 0
