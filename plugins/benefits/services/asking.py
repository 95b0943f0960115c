"""Enrolling one person as a page, a command or the API asks for it: typed words made into a wish."""

from pydantic import BaseModel, Field
from sqlalchemy import select

from core.api import NewPayee, Objection, Refused, UnitOfWork, _, columns, facts_of, mark
from plugins.benefits.models import Institution
from plugins.benefits.services.enrolling import enrol
from plugins.benefits.services.examining import NewEnrolment


class EnrolWish(BaseModel):
    """One person to be enrolled; the institution by code or name, the account where it is not the person's own."""

    scheme: str = Field(min_length=1, max_length=40, title=mark("业务"))
    category: str = Field(min_length=1, max_length=20, title=mark("类别"))
    person_id: int = Field(title=mark("人员编号"))
    from_month: str = Field(min_length=1, max_length=7, title=mark("起始月"))
    to_month: str | None = Field(default=None, max_length=7, title=mark("截止月"))
    institution: str = Field(default="", max_length=100, title=mark("机构"))
    account_name: str = Field(default="", max_length=100, title=mark("收款户名"))
    account_number: str = Field(default="", max_length=60, title=mark("收款账号"))
    group_id: int | None = Field(default=None, title=mark("家庭编号"))
    member_ids: list[int] = Field(default_factory=list)
    terms: dict[str, int | str | bool | None] = Field(default_factory=dict)
    reason: str = Field(default="", max_length=200, title=mark("事由"))


def enrol_as_asked(work: UnitOfWork, wish: EnrolWish) -> int:
    """Enrol one person; answers the enrolment's number."""
    payee = None
    if wish.account_number:
        person = facts_of(work, [wish.person_id]).get(wish.person_id)
        payee = NewPayee(name=wish.account_name or (person.name if person else ""), number=wish.account_number)
    return enrol(
        work,
        NewEnrolment(
            scheme=wish.scheme,
            category=wish.category,
            person_id=wish.person_id,
            from_month=wish.from_month,
            to_month=wish.to_month or None,
            institution_id=_institution(work, wish.institution),
            payee=payee,
            group_id=wish.group_id,
            member_ids=wish.member_ids,
            terms=wish.terms,
            reason=wish.reason,
        ),
    )


def _institution(work: UnitOfWork, text: str) -> int | None:
    if not text:
        return None
    table = columns(Institution)
    found = work.session.connection().scalar(select(table.id).where((table.code == text) | (table.name == text)))
    if found is None:
        words = _("没有登记机构“{name}”，先用 huimin benefits institution set 登记", name=text)
        raise Refused([Objection(reason=words, field="institution", code="E_INSTITUTION")])
    return found
