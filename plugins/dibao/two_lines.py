"""Two lines as one (两线合一): rural dibao beside the register against poverty, and who stands on one of them only."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Period, _, area_names, facts_of, scoped
from plugins.casework.api import facts_of_cases
from plugins.dibao.models import Award, Register, RegisterPerson
from plugins.dibao.queries import SHOW, newest_awards
from plugins.dibao.words import ONE_LINE

if TYPE_CHECKING:
    from core.api import UnitOfWork

_RURAL = "rural"


def one_line_only(work: "UnitOfWork") -> list[dict[str, Any]]:
    """Persons on one list only, in the reader's areas; nothing before a register was taken in. It is recorded."""
    work.require(SHOW)
    newest = work.session.scalar(select(func.max(col(Register.id))))
    if newest is None:
        return []
    asked = select(col(RegisterPerson.person_id), col(RegisterPerson.area))
    there = scoped(work, asked.where(col(RegisterPerson.register_id) == newest), RegisterPerson.area, SHOW)
    register = {row.person_id: row.area for row in work.session.execute(there)}
    awards = newest_awards(str(Period.of(work.today))).where(col(Award.category) == _RURAL)
    paid = work.session.scalars(scoped(work, awards, Award.area, SHOW)).all()
    cases = facts_of_cases(work, [one.case_id for one in paid])
    dibao = {person: (one.area, one.number) for one in cases.values() for person in one.member_ids}
    # The register is kept by the whole county: who moved is looked for in all of it.
    everybody = select(col(RegisterPerson.person_id)).where(col(RegisterPerson.register_id) == newest)
    listed = set(work.session.scalars(everybody))
    lines = [("dibao", person, area, number) for person, (area, number) in dibao.items() if person not in listed]
    lines += [("register", person, area, "") for person, area in register.items() if person not in dibao]
    names = facts_of(work, [line[1] for line in lines])
    places = area_names(work, {line[2] for line in lines})
    work.record_read("dibao.register_compared", "dibao:list", count=len(lines))
    return [
        {
            "list": kind,
            "list_title": _(ONE_LINE[kind]),
            "person_id": person,
            "name": names[person].name if person in names else "",
            "place": places.get(area, area),
            "case": number,
        }
        for kind, person, area, number in sorted(lines, key=lambda line: (line[0], line[2], line[1]))
    ]


def one_line_rows(work: "UnitOfWork") -> Iterator[tuple[Any, ...]]:
    """The report."""
    for one in one_line_only(work):
        yield one["list_title"], one["name"], one["place"], one["case"]
