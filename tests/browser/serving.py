"""An application on a port of this machine, for a browser."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from core.web.dispatcher import Dispatcher, Door


@contextmanager
def on_a_port(door: Door) -> Iterator[str]:
    """Serve one county; answers its address."""
    dispatcher = Dispatcher([door])
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()  # who comes before the server runs waits for it
    server = uvicorn.Server(uvicorn.Config(dispatcher, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{taken.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)
    dispatcher.close()
