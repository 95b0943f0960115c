"""Who keeps a child: checked, kept with dates, and counted when one person keeps many."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlmodel import col

from core.api import NotFound, Objection, _, age_on, facts_of
from plugins.benefits.api import find_institution
from plugins.orphan_care.models import Case, Guardian
from plugins.orphan_care.wishes import Guardianship

if TYPE_CHECKING:
    from core.api import UnitOfWork


@dataclass(frozen=True)
class Chosen:
    """A guardian who may be one: a person or an institution."""

    person_id: int | None = None
    institution_id: int | None = None
    relation: str = ""
    paper: str = ""
    agreed_on: date | None = None


def check_guardian(work: "UnitOfWork", wish: Guardianship, category: str, child: int) -> tuple[Chosen, list[Objection]]:
    """The guardian of a wish with what stands against it (``E_GUARDIAN_REQUIRED``)."""
    chosen = Chosen(relation=wish.relation or "", paper=wish.paper.strip(), agreed_on=wish.agreed_on)
    if wish.institution:
        try:
            home = find_institution(work, wish.institution)
        except NotFound as error:
            return Chosen(), [_required(error.message, "institution")]
        return replace(chosen, institution_id=home.id), []
    if category == "ORPHAN_INST":
        return Chosen(), [_required(_("集中养育的要写明养育机构"), "institution")]
    if wish.guardian_id is None:
        return Chosen(), [_required(_("没有监护人不能申请，请写明监护人"), "guardian_id")]
    person = facts_of(work, [wish.guardian_id]).get(wish.guardian_id)
    if person is None or person.id == child:
        return Chosen(), [_required(_("没有找到这位监护人，请核对人员编号"), "guardian_id")]
    if person.died_on is not None:
        return Chosen(), [_required(_("监护人已登记死亡"), "guardian_id")]
    adult, leap = work.policy("households.adult_age"), work.policy("identity.leap_birthday")
    if person.birth_date and age_on(person.birth_date, work.today, leap) < adult:
        return Chosen(), [_required(_("监护人未成年"), "guardian_id")]
    return replace(chosen, person_id=person.id), []


def keep_guardian(work: "UnitOfWork", case: Case, chosen: Chosen, since: date) -> Guardian:
    """Keep a guardian from a day on; the one before ends."""
    before = guardian_of(work, case)
    if before is not None:
        before.until = since
        work.session.add(before)
        work.session.flush()
    made = Guardian(
        case_id=case.id or 0,
        person_id=chosen.person_id,
        institution_id=chosen.institution_id,
        relation=chosen.relation,
        paper=chosen.paper,
        agreed_on=chosen.agreed_on,
        since=since,
        recorded_by=work.actor.account_id,
    )
    work.session.add(made)
    case.institution_id = chosen.institution_id
    work.session.add(case)
    work.session.flush()
    return made


def guardian_of(work: "UnitOfWork", case: Case) -> Guardian | None:
    """Who keeps a child now."""
    asked = select(Guardian).where(col(Guardian.case_id) == case.id, col(Guardian.until).is_(None))
    return work.session.scalars(asked).one_or_none()


def multi_warning(work: "UnitOfWork", person_id: int | None) -> list[Objection]:
    """W_GUARDIAN_MULTI when a person keeps more children than the county finds usual."""
    if person_id is None:
        return []
    asked = (
        select(func.count())
        .select_from(Guardian)
        .join(Case, col(Case.id) == col(Guardian.case_id))
        .where(col(Guardian.person_id) == person_id, col(Guardian.until).is_(None), col(Case.state) != "closed")
    )
    count = work.session.scalar(asked) or 0
    if count <= work.policy("orphan_care.guardian_cases_max"):
        return []
    words = _("这位监护人已监护 {count} 名儿童，请核实照料能力", count=count)
    return [Objection(reason=words, field="guardian_id", code="W_GUARDIAN_MULTI")]


def _required(words: str, field: str) -> Objection:
    return Objection(reason=words, field=field, code="E_GUARDIAN_REQUIRED")
