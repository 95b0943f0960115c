"""Documents that fix tiers and operating subsidies from a day on, taken in from a file; they never change."""

import json
import tomllib
from datetime import date
from typing import Any

from pydantic import BaseModel, Field, field_validator
from sqlalchemy import select
from sqlmodel import col

from core.api import Refused, UnitOfWork, _, checked, mark, parse_money, refuse
from plugins.canteen.models import Settlement, SubsidyPolicy
from plugins.canteen.rules import PAYERS, month_of, rates_of
from plugins.canteen.services.common import DECIDE, keep
from plugins.canteen.wishes import TypePolicy
from plugins.canteen.words import ALIASES, STATUSES


class TierRow(BaseModel):
    """One tier: whole fen by payer, ages with both ends in, statuses and the least age they need."""

    code: str = Field(min_length=1, max_length=8, title=mark("档次"))
    county_fen: int = Field(default=0, ge=0, title=mark("县级补贴（分）"))
    town_fen: int = Field(default=0, ge=0, title=mark("乡镇补贴（分）"))
    operator_fen: int = Field(default=0, ge=0, title=mark("经营者让利（分）"))
    age_from: int | None = Field(default=None, ge=0, le=150, title=mark("年龄起"))
    age_to: int | None = Field(default=None, ge=0, le=150, title=mark("年龄止"))
    statuses: list[str] = Field(default=[], title=mark("特殊身份"))
    status_age: int = Field(default=0, ge=0, le=150, title=mark("特殊身份的最低年龄"))

    @field_validator("statuses")
    @classmethod
    def _known(cls, given: list[str]) -> list[str]:
        plain = [ALIASES.get(one, one) for one in given]
        if set(plain) - set(STATUSES):
            raise ValueError(_("特殊身份要从列出的里面选：{words}", words=", ".join(STATUSES)))
        return plain


class Step(BaseModel):
    """Fen for one meal from an average of meals a day on."""

    average: int = Field(ge=0, title=mark("日均餐数起"))
    rate_fen: int = Field(ge=0, title=mark("每餐运营补贴（分）"))


class Operating(BaseModel):
    """The subsidy of operators."""

    rates: list[Step] = Field(min_length=1, title=mark("运营补贴标准"))
    factors: dict[str, int] = Field(title=mark("等次系数（%）"))
    cap_fen: int = Field(ge=0, title=mark("每站每月上限（分）"))

    @field_validator("factors")
    @classmethod
    def _grades(cls, given: dict[str, int]) -> dict[str, int]:
        if set(given) != set("ABCD") or any(not 0 <= percent <= 100 for percent in given.values()):
            raise ValueError(_("等次系数要有 A、B、C、D 四个，0 至 100"))
        return given


class PolicyFile(BaseModel):
    """What a policy file says."""

    title: str = Field(min_length=1, max_length=100, title=mark("文件名称"))
    document: str = Field(min_length=1, max_length=80, title=mark("文号"))
    valid_from: date = Field(title=mark("起始日期"))
    valid_to: date | None = Field(default=None, title=mark("截止日期"))
    tier: list[TierRow] = Field(min_length=1, title=mark("档次"))
    operating: Operating | None = Field(default=None, title=mark("运营补贴标准"))


def read_policy(data: bytes) -> PolicyFile:
    """A policy file as its model; refused with E_FILE, or with what does not fit. Yuan may be written beside fen."""
    try:
        given: dict[str, Any] = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise refuse(_("政策文件不是 TOML：{error}", error=error), field="file", code="E_FILE") from error
    for tier in given.get("tier", ()):
        if isinstance(tier, dict):
            _to_fen(tier)
    return checked(PolicyFile, **given)


def _to_fen(tier: dict[str, Any]) -> None:
    """Sums in yuan ("5.00") as fen; a sum without a payer is the county's."""
    for name in ("subsidy", "rate", "subsidy_yuan"):
        if name in tier:
            tier.setdefault("county", tier.pop(name))
    for name in ("rate_fen", "subsidy_fen"):
        if name in tier:
            tier.setdefault("county_fen", tier.pop(name))
    for payer in PAYERS:
        if payer in tier:
            tier.setdefault(f"{payer}_fen", parse_money(str(tier.pop(payer))))


def import_text(work: UnitOfWork, wish: TypePolicy) -> SubsidyPolicy:
    """Take in a document that was pasted."""
    return import_policy(work, read_policy(wish.content.encode()))


def import_policy(work: UnitOfWork, wish: PolicyFile) -> SubsidyPolicy:
    """Take a document in; it holds from its day on for meals of that day and later. Refused with E_POLICY_LOCKED."""
    work.require(DECIDE, work.settings.county.code)
    content = wish.model_dump(include={"tier", "operating"})
    if wish.operating is None:
        content["operating"] = work.policy("canteen.subsidies", on=wish.valid_from)["operating"]
    codes = [tier.code for tier in wish.tier]
    found: list[Any] = []
    if len(set(codes)) < len(codes):
        found.extend(refuse(_("档次编号重复"), field="tier", code="E_POLICY").objections)
    if wish.valid_to and wish.valid_to < wish.valid_from:
        found.extend(refuse(_("结束日期不能早于起始日期"), field="valid_to", code="E_DAY").objections)
    same = select(col(SubsidyPolicy.id)).where(
        col(SubsidyPolicy.document) == wish.document.strip(), col(SubsidyPolicy.valid_from) == wish.valid_from
    )
    if work.session.scalars(same).first() is not None:
        found.extend(refuse(_("这份文件已经导入"), field="document", code="E_POLICY_TWICE").objections)
    locked = select(col(Settlement.month)).where(
        col(Settlement.state) != "draft", col(Settlement.month) >= month_of(wish.valid_from)
    )
    month = work.session.scalars(locked.order_by(col(Settlement.month).desc())).first()
    if month is not None:
        reason = _("{month} 已经有审核过的结算，不能改变那个月的补贴", month=month)
        found.extend(refuse(reason, field="valid_from", code="E_POLICY_LOCKED").objections)
    if found:
        raise Refused(found)
    rates_of(content)
    made = SubsidyPolicy(
        title=wish.title.strip(), document=wish.document.strip(), valid_from=wish.valid_from, valid_to=wish.valid_to,
        content=json.dumps(content, ensure_ascii=False, sort_keys=True), imported_at=work.now,
        imported_by=work.actor.account_id,
    )  # fmt: skip
    keep(work, made)
    after = {"document": made.document, "valid_from": made.valid_from, "tiers": codes}
    work.record("canteen.policy_imported", f"canteen_policy:{made.id}", after=after)
    return made
