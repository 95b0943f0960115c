"""The file for the national volunteer system; it holds numbers, so each reading of one is recorded."""

import csv
import io
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlmodel import col

from core.api import _, facts_of, id_numbers_of, refuse, scoped
from plugins.volunteers.models import Activity, Record, Volunteer
from plugins.volunteers.papers import hours_text
from plugins.volunteers.queries import dict_of, unreversed
from plugins.volunteers.words import DOCUMENT_KIND

if TYPE_CHECKING:
    from core.api import UnitOfWork

EXPORT = "volunteers.export"
HEADER = ("姓名", "证件类型", "证件号码", "项目", "服务日期", "服务时长（小时）")


def export_csv(work: "UnitOfWork", since: date, until: date, reason: str) -> tuple[bytes, int]:
    """The CSV (UTF-8 with BOM) of confirmed hours and how many rows it has; who has no number is left out."""
    work.require(EXPORT)
    if not reason.strip():
        raise refuse(_("请写明导出的事由"), field="reason", code="E_REASON")
    asked = select(Record).where(
        col(Record.state) == "confirmed",
        col(Record.kind) == "service",
        col(Record.served_on).between(since, until),
        unreversed(),
    )
    rows = list(work.session.scalars(scoped(work, asked.order_by(col(Record.id)), col(Record.area), EXPORT)))
    people = dict_of(work, Volunteer, [one.volunteer_id for one in rows])
    activities = dict_of(work, Activity, [one.activity_id for one in rows if one.activity_id])
    ids = [one.person_id for one in people.values()]
    names, numbers = facts_of(work, ids), id_numbers_of(work, ids)
    plain = {person: number.reveal(work, reason) for person, number in numbers.items()}
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    count = 0
    for one in rows:
        person = people[one.volunteer_id].person_id
        if person not in plain or person not in names:
            continue
        project = activities[one.activity_id].title if one.activity_id else one.content
        writer.writerow(
            [
                names[person].name,
                DOCUMENT_KIND,
                plain[person],
                project,
                one.served_on.isoformat(),
                hours_text(one.minutes),
            ]
        )
        count += 1
    work.record("volunteers.exported", "volunteers:list", reason=reason.strip(), count=count)
    return b"\xef\xbb\xbf" + out.getvalue().encode(), count
