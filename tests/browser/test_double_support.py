"""Double support as people meet it: lists, files and forms at the desk and on the phone."""

from tests.plugins.double_support.conftest import place  # noqa: F401 - fixtures
from tests.plugins.double_support.test_doors import service  # noqa: F401 - fixtures

LOOKS = {
    "desk": {"width": 1440},
    "phone": {"width": 390},
    "english phone": {"width": 390, "language": "en"},
}
PAGES = (
    "/double-support", "/double-support/plans/1", "/double-support/plans/new", "/double-support/visits",
    "/double-support/visits/2/record", "/double-support/plaques", "/double-support/projects",
    "/double-support/projects/1", "/double-support/projects/1/cancel", "/double-support/units/1",
    "/double-support/sheets/1", "/double-support/items", "/double-support/items/3", "/double-support/self-assess",
    "/double-support/spouses/1", "/double-support/points", "/double-support/agreements/1", "/double-support/classes",
    "/double-support/budgets/1", "/double-support/papers/visit-list/1", "/double-support/papers/project-list/now",
)  # fmt: skip


def test_pages_of_double_support_fit_and_axe_finds_nothing(window, service):  # noqa: F811 - the fixture
    faults: list[str] = []
    for look, wishes in LOOKS.items():
        one = window("clerk", **wishes)
        for path in PAGES:
            one.open(path)
            faults += [f"{path} {look}: {fault}" for fault in [*one.said, *one.axe()]]
            one.said.clear()
            if one.sideways():
                faults.append(f"{path} {look}: scrolls sideways")
    assert not faults, "\n".join(faults)


def test_a_secret_is_refused_and_what_was_typed_stays(window, service):  # noqa: F811 - the fixture
    one = window("clerk", width=1440)
    one.open("/double-support/visits/2/record")
    page = one.page
    page.get_by_label("带队人").fill("王干部")
    page.get_by_label("同行人").fill("赵干部")
    page.get_by_label("发现的需求").fill("希望到 32541 部队探亲")
    page.get_by_role("button", name="登记走访").click()
    page.wait_for_load_state()
    assert "涉密信息" in page.content()
    assert page.get_by_label("带队人").input_value() == "王干部"
