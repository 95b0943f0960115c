"""The vendors' door to the command line: open work, print results, talk to the person."""

import sys

import os
import sys

from core.cli.output import emit, say, table
from core.cli.shell import DATE, Group, Shell, begin, look, resolve_host
from core.cli.speech import hear

__all__ = ["DATE", "Group", "Shell", "begin", "emit", "look", "main", "resolve_host", "say", "table"]


def main() -> None:
    """Run the program; ends the process with the exit code of what happened."""
    hear(sys.argv[1:])  # before the tree is imported: the help of a command is translated where it is declared
    from core.cli.tree import run

    raise SystemExit(run())
