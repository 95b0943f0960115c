"""The two steps on the page: a checked workbook waits, encrypted, until it is imported by the hash that was checked."""

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlmodel import col

from core import kept_files
from core.errors import Clash, NotFound
from core.households.importing.marking import marked_workbook
from core.households.importing.run import Outcome, check_file, import_checked
from core.households.models.rosters import Roster
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork

_COLUMN = "household_roster.result_sealed"
_KIND = "rosters"


def store_roster(work: "UnitOfWork", data: bytes, title: str) -> Roster:
    """Check an uploaded workbook and keep it, encrypted, with what was found; nothing else is written."""
    work.require("household.import")
    checked = check_file(work, data, title)
    result = Outcome(checked, None, 0).as_json()
    row_id = work.next_ids("household_roster", 1)[0]
    marked = ""
    if checked.findings.errors:
        marked = kept_files.keep(work, _KIND, marked_workbook(data, checked, work.policy("households.marked_rows_max")))
    roster = Roster(
        id=row_id,
        title=title[:200],
        stored_as=kept_files.keep(work, _KIND, data),
        marked_as=marked,
        content_hash=hashlib.sha256(data).digest(),
        uploaded_at=work.now,
        uploaded_by=work.actor.account_id,
        expires_on=work.today + timedelta(days=work.policy("households.roster_days")),
        result_sealed=work.keys.seal(_COLUMN, row_id, json.dumps(result, ensure_ascii=False)),
    )
    work.session.add(roster)
    work.session.flush()
    work.record("household.checked", f"roster:{row_id}", rows=result["rows"], file=roster.content_hash.hex())
    return roster


def import_stored(work: "UnitOfWork", roster_id: int, content_hash: str, only_valid: bool = False) -> Outcome:
    """Import what was checked; ``content_hash`` is the checked file's, so that nothing else can slip in."""
    roster = get_roster(work, roster_id)
    if roster.content_hash.hex() != content_hash:
        raise Clash(_("文件与检查过的不同，请重新上传"))
    if roster.imported_at is not None:
        raise Clash(_("这份名册已经导入过"))
    data = kept_files.opened(work, _KIND, roster.stored_as)
    outcome = import_checked(work, check_file(work, data, roster.title), content_hash, only_valid)
    if outcome.written is not None:
        roster.imported_at = work.now
        roster.result_sealed = work.keys.seal(_COLUMN, roster_id, json.dumps(outcome.as_json(), ensure_ascii=False))
        work.session.add(roster)
        work.record("household.checked", f"roster:{roster_id}", rows=len(outcome.checked.roster), imported=True)
    return outcome


def get_roster(work: "UnitOfWork", roster_id: int) -> Roster:
    """A roster of the actor's own; anybody else's is the same as none (``NotFound``)."""
    work.require("household.import")
    roster = work.session.get(Roster, roster_id)
    if roster is None or roster.uploaded_by != work.actor.account_id or roster.expires_on < work.today:
        raise NotFound(_("没有找到这份名册，可能已过期删除"))
    return roster


def list_rosters(work: "UnitOfWork", limit: int = 20) -> list[Roster]:
    """The actor's own rosters, newest first."""
    work.require("household.import")
    mine = select(Roster).where(col(Roster.uploaded_by) == work.actor.account_id, col(Roster.expires_on) >= work.today)
    return list(work.session.scalars(mine.order_by(col(Roster.id).desc()).limit(limit)))


def result_of(work: "UnitOfWork", roster: Roster) -> dict[str, Any]:
    """What the check, or the import after it, found."""
    if roster.result_sealed is None:
        return {}
    return json.loads(work.keys.unseal(_COLUMN, roster.id or 0, roster.result_sealed))


def marked_file(work: "UnitOfWork", roster_id: int) -> bytes:
    """The clerk's workbook with the bad cells marked; raises ``NotFound`` when nothing was bad."""
    roster = get_roster(work, roster_id)
    if not roster.marked_as:
        raise NotFound(_("这份名册没有错误，没有标注文件"))
    return kept_files.opened(work, _KIND, roster.marked_as)


def forget_old(work: "UnitOfWork") -> None:
    """The daily job: rosters past their day are deleted with their files; the audit keeps their hash."""
    old = work.session.scalars(select(Roster).where(col(Roster.expires_on) < work.today)).all()
    if not old:
        return
    work.session.execute(delete(Roster).where(col(Roster.id).in_([roster.id for roster in old])))
    work.record("household.rosters_forgotten", "roster", count=len(old))
    kept_files.forget(work, _KIND, [name for roster in old for name in (roster.stored_as, roster.marked_as)])


def sweep_files(work: "UnitOfWork") -> None:
    """The daily job: files that no roster knows are deleted, left over from an act that broke off."""
    rows = work.session.execute(select(col(Roster.stored_as), col(Roster.marked_as)))
    kept_files.sweep(work, _KIND, {name for row in rows for name in row})
