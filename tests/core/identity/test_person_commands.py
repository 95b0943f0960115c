"""Commands of persons, as scripts use them."""

from core.identity.cards import card_data

VILLAGE, TOWN, OTHER_TOWN = "430223103201", "430223103", "430223106"
ELDER = "11010519491231002X"


def test_a_person_is_registered_found_and_shown(run):
    words = ("--citizen-id", ELDER.lower(), "--hukou", VILLAGE, "--phone", "138 0013 1234", "--json")
    added = run("person", "add", "王桂兰", *words)
    assert added.exit_code == 0, added.talk
    line = {
        "id": added.data["id"],
        "name": "王桂兰",
        "id_masked": "110105********002X",
        "household": "",
        "area": VILLAGE,
    }
    for wish in ("桂兰", "wgl", "002x", "1234", "13800131234", ELDER, "１１０１０５19491231002X"):
        assert run("person", "find", wish, "--json").data == {"people": [line], "more": False}, wish
    shown = run("person", "show", ELDER, "--json").data
    assert (shown["sex"], shown["age"], shown["id_masked"]) == ("女", 76, "110105********002X")
    assert ELDER not in run("person", "show", str(added.data["id"])).output


def test_a_wrong_number_is_refused_with_its_code_and_nothing_is_written(run):
    refused = run("person", "add", "王桂兰", "--citizen-id", "110105194912310021", "--hukou", VILLAGE, "--json")
    assert (refused.exit_code, refused.error["code"]) == (3, "E_ID_CHECK")
    assert run("person", "find", "王桂兰", "--json").data["people"] == []


def test_a_dry_run_writes_nothing(run):
    assert run("person", "add", "王桂兰", "--hukou", VILLAGE, "--dry-run").exit_code == 0
    assert run("person", "find", "王桂兰", "--json").data["people"] == []


def test_a_death_is_recorded_and_taken_back_by_a_second_person(run, county, register):
    person = register("王桂兰", citizen_id=ELDER)
    clerk = county.account("clerk", TOWN)
    assert run("person", "death", ELDER, "--on", "2026-03-15", "--json").data["kind"] == "death"
    assert run("person", "show", person, "--json").data["died_on"] == "2026-03-15"
    words = ("person", "death", person, "--on", "2026-03-15", "--revoke", "--reason", "同名误登", "--json")
    assert run("person", "death", person, "--on", "2026-03-15", "--revoke").exit_code == 3
    assert run(*words, as_=clerk).data["state"] == "done"
    assert run("person", "show", person, "--json").data["died_on"] is None
    assert run(*words, as_=clerk).exit_code == 5


def test_the_shell_asks_and_an_account_with_its_token_confirms(run, county, register, citizen_id):
    person = register("刘洋", citizen_id=citizen_id())
    clerk = county.account("clerk", TOWN)
    asked = run("person", "correct", person, "--name", "刘阳", "--reason", "录入错误", "--json")
    proposal = asked.data["proposal"]
    assert asked.data["state"] == "waiting"
    assert run("person", "confirm", proposal).exit_code == 4
    assert [one["id"] for one in run("person", "proposals", "--json").data] == [proposal]
    token = county.people.pop(clerk)
    assert run("person", "confirm", proposal, as_=clerk).exit_code == 4
    county.people[clerk] = token
    assert run("person", "confirm", proposal, as_=clerk).exit_code == 0
    assert run("person", "find", "刘阳", "--json").data["people"][0]["id"] == person
    assert run("person", "find", "刘洋", "--json").data["people"] == []


def test_moves_names_papers_and_accounts_by_command(run, county, register):
    person = register("王桂兰", citizen_id=ELDER)
    assert run("person", "name", person, "王桂芳").exit_code == 0
    assert run("person", "contact", person, "--phone", "13800131234").exit_code == 0
    assert run("person", "document", person, "disab", f"{ELDER}41").exit_code == 0
    assert run("person", "account", person, "6228480012345678", "--json").data["tail"] == "5678"
    moved = run("person", "move", person, "--on", "2026-11-01", "--residence", "430223106201")
    assert moved.exit_code == 0, moved.talk
    assert run("person", "account", person).exit_code == 2
    with county.look() as work:
        from core.identity.queries import person_card

        data = card_data(work, person_card(work, person))
    assert [one["name"] for one in data["former_names"]] == ["王桂兰"]
    assert (data["phone"], data["residence"]) == ("138****1234", "430223106201")
    assert run("person", "account", person, "--end", "--reason", "销户").exit_code == 0


def test_a_whole_number_is_shown_with_a_reason_only(run, register):
    person = register("王桂兰", citizen_id=ELDER)
    assert run("person", "reveal", person).exit_code == 2
    assert run("person", "reveal", person, "--reason", " ").exit_code == 3
    assert run("person", "reveal", person, "--reason", "核对证件").output.strip() == ELDER
    assert run("person", "reveal", person, "--what", "phone", "--reason", "x").exit_code == 5


def test_another_town_gets_nothing_by_command(run, county, register):
    person = register("王桂兰", citizen_id=ELDER)
    stranger = county.account("clerk", OTHER_TOWN)
    for words in (
        ("show", person),
        ("show", ELDER),
        ("death", person, "--on", "2026-03-15"),
        ("reveal", person, "--reason", "x"),
    ):
        assert run("person", *words, as_=stranger).exit_code == 5
    for wish in ("王桂兰", "wgl", "002X", ELDER):
        assert run("person", "find", wish, "--json", as_=stranger).data == {"people": [], "more": False}


def test_an_unidentified_person_is_found_by_the_temporary_number(run):
    added = run("person", "add", "无名氏", "--hukou", VILLAGE, "--unidentified", "--json")
    found = run("person", "find", "TMP-430223-20261120-0001", "--json").data
    assert [one["id"] for one in found["people"]] == [added.data["id"]]


def test_a_file_is_attached(run, register, tmp_path):
    person = register()
    file = tmp_path / "证明.pdf"
    file.write_bytes(b"%PDF-1.7")
    assert run("person", "attach", person, file, "--json").data["media_type"] == "application/pdf"
    assert run("person", "attach", person, tmp_path / "no.pdf").exit_code == 5
