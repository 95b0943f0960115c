"""Set a standard from a month on, under a document; what was known before stays."""

from pydantic import BaseModel, Field, field_validator

from core.api import AreaCode, Objection, Period, Refused, UnitOfWork, _, area_names, mark, parse_money, refuse
from plugins.benefits.hookspecs import NewStandard
from plugins.benefits.known import known_now
from plugins.benefits.models import Standard
from plugins.benefits.months import number_of
from plugins.benefits.services.examining import month_objection, scheme_objection, scheme_of
from plugins.benefits.standards import load_standards

UNITS = ("month", "quarter", "year")


class SetStandard(BaseModel):
    """A standard as a document gives it: yuan for a unit, from a month on, for an area ("" = the county)."""

    scheme: str = Field(min_length=1, max_length=40, title=mark("业务"))
    category: str = Field(min_length=1, max_length=20, title=mark("类别"))
    amount: str = Field(min_length=1, max_length=20, title=mark("标准（元）"))
    valid_from: str = Field(min_length=7, max_length=7, title=mark("执行月份"))
    document: str = Field(min_length=1, max_length=100, title=mark("文号"))
    unit: str = Field(default="month", title=mark("单位"))
    area: str = Field(default="", max_length=12, title=mark("区划"))

    @field_validator("document")
    @classmethod
    def _no_blank_document(cls, text: str) -> str:
        if not text.strip():
            raise ValueError(_("请填写文号"))
        return text.strip()


def set_standard(work: UnitOfWork, wish: SetStandard) -> Standard:
    """Set a standard. For months that were paid the difference comes with the next roll, as back-pay or recovery."""
    work.require("benefits.set_standard")
    scheme = scheme_of(work, wish.scheme)
    amount = read_yuan(wish.amount)
    _refuse_misfit(work, wish, amount)
    work.require("benefits.set_standard", wish.area or work.settings.county.code)
    asked = NewStandard(**wish.model_dump(exclude={"amount", "document"}), amount_fen=amount)
    work.hooks.check("check_benefits_standard", work=work, standard=asked)
    known = load_standards(work, wish.scheme, known_now(work))
    before = known.row(wish.category, wish.area, number_of(wish.valid_from))
    row = Standard(
        id=work.next_ids_in_order("benefits_standard", 1)[0],
        **wish.model_dump(exclude={"amount"}),
        amount_fen=amount,
        known_at=work.now,
        set_by=work.actor.account_id,
    )
    work.session.add(row)
    work.session.flush()
    work.record(
        "benefits.standard_set",
        f"standard:{row.id}",
        area=wish.area,
        scheme=scheme.name,
        category=wish.category,
        before={"amount_fen": before.amount_fen, "unit": before.unit, "document": before.document} if before else None,
        after={
            "amount_fen": amount,
            "unit": wish.unit,
            "document": wish.document,
            "valid_from": wish.valid_from,
        },
    )
    return row


def read_yuan(text: str) -> int:
    """Yuan as typed, in fen; refused with E_AMT_SCALE for a third decimal, with E_MONEY for what is no amount."""
    try:
        return parse_money(text)
    except Refused as refusal:
        first = refusal.objections[0]
        raise refuse(first.reason, field="amount", code=first.code) from refusal


def _refuse_misfit(work: UnitOfWork, wish: SetStandard, amount: int) -> None:
    found = [scheme_objection(work, wish.scheme, wish.category), month_objection(wish.valid_from, "valid_from")]
    if wish.unit not in UNITS:
        words = _("单位应为 month、quarter 或 year")
        found.append(Objection(reason=words, field="unit", code="E_UNIT", hint=", ".join(UNITS)))
    if amount <= 0:
        found.append(Objection(reason=_("标准应大于 0"), field="amount", code="E_MONEY"))
    if wish.area and (not _is_code(wish.area) or not area_names(work, [wish.area])):
        words = _("没有区划 {code}", code=wish.area)
        found.append(Objection(reason=words, field="area", code="E_DIV_CODE"))
    objections = [one for one in found if one is not None]
    if objections:
        raise Refused(objections)


def _is_code(text: str) -> bool:
    try:
        AreaCode(text)
    except Refused:
        return False
    return True


def floor_of(work: UnitOfWork, scheme: str, category: str) -> int | None:
    """The floor of a standard in fen a month, by policy; None for none."""
    floors = work.policy("benefits.standard_floors")
    found = floors.get(f"{scheme}.{category}")
    return None if found is None else int(found)


def month_now(work: UnitOfWork) -> str:
    """This month in the county."""
    return str(Period.of(work.today))
