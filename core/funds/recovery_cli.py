"""Commands of recoveries: list, plan, receive, write off."""

from datetime import date
from typing import Any

import click

from core.cli import DATE, Group, begin, emit, look, table
from core.showing import money
from core.texts import _


@click.group("recovery", cls=Group, help=_("追回：列出、分期、到账、核销"))
def group() -> None:
    """Recoveries."""


@group.command("list", help=_("列出追回"))
@click.option("--state", default="open", help=_("open、recovered、withdrawn、written_off，空着列全部"))
@click.pass_context
def list_recoveries(context: click.Context, state: str) -> None:
    """List recoveries."""
    from core.funds import recoveries

    with look(context) as work:
        lines = recoveries.list_recoveries(work, state)
    headers = [_("编号"), _("业务"), _("姓名"), _("应追回"), _("已追回"), _("原因")]
    rows = [
        (
            one["recovery"],
            one["scheme"],
            one["person"],
            money(one["amount_fen"]),
            money(one["recovered_fen"]),
            one["reason"],
        )
        for one in lines
    ]
    emit(context, lines, table(headers, rows))


def _sums(line: dict[str, Any]) -> tuple[str, str]:
    return money(line["amount_fen"]), money(line["recovered_fen"])


@group.command("plan", help=_("定分期：--part 2026-05-31=500.00，可写多次"))
@click.argument("number", type=int)
@click.option("--part", "parts", multiple=True, required=True, help=_("日期=金额"))
@click.option("--agreement", required=True, help=_("当事人书面同意或决定书文号"))
@click.pass_context
def plan(context: click.Context, number: int, parts: tuple[str, ...], agreement: str) -> None:
    """Agree on instalments."""
    from core.funds import recoveries
    from core.values import parse_money

    wanted = []
    for part in parts:
        day, _equals, amount = part.partition("=")
        try:
            wanted.append((date.fromisoformat(day), parse_money(amount)))
        except ValueError:
            raise click.UsageError(_("{part} 要写成 2026-05-31=500.00 这样", part=part), context) from None
    with begin(context) as work:
        recoveries.plan_recovery(work, number, wanted, agreement)
    emit(context, {"recovery": number, "instalments": len(wanted)}, _("已定 {count} 期", count=len(wanted)))


@group.command("receive", help=_("登记追回的钱到账"))
@click.argument("number", type=int)
@click.option("--amount", required=True, help=_("金额，元"))
@click.option("--on", type=DATE, default=None, help=_("日期，默认今天"))
@click.pass_context
def receive(context: click.Context, number: int, amount: str, on: date | None) -> None:
    """Book money that came back."""
    from core.funds import recoveries
    from core.values import parse_money

    with begin(context) as work:
        found = recoveries.receive_recovery(work, number, parse_money(amount), on or work.today)
        data = {"recovery": number, "recovered_fen": found.recovered_fen, "state": found.state}
    emit(context, data, _("已追回 {amount} 元", amount=money(data["recovered_fen"])))


@group.command("write-off", help=_("核销追不回的，写决定的文号"))
@click.argument("number", type=int)
@click.option("--document", required=True, help=_("文号"))
@click.pass_context
def write_off(context: click.Context, number: int, document: str) -> None:
    """Give up what is left."""
    from core.funds import recoveries

    with begin(context) as work:
        found = recoveries.write_off_recovery(work, number, document)
        data = {"recovery": number, "state": found.state}
    emit(context, data, _("已核销"))
