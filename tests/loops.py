"""An event loop beside the test, as a server has one."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any


class Loop:
    """A loop in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, asking: Coroutine[Any, Any, Any]) -> Any:
        """What it comes to; errors are raised here."""
        return asyncio.run_coroutine_threadsafe(asking, self._loop).result()

    def close(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
