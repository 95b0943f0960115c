"""Every way to misbehave; what only a process of its own would hold is listed at the end, with the reason."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import OperationalError


class Unprintable(Exception):
    """An error that cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


class Unreadable(list):
    """A list that raises when it is read."""

    def __iter__(self) -> Iterator[Any]:
        raise ZeroDivisionError("read me not")


def _raise(error: BaseException) -> Any:
    raise error


def _work(given: tuple[Any, ...]) -> Any:
    return next((one for one in given if hasattr(one, "session")), None)


def _with_work(act: Callable[[Any], Any], *, loud: bool = False) -> Callable[[str, tuple[Any, ...]], Any]:
    """A fault in a hook that has a unit of work; ``loud`` ends in an error. Without work an error is all there is."""

    def fault(hook: str, given: tuple[Any, ...]) -> Any:
        work = _work(given)
        if work is None:
            raise ValueError(f"{hook} has no unit of work")
        act(work)
        if loud:
            raise ValueError(f"{hook} went on after it")
        return None

    return fault


def _again(hook: str, given: tuple[Any, ...]) -> Any:
    return _again(hook, given)


def _yield_and_raise(_hook: str, _given: tuple[Any, ...]) -> Iterator[Any]:
    yield from ()
    raise ValueError("half-way")


def _say(statement: str) -> Callable[[Any], Any]:
    return lambda work: work.session.connection().exec_driver_sql(statement)


def _spoil(work: Any) -> None:
    work.session.execute(text("UPDATE identity_person SET name = 'nobody'"))
    work.session.execute(text("DELETE FROM core_outbox"))


def _change(hook: str, given: tuple[Any, ...]) -> Any:
    for one in given:
        columns = one.columns if hasattr(one, "columns") else getattr(one, "__dict__", {})
        for column in columns.values() if hasattr(columns, "values") else ():
            if hasattr(column, "setflags"):
                column[:] = column[::-1]
                return None
    raise ValueError(f"{hook} has nothing to change")


def _own_tables(work: Any) -> None:
    work.session.execute(text("CREATE TABLE misbehaving_own (id INTEGER)"))
    work.session.execute(text("DROP TABLE misbehaving_own"))


FAULTS: dict[str, Callable[[str, tuple[Any, ...]], Any]] = {
    "raise": lambda hook, given: _raise(ValueError(f"{hook} misbehaves")),
    "exit": lambda hook, given: _raise(SystemExit(3)),
    "cancel": lambda hook, given: _raise(asyncio.CancelledError()),
    "generator exit": lambda hook, given: _raise(GeneratorExit()),
    "memory": lambda hook, given: _raise(MemoryError()),
    "unprintable": lambda hook, given: _raise(Unprintable()),
    "recursion": _again,
    "half-way": _yield_and_raise,
    "text": lambda hook, given: "not a list of answers",
    "bytes": lambda hook, given: b"not a list of answers",
    "number": lambda hook, given: float("nan"),
    "type": lambda hook, given: [object()],
    "nothing": lambda hook, given: [None],
    "unreadable": lambda hook, given: Unreadable(),
    "endless": lambda hook, given: itertools.repeat(object()),
    "commit": _with_work(lambda work: work.session.commit()),
    "commit below": _with_work(lambda work: work.session.connection().commit()),
    "commit said": _with_work(_say("COMMIT")),
    "rollback": _with_work(lambda work: work.session.rollback()),
    "rollback below": _with_work(lambda work: work.session.connection().rollback()),
    "rollback said": _with_work(_say("ROLLBACK")),
    "close": _with_work(lambda work: work.session.close()),
    "close below": _with_work(lambda work: work.session.connection().close()),
    "change columns": _change,
    "broken query": _with_work(_say("SELECT nothing FROM nowhere")),
    "spoil and raise": _with_work(_spoil, loud=True),
    "drop own tables": _with_work(_own_tables, loud=True),
}

NOT_ITS_FAULT: dict[str, Callable[[str, tuple[Any, ...]], Any]] = {
    said: lambda hook, given, said=said: _raise(OperationalError(hook, {}, Exception(said)))
    for said in ("database is locked", "database or disk is full", "server closed the connection unexpectedly")
}
"""What any query of a plugin may meet when the database is in trouble."""

NOT_CONTAINED = {
    "KeyboardInterrupt": "is how a person ends a command; nothing is committed",
    "sleeping for ever, a busy loop": "a thread cannot be ended from outside",
    "allocating 4 GB": "memory belongs to the process; the machine's limit ends all of it",
    "10,000 open files, 100 threads": "are the process's; what is kept open stays open",
    "1 GB to stdout": "is the process's output",
    "chdir, locale, signal handlers, socket time-outs": "are settings of the process",
    "os._exit, a fault in C": "end the process; the transaction of the moment is rolled back by the database",
    "a cursor of the driver itself": "knows nothing of the transaction's keeper; COMMIT said there is a commit",
    "changing what belongs to the core in memory": "Python hides nothing in a process",
}
