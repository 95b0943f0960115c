"""What the catalogue keeps and what it measures, as data: the same for pages, commands and the API."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlmodel import col

from core.api import _, area_names, one_more, scoped, staff_by_id
from plugins.indicators.catalogue import SHOW, Named, catalogue, gathered, indicator_named, plugin_titles
from plugins.indicators.judging import SCALE, Aim, Judged, Report, Standing, aim_of, default_aim, judge, targets_of
from plugins.indicators.models import PeriodReport, Stated, Target
from plugins.indicators.periods import Stretch, asked_for, stretch
from plugins.indicators.services.common import county_of, exact_text
from plugins.indicators.services.reporting import figure_text, own_report, rows_of
from plugins.indicators.services.stating import ALARMING, acknowledgement_of, own_stated, told_of, unanswered
from plugins.indicators.services.targets import own_target

if TYPE_CHECKING:
    from core.api import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which rows of a list: by state and text; ``after`` is the last id of the page before, newest first."""

    state: str = ""
    text: str = ""
    after: int = 0
    limit: int | None = 50


def list_indicators(work: "UnitOfWork", period: str = "", plugin: str = "", kind: str = "") -> list[dict[str, Any]]:
    """The catalogue with the target in force in a period; nothing is measured."""
    one = asked_for(period, work.today)
    known = {name: named for name, named in catalogue(work, plugin).items() if not kind or named.one.kind == kind}
    set_, titles = targets_of(work, list(known), one), plugin_titles(work)
    return [_catalogue_line(work, named, one, set_.get(name, {}), titles) for name, named in known.items()]


def _catalogue_line(
    work: "UnitOfWork", named: Named, one: Stretch, rows: Mapping[str, Target], titles: Mapping[str, str]
) -> dict[str, Any]:
    aims = [aim_of(row) for _area, row in sorted(rows.items())] or [default_aim(work, named, one)]
    return {
        "name": named.name,
        "title": named.title,
        "plugin": named.plugin,
        "plugin_title": titles.get(named.plugin, named.plugin),
        "kind": named.one.kind,
        "unit": named.unit,
        "cumulative": named.one.cumulative,
        "targets": [aim_facts(aim) for aim in aims if aim is not None],
    }


def aim_facts(aim: Aim) -> dict[str, Any]:
    """A target as data."""
    return {
        "comparator": aim.comparator,
        "value": exact_text(aim.value),
        "due_on": aim.due_on,
        "document": aim.document,
        "period": aim.period,
        "area": aim.area,
        "target_id": aim.target_id,
    }


def show_indicator(work: "UnitOfWork", name: str, period: str = "") -> dict[str, Any]:
    """One indicator in a period: its areas, the county, the average, who fails."""
    named, one = indicator_named(work, name), asked_for(period, work.today)
    report = judge(work, [named], one)
    if report.failures:
        failure = report.failures[named.plugin]
        return {"name": named.name, "title": named.title, "period": one.text, "note": "", "failure": failure}
    return judged_facts(work, report.judged[0], one)


def judged_facts(work: "UnitOfWork", entry: Judged, one: Stretch) -> dict[str, Any]:
    """One indicator with every area, figures as exact decimals in its unit."""
    names = area_names(work, {row.area for row in entry.rows}) | {county_of(work): _("县本级")}
    return {
        **summary_facts(entry),
        "period": one.text,
        "note": entry.named.one.note,
        "areas": [{"name": names.get(row.area, row.area), **standing_facts(entry, row)} for row in entry.rows],
    }


def summary_facts(entry: Judged) -> dict[str, Any]:
    """One indicator as a line of the report: the county as a whole, the average beside it, met or not."""
    whole = standing_facts(entry, entry.county)
    aim = entry.aim
    return {
        "name": entry.named.name,
        "title": entry.named.title,
        "plugin": entry.named.plugin,
        "kind": entry.named.one.kind,
        "unit": entry.named.unit,
        "cumulative": entry.named.one.cumulative,
        "value": whole["value"],
        "to_date": whole["to_date"],
        "average": "" if entry.average is None else f"{entry.average}",
        "target": aim_facts(aim) if aim else None,
        "state": entry.state,
        "gap": whole["gap"],
        "failing": list(entry.failing),
        "unknown": list(entry.unknown),
    }


def standing_facts(entry: Judged, row: Standing) -> dict[str, Any]:
    """One area: figure, target, state, signed gap; a rate without a base says so."""
    unknown = row.value is None and (row.to_date is None or not entry.named.one.cumulative)
    return {
        "area": row.area,
        "value": figure_text(entry, row.value),
        "to_date": figure_text(entry, row.to_date),
        "target": aim_facts(row.aim) if row.aim else None,
        "state": row.state,
        "gap": exact_text(row.gap),
        "code": "E_RATE_DENOM" if unknown and entry.named.one.kind == "rate" else "",
    }


def period_report(work: "UnitOfWork", period: str = "", plugin: str = "") -> tuple[Report, list[dict[str, Any]]]:
    """Every indicator of a period as a line, and the report it is made of."""
    report = judge(work, list(catalogue(work, plugin).values()), asked_for(period, work.today))
    return report, [summary_facts(entry) for entry in report.judged]


def list_targets(work: "UnitOfWork", wish: Filter) -> list[dict[str, Any]]:
    """Targets that were set, newest first: those in force, or those revoked."""
    work.require(SHOW)
    asked = select(Target).order_by(col(Target.id).desc()).limit(one_more(wish.limit))
    if wish.state:
        asked = asked.where(
            col(Target.revoked_on).is_(None) if wish.state == "current" else col(Target.revoked_on).is_not(None)
        )
    if wish.text:
        asked = asked.where(col(Target.indicator) == wish.text.strip())
    if wish.after:
        asked = asked.where(col(Target.id) < wish.after)
    return _target_lines(work, list(work.session.scalars(asked)))


def show_target(work: "UnitOfWork", text: str) -> dict[str, Any]:
    """One target."""
    work.require(SHOW)
    return _target_lines(work, [own_target(work, text)])[0]


def _target_lines(work: "UnitOfWork", rows: Sequence[Target]) -> list[dict[str, Any]]:
    known = catalogue(work)
    people = staff_by_id(work, [one for row in rows for one in (row.set_by, row.revoked_by) if one])
    names = area_names(work, {row.area for row in rows if row.area})
    return [
        {
            "id": row.id,
            "indicator": row.indicator,
            "title": known[row.indicator].title if row.indicator in known else row.indicator,
            "unit": known[row.indicator].unit if row.indicator in known else "",
            "area": row.area,
            "place": names.get(row.area, row.area),
            "period": row.period,
            "comparator": row.comparator,
            "value": ""
            if row.value_ten_thousandths is None
            else exact_text(Fraction(row.value_ten_thousandths, SCALE)),
            "due_on": row.due_on,
            "document": row.document,
            "state": "revoked" if row.revoked_on else "current",
            "set_on": row.set_on,
            "set_by": people.get(row.set_by, ("", ""))[0],
            "revoked_on": row.revoked_on,
            "reason": row.reason,
        }
        for row in rows
    ]


def list_stated(work: "UnitOfWork", wish: Filter) -> list[dict[str, Any]]:
    """Stated figures of one's areas, newest first; the state "open" are those that nobody has acknowledged."""
    work.require(SHOW)
    asked = select(Stated).order_by(col(Stated.id).desc()).limit(one_more(wish.limit))
    if wish.state == "open":
        asked = asked.where(col(Stated.id).in_([one.id for one in unanswered(work)]))
    if wish.state == "withdrawn":
        asked = asked.where(col(Stated.withdrawn_on).is_not(None))
    if wish.state == "closes":
        asked = asked.where(col(Stated.code) == "", col(Stated.withdrawn_on).is_(None))
    if wish.state == "acknowledged":
        from plugins.indicators.models import Acknowledgement

        asked = asked.where(col(Stated.id).in_(select(col(Acknowledgement.stated_id))))
    if wish.text:
        asked = asked.where(col(Stated.period) == wish.text.strip().upper())
    if wish.after:
        asked = asked.where(col(Stated.id) < wish.after)
    return stated_lines(work, work.session.scalars(scoped(work, asked, col(Stated.area), SHOW)))


def show_stated(work: "UnitOfWork", text: str) -> dict[str, Any]:
    """One stated figure with what was typed and what comes out."""
    return stated_lines(work, [own_stated(work, text)])[0]


def stated_lines(work: "UnitOfWork", found: Iterable[Stated]) -> list[dict[str, Any]]:
    """Stated figures as data, with who acknowledged them and why."""
    rows = list(found)
    answered = acknowledgement_of(work, [row.id or 0 for row in rows])
    people = staff_by_id(work, [*(row.entered_by for row in rows), *(one.acknowledged_by for one in answered.values())])
    names = area_names(work, {row.area for row in rows})
    return [_stated_line(row, answered.get(row.id or 0), people, names) for row in rows]


def _stated_line(
    row: Stated, answer: Any, people: Mapping[int, tuple[str, str]], names: Mapping[str, str]
) -> dict[str, Any]:
    state = "withdrawn" if row.withdrawn_on else "closes" if not row.code else "acknowledged" if answer else "open"
    return {
        "id": row.id,
        "kind": row.kind,
        "title": row.title,
        "source": row.source,
        "period": row.period,
        "area": row.area,
        "place": names.get(row.area, row.area),
        "given": json.loads(row.given),
        "computed": row.computed,
        "stated": row.stated,
        "difference": row.difference,
        "result": row.result,
        "code": row.code,
        "told": told_of(row),
        "state": state,
        "entered_on": row.entered_on,
        "entered_by": people.get(row.entered_by, ("", ""))[0],
        "acknowledged_by": people.get(answer.acknowledged_by, ("", ""))[0] if answer else "",
        "acknowledged_at": answer.acknowledged_at if answer else None,
        "acknowledgement": answer.reason if answer else "",
        "withdrawn_on": row.withdrawn_on,
        "reason": row.reason,
    }


def list_reports(work: "UnitOfWork", wish: Filter) -> list[dict[str, Any]]:
    """Reports that were made, newest first, for who may see the whole county."""
    work.require(SHOW, county_of(work))
    asked = select(PeriodReport).order_by(col(PeriodReport.id).desc()).limit(one_more(wish.limit))
    if wish.state:
        asked = asked.where(col(PeriodReport.state) == wish.state)
    if wish.text:
        asked = asked.where(col(PeriodReport.period) == wish.text.strip().upper())
    if wish.after:
        asked = asked.where(col(PeriodReport.id) < wish.after)
    return _report_lines(work, list(work.session.scalars(asked)))


def show_report(work: "UnitOfWork", text: str) -> dict[str, Any]:
    """One report with its frozen rows and the contradictions of its period."""
    one = own_report(work, text)
    rows = rows_of(work, one.id or 0)
    names = area_names(work, {row.area for row in rows if row.area}) | {county_of(work): _("县本级")}
    line, known = _report_lines(work, [one])[0], gathered(work)[0]
    return {
        **line,
        "rows": [reported_facts(row, names, known) for row in rows],
        "contradictions": contradictions(work, one),
    }


def contradictions(work: "UnitOfWork", one: Any) -> list[dict[str, Any]]:
    """The stated figures of a period that do not hold, acknowledged or not."""
    asked = select(Stated).where(
        col(Stated.since) >= one.since,
        col(Stated.until) <= one.until,
        col(Stated.withdrawn_on).is_(None),
        col(Stated.result).in_(ALARMING),
    )
    return stated_lines(
        work, work.session.scalars(scoped(work, asked.order_by(col(Stated.id)), col(Stated.area), SHOW))
    )


def reported_facts(row: Any, names: Mapping[str, str], known: Mapping[str, Named]) -> dict[str, Any]:
    """A frozen row as data."""
    kept = (
        "indicator", "title", "plugin", "unit", "area", "value", "to_date", "average", "comparator", "target", "due_on",
        "document", "state", "gap",
    )  # fmt: skip
    found = {name: getattr(row, name) for name in kept}
    if row.indicator in known:  # the words of the reader; those of whoever made it when its plugin is off
        found |= {"title": known[row.indicator].title, "unit": known[row.indicator].unit}
    return {**found, "place": names.get(row.area, row.area), "failing": row.failing.split("、") if row.failing else []}


def _report_lines(work: "UnitOfWork", rows: Sequence[PeriodReport]) -> list[dict[str, Any]]:
    people = staff_by_id(work, [one for row in rows for one in (row.made_by, row.checked_by, row.issued_by) if one])
    named = {key: name for key, (name, _office) in people.items()}
    return [
        {
            "id": row.id,
            "number": row.number,
            "period": row.period,
            "period_title": stretch(row.period).in_words,
            "run": row.run,
            "state": row.state,
            "area": row.area,
            "reason": row.reason,
            **{
                name: value
                for step in ("made", "checked", "issued")
                for name, value in (
                    (f"{step}_on", getattr(row, f"{step}_on")),
                    (f"{step}_by", named.get(getattr(row, f"{step}_by") or 0, "")),
                )
            },
        }
        for row in rows
    ]
