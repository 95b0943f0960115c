"""The diary's command."""

import click

from core.api import _
from core.cli import Group, add_acts, add_start, emit, look
from huimin_every_hook.acts import ACTING
from huimin_every_hook.diary import counts


@click.group("every-hook", cls=Group, help=_("全部钩子的日记"))
def group() -> None:
    """The diary."""


@group.command("show", help=_("看日记"))
@click.pass_context
def show(context: click.Context) -> None:
    """What was noted."""
    with look(context) as work:
        found = dict(counts(work))
    emit(context, found, str(found))


add_start(group, ACTING, "lines", "write", argument="FACT", field="fact")
add_start(group, ACTING, "greetings", "greet")
add_acts(group, ACTING, "lines", "LINE")
