"""A process that takes in one spoilt file after the other and says of each what came of it."""

import resource
import time
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy import func, select

from core.errors import Refused
from core.extension import Column, Import
from tests.fuzz.files import EVERY_KIND, GRADES, File
from tests.fuzz.spoiling import spoilt_file

NAME = "every-hook-lines"
GIBIBYTE = 1024**3
MEMORY = 3 * GIBIBYTE
VENDOR = Path(__file__).parents[1] / "vendors" / "every_hook"


def take(home: str, seed: int, numbers: range, told: Connection) -> None:
    """Take the files of ``numbers`` in; ``told`` hears ("file", number) before each and ("done", verdict) after."""
    from core.host import Clock, Host
    from core.settings import load
    from core.testing import MORNING
    from core.trial import installed_from

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with installed_from(VENDOR, {"every_hook": "huimin_every_hook"}):
        host = Host(load(Path(home)), clock=Clock(datetime.fromisoformat(MORNING.isoformat())))
        host.imports[NAME] = every_kind()
        taker = Taker(host)
        for number in numbers:
            told.send(("file", number))
            told.send(("done", taker.verdict(spoilt_file(number, seed))))
        own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        told.send(("memory", (own // 1024, children // 1024)))
        host.close()


def every_kind() -> Import:
    """An import with a column of every kind, written into the diary."""
    from huimin_every_hook.diary import check_rows, write_rows

    kinds = ("text", "money", "integer", "date", "month", "ratio", "text")
    columns = [
        Column(name=name, title=title, kind=kind, required=name == "fact", words=GRADES if name == "grade" else ())
        for name, title, kind in zip(
            ("fact", "amount", "people", "since", "month", "share", "grade"), EVERY_KIND, kinds, strict=True
        )
    ]
    return Import(
        name=NAME, title="日记", permission="every_hook.show", columns=columns, check=check_rows, write=write_rows
    )


class Taker:
    """Takes files in at a county and judges what came of each."""

    def __init__(self, host) -> None:
        from core.identity.actors import shell_actor

        self.host = host
        self.actor = shell_actor(host, "test")

    def verdict(self, file: File) -> tuple[str, str, float]:
        """("refused" | "errors" | "written" | what is wrong, what was done to the file, seconds)."""
        begun, before = time.monotonic(), self.kept(file)
        try:
            outcome = self.imported(file)
        except Refused as refusal:
            wrong = [one for one in refusal.objections if not (one.reason and (one.code or "").startswith("E_"))]
            end = f"refused without words or code: {wrong}" if wrong else "refused"
            grown = 0
        except Exception as error:  # noqa: BLE001 - whatever else comes out is what the proof looks for
            return f"{type(error).__name__}: {error}"[:500], file.what, time.monotonic() - begun
        else:
            found = outcome.as_json()
            grown = found["imported"]
            end = "written" if outcome.written is not None else "errors"
            unnamed = [one for one in found["errors"] if not is_named(one)]
            if unnamed or (found["errors"] and grown):
                end = f"an error without its place, or rows written beside it: {unnamed[:3]} {grown}"
        if self.kept(file) - before != grown:
            end = f"{grown} rows were said to be written, {self.kept(file) - before} are there"
        return end, file.what, time.monotonic() - begun

    def imported(self, file: File):
        """Check and write the file as the page does, with the marked workbook when there is something to mark."""
        from core.households.importing import run as rosters
        from core.households.importing.marking import marked_workbook
        from core.imports import services

        with self.host.begin(self.actor, edge="command") as work:
            most = work.policy("households.marked_rows_max")
            if file.roster:
                outcome = rosters.import_file(work, file.data, file.name)
                bad = outcome.checked.findings.errors
                marked = marked_workbook(file.data, outcome.checked, most) if bad else b"PK"
            else:
                outcome = services.run_file(work, NAME, (file.data, file.name))
                bad = outcome.checked.errors
                one = self.host.imports[NAME]
                marked = services.marked_workbook(one, file.data, outcome.checked, most) if bad else b"PK"
            if not marked.startswith(b"PK"):
                raise TypeError("the marked workbook is no workbook")
            return outcome

    def kept(self, file: File) -> int:
        """How many rows the county holds that such a file writes."""
        from huimin_every_hook.models import DiaryLine

        from core.identity.models.persons import Person

        with self.host.database.transaction(write=False) as connection:
            return connection.scalar(select(func.count()).select_from(Person if file.roster else DiaryLine)) or 0


def is_named(error: dict) -> bool:
    """Whether an error says in which sheet, row and column it stands, and what to do."""
    placed = bool(error["column"]) or not error["field"]
    return bool(error["sheet"] and error["row"] >= 1 and error["message"] and error["code"] and placed)
