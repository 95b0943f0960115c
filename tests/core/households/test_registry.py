"""What happens to households: one head, dated members, split, merge, move, close; groupings; suspected duplicates."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.errors import Clash, Forbidden, NotFound, Refused
from core.households import duplicates, groups, queries, services
from core.households.areas import current_village
from core.households.wishes import (
    ChangeGroup,
    ChangeMembers,
    CloseHousehold,
    GroupPart,
    Member,
    MergeHouseholds,
    MoveHousehold,
    OpenGroup,
    OpenHousehold,
    SplitHousehold,
)
from core.identity.events import Death, record_death
from core.identity.models.persons import Person
from core.identity.numbers import check_character
from core.identity.persons import NewPerson, register_person

VILLAGE, NEXT_VILLAGE, FAR_VILLAGE = "430223103201", "430223103202", "430223106201"
TOWN, OTHER_TOWN = "430223103", "430223106"
DAY = date(2026, 11, 1)


def members(**relations):
    """``members(p1="户主", p2="妻")``."""
    return [Member(person_id=int(name[1:]), relation=relation) for name, relation in relations.items()]


@pytest.fixture
def people(county):
    """Register so many people; answers their ids."""

    def make(count, area=VILLAGE, names=None, born="19700101", phones=("",)):
        ids = []
        with county.begin() as work:
            for at in range(count):
                sequence = make.taken = make.taken + 1
                first = f"999223{born}{sequence:03d}"
                wish = NewPerson(
                    name=names[at] if names else f"张{'一二三四五六七八九'[at]}",
                    citizen_id=first + check_character(first),
                    hukou_area=area,
                    phone=phones[at % len(phones)],
                )
                ids.append(register_person(work, wish).id)
        return ids

    make.taken = 0
    return make


@pytest.fixture
def household(county, people):
    """A household of a head, a wife and a son; answers (household id, person ids)."""
    ids = people(3)
    with county.begin() as work:
        wish = OpenHousehold(
            number="H1", area=VILLAGE, address="1号", on=DAY, members=members(p1="户主", p2="妻", p3="子")
        )
        made = services.open_household(work, wish)
    return made.id, ids


def refused(act, *arguments):
    with pytest.raises(Refused) as caught:
        act(*arguments)
    return caught.value.code


@pytest.mark.parametrize("relations", [{"p1": "户主", "p2": "02"}, {"p1": "夫", "p2": "妻"}])
def test_a_household_with_two_heads_or_none_is_refused(county, people, relations):
    people(2)
    with county.begin() as work:
        wish = OpenHousehold(number="H1", area=VILLAGE, on=DAY, members=members(**relations))
        assert refused(services.open_household, work, wish) == "E_HH_HEAD"


def test_the_database_refuses_a_second_head_and_an_open_household_without_one(county, household):
    for statement in (
        "UPDATE household_membership SET relation = '02' WHERE person_id = 2",
        "UPDATE household_household SET head_id = NULL WHERE id = 1",
    ):
        with pytest.raises((IntegrityError, Clash, Refused)), county.begin() as work:
            work.session.execute(text(statement))
            work.record("tests.tampered", "household:1")


def test_a_new_head_needs_every_relation_entered_again(county, household):
    number, _ids = household
    with county.begin() as work:
        some = ChangeMembers(members=members(p2="户主", p3="子"), on=date(2026, 11, 10))
        assert refused(services.change_head, work, number, some) == "E_HH_HEAD"
    with county.begin() as work:
        everybody = ChangeMembers(members=members(p2="户主", p1="夫", p3="子"), on=date(2026, 11, 10))
        services.change_head(work, number, everybody)
    with county.look() as work:
        now = {one["name"]: one["relation_name"] for one in queries.show_household(work, number)["members"]}
        then = {one["name"]: one["relation_name"] for one in queries.show_household(work, number, DAY)["members"]}
        history = queries.household_history(work, number)
    assert now == {"张一": "夫", "张二": "户主", "张三": "儿子"} and then["张一"] == "户主"
    assert history[0]["kind"] == "head" and history[0]["before"]["head"] == 1 and history[0]["after"]["head"] == 2


def test_a_stale_form_does_not_overwrite_somebody_elses_change(county, household):
    number, _ids = household
    wish = ChangeMembers(members=members(p1="户主", p2="妻"), on=DAY, version=1)
    with county.begin() as work:
        services.change_members(work, number, wish)
    with pytest.raises(Clash), county.begin() as work:
        services.change_members(work, number, wish)


def test_a_household_is_split_and_merged_again_with_its_history(county, household):
    number, _ids = household
    with county.begin() as work:
        wish = SplitHousehold(
            number="H2", leaving=members(p3="户主"), staying=members(p1="户主", p2="妻"), on=date(2026, 11, 5)
        )
        made = services.split_household(work, number, wish).id
    with county.look() as work:
        assert [one["id"] for one in queries.show_household(work, made)["members"]] == [3]
        assert [one["id"] for one in queries.show_household(work, number)["members"]] == [1, 2]
        assert len(queries.show_household(work, number, date(2026, 11, 4))["members"]) == 3
    with county.begin() as work:
        wish = MergeHouseholds(gone_id=made, members=members(p1="户主", p2="妻", p3="子"), on=date(2026, 11, 8))
        services.merge_households(work, number, wish)
    with county.look() as work:
        gone = queries.show_household(work, made)
        assert (gone["closed_on"], gone["merged_into"], gone["members"]) == (date(2026, 11, 8), number, [])
        assert len(queries.show_household(work, number)["members"]) == 3
    with county.look("auditor") as work:
        from core.audit.queries import verify

        assert verify(work).ok


def test_a_moved_household_takes_its_people_and_the_index_along(county, household, run):
    number, _ids = household
    with county.begin() as work:
        wish = MoveHousehold(area=FAR_VILLAGE, address="9号", on=date(2026, 11, 6))
        services.move_household(work, number, wish)
    with county.look() as work:
        assert {work.session.get(Person, one).hukou_area for one in (1, 2, 3)} == {FAR_VILLAGE}
    name, other = county.account("clerk", OTHER_TOWN), county.account("clerk", TOWN)
    assert len(run("person", "find", "张", "--as", name, "--json").data["people"]) == 3
    assert run("person", "find", "张", "--as", other, "--json").data["people"] == []


def test_a_household_closes_only_when_nobody_living_is_left(county, people):
    people(1)
    with county.begin() as work:
        made = services.open_household(
            work, OpenHousehold(number="H1", area=VILLAGE, on=DAY, members=members(p1="户主"))
        )
        close = CloseHousehold(on=date(2026, 11, 15), reason="户主死亡")
        assert refused(services.close_household, work, made.id, close) == "E_HH_MEMBER"
        record_death(work, 1, Death(on=date(2026, 11, 12)))
        services.close_household(work, made.id, close)
    with county.look() as work:
        assert queries.list_households(work, queries.HouseholdFilter())["households"] == []


def test_a_person_at_home_elsewhere_cannot_be_entered_twice(county, household):
    with county.begin() as work:
        wish = OpenHousehold(number="H2", area=VILLAGE, on=DAY, members=members(p1="户主"))
        assert refused(services.open_household, work, wish) == "E_HH_MEMBER"


def test_a_household_of_another_town_is_not_there_and_cannot_be_made(county, household):
    number, _ids = household
    with county.begin("clerk", OTHER_TOWN) as work:
        with pytest.raises(NotFound):
            services.change_members(work, number, ChangeMembers(members=members(p1="户主"), on=DAY))
        with pytest.raises(Forbidden):
            wish = OpenHousehold(number="H3", area=VILLAGE, on=DAY, members=members(p1="户主"))
            services.open_household(work, wish)


def test_one_person_is_in_one_assistance_family_of_a_scheme(county, people):
    people(2)
    family = {"kind": "assistance_family", "area": VILLAGE, "scheme": "dibao", "on": DAY}
    parts = [GroupPart(person_id=1), GroupPart(person_id=2, relation="妻")]
    with county.begin() as work:
        group = groups.open_group(work, OpenGroup(**family, case_number="DB-1", members=parts)).id
        with pytest.raises(Refused) as caught:
            groups.open_group(work, OpenGroup(**family, case_number="DB-2", members=parts[:1]))
        assert caught.value.code == "E_FAM_OVERLAP" and "DB-1" in caught.value.message
        groups.change_group(work, group, ChangeGroup(members=parts[1:], on=date(2026, 11, 9)))
        groups.open_group(work, OpenGroup(**family, case_number="DB-2", members=parts[:1]))
        groups.close_group(work, group, date(2026, 11, 10))
        assert groups.show_group(work, group)["valid_to"] == date(2026, 11, 10)


def test_a_care_unit_has_one_recipient(county, people):
    people(2)
    parts = [GroupPart(person_id=1, part="carer"), GroupPart(person_id=2, part="guardian")]
    with county.begin() as work:
        wish = OpenGroup(kind="care_unit", area=VILLAGE, members=parts, on=DAY)
        assert refused(groups.open_group, work, wish) == "E_CARE_RECIPIENT"


def test_two_people_called_the_same_born_the_same_day_are_kept_and_only_suspected(county, people):
    people(2, names=["刘洋", "刘洋"])
    with county.begin() as work:
        assert duplicates.find_candidates(work) == 1
        assert duplicates.find_candidates(work) == 0
        pair = duplicates.list_candidates(work)[0]
        assert pair["reason"] == "name_birth_village" and "certain" not in pair and pair["state"] == "open"
        assert work.session.get(Person, 2).merged_into is None


def test_same_phone_and_birth_date_are_suspected_too(county, people):
    people(2, names=["刘洋", "刘阳"], phones=("13900001234",))
    with county.begin() as work:
        duplicates.find_candidates(work)
        assert [one["reason"] for one in duplicates.list_candidates(work)] == ["phone_birth"]


def test_two_people_decide_a_merge_and_it_can_be_undone(county, people):
    people(2, names=["刘洋", "刘洋"])
    with county.begin() as work:
        services.open_household(work, OpenHousehold(number="H1", area=VILLAGE, on=DAY, members=members(p2="户主")))
        duplicates.find_candidates(work)
    with county.begin("clerk", TOWN, name="first") as work:
        duplicates.propose_same(work, 1, "同一张身份证复印件")
    with pytest.raises(Refused), county.begin("clerk", TOWN, name="first") as work:
        duplicates.decide_same(work, 1, "是")
    with county.begin("clerk", TOWN, name="second") as work:
        duplicates.decide_same(work, 1, "核对过户口本")
    with county.look() as work:
        assert work.session.get(Person, 2).merged_into == 1
        assert [one["id"] for one in queries.show_household(work, 1)["members"]] == [1]
    with county.begin("clerk", TOWN, name="third") as work:
        duplicates.undo_decision(work, 1, "弄错了，是两个人")
    with county.look() as work:
        assert work.session.get(Person, 2).merged_into is None
        assert [one["id"] for one in queries.show_household(work, 1)["members"]] == [2]
        assert duplicates.list_candidates(work)[0]["state"] == "open"


def test_the_shell_is_never_the_second_person(county, people):
    people(2, names=["刘洋", "刘洋"])
    with county.begin("clerk", TOWN) as work:
        duplicates.find_candidates(work)
        duplicates.propose_same(work, 1, "同一人")
    with pytest.raises(Forbidden), county.begin() as work:
        duplicates.decide_same(work, 1, "是")


def test_an_ended_village_code_is_refused_with_its_successor(county, run, tmp_path):
    file = tmp_path / "areas.csv"
    file.write_text(f"code,name,level,valid_to,successor\n430223103901,旧村,village,2025-12-31,{VILLAGE}\n")
    assert run("area", "import", str(file), "--json").data == {"added": 1, "changed": 0, "same": 0}
    with county.look() as work:
        assert current_village(work, "430223103901", date(2025, 6, 1)) == "430223103901"
        with pytest.raises(Refused) as caught:
            current_village(work, "430223103901", date(2026, 2, 1))
    assert caught.value.code == "E_DIV_CODE" and caught.value.objections[0].hint == VILLAGE
    assert "430223103901" not in {one["code"] for one in run("area", "list", "--json").data}


def test_a_bad_line_of_an_area_file_is_named(run, tmp_path):
    file = tmp_path / "areas.csv"
    file.write_text("code,name,level\n430223103901,新村,town\n43022399,坏,village\n110101,外县,county\n")
    ran = run("area", "import", str(file), "--json")
    assert ran.exit_code == 3
    assert [one["message"][:4] for one in ran.error["objections"]] == ["第 2 ", "第 3 ", "第 4 "]


def test_the_real_areas_of_the_county_are_all_there(run):
    areas = run("area", "list", "--json").data
    levels = [one["level"] for one in areas]
    assert (levels.count("county"), levels.count("town"), levels.count("village")) == (1, 19, 299)
    assert areas[0] == {"code": "430223", "name": "攸县", "level": "county", "parent": None}
