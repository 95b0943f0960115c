"""The cards of one thing on its page and in its command."""

from collections.abc import Callable, Mapping

from core.api import _, format_money
from plugins.social_workers import words
from plugins.social_workers.showing import (
    One,
    Rows,
    at,
    cells_of,
    day,
    money,
    percent_of,
    registration_rows,
    score_rows,
    word_of,
    yes_no,
)

Cards = list[tuple[str, Rows]]


def _worker_cards(one: One) -> Cards:
    certificates = [
        (word_of(words.LEVELS, row["level"]), f"{row['number']} · {row['passed_year']} · {row['issued_on']}")
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
        (f"{row['held_on']}", f"{word_of(words.SUPERVISIONS, row['kind'])} · {row['tenths'] / 10:g} · {row['topic']}")
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
                (_("服务领域"), word_of(words.FIELDS, one["field"])),
                (_("在本县工作"), yes_no(one["works_here"])),
                (_("在本县居住"), yes_no(one["lives_here"])),
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
                *cells_of("agencies", one),
                (_("登记日期"), day(one["registered_on"])),
                (_("持证比例"), percent_of(one["certified_percent"])),
                (_("评估等级"), word_of(words.GRADES, one["grade"])),
                (_("本县孵化"), yes_no(one["incubated"])),
                (_("负责人"), one["manager"]),
                (_("收款账号"), _("已登记") if one["payable"] else "--"),
            ],
        ),
        (_("在职社工"), [(row["worker"], f"{row['post']} · {row['since']}") for row in one["workers"]]),
    ]


def _station_cards(one: One) -> Cards:
    rows = [*cells_of("stations", one), (_("地址"), one["address"]), (_("设立日期"), day(one["opened_on"]))]
    return [(_("社工站"), rows), (_("社工"), [(str(place), who) for place, who in enumerate(one["staff"], start=1)])]


def _post_cards(one: One) -> Cards:
    holders = [(row["worker"], f"{row['since']} – {day(row['until'])}") for row in one["holders"]]
    more = [(_("要求的证书级别"), word_of(words.LEVELS, one["level"])), (_("职称和薪酬待遇"), one["treatment"])]
    return [(_("岗位"), [*cells_of("posts", one), *more]), (_("在岗和曾在岗"), holders)]


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
                *cells_of("projects", one),
                (_("购买方"), f"{one['purchaser']} · {word_of(words.PURCHASERS, one['purchaser_kind'])}"),
                (_("资金来源"), word_of(words.SOURCES, one["source"])),
                (_("服务领域"), word_of(words.FIELDS, one["field"])),
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
        *cells_of("cases", one),
        (_("督导"), one["supervisor"]),
        (_("项目编号"), one["project"]),
        (_("区划"), one["place"]),
        (_("接案日期"), day(one["opened_on"])),
        (_("结案日期"), day(one["closed_on"])),
        (_("目标达成（%）"), percent_of(one["goal_percent"])),
        (_("满意度（%）"), percent_of(one["satisfaction"])),
        (_("计入完成"), yes_no(one["counted"])),
    ]
    if not one["open"]:
        return [(_("个案摘要"), summary)]
    consent = f"{day(one['consent_on'])} {word_of(words.CONSENTERS, one['consent_by'])}" if one["consent_on"] else ""
    file = [
        (_("服务对象"), one["client"]),
        (_("需求类型"), "、".join(word_of(words.NEEDS, code) for code in one["needs"])),
        (_("服务目标"), one["goal"]),
        (_("知情同意"), consent),
        (_("强制报告依据"), one["basis"]),
        (_("结束原因"), word_of(words.ENDINGS, one["ending"])),
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
                *cells_of("groups", one),
                (_("项目编号"), one["project"]),
                (_("社工"), one["worker"]),
                (_("地点"), f"{one['place_name']} {one['place']}".strip()),
                (_("完成比例"), percent_of(one["percent"])),
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
        (_("怎样计数"), word_of(words.COUNTED, one["counted"])),
        (_("其中实名"), _("{count} 人", count=one["named"])),
        (_("志愿者人数"), str(one["volunteers"])),
        (_("支出（元）"), format_money(one["cost_fen"])),
        (_("凭证"), one["evidence"]),
        (_("事由"), one["reason"]),
    ]
    return [(_("社区活动"), [*cells_of("events", one), *more])]


def _exam_cards(one: One) -> Cards:
    subjects = "、".join(word_of(words.SUBJECT_WORDS, code) for code in one["subjects"])
    passed = "、".join(word_of(words.SUBJECT_WORDS, code) for code in one["passed_subjects"])
    return [(_("考试"), [*cells_of("exams", one), (_("报考科目"), subjects), (_("通过科目"), passed)])]


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
    return [(_("“三区”选派"), [*cells_of("dispatches", one), *more]), (_("培养人员"), people)]


def _link_cards(one: One) -> Cards:
    more = [(_("区划"), one["place"]), (_("联动计划"), one["plan"]), (_("结束日期"), day(one["until"]))]
    return [(_("三社联动"), [*cells_of("links", one), *more])]


_CARDS: Mapping[str, Callable[[One], Cards]] = {
    "workers": _worker_cards, "agencies": _agency_cards, "stations": _station_cards, "posts": _post_cards,
    "projects": _project_cards, "cases": _case_cards, "groups": _group_cards, "events": _event_cards,
    "exams": _exam_cards, "dispatches": _dispatch_cards, "links": _link_cards,
}  # fmt: skip


def cards_of(room: str, one: One) -> Cards:
    """The cards of one thing."""
    return _CARDS[room](one)
