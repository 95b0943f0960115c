"""A plugin that misbehaves in every hook it is told to misbehave in."""

WRONG_IN: set[str] = set()
"""Names of hooks that misbehave now; tests fill it."""

HOW = ["raise"]
"""How: a name of ``faults.FAULTS`` or ``faults.NOT_ITS_FAULT``."""
