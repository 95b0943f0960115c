"""What a process does while the key of its county is exchanged: register people, look others up, read their numbers."""

import itertools
import json
import os
from datetime import date, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from core.errors import TryAgain
from core.identity.models.persons import Document, Person
from core.identity.persons import NewPerson, register_person
from core.identity.queries import find_person
from core.identity.sealed import NUMBER_COLUMN, PHONE_COLUMN
from core.tables import columns
from core.testing import MORNING, VILLAGE
from tests.people import citizen

BORN = date(1990, 1, 1)
"""The first birthday of those who are registered meanwhile, a thousand to a day; nobody else was born so late."""


def work_on(home: str, token: str, told: str, ready: Connection, last: Connection) -> None:
    """Work until ``last`` hears something, one act after the other; what is read wrongly ends the process."""
    from core.host import Clock, Host
    from core.identity.actors import actor_by_token
    from core.settings import load

    host = Host(load(Path(home)), clock=Clock(MORNING))
    actor, dice = actor_by_token(host, token), Random(7)
    ready.send(True)
    for count in itertools.count():
        if last.poll():
            return
        sequence = count % 1000
        number = citizen(sequence, (BORN + timedelta(days=count // 1000)).strftime("%Y%m%d"))
        try:
            with host.begin(actor) as work:
                phone = f"1370000{sequence:04d}"
                wish = NewPerson(name="王新来", citizen_id=number, hukou_area=VILLAGE, phone=phone)
                person = register_person(work, wish).id
        except TryAgain:
            continue
        with host.look(actor) as work:
            assert find_person(work, number).id == person
            read = _read_somebody(work, dice)
        with Path(told).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"person": person, "number": number, "read": read}) + "\n")
            file.flush()
            os.fsync(file.fileno())


def _read_somebody(work, dice):
    """Open somebody's number and phone; the phone of the fixture's people is the end of their number."""
    document, person = columns(Document), columns(Person)
    known = work.session.scalar(select(func.max(document.id)))
    asked = select(document, person.phone_sealed).join(person.id.table, person.id == document.person_id)
    row = work.session.execute(asked.where(document.id == dice.randint(1, known))).first()
    if row is None:
        return 0
    number = work.keys.unseal(NUMBER_COLUMN, row.id, row.number_sealed)
    phone = work.keys.unseal(PHONE_COLUMN, row.person_id, row.phone_sealed)
    assert phone[-3:] == number[-4:-1], (phone, number)
    return row.number_sealed[1]
