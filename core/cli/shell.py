"""What a command knows: the home, the county, who acts, and how to open its work. Nothing heavy is imported here."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.texts import _

if TYPE_CHECKING:
    from core.host import Host
    from core.settings import Settings
    from core.work import Actor, UnitOfWork


@dataclass
class Shell:
    """The global options of one run, and the host once somebody asks for it."""

    home: Path
    county: str | None = None
    json: bool = False
    dry_run: bool = False
    act_as: str | None = None
    token_file: Path | None = None
    no_plugins: bool = False
    strict: bool = False
    trace: bool = False
    clock: Any = None

    @cached_property
    def settings(self) -> "Settings":
        """The county's settings; raises with every problem of the file."""
        from core.settings import load

        return load(self.home, self.county, plugins=not self.no_plugins)

    @cached_property
    def host(self) -> "Host":
        """The county put together."""
        from core.host import Host

        host = Host(self.settings, no_plugins=self.no_plugins, strict=self.strict, trace=self.trace, clock=self.clock)
        for name, reason in sorted(host.quarantined.items()):
            click.echo(_("插件 {name} 没有运行：{reason}", name=name, reason=reason), err=True)
        return host

    @property
    def opened(self) -> bool:
        """Whether a host was made in this run."""
        return "host" in self.__dict__

    def actor(self) -> "Actor":
        """Who acts: the shell's account, or ``--as NAME``, proven by that account's own token."""
        from core.errors import Forbidden
        from core.identity.actors import actor_by_token, actor_named, shell_actor

        user = operating_user()
        if not self.act_as:
            return shell_actor(self.host, user)
        token = self.token()
        if token is None:
            return actor_named(self.host, self.act_as, operating_user=user)
        actor = actor_by_token(self.host, token, operating_user=user)
        if actor.name != self.act_as:
            raise Forbidden(_("这个令牌不是 {name} 的", name=self.act_as))
        return actor

    def token(self) -> str | None:
        """The token from ``--token-file`` or ``HUIMIN_TOKEN``; never from the command line, where others see it."""
        if self.token_file:
            return self.token_file.read_text(encoding="utf-8").strip()
        return os.environ.get("HUIMIN_TOKEN") or None


def operating_user() -> str:
    """The user of the operating system who runs the command."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid()) if hasattr(os, "getuid") else ""


def resolve_host(context: click.Context) -> "Host":
    """The host of this command."""
    return context.obj.host


@contextmanager
def begin(context: click.Context) -> "Iterator[UnitOfWork]":
    """A unit of work that writes, as the command's actor; ``--dry-run`` takes everything back at the end."""
    shell: Shell = context.obj
    with shell.host.begin(shell.actor(), dry_run=shell.dry_run, edge="command") as work:
        yield work
    if shell.dry_run:
        click.echo(_("这是试运行，没有写入"), err=True)


@contextmanager
def look(context: click.Context) -> "Iterator[UnitOfWork]":
    """A unit of work that only reads, as the command's actor."""
    shell: Shell = context.obj
    with shell.host.begin(shell.actor(), write=False, edge="command") as work:
        yield work


class Group(click.Group):
    """A group of commands that suggests the nearest name for one it does not know."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """The command to run, or a usage error with what was probably meant."""
        if self.get_command(ctx, args[0]) is None:
            import difflib

            near = difflib.get_close_matches(args[0], self.list_commands(ctx), 1)
            message = (
                _("没有 {name}，是不是 {near}？", name=args[0], near=near[0])
                if near
                else _("没有命令 {name}", name=args[0])
            )
            raise click.UsageError(message, ctx)
        return super().resolve_command(ctx, args)


class _Date(click.ParamType):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(_("{value} 不是日期，写成 2026-11-20 这样", value=value), param, ctx)


DATE = _Date()
"""A day as an option or argument, written 2026-11-20."""
