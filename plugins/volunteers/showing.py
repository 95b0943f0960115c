"""What pages show: words instead of codes, cards of rows; templates decide nothing."""

from collections.abc import Mapping
from typing import Any

from core.api import COUNTY_TIME, _
from plugins.volunteers import words

Rows = list[tuple[str, str]]


def titles(vocabulary: Mapping[str, str]) -> list[tuple[str, str]]:
    """Codes with their words in the reader's language."""
    return [(code, _(word)) for code, word in vocabulary.items()]


def state_tag(vocabulary: Mapping[str, str], state: str) -> tuple[str, str]:
    """A state as its tag: word and colour."""
    return _(vocabulary[state]), words.TAGS.get(state, "")


def at(moment: Any) -> str:
    """A moment of the county: 2026-11-20 08:30."""
    return f"{moment.astimezone(COUNTY_TIME):%Y-%m-%d %H:%M}" if moment else "--"


def _day(day: Any) -> str:
    return day.isoformat() if day else "--"


def record_row(one: Mapping[str, Any]) -> tuple[str, str]:
    """A service record in one line."""
    parts = [
        _(words.RECORD_KINDS[one["kind"]]),
        one["content"],
        _("{hours} 小时", hours=one["hours"]),
        _(words.RECORD_STATES[one["state"]]),
    ]
    return f"{one['served_on']} · {one['id']}", " · ".join(part for part in parts if part)


def volunteer_cards(one: Mapping[str, Any]) -> list[tuple[str, Rows]]:
    """Cards of a volunteer."""
    history = [
        (
            f"{star['happened_on']}",
            _("授予 {level} 星", level=star["level"])
            if star["event"] == "given"
            else _("收回 {level} 星", level=star["level"]),
        )
        for star in one["star_history"]
    ]
    return [
        (
            _("志愿者"),
            [
                (_("姓名"), one["name"]),
                (_("证件号码"), one["id_masked"]),
                (_("年龄"), "--" if one["age"] is None else _("{age} 周岁", age=one["age"])),
                (_("区划"), one["place"]),
                (_("注册日期"), _day(one["registered_on"])),
                (_("最近服务"), _day(one["served_on"])),
                (_("语言"), one["languages"]),
                (_("可服务时间"), one["availability"]),
                (_("监护人"), one["guardian"]),
                (_("监护人同意日期"), _day(one["consent_on"])),
                (_("背景查询"), _day(one["background_on"])),
                (_("公开姓名"), _("同意") if one["named"] else _("不同意")),
                (_("培训学时"), str(one["training_hours"])),
            ],
        ),
        (_("星级变动"), history),
        (_("技能"), [(_(words.SKILLS[skill["skill"]]), skill["certificate"] or "--") for skill in one["skills"]]),
        (_("培训"), [_course(course) for course in one["trainings"]]),
        (_("荣誉"), [(f"{honour['given_on']}", f"{honour['title']} · {honour['body']}") for honour in one["honours"]]),
        (_("队伍"), [(team["name"], f"{team['since']} – {_day(team['until'])}") for team in one["teams"]]),
        (_("服务证明"), [(made["number"], _certificate(made)) for made in one["certificates"]]),
    ]


def _course(course: Mapping[str, Any]) -> tuple[str, str]:
    hours = _("{hours} 学时", hours=course["minutes"] / 60)
    return (
        f"{course['held_on']} {_(words.COURSES[course['course']])}",
        f"{hours} · {_(words.RESULTS[course['result']])}",
    )


def _certificate(made: Mapping[str, Any]) -> str:
    return f"{_('{hours} 小时', hours=made['hours'])} · {_(words.CERTIFICATE_STATES[made['state']])}"


def org_cards(one: Mapping[str, Any]) -> list[tuple[str, Rows]]:
    """Cards of an organisation."""
    marks = [
        word
        for name, word in (("double_support", _("拥军优属")), ("relief", _("应急救灾")), ("insured", _("已投保")))
        if one[name]
    ]
    idle = "、".join(str(month) for month in one["idle_months"])
    months = [
        (_("{month} 月", month=month), _("{hours} 小时", hours=hours))
        for month, hours in enumerate(one["hours_by_month"], start=1)
    ]
    return [
        (
            _("组织"),
            [
                (_("代码或备案号"), one["code"]),
                (_("指导单位"), one["sponsor"]),
                (_("负责人"), one["leader"]),
                (_("联系电话"), one["contact"]),
                (_("区划"), one["place"]),
                (_("特征"), " · ".join(marks)),
                (_("累计时长"), _("{hours} 小时", hours=one["hours"])),
            ],
        ),
        (
            _("{year} 年各月时长", year=one["year"]),
            [(_("是否常态化"), _("常态化") if one["regular"] else _("未常态化")), (_("空月"), idle), *months],
        ),
        (_("队员"), [(member["number"], f"{member['name']} · {member['since']}") for member in one["members"]]),
        (_("投诉"), [_complaint(complaint) for complaint in one["complaints"]]),
    ]


def _complaint(one: Mapping[str, Any]) -> tuple[str, str]:
    outcome = _(words.OUTCOMES[one["outcome"]]) if one["outcome"] else _("办理中")
    return f"{one['received_on']} · {one['id']}", f"{one['matter']} · {outcome}"


def activity_cards(one: Mapping[str, Any]) -> list[tuple[str, Rows]]:
    """Cards of an activity, without its sign-ups."""
    limits = [
        _("{age} 周岁以上", age=one["min_age"]) if one["min_age"] else "",
        _("{age} 周岁以下", age=one["max_age"]) if one["max_age"] else "",
        _(words.SKILLS[one["skill"]]) if one["skill"] else "",
    ]
    return [
        (
            _("活动"),
            [
                (_("组织方"), one["org"]),
                (_("活动类别"), _(words.KINDS[one["kind"]])),
                (_("服务领域"), _(words.FIELDS[one["field"]])),
                (_("时间"), f"{at(one['starts_at'])} – {at(one['ends_at'])}"),
                (_("地点"), f"{one['where']} {one['place']}".strip()),
                (_("招募"), _("{taken} / {slots} 人", taken=one["accepted"], slots=one["slots"])),
                (_("要求"), " · ".join(part for part in limits if part)),
                (_("风险"), _(words.RISKS[one["risk"]])),
                (_("保险单号"), one["policy_no"]),
                (_("活动负责人"), one["leader"]),
                (_("联系电话"), one["contact"]),
                (_("来源"), one["source_ref"]),
            ],
        ),
        (
            _("班次"),
            [
                (f"{shift['id']} {shift['title']}".strip(), f"{at(shift['starts_at'])} – {at(shift['ends_at'])}")
                for shift in one["shifts"]
            ],
        ),
    ]


def record_cards(one: Mapping[str, Any]) -> list[tuple[str, Rows]]:
    """Cards of a service record."""
    return [
        (
            _("服务记录"),
            [
                (_("志愿者"), f"{one['volunteer']} {one['name']}"),
                (_("记录组织"), one["org"]),
                (_("种类"), _(words.RECORD_KINDS[one["kind"]])),
                (_("服务领域"), _(words.FIELDS[one["field"]])),
                (_("服务日期"), _day(one["served_on"])),
                (_("签到时间"), at(one["in_at"])),
                (_("签退时间"), at(one["out_at"])),
                (_("中间休息（分钟）"), str(one["break_minutes"])),
                (_("服务时长"), _("{hours} 小时", hours=one["hours"])),
                (_("服务内容"), one["content"]),
                (_("负责人"), one["leader"]),
                (_("签到方式"), _(words.MODES[one["mode"]])),
                (_("凭证"), one["evidence"]),
                (_("说明"), one["reason"]),
                (_("补登"), _("是") if one["late"] else _("否")),
                (_("评价"), str(one["evaluation"] or "--")),
                (_("确认日期"), _day(one["confirmed_on"])),
                (_("异议"), one["dispute"]),
                (_("冲销哪条记录"), str(one["reverses_id"] or "")),
                (_("更正哪条冲销的记录"), str(one["corrects_id"] or "")),
                (_("来源"), one["source_ref"]),
            ],
        )
    ]
