"""What of children may be public: the number of a file and an amount. Everything else is refused before it is made."""

from typing import TYPE_CHECKING

from core.api import Objection, Refused, _, facts_of
from plugins.benefits.api import standard_in_month
from plugins.notices.api import NewNotice, NoticeColumn, NoticeRow, NoticeType, open_notice
from plugins.orphan_care.months import this_month
from plugins.orphan_care.queries import own_case
from plugins.orphan_care.wishes import RequestNotice

if TYPE_CHECKING:
    from core.api import UnitOfWork

PUBLISH = "orphan_care.publish"
_ALLOWED = ("case", "amount")

TYPES = (
    NoticeType(
        name="orphan_care.confirmed",
        title="儿童基本生活保障公示",
        intro="下列 {count} 件拟按所列金额发放儿童基本生活费，现予公示，接受群众监督。",
        columns=(
            NoticeColumn(name="case", title="编号", rule="case_number"),
            NoticeColumn(name="amount", title="月发放金额（元）", rule="money", total=True),
        ),
        office="county",
        sensitive=True,
    ),
)


def request_notice(work: "UnitOfWork", wish: RequestNotice) -> int:
    """Open a notice of files by number and amount; anything more is refused (``E_MINOR_PUBLIC``)."""
    work.require(PUBLISH, wish.area)
    more = [one for one in wish.columns if one not in _ALLOWED]
    if more or "case" not in wish.columns:
        words = _("涉及未成年人信息，不得公开：只能公示档案编号和金额")
        raise Refused([Objection(reason=words, field="columns", code="E_MINOR_PUBLIC", hint="、".join(more))])
    rows = [_row(work, number, wish) for number in wish.cases]
    return open_notice(
        work,
        NewNotice(
            type="orphan_care.confirmed",
            area=wish.area,
            rows=tuple(rows),
            scheme="儿童基本生活保障",
            period=wish.period,
            levels=("county",),
        ),
    )


def _row(work: "UnitOfWork", number: str, wish: RequestNotice) -> NoticeRow:
    case = own_case(work, number, PUBLISH)
    values: dict[str, str | int] = {"case": case.number}
    if "amount" in wish.columns:
        month = wish.period or this_month(work)
        found = standard_in_month(work, "orphan_care", case.category, case.area, month)
        if found is None:
            found = standard_in_month(work, "orphan_care", "ORPHAN_DISP", case.area, month)
        values["amount"] = found or 0
    names = facts_of(work, [case.person_id])
    if any(one.name in str(value) for one in names.values() for value in values.values()):
        words = _("涉及未成年人信息，不得公开：编号里有姓名")
        raise Refused([Objection(reason=words, field="cases", code="E_MINOR_PUBLIC")])
    return NoticeRow(person_id=case.person_id, values=values)
