"""What happened with double support in the demo county: visits, projects, a score sheet, families, education."""

from datetime import date
from typing import Any

from core.api import Cast, DemoStep, UnitOfWork, household_of
from plugins.double_support.acts import ROOMS
from plugins.double_support.score_files import sheet_of
from plugins.double_support.services.assessing import take_sheet

STEPS = [
    DemoStep(days_ago=40, by="clerk", run="plugins.double_support.demo:agree"),
    DemoStep(days_ago=25, by="clerk", run="plugins.double_support.demo:visit"),
    DemoStep(days_ago=12, by="clerk", run="plugins.double_support.demo:serve"),
    DemoStep(days_ago=5, by="clerk", run="plugins.double_support.demo:assess"),
]
TITLES = (
    "维修训练场道路", "送文化进军营", "随军家属专场招聘", "军人子女入学", "军地医疗协作", "山塘清淤", "义务植树",
    "助学帮扶",
    "抢险联训", "爱国主义宣讲", "军营饮水改造", "法律服务进军营", "退役前技能培训", "应急救护培训", "文物修缮",
    "乡村道路抢修", "军民文艺汇演", "科普进校园", "敬老院义诊", "消防演练",
)  # fmt: skip


def agree(work: UnitOfWork, cast: Cast) -> None:
    """Two units by code name, the year's twenty projects: most done, some running, one late."""
    year = work.today.year
    for code in ("协作单位甲", "协作单位乙"):
        _new(work, cast, "units", code=code)
    for no, title in enumerate(TITLES, 1):
        given = {
            "no": no,
            "title": title,
            "responsible": "县直责任单位",
            "unit": "协作单位甲" if no % 2 else "协作单位乙",
        }
        direction = "locality_for_army" if no % 2 else "army_for_locality"
        number = _new(work, cast, "projects", **given, direction=direction, year=year, budget="20000")["id"]
        if no == 20:
            _act(work, cast, "projects", "delay", number, reason="等待用地手续")
            continue
        _act(work, cast, "projects", "agree", number, document=f"{year} 年互办实事清单")
        _act(work, cast, "projects", "start", number)
        if no <= 13:
            _act(work, cast, "projects", "finish", number, evidence="验收单")
    given = {"unit": "协作单位甲", "partner": "桃水社区", "content": "每季度一次共建活动"}
    _new(work, cast, "agreements", number=f"GJ-{year}-1", **given)


def visit(work: UnitOfWork, cast: Cast) -> None:
    """A plan of visits with a list, minutes, visits and a need; plaques of the households."""
    number = _new(work, cast, "plans", festival="army_day", title="八一走访慰问", groups="优抚对象")["number"]
    _act(work, cast, "plans", "category", number, category="优抚对象", amount="300", households=12)
    people = [one for one in cast.draw(work, 12, least=45, most=85, area=cast.town) if household_of(work, one)]
    homes = {home[0]: one for one in people if (home := household_of(work, one))}
    ids = []
    for person in homes.values():
        made = _act(work, cast, "plans", "add-household", number, person_id=person, category="优抚对象")
        ids.append(made["id"])
        _new(work, cast, "plaques", person_id=person, kind="veteran")
    _act(work, cast, "plans", "close-list", number)
    _act(work, cast, "plans", "fund", number, minutes=f"县双拥办会议纪要〔{work.today.year}〕2号", decided="3600")
    for at, one in enumerate(ids[:-2]):
        needs = "希望修缮房屋" if at == 0 else ""
        _act(work, cast, "visits", "record", one, leader="刘副县长", companion="陈干事", needs=needs)


def serve(work: UnitOfWork, cast: Cast) -> None:
    """Spouses, a school request, groups, service points, classes, events, a base, the budget, titles."""
    year = work.today.year
    for at, person in enumerate(cast.draw(work, 4, least=24, most=40, sex=2)):
        number = _new(work, cast, "spouses", person_id=person)["number"]
        if at < 2:
            _act(work, cast, "spouses", "subsidise", number)
        elif at == 2:
            _act(work, cast, "spouses", "place", number, employer="县人民医院")
    for child in cast.draw(work, 2, least=7, most=14):
        _new(work, cast, "schools", person_id=child, stage="primary", wanted="县第一小学")
    support = {"unit": "协作单位甲", "purpose": "water", "amount": "20000", "minutes": "县双拥办会议纪要 4 号"}
    _new(work, cast, "support", **support, elsewhere=True)
    for name, kind, trade in (
        ("爱心理发店", "trade", "理发"),
        ("法律服务队", "team", ""),
        ("退役军人协会", "organisation", ""),
    ):
        _new(work, cast, "groups", name=name, kind=kind, trade=trade, members=12)
    for village in cast.villages(work)[:6]:
        _new(work, cast, "points", area=village, name="双拥服务点")
    school_year = f"{year - 1}-{year}"
    for school, hours in (("桃水镇中心学校", "4.5"), ("网岭镇中心学校", "4"), ("黄丰桥镇中学", "3.5")):
        _new(work, cast, "classes", school=school, grade="五年级", school_year=school_year, hours=hours, pupils=120)
    for kind, title in (("film", "国防影片放映"), ("base_visit", "参观烈士陵园"), ("contest", "国防知识竞赛")):
        _new(work, cast, "events", kind=kind, title=title, people=180)
    _new(work, cast, "bases", name="县烈士陵园", level="county", named_on=date(year - 8, 4, 1))
    _new(work, cast, "budgets", year=year, population=300_000, budgeted="12000", document=f"县财预〔{year}〕3号")
    for at, result in enumerate(("won", "won", "lost", "won"), 1):
        number = _new(work, cast, "titles", level="province", round=at, year=year - 20 + at * 4)["id"]
        _act(work, cast, "titles", "decide", number, result=result, document=f"省双拥〔{year - 20 + at * 4}〕1号")
    _new(work, cast, "titles", level="province", round=5, year=year)


def assess(work: UnitOfWork, cast: Cast) -> None:
    """The illustrative score sheet of the handbook; one item lacks its proof."""
    tree = (
        ("组织领导", 15), ("宣传和国防教育", 15), ("政策落实", 30), ("支持部队", 15), ("拥政爱民", 10),
        ("基层活动", 15),
    )  # fmt: skip
    items = [
        {
            "no": str(at), "title": title, "max": most,
            "children": [
                {"no": f"{at}.1", "title": f"{title}：制度", "max": most - 5, "self": most - 6, "evidence": ["文件"]},
                {"no": f"{at}.2", "title": f"{title}：成效", "max": 5, "self": 5, "evidence": "台账" if at < 6 else ""},
            ],
        }
        for at, (title, most) in enumerate(tree, 1)
    ]  # fmt: skip
    take_sheet(work, sheet_of({"level": "province", "year": work.today.year, "items": items}))


def _new(work: UnitOfWork, cast: Cast, room: str, **given: Any) -> Any:
    new = ROOMS[room].new
    return cast.make(work, new.make, new.wish, **given).data if new else {}


def _act(work: UnitOfWork, cast: Cast, room: str, name: str, text: object, **given: Any) -> Any:
    return cast.act(work, ROOMS[room].acts[name], text, **given).data
