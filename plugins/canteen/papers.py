"""The papers of canteens: card, enrolment, price board, weekly menu, settlement, inspection, acceptance, posting."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.api import Column, NotFound, Sheet, _, format_money, id_numbers_of
from plugins.canteen.queries import show_diner, show_inspection, show_rates, show_settlement, show_site
from plugins.canteen.rules import monday_of
from plugins.canteen.services.catering import menus_of
from plugins.canteen.services.common import DINERS
from plugins.canteen.services.enrolling import own_diner
from plugins.canteen.statistics import site_rows
from plugins.canteen.words import HOSTS, INSPECTIONS, KINDS, MEALS, PAYER_WORDS, SEVERITIES, STATUSES, WEEKDAYS

if TYPE_CHECKING:
    from core.api import UnitOfWork


def paper_of(work: "UnitOfWork", kind: str, number: str) -> Sheet:
    """A paper by its kind: of a diner, a site, an inspection, a settlement or a month; raises ``NotFound``."""
    if kind not in PAPERS:
        raise NotFound(_("没有这种文书"), hint=", ".join(PAPERS))
    return PAPERS[kind](work, number)


def card_sheet(work: "UnitOfWork", number: str, token: str) -> Sheet:
    """A card just issued; its code holds the random token and nothing of the person. It can be printed only now."""
    one = own_diner(work, number)
    line = show_diner(work, number)
    work.record_read("canteen.paper_printed", f"canteen_diner:{one.id}", area=one.area, paper="card")
    return Sheet(
        layout="form",
        title="就餐卡",
        number=f"尾号 {token[-4:]}",
        office=_office(work),
        dated=work.today,
        fields=(("姓名", line["name"]), ("常去的站点", line["site_name"] or "--")),
        paragraphs=("就餐时出示本卡，由食堂扫码。本卡遗失请及时到村（社区）换发，旧卡立即停用。",),
        check_address=card_text(token),
        notes=("卡上的码只有随机编号，不含身份证号和享受补贴的原因。",),
    )


def card_text(token: str) -> str:
    """What stands in the code of a card: the random token alone, as a card reader types it."""
    return token


def _enrolment(work: "UnitOfWork", number: str) -> Sheet:
    line = show_diner(work, number)
    one = own_diner(work, number, DINERS)
    work.record_read("canteen.paper_printed", f"canteen_diner:{one.id}", area=one.area, paper="enrolment")
    masked = str(id_numbers_of(work, [one.person_id]).get(one.person_id) or "--")
    return Sheet(
        layout="form",
        title="老年助餐就餐登记表",
        number=str(one.id),
        office=_office(work),
        dated=work.today,
        fields=(
            ("姓名", line["name"]),
            ("证件号码", masked),
            ("年龄", "--" if line["age"] is None else f"{line['age']} 周岁"),
            ("住址", line["place"]),
            ("特殊身份", "、".join(STATUSES[word] for word in line["statuses"]) or "无"),
            ("补贴档次", line["tier"] or "无"),
            ("常去的站点", line["site_name"] or "--"),
            ("送餐", line["delivery_reason"] or "不需要"),
            ("起始日期", line["from_on"].isoformat()),
        ),
        paragraphs=(
            "本人自愿登记为就餐老人，所填情况属实。身份变化、迁出或不再就餐时，及时告知村（社区）。",
            "饮食注意事项属于敏感个人信息，只在本人单独同意后登记，只供备餐使用；不采集人脸，用就餐卡即可就餐。",
        ),
        signatures=("登记人（或监护人）", "经办人"),
    )


def _settlement(work: "UnitOfWork", number: str) -> Sheet:
    one = show_settlement(work, number)
    average = f"{one['average_hundredths'] // 100}.{one['average_hundredths'] % 100:02d}"
    return Sheet(
        layout="list",
        title="助餐补贴结算单",
        number=f"{one['site']} {one['month']}",
        office=_office(work),
        dated=work.today,
        fields=(
            ("站点", f"{one['site']} {one['site_name']}"),
            ("经营者", one["operator"] or "--"),
            ("月份", one["month"]),
            ("服务天数", str(one["service_days"])),
            ("停业天数", str(one["suspended_days"])),
            ("日均补贴餐数", average),
            ("考核等次", f"{one['grade']}（{one['factor_percent']}%）"),
            ("会议纪要", one["minutes"] or "--"),
        ),
        columns=(Column(name="item", title="项目"), Column(name="fen", title="金额（元）", kind="money", total=True)),
        rows=[
            (f"就餐补贴（{one['meals']} 餐，{one['persons']} 人）", one["diner_claim_fen"]),
            (f"运营补贴（每餐 {format_money(one['rate_fen'])} 元）", one["operating_subsidy_fen"]),
        ],
        total=("合计申报", one["claim_fen"]),
        signatures=("经营者（章）", "乡镇审核（章）", "县民政局批准（章）"),
        seal=True,
        notes=(
            f"就餐人自付 {format_money(one['diner_paid_fen'])} 元；" + "；".join(
                f"{PAYER_WORDS[payer]} {format_money(fen)} 元" for payer, fen in one["parts"].items()
            ),
            f"用餐记录摘要 {one['digest'][:16]}",
        ),
    )  # fmt: skip


def _notice(work: "UnitOfWork", number: str) -> Sheet:
    one = show_inspection(work, number)
    hazard = one["severity"] != "none"
    return Sheet(
        layout="notice",
        title="检查整改通知书" if hazard else "检查情况告知书",
        number=one["number"],
        office=_office(work),
        dated=one["inspected_on"],
        fields=(
            ("站点", f"{one['site']} {one['site_name']}"),
            ("检查类型", INSPECTIONS[one["kind"]]),
            ("检查人员", one["inspectors"]),
            ("得分", str(one["score"])),
            ("问题程度", SEVERITIES[one["severity"]]),
            ("整改期限", one["deadline"].isoformat() if one["deadline"] else "--"),
        ),
        paragraphs=(
            *((f"发现的问题：{one['hazards']}",) if hazard else ("检查中没有发现问题。",)),
            *(line for line in one["checklist"].splitlines() if line.strip()),
            *(("请在整改期限前完成整改，并申请复查。重大隐患未消除前不得恢复供餐。",) if hazard else ()),
        ),
        signatures=("检查人员", "站点负责人"),
        seal=True,
    )


def _acceptance(work: "UnitOfWork", number: str) -> Sheet:
    one = show_site(work, number)
    if one["accepted_on"] is None:
        raise NotFound(_("站点还没有联合验收"))
    members = next((row["reason"] for row in one["states"] if row["state"] == "trial"), "")
    return Sheet(
        layout="form",
        title="助餐站点联合验收报告",
        number=one["number"],
        office=_office(work),
        dated=one["accepted_on"],
        fields=(
            ("站点", one["name"]),
            ("类型", KINDS[one["kind"]]),
            ("地址", f"{one['place']} {one['address']}".strip()),
            ("依托单位", " ".join(part for part in (HOSTS.get(one["host_kind"], ""), one["host"]) if part) or "--"),
            ("建筑面积", f"{one['floor_area']} 平方米"),
            ("座位数", str(one["seats"])),
            ("食品经营许可", f"{one['licence_number']}，有效至 {one['licence_to']}"),
            ("消防", "合格"),
            ("标识标牌", "合格"),
        ),
        paragraphs=("经联合验收，上述站点符合开办条件，同意试运行。",),
        signatures=tuple(part for part in members.replace("，", "、").split("、") if part) or ("验收人员",),
        seal=True,
    )


def _board(work: "UnitOfWork", number: str) -> Sheet:
    """Prices beside what each tier pays; the groups are those of the document, nobody is named."""
    one, rates = show_site(work, number), show_rates(work, work.today)
    today = [row for row in one["sets"] if row["from_on"] <= work.today]
    tiers = [(tier["code"], tier["rate_fen"]) for tier in rates["tiers"]]
    return Sheet(
        layout="list",
        title="价格和补贴公示",
        number=one["number"],
        office=one["name"],
        dated=work.today,
        columns=(
            Column(name="set", title="套餐"),
            Column(name="meal", title="餐次"),
            Column(name="price", title="原价", kind="money"),
            *(Column(name=code, title=f"{code} 自付", kind="money") for code, _fen in tiers),
        ),
        rows=[
            (
                row["name"] or row["code"], MEALS[row["meal"]], row["price_fen"],
                *(max(row["price_fen"] - fen, 0) for _code, fen in tiers),
            )
            for row in today
        ],
        paragraphs=tuple(f"{tier['code']}：{tier['who']}，每餐补贴 {format_money(tier['rate_fen'])} 元" for tier in
                         rates["tiers"]),
        notes=(f"依据：{'手册' if rates['document'] == 'handbook' else rates['document']}。不足 60 周岁按原价就餐。",),
        landscape=True,
    )  # fmt: skip


def _menu(work: "UnitOfWork", number: str) -> Sheet:
    """The menu of the next week, or of this one while none is published."""
    one = show_site(work, number)
    week = monday_of(work.today) + timedelta(days=7)
    rows = menus_of(work, one["id"], week)
    if not rows:
        week = monday_of(work.today)
        rows = menus_of(work, one["id"], week)
    return Sheet(
        layout="list",
        title="一周菜单",
        number=f"{one['number']} {week.isoformat()}",
        office=one["name"],
        dated=work.today,
        columns=(
            Column(name="day", title="日期"),
            Column(name="meal", title="餐次"),
            Column(name="set", title="套餐"),
            Column(name="dishes", title="菜品"),
            Column(name="price", title="价格", kind="money"),
            Column(name="nutrition", title="营养提示"),
        ),
        rows=[
            (
                f"{WEEKDAYS[str(row.weekday)]} {(week + timedelta(days=row.weekday - 1)).isoformat()[5:]}",
                MEALS[row.meal], row.set_code, row.dishes, row.price_fen, row.nutrition,
            )
            for row in rows
        ],
        landscape=True,
    )  # fmt: skip


def _posting(work: "UnitOfWork", number: str) -> Sheet:
    """The posting of a month: sites, persons, meals, subsidy; no names."""
    month = number if len(number) == 7 and date.fromisoformat(f"{number}-01") else work.today.isoformat()[:7]
    rows = [row for row in site_rows(work, month, month) if row[6]]
    return Sheet(
        layout="list",
        title="助餐补贴月度公示",
        number=month,
        office=_office(work),
        dated=work.today,
        columns=(
            Column(name="number", title="站点编号"),
            Column(name="name", title="站点名称"),
            Column(name="town", title="乡镇"),
            Column(name="persons", title="就餐人数", kind="integer"),
            Column(name="meals", title="就餐人次", kind="integer", total=True),
            Column(name="subsidy", title="就餐补贴（元）", kind="money", total=True),
        ),
        rows=[(row[0], row[1], row[2], row[5], row[6], row[7]) for row in rows],
        total=("合计", "", "", "", sum(row[6] for row in rows), sum(row[7] for row in rows)),
        notes=("只公示站点，不公示老人姓名。",),
        seal=True,
    )


PAPERS: Mapping[str, "Callable[[UnitOfWork, str], Sheet]"] = {
    "enrolment": _enrolment,
    "settlement": _settlement,
    "notice": _notice,
    "acceptance": _acceptance,
    "board": _board,
    "menu": _menu,
    "posting": _posting,
}


def _office(work: "UnitOfWork") -> str:
    return f"{work.settings.county.name}民政局"
