"""Attachments: files of a person, household or case, encrypted on disk, opened by whoever may see their owner."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from core import kept_files
from core.asking import Question
from core.errors import Fault, NotFound, refuse
from core.households.models.households import Household
from core.identity.models.accounts import Account
from core.identity.models.attachments import Attachment
from core.identity.models.persons import Person
from core.identity.queries import visible
from core.scope import covers
from core.tables import columns
from core.texts import _
from core.values import row_id

if TYPE_CHECKING:
    from core.work import UnitOfWork

_MEGABYTE = 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"
_KINDS = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    ".docx": (f"{_OFFICE}.wordprocessingml.document", b"PK\x03\x04"),
    ".xlsx": (f"{_OFFICE}.spreadsheetml.sheet", b"PK\x03\x04"),
}
FILES = "attachments"

_FILE, _STAFF = columns(Attachment), columns(Account)
_LINES = Question(
    select(
        _FILE.id, _FILE.title, _FILE.media_type, _FILE.size, _FILE.added_at, _FILE.expires_on, _STAFF.title.label("by")
    )
    .outerjoin(_STAFF.id.table, _STAFF.id == _FILE.added_by)
    .where(_FILE.owner == bindparam("owner"))
    .order_by(_FILE.id.desc())
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class NewAttachment:
    """A file to keep: ``owner`` is ``person:7``, ``household:12`` or a plugin's subject with its ``area``."""

    owner: str
    file_name: str
    data: bytes
    title: str = ""
    area: str = ""
    expires_on: date | None = None


@dataclass(frozen=True)
class Download:
    """An opened file; serve it as an attachment, never inline."""

    title: str
    media_type: str
    data: bytes


def add_attachment(work: "UnitOfWork", wish: NewAttachment) -> Attachment:
    """Keep a file with its owner; refused when it is too large, empty, or not what its name says."""
    area = owner_area(work, wish.owner, wish.area, "attachment.add")
    work.require("attachment.add", area=area)
    media_type = _fit_media_type(work, wish)
    months = work.policy("identity.attachment_months")
    attachment = Attachment(
        owner=wish.owner,
        area=area,
        title=(wish.title.strip() or Path(wish.file_name).name).replace("\0", "")[:200],
        media_type=media_type,
        size=len(wish.data),
        stored_as=kept_files.keep(work, FILES, wish.data),
        content_hash=hashlib.sha256(wish.data).digest(),
        added_at=work.now,
        added_by=work.actor.account_id,
        expires_on=wish.expires_on or work.today + timedelta(days=months * 365 // 12),
    )
    work.session.add(attachment)
    work.session.flush()
    after = {"title": attachment.title, "size": attachment.size, "hash": attachment.content_hash}
    work.record("attachment.added", wish.owner, area=area, after=after, attachment=attachment.id)
    return attachment


def attachments_of(work: "UnitOfWork", owner: str, area: str = "") -> Sequence[Attachment]:
    """The files of an owner the actor may see, newest first; raises ``NotFound`` outside the area."""
    work.require("attachment.show")
    owner_area(work, owner, area, "attachment.show")
    return work.session.scalars(
        select(Attachment).where(col(Attachment.owner) == owner).order_by(col(Attachment.id).desc())
    ).all()


def attachment_lines(work: "UnitOfWork", owner: str) -> list[dict[str, Any]]:
    """The newest files of an owner as a page lists them; right and area are the caller's."""
    return [row._asdict() for row in work.ask(_LINES, owner=owner)]


def open_attachment(work: "UnitOfWork", attachment_id: int) -> Download:
    """Open a file for somebody who may see its owner; leaves a read record first."""
    attachment = visible_attachment(work, attachment_id, "attachment.show")
    work.record_read("attachment.opened", f"attachment:{attachment.id}", area=attachment.area)
    try:
        data = kept_files.opened(work, FILES, attachment.stored_as)
    except NotFound:
        raise Fault(_("附件 {id} 的文件不在磁盘上，请从备份恢复", id=attachment.id)) from None
    return Download(attachment.title, attachment.media_type, data)


def remove_attachment(work: "UnitOfWork", attachment_id: int, reason: str) -> None:
    """Delete a file before its time; the audit keeps its hash."""
    attachment = visible_attachment(work, attachment_id, "attachment.remove")
    if not reason.strip():
        raise refuse(_("删除附件请说明事由"), field="reason", code="E_REASON")
    _remove(work, attachment, reason.strip())


def remove_expired(work: "UnitOfWork") -> None:
    """Delete the files whose time is over; the job of every day."""
    due = select(Attachment).where(col(Attachment.expires_on) < work.today)
    for attachment in work.session.scalars(due).all():
        _remove(work, attachment, _("保存期满"))


def sweep_files(work: "UnitOfWork") -> None:
    """Delete files on disk that no row knows, a day after they were written: left over from a crash."""
    kept_files.sweep(work, FILES, set(work.session.scalars(select(col(Attachment.stored_as)))))


def _remove(work: "UnitOfWork", attachment: Attachment, reason: str) -> None:
    before = {"title": attachment.title, "size": attachment.size, "hash": attachment.content_hash}
    work.session.delete(attachment)
    work.session.flush()
    work.record("attachment.removed", attachment.owner, area=attachment.area, reason=reason, before=before)
    # The bytes go by a job after the commit: gone before it, they would be lost if it failed.
    work.enqueue("identity.sweep_files")


def visible_attachment(work: "UnitOfWork", attachment_id: int, permission: str) -> Attachment:
    """A file whose owner the actor may see; raises ``NotFound``."""
    work.require(permission)
    attachment = work.session.get(Attachment, attachment_id)
    if attachment is None:
        raise _no_attachment()
    try:
        owner_area(work, attachment.owner, attachment.area, permission)
    except NotFound:
        raise _no_attachment() from None
    return attachment


def owner_area(work: "UnitOfWork", owner: str, area: str, permission: str) -> str:
    """The area of an owner within which the actor holds a right; raises ``NotFound``. ``area`` is a plugin's word."""
    # Persons and households move: their area of today counts, not the one kept beside the file.
    kind, _colon, number = owner.partition(":")
    if kind == "person" and row_id(number):
        found = work.session.scalar(
            select(col(Person.hukou_area)).where(col(Person.id) == row_id(number), visible(work, permission))
        )
    elif kind == "household" and row_id(number):
        found = work.session.scalar(select(col(Household.area)).where(col(Household.id) == row_id(number)))
        found = found if found and covers(work.areas(permission), found) else None
    else:
        found = area if area and covers(work.areas(permission), area) else None
    if found is None:
        raise NotFound(_("没有找到 {owner}，或不在你的辖区", owner=owner))
    return found


def _no_attachment() -> NotFound:
    return NotFound(_("没有找到这个附件，或不在你的辖区"))


def _fit_media_type(work: "UnitOfWork", wish: NewAttachment) -> str:
    limit = work.settings.files.attachment_limit
    if not wish.data:
        raise refuse(_("文件是空的"), field="file", code="E_FILE")
    if len(wish.data) > limit * _MEGABYTE:
        raise refuse(_("文件超过 {limit} MB，请压缩后再传", limit=limit), field="file", code="E_FILE_SIZE")
    media_type, head = _KINDS.get(Path(wish.file_name).suffix.lower(), ("", b""))
    if media_type not in work.policy("identity.attachment_media_types"):
        raise refuse(_("只收 PDF、图片、Word 和 Excel 文件"), field="file", code="E_FILE_TYPE")
    if not wish.data.startswith(head):
        raise refuse(_("文件内容与扩展名不符，请检查后重传"), field="file", code="E_FILE_TYPE")
    return media_type
