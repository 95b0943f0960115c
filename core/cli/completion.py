"""Completion scripts for bash and zsh."""

import click

from core.texts import _


@click.command(
    "completion",
    help=_("命令补全脚本\n\n例：huimin completion bash > ~/.local/share/bash-completion/completions/huimin"),
)
@click.argument("shell", type=click.Choice(["bash", "zsh"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of SHELL."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(shell)
    click.echo(kind(context.find_root().command, {}, "huimin", "_HUIMIN_COMPLETE").source())
