"""Homes that are paid for the people who live in them."""

from pydantic import BaseModel, Field
from sqlalchemy import select

from core.api import NewPayee, Objection, Refused, UnitOfWork, _, area_names, keep_payee, mark
from plugins.benefits.models import Institution
from plugins.benefits.services.payees import follow_institution


class SetInstitution(BaseModel):
    """An institution with its account; an empty account number leaves the one it has."""

    code: str = Field(min_length=1, max_length=40, title=mark("机构代码"))
    name: str = Field(min_length=1, max_length=100, title=mark("机构名称"))
    area: str = Field(default="", max_length=12, title=mark("区划"))
    account_name: str = Field(default="", max_length=100, title=mark("收款户名"))
    account_number: str = Field(default="", max_length=60, title=mark("收款账号"))


def set_institution(work: UnitOfWork, wish: SetInstitution) -> Institution:
    """Register an institution, or change it; a new account is followed by everybody who lives there."""
    work.require("benefits.set_institution")
    if wish.area and not area_names(work, [wish.area]):
        words = _("没有区划 {code}", code=wish.area)
        raise Refused([Objection(reason=words, field="area", code="E_DIV_CODE")])
    work.require("benefits.set_institution", wish.area or work.settings.county.code)
    found = work.session.scalars(select(Institution).filter_by(code=wish.code)).one_or_none()
    before = {"name": found.name, "area": found.area, "payee": found.payee_id} if found else None
    row = found or Institution(code=wish.code, name=wish.name)
    row.name, row.area = wish.name.strip(), wish.area
    if wish.account_number:
        name = wish.account_name.strip() or row.name
        row.payee_id = keep_payee(work, NewPayee(kind="institution", name=name, number=wish.account_number))
    row.version += 1 if found else 0
    work.session.add(row)
    work.session.flush()
    followed = follow_institution(work, row) if found and before and before["payee"] != row.payee_id else 0
    work.record(
        "benefits.institution_set",
        f"institution:{row.id}",
        area=row.area,
        before=before,
        after={"name": row.name, "area": row.area, "payee": row.payee_id},
        followed=followed,
    )
    return row
