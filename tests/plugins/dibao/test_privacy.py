"""What is public of a family: applicant, number of members, amount. Illness is sealed; looking is recorded."""

from sqlalchemy import text

from .conftest import URBAN


def test_the_long_list_names_the_applicant_and_nobody_else(place, run):
    number, people = place.example_a()
    place.granted(number)
    place.at("2026-03-03")
    made = run("dibao", "post", URBAN, "--json")
    assert made.exit_code == 0, made.talk
    ran = run("notices", "show", made.data["id"], "--public", "--json")
    assert ran.exit_code == 0, ran.talk
    assert "606.00" in ran.output and "4" in ran.output
    for name in ("陈小满", "李秀英", "周桂兰", place.numbers[people[0]], "未成年", "1,500"):
        assert name not in ran.output


def test_health_is_sealed_and_shown_only_to_who_assesses(place, run):
    number, people = place.example_a()
    line = {"person_id": people[1], "marks": ["illness"], "health": "尿毒症，每周透析"}
    place.income(number, members=[line])
    with place.county.host.database.transaction(write=False) as connection:
        kept = connection.execute(text("SELECT health FROM dibao_assessment WHERE health IS NOT NULL")).scalar()
    assert "尿毒症".encode() not in bytes(kept)
    from plugins.dibao.queries import show_family

    for role, seen in (("clerk", "尿毒症，每周透析"), ("auditor", "")):
        with place.county.look(role) as work:
            shown = {one["person_id"]: one for one in show_family(work, number)["members_listed"]}
        assert shown[people[1]]["health"] == seen
    log = run("audit", "list", "--json")
    assert "dibao.family_read" in log.output and "尿毒症" not in log.output


def test_awards_and_price_months_are_only_ever_added_to(place):
    import pytest
    from sqlalchemy.exc import DatabaseError

    number, _people = place.example_a()
    place.granted(number)
    for statement in ("UPDATE dibao_award SET total_fen = 1", "DELETE FROM dibao_award"):
        with pytest.raises(DatabaseError), place.county.host.database.transaction(write=True) as connection:
            connection.execute(text(statement))


def test_household_person_and_desk_show_what_the_family_gets(place, client):
    number, people = place.example_a()
    place.granted(number)
    place.at("2026-03-03")
    client.sign_in("clerk")
    for path, word in ((f"/people/{people[0]}", "606.00"), (f"/casework/cases/{number}", "补助测算"),
                       (f"/dibao/cases/{number}/papers/certificate", "最低生活保障证")):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code == 200 and word in answer.text, path
    with place.county.look("clerk") as work:
        from plugins.dibao.desk import tiles

        assert [(one.figure, one.note) for one in tiles(work)] == [("1", "4 人")]
