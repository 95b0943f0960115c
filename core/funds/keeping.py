"""How long the money's records keep a person from being erased."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from core.errors import Objection
from core.funds.models import Payment, Recovery
from core.hookspecs import People
from core.tables import columns, mapped
from core.texts import _
from core.values import Period

if TYPE_CHECKING:
    from core.work import UnitOfWork


def objections(work: "UnitOfWork", people: People) -> Iterator[Objection]:
    """Whoever was paid within the time vouchers are kept, or still owes, stays. [会计档案管理办法]"""
    months = work.policy("funds.voucher_months")
    limit = Period.of(work.today).plus(-months)
    line, owed = columns(Payment), columns(Recovery)
    ids = people.ids.tolist()
    newest = mapped(
        work.session.connection().execute(
            select(line.person_id, func.max(line.for_month)).where(line.person_id.in_(ids)).group_by(line.person_id)
        )
    )
    open_claims = set(
        work.session.connection().scalars(select(owed.person_id).where(owed.person_id.in_(ids), owed.state == "open"))
    )
    for person in ids:
        if newest.get(person, "") > limit:
            until = date.fromisoformat(f"{Period(newest[person]).plus(months)}-01")
            yield Objection(reason=_("有发放记录，会计凭证要保存到 {until}", until=until), code="E_KEPT")
        if person in open_claims:
            yield Objection(reason=_("还有没有追回的款项"), code="E_KEPT")
