"""Connections that are closed when a request does not arrive whole in time: sending slowly holds nobody up."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS_MAX = 32 * 1024
"""Bytes of a request's first line and headers together; our own need a tenth of it."""

ARRIVING = (h11.IDLE, h11.SEND_BODY)


class _Punctual(H11Protocol):
    """Counts from the first byte of a request, or from the connection, to the last byte of the body."""

    seconds: float
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to count: whoever connects has something to ask."""
        super().connection_made(transport)
        self._count()

    def data_received(self, data: bytes) -> None:
        """Go on counting until the request is there."""
        super().data_received(data)
        if self.conn.their_state in ARRIVING:
            self._count()
        else:
            self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop()
        super().connection_lost(exc)

    def _count(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(self.seconds, self.transport.abort)

    def _stop(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


def punctual(seconds: float) -> type[asyncio.Protocol]:
    """Connections of HTTP that give each request so many seconds to arrive whole."""
    return type("Punctual", (_Punctual,), {"seconds": seconds})
