"""Donors with the display they chose, and who is close to them or to the charity's managers."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import col

from core.api import Objection, UnitOfWork, _, find_person, refuse
from plugins.donations import sealed
from plugins.donations.models import Donor, Tie
from plugins.donations.queries import own_donor
from plugins.donations.services.common import KEEP, RECEIVE, keep, moved, person_id_of, require
from plugins.donations.wishes import AddDonor, DeclareManagerTie, DeclareTie, EditDonor
from plugins.donations.words import RELATIONS


def add_donor(work: UnitOfWork, wish: AddDonor, *, nameless: bool = False) -> Donor:
    """Write down a donor; contact and number are sealed under the row."""
    require(work, RECEIVE)
    name = wish.name.strip()
    display = "anonymous" if nameless else wish.display or _unasked(wish)
    if display == "alias" and not wish.alias.strip():
        raise refuse(_("请填写化名"), field="alias", code="E_FIELD")
    person = person_id_of(work, wish.person, RECEIVE)
    number = work.next_ids("donations_donor", 1)[0]
    one = Donor(
        id=number,
        number=work.next_number(col(Donor.number), "JZR-"),
        kind="anonymous" if nameless else wish.donor_kind,
        name="" if nameless else name,
        display=display,
        alias=wish.alias.strip(),
        contact=sealed.seal(work, sealed.CONTACT, number, wish.contact.strip()),
        identity=sealed.seal(work, sealed.IDENTITY, number, wish.identity.strip()),
        person_id=person,
        first_person_id=person,
        added_at=work.now,
        added_by=work.actor.account_id,
    )
    keep(work, [one])
    work.record("donations.donor_added", f"donations_donor:{one.id}", after={"number": one.number, "kind": one.kind})
    return one


def _unasked(wish: AddDonor) -> str:
    """How a donor is shown who was not asked: a unit by its name, a person not at all. [慈善法 art. 82]"""
    if wish.alias.strip():
        return "alias"
    return "name" if wish.donor_kind == "org" else "anonymous"


def donor_for(work: UnitOfWork, text: str, given: AddDonor) -> Donor:
    """The donor that a gift names by number or name, added when the name is new; nobody's name is the nameless one.

    Two donors of one name are told apart by their number (E_DONOR_SEVERAL).
    """
    wanted = text.strip()
    if not wanted:
        asked = select(Donor).where(col(Donor.kind) == "anonymous").limit(1)
        return work.session.scalars(asked).first() or add_donor(work, given, nameless=True)
    if wanted.upper().startswith("JZR-"):
        return own_donor(work, wanted, RECEIVE)
    known = list(
        work.session.scalars(select(Donor).where(col(Donor.name) == wanted, col(Donor.kind) == given.donor_kind))
    )
    if len(known) > 1:
        numbers = "、".join(one.number for one in known[:5])
        reason = _("有几名捐赠人叫这个名字，请填捐赠人编号：{numbers}", numbers=numbers)
        raise refuse(reason, field="donor", code="E_DONOR_SEVERAL")
    if not known:
        return add_donor(work, given.model_copy(update={"name": wanted}))
    one = known[0]
    if given.display and (given.display, given.alias) != (one.display, one.alias):
        edit_donor(work, one.number, EditDonor(display=given.display, alias=given.alias), right=RECEIVE)
    return one


def edit_donor(work: UnitOfWork, text: str, wish: EditDonor, *, right: str = KEEP) -> Donor:
    """Change how a donor wants to be shown; the wish binds everything that is published after it. [慈善法 art. 82]"""
    one = own_donor(work, text, right)
    if one.kind == "anonymous":
        raise refuse(_("未留名的捐赠人没有资料可改"), code="E_DONOR_NAMELESS")
    if wish.display == "alias" and not wish.alias.strip():
        raise refuse(_("请填写化名"), field="alias", code="E_FIELD")
    before = {"display": one.display}
    one.display, one.alias = wish.display, wish.alias.strip()
    if wish.contact.strip():
        one.contact = sealed.seal(work, sealed.CONTACT, one.id or 0, wish.contact.strip())
    moved(work, one)
    work.record("donations.donor_edited", f"donations_donor:{one.id}", before=before, after={"display": one.display})
    return one


def declare_tie(work: UnitOfWork, text: str, wish: DeclareTie) -> Tie:
    """Write down who is close to a donor."""
    one = own_donor(work, text, KEEP)
    return _declare(work, wish, donor=one, manager="")


def declare_manager_tie(work: UnitOfWork, wish: DeclareManagerTie) -> Tie:
    """Write down who is close to a manager of the charity."""
    require(work, KEEP)
    return _declare(work, wish, donor=None, manager=wish.manager.strip())


def _declare(work: UnitOfWork, wish: DeclareTie, *, donor: Donor | None, manager: str) -> Tie:
    person = find_person(work, wish.person.strip(), KEEP)
    tie = Tie(
        donor_id=donor.id if donor else None,
        manager=manager,
        person_id=person.id or 0,
        first_person_id=person.id or 0,
        relation=wish.relation,
        declared_on=work.today,
        declared_by=work.actor.account_id,
    )
    keep(work, [tie])
    work.record("donations.tie_declared", f"donations_tie:{tie.id}", after={"relation": tie.relation})
    return tie


def interests(work: UnitOfWork, person_id: int | None, donor_ids: Iterable[int]) -> list[Objection]:
    """Why a person may not be a beneficiary: close to a donor of the money (art. 40) or to a manager (art. 59)."""
    if person_id is None:
        return []
    relations = set(work.policy("donations.interested_relations"))
    donors = sorted(set(donor_ids))
    own = work.session.scalars(
        select(col(Donor.id)).where(col(Donor.id).in_(donors), col(Donor.person_id) == person_id)
    ).first()
    asked = select(Tie).where(col(Tie.person_id) == person_id, col(Tie.ended_on).is_(None))
    close = [
        tie
        for tie in work.session.scalars(asked)
        if tie.relation in relations and (tie.donor_id is None or tie.donor_id in donors)
    ]
    found = []
    if own is not None and "self" in relations:
        found.append(_objection(_("捐赠人"), "self"))
    found.extend(_objection(_("管理人员") if tie.donor_id is None else _("捐赠人"), tie.relation) for tie in close)
    return found


def designated(work: UnitOfWork, relation: str) -> list[Objection]:
    """Why a donor may not name this beneficiary: the relation they declared is on the list. [慈善法 art. 40]"""
    if relation in work.policy("donations.interested_relations"):
        return [_objection(_("捐赠人"), relation)]
    return []


def _objection(holder: str, relation: str) -> Objection:
    reason = _(
        "受益人是{holder}的利害关系人（{relation}），不能受益",
        holder=holder,
        relation=_(RELATIONS.get(relation, relation)),
    )
    return Objection(reason=reason, field="beneficiary", code="E_BENEF_INTEREST")
