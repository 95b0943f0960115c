"""A vote as a picture and in words: how many agreed of how many cast, the line to pass, quorum, who left."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core.api import Panel, _, draw_bar, per_cent, plural
from plugins.democratic_review.arithmetic import exact, in_fraction, in_percent, votes_needed
from plugins.democratic_review.models import Item, Session
from plugins.democratic_review.queries import SHOW, item_line, not_replaced, recusals_of, waiting_entries
from plugins.democratic_review.services.recording import RECORD
from plugins.democratic_review.words import GROUNDS, SUBJECTS

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.casework.api import CaseFacts

_PARTS = (("agree", 3), ("disagree", 5), ("abstain", 8), ("invalid", 7))
"""The parts of the bar with their colour numbers."""


def result_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """A vote as scripts read it: valid, quorum (the share that voted), counts, passed."""
    share = Fraction(item["voters"], item["base"])
    names = ("issued", "returned", "invalid", "agree", "disagree", "abstain", "voters", "base", "recused", "passed")
    return {
        "id": item["id"],
        "kind": item["kind"],
        "case": item["case_number"],
        "title": item["title"],
        "valid": True,
        "quorum": float(round(share, 4)),
        "quorum_percent": in_percent(share),
        "valid_ballots": item["valid"],
        **{name: item[name] for name in names},
        "needed": votes_needed(item["returned"], Decimal(item["pass_ratio"])),
        "round": item["round"],
    }


def card_of(
    item: Mapping[str, Any], meeting: Mapping[str, Any], recusals: Sequence[Mapping[str, str]], *, named: bool
) -> dict[str, Any]:
    """What the ballot card shows; ``named`` says who left, which is for the meeting's own page only."""
    cast, ratio = item["returned"], Decimal(item["pass_ratio"])
    words = {"agree": _("同意"), "disagree": _("不同意"), "abstain": _("弃权"), "invalid": _("无效")}
    needed = votes_needed(cast, ratio)
    line = _("通过线：超过 {share}（{count} 票）", share=in_fraction(ratio), count=needed)
    said = _("同意 {agree} 票，不同意 {disagree} 票，弃权 {abstain} 票", **{k: item[k] for k in words})
    return {
        "agree": item["agree"],
        "cast": cast,
        "share": _share(item["agree"], cast),
        "passed": item["passed"],
        "result": (_("通过"), "ok") if item["passed"] else (_("未通过"), "bad"),
        "parts": _bar(item),
        "mark": per_cent(exact(ratio)),
        "line": line,
        "label": _("{counts}，{line}", counts=said, line=line),
        "data": [(words[name], plural("{count} 票", item[name])) for name in words],
        "rows": _rows(item, meeting, recusals, named=named),
    }


def _bar(item: Mapping[str, Any]) -> list[Any]:
    return draw_bar([(_("同意") if name == "agree" else "", item[name], hue) for name, hue in _PARTS])


def _rows(
    item: Mapping[str, Any], meeting: Mapping[str, Any], recusals: Sequence[Mapping[str, str]], *, named: bool
) -> list[tuple[str, str]]:
    share = in_percent(Fraction(item["voters"], item["base"]))
    reached = in_fraction(Decimal(item["quorum"]))
    rows = [
        (_("应到实到"), _("{seats} 人，实到 {present} 人", seats=meeting["seats"], present=meeting["present"])),
        (
            _("投票"),
            _(
                "{voters} 人，占 {base} 人的 {share}，达到 {quorum}",
                voters=item["voters"],
                base=item["base"],
                share=share,
                quorum=reached,
            ),
        ),
        (_("发出收回"), _("发出 {issued} 票，收回 {returned} 票", issued=item["issued"], returned=item["returned"])),
        (_("有效无效"), _("有效 {valid} 票，无效 {invalid} 票", valid=item["valid"], invalid=item["invalid"])),
        (_("不同意和弃权"), _("不同意 {no} 票，弃权 {none} 票", no=item["disagree"], none=item["abstain"])),
        (_("回避"), _recused(item["recused"], recusals, named=named)),
        (_("乡镇到场"), meeting["observer"]),
        (_("监票"), meeting["scrutineer"]),
        (_("票决日期"), str(meeting["held_on"])),
    ]
    if item["round"] > 1:
        again = _(
            "第 {n} 次，{ground}：{reason}", n=item["round"], ground=_(GROUNDS[item["ground"]]), reason=item["reason"]
        )
        rows.append((_("重新票决"), again))
    if item["replaces"]:
        rows.append((_("更正"), _("代替记录 {id}：{reason}", id=item["replaces"], reason=item["replaced_why"])))
    return rows


def _recused(count: int, recusals: Sequence[Mapping[str, str]], *, named: bool) -> str:
    if not count:
        return _("无")
    if not recusals:
        return plural("{count} 人", count)
    if named:
        who = "、".join(_("{name}（{relation}）", name=one["name"], relation=one["relation_title"]) for one in recusals)
    else:
        who = "、".join(one["relation_title"] for one in recusals)
    return _("{count} 人：{who}", count=count, who=who)


def _share(part: int, whole: int) -> str:
    return in_percent(Fraction(part, whole)) if whole else "--"


def case_sections(work: "UnitOfWork", case: "CaseFacts") -> list[Panel]:
    """The votes on a case, the last one first, for who may see them; whoever may record the one it waits for is led."""
    if not work.may(SHOW, case.area):
        return []
    asked = (
        select(Item, Session)
        .join(Session, col(Session.id) == col(Item.session_id))
        .where(col(Item.subject) == f"case:{case.number}", not_replaced())
        .order_by(col(Item.id).desc())
    )
    votes = work.session.execute(asked).all()
    recused = [vote.id or 0 for vote, _meeting in votes if vote.recused]
    left = recusals_of(work, recused) if recused else {}
    return [
        *_awaited(work, case),
        *(
            Panel(
                title=_("评审团票决"),
                template="democratic_review/ballot.html",
                data={"card": card_of(item_line(vote), vars(meeting), left.get(vote.id or 0, []), named=False)},
                path=f"/democratic-review/ballots/{meeting.id}",
                order=40 + at,
            )
            for at, (vote, meeting) in enumerate(votes)
        ),
    ]


def _awaited(work: "UnitOfWork", case: "CaseFacts") -> list[Panel]:
    waiting = [one.number for one in waiting_entries(work, RECORD, case.area)] if work.may(RECORD, case.area) else []
    if case.number not in waiting:
        return []
    path = f"/democratic-review/record?village={case.area}&case={case.number}"
    return [Panel(title=_("登记票决"), rows=((_("本村评审团"), _("还没有票决")),), path=path, order=39)]


def subject_of(item: Mapping[str, Any]) -> str:
    """What was voted on, in words."""
    kind = _(SUBJECTS[item["kind"]])
    return kind if item["title"] == kind else _("{kind}：{title}", kind=kind, title=item["title"])
