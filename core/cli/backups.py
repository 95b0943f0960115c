"""Commands for backups and restores."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.output import emit, say, table
from core.cli.shell import Group, look, resolve_host
from core.texts import _

if TYPE_CHECKING:
    from core.backups import Store


@click.group("backup", cls=Group, invoke_without_command=True, help=_("备份：不写子命令就是立即备份"))
@click.pass_context
def backup(context: click.Context) -> None:
    """Copy the county now, unless a subcommand is given."""
    if context.invoked_subcommand is None:
        _make(context)


@backup.command("new", help=_("立即备份，并当场检查"))
@click.pass_context
def new(context: click.Context) -> None:
    """Copy the county and check the copy."""
    _make(context)


def _make(context: click.Context) -> None:
    from core.backups import folder_of, make

    if context.obj.dry_run:
        target = folder_of(resolve_host(context))
        emit(context, {"folder": str(target)}, _("将备份到 {folder}", folder=target))
        return
    made = make(resolve_host(context), context.obj.actor())
    emit(context, {"file": str(made.file), "size": made.size}, _("已备份并检查：{file}", file=made.file))


@backup.command("list", help=_("列出备份"))
@click.pass_context
def list_(context: click.Context) -> None:
    """Backups, newest first."""
    from core.backups import kept

    with look(context) as work:
        work.require("backup.make")
        found = kept(work.host)
    data = [{"file": str(one.file), "made_at": one.made_at.isoformat(), "size": one.size} for one in found]
    emit(
        context,
        data,
        table([_("文件"), _("时间"), _("大小")], [[row["file"], row["made_at"], row["size"]] for row in data]),
    )


@click.command("restore", help=_("恢复备份；--check 只检查，不改动"))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--check", "only_check", is_flag=True, help=_("打开备份，核对文件、数据库和审计链"))
@click.option("--yes", is_flag=True, help=_("不再询问"))
@click.pass_context
def restore(context: click.Context, file: Path, only_check: bool, yes: bool) -> None:
    """Put the backup FILE in the place of the present data, or only check it."""
    from core.backups import check
    from core.restoring import restore as put_back

    brought = _bring_settings(context, file) if not (only_check or context.obj.dry_run) else None
    try:
        with closing(_store(context)) as store:
            found = check(store, file)
            data = {"ok": found.ok, "records": found.records, "head": found.head, "problems": list(found.problems)}
            if only_check or context.obj.dry_run or not found.ok:
                text = _("备份完好：审计记录 {records} 条，链头 {head}", records=found.records, head=found.head[:16])
                emit(context, data, text if found.ok else "\n".join(found.problems))
                if not found.ok:
                    raise click.exceptions.Exit(1 if only_check else 3)
                return
            if not yes:
                click.confirm(_("用这份备份替换现在的数据？现在的数据库会另存"), abort=True, err=True)
            put_back(store, file)
    except BaseException:
        if brought:
            brought.unlink()
        raise
    say(_("已恢复。这份备份之后的业务要逐笔核对，再继续发放"))
    emit(context, data, _("已恢复 {file}", file=file))


def _bring_settings(context: click.Context, file: Path) -> Path | None:
    """On a new machine the county file comes out of the backup; the file's name says which county."""
    from core.restoring import bring_settings
    from core.settings import counties_folder

    shell = context.obj
    if any(counties_folder(shell.home).glob("*.toml")):
        return None
    return bring_settings(shell.home, shell.county or file.name.partition("-")[0], file)


def _store(context: click.Context) -> "Store":
    """The county, asked for the right to restore; where its database is gone or broken, what is left of it."""
    from core.errors import NotFound
    from core.restoring import Bare

    bare = Bare(context.obj.settings)
    try:
        with look(context) as work:
            work.require("backup.make")
        return resolve_host(context)
    except (*bare.database.troubles, NotFound):
        if context.obj.act_as:
            raise
        return bare
