"""What the demo county tells of canteens holds every rule."""

from core.demo.cast import Cast
from plugins.canteen import demo, demo_meals
from plugins.canteen.counter.conflicts import list_questions


def test_the_story_of_the_demo_county_is_told_by_the_services(place):
    cast = Cast("1 canteen")
    for at in range(24):
        place.person("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"[at] + "桂兰")
    told = (
        ("2026-04-02", demo.open_sites), ("2026-04-03", demo_meals.register), ("2026-04-03", demo_meals.confirm),
        ("2026-04-04", demo_meals.fetch_keys), ("2026-04-04", demo.enrol_diners), ("2026-04-18", demo.inspect_sites),
        ("2026-04-20", demo.rectify), ("2026-04-21", demo_meals.upload_meals), ("2026-04-22", demo.serve_meals),
        ("2026-04-23", demo.hear_of_a_death), ("2026-04-24", demo.publish_menus),
        ("2026-05-01", demo_meals.upload_last_meals), ("2026-05-02", demo_meals.decide_last_month),
        ("2026-05-02", demo.settle), ("2026-05-03", demo.check),
    )  # fmt: skip
    for day, step in told:
        place.at(day)
        with place.county.begin("township_officer" if step is demo_meals.register else "clerk") as work:
            step(work, cast)
    with place.county.look("clerk") as work:
        assert list_questions(work) == []
