"""What a process does that is killed: commit facts to be told, and tell them; a line on the disk after each commit."""

import os
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "vendors" / "every_hook"
AT_ONCE = 5


def go_on(home: str, now: str, told: str, ready: Connection) -> None:
    """Commit some facts, tell what waits, and so on until somebody ends it; ``told`` gets the number of each fact."""
    from core.host import Clock, Host
    from core.identity.actors import shell_actor
    from core.jobs import drain
    from core.settings import load
    from core.trial import installed_from

    file = Path(told)
    with installed_from(VENDOR, {"every_hook": "huimin_every_hook"}):
        host = Host(load(Path(home)), clock=Clock(datetime.fromisoformat(now)))
        actor = shell_actor(host, "test")
        number = len(file.read_text().splitlines()) if file.exists() else 0
        ready.send(True)
        while True:
            for _fact in range(AT_ONCE):
                number += 1
                with host.begin(actor, edge="command") as work:
                    work.later(f"fact.{number}", {"number": number})
                    work.record("test.done", f"test:{number}")
                with file.open("a", encoding="utf-8") as kept:
                    kept.write(f"{number}\n")
                    kept.flush()
                    os.fsync(kept.fileno())
            drain(host)
