"""What superiors ask of donations: raised, spent, people helped, ratios of the county's charity; pairing by town."""

from collections.abc import Iterator
from datetime import date

from core.api import Indicator, Measured, UnitOfWork, mark
from plugins.donations.figures import balance, year_of
from plugins.donations.queries import SHOW
from plugins.donations.statistics import disclosed, pairs_by_town


def measure(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """The charity's figures of some days: the books are the county's, there is no town in them."""
    county = work.settings.county.code
    if not work.may(SHOW, county):
        return
    at, held = year_of(work, until.year, until, since=since), balance(work)
    every, late = disclosed(work, since, until)
    amounts = {
        "raised": at.raised_fen, "spent": at.charitable_fen, "cost": at.fundraising_fen,
        "management": at.management_fen, "gifts": at.gifts, "donors": at.donors, "people": at.people, "units": at.units,
        "pledged": held["pledges_outstanding_fen"], "balance": held["total_fen"],
    }  # fmt: skip
    for name, part in amounts.items():
        yield Measured(indicator=f"donations.{name}", area=county, part=part)
    rates = {
        "restricted": (at.restricted_fen, at.raised_fen), "receipts": (at.receipted, at.receipt_due),
        "average": (at.person_aid_fen, at.people), "management_share": (at.management_fen, at.total_spent_fen),
        "in_time": (every - late, every),
    }  # fmt: skip
    for name, (part, base) in rates.items():
        yield Measured(indicator=f"donations.{name}", area=county, part=part, base=base)


def measure_pairs(work: UnitOfWork, since: date, until: date) -> Iterator[Measured]:
    """Households listed and paired, visits, problems solved."""
    for town, one in pairs_by_town(work, since, until).items():
        yield Measured(indicator="donations.listed", area=town, part=one.listed)
        yield Measured(indicator="donations.paired", area=town, part=one.paired, base=one.listed)
        yield Measured(indicator="donations.visits", area=town, part=one.visits)
        if one.found:
            yield Measured(indicator="donations.solved", area=town, part=one.solved, base=one.found)


INDICATORS = (
    Indicator(name="donations.raised", title=mark("募捐收入"), kind="count", permission=SHOW, measure=measure,
              money=True, cumulative=True, county=True, policy="donations.goal_raised_year"),
    Indicator(name="donations.gifts", title=mark("捐赠笔数"), kind="count", permission=SHOW, measure=measure,
              unit=mark("笔"), cumulative=True, county=True),
    Indicator(name="donations.donors", title=mark("捐赠人数"), kind="count", permission=SHOW, measure=measure,
              unit=mark("人"), cumulative=True, county=True),
    Indicator(name="donations.restricted", title=mark("定向捐赠占比"), kind="rate", permission=SHOW, measure=measure),
    Indicator(name="donations.receipts", title=mark("开票率"), kind="rate", permission=SHOW, measure=measure,
              comparator="=", county=True),
    Indicator(name="donations.pledged", title=mark("认捐未到账"), kind="count", permission=SHOW, measure=measure,
              money=True, county=True),
    Indicator(name="donations.units", title=mark("一日捐参加单位"), kind="count", permission=SHOW, measure=measure,
              unit=mark("个"), cumulative=True, county=True),
    Indicator(name="donations.spent", title=mark("慈善支出"), kind="count", permission=SHOW, measure=measure,
              money=True, cumulative=True, county=True),
    Indicator(name="donations.cost", title=mark("募捐费用"), kind="count", permission=SHOW, measure=measure,
              money=True, cumulative=True, county=True),
    Indicator(name="donations.management", title=mark("管理费用"), kind="count", permission=SHOW, measure=measure,
              money=True, cumulative=True, county=True),
    Indicator(name="donations.management_share", title=mark("管理费用占总支出"), kind="rate", permission=SHOW,
              measure=measure, comparator="<=", county=True),
    Indicator(name="donations.balance", title=mark("慈善资金结余"), kind="count", permission=SHOW, measure=measure,
              money=True, county=True),
    Indicator(name="donations.people", title=mark("救助人数"), kind="count", permission=SHOW, measure=measure,
              unit=mark("人"), cumulative=True, county=True, policy="donations.goal_people"),
    Indicator(name="donations.average", title=mark("人均救助"), kind="floor", permission=SHOW, measure=measure,
              money=True, unit=mark("元"), county=True, policy="donations.goal_average"),
    Indicator(name="donations.in_time", title=mark("按期公开率"), kind="rate", permission=SHOW, measure=measure,
              comparator="=", county=True),
    Indicator(name="donations.listed", title=mark("结对名单"), kind="count", permission=SHOW, measure=measure_pairs,
              unit=mark("户")),
    Indicator(name="donations.paired", title=mark("结对率"), kind="rate", permission=SHOW, measure=measure_pairs),
    Indicator(name="donations.visits", title=mark("结对走访"), kind="count", permission=SHOW, measure=measure_pairs,
              unit=mark("次"), cumulative=True),
    Indicator(name="donations.solved", title=mark("问题解决率"), kind="rate", permission=SHOW, measure=measure_pairs),
)  # fmt: skip
