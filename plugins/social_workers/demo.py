"""What happened with social work in the demo county: workers, an agency, projects, groups, events, exams."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from core.api import Cast, DemoStep, UnitOfWork
from plugins.social_workers.acts import ROOMS
from plugins.social_workers.models import ExamSignup, Group, Project, Worker

STEPS = [
    DemoStep(months_ago=(11,), day=3, by="clerk", run="plugins.social_workers.demo:register"),
    DemoStep(months_ago=(11,), day=6, by="clerk", run="plugins.social_workers.demo:start_projects"),
    DemoStep(months_ago=(11,), day=9, by="clerk", run="plugins.social_workers.demo:plan_groups"),
    DemoStep(months_ago=range(10, 0, -1), day=12, by="clerk", run="plugins.social_workers.demo:go_out"),
    DemoStep(months_ago=(10, 9, 8, 7), day=19, by="clerk", run="plugins.social_workers.demo:meet"),
    DemoStep(days_ago=30, by="clerk", run="plugins.social_workers.demo:take_on"),
    DemoStep(days_ago=28, by="clerk", run="plugins.social_workers.demo:ask_for_money"),
    DemoStep(days_ago=24, by="clerk", run="plugins.social_workers.demo:open_cases"),
    DemoStep(days_ago=22, by="clerk", run="plugins.social_workers.demo:plan_groups"),
    DemoStep(days_ago=17, by="clerk", run="plugins.social_workers.demo:meet"),
    DemoStep(days_ago=10, by="clerk", run="plugins.social_workers.demo:meet"),
    DemoStep(days_ago=8, by="clerk", run="plugins.social_workers.demo:educate"),
    DemoStep(days_ago=3, by="clerk", run="plugins.social_workers.demo:meet"),
    DemoStep(days_ago=3, by="clerk", run="plugins.social_workers.demo:go_out"),
    DemoStep(days_ago=2, by="proposer", run="plugins.social_workers.demo:pay"),
]
AGENCY = "清溪社会工作服务中心"
REGISTERED_DAYS = (90, 370, 710, 732, 840, 1070, 170, 140)
"""How many days before the agency's year began each of its workers was registered: some are due for renewal since."""
NEWCOMERS_DAYS = (90, 300, 0, 0)
"""The same of those taken on last; with 0 somebody is not registered yet."""
LEVELS = ("intermediate", "assistant", "assistant", "senior")
THEMES = (("手机课堂", "亲子沟通"), ("健康操", "家长互助"))
"""What the groups of elders and of parents did, first and last."""


def register(work: UnitOfWork, cast: Cast) -> None:
    """An agency with its account and its workers, a station, posts."""
    year = work.today.year
    agency = {"name": AGENCY, "code": "52430223MJJ000001N", "registered_on": date(year - 3, 4, 1), "staff": 14}
    made = _new(work, cast, "agencies", **agency, area=work.settings.county.code, grade="3A", incubated=True)
    manager = cast.draw(work, 1, least=35, most=55)[0]
    _act(work, cast, "agencies", "account", made["id"], manager_id=manager, account_number="622848001234567890")
    _new(work, cast, "stations", name="桃水镇社工站", area=cast.town, agency=AGENCY, address="镇政府便民服务中心")
    town = {"area": cast.town, "planned": 2, "level": "assistant"}
    _new(work, cast, "posts", unit="桃水镇人民政府", title="社会救助社工", **town, treatment="参照社区工作者")
    _new(work, cast, "posts", unit="桃水镇中心学校", title="学校社工", **town)
    for at, person in enumerate(cast.draw(work, len(REGISTERED_DAYS), least=25, most=52, area=cast.town)):
        _worker(work, cast, person, at, REGISTERED_DAYS[at], agency=at < len(REGISTERED_DAYS) - 1)


def _worker(work: UnitOfWork, cast: Cast, person: int, at: int, days: int, *, agency: bool) -> None:
    since = work.today - timedelta(days=days or 500)
    given = {
        "level": LEVELS[at % 4], "certificate_no": f"{since.year - 1}043022{at:04d}", "passed_year": since.year - 1,
        "issued_on": date(since.year - 1, 11, 20), "registered_on": since if days else None,
        "field": cast.dice.choice(["elderly", "community", "child_youth", "assistance"]),
    }  # fmt: skip
    if agency:
        given |= {"agency": AGENCY, "post": "一线社工", "since": since}
    _new(work, cast, "workers", person_id=person, **given)


def take_on(work: UnitOfWork, cast: Cast) -> None:
    """Newcomers, and sign-ups for the exam."""
    for at, person in enumerate(cast.draw(work, len(NEWCOMERS_DAYS), least=25, most=52, area=cast.town)):
        _worker(work, cast, person, len(REGISTERED_DAYS) + at, NEWCOMERS_DAYS[at], agency=False)
    for person in cast.draw(work, 8, least=23, most=45):
        level = cast.dice.choice(["assistant", "intermediate"])
        trained = cast.dice.random() < 0.5  # noqa: PLR2004 - every other
        _new(work, cast, "exams", person_id=person, year=work.today.year, level=level, trained=trained)


def start_projects(work: UnitOfWork, cast: Cast) -> None:
    """A project that runs, one that is only approved, one that is drafted."""
    year, county = work.today.year, work.settings.county.code
    for name, source, contract, targets, steps in (
        ("桃水镇社工站服务", "LOTTERY", "180000", {"cases": 12, "groups": 4, "events": 12, "visits": 200}, 3),
        ("困境儿童陪伴计划", "COUNTY", "86000", {"cases": 8, "events": 6}, 1),
        ("失独家庭关怀", "DON_R", "42000", {"visits": 60}, 0),
    ):
        wish = {"name": name, "purchaser": "县民政局", "source": source, "contract": contract, "agency": AGENCY}
        days = {
            "since": work.today.replace(day=1),
            "until": date(year + 1, 12, 31),
            "area": cast.town if steps == 3 else county,
        }
        number = _new(work, cast, "projects", **wish, **days, **targets)["number"]
        if steps:
            _act(work, cast, "projects", "approve", number, minutes=f"县民政局会议纪要〔{year}〕3号")
        if steps > 1:
            _act(work, cast, "projects", "contract", number, contract_no=f"HT-{number}", agency=AGENCY)
            _act(work, cast, "projects", "start", number)


def ask_for_money(work: UnitOfWork, cast: Cast) -> None:
    """The agency hands in the invoice of the first instalment."""
    given = {"stage": "contract", "invoice_no": "24430000000012345", "minutes": f"会议纪要〔{work.today.year}〕5号"}
    _act(work, cast, "projects", "invoice", _running(work), **given)


def open_cases(work: UnitOfWork, cast: Cast) -> None:
    """Seven cases at intake, one of them a crisis; a link of community and organisation; a worker is sent elsewhere."""
    one, two, *_rest = _workers(work)
    needs = (["economic"], ["emotional", "family_relation"], ["guardianship"], ["health"], ["behaviour"])
    for at, client in enumerate(cast.draw(work, 7, least=18, most=80, area=cast.town)):
        risk = "crisis" if at == 6 else cast.dice.choice(["low", "medium"])
        given = {"needs": needs[at % 5], "risk": risk, "goal": "改善家庭支持，链接资源", "project": _running(work)}
        case = {"client_id": client, "worker": one.number, "supervisor": two.number, "consent_on": work.today}
        _new(work, cast, "cases", **case, **given)
    village = cast.villages(work)[0]
    link = {"community": "社区居委会", "organisation": "桃水镇老年协会", "plan": "每月一次助老集市"}
    _new(work, cast, "links", area=village, worker=one.number, **link)
    sent = {"worker": _workers(work)[7].number, "unit": "网岭镇儿童之家", "area": "430223106", "since": work.today}
    _new(work, cast, "dispatches", **sent)


def plan_groups(work: UnitOfWork, cast: Cast) -> None:
    """A group of elders and one of parents, with their members."""
    themes = THEMES[cast.kept.setdefault("groups", 0)]
    cast.kept["groups"] += 1
    for theme, kind, least, most in zip(themes, ("education", "growth"), (60, 28), (78, 48), strict=True):
        worker = cast.dice.choice(_workers(work)[:4]).number
        given = {"theme": theme, "kind": kind, "worker": worker, "area": cast.town, "sessions_planned": 4}
        number = _new(work, cast, "groups", **given, project=_running(work), place="镇社工站")["number"]
        members = cast.draw(work, 8, least=least, most=most, area=cast.town)
        _act(work, cast, "groups", "recruit", number, members=members)


def meet(work: UnitOfWork, cast: Cast) -> None:
    """A session of each of the last two groups."""
    for group in work.session.scalars(select(Group).order_by(col(Group.id).desc()).limit(2)).all():
        asked = [one["person_id"] for one in ROOMS["groups"].shown(work, group.number)["members"]]
        came = sorted(cast.dice.sample(asked, len(asked) - cast.dice.randint(0, 2)))
        _act(work, cast, "groups", "session", group.number, minutes=90, attended=came)


def go_out(work: UnitOfWork, cast: Cast) -> None:
    """An event of the town, a few visits at homes."""
    worker, title = _workers(work)[1].number, cast.dice.choice(["重阳敬老", "反家暴宣传", "儿童安全教育", "义诊进村"])
    given = {"title": title, "worker": worker, "area": cast.town, "place": f"{work.today:%m-%d} 文化广场"}
    number = cast.dice.randint(35, 120)
    _new(work, cast, "events", **given, project=_running(work), participants=number, volunteers=6, cost="380.00")
    for person in cast.draw(work, 4, least=65, most=92, area=cast.town):
        visit = {"worker": worker, "person_id": person, "minutes": cast.dice.choice([30, 40, 50])}
        _act(work, cast, "projects", "visit", _running(work), **visit)


def educate(work: UnitOfWork, cast: Cast) -> None:
    """Courses and supervision; results of the exam, half of them; somebody leaves the agency."""
    workers = _workers(work)
    for one in workers[:8]:
        given = {"hours": cast.dice.choice(["6", "12", "24"]), "provider": "县社会工作协会", "proof": "结业证"}
        _act(work, cast, "workers", "educate", one.number, course="社会救助社会工作实务", **given)
    supervised = {"supervisor": workers[0].number, "kind": "group", "hours": "2", "topic": "个案记录"}
    _act(work, cast, "workers", "supervise", workers[2].number, **supervised)
    _act(work, cast, "workers", "leave", workers[6].number)
    for at, signup in enumerate(work.session.scalars(select(ExamSignup).order_by(col(ExamSignup.id))).all()):
        if at % 2 == 0:
            passed = [] if at % 4 else signup.subjects.split(",")
            _act(work, cast, "exams", "result", signup.id, passed=passed, absent=at == 6)


def pay(work: UnitOfWork, cast: Cast) -> None:
    """The first instalment goes into the month's batch."""
    from plugins.social_workers.acts import pay as pay_out
    from plugins.social_workers.project_wishes import Pay

    cast.make(work, pay_out, Pay, month=f"{work.today:%Y-%m}")


def _workers(work: UnitOfWork) -> list[Worker]:
    return list(work.session.scalars(select(Worker).order_by(col(Worker.id))))


def _running(work: UnitOfWork) -> str:
    return work.session.scalars(select(col(Project.number)).where(col(Project.state) == "running")).one()


def _new(work: UnitOfWork, cast: Cast, room: str, **given: Any) -> Any:
    known = ROOMS[room].new
    return cast.make(work, known.make, known.wish, **given).data


def _act(work: UnitOfWork, cast: Cast, room: str, name: str, text: object, **given: Any) -> None:
    cast.act(work, ROOMS[room].acts[name], text, **given)
