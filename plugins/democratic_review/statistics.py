"""Reports: votes held, indicators, panels, the order of villages in a quarter."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Column, Parameter, Period, Report, _, area_names, mark, scoped, village_codes
from plugins.democratic_review.models import Entry, Item, Panel
from plugins.democratic_review.queries import SHOW, BallotFilter, list_ballots, list_panels, not_replaced
from plugins.democratic_review.ranking import list_violations, quarter_of, ranking
from plugins.democratic_review.showing import subject_of

if TYPE_CHECKING:
    from core.api import UnitOfWork


def ballot_rows(work: "UnitOfWork", month: str | None = None, area: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Every vote of a month with its counts."""
    first, last = _days(work, month)
    for one in list_ballots(work, BallotFilter(area=area or "", since=first, until=last, limit=None)):
        if one["replaced_by"] is None:
            yield (
                one["held_on"], one["place"], subject_of(one), one["voters"], one["base"],
                Decimal(one["voters"]) / one["base"], one["returned"], one["agree"], one["disagree"], one["abstain"],
                one["invalid"], _("通过") if one["passed"] else _("未通过"),
            )  # fmt: skip


def indicator_rows(work: "UnitOfWork", month: str | None = None) -> Iterator[tuple[str, str, str]]:
    """Votes held of those required, votes passed, villages with a panel; each with its base."""
    first, last = _days(work, month)
    due, held = required_and_held(work, first, last)
    yield _("应票决已票决"), _share(held, due), _("{done} / {all} 件", done=held, all=due)
    towns = votes_by_town(work, first, last).values()
    votes, passed = sum(held for held, _yes in towns), sum(yes for _held, yes in towns)
    yield _("票决通过率"), _share(passed, votes), _("{done} / {all} 项", done=passed, all=votes)
    seated, villages = villages_with_panel(work, last)
    yield _("建立评审团的村"), _share(seated, villages), _("{done} / {all} 个", done=seated, all=villages)


def required_and_held(work: "UnitOfWork", first: date, last: date) -> tuple[int, int]:
    """Cases that came before their panel in some days and had to be voted on, and those that were."""
    towns = required_by_town(work, first, last).values()
    return sum(due for due, _held in towns), sum(held for _due, held in towns)


def required_by_town(work: "UnitOfWork", first: date, last: date) -> dict[str, tuple[int, int]]:
    """The same by town. A case that is still before its panel counts from the day it came."""
    town = func.substr(col(Entry.area), 1, 9)
    voted = select(col(Item.id)).where(col(Item.entry_id) == col(Entry.id), not_replaced()).exists()
    asked = select(town, voted.label("voted"), func.count()).where(
        col(Entry.state) == "appraising", col(Entry.since) >= first, col(Entry.since) <= last
    )
    found: dict[str, tuple[int, int]] = {}
    for code, was, count in work.session.execute(scoped(work, asked, col(Entry.area), SHOW).group_by(town, voted)):
        due, held = found.get(code, (0, 0))
        found[code] = (due + count, held + (count if was else 0))
    return found


def villages_with_panel(work: "UnitOfWork", on: date) -> tuple[int, int]:
    """Villages of one's areas with a panel whose term runs on a day, and all of them."""
    towns = panels_by_town(work, on).values()
    return sum(seated for seated, _all in towns), sum(villages for _seated, villages in towns)


def panels_by_town(work: "UnitOfWork", on: date) -> dict[str, tuple[int, int]]:
    """The same by town."""
    areas = work.areas(SHOW)
    villages = {
        code
        for code, area in village_codes(work).items()
        if code.startswith(areas or ("-",)) and (area.valid_to is None or area.valid_to >= on)
    }
    asked = select(col(Panel.area)).where(
        col(Panel.superseded_on).is_(None), col(Panel.term_from) <= on, col(Panel.term_to) >= on
    )
    seated = set(work.session.scalars(scoped(work, asked, col(Panel.area), SHOW))) & villages
    found: dict[str, tuple[int, int]] = {}
    for code in sorted(villages):
        with_panel, every = found.get(code[:9], (0, 0))
        found[code[:9]] = (with_panel + (code in seated), every + 1)
    return found


def panel_rows(work: "UnitOfWork", area: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Standing panels with their terms."""
    for one in list_panels(work, area or "", limit=None):
        yield one["village"], one["place"], one["size"], one["term_from"], one["term_to"], one["document"]


def ranking_rows(work: "UnitOfWork", quarter: str | None = None) -> Iterator[tuple[Any, ...]]:
    """The order of villages in a quarter; who went on without a vote comes last and is barred from awards."""
    for one in ranking(work, quarter or quarter_of(work.today)):
        yield (
            one["rank"], one["place"], one["score"], _("有") if one["violation"] else _("无"),
            _("取消") if one["barred"] else "--",
        )  # fmt: skip


def violation_rows(work: "UnitOfWork", quarter: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Violations of a quarter, those that were lifted too."""
    for one in list_violations(work, quarter or quarter_of(work.today)):
        yield (
            one["place"], one["kind_title"], one["subject"], one["source_title"], one["document"], one["found_on"],
            one["lifted_on"],
        )  # fmt: skip


def summary(work: "UnitOfWork", month: str | None = None) -> list[dict[str, str]]:
    """The indicators as scripts read them."""
    work.require(SHOW)
    return [{"indicator": title, "figure": figure, "base": base} for title, figure, base in indicator_rows(work, month)]


def town_rows(work: "UnitOfWork", month: str | None = None) -> Iterator[tuple[Any, ...]]:
    """Votes by town: how many, how many passed."""
    first, last = _days(work, month)
    counts = votes_by_town(work, first, last)
    names = area_names(work, counts)
    for code, (held, passed) in sorted(counts.items()):
        yield names.get(code, code), held, passed, Decimal(passed) / held


def votes_by_town(work: "UnitOfWork", first: date, last: date) -> dict[str, tuple[int, int]]:
    """Votes held in some days and those passed, by town."""
    town = func.substr(col(Item.area), 1, 9)
    asked = (
        select(town, col(Item.passed), func.count())
        .where(col(Item.held_on) >= first, col(Item.held_on) <= last, not_replaced())
        .group_by(town, col(Item.passed))
    )
    counts: dict[str, tuple[int, int]] = {}
    for code, passed, count in work.session.execute(scoped(work, asked, col(Item.area), SHOW)):
        held, yes = counts.get(code, (0, 0))
        counts[code] = (held + count, yes + (count if passed else 0))
    return counts


def _days(work: "UnitOfWork", month: str | None) -> tuple[date, date]:
    at = Period(month) if month else Period.of(work.today)
    return at.first_day, at.last_day


def _share(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.1f}%" if whole else "--"


_MONTH = Parameter(name="month", title=mark("月份"), kind="month", default="current")
_AREA = Parameter(name="area", title=mark("区划"), kind="area")
REPORTS = (
    Report(
        name="democratic-review-ballots",
        title=mark("票决台账"),
        permission=SHOW,
        parameters=(_MONTH, _AREA),
        columns=(
            Column(name="held_on", title=mark("票决日期"), kind="date"),
            Column(name="place", title=mark("村")),
            Column(name="subject", title=mark("事项")),
            Column(name="voters", title=mark("投票人"), kind="integer"),
            Column(name="base", title=mark("应参加"), kind="integer"),
            Column(name="quorum", title=mark("到会比例"), kind="ratio"),
            Column(name="returned", title=mark("收回"), kind="integer", group=mark("票数")),
            Column(name="agree", title=mark("同意"), kind="integer", group=mark("票数")),
            Column(name="disagree", title=mark("不同意"), kind="integer", group=mark("票数")),
            Column(name="abstain", title=mark("弃权"), kind="integer", group=mark("票数")),
            Column(name="invalid", title=mark("无效"), kind="integer", group=mark("票数")),
            Column(name="result", title=mark("结果")),
        ),
        rows=ballot_rows,
    ),
    Report(
        name="democratic-review-indicators",
        title=mark("票决指标"),
        permission=SHOW,
        parameters=(_MONTH,),
        columns=(
            Column(name="indicator", title=mark("指标")),
            Column(name="figure", title=mark("数值")),
            Column(name="base", title=mark("分母")),
        ),
        rows=indicator_rows,
    ),
    Report(
        name="democratic-review-towns",
        chart=("town", "held"),
        title=mark("各乡镇票决情况"),
        permission=SHOW,
        parameters=(_MONTH,),
        columns=(
            Column(name="town", title=mark("乡镇")),
            Column(name="held", title=mark("票决项数"), kind="integer", total=True),
            Column(name="passed", title=mark("通过项数"), kind="integer", total=True),
            Column(name="share", title=mark("通过率"), kind="ratio"),
        ),
        rows=town_rows,
    ),
    Report(
        name="democratic-review-panels",
        title=mark("评审团名册"),
        permission=SHOW,
        parameters=(_AREA,),
        columns=(
            Column(name="village", title=mark("村代码")),
            Column(name="place", title=mark("村")),
            Column(name="size", title=mark("人数"), kind="integer", total=True),
            Column(name="term_from", title=mark("任期开始"), kind="date"),
            Column(name="term_to", title=mark("任期届满"), kind="date"),
            Column(name="document", title=mark("推选依据")),
        ),
        rows=panel_rows,
    ),
    Report(
        name="democratic-review-violations",
        title=mark("未经票决的违规"),
        permission=SHOW,
        parameters=(Parameter(name="quarter", title=mark("季度，例如 2026-Q1")),),
        columns=(
            Column(name="village", title=mark("村")),
            Column(name="kind", title=mark("违规情形")),
            Column(name="subject", title=mark("事项")),
            Column(name="source", title=mark("来源")),
            Column(name="document", title=mark("依据文件")),
            Column(name="found_on", title=mark("发现日期"), kind="date"),
            Column(name="lifted_on", title=mark("撤销日期"), kind="date"),
        ),
        rows=violation_rows,
    ),
    Report(
        name="democratic-review-ranking",
        title=mark("村务公开考核排名"),
        note=mark("未经票决就批准或发放名单的村，不论得分列入最末等次，取消评先资格"),
        permission=SHOW,
        parameters=(Parameter(name="quarter", title=mark("季度，例如 2026-Q1")),),
        columns=(
            Column(name="rank", title=mark("名次"), kind="integer"),
            Column(name="village", title=mark("村")),
            Column(name="score", title=mark("得分")),
            Column(name="violation", title=mark("违规")),
            Column(name="awards", title=mark("评先资格")),
        ),
        rows=ranking_rows,
    ),
)
