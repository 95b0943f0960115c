"""Reports of a period: made and frozen by one, checked by another, issued by a third; a newer one takes its place."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select
from sqlmodel import col

from core.api import Objection, Refused, _, refuse, table_of
from plugins.indicators.catalogue import SHOW, catalogue
from plugins.indicators.judging import Aim, Judged, Standing, judge
from plugins.indicators.models import PeriodReport, Reported
from plugins.indicators.periods import Stretch, stretch
from plugins.indicators.services.common import CHECK, ISSUE, MAKE, county_of, exact_text, found, keep, moved
from plugins.indicators.services.stating import told_of, unanswered
from plugins.indicators.wishes import MakeReport, Nothing

if TYPE_CHECKING:
    from core.api import UnitOfWork

_FAILING_MOST = 40


def make_report(work: "UnitOfWork", wish: MakeReport) -> PeriodReport:
    """Measure every indicator of a period the maker may see, for the whole county, and freeze what came out."""
    county = county_of(work)
    work.require(MAKE, county)
    one = stretch(wish.period)
    if one.since > work.today:
        raise refuse(_("这个期间还没有开始"), field="period", code="E_PERIOD")
    run = (
        work.session.scalar(select(func.max(col(PeriodReport.run))).where(col(PeriodReport.period) == one.text)) or 0
    ) + 1
    if run > 1 and not wish.reason.strip():
        raise refuse(_("这个期间已经编制过，请写重新编制的事由"), field="reason", code="E_IND_REASON")
    wanted = [named for named in catalogue(work).values() if work.may(named.one.permission, county)]
    judged = judge(work, wanted, one)
    if judged.failures:
        objections = [
            Objection(reason=reason, plugin=name, code="E_PLUGIN") for name, reason in judged.failures.items()
        ]
        raise Refused(objections)
    made = PeriodReport(
        number=f"ZB-{county}-{one.text}-{run}",
        period=one.text,
        since=one.since,
        until=one.until,
        run=run,
        area=county,
        reason=wish.reason.strip(),
        made_on=work.today,
        made_by=work.actor.account_id,
    )
    _replace(work, one, "made", "checked")
    keep(work, made)
    rows = [row for at, entry in enumerate(judged.judged) for row in _rows(made.id or 0, at, entry)]
    if rows:
        work.session.connection().execute(insert(table_of(Reported)), rows)
    work.record(
        "indicators.report_made",
        f"indicators_report:{made.number}",
        reason=made.reason,
        indicators=len(judged.judged),
        not_met=judged.count("not_met"),
    )
    return made


def check_report(work: "UnitOfWork", text: str, _wish: Nothing) -> PeriodReport:
    """Check a report that somebody else made."""
    one = _own(work, text, CHECK)
    _require_state(one, "made")
    if one.made_by == work.actor.account_id:
        raise refuse(_("编制人不能审核自己的报表"), code="E_SOD")
    one.state, one.checked_on, one.checked_by = "checked", work.today, work.actor.account_id
    moved(work, one)
    work.record("indicators.report_checked", f"indicators_report:{one.number}")
    return one


def issue_report(work: "UnitOfWork", text: str, _wish: Nothing) -> PeriodReport:
    """Issue a checked report; refused while a stated figure of its period does not hold and nobody acknowledged it."""
    one = _own(work, text, ISSUE)
    _require_state(one, "checked")
    if work.actor.account_id in (one.made_by, one.checked_by):
        raise refuse(_("编制人和审核人不能签发这张报表"), code="E_SOD")
    open_ = unanswered(work, stretch(one.period), ISSUE)
    if open_:
        raise Refused(
            [
                Objection(
                    reason=_("{title}：{told}，还没有人说明", title=row.title, told=told_of(row)),
                    code=row.code,
                    hint=f"indicators stated acknowledge {row.id}",
                )
                for row in open_
            ]
        )
    _replace(work, stretch(one.period), "issued")
    one.state, one.issued_on, one.issued_by = "issued", work.today, work.actor.account_id
    moved(work, one)
    work.record("indicators.report_issued", f"indicators_report:{one.number}")
    return one


def own_report(work: "UnitOfWork", text: str, permission: str = SHOW) -> PeriodReport:
    """A report by its number or id, for who may see the whole county; raises ``NotFound``."""
    work.require(permission, county_of(work))
    return found(work, PeriodReport, text, _("没有找到这张报表"))


def rows_of(work: "UnitOfWork", report_id: int) -> list[Reported]:
    """The frozen rows of a report, as they were made."""
    asked = select(Reported).where(col(Reported.report_id) == report_id).order_by(col(Reported.id))
    return list(work.session.scalars(asked))


def _own(work: "UnitOfWork", text: str, permission: str) -> PeriodReport:
    return own_report(work, text, permission)


def _require_state(one: PeriodReport, state: str) -> None:
    if one.state != state:
        raise refuse(_("现在的状态不能这样办理"), code="E_IND_STATE")


def _replace(work: "UnitOfWork", one: Stretch, *states: str) -> None:
    """A new report takes the place of those that were not issued; an issued one stands until the new one is issued."""
    asked = select(PeriodReport).where(col(PeriodReport.period) == one.text, col(PeriodReport.state).in_(states))
    for older in work.session.scalars(asked).all():
        older.state = "replaced"
        moved(work, older)


def _rows(report_id: int, position: int, entry: Judged) -> list[dict[str, Any]]:
    """The county's row of an indicator, then its areas."""
    head = {
        "report_id": report_id,
        "position": position,
        "plugin": entry.named.plugin,
        "indicator": entry.named.name,
        "title": entry.named.title[:120],
        "unit": entry.named.unit[:20],
    }
    aim, county = entry.aim, entry.county
    failing = "、".join(entry.failing[:_FAILING_MOST])
    whole = {
        **head, "area": "", **_figures(entry, county), "average": "" if entry.average is None else f"{entry.average}",
        **_aimed(aim), "state": entry.state, "failing": failing,
    }  # fmt: skip
    lines = [
        {**head, "area": row.area, **_figures(entry, row), "average": "", **_aimed(row.aim), "state": row.state,
         "failing": ""}
        for row in entry.rows
    ]  # fmt: skip
    return [whole, *lines]


def _figures(entry: Judged, row: Standing) -> dict[str, str]:
    return {
        "value": figure_text(entry, row.value),
        "to_date": figure_text(entry, row.to_date),
        "gap": exact_text(row.gap),
    }


def figure_text(entry: Judged, value: Any) -> str:
    """A figure as a report keeps it; the day of a deadline in ISO form."""
    if value is not None and entry.named.one.kind == "deadline":
        from datetime import date

        return date.fromordinal(int(value)).isoformat()
    return exact_text(value)


def _aimed(aim: Aim | None) -> dict[str, Any]:
    if aim is None:
        return {"comparator": "", "target": "", "due_on": None, "document": ""}
    return {
        "comparator": aim.comparator,
        "target": exact_text(aim.value),
        "due_on": aim.due_on,
        "document": aim.document[:80],
    }
