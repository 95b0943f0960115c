"""What a process does that is killed while rosters come in: check one, import it, say so, take the next."""

import csv
import hashlib
import io
import json
import os
from multiprocessing.connection import Connection
from pathlib import Path

from core.demo.people import HEADERS, invent
from core.households.importing import rosters
from core.identity.actors import actor_by_token
from core.testing import MORNING, TOWN

HOUSEHOLDS = 40
"""Households in a roster: enough that its import takes a while, few enough that many are tried."""
VILLAGE = f"{TOWN}201"


def roster(number: int) -> bytes:
    """The roster of a number, the same each time: its households are called after it, its people live nowhere else."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADERS)
    for person in invent(HOUSEHOLDS, [VILLAGE], seed=number, prefix=f"999{number:03d}"):
        cells = person.cells()
        writer.writerow([f"R{number:03d}-{cells[0]}", *cells[1:]])
    return out.getvalue().encode("utf-8-sig")


def go_on(home: str, token: str, told: str, ready: Connection) -> None:
    """Import roster after roster from the first that nobody heard of, until somebody ends it.

    The last that was acknowledged is sent again: whoever was interrupted does not know how far it went.
    """
    from core.host import Clock, Host
    from core.settings import load

    host = Host(load(Path(home)), clock=Clock(MORNING))
    actor = actor_by_token(host, token)
    done = [json.loads(line)["roster"] for line in Path(told).read_text().splitlines()] if Path(told).exists() else []
    ready.send(True)
    for number in range(max(done, default=1), 1_000):
        data = roster(number)
        with host.begin(actor) as work:
            kept = rosters.store_roster(work, data, f"{number}.csv").id
        with host.begin(actor) as work:
            written = rosters.import_stored(work, kept, hashlib.sha256(data).hexdigest()).written
            counts = (written.imported, written.updated, written.skipped) if written else None
        _say(told, roster=number, counts=counts)


def _say(told: str, **done: object) -> None:
    with Path(told).open("a", encoding="utf-8") as file:
        file.write(json.dumps(done) + "\n")
        file.flush()
        os.fsync(file.fileno())
