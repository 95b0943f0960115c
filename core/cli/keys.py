"""Commands for the keys of the county: under which one everything stands, a new one, shares on paper."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.output import emit, say, table
from core.cli.shell import Group, begin, look, resolve_host
from core.texts import _

if TYPE_CHECKING:
    from core.key_exchange import Standing

FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("keys", cls=Group, help=_("密钥：查看、更换、分成份额保管"))
def group() -> None:
    """The county's keys."""


@group.command("show", help=_("密钥有哪几号，每一号还管着多少密文和文件"))
@click.pass_context
def show(context: click.Context) -> None:
    """Count sealed values and files by key number."""
    from core.key_exchange import standing

    with look(context) as work:
        found = standing(work)
    emit(context, _plain(found), _told(found))


@group.command("rotate", help=_("换一把新密钥：从此新写的都用它加密，旧密钥留着开旧的"))
@click.option("--reason", required=True, help=_("理由，记入审计"))
@click.pass_context
def rotate(context: click.Context, reason: str) -> None:
    """Seal with a new key from now on."""
    from core.key_exchange import EXCHANGE
    from core.key_exchange import rotate as exchange

    if context.obj.dry_run:
        with look(context) as work:
            work.require(EXCHANGE)
            ring = work.keys.ring
        number = ring.spare or max(ring.masters) + 1
        emit(context, {"current": ring.current, "next": number}, _("将换成第 {number} 号密钥", number=number))
        return
    number = exchange(resolve_host(context), context.obj.actor(), reason)
    say(_("密钥文件已变：请另存一份，或重新运行 huimin keys split。已有的密文用 huimin keys reseal 换到新密钥"))
    emit(context, {"current": number}, _("从现在起用第 {number} 号密钥加密", number=number))


@group.command("reseal", help=_("把已有的密文换到新密钥：不停机，分批写，中断后再运行就接着做"))
@click.pass_context
def reseal(context: click.Context) -> None:
    """Seal with the current key what stands under an older one."""
    from core.key_exchange import EXCHANGE, standing
    from core.key_exchange import reseal as seal_anew

    total = 0
    if context.obj.dry_run:
        with look(context) as work:
            work.require(EXCHANGE)
    else:
        total = seal_anew(resolve_host(context), context.obj.actor(), told=lambda name, count: say(f"{name}  {count}"))
    with look(context) as work:
        found = standing(work)
    emit(
        context,
        {"resealed": total, **_plain(found)},
        _("换到第 {number} 号密钥的密文：{count}", number=found.current, count=total) + "\n" + _told(found),
    )


@group.command("split", help=_("把密钥分成几份，凑齐其中几份就能恢复；少于这个数什么也看不出"))
@click.option("--shares", "count", type=int, default=3, show_default=True, help=_("分成几份"))
@click.option("--needed", type=int, default=2, show_default=True, help=_("凑齐几份可以恢复"))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, file_okay=False), help=_("放在哪个目录"))
@click.pass_context
def split(context: click.Context, count: int, needed: int, output: Path) -> None:
    """Write the keys in shares."""
    from core.key_exchange import EXCHANGE
    from core.key_exchange import split as write_shares

    if context.obj.dry_run:  # not even for a moment do keys lie where nobody asked for them
        with look(context) as work:
            work.require(EXCHANGE)
        emit(
            context,
            {"folder": str(output), "shares": count},
            _("将在 {folder} 写 {count} 份", folder=output, count=count),
        )
        return
    with begin(context) as work:
        made = write_shares(work, output, count, needed)
    say(_("请打印或拷到各自的介质上分开保管，再删掉这些文件"))
    emit(context, {"files": [str(one) for one in made], "needed": needed}, "\n".join(str(one) for one in made))


@group.command("recover", help=_("用凑齐的份额恢复密钥文件；不覆盖已有的文件"))
@click.argument("shares", nargs=-1, required=True, type=FILE)
@click.option("-o", "--output", required=True, type=FILE, help=_("写到哪个文件"))
@click.pass_context
def recover(context: click.Context, shares: tuple[Path, ...], output: Path) -> None:
    """Make the key file out of SHARES."""
    from core.key_exchange import recover as bring_back

    if context.obj.dry_run:
        emit(context, {"file": str(output)}, _("将写入 {file}", file=output))
        return
    ring = bring_back(shares, output)
    emit(context, {"file": str(output), "numbers": sorted(ring.masters)}, _("已恢复密钥文件 {file}", file=output))


def _plain(found: "Standing") -> dict[str, object]:
    return {**vars(found), "remaining": found.remaining}


def _told(found: "Standing") -> str:
    """The same for people: which numbers, where they still stand, and what keeps its number for ever."""
    values = [
        [f"{one['table']}.{one['column']}", one["number"], one["count"], _("不能改动") if one["fixed"] else ""]
        for one in found.values
    ]
    files = [[one["folder"], one["number"], one["count"], _("文件不换密钥")] for one in found.files]
    lines = [
        _("第 {current} 号密钥在用，密钥文件里有 {count} 把", current=found.current, count=len(found.numbers)),
        table([_("位置"), _("密钥"), _("数量"), _("说明")], [*values, *files]),
    ]
    if found.strangers:
        lines.append(_("没有查看这些表，它们的插件不在这台机器上：{names}", names=" ".join(found.strangers)))
    return "\n".join(lines)
