"""A case as its page shows it: words instead of codes, ready cards; templates decide nothing."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.api import _, format_money, plural
from plugins.casework import words
from plugins.casework.archive import TITLES, archive_lines
from plugins.casework.choosing import shown_items
from plugins.casework.moves import CLOCKED, UNDECIDED
from plugins.casework.reading import CaseFile, data_of, findings, last_event

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.notices.api import NoticeStanding

_WHY_TAGS = {"": "ok", "running": "note", "no_photo": "bad", "not_posted": "warn"}
_HUES = {"village": 3, "township": 1, "county": 2}
_SAID = ("report", "minutes", "record", "rule", "document", "opinion")
Pair = tuple[str, str]


def titles(vocabulary: Mapping[str, str]) -> list[Pair]:
    """Codes with their words in the reader's language."""
    return [(code, _(word)) for code, word in vocabulary.items()]


def head_of(file: CaseFile, type_title: str) -> dict[str, Any]:
    """The heading of the page: title, tag, one line of facts, and the clock in words."""
    case, kind = file.case, _main_paper(file)
    facts = [case.number]
    if case.accepted_on:
        facts.append(_("{day} 受理", day=case.accepted_on))
    else:
        facts.append(_("{day} 申请", day=case.applied_on))
    facts.append(case.place or case.area)
    return {
        "title": _("{name}户 {type}申请", name=case.applicant, type=type_title),
        "state": (_(words.STATES[case.state]), words.TAGS.get(case.state, "note")),
        "facts": facts,
        "clock": clock_words(file),
        "household": f"/households/{case.household_id}",
        "print_kind": kind,
        "print_title": _(TITLES[kind]),
    }


def _main_paper(file: CaseFile) -> str:
    """The paper one prints where a case stands: its decision, its review, or its application."""
    if file.case.state == "refused":
        return "D15"
    if file.case.decided_on is not None:
        return "D14"
    return "D11" if last_event(file, "minutes_ok") is not None else "D01"


def clock_words(file: CaseFile) -> tuple[str, str, str]:
    """The clock of a case: what is left, its colour, and the day of the limit; ("", "", "") when nothing runs."""
    clock = file.clock
    if clock.light == "stopped":
        return _("停钟，等申请人补充材料"), "warn", ""
    if clock.days_left is None or clock.due_on is None:
        if file.case.review_due_on is None:
            return "", "", ""
        light = {"yellow": "warn", "red": "bad"}.get(file.review_light, "")
        return _("{day} 前复核", day=file.case.review_due_on), light, ""
    until = _("{day} 前", day=clock.due_on)
    colour = {"yellow": "warn", "red": "bad"}.get(clock.light, "ok")
    if clock.days_left < 0:
        return plural("超 {count} 个工作日", -clock.days_left), "bad", until
    return plural("剩 {count} 个工作日", clock.days_left), colour, until


def steps_shown(file: CaseFile) -> list[dict[str, str]]:
    """The steps bar: the day of what is done, the office of what is to come."""
    states = {"done": "done", "now": "now", "open": ""}
    found = []
    for place, one in enumerate(file.steps):
        if one["step"] == "spot_check" and one["status"] == "open" and _is_past(file.steps[place + 1 :]):
            continue  # not drawn, and no longer to be
        back = one["status"] == "now" and file.case.state == "re_investigating"
        note = one["on"].strftime("%m-%d") if one["on"] and one["status"] == "done" else _(words.OFFICES[one["office"]])
        if one["step"] == "pay":
            note = file.case.effective_month or _("次月起")
        found.append(
            {
                "title": _(words.STEPS[one["step"]]),
                "note": note,
                "state": "back" if back else states[one["status"]],
            }
        )
    return found


def _is_past(later: Sequence[Mapping[str, Any]]) -> bool:
    return any(one["status"] != "open" for one in later)


def place_of(steps: Sequence[Mapping[str, str]]) -> tuple[int, int, str]:
    """Which step a case is at, of how many, and its title; (0, n, "") when it is at none."""
    for place, one in enumerate(steps, 1):
        if one["state"] in ("now", "back"):
            return place, len(steps), one["title"]
    return 0, len(steps), ""


def warnings_of(file: CaseFile) -> list[tuple[str, str, str]]:
    """What stands above everything: (text, state, sentence)."""
    case, found = file.case, []
    if file.clock.light == "red" and case.state in CLOCKED:
        found.append((_("已超过办理时限"), "bad", _("进入督办名单，不会自动通过，也不会自动不予确认")))
    if case.waiting_since is not None:
        asked = last_event(file, "ask_applicant")
        found.append(
            (_("{day} 起等申请人补充材料，停钟", day=case.waiting_since), "warn", asked.text1 if asked else "")
        )
    if case.state == "accepted" and file.clock.light == "red":
        found.append((_("没有按时启动核对"), "warn", "W_CHECK_OVERDUE"))
    if case.ballot_negative and case.state in UNDECIDED:
        found.append((_("票决未通过"), "warn", _("不能只因票决不予确认：先重新调查，由县级决定")))
    if case.relative_registered and case.state in UNDECIDED:
        found.append((_("近亲属备案：县级须入户"), "warn", ""))
    if case.complaint and case.state in UNDECIDED:
        found.append((_("有投诉：县级须入户"), "warn", ""))
    if case.reason and case.state in ("refused", "not_accepted", "closed", "withdrawn"):
        found.append((_(words.STATES[case.state]), "bad" if case.state != "withdrawn" else "", case.reason))
    return found


def checks_of(file: CaseFile) -> list[dict[str, Any]]:
    """The reports of the check centre, the last one first."""
    signed = sum(one.day2 is not None for one in file.members)
    return [
        {
            "number": one.word2,
            "day": one.day,
            "result": (_(words.CHECK_RESULTS[one.word1]), "ok" if one.word1 == "agrees" else "warn"),
            "conclusion": one.text1,
            "items": shown_items(one),
            "explain_by": one.day2 if one.word1 == "differs" and one.day3 is None else None,
            "explanation": one.text3,
            "explained_on": one.day3,
            "foot": _("授权书 {signed} 人已签 · 报告 {number} · {day}", signed=signed, number=one.word2, day=one.day),
        }
        for one in reversed(file.parts["check"])
    ]


def visits_of(work: "UnitOfWork", file: CaseFile) -> list[dict[str, Any]]:
    """The visits, the last one first, each with the photos that came after it and before the next."""
    rows, photos = file.parts["visit"], list(file.photos)
    found = []
    for one in reversed(rows):
        own, photos = _own_photos(photos, one.figure)
        found.append(
            {
                "title": _(words.VISITS[one.word1]),
                "day": one.day,
                "who": plural("{names} {count} 人入户", one.figure2, names=one.text1),
                "signer": one.text2,
                "findings": findings(work, one),
                "photos": own,
                "missing": one.figure - len(own),
            }
        )
    return found


def _own_photos(photos: list[Any], count: int) -> tuple[list[dict[str, Any]], list[Any]]:
    """The newest so many photos with their place and time; the rest belongs to earlier visits."""
    cut = max(len(photos) - count, 0)
    own = [
        {"id": one["id"], "title": _("照片 {n}", n=place), "at": one["added_at"]}
        for place, one in enumerate(photos[cut:], 1)
    ]
    return own, photos[:cut]


def notices_of(file: CaseFile) -> list[dict[str, Any]]:
    """The notices with their levels, the last one first."""
    return [_notice(one) for one in reversed(file.notices)]


def _notice(one: "NoticeStanding") -> dict[str, Any]:
    why = {"": _("已期满"), "running": _("公示中"), "no_photo": _("缺照片"), "not_posted": _("未张贴")}
    if one.state == "withdrawn":
        tag = (_("已撤回"), "bad")
    elif one.complete:
        tag = (_("期满，无异议"), "ok")
    elif one.objections_open:
        tag = (plural("{count} 条异议待核实", one.objections_open), "bad")
    else:
        tag = (_("公示中"), "note")
    return {
        "title": one.round_title,
        "number": one.number,
        "path": f"/notices/{one.id}",
        "tag": tag,
        "days": one.days,
        "from_day": one.from_day if not one.complete else None,
        "levels": [
            {
                "title": _(words.LEVELS[level.level]),
                "place": level.place,
                "posted_on": level.posted_on,
                "ends_on": level.ends_on,
                "tag": (why[level.why], _WHY_TAGS[level.why]),
            }
            for level in one.levels
        ],
        "objections": one.objections,
    }


def members_of(file: CaseFile, signers: Sequence[int]) -> list[dict[str, Any]]:
    """Who is counted, with the authorisation of adults; who left stands at the end."""
    rows = sorted(file.parts["member"], key=lambda one: (one.day3 is not None, one.id != file.case.applicant_id))
    return [
        {
            "id": one.id,
            "name": one.who or "--",
            "applicant": one.id == file.case.applicant_id,
            "born": one.day4,
            "signed_on": one.day2,
            "must_sign": one.id in signers,
            "left_on": one.day3,
            "left_reason": one.text1,
        }
        for one in rows
    ]


def papers_of(file: CaseFile) -> list[dict[str, Any]]:
    """The papers of the flow with what came in, and others that were asked for."""
    rows = {one.word1: one for one in file.parts["paper"]}
    known = [(one.kind, _(one.title), one.needed) for one in file.flow.papers]
    known += [(kind, row.text1, True) for kind, row in rows.items() if kind not in {one[0] for one in known}]
    found = []
    for kind, title, needed in known:
        row = rows.get(kind)
        received, told = (row.day, row.day2) if row else (None, None)
        if received:
            tag = (_("{day} 收到", day=received), "ok")
        elif told:
            tag = (_("{day} 告知补正", day=told), "bad")
        else:
            tag = (_("缺") if needed else _("可不交"), "warn" if needed else "")
        found.append({"kind": kind, "title": title, "tag": tag})
    return found


def small_cards(file: CaseFile) -> list[tuple[str, list[Pair]]]:
    """Cards that are a list of lines: registered relatives, spot checks, reviews, appeals. Empty ones are left out."""
    parts = file.parts
    cards = [
        (_("近亲属备案"), [_relative(one) for one in parts["relative"]]),
        (_("抽查"), [_sampled(one) for one in parts["sample"]]),
        (_("复核"), [_review(one) for one in reversed(parts["review"])]),
    ]
    return [(title, rows) for title, rows in cards if rows]


def appeals_of(file: CaseFile) -> list[dict[str, Any]]:
    """Complaints, reconsiderations and lawsuits, the last one first."""
    return [
        {
            "kind": one.word1,
            "title": _(words.APPEALS[one.word1]),
            "filed_on": one.day,
            "due_on": one.day2,
            "open": not one.word2,
            "outcome": _(words.APPEAL_OUTCOMES[one.word2]) if one.word2 else _("在办"),
            "document": one.text1,
        }
        for one in reversed(file.parts["appeal"])
    ]


def calculation_of(file: CaseFile) -> dict[str, Any]:
    """What was proposed or granted, and the lines of its computation as they are printed; none before."""
    case = file.case
    if case.monthly_fen is None:
        return {"lines": (), "rows": ()}
    rows = [(_("每月补助"), _("{amount} 元", amount=format_money(case.monthly_fen)))]
    if case.review_class:
        rows.append((_("类别"), _("{class} 类", **{"class": case.review_class})))
    if case.effective_month:
        rows.append((_("起始月"), case.effective_month))
    if case.last_month:
        rows.append((_("最后发放月"), case.last_month))
    if case.document:
        rows.append((_("文号"), case.document))
    title = _("确认的补助") if case.decided_on else _("拟确认的补助")
    return {"title": title, "rows": rows, "lines": file.explanation}


def log_of(file: CaseFile) -> list[dict[str, Any]]:
    """The chain of responsibility, newest first: what, who, when, at which office, with which reason."""
    found = []
    for one in reversed(file.parts["event"]):
        detail = _detail(data_of(one))
        when = one.day.isoformat()
        who = " · ".join(part for part in (when, one.who, one.office or _office(one.text3)) if part)
        title = _(words.EVENTS[one.word1]) if one.word1 in words.EVENTS else one.word1
        found.append(
            {
                "text": title,
                "note": " · ".join(part for part in (who, detail) if part),
                "quote": one.text1,
                "hue": _HUES.get(one.text3, 8),
            }
        )
    return found


def archive_card(file: CaseFile) -> dict[str, Any]:
    """How complete the file is: what is there of what is due."""
    lines = archive_lines(file)
    due = [one for one in lines if one["due"]]
    return {"lines": [one for one in lines if one["due"] or one["there"]], "there": sum(one["there"] for one in due),
            "due": len(due)}  # fmt: skip


def _office(name: str) -> str:
    return _(words.OFFICES[name]) if name in words.OFFICES else ""


def _detail(data: Mapping[str, Any]) -> str:
    parts = [str(data[name]) for name in _SAID if data.get(name)]
    if data.get("monthly_fen") is not None:
        parts.append(_("{amount} 元/月", amount=format_money(int(data["monthly_fen"]))))
    if data.get("effective_month"):
        parts.append(_("从 {month} 起", month=data["effective_month"]))
    return "，".join(parts)


def _relative(one: Any) -> Pair:
    said = _("{staff}（{post}）的{relation}", staff=one.text1, post=one.text2, relation=_(words.RELATIONS[one.word2]))
    return one.who, f"{said} · {_(words.LEVELS[one.word1])} · {one.day}"


def _sampled(one: Any) -> Pair:
    result = _(words.RESULTS[one.word2]) if one.word2 else _("待核查")
    wrong = _("涉及 {amount} 元", amount=format_money(one.figure)) if one.figure else ""
    parts = [result, str(one.day or ""), wrong, one.text1]
    title = _("{month} {why}", month=one.text2, why=_(words.WHY[one.word1]))
    return title, " · ".join(part for part in parts if part)


def _review(one: Any) -> Pair:
    amounts = _("{before} 元变为 {after} 元", before=format_money(one.figure), after=format_money(one.figure2))
    parts = [_(words.OUTCOMES[one.word2]), amounts if one.word2 != "same" else "", one.word3, one.text1, one.who]
    return f"{one.day} {_(words.REVIEWS[one.word1])}", " · ".join(part for part in parts if part)
