"""The catalogue by page, command, spreadsheet and API: the same figures, the same words; off and on again."""

from datetime import date

from openpyxl import load_workbook

from core.api import Measured
from core.testing import TOWN, enabled, plugin_contract

from .conftest import OTHER_TOWN

test_contract = plugin_contract("indicators")
SUM = {"title": "特困人员", "source": "市局月报表", "period": "2026-10"}


def test_the_worked_month_by_commands_alone(county, run):
    enabled(county, "indicators")
    enabled(county, "social_workers")
    listed = run("indicators", "list", "--period", "2026-10", "--json").data
    stations = next(one for one in listed if one["name"] == "social_workers.stations")
    assert stations["targets"][0]["value"] == "100" and stations["targets"][0]["document"] == "handbook"
    shown = run("indicators", "show", "social_workers.stations", "--period", "2026-10", "--json").data
    assert (shown["state"], len(shown["failing"]), shown["value"]) == ("not_met", 19, "0")
    run("indicators", "target", "set", "social_workers.stations", "--period", "2026", "--value", "0", "--document",
        "攸民发〔2026〕12号")  # fmt: skip
    assert run("indicators", "show", "social_workers.stations", "--json").data["state"] == "met"
    ran = run("indicators", "stated", "sum", *(word for key, value in SUM.items() for word in (f"--{key}", value)),
              "--parts", "分散 461、集中 188", "--stated", "659")  # fmt: skip
    assert ran.exit_code == 0 and "649" in ran.output
    assert run("indicators", "check", "--period", "2026-10").exit_code == 1
    ran = run("indicators", "report", "make", "--period", "2026-10", "--json")
    number = ran.data["number"]
    assert number == "ZB-430223-2026-10-1"
    assert run("indicators", "report", "check", number).exit_code == 4  # nobody's name stands behind the shell
    reviewer, approver = county.account("reviewer"), county.account("approver")
    assert run("indicators", "report", "check", number, as_=reviewer).exit_code == 0
    refused = run("indicators", "report", "issue", number, "--json", as_=approver)
    assert refused.exit_code == 3 and refused.error["objections"][0]["code"] == "E_WP_SUM"
    run("indicators", "stated", "acknowledge", "1", "--reason", "沿用原文", as_=reviewer)
    assert run("indicators", "report", "issue", number, as_=approver).exit_code == 0
    assert "已签发" in run("indicators", "report", "list").output
    assert "社工站乡镇覆盖率" in run("indicators", "report", "open", number).output
    assert run("indicators", "show", "social_workers.station", "--json").exit_code == 5


def test_the_excel_of_a_period_has_a_merged_header_a_unit_line_and_three_signatures(county, run, tmp_path):
    enabled(county, "indicators")
    enabled(county, "social_workers")
    file = tmp_path / "指标.xlsx"
    assert run("report", "run", "indicators-period", "--period", "2026-10", "-o", file).exit_code == 0
    sheet = load_workbook(file).active
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A1:K1", "D3:F3", "G3:H3", "I3:K3", "A3:A4"} <= merged
    assert sheet["A1"].value == "统计指标完成情况表" and "单位：" in sheet["A2"].value
    assert sheet.page_setup.orientation == "landscape" and sheet.print_title_rows == "$3:$4"
    stations = next(row for row in sheet.iter_rows(values_only=True) if row[1] == "社工站乡镇覆盖率")
    assert stations[3] == 0 and stations[6] == "等于 100.00%" and stations[8] == "未达标"
    foot = [row[0].value for row in sheet.iter_rows() if row[0].value]
    assert all(who in foot[-1] for who in ("制表人：", "审核人：", "签发人："))
    counted = run("report", "run", "indicators-plugins", "--period", "2026-10", "-o", tmp_path / "数.xlsx")
    assert counted.exit_code == 0
    sums = [[cell.value for cell in row] for row in load_workbook(tmp_path / "数.xlsx").active.iter_rows()]
    total = next(row for row in sums if row[0] == "合计")
    assert total[1] == sum(total[2:7]) and total[1] > 20


def test_pages_of_the_catalogue_say_what_commands_say(place, client):
    place.towns("grid.gap", 39_000, 38_400, 37_300)
    place.target("grid.gap", "374")
    number = place.start("reports", "clerk", period="2026-10")["number"]
    client.sign_in("clerk")
    assert "grid.gap" not in client.get("/indicators").text  # the plugin of this test runs in the county's other host
    assert "尚未" not in client.get("/indicators/targets").text
    page = client.get(f"/indicators/reports/{number}").text
    assert "382.33" in page and "未达标" in page and "攸民发〔2026〕12号" in page
    paper = client.get(f"/indicators/papers/{number}").text
    assert 'colspan="3"' in paper and "编制" in paper and "联星街道" in paper
    answer = client.post(
        "/indicators/sums/new",
        data={**SUM, "parts": "分散 461、集中 188", "stated": "659", "area": ""},
        follow_redirects=True,
    )
    assert "不符" in answer.text and "-10" in answer.text and "E_WP_SUM" in answer.text
    waiting = client.get("/indicators/period?period=2026-10").text
    assert "填报数不符，签发前要说明" in waiting
    refused = client.post("/indicators/sums/new", data={**SUM, "parts": "", "stated": "659", "area": ""})
    assert refused.status_code == 422 and 'value="市局月报表"' in refused.text


def test_the_api_answers_what_the_pages_show(county, client):
    enabled(county, "indicators")
    enabled(county, "social_workers")
    account = county.account("clerk")

    def get(path=""):
        return client.api("GET", f"/indicators{path}", as_=account)

    def post(path, **body):
        return client.api("POST", f"/indicators{path}", as_=account, json=body).json()

    items = get().json()["items"]
    assert {"social_workers.density", "social_workers.stations"} <= {one["name"] for one in items}
    one = get("/show/social_workers.stations?period=2026-10").json()
    assert one["state"] == "not_met" and one["areas"][0]["gap"] == "-100"
    made = post("/rates", **SUM, part="52", bases=["75", "81"], stated="67%")
    assert made["code"] == "E_RATE_STATED" and made["difference"] == "+2"
    month = get("/period/2026-10").json()
    assert [one["code"] for one in month["contradictions"]] == ["E_RATE_STATED"] and month["indicators"]
    assert [one["id"] for one in get("/stated?state=open").json()["items"]] == [made["id"]]
    wish = {"indicator": "social_workers.stations", "period": "2026", "value": "50", "document": "攸民发〔2026〕1号"}
    target = post("/targets", **wish)
    assert get(f"/targets/{target['id']}").json()["value"] == "50"
    assert post(f"/targets/{target['id']}/revoke", reason="重新下达")["id"] == target["id"]
    report = post("/reports", period="2026-10")
    assert get(f"/reports/{report['number']}").json()["rows"]
    assert get("/nothing").status_code == 404 and get("/show/nothing").status_code == 404


def test_targets_come_from_a_spreadsheet_with_every_wrong_cell_named(county, run, tmp_path):
    from openpyxl import Workbook

    enabled(county, "indicators")
    enabled(county, "social_workers")
    file, book = tmp_path / "目标.xlsx", Workbook()
    for row in (
        ["指标名称", "期间", "适用区划", "比较", "目标值", "完成期限", "文号"],
        ["social_workers.stations", "2026", "", "不低于", "80", "", "攸民发〔2026〕12号"],
        ["social_workers.density", "2026", "430223", "不低于", "4.8", "", "攸民发〔2026〕12号"],
    ):
        book.active.append(row)
    book.save(file)
    assert run("indicators", "target", "import", file).exit_code == 0
    assert [one["value"] for one in run("indicators", "target", "list", "--json").data] == ["4.8", "80"]
    book.active.append(["social_workers.nothing", "2026-13", "", "", "", "", "文"])
    book.save(file)
    assert run("indicators", "target", "import", file).exit_code == 3
    assert len(run("indicators", "target", "list", "--json").data) == 2


def test_a_township_sees_its_own_town_and_no_report_of_the_county(place, client):
    place.towns("grid.gap", 39_000, 38_400)
    number = place.start("reports", "clerk", period="2026-10")["number"]
    place.stated("sums", parts=["1"], stated="2", area=TOWN)
    other = place.stated("sums", parts=["1"], stated="2", area=OTHER_TOWN)["id"]
    client.sign_in("township_officer", TOWN)
    assert client.get(f"/indicators/reports/{number}").status_code == 403
    assert client.get("/indicators/stated").text.count("/indicators/stated/") == 1
    assert client.get(f"/indicators/stated/{other}").status_code == 404


def test_a_county_without_the_catalogue_loses_nothing_and_finds_it_again(county, run):
    enabled(county, "social_workers")
    assert run("indicators", "list").exit_code == 2
    assert run("report", "run", "social-workers-indicators").exit_code == 0
    enabled(county, "indicators")
    run("indicators", "target", "set", "social_workers.stations", "--period", "2026", "--value", "60", "--document",
        "攸民发〔2026〕12号")  # fmt: skip
    assert run("plugin", "disable", "indicators").exit_code == 0
    assert run("indicators", "list").exit_code == 2
    assert run("report", "run", "social-workers-indicators").exit_code == 0
    assert run("plugin", "enable", "indicators").exit_code == 0
    assert run("indicators", "target", "list", "--json").data[0]["value"] == "60"


def test_a_printed_report_names_who_fails_and_who_signed(place):
    from plugins.indicators.papers import report_sheet

    place.towns("grid.gap", 39_000, 37_300)
    place.grid.figures.append(Measured(indicator="grid.done_on", area="430223", day=date(2026, 10, 3)))
    place.target("grid.gap", "374")
    number = place.start("reports", "clerk", period="2026-10")["number"]
    place.act("reports", "check", number, role="reviewer")
    with place.county.look("auditor") as work:
        sheet = report_sheet(work, number)
    assert sheet.landscape and sheet.columns[3].group == "完成数"
    assert any("网岭镇 未达标" in note for note in sheet.notes)
    assert [line.count("2026-11-20") for line in sheet.signatures] == [1, 1, 0]
    assert any("2026-10-03" in row for row in sheet.rows)
