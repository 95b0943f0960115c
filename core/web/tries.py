"""Questions of the public application are counted, so that nobody tries numbers until one fits."""

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from core.errors import HuiminError
from core.texts import _

HOUR = 3600.0
ADDRESSES_MAX = 20_000


class TooMany(HuiminError):  # noqa: N818 - named as the errors of core.errors are
    """So many tries came within the hour that no more are answered."""

    status, exit_code, code = 429, 75, "E_TOO_MANY"


@dataclass
class Tries:
    """How many checks came within the hour, from each address and in all. Kept in the application, lost with it."""

    clock: Any = time.monotonic
    began: float = 0.0
    total: int = 0
    by_address: "OrderedDict[str, int]" = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def count(self, address: str, each: int, all_of_them: int) -> None:
        """Count one try; raises ``TooMany`` when the address or all together had their number."""
        with self.lock:
            now = self.clock()
            if not self.began or now - self.began >= HOUR:
                self.began, self.total = now, 0
                self.by_address.clear()
            mine = self.by_address.get(address, 0) + 1
            if mine > each or self.total >= all_of_them:
                raise TooMany(_("核验次数太多，请一小时后再试，或打电话询问"))
            self.total += 1
            self.by_address[address] = mine
            self.by_address.move_to_end(address)
            while len(self.by_address) > ADDRESSES_MAX:
                self.by_address.popitem(last=False)
