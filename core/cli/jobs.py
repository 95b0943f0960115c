"""Commands for background work."""

import click

from core.cli.output import emit, table
from core.cli.shell import Group, begin, look, resolve_host
from core.texts import _


@click.group("jobs", cls=Group, help=_("后台任务"))
def group() -> None:
    """Jobs and the outbox."""


@group.command("run", help=_("把到期的任务都做完一遍；给出名称就只做这一个"))
@click.argument("name", required=False)
@click.pass_context
def run(context: click.Context, name: str | None) -> None:
    """Drain the queue once, after enqueuing NAME if given."""
    from core.jobs import drain, run_now

    with begin(context) as work:
        work.require("job.run")
        if name:
            run_now(work, name)
    if context.obj.dry_run:
        return
    drained = drain(resolve_host(context))
    text = _("完成 {done}，失败待重试 {failed}，停下 {parked}", **vars(drained))
    emit(context, vars(drained), text)


@group.command("list", help=_("最近的任务"))
@click.pass_context
def list_(context: click.Context) -> None:
    """The newest jobs."""
    from core.jobs import queue

    with look(context) as work:
        rows = queue(work)
    lines = [[row["id"], row["name"], row["state"], row["tries"], row["error"]] for row in rows]
    emit(context, rows, table([_("编号"), _("任务"), _("状态"), _("次数"), _("错误")], lines))


@group.command("parked", help=_("停下的任务，要人来看"))
@click.pass_context
def parked(context: click.Context) -> None:
    """Jobs and outbox rows that gave up."""
    from core.jobs import parked as waiting

    with look(context) as work:
        rows = waiting(work)
    lines = [[row["kind"], row["id"], row["name"], row["tries"], row["error"]] for row in rows]
    emit(context, rows, table([_("种类"), _("编号"), _("任务"), _("次数"), _("错误")], lines))


@group.command("retry", help=_("重新做一个停下的任务"))
@click.argument("kind", type=click.Choice(["job", "outbox"]))
@click.argument("row_id", type=int)
@click.pass_context
def retry(context: click.Context, kind: str, row_id: int) -> None:
    """Put a parked job or outbox row back."""
    from core.jobs import retry as put_back

    with begin(context) as work:
        put_back(work, kind, row_id)
    emit(context, {"kind": kind, "id": row_id}, _("已放回队列"))
