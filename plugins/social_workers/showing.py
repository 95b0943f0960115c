"""What pages and commands show: words instead of codes, cells of lists, cards of things; templates decide nothing."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from core.api import _, format_money
from plugins.social_workers import words
from plugins.social_workers.acts import ROOMS
from plugins.social_workers.rules import COUNTY_TIME

Rows = list[tuple[str, str]]
Cards = list[tuple[str, Rows]]
One = Mapping[str, Any]


def titles(vocabulary: Mapping[str, str]) -> list[tuple[str, str]]:
    """Codes with their words in the reader's language."""
    return [(code, _(word)) for code, word in vocabulary.items()]


def state_of(room: str, one: One) -> tuple[str, str]:
    """The state of a thing as its tag: word and colour."""
    states = words.RESULTS if room == "exams" else ROOMS[room].states
    return _(states[one["state"]]), words.TAGS.get(one["state"], "")


def head_of(room: str, one: One) -> str:
    """What a row is called."""
    if room in ("agencies", "stations"):
        return one["name"]
    if room == "posts":
        return one["title"]
    return str(one.get("number") or one["id"])


def at(moment: Any) -> str:
    """A moment of the county: 2026-11-20 08:30."""
    return f"{moment.astimezone(COUNTY_TIME):%Y-%m-%d %H:%M}" if moment else "--"


def day(value: Any) -> str:
    """A day, -- for none."""
    return value.isoformat() if value else "--"


def money(fen: int) -> str:
    """Yuan with two decimals."""
    return _("{amount} 元", amount=format_money(fen))


def _word(vocabulary: Mapping[str, str], code: str) -> str:
    return _(vocabulary[code]) if code in vocabulary else "--"


def _percent(value: float | Decimal | None) -> str:
    return "--" if value is None else f"{value}%"


def _yes(value: Any) -> str:
    return _("是") if value else _("否")


def _worker(one: One) -> Rows:
    return [
        (_("姓名"), one["name"]),
        (_("证书级别"), _word(words.LEVELS, one["level"])),
        (_("任职单位"), one["employer"]),
        (_("有效期至"), day(one["valid_to"])),
    ]


def _agency(one: One) -> Rows:
    return [
        (_("类别"), _word(words.AGENCY_KINDS, one["kind"])),
        (_("区划"), one["place"]),
        (_("工作人员数"), str(one["staff"])),
        (_("持证社工"), str(one["certified"])),
    ]


def _station(one: One) -> Rows:
    return [(_("区划"), one["place"]), (_("运营机构"), one["agency"]), (_("社工人数"), str(one["workers"]))]


def _post(one: One) -> Rows:
    return [
        (_("单位"), one["unit"]),
        (_("岗位数"), str(one["planned"])),
        (_("在岗"), str(one["held"])),
        (_("空缺"), str(one["vacant"])),
    ]


def _project(one: One) -> Rows:
    return [
        (_("项目名称"), one["name"]),
        (_("承接机构"), one["agency"]),
        (_("合同金额（元）"), format_money(one["contract_fen"])),
        (_("期限"), f"{one['since']} – {one['until']}"),
    ]


def _case(one: One) -> Rows:
    return [
        (_("承办社工"), one["worker"]),
        (_("服务领域"), _word(words.FIELDS, one["field"])),
        (_("风险等级"), _word(words.RISKS, one["risk"])),
        (_("面谈次数"), str(one["sessions"])),
    ]


def _group(one: One) -> Rows:
    return [
        (_("小组主题"), one["theme"]),
        (_("小组类型"), _word(words.GROUP_KINDS, one["kind"])),
        (_("节数"), f"{one['held']} / {one['sessions_planned']}"),
        (_("计入完成"), _yes(one["counted"])),
    ]


def _event(one: One) -> Rows:
    return [
        (_("活动名称"), one["title"]),
        (_("日期"), day(one["held_on"])),
        (_("地点"), one["place"]),
        (_("人次"), f"{one['participants']:,}"),
    ]


def _exam(one: One) -> Rows:
    return [
        (_("姓名"), one["name"]),
        (_("考试年度"), str(one["year"])),
        (_("证书级别"), _word(words.LEVELS, one["level"])),
        (_("考前培训"), _yes(one["trained"])),
    ]


def _dispatch(one: One) -> Rows:
    return [
        (_("社工"), one["worker"]),
        (_("受援单位"), one["unit"]),
        (_("派驻期"), f"{one['since']} – {one['ended_on'] or one['until']}"),
        (_("培养人员"), f"{one['trained']} / {one['trainees']}"),
    ]


def _link(one: One) -> Rows:
    return [
        (_("社区"), one["community"]),
        (_("社会组织"), one["organisation"]),
        (_("社工"), one["worker"]),
        (_("开始日期"), day(one["since"])),
    ]


_CELLS: Mapping[str, Callable[[One], Rows]] = {
    "workers": _worker, "agencies": _agency, "stations": _station, "posts": _post, "projects": _project,
    "cases": _case, "groups": _group, "events": _event, "exams": _exam, "dispatches": _dispatch, "links": _link,
}  # fmt: skip


def cells_of(room: str, one: One) -> Rows:
    """What a list shows of a row beside its name and state."""
    return _CELLS[room](one)


def registration_rows(one: One) -> Rows:
    """Where a registration stands."""
    return [
        (_("社工编号"), one["number"]),
        (_("证书级别"), _word(words.LEVELS, one["level"])),
        (_("登记状态"), _word(words.WORKER_STATES, one["state"])),
        (_("登记日期"), day(one["registered_on"])),
        (_("有效期至"), day(one["valid_to"])),
        (_("再登记时间"), f"{day(one['due_from'])} – {day(one['due_to'])}"),
        (_("过期日期"), day(one["lapsed_on"])),
        (_("要求学时"), f"{one['ce_required']:g}"),
        (_("已有学时"), f"{one['ce_hours']:g}"),
        (_("还差学时"), f"{one['ce_missing']:g}"),
    ]


def density_rows(one: One) -> Rows:
    """Density of a year."""
    return [
        (_("年度"), str(one["year"])),
        (_("持证社工"), _("{count} 人", count=one["certified"])),
        (_("常住人口"), f"{one['population']:,}"),
        (_("数据来源"), one["population_source"]),
        (_("每万人持证社工"), "--" if one["per_10000"] is None else f"{one['per_10000']:.2f}"),
        (_("目标"), f"{one['target']:g}"),
        (_("目标需要"), _("{count} 人", count=one["needed"])),
        (_("距目标还差"), _("{count} 人", count=one["gap"])),
    ]


def exam_rows(one: One) -> Rows:
    """The exam of a year."""
    return [
        (_("报考人数"), str(one["signed"])),
        (_("参考人数"), str(one["sat"])),
        (_("通过人数"), str(one["passed"])),
        (_("通过率（占报考）"), _percent(one["rate_of_signed"])),
        (_("通过率（占参考）"), _percent(one["rate_of_sat"])),
        (_("比上年增减"), str(one["more_passed"])),
        (_("比上年增减（%）"), _percent(one["growth"])),
    ]


def score_rows(one: One) -> Rows:
    """The score of a project, item by item."""
    items = [
        (
            _(words.SCORED[row["item"]]),
            _(
                "{done} / {target}，{percent}%，权重 {weight}，得 {points}",
                done=row["done"], target=row["target"], percent=row["percent"], weight=row["weight"],
                points=row["points"],
            ),
        )
        for row in one["items"]
    ]  # fmt: skip
    return [
        *items,
        (_("服务对象（不重复）"), _("{count} 人", count=one["beneficiaries"])),
        (_("服务人次（不与人数相加）"), _("{count} 人次", count=one["person_times"])),
        (_("得分"), f"{one['score']:.1f}"),
    ]


def _worker_cards(one: One) -> Cards:
    certificates = [
        (_word(words.LEVELS, row["level"]), f"{row['number']} · {row['passed_year']} · {row['issued_on']}")
        for row in one["certificates"]
    ]
    education = [
        (
            f"{row['held_on']} · {row['id']}",
            f"{row['course']} · {_('{hours} 学时', hours=row['tenths'] / 10)}"
            + (f" · {_('已撤销')}" if row["revoked_on"] else ""),
        )
        for row in one["education"]
    ]
    supervision = [
        (f"{row['held_on']}", f"{_word(words.SUPERVISIONS, row['kind'])} · {row['tenths'] / 10:g} · {row['topic']}")
        for row in one["supervision"]
    ]
    employments = [
        (row["employer"], f"{row['post']} · {row['since']} – {day(row['until'])}") for row in one["employments"]
    ]
    posts = [(row["post"], f"{row['unit']} · {row['since']} – {day(row['until'])}") for row in one["posts"]]
    return [
        (
            _("社工"),
            [
                (_("姓名"), one["name"]),
                (_("证件号码"), one["id_masked"]),
                (_("区划"), one["place"]),
                (_("服务领域"), _word(words.FIELDS, one["field"])),
                (_("在本县工作"), _yes(one["works_here"])),
                (_("在本县居住"), _yes(one["lives_here"])),
                (_("账号"), _("已关联") if one["linked"] else "--"),
                (_("事由"), one["reason"]),
            ],
        ),
        (_("登记"), registration_rows(one["registration"])),
        (_("证书"), certificates),
        (_("继续教育"), education),
        (_("督导（不计入继续教育）"), supervision),
        (_("任职"), employments),
        (_("岗位"), posts),
    ]


def _agency_cards(one: One) -> Cards:
    return [
        (
            _("机构"),
            [
                (_("统一社会信用代码"), one["code"]),
                *_agency(one),
                (_("登记日期"), day(one["registered_on"])),
                (_("持证比例"), _percent(one["certified_percent"])),
                (_("评估等级"), _word(words.GRADES, one["grade"])),
                (_("本县孵化"), _yes(one["incubated"])),
                (_("负责人"), one["manager"]),
                (_("收款账号"), _("已登记") if one["payable"] else "--"),
            ],
        ),
        (_("在职社工"), [(row["worker"], f"{row['post']} · {row['since']}") for row in one["workers"]]),
    ]


def _station_cards(one: One) -> Cards:
    rows = [*_station(one), (_("地址"), one["address"]), (_("设立日期"), day(one["opened_on"]))]
    return [(_("社工站"), rows), (_("社工"), [(str(place), who) for place, who in enumerate(one["staff"], start=1)])]


def _post_cards(one: One) -> Cards:
    holders = [(row["worker"], f"{row['since']} – {day(row['until'])}") for row in one["holders"]]
    more = [(_("要求的证书级别"), _word(words.LEVELS, one["level"])), (_("职称和薪酬待遇"), one["treatment"])]
    return [(_("岗位"), [*_post(one), *more]), (_("在岗和曾在岗"), holders)]


def _project_cards(one: One) -> Cards:
    changes = [
        (f"{row['valid_from']} · {_(words.ITEMS[row['item']])}", f"{row['target']} · {row['document']}")
        for row in one["amendments"]
    ]
    assessed = [
        (
            _(words.ASSESSED[row["stage"]]),
            f"{row['assessed_on']} · {row['points_tenths'] / 10:.1f} · {row['assessor']} · {row['report']}",
        )
        for row in one["assessments"]
    ]
    paid = [
        (
            _(words.INSTALMENTS[row["stage"]]),
            " · ".join(
                part
                for part in (
                    money(row["entered_fen"] or row["due_fen"]) if row["state"] else "--",
                    _(PAY_STATES[row["state"]]) if row["state"] in PAY_STATES else "",
                    row["invoice_no"],
                    row["minutes"],
                )
                if part
            ),
        )
        for row in one["instalments"]
    ]
    return [
        (
            _("服务项目"),
            [
                *_project(one),
                (_("购买方"), f"{one['purchaser']} · {_word(words.PURCHASERS, one['purchaser_kind'])}"),
                (_("资金来源"), _word(words.SOURCES, one["source"])),
                (_("服务领域"), _word(words.FIELDS, one["field"])),
                (_("区划"), one["place"]),
                (_("会议纪要编号"), one["minutes"]),
                (_("合同编号"), one["contract_no"]),
                (_("签订日期"), day(one["contracted_on"])),
                (_("事由"), one["reason"]),
            ],
        ),
        (_("得分"), score_rows(one["score"])),
        (_("目标和调整"), changes),
        (_("评估"), assessed),
        (_("分期付款"), paid),
    ]


PAY_STATES: Mapping[str, str] = {
    "due": words.PAY_DUE, "entered": words.PAY_ENTERED, "building": words.PAY_BATCHED, "draft": words.PAY_BATCHED,
    "submitted": words.PAY_SENT, "reviewed": words.PAY_SENT, "approved": words.PAY_SENT, "released": words.PAY_SENT,
    "sent": words.PAY_SENT, "settled": words.PAY_SETTLED, "cancelled": words.PAY_ENTERED,
}  # fmt: skip
"""An instalment by the state of its batch."""


def _case_cards(one: One) -> Cards:
    summary = [
        *_case(one),
        (_("督导"), one["supervisor"]),
        (_("项目编号"), one["project"]),
        (_("区划"), one["place"]),
        (_("接案日期"), day(one["opened_on"])),
        (_("结案日期"), day(one["closed_on"])),
        (_("目标达成（%）"), _percent(one["goal_percent"])),
        (_("满意度（%）"), _percent(one["satisfaction"])),
        (_("计入完成"), _yes(one["counted"])),
    ]
    if not one["open"]:
        return [(_("个案摘要"), summary)]
    consent = f"{day(one['consent_on'])} {_word(words.CONSENTERS, one['consent_by'])}" if one["consent_on"] else ""
    file = [
        (_("服务对象"), one["client"]),
        (_("需求类型"), "、".join(_word(words.NEEDS, code) for code in one["needs"])),
        (_("服务目标"), one["goal"]),
        (_("知情同意"), consent),
        (_("强制报告依据"), one["basis"]),
        (_("结束原因"), _word(words.ENDINGS, one["ending"])),
        (_("事由"), one["reason"]),
        (_("回访期限"), day(one["follow_up_due"])),
    ]
    crisis = [
        (_("发现时间"), at(one["crisis_at"])),
        (_("告知时限"), at(one["inform_by"])),
        (_("告知时间"), at(one["informed_at"])),
    ]
    forms = [
        (
            f"{row['dated']} · {row['kind']} {_(words.FORMS[row['kind']])}",
            " · ".join(
                part
                for part in (
                    _("{minutes} 分钟", minutes=row["minutes"]) if row["minutes"] else "",
                    row["content"],
                    _("下一步：{text}", text=row["next_step"]) if row["next_step"] else "",
                )
                if part
            ),
        )
        for row in one["forms"]
    ]
    handed = [(day(row["on"]), f"{row['from']} → {row['to']} · {row['told_on']}") for row in one["handovers"]]
    return [
        (_("个案档案"), file),
        (_("个案摘要"), summary),
        (_("危机"), crisis if one["crisis_at"] else []),
        (_("文书"), forms),
        (_("移交"), handed),
    ]


def _group_cards(one: One) -> Cards:
    sessions = [
        (
            _("第 {place} 节", place=row["place"]),
            f"{row['held_on']} · {_('{minutes} 分钟', minutes=row['minutes'])}"
            f" · {_('{count} 人', count=row['attended'])} · {row['note']}",
        )
        for row in one["sessions"]
    ]
    return [
        (
            _("小组"),
            [
                *_group(one),
                (_("项目编号"), one["project"]),
                (_("社工"), one["worker"]),
                (_("地点"), f"{one['place_name']} {one['place']}".strip()),
                (_("完成比例"), _percent(one["percent"])),
                (_("小组目标"), one["goal"]),
                (_("前测"), "--" if one["before"] is None else f"{one['before']:g}"),
                (_("后测"), "--" if one["after"] is None else f"{one['after']:g}"),
                (_("小组总结"), one["summary"]),
                (_("事由"), one["reason"]),
            ],
        ),
        (_("组员"), [(str(row["person_id"]), row["name"]) for row in one["members"]]),
        (_("小组活动"), sessions),
    ]


def _event_cards(one: One) -> Cards:
    more = [
        (_("项目编号"), one["project"]),
        (_("社工"), one["worker"]),
        (_("区划"), one["place_name"]),
        (_("怎样计数"), _word(words.COUNTED, one["counted"])),
        (_("其中实名"), _("{count} 人", count=one["named"])),
        (_("志愿者人数"), str(one["volunteers"])),
        (_("支出（元）"), format_money(one["cost_fen"])),
        (_("凭证"), one["evidence"]),
        (_("事由"), one["reason"]),
    ]
    return [(_("社区活动"), [*_event(one), *more])]


def _exam_cards(one: One) -> Cards:
    subjects = "、".join(_word(words.SUBJECT_WORDS, code) for code in one["subjects"])
    passed = "、".join(_word(words.SUBJECT_WORDS, code) for code in one["passed_subjects"])
    return [(_("考试"), [*_exam(one), (_("报考科目"), subjects), (_("通过科目"), passed)])]


def _dispatch_cards(one: One) -> Cards:
    people = [
        (
            f"{row['id']} {row['name']}",
            f"{row['unit']} · {row['attended']} / {row['planned']}"
            + (f" · {_('已确认')} {row['confirmed_on']}" if row["confirmed_on"] else ""),
        )
        for row in one["people"]
    ]
    more = [(_("计划"), one["programme"]), (_("区划"), one["place"]), (_("事由"), one["reason"])]
    return [(_("“三区”选派"), [*_dispatch(one), *more]), (_("培养人员"), people)]


def _link_cards(one: One) -> Cards:
    more = [(_("区划"), one["place"]), (_("联动计划"), one["plan"]), (_("结束日期"), day(one["until"]))]
    return [(_("三社联动"), [*_link(one), *more])]


_CARDS: Mapping[str, Callable[[One], Cards]] = {
    "workers": _worker_cards, "agencies": _agency_cards, "stations": _station_cards, "posts": _post_cards,
    "projects": _project_cards, "cases": _case_cards, "groups": _group_cards, "events": _event_cards,
    "exams": _exam_cards, "dispatches": _dispatch_cards, "links": _link_cards,
}  # fmt: skip


def cards_of(room: str, one: One) -> Cards:
    """The cards of one thing."""
    return _CARDS[room](one)
