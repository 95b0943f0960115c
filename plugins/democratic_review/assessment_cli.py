"""Commands of the assessment: violations, scores, the order of villages, indicators."""

from pathlib import Path
from typing import Any

import click

from core.api import _, checked
from core.cli import Group, begin, command_options, emit, given, look, read_object, table
from plugins.democratic_review.wishes import EnterViolation, LiftViolation, SetScores
from plugins.democratic_review.words import VIOLATIONS

_FILE = click.Path(path_type=Path, dir_okay=False)
_LIMIT = click.option("--limit", default=50, type=click.IntRange(1, 5000), help=_("最多多少条"))


@click.group("violations", cls=Group, help=_("未经票决的违规"))
def violations() -> None:
    """Violations."""


@violations.command("list", help=_("列出未经票决的违规"))
@click.option("--quarter", default="", help=_("季度，例如 2026-Q1"))
@_LIMIT
@click.pass_context
def list_violations(context: click.Context, quarter: str, limit: int) -> None:
    """Violations in one's areas."""
    from plugins.democratic_review.ranking import list_violations as listed

    with look(context) as work:
        found = listed(work, quarter, limit)
    rows = [[one["id"], one["place"], one["quarter"], one["kind_title"], one["subject"]] for one in found]
    headers = [_("编号"), _("村"), _("季度"), _("违规情形"), _("事项")]
    emit(context, found, table(headers, rows) if rows else _("没有违规"))


@violations.command("add", help=_("登记一项违规，写明依据文件"))
@command_options(EnterViolation, vocabularies=(VIOLATIONS,))
@click.pass_context
def add_violation(context: click.Context, **values: Any) -> None:
    """Enter a violation."""
    from plugins.democratic_review.services.violating import enter_violation

    with begin(context) as work:
        made = enter_violation(work, checked(EnterViolation, **given(values)))
        data = {"id": made.id, "village": made.area, "quarter": made.quarter}
    emit(context, data, _("违规已登记"))


@violations.command("lift", help=_("撤销一项违规，写明原因"))
@click.argument("violation", type=int)
@click.option("--reason", "why", required=True, help=_("撤销原因"))
@click.pass_context
def lift_violation(context: click.Context, violation: int, why: str) -> None:
    """Lift a violation."""
    from plugins.democratic_review.services.violating import lift_violation as act

    with begin(context) as work:
        made = act(work, violation, checked(LiftViolation, why=why))
        data = {"id": made.id, "lifted_on": made.lifted_on}
    emit(context, data, _("违规已撤销"))


@click.command("score", help=_("登记各村一个季度的考核得分：FILE 是 {村代码: 得分}"))
@click.option("--quarter", required=True, help=_("季度，例如 2026-Q1"))
@click.option("--file", "file", type=_FILE, required=True, help=_("JSON 文件"))
@click.option("--document", default="", help=_("考核文件"))
@click.pass_context
def score(context: click.Context, quarter: str, file: Path, document: str) -> None:
    """Keep the scores of a quarter."""
    from plugins.democratic_review.services.violating import set_scores

    with begin(context) as work:
        wish = checked(SetScores, quarter=quarter, document=document, scores=read_object(file))
        data = {"quarter": wish.quarter, "villages": set_scores(work, wish)}
    emit(context, data, _("已登记 {count} 个村的得分", count=data["villages"]))


@click.command("rank", help=_("各村排名：有违规的列入最末等次，取消评先资格"))
@click.option("--quarter", required=True, help=_("季度，例如 2026-Q1"))
@click.pass_context
def rank(context: click.Context, quarter: str) -> None:
    """The order of villages in a quarter."""
    from plugins.democratic_review.ranking import ranking

    with look(context) as work:
        found = ranking(work, quarter)
    rows = [[one["rank"], one["place"], one["score"], _("取消评先") if one["barred"] else ""] for one in found]
    headers = [_("名次"), _("村"), _("得分"), _("评先资格")]
    emit(context, found, table(headers, rows) if rows else _("这个季度还没有得分"))


@click.command("report", help=_("票决指标：应票决已票决、通过率、建立评审团的村"))
@click.option("--month", default=None, help=_("月份，例如 2026-03"))
@click.pass_context
def report(context: click.Context, month: str | None) -> None:
    """The indicators of a month."""
    from plugins.democratic_review.statistics import summary

    with look(context) as work:
        found = summary(work, month)
    rows = [[one["indicator"], one["figure"], one["base"]] for one in found]
    emit(context, found, table([_("指标"), _("数值"), _("分母")], rows))
