"""Questions about children's files: only reads, within the areas of who asks, and every file read is recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlmodel import col

from core.api import NotFound, UnitOfWork, _, age_on, area_names, facts_of, row_id, scoped, within
from plugins.benefits.api import enrolments_of, institutions
from plugins.orphan_care import sealed
from plugins.orphan_care.models import (
    Aid,
    Basis,
    Case,
    Contact,
    Guardian,
    Pairing,
    Review,
    Sponsor,
    SupportGrant,
    Visit,
)
from plugins.orphan_care.months import state_column, state_now, this_month
from plugins.orphan_care.words import CATEGORIES, CONFIDED, HIV

SHOW = "orphan_care.show"


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """Which files: by state, category, area and below, number; ``missing`` only those to be completed."""

    state: str = ""
    category: str = ""
    area: str = ""
    number: str = ""
    missing: bool = False
    after: int = 0
    limit: int = 50


def nobody() -> NotFound:
    """What is said of a file that is not there, or not in one's area."""
    return NotFound(_("没有找到这份儿童档案，或不在你的辖区"))


def own_case(work: UnitOfWork, text: str, permission: str = SHOW) -> Case:
    """A file by number or id in the actor's areas; elsewhere it is as if there were none (``NotFound``)."""
    work.require(permission)
    wanted = str(text).strip()
    same = col(Case.id) == at if (at := row_id(wanted)) else col(Case.number) == wanted.upper()
    found = work.session.scalars(scoped(work, select(Case).where(same), Case.area, permission)).one_or_none()
    if found is None:
        raise nobody()
    return found


def own_pairing(work: UnitOfWork, pairing_id: int, permission: str = SHOW) -> tuple[Pairing, Case]:
    """A pairing whose child is in the actor's areas, with the file."""
    work.require(permission)
    asked = select(Pairing, Case).join(Case, col(Case.id) == col(Pairing.case_id)).where(col(Pairing.id) == pairing_id)
    row = work.session.execute(scoped(work, asked, Case.area, permission)).one_or_none()
    if row is None:
        raise NotFound(_("没有找到这次结对，或不在你的辖区"))
    return row[0], row[1]


def list_cases(work: UnitOfWork, wish: CaseFilter) -> list[dict[str, Any]]:
    """Files of one's areas by number, with the children's names: reading the list is recorded."""
    work.require(SHOW)
    month = this_month(work)
    state = state_column(month)
    asked = select(Case).where(col(Case.id) > wish.after).order_by(col(Case.id)).limit(wish.limit + 1)
    if wish.state:
        asked = asked.where(state == wish.state)
    if wish.category and wish.category != HIV:
        asked = asked.where(col(Case.category) == wish.category)
    if wish.category == HIV:
        asked = asked.where(col(Case.confided).is_not(None))
    if wish.area:
        asked = asked.where(within(col(Case.area), [wish.area]))
    if wish.number:
        asked = asked.where(col(Case.number) == wish.number.strip().upper())
    if wish.missing:
        asked = asked.where(incomplete())
    rows = list(work.session.scalars(scoped(work, asked, Case.area, SHOW)))
    if wish.category == HIV:
        rows = [case for case in rows if sealed.confided(work, case).get("hiv")]
    if rows:
        work.record_read("orphan_care.list_read", "orphan_care:list")
    lacking = missing_of(work, rows)
    facts = facts_of(work, [case.person_id for case in rows])
    places = area_names(work, {case.area for case in rows} | {case.area[:9] for case in rows})
    return [
        {**case_line(work, case, month), **_child(facts, case), "place": _place(places, case.area),
         "warnings": _warnings(lacking.get(case.id or 0, []))}
        for case in rows
    ]  # fmt: skip


def case_line(work: UnitOfWork, case: Case, month: str) -> dict[str, Any]:
    """A file in one line, without a name."""
    category = sealed.category_for(work, case)
    return {
        "id": case.id,
        "number": case.number,
        "category": category,
        "category_title": _({**CATEGORIES, **CONFIDED}[category]),
        "state": state_now(case, month),
        "area": case.area,
        "applied_on": case.applied_on,
        "from_month": case.from_month,
        "last_month": case.last_month,
        "due_on": case.due_on,
        "carried_over": bool(case.carried_over),
    }


def show_case(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One file in full, with numbers masked; opening it is recorded first."""
    case = own_case(work, text)
    work.record_read("orphan_care.file_read", f"orphan_care:{case.id}", area=case.area)
    facts = facts_of(work, [case.person_id])
    places = area_names(work, [case.area, case.area[:9]])
    homes = {one["id"]: one["name"] for one in institutions(work)} if work.may("benefits.show") else {}
    born = facts[case.person_id].birth_date if case.person_id in facts else None
    return {
        **case_line(work, case, this_month(work)),
        **_child(facts, case),
        "born": born,
        "age": age_on(born, work.today, work.policy("identity.leap_birthday")) if born else None,
        "place": _place(places, case.area),
        "authorised_on": case.authorised_on,
        "checked_on": case.checked_on,
        "check_note": case.check_note,
        "approved_on": case.approved_on,
        "document": case.document,
        "cause": case.cause,
        "cause_on": case.cause_on,
        "adult_on": case.adult_on,
        "institution": homes.get(case.institution_id or 0, ""),
        "enrolment_id": case.enrolment_id,
        "school": case.school,
        "schooling": case.schooling,
        "school_until": case.school_until,
        "disability_grade": case.disability_grade,
        "needs": case.needs,
        "bases": _bases(work, case),
        "guardians": _guardians(work, case, homes),
        "aids": [_plain(one, Aid) for one in _all(work, Aid, case)],
        "visits": _visits(work, case),
        "reviews": _reviews(work, case),
        "grants": [_plain(one, SupportGrant) for one in _all(work, SupportGrant, case)],
        "pairings": pairings_of(work, case),
        "benefits": _benefits(work, case),
        "confided": sealed.confided(work, case),
        "warnings": _warnings(missing_of(work, [case]).get(case.id or 0, [])),
        "version": case.version,
    }  # fmt: skip


def incomplete() -> Any:
    """Files taken over in payment that lack what a new file must have."""
    basis = [
        exists().where(col(Basis.case_id) == col(Case.id), col(Basis.parent) == name, col(Basis.replaced_by).is_(None))
        for name in ("father", "mother")
    ]
    guardian = exists().where(col(Guardian.case_id) == col(Case.id), col(Guardian.until).is_(None))
    return and_(
        col(Case.carried_over).is_(True),
        col(Case.state) != "closed",
        or_(~basis[0], ~basis[1], ~guardian, col(Case.adult_on).is_(None)),
    )


def missing_of(work: UnitOfWork, cases: Sequence[Case]) -> dict[int, list[str]]:
    """By file taken over, what it lacks: father, mother, guardian, birth_date, school."""
    ids = [case.id for case in cases if case.carried_over and case.state != "closed"]
    if not ids:
        return {}
    asked = select(col(Basis.case_id), col(Basis.parent)).where(
        col(Basis.case_id).in_(ids), col(Basis.replaced_by).is_(None)
    )
    there = {(row[0], row[1]) for row in work.session.execute(asked)}
    kept = select(col(Guardian.case_id)).where(col(Guardian.case_id).in_(ids), col(Guardian.until).is_(None))
    there |= {(number, "guardian") for number in work.session.scalars(kept)}
    found: dict[int, list[str]] = {}
    for case in cases:
        if case.id not in ids:
            continue
        lacking = [name for name in ("father", "mother", "guardian") if (case.id, name) not in there]
        if case.adult_on is None:
            lacking.append("birth_date")
        elif case.category != "CONT_EDU" and case.adult_on <= work.today and not case.pays_until:
            lacking.append("school")
        if lacking:
            found[case.id or 0] = lacking
    return found


def pairings_of(work: UnitOfWork, case: Case) -> list[dict[str, Any]]:
    """The pairings of a child, with the sponsors' names."""
    asked = (
        select(Pairing, col(Sponsor.name))
        .join(Sponsor, col(Sponsor.id) == col(Pairing.sponsor_id))
        .where(col(Pairing.case_id) == case.id)
        .order_by(col(Pairing.id))
    )
    rows = work.session.execute(asked).all()
    given = paid_in(work, [pairing.id or 0 for pairing, _name in rows])
    return [{**pairing_line(pairing, given.get(pairing.id or 0, 0)), "sponsor_name": name} for pairing, name in rows]


def pairing_line(pairing: Pairing, given_fen: int) -> dict[str, Any]:
    """A pairing with what was promised and kept; ``fulfilled`` in hundredths of the pledge, None without money."""
    promised = pairing.pledged_fen * pairing.months
    return {
        **_plain(pairing, Pairing),
        "promised_fen": promised,
        "given_fen": given_fen,
        "fulfilled": given_fen * 100 // promised if promised else None,
    }


def paid_in(work: UnitOfWork, pairing_ids: Sequence[int]) -> dict[int, int]:
    """What each pairing has brought in money so far, in fen."""
    asked = (
        select(col(Contact.pairing_id), func.sum(col(Contact.amount_fen)))
        .where(col(Contact.pairing_id).in_(pairing_ids), col(Contact.kind) == "money")
        .group_by(col(Contact.pairing_id))
    )
    return {row[0]: int(row[1]) for row in work.session.execute(asked)}


def case_numbers(work: UnitOfWork, person_ids: Sequence[int]) -> list[Case]:
    """Open files of some persons, within the reader's areas."""
    asked = select(Case).where(col(Case.person_id).in_(person_ids), col(Case.state) != "closed").order_by(col(Case.id))
    return list(work.session.scalars(scoped(work, asked, Case.area, SHOW)))


def _child(facts: Mapping[int, Any], case: Case) -> dict[str, Any]:
    return {"person_id": case.person_id, "name": facts[case.person_id].name if case.person_id in facts else ""}


def _place(names: Mapping[str, str], area: str) -> str:
    return " ".join(names.get(code, "") for code in (area[:9], area)).strip()


def _warnings(lacking: Sequence[str]) -> list[dict[str, Any]]:
    return [{"code": "W_FILE_INCOMPLETE", "missing": list(lacking)}] if lacking else []


def _all(work: UnitOfWork, model: Any, case: Case) -> Sequence[Any]:
    return work.session.scalars(select(model).where(col(model.case_id) == case.id).order_by(col(model.id).desc())).all()


def _plain(one: Any, model: Any) -> dict[str, Any]:
    hidden = {"detail", "findings", "note", "contact", "recorded_by", "recorded_at", "opened_by"}
    return {name: getattr(one, name) for name in model.model_fields if name not in hidden}


def _bases(work: UnitOfWork, case: Case) -> list[dict[str, Any]]:
    return [
        {**_plain(one, Basis), "illness": sealed.unseal(work, sealed.ILLNESS, one.id, one.detail),
         "current": one.replaced_by is None}
        for one in _all(work, Basis, case)
    ]  # fmt: skip


def _guardians(work: UnitOfWork, case: Case, homes: Mapping[int, str]) -> list[dict[str, Any]]:
    rows = _all(work, Guardian, case)
    names = facts_of(work, [one.person_id for one in rows if one.person_id])
    return [
        {**_plain(one, Guardian),
         "name": names[one.person_id].name if one.person_id in names else homes.get(one.institution_id or 0, "")}
        for one in rows
    ]  # fmt: skip


def _visits(work: UnitOfWork, case: Case) -> list[dict[str, Any]]:
    return [
        {**_plain(one, Visit), "findings": sealed.unseal(work, sealed.FINDINGS, one.id, one.findings)}
        for one in _all(work, Visit, case)
    ]


def _reviews(work: UnitOfWork, case: Case) -> list[dict[str, Any]]:
    return [
        {**_plain(one, Review), "note": sealed.unseal(work, sealed.NOTE, one.id, one.note)}
        for one in _all(work, Review, case)
    ]


def _benefits(work: UnitOfWork, case: Case) -> list[dict[str, Any]]:
    names = ("id", "scheme", "scheme_title", "category_title", "from_month", "to_month", "state", "payee_tail")
    return [{name: one[name] for name in names} for one in enrolments_of(work, [case.person_id])]
