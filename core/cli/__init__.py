"""The vendors' door to the command line: open work, print results, talk to the person."""

import os
import sys

from core.cli.acting import add_act, add_acts, add_start, say_done, wish_given, wish_options
from core.cli.files import read_json, read_object
from core.cli.imports import run_import
from core.cli.output import emit, say, table
from core.cli.shell import DATE, Group, Shell, begin, look, resolve_host
from core.cli.speech import hear
from core.entries import command_options, given

__all__ = [
    "DATE",
    "Group",
    "Shell",
    "add_act",
    "add_acts",
    "add_start",
    "begin",
    "command_options",
    "emit",
    "given",
    "look",
    "main",
    "read_json",
    "read_object",
    "resolve_host",
    "run_import",
    "say",
    "say_done",
    "table",
    "wish_given",
    "wish_options",
]


def main() -> None:
    """Run the program; ends the process with the exit code of what happened.

    What was opened is closed by then. The interpreter is not taken apart piece by piece: that takes a quarter of the
    time of a short command and does nothing for anybody.
    """
    # No stranger's plugin of pydantic has a place here, and to look for one reads what every package says of itself.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    hear(sys.argv[1:])  # before the tree is imported: the help of a command is translated where it is declared
    from core.cli.tree import run

    code = run()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:  # the reader of a pipe had seen enough
        code = code or 0
    os._exit(code)
