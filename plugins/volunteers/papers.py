"""The papers of voluntary service: card, agreement, sign-in sheet, certificate, list of honours."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from core.api import COUNTY_TIME, Column, NotFound, Sheet, _, facts_of, id_numbers_of, year_of
from plugins.volunteers.listing import honoured
from plugins.volunteers.queries import dict_of, own_activity, own_certificate, own_volunteer
from plugins.volunteers.rules import tenths_of
from plugins.volunteers.services.attending import on_site, shifts_of
from plugins.volunteers.services.certifying import code_of, records_of
from plugins.volunteers.words import DOCUMENT_KIND, FIELDS, HONOURS, LEVELS

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.volunteers.models import Certificate


def paper_of(work: "UnitOfWork", kind: str, number: str) -> Sheet:
    """A paper by its kind: of a volunteer, an activity, a certificate, or a year; raises ``NotFound``."""
    if kind not in PAPERS:
        raise NotFound(_("没有这种文书"), hint=", ".join(PAPERS))
    return PAPERS[kind](work, number)


def hours_text(minutes: int, rounding: str = "exact") -> str:
    """Hours as printed: 3.0."""
    tenths = tenths_of(minutes, rounding)
    return f"{tenths // 10}.{tenths % 10}"


def _card(work: "UnitOfWork", number: str) -> Sheet:
    """The card; its code holds random letters and nothing of the person."""
    one = own_volunteer(work, number)
    work.record_read("volunteers.paper_printed", f"volunteer:{one.id}", area=one.area, paper="card")
    name = facts_of(work, [one.person_id])[one.person_id].name
    return Sheet(
        layout="form",
        title="志愿者卡",
        number=one.number,
        office=_office(work),
        dated=work.today,
        fields=(("姓名", name), ("注册日期", one.registered_on.isoformat())),
        paragraphs=("到活动现场出示本卡，由负责人扫码签到、签退。本卡遗失请及时换发。",),
        check_address=card_text(work, one.token),
        notes=("卡上的码只有随机编号，不含身份信息。",),
    )


def card_text(work: "UnitOfWork", token: str) -> str:
    """What stands in the code of a card: the random token, and nothing of the person."""
    return f"huimin-volunteer:{token}"


def _agreement(work: "UnitOfWork", number: str) -> Sheet:
    one = own_volunteer(work, number)
    work.record_read("volunteers.paper_printed", f"volunteer:{one.id}", area=one.area, paper="agreement")
    facts = facts_of(work, [one.person_id, *([one.guardian_id] if one.guardian_id else [])])
    guardian = facts[one.guardian_id].name if one.guardian_id in facts else "--"
    return Sheet(
        layout="form",
        title="志愿服务协议",
        number=one.number,
        office=_office(work),
        dated=work.today,
        fields=(
            ("志愿者", facts[one.person_id].name),
            ("志愿者编号", one.number),
            ("注册日期", one.registered_on.isoformat()),
            ("监护人", guardian),
        ),
        paragraphs=(
            "一、志愿者自愿、无偿参加志愿服务，如实登记时间；路途时间不计入服务时长。",
            "二、志愿服务组织说明服务内容和风险，提供必要的培训；有人身危险的活动，先为志愿者投保。",
            "三、双方保守服务对象的个人隐私，不公开其姓名、住址和照片。",
            "四、志愿者可以免费、如实取得服务记录证明。",
        ),
        signatures=("志愿者", "监护人（未成年人）", "志愿服务组织"),
    )


def _sign_in_sheet(work: "UnitOfWork", number: str) -> Sheet:
    activity = own_activity(work, number)
    subject = f"volunteers_activity:{activity.id}"
    work.record_read("volunteers.paper_printed", subject, area=activity.area, paper="sheet")
    rows = on_site(work, activity)
    names = facts_of(work, [volunteer.person_id for _signup, volunteer, _last in rows])
    shifts = {shift.id: shift for shift in shifts_of(work, activity.id or 0)}
    lines = [
        (
            at,
            volunteer.number,
            names[volunteer.person_id].name if volunteer.person_id in names else "",
            f"{shifts[signup.shift_id].starts_at.astimezone(COUNTY_TIME):%m-%d %H:%M}",
            "",
            "",
            "",
        )
        for at, (signup, volunteer, _last) in enumerate(rows, start=1)
    ]
    return Sheet(
        layout="list",
        title="志愿活动签到表",
        number=activity.number,
        office=_office(work),
        dated=work.today,
        fields=(("活动", activity.title), ("负责人", activity.leader), ("集合地点", activity.place)),
        columns=(
            Column(name="at", title="序号", kind="integer"),
            Column(name="number", title="志愿者编号"),
            Column(name="name", title="姓名"),
            Column(name="shift", title="班次"),
            Column(name="in", title="签到时间"),
            Column(name="out", title="签退时间"),
            Column(name="sign", title="签名"),
        ),
        rows=lines,
        signatures=("活动负责人",),
        notes=("活动结束后 10 日内登记时长，扫描件随记录保存。",),
        landscape=True,
    )


def _certificate(work: "UnitOfWork", number: str) -> Sheet:
    return certificate_sheet(work, own_certificate(work, number))


def certificate_sheet(work: "UnitOfWork", one: "Certificate") -> Sheet:
    """The certificate as it was issued: name, masked number, hours, activities, who answers for it, check code."""
    from plugins.volunteers.models import Org, Volunteer

    work.record_read("volunteers.paper_printed", f"volunteers_certificate:{one.id}", area=one.area, paper="certificate")
    volunteer: Volunteer = dict_of(work, Volunteer, [one.volunteer_id])[one.volunteer_id]
    org: Org = dict_of(work, Org, [one.org_id])[one.org_id]
    name = facts_of(work, [volunteer.person_id])[volunteer.person_id].name
    masked = str(id_numbers_of(work, [volunteer.person_id]).get(volunteer.person_id, ""))
    code = code_of(work, one)
    rows = records_of(work, one)
    recorders = dict_of(work, Org, [row.org_id for row in rows])
    before = sorted({found.name for found in recorders.values() if found.id != one.org_id})
    rounding = work.policy("volunteers.rounding")
    total = hours_text(one.minutes, rounding)
    note = f"其中由原“{'、'.join(before)}”登记的记录，由合并后的组织出具。" if before else ""
    return Sheet(
        layout="form",
        title="志愿服务记录证明",
        number=one.number,
        office=org.name,
        dated=one.issued_on,
        fields=(
            ("姓名", name),
            ("证件种类", DOCUMENT_KIND if masked else "--"),
            ("证件号码", masked or "--"),
            ("志愿者编号", volunteer.number),
            ("服务期间", f"{one.since.isoformat()} 至 {one.until.isoformat()}"),
            ("服务时间", f"{total} 小时"),
            ("记录组织", org.name),
            ("联系电话", org.contact or "--"),
            ("经办人", one.handler),
            ("负责人", one.in_charge),
        ),
        paragraphs=(
            f"兹证明{name}在上述期间参加志愿服务，累计 {total} 小时。本证明免费出具，内容以服务记录为准。",
            *((note,) if note else ()),
            *((f"本证明已于 {one.revoked_on.isoformat()} 撤销。",) if one.revoked_on else ()),
        ),
        columns=(
            Column(name="on", title="日期", kind="date"),
            Column(name="content", title="服务内容"),
            Column(name="field", title="领域"),
            Column(name="hours", title="小时"),
        ),
        rows=[
            (row.served_on, row.content or "--", FIELDS.get(row.field, row.field), hours_text(row.minutes, rounding))
            for row in rows
        ],
        seal=True,
        check_code=code,
        check_address=check_address(work, one.number, code),
        notes=("扫码或凭编号和核验码可以核验真伪。",),
    )


def check_address(work: "UnitOfWork", number: str, code: str) -> str:
    """Where anybody checks a certificate; "" while the county has no public address."""
    base = work.settings.county.public_url.rstrip("/")
    return f"{base}/volunteers/check?{urlencode({'number': number, 'code': code})}" if base else ""


def _honours(work: "UnitOfWork", year: str) -> Sheet:
    at = year_of(year) or work.today.year
    work.record_read("volunteers.paper_printed", "volunteers:list", paper="honours")
    rows = honoured(work, date(at, 1, 1), date(at, 12, 31))
    names = facts_of(work, [volunteer.person_id for volunteer, _honour in rows])
    return Sheet(
        layout="list",
        title="志愿者光荣榜",
        number=str(at),
        office=_office(work),
        dated=work.today,
        columns=(
            Column(name="name", title="姓名"),
            Column(name="title", title="荣誉"),
            Column(name="kind", title="种类"),
            Column(name="level", title="级别"),
            Column(name="on", title="授予日期", kind="date"),
            Column(name="body", title="授予单位"),
        ),
        rows=[
            (
                names[volunteer.person_id].name,
                honour.title,
                HONOURS.get(honour.kind, honour.kind),
                LEVELS.get(honour.level, honour.level),
                honour.given_on,
                honour.body,
            )
            for volunteer, honour in rows
            if volunteer.person_id in names
        ],
        notes=("只列本人同意公开的。",),
    )


PAPERS: Mapping[str, "Callable[[UnitOfWork, str], Sheet]"] = {
    "card": _card,
    "agreement": _agreement,
    "sheet": _sign_in_sheet,
    "certificate": _certificate,
    "honours": _honours,
}


def _office(work: "UnitOfWork") -> str:
    return work.policy("volunteers.department") or f"{work.settings.county.name}民政局"
