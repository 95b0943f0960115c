"""A driver and a disk that fail at the n-th operation, whichever it is: statement, commit, file, rename, sync."""

import errno
import os
import sqlite3
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event

FILE_ACTS = ("write_bytes", "replace", "mkdir", "touch", "open")


class Countdown:
    """Counts what is done and fails at ``at``; 0 fails never."""

    def __init__(self, at: int = 0) -> None:
        self.at, self.done, self.failed = at, 0, ""

    def pass_by(self, what: str, error: Exception) -> None:
        """One operation more; raises when it is the one."""
        self.done += 1
        if self.done == self.at:
            self.failed = what
            raise error


def _sqlite(countdown: Countdown, arguments, named):
    trouble = sqlite3.OperationalError("disk I/O error")

    class Cursor(sqlite3.Cursor):
        def execute(self, statement, *given):
            countdown.pass_by(statement, trouble)
            return super().execute(statement, *given)

        def executemany(self, statement, *given):
            countdown.pass_by(statement, trouble)
            return super().executemany(statement, *given)

    class Connection(sqlite3.Connection):
        def cursor(self, factory=Cursor):
            return super().cursor(factory)

        def executemany(self, statement, *given):
            return self.cursor().executemany(statement, *given)

        def commit(self):
            countdown.pass_by("COMMIT", trouble)
            super().commit()

    return sqlite3.connect(*arguments, factory=Connection, **named)


def _postgresql(countdown: Countdown, arguments, named):
    import psycopg

    trouble = psycopg.OperationalError("could not extend file: I/O error")

    class Cursor(psycopg.Cursor):
        def execute(self, query, *given, **more):
            countdown.pass_by(str(query), trouble)
            return super().execute(query, *given, **more)

        def executemany(self, query, *given, **more):
            countdown.pass_by(str(query), trouble)
            return super().executemany(query, *given, **more)

        def copy(self, statement, *given, **more):
            countdown.pass_by(str(statement), trouble)
            return super().copy(statement, *given, **more)

    class Connection(psycopg.Connection):
        def commit(self):
            countdown.pass_by("COMMIT", trouble)
            super().commit()

    return Connection.connect(*arguments, cursor_factory=Cursor, **named)


@contextmanager
def failing(county, at: int, monkeypatch):
    """The county on a driver and a disk that fail at the ``at``-th operation; answers the countdown."""
    countdown = Countdown(at)
    engine = county.host.database.engine
    made = {"sqlite": _sqlite, "postgresql": _postgresql}[engine.dialect.name]

    def connect(_dialect, _record, arguments, named):
        quiet, countdown.at = countdown.at, 0  # opening the connection is not the act
        opened = made(countdown, arguments, named)
        countdown.done, countdown.at = 0, quiet
        return opened

    engine.dispose()
    event.listen(engine, "do_connect", connect)
    with monkeypatch.context() as patch:
        for name in FILE_ACTS:
            patch.setattr(Path, name, _counting(countdown, getattr(Path, name), f"Path.{name}"))
        for name in ("fsync", "open", "replace"):
            patch.setattr(os, name, _counting(countdown, getattr(os, name), f"os.{name}"))
        try:
            yield countdown
        finally:
            countdown.at = 0
            event.remove(engine, "do_connect", connect)
            engine.dispose()


def _counting(countdown: Countdown, act, what: str):
    def counted(*given, **named):
        countdown.pass_by(what, OSError(errno.EIO, os.strerror(errno.EIO)))
        return act(*given, **named)

    return counted
