"""How an error ends a command: words on stderr, an object with ``--json``, and the exit code of its class."""

import json
import logging
import traceback
from typing import TYPE_CHECKING

import click

from core.cli.output import error_object
from core.errors import Fault, HuiminError, PluginFailed
from core.texts import _
from core.values import beyond

if TYPE_CHECKING:
    from core.cli.shell import Shell

log = logging.getLogger("huimin")


def exit_code_of(error: Exception, shell: "Shell", words: list[str]) -> int:
    """Say what went wrong and answer the exit code."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.Abort):
        click.echo(_("已停止"), err=True)
        return 130
    if isinstance(error, click.ClickException):
        _say_usage(error, "--json" in words)
        return 2
    if isinstance(error, OSError) and error.errno == 28:
        error = _as_try_again()
    if not isinstance(error, HuiminError) or isinstance(error, Fault):
        error = beyond(error) or _fault(error, shell)
    _say(error, shell)
    return 70 if isinstance(error, PluginFailed) else error.exit_code


def _as_try_again() -> HuiminError:
    from core.errors import TryAgain

    return TryAgain(_("磁盘空间不足，没有写入。请腾出空间后再试"))


def _say_usage(error: click.ClickException, as_json: bool) -> None:
    if as_json:
        body = {"error": {"code": "E_USE", "message": error.format_message(), "hint": None}}
        click.echo(json.dumps(body, ensure_ascii=False), err=True)
        return
    if isinstance(error, click.UsageError) and error.ctx is not None:
        click.echo(error.ctx.get_usage(), err=True)
    click.echo(error.format_message(), err=True)


def _say(error: HuiminError, shell: "Shell") -> None:
    if shell.json:
        click.echo(json.dumps(error_object(error), ensure_ascii=False), err=True)
        return
    click.echo(error.message, err=True)
    for objection in getattr(error, "objections", ()):
        if objection.code:
            click.echo(f"  [{objection.code}] {objection.field or ''}".rstrip(), err=True)
        if objection.hint:
            click.echo(f"  {objection.hint}", err=True)
    if error.hint:
        click.echo(error.hint, err=True)


def _fault(error: Exception, shell: "Shell") -> HuiminError:
    from core.calling import incident

    number = incident()
    _keep_trace(number, error, shell)
    return Fault(_("程序出错，没有写入。请把编号 {number} 告诉管理员", number=number), number=number)


def _keep_trace(number: str, error: Exception, shell: "Shell") -> None:
    """Into the county's log; where there is no county yet, to stderr."""
    lines = f"{number}\n{''.join(traceback.format_exception(error))}"
    if not (shell.home / "data").is_dir():
        click.echo(lines, err=True)
        return
    try:
        folder = shell.home / "data" / "log"
        folder.mkdir(mode=0o700, exist_ok=True)
        with (folder / "huimin.log").open("a", encoding="utf-8") as file:
            file.write(f"{lines}\n")
    except OSError:
        log.exception("%s could not be written to the log", number)
