"""The papers of dibao, drawn as sheets: certificate, explanation, change table, file list. Printing is recorded."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from core.api import Column, NotFound, Sheet, _, facts_of, format_money
from plugins.dibao.queries import SHOW, dibao_case, show_family
from plugins.dibao.statistics import change_rows
from plugins.dibao.words import AREA_KINDS

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.casework.api import CaseFacts

_SECRET = "涉及家庭经济状况，只送本人和办理单位，不得公开。"  # noqa: S105 - what a paper says, no password
_PAID = ("approved", "active", "phasing_out")


def case_paper(work: "UnitOfWork", number: str, kind: str) -> Sheet:
    """A paper of a case by its kind; raises ``NotFound`` for an unknown one, or one that does not fit yet."""
    if kind not in PAPERS:
        raise NotFound(_("没有这种文书"), hint=", ".join(PAPERS))
    case = dibao_case(work, number, SHOW)
    found = show_family(work, number)
    work.record_read("dibao.paper_printed", f"case:{case.number}", area=case.area, paper=kind)
    return PAPERS[kind](work, case, found)


def change_table(work: "UnitOfWork", month: str) -> Sheet:
    """The change table of a month: new, raised, lowered, stopped, back-pay."""
    work.require(SHOW)
    rows = list(change_rows(work, month))
    work.record_read("dibao.paper_printed", "dibao:list", paper="changes", month=month)
    return Sheet(
        layout="list",
        title="最低生活保障月度变动表",
        number=month,
        office=_office(work),
        dated=work.today,
        columns=(
            Column(name="case", title="申请编号"),
            Column(name="applicant", title="申请人"),
            Column(name="place", title="村（社区）"),
            Column(name="members", title="保障人数", kind="integer"),
            Column(name="change", title="变动"),
            Column(name="before", title="原月补助", kind="money"),
            Column(name="after", title="现月补助", kind="money"),
            Column(name="difference", title="增减", kind="money"),
        ),
        rows=rows,
        total=("合计", "", "", None, "", None, None, sum(row[7] for row in rows)),
        unit="元",
        signatures=("制表人", "审核人", "负责人"),
        landscape=True,
    )


def _certificate(work: "UnitOfWork", case: "CaseFacts", found: Mapping[str, Any]) -> Sheet:
    if case.state not in _PAID or not found["awards"]:
        raise NotFound(_("审核确认以后才能打印低保证"))
    award = found["awards"][0]
    applicant = facts_of(work, [case.applicant_id])[case.applicant_id]
    return Sheet(
        layout="form",
        title="最低生活保障证",
        number=case.number,
        office=_office(work),
        dated=case.decided_on,
        fields=[
            ("申请人", applicant.name),
            ("类别", AREA_KINDS[case.area_kind]),
            ("保障人数", f"{award['members']} 人"),
            ("月保障金额", f"{format_money(award['total_fen'])} 元"),
            ("起始月", found["awards"][-1]["effective_month"]),
        ],
        paragraphs=("家庭人口、收入和财产发生变化的，应当及时告知乡镇人民政府（街道办事处）。",),
        seal=True,
    )


def _explanation(work: "UnitOfWork", case: "CaseFacts", found: Mapping[str, Any]) -> Sheet:
    """Every figure with its rule, as it is attached to the grant (D14) or the refusal (D15)."""
    return Sheet(
        layout="list",
        title="家庭收入核算和补助测算说明",
        number=case.number,
        office=_office(work),
        dated=work.today,
        columns=(
            Column(name="label", title="项目"),
            Column(name="figure", title="金额"),
            Column(name="note", title="依据和算法"),
        ),
        rows=[(one["label"], one["figure"], one["note"]) for one in found["lines"]],
        unit="元/月",
        notes=(_SECRET, f"核算校验码 {found['digest'][:16]}"),
    )


def _archive(work: "UnitOfWork", case: "CaseFacts", found: Mapping[str, Any]) -> Sheet:
    """One family, one file: what lies in it of dibao."""
    counts = (
        ("家庭成员情况", len(found["members_listed"])),
        ("收入申报", len(found["income"])),
        ("财产申报", len(found["property"])),
        ("刚性支出", len(found["expenditure"])),
        ("赡养抚养扶养义务人", len(found["obligors"])),
        ("补助核定", len(found["awards"])),
    )
    return Sheet(
        layout="list",
        title="低保家庭档案目录",
        number=case.number,
        office=_office(work),
        dated=work.today,
        columns=(Column(name="title", title="内容"), Column(name="count", title="份数", kind="integer")),
        rows=list(counts),
        signatures=("归档人",),
        notes=(_SECRET,),
    )


PAPERS: Mapping[str, "Callable[[UnitOfWork, CaseFacts, Mapping[str, Any]], Sheet]"] = {
    "certificate": _certificate,
    "explanation": _explanation,
    "archive": _archive,
}


def _office(work: "UnitOfWork") -> str:
    return f"{work.settings.county.name}民政局"
