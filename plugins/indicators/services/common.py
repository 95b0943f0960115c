"""What the services share."""

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from core.api import NotFound, _, area_names, read_number, refuse, row_id
from plugins.indicators.judging import SCALE

if TYPE_CHECKING:
    from core.api import UnitOfWork

KEEP, MAKE, CHECK, ISSUE, ACKNOWLEDGE = (
    "indicators.keep", "indicators.make", "indicators.check", "indicators.issue", "indicators.acknowledge",
)  # fmt: skip


def county_of(work: "UnitOfWork") -> str:
    """The code of the county."""
    return work.settings.county.code


def town_of(work: "UnitOfWork", code: str, field: str = "area") -> str:
    """ "" for every area, the county or one of its towns; refused (E_DIV_CODE) for another code."""
    plain = code.strip()
    if not plain or plain == county_of(work):
        return plain
    if len(plain) != len("430223103") or not area_names(work, [plain]):
        raise refuse(_("填县代码或乡镇代码，不填即每个乡镇"), field=field, code="E_DIV_CODE")
    return plain


def ten_thousandths(text: str, field: str) -> int:
    """A decimal in ten thousandths; refused with more than four decimals."""
    given = read_number(text.strip().removesuffix("%").removesuffix("％"))
    if given is None:
        raise refuse(_("请填数字，例如 374 或 99.99"), field=field, code="E_FIELD")
    scaled = given * SCALE
    if scaled != scaled.to_integral_value():
        raise refuse(_("请填数字，最多四位小数"), field=field, code="E_FIELD")
    return int(scaled)


def found(work: "UnitOfWork", model: Any, text: str, words: str) -> Any:
    """A row by its id or number; raises ``NotFound``."""
    from sqlalchemy import select
    from sqlmodel import col

    plain = str(text).strip()
    same = col(model.id) == (row_id(plain))
    if hasattr(model, "number"):
        same = same | (col(model.number) == plain.upper())
    one = work.session.scalars(select(model).where(same)).first()
    if one is None:
        raise NotFound(words)
    return one


def exact_text(value: Fraction | None, places: int = 4) -> str:
    """A figure as a report keeps it: half-up to four places, without needless zeros; "" when unknown."""
    if value is None:
        return ""
    from core.api import rounded
    from plugins.indicators.checking import plain

    return plain(rounded(value, places))


def keep(work: "UnitOfWork", *rows: Any) -> None:
    """Save rows and take their ids."""
    work.session.add_all(list(rows))
    work.session.flush()


def moved(work: "UnitOfWork", one: Any) -> None:
    """Save a row that changed, with a new version."""
    one.version += 1
    keep(work, one)


def day_text(one: date | None) -> str:
    """A day as JSON has it, "" for none."""
    return one.isoformat() if one else ""
