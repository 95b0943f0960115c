"""What the demo county tells of canteens holds every rule."""

import pytest

from plugins.canteen import demo


def test_the_story_of_the_demo_county_is_told_by_the_services(place):
    cast = pytest.importorskip("core.demo.cast").Cast("1 canteen")
    for at in range(24):
        place.person("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"[at] + "桂兰")
    steps = (demo.open_sites, demo.enrol_diners, demo.serve_meals, demo.inspect_sites, demo.publish_menus)
    for days, step in enumerate(steps):
        place.at(f"2026-04-{2 + days:02d}")
        with place.county.begin() as work:
            step(work, cast)
    place.at("2026-05-02")
    with place.county.begin() as work:
        demo.settle_last_month(work, cast)
