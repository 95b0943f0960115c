"""The papers of a child's file, drawn as sheets; that one was printed is recorded. None is ever public."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from core.api import Column, NotFound, Sheet, _, facts_of, format_money
from plugins.orphan_care.queries import own_case, own_pairing, show_case
from plugins.orphan_care.services.pairing import PAIR, get_sponsor
from plugins.orphan_care.statistics import in_payment
from plugins.orphan_care.words import BASES, CATEGORIES, CAUSES, OUTCOMES, PAIRINGS, PARENTS, RELATIONS

if TYPE_CHECKING:
    from core.api import UnitOfWork

_SECRET = "涉及未成年人隐私，妥善保管，不得公开、拍照、转发。"  # noqa: S105 - what a paper says, no password


def case_paper(work: "UnitOfWork", number: str, kind: str) -> Sheet:
    """A paper of a file by its kind; raises ``NotFound`` for an unknown one."""
    if kind not in PAPERS:
        raise NotFound(_("没有这种文书"), hint=", ".join(PAPERS))
    case = own_case(work, number)
    found = show_case(work, number)
    work.record_read("orphan_care.paper_printed", f"orphan_care:{case.id}", area=case.area, paper=kind)
    return PAPERS[kind](work, found)


def pairing_agreement(work: "UnitOfWork", pairing_id: int) -> Sheet:
    """The agreement of a pairing, with the clause that protects the child."""
    pairing, case = own_pairing(work, pairing_id, PAIR)
    work.record_read("orphan_care.paper_printed", f"orphan_care:{case.id}", area=case.area, paper="pairing")
    sponsor = get_sponsor(work, pairing.sponsor_id)
    return Sheet(
        layout="form",
        title="结对关爱协议",
        number=f"{case.number}-{pairing.id}",
        office=_office(work),
        dated=pairing.agreement_on,
        fields=(
            ("爱心人士或单位", sponsor.name),
            ("儿童档案编号", case.number),
            ("结对方式", _plain(PAIRINGS, pairing.kind)),
            (
                "承诺",
                f"每月 {format_money(pairing.pledged_fen)} 元，共 {pairing.months} 个月"
                if pairing.pledged_fen
                else "--",
            ),
            ("结对日期", pairing.since.isoformat()),
        ),
        paragraphs=(
            "一、未成年人保护：爱心人士承诺没有侵害未成年人的违法犯罪记录，同意民政部门查询；发现有记录的，协议即行终止。",
            "二、一切联系须经县级儿童福利主管安排并有监护人或工作人员在场，不单独接触、不留宿、不外出。",
            "三、不打听、不记录、不公开儿童的姓名、照片、住址、学校和家庭情况。",
            "四、资助款经慈善账户办理并出具收据；资助不影响儿童依法享受的基本生活费。",
        ),
        signatures=("爱心人士", "监护人", "儿童（年满 8 周岁）", "县级儿童福利主管"),
    )


def restricted_roll(work: "UnitOfWork", month: str) -> Sheet:
    """The list of a month for those who work with it: numbers, categories and accounts' owners, never posted."""
    work.require("orphan_care.show", work.settings.county.code)
    cases = in_payment(work, month)
    work.record_read("orphan_care.paper_printed", "orphan_care:list", paper="roll", month=month)
    names = facts_of(work, [case.person_id for case in cases])
    rows = [
        (case.number, names[case.person_id].name, _plain(CATEGORIES, case.category), case.area, case.from_month)
        for case in cases
        if case.person_id in names
    ]
    return Sheet(
        layout="list",
        title="儿童基本生活费内部名册",
        number=month,
        office=_office(work),
        dated=work.today,
        columns=(
            Column(name="number", title="档案编号"),
            Column(name="name", title="姓名"),
            Column(name="category", title="类别"),
            Column(name="area", title="区划"),
            Column(name="since", title="起始月", kind="month"),
        ),
        rows=rows,
        notes=(_SECRET,),
        landscape=True,
    )


def _application(work: "UnitOfWork", found: Mapping[str, Any]) -> Sheet:
    bases = {one["parent"]: one for one in found["bases"] if one["current"]}
    fields = [
        ("档案编号", found["number"]),
        ("儿童姓名", found["name"]),
        ("出生日期", _day(found["born"])),
        ("类别", _plain(CATEGORIES, _open_category(found))),
        *(
            (_plain(PARENTS, name), f"{_plain(BASES, bases[name]['kind'])}，{bases[name]['document']}")
            for name in PARENTS
            if name in bases
        ),
        ("监护人", _guardian(found)),
        ("就读学校", found["school"] or "--"),
        ("申请日期", _day(found["applied_on"])),
    ]
    return _form("儿童基本生活保障申请表", found, work, fields, ("监护人", "儿童主任", "乡镇意见", "县级意见"))


def _agreement(work: "UnitOfWork", found: Mapping[str, Any]) -> Sheet:
    sheet = _form(
        "儿童监护责任书",
        found,
        work,
        [("档案编号", found["number"]), ("儿童姓名", found["name"]), ("监护人", _guardian(found))],
        ("监护人", "村（居）民委员会", "乡镇人民政府"),
    )
    return _with(
        sheet,
        "一、监护人依法履行抚养、教育和保护职责，保障儿童入学、就医和安全，不得遗弃、虐待或者让儿童单独生活。",
        "二、基本生活费存入以儿童名义开立的账户，只用于儿童的生活、学习和医疗，接受走访核查。",
        "三、情况变化（住址、学校、收养、父母恢复抚养等）在 10 日内告知村（居）民委员会。",
    )


def _authorisation(work: "UnitOfWork", found: Mapping[str, Any]) -> Sheet:
    sheet = _form(
        "信息核对授权书",
        found,
        work,
        [("档案编号", found["number"]), ("监护人", _guardian(found)), ("授权日期", _day(found["authorised_on"]))],
        ("监护人",),
    )
    return _with(sheet, "本人同意民政部门向公安、法院、残联等单位核对与认定有关的信息，仅用于本次认定和以后的复核。")


def _approval(work: "UnitOfWork", found: Mapping[str, Any]) -> Sheet:
    fields = [
        ("档案编号", found["number"]),
        ("类别", _plain(CATEGORIES, _open_category(found))),
        ("确认日期", _day(found["approved_on"])),
        ("起始月", found["from_month"] or "--"),
        ("文号", found["document"] or "--"),
    ]
    sheet = _form("儿童基本生活保障确认通知书", found, work, fields, ("县民政局",))
    return _with(
        sheet, "经核查，符合保障条件，从起始月起按月发放基本生活费。对决定不服的，可依法申请行政复议或者提起行政诉讼。"
    )


def _stop(work: "UnitOfWork", found: Mapping[str, Any]) -> Sheet:
    fields = [
        ("档案编号", found["number"]),
        ("停发原因", _plain(CAUSES, found["cause"])),
        ("发生日期", _day(found["cause_on"])),
        ("最后发放月", found["last_month"] or "--"),
    ]
    sheet = _form("停发通知书", found, work, fields, ("县民政局",))
    return _with(sheet, "对决定不服的，可依法申请行政复议或者提起行政诉讼。多领的应当退回。")


def _review(work: "UnitOfWork", found: Mapping[str, Any]) -> Sheet:
    last = next((one for one in found["reviews"] if one["done_on"]), None)
    fields = [
        ("档案编号", found["number"]),
        ("儿童姓名", found["name"]),
        ("监护人", _guardian(found)),
        ("就读学校", found["school"] or "--"),
        ("上次复核", _day(last["done_on"]) if last else "--"),
        ("上次结论", _plain(OUTCOMES, last["outcome"]) if last else "--"),
        ("父母情形是否变化", ""),
        ("监护和生活情况", ""),
        ("本次结论", ""),
    ]
    return _form("儿童保障年度复核表", found, work, fields, ("监护人", "儿童主任", "儿童督导员"))


PAPERS: Mapping[str, "Callable[[UnitOfWork, Mapping[str, Any]], Sheet]"] = {
    "application": _application,
    "agreement": _agreement,
    "authorisation": _authorisation,
    "approval": _approval,
    "stop": _stop,
    "review": _review,
}


def _form(
    title: str, found: Mapping[str, Any], work: "UnitOfWork", fields: list[tuple[str, str]], signatures: tuple[str, ...]
) -> Sheet:
    return Sheet(
        layout="form",
        title=title,
        number=found["number"],
        office=_office(work),
        dated=work.today,
        fields=fields,
        signatures=signatures,
        notes=(_SECRET,),
        seal=title.endswith("通知书"),
    )


def _with(sheet: Sheet, *paragraphs: str) -> Sheet:
    from dataclasses import replace

    return replace(sheet, paragraphs=paragraphs)


def _office(work: "UnitOfWork") -> str:
    return f"{work.settings.county.name}民政局"


def _open_category(found: Mapping[str, Any]) -> str:
    """What a paper says is never what only the county officer may know."""
    return found["category"] if found["category"] in CATEGORIES else "ORPHAN_DISP"


def _plain(vocabulary: Mapping[str, str], code: str) -> str:
    """A word as it is printed: papers are in Chinese, whatever their clerk reads."""
    return vocabulary.get(code, code) or "--"


def _guardian(found: Mapping[str, Any]) -> str:
    one = next((one for one in found["guardians"] if one["until"] is None), None)
    if one is None:
        return "--"
    relation = _plain(RELATIONS, one["relation"])
    return f"{one['name']}（{relation}）" if one["relation"] else one["name"]


def _day(day: Any) -> str:
    return day.isoformat() if day else "--"
