"""What the plugins measure by town adds up to what their own reports say; every one of them can be asked."""

import pytest

from core.api import rounded
from core.testing import TOWN, enabled
from plugins.indicators.judging import judge
from plugins.indicators.measuring import Figure, pooled
from plugins.indicators.periods import stretch

SOURCES = (
    "benefits", "casework", "notices", "democratic_review", "dibao", "orphan_care", "canteen", "volunteers",
    "social_workers", "donations", "double_support",
)  # fmt: skip


def test_every_plugin_names_indicators_that_can_be_measured_and_reported(county, run):
    enabled(county, "indicators")
    for name in SOURCES:
        enabled(county, name)
    listed = run("indicators", "list", "--json").data
    assert len({one["name"] for one in listed}) == len(listed) > 130
    assert {one["plugin"] for one in listed} == set(SOURCES) - {"benefits"}
    made = run("indicators", "report", "make", "--period", "2026-Q3", "--json")
    assert made.exit_code == 0, made.talk
    shown = run("indicators", "report", "show", "--period", "2026-Q3", "--json").data
    assert not shown["failures"] and len(shown["indicators"]) == len(listed)
    states = {one["name"]: one["state"] for one in shown["indicators"]}
    assert states["dibao.gap_rural"] == "unknown" and states["double_support.projects_done"] == "pending"
    town = run("indicators", "report", "show", "--json", as_=county.account("township_officer", TOWN))
    assert town.exit_code == 0 and not town.data["failures"]
    for one in town.data["indicators"]:
        assert set(one["failing"]) <= {TOWN}, one


def test_a_part_of_nobody_leaves_the_county_unknown():
    assert pooled([Figure(part=Figure().part, base=None)]) == Figure()
    known, nobody = Figure(part=5, base=5), Figure(part=3, base=0)  # ty: ignore[invalid-argument-type] - whole numbers
    whole = pooled([known, nobody])
    assert whole is not None and whole.part is None
    assert pooled([known, Figure(part=0, base=0)]).part == 5  # ty: ignore[invalid-argument-type, possibly-unbound-attribute]


def figures(county, plugin, names, period="2026-11"):
    """The county's figures of some indicators."""
    from plugins.indicators.catalogue import catalogue

    with county.look() as work:
        known = catalogue(work, plugin)
        report = judge(work, [known[f"{plugin}.{name}"] for name in names], stretch(period))
    assert not report.failures
    return {one.named.name.partition(".")[2]: one.county.value for one in report.judged}


@pytest.fixture
def both(county):
    """The county with the catalogue and the plugins whose figures are compared."""
    for name in ("indicators", "social_workers"):
        enabled(county, name)
    return county


def test_social_work_adds_up_to_its_own_report(both, run):
    from plugins.social_workers.acts import ROOMS

    with both.begin() as work:
        new = ROOMS["agencies"].new
        wish = {"name": "清溪社会工作服务中心", "code": "52430223MJJ000001N", "registered_on": "2024-01-01"}
        new.make(work, new.wish(**wish, staff=4, area="430223"))
        new = ROOMS["stations"].new
        new.make(work, new.wish(name="桃水镇社工站", area=TOWN, address="便民服务中心"))
    found = figures(both, "social_workers", ("agencies", "station_count", "stations", "agency_staff"))
    own = {row["indicator"]: row["value"] for row in run("report", "run", "social-workers-indicators", "--json").data}
    assert (str(found["agencies"]), str(found["station_count"])) == (own["民办社工机构"], own["社工站"]) == ("1", "1")
    assert own["社工站乡镇覆盖率"] == f"{rounded(found['stations'], 1)}%" and own["机构持证比例"] == "0.0%"
    assert found["agency_staff"] == 0
