"""What a clerk typed on a page of the money: amounts in yuan become fen, every objection stands at its field."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, Field

from core.errors import Clash, NotFound, Objection, Refused
from core.host import AlreadyDone
from core.texts import _, mark
from core.values import parse_money
from core.web import Posted, read_form

Wish = TypeVar("Wish", bound=BaseModel)
_ON_THE_FORM = {"amount_fen": "amount", "decided_fen": "decided", "balance_fen": "balance"}


class AmountOn(BaseModel):
    """An amount in fen and the day it counts from; no day is today."""

    amount_fen: int = Field(title=mark("金额"))
    on: date | None = Field(default=None, title=mark("日期"))


class Statement(BaseModel):
    """What the bank says an account held at the end of a day, in fen."""

    account: str = Field(min_length=1, title=mark("账户"))
    on: date = Field(title=mark("对账单日期"))
    balance_fen: int = Field(title=mark("余额"))


class NewAccount(BaseModel):
    """A bank account of the county to add."""

    code: str = Field(min_length=1, max_length=40, pattern=r"^[\w.-]+$", title=mark("账户编号"))
    title: str = Field(min_length=1, max_length=80, title=mark("账户名称"))
    kind: str = Field(min_length=1, title=mark("账户种类"))
    layout: str = Field(default="default", title=mark("银行文件格式"))


class Relative(BaseModel):
    """A relative of a member of staff, as typed."""

    account: str = Field(min_length=1, max_length=80, title=mark("工作人员账号"))
    person: str = Field(min_length=1, max_length=40, title=mark("亲属"))
    relation: str = Field(min_length=1, title=mark("关系"))


def read_wish(model: type[Wish], data: Posted, **more: Any) -> Wish:
    """Make a wish from a form: its fields named ``…_fen`` are typed in yuan under the name without that ending."""
    objections: list[Objection] = []
    given: dict[str, Any] = dict(more)
    for field, name in _ON_THE_FORM.items():
        info = model.model_fields.get(field)
        if info is None or field in more:
            continue
        title = info.title or name
        try:
            given[field] = yuan(data, name, _(title))
        except Refused as refusal:
            objections += refusal.objections
            given[field] = 1  # the other fields are looked at all the same
    try:
        wish = read_form(model, data, **given)
    except Refused as refusal:
        raise Refused([*objections, *on_the_form(refusal.objections)]) from refusal
    if objections:
        raise Refused(objections)
    return wish


def yuan(data: Mapping[str, str], name: str, title: str) -> int:
    """The amount typed in a field, in fen; refused at that field."""
    text = data.get(name, "")
    if not text:
        raise Refused([Objection(reason=_("请填写{title}", title=title), field=name, code="E_FIELD")])
    try:
        return parse_money(text)
    except Refused as refusal:
        raise Refused(replace(one, field=name) for one in refusal.objections) from refusal


def on_the_form(objections: Iterable[Objection]) -> list[Objection]:
    """Objections with the names that the fields have on the page."""
    return [replace(one, field=_ON_THE_FORM.get(one.field or "", one.field)) for one in objections]


def objections_of(error: Refused | Clash | NotFound, field: str | None = None) -> list[Objection]:
    """What the page shows of a refusal, or of a clash with somebody else's act; a second click is no clash."""
    if isinstance(error, AlreadyDone):
        raise error
    if isinstance(error, Refused):
        return on_the_form(error.objections)
    return [Objection(reason=error.message, field=field, code=error.code, hint=error.hint)]
