"""The acceptance examples of the handbook, the cases of double support, the bad input of the page."""

import json
from datetime import date

import pytest

from core.api import Refused
from core.policy import SetPolicy, set_policy
from core.testing import VILLAGE
from plugins.double_support import rules, statistics
from plugins.double_support.acts import ROOMS
from plugins.double_support.score_files import sheet_of
from plugins.double_support.services.assessing import sheet_facts, take_sheet
from plugins.double_support.words import SIX_ONES, THREE_ONES

from .conftest import codes


def sheet(items=50, proved=50, score=2, veto=(), **head):
    """A sheet of a heading for each ten items."""
    lines = [
        {
            "no": str(at), "title": f"项目{at}", "max": 2, "self": score, "veto": at in veto,
            "evidence": ["文件"] if at <= proved else [],
        }
        for at in range(1, items + 1)
    ]  # fmt: skip
    return {"level": "province", "year": 2026, **head, "items": lines}


def take(place, given):
    with place.county.begin() as work:
        made, _warnings = take_sheet(work, sheet_of(given))
        return sheet_facts(work, made)


def test_twenty_projects_thirteen_done_six_running_one_delayed(place, run):
    place.unit()
    states = ["done"] * 13 + ["running"] * 6 + ["delayed"]
    for no, state in enumerate(states, 1):
        place.project(no, state, direction="army_for_locality" if no % 2 else "locality_for_army")
    made = run("double-support", "project", "list", "--year", "2026", "--json")
    assert made.exit_code == 0, made.talk
    assert (made.data["progress"], made.data["on_schedule"]) == (65.0, 95.0)
    assert (made.data["planned"], made.data["met"], made.data["gap"]) == (20, False, 7)
    assert [one["no"] for one in made.data["projects"]] == list(range(1, 21))


@pytest.mark.parametrize(("done", "met", "gap"), [(19, False, 1), (20, True, 0), (21, True, 0)])
def test_the_year_is_met_at_twenty_done(done, met, gap):
    year = rules.year_of((no, "done" if no <= done else "running") for no in range(1, 22))
    assert (year.done >= 20, year.gap(20)) == (met, gap)


def test_a_veto_shows_the_total_and_makes_it_not_recommendable(place, run, tmp_path):
    given = sheet(items=50, score=2, veto={7})
    given["items"][0]["self"] = 0
    for at in range(1, 6):
        given["items"][at]["self"] = 1
    file = tmp_path / "评分表.json"
    file.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    made = run("double-support", "self-assess", str(file), "--json")
    assert made.exit_code == 0, made.talk
    assert (made.data["score"], made.data["recommendable"], made.data["veto"]) == (93.0, False, True)
    assert made.data["result"] == "93 分，不能推荐（一票否决）"


def test_forty_nine_of_fifty_items_with_evidence_are_not_ready(place):
    facts = take(place, sheet(items=50, proved=49))
    assert (facts["ready"], facts["gap"], facts["without_evidence"]) == (False, 1, ["50"])
    with pytest.raises(Refused) as refusal:
        place.act("sheets", "submit", facts["id"])
    assert codes(refusal) == {"E_DBL_EVIDENCE"}
    place.act("items", "evidence", 50, evidence="县文〔2026〕8 号")
    for step in ("assign", "rectified", "review", "submit", "check"):
        place.act("sheets", step, facts["id"])
    place.act("sheets", "close", facts["id"], result="won")
    assert place.show("sheets", facts["id"])["ready"] is True


def test_defence_education_needs_five_fen_a_head(place):
    place.add("budgets", year=2026, population=300_000, budgeted="12000", document="县财预〔2026〕3 号")
    shown = place.show("budgets", 1)
    assert (shown["required_fen"], shown["gap_fen"], shown["state"]) == (1_500_000, 300_000, "short")
    assert rules.required_fen(300_000, 5) == 1_500_000


def test_a_school_is_met_at_four_hours_and_never_averaged(place, run):
    for grade, hours in (("一年级", "3.5"), ("二年级", "6")):
        place.add("classes", school="甲小学", grade=grade, school_year="2025-2026", hours=hours)
    place.add("classes", school="乙小学", grade="一年级", school_year="2025-2026", hours="4")
    place.add("classes", school="丙小学", grade="一年级", school_year="2025-2026", hours="4.5")
    found = run("double-support", "schools", "--school-year", "2025-2026", "--json").data
    assert [(row["school"], row["hours"], row["met"]) for row in found["rows"]] == [
        ("丙小学", 4.5, True), ("乙小学", 4.0, True), ("甲小学", 3.5, False)]  # fmt: skip
    assert found["rate"] == 66.7


def test_a_streak_counts_to_the_last_decided_round(place, run):
    for at, result in enumerate(["won", "won", "lost", "won", "pending"], 1):
        number = place.add("titles", level="province", round=at, year=2004 + at * 4)["id"]
        if result != "pending":
            place.act("titles", "decide", number, result=result, document=f"省双拥〔{at}〕号")
    found = run("double-support", "streak", "--level", "province", "--json").data
    assert (found["streak"], found["streak_if_confirmed"]) == (1, 2)
    assert rules.streak(["won"] * 6) == (6, 6)


SECRETS = (
    "慰问 32541 部队", "慰问３２５４１部队", "九四八五一部队", "3-2-5-4-1 部 队", "该部番号保密", "第 31 集团军",
    "某合成旅，即 112 旅",
    "约三百名官兵", "营区位于东山", "现任某部营长", "北纬 27 度",
)  # fmt: skip
PLAIN = (
    "慰问驻县部队",
    "20 名随军家属",
    "协作单位甲",
    "2026 年部队慰问",
    "3 支队伍",
    "第三旅游区义务劳动",
    "战士家庭 3 户",
)


@pytest.mark.parametrize("text", SECRETS)
def test_what_names_or_locates_a_unit_is_refused(place, text):
    with place.county.look() as work:
        assert rules.secret_in(text, work.policy("double_support.secret_patterns"))


def test_plain_words_are_not_taken_for_secrets(place):
    with place.county.look() as work:
        patterns = work.policy("double_support.secret_patterns")
        assert [text for text in PLAIN if rules.secret_in(text, patterns)] == []


def test_every_free_text_of_every_form_is_looked_at(place):
    fields = 0
    wanted = [(room.name, "", room.new) for room in ROOMS.values() if room.new]
    wanted += [(room.name, "1", act) for room in ROOMS.values() for act in room.acts.values() if act.name != "pay"]
    for room, number, one in wanted:
        for name, info in one.wish.model_fields.items():
            if info.annotation is not str or "pattern" in str(info.metadata) or name in FIGURES:
                continue
            wish = one.wish.model_construct(**dict.fromkeys(one.wish.model_fields, "") | {"area": VILLAGE})
            setattr(wish, name, "32541部队")
            with pytest.raises(Refused) as refusal, place.county.begin() as work:
                one.make(work, wish) if not number else one.do(work, number, wish)
            assert codes(refusal) == {"E_UNIT_SECRET"}, (room, one.title, name)
            fields += 1
    assert fields > 80


FIGURES = ("hours",)


def test_one_hundred_and_twenty_at_300_and_eight_at_800_need_42400_of_minutes(place, run):
    number = place.plan(households=120, amount="300")
    place.act("plans", "category", number, category="烈属", amount="800", households=8)
    place.act("plans", "close-list", number)
    assert place.show("plans", number)["needed_fen"] == 4_240_000
    with pytest.raises(Refused) as refusal:
        place.act("plans", "fund", number, decided="42400")
    assert codes(refusal) == {"E_NO_MINUTES"}
    made = run("double-support", "plan", "fund", number, "--minutes", "纪要 1 号", "--decided", "42000.00", "--json")
    assert made.exit_code == 3 and made.error["objections"][0]["code"] == "E_MINUTES_EXCEEDED"
    assert "超出会议决定金额 400.00 元" in made.talk
    assert place.act("plans", "fund", number, minutes="纪要 1 号", decided="42400")["state"] == "funded"


def test_a_hardship_list_without_ballot_is_not_paid(place):
    number = place.plan(hardship=True)
    place.listed(number)
    for name, role, given in (("close-list", "shell", {}), ("pay", "proposer", {"month": "2026-11"})):
        with pytest.raises(Refused) as refusal:
            place.act("plans", name, number, role=role, **given)
        assert codes(refusal) == {"E_NO_BALLOT"}
    place.act("plans", "close-list", number, ballot="票决 12 号")
    assert place.show("plans", number)["ballot"] == "票决 12 号"


def test_a_spouse_registered_in_march_with_a_job_in_july_gets_four_months(place):
    number = place.add("spouses", person_id=place.person(), on=date(2026, 3, 12))["number"]
    place.act("spouses", "subsidise", number)
    place.act("spouses", "place", number, employer="县医院", since=date(2026, 7, 6))
    shown = place.show("spouses", number)
    assert (shown["months"], shown["subsidy_fen"], shown["state"]) == (4, 240_000, "placed")
    assert rules.months_due([("2026-04", "2026-07")], "2026-12") == ["2026-04", "2026-05", "2026-06", "2026-07"]


def test_a_placed_spouse_gets_no_subsidy_and_it_resumes_once_a_year_after_a_short_job(place):
    number = place.add("spouses", person_id=place.person(), on=date(2026, 1, 5))["number"]
    place.act("spouses", "subsidise", number)
    place.act("spouses", "place", number, employer="县医院", since=date(2026, 3, 2))
    with pytest.raises(Refused) as refusal:
        place.act("spouses", "subsidise", number)
    assert codes(refusal) == {"E_DBL_SPOUSE"}
    place.act("spouses", "leave", number, on=date(2026, 5, 20))
    place.act("spouses", "subsidise", number)
    assert place.show("spouses", number)["months"] == 2 + 6
    place.act("spouses", "place", number, employer="商场", since=date(2026, 8, 3))
    place.act("spouses", "leave", number, on=date(2026, 9, 1))
    with pytest.raises(Refused) as refusal:
        place.act("spouses", "subsidise", number)
    assert codes(refusal) == {"E_DBL_SPOUSE"}
    other = place.add("spouses", person_id=place.person(), other_payer="其他单位")["number"]
    with pytest.raises(Refused) as refusal:
        place.act("spouses", "subsidise", other)
    assert codes(refusal) == {"E_DBL_SPOUSE"}


def test_coverage_is_points_of_villages(place, run):
    assert str(rules.percent(186, 240)) == "77.5"
    place.add("points", area=VILLAGE, name="双拥服务点")
    found = run("double-support", "coverage", "--json").data
    assert found["points"] == 1 and found["villages"] > 200
    with pytest.raises(Refused) as refusal:
        place.add("points", area=VILLAGE, name="又一个")
    assert codes(refusal) == {"E_DBL_KNOWN"}


def test_a_number_is_given_once_a_year_and_from_one_to_twenty(place):
    place.unit()
    number = place.project(7)
    for no in (7, 0, 21):
        with pytest.raises(Refused) as refusal:
            place.project(no)
        assert codes(refusal) == {"E_PROJ_NO"}
    made = place.act("projects", "cancel", number, reason="用地没有批准", title="替代实事")
    assert (made["no"], made["state"], made["substitute_for"]) == (7, "planned", number)
    with place.county.look() as work:
        assert statistics.projects_facts(work, 2026)["planned"] == 1


def test_listed_and_visited_with_the_names_of_who_was_not(place):
    assert str(rules.percent(125, 128)) == "97.7"
    number = place.plan()
    ids = place.listed(number, 4)
    place.act("plans", "close-list", number)
    place.act("plans", "fund", number, minutes="纪要 2 号", decided="1200")
    for one in ids[:3]:
        place.act(
            "visits", "record", one, leader="王干部", companion="赵干部", needs="修缮房屋" if one == ids[0] else ""
        )
    shown = place.show("plans", number, role="clerk")
    assert (shown["listed"], shown["visited"], str(shown["rate"]), len(shown["unvisited"])) == (4, 3, "75.0", 1)
    seen = place.show("plans", number, role="auditor")
    assert "unvisited" not in seen and seen["unvisited_count"] == 1
    with pytest.raises(Refused) as refusal:
        place.act("plans", "finish", number)
    assert codes(refusal) == {"E_DBL_UNVISITED"}
    place.act("visits", "return", ids[3], reason="已经迁出")
    place.act("plans", "finish", number)
    place.act("needs", "answer", 1, answer="已列入修缮计划")
    assert place.act("plans", "answer", number)["state"] == "answered"


def test_a_household_is_on_one_list_of_a_festival(place):
    first, second, later = place.plan(), place.plan(), place.plan(festival="army_day")
    person = place.person()
    place.act("plans", "add-household", first, person_id=person, category="优抚对象")
    with pytest.raises(Refused) as refusal:
        place.act("plans", "add-household", second, person_id=person, category="优抚对象")
    assert codes(refusal) == {"E_DBL_TWICE"}
    place.act("plans", "add-household", later, person_id=person, category="优抚对象")


@pytest.mark.parametrize("hours", ["-0.5", "40.5", "3.3", "nan"])
def test_hours_are_half_hours_from_nought_to_forty(place, hours):
    with pytest.raises(Refused) as refusal:
        place.add("classes", school="甲小学", grade="一年级", school_year="2025-2026", hours=hours)
    assert codes(refusal) == {"E_DBL_HOURS"}


def test_a_score_above_the_maximum_is_refused_in_file_and_form(place):
    with pytest.raises(Refused) as refusal:
        take(place, sheet(items=2, score=3))
    assert codes(refusal) == {"E_DBL_ITEM_MAX"}
    take(place, sheet(items=2))
    with pytest.raises(Refused) as refusal:
        place.act("items", "score", 1, score="2.5")
    assert codes(refusal) == {"E_DBL_ITEM_MAX"}


def test_a_new_sheet_leaves_the_old_version_and_converts_nothing(place):
    first = take(place, sheet(items=2))
    again = take(place, sheet(items=2))
    second = take(place, sheet(items=3))
    assert (first["id"], again["id"], second["version"]) == (1, 1, 2)
    assert place.show("sheets", 1)["score"] == 4.0 and place.show("sheets", 2)["versions"][0][1] == "4 分，可以推荐"


def test_the_illustrative_tree_adds_up_to_a_hundred(place):
    tree = [
        ("组织领导", 15),
        ("宣传和国防教育", 15),
        ("政策落实", 30),
        ("支持部队", 15),
        ("拥政爱民", 10),
        ("基层活动", 15),
    ]
    given = {"items": [{"title": title, "max": most, "self": most, "children": [
        {"title": f"{title}一", "max": most - 5, "self": most - 5, "evidence": "有"},
        {"title": f"{title}二", "max": 5, "self": 5, "evidence": "有"}]} for title, most in tree]}  # fmt: skip
    facts = take(place, given)
    assert (facts["max"], facts["score"], facts["items"], facts["ready"]) == (100.0, 100.0, 12, True)


def test_six_ones_and_three_ones(place):
    assert (len(SIX_ONES), len(THREE_ONES)) == (6, 3)
    for kind in ("consultation", "gala", "film"):
        place.add("events", kind=kind, title=f"活动 {kind}", on=date(2026, 9, 18))
    with place.county.look() as work:
        held = dict(statistics.ones_held(work, SIX_ONES, 2026))
    assert held["广场咨询或主题文艺晚会"] == 2 and held["国防影视"] == 1 and held["军事日"] == 0


def test_four_choirs_of_the_seed_are_four_groups(place):
    for name in ("激情广场大家唱", "好心情", "温泉之声", "湖畔之声"):
        place.add("groups", name=name, kind="team")
    with place.county.look() as work:
        rows = {name: value for name, value, _unit in statistics.indicator_rows(work, 2026)}
    assert rows["服务军人家庭的组织和队伍"] == 4


def test_the_amount_a_head_is_dated_policy(place):
    wish = SetPolicy(
        key="double_support.budget_per_head", value="0.06", valid_from=date(2027, 1, 1), document="县文 1 号"
    )
    with place.county.begin() as work:
        set_policy(work, wish)
    for year in (2026, 2027):
        place.add("budgets", year=year, population=1000, budgeted="0", document="文")
    assert [place.show("budgets", str(at))["required_fen"] for at in (1, 2)] == [5000, 6000]
