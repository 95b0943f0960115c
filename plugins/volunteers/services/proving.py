"""Scans and photographs kept with volunteers, teams, activities and records; who is seen on one agreed to it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.api import NewAttachment, NotFound, Objection, Refused, _, add_attachment, attachment_lines
from plugins.volunteers.queries import own_activity, own_org, own_record, own_volunteer
from plugins.volunteers.services.common import KEEP, PLAN, RECORD

if TYPE_CHECKING:
    from core.api import UnitOfWork
    from plugins.volunteers.wishes import KeepFile

OWNERS: Mapping[str, tuple[str, str, Any]] = {
    "people": ("volunteer", KEEP, own_volunteer),
    "teams": ("volunteers_org", KEEP, own_org),
    "activities": ("volunteers_activity", PLAN, own_activity),
    "hours": ("volunteers_record", RECORD, own_record),
}
"""What each kind of thing is called as the owner of a file, the right that adds one, how it is found."""


def keep_file(work: "UnitOfWork", room: str, text: str, wish: "KeepFile") -> dict[str, Any]:
    """Keep a file with a thing; a photograph is refused without consent, or with a minor's face (``E_VOL_PHOTO``)."""
    if room not in OWNERS:
        raise NotFound(_("这里不能上传材料"), hint=", ".join(OWNERS))
    word, right, own = OWNERS[room]
    one = own(work, text, right)
    _check_photo(room, one, wish)
    made = add_attachment(
        work,
        NewAttachment(
            owner=f"{word}:{one.id}",
            area=one.area,
            file_name=wish.file_name,
            data=wish.content,
            title=wish.title.strip(),
        ),
    )
    return {"id": one.id, "attachment": made.id}


def _check_photo(room: str, one: Any, wish: "KeepFile") -> None:
    if wish.kind != "photo":
        return
    found = []
    if not wish.agreed:
        words = _("照片要先征得照片中的人同意")
        found.append(Objection(reason=words, field="agreed", code="E_VOL_PHOTO"))
    field = one.field if room in ("activities", "hours") else ""
    if field == "child" and not wish.covered:
        words = _("照片中未成年人的面部要先遮挡")
        found.append(Objection(reason=words, field="covered", code="E_VOL_PHOTO"))
    if found:
        raise Refused(found)


def files_of(work: "UnitOfWork", room: str, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The files of a thing for who may see files."""
    if room not in OWNERS or not work.may("attachment.show", found["area"]):
        return []
    return attachment_lines(work, f"{OWNERS[room][0]}:{found['id']}")
