"""Over 18 and at school, study grants, institutions; sponsors by command."""

from datetime import date

from .conftest import DEAD, parents
from .test_doors import options

STUDY = {"kind": "study", "school_year": "2025-2026", "document": "民办函 1", "source": "LOTTERY"}


def test_a_pupil_over_18_applies_with_proof_and_gets_the_study_grant_once(place, run):
    child, guardian = place.person("周小甲", born=date(2007, 3, 1)), place.guardian()
    base = {"category": "CONT_EDU", "guardian_id": guardian, **parents(DEAD, DEAD)}
    bare = run("orphan-care", "case", "apply", child, *options(base), "--json")
    assert bare.error["code"] == "E_ORPHAN_AGE"
    school = {"school": "职业中专", "schooling": "vocational", "school_until": date(2026, 7, 1)}
    number = place.approved(child, **{**base, **school})
    place.act("grant", number, **STUDY)
    shown = place.show(number)
    assert [(one["amount_fen"], one["source"]) for one in shown["grants"]] == [(1_000_000, "LOTTERY")]
    again = run("orphan-care", "case", "grant", number, *options(STUDY), "--json")
    assert again.error["code"] == "E_SAME"
    assert place.lines(place.roll("2026-02")) == [("2026-02", "BASIC", 76_000)]
    assert [one["to_month"] for one in shown["benefits"]] == ["2026-07"]


def test_a_child_in_an_institution_is_kept_and_paid_by_it(place, run):
    child = place.person("周小乙", account=False)
    given = {"category": "ORPHAN_INST", **parents(DEAD, DEAD)}
    bare = run("orphan-care", "case", "apply", child, *options(given), "--guardian-id", place.guardian(), "--json")
    assert bare.error["code"] == "E_GUARDIAN_REQUIRED"
    number = place.approved(child, institution="FLY", category="ORPHAN_INST")
    assert place.lines(place.roll("2026-02")) == [("2026-02", "BASIC", 124_000)]
    shown = place.show(number)
    assert [one["payee_tail"] for one in shown["benefits"]] == ["9999"]
    back = run("orphan-care", "case", "category", number, "--category", "ORPHAN_DISP", "--on", "2026-01-05",
               "--reason", "回家", "--json")  # fmt: skip
    assert back.error["code"] == "E_GUARDIAN_REQUIRED"


def test_sponsors_by_command(place, run):
    number = place.approved()
    sponsor = run("orphan-care", "sponsor", "add", "王爱心", "--contact", "13800000000", "--json").data["id"]
    pledge = ("--case", number, "--kind", "money", "--yuan", "200", "--months", "12")
    assert run("orphan-care", "sponsor", "pair", sponsor, *pledge, "--json").error["code"] == "E_SPONSOR_CHECK"
    check = ("--result", "clear", "--on", "2026-01-03", "--document", "函")
    assert run("orphan-care", "sponsor", "check", sponsor, *check).exit_code == 0
    pairing = run("orphan-care", "sponsor", "pair", sponsor, *pledge, "--json").data["id"]
    early = run("orphan-care", "pairing", "introduce", pairing, "--json")
    assert {one["code"] for one in early.error["objections"]} == {"E_CONSENT"}
    money = ("--kind", "money", "--yuan", "1800", "--way", "direct")
    assert run("orphan-care", "pairing", "contact", pairing, *money).exit_code == 0
    shown = run("orphan-care", "pairing", "show", pairing, "--json")
    assert shown.data["fulfilled"] == 75 and "陈小满" not in shown.output
    end = run("orphan-care", "pairing", "end", pairing, "--until", "2026-01-05", "--reason", "完", "--json")
    assert end.exit_code == 0
    place.at("2027-02-01")
    listed = run("orphan-care", "sponsor", "list", "--json")
    assert "13800000000" not in listed.output
