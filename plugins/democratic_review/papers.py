"""The papers of a ballot: the record (D08), the count sheet of each vote, the result to be posted."""

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from core.api import Column, NotFound, Sheet, _
from plugins.democratic_review.arithmetic import in_fraction, in_percent, votes_needed
from plugins.democratic_review.queries import show_ballot
from plugins.democratic_review.words import GROUNDS, RELATIONS, SUBJECTS

if TYPE_CHECKING:
    from core.api import UnitOfWork

_SECRET = "无记名投票，记录只写票数和到会人员，不记任何人的投票内容。"  # noqa: S105 - what a paper says
KINDS = ("record", "count", "result")


def ballot_paper(work: "UnitOfWork", session_id: int, kind: str) -> Sheet:
    """A paper of a meeting by its kind; raises ``NotFound`` for an unknown one. That it was printed is recorded."""
    if kind not in KINDS:
        raise NotFound(_("没有这种文书"), hint=", ".join(KINDS))
    found = show_ballot(work, session_id)
    work.record_read("democratic_review.paper_printed", f"ballot:{session_id}", area=found["village"], paper=kind)
    return {"record": _record, "count": _count, "result": _result}[kind](found)


def _frame(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        ("村（社区）", found["place_name"]),
        ("时间", found["held_on"].isoformat()),
        ("地点", found["place"] or "--"),
        ("应到", f"{found['seats']} 人"),
        ("实到", f"{found['present']} 人"),
        ("乡镇到场人员", found["observer"]),
        ("监票人（村务监督委员会）", found["scrutineer"] or "--"),
        ("当场宣布结果", "是" if found["announced"] else "否"),
    ]


def _standing(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in found["items"] if one["replaced_by"] is None]


def _record(found: dict[str, Any]) -> Sheet:
    paragraphs = [f"到会人员：{'、'.join(found['attended'])}。" if found["attended"] else "到会人员名单见签到表。"]
    for at, one in enumerate(_standing(found), start=1):
        words = f"{at}．{_subject(one)}：{'通过' if one['passed'] else '未通过'}，{_quorum(one)}。"
        if one["recused"]:
            words += f"回避 {one['recused']} 人{_recusals(one)}。"
        if one["round"] > 1:
            words += f"第 {one['round']} 次票决，{_plain(GROUNDS, one['ground'])}：{one['reason']}。"
        if one["replaces"]:
            words += f"更正第 {one['replaces']} 号记录：{one['replaced_why']}。"
        paragraphs.append(words)
    return _sheet(found, "民主评议（票决）记录", paragraphs, ("主持人", "记录人", "监票人", "乡镇到场人员"))


def _count(found: dict[str, Any]) -> Sheet:
    paragraphs = [f"{_subject(one)}：通过线为超过收回票的 {_line(one)}。" for one in _standing(found)]
    return _sheet(found, "票决计票单", paragraphs, ("计票人", "唱票人", "监票人"))


def _result(found: dict[str, Any]) -> Sheet:
    """What hangs on the board: counts alone, nobody's name."""
    rows = [
        (_subject(one), one["agree"], one["disagree"], one["abstain"], "通过" if one["passed"] else "未通过")
        for one in _standing(found)
    ]
    return Sheet(
        layout="list",
        title="评审团票决结果",
        number=found["number"],
        office=found["place_name"],
        dated=found["posted_on"] or found["held_on"],
        columns=(
            Column(name="subject", title="事项"),
            Column(name="agree", title="同意", kind="integer"),
            Column(name="disagree", title="不同意", kind="integer"),
            Column(name="abstain", title="弃权", kind="integer"),
            Column(name="result", title="结果"),
        ),
        rows=rows,
        unit="票",
        seal=True,
    )


def _sheet(found: dict[str, Any], title: str, paragraphs: list[str], signatures: tuple[str, ...]) -> Sheet:
    names = ("voters", "issued", "returned", "valid", "invalid", "agree", "disagree", "abstain")
    titles = ("投票人", "发出", "收回", "有效", "无效", "同意", "不同意", "弃权")
    return Sheet(
        layout="form",
        title=title,
        number=found["number"],
        office=found["place_name"],
        dated=found["held_on"],
        fields=tuple(_frame(found)),
        paragraphs=tuple(paragraphs),
        columns=(
            Column(name="subject", title="事项"),
            *(Column(name=name, title=title, kind="integer") for name, title in zip(names, titles, strict=True)),
            Column(name="result", title="结果"),
        ),
        rows=[
            (_subject(one), *(one[name] for name in names), "通过" if one["passed"] else "未通过")
            for one in _standing(found)
        ],
        unit="票",
        signatures=signatures,
        notes=(_SECRET,),
        landscape=True,
    )


def _subject(one: dict[str, Any]) -> str:
    kind = _plain(SUBJECTS, one["kind"])
    return kind if kind == one["title"] else f"{kind} {one['title']}"


def _quorum(one: dict[str, Any]) -> str:
    share = in_percent(Fraction(one["voters"], one["base"]))
    return f"应参加 {one['base']} 人，投票 {one['voters']} 人（{share}）"


def _recusals(one: dict[str, Any]) -> str:
    named = [f"{who['name']}（{_plain(RELATIONS, who['relation'])}）" for who in one["recusals"]]
    return f"：{'、'.join(named)}" if named else ""


def _line(one: dict[str, Any]) -> str:
    ratio = Decimal(one["pass_ratio"])
    return f"{in_fraction(ratio)}，即 {votes_needed(one['returned'], ratio)} 票"


def _plain(words: Any, code: str) -> str:
    """A word as papers of the county print it, whatever the reader's language."""
    return str(words[code])
