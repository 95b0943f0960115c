"""Life events: what is recorded, who hears of it, and how a wrong one is taken back."""

import types
from datetime import date

import pytest

from core.errors import Forbidden, NotFound, Refused
from core.hookspecs import hookimpl
from core.identity.corrections import Correction, merge_people
from core.identity.events import Death, Move, MoveOut, find_event, record_death, record_move, record_move_out
from core.identity.models.history import LifeEvent, Proposal
from core.identity.models.persons import Person
from core.identity.queries import find_by_number, open_proposals, person_card
from core.identity.second_person import confirm, propose_correction, propose_merge, take_back, turn_down

TOWN, VILLAGE, NEIGHBOUR = "430223103", "430223103201", "430223103206"
OTHER_TOWN, ELSEWHERE = "430223106", "430223106201"
ELDER = "11010519491231002X"
DIED = date(2026, 3, 15)


def benefit(heard):
    """A plugin that pays 420.00 a month: what is due follows from the deaths it heard of."""
    plugin = types.ModuleType("listening")

    @hookimpl
    def person_died(work, deaths):
        heard.append(("died", deaths.ids.tolist(), deaths.on.tolist(), deaths.areas.tolist(), deaths.revoked))

    @hookimpl
    def person_moved(work, moves):
        heard.append(("moved", moves.ids.tolist(), moves.from_areas.tolist(), moves.to_areas.tolist(), moves.revoked))

    @hookimpl
    def people_merged(work, merges):
        heard.append(("merged", merges.gone_ids.tolist(), merges.kept_ids.tolist(), merges.revoked))

    plugin.person_died, plugin.person_moved, plugin.people_merged = person_died, person_moved, people_merged
    return plugin


@pytest.fixture
def heard(county):
    """What a plugin that listens has heard so far."""
    found = []
    county.host.hooks.manager.register(benefit(found), "listening")
    county.host.hooks.order = [*county.host.hooks.order, "listening"]
    return found


def code_of(refusal):
    return refusal.value.objections[0].code


def test_a_death_is_kept_and_every_benefit_hears_of_it(county, register, heard):
    person_id = register(citizen_id=ELDER)
    with county.begin("clerk", TOWN) as work:
        record_death(work, person_id, Death(on=DIED, source="火化证明"))
    assert heard == [("died", [person_id], ["2026-03-15"], [VILLAGE], False)]
    with county.look() as work:
        card = person_card(work, person_id)
    assert (card.person.died_on, card.age, [event.kind for event in card.events]) == (DIED, 76, ["death"])


def test_nobody_dies_twice_tomorrow_or_before_birth(county, register):
    person_id = register(citizen_id=ELDER)
    for day in (date(2026, 11, 21), date(1949, 12, 30)):
        with county.begin() as work, pytest.raises(Refused) as refusal:
            record_death(work, person_id, Death(on=day))
        assert code_of(refusal) == "E_DATE"
    with county.begin() as work:
        record_death(work, person_id, Death(on=DIED))
    with county.begin() as work, pytest.raises(Refused) as refusal:
        record_death(work, person_id, Death(on=DIED))
    assert code_of(refusal) == "E_DEAD"


def test_a_second_person_takes_a_wrong_death_back_and_benefits_go_on(county, register, heard):
    person_id = register()
    with county.begin() as work:
        event = record_death(work, person_id, Death(on=DIED))
    with county.begin("clerk", TOWN) as work:
        undone = take_back(work, find_event(work, person_id, "death", DIED).id, "同名误登")
    assert isinstance(undone, LifeEvent) and undone.revokes == event.id
    assert (undone.recorded_by, undone.confirmed_by) == (1, undone.confirmed_by) and undone.confirmed_by != 1
    assert heard[-1] == ("died", [person_id], ["2026-03-15"], [VILLAGE], True)
    with county.look() as work:
        assert work.session.get_one(Person, person_id).died_on is None
        with pytest.raises(NotFound):
            find_event(work, person_id, "death", DIED)
    with county.begin() as work:
        record_death(work, person_id, Death(on=date(2026, 11, 1)))


def test_whoever_recorded_a_death_can_only_ask_for_it_to_be_taken_back(county, register, heard):
    person_id = register()
    with county.begin("clerk", TOWN, name="甲经办") as work:
        event = record_death(work, person_id, Death(on=DIED))
    with county.begin("clerk", TOWN, name="甲经办") as work:
        proposal = take_back(work, event.id, "误登")
    assert isinstance(proposal, Proposal) and len(heard) == 1
    with county.begin("clerk", TOWN, name="甲经办") as work, pytest.raises(Refused) as refusal:
        confirm(work, proposal.id)
    assert code_of(refusal) == "E_SECOND_PERSON"
    with county.begin() as work, pytest.raises(Forbidden):
        confirm(work, proposal.id)
    with county.look("clerk", TOWN, name="乙经办") as work:
        assert [one.id for one, _person in open_proposals(work)] == [proposal.id]
    with county.begin("clerk", TOWN, name="乙经办") as work:
        confirm(work, proposal.id)
    with county.look() as work:
        assert work.session.get_one(Person, person_id).died_on is None
    with county.begin("clerk", TOWN, name="丙经办") as work, pytest.raises(Refused):
        confirm(work, proposal.id)


def test_the_shell_is_never_the_second_person(county, register):
    person_id = register()
    with county.begin("clerk", TOWN) as work:
        event = record_death(work, person_id, Death(on=DIED))
    with county.begin() as work:
        assert isinstance(take_back(work, event.id, "误登"), Proposal)


def test_a_move_within_the_county_is_announced_and_can_be_taken_back(county, register, heard):
    person_id = register(address="老屋")
    with county.begin() as work:
        move = Move(on=date(2026, 11, 1), hukou_area=ELSEWHERE, residence_area=ELSEWHERE, address="新屋")
        event = record_move(work, person_id, move)
    assert heard == [("moved", [person_id], [VILLAGE], [ELSEWHERE], False)]
    with county.look("clerk", TOWN) as work, pytest.raises(NotFound):
        person_card(work, person_id)
    with county.begin("clerk", OTHER_TOWN) as work:
        assert isinstance(take_back(work, event.id, "未迁"), LifeEvent)
    assert heard[-1] == ("moved", [person_id], [VILLAGE], [ELSEWHERE], True)
    with county.look("clerk", TOWN) as work:
        person = person_card(work, person_id).person
    assert (person.hukou_area, person.residence_area, person.address) == (VILLAGE, VILLAGE, "老屋")


def test_an_earlier_move_is_not_taken_back_under_a_later_one(county, register):
    person_id = register()
    with county.begin() as work:
        first = record_move(work, person_id, Move(on=date(2026, 10, 1), residence_area=NEIGHBOUR))
        record_move(work, person_id, Move(on=date(2026, 11, 1), residence_area=VILLAGE))
    with county.begin("clerk") as work, pytest.raises(Refused) as refusal:
        take_back(work, first.id, "未迁")
    assert code_of(refusal) == "E_LATER"


def test_a_move_needs_a_place_in_force_and_a_difference(county, register):
    person_id = register()
    for area, code in (("430223999999", "E_DIV_CODE"), (VILLAGE, "E_SAME")):
        with county.begin() as work, pytest.raises(Refused) as refusal:
            record_move(work, person_id, Move(on=DIED, hukou_area=area))
        assert code_of(refusal) == code


def test_moving_out_is_a_move_to_nowhere_in_the_county(county, register, heard):
    person_id = register()
    with county.begin() as work:
        event = record_move_out(work, person_id, MoveOut(on=date(2026, 11, 1), destination="广东省东莞市"))
    assert heard == [("moved", [person_id], [VILLAGE], [""], False)]
    with county.begin("clerk") as work:
        take_back(work, event.id, "没有迁成")
    assert heard[-1] == ("moved", [person_id], [VILLAGE], [""], True)


def test_a_corrected_number_keeps_the_old_one_findable_and_frees_it(county, register, citizen_id):
    wrong, right = citizen_id("19461120", 1), citizen_id("19461121", 4)
    person_id = register("刘洋", citizen_id=wrong)
    with county.begin("clerk", TOWN, name="甲经办") as work:
        proposal = propose_correction(work, person_id, Correction(citizen_id=right, name="刘阳"), "录入错误")
    with county.look() as work:
        assert work.session.get_one(Person, person_id).birth_date == date(1946, 11, 20)
    with county.begin("clerk", TOWN, name="乙经办") as work:
        event = confirm(work, proposal.id)
    with county.look() as work:
        card = person_card(work, person_id)
        assert (card.person.name, card.person.birth_date, card.sex) == ("刘阳", date(1946, 11, 21), "女")
        assert [one.name for one in card.former_names] == ["刘洋"]
        assert find_by_number(work, wrong).id == find_by_number(work, right).id == person_id
        assert [paper.superseded for paper in card.documents] == [True, False]
        assert (event.recorded_by, event.confirmed_by) == (proposal.proposed_by, event.confirmed_by)
    owner = register("真正的人", citizen_id=wrong)
    with county.look() as work:
        assert find_by_number(work, wrong).id == owner


def test_a_correction_can_be_taken_back(county, register, citizen_id):
    old, new = citizen_id("19461120", 1), citizen_id("19461121", 4)
    person_id = register("刘洋", citizen_id=old)
    with county.begin("clerk", TOWN, name="甲经办") as work:
        proposal = propose_correction(work, person_id, Correction(citizen_id=new), "录入错误")
    with county.begin("clerk", TOWN, name="乙经办") as work:
        event = confirm(work, proposal.id)
    with county.begin("clerk", TOWN, name="丙经办") as work:
        take_back(work, event.id, "原来的是对的")
    with county.look() as work:
        card = person_card(work, person_id)
        assert (card.person.birth_date, card.sex) == (date(1946, 11, 20), "男")
        assert [(paper.number.tail, paper.primary) for paper in card.documents] == [(old[-4:], True), (new[-4:], False)]


def test_a_wrong_correction_is_refused_when_it_is_asked_for(county, register, citizen_id):
    person_id = register(citizen_id=citizen_id())
    taken = citizen_id(sequence=3)
    register("别人", citizen_id=taken)
    for wish, code in (
        (Correction(citizen_id=taken), "E_ID_DUP"),
        (Correction(citizen_id="430223199002290010"), "E_ID_DATE"),
        (Correction(birth_date=date(1980, 1, 1)), "E_BIRTH_DATE"),
        (Correction(), "E_SAME"),
    ):
        with county.begin() as work, pytest.raises(Refused) as refusal:
            propose_correction(work, person_id, wish, "核对")
        assert code_of(refusal) == code


def test_two_records_become_one_by_two_people_and_two_again(county, register, citizen_id, heard):
    gone, kept = (
        register("刘洋", citizen_id=citizen_id(sequence=1)),
        register("刘洋", citizen_id=citizen_id(sequence=3)),
    )
    with county.begin() as work:
        proposal = propose_merge(work, gone, kept, "同一个人两次登记")
    with county.begin("clerk", TOWN) as work:
        event = confirm(work, proposal.id)
    assert heard == [("merged", [gone], [kept], False)]
    with county.look() as work:
        assert find_by_number(work, citizen_id(sequence=1)).id == kept
        card = person_card(work, kept)
        assert (card.absorbed, len(card.documents)) == ([gone], 2)
        assert [paper.primary for paper in card.documents] == [False, True]
    with county.begin() as work, pytest.raises(Refused) as refusal:
        record_death(work, gone, Death(on=DIED))
    assert code_of(refusal) == "E_MERGED"
    with county.begin("clerk", TOWN, name="乙经办") as work:
        take_back(work, event.id, "是两个人")
    assert heard[-1] == ("merged", [gone], [kept], True)
    with county.look() as work:
        assert find_by_number(work, citizen_id(sequence=1)).id == gone


def test_a_merge_wants_another_person_than_who_asked(county, register):
    gone, kept = register(), register()
    with county.begin("clerk", TOWN) as work, pytest.raises(Refused) as refusal:
        merge_people(work, gone, kept, "同一人", work.actor.account_id)
    assert code_of(refusal) == "E_SECOND_PERSON"
    with county.begin("clerk", OTHER_TOWN) as work, pytest.raises(NotFound):
        merge_people(work, gone, kept, "同一人", 1)


def test_what_was_asked_for_can_be_turned_down(county, register):
    gone, kept = register(), register()
    with county.begin() as work:
        proposal = propose_merge(work, gone, kept, "像同一人")
    with county.begin("clerk", TOWN) as work:
        turn_down(work, proposal.id, "住址不同")
    with county.look() as work:
        assert open_proposals(work) == []
        assert work.session.get_one(Proposal, proposal.id).decision == "refused"


def test_a_plugin_that_fails_on_a_death_leaves_the_person_alive(county, register):
    person_id = register()
    plugin = types.ModuleType("failing")

    @hookimpl
    def person_died(work, deaths):
        raise RuntimeError("no")

    plugin.person_died = person_died
    county.host.hooks.manager.register(plugin, "failing")
    county.host.hooks.order = [*county.host.hooks.order, "failing"]
    with pytest.raises(Exception, match="failing"), county.begin() as work:
        record_death(work, person_id, Death(on=DIED))
    with county.look() as work:
        assert work.session.get_one(Person, person_id).died_on is None


@pytest.mark.parametrize("statement", ["UPDATE identity_event SET reason = 'x'", "DELETE FROM identity_event"])
def test_events_are_never_changed(county, register, statement):
    person_id = register()
    with county.begin() as work:
        record_death(work, person_id, Death(on=DIED))
    with pytest.raises(Exception, match="append-only"), county.begin() as work:
        work.session.connection().exec_driver_sql(statement)


def test_the_database_refuses_who_asked_as_second_person_and_a_second_decision(county, register):
    gone, kept = register(), register()
    with county.begin() as work:
        proposal = propose_merge(work, gone, kept, "像同一人")
    row = f"WHERE id = {proposal.id}"
    with pytest.raises(Exception, match="second_person"), county.begin() as work:
        work.session.connection().exec_driver_sql(f"UPDATE identity_proposal SET decided_by = 1 {row}")
    with county.begin("clerk", TOWN) as work:
        turn_down(work, proposal.id, "不是")
    with pytest.raises(Exception, match="decided once"), county.begin() as work:
        work.session.connection().exec_driver_sql(f"UPDATE identity_proposal SET decision = 'confirmed' {row}")
