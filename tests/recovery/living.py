"""Virtual months of a county: clerks work, money is paid, plugins fail, power is cut, clocks jump; all by one seed."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

import huimin_misbehaving
from sqlalchemy import event, text

from core.backups import make
from core.errors import PluginFailed, Refused
from core.funds import verifying
from core.identity.actors import shell_actor
from core.identity.events import Death, Move, record_death, record_move
from core.identity.persons import NewPerson, register_person
from core.jobs import drain
from core.showing import COUNTY_TIME
from core.testing import VILLAGE, run_command
from core.values import Period
from tests.recovery.paying import STEPS, Payer

FIRST = "2026-12"
ELSEWHERE = "430223106201"
STATEMENTS = (12, 40, 400)
"""A cut comes within so many statements, if the act has as many."""
LEDGER = (
    "SELECT scheme, beneficiary_id, for_month, amount_fen, revision FROM funds_payment ORDER BY 1, 2, 3, 4, 5",
    "SELECT debit, credit, amount_fen, period, scheme FROM funds_transfer ORDER BY 1, 2, 3, 4, 5",
    "SELECT scheme, period, state, count, total_fen FROM funds_batch ORDER BY 1, 2, 3, 4, 5",
    "SELECT name, residence_area, died_on FROM identity_person ORDER BY id",
)


class PowerCut(KeyboardInterrupt):
    """The statement that never came through; like the end of the process it is nobody's fault to be contained."""


@dataclass
class Life:
    """A county that lives on; ``calm`` without faults, ``told_every`` so many days. What it did is counted."""

    county: object
    dice: Random
    told: object
    calm: bool = False
    told_every: int = 7
    done: dict = field(default_factory=lambda: dict.fromkeys(("days", "cuts", "faults", "jumps", "paid"), 0))

    @property
    def host(self):
        return self.county.host

    def stand(self, day: date, hour: int = 9) -> None:
        """Let it be an hour of a day."""
        self.county.clock.set(datetime.combine(day, time(hour), COUNTY_TIME))

    def months(self, count: int) -> list[Period]:
        """The months that are lived."""
        found = [Period(FIRST)]
        while len(found) < count:
            found.append(found[-1].next())
        return found

    def month(self, period: Period, *, backups: bool = False) -> None:
        """Every day of a month: somebody works, what waits is told; near its end it is paid."""
        day = period.first_day
        while Period.of(day) == period:
            self.stand(day)
            self.work(day)
            if day.day % self.told_every == 0:
                drain(self.host)
            if backups and day.weekday() == 0:
                make(self.host, shell_actor(self.host, "test"))
            if day.day == 25:
                self.pay(str(period))
            self.done["days"] += 1
            day += timedelta(days=1)

    def work(self, day: date) -> None:
        """What a clerk does on a day, broken off or not; what was broken off is done again."""
        what = self.dice.choice(["come", "move", "die", "nothing", "nothing"])
        if what != "nothing":
            self.insist(lambda: self.act(what, day))

    def act(self, what: str, day: date) -> None:
        """One act of a clerk on somebody."""
        chosen = Random(f"{what} {day}")
        with self.county.begin() as work:
            if what == "come":
                name = "王" + chr(0x4E00 + chosen.randrange(5000))
                wish = NewPerson(name=name, sex="女", birth_date=date(1950, 1, 1), hukou_area=VILLAGE)
                register_person(work, wish)
                return
            asked = text("SELECT id FROM identity_person WHERE died_on IS NULL ORDER BY id")
            person = chosen.choice(work.session.execute(asked).scalars().all())
            if what == "move":
                record_move(work, person, Move(on=day, residence_area=chosen.choice([ELSEWHERE, VILLAGE])))
            else:
                record_death(work, person, Death(on=day, source="死亡医学证明"))

    def pay(self, period: str) -> None:
        """Pay a month, however often it is broken off."""
        payer = Payer(self.host, {role: self.county.token(self.county.account(role)) for role in STEPS}, self.told)
        self.insist(lambda: payer.pay(period))
        self.done["paid"] += 1

    def insist(self, act) -> None:
        """Do it again until it is done: power cuts, plugins that fail and clocks that jump come between."""
        for _try in range(20):
            try:
                self.hurt(act)
            except (PowerCut, PluginFailed):
                continue
            except Refused as refusal:
                # What a clerk wants twice, or a plugin could not check, is refused in words.
                if not self.faulty:
                    if any(one.code == "E_PLUGIN" for one in refusal.objections):
                        raise
                    return
                continue
            return
        raise AssertionError("it was broken off twenty times")

    faulty = False

    def hurt(self, act) -> None:
        """Do it once, with what the dice add."""
        harm = "none" if self.calm else self.dice.choice(["none", "cut", "fault", "jump"])
        now, self.faulty = self.county.clock.now(), harm == "fault"
        engine, last, seen = self.host.database.engine, self.dice.randrange(1, self.dice.choice(STATEMENTS)), 0

        def cut(*_given):
            nonlocal seen
            seen += 1
            if seen == last:
                raise PowerCut

        try:
            if harm == "cut":
                event.listen(engine, "before_cursor_execute", cut)
            elif harm == "fault":
                wrong = ("check_payments", "person_moved", "person_died", "entries_posted")
                huimin_misbehaving.WRONG_IN.add(self.dice.choice(wrong))
            elif harm == "jump":
                self.county.clock.set(now + timedelta(minutes=self.dice.choice([-600, -5, -1, 1, 90])))
            act()
        finally:
            if harm == "cut":
                event.remove(engine, "before_cursor_execute", cut)
                self.done["cuts"] += seen >= last
            self.done["faults"] += harm == "fault"
            self.done["jumps"] += harm == "jump"
            huimin_misbehaving.WRONG_IN.clear()
            self.county.clock.set(now)

    def broken(self) -> list:
        """What the verifier of money and the audit find wrong."""
        with self.county.look("accountant") as work:
            found = list(verifying.verify(work))
        checked = run_command(self.county, ["audit", "verify", "--json"])
        return found + ([checked.talk or checked.output] if checked.exit_code else [])

    def ledger(self) -> str:
        """A hash of all money and all people, without ids and times."""
        total = hashlib.sha256()
        with self.host.database.transaction(write=False) as connection:
            for asked in LEDGER:
                for row in connection.execute(text(asked)):
                    total.update(repr(tuple(map(str, row))).encode())
        return total.hexdigest()
