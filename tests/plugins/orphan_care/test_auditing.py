"""RS11: who is past the age is refused at every door, and found when the true birthday comes to light later."""

from datetime import date

import pytest
from sqlalchemy import update

from core.funds.detectors import detect, list_findings
from core.identity.models.persons import Person
from tests.plugins.orphan_care.conftest import DEAD, parents
from tests.plugins.orphan_care.test_doors import options, plain

RECALL, PRECISION = 0.95, 0.5
GROWN = date(2005, 6, 1)
BASE = {"category": "ORPHAN_DISP", **parents(DEAD, DEAD)}


@pytest.mark.proof("RS11")
def test_whoever_is_of_age_is_refused_by_page_command_and_api(place, run, client, proof):
    child, guardian = place.person("周大甲", born=GROWN), place.guardian()
    given = {**BASE, "guardian_id": guardian}
    ran = run("orphan-care", "case", "apply", child, *options(given), "--json")
    assert (ran.exit_code, ran.error["code"]) == (3, "E_ORPHAN_AGE"), ran.talk
    body = plain(given) | {"person_id": child}
    told = client.api("POST", "/orphan-care/cases", as_=place.county.account("clerk"), json=body)
    assert (told.status_code, told.json()["error"]["code"]) == (422, "E_ORPHAN_AGE"), told.text
    client.sign_in("clerk")
    page = client.post("/orphan-care/apply", data={name: str(value) for name, value in body.items()})
    assert page.status_code == 422 and "已年满 18 周岁" in page.text
    proof.counted(3)


@pytest.mark.proof("RS11")
def test_who_turns_out_to_be_of_age_and_is_still_paid_is_found_and_honest_children_are_not(place, proof):
    each = proof.effort(quick=2, long=40)
    older = [place.person(f"周长{chr(0x4E00 + at)}") for at in range(each)]
    planted = {str(place.approved(one)) for one in older}
    for at in range(each):
        place.approved(place.person(f"周小{chr(0x4E00 + at)}"))
        pupil = place.person(f"周学{chr(0x4E00 + at)}", born=GROWN)
        school = {"school": "职业中专", "schooling": "vocational", "school_until": date(2026, 7, 1)}
        place.approved(pupil, **{**BASE, "category": "CONT_EDU", **school})
    with place.county.begin() as work:
        # The true birthday comes to light after the files were opened.
        work.session.execute(update(Person).where(Person.id.in_(older)).values(birth_date=GROWN))
        work.record("test.planted", "test:1")
    seen = found(place, "2026-02")
    assert len(planted & seen) >= RECALL * len(planted)
    assert len(planted & seen) >= PRECISION * len(seen) and seen <= planted
    assert found(place, "2025-01") == set(), "before their files"
    proof.counted(3 * each, found=len(planted - seen))


def found(place, month):
    """The numbers of the files that are found of a month."""
    with place.county.begin("auditor") as work:
        detect(work, month)
        lines = list_findings(work, period=month)
    return {one["subject"].partition(":")[2] for one in lines if one["kind"] == "orphan_care.over_age"}
