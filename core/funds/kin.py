"""Near relatives of staff: who must not act on whose money. [funds.md section 10, assistance-workflow.md section 5]"""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core.errors import NotFound, refuse
from core.funds.models import Attempt, Batch, Kin, Payment
from core.identity.accounts import find_account
from core.identity.models.accounts import Account, Grant
from core.identity.models.persons import Person
from core.identity.queries import visible
from core.tables import columns
from core.texts import _, listed, mark

if TYPE_CHECKING:
    from core.work import UnitOfWork

RELATIONS = {
    "self": mark("本人"),
    "spouse": mark("配偶"),
    "parent": mark("父母"),
    "child": mark("子女"),
    "sibling": mark("兄弟姐妹"),
    "grandparent": mark("祖父母、外祖父母"),
    "grandchild": mark("孙子女、外孙子女"),
    "in_law": mark("姻亲"),
}

_KIN, _LINE, _ATTEMPT = columns(Kin), columns(Payment), columns(Attempt)


def declare_kin(work: "UnitOfWork", account: str, person_id: int, relation: str) -> Kin:
    """Declare a person as a near relative of a member of staff (or as the member of staff)."""
    work.require("funds.declare_kin")
    staff = find_account(work, account)
    if relation not in RELATIONS:
        raise refuse(_("关系填 {words} 之一", words=listed(RELATIONS)), field="relation", code="E_WORD")
    person = work.session.scalars(
        select(Person).where(col(Person.id) == person_id, visible(work, "funds.declare_kin"))
    ).one_or_none()
    if person is None:
        raise NotFound(_("没有找到 {person} 号人员，或不在你的辖区", person=person_id))
    known = select(col(Kin.id)).where(
        col(Kin.account_id) == staff.id, col(Kin.person_id) == person_id, col(Kin.ended_on).is_(None)
    )
    if work.session.scalar(known) is not None:
        raise refuse(_("已经备案过"), field="person", code="E_SAME")
    kin = Kin(
        account_id=staff.id or 0,
        person_id=person_id,
        relation=relation,
        declared_on=work.today,
        declared_by=work.actor.account_id,
    )
    work.session.add(kin)
    work.session.flush()
    work.record("funds.kin_declared", f"person:{person_id}", area=person.hukou_area, account=account, relation=relation)
    return kin


def end_kin(work: "UnitOfWork", kin_id: int, on: date | None = None) -> None:
    """End a declaration, for example because the member of staff left."""
    work.require("funds.declare_kin")
    within_reach = select(Kin).join(Person, col(Person.id) == col(Kin.person_id))
    kin = work.session.scalars(
        within_reach.where(col(Kin.id) == kin_id, col(Kin.ended_on).is_(None), visible(work, "funds.declare_kin"))
    ).one_or_none()
    if kin is None:
        raise NotFound(_("没有找到这条近亲属备案"))
    kin.ended_on = on or work.today
    work.session.add(kin)
    work.session.flush()
    work.record("funds.kin_ended", f"person:{kin.person_id}", account=kin.account_id)


def list_kin(work: "UnitOfWork") -> list[dict[str, Any]]:
    """The declarations in force, by account, within the reader's areas."""
    work.require("funds.show_kin")
    rows = work.session.execute(
        select(
            col(Kin.id), col(Account.name), col(Account.title), col(Kin.person_id), col(Person.name).label("person"),
            col(Kin.relation), col(Kin.declared_on),
        )
        .join(Account, col(Account.id) == col(Kin.account_id))
        .join(Person, col(Person.id) == col(Kin.person_id))
        .where(col(Kin.ended_on).is_(None), visible(work, "funds.show_kin"))
        .order_by(col(Account.name), col(Kin.id))
    )  # fmt: skip
    return [dict(row._mapping) for row in rows]


def kin_lines(work: "UnitOfWork", batch: Batch, accounts: Collection[int]) -> dict[int, frozenset[int]]:
    """Lines of a batch by number, with which of these accounts must keep away from each."""
    kin = _kin_of(work, accounts)
    if not kin:
        return {}  # most have none: the lines need not be read
    statement = select(_LINE.id, _LINE.person_id).where(_LINE.person_id.in_(sorted(kin)))
    if batch.kind == "reissue":
        statement = statement.join(_ATTEMPT.payment_id.table, _ATTEMPT.payment_id == _LINE.id).where(
            _ATTEMPT.batch_id == batch.id
        )
    else:
        statement = statement.where(_LINE.batch_id == batch.id)
    return {line: frozenset(kin[person]) for line, person in work.session.connection().execute(statement)}


def _kin_of(work: "UnitOfWork", accounts: Collection[int]) -> dict[int, set[int]]:
    """Persons these accounts must keep away from, with the accounts."""
    asked = select(_KIN.person_id, _KIN.account_id)
    asked = asked.where(_KIN.ended_on.is_(None), _KIN.account_id.in_(sorted(accounts)))
    found: dict[int, set[int]] = {}
    for person, account in work.session.connection().execute(asked):
        found.setdefault(person, set()).add(account)
    return found


def relatives_on(work: "UnitOfWork", batch: Batch, account_id: int) -> list[str]:
    """The names of an account's declared kin on a batch, for the refusal that names them."""
    lines = kin_lines(work, batch, [account_id])
    if not lines:
        return []
    names = work.session.execute(
        select(col(Person.name))
        .join(Payment, col(Payment.person_id) == col(Person.id))
        .where(col(Payment.id).in_(list(lines)[:20]))
        .distinct()
        .order_by(col(Person.name))
    )
    return list(names.scalars())


def holders_of_later_steps(work: "UnitOfWork", area: str) -> set[int]:
    """Accounts that can review, approve or release a batch of this area today."""
    steps = ("funds.review", "funds.approve", "funds.release")
    roles = [role for role in work.host.roles if work.host.rights_of(role).intersection(steps)]
    rows = work.session.execute(
        select(col(Grant.account_id), col(Grant.area)).where(
            col(Grant.role).in_(roles),
            col(Grant.valid_from) <= work.today,
            col(Grant.valid_to).is_(None) | (col(Grant.valid_to) >= work.today),
        )
    )
    return {row.account_id for row in rows if area.startswith(row.area)}
