"""A command that is killed at its n-th step: before a statement that changes something, a commit, a file, a tool."""

import os
import signal
import sys
from datetime import datetime

WRITES = os.O_WRONLY | os.O_RDWR
FILES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.chmod", "shutil.copyfile")
LOOKS = ("SELECT", "PRAGMA", "WITH", "SHOW", "EXPLAIN")


class Steps:
    """Counts what a process changes under a home and in its database; at one of them it is killed."""

    def __init__(self, home: str, last: int) -> None:
        self.home, self.last, self.count = home, last, 0

    def step(self) -> None:
        """One more; the last one does not happen."""
        self.count += 1
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def hear(self, event: str, given: tuple) -> None:
        """What the interpreter says it is about to do."""
        ours = bool(given) and str(given[0]).startswith(self.home)
        if (ours and (event in FILES or (event == "open" and given[2] & WRITES))) or event == "subprocess.Popen":
            self.step()

    def statement(self, _connection, _cursor, statement, *_more) -> None:
        """A statement is about to run."""
        if not statement.lstrip().upper().startswith(LOOKS):
            self.step()

    def commit(self, _connection) -> None:
        """A transaction is about to be committed."""
        self.step()


def act(home: str, words: list[str], now: str, last: int, told) -> None:
    """Run a command in this process and be killed at step ``last``; ``told`` hears how many there are if it is not."""
    from sqlalchemy import Engine, event

    from core.cli.tree import run
    from core.host import Clock

    sys.dont_write_bytecode = True
    steps = Steps(home, last)
    sys.addaudithook(steps.hear)
    event.listen(Engine, "before_cursor_execute", steps.statement)
    event.listen(Engine, "commit", steps.commit)
    with open(os.devnull, "w") as nobody:
        sys.stdout = sys.stderr = nobody
        code = run(["--home", home, *words], Clock(datetime.fromisoformat(now)))
    told.send((code, steps.count))
    os._exit(0)
