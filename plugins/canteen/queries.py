"""Questions about canteens: only reads, within the areas of who asks; files of persons leave a read record."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import col

from core.api import (
    UnitOfWork,
    _,
    age_on,
    area_names,
    facts_of,
    id_numbers_of,
    in_parts,
    payee_names,
    scoped,
    staff_by_id,
    within,
)
from plugins.canteen import sealed
from plugins.canteen.models import (
    Assessment,
    Card,
    Contract,
    Diner,
    Feedback,
    Grant,
    GrantPart,
    Inspection,
    Operator,
    Sample,
    Set,
    Settlement,
    SettlementStep,
    Site,
    SiteState,
    SubsidyPolicy,
    Target,
)
from plugins.canteen.rules import Rates, Tier, months_after
from plugins.canteen.services.common import DINERS, SHOW, own_operator, own_site
from plugins.canteen.services.enrolling import own_diner
from plugins.canteen.services.settling import own_settlement
from plugins.canteen.services.supervising import own_inspection
from plugins.canteen.tiers import entitled, rates_on
from plugins.canteen.words import PAYER_WORDS, STATUSES


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which rows of a list: by state, area and below, number or month; ``after`` is the last id of the page before."""

    state: str = ""
    area: str = ""
    text: str = ""
    after: int = 0
    limit: int = 50


def _page(work: UnitOfWork, model: Any, wish: Filter, right: str, *, newest: bool = False) -> Any:
    asked = select(model).order_by(model.id.desc() if newest else model.id).limit(wish.limit + 1)
    if wish.after:
        asked = asked.where(model.id < wish.after if newest else model.id > wish.after)
    if wish.area:
        asked = asked.where(within(model.area, [wish.area]))
    return scoped(work, asked, model.area, right)


def plain(one: Any, *hidden: str) -> dict[str, Any]:
    """A row as a dictionary, without who wrote it and what is sealed."""
    never = {"added_by", "recorded_by", "issued_by", "decided_by", "imported_by", "set_by", "made_by", "checked_by",
             "approved_by", "closed_by", "diet", "phone_sealed", "matter", "digest", "code_sealed"}  # fmt: skip
    return {name: getattr(one, name) for name in type(one).model_fields if name not in never | set(hidden)}


def by_id(work: UnitOfWork, model: Any, ids: Iterable[int | None]) -> dict[int, Any]:
    """Rows by id."""
    wanted = sorted({one for one in ids if one})
    found: dict[int, Any] = {}
    for part in in_parts(wanted):
        asked = select(model).where(model.id.in_(part))
        found.update({one.id: one for one in work.session.scalars(asked)})
    return found


def places_of(work: UnitOfWork, codes: Iterable[str]) -> dict[str, str]:
    """Town and village of 12-digit codes in words."""
    wanted = set(codes)
    names = area_names(work, wanted | {code[:9] for code in wanted})
    return {code: " ".join(part for part in (names.get(code[:9], ""), names.get(code, "")) if part) for code in wanted}


def list_sites(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Sites of one's areas; one more than ``limit`` when there are more."""
    work.require(SHOW)
    asked = _page(work, Site, wish, SHOW)
    if wish.state:
        asked = asked.where(col(Site.state) == wish.state)
    if wish.text:
        text = wish.text.strip()
        asked = asked.where(or_(col(Site.number) == text.upper(), col(Site.name).contains(text, autoescape=True)))
    return site_lines(work, list(work.session.scalars(asked)))


def site_lines(work: UnitOfWork, rows: Sequence[Site]) -> list[dict[str, Any]]:
    """Sites in a line each."""
    places, operators = (
        places_of(work, [one.area for one in rows]),
        by_id(work, Operator, [o.operator_id for o in rows]),
    )
    return [
        {
            **plain(one),
            "place": places.get(one.area, ""),
            "operator": operators[one.operator_id].name if one.operator_id in operators else "",
        }
        for one in rows
    ]


def show_site(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One site in full, without its diners."""
    one = own_site(work, text)
    parent = by_id(work, Site, [one.parent_kitchen_id]).get(one.parent_kitchen_id or 0)
    grants = _of(work, Grant, one)
    return {
        **site_lines(work, [one])[0],
        "parent": parent.number if parent else "",
        "sets": [plain(row) for row in _sets(work, one)],
        "states": [plain(row) for row in _of(work, SiteState, one)],
        "contracts": contracts_of(work, one),
        "samples": [plain(row) for row in _of(work, Sample, one)[:50]],
        "inspections": [plain(row) for row in _of(work, Inspection, one)],
        "assessments": [plain(row) for row in _of(work, Assessment, one)],
        "feedback": feedback_of(work, one),
        "settlements": [plain(row) for row in _of(work, Settlement, one)],
        "grants": [grant_line(work, row) for row in grants],
        "diners": work.session.scalar(
            select(func.count()).where(col(Diner.site_id) == one.id, col(Diner.to_on).is_(None))
        ),
    }


def _of(work: UnitOfWork, model: Any, one: Site) -> list[Any]:
    return list(work.session.scalars(select(model).where(model.site_id == one.id).order_by(model.id.desc())))


def _sets(work: UnitOfWork, one: Site) -> list[Set]:
    asked = select(Set).where(col(Set.site_id) == one.id, or_(col(Set.to_on).is_(None), col(Set.to_on) >= work.today))
    return list(work.session.scalars(asked.order_by(col(Set.code), col(Set.from_on))))


def contracts_of(work: UnitOfWork, one: Site) -> list[dict[str, Any]]:
    """The contracts under which a site is run."""
    if one.operator_id is None:
        return []
    asked = select(Contract).where(
        col(Contract.operator_id) == one.operator_id,
        or_(col(Contract.site_id).is_(None), col(Contract.site_id) == one.id),
    )
    return [plain(row) for row in work.session.scalars(asked.order_by(col(Contract.from_on).desc()))]


def feedback_of(work: UnitOfWork, one: Site) -> list[dict[str, Any]]:
    """What diners said of a site; the words of complaints only for who sees diners."""
    may = work.may(DINERS, one.area)
    return [
        {**plain(row), "words": sealed.unseal(work, sealed.MATTER, row.id, row.matter) if may else ""}
        for row in _of(work, Feedback, one)
    ]


def grant_line(work: UnitOfWork, one: Grant) -> dict[str, Any]:
    """A grant with its parts."""
    parts = select(GrantPart).where(col(GrantPart.grant_id) == one.id).order_by(col(GrantPart.place))
    return {**plain(one), "parts": [plain(part) for part in work.session.scalars(parts)]}


def list_diners(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Diners of one's areas with their tier of today; reading the list is recorded."""
    work.require(DINERS)
    asked = _page(work, Diner, wish, DINERS)
    late = months_after(work.today, -work.policy("canteen.review_months"))
    if wish.state == "ended":
        asked = asked.where(col(Diner.to_on).is_not(None))
    elif wish.state:
        waits = func.coalesce(col(Diner.reviewed_on), col(Diner.from_on)) < late
        asked = asked.where(col(Diner.to_on).is_(None), waits if wish.state == "review" else ~waits)
    rows = list(work.session.scalars(asked))
    if rows:
        work.record_read("canteen.list_read", "canteen_diner:list")
    return diner_lines(work, rows)


def diner_lines(work: UnitOfWork, rows: Sequence[Diner]) -> list[dict[str, Any]]:
    """Diners in a line each: name, age, tier of today, whether a card is in use."""
    facts = facts_of(work, [one.person_id for one in rows])
    places = places_of(work, [one.area for one in rows])
    sites = by_id(work, Site, [one.site_id for one in rows])
    found = entitled(work, [one.person_id for one in rows], work.today, [one.statuses for one in rows])
    late, leap = months_after(work.today, -work.policy("canteen.review_months")), work.policy("identity.leap_birthday")
    return [
        {
            "id": one.id,
            "person_id": one.person_id,
            "name": facts[one.person_id].name if one.person_id in facts else "",
            "age": _age(facts.get(one.person_id), work.today, leap),
            "tier": str(tier),
            "rate_fen": int(rate),
            "area": one.area,
            "place": places.get(one.area, ""),
            "site": sites[one.site_id].number if one.site_id in sites else "",
            "site_name": sites[one.site_id].name if one.site_id in sites else "",
            "from_on": one.from_on,
            "to_on": one.to_on,
            "delivery_needed": bool(one.delivery_needed),
            "reviewed_on": one.reviewed_on,
            "state": "ended" if one.to_on else "review" if (one.reviewed_on or one.from_on) < late else "enrolled",
        }
        for one, tier, rate in zip(rows, found.tiers, found.rates, strict=True)
    ]


def _age(one: Any, day: date, leap: Any) -> int | None:
    return age_on(one.birth_date, day, leap) if one and one.birth_date else None


def show_diner(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One diner in full, the number masked; opening it is recorded first."""
    one = own_diner(work, text, DINERS)
    work.record_read("canteen.file_read", f"canteen_diner:{one.id}", area=one.area)
    cards = select(Card).where(col(Card.diner_id) == one.id).order_by(col(Card.id).desc())
    return {
        **diner_lines(work, [one])[0],
        "id_masked": str(id_numbers_of(work, [one.person_id]).get(one.person_id) or ""),
        "statuses": [word for word in one.statuses.split(",") if word],
        "delivery_reason": one.delivery_reason,
        "diet": sealed.unseal(work, sealed.DIET, one.id, one.diet),
        "phone_given": one.phone is not None,
        "consent_on": one.consent_on,
        "end_reason": one.end_reason,
        "cards": [plain(card) for card in work.session.scalars(cards)],
        "version": one.version,
    }


def list_operators(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Operators of the county."""
    work.require(SHOW)
    asked = select(Operator).where(col(Operator.id) > wish.after).order_by(col(Operator.id)).limit(wish.limit + 1)
    if wish.text:
        asked = asked.where(col(Operator.code) == wish.text.strip().upper())
    rows = list(work.session.scalars(asked))
    asked = select(col(Site.operator_id), func.count()).where(col(Site.state) != "closed")
    counts = {row[0]: row[1] for row in work.session.execute(asked.group_by(col(Site.operator_id)))}
    return [{**plain(one), "sites": counts.get(one.id, 0)} for one in rows]


def show_operator(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One operator: account's last digits, contracts, sites in one's areas."""
    one = own_operator(work, text)
    account = payee_names(work, [one.payee_id]).get(one.payee_id, ("", "")) if one.payee_id else ("", "")
    contracts = list(
        work.session.scalars(
            select(Contract).where(col(Contract.operator_id) == one.id).order_by(col(Contract.from_on).desc())
        )
    )
    sites = work.session.scalars(
        scoped(work, select(Site).where(col(Site.operator_id) == one.id), col(Site.area), SHOW)
    )
    numbers = by_id(work, Site, [row.site_id for row in contracts])
    return {
        **plain(one),
        "account_tail": account[1],
        "contracts": [
            {**plain(row), "site": numbers[row.site_id].number if row.site_id in numbers else ""} for row in contracts
        ],
        "sites": [plain(row) for row in sites],
    }


def list_inspections(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Inspections, newest first; ``state`` may be a severity, "waiting" or "overdue"."""
    work.require(SHOW)
    asked = _page(work, Inspection, wish, SHOW, newest=True)
    if wish.state in ("waiting", "overdue"):
        asked = asked.where(col(Inspection.deadline).is_not(None), col(Inspection.rectified_on).is_(None))
        if wish.state == "overdue":
            asked = asked.where(col(Inspection.deadline) < work.today)
    elif wish.state:
        asked = asked.where(col(Inspection.severity) == wish.state)
    return inspection_lines(work, list(work.session.scalars(asked)))


def inspection_lines(work: UnitOfWork, rows: Sequence[Inspection]) -> list[dict[str, Any]]:
    """Inspections in a line each."""
    sites = by_id(work, Site, [one.site_id for one in rows])
    return [
        {
            **plain(one),
            "site": sites[one.site_id].number,
            "site_name": sites[one.site_id].name,
            "overdue": bool(one.deadline and not one.rectified_on and one.deadline < work.today),
            "state": one.severity if not one.rectified_on else "rectified",
        }
        for one in rows
    ]


def show_inspection(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One inspection."""
    return inspection_lines(work, [own_inspection(work, text)])[0]


def list_settlements(work: UnitOfWork, wish: Filter) -> list[dict[str, Any]]:
    """Settlements, newest first; ``text`` is a month."""
    work.require(SHOW)
    asked = _page(work, Settlement, wish, SHOW, newest=True)
    if wish.state:
        asked = asked.where(col(Settlement.state) == wish.state)
    if wish.text:
        asked = asked.where(col(Settlement.month) == wish.text.strip())
    return settlement_lines(work, list(work.session.scalars(asked)))


def settlement_lines(work: UnitOfWork, rows: Sequence[Settlement]) -> list[dict[str, Any]]:
    """Settlements in a line each."""
    sites, operators = (
        by_id(work, Site, [o.site_id for o in rows]),
        by_id(work, Operator, [o.operator_id for o in rows]),
    )
    return [
        {
            **plain(one),
            "parts": json.loads(one.parts),
            "site": sites[one.site_id].number,
            "site_name": sites[one.site_id].name,
            "operator": operators[one.operator_id].name if one.operator_id in operators else "",
        }
        for one in rows
    ]


def show_settlement(work: UnitOfWork, text: str) -> dict[str, Any]:
    """One settlement with its steps."""
    one = own_settlement(work, text)
    steps = list(
        work.session.scalars(
            select(SettlementStep).where(col(SettlementStep.settlement_id) == one.id).order_by(col(SettlementStep.id))
        )
    )
    names = staff_by_id(work, {step.account_id for step in steps} | {one.made_by})
    return {
        **settlement_lines(work, [one])[0],
        "digest": one.digest,
        "made_by": names.get(one.made_by, ("", ""))[0],
        "steps": [
            {"step": step.step, "reason": step.reason, "at": step.at, "who": names.get(step.account_id, ("", ""))[0]}
            for step in steps
        ],
    }


def list_policies(work: UnitOfWork) -> list[dict[str, Any]]:
    """The documents that were taken in, newest first."""
    work.require(SHOW)
    rows = work.session.scalars(select(SubsidyPolicy).order_by(col(SubsidyPolicy.valid_from).desc()))
    return [plain(one, "content") for one in rows]


def show_rates(work: UnitOfWork, day: date) -> dict[str, Any]:
    """The rates of a day in words."""
    work.require(SHOW)
    rates = rates_on(work, day)
    return {
        "document": rates.document,
        "tiers": [
            {
                "code": tier.code,
                "who": who_of(tier),
                "rate_fen": tier.rate_fen,
                "parts": {_(PAYER_WORDS[payer]): fen for payer, fen in tier.parts.items()},
            }
            for tier in rates.tiers
        ],
        "operating": _operating(rates),
        "cap_fen": rates.operating.cap_fen,
        "factors": dict(rates.operating.factors),
    }


def who_of(tier: Tier) -> str:
    """Whom a tier is for, in words."""
    parts = []
    if tier.age_from is not None and tier.age_to is not None:
        parts.append(_("{since} 至 {until} 周岁", since=tier.age_from, until=tier.age_to))
    elif tier.age_from is not None:
        parts.append(_("{since} 周岁以上", since=tier.age_from))
    if tier.statuses:
        words = "、".join(_(STATUSES[one]) for one in tier.statuses)
        least = _("{age} 周岁以上的{words}", age=tier.status_age, words=words) if tier.status_age else words
        parts.append(least)
    return "；".join(parts)


def _operating(rates: Rates) -> list[Mapping[str, int]]:
    return [{"average": average, "rate_fen": fen} for average, fen in rates.operating.rates]


def target_of(work: UnitOfWork, year: int) -> Target | None:
    """The plan of a year; the newest figure holds."""
    asked = select(Target).where(col(Target.year) == year).order_by(col(Target.id).desc())
    return work.session.scalars(asked).first()


def licences_ending(work: UnitOfWork) -> list[Site]:
    """Running sites whose food licence ends soon."""
    until = work.today + timedelta(days=work.policy("canteen.licence_warning_days"))
    asked = select(Site).where(col(Site.state).in_(("trial", "open")), col(Site.licence_to) <= until)
    return list(work.session.scalars(scoped(work, asked, col(Site.area), SHOW).order_by(col(Site.licence_to))))
