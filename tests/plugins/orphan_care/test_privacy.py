"""Nothing of a child where nobody may look: notices, desk, audit, panels, exports, what only the officer may know."""

import re

import pytest
from sqlalchemy import text

from core.errors import Forbidden
from plugins.orphan_care import desk
from plugins.orphan_care.queries import CaseFilter, list_cases
from plugins.orphan_care.statistics import structure_rows

from .conftest import OTHER_TOWN, TOWN, VILLAGE

CANARY = "欧阳碧螺"
RANDOM = re.compile(r'(?<=name="_once" value=")[\w-]+|[\w-]{20,}', re.A)
"""Keys of a form and the like, in which any three letters may come about."""


def test_what_only_the_county_officer_may_know_stands_nowhere_else(place, run, client, county):
    officer = county.account("orphan_care_officer")
    child, guardian = place.person(CANARY), place.guardian()
    given = ("--category", "HIV_CHILD", "--guardian-id", guardian, "--json")
    assert run("orphan-care", "case", "apply", child, *given).exit_code == 4
    made = run("orphan-care", "case", "apply", child, *given, as_=officer)
    assert made.exit_code == 0, made.talk
    number = made.data["number"]
    assert made.data["category"] == "ORPHAN_DISP"
    run("orphan-care", "case", "confide", number, "--hiv", "--facts", "曾受侵害", as_=officer)
    place.act("check", number, police="none", court="none", federation="none")
    place.act("approve", number)
    mine = run("orphan-care", "case", "show", number, "--json", as_=officer)
    assert (mine.data["category"], mine.data["confided"]) == ("HIV_CHILD", {"hiv": True, "facts": "曾受侵害"})
    for who in ("", county.account("clerk"), county.account("auditor"), county.account("township_officer", TOWN)):
        seen = run("orphan-care", "case", "show", number, "--json", as_=who)
        assert seen.exit_code == 0 and seen.data["category"] == "ORPHAN_DISP" and seen.data["confided"] == {}
        assert not any(word in seen.output for word in ("HIV", "艾滋", "侵害"))
        assert run("orphan-care", "case", "list", "--category", "HIV_CHILD", "--json", as_=who).data == []
    assert [
        one["number"]
        for one in run("orphan-care", "case", "list", "--category", "HIV_CHILD", "--json", as_=officer).data
    ] == [number]
    built = place.roll("2026-02")
    assert built["by_category"] == {"ORPHAN_DISP": 76_000}
    client.sign_in("clerk")
    for path in ("/orphan-care", "/orphan-care/cases/1", "/benefits/enrolments", f"/benefits/rolls/{built['batch']}"):
        page = RANDOM.sub("", client.get(path).text)
        assert not any(word in page for word in ("HIV", "艾滋", "侵害")), path
    client.sign_in("orphan_care_officer")
    assert "艾滋" in client.get("/orphan-care/cases/1").text
    with county.host.database.transaction(write=False) as connection:
        rows = connection.execute(text("SELECT * FROM orphan_care_case")).all()
        audit = connection.execute(text("SELECT * FROM audit_record")).all()
    assert not any(word in str(one) for one in (*rows, *audit) for word in ("HIV", "hiv", "侵害"))


def test_names_stand_on_no_notice_desk_list_of_dues_export_or_record(place, run, county, tmp_path, caplog):
    number = place.approved(place.person(CANARY))
    place.at("2026-03-10")
    notice = run("orphan-care", "notice", "open", number, "--area", "430223", "--json").data["id"]
    assert CANARY not in run("notices", "show", notice, "--json").output
    with county.look() as work:
        shown = [*desk.tasks(work), *desk.tiles(work)]
    assert shown and CANARY not in str(shown)
    for words in (("visit", "due"), ("review", "due"), ("review", "due", "--list", "ages"), ("pairing", "list")):
        assert CANARY not in run("orphan-care", *words, "--json").output
    out = tmp_path / "导出.csv"
    assert run("orphan-care", "export", "-o", out, "--json").data["rows"] == 1
    content = out.read_text(encoding="utf-8-sig")
    assert number in content and CANARY not in content and "999" not in content
    assert run("orphan-care", "export", "-o", out, as_=county.account("reviewer")).exit_code == 4
    for report in ("structure", "visits", "pairings", "indicators"):
        assert CANARY not in run("report", "run", f"orphan-care-{report}", "--json").output
    listed = run("audit", "list", "--json")
    assert listed.exit_code == 0 and "orphan_care.exported" in listed.output and CANARY not in listed.output
    assert CANARY not in caplog.text


def test_every_look_at_a_file_is_recorded(place, run, county):
    number = place.approved(place.person(CANARY))
    reader = county.account("reviewer")
    place.at("2026-03-10")
    run("orphan-care", "case", "show", number, as_=reader)
    run("orphan-care", "case", "list", as_=reader)
    records = run("audit", "list", "--json").output
    for action in ("orphan_care.file_read", "orphan_care.list_read"):
        assert action in records, action


def test_panels_tell_no_more_than_the_reader_may_know(place, county):
    child = place.person(CANARY)
    number = place.approved(child)
    for role, area, sees in (
        ("clerk", "", True), ("clerk", TOWN, True), ("orphan_care_director", VILLAGE, True),
        ("clerk", OTHER_TOWN, False), ("accountant", "", False), ("disburser", "", False),
    ):  # fmt: skip
        with county.look(role, area) as work:
            found = list(desk.panels(work, (child,)))
        assert bool(found) is sees, (role, area)
        assert all(not one.tags and CANARY not in str(one) for one in found)
        assert not found or number in str(found)


def test_a_role_without_the_right_counts_and_lists_nothing(place, county):
    place.approved(place.person(CANARY))
    with county.look("accountant") as work:
        assert list(desk.tiles(work)) == [] and list(desk.tasks(work)) == []
        with pytest.raises(Forbidden):
            list_cases(work, CaseFilter())
    with county.look("clerk", OTHER_TOWN) as work:
        assert list(structure_rows(work)) == []


def test_a_guardian_of_many_is_warned_of_and_listed(place, county):
    keeper = place.guardian()
    made = [place.apply(place.person(f"周小{one}"), guardian_id=keeper) for one in "甲乙丙"]
    assert len(made) == 3
    wish = place.wish(place.person("周小丁"), guardian_id=keeper)
    from plugins.orphan_care import acts

    with county.begin() as work:
        done = acts.apply(work, wish)
    assert [one.code for one in done.warnings] == ["W_GUARDIAN_MULTI"]
    with county.look() as work:
        titles = [one.step for one in desk.tasks(work)]
    assert "W_GUARDIAN_MULTI" in titles
