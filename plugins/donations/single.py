"""One of every room in full: its cards, its links, its data; seeing a person's is recorded."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import _, area_names, facts_of, in_capitals
from plugins.donations import sealed, words
from plugins.donations.figures import drive_sums, pledged_outstanding
from plugins.donations.listing import gift_lines, lot_state, pledge_lines, spending_lines, spent_by_project
from plugins.donations.models import (
    Disclosure,
    Donor,
    Drive,
    Gift,
    Helper,
    Pledge,
    Purpose,
    Receipt,
    Spending,
    Tie,
    Visit,
)
from plugins.donations.queries import (
    SHOW,
    Filter,
    drive_standing,
    gift_state,
    lots_left,
    own_donor,
    own_drive,
    own_gift,
    own_lot,
    own_pair,
    own_pledge,
    own_project,
    own_spending,
    require,
    shown_name,
    unreversed,
    used_of,
)
from plugins.donations.services.common import charity_name, charity_of, purpose_title
from plugins.donations.services.disclosing import next_due, uses_of
from plugins.donations.services.driving import due_days, incomplete
from plugins.donations.showing import day, span, use_row, yes, yuan

if TYPE_CHECKING:
    from core.api import UnitOfWork

_SHOWN = 200


def _shown(one: Any, title: str, sub: str, state: str, cards: Any, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": one.id, "title": title, "sub": sub, "state": state, "cards": cards, "area": "", "row": one, "links": [],
        "warnings": [], "hidden": set(), "data": {},
    }  # fmt: skip
    return found | more


def show_drive(work: "UnitOfWork", text: str) -> dict[str, Any]:
    """One drive: its days, plan, sums, disclosures, gifts of last."""
    one = own_drive(work, text)
    sums, days = drive_sums(work, one), due_days(work, one)
    state = drive_standing(work, one)
    made = list(
        work.session.scalars(
            select(Disclosure).where(col(Disclosure.drive_id) == one.id).order_by(col(Disclosure.id)).limit(_SHOWN)
        )
    )
    due = next_due(work, one)
    gifts = gift_lines(work, Filter(limit=20), col(Gift.drive_id) == one.id)
    data = {
        "id": one.id, "number": one.number, "title": one.title, "kind": one.kind, "state": state,
        "start_on": one.start_on, "end_on": one.end_on, "filed_on": one.filed_on, "filing_no": one.filing_no, **days,
        "next_disclosure_due": due, "received_fen": sums.received_fen, "gifts": sums.gifts, "aid_fen": sums.aid_fen,
        "cost_fen": sums.fundraising_fen + sums.management_fen, "balance_fen": sums.balance_fen,
        "pledges_outstanding_fen": pledged_outstanding(work, one.id),
        "disclosures": [
            {"kind": item.kind, "due_on": item.due_on, "published_on": item.published_on, "late": bool(item.late)}
            for item in made
        ],
    }  # fmt: skip
    cards = [
        (
            _("募捐"),
            [
                (_("募捐类别"), _(words.DRIVE_KINDS[one.kind])),
                (_("募捐期"), span(one.start_on, one.end_on)),
                (_("备案期限"), day(days["filing_due"])),
                (_("备案日期"), day(one.filed_on)),
                (_("备案编号"), one.filing_no),
                (_("下次公开期限"), day(due)),
                (_("全面公开期限"), day(days["final_due"])),
                (_("应急募捐"), yes(bool(one.emergency))),
                (_("定向募捐"), yes(bool(one.targeted))),
                (_("取消原因"), one.reason),
            ],
        ),
        (
            _("募捐方案"),
            [
                (_("募捐目的"), one.purpose),
                (_("募捐地域"), one.territory),
                (_("负责人"), one.organiser),
                (_("合作方"), f"{one.partners} {one.partner_agreement}".strip()),
                (_("募捐方式"), one.ways),
                (_("接收账户"), one.bank_account),
                (_("受益人"), one.beneficiaries),
                (_("款物使用计划"), one.plan),
                (_("募捐费用预算"), yuan(one.cost_budget_fen)),
                (_("剩余财产处理"), one.surplus),
                (_("倡议文字"), one.suggestion),
            ],
        ),
        (
            _("收支"),
            [
                (_("已收"), yuan(sums.received_fen)),
                (_("慈善支出"), yuan(sums.aid_fen)),
                (_("募捐费用"), yuan(sums.fundraising_fen)),
                (_("管理费用"), yuan(sums.management_fen)),
                (_("结余"), yuan(sums.balance_fen)),
                (_("认捐未到账"), yuan(data["pledges_outstanding_fen"])),
            ],
        ),
        (_("公开记录"), [_disclosed(item) for item in made]),
        (
            _("最近的捐赠"),
            [(item["head"], _joined(item["cells"])) for item in gifts],
        ),
    ]
    links = [
        (_("备案表"), f"/donations/papers/filing/{one.id}", "printer"),
        (_("募捐报告"), f"/donations/papers/report/{one.id}", "printer"),
    ]
    return _shown(one, one.title, one.number, state, cards, data=data, warnings=incomplete(work, one), links=links)


def _disclosed(one: Disclosure) -> tuple[str, str]:
    late = _("，晚于期限 {day}", day=day(one.due_on)) if one.late else ""
    return f"{one.published_on} {_(words.DISCLOSURE_KINDS[one.kind])}{late}", one.content_hash.hex()[:16]


def show_gift(work: "UnitOfWork", text: str) -> dict[str, Any]:
    """One gift: intent, receipt, and what it was used for."""
    one = own_gift(work, text)
    work.record_read("donations.gift_read", f"donations_gift:{one.id}")
    donor = work.session.get_one(Donor, one.donor_id)
    purpose = work.session.get_one(Purpose, one.purpose_id)
    drive = work.session.get(Drive, one.drive_id) if one.drive_id else None
    used = used_of(work, [one.id or 0]).get(one.id or 0, 0)
    slips = list(work.session.scalars(select(Receipt).where(col(Receipt.gift_id) == one.id).order_by(col(Receipt.id))))
    force = next((slip.number for slip in slips if slip.voided_on is None), "")
    uses = uses_of(work, col(Gift.id) == one.id)
    state = gift_state(one, used)
    data = {
        "id": one.id, "number": one.number, "state": state, "kind": one.kind, "amount_fen": one.amount_fen,
        "amount_words": in_capitals(one.amount_fen), "receipt_no": force, "given_on": one.given_on,
        "purpose": purpose.name, "drive": drive.number if drive else "", "used_fen": used, "uses": uses,
    }  # fmt: skip
    cards = [
        (
            _("捐赠"),
            _told(
                (_("捐赠人"), donor.name or _(words.DONOR_KINDS["anonymous"])),
                (_("公开方式"), shown_name(donor)),
                (_("募捐"), drive.title if drive else _(words.SOURCES[one.source])),
                (_("捐赠种类"), _(words.GIFT_KINDS[one.kind])),
                (_("渠道"), _(words.CHANNELS[one.channel])),
                (_("金额"), yuan(one.amount_fen)),
                (_("大写"), in_capitals(one.amount_fen)),
                (_("捐赠意向"), purpose_title(purpose)),
                (_("捐赠日期"), day(one.given_on)),
                (_("代收单位"), one.unit),
                (_("到账流水号"), one.transfer_ref),
                (_("原币金额"), one.original),
                (_("返拨文号"), one.document),
                (_("清点人"), one.counted_by),
                (_("存入银行日期"), day(one.deposited_on)),
                (_("捐赠协议编号"), one.agreement),
                (_("捐赠人书面同意"), one.consent),
                (_("退还或冲销"), f"{day(one.ended_on)} {one.ended_for}" if one.ended_on else ""),
                (_("备注"), one.note),
            ),
        ),
        (_("票据"), [_slip_row(slip) for slip in slips]),
        (_("使用情况"), [(_("已用"), yuan(used)), (_("未用"), yuan(one.amount_fen - used)), *map(use_row, uses)]),
    ]
    links = [(_("感谢信"), f"/donations/papers/thanks/{one.id}", "printer"),
             (_("荣誉证书"), f"/donations/papers/honour/{one.id}", "printer"),
             (_("捐赠协议"), f"/donations/papers/agreement/{one.id}", "printer")]  # fmt: skip
    if force:
        links.insert(0, (_("打印票据"), f"/donations/papers/receipt/{one.id}", "printer"))
    hidden = {"receipt" if force else "reissue"} | ({"deposit"} if one.kind != "cash" or one.deposited_on else set())
    return _shown(one, one.number, donor.name, state, cards, data=data, links=links, hidden=hidden)


def _slip_row(slip: Receipt) -> tuple[str, str]:
    void = _("已作废：{reason}", reason=slip.void_reason) if slip.voided_on else _("有效")
    return slip.number, f"{slip.issued_on} · {void}"


def show_donor(work: "UnitOfWork", text: str) -> dict[str, Any]:
    """One donor with contact; seeing it is recorded."""
    one = own_donor(work, text)
    work.record_read("donations.donor_read", f"donations_donor:{one.id}")
    gifts = gift_lines(work, Filter(limit=50), col(Gift.donor_id) == one.id)
    ties = list(work.session.scalars(select(Tie).where(col(Tie.donor_id) == one.id, col(Tie.ended_on).is_(None))))
    names = facts_of(work, [tie.person_id for tie in ties])
    cards = [
        (
            _("捐赠人"),
            [
                (_("捐赠人类别"), _(words.DONOR_KINDS[one.kind])),
                (_("公开方式"), _(words.DISPLAYS[one.display])),
                (_("公开时显示"), shown_name(one)),
                (_("联系方式"), sealed.unseal(work, sealed.CONTACT, one.id, one.contact)),
            ],
        ),
        (
            _("利害关系人"),
            [(names[tie.person_id].name, _(words.RELATIONS[tie.relation])) for tie in ties if tie.person_id in names],
        ),
        (
            _("捐赠"),
            [(item["head"], _joined(item["cells"][1:])) for item in gifts],
        ),
    ]
    data = {"id": one.id, "number": one.number, "kind": one.kind, "display": one.display, "gifts": len(gifts)}
    return _shown(one, one.name or _(words.DONOR_KINDS["anonymous"]), one.number, one.kind, cards, data=data)


def show_pledge(work: "UnitOfWork", text: str) -> dict[str, Any]:
    """One promise."""
    one = own_pledge(work, text)
    line = pledge_lines(work, Filter(), col(Pledge.id) == one.id)[0]
    drive = work.session.get_one(Drive, one.drive_id)
    cards = [(_("认捐"), [(_("募捐"), drive.title), *line["cells"], (_("备注"), one.note)])]
    return _shown(one, one.number, drive.title, line["state"], cards, data=line["data"])


def show_project(work: "UnitOfWork", text: str) -> dict[str, Any]:
    """One project: decision, budget, what it spent."""
    one = own_project(work, text)
    purpose = work.session.get_one(Purpose, one.purpose_id)
    spent = spent_by_project(work, [one.id or 0]).get(one.id or 0, 0)
    lines = spending_lines(work, Filter(limit=_SHOWN), col(Spending.project_id) == one.id)
    people = work.session.scalar(
        select(func.count(func.distinct(col(Spending.person_id)))).where(
            col(Spending.project_id) == one.id, unreversed()
        )
    )
    cards = [
        (
            _("救助项目"),
            [
                (_("用途"), _(words.USES[one.use])),
                (_("资金"), purpose_title(purpose)),
                (_("预算"), yuan(one.budget_fen)),
                (_("已用"), yuan(spent)),
                (_("救助人数"), str(people or 0)),
                (_("受益人条件"), one.beneficiaries),
                (_("期间"), span(one.since, one.until)),
                (_("理事会会议记录"), f"{one.minutes} {one.minutes_on}"),
                (_("项目成效"), one.result),
            ],
        ),
        (_("支出"), [(item["head"], _joined(item["cells"])) for item in lines]),
    ]
    data = {
        "id": one.id, "number": one.number, "title": one.title, "state": one.state, "budget_fen": one.budget_fen,
        "spent_fen": spent, "people": people or 0,
    }  # fmt: skip
    links = [(_("项目报告"), f"/donations/papers/project/{one.id}", "printer")]
    return _shown(one, one.title, one.number, one.state, cards, data=data, links=links)


def show_spending(work: "UnitOfWork", text: str) -> dict[str, Any]:
    """One spending; who it helped is a person's business, so seeing it is recorded."""
    one = own_spending(work, text)
    work.record_read("donations.spending_read", f"donations_spending:{one.id}")
    line = spending_lines(work, Filter(), col(Spending.id) == one.id)[0]
    purpose = work.session.get_one(Purpose, one.purpose_id)
    names = facts_of(work, [one.person_id]) if one.person_id else {}
    places = area_names(work, {one.area} if one.area else set())
    cards = [
        (
            _("支出"),
            [
                *line["cells"],
                (_("资金"), purpose_title(purpose)),
                (_("用途"), _(words.USES[one.use])),
                (_("受益人"), names[one.person_id].name if one.person_id in names else one.receiver),
                (_("受益地区划"), places.get(one.area, "")),
                (_("理事会会议记录"), one.minutes),
                (_("乡镇党政联席会议记录"), one.town_minutes),
                (_("评议票决编号"), one.ballot),
                (_("凭证"), one.evidence),
                (_("备注"), one.note),
            ],
        )
    ]
    return _shown(one, one.number, "", line["state"], cards, data=line["data"])


def show_lot(work: "UnitOfWork", text: str) -> dict[str, Any]:
    """One lot of goods."""
    one = own_lot(work, text)
    left = lots_left(work, [one])[one.id or 0]
    gift = work.session.get_one(Gift, one.gift_id)
    cards = [
        (
            _("捐赠物资"),
            [
                (_("物品"), f"{one.item} {one.spec}".strip()),
                (_("捐赠编号"), gift.number),
                (_("入库"), f"{one.quantity} {one.unit}"),
                (_("库存"), f"{left} {one.unit}"),
                (_("单价"), yuan(one.unit_value_fen)),
                (_("库存价值"), yuan(left * one.unit_value_fen)),
                (_("计价依据"), f"{_(words.BASES[one.basis])} {one.proof}".strip()),
                (_("批号"), one.batch),
                (_("有效期至"), day(one.expires_on)),
                (_("仓库"), one.store),
                (_("完好情况"), one.condition),
            ],
        )
    ]
    data = {
        "id": one.id, "item": one.item, "quantity": one.quantity, "left": left,
        "value_fen": left * one.unit_value_fen, "expires_on": one.expires_on, "gift": gift.number,
    }  # fmt: skip
    return _shown(one, one.item, gift.number, lot_state(work, one, left), cards, data=data)


def show_pair(work: "UnitOfWork", text: str) -> dict[str, Any]:
    """One paired household: helpers, visits; seeing it is recorded."""
    one = own_pair(work, text)
    work.record_read("donations.pair_read", f"donations_pair:{one.id}", area=one.area)
    helpers = list(work.session.scalars(select(Helper).where(col(Helper.pair_id) == one.id).order_by(col(Helper.id))))
    visits = list(
        work.session.scalars(
            select(Visit).where(col(Visit.pair_id) == one.id).order_by(col(Visit.visited_on).desc()).limit(_SHOWN)
        )
    )
    places = area_names(work, {one.area})
    cards = [
        (
            _("结对帮扶"),
            [
                (_("区划"), places.get(one.area, "")),
                (_("帮扶方式"), _(words.PAIR_MODES[one.mode])),
                (_("事由"), one.reason),
                (_("帮扶目标"), one.goals),
                (_("联系干部"), one.officer),
                (_("评议票决编号"), one.ballot),
                (_("期间"), span(one.since, one.until)),
                (_("户主同意日期"), day(one.household_consent_on)),
                (_("帮扶人同意日期"), day(one.helper_consent_on)),
                (_("同意公开宣传"), yes(bool(one.publicity))),
                (_("评估"), f"{day(one.reviewed_on)} {one.review}".strip()),
                (_("结束原因"), _(words.PAIR_ENDS[one.ended_for]) if one.ended_for else ""),
            ],
        ),
        (
            _("帮扶人"),
            [(item.name, _helper(item)) for item in helpers],
        ),
        (_("走访"), [_visit_row(item) for item in visits]),
    ]
    data = {
        "id": one.id, "number": one.number, "state": one.state, "mode": one.mode, "area": one.area,
        "household_id": one.household_id, "helpers": sum(item.until is None for item in helpers),
        "visits": len(visits),
    }  # fmt: skip
    links = [(_("户档案"), f"/households/{one.household_id}", "users")]
    return _shown(one, one.number, places.get(one.area, ""), one.state, cards, data=data, area=one.area, links=links)


def _helper(one: Helper) -> tuple[str, str]:
    return one.name, f"{_(words.HELPER_KINDS[one.kind])} · {span(one.since, one.until)}"


def _visit_row(one: Visit) -> tuple[str, str]:
    parts = [one.needs, _(words.HELPS[one.help]), yuan(one.amount_fen) if one.amount_fen else "", one.next_step]
    return f"{one.visited_on} {one.visitor}", " · ".join(part for part in parts if part)


def show_charity(work: "UnitOfWork", _text: str) -> dict[str, Any]:
    """The charity's papers."""
    require(work, SHOW)
    one = charity_of(work)
    cards = [
        (
            _("慈善组织"),
            [
                (_("统一社会信用代码"), one.code),
                (_("慈善组织类型"), _(words.CHARITY_KINDS[one.kind])),
                (_("公开募捐资格证书编号"), one.certificate),
                (_("证书有效期至"), day(one.certificate_to)),
                (_("公益性捐赠税前扣除名单年度"), str(one.deduction_year or "")),
                (_("慈善账户编号"), one.account),
                (_("联系方式"), one.contact),
            ],
        )
    ]
    data = one.model_dump(exclude={"version"}) | {"name": charity_name(work, one)}
    return _shown(one, charity_name(work, one), "", "", cards, data=data)


def trace_of(work: "UnitOfWork", number: str) -> dict[str, Any]:
    """From a receipt to what its gift was used for."""
    found = show_gift(work, number)["data"]
    return {name: found[name] for name in ("receipt_no", "amount_fen", "given_on", "purpose", "used_fen", "uses")}


def _told(*rows: tuple[str, str]) -> list[tuple[str, str]]:
    """The rows that say something."""
    return [row for row in rows if row[1] not in ("", "--")]


def _joined(cells: Sequence[tuple[str, str]]) -> str:
    return " · ".join(value for _name, value in cells if value)


ROOM_SHOWN: Mapping[str, "Callable[[UnitOfWork, str], dict[str, Any]]"] = {
    "drives": show_drive, "gifts": show_gift, "goods": show_lot, "donors": show_donor, "pledges": show_pledge,
    "projects": show_project, "spending": show_spending, "pairs": show_pair, "charity": show_charity,
}  # fmt: skip
