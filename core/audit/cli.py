"""Commands of the audit room: list, show, verify, anchor, export, sample."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from core.audit import queries, services
from core.cli import DATE, Group, begin, emit, look, say
from core.texts import _


@click.group("audit", cls=Group, help=_("审计记录：查看、校验、锚点、导出、抽样"))
def group() -> None:
    """The audit chain."""


def _filters(command: Any) -> Any:
    for option in (
        click.option("--until", type=DATE, help=_("到哪一天，含当天")),
        click.option("--since", type=DATE, help=_("从哪一天起")),
        click.option("--subject", default="", help=_("对象，例如 person:7")),
        click.option("--action", default="", help=_("动作，例如 household.split")),
        click.option("--actor", default="", help=_("账号名")),
    ):
        command = option(command)
    return command


def _wish(limit: int, before: int | None = None, **given: Any) -> queries.Filter:
    return queries.Filter(**given, limit=limit, before=before)


def _table(lines: list[dict[str, Any]]) -> str:
    shown = [f"{x['seq']:>8}  {x['at'][:19]}  {x['actor']:<12}  {x['wording']}  {x['subject']}" for x in lines]
    return "\n".join(shown) if shown else _("没有符合条件的审计记录")


@group.command("list", help=_("最近的审计记录"))
@_filters
@click.option("--limit", default=50, type=click.IntRange(1, 1000), help=_("最多多少条"))
@click.option("--before", type=int, help=_("从这个序号往前翻"))
@click.pass_context
def list_records(context: click.Context, limit: int, before: int | None, **given: Any) -> None:
    """List records, newest first."""
    with look(context) as work:
        lines = queries.list_records(work, _wish(limit, before, **given))
    emit(context, {"records": lines, "more": len(lines) == limit}, _table(lines))


@group.command("show", help=_("一条记录的全部内容"))
@click.argument("seq", type=int)
@click.pass_context
def show_record(context: click.Context, seq: int) -> None:
    """Show one record in full."""
    with look(context) as work:
        record = queries.show_record(work, seq)
    emit(context, record, json.dumps(record, ensure_ascii=False, indent=2))


@group.command("verify", help=_("重新计算整条审计链；有改动时指出第一处，退出码 1"))
@click.option("--anchor", default="", help=_("纸质锚点：记录序号和九组字符，写在一对引号里"))
@click.pass_context
def verify(context: click.Context, anchor: str) -> None:
    """Recompute the chain; exit code 1 when it was touched."""
    with look(context) as work:
        found = queries.verify(work, anchor)
    answer = {name: value for name, value in found._asdict().items() if name != "reason"}
    if found.ok:
        text = _("审计链完整：{records} 条记录、{blocks} 个数据块", records=found.records, blocks=found.blocks)
    else:
        text = _("审计链被改动，第一处在 {place}", place=found.first_bad)
        say(f"{text}: {found.reason}")
    emit(context, answer, text)
    if not found.ok:
        raise SystemExit(1)


@group.command("anchor", help=_("打印审计锚点：请打印后签字，由财政或另一部门保管"))
@click.pass_context
def anchor(context: click.Context) -> None:
    """Take an anchor and print it."""
    with begin(context) as work:
        taken = services.take_anchor(work)
        settings = work.settings
    if not context.obj.dry_run:
        file = services.keep_outside(settings, taken)
        say(_("已写入 {file}，请复制到数据库之外的地方", file=file))
    text = _(
        "第 {number} 号审计锚点  {at}\n记录 {seq}  数据块 {blocks}\n{code}",
        number=taken.number,
        at=taken.at,
        seq=taken.seq,
        blocks=taken.blocks,
        code=taken.code,
    )
    emit(context, {name: value for name, value in asdict(taken).items() if name != "line"}, text)


@group.command("export", help=_("把整条审计链写入新文件，可交独立校验程序核对"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_context
def export(context: click.Context, file: Path) -> None:
    """Write the chain to a new file."""
    with begin(context) as work:
        lines = services.write_export(work, file)
    emit(context, {"file": str(file), "lines": lines}, _("已写入 {file}，共 {lines} 行", file=file, lines=lines))


@group.command("sample", help=_("随机抽查审计记录；同样的种子抽到同样的记录"))
@click.option("--size", default=20, type=click.IntRange(1, 10_000), help=_("抽多少条"))
@click.option("--seed", required=True, type=int, help=_("随机种子；同样的种子抽到同样的记录"))
@_filters
@click.pass_context
def sample(context: click.Context, size: int, seed: int, **given: Any) -> None:
    """Draw records at random."""
    with look(context) as work:
        lines = queries.sample(work, size, seed, _wish(size, **given))
    emit(context, {"seed": seed, "records": lines}, _table(lines))
