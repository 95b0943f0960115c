"""What lives bring: taking over, deaths, moves, merges, reviews that fall due; and the numbers of the documents."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import numpy
import pytest

from core.api import Merges, Moves, People, recoveries_of
from core.errors import Refused
from core.identity.events import Death, record_death
from plugins.benefits.api import NewEnrolment, SetStandard, end_enrolment, enrol, enrol_many, set_standard
from plugins.orphan_care import due_lists, legacy
from plugins.orphan_care.services import life_events
from plugins.orphan_care.statistics import indicator_rows

from .conftest import DEAD, ELSEWHERE, VILLAGE, parents


def codes(act, *given, **named) -> set[str]:
    with pytest.raises(Refused) as caught:
        act(*given, **named)
    return {one.code for one in caught.value.objections}


def take_over(place, people, category="ORPHAN_DISP", since="2026-01", **more):
    with place.county.begin() as work:
        wishes = [
            NewEnrolment(scheme="orphan_care", category=category, person_id=one, from_month=since, **more)
            for one in people
        ]
        return enrol_many(work, wishes, carried_over=True)


def people(number, area=VILLAGE, day="2026-02-03", revoked=False):
    return People(
        ids=numpy.array([number]), areas=numpy.array([area]), on=numpy.array([day]),
        household_ids=numpy.array([-1]), revoked=revoked,
    )  # fmt: skip


def test_children_in_payment_are_taken_over_and_new_ones_need_a_file(place, run):
    born = {"甲": date(2015, 5, 1), "乙": date(2008, 5, 10), "丙": date(2004, 1, 1)}
    ids = [place.person(f"周小{name}", born=day) for name, day in born.items()]
    take_over(place, ids[:2])
    take_over(place, ids[2:], category="ORPHAN_INST", institution_id=place.home)
    listed = run("orphan-care", "case", "list", "--missing", "--json").data
    assert [(one["state"], one["carried_over"]) for one in listed] == [("active", True)] * 3
    assert [one["warnings"][0]["missing"] for one in listed] == [
        ["father", "mother", "guardian"],
        ["father", "mother", "guardian"],
        ["father", "mother", "school"],
    ]
    with place.county.look() as work:
        from plugins.orphan_care import desk

        assert "W_FILE_INCOMPLETE" in [one.step for one in desk.tasks(work)]
    # Who came of age in payment stops with that month; who was older when taken over is paid as before.
    place.at("2026-06-10")
    assert place.roll("2026-06")["by_category"] == {"ORPHAN_INST": 124_000, "ORPHAN_DISP": 76_000}
    for one in ("father", "mother"):
        ran = run(
            "orphan-care", "case", "basis", listed[0]["number"], "--parent", one, "--kind", "dead", "--document", "证"
        )
        assert ran.exit_code == 0, ran.talk
    guardian = run("orphan-care", "case", "guardian", listed[0]["number"], "--guardian-id", place.guardian())
    assert guardian.exit_code == 0, guardian.talk
    assert len(run("orphan-care", "case", "list", "--missing", "--json").data) == 2
    fresh = place.person("周小丁")
    with place.county.begin() as work:
        wish = NewEnrolment(scheme="orphan_care", category="ORPHAN_DISP", person_id=fresh, from_month="2026-06")
        assert codes(enrol, work, wish) == {"E_BASIS_MISSING"}


def test_deaths_moves_and_merges_are_followed_and_taken_back(place):
    child = place.person()
    number = place.approved(child)
    place.at("2026-03-10")
    with place.county.begin() as work:
        record_death(work, child, Death(on=date(2026, 3, 1)))
    shown = place.show(number)
    assert (shown["state"], shown["cause"], shown["last_month"]) == ("ending", "death", "2026-03")

    def hear(act, fact):
        with place.county.begin() as work:
            act(work, fact)
            work.record("test.heard", "test")

    hear(life_events.follow_deaths, people(child, day="2026-03-01", revoked=True))
    assert place.show(number)["state"] == "active"
    moves = {"ids": numpy.array([child]), "from_areas": numpy.array([VILLAGE]), "on": numpy.array(["2026-03-02"])}
    hear(life_events.follow_moves, Moves(**moves, to_areas=numpy.array([ELSEWHERE])))
    assert place.show(number)["area"] == ELSEWHERE
    hear(life_events.follow_moves, Moves(**moves, to_areas=numpy.array([ELSEWHERE]), revoked=True))
    assert place.show(number)["area"] == VILLAGE
    hear(life_events.follow_moves, Moves(**moves, to_areas=numpy.array([""])))
    assert place.show(number)["cause"] == "moved_out"
    hear(life_events.follow_moves, Moves(**moves, to_areas=numpy.array([""]), revoked=True))
    assert place.show(number)["state"] == "active"
    twin = place.person("周小乙")
    second = place.approved(twin)
    merge = {"gone_ids": numpy.array([twin]), "kept_ids": numpy.array([child]), "on": date(2026, 3, 10)}
    hear(life_events.follow_merges, Merges(**merge))
    joined = place.show(second)
    assert (joined["state"], joined["cause"], joined["person_id"]) == ("closed", "merged", child)
    hear(life_events.follow_merges, Merges(**merge, revoked=True))
    apart = place.show(second)
    assert (apart["state"], apart["person_id"]) == ("active", twin)
    with place.county.look() as work:
        assert [one.code for one in life_events.erasure_objections(work, people(twin))] == ["E_CASE_OPEN"]
    keeper = shown["guardians"][0]["person_id"]
    hear(life_events.follow_deaths, people(keeper))
    with place.county.look() as work:
        assert [one["kind"] for one in due_lists.reviews_due(work) if one["number"] == number] == ["event"]
    with place.county.begin() as work:
        end_enrolment(work, apart["enrolment_id"], "2026-03", "名册清理")
    assert place.show(second)["cause"] == "other"


def test_visits_reviews_and_bases_fall_due_by_policy(place):
    released = {"kind": "prison", "document": "判决书", "since": date(2025, 1, 1), "until": date(2026, 4, 10)}
    lost = {"kind": "lost_contact", "document": "回执", "document_on": date(2025, 7, 1), "since": date(2025, 5, 1)}
    prison = place.approved(place.person("周小甲"), category="UNATT", **parents(DEAD, released))
    search = place.approved(place.person("周小乙"), category="UNATT", **parents(DEAD, lost))
    place.at("2026-02-10")
    with place.county.look() as work:
        assert {one["number"] for one in due_lists.visits_due(work, "village")} == {prison, search}
        assert due_lists.visit_counts(work, "township") == (2, 0)
    seen = {"safety": "good", "schooling": "good", "money": "bad"}
    place.act("visit", prison, level="village", visitors="李主任", findings="好", **seen)
    with place.county.look() as work:
        assert [one["number"] for one in due_lists.visits_due(work, "village")] == [search]
        assert len(due_lists.visits_due(work, "township")) == 2
    place.at("2026-03-10")
    with place.county.look() as work:
        assert {one["number"] for one in due_lists.visits_due(work, "village")} == {prison, search}
    place.at("2026-04-11")  # released on 10 April, one month of grace, thirty days of notice
    with place.county.look() as work:
        found = {one["number"]: one["due_on"] for one in due_lists.expiring_bases(work)}
    assert found == {prison: date(2026, 5, 10)}
    place.at("2026-12-20")
    with place.county.look() as work:
        found = {one["number"]: one["due_on"] for one in due_lists.expiring_bases(work)}
    assert found[search] == date(2027, 1, 5)
    place.at("2027-02-01")
    with place.county.look() as work:
        due = [(one["number"], one["kind"], one["due_on"]) for one in due_lists.reviews_due(work)]
    assert due == [(prison, "yearly", date(2027, 5, 31)), (search, "yearly", date(2027, 5, 31))]
    place.act("review", prison, kind="yearly", outcome="end")
    assert codes(place.act, "review", prison, kind="yearly", outcome="end") == {"E_SAME"}
    with place.county.look() as work:
        assert due_lists.reviews_waiting(work) == 1
    place.act("end", prison, cause="released", on=date(2027, 1, 20), reason="刑满释放")
    assert place.show(prison)["state"] == "closed"
    with place.county.look() as work:
        assert recoveries_of(work, "orphan_care", [1, 2]) == []


DOCUMENTS = (
    SimpleNamespace(id="C001", institutional=575, dispersed=1_699, children=2_274),
    SimpleNamespace(id="C002", month_fen=200_424_000, year_fen=2_405_088_000, ten_thousands="2405.09"),
    SimpleNamespace(id="C004", dispersed_year_fen=1_549_488_000),
)


def test_c001_c002_c004_the_sums_of_the_work_report_follow_from_the_standards():
    count, total, part = DOCUMENTS
    assert count.institutional + count.dispersed == count.children
    month = count.institutional * 124_000 + count.dispersed * 76_000
    assert (month, month * 12) == (total.month_fen, total.year_fen)
    assert str((Decimal(month * 12) / 1_000_000).quantize(Decimal("0.01"), "ROUND_HALF_UP")) == total.ten_thousands
    assert count.dispersed * 76_000 * 12 == part.dispersed_year_fen


def test_c006_and_c008_floors_by_form_of_care_and_the_older_route(place):
    for yuan, met in (("600", True), ("599", False), ("601", True)):
        with place.county.begin() as work:
            wish = SetStandard(
                scheme="orphan_care", category="ORPHAN_DISP", amount=yuan, valid_from="2026-01", document=f"文 {yuan}"
            )
            set_standard(work, wish)
        with place.county.look() as work:
            below = [one["category"] for one in due_lists.standards_below_floor(work)]
            figures = {row[0]: row[2] for row in indicator_rows(work)}
        assert (below == []) is met, yuan
        assert figures["社会散居孤儿标准"].startswith("达到" if met else "低于")
    on = date(2026, 1, 5)
    with place.county.look() as work:
        assert legacy.route_of(work, None, on) == legacy.Route()
    from core.policy import SetPolicy, set_policy

    with place.county.begin() as work:
        set_policy(work, SetPolicy(key=legacy.LEGACY, value=True, valid_from=on, document="旧办法"))
    with place.county.look() as work:
        assert legacy.route_of(work, "rural", on).scheme == "tekun"
        urban = legacy.route_of(work, "urban", on)
        assert (urban.scheme, urban.terms) == ("dibao", {"amount_fen": 42_000})
        assert codes(legacy.route_of, work, None, on) == {"E_LEGACY_ROUTE"}
    case = place.apply()
    place.act("check", case.number, police="none", court="none", federation="none")
    assert codes(place.act, "approve", case.number, hukou="rural") == {"E_LEGACY_ROUTE"}
    place.act("withdraw", case.number, cause="withdrawn", reason="不办了")
    assert place.show(case.number)["state"] == "closed"
    assert place.apply(1).number == "ET-2026-000002"
