"""Who is enrolled and who is not: imports, exclusivity, payees, families, gaps, institutions."""

import openpyxl
import pytest

from core.errors import NotFound, Refused
from plugins.benefits.api import ChangeEnrolment, change_enrolment, enrolments_of, show_enrolment

from .conftest import ACCOUNT, citizen_id

HEADERS = ("业务", "类别", "公民身份号码", "起始月", "截止月", "机构", "收款户名", "收款账号")


def written(tmp_path, rows, name="名册.xlsx"):
    book = openpyxl.Workbook()
    for row in [HEADERS, *rows]:
        book.active.append(list(row) + [""] * (len(HEADERS) - len(row)))
    file = tmp_path / name
    book.save(file)
    return file


def codes(ran):
    return sorted(one["code"] for one in ran.data["errors"])


def refusal(act, *arguments, **named):
    with pytest.raises(Refused) as caught:
        act(*arguments, **named)
    return caught.value.code


def test_an_import_takes_over_people_in_payment_by_the_order_of_payees(place, run, tmp_path):
    from core.households.services import open_household
    from core.households.wishes import Member, OpenHousehold
    from core.testing import VILLAGE

    place.people(3)
    alone = place.people(1, accounts=False, since=10)[0]
    head = place.people(1, since=11)[0]
    with place.county.begin() as work:
        members = [Member(person_id=head, relation="户主"), Member(person_id=alone, relation="子")]
        open_household(work, OpenHousehold(number="H-1", area=VILLAGE, on=work.today, members=members))
    rows = [
        ("allowance", "INST", citizen_id(0), "2019-09", "", "福利院"),
        ("allowance", "HOME", citizen_id(1), "2019-09", "", "", "李某", "622848001111111111"),
        ("allowance", "HOME", citizen_id(2), "2019-09"),
        ("allowance", "HOME", citizen_id(10), "2019-09"),
    ]
    file = written(tmp_path, rows)
    ran = run("benefits", "enrol", "import", file, "--json")
    assert (ran.exit_code, ran.data["rows"], ran.data["imported"]) == (0, 4, 4), ran.talk
    with place.county.look() as work:
        found = enrolments_of(work, [*range(1, 9)])
    paid = {one["person_id"]: (one["payee_from"], one["payee_tail"], one["carried_over"]) for one in found}
    assert set(paid.values()) == {
        ("institution", "9999", True),
        ("columns", "1111", True),
        ("person", ACCOUNT.format(2)[-4:], True),
        ("head", ACCOUNT.format(11)[-4:], True),
    }
    again = run("benefits", "enrol", "import", file, "--json").data
    assert (again["imported"], again["updated"], again["skipped"]) == (0, 0, 4)
    moved = [("allowance", "HOME", citizen_id(0), "2026-05", "2026-12"), *rows[1:]]
    changed = run("benefits", "enrol", "import", written(tmp_path, moved, "2.xlsx"), "--json").data
    assert (changed["imported"], changed["updated"], changed["skipped"]) == (0, 1, 3)
    with place.county.look() as work:
        one = enrolments_of(work, [1])[0]
    assert (one["category"], one["to_month"], one["payee_from"]) == ("HOME", "2026-12", "person")


def test_every_bad_cell_of_an_import_is_named_and_nothing_is_written(place, run, tmp_path):
    place.people(2)
    place.people(1, accounts=False, since=5)
    rows = [
        ("allowances", "HOME", citizen_id(0), "2026-01"),
        ("allowance", "HOUSE", citizen_id(0), "2026-01"),
        ("allowance", "HOME", citizen_id(99), "2026-01"),
        ("allowance", "HOME", "999000201501010001", "2026-01"),
        ("allowance", "HOME", citizen_id(0), "2026-13"),
        ("allowance", "INST", citizen_id(0), "2026-01", "", "没有这家"),
        ("allowance", "HOME", citizen_id(0), "2026-01", "", "", "某", "123"),
        ("allowance", "HOME", citizen_id(5), "2026-01"),
        ("allowance", "HOME", citizen_id(1), "2026-03", "2026-01"),
        ("allowance", "HOME", citizen_id(0), "2026-01"),
        ("allowance", "HOME", citizen_id(0), "2026-02"),
    ]
    ran = run("benefits", "enrol", "import", written(tmp_path, rows), "--json")
    assert ran.exit_code == 3
    assert codes(ran) == sorted(
        [
            "E_SCHEME", "E_CATEGORY", "E_ID_UNKNOWN", "E_ID_CHECK", "E_PERIOD", "E_INSTITUTION", "E_ACCOUNT",
            "E_NO_PAYEE", "E_MONTHS", "E_ENROLLED",
        ]
    )  # fmt: skip
    assert ran.data["error_file"]
    assert run("benefits", "enrol", "list", "--json").data == []


def test_schemes_that_exclude_each_other_meet_neither_at_enrolment_nor_on_a_roll(place, run, tmp_path):
    person = place.people(2)
    place.standard("BASIC", "580", scheme="allowance_pair")
    place.enrol(person[:1])
    assert refusal(place.enrol, person[:1], category="BASIC", scheme="allowance_pair") == "E_PAIR"
    row = [("allowance_pair", "BASIC", citizen_id(0), "2026-01")]
    assert codes(run("benefits", "enrol", "import", written(tmp_path, row), "--json")) == ["E_PAIR"]
    place.enrol(person[1:], since="2026-05")
    place.enrol(person[1:], since="2025-01", category="BASIC", scheme="allowance_pair", to_month="2026-04")
    assert place.roll("2026-03", "allowance_pair")["lines"] == 1
    place.act(change_enrolment, 3, ChangeEnrolment(from_month="2026-04", to_month="2026-12", reason="延长"))
    built = place.roll("2026-05", "allowance_pair")
    assert [(one["code"], built["lines"]) for one in built["excluded"]] == [("E_PAIR", 0)]


def test_two_rows_of_one_file_that_exclude_each_other_are_an_error(place, run, tmp_path):
    place.people(1)
    rows = [("allowance", "HOME", citizen_id(0), "2026-01"), ("allowance_pair", "BASIC", citizen_id(0), "2026-03")]
    ran = run("benefits", "enrol", "import", written(tmp_path, rows), "--json")
    assert [(one["row"], one["code"]) for one in ran.data["errors"]] == [(3, "E_PAIR")]
    apart = [("allowance", "HOME", citizen_id(0), "2026-01", "2026-02"), rows[1]]
    assert run("benefits", "enrol", "import", written(tmp_path, apart, "2.xlsx"), "--json").data["imported"] == 2


def test_a_plugin_objects_to_new_cases_and_not_to_who_is_taken_over(place):
    people = place.people(2)
    assert refusal(place.enrol, people[:1], since="1999-12") == "E_LONG_AGO"
    assert place.enrol(people, since="1999-12", carried_over=True)


def test_nobody_is_enrolled_twice_dead_or_for_a_family_without_one(place):
    from core.identity.events import Death, record_death

    people = place.people(2)
    place.enrol(people[:1])
    assert refusal(place.enrol, people[:1], since="2026-05") == "E_ENROLLED"
    place.act(record_death, people[1], Death(on="2026-02-01"))
    assert refusal(place.enrol, people[1:], since="2026-03") == "E_PERSON_DEAD"
    assert refusal(place.enrol, people[1:], category="FAMILY", scheme="allowance_family") == "E_FAMILY_REQUIRED"


def family(place, people):
    from core.households.groups import open_group
    from core.households.wishes import GroupPart, OpenGroup
    from core.testing import VILLAGE

    with place.county.begin() as work:
        wish = OpenGroup(
            kind="assistance_family",
            area=VILLAGE,
            scheme="allowance_family",
            on=work.today,
            members=[GroupPart(person_id=one, part="member") for one in people],
        )
        return open_group(work, wish).id


def test_a_family_gets_one_line_and_a_gap_is_paid_beside_its_share(place):
    people = place.people(3)
    place.standard("FAMILY", "810", scheme="allowance_family")
    place.standard("GAP", "760", scheme="allowance_gap")
    group = family(place, people)
    place.enrol(people[:1], category="FAMILY", scheme="allowance_family", group_id=group, member_ids=people)
    place.enrol(people[1:2], category="GAP", scheme="allowance_gap")
    lines = place.lines(place.roll(scheme="allowance_family")["batch"])
    assert [(line.beneficiary_id, line.person_id, line.amount_fen) for line in lines] == [(group, people[0], 81_000)]
    lines = place.lines(place.roll(scheme="allowance_gap")["batch"])
    assert [(line.person_id, line.amount_fen) for line in lines] == [(people[1], 49_000)], "760.00 less 270.00"


def test_a_gap_of_nothing_makes_no_line_and_says_why(place):
    people = place.people(1)
    place.standard("FAMILY", "900", scheme="allowance_family")
    place.standard("GAP", "760", scheme="allowance_gap")
    group = family(place, people)
    place.enrol(people, category="FAMILY", scheme="allowance_family", group_id=group, member_ids=people)
    place.enrol(people, category="GAP", scheme="allowance_gap")
    built = place.roll(scheme="allowance_gap")
    assert (built["lines"], [one["code"] for one in built["excluded"]]) == (0, ["W_ZERO"])


def test_a_scheme_that_answers_nonsense_is_named(place):
    from core.errors import PluginFailed

    place.standard("X", "1", scheme="allowance_broken")
    place.enrol(place.people(1), category="X", scheme="allowance_broken")
    with pytest.raises(PluginFailed) as caught:
        place.roll(scheme="allowance_broken")
    assert caught.value.plugin == "allowance"


def test_a_fixed_amount_of_the_terms_stands_before_the_standard(place):
    place.enrol(place.people(1), terms={"amount_fen": 12_345})
    assert place.roll()["total_fen"] == 12_345


def test_a_new_account_of_a_home_is_followed_by_who_lives_there(place, run):
    person = place.people(1)
    place.enrol(person, category="INST", institution_id=place.home)
    words = ("benefits", "institution", "set", "H1", "--name", "福利院", "--account-number", "622848007777777777")
    assert run(*words, "--json").exit_code == 0
    with place.county.look() as work:
        assert enrolments_of(work, person)[0]["payee_tail"] == "7777"


def test_a_clerk_of_another_town_sees_and_changes_nothing(place):
    from core.testing import OTHER_TOWN

    number = place.enrol(place.people(1))[0]
    with place.county.look("township_officer", OTHER_TOWN) as work, pytest.raises(NotFound):
        show_enrolment(work, number)
    with place.county.begin("township_officer", OTHER_TOWN) as work, pytest.raises(NotFound):
        change_enrolment(work, number, ChangeEnrolment(from_month="2026-05", category="INST"))


def test_what_was_known_is_kept_beside_what_is_known(place):
    number = place.enrol(place.people(1), since="2026-01")[0]
    place.act(
        change_enrolment,
        number,
        ChangeEnrolment(from_month="2026-03", category="INST", institution_id=place.home, reason="入院"),
    )
    with place.county.look() as work:
        found = show_enrolment(work, number)["versions"]
    known = [(one["from_month"], one["to_month"], one["category"]) for one in found if one["superseded_at"] is None]
    assert sorted(known) == [("2026-01", "2026-02", "HOME"), ("2026-03", None, "INST")]
    assert len(found) == 3


def test_an_import_understands_the_titles_too(place, run, tmp_path):
    place.people(1)
    file = written(tmp_path, [("Allowance", "At home", citizen_id(0), "2026-01")])
    ran = run("benefits", "enrol", "import", file, "--json")
    assert ran.data["imported"] == 1, ran.output


def test_two_thousand_people_are_imported_in_seconds(place, run, tmp_path):
    import time

    place.people(2_274)
    rows = [
        ("allowance", "INST" if at < 575 else "HOME", citizen_id(at), "2019-09", "", "H1" if at < 575 else "")
        for at in range(2_274)
    ]
    file = written(tmp_path, rows)
    began = time.process_time()
    ran = run("benefits", "enrol", "import", file, "--json")
    assert (ran.exit_code, ran.data["imported"]) == (0, 2_274), ran.talk
    assert time.process_time() - began < 10
    assert place.roll("2026-03")["total_fen"] == 200_424_000
