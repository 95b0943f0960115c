"""The bank of the demo county: it answers a file line by line, and nothing leaves this machine."""

import csv
import io
from collections.abc import Mapping

from core.funds.results import AMOUNT, REASON, REFERENCE, RESULT

PAID, RETURNED = "成功", "失败"


def answer(file: bytes, returned: Mapping[int, str] | None = None) -> bytes:
    """The bank's answer to a file of the county's own layout; ``returned`` maps places of lines to the reason."""
    back = returned or {}
    written = io.StringIO()
    writer = csv.DictWriter(written, [REFERENCE, AMOUNT, RESULT, REASON], extrasaction="ignore")
    writer.writeheader()
    for place, row in enumerate(csv.DictReader(io.StringIO(file.decode("utf-8-sig")))):
        writer.writerow({**row, RESULT: RETURNED if place in back else PAID, REASON: back.get(place, "")})
    return written.getvalue().encode("utf-8-sig")
