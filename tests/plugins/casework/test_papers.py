"""The papers of a case: what stands on them, when they may be printed, and which of them a file holds."""

from datetime import date

import pytest

from core import documents
from core.api import NotFound, Refused
from core.policy import SetPolicy, set_policy
from plugins.casework import papers
from plugins.casework.archive import TITLES, archive_of
from plugins.casework.papers import case_paper
from tests.plugins.casework.conftest import PAPERS


def printed(place, number: str, kind: str, role: str = "reviewer"):
    """A paper as data."""
    with place.county.look(role) as work:
        return case_paper(work, number, kind)


def words(sheet) -> str:
    """Everything that stands on a sheet."""
    cells = [str(cell) for row in sheet.rows for cell in row]
    fields = [f"{label}：{value}" for label, value in sheet.fields]
    return "\n".join([sheet.title, sheet.office, *fields, *sheet.paragraphs, *cells, *sheet.signatures])


def test_a_grant_names_amount_month_rule_remedy_and_the_computation(place):
    number = place.granted()
    sheet = printed(place, number, "D14")
    text = words(sheet)
    for part in ("陈志强", "606.00 元", "2026年4月", "民发〔2021〕57号", "60 日", "6 个月", "民批 1 号", "4 人"):
        assert part in text, part
    assert sheet.seal
    assert "480.00" in {row[1] for row in sheet.rows}
    assert sheet.dated == place.show(number)["decided_on"]


def test_a_refusal_names_reasons_rule_and_remedy(place):
    number = place.until("county_review")
    place.step(number, "refuse", reason="家庭存款超过上限", rule="审核确认办法第十三条")
    text = words(printed(place, number, "D15"))
    for part in ("家庭存款超过上限", "审核确认办法第十三条", "60 日", "6 个月"):
        assert part in text, part


def test_a_refusal_without_its_remedy_is_not_printed(place):
    number = place.until("county_review")
    place.step(number, "refuse", reason="家庭存款超过上限", rule="审核确认办法第十三条")
    with place.county.begin() as work:
        wish = SetPolicy(
            key="casework.remedy", value="不服的可以反映。", valid_from=date(2020, 1, 1), document="县发 1"
        )
        set_policy(work, wish)
    with pytest.raises(Refused) as refused:
        printed(place, number, "D15")
    assert refused.value.objections[0].code == "E_NO_REASON"
    assert "不得打印" in refused.value.objections[0].reason


def test_the_declaration_has_a_line_to_sign_for_every_adult(place):
    number = place.new()
    sheet = printed(place, number, "D02", "clerk")
    assert sheet.signatures == ("陈志强", "李秀英", "周桂兰")
    assert "12 个月" in words(sheet)


def test_missing_papers_are_told_in_one_letter(place):
    number = place.new()
    place.step(number, "submit", papers=PAPERS, signed_by=["陈志强", "李秀英", "周桂兰"])
    place.step(number, "return", reason="复印件不清", missing=["identity", "残疾证"])
    text = words(printed(place, number, "D05", "clerk"))
    for part in ("身份证、户口簿", "残疾证", "复印件不清", "一次"):
        assert part in text, part


def test_notices_print_their_own_sheet_masked(place):
    number = place.until("noticing_1")
    text = words(printed(place, number, "D09"))
    assert "陈*强" in text
    assert "陈志强" not in text


def test_the_long_term_sheet_shows_masked_name_members_and_amount_only(place):
    number = place.active()
    sheet = printed(place, number, "D16")
    assert list(sheet.rows) == [("陈*强", "泉塘冲社区", 4, 60600)]


def test_a_stop_is_told_with_its_reason_and_month(place):
    number = place.active()
    place.step(number, "stop", reason="家庭主动退出", from_month="2026-06", document="民停 3 号")
    text = words(printed(place, number, "D18"))
    for part in ("停发决定书", "家庭主动退出", "2026年6月", "60 日"):
        assert part in text, part


def test_every_paper_of_a_case_that_went_all_the_way_is_a_pdf(place):
    number = place.until("county_review")
    member = str(place.families["H00001"][0])
    place.act(
        number, "relative", member=member, staff_name="陈志国", post="村主任", level="village", relation="sibling"
    )
    place.act(number, "visit", investigators=["周敏", "赵丽"], signer="陈志强", findings="属实")
    place.step(number, "propose_grant")
    place.publish(number)
    place.at(str(place.show(number)["notices"][-1]["from_day"]))
    place.step(number, "period_end", document="民批 1 号")
    made = []
    for kind in sorted([*papers.PAPERS, *papers.ROUNDS]):
        try:
            sheet = printed(place, number, kind)
        except NotFound:
            continue
        found = documents.pdf(sheet)
        assert found.content.startswith(b"%PDF")
        assert not found.missing
        assert documents.pages(documents.draw(sheet))
        made.append(kind)
    assert made == ["D01", "D02", "D03", "D06", "D07", "D08", "D09", "D10", "D11", "D13", "D14", "D17", "D19"]


def test_printing_is_recorded_and_an_unknown_paper_is_named(place, client):
    number = place.submitted()
    client.sign_in("clerk")
    assert client.get(f"/casework/cases/{number}/papers/D01").status_code == 200
    assert client.get(f"/casework/cases/{number}/papers/D01/pdf").content.startswith(b"%PDF")
    assert client.get(f"/casework/cases/{number}/papers/D99").status_code == 404
    assert client.get(f"/casework/cases/{number}/papers/D14").status_code == 404
    client.sign_in("auditor")
    assert "打印申请文书" in client.get("/audit").text


def test_one_family_one_file_says_what_is_due_and_what_is_there(place, run):
    number = place.until("township_review")
    with place.county.look("clerk") as work:
        found = {one["paper"]: one for one in archive_of(work, number)}
    assert set(found) == set(TITLES)
    due = {name for name, one in found.items() if one["due"]}
    assert due == {"D01", "D02", "D03", "D06", "D07", "D08", "D09", "D10"}
    assert all(found[name]["there"] for name in due)
    assert not found["D14"]["there"]
    ran = run("casework", "file", number, "--json")
    assert [one["paper"] for one in ran.data] == list(TITLES)


def test_a_paper_is_printed_by_command(place, run, tmp_path):
    number = place.submitted()
    file = tmp_path / "d01.pdf"
    ran = run("casework", "paper-print", number, "D01", "-o", file, "--json")
    assert ran.exit_code == 0, ran.talk
    assert file.read_bytes().startswith(b"%PDF")
