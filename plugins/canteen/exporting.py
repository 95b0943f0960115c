"""The file of meals for audit. It names diners by their opaque codes: neither name, number nor reason stands in it."""

import csv
import io
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.api import COUNTY_TIME, columns, refuse, scoped
from core.api import _ as said
from plugins.canteen.counter.models import Decision, Subsidy, Swipe, Void
from plugins.canteen.models import Diner, Site
from plugins.canteen.services.common import EXPORT, own_site
from plugins.canteen.wishes import ExportMeals

if TYPE_CHECKING:
    from core.api import UnitOfWork

HEADER = (
    "编号", "站点", "就餐人编码", "日期", "餐次", "套餐", "档次", "原价", "补贴", "自付", "送餐费", "方式", "用餐时间",
    "登记时间", "逾期录入", "状态", "是否享受补贴", "拒绝代码", "撤销原因", "处理结果",
)  # fmt: skip
_SITE, _DINER, _SWIPE, _SUBSIDY, _VOID, _DECISION = (
    columns(Site), columns(Diner), columns(Swipe), columns(Subsidy), columns(Void), columns(Decision),
)  # fmt: skip


def export_meals(work: "UnitOfWork", wish: ExportMeals) -> tuple[bytes, int]:
    """The CSV (UTF-8 with BOM) of every swipe of a period, refused and void ones too, and how many there are."""
    work.require(EXPORT)
    if wish.until < wish.since:
        raise refuse(said("结束日期不能早于起始日期"), field="until", code="E_DAY")
    taken_back = (_VOID.swipe_id == _SWIPE.id) | (
        (_VOID.terminal_id == _SWIPE.terminal_id) & (_VOID.voided_counter == _SWIPE.counter)
    )
    asked = (
        select(
            _SWIPE.id, _SITE.number, _DINER.code.label("diner"), _SWIPE.day, _SWIPE.meal, _SWIPE.set_code, _SWIPE.tier,
            _SWIPE.list_price_fen, _SWIPE.subsidy_fen, _SWIPE.self_pay_fen, _SWIPE.delivery_fee_fen, _SWIPE.channel,
            _SWIPE.at, _SWIPE.recorded_at, _SWIPE.late, _SWIPE.state, _SUBSIDY.swipe_id.label("holds"), _SWIPE.code,
            _VOID.reason.label("void"), _DECISION.outcome,
        )
        .join(_SITE.id.table, _SITE.id == _SWIPE.site_id)
        .outerjoin(_DINER.id.table, _DINER.id == _SWIPE.diner_id)
        .outerjoin(_SUBSIDY.swipe_id.table, _SUBSIDY.swipe_id == _SWIPE.id)
        .outerjoin(_VOID.id.table, taken_back)
        .outerjoin(_DECISION.id.table, _DECISION.swipe_id == _SWIPE.id)
        .where(_SWIPE.day.between(wish.since, wish.until))
        .order_by(_SWIPE.id)
    )  # fmt: skip
    if wish.site:
        asked = asked.where(_SWIPE.site_id == own_site(work, wish.site, EXPORT).id)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    count = 0
    for row in work.session.connection().execute(scoped(work, asked, _SITE.area, EXPORT)):
        money = (f"{fen // 100}.{fen % 100:02d}" for fen in row[7:11])
        times = (f"{moment.astimezone(COUNTY_TIME):%Y-%m-%d %H:%M:%S}" for moment in row[12:14])
        writer.writerow(
            [
                row.id, row.number, row.diner or "", row.day.isoformat(), row.meal, row.set_code, row.tier, *money,
                row.channel, *times, int(bool(row.late)), row.state, int(row.holds is not None), row.code,
                row.void or "", row.outcome or "",
            ]
        )  # fmt: skip
        count += 1
    what = {"since": wish.since, "until": wish.until, "site": wish.site}
    work.record("canteen.meals_exported", "canteen:meals", reason=wish.reason.strip(), count=count, after=what)
    return b"\xef\xbb\xbf" + out.getvalue().encode(), count
