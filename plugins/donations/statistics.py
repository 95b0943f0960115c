"""Figures of the handbook for superiors: raised, used, people helped, three goals, ratios, pairing, returned shares."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Column, Parameter, Report, _, format_money, mark, scoped
from plugins.donations import words
from plugins.donations.checks import goods_by_item
from plugins.donations.figures import (
    Year,
    balance,
    drive_sums,
    idle_of,
    management_of,
    raised_in,
    three_ones_of,
    year_of,
)
from plugins.donations.models import Disclosure, Donor, Drive, Gift, Helper, Pair, Purpose, Spending, Use, Visit
from plugins.donations.queries import LIVE, SHOW, dict_of, receipts_of, require, shown_name, used_of
from plugins.donations.services.common import purpose_title
from plugins.donations.showing import share

if TYPE_CHECKING:
    from core.api import UnitOfWork

_FLAGS: Mapping[str, str] = {
    "green": mark("正常"),
    "amber": mark("接近上限"),
    "red": mark("超过上限"),
    "exempt": mark("不适用"),
}
_SOURCES: Mapping[str, str] = {
    "org": mark("单位捐赠"),
    "person": mark("个人捐赠"),
    "online": mark("网络捐赠"),
    "anonymous": mark("未留名捐赠"),
    "returned_share": mark("上级返拨"),
}


def figures_of(work: "UnitOfWork", year: int) -> dict[str, Any]:
    """The figures of a year as data: amounts in fen, shares in per cent as text, three flags."""
    at = year_of(work, year)
    goals, cost = three_ones_of(work, at), management_of(work, at)
    return {
        "year": year,
        "raised_fen": at.raised_fen,
        "people": at.people,
        "average_fen": goals.average_fen,
        "raised_met": goals.raised_met,
        "people_met": goals.people_met,
        "average_met": goals.average_met,
        "goal_met": goals.met,
        "year_percent": _text(goals.year_percent),
        "raised_percent": _text(goals.raised_percent),
        "people_percent": _text(goals.people_percent),
        "charitable_fen": at.charitable_fen,
        "management_fen": at.management_fen,
        "fundraising_fen": at.fundraising_fen,
        "management_percent": _text(cost.percent),
        "management_flag": cost.flag,
        "spending_percent": _text(at.spending_ratio),
        "idle_months": idle_of(work, year),
        "pairs": pair_figures(work, year),
    }


def _text(number: Any) -> str:
    return "" if number is None else str(number)


def figure_lines(work: "UnitOfWork", year: int) -> Iterator[tuple[str, str, str]]:
    """The indicators of a year, one a row: title, value, unit."""
    at = year_of(work, year)
    goals, cost, held = three_ones_of(work, at), management_of(work, at), balance(work)
    if year == work.today.year:
        yield _("本月募捐"), format_money(raised_in(work, work.today.replace(day=1), work.today)), _("元")
    yield _("本年募捐"), format_money(at.raised_fen), _("元")
    yield _("本年目标完成率"), _share_text(goals.year_percent), ""
    yield _("长远目标完成率"), _share_text(goals.raised_percent), ""
    for code, title in _SOURCES.items():
        yield _(title), format_money(at.by_source[code]), _("元")
    for code, fen in sorted(at.by_kind.items()):
        yield _(words.GIFT_KINDS[code]), format_money(fen), _("元")
    yield _("捐赠人数"), str(at.donors), _("人")
    yield _("捐赠笔数"), str(at.gifts), _("笔")
    yield _("定向捐赠占比"), share(at.restricted_fen, at.raised_fen), ""
    yield _("开票率"), share(at.receipted, at.receipt_due), ""
    yield _("认捐未到账"), format_money(held["pledges_outstanding_fen"]), _("元")
    yield _("一日捐参加单位"), str(at.units), _("个")
    yield _("慈善支出"), format_money(at.charitable_fen), _("元")
    yield _("募捐费用"), format_money(at.fundraising_fen), _("元")
    yield _("结余"), format_money(held["total_fen"]), _("元")
    yield _("库存物资"), format_money(held["goods_fen"]), _("元")
    yield _("救助人数"), str(at.people), _("人")
    yield _("人均救助"), format_money(goals.average_fen), _("元")
    for title, met in _three(goals):
        yield title, _("达到") if met else _("未达到"), ""
    yield _("管理费用占总支出"), _share_text(cost.percent), _(_FLAGS[cost.flag])
    yield _("慈善支出占上年收入"), _share_text(at.spending_ratio), _floor(work, at)
    yield _("按期公开率"), _on_time(work, year), ""
    meals = work.hooks.resolve("resolve_donations_meals", work=work, year=year)
    if meals is not None:
        yield _("慈善助餐"), str(meals), _("人次")
    yield from _pair_lines(work, year)


def _three(goals: Any) -> Sequence[tuple[str, bool]]:
    return (
        (_("三个一：年筹资"), goals.raised_met),
        (_("三个一：年救助人数"), goals.people_met),
        (_("三个一：人均救助"), goals.average_met),
        (_("三个一全部达到"), goals.met),
    )


def _share_text(number: Any) -> str:
    return "--" if number is None else f"{number}%"


def _floor(work: "UnitOfWork", at: Year) -> str:
    ratio = at.spending_ratio
    if ratio is None:
        return ""
    return _("正常") if ratio >= work.policy("donations.spending_floor") * 100 else _("低于下限")


def _on_time(work: "UnitOfWork", year: int) -> str:
    every, late = disclosed(work, date(year, 1, 1), date(year, 12, 31))
    return share(every - late, every)


def disclosed(work: "UnitOfWork", since: date, until: date) -> tuple[int, int]:
    """Disclosures with a deadline that were published in some days, and those that came late."""
    inside = col(Disclosure.published_on).between(since, until) & col(Disclosure.due_on).is_not(None)
    asked = select(func.count(), func.count().filter(col(Disclosure.late).is_(True))).where(inside)
    every, late = work.session.execute(asked).one()
    return every, late


@dataclass(frozen=True)
class Pairing:
    """Households listed and paired, visits in some days with their money, problems found and solved."""

    listed: int = 0
    paired: int = 0
    visits: int = 0
    money_fen: int = 0
    found: int = 0
    solved: int = 0


def pairs_by_town(work: "UnitOfWork", since: date, until: date) -> dict[str, Pairing]:
    """Pairing by town within the reader's areas: two questions."""
    town = func.substr(col(Pair.area), 1, 9)
    paired = func.count().filter(col(Pair.state).in_(("matched", "active")))
    pairs = select(town, func.count(), paired).where(col(Pair.state) != "ended").group_by(town)
    visits = (
        select(
            town, func.count(), *(func.sum(one) for one in (col(Visit.amount_fen), col(Visit.found), col(Visit.solved)))
        )
        .join(Pair, col(Pair.id) == col(Visit.pair_id))
        .where(col(Pair.state) != "ended", col(Visit.visited_on).between(since, until))
        .group_by(town)
    )
    found = {
        code: Pairing(listed=listed, paired=matched)
        for code, listed, matched in work.session.execute(scoped(work, pairs, col(Pair.area), SHOW))
    }
    for code, count, fen, seen, solved in work.session.execute(scoped(work, visits, col(Pair.area), SHOW)):
        found[code] = replace(
            found.get(code, Pairing()), visits=count, money_fen=int(fen), found=int(seen), solved=int(solved)
        )
    return found


def pair_figures(work: "UnitOfWork", year: int) -> dict[str, Any]:
    """Households listed and paired, helpers, visits, money, problems solved, within the reader's areas."""
    towns = pairs_by_town(work, date(year, 1, 1), date(year, 12, 31)).values()
    at = Pairing(*(sum(getattr(one, field.name) for one in towns) for field in fields(Pairing)))
    helping = (
        select(func.count(func.distinct(col(Helper.name))))
        .join(Pair, col(Pair.id) == col(Helper.pair_id))
        .where(col(Pair.state) != "ended", col(Helper.until).is_(None))
    )
    return {
        "listed": at.listed,
        "paired": at.paired,
        "paired_share": share(at.paired, at.listed),
        "helpers": work.session.scalar(scoped(work, helping, col(Pair.area), SHOW)) or 0,
        "visits": at.visits,
        "money_fen": at.money_fen,
        "found": at.found,
        "solved": at.solved,
        "solved_share": share(at.solved, at.found),
    }


def _pair_lines(work: "UnitOfWork", year: int) -> Iterator[tuple[str, str, str]]:
    at = pair_figures(work, year)
    yield _("结对名单"), str(at["listed"]), _("户")
    yield _("已结对"), str(at["paired"]), _("户")
    yield _("结对率"), at["paired_share"], ""
    yield _("帮扶人"), str(at["helpers"]), _("人")
    yield _("结对走访"), str(at["visits"]), _("次")
    yield _("结对帮扶资金"), format_money(at["money_fen"]), _("元")
    yield _("问题解决率"), at["solved_share"], ""


def indicator_rows(work: "UnitOfWork", year: int | None = None) -> Iterator[tuple[Any, ...]]:
    """The indicators of a year."""
    yield from figure_lines(work, year or work.today.year)


def mechanism_rows(work: "UnitOfWork", year: int | None = None) -> Iterator[tuple[Any, ...]]:
    """The four mechanisms with the months that have no record."""
    for name, months in idle_of(work, year or work.today.year).items():
        yield _(words.MECHANISMS[name]), _("常态化") if not months else _("未常态化"), "、".join(map(str, months))


def returned_rows(work: "UnitOfWork", year: int | None = None) -> Iterator[tuple[Any, ...]]:
    """Returned shares of superiors: received, used, evidence, result; unused money and missing evidence stand out."""
    at = year or work.today.year
    asked = select(Gift).where(
        col(Gift.source) == "returned_share",
        col(Gift.state).in_(LIVE),
        col(Gift.given_on).between(date(at, 1, 1), date(at, 12, 31)),
    )
    require(work, SHOW)
    rows = list(work.session.scalars(asked.order_by(col(Gift.id))))
    used = used_of(work, [one.id or 0 for one in rows])
    purposes = dict_of(work, Purpose, [one.purpose_id for one in rows])
    bare = _without_evidence(work, [one.id or 0 for one in rows])
    for one in rows:
        spent = used.get(one.id or 0, 0)
        result = _("没有用完") if spent < one.amount_fen else _("缺少凭证") if one.id in bare else _("正常")
        yield (
            one.document,
            purpose_title(purposes[one.purpose_id]),
            one.amount_fen,
            spent,
            one.amount_fen - spent,
            _("缺少凭证") if one.id in bare else _("齐全"),
            result,
        )


def _without_evidence(work: "UnitOfWork", gift_ids: Sequence[int]) -> set[int]:
    asked = (
        select(col(Use.gift_id))
        .join(Spending, col(Spending.id) == col(Use.spending_id))
        .where(col(Use.gift_id).in_(gift_ids), col(Spending.evidence) == "", col(Use.amount_fen) > 0)
    )
    return set(work.session.scalars(asked))


def gift_rows(work: "UnitOfWork", year: int | None = None) -> Iterator[tuple[Any, ...]]:
    """The gifts of a year under the names their donors chose."""
    require(work, SHOW)
    at = year or work.today.year
    asked = (
        select(Gift, Donor, Purpose, Drive)
        .join(Donor, col(Donor.id) == col(Gift.donor_id))
        .join(Purpose, col(Purpose.id) == col(Gift.purpose_id))
        .outerjoin(Drive, col(Drive.id) == col(Gift.drive_id))
        .where(col(Gift.state).in_(LIVE), col(Gift.given_on).between(date(at, 1, 1), date(at, 12, 31)))
        .order_by(col(Gift.id))
    )
    rows = work.session.execute(asked).all()
    ids = [row[0].id or 0 for row in rows]
    slips, used = receipts_of(work, ids), used_of(work, ids)
    for gift, donor, purpose, drive in rows:
        number = gift.id or 0
        yield (
            gift.number,
            drive.number if drive else "",
            shown_name(donor),
            gift.given_on,
            _(words.GIFT_KINDS[gift.kind]),
            purpose_title(purpose),
            gift.amount_fen,
            used.get(number, 0),
            slips[number].number if number in slips else "",
        )


def drive_rows(work: "UnitOfWork", year: int | None = None) -> Iterator[tuple[Any, ...]]:
    """The drives that ran in a year: raised, spent on aid, cost, left, disclosures and those that came late."""
    require(work, SHOW)
    at = year or work.today.year
    asked = select(Drive).where(
        col(Drive.state).not_in(("draft", "cancelled")),
        col(Drive.start_on) <= date(at, 12, 31),
        col(Drive.end_on).is_(None) | (col(Drive.end_on) >= date(at, 1, 1)),
    )
    for one in work.session.scalars(asked.order_by(col(Drive.start_on), col(Drive.id))):
        sums = drive_sums(work, one)
        mine = col(Disclosure.drive_id) == one.id
        every = work.session.scalar(select(func.count()).select_from(Disclosure).where(mine)) or 0
        late = work.session.scalar(select(func.count()).where(mine, col(Disclosure.late).is_(True))) or 0
        yield (
            one.number,
            one.title,
            _(words.DRIVE_KINDS[one.kind]),
            one.start_on,
            one.end_on,
            sums.gifts,
            sums.received_fen,
            sums.aid_fen,
            sums.fundraising_fen,
            sums.balance_fen,
            every,
            late,
        )


def goods_rows(work: "UnitOfWork") -> Iterator[tuple[Any, ...]]:
    """The store by item."""
    for one in goods_by_item(work):
        yield one["item"], one["unit"], one["received"], one["received"] - one["left"], one["left"], one["value_fen"]


_YEAR = (Parameter(name="year", title=mark("年度"), kind="year", default="current"),)
REPORTS: Sequence[Report] = (
    Report(
        name="donations-indicators",
        title=mark("慈善募捐指标"),
        permission=SHOW,
        whole_county=True,
        columns=(
            Column(name="indicator", title=mark("指标")),
            Column(name="value", title=mark("数值")),
            Column(name="unit", title=mark("单位")),
        ),
        rows=indicator_rows,
        parameters=_YEAR,
    ),
    Report(
        name="donations-mechanisms",
        title=mark("四项常态化工作机制"),
        permission=SHOW,
        whole_county=True,
        columns=(
            Column(name="mechanism", title=mark("工作机制")),
            Column(name="regular", title=mark("是否常态化")),
            Column(name="idle", title=mark("没有记录的月份")),
        ),
        rows=mechanism_rows,
        parameters=_YEAR,
    ),
    Report(
        name="donations-returned",
        title=mark("上级返拨资金自查"),
        permission=SHOW,
        whole_county=True,
        columns=(
            Column(name="document", title=mark("返拨文号")),
            Column(name="purpose", title=mark("用途")),
            Column(name="received", title=mark("收到"), kind="money", total=True),
            Column(name="used", title=mark("已用"), kind="money", total=True),
            Column(name="left", title=mark("未用"), kind="money", total=True),
            Column(name="evidence", title=mark("凭证")),
            Column(name="result", title=mark("自查结果")),
        ),
        rows=returned_rows,
        parameters=_YEAR,
    ),
    Report(
        name="donations-gifts",
        title=mark("捐赠明细"),
        permission=SHOW,
        whole_county=True,
        columns=(
            Column(name="number", title=mark("捐赠编号")),
            Column(name="drive", title=mark("募捐编号")),
            Column(name="donor", title=mark("捐赠人")),
            Column(name="on", title=mark("日期"), kind="date"),
            Column(name="kind", title=mark("种类")),
            Column(name="purpose", title=mark("捐赠意向")),
            Column(name="amount", title=mark("金额"), kind="money", total=True),
            Column(name="used", title=mark("已用"), kind="money", total=True),
            Column(name="receipt", title=mark("票据号")),
        ),
        rows=gift_rows,
        parameters=_YEAR,
        note=mark("捐赠人按本人选择的公开方式列出"),
    ),
    Report(
        name="donations-drives",
        title=mark("年度募捐情况表"),
        permission=SHOW,
        whole_county=True,
        columns=(
            Column(name="number", title=mark("募捐编号")),
            Column(name="title", title=mark("募捐名称")),
            Column(name="kind", title=mark("募捐类别")),
            Column(name="start", title=mark("开始日期"), kind="date"),
            Column(name="end", title=mark("结束日期"), kind="date"),
            Column(name="gifts", title=mark("捐赠笔数"), kind="integer", total=True),
            Column(name="received", title=mark("已收"), kind="money", total=True, group=mark("金额")),
            Column(name="aid", title=mark("慈善支出"), kind="money", total=True, group=mark("金额")),
            Column(name="cost", title=mark("募捐费用"), kind="money", total=True, group=mark("金额")),
            Column(name="balance", title=mark("结余"), kind="money", total=True, group=mark("金额")),
            Column(name="disclosed", title=mark("公开次数"), kind="integer"),
            Column(name="late", title=mark("逾期次数"), kind="integer"),
        ),
        rows=drive_rows,
        chart=("title", "aid", "cost", "balance"),
        parameters=_YEAR,
    ),
    Report(
        name="donations-goods",
        chart=("item", "value"),
        title=mark("捐赠物资库存"),
        permission=SHOW,
        columns=(
            Column(name="item", title=mark("物品")),
            Column(name="unit", title=mark("单位")),
            Column(name="received", title=mark("入库"), kind="integer"),
            Column(name="issued", title=mark("已发放"), kind="integer"),
            Column(name="left", title=mark("库存"), kind="integer"),
            Column(name="value", title=mark("库存价值"), kind="money", total=True),
        ),
        rows=goods_rows,
        whole_county=True,
    ),
)
