"""The two steps on the page: a checked workbook waits, encrypted, until it is run by the hash that was checked."""

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlmodel import col

from core import kept_files
from core.errors import Clash, NotFound
from core.imports.services import Outcome, check_file, find_import, marked_workbook, write_checked
from core.models.uploads import Upload
from core.texts import _

if TYPE_CHECKING:
    from core.work import UnitOfWork

_COLUMN = "core_upload.result_sealed"
_KIND = "uploads"


def store_upload(work: "UnitOfWork", name: str, data: bytes, title: str) -> Upload:
    """Check an uploaded workbook and keep it, encrypted, with what was found; the plugin writes nothing yet."""
    one = find_import(work, name)
    checked = check_file(work, name, data, title)
    row_id = work.next_ids("core_upload", 1)[0]
    marked = ""
    if checked.errors:
        given_back = marked_workbook(one, data, checked, work.policy("households.marked_rows_max"))
        marked = kept_files.keep(work, _KIND, given_back)
    upload = Upload(
        id=row_id,
        import_name=name,
        title=title[:200],
        stored_as=kept_files.keep(work, _KIND, data),
        marked_as=marked,
        content_hash=hashlib.sha256(data).digest(),
        uploaded_at=work.now,
        uploaded_by=work.actor.account_id,
        expires_on=work.today + timedelta(days=work.policy("households.roster_days")),
        result_sealed=_sealed(work, row_id, Outcome(checked)),
    )
    work.session.add(upload)
    work.session.flush()
    work.record("import.checked", f"import:{name}", name=name, rows=len(checked.table), file=upload.content_hash.hex())
    return upload


def run_upload(work: "UnitOfWork", upload_id: int, content_hash: str, *, only_valid: bool = False) -> Outcome:
    """Write what was checked; ``content_hash`` is the checked file's, so that nothing else can slip in."""
    upload = get_upload(work, upload_id)
    if upload.content_hash.hex() != content_hash:
        raise Clash(_("文件与检查过的不同，请重新上传"))
    if upload.imported_at is not None:
        raise Clash(_("这份表格已经导入过"))
    data = kept_files.opened(work, _KIND, upload.stored_as)
    checked = check_file(work, upload.import_name, data, upload.title)
    outcome = write_checked(work, upload.import_name, (checked, content_hash), only_valid=only_valid)
    if outcome.written is not None:
        upload.imported_at = work.now
        upload.result_sealed = _sealed(work, upload_id, outcome)
        work.session.add(upload)
    return outcome


def get_upload(work: "UnitOfWork", upload_id: int) -> Upload:
    """An upload of the actor's own; anybody else's is the same as none (``NotFound``)."""
    upload = work.session.get(Upload, upload_id)
    if upload is None or upload.uploaded_by != work.actor.account_id or upload.expires_on < work.today:
        raise NotFound(_("没有找到这个文件，可能已过期删除"))
    find_import(work, upload.import_name)
    return upload


def list_uploads(work: "UnitOfWork", name: str, limit: int = 20) -> list[Upload]:
    """The actor's own uploads for an import, newest first."""
    find_import(work, name)
    mine = select(Upload).where(
        col(Upload.uploaded_by) == work.actor.account_id,
        col(Upload.import_name) == name,
        col(Upload.expires_on) >= work.today,
    )
    return list(work.session.scalars(mine.order_by(col(Upload.id).desc()).limit(limit)))


def result_of(work: "UnitOfWork", upload: Upload) -> dict[str, Any]:
    """What the check, or the run after it, found."""
    return json.loads(work.keys.unseal(_COLUMN, upload.id or 0, upload.result_sealed))


def marked_file(work: "UnitOfWork", upload_id: int) -> bytes:
    """The clerk's workbook with the bad cells marked; raises ``NotFound`` when nothing was bad."""
    upload = get_upload(work, upload_id)
    if not upload.marked_as:
        raise NotFound(_("这份表格没有错误，没有标注文件"))
    return kept_files.opened(work, _KIND, upload.marked_as)


def forget_old(work: "UnitOfWork") -> None:
    """The daily job: uploads past their day go with their files, and files that no upload knows."""
    old = work.session.scalars(select(Upload).where(col(Upload.expires_on) < work.today)).all()
    if old:
        work.session.execute(delete(Upload).where(col(Upload.id).in_([upload.id for upload in old])))
        work.record("import.uploads_forgotten", "upload", count=len(old))
        kept_files.forget(work, _KIND, [name for one in old for name in (one.stored_as, one.marked_as)])
    rows = work.session.execute(select(col(Upload.stored_as), col(Upload.marked_as)))
    kept_files.sweep(work, _KIND, {name for row in rows for name in row})


def _sealed(work: "UnitOfWork", row_id: int, outcome: Outcome) -> bytes:
    return work.keys.seal(_COLUMN, row_id, json.dumps(outcome.as_json(), ensure_ascii=False))
