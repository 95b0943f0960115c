"""The frame around every page, drawn with sample data: what a person sees before any plugin says a word."""

import re
from datetime import date
from pathlib import Path

import pytest
from markupsafe import Markup

from core.errors import Objection
from core.extension import Column, Lane, Point, Span, Tile
from core.texts import speaking
from core.web.forms import Typed
from core.web.lanes import draw_lanes
from core.web.rendering import MenuGroup, MenuLine, Shell, form_keys, make_environment, prefix
from core.web.static_files import StaticFiles

TODAY = date(2026, 11, 20)


def shell(**changes) -> Shell:
    values = {
        "county": "清溪县",
        "bureau": "清溪县民政局",
        "version": "0.1.0",
        "who": "李文华",
        "office": "社会救助股",
        "search": "/households",
        "menu": (
            MenuGroup(
                "",
                (
                    MenuLine("工作台", "/", "layout-dashboard", current=True),
                    MenuLine("待办事项", "/tasks", "list-checks", count=18, hot=True),
                    MenuLine("家庭档案", "/households", "house"),
                ),
            ),
            MenuGroup("资金与监督", (MenuLine("审计", "/audit", "shield-check"),)),
            MenuGroup("管理", (MenuLine("插件", "/plugins", "blocks"),)),
        ),
        "tabs": (
            MenuLine("工作台", "/", "layout-dashboard", current=True),
            MenuLine("待办", "/tasks", "list-checks", count=18),
            MenuLine("家庭", "/households", "house"),
            MenuLine("业务", "/menu", "layout-grid"),
            MenuLine("我的", "/profile", "user-round"),
        ),
    }
    return Shell(**(values | changes))


LANES = draw_lanes(
    [
        (
            1,
            Lane(
                title="低保",
                spans=(
                    Span(since=date(2023, 4, 1), until=date(2024, 12, 31), label="农村低保 C 类 · 420 元/月"),
                    Span(since=date(2025, 1, 1), until=None, label="农村低保 B 类 · 3 人 · 949.50 元/月"),
                ),
            ),
        ),
        (2, Lane(title="老年助餐", spans=(Span(since=date(2025, 6, 1), until=None, label="每餐补贴 6 元"),))),
        (8, Lane(title="临时救助", points=(Point(on=date(2026, 3, 18), label="2,000 元"),))),
    ],
    TODAY,
)

SPECIMEN = (Path(__file__).parent / "specimen.html").read_text(encoding="utf-8")


def draw(**changes) -> str:
    environment = make_environment({}, StaticFiles())
    parts = {
        name: Markup(environment.get_template(f"{name}.html").render(shell=shell(**changes)))
        for name in ("side", "tabbar", "keys")
    }
    context = {
        **parts,
        "shell": shell(**changes),
        "csrf_input": form_keys("key", "once"),
        "objections": [Objection(field="number", reason="身份证号少 1 位，请核对证件", hint="<b>")],
        "figures": [
            Tile(title="本月待发资金", figure="248.63", unit="万元", note="4 个批次", path="/a"),
            Tile(title="在保家庭", figure="3,128", unit="户", note="5,402 人"),
            Tile(title="今日助餐", figure="1,246", unit="人次"),
        ],
        "flow": [
            {"title": "申请", "note": "10-28", "state": "done"},
            {"title": "审核", "note": "镇政府", "state": "now"},
            {"title": "审批", "note": "县民政局", "state": ""},
        ],
        "columns": [
            Column(name="name", title="姓名"),
            Column(name="on", title="日期", kind="date"),
            Column(name="amount", title="金额（元）", kind="money"),
        ],
        "rows": [("王桂兰", TODAY, 229200), ("陈国梁", None, 130500)],
        "picture": LANES,
        "entries": [{"text": "李文华 查看了完整身份证号", "note": "09:12", "hue": 5, "quote": "复核"}],
        "notes": [
            {"text": "3 名在保人员", "path": "/a", "state": "bad", "icon": "", "origin": "低保", "hue": 1, "time": ""}
        ],
    }
    typed = {"number": '99"<9', "kind": "a", "roles": ["clerk"], "opinion": "no"}
    context["values"] = Typed(typed, context["objections"])
    return environment.from_string(SPECIMEN).render(context)


def test_every_part_draws_and_what_was_typed_is_kept_and_escaped():
    html = draw()
    assert 'value="99&#34;&lt;9"' in html
    assert html.count("身份证号少 1 位，请核对证件") == 2
    assert "<title>有误：" in html


def test_no_page_carries_a_style_or_a_script_of_its_own():
    html = draw()
    assert "style=" not in html and "<style" not in html and "onclick" not in html
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))


def test_links_follow_the_county_that_is_mounted_under_a_prefix():
    token = prefix.set("/430223")
    try:
        html = draw()
    finally:
        prefix.reset(token)
    assert not re.search(r'(href|action|src)="/(?!430223)', html)


def test_a_demo_county_says_so_in_red_on_every_page():
    assert 'class="sample"' in draw(demo=True) and 'class="sample"' not in draw()


def test_large_type_and_language_stand_on_the_root_element():
    with speaking("en"):
        assert '<html lang="en" data-size="large">' in draw(language="en", large=True)


def test_an_unknown_name_in_a_template_is_an_error_not_a_blank():
    with pytest.raises(Exception, match="undefined"):
        make_environment({}, StaticFiles()).from_string("{{ nothing }}").render()


def test_static_addresses_change_with_the_content(tmp_path):
    (tmp_path / "a.css").write_text("a {}")
    before = StaticFiles(tmp_path).address("a.css")
    (tmp_path / "a.css").write_text("b {}")
    assert StaticFiles(tmp_path).address("a.css") != before


def test_the_script_is_small_and_lanes_have_a_text_version():
    assert len(StaticFiles().get("huimin.js").content) < 20_000
    assert LANES.rows[0].lines[0] == "2023-04-01 至 2024-12-31：农村低保 C 类 · 420 元/月"
    assert draw_lanes([], TODAY) is None


def test_an_icon_that_is_drawn_is_in_the_sprite():
    sprite = StaticFiles().get("icons.svg").content.decode()
    names = set(re.findall(r"#i-([a-z0-9-]+)", draw()))
    assert names and all(f'id="i-{name}"' in sprite for name in names)
