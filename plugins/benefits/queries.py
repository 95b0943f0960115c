"""Questions about enrolments: only reads, always within the areas of who asks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from core.api import NotFound, UnitOfWork, _, area_names, columns, facts_of, payee_names, scoped, within
from plugins.benefits.models import Enrolment, EnrolmentVersion, Institution, Member
from plugins.benefits.schemes import schemes_of

SHOW = "benefits.show"
_ENROLMENT, _MEMBER, _VERSION = columns(Enrolment), columns(Member), columns(EnrolmentVersion)


@dataclass(frozen=True, kw_only=True)
class EnrolmentFilter:
    """Which enrolments: by scheme, category, state, area and below; ``after`` goes on behind an id."""

    scheme: str = ""
    category: str = ""
    state: str = ""
    area: str = ""
    person_id: int | None = None
    after: int = 0
    limit: int = 50


def visible_enrolment(work: UnitOfWork, enrolment_id: int, permission: str = SHOW) -> Enrolment:
    """An enrolment in the actor's areas; outside is the same as not there (``NotFound``)."""
    work.require(permission)
    statement = scoped(work, select(Enrolment), _ENROLMENT.area, permission).where(_ENROLMENT.id == enrolment_id)
    found = work.session.scalars(statement).one_or_none()
    if found is None:
        raise NotFound(_("没有找到这条享受登记，或不在你的辖区"))
    return found


def list_enrolments(work: UnitOfWork, wish: EnrolmentFilter) -> list[dict[str, Any]]:
    """Enrolments with names, by number."""
    work.require(SHOW)
    statement = scoped(work, select(_ENROLMENT.id.table), _ENROLMENT.area, SHOW).where(_ENROLMENT.id > wish.after)
    for column, value in (
        (_ENROLMENT.scheme, wish.scheme), (_ENROLMENT.category, wish.category), (_ENROLMENT.state, wish.state),
    ):  # fmt: skip
        if value:
            statement = statement.where(column == value)
    if wish.area:
        statement = statement.where(within(_ENROLMENT.area, [wish.area]))
    if wish.person_id is not None:
        statement = statement.where(_covers([wish.person_id]))
    rows = work.session.connection().execute(statement.order_by(_ENROLMENT.id).limit(wish.limit)).all()
    return in_words(work, rows)


def enrolments_of(work: UnitOfWork, person_ids: Collection[int], scheme: str | None = None) -> list[dict[str, Any]]:
    """What some persons are or were enrolled in, themselves or with their family; right and area are the caller's."""
    statement = select(_ENROLMENT.id.table).where(_covers(person_ids))
    if scheme:
        statement = statement.where(_ENROLMENT.scheme == scheme)
    return in_words(work, work.session.connection().execute(statement.order_by(_ENROLMENT.id)).all())


def show_enrolment(work: UnitOfWork, enrolment_id: int) -> dict[str, Any]:
    """One enrolment with all its versions, the newest knowledge first, and whom it covers."""
    found = visible_enrolment(work, enrolment_id)
    rows = work.session.connection().execute(
        select(_VERSION.id.table).where(_VERSION.enrolment_id == enrolment_id).order_by(_VERSION.id.desc())
    )
    members = work.session.connection().scalars(
        select(_MEMBER.person_id).where(_MEMBER.enrolment_id == enrolment_id).order_by(_MEMBER.person_id)
    )
    names = facts_of(work, people := list(members))
    shown = in_words(work, [_row_of(work, enrolment_id)])[0]
    shown["versions"] = [
        {
            "id": row.id,
            "from_month": row.from_month,
            "to_month": row.to_month,
            "state": row.state,
            "category": row.category,
            "area": row.area,
            "fixed_fen": row.fixed_fen,
            "reason": row.reason,
            "known_at": row.known_at,
            "superseded_at": row.superseded_at,
        }
        for row in rows
    ]
    shown["members"] = [{"id": one, "name": names[one].name if one in names else ""} for one in people]
    shown["version"] = found.version
    return shown


def log_read(work: UnitOfWork, scheme: str, subject: str, area: str = "", **details: Any) -> None:
    """Record that somebody looked, where the scheme is sensitive: children's files are."""
    found = schemes_of(work).get(scheme)
    if found is not None and found.sensitive:
        work.record_read("benefits.shown", subject, area=area, scheme=scheme, **details)


def in_words(work: UnitOfWork, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Enrolments with the names of scheme, category, person, place and payee."""
    people = facts_of(work, {row.person_id for row in rows})
    payees = payee_names(work, {row.payee_id for row in rows if row.payee_id})
    places = area_names(work, {row.area for row in rows} | {row.area[:9] for row in rows})
    return [
        {
            "id": row.id,
            "scheme": row.scheme,
            "scheme_title": scheme_title(work, row.scheme),
            "category": row.category,
            "category_title": category_title(work, row.scheme, row.category),
            "person_id": row.person_id,
            "name": people[row.person_id].name if row.person_id in people else "",
            "group_id": row.group_id,
            "beneficiary_id": row.beneficiary_id,
            "area": row.area,
            "place": " ".join(places.get(code, "") for code in (row.area[:9], row.area)).strip(),
            "from_month": row.from_month,
            "to_month": row.to_month,
            "state": row.state,
            "suspended_from": row.suspended_from,
            "ended_for": row.ended_for,
            "payee_id": row.payee_id,
            "payee_name": payees.get(row.payee_id, ("", ""))[0],
            "payee_tail": payees.get(row.payee_id, ("", ""))[1],
            "payee_from": row.payee_from,
            "institution_id": row.institution_id,
            "carried_over": bool(row.carried_over),
            "source": row.source,
        }
        for row in rows
    ]


def institutions(work: UnitOfWork) -> list[dict[str, Any]]:
    """Every institution with its account's tail, by code."""
    work.require(SHOW)
    table = columns(Institution)
    rows = work.session.connection().execute(select(table.id.table).order_by(table.code)).all()
    payees = payee_names(work, {row.payee_id for row in rows if row.payee_id})
    return [
        {
            "id": row.id,
            "code": row.code,
            "name": row.name,
            "area": row.area,
            "account_name": payees.get(row.payee_id, ("", ""))[0],
            "account_tail": payees.get(row.payee_id, ("", ""))[1],
        }
        for row in rows
    ]


def find_institution(work: UnitOfWork, text: str) -> Institution:
    """An institution by code or name; raises ``NotFound``."""
    found = institutions_named(work, [text]).get(text)
    if found is None:
        raise NotFound(_("没有登记机构 {name}", name=text))
    return work.session.get_one(Institution, found)


def institutions_named(work: UnitOfWork, names: Collection[str]) -> Mapping[str, int]:
    """Ids of institutions by what they were called: code or name."""
    table = columns(Institution)
    rows = work.session.connection().execute(select(table.id, table.code, table.name)).all()
    known = {row.name: row.id for row in rows} | {row.code: row.id for row in rows}
    return {name: known[name] for name in names if name in known}


def scheme_title(work: UnitOfWork, name: str) -> str:
    """A scheme in words; its name when its plugin is off."""
    scheme = schemes_of(work).get(name)
    return _(scheme.title) if scheme else name


def category_title(work: UnitOfWork, scheme: str, code: str) -> str:
    """A category in words; its code when its plugin is off."""
    found = schemes_of(work).get(scheme)
    return next((_(one.title) for one in found.categories if one.code == code), code) if found else code


def _covers(person_ids: Collection[int]) -> Any:
    wanted = list(person_ids)
    family = select(_MEMBER.enrolment_id).where(_MEMBER.person_id.in_(wanted))
    return or_(_ENROLMENT.person_id.in_(wanted), _ENROLMENT.id.in_(family))


def _row_of(work: UnitOfWork, enrolment_id: int) -> Any:
    return work.session.connection().execute(select(_ENROLMENT.id.table).where(_ENROLMENT.id == enrolment_id)).one()
