"""Social work as people meet it: lists, files and forms at the desk and on the phone; a case in its worker's hands."""

from datetime import date

import pytest

from core.testing import VILLAGE
from tests.plugins.social_workers.conftest import place  # noqa: F401 - fixtures

LOOKS = {
    "desk": {"width": 1440},
    "phone": {"width": 390},
    "narrow": {"width": 320},
    "english phone": {"width": 390, "language": "en"},
}
PAGES = (
    "/social-workers", "/social-workers/workers/1", "/social-workers/workers/new", "/social-workers/workers/1/educate",
    "/social-workers/agencies", "/social-workers/agencies/1", "/social-workers/posts", "/social-workers/projects",
    "/social-workers/projects/1", "/social-workers/projects/1/assess", "/social-workers/cases",
    "/social-workers/cases/1", "/social-workers/cases/new", "/social-workers/groups", "/social-workers/events/1",
    "/social-workers/density", "/social-workers/papers/transcript/1", "/social-workers/papers/assessment/1",
)  # fmt: skip


@pytest.fixture
def service(place):  # noqa: F811 - the fixture
    """A project with a case, an event and posts; a worker with hours."""
    case = place.case(project=place.project(cases=6, events=18))
    place.through(case)
    one = place.accounts()[0]
    place.act("workers", "educate", one, course="伦理与价值观", hours="6", proof="证书 7 号")
    place.add("events", title="重阳节活动", worker=one, project="1", area=VILLAGE, place="文化广场", participants=62)
    place.add("posts", unit="县人民医院", title="医务社工", area=VILLAGE[:6], planned=2)
    return case


def test_pages_of_social_work_fit_and_axe_finds_nothing(window, service):
    faults: list[str] = []
    for look, wishes in LOOKS.items():
        one = window("clerk", **wishes)
        for path in PAGES:
            one.open(path)
            faults += [f"{path} {look}: {fault}" for fault in [*one.said, *(one.axe() if look != "narrow" else [])]]
            one.said.clear()
            if one.sideways():
                faults.append(f"{path} {look}: scrolls sideways")
    assert not faults, "\n".join(faults)


def test_a_form_is_filled_in_and_kept_when_it_is_refused(window, service):
    one = window("clerk", width=1440)
    one.open("/social-workers/workers/1/educate")
    page = one.page
    page.get_by_label("课程名称").fill("伦理与价值观")
    page.get_by_label("继续教育学时").fill("6")
    page.get_by_label("培训日期").fill(date(2026, 11, 20).isoformat())
    page.get_by_label("凭证").fill("证书 8 号")
    page.get_by_role("button", name="登记继续教育").click()
    page.wait_for_load_state()
    assert "已经登记" in page.content()
    assert page.get_by_label("凭证").input_value() == "证书 8 号"


def test_a_worker_opens_the_own_case_and_sees_a_summary_of_others(window, service, place):  # noqa: F811
    name = place.county.account("social_workers_worker")
    mine = place.worker("本人", registered_on=date(2025, 1, 1))
    place.act("workers", "account", mine, account=name)
    case = place.case(worker=mine, goal="改善睡眠，重新参加社区活动")
    place.act("cases", "form", case, role="social_workers_worker", by=name, kind="SW03", content="独居，夜间失眠")
    faults: list[str] = []
    for look in ({"width": 1440}, {"width": 390}):
        one = window("social_workers_worker", **look)
        one.open("/social-workers/cases/2")
        assert "改善睡眠" in one.page.content() and "夜间失眠" in one.page.content()
        faults += [*one.said, *one.axe(), *(["scrolls sideways"] if one.sideways() else [])]
        one.open("/social-workers/cases/1")
        assert "个案摘要" in one.page.content() and "个案档案" not in one.page.content()
    assert not faults, "\n".join(faults)
