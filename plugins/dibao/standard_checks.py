"""What a standard is held to, for every county apart: minimum, floor, rise, gap, coverage. Unknown stays unknown."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func
from sqlmodel import col

from core.api import Period, _, format_money, tallies_of
from plugins.benefits.api import standard_in_month
from plugins.dibao.models import Award
from plugins.dibao.queries import SHOW, newest_awards
from plugins.dibao.words import AREA_KINDS, SCHEME

if TYPE_CHECKING:
    from core.api import UnitOfWork

_PERCENT = Decimal("0.01")
_YEAR = 12


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check: what was found, what is wanted, whether it is met (None = it cannot be said), and the reason."""

    area: str
    name: str
    category: str
    found: str
    wanted: str
    met: bool | None
    note: str = ""


def percent(part: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    """A share in percent with two decimals, half up; None without a base."""
    if part is None or not whole:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(_PERCENT, "ROUND_HALF_UP")


def rise(before: Decimal | int | None, now: Decimal | int | None) -> Decimal | None:
    """The rise of a standard in percent; None when one of the two is not known."""
    return None if before is None or now is None else percent(Decimal(now) - Decimal(before), before)


def meets(found: Decimal | int | None, wanted: Decimal | int | None) -> bool | None:
    """Whether a figure reaches what is wanted; None when one of them is not known."""
    return None if found is None or not wanted else Decimal(found) >= Decimal(wanted)


def standard_checks(work: "UnitOfWork", month: str = "") -> list[Check]:
    """Every check of this county's standards in a month."""
    work.require(SHOW, work.settings.county.code)
    at = str(Period(month)) if month else str(Period.of(work.today))
    return [one for category in AREA_KINDS for one in _of(work, category, at)]


def coverage(work: "UnitOfWork", month: str = "") -> list[Check]:
    """Recipients against the population: of the county, and of the villages."""
    work.require(SHOW, work.settings.county.code)
    at = str(Period(month)) if month else str(Period.of(work.today))
    persons = persons_by_kind(work, at)
    target = work.policy("dibao.coverage_target", on=Period(at).first_day) * 100
    rows = (
        ("", sum(persons.values()), work.policy("dibao.population", on=Period(at).first_day)),
        ("rural", persons.get("rural", 0), work.policy("dibao.population_rural", on=Period(at).first_day)),
    )
    found = []
    for category, count, population in rows:
        share = percent(count, population) if population else None
        found.append(
            Check(
                area=work.settings.county.code,
                name=_("覆盖率"),
                category=category,
                found=_shown(share),
                wanted=f"{target.normalize():f}%",
                met=meets(share, target),
                note=_("在保 {count} 人", count=count) if population else _("没有填人口数"),
            )
        )
    return found


def persons_by_town(work: "UnitOfWork", month: str) -> dict[tuple[str, str], int]:
    """Persons in payment by town and by urban and rural, in the whole county."""
    town = func.substr(col(Award.area), 1, 9)
    newest = newest_awards(month).with_only_columns(town, col(Award.category), func.sum(col(Award.members)))
    rows = work.session.execute(newest.group_by(town, col(Award.category)))
    return {(row[0], row[1]): int(row[2]) for row in rows}


def persons_by_kind(work: "UnitOfWork", month: str) -> dict[str, int]:
    """Persons in payment by urban and rural."""
    found: dict[str, int] = {}
    for (_town, category), count in persons_by_town(work, month).items():
        found[category] = found.get(category, 0) + count
    return found


def average_gap(work: "UnitOfWork", category: str, month: str) -> Decimal | None:
    """What a person of a kind got on average in the rolls of a month, in fen; None before a roll."""
    paid = sum(row[5] for row in tallies_of(work, SCHEME, month) if row[1] == category and row[2:4] == (month, "BASIC"))
    persons = persons_by_kind(work, month).get(category, 0)
    return Decimal(paid) / persons if paid and persons else None


def _of(work: "UnitOfWork", category: str, month: str) -> Iterator[Check]:
    area, day = work.settings.county.code, Period(month).first_day
    now = standard_in_month(work, SCHEME, category, area, month)
    before = standard_in_month(work, SCHEME, category, area, str(Period(month).plus(-_YEAR)))

    def check(name: str, facts: tuple[str, str, bool | None], note: str = "") -> Check:
        found, wanted, met = facts
        return Check(area=area, name=name, category=category, found=found, wanted=wanted, met=met, note=note)

    if now is None:
        yield check(_("标准"), ("--", "--", None), _("没有这个月的标准"))
        return
    least = work.policy(f"dibao.provincial_minimum_{category}", on=day)
    yield check(_("省定最低标准"), (format_money(now), _fen(least), meets(now, least)))
    risen, target = rise(before, now), work.policy("dibao.raise_target", on=day) * 100
    note = "" if risen is not None else _("没有上年标准，幅度未知")
    yield check(_("提标幅度"), (_shown(risen), f"{target.normalize():f}%", meets(risen, target)), note)
    income = work.policy(f"dibao.income_per_head_{category}", on=day)
    share = work.policy(f"dibao.floor_{category}", on=day)
    floor = Decimal(income) * share / _YEAR if income else None
    note = "" if income else _("没有填上年人均可支配收入")
    yield check(_("占人均可支配收入"), (format_money(now), _fen(floor), meets(now, floor)), note)
    gap, wanted = average_gap(work, category, month), work.policy(f"dibao.target_gap_{category}", on=day)
    wrong = gap is not None and gap > now
    note = _("人均补差高于标准，数据有误") if wrong else "" if gap is not None else _("当月还没有名册")
    yield check(_("人均补差"), (_fen(gap), _fen(wanted), False if wrong else meets(gap, wanted)), note)
    line = work.policy("dibao.poverty_line", on=day)
    if category == "rural":
        monthly = Decimal(line) / _YEAR if line else None
        yield check(_("不低于防返贫监测标准"), (format_money(now), _fen(monthly), meets(now, monthly)))


def _fen(amount: Decimal | int | None) -> str:
    if not amount:
        return "--"
    return format_money(int(Decimal(amount).quantize(Decimal(1), "ROUND_HALF_UP")))


def _shown(share: Decimal | None) -> str:
    return "--" if share is None else f"{share}%"


def as_data(one: Check) -> dict[str, Any]:
    """A check as machines read it."""
    return {**vars(one), "category_title": _(AREA_KINDS[one.category]) if one.category else _("城乡")}
