"""What a process does that is killed: pay one month after the other, step by step, and say what was acknowledged."""

import csv
import io
import json
import os
import time
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

from core.errors import Clash, NotFound, Refused, TryAgain
from core.funds import bank_files, batches, results
from core.funds.models import Batch
from core.identity.actors import actor_by_token, shell_actor
from core.testing import MORNING
from core.values import Period
from plugins.benefits.services import rolls

SCHEME, FIRST, LAST = "allowance", "2012-01", "2026-10"
PART = 500
"""People in a chunk: small, so that a month has many transactions."""
PAUSE = 0.05
"""Seconds between two tries."""
STEPS = ("proposer", "reviewer", "approver", "disburser")


def go_on(home: str, tokens: dict[str, str], told: str, ready: Connection, patient: bool = False) -> None:  # noqa: FBT001, FBT002 - arguments of a process
    """Take up where the county stands and pay month after month, until somebody ends it.

    ``ready`` hears when the work begins. ``told`` gets a line after each commit, written through to the disk: what a
    counter was told is done. ``patient`` tries again when it is told to, as a person does.
    """
    from core.host import Clock, Host
    from core.settings import load

    rolls.CHUNK = PART
    host = Host(load(Path(home)), clock=Clock(datetime.fromisoformat(MORNING.isoformat())))
    payer = Payer(host, tokens, Path(told))
    ready.send(True)
    for period in Period.span(FIRST, LAST):
        while True:
            try:
                payer.pay(str(period))
            except TryAgain:
                if not patient:
                    raise
                time.sleep(PAUSE)
            else:
                break


def pay_months(
    home: str, tokens: dict[str, str], told: str, ready: Connection, go: Connection, months: list[str]
) -> None:
    """Pay some months beside somebody who does the same; told that the other was first, look again and go on."""
    from core.host import Clock, Host
    from core.settings import load

    host = Host(load(Path(home)), clock=Clock(datetime.fromisoformat(MORNING.isoformat())))
    payer = Payer(host, tokens, Path(told))
    ready.send(True)
    go.recv()
    for period in months:
        while True:
            try:
                payer.pay(period)
            except (TryAgain, Clash, Refused, NotFound):
                time.sleep(PAUSE)
            else:
                break


class Payer:
    """Pays a month, whatever of it was done before."""

    def __init__(self, host, tokens, told):
        self.host, self.tokens, self.told = host, tokens, told

    def begin(self, role=""):
        actor = actor_by_token(self.host, self.tokens[role]) if role else shell_actor(self.host, "test")
        return self.host.begin(actor, edge="command")

    def say(self, **done):
        with self.told.open("a", encoding="utf-8") as file:
            file.write(json.dumps(done) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def pay(self, period):
        """Every step that is still to be done for a month, each in a transaction of its own."""
        from sqlmodel import col, select

        with self.begin() as work:
            asked = select(Batch).where(col(Batch.scheme) == SCHEME, col(Batch.period) == period)
            batch = work.session.exec(asked).one_or_none()
            number, state = (batch.id, batch.state) if batch else (None, "building")
        if state == "settled":
            return
        if state == "building":
            number = self.build(period)
            state = "draft"
        order = ("draft", "submitted", "reviewed", "approved", "released", "sent")
        for now in order[order.index(state) :]:
            self.step(now, number)
            self.say(period=period, after=now, batch=number)

    def build(self, period):
        with self.begin("proposer") as work:
            number = rolls.begin_roll(work, rolls.BuildRoll(scheme=SCHEME, period=period)).batch_id
        last = False
        while not last:
            with self.begin("proposer") as work:
                last = rolls.build_chunk(work, number)
            self.say(period=period, after="chunk", batch=number)
        with self.begin("proposer") as work:
            done = rolls.finish_roll(work, number)
        self.say(period=period, after="building", batch=number, lines=done["lines"], fen=done["total_fen"])
        return number

    def step(self, state, number):
        if state in ("draft", "submitted", "reviewed"):
            act = {"draft": batches.submit, "submitted": batches.review, "reviewed": batches.approve}[state]
            with self.begin({"draft": "proposer", "submitted": "reviewer", "reviewed": "approver"}[state]) as work:
                act(work, number)
        elif state == "approved":
            with self.begin("disburser") as work:
                batches.release(work, number, batches.find_batch(work, number).total_fen)
        elif state == "released":
            with self.begin("disburser") as work:
                bank_files.export(work, number)
        else:
            with self.begin("disburser") as work:
                made = bank_files.export(work, number)
            with self.begin("disburser") as work:
                results.import_result(work, number, answer_of(made.data), "answer.csv")


def answer_of(content: bytes) -> bytes:
    """The bank paid every line."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    out = io.StringIO()
    writer = csv.DictWriter(out, [*rows[0], "结果", "原因"])
    writer.writeheader()
    writer.writerows([{**row, "结果": "成功", "原因": ""} for row in rows])
    return out.getvalue().encode("utf-8-sig")
