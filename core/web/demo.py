"""One-click sign-in of a demo county: only where the database carries the mark, and only from this very machine."""

import ipaddress
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from core.host import Host

FORWARDING = (b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip", b"via")


def is_demo(host: "Host") -> bool:
    """Whether the database carries the mark that ``make demo`` writes when it makes the file."""
    return host.state("demo") is not None


def demo_allowed(marked: bool, client: str, headers: Mapping[bytes, bytes], *, posting: bool) -> bool:
    """Whether one-click roles may answer: loopback socket, loopback Host, no proxy, and a post from our own page."""
    if not marked or not is_loopback(client) or any(name in headers for name in FORWARDING):
        return False
    host = headers.get(b"host", b"").decode("latin-1")
    if not is_loopback(urlsplit(f"//{host}").hostname or ""):
        return False
    origin = headers.get(b"origin", b"").decode("latin-1")
    return urlsplit(origin).netloc == host if posting else True


def is_loopback(name: str) -> bool:
    """Whether a host name or address is this machine itself."""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
