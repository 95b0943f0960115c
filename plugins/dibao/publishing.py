"""The long-term list of recipients: applicant, number of members and amount, and nothing else."""

from typing import TYPE_CHECKING

from core.api import Period, _, facts_of, refuse
from plugins.casework.api import facts_of_cases
from plugins.dibao.statistics import holding
from plugins.notices.api import NewNotice, NoticeColumn, NoticeRow, NoticeType, open_notice

if TYPE_CHECKING:
    from core.api import UnitOfWork

PUBLISH = "dibao.export"
TYPES = (
    NoticeType(
        name="dibao.recipients",
        title="最低生活保障家庭长期公示",
        intro="下列 {count} 户享受最低生活保障，现予公示，接受群众监督。",
        columns=(
            NoticeColumn(name="applicant", title="申请人", rule="name"),
            NoticeColumn(name="members", title="保障人数", rule="count", total=True),
            NoticeColumn(name="amount", title="月保障金额（元）", rule="money", total=True),
        ),
        office="township",
        long_term=True,
    ),
)


def post_recipients(work: "UnitOfWork", area: str) -> int:
    """Open the long-term list of a village as of this month."""
    work.require(PUBLISH, area)
    month = str(Period.of(work.today))
    awards = holding(work, month, area)
    if not awards:
        raise refuse(_("这个村没有在保家庭"), field="area", code="E_NOTHING_DUE")
    cases = facts_of_cases(work, [one.case_id for one in awards])
    facts = facts_of(work, {one.applicant_id for one in cases.values()})
    rows = tuple(
        NoticeRow(person_id=cases[one.case_id].applicant_id, values={"members": one.members, "amount": one.total_fen})
        for one in awards
        if cases[one.case_id].applicant_id in facts
    )
    made = open_notice(
        work,
        NewNotice(
            type="dibao.recipients", area=area, rows=rows, scheme="最低生活保障", period=month, levels=("village",)
        ),
    )
    work.record("dibao.posted", f"notice:{made}", area=area, families=len(rows))
    return made
