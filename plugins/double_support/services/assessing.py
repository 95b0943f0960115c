"""Self-assessment: score sheets by version, scores, evidence, gaps, submission; rounds for the title."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.api import Objection, Refused, UnitOfWork, _, refuse
from plugins.double_support.models import ScoreItem, ScoreSheet, Title
from plugins.double_support.queries import own
from plugins.double_support.rules import Assessment
from plugins.double_support.score_files import Line, Sheet
from plugins.double_support.services.common import (
    ASSESS,
    KEEP,
    county,
    keep,
    moved,
    note,
    past,
    require_public,
    require_state,
    secrets,
    tenths,
)
from plugins.double_support.wishes import OnDay, Step
from plugins.double_support.words import FROZEN, LEVELS
from plugins.double_support.work_wishes import (
    AddEvidence,
    AddTitle,
    AssignGap,
    CloseSheet,
    DecideTitle,
    ScoreItemWish,
)

OPEN = ("imported", "scored", "assigned", "rectified", "reviewed")


def take_sheet(work: UnitOfWork, given: Sheet) -> tuple[ScoreSheet, list[Objection]]:
    """Take in a score sheet as a new version of its level and year; the same once more changes nothing.

    Older versions stay as they are: no score is carried over.
    """
    work.require(ASSESS, county(work))
    level, year = given.level or "province", given.year or work.today.year
    codes = {_(word): code for code, word in LEVELS.items()} | {word: code for code, word in LEVELS.items()}
    level = codes.get(level, level)
    if level not in LEVELS:
        raise refuse(_("没有这个级别"), field="level", code="E_FIELD", hint="、".join(LEVELS))
    refuse_secrets(work, given)
    digest = _digest(level, year, given.lines)
    known = work.session.scalars(select(ScoreSheet).where(col(ScoreSheet.digest) == digest)).first()
    if known is not None:
        words = _("这份评分表已经导入过，没有变更")
        return known, [Objection(reason=words, code="W_DBL_SAME")]
    last = select(func.max(col(ScoreSheet.sheet_version))).where(
        col(ScoreSheet.level) == level, col(ScoreSheet.year) == year
    )
    made = ScoreSheet(
        level=level,
        year=year,
        title=given.title or _("{year} 年双拥自评", year=year),
        sheet_version=(work.session.scalar(last) or 0) + 1,
        digest=digest,
        area=county(work),
        state_on=work.today,
        added_by=work.actor.account_id,
    )
    keep(work, made)
    headings = {one.parent for one in given.lines if one.parent}
    keep(work, *(_item(made, place, one, headings) for place, one in enumerate(given.lines, 1)))
    found = measured(items_of(work, made.id))
    if found.scored == found.items:
        made.state = "scored"
        keep(work, made)
    note(work, "sheet_taken", "sheet", made, level=level, year=year, sheet_version=made.sheet_version)
    return made, []


def _item(sheet: ScoreSheet, place: int, one: Line, headings: set[str]) -> ScoreItem:
    leaf = one.no not in headings
    return ScoreItem(
        sheet_id=sheet.id or 0,
        place=place,
        no=one.no,
        parent=one.parent,
        title=one.title,
        leaf=leaf,
        max_tenths=one.max_tenths,
        self_tenths=one.self_tenths if leaf else None,
        veto_item=one.veto_item,
        veto=one.veto,
        evidence="\n".join(one.evidence)[:1000],
        gap=one.gap,
        owner=one.owner,
        fix_due=one.fix_due,
        area=sheet.area,
    )


def refuse_secrets(work: UnitOfWork, given: Sheet) -> None:
    """Refuse (E_UNIT_SECRET) a sheet of which a text names or locates a unit."""
    texts = [("title", given.title)]
    for one in given.lines:
        texts += [(f"{one.no}.{name}", text) for name, text in (("title", one.title), ("gap", one.gap))]
        texts += [(f"{one.no}.evidence", text) for text in one.evidence]
        texts.append((f"{one.no}.owner", one.owner))
    found = secrets(work, texts)
    if found:
        raise Refused(found)


def _digest(level: str, year: int, lines: Iterable[Line]) -> str:
    plain = [level, year, [asdict(one) for one in lines]]
    return hashlib.sha256(json.dumps(plain, default=str, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def items_of(work: UnitOfWork, sheet_id: int | None) -> list[ScoreItem]:
    """The items of a sheet in the order of the file."""
    asked = select(ScoreItem).where(col(ScoreItem.sheet_id) == sheet_id).order_by(col(ScoreItem.place))
    return list(work.session.scalars(asked))


def measured(items: Iterable[ScoreItem]) -> Assessment:
    """A sheet added up over its leaves; a veto counts wherever it stands."""
    rows = list(items)
    leaves = [one for one in rows if one.leaf]
    return Assessment(
        score_tenths=sum(one.self_tenths or 0 for one in leaves),
        max_tenths=sum(one.max_tenths for one in leaves),
        items=len(leaves),
        scored=sum(one.self_tenths is not None for one in leaves),
        with_evidence=sum(bool(one.evidence) for one in leaves),
        vetoes=sum(one.veto for one in rows),
    )


def conclusion(found: Assessment) -> str:
    """What a sheet comes to, in words."""
    score = f"{found.score_tenths / 10:g}"
    if found.vetoes:
        return _("{score} 分，不能推荐（一票否决）", score=score)
    if found.scored < found.items:
        return _("{score} 分，还有 {count} 项没有自评", score=score, count=found.items - found.scored)
    return _("{score} 分，可以推荐", score=score)


def sheet_facts(work: UnitOfWork, one: ScoreSheet) -> dict[str, Any]:
    """A sheet as commands and the API answer it: the score, whether it is recommendable and ready, what is missing."""
    rows = items_of(work, one.id)
    found = measured(rows)
    return {
        "id": one.id,
        "level": one.level,
        "year": one.year,
        "version": one.sheet_version,
        "state": one.state,
        "score": found.score_tenths / 10,
        "max": found.max_tenths / 10,
        "items": found.items,
        "with_evidence": found.with_evidence,
        "gap": found.gap,
        "ready": found.ready,
        "veto": bool(found.vetoes),
        "vetoes": [row.no for row in rows if row.veto],
        "recommendable": found.recommendable,
        "result": conclusion(found),
        "without_evidence": [row.no for row in rows if row.leaf and not row.evidence],
        "gaps": [row.no for row in rows if row.gap and row.fixed_on is None],
    }


def _open_item(work: UnitOfWork, text: str) -> tuple[ScoreItem, ScoreSheet]:
    one = own(work, ScoreItem, text, ASSESS)
    sheet = work.session.get_one(ScoreSheet, one.sheet_id)
    if sheet.state in FROZEN or not one.leaf:
        raise refuse(_("现在的状态不能这样办理"), code="E_DBL_STATE")
    return one, sheet


def score_item(work: UnitOfWork, text: str, wish: ScoreItemWish) -> ScoreItem:
    """Score an item; refused (E_DBL_ITEM_MAX) above its maximum."""
    require_public(work, wish)
    one, sheet = _open_item(work, text)
    given = tenths(wish.score, "score", 1_000_000)
    if given > one.max_tenths:
        words = _("自评分 {score} 超过满分 {max}", score=f"{given / 10:g}", max=f"{one.max_tenths / 10:g}")
        raise refuse(words, field="score", code="E_DBL_ITEM_MAX")
    one.self_tenths, one.veto = given, wish.veto
    one.veto_item = one.veto_item or wish.veto
    moved(work, one)
    note(work, "item_scored", "item", one, self_tenths=given, veto=wish.veto)
    found = measured(items_of(work, sheet.id))
    if sheet.state == "imported" and found.scored == found.items:
        _stepped(work, sheet, "scored")
    return one


def add_evidence(work: UnitOfWork, text: str, wish: AddEvidence) -> ScoreItem:
    """Name a proof of an item."""
    require_public(work, wish)
    one, _sheet = _open_item(work, text)
    one.evidence = "\n".join(part for part in (one.evidence, wish.evidence.strip()) if part)
    if len(one.evidence) > 1000:
        raise refuse(_("佐证材料写得太长，请上传文件"), field="evidence", code="E_FIELD")
    moved(work, one)
    note(work, "evidence_added", "item", one)
    return one


def assign_gap(work: UnitOfWork, text: str, wish: AssignGap) -> ScoreItem:
    """Say what is missing, who sees to it and until when."""
    require_public(work, wish)
    one, _sheet = _open_item(work, text)
    one.gap, one.owner, one.fix_due, one.fixed_on = wish.gap.strip(), wish.owner.strip(), wish.fix_due, None
    moved(work, one)
    note(work, "gap_assigned", "item", one, fix_due=wish.fix_due.isoformat())
    return one


def rectify(work: UnitOfWork, text: str, wish: OnDay) -> ScoreItem:
    """The gap of an item is closed."""
    one, _sheet = _open_item(work, text)
    if not one.gap or one.fixed_on:
        raise refuse(_("这一项没有待整改的差距"), code="E_DBL_STATE")
    one.fixed_on = past(work, wish.on)
    moved(work, one)
    note(work, "gap_rectified", "item", one)
    return one


def _stepped(work: UnitOfWork, one: ScoreSheet, state: str, reason: str = "") -> ScoreSheet:
    one.state, one.state_on, one.reason = state, work.today, reason
    moved(work, one)
    note(work, "sheet_stepped", "sheet", one, reason=reason, state=state)
    return one


def assign(work: UnitOfWork, text: str, wish: Step) -> ScoreSheet:
    """Every gap has an owner and a day."""
    require_public(work, wish)
    one = own(work, ScoreSheet, text, ASSESS)
    require_state(one, "scored")
    open_ = [row.no for row in items_of(work, one.id) if row.gap and not (row.owner and row.fix_due)]
    if open_:
        raise refuse(_("还没有责任单位和期限：{items}", items="、".join(open_[:20])), code="E_DBL_GAP")
    return _stepped(work, one, "assigned")


def rectified(work: UnitOfWork, text: str, wish: Step) -> ScoreSheet:
    """Every gap is closed."""
    require_public(work, wish)
    one = own(work, ScoreSheet, text, ASSESS)
    require_state(one, "assigned")
    open_ = [row.no for row in items_of(work, one.id) if row.gap and row.fixed_on is None]
    if open_:
        raise refuse(_("还没有整改：{items}", items="、".join(open_[:20])), code="E_DBL_GAP")
    return _stepped(work, one, "rectified")


def review(work: UnitOfWork, text: str, wish: Step) -> ScoreSheet:
    """The county looked it through."""
    require_public(work, wish)
    one = own(work, ScoreSheet, text, KEEP)
    require_state(one, "rectified")
    return _stepped(work, one, "reviewed")


def submit(work: UnitOfWork, text: str, wish: Step) -> ScoreSheet:
    """Hand it in; refused (E_DBL_EVIDENCE) with every item that has no evidence."""
    require_public(work, wish)
    one = own(work, ScoreSheet, text, KEEP)
    lacking = [row.no for row in items_of(work, one.id) if row.leaf and not row.evidence]
    if lacking:
        words = _("还有 {count} 项没有佐证：{items}", count=len(lacking), items="、".join(lacking[:20]))
        raise refuse(words, code="E_DBL_EVIDENCE")
    require_state(one, "reviewed")
    return _stepped(work, one, "submitted")


def check(work: UnitOfWork, text: str, wish: Step) -> ScoreSheet:
    """The superiors looked at it on site."""
    require_public(work, wish)
    one = own(work, ScoreSheet, text, KEEP)
    require_state(one, "submitted")
    return _stepped(work, one, "checked")


def close_sheet(work: UnitOfWork, text: str, wish: CloseSheet) -> ScoreSheet:
    """What became of it."""
    require_public(work, wish)
    one = own(work, ScoreSheet, text, KEEP)
    require_state(one, "checked")
    one.result = wish.result
    return _stepped(work, one, "closed", wish.note.strip())


def add_title(work: UnitOfWork, wish: AddTitle) -> Title:
    """A round for the title begins."""
    work.require(KEEP, county(work))
    same = select(col(Title.id)).where(col(Title.level) == wish.level, col(Title.round) == wish.round)
    if work.session.scalars(same).first() is not None:
        raise refuse(_("这一届已经登记"), field="round", code="E_DBL_KNOWN")
    made = Title(level=wish.level, round=wish.round, year=wish.year, area=county(work), added_by=work.actor.account_id)
    keep(work, made)
    note(work, "title_added", "title", made, level=made.level, round=made.round)
    return made


def decide_title(work: UnitOfWork, text: str, wish: DecideTitle) -> Title:
    """How the round ended."""
    require_public(work, wish)
    one = own(work, Title, text, KEEP)
    require_state(one, "pending")
    one.state, one.document = wish.result, wish.document.strip()
    moved(work, one)
    note(work, "title_decided", "title", one, state=one.state)
    return one
