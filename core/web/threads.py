"""The threads that answer requests: many may wait for something, a few compute at a time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import cache, partial
from threading import Semaphore
from typing import Any, TypeVar, cast

from litestar.concurrency import set_asyncio_executor

THREADS = 32
WAITING_FOR_NETWORK = 4
"""How many answers are made at a time where the database is another machine's or process's, and threads wait for it."""

PATIENCE_SECONDS = 0.05

Answer = TypeVar("Answer")


class Threads(ThreadPoolExecutor):
    """Threads that take turns in making answers.

    Eight threads that compute at once hand the interpreter to each other at every query: measured, half the pages a
    second. So one computes and the others wait, but no longer than a moment: a long answer holds nobody up.
    """

    def __init__(self) -> None:
        super().__init__(THREADS, thread_name_prefix="answer")
        self._at_a_time = 1
        self._turns = Semaphore(self._at_a_time)

    def allow(self, at_a_time: int) -> None:
        """Let so many answers be made at a time, if fewer were."""
        for _more in range(at_a_time - self._at_a_time):
            self._turns.release()
        self._at_a_time = max(at_a_time, self._at_a_time)

    def submit(self, fn: Callable[..., Answer], /, *args: Any, **kwargs: Any) -> "Future[Answer]":
        """Run a function in a thread, in its turn."""
        return cast("Future[Answer]", super().submit(self._in_turn, partial(fn, *args, **kwargs)))

    def _in_turn(self, act: Callable[[], Answer]) -> Answer:
        taken = self._turns.acquire(timeout=PATIENCE_SECONDS)
        try:
            return act()
        finally:
            if taken:
                self._turns.release()


@cache
def threads() -> Threads:
    """The threads of this process; handlers of every county run in them."""
    made = Threads()
    set_asyncio_executor(made)
    return made


async def in_thread(act: Callable[..., Answer], *arguments: Any) -> Answer:
    """Run a function in a thread, with what is known of the request."""
    run = partial(copy_context().run, act, *arguments)
    return await asyncio.get_running_loop().run_in_executor(threads(), run)
